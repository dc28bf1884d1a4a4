//go:build linux

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be a publisher: one that knows no better than to send all files by name.
func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "naive" {
		os.Exit(naive(os.Args[2], os.Args[3]))
	}
	os.Exit(m.Run())
}

func naive(address, dir string) (exit int) {
	g := &gateway{address: address}
	files, _, err := walk(dir)
	if err != nil {
		return 2
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		body, err := os.ReadFile(filepath.Join(dir, p))
		if err == nil {
			err = g.put(p, "text/html", body)
		}
		if err != nil {
			fmt.Println(err)
			exit = 1
		}
	}
	return exit
}

var naively = tool{name: "naive", full: true, steps: func(b *bench, j job) [][]string {
	return [][]string{{os.Args[0], "naive", b.proxy.address, j.site.out}}
}}

// newBench makes a comparison of two small variants, before a real server.
func newBench(t *testing.T) *bench {
	t.Helper()
	tools := cmp.Or(os.Getenv("ZHENDI_TOOLS"), filepath.Join(cmp.Or(os.Getenv("XDG_CACHE_HOME"), filepath.Join(os.Getenv("HOME"), ".cache")), "zhendi-tools"))
	bin := filepath.Join(tools, "bin", "versitygw")
	if _, err := os.Stat(bin); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no S3 server (.ci/tools installs versitygw)")
	}
	b := &bench{work: t.TempDir(), seed: 1, pages: newLibrary(), variants: map[string]*variant{}, log: io.Discard}
	var err error
	if b.gateway, err = startGateway(bin, filepath.Join(b.work, "server")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.gateway.stop() })
	if b.proxy, err = startProxy(b.gateway.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.proxy.close)
	b.variant(t, "first", 0, map[string]string{"_assets/a.css": "a", "index.html": page("a", "x", "y"), "x.html": page("a"), "y.html": page("a")})
	b.variant(t, "next", 1, map[string]string{"_assets/b.css": "b", "index.html": page("b", "x", "z"), "x.html": page("b"), "z.html": page("b")})
	return b
}

func page(style string, links ...string) string {
	s := `<link rel="stylesheet" href="/_assets/` + style + `.css">`
	for _, l := range links {
		s += `<a href="/` + l + `.html">` + l + `</a>`
	}
	return s
}

func (b *bench) variant(t *testing.T, name string, age int, files map[string]string) {
	t.Helper()
	v := &variant{name: name, out: filepath.Join(b.work, "out", name)}
	write(t, v.out, files)
	var err error
	if v.files, v.bytes, err = walk(v.out); err != nil {
		t.Fatal(err)
	}
	if err := v.stamp(age); err != nil {
		t.Fatal(err)
	}
	if err := b.pages.learn(v); err != nil {
		t.Fatal(err)
	}
	if v.pages, _, _, err = b.browse(v.out, v.files); err != nil {
		t.Fatal(err)
	}
	b.variants[name] = v
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for p, text := range files {
		name := filepath.Join(dir, p)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCases sends the next variant by the naive publisher, with mishaps of which it is known what they leave.
func TestCases(t *testing.T) {
	b := newBench(t)
	run := func(c kase) result {
		t.Helper()
		r, err := b.runCase(t.Context(), naively, c)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := run(kase{empty: true, site: "first"}); r.First.Exit != 0 || r.Left != (state{}) || r.First.Requests["PUT"] != 4 || r.First.Up == 0 {
		t.Fatalf("the first publication: %+v", r)
	}
	for _, c := range []struct {
		kase
		exit        int
		left, after state
	}{
		{kase{name: "nothing", site: "next", again: true}, 0, state{Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "no style", site: "next", again: true, mishap: deny("b.css")}, 1, state{Missing: 1, Broken: 3, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "no article", site: "next", again: true, mishap: deny("z.html")}, 1, state{Missing: 1, Dead: 1, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "reset", site: "next", again: true, mishap: resetAt(0.3)}, 1, state{Missing: 1, Broken: 3, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "killed", site: "next", again: true, mishap: killAt(0.9)}, -1, state{Missing: 1, Dead: 1, Old: 1, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "expired", site: "next", again: true, mishap: expire}, 1, state{Missing: 1, Old: 2, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "cut off", site: "next", again: true, mishap: spoil(true)}, 0, state{Wrong: 1, Unlinked: 2, Withdrawn: 1}, state{Withdrawn: 1}},
		{kase{name: "older", site: "next", again: true, mishap: meanwhile("first")}, 0, state{}, state{Withdrawn: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(c.kase)
			if c.name == "older" { // either may win: only that both ran is known
				if !r.Hit || r.Other == nil || r.Other.Exit != 0 {
					t.Errorf("the other: %+v", r.Other)
				}
				r.Left = state{}
			}
			if r.First.Exit != c.exit || r.Left != c.left || r.Second.Exit != 0 || r.After != c.after {
				t.Errorf("exit %d, %+v; again %d, %+v\n%s", r.First.Exit, r.Left, r.Second.Exit, r.After, r.First.text)
			}
		})
	}
	if r := run(kase{site: "first", prepare: lose}); r.Left.Foreign != 1 {
		t.Errorf("a file of others is gone: %+v", r.Left)
	}
}

// lose removes a file of others.
func lose(b *bench) error { return os.Remove(b.gateway.path("_views/0.json")) }

// TestReader finds a style that is gone, at once and later.
func TestReader(t *testing.T) {
	b := newBench(t)
	if _, err := b.runCase(t.Context(), naively, kase{empty: true, site: "first"}); err != nil {
		t.Fatal(err)
	}
	r := b.startReader(true)
	time.Sleep(300 * time.Millisecond)
	if err := os.Remove(b.gateway.path("_assets/a.css")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if reads, faults, late := r.end(); reads == 0 || faults == 0 || late != 1 {
		t.Errorf("%d reads, %d faults, %d late", reads, faults, late)
	}
}

// TestHeaders counts files with another Cache-Control than the publisher is configured for.
func TestHeaders(t *testing.T) {
	b := newBench(t)
	if _, err := b.runCase(t.Context(), naively, kase{empty: true, site: "first"}); err != nil {
		t.Fatal(err)
	}
	s, err := b.audit(b.variants["first"], cacheOf(false))
	if err != nil || s != (state{Headers: 4}) {
		t.Errorf("%+v, %v", s, err)
	}
	if err := b.gateway.copy(bucket, "aside"); err != nil {
		t.Fatal(err)
	}
	if got := attribute(filepath.Join(b.gateway.root+".aside", "index.html"), "user.content-type"); got != "text/html" {
		t.Errorf("a copy of the bucket has Content-Type %q", got)
	}
}

func TestUnlinked(t *testing.T) {
	b := newBench(t)
	if err := b.gateway.empty(); err != nil {
		t.Fatal(err)
	}
	write(t, b.gateway.path(""), map[string]string{"_assets/a.css": "a", "index.html": page("a", "x"), "x.html": page("a"), "y.html": page("a")})
	s, err := b.audit(b.variants["first"], nil)
	if want := (state{Wrong: 1, Unlinked: 1, Foreign: 3}); err != nil || s != want {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestKinds(t *testing.T) {
	for want, req := range map[string][3]string{
		"LIST": {"GET", "/portal?list-type=2&prefix=a", ""}, "GET": {"GET", "/portal/a/b", ""}, "PUT": {"PUT", "/portal/a", ""},
		"COPY": {"PUT", "/portal/a", "/portal/b"}, "HEAD": {"HEAD", "/portal/a", ""}, "DELETE": {"POST", "/portal/?delete=", ""},
	} {
		r, err := http.NewRequest(req[0], "http://localhost"+req[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		if req[2] != "" {
			r.Header.Set("X-Amz-Copy-Source", req[2])
		}
		if got := kindOf(r); got != want {
			t.Errorf("%v is a %s", req, got)
		}
	}
}

// TestReport prints what is known, and finds it again in the file.
func TestReport(t *testing.T) {
	name := filepath.Join(t.TempDir(), "results.json")
	var all results
	if err := all.load(name, "3 files"); err != nil {
		t.Fatal(err)
	}
	one := result{Tool: "hugo deploy", Case: "503 for 5 s", Twice: true, First: outcome{Exit: 1, Wall: 9.7, traffic: traffic{Requests: map[string]int{"PUT": 1741}, Up: 25e6}},
		Left: state{Broken: 19, Old: 1900}, Second: outcome{traffic: traffic{Requests: map[string]int{"LIST": 21}}}}
	for range 2 {
		if err := all.add(name, one); err != nil {
			t.Fatal(err)
		}
	}
	var again results
	if err := again.load(name, "3 files"); err != nil || len(again.All) != 1 {
		t.Fatalf("%v, %+v", err, again)
	}
	var out bytes.Buffer
	report(&out, "3 files", &again)
	if want := "| exit 1 · 1,741 · **19 pages without style, 1,900 old** → 21 · – |"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
	if err := again.load(name, "4 files"); err != nil || len(again.All) != 0 {
		t.Errorf("figures of another site are kept: %v", err)
	}
}
