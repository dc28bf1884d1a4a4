package build

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const inTwo = keptSettings + "editions: [zh-Hans, zh-Hant]\n"

// with adds lines to the head of an article.
func with(text, lines string) string { return strings.Replace(text, "source", lines+"source", 1) }

func TestNoticeFollowsTheScript(t *testing.T) {
	text := with(page("甲", "正文。"), "status: withdrawn\nwithdrawnNotice: 国家已撤。\n")
	rebuilt(t, map[string]string{"site.yaml": inTwo, "content/yw/b.md": page("乙", "正文。"), "content/yw/a.md": text},
		map[string]string{"content/yw/a.md": with(text, "lang: zh-Hant\n")}, nil, 0)
}

func TestTwinThatChangesItsScript(t *testing.T) {
	twin := "---\ntitle: 丁\n---\n\n另文。\n"
	rebuilt(t, map[string]string{"site.yaml": inTwo, "content/yw/b.md": page("乙", "正文。"), "content/yw/a.md": page("甲", "正文。"), "content/yw/a.zh-hant.md": twin},
		map[string]string{"content/yw/a.zh-hant.md": "", "content/yw/a.zh-hans.md": twin}, nil, 0)
}

func TestSeriesIsNamedAsItsOldestArticleSaysInEachEdition(t *testing.T) {
	on := func(text, day string) string { return strings.Replace(text, "01-02", day, 1) }
	rebuilt(t, map[string]string{"site.yaml": inTwo,
		"content/yw/a.md": on(with(page("甲", "正文。"), "series: 台湾同胞\n"), "05-03"),
		"content/yw/b.md": on(with(page("乙", "正文。"), "series: 台湾同胞\n"), "05-02"),
		"content/yw/c.md": on(with(page("丙", "正文。"), "series: 台湾同胞\nlang: zh-Hans\n"), "05-01"),
	}, map[string]string{"content/yw/c.md": on(with(page("丙", "正文。"), "series: 台灣同胞\nlang: zh-Hant\n"), "05-01")}, nil, 0)
}

func TestCatalogueFollowsTheScript(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("国家", "正文。")})
	buildSite(t, dir, nil)
	put(t, dir, "content/yw/a.md", with(page("国家", "正文。"), "lang: zh-Hant\n"))
	buildSite(t, dir, nil)
	name := filepath.Join(dir, CacheDir, "catalogue.json")
	got, _ := os.ReadFile(name)
	buildSite(t, dir, func(o *Options) { o.Forget, o.Out = true, filepath.Join(dir, "clean") })
	want, _ := os.ReadFile(name)
	if !bytes.Equal(got, want) {
		t.Errorf("catalogue:\n%s\nclean:\n%s", got, want)
	}
}

func TestCatalogueThatCannotBePlacedLeavesNothing(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("国家", "正文。")})
	if err := os.MkdirAll(filepath.Join(dir, CacheDir, "catalogue.json", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, said := buildSite(t, dir, nil)
	if left, _ := filepath.Glob(filepath.Join(dir, CacheDir, "catalogue-*.tmp")); len(left) > 0 {
		t.Error(left, said)
	}
}

func TestLinkArticleFollowsRedirectsOfEachEdition(t *testing.T) {
	link := "---\ntitle: 丁\ndate: 2026-01-03\nsource: 本网\nlink: /old.html\n---\n"
	rebuilt(t, map[string]string{"site.yaml": inTwo, "content/yw/b.md": page("乙", "正文。"), "content/yw/l.md": link},
		map[string]string{"content/_data/redirects.yaml": "redirects:\n  - {from: /hant/old.html, to: /yw/2026/b.html}\n"}, nil, 0)
}

func TestArticleNamedAsAQuarter(t *testing.T) {
	files := map[string]string{"site.yaml": keptSettings + "pageSize: 5\n", "content/yw/_index.md": "---\ntitle: 要闻\n---\n"}
	for i, day := range []string{"2025-01-02", "2025-02-02", "2025-03-02", "2025-05-02", "2025-06-02", "2025-08-02", "2025-11-02", "2025-12-02", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"} {
		name := string(rune('a' + i))
		if i == 0 {
			name = "q1" // a quarterly report
		}
		files["content/yw/"+name+".md"] = strings.Replace(page("文"+name, "正文。"), "2026-01-02", day, 1)
	}
	_, said := buildSite(t, makeSite(t, files), nil)
	if said != "" {
		t.Error(said)
	}
}
