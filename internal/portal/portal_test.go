package portal

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/themes"
)

const root = "../.." // of the repository

// now is the time of all builds here that do not say otherwise.
const now = "2026-12-01 08:00"

var scratch string // folder of the sites that tests share

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "portal")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// need fails the test in CI, and elsewhere skips it, if what it needs is not there.
func need(t *testing.T, ok bool, what, skipped string) {
	t.Helper()
	switch {
	case ok:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing; needed for: %s", what, skipped)
	default:
		t.Skipf("%s is missing; skipped: %s", what, skipped)
	}
}

// options are those of a build at time at, of a site in folder source.
func options(source, out, at string) build.Options {
	return build.Options{Source: source, Out: out, Themes: themes.FS, Version: "test",
		Now: func(zone *time.Location) (time.Time, error) {
			t, _, err := fields.ParseTime(at, zone)
			return t, err
		}}
}

// mustBuild builds a site and fails the test if it has problems.
func mustBuild(t *testing.T, opt build.Options) build.Result {
	t.Helper()
	res, problems, err := build.Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) > 0 {
		t.Fatalf("problems:\n%s", show(problems))
	}
	return res
}

// mustBuildWarned is mustBuild for sites that have warnings on purpose.
func mustBuildWarned(t *testing.T, opt build.Options) {
	t.Helper()
	_, problems, err := build.Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if problems.Count(diag.Error) > 0 {
		t.Fatalf("problems:\n%s", show(problems))
	}
}

func show(problems diag.List) string {
	var b strings.Builder
	if err := problems.WriteText(&b, diag.EN); err != nil {
		panic(err)
	}
	return b.String()
}

// portal is a site that was built, with its pages parsed.
type portal struct {
	name  string
	base  string // address of the home page
	dir   string // the output
	files map[string][]byte
	pages []*page // without redirects, by path
	moved []*page // redirects, by path
}

// prefix is the path of the base address without its last slash.
func (p *portal) prefix() string {
	_, rest, _ := strings.Cut(p.base, "://")
	return strings.TrimSuffix(rest[strings.Index(rest, "/"):], "/")
}

// page returns the page at path.
func (p *portal) page(t *testing.T, path string) *page {
	t.Helper()
	for _, pg := range p.pages {
		if pg.path == path {
			return pg
		}
	}
	t.Fatalf("%s: no page %s", p.name, path)
	return nil
}

// kind returns the pages of a kind.
func (p *portal) kind(kind string) (out []*page) {
	for _, pg := range p.pages {
		if pg.kind == kind {
			out = append(out, pg)
		}
	}
	return out
}

// made builds a site once, for all tests.
type made struct {
	name, base string
	source     func(t *testing.T, dir string) string // folder of the site; dir may be filled
	warnings   bool                                  // the site has some, on purpose
	once       sync.Once
	portal     *portal
}

func (m *made) get(t *testing.T) *portal {
	t.Helper()
	m.once.Do(func() {
		dir := filepath.Join(scratch, m.name)
		source := m.source(t, dir)
		opt := options(source, dir+"-out", now)
		opt.BaseURL = m.base
		if m.warnings {
			mustBuildWarned(t, opt)
		} else {
			mustBuild(t, opt)
		}
		m.portal = open(t, m.name, m.base, opt.Out)
	})
	if m.portal == nil {
		t.Fatalf("%s could not be built", m.name)
	}
	return m.portal
}

// open reads an output.
func open(t *testing.T, name, base, dir string) *portal {
	t.Helper()
	p := &portal{name: name, base: base, dir: dir, files: tree(t, dir)}
	for _, path := range keys(p.files) {
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		pg := parse(t, path, p.files[path])
		pg.site = name
		if pg.kind == "" {
			p.moved = append(p.moved, pg)
		} else {
			p.pages = append(p.pages, pg)
		}
	}
	if len(p.kind("home")) == 0 || len(p.kind("article")) == 0 {
		t.Fatalf("%s: %d files, but no home page or no article", name, len(p.files))
	}
	return p
}

var (
	sample = &made{name: "sample", base: "https://www.yunxiu.example/", source: func(t *testing.T, dir string) string { return root }}

	// samplePrefixed stands below a folder of its host.
	samplePrefixed = &made{name: "sample below a path", base: "https://host.example/dj/portal/", source: func(t *testing.T, dir string) string { return root }}
)

// everySite calls f with each shared site that can be had.
func everySite(t *testing.T, f func(t *testing.T, p *portal)) {
	for _, m := range []*made{sample, kitchen, seeds} {
		t.Run(m.name, func(t *testing.T) {
			if m == seeds {
				needSeeds(t)
			}
			f(t, m.get(t))
		})
	}
}

// tree reads all files below dir.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(rel)], err = os.ReadFile(p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// write makes a file below dir.
func write(t *testing.T, dir, path, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sameTree fails the test at each file in which two outputs differ.
func sameTree(t *testing.T, what string, want, got map[string][]byte) {
	t.Helper()
	for _, p := range keys(want) {
		switch g, ok := got[p]; {
		case !ok:
			t.Errorf("%s: %s is missing", what, p)
		case string(g) != string(want[p]):
			t.Errorf("%s: %s differs: %s", what, p, firstDifference(string(want[p]), string(g)))
		}
	}
	for _, p := range keys(got) {
		if _, ok := want[p]; !ok {
			t.Errorf("%s: %s should not be there", what, p)
		}
	}
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(la), len(lb)) {
		var x, y string
		if i < len(la) {
			x = la[i]
		}
		if i < len(lb) {
			y = lb[i]
		}
		if x != y {
			return fmt.Sprintf("line %d: %.120q, want %.120q", i+1, y, x)
		}
	}
	return "same lines"
}
