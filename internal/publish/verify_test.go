package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhendi/internal/output"
)

func findings(rep *Report) string {
	var out []string
	for _, f := range rep.Findings {
		out = append(out, string(f.Fault)+" "+f.Path)
	}
	return strings.Join(out, "; ")
}

// TestTamperingIsFoundAndRepaired changes what is live through the API, which the listing shows, and on the server's disk with size and
// ETag kept, which only reading shows.
func TestTamperingIsFoundAndRepaired(t *testing.T) {
	p := bucket(t)
	out := first().build(t, 7)
	job{Place: p, Out: out}.must(t)
	tg := p.open(t)
	verify := func(full bool) *Report {
		t.Helper()
		rep, err := Verify(context.Background(), Verification{Target: &tg, Out: out, Full: full, Patience: quick})
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	repair := func(rep *Report) {
		t.Helper()
		if err := Repair(context.Background(), Options{Out: out, Target: tg, Patience: quick}, rep); err != nil {
			t.Fatal(err)
		}
		verified(t, p, out)
	}
	evil := small("yw/2026/a.html", []byte(strings.Repeat("x", len(onDisk(t, out)["yw/2026/a.html"]))), "text/html")
	if _, err := tg.Site.Put(context.Background(), evil, Cond{}); err != nil {
		t.Fatal(err)
	}
	if err := tg.Site.Delete(context.Background(), "feed.xml"); err != nil {
		t.Fatal(err)
	}
	rep := verify(false)
	if got := findings(rep); got != "missing feed.xml; changed yw/2026/a.html" || rep.Against != "build" {
		t.Fatalf("by listing: %s, against %s", got, rep.Against)
	}
	repair(rep)
	s := tg.Site.(*s3)
	name := filepath.Join(gw.root, p.Bucket, filepath.FromSlash(s.prefix+"yw/2026/b.html"))
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("evil"), 100); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if got := findings(verify(false)); got != "" {
		t.Errorf("by listing, which cannot see it: %s", got)
	}
	rep = verify(true)
	if got := findings(rep); got != "changed yw/2026/b.html" {
		t.Errorf("in full: %s", got)
	}
	repair(rep)
	name += ".gz" // what a server with gzip_static sends in its place
	if f, err = os.OpenFile(name, os.O_RDWR, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("evil"), 60); err != nil {
		t.Fatal(err)
	}
	f.Close()
	rep = verify(true)
	if got := findings(rep); got != "changed yw/2026/b.html.gz" {
		t.Errorf("in full: %s", got)
	}
	repair(rep)
	h := small("yw/2026/b.html", []byte(onDisk(t, out)["yw/2026/b.html"]), "application/octet-stream") // downloads instead of showing
	if _, err := tg.Site.Put(context.Background(), h, Cond{}); err != nil {
		t.Fatal(err)
	}
	rep = verify(true)
	if got := findings(rep); got != "header yw/2026/b.html" {
		t.Errorf("wrong headers: %s", got)
	}
	repair(rep)
}

func TestRepairWantsTheBuildThatIsLive(t *testing.T) {
	p := place{Dir: t.TempDir()}
	out := first().build(t, 7)
	job{Place: p, Out: out}.must(t)
	tg := p.open(t)
	if err := tg.Site.Delete(context.Background(), "feed.xml"); err != nil {
		t.Fatal(err)
	}
	rep, err := Verify(context.Background(), Verification{Target: &tg, Patience: quick})
	if err != nil || findings(rep) != "missing feed.xml" {
		t.Fatal(findings(rep), err)
	}
	other := first().with("a", "别的").build(t, 7)
	if err := Repair(context.Background(), Options{Out: other, Target: tg, Patience: quick}, rep); err == nil || !strings.Contains(err.Error(), "is not the one that is live") {
		t.Errorf("%v", err)
	}
	if err := Repair(context.Background(), Options{Out: out, Target: tg, Patience: quick}, rep); err != nil {
		t.Error(err)
	}
	verified(t, p, out)
}

// Web servers give the page for what is not found the status 404 at its own address, too.
func TestPageForWhatIsNotFound(t *testing.T) {
	p := first()
	p.files["404.html"] = "<p>没有这一页"
	out := p.build(t, 7)
	for status, want := range map[int]string{200: "", 404: "", 403: "missing 404.html"} {
		files := http.FileServer(http.Dir(out))
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/404.html" {
				files.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			io.WriteString(w, p.files["404.html"])
		}))
		rep, err := Verify(context.Background(), Verification{URL: srv.URL + "/", Out: out, Full: true, Patience: quick})
		srv.Close()
		if err != nil || findings(rep) != want {
			t.Errorf("%d: %s, want %s: %v", status, findings(rep), want, err)
		}
	}
}

// A sample is read besides what the listing says is not as it was sent, not in its place.
func TestSampleDoesNotHideWhatIsListed(t *testing.T) {
	p := bucket(t)
	out := first().build(t, 7)
	job{Place: p, Out: out}.must(t)
	tg := p.open(t)
	evil := small("yw/2026/a.html", []byte(strings.Repeat("x", len(onDisk(t, out)["yw/2026/a.html"]))), "text/html")
	if _, err := tg.Site.Put(context.Background(), evil, Cond{}); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(8) {
		rep, err := Verify(context.Background(), Verification{Target: &tg, Out: out, Sample: 1, Seed: seed, Patience: quick})
		if err != nil || findings(rep) != "changed yw/2026/a.html" || rep.Read != 2 {
			t.Errorf("seed %d: %s, %d read: %v", seed, findings(rep), rep.Read, err)
		}
	}
}

// While a report is read, or a repair waits for the lock, somebody publishes: what is live then is not what was
// verified, and the files of before must not be sent over it.
func TestRepairAfterAnotherPublication(t *testing.T) {
	p := place{Dir: t.TempDir()}
	out := first().build(t, 7)
	job{Place: p, Out: out}.must(t)
	tg := p.open(t)
	if err := tg.Site.Delete(context.Background(), "yw/2026/a.html"); err != nil {
		t.Fatal(err)
	}
	rep, err := Verify(context.Background(), Verification{Target: &tg, Out: out, Patience: quick})
	if err != nil || findings(rep) != "missing yw/2026/a.html" {
		t.Fatal(findings(rep), err)
	}
	next := first().with("a", "别的").build(t, 8)
	job{Place: p, Out: next}.must(t)
	if err := Repair(context.Background(), Options{Out: out, Target: tg, Patience: quick}, rep); err == nil || !strings.Contains(err.Error(), "verify again") {
		t.Errorf("%v", err)
	}
	verified(t, p, next)
}

func TestSignedManifest(t *testing.T) {
	p := place{Dir: t.TempDir()}
	private, public, _, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ParsePublic(public)
	if err != nil {
		t.Fatal(err)
	}
	run := func(out string) *Run {
		t.Helper()
		opt, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Key = key
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Do(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		return r
	}
	out := first().build(t, 1)
	job{Place: p, Out: out}.must(t)
	if r := run(out); !r.Plan.Manifest || len(r.Plan.Steps) > 0 {
		t.Errorf("a key: %+v", r.Plan)
	}
	if r := run(out); !r.Plan.Empty() {
		t.Errorf("signed already: %+v", r.Plan)
	}
	tg := p.open(t)
	tg.Public = pub
	verify := func() (string, bool) {
		t.Helper()
		rep, err := Verify(context.Background(), Verification{Target: &tg, Public: pub, Patience: quick})
		if err != nil {
			t.Fatal(err)
		}
		return findings(rep), rep.Signed
	}
	if f, signed := verify(); f != "" || !signed {
		t.Errorf("%s, signed %v", f, signed)
	}
	// somebody changes a page and the manifest to match
	evil := first().with("a", "篡改")
	dir := filepath.Join(p.Dir, "www")
	bad := onDisk(t, evil.build(t, 1))
	for _, path := range []string{"yw/2026/a.html", output.ManifestPath} {
		text := []byte(bad[path])
		if path == output.ManifestPath {
			old, err := os.ReadFile(filepath.Join(dir, path))
			if err != nil {
				t.Fatal(err)
			}
			cut, _ := cutSignature(old)
			text = append(text, old[len(cut):]...)
		}
		if err := os.WriteFile(filepath.Join(dir, path), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if f, signed := verify(); !strings.Contains(f, "manifest "+output.ManifestPath) || signed {
		t.Errorf("a forged manifest: %s, signed %v", f, signed)
	}
}

func TestVerifyAFolderAndAnAddress(t *testing.T) {
	out := second().build(t, 3)
	srv := httptest.NewServer(http.FileServer(http.Dir(out)))
	defer srv.Close()
	dir := func() string {
		rep, err := Verify(context.Background(), Verification{Dir: out, Patience: quick})
		if err != nil {
			t.Fatal(err)
		}
		return findings(rep)
	}
	url := func(v Verification) (string, *Report) {
		v.URL, v.Patience = srv.URL, quick
		rep, err := Verify(context.Background(), v)
		if err != nil {
			t.Fatal(err)
		}
		return findings(rep), rep
	}
	if d := dir(); d != "" {
		t.Error(d)
	}
	if f, rep := url(Verification{Full: true}); f != "" || rep.Read != rep.Files {
		t.Errorf("%s, %d read", f, rep.Read)
	}
	if f, rep := url(Verification{Sample: 3, Seed: 5}); f != "" || rep.Read != 3 {
		t.Errorf("%s, %d read", f, rep.Read)
	}
	for path, body := range map[string]string{"yw/2026/b.html": "evil", "more.html": "evil"} {
		if err := os.WriteFile(filepath.Join(out, path), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(out, "robots.txt")); err != nil {
		t.Fatal(err)
	}
	if d := dir(); d != "added more.html; missing robots.txt; changed yw/2026/b.html" {
		t.Error(d)
	}
	if f, _ := url(Verification{Full: true}); f != "missing robots.txt; changed yw/2026/b.html" {
		t.Error(f)
	}
}

func TestDoctor(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		tg := p.open(t)
		for _, x := range Doctor(context.Background(), tg, "", quick) {
			if !x.OK {
				t.Errorf("%s: %s", x.Name, x.Detail)
			}
		}
		if left := len(contents(t, tg.Site)) + len(contents(t, tg.Private)); left > 0 {
			t.Errorf("%d objects are left", left)
		}
	})
	tg := place{Dir: t.TempDir()}.open(t)
	tg.Private = heedless{tg.Private}
	for _, x := range Doctor(context.Background(), tg, "", quick) {
		if x.OK == (x.Name == "create-only" || x.Name == "copy") { // a store of another kind cannot be copied to
			t.Errorf("without conditions: %s %v", x.Name, x.OK)
		}
	}
	p := bucket(t)
	x, through := newProxy(t, p)
	x.reset(func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodDelete {
			answer(403, "AccessDenied")(w, r, pass)
			return
		}
		pass.ServeHTTP(w, r)
	})
	for _, x := range Doctor(context.Background(), through.open(t), "", quick) {
		if x.OK == (x.Name == "delete") || x.Name == "delete" && !strings.Contains(x.Advice.ZH, "s3:DeleteObject") {
			t.Errorf("without the right to delete: %s %v %s", x.Name, x.OK, x.Advice.ZH)
		}
	}
}

// blunt is a store that refuses If-Match, as OSS does.
type blunt struct{ Store }

func (b blunt) Put(ctx context.Context, o Object, c Cond) (Info, error) {
	if c.Match != "" {
		return Info{}, &StoreError{Op: "writing", Key: o.Key, Err: errUnsupported}
	}
	return b.Store.Put(ctx, o, c)
}

func TestStoresWithoutIfMatch(t *testing.T) {
	p := place{Dir: t.TempDir()}
	publish := func(out string) error {
		opt, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Target.Site = blunt{opt.Target.Site}
		opt.Allow = []string{AllowGone}
		r, err := Open(context.Background(), opt)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = r.Do(context.Background())
		return err
	}
	out := second().build(t, 2)
	if err := errors.Join(publish(first().build(t, 1)), publish(out)); err != nil {
		t.Fatal(err)
	}
	verified(t, p, out)
}

func TestManifestThatChangedMeanwhile(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		job{Place: p, Out: first().build(t, 1)}.must(t)
		opt, err := job{Place: p, Out: second().build(t, 2), Allow: []string{AllowGone}}.options()
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		c, err := take(context.Background(), r.private, &r.opt, 2)
		if err != nil {
			t.Fatal(err)
		}
		w := newWork(r, c)
		other := first().with("other", "别").build(t, 1)
		text := onDisk(t, other)[output.ManifestPath]
		if _, err := opt.Target.Site.Put(context.Background(), small(output.ManifestPath, []byte(text), "text/plain"), Cond{}); err != nil {
			t.Fatal(err)
		}
		if err := w.replaceManifest(context.Background()); !errors.Is(err, ErrLost) {
			t.Errorf("%v", err)
		}
		if contents(t, opt.Target.Site)[output.ManifestPath] != text {
			t.Error("replaced all the same")
		}
		if err := w.claim.release(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestRedirectsAreMetadataToo(t *testing.T) {
	p := bucket(t)
	x, through := newProxy(t, p)
	var to string
	x.reset(func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/a.html") {
			to = r.Header.Get("X-Amz-Website-Redirect-Location")
		}
		pass.ServeHTTP(w, r)
	})
	job{Place: through, Out: second().build(t, 1)}.must(t)
	if to != "/yw/2026/z.html" {
		t.Errorf("%q", to)
	}
}

func TestHeaders(t *testing.T) {
	p := bucket(t)
	job{Place: p, Out: first().build(t, 1)}.must(t)
	tg := p.open(t)
	for key, want := range map[string]Headers{
		"index.html":             {Type: "text/html; charset=utf-8", Cache: "public, max-age=60"},
		"yw/2026/a.html":         {Type: "text/html; charset=utf-8", Cache: "public, max-age=300"},
		"yw/2026/a.html.gz":      {Type: "text/html; charset=utf-8", Cache: "public, max-age=300", Encoding: "gzip"},
		"yw/2026/a.html.br":      {Type: "text/html; charset=utf-8", Cache: "public, max-age=300", Encoding: "br"},
		first().render()[0].Path: {Type: "text/css; charset=utf-8", Cache: "public, max-age=31536000, immutable"},
		output.ManifestPath:      {Type: "text/plain; charset=utf-8", Cache: "no-cache"},
	} {
		info, err := tg.Site.Head(context.Background(), key)
		if err != nil || info.Headers != want {
			t.Errorf("%s: %+v %v", key, info.Headers, err)
		}
	}
	have := contents(t, tg.Site)
	for _, c := range encodings {
		plain, err := decompress([]byte(have["yw/2026/a.html"+c.ending]), c.name)
		if err != nil || string(plain) != have["yw/2026/a.html"] {
			t.Errorf("%s: %v", c.name, err)
		}
		a, _ := compress([]byte(have["yw/2026/a.html"]), c.name)
		if string(a) != have["yw/2026/a.html"+c.ending] {
			t.Errorf("%s: other bytes the second time", c.name)
		}
	}
	// a change of headers alone is sent, once
	tg2 := p.open(t)
	packed, _, err := patient{Store: tg2.Private, p: quick}.read(context.Background(), inventoryKey)
	if err != nil {
		t.Fatal(err)
	}
	l, err := decodeInventory(packed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.records {
		if l.records[i].key == "robots.txt" {
			l.records[i].headers = "00000000"
		}
	}
	if packed, err = l.encode(); err != nil {
		t.Fatal(err)
	}
	if _, err := tg2.Private.Put(context.Background(), small(inventoryKey, packed, "application/gzip"), Cond{}); err != nil {
		t.Fatal(err)
	}
	r, _ := job{Place: p, Out: first().build(t, 1)}.must(t)
	if len(r.Plan.Steps) != 1 || r.Plan.Steps[0].Path != "robots.txt" || r.Plan.Steps[0].Why != Header {
		t.Errorf("%+v", r.Plan.Steps)
	}
	if r, _ := (job{Place: p, Out: first().build(t, 1)}).must(t); !r.Plan.Empty() {
		t.Error(fmt.Sprint("again: ", r.Plan.Steps))
	}
}
