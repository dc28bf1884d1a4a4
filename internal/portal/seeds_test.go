package portal

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	yaml "go.yaml.in/yaml/v4"
	"golang.org/x/net/html"

	"zhendi/internal/build"
	"zhendi/internal/diag"
)

// seedContent holds five real pages as articles. It stands beside the repository and not in it.
const seedContent = root + "/../shared/seeds-site/content"

func needSeeds(t *testing.T) {
	t.Helper()
	_, err := os.Stat(seedContent)
	need(t, err == nil, "../shared/seeds-site", "the tests on five real pages")
}

var seeds = &made{name: "seeds", base: "https://seeds.example/", source: func(t *testing.T, dir string) string {
	writeSeeds(t, dir, seedSettings)
	return dir
}}

const seedSettings = `
name: 种子网
baseURL: https://seeds.example/
rootLabel: 首頁
greeting: 欢迎访问种子网!
police: 云公网安备 00000000000001号
since: 2006
copyright:
  original: 原创声明。
  reprint: 转载声明。
`

// seedColumns are the columns' files that differ from those beside the repository.
var seedColumns = map[string]string{
	"dxal":      "title: 典型案例\nrequired: [title, source]\nnumbering: true\ntoc: true\n",
	"bmgz/zzjs": "title: 组织建设\nnumbering: true\ntoc: true\n",
}

// writeSeeds makes a site of the seeds in dir.
func writeSeeds(t *testing.T, dir, settings string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS(seedContent)); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "site.yaml", settings)
	for c, text := range seedColumns {
		write(t, dir, "content/"+c+"/_index.md", "---\n"+text+"---\n")
	}
	// The page was a reprint; the file does not say so.
	s := readSeed(t, 1)
	write(t, dir, s.file, strings.Replace(s.text, "\nsource:", "\noriginal: false\nsource:", 1))
}

// seed is an article file as a reader other than zhendi sees it.
type seed struct {
	file, text string
	front      map[string]any
	body       string
}

func (s seed) str(key string) string {
	v, _ := s.front[key].(string)
	return v
}

// readSeed reads seed number n.
func readSeed(t *testing.T, n int) seed {
	t.Helper()
	var s seed
	for p, b := range tree(t, seedContent) {
		if strings.Contains(p, "/seed-"+string(rune('0'+n))+"-") {
			s.file, s.text = "content/"+p, string(b)
		}
	}
	_, rest, _ := strings.Cut(s.text, "---\n")
	front, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		t.Fatalf("seed %d was not found", n)
	}
	s.body = body
	if err := yaml.Unmarshal([]byte(front), &s.front); err != nil {
		t.Fatal(err)
	}
	return s
}

// seedPage is the page of seed n in the site of the seeds.
func seedPage(t *testing.T, n int) *page {
	t.Helper()
	needSeeds(t)
	for _, pg := range seeds.get(t).kind("article") {
		if strings.Contains(pg.path, "/seed-"+string(rune('0'+n))+"-") {
			return pg
		}
	}
	t.Fatalf("seed %d has no page", n)
	return nil
}

// The tests below are the tables 4.0 to 4.4 of the survey of real portals: what the five
// pages show must be there. Left to others, each with its reason:
//
//	今天是, font size, view counts      need a script; here: no label without a value
//	series, hot list, related           lists across columns are tested with the whole portal
//	traditional edition                 the second script has an issue of its own
//	damaged text, pinyin, wording       found by the checker, not changed by the build
//	sharing on WeChat, member-only text need a server

// crumbs are the titles of the columns above the article, as their files give them.
func (s seed) crumbs(t *testing.T) []string {
	t.Helper()
	var out []string
	for dir := path.Dir(strings.TrimPrefix(s.file, "content/")); dir != "."; dir = path.Dir(dir) {
		b, err := os.ReadFile(filepath.Join(seedContent, dir, "_index.md"))
		if err != nil {
			t.Fatal(err)
		}
		m := columnTitle.FindSubmatch(b)
		if m == nil {
			t.Fatalf("%s has no title", dir)
		}
		out = append(out, string(m[1]))
	}
	out = append(out, "首頁")
	slices.Reverse(out)
	return out
}

var columnTitle = regexp.MustCompile(`(?m)^title: (.*)$`)

// correspondents are the names in the front matter, after the unit.
func (s seed) correspondents() string {
	var names []string
	list, _ := s.front["correspondents"].([]any)
	for _, n := range list {
		names = append(names, fmt.Sprint(n))
	}
	return strings.TrimSpace(s.str("correspondent_unit") + " " + strings.Join(names, "、"))
}

func TestSeedsAll(t *testing.T) {
	needSeeds(t)
	for n := range 5 {
		pg, s := seedPage(t, n), readSeed(t, n)
		crumbs := s.crumbs(t)
		t.Run(pg.path, func(t *testing.T) {
			t.Run("greeting", func(t *testing.T) {
				if got := text(pg.one(t, ".hello > span:first-child")); got != "欢迎访问种子网!" {
					t.Errorf("greeting %q", got)
				}
			})
			t.Run("no label of what needs a script", func(t *testing.T) {
				for _, label := range []string{"今天是", "阅读次数", "字体大小", "字号", "登录", "注册", "验证码"} {
					if strings.Contains(visible(pg.one(t, "body")), label) {
						t.Errorf("%s is seen without scripts", label)
					}
				}
			})
			t.Run("breadcrumb", func(t *testing.T) {
				if got := texts(pg.all(".crumbs li")); strings.Join(got, ">") != strings.Join(crumbs, ">") {
					t.Errorf("breadcrumb %v, want %v", got, crumbs)
				}
				if len(pg.all(".crumbs li > a[href]")) != len(crumbs) {
					t.Error("a crumb is no link")
				}
				if s := text(pg.one(t, ".crumbs")); strings.ContainsAny(s[len(s)-1:], ">/»") {
					t.Errorf("separator at the end: %s", s)
				}
			})
			t.Run("title", func(t *testing.T) {
				if got := rawText(pg.one(t, "h1")); got != s.str("title") {
					t.Errorf("title %q, want %q", got, s.str("title"))
				}
				column := crumbs[len(crumbs)-1]
				if got, want := rawText(pg.one(t, "head > title")), s.str("title")+"_"+column+"_种子网"; got != want {
					t.Errorf("<title> %q, want %q", got, want)
				}
			})
			t.Run("particulars", func(t *testing.T) {
				if got := pg.label("来源"); got != s.str("source") {
					t.Errorf("source %q", got)
				}
				if got := pg.label("作者"); got != s.str("author") {
					t.Errorf("author %q", got)
				}
				if got := pg.label("栏目"); got != crumbs[len(crumbs)-1] {
					t.Errorf("column %q", got)
				}
				if attr(first(pg.doc, ".meta dd a"), "href") != attr(pg.all(".crumbs a")[len(crumbs)-1], "href") {
					t.Error("the column's name does not lead to it")
				}
			})
			t.Run("nothing of the text is lost or changed", func(t *testing.T) {
				want := bare(heading.ReplaceAllString(s.body, ""))
				if got := bare(rawText(pg.one(t, ".body"))); got != want {
					t.Errorf("text differs: %s", differ(want, got))
				}
			})
			t.Run("no indent, no paragraph without text", func(t *testing.T) {
				for _, par := range pg.all(".body p") {
					s := rawText(par)
					if bare(s) == "" {
						t.Error("empty paragraph")
					}
					if strings.TrimLeftFunc(s, unicode.IsSpace) != s {
						t.Errorf("indented by characters: %.20q", s)
					}
				}
			})
			t.Run("language", func(t *testing.T) {
				want := ""
				if s.str("lang") == "zh-Hant" {
					want = "zh-Hant"
				}
				if got := attr(pg.one(t, ".body"), "lang"); got != want {
					t.Errorf("lang of the text is %q, want %q", got, want)
				}
			})
			t.Run("QR code", func(t *testing.T) {
				if got := text(pg.one(t, ".qr-box figcaption")); got != "扫一扫在手机打开当前页" {
					t.Errorf("label %q", got)
				}
				if got := readQR(t, pg); got != pg.canonical() {
					t.Errorf("QR code says %q, canonical %q", got, pg.canonical())
				}
			})
			t.Run("nothing that a static page cannot do", func(t *testing.T) {
				pg.none(t, "form, input, select, textarea, iframe, object, embed")
			})
			t.Run("footer", func(t *testing.T) {
				police := pg.one(t, ".foot a[href*='beian']")
				if text(police) != "云公网安备 00000000000001号" || !strings.HasSuffix(attr(police, "href"), "recordcode=00000000000001") {
					t.Errorf("%s -> %s", text(police), attr(police, "href"))
				}
				since := pg.one(t, ".foot [data-since]")
				if text(since) != "2006" || attr(since, "data-since") != "2006" {
					t.Errorf("copyright since %q", text(since))
				}
			})
			t.Run("notice", func(t *testing.T) {
				want := "原创声明。"
				if n == 1 {
					want = "转载声明。"
				}
				if got := text(pg.one(t, ".notice")); got != want {
					t.Errorf("notice %q, want %q", got, want)
				}
			})
		})
	}
}

var heading = regexp.MustCompile(`(?m)^#+ `)

func differ(a, b string) string {
	ra, rb := []rune(a), []rune(b)
	i := 0
	for i < len(ra) && i < len(rb) && ra[i] == rb[i] {
		i++
	}
	cut := func(r []rune) string { return string(r[max(0, i-5):min(len(r), i+15)]) }
	return "want …" + cut(ra) + "…, got …" + cut(rb) + "…"
}

func TestSeed0(t *testing.T) {
	pg := seedPage(t, 0)
	t.Run("time", func(t *testing.T) {
		if got, meta := pg.label("发布时间"), metaOf(t, pg, "PubDate"); got != "2025-09-01 08:22" || meta != got {
			t.Errorf("shown %q, PubDate %q", got, meta)
		}
	})
	t.Run("editor's note", func(t *testing.T) {
		box := pg.one(t, ".editor-note")
		note := text(pg.one(t, ".editor-note > p:not(.editor-note-label)"))
		if len([]rune(note)) < 100 || text(first(box, ".editor-note-label")) != "编者按" {
			t.Errorf("note: %.60q", text(box))
		}
		if strings.Count(visible(pg.one(t, "body")), note[:60]) != 1 {
			t.Error("the note is shown more than once")
		}
		if d := metaOf(t, pg, "Description"); strings.Contains(d, note[:60]) {
			t.Error("the note is the summary")
		}
		if isBefore(pg.one(t, ".body"), box) {
			t.Error("the note is not before the text")
		}
	})
	t.Run("levels of headings", func(t *testing.T) {
		toc := texts(pg.all(".toc a"))
		var top []string
		for _, e := range toc {
			if r := []rune(e); len(r) > 1 && r[1] == '、' {
				top = append(top, string(r[0]))
			}
		}
		if strings.Join(top, "") != "一二三四五" {
			t.Errorf("contents: %v", toc)
		}
		if n := len(pg.all(".body h3")); n != 5 {
			t.Errorf("%d headings of the first numbered level", n)
		}
	})
	t.Run("numbers inside paragraphs stay", func(t *testing.T) {
		found := false
		for _, par := range pg.all(".body > p") {
			s := rawText(par)
			if strings.Contains(s, "①") && strings.Contains(s, "②") && strings.Contains(s, "③") {
				found = true
			}
		}
		if !found {
			t.Error("no paragraph with ①②③")
		}
		pg.none(t, ".body ol")
		for _, start := range []string{"1.", "2.", "3."} {
			if !startsParagraph(pg, start) {
				t.Errorf("no paragraph starts with %s", start)
			}
		}
	})
}

func startsParagraph(pg *page, s string) bool {
	for _, par := range pg.all(".body p") {
		if strings.HasPrefix(rawText(par), s) {
			return true
		}
	}
	return false
}

// isBefore reports whether a comes before b in the document.
func isBefore(a, b *html.Node) bool {
	n := a
	for n.Parent != nil {
		n = n.Parent
	}
	found := ""
	walk(n, func(m *html.Node) bool {
		if found == "" && m == a {
			found = "a"
		}
		if found == "" && m == b {
			found = "b"
		}
		return found == ""
	})
	return found == "a"
}

func TestSeed1(t *testing.T) {
	pg := seedPage(t, 1)
	t.Run("time with seconds", func(t *testing.T) {
		if got, meta := pg.label("发布时间"), metaOf(t, pg, "PubDate"); got != "2021-12-20 14:14" || meta != got {
			t.Errorf("shown %q, PubDate %q", got, meta)
		}
		if got := attr(pg.one(t, ".meta time"), "datetime"); got != "2021-12-20T14:14:54+08:00" {
			t.Errorf("datetime %q", got)
		}
	})
	t.Run("no author, no label", func(t *testing.T) {
		if strings.Contains(visible(pg.one(t, ".meta")), "作者") {
			t.Error("there is a label")
		}
	})
	t.Run("subheads", func(t *testing.T) {
		if n := len(pg.all(".body > h2[id]")); n != 4 {
			t.Errorf("%d subheads", n)
		}
	})
	t.Run("cut into pages", func(t *testing.T) {
		dir := t.TempDir()
		writeSeeds(t, dir, seedSettings)
		s := readSeed(t, 1)
		marks := strings.Count(s.body, "\n## ")
		write(t, dir, s.file, strings.ReplaceAll(s.text, "\n## ", "\n<!-- page -->\n\n## "))
		mustBuild(t, options(dir, dir+"/public", now))
		p := open(t, "seeds", seeds.base, dir+"/public")
		var got string
		for i := range marks + 1 {
			at := strings.TrimSuffix(pg.path, ".html")
			if i > 0 {
				at += "_" + string(rune('1'+i))
			}
			part := p.page(t, at+".html")
			got += bare(rawText(part.one(t, ".body")))
			if n := len(part.all(".parts a")); n != marks+1 { // and the whole text
				t.Errorf("part %d links %d others, want %d", i+1, n, marks+1)
			}
		}
		if want := bare(heading.ReplaceAllString(s.body, "")); got != want {
			t.Errorf("the parts together differ: %s", differ(want, got))
		}
	})
	t.Run("words of a traditional site", func(t *testing.T) {
		dir := t.TempDir()
		writeSeeds(t, dir, seedSettings+"editions: [zh-Hant]\n")
		mustBuild(t, options(dir, dir+"/public", now))
		p := open(t, "seeds in traditional script", seeds.base, dir+"/public")
		hant := p.page(t, pg.path)
		if got := attr(hant.one(t, "html"), "lang"); got != "zh-Hant" && got != "zh-TW" {
			t.Errorf("lang %q", got)
		}
		if hant.label("發布時間") != "2021-12-20 14:14" || hant.label("來源") != readSeed(t, 1).str("source") {
			t.Errorf("labels: %s", text(hant.one(t, ".meta")))
		}
		hant.none(t, ".body[lang]")
	})
}

func TestSeed2(t *testing.T) {
	pg, s := seedPage(t, 2), readSeed(t, 2)
	t.Run("subtitle", func(t *testing.T) {
		sub := pg.one(t, "hgroup > p.subtitle")
		if want := "——" + strings.TrimLeft(s.str("subtitle"), "-"); text(sub) != want {
			t.Errorf("subtitle %q, want %q", text(sub), want)
		}
	})
	t.Run("dateline", func(t *testing.T) {
		credit, _, _ := strings.Cut(strings.TrimSpace(s.body), ")")
		if got := rawText(pg.one(t, ".body > p:first-child > .dateline")); got != credit+")" {
			t.Errorf("dateline %q", got)
		}
		if got := pg.label("通讯员"); got != s.correspondents() || got == "" {
			t.Errorf("correspondent %q", got)
		}
	})
	t.Run("dateline, where the front matter is silent", func(t *testing.T) {
		dir := t.TempDir()
		writeSeeds(t, dir, seedSettings)
		silent := regexp.MustCompile(`(?m)^correspondent.*\n`).ReplaceAllString(s.text, "")
		write(t, dir, s.file, silent)
		mustBuild(t, options(dir, dir+"/public", now))
		if got := open(t, "seeds", seeds.base, dir+"/public").page(t, pg.path).label("通讯员"); got != s.correspondents() || got == "" {
			t.Errorf("correspondent %q", got)
		}
	})
	t.Run("no date, no label", func(t *testing.T) {
		pg.none(t, ".meta time")
		if strings.Contains(visible(pg.one(t, ".meta")), "时间") {
			t.Error("there is a label")
		}
		if _, ok := pg.meta("PubDate"); ok {
			t.Error("there is a PubDate")
		}
	})
	t.Run("levels of headings", func(t *testing.T) {
		var got []string
		for _, e := range pg.all(".toc li") {
			got = append(got, attr(e, "class")+" "+string([]rune(text(e))[:2]))
		}
		want := "level-2 一、,level-2 二、,level-3 (一,level-3 (二,level-3 (三,level-2 三、,level-3 (一,level-3 (二,level-3 (三"
		if strings.Join(got, ",") != want {
			t.Errorf("contents: %v", got)
		}
		for _, a := range pg.all(".toc a") {
			if len(within(pg.doc, "#"+cssID(fragment(t, attr(a, "href"))))) != 1 {
				t.Errorf("%s leads nowhere", text(a))
			}
		}
	})
}

func TestSeed3(t *testing.T) {
	pg, s := seedPage(t, 3), readSeed(t, 3)
	t.Run("time with seconds", func(t *testing.T) {
		if got := pg.label("发布时间"); got != "2022-10-08 19:00" {
			t.Errorf("shown %q", got)
		}
	})
	t.Run("tags", func(t *testing.T) {
		tags, _ := s.front["tags"].([]any)
		got := texts(pg.all(".tags li"))
		if len(got) != 3 || fmt.Sprint(got) != fmt.Sprint(tags) {
			t.Errorf("tags %v, want %v", got, tags)
		}
		for i, a := range pg.all(".tags li > a[rel=tag]") {
			list := seeds.get(t).page(t, outPath(t, seeds.get(t), strings.TrimSuffix(seeds.base, "/")+attr(a, "href")))
			if text(list.one(t, "h1")) != got[i] || len(list.all(".rows li")) != 1 {
				t.Errorf("tag %s leads to %s", got[i], list)
			}
		}
		if n := len(pg.all(".tags li > a[rel=tag]")); n != 3 {
			t.Errorf("%d tags are links", n)
		}
		if metaOf(t, pg, "Keywords") != strings.Join(got, ",") {
			t.Error("Keywords are not the tags")
		}
	})
}

func TestSeed4(t *testing.T) {
	pg, s := seedPage(t, 4), readSeed(t, 4)
	t.Run("three reviews", func(t *testing.T) {
		rv, _ := s.front["reviewers"].(map[string]any)
		for label, key := range map[string]string{"一审": "first", "二审": "second", "三审": "third"} {
			if got := pg.label(label); got == "" || got != rv[key] {
				t.Errorf("%s %q, want %v", label, got, rv[key])
			}
		}
	})
	t.Run("dateline", func(t *testing.T) {
		if got := pg.label("通讯员"); got != s.correspondents() || got == "" {
			t.Errorf("correspondents %q", got)
		}
		pg.one(t, ".body .dateline")
	})
	t.Run("title of the column", func(t *testing.T) {
		col := seeds.get(t).page(t, "zhzx/index.html")
		if text(col.one(t, "h1")) != s.crumbs(t)[1] || len(col.all(".rows li")) != 1 {
			t.Errorf("column page: %s", text(col.one(t, "main")))
		}
	})
	t.Run("log in where there is a system for it", func(t *testing.T) {
		for site, want := range map[*made]int{seeds: 0, kitchen: 2} {
			n := 0
			for _, a := range site.get(t).page(t, "index.html").all(".bar a") {
				if strings.HasPrefix(attr(a, "href"), "https://id.yunxiu.example/") {
					n++
				}
			}
			if n != want {
				t.Errorf("%s: %d links, want %d", site.name, n, want)
			}
		}
	})
}

// What is not set leaves nothing behind: greeting, notices, police number.
func TestSeedsBareSite(t *testing.T) {
	needSeeds(t)
	dir := t.TempDir()
	writeSeeds(t, dir, "name: 种子网\nbaseURL: https://seeds.example/\n")
	mustBuild(t, options(dir, dir+"/public", now))
	for _, pg := range open(t, "bare seeds", seeds.base, dir+"/public").pages {
		if s := visible(pg.one(t, ".bar")); s != "" {
			t.Errorf("%s: the bar says %q", pg, s)
		}
		if s := visible(pg.one(t, ".foot")); strings.TrimPrefix(s, "网站地图 ") != "版权所有 种子网" {
			t.Errorf("%s: the footer says %q", pg, s)
		}
		pg.none(t, ".notice")
		pg.none(t, ".duty")
		if pg.kind != "home" && pg.kind != "notfound" && text(pg.all(".crumbs a")[0]) != "网站首页" {
			t.Errorf("%s: crumbs start with %s", pg, text(pg.all(".crumbs a")[0]))
		}
	}
}

// Without the column's waiver a missing date is one clear error, and nothing is written.
func TestSeedWithoutDate(t *testing.T) {
	needSeeds(t)
	dir := t.TempDir()
	writeSeeds(t, dir, seedSettings)
	write(t, dir, "content/dxal/_index.md", "---\ntitle: 典型案例\n---\n")
	_, problems, err := build.Run(context.Background(), options(dir, dir+"/public", now))
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1 || problems.Count(diag.Error) != 1 {
		t.Fatalf("want one error, got:\n%s", show(problems))
	}
	s := readSeed(t, 2)
	for _, want := range []string{s.file, "date"} {
		if !strings.Contains(show(problems), want) {
			t.Errorf("the error does not name %s:\n%s", want, show(problems))
		}
	}
	if _, err := os.Stat(dir + "/public"); err == nil {
		if files := tree(t, dir+"/public"); len(files) > 0 {
			t.Errorf("written: %v", keys(files))
		}
	}
}
