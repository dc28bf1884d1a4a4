package publish

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"zhendi/internal/output"
)

// numbered is a site that differs from number to number in one article and its style; no article comes or goes.
func numbered(n int) pages {
	p := first().with("b", fmt.Sprint("乙", n))
	p.style = fmt.Sprintf("body{color:#%06x}", n)
	return p
}

// back goes back and returns the plan.
func (p place) back(t testing.TB, to string, at int64) *Plan {
	t.Helper()
	r, _ := job{Place: p, Back: true, To: to, At: at, Force: true}.must(t)
	return &r.Plan
}

// siteIs fails the test if what is live is not a build, but for its manifest.
func siteIs(t testing.TB, p place, out, what string) {
	t.Helper()
	have := contents(t, p.open(t).Site)
	for path, body := range onDisk(t, out) {
		if path != output.ManifestPath && have[path] != body {
			t.Errorf("%s: %s is not as it was", what, path)
		}
	}
	verified(t, p, "")
}

func TestBackToEachSiteInTurn(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		var outs []string
		for n := range 4 {
			outs = append(outs, numbered(n).build(t, int64(10+n)))
			job{Place: p, Out: outs[n]}.must(t)
		}
		for _, n := range []int{2, 0, 3, 1, 1} {
			plan := p.back(t, fmt.Sprint(10+n), 0)
			if len(plan.Stays) > 0 {
				t.Errorf("to %d: %+v", n, plan.Stays)
			}
			siteIs(t, p, outs[n], fmt.Sprint("to ", n))
		}
		_, _, err := job{Place: p, Out: outs[3]}.run(context.Background())
		var re *RefusedError
		if !errors.As(err, &re) || re.Refusals[0].Word != AllowOlder {
			t.Errorf("a build from before the rollback: %v", err)
		}
		next := numbered(9).build(t, 100)
		job{Place: p, Out: next}.must(t)
		verified(t, p, next)
	})
}

// The one before what is live: a rollback counts as what it brought back, so that a second one goes further; one that was cut
// off is completed.
func TestTheOneBefore(t *testing.T) {
	p := bucket(t)
	var outs []string
	for n := range 4 {
		outs = append(outs, numbered(n).build(t, int64(10+n)))
		job{Place: p, Out: outs[n]}.must(t)
	}
	p.back(t, "", 0)
	siteIs(t, p, outs[2], "once")
	x, through := newProxy(t, p)
	reached := false
	x.reset(func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if reached { // the manifest is there, and then nothing goes any more
			answer(403, "ExpiredToken")(w, r, pass)
			return
		}
		reached = r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, output.ManifestPath)
		pass.ServeHTTP(w, r)
	})
	if _, _, err := (job{Place: through, Back: true}).run(context.Background()); err == nil {
		t.Fatal("the fault was not noticed")
	}
	if plan := p.back(t, "", 0); plan.Manifest || !plan.Resumes {
		t.Errorf("after one that was cut off: %+v", plan)
	}
	siteIs(t, p, outs[1], "twice")
	p.back(t, "", 0)
	siteIs(t, p, outs[0], "three times")
	var nb *NotBuiltError
	if _, _, err := (job{Place: p, Back: true}).run(context.Background()); !errors.As(err, &nb) {
		t.Errorf("there is nothing before the first: %v", err)
	}
}

func TestSerialOfARollback(t *testing.T) {
	for _, c := range []struct{ live, now, want int64 }{
		{41, 1_700_000_000, 42},                       // counted by a machine: its next build must not be refused
		{1_600_000_000, 1_700_000_000, 1_700_000_000}, // the time of a commit: builds of commits before now are refused
		{1_700_000_000, 1_600_000_000, 1_700_000_001},
	} {
		p := place{Dir: t.TempDir()}
		job{Place: p, Out: numbered(0).build(t, c.live-1), At: c.now}.must(t)
		job{Place: p, Out: numbered(1).build(t, c.live), At: c.now}.must(t)
		if plan := p.back(t, "", c.now); plan.Serial != c.want {
			t.Errorf("%+v: %d", c, plan.Serial)
		}
	}
}

func TestOneSerialPublishedTwice(t *testing.T) {
	p := place{Dir: t.TempDir()}
	outs := []string{numbered(0).build(t, 7), numbered(1).build(t, 7), numbered(2).build(t, 8)}
	for _, out := range outs {
		job{Place: p, Out: out}.must(t)
	}
	var nb *NotBuiltError
	_, _, err := job{Place: p, Back: true, To: "7"}.run(context.Background())
	if !errors.As(err, &nb) || strings.Count(nb.Text.ZH, " 7-") != 2 {
		t.Fatalf("%v", err)
	}
	names := strings.Fields(nb.Text.EN)
	p.back(t, names[len(names)-1], 0)
	siteIs(t, p, outs[0], "the first of the two")
}

// What is too old or too much is forgotten, copies and all; what is kept is whole.
func TestHistoryIsPruned(t *testing.T) {
	p := place{Dir: t.TempDir()}
	at := int64(1_700_000_000)
	var outs []string
	for n := range historyLength + 2 {
		at += 3600
		outs = append(outs, numbered(n).build(t, at))
		job{Place: p, Out: outs[n], At: at}.must(t)
	}
	names := func() (out []string) {
		opt, err := job{Place: p, At: at}.options()
		if err != nil {
			t.Fatal(err)
		}
		all, err := Pasts(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, past := range all {
			out = append(out, past.Name)
		}
		return out
	}
	count := func() (n int) {
		for key := range contents(t, p.open(t).Private) {
			if strings.HasPrefix(key, copiesDir) {
				n++
			}
		}
		return n
	}
	perSite := len(first().articles) + 1 + 1 + 1 // articles, style, list, home: all name the style
	if n := names(); len(n) != historyLength+1 || count() != historyLength*perSite {
		t.Errorf("%d sites, %d copies, want %d of each", len(n), count(), perSite)
	}
	all := names()
	p.back(t, all[len(all)-1], at)
	siteIs(t, p, outs[1], "the oldest")
	at += (historyDays + 1) * 24 * 3600
	job{Place: p, Out: numbered(100).build(t, at), At: at}.must(t)
	if n := names(); len(n) != 2 || count() != perSite {
		t.Errorf("after a month: %v, %d copies", n, count())
	}
	p.back(t, "", at)
	siteIs(t, p, outs[1], "after a month")
}

// A copy that is missing or altered is named, and nothing is changed.
func TestAlteredCopiesAreRefused(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2)}
		at := int64(1_700_000_000)
		job{Place: p, Out: outs[0], At: at}.must(t)
		m, err := output.Parse([]byte(onDisk(t, outs[0])[output.ManifestPath]))
		if err != nil {
			t.Fatal(err)
		}
		job{Place: p, Out: outs[1], At: at}.must(t)
		at += 8 * 24 * 3600 // the old style goes from the site
		job{Place: p, Out: outs[1], At: at}.must(t)
		tg := p.open(t)
		for _, path := range []string{"yw/2026/b.html", numbered(0).render()[0].Path} { // a text, and what is only sent
			e, _ := m.Find(path)
			if e.Path == "" {
				t.Fatal(path)
			}
			was := contents(t, tg.Private)[copyKey(e.Sum)]
			if was == "" {
				t.Fatalf("%s has no copy", path)
			}
			for _, evil := range []string{"", "篡改" + was} {
				if evil == "" {
					err = tg.Private.Delete(context.Background(), copyKey(e.Sum))
				} else {
					_, err = tg.Private.Put(context.Background(), small(copyKey(e.Sum), []byte(evil), "text/html"), Cond{})
				}
				if err != nil {
					t.Fatal(err)
				}
				before := contents(t, tg.Site)
				_, _, err := job{Place: p, Back: true, At: at}.run(context.Background())
				var re *RefusedError
				if !errors.As(err, &re) || !slices.Equal(re.Refusals[0].Paths, []string{path}) || !maps.Equal(before, contents(t, tg.Site)) {
					t.Errorf("%s: %v", path, err)
				}
			}
			if _, err := tg.Private.Put(context.Background(), small(copyKey(e.Sum), []byte(was), "text/html"), Cond{}); err != nil {
				t.Fatal(err)
			}
		}
		p.back(t, "", at)
		siteIs(t, p, outs[0], "mended")
	})
}

// deaf is a store that cannot copy.
type deaf struct{ Store }

func (d deaf) Copy(context.Context, string, string, Store, string) error {
	return &StoreError{Op: "copying", Err: errUnsupported}
}

func TestStoresThatCannotCopy(t *testing.T) {
	p := place{Dir: t.TempDir()}
	outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2)}
	for _, out := range outs {
		opt, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Target.Site = deaf{opt.Target.Site}
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Do(context.Background()); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	p.back(t, "", 0)
	siteIs(t, p, outs[0], "from copies that were read and written")
}

func TestRollbackOfASignedSite(t *testing.T) {
	p := place{Dir: t.TempDir()}
	private, public, _, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2), numbered(2).build(t, 3)}
	run := func(j job, signed bool) error {
		opt, err := j.options()
		if err != nil {
			t.Fatal(err)
		}
		if signed {
			opt.Key = key
		}
		open := func() (*Run, error) { return Open(context.Background(), opt) }
		if j.Back {
			open = func() (*Run, error) { return OpenRollback(context.Background(), opt, j.To) }
		}
		r, err := open()
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = r.Do(context.Background())
		return err
	}
	if err := errors.Join(run(job{Place: p, Out: outs[0]}, false), run(job{Place: p, Out: outs[1]}, true), run(job{Place: p, Out: outs[2]}, true)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, p.open(t).Site)
	for what, err := range map[string]error{
		"without the key":        run(job{Place: p, Back: true}, false),
		"to one without signing": run(job{Place: p, Back: true, To: "1"}, true),
	} {
		var nb *NotBuiltError
		if !errors.As(err, &nb) || !maps.Equal(before, contents(t, p.open(t).Site)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := run(job{Place: p, Back: true}, true); err != nil {
		t.Fatal(err)
	}
	siteIs(t, p, outs[1], "signed")
	tg := p.open(t)
	if tg.Public, err = ParsePublic(public); err != nil {
		t.Fatal(err)
	}
	rep, err := Verify(context.Background(), Verification{Target: &tg, Public: tg.Public, Patience: quick})
	if err != nil || !rep.Signed || len(rep.Findings) > 0 {
		t.Errorf("%+v %v", rep, err)
	}
	// who can write to the store, but has not the key, makes up a past
	h, err := readHistory(context.Background(), patient{Store: tg.Private, p: quick})
	if err != nil {
		t.Fatal(err)
	}
	h.changes[0].sig = h.changes[1].sig
	packed, err := h.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tg.Private.Put(context.Background(), small(historyKey, packed, "application/gzip"), Cond{}); err != nil {
		t.Fatal(err)
	}
	if err := run(job{Place: p, Back: true, To: "3"}, true); err == nil || !strings.Contains(err.Error(), "not signed with this key") {
		t.Errorf("a made-up past: %v", err)
	}
}

// TestReaderDuringRollbacks reads the site without a pause while it goes forth and back.
func TestReaderDuringRollbacks(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		times := 6
		if _, long := torture(); long {
			times = 60
		} else if testing.Short() {
			times = 3
		}
		for n := range 4 {
			job{Place: p, Out: version(n).build(t, int64(10+n)), Allow: []string{AllowGone}}.must(t)
		}
		for n := range 4 {
			job{Place: p, Out: numbered(n).build(t, int64(20+n)), Allow: []string{AllowGone}}.must(t)
		}
		site := patient{Store: p.open(t).Site, p: quick}
		var reads atomic.Int64
		var wg sync.WaitGroup
		ctx, stop := context.WithCancel(context.Background())
		wg.Go(func() {
			for ctx.Err() == nil {
				wrong := browse(func(path string) (string, bool) {
					b, _, err := site.read(context.Background(), path)
					reads.Add(1)
					if err != nil && !errors.Is(err, errNotFound) {
						t.Error(err)
					}
					return string(b), err == nil
				})
				if wrong != "" {
					t.Error(wrong)
				}
			}
		})
		restored := 0
		for i := range times {
			to := []string{"22", "12", "23", "20", "11", "21"}[i%6]
			opt, err := job{Place: p, Back: true, To: to}.options()
			if err != nil {
				t.Fatal(err)
			}
			r, err := OpenRollback(context.Background(), opt, to)
			var nb *NotBuiltError
			if errors.As(err, &nb) { // forgotten by now
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Do(context.Background()); err != nil {
				t.Fatal(err)
			}
			n, _ := r.Plan.Count(Upload)
			restored += n
			r.Close()
		}
		stop()
		wg.Wait()
		if restored == 0 {
			t.Error("nothing was brought back: the test looks at nothing")
		}
		t.Logf("%d rollbacks, %d files sent, %d reads", times, restored, reads.Load())
		verified(t, p, "")
	})
}

// TestRollbackAmongPublishers lets several processes publish and go back at once. Whoever is last, what is live is whole, and a rollback that was
// planned for another site than the one it finds does nothing.
func TestRollbackAmongPublishers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	places(t, func(t *testing.T, p place) {
		for n := range 3 {
			job{Place: p, Out: numbered(n).build(t, int64(n+1))}.must(t)
		}
		var cmds []*exec.Cmd
		var says []*strings.Builder
		for i := range 8 {
			j := job{Place: p, Back: true}
			if i%2 == 0 {
				j = job{Place: p, Out: version(i).build(t, int64(10+i)), Allow: []string{AllowGone}}
			}
			cmd, s := j.start(t)
			cmds, says = append(cmds, cmd), append(says, s)
		}
		ends := map[int]int{}
		for i, cmd := range cmds {
			cmd.Wait()
			code := cmd.ProcessState.ExitCode()
			ends[code]++
			if code != childDone && code != childRefused && code != childMoved {
				t.Errorf("process %d: status %d: %s", i, code, says[i])
			}
		}
		t.Logf("by exit status: %v", ends)
		verified(t, p, "")
		have := contents(t, p.open(t).Site)
		if wrong := whole(have, have, have); len(wrong) > 0 {
			t.Error(wrong)
		}
		opt, err := job{Place: p}.options()
		if err != nil {
			t.Fatal(err)
		}
		all, err := Pasts(context.Background(), opt)
		if err != nil || len(all) < 4 {
			t.Errorf("%d sites are known: %v", len(all), err)
		}
		r, err := OpenRollback(context.Background(), opt, all[len(all)-1].Name)
		if err != nil || len(r.Plan.Refusals) > 0 {
			t.Fatal(err, r)
		}
		r.Close()
	})
}

// A store that a reader can look into is found out: at its own address and at the portal's.
func TestDoctorFindsPublicCopies(t *testing.T) {
	bad := func(tg Target, base string) (out []string) {
		for _, x := range Doctor(context.Background(), tg, base, quick) {
			if !x.OK {
				out = append(out, fmt.Sprint(x.Name, " ", x.Needed))
			}
		}
		return out
	}
	p := bucket(t)
	tg := p.open(t)
	whole, err := S3(Bucket{Endpoint: p.Endpoint, Name: p.Bucket}, p.Prefix, "")
	if err != nil {
		t.Fatal(err)
	}
	open := true
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a CDN that may read everything
		body, _, err := patient{Store: whole, p: quick}.read(r.Context(), strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || !open {
			http.NotFound(w, r)
			return
		}
		w.Write(body)
	}))
	if got := bad(tg, portal.URL+"/"); !slices.Equal(got, []string{"anonymous-site true"}) {
		t.Errorf("a portal that shows all: %v", got)
	}
	open = false
	if got := bad(tg, portal.URL+"/"); len(got) > 0 {
		t.Errorf("a portal that does not: %v", got)
	}
	portal.Close()
	if got := bad(tg, portal.URL+"/"); !slices.Equal(got, []string{"anonymous-site false"}) {
		t.Errorf("a portal that does not answer: %v", got)
	}
	dir := t.TempDir()
	files := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer files.Close()
	inside := Target{Name: "test", Site: Dir(dir), Private: Dir(filepath.Join(dir, "private"))}
	if got := bad(inside, files.URL); !slices.Equal(got, []string{"anonymous-site true"}) {
		t.Errorf("a private folder inside the site: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(dir, "private")); err != nil {
		t.Fatal(err)
	}
	x, through := newProxy(t, p)
	x.reset(func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) { // a bucket that everybody may read
		if r.Method == http.MethodGet && r.Header.Get("Authorization") == "" {
			body, _, err := patient{Store: whole, p: quick}.read(r.Context(), strings.TrimPrefix(r.URL.Path, "/"+p.Bucket+"/"+p.Prefix+"/"))
			if err == nil {
				w.Write(body)
				return
			}
		}
		pass.ServeHTTP(w, r)
	})
	if got := bad(through.open(t), ""); !slices.Equal(got, []string{"anonymous true"}) {
		t.Errorf("a public bucket: %v", got)
	}
}
