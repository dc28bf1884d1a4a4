package publish

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/output"
)

// verified fails the test if a full verification finds anything.
func verified(t testing.TB, p place, out string) {
	t.Helper()
	tg := p.open(t)
	rep, err := Verify(context.Background(), Verification{Target: &tg, Out: out, Full: true, Patience: quick})
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Findings) > 0 {
		t.Errorf("verify: %+v", rep.Findings)
	}
	rep, err = Verify(context.Background(), Verification{Target: &tg, Out: out, Patience: quick})
	if err != nil || len(rep.Findings) > 0 {
		t.Errorf("verify by listing: %+v %v", rep.Findings, err)
	}
}

func TestFirstPublicationAndNothingToDo(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		out := first().build(t, 100)
		r, rc := job{Place: p, Out: out}.must(t)
		have := contents(t, p.open(t).Site)
		for path, body := range onDisk(t, out) {
			if have[path] != body {
				t.Errorf("%s is not there as built", path)
			}
		}
		if n, _ := r.Plan.Count(Upload); n != len(rc.Sent) || len(rc.Purge) != 0 || have["yw/2026/a.html.gz"] == "" || have["yw/2026/a.html.br"] == "" {
			t.Errorf("sent %d of %d, purge %v", len(rc.Sent), n, rc.Purge)
		}
		verified(t, p, out)
		r, rc = job{Place: p, Out: out}.must(t)
		if !r.Plan.Empty() || len(rc.Sent) > 0 {
			t.Errorf("a second time: %+v", r.Plan)
		}
		other := first().build(t, 100) // a fresh checkout elsewhere
		old := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
		for path := range onDisk(t, other) {
			if err := os.Chtimes(filepath.Join(other, path), old, old); err != nil {
				t.Fatal(err)
			}
		}
		if r, _ := (job{Place: p, Out: other}).must(t); !r.Plan.Empty() {
			t.Errorf("from a fresh checkout: %+v", r.Plan.Steps)
		}
	})
}

func TestChangesAreSentAndNothingElse(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		site := first()
		job{Place: p, Out: site.build(t, 1)}.must(t)
		steps := func(r *Run, do Action) (out []string) {
			for _, s := range r.Plan.Steps {
				if s.Do == do && !strings.HasSuffix(s.Path, ".gz") && !strings.HasSuffix(s.Path, ".br") {
					out = append(out, string(s.Why)+" "+s.Path)
				}
			}
			return out
		}
		check := func(what string, next pages, serial int64, allow []string, upload, remove, retire string) *Receipt {
			t.Helper()
			out := next.build(t, serial)
			r, rc := job{Place: p, Out: out, Allow: allow}.must(t)
			for do, want := range map[Action]string{Upload: upload, Delete: remove, Retire: retire} {
				if got := strings.Join(steps(r, do), "; "); got != want {
					t.Errorf("%s: %s %s, want %s", what, do, got, want)
				}
			}
			verified(t, p, out)
			site = next
			return rc
		}
		rc := check("one article", site.with("d", "新"), 2, nil,
			"new yw/2026/d.html; changed yw/2026/c.html; changed yw/index.html; changed index.html", "", "")
		if got := strings.Join(slices.Concat(rc.Purge...), " "); strings.ReplaceAll(got, "https://www.example.gov.cn", "") != "/ /yw/2026/c.html /yw/ /_site/manifest.txt" {
			t.Errorf("purge %s", got)
		}
		check("one taken back", site.with("d", ""), 3, []string{AllowGone}, "changed yw/2026/c.html; changed yw/index.html; changed index.html", "gone yw/2026/d.html", "")
		moved := site.with("a", "").with("z", "甲")
		moved.moved = map[string]string{"a": "z"}
		check("one renamed", moved, 4, nil, "new yw/2026/z.html; changed yw/2026/e f+g%20.html; changed yw/index.html; changed index.html; changed yw/2026/a.html", "", "")
		restyled := site
		restyled.style = "body{color:#000}"
		rc = check("a style", restyled, 5, nil, strings.Join([]string{"new " + restyled.render()[0].Path, "changed yw/2026/b.html", "changed yw/2026/c.html", "changed yw/2026/e f+g%20.html",
			"changed yw/2026/z.html", "changed yw/2026/党建.html", "changed yw/index.html", "changed index.html"}, "; "), "", "gone "+site.render()[0].Path)
		if len(rc.Retired) != 1 || contents(t, p.open(t).Site)[rc.Retired[0]] == "" {
			t.Error("the old style did not stay for the period of grace")
		}
	})
}

func TestOldAssetsGoAfterTheirGrace(t *testing.T) {
	p := place{Dir: t.TempDir()}
	site := first()
	old := site.render()[0].Path
	job{Place: p, Out: site.build(t, 1)}.must(t)
	site.style = "b{}"
	out := site.build(t, 2)
	publishAt := func(now time.Time) {
		t.Helper()
		opt, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Now = func() time.Time { return now }
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := r.Do(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for _, c := range []struct {
		after time.Duration
		there bool
	}{{0, true}, {6 * 24 * time.Hour, true}, {8 * 24 * time.Hour, false}} {
		publishAt(now.Add(c.after))
		if _, ok := contents(t, p.open(t).Site)[old]; ok != c.there {
			t.Errorf("after %s: there %v", c.after, ok)
		}
		verified(t, p, out)
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		tg := p.open(t)
		put := func(key, body string) {
			o := small(key, []byte(body), "text/plain")
			if s, ok := tg.Site.(*s3); ok { // as another program does: without our mark
				if _, err := s.core.Client.PutObject(context.Background(), s.bucket, s.prefix+key, strings.NewReader(body), int64(len(body)), minioPlain); err != nil {
					t.Fatal(err)
				}
				return
			}
			if _, err := tg.Site.Put(context.Background(), o, Cond{}); err != nil {
				t.Fatal(err)
			}
		}
		put("uploads/表.docx", "theirs")
		put("CNAME", "theirs")
		put("_views/0.json", "{}")
		put("index.html", "theirs")
		out := first().build(t, 1)
		_, _, err := job{Place: p, Out: out}.run(context.Background())
		var re *RefusedError
		if !errors.As(err, &re) || re.Refusals[0].Word != AllowOverwrite || strings.Join(re.Refusals[0].Paths, " ") != "index.html" {
			t.Fatalf("%v", err)
		}
		if contents(t, tg.Site)["index.html"] != "theirs" {
			t.Error("written over")
		}
		job{Place: p, Out: out, Allow: []string{AllowOverwrite}}.must(t)
		job{Place: p, Out: first().with("a", "").build(t, 2), Allow: []string{AllowGone}}.must(t)
		have := contents(t, tg.Site)
		for _, k := range []string{"uploads/表.docx", "CNAME"} {
			if have[k] != "theirs" {
				t.Errorf("%s is gone", k)
			}
		}
		rep, err := Verify(context.Background(), Verification{Target: &tg, Patience: quick})
		if err != nil || len(rep.Findings) != 1 || rep.Findings[0].Path != "CNAME" || rep.Findings[0].Fault != IsAdded {
			t.Errorf("%+v %v", rep, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	p := place{Dir: t.TempDir()}
	many := first()
	for _, n := range strings.Fields("h i j k l m n o p q r s t u v w") {
		many = many.with(n, n)
	}
	job{Place: p, Out: many.build(t, 50)}.must(t)
	before := contents(t, p.open(t).Site)
	refused := func(name string, out string, opt Options, word, says string) {
		t.Helper()
		o, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Out, opt.Target, opt.Patience = out, o.Target, quick
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		i := slices.IndexFunc(r.Plan.Refusals, func(x Refusal) bool { return x.Word == word && strings.Contains(x.Says, says) })
		if i < 0 {
			t.Fatalf("%s: %+v", name, r.Plan.Refusals)
		}
		if x := r.Plan.Refusals[i]; word != "" && !strings.Contains(x.Fix.ZH, "--allow "+word) || word == "" && !strings.Contains(x.Fix.ZH, "--max-delete") {
			t.Errorf("%s: no override named: %s", name, x.Fix.ZH)
		}
		if _, err := r.Do(context.Background()); err == nil {
			t.Errorf("%s: published", name)
		}
		opt.Allow = append(slices.Clone(Words), opt.Allow...)
		opt.MaxDelete = 10000
		r.Close()
		if r, err = Open(context.Background(), opt); err != nil || len(r.Plan.Refusals) > 0 {
			t.Errorf("%s, allowed: %v %+v", name, err, r.Plan.Refusals)
		}
		r.Close()
	}
	special := func(b output.Build) string {
		dir := filepath.Join(t.TempDir(), "public")
		b.BaseURL, b.Serial = "https://www.example.gov.cn/", 60
		many.buildAt(t, dir, b)
		return dir
	}
	refused("drafts", special(output.Build{Drafts: true}), Options{}, AllowPreview, "drafts")
	refused("future", special(output.Build{Future: true}), Options{}, AllowPreview, "later date")
	refused("internal", special(output.Build{Audience: "internal"}), Options{}, AllowPreview, "internal articles")
	refused("lan", special(output.Build{LAN: true}), Options{}, AllowPreview, "internal network")
	refused("base URL", special(output.Build{}), Options{BaseURL: "https://other.example/"}, AllowBaseURL, "built for")
	refused("older", many.build(t, 49), Options{}, AllowOlder, "newer")
	nothing := filepath.Join(t.TempDir(), "public")
	tx, err := output.Open(context.Background(), nothing, output.Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Commit(output.Build{BaseURL: "https://www.example.gov.cn/", Serial: 60}); err != nil {
		t.Fatal(err)
	}
	refused("empty", nothing, Options{}, AllowShrink, "empty")
	refused("smaller", first().build(t, 60), Options{}, AllowShrink, "22 pages are live, 6")
	refused("vanished", many.with("h", "").build(t, 60), Options{}, AllowGone, "1 live pages")
	refused("deletions", first().build(t, 60), Options{MaxDelete: 3}, "", "16 files")
	if got := contents(t, p.open(t).Site); len(got) != len(before) {
		t.Error("a refusal changed the site")
	}
}

func TestVanishedPagesAreNamedWithTheirAlias(t *testing.T) {
	p := place{Dir: t.TempDir()}
	job{Place: p, Out: first().with("0-hant", "甲").build(t, 1)}.must(t) // sorts before a, as the pages of a second edition may
	opt, err := job{Place: p, Out: first().with("a", "").build(t, 2)}.options()
	if err != nil {
		t.Fatal(err)
	}
	open := func() *Run {
		t.Helper()
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		return r
	}
	r := open()
	if len(r.Plan.Refusals) != 1 || !strings.Contains(r.Plan.Refusals[0].Todo, "aliases: [/yw/2026/a.html]") || !strings.Contains(r.Plan.Refusals[0].Todo, "content/_data/redirects.yaml") {
		t.Fatalf("%+v", r.Plan.Refusals)
	}
	r.Close()
	opt.Withdrawn = func() func(string) bool {
		return func(file string) bool { return file == "yw/2026/a.html" || file == "yw/2026/0-hant.html" }
	}
	if r = open(); len(r.Plan.Refusals) != 0 {
		t.Errorf("taken back on purpose: %+v", r.Plan.Refusals)
	}
}

func TestHotListsLoseWhatIsGone(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		job{Place: p, Out: first().build(t, 1)}.must(t)
		tg := p.open(t)
		hot := `{"site":[{"id":"aaaaaaaaaa","url":"/yw/2026/a.html"},{"id":"bbbbbbbbbb","url":"/yw/2026/b.html"}],"columns":{"yw":[{"id":"aaaaaaaaaa","url":"/yw/2026/a.html"}]}}`
		counts := `{"aaaaaaaaaa":7}`
		for key, body := range map[string]string{"_views/hot.json": hot, "_views/0.json": counts} {
			if _, err := tg.Site.Put(context.Background(), small(key, []byte(body), "application/json"), Cond{}); err != nil {
				t.Fatal(err)
			}
		}
		job{Place: p, Out: first().with("a", "").build(t, 2), Allow: []string{AllowGone}}.must(t)
		have := contents(t, tg.Site)
		if got := have["_views/hot.json"]; strings.Contains(got, "aaaaaaaaaa") || !strings.Contains(got, "bbbbbbbbbb") || !strings.Contains(got, `"yw":[]`) {
			t.Errorf("hot list: %s", got)
		}
		if have["_views/0.json"] != counts {
			t.Error("the counts were touched")
		}
	})
}

func TestABuildThatIsNotThere(t *testing.T) {
	p := place{Dir: t.TempDir()}
	var nb *NotBuiltError
	if _, _, err := (job{Place: p, Out: t.TempDir()}).run(context.Background()); !errors.As(err, &nb) {
		t.Errorf("no build: %v", err)
	}
	out := first().build(t, 1)
	if err := os.WriteFile(filepath.Join(out, "yw/2026/a.html"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (job{Place: p, Out: out}).run(context.Background()); err == nil || !strings.Contains(err.Error(), "not what the manifest lists") {
		t.Errorf("a file that was altered: %v", err)
	}
	if _, ok := contents(t, p.open(t).Site)[output.ManifestPath]; ok {
		t.Error("a manifest was published")
	}
}

func TestDamagedRecordsDoNotStopAPublication(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		job{Place: p, Out: first().build(t, 1)}.must(t)
		tg := p.open(t)
		damage := func(s Store, key string) {
			t.Helper()
			if _, err := s.Put(context.Background(), small(key, []byte("nonsense"), "text/plain"), Cond{}); err != nil {
				t.Fatal(err)
			}
		}
		same := second() // but for the style: an old one in its period of grace is only known to the inventory
		same.style = first().style
		out := same.build(t, 2)
		for _, both := range []bool{false, true} {
			damage(tg.Site, output.ManifestPath)
			if both {
				damage(tg.Private, inventoryKey)
			}
			job{Place: p, Out: out, Allow: []string{AllowGone, AllowOverwrite}}.must(t)
			verified(t, p, out)
		}
		damage(tg.Private, inventoryKey)
		job{Place: p, Out: out}.must(t)
		if err := tg.Private.Delete(context.Background(), inventoryKey); err != nil {
			t.Fatal(err)
		}
		r, _ := job{Place: p, Out: out}.must(t)
		verified(t, p, out)
		for _, s := range r.Plan.Steps {
			if s.Do == Delete {
				t.Errorf("removed: %s", s.Path)
			}
		}
	})
}

func TestNewerManifestIsLeftAlone(t *testing.T) {
	p := place{Dir: t.TempDir()}
	if _, err := p.open(t).Site.Put(context.Background(), small(output.ManifestPath, []byte("# zhendi manifest 2\n"), "text/plain"), Cond{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (job{Place: p, Out: first().build(t, 1)}).run(context.Background()); err == nil || !strings.Contains(err.Error(), "newer zhendi") {
		t.Errorf("%v", err)
	}
}
