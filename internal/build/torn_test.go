package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An article that is changed while the site is built, and changed back afterwards, must not leave its middle
// version in the output for ever: its file has the hash that the next build expects.
func TestFileChangedDuringBuild(t *testing.T) {
	dir := makeSite(t, map[string]string{
		"site.yaml":           "name: 云岫党建网\nbaseURL: https://t.example/\n",
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      "---\ntitle: 稿件\ndate: 2026-03-04\nsource: 本网\n---\n\n第一稿。\n",
	})
	name := filepath.Join(dir, "content/a/x.md")
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	second := append([]byte(nil), first...)
	copy(second[len(second)-len("第一稿。\n"):], "第二稿。\n")
	changed := false
	files, _ := buildSite(t, dir, func(o *Options) {
		o.Progress = func(s Stage, done, total int) {
			if s == Parsing && done == total && !changed {
				changed = true
				os.WriteFile(name, second, 0o644)
			}
		}
	})
	if page := files["a/2026/x.html"]; !changed || !strings.Contains(page, "第二稿") {
		t.Fatal("the article was not changed between parsing and rendering")
	}
	if err := os.WriteFile(name, first, 0o644); err != nil {
		t.Fatal(err)
	}
	files, _ = buildSite(t, dir, nil)
	for name, text := range files {
		if strings.Contains(text, "第二稿") {
			t.Errorf("%s still shows what the file held for a moment", name)
		}
	}
}

// So it is with a picture, which may by then have fewer versions than the pages were told of.
func TestPictureChangedDuringBuild(t *testing.T) {
	first, small := string(camera(t, 1500, 900)), string(camera(t, 90, 60))
	dir := makeSite(t, map[string]string{"site.yaml": keptSettings, "content/yw/_index.md": "---\ntitle: 要闻\n---\n",
		"content/yw/a.md": page("甲", "![图](p.jpg)"), "content/yw/p.jpg": first})
	changed := false
	buildSite(t, dir, func(o *Options) {
		o.Progress = func(s Stage, done, total int) {
			if s == Rendering && done == total && !changed {
				changed = true
				put(t, dir, "content/yw/p.jpg", small)
			}
		}
	})
	if !changed {
		t.Fatal("the picture was not changed after rendering")
	}
	put(t, dir, "content/yw/p.jpg", first)
	got, _ := buildSite(t, dir, nil)
	want, _ := buildSite(t, dir, func(o *Options) { o.Forget, o.Out = true, filepath.Join(dir, "clean") })
	for _, d := range unequal(got, want) {
		t.Error(d)
	}
}
