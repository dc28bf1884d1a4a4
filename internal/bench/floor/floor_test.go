package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// site makes one of two articles, in either script, and the manifest of its two editions.
func site(t *testing.T) (dir, manifest string) {
	dir = t.TempDir()
	write(t, filepath.Join(dir, "content/a/b/t1.md"), "---\ntitle: 国家发展\ndate: 2025-01-01\nauthor: 甲\ntags: [发展]\n---\n\n头**发**。\n")
	write(t, filepath.Join(dir, "content/a/b/t2.md"), "---\ntitle: 國家發展\ndate: 2025-01-02\nauthor: 甲\ntags: [發展]\n---\n\n頭**髮**。\n")
	write(t, filepath.Join(dir, "content/_static/uploads/1.jpg"), "picture")
	files := []string{"404.html", "a/b/2025/t1.html", "a/b/2025/t2.html", "a/b/index.html", "feed.xml", "uploads/1.jpg",
		"hant/a/b/2025/t1.html", "hant/a/b/2025/t2.html", "hant/a/b/index.html", "hant/index.html"}
	text := "# zhendi manifest 1\n# base-url: https://bench.example/\n"
	for _, f := range files {
		text += fmt.Sprintf("%064d  %s\t%d\tlist\ttext/html\n", 0, f, 7)
	}
	manifest = filepath.Join(dir, "manifest.txt")
	write(t, manifest, text)
	return dir, manifest
}

func TestSameFilesInBothScripts(t *testing.T) {
	dir, manifest := site(t)
	out := filepath.Join(t.TempDir(), "out")
	n, err := run(dir, manifest, out)
	if err != nil {
		t.Fatal(err)
	}
	if want := (counts{articles: 2, pages: 8, files: 10}); n != want {
		t.Errorf("wrote %+v, want %+v", n, want)
	}
	for file, want := range map[string]string{
		"a/b/2025/t1.html":      "头<strong>发</strong>",
		"a/b/2025/t2.html":      "头<strong>发</strong>",
		"hant/a/b/2025/t1.html": "頭<strong>髮</strong>",
		"hant/a/b/2025/t2.html": "<h1>國家發展</h1>",
		"a/b/index.html":        `<ul class="rows">`,
		"uploads/1.jpg":         "picture",
		"feed.xml":              "xxxxxxx",
		"_site/manifest.txt":    "  hant/index.html\t7",
	} {
		b, err := os.ReadFile(filepath.Join(out, file))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(b), want) {
			t.Errorf("%s does not hold %q:\n%s", file, want, b)
		}
	}
}

func TestRefusals(t *testing.T) {
	dir, manifest := site(t)
	if _, err := run(dir, manifest, t.TempDir()); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("wrote into a folder that was there: %v", err)
	}
	write(t, filepath.Join(dir, "content/a/b/t3.md"), "---\ntitle: 丙\n---\n")
	if _, err := run(dir, manifest, filepath.Join(t.TempDir(), "out")); err == nil || !strings.Contains(err.Error(), "t3.md has no page") {
		t.Errorf("did other work than the manifest's: %v", err)
	}
}
