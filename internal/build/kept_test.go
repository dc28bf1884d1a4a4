package build

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const keptSettings = "name: 云岫党建网\nbaseURL: https://t.example/\n"

// rebuilt builds a site, changes files (an empty text removes one), and builds it again at a later time with what it remembers and,
// beside, without. It reports where the two differ. between, if there is one, is done instead of a second build.
func rebuilt(t *testing.T, files, changed map[string]string, between func(dir string), later time.Duration) {
	t.Helper()
	if files["site.yaml"] == "" {
		files["site.yaml"] = keptSettings
	}
	files["content/yw/_index.md"] = "---\ntitle: 要闻\n---\n"
	dir := makeSite(t, files)
	_, problems := buildSite(t, dir, nil)
	if strings.Contains(problems, "error:") {
		t.Fatal(problems)
	}
	if between == nil {
		if err := os.WriteFile(filepath.Join(dir, "content/yw/z.md"), []byte(strings.Replace(page("末", "正文。"), "01-02", "01-01", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		buildSite(t, dir, nil) // now it knows the hash of every file that is used
	} else {
		between(dir)
	}
	for name, text := range changed {
		if text == "" {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				t.Fatal(err)
			}
			continue
		}
		put(t, dir, name, text)
	}
	at := func(o *Options) {
		o.Now = func(*time.Location) (time.Time, error) {
			return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Add(later), nil
		}
	}
	got, gotSaid := buildSite(t, dir, at)
	want, wantSaid := buildSite(t, dir, func(o *Options) { at(o); o.Forget, o.Out = true, filepath.Join(dir, "clean") })
	if gotSaid != wantSaid {
		t.Errorf("problems:\n%s\nclean:\n%s", gotSaid, wantSaid)
	}
	if strings.Contains(wantSaid, "error:") {
		return
	}
	for _, d := range unequal(got, want) {
		t.Error(d)
	}
}

// Two files with the same bytes can stand at one address: that of _static goes before.
func TestKeptPageKnowsWhichFileItShows(t *testing.T) {
	pic := string(camera(t, 900, 600))
	base := map[string]string{
		"content/_static/x/p.jpg": pic, "content/x/p.jpg": pic,
		"content/_static/x/f.pdf": "abc", "content/x/f.pdf": "abc",
		"content/yw/a.md": strings.Replace(page("甲", "正文。"), "source", "image: /x/p.jpg\nattachments: [{file: /x/f.pdf, title: 附}]\nsource", 1),
		"content/yw/b.md": page("乙", "见[附件](/x/f.pdf)。\n\n![图](/x/p.jpg)"),
	}
	t.Run("static goes", func(t *testing.T) {
		rebuilt(t, base, map[string]string{"content/_static/x/p.jpg": "", "content/_static/x/f.pdf": ""}, nil, 0)
	})
	t.Run("static comes", func(t *testing.T) {
		without := map[string]string{}
		for k, v := range base {
			if !strings.HasPrefix(k, "content/_static") {
				without[k] = v
			}
		}
		rebuilt(t, without, map[string]string{"content/_static/x/p.jpg": pic, "content/_static/x/f.pdf": "abd"}, nil, 0)
	})
}

// The page of a withdrawn article shows the way to its column, also where addresses do not name it.
func TestKeptNoticeKnowsItsColumn(t *testing.T) {
	text := strings.Replace(page("甲", "正文。"), "source", "id: aaaaaaaaaa\nstatus: withdrawn\nwithdrawnNotice: 已撤。\nsource", 1)
	rebuilt(t, map[string]string{
		"site.yaml":            keptSettings + "articleURL: /a/{id}.html\n",
		"content/tz/_index.md": "---\ntitle: 通知\n---\n",
		"content/yw/b.md":      page("乙", "正文。"), "content/yw/a.md": text,
	}, map[string]string{"content/yw/a.md": "", "content/tz/a.md": text}, nil, 0)
}

// A link may lead to the notice of a withdrawn article, whose address has its date.
func TestKeptLinkToNotice(t *testing.T) {
	text := strings.Replace(page("甲", "正文。"), "source", "status: withdrawn\nwithdrawnNotice: 已撤。\nsource", 1)
	rebuilt(t, map[string]string{
		"content/yw/b.md": page("乙", "见[甲](/yw/2026/a.html)。"), "content/yw/a.md": text,
	}, map[string]string{"content/yw/a.md": strings.Replace(text, "2026-01", "2025-01", 1)}, nil, 0)
}

// A file is taken from the public by an internal article that names it.
func TestKeptLinkToFileThatBecameInternal(t *testing.T) {
	text := strings.Replace(page("甲", "正文。"), "source", "audience: internal\nsource", 1)
	rebuilt(t, map[string]string{
		"content/yw/p.pdf": "x",
		"content/yw/b.md":  page("乙", "见[甲](p.pdf)。"), "content/yw/a.md": text,
	}, map[string]string{"content/yw/a.md": strings.Replace(text, "source", "attachments: [{file: p.pdf, title: 附}]\nsource", 1)}, nil, 0)
}

// As time passes one article follows another at the same address; a link to the file of the first is then a link to nothing.
func TestKeptLinkToArticleThatTookAnothersPlace(t *testing.T) {
	a := strings.Replace(page("甲", "正文。"), "source", "slug: x\nexpiryDate: 2026-07-01\nsource", 1)
	b := strings.Replace(page("乙", "正文。"), "source", "slug: x\npublishDate: 2026-07-01\nsource", 1)
	rebuilt(t, map[string]string{
		"content/tz/_index.md": "---\ntitle: 通知\n---\n", "content/yw/a.md": a, "content/yw/b.md": b,
		"content/tz/c.md": strings.Replace(page("丙", "见[甲](../yw/a.md)。"), "01-02", "01-05", 1),
	}, nil, nil, 60*24*time.Hour)
}

// A column that is not shown is not the same as none.
func TestKeptLinkToInternalColumn(t *testing.T) {
	rebuilt(t, map[string]string{
		"content/nb/_index.md": "---\ntitle: 内部\naudience: internal\n---\n",
		"content/yw/b.md":      page("乙", "见[甲](../nb/)。"),
	}, map[string]string{"content/nb/_index.md": ""}, nil, 0)
}

// A run that is killed as it remembers leaves pages without the hashes of files.
func TestKeptPageWithoutIndex(t *testing.T) {
	pics := [3]string{string(camera(t, 900, 600)), string(camera(t, 1000, 600)), string(camera(t, 1100, 600))}
	files := map[string]string{
		"content/yw/p.jpg": pics[0], "content/yw/q.jpg": pics[1],
		"content/yw/b.md": page("乙", "![图](p.jpg)\n\n![图](q.jpg)"),
	}
	rebuilt(t, files, map[string]string{"content/yw/q.jpg": pics[2]}, func(dir string) {
		if err := os.Remove(filepath.Join(dir, ".zhendi/cache/public/index")); err != nil {
			t.Fatal(err)
		}
	}, 0)
}

// Wherever a file of the memory comes from, a feed takes no text of another edition from it.
func TestFeedTakesNoTextOfAnotherFeed(t *testing.T) {
	base := map[string]string{"site.yaml": keptSettings + "editions: [zh-Hans, zh-Hant]\n",
		"content/yw/a.md": page("甲", "见前文。"), "content/yw/b.md": page("乙", "正文。")}
	rebuilt(t, base, map[string]string{"content/yw/b.md": page("乙", "正文，又一句。")}, func(dir string) {
		texts, err := filepath.Glob(filepath.Join(dir, CacheDir, "cache/public/texts/*"))
		if err != nil || len(texts) < 2 {
			t.Fatal(texts, err)
		}
		held := make([][]byte, len(texts))
		for i, name := range texts {
			if held[i], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
		for i, name := range texts { // each gets what each other has: two feeds of an edition may be alike
			if err := os.WriteFile(name, held[(i+len(held)/2)%len(held)], 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}, 0)
}

// A file that an article names was not shown, which is no mistake; when it is not there any more, or internal, it is one.
func TestKeptMentionOfFileThatIsNotShown(t *testing.T) {
	bundle := setKey(page("己", "正文。"), "status", "draft")
	files := map[string]string{"site.yaml": keptSettings,
		"content/yw/f/index.md": bundle, "content/yw/f/f.pdf": "f", "content/yw/f/p.jpg": string(camera(t, 900, 600)),
		"content/yw/a.md": setKey(page("甲", "正文。"), "attachments", "[/yw/f/f.pdf]"),
		"content/yw/b.md": setKey(page("乙", "正文。"), "image", "f/p.jpg"),
	}
	inTurn(t, files, map[string]map[string]string{
		"gone":     {"content/yw/f/f.pdf": ""},
		"internal": {"content/yw/f/index.md": setKey(bundle, "audience", "internal")},
		"picture":  {"content/yw/f/p.jpg": ""},
		"shown":    {"content/yw/f/index.md": setKey(bundle, "status", "")},
	})
}

// What a file is refused for may be a page that was kept.
func TestCollisionWithKeptPage(t *testing.T) {
	files := map[string]string{"site.yaml": keptSettings + "pageSize: 5\n", "content/tz/_index.md": front("title", "通知"), "content/tz/b.md": page("乙", "正文。"),
		"content/yw/l.md": page("长", "上。\n\n<!-- page -->\n\n下。")}
	for n := range 9 {
		files[fmt.Sprintf("content/yw/a%d.md", n)] = strings.Replace(page("甲", "正文。"), "2026-01", fmt.Sprintf("2025-0%d", 1+n), 1)
	}
	inTurn(t, files, map[string]map[string]string{
		"archive":         {"content/tz/b.md": setKey(files["content/tz/b.md"], "aliases", "[/yw/2025/]")},
		"part of archive": {"content/tz/b.md": setKey(files["content/tz/b.md"], "aliases", "[/yw/2025/_q1.html]")},
		"part of article": {"content/tz/b.md": setKey(files["content/tz/b.md"], "aliases", "[/yw/2026/l_2.html]")},
		"static":          {"content/_static/yw/2025/index.html": "x"},
		"folder":          {"content/tz/b.md": setKey(files["content/tz/b.md"], "aliases", "[/yw/2026/l_2.html/x.html]")},
	})
}

// What front matter says of an article that is not shown is said anew when that goes, or is shown.
func TestMentionOfHiddenArticle(t *testing.T) {
	base := map[string]string{
		"content/tz/_index.md": front("title", "通知"),
		"content/tz/a.md":      setKey(page("甲", "正文。"), "attachments", "[../yw/b.md]"),
		"content/yw/b.md":      setKey(page("乙", "正文。"), "status", "draft"),
	}
	t.Run("deleted", func(t *testing.T) { rebuilt(t, maps.Clone(base), map[string]string{"content/yw/b.md": ""}, nil, 0) })
	t.Run("published", func(t *testing.T) {
		rebuilt(t, maps.Clone(base), map[string]string{"content/yw/b.md": setKey(base["content/yw/b.md"], "status", "")}, nil, 0)
	})
	t.Run("time", func(t *testing.T) {
		c := maps.Clone(base)
		c["content/yw/b.md"] = setKey(page("乙", "正文。"), "publishDate", "2026-07-01")
		rebuilt(t, c, nil, nil, 60*24*time.Hour)
	})
	t.Run("image deleted", func(t *testing.T) {
		c := maps.Clone(base)
		c["content/tz/a.md"] = setKey(page("甲", "正文。"), "image", "../yw/b.md")
		rebuilt(t, c, map[string]string{"content/yw/b.md": ""}, nil, 0)
	})
}

// A run was killed between the two: the memos' names must not be looked up by the places of a later index.
func TestNamesOfAnEarlierBuild(t *testing.T) {
	rebuilt(t, map[string]string{
		"content/yw/a.md": page("甲", "见[附件](p.pdf)。"), "content/yw/p.pdf": "p", "content/yw/q.pdf": "q",
		"content/tz/_index.md": front("title", "通知"), "content/tz/b.md": setKey(page("乙", "正文。"), "date", "2025-01-01"),
	}, map[string]string{"content/tz/b.md": setKey(page("新", "正文。"), "date", "2025-01-01")}, func(dir string) {
		buildSite(t, dir, nil)
		killedBetween(t, dir)
	}, 0)
}

// A file that was gone and came back, beside others that are new, is that which the page shows.
func TestFileThatCameBack(t *testing.T) {
	with := page("甲", "见[附件](p.pdf)。")
	dir := makeSite(t, map[string]string{"site.yaml": keptSettings, "content/yw/_index.md": front("title", "要闻"),
		"content/yw/a.md": with, "content/yw/p.pdf": "p"})
	step := func(changed map[string]string) {
		for name, text := range changed {
			if text == "" {
				os.Remove(filepath.Join(dir, name))
			} else {
				put(t, dir, name, text)
			}
		}
		got, gotSaid := buildSite(t, dir, nil)
		want, wantSaid := buildSite(t, dir, func(o *Options) { o.Forget, o.Out = true, filepath.Join(dir, "clean") })
		if gotSaid != wantSaid {
			t.Error(gotSaid, wantSaid)
		}
		for _, d := range unequal(got, want) {
			t.Error(maps.Keys(changed), d)
		}
	}
	step(nil)
	step(map[string]string{"content/yw/a.md": page("甲", "无。"), "content/yw/p.pdf": ""})
	step(map[string]string{"content/yw/a.md": with, "content/yw/p.pdf": "p", "content/yw/z.pdf": "unused"})
	step(map[string]string{"content/yw/b.md": setKey(page("乙", "正文。"), "date", "2025-01-01")})
	step(map[string]string{"content/yw/0.pdf": "moves all"})
	step(map[string]string{"content/yw/b.md": ""})
}
