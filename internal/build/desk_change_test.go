package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/themes"
)

// TestDeskTakesUp changes what an article that itself stays as it is depends on.
func TestDeskTakesUp(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) { t.Helper(); put(t, dir, name, text) }
	const settings = "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, zh-Hant]\n"
	put("site.yaml", settings)
	put("content/yw/_index.md", "---\ntitle: 要闻\n---\n")
	put("content/yw/a.md", "---\ntitle: 干部学习\ndate: 2026-01-01 01:00\nsource: 本网\n---\n\n正文。\n")
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	opt := Options{Source: dir, Themes: themes.FS, Version: "test", Future: true, Now: func(*time.Location) (time.Time, error) { return now, nil }}
	d, err := OpenDesk(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	refresh := func(paths ...string) bool {
		t.Helper()
		changed, err := d.Refresh(context.Background(), paths)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	has := func(at, text string) {
		t.Helper()
		if f, problems, _ := d.File(at); !strings.Contains(string(f.Body), text) {
			t.Errorf("%s has no %s; %v %v", at, text, problems, d.Problems())
		}
	}
	const here, there = "yw/2026/a.html", "hant/yw/2026/a.html"
	has(there, "幹部學習")

	put("content/_data/terms.yaml", "pairs: [{hans: 干部, hant: 幹員}]\n")
	refresh("content/_data/terms.yaml")
	has(there, "幹員學習")

	put("site.yaml", settings+"zone: UTC\narticleURL: '/{column}/{yyyy}{mm}{dd}/{slug}.html'\n")
	refresh("site.yaml")
	has("yw/20260101/a.html", "2026-01-01 01:00")
	put("site.yaml", settings)
	refresh("site.yaml")
	has(here, "2026-01-01 01:00")

	put("content/yw/_index.md", "---\ntitle: 要闻\nrequired: [title, author]\n---\n")
	refresh("content/yw/_index.md")
	if p := d.Problems(); p.Count(diag.Error) != 1 || p[0].File != "content/yw/a.md" {
		t.Errorf("nobody asks for the author: %v", p)
	}
	has(here, "正文。") // as it was
	if f, _, _ := d.File(here); !f.Old {
		t.Error("the page does not say that it is old")
	}
	put("content/yw/_index.md", "---\ntitle: 新闻\n---\n")
	refresh("content/yw/_index.md")
	has(here, "新闻")

	put("themes/default/layouts/footer.html", "<footer>改了主题</footer>")
	refresh("themes/default/layouts/footer.html")
	has(here, "改了主题")
	put("themes/default/layouts/footer.html", "{{.Nothing")
	refresh("themes/default/layouts/footer.html")
	if p := d.Problems(); p.Count(diag.Error) != 1 || !strings.Contains(p[0].Message(diag.ZH), "footer.html") {
		t.Errorf("nothing is said of the theme: %v", p)
	}
	has(here, "改了主题")
	if err := os.RemoveAll(filepath.Join(dir, "themes")); err != nil {
		t.Fatal(err)
	}
	refresh("themes")
	has(here, "class=\"foot\"")

	// What changes while site.yaml cannot be read is not forgotten.
	put("site.yaml", "name: [\n")
	refresh("site.yaml")
	if d.Problems().Count(diag.Error) == 0 {
		t.Error("site.yaml is broken, and nothing is said")
	}
	put("content/yw/a.md", "---\ntitle: 干部学习\ndate: 2026-01-01 01:00\nsource: 本网\nexpiryDate: 2026-03-02\n---\n\n改过。\n")
	refresh("content/yw/a.md")
	if err := os.Remove(filepath.Join(dir, "site.yaml")); err != nil {
		t.Fatal(err)
	}
	refresh("site.yaml")
	put("site.yaml", settings)
	refresh("site.yaml")
	has(here, "改过。")

	// Nothing changes but the time.
	time.Sleep(20 * time.Millisecond) // for the clock of the file system to move on
	refresh()
	if refresh() {
		t.Error("nothing changed, and something did")
	}
	now = d.Next()
	if !refresh() {
		t.Error("time brings no change")
	}
	if _, _, ok := d.File(here); ok {
		t.Error("an expired article is there")
	}
}
