package build

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/themes"
)

// TestLookTellsWhatRunTells: the same problems, nothing written, and where there are none, a page of each kind as
// Run makes it.
func TestLookTellsWhatRunTells(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) { t.Helper(); put(t, dir, name, text) }
	put("site.yaml", "name: 测试网\nbaseURL: https://example.gov.cn/\n")
	put("content/djdt/_index.md", "---\ntitle: 党建动态\n---\n")
	put("content/djdt/a.md", "---\ntitle: 甲\ndate: 2025-09-01\nsource: 测试网\ntags: [乙]\n---\n\n[没有](none.md) ![](no.jpg)\n")
	opt := Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "0", Now: func(*time.Location) (time.Time, error) { return time.Unix(1767225600, 0), nil }}
	look := func() ([]Page, diag.List) {
		t.Helper()
		l, err := Load(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		pages, err := l.Look(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return pages, l.Report()
	}
	told := func(list diag.List) (out []string) {
		for _, p := range list {
			out = append(out, p.Pos.String()+" "+p.Message(diag.EN))
		}
		return out
	}
	pages, looked := look()
	_, ran, err := Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(looked) < 3 || !slices.Equal(told(looked), told(ran)) || len(pages) > 0 {
		t.Errorf("looked %v\nran %v\n%d pages", told(looked), told(ran), len(pages))
	}
	if _, err := os.Stat(opt.Out); err == nil {
		t.Error("the output is there")
	}

	put("content/djdt/a.md", "---\ntitle: 甲\ndate: 2025-09-01\nsource: 测试网\ntags: [乙]\n---\n\n正文。\n")
	put("content/djdt/b.md", "---\ntitle: 丙\ndate: 2024-09-01\nsource: 测试网\n---\n\n正文。\n") // a year that has a page
	pages, looked = look()
	if _, _, err := Run(context.Background(), opt); err != nil || len(looked) > 0 {
		t.Fatal(err, told(looked))
	}
	var kinds []string
	for _, p := range pages {
		kinds = append(kinds, p.Kind)
		if built, err := os.ReadFile(filepath.Join(opt.Out, filepath.FromSlash(p.Path))); err != nil || string(built) != string(p.HTML) {
			t.Errorf("%s is not as Run makes it: %v", p.Path, err)
		}
	}
	slices.Sort(kinds)
	if want := []string{"archive", "article", "column", "group", "home", "notfound", "sitemap", "tags"}; !slices.Equal(kinds, want) {
		t.Errorf("%q", kinds)
	}
}
