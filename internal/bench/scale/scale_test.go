//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestMain lets measure start the test binary as it starts the program.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "run" {
		os.Exit(runMeasured(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestMeasure(t *testing.T) {
	held := bytes.Repeat([]byte{1}, 300<<20) // what this process holds is not the other's
	s, out, err := measure("sh", "-c", "echo done; i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done")
	if err != nil {
		t.Fatal(err)
	}
	if out != "done\n" || s.CPU <= 0 || s.Wall < s.CPU/2 || s.RSS < 100<<10 || s.RSS > 100<<20 {
		t.Errorf("printed %q, took %+v", out, s)
	}
	runtime.KeepAlive(held)
	if _, _, err := measure("sh", "-c", "echo no room >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("a program that fails: %v", err)
	}
	if _, _, err := measure("no-such-program"); err == nil {
		t.Error("a program that is not there was measured")
	}
}

func sum(b byte) (s [32]byte) { s[0] = b; return s }

func TestCompare(t *testing.T) {
	d := compare(files{"same": sum(1), "old": sum(1), "b": sum(1), "a": sum(1)}, files{"same": sum(1), "new": sum(1), "a": sum(2), "b": sum(3)})
	if !slices.Equal(d.changed, []string{"a", "b"}) || !slices.Equal(d.added, []string{"new"}) || !slices.Equal(d.gone, []string{"old"}) || d.len() != 4 {
		t.Errorf("got %+v", d)
	}
}

func TestManifestIsWhatItLists(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "index.html"), "text")
	all, err := readFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, manifestPath), fmt.Sprintf("# zhendi manifest 1\n%x  a/index.html\t4\tlist\ttext/html\n", all["a/index.html"]))
	listed, err := readManifest(dir)
	if err != nil || compare(all, listed).len() != 0 {
		t.Errorf("manifest has %x, files %x, %v", listed, all, err)
	}
	write(t, filepath.Join(dir, manifestPath), "12  a/index.html\t4\n")
	if _, err := readManifest(dir); err == nil {
		t.Error("read half a hash")
	}
}

// TestChangesUndoThemselves runs all changes over a site and looks at the files afterwards.
func TestChangesUndoThemselves(t *testing.T) {
	site := t.TempDir()
	const name = "content/dangjian/s1/t20210101_000001.md"
	write(t, filepath.Join(site, name), "text\n")
	before, err := readFiles(site)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	last := before
	for _, c := range changesOf(name, []byte("text\n")) {
		if err := c.do(site); err != nil {
			t.Fatal(c.kind, err)
		}
		after, err := readFiles(site)
		if err != nil {
			t.Fatal(err)
		}
		if (compare(last, after).len() == 0) != (c.kind == "nothing") {
			t.Errorf("%s changed %v", c.kind, compare(last, after).all())
		}
		last = after
		seen[c.kind] = true
	}
	if d := compare(before, last); d.len() != 0 {
		t.Errorf("left behind: %v", d.all())
	}
	for _, kind := range changeKinds {
		if !seen[kind] {
			t.Errorf("no change is of kind %s", kind)
		}
	}
}

// TestTouches counts over two builds written by hand: a page that links to the article counts
// among those that may change when it begins to link and when it ceases to.
func TestTouches(t *testing.T) {
	site := t.TempDir()
	build := func(pages map[string]string) {
		text := ""
		for p, body := range pages {
			write(t, filepath.Join(site, "public", p), body)
			s, err := readOne(filepath.Join(site, "public"), p)
			if err != nil {
				t.Fatal(err)
			}
			text += fmt.Sprintf("%x  %s\t1\tpage\ttext/html\n", s, p)
		}
		write(t, filepath.Join(site, "public", manifestPath), text)
	}
	c := touches{site: site, before: files{}, linked: map[string]bool{}}
	for i, step := range []struct {
		pages            map[string]string
		touched, linking int
	}{
		{map[string]string{"a/t1_0.html": "one", "a/t2_0.html": "two", "hant/a/t1_0.html": "one"}, 2, 0},
		{map[string]string{"a/t1_0.html": "to t3_probe.html", "a/t2_0.html": "two", "hant/a/t1_0.html": "one", "a/t3_probe.html": "to itself: t3_probe"}, 2, 1},
		{map[string]string{"a/t1_0.html": "one", "a/t2_0.html": "to t3_probe.html", "hant/a/t1_0.html": "one", "a/t3_probe.html": "to itself: t3_probe"}, 2, 2},
		{map[string]string{"a/t1_0.html": "one", "a/t2_0.html": "two", "hant/a/t1_0.html": "one", "hant/index.html": "new", "hant/feed.xml": "new"}, 2, 1},
	} {
		build(step.pages)
		var r result
		if err := c.count(&r); err != nil {
			t.Fatal(err)
		}
		if r.Touched != step.touched || r.Linking != step.linking || r.Allowed != 24+max(0, r.Linking-2) {
			t.Errorf("step %d: %+v", i, r)
		}
	}
}

func TestTossKeepsUntilSwept(t *testing.T) {
	w := &workspace{dir: t.TempDir()}
	write(t, w.path("out", "page.html"), "text")
	if err := w.toss(w.path("out"), w.path("not there")); err != nil {
		t.Fatal(err)
	}
	if n, _, err := count(w.path("trash")); n != 1 || err != nil {
		t.Errorf("%d files moved aside, %v", n, err)
	}
	if err := w.sweep(1); err != nil {
		t.Fatal(err)
	}
	if n, _, _ := count(w.path("trash")); n != 1 {
		t.Error("swept with room left")
	}
	if err := w.sweep(1 << 62); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.path("trash")); err == nil {
		t.Error("not swept")
	}
	w.memory = true
	write(t, w.path("out", "page.html"), "text")
	if err := w.toss(w.path("out")); err != nil {
		t.Fatal(err)
	}
	if n, _, _ := count(w.dir); n != 0 {
		t.Error("in memory nothing is to be kept")
	}
	if err := w.room(1<<40, []int{1, 2}); err == nil || !strings.Contains(err.Error(), "WORK") {
		t.Errorf("room for everything: %v", err)
	}
}

// made returns results of one size: ours takes a second and everything else is in proportion.
func made(articles int, hugo, floor, nothing float64, touched int) (rs results) {
	one := func(program, kind string, s float64) result {
		return result{Articles: articles, Editions: 2, Program: program, Kind: kind, Samples: []sample{{s, s, 100 << 20}}}
	}
	add := one("zhendi", "added", nothing+0.05)
	add.Touched, add.Allowed = touched, 24
	harmed, fresh := one("zhendi", "harmed", nothing), one("zhendi", "fresh checkout", nothing)
	harmed.PutBack, harmed.Same = true, true
	return results{one("zhendi", "full", 1), one("hugo", "full", hugo), one("floor", "full", floor), one("zhendi", "nothing", nothing), add, harmed, fresh}
}

func TestBars(t *testing.T) {
	var rs results
	rs.replace(100_000, made(100_000, 4, 1, 0.2, 24))
	rs.replace(1_000, made(1_000, 4, 1, 0.2, 24))
	var b bytes.Buffer
	if n := report(&b, rs); n != 0 {
		t.Errorf("%d missed:\n%s", n, &b)
	}
	for line, want := range map[string]bool{"Not measured: the bars of 10,000 ": true, "of 100,000 articles.": false, "of 1,000,000 articles.": true} {
		if strings.Contains(b.String(), line) != want {
			t.Errorf("report says %q: want %v\n%s", line, want, &b)
		}
	}
	for _, worse := range []struct {
		name   string
		rs     results
		missed int
	}{
		{"Hugo is quick: wall and CPU", made(1_000, 2, 1, 0.2, 24), 2},
		{"the floor is low", made(1_000, 4, 0.5, 0.2, 24), 1},
		{"nothing is slow", made(1_000, 4, 1, 0.5, 24), 2}, // and so is putting back
		{"much is touched", made(1_000, 4, 1, 0.2, 25), 1},
		{"more is touched in a larger site", slices.Concat(made(1_000, 4, 1, 0.2, 3), made(10_000, 4, 1, 0.2, 4)), 1},
		{"not put back, not undone", slices.Concat(made(1_000, 4, 1, 0.2, 24), results{}), 2},
	} {
		if worse.name == "not put back, not undone" {
			worse.rs[5].PutBack, worse.rs[5].Same = false, false
		}
		b.Reset()
		if n := report(&b, worse.rs); n != worse.missed {
			t.Errorf("%s: %d missed, want %d\n%s", worse.name, n, worse.missed, &b)
		}
		if n := strings.Count(b.String(), "**short**"); n != worse.missed {
			t.Errorf("%s: %d rows are short", worse.name, n)
		}
	}
}

func TestResultsOfOtherDaysStay(t *testing.T) {
	name := filepath.Join(t.TempDir(), "results.json")
	var rs results
	if err := rs.load(name); err != nil || len(rs) != 0 {
		t.Fatal(rs, err)
	}
	rs.replace(10_000, made(10_000, 4, 1, 0.2, 24))
	rs.replace(1_000, made(1_000, 4, 1, 0.2, 24))
	if err := rs.save(name); err != nil {
		t.Fatal(err)
	}
	var again results
	if err := again.load(name); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(rs)
	b, _ := json.Marshal(again)
	if !bytes.Equal(a, b) || !slices.Equal(again.sizes(), []int{1_000, 10_000}) {
		t.Errorf("saved %s, loaded %s", a, b)
	}
	again.replace(1_000, made(1_000, 9, 1, 0.2, 24))
	if h, _ := again.find(1_000, 2, "hugo", "full"); h.wall() != 9 || len(again) != len(rs) {
		t.Errorf("Hugo takes %v in %d results", h.wall(), len(again))
	}
}

func TestRoundsKeepTheWorstCount(t *testing.T) {
	var rs results
	for _, r := range []result{{Touched: 20, Allowed: 24, Same: true, Samples: []sample{{1, 1, 1}}}, {Touched: 26, Allowed: 24, Samples: []sample{{3, 1, 1}}},
		{Touched: 40, Allowed: 60, Same: true, Samples: []sample{{2, 1, 1}}}} {
		rs.add(r)
	}
	if r := rs[0]; len(rs) != 1 || r.wall() != 2 || r.Touched != 26 || r.Allowed != 24 || r.Same {
		t.Errorf("got %+v", rs)
	}
	if m := median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("median of four is %v", m)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{thousands(1_234_567): "1,234,567", thousands(999): "999", thousands(-1): "-1", number(0.0512): "0.051", number(24): "24", number(3.456): "3.46"} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestEditionsOfLargeSites(t *testing.T) {
	if e := editionsFor(1_000_000, []string{"1", "2"}); !slices.Equal(e, []int{1}) {
		t.Errorf("a million articles in %v editions", e)
	}
	if e := editionsFor(1_000_000, []string{"2"}); !slices.Equal(e, []int{2}) {
		t.Errorf("two editions asked for, got %v", e)
	}
}
