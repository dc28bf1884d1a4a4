package build

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// movedSite is a site in which each article has one link: what a change does not reach is kept, however many others it does.
func movedSite(t *testing.T) map[string]string {
	files := map[string]string{
		"site.yaml":                    keptSettings + "editions: [zh-Hans, zh-Hant]\n",
		"content/tz/_index.md":         front("title", "通知"),
		"content/nb/_index.md":         front("title", "内部", "audience", "internal"),
		"content/yw/a.md":              setKey(page("甲", "正文。"), "tags", "[甲]"),
		"content/yw/b.md":              setKey(setKey(page("乙", "正文。"), "aliases", "[/old/b.html, /old/b/]"), "tags", "[乙]"),
		"content/yw/c.md":              setKey(setKey(page("丙", "正文。"), "status", "withdrawn"), "withdrawnNotice", "已撤"),
		"content/yw/d.md":              setKey(page("丁", "正文。"), "link", "/yw/2026/a.html"),
		"content/yw/e.md":              setKey(page("戊", "正文。"), "expiryDate", "2026-07-01"),
		"content/yw/e.zh-hant.md":      front("title", "戊") + "\n另寫。\n",
		"content/yw/f/index.md":        page("己", "正文。"),
		"content/yw/f/f.pdf":           "f",
		"content/yw/p.jpg":             string(camera(t, 900, 600)),
		"content/yw/p.pdf":             "p",
		"content/zz/_index.md":         front("title", "组织"),
		"content/zz/d.md":              setKey(page("转", "正文。"), "link", "/yw/2026/g.html"),
		"content/yw/g.md":              page("庚", "正文。"),
		"content/yw/h.md":              page("辛", "正文。"),
		"content/yw/h.zh-hant.md":      front("title", "辛篇") + "\n另寫。\n",
		"content/_static/up/s.md":      "s",
		"content/_data/redirects.yaml": "redirects: [{from: /art/1.html, to: /yw/a.md}]\n",
	}
	for n, link := range []string{"../yw/a.md", "/yw/a", "../yw/a", "/yw/2026/a.html", "/hant/yw/2026/a.html", "/yw/2026/b.html#x", "../yw/b.md?y=1", "/old/b.html", "/old/b/", "/old/b/index.html",
		"/yw/2026/c.html", "../yw/d.md", "../yw/e.md", "../yw/e.zh-hant.md", "/yw/2026/e.html", "../yw/f/", "../yw/f", "/yw/f/f.pdf", "../yw/f/f.pdf", "../yw/p.pdf", "/yw/p.pdf", "/up/s.md", "/tags/甲/", "/tags/%E7%94%B2/",
		"/art/1.html", "/tz/", "https://t.example/"} {
		files[fmt.Sprintf("content/tz/l%02d.md", n)] = page("链", "见[文]("+link+")。")
	}
	files["content/tz/m1.md"], files["content/tz/m2.md"] = page("图", "![图](../yw/p.jpg)"), page("图", "![图](/yw/p.jpg)")
	pic := files["content/yw/p.jpg"] // the digest of an article knows the first picture of its text
	files["content/yw/q.jpg"], files["content/tz/m5.md"] = pic, page("图", "![图](/yw/p.jpg)\n\n![图](/yw/q.jpg)")
	files["content/_static/up/i.jpg"], files["content/tz/m6.md"] = pic, page("图", "![图](/yw/q.jpg)\n\n![图](/up/i.jpg)\n\n![图](../yw/p.jpg)")
	files["content/tz/m3.md"] = setKey(page("图", "正文。"), "image", "/yw/p.jpg")
	files["content/tz/m4.md"] = setKey(page("附", "正文。"), "attachments", "[/yw/p.pdf, /yw/f/f.pdf, /up/s.md]")
	return files
}

// Pages are kept without asking where their links lead where nothing has moved that they ask for. Each of these changes moves something.
func TestLinksOfOthersFollowAChange(t *testing.T) {
	s := movedSite(t)
	set := func(name, key, value string) map[string]string {
		return map[string]string{"content/" + name: setKey(s["content/"+name], key, value)}
	}
	inTurn(t, s, map[string]map[string]string{
		"another address":              set("yw/a.md", "slug", "x"),
		"another year":                 set("yw/a.md", "date", "2025-01-02 03:04"),
		"withdrawn":                    set("yw/b.md", "status", "withdrawn"),
		"withdrawn with notice":        {"content/yw/b.md": setKey(setKey(s["content/yw/b.md"], "status", "withdrawn"), "withdrawnNotice", "已撤")},
		"deleted":                      {"content/yw/a.md": ""},
		"renamed":                      {"content/yw/a.md": "", "content/yw/z.md": setKey(s["content/yw/a.md"], "slug", "a")},
		"notice gone":                  {"content/yw/c.md": ""},
		"published again":              set("yw/c.md", "status", ""),
		"link elsewhere":               set("yw/d.md", "link", "/yw/2026/b.html"),
		"link becomes an article":      set("yw/d.md", "link", ""),
		"article becomes a link":       set("yw/b.md", "link", "/yw/"),
		"no alias":                     set("yw/b.md", "aliases", ""),
		"one alias less":               set("yw/b.md", "aliases", "[/old/b/]"),
		"alias taken over":             {"content/yw/b.md": setKey(s["content/yw/b.md"], "aliases", "[/old/b/]"), "content/yw/a.md": setKey(s["content/yw/a.md"], "aliases", "[/old/b.html]")},
		"alias becomes a page":         {"content/yw/b.md": setKey(setKey(s["content/yw/b.md"], "aliases", "[/old/b.html]"), "slug", "q")},
		"tag gone":                     set("yw/a.md", "tags", ""),
		"twin gone":                    {"content/yw/e.zh-hant.md": ""},
		"twin renamed":                 {"content/yw/e.zh-hant.md": "", "content/yw/e.zh-hans.md": s["content/yw/e.zh-hant.md"]},
		"bundle comes first":           {"content/yw/a/index.md": setKey(page("子", "正文。"), "slug", "sub")},
		"bundle withdrawn":             set("yw/f/index.md", "status", "withdrawn"),
		"bundle becomes a file":        {"content/yw/f/index.md": "", "content/yw/f.md": s["content/yw/f/index.md"]},
		"picture swapped":              {"content/yw/p.jpg": string(camera(t, 1000, 600))},
		"static picture swapped":       {"content/_static/up/i.jpg": string(camera(t, 1000, 600))},
		"picture gone":                 {"content/yw/p.jpg": ""},
		"file swapped":                 {"content/yw/p.pdf": "pp"},
		"file swapped, same size":      {"content/yw/p.pdf": "q"},
		"text that is a file":          {"content/_static/up/s.md": "ss"},
		"picture before a picture":     {"content/_static/yw/q.jpg": string(camera(t, 1000, 600))},
		"file taken by an internal":    {"content/nb/n.md": setKey(page("内", "正文。"), "attachments", "[/yw/p.pdf]")},
		"static taken by internal":     {"content/nb/n.md": setKey(page("内", "正文。"), "attachments", "[/up/s.md]")},
		"retired address gone":         {"content/_data/redirects.yaml": "redirects: []\n"},
		"retired address is gone":      {"content/_data/redirects.yaml": "gone: [/art/1.html]\n"},
		"two change addresses":         {"content/yw/a.md": setKey(s["content/yw/a.md"], "slug", "b"), "content/yw/b.md": setKey(s["content/yw/b.md"], "slug", "a")},
		"two things at once":           {"content/yw/a.md": setKey(s["content/yw/a.md"], "title", "新"), "content/yw/p.pdf": "pp", "content/yw/f/index.md": ""},
		"nothing but an edit":          {"content/yw/a.md": s["content/yw/a.md"] + "\n又。\n"},
		"what a link article leads to": {"content/yw/g.md": ""},
		"unlinked twin gone":           {"content/yw/h.zh-hant.md": ""},
	})
	t.Run("expired", func(t *testing.T) { rebuilt(t, maps.Clone(s), nil, nil, 60*24*time.Hour) })
}

// A run may be killed when it has remembered the files and not yet what the pages were made of. Files then have other places than those
// that the memos speak of.
func TestMemosOfAnEarlierBuild(t *testing.T) {
	files := map[string]string{}
	for n := range 8 { // in the order of their paths
		files[fmt.Sprintf("content/yw/a%d.md", n)] = setKey(page("甲", "正文。"), "date", fmt.Sprintf("2026-01-%02d", 20-n))
	}
	rebuilt(t, files, map[string]string{"content/yw/a4.md": setKey(files["content/yw/a4.md"], "title", "新")}, func(dir string) { killedBetween(t, dir) }, 0)
}

// killedBetween adds a draft, before all else by its path, and builds as if the run were killed when it had remembered the files and not yet
// what the pages were made of.
func killedBetween(t *testing.T, dir string) {
	t.Helper()
	name := filepath.Join(dir, CacheDir, "cache/public/pages")
	memos, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "content/yw/0.md", setKey(page("稿", "正文。"), "status", "draft"))
	buildSite(t, dir, nil)
	if err := os.WriteFile(name, memos, 0o666); err != nil {
		t.Fatal(err)
	}
}
