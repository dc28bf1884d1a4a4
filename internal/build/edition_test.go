package build

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/themes"
)

// makeSite writes files into a new folder.
func makeSite(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

// put writes a file of a site.
func put(t testing.TB, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func optionsOf(dir string) Options {
	return Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "test",
		Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), nil }}
}

// buildSite builds a site and returns its files by path; problems in English.
func buildSite(t *testing.T, dir string, change func(*Options)) (files map[string]string, problems string) {
	t.Helper()
	opt := optionsOf(dir)
	if change != nil {
		change(&opt)
	}
	_, list, err := Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := list.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return readAll(t, opt.Out), b.String()
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = string(raw)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

const twoEditions = "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, {script: zh-Hant, convert: s2twp}]\n"

func page(title, body string) string {
	return "---\ntitle: " + title + "\ndate: 2026-01-02 03:04\nsource: 本网\n---\n\n" + body + "\n"
}

func has(t *testing.T, files map[string]string, name string, parts ...string) {
	t.Helper()
	text, ok := files[name]
	if !ok {
		t.Errorf("no file %s", name)
		return
	}
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s has no %q", name, p)
		}
	}
}

func hasNot(t *testing.T, files map[string]string, name string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(files[name], p) {
			t.Errorf("%s has %q", name, p)
		}
	}
}

func TestEveryTextIsConvertedOnce(t *testing.T) {
	// s2twp turns 进程 into 程序 and 程序 into 程式: a text converted twice shows 程式 where 程序 must stand.
	dir := makeSite(t, map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 进程栏目\ndescription: 进程说明\n---\n",
		"content/a/x.md":      "---\ntitle: 进程标题\nsubtitle: 进程副题\nkicker: 进程引题\ndate: 2026-01-02\nsource: 进程来源\nsummary: 进程摘要\ntags: [进程]\nseries: 进程系列\neditorNote: 进程按语\n---\n\n## 进程小标题\n\n正文**进**程。\n",
		"content/a/y.md":      page("进程二题", "其他内容。"),
	})
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	n := 0
	for name, text := range files {
		text = strings.NewReplacer(`id="进程小标题"`, "", `id=\"进程小标题\"`, "", `id=&#34;进程小标题&#34;`, "", `id=\u0022进程小标题\u0022`, "").Replace(text) // addresses stay
		if strings.HasPrefix(name, "hant/") {
			n += strings.Count(text, "程序") + strings.Count(text, "<strong>程</strong>序")
			if strings.Contains(text, "程式") || strings.Contains(text, "进程") || strings.Contains(text, "進程") {
				t.Errorf("%s: a text was converted twice or not at all", name)
			}
		} else if strings.HasSuffix(name, ".html") && strings.Contains(text, "程序") {
			t.Errorf("%s: a text of the edition's own script was converted", name)
		}
	}
	if n < 20 {
		t.Errorf("only %d texts were converted", n)
	}
	has(t, files, "hant/a/2026/x.html", "程序標題", "程序副題", "程序引題", "程序來源", "程序按語", "程序小標題", "<strong>程</strong>序", "程序欄目", "程序系列")
}

func TestOwnScriptIsNeverChanged(t *testing.T) {
	half := "黨員干部深入群眾,干群關系融洽。" // half converted: for the proof-reader, not the build
	dir := makeSite(t, map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      page("黨建引領", half),
	})
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, files, "hant/a/2026/x.html", half, `<html lang="zh-Hant"`)
	has(t, files, "a/2026/x.html", "党员干部深入群众", "党建引领", `<html lang="zh-CN"`)
}

func TestHandMadeTwin(t *testing.T) {
	files := map[string]string{
		"site.yaml":              twoEditions,
		"content/a/_index.md":    "---\ntitle: 栏目\n---\n",
		"content/a/x.md":         "---\ntitle: 书记的话\nsubtitle: 副题\ndate: 2026-01-02\nsource: 本网\ntags: [组织]\n---\n\n简体正文。\n",
		"content/a/x.zh-hant.md": "---\ntitle: 書記手記\n---\n\n手寫的正文。\n",
		"content/a/y.md":         page("链接", "[那篇](x.md)"),
	}
	dir := makeSite(t, files)
	out, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, out, "hant/a/2026/x.html", "書記手記", "手寫的正文", "組織", "副題") // what the twin leaves out is converted
	hasNot(t, out, "hant/a/2026/x.html", "簡體正文")
	has(t, out, "a/2026/x.html", "书记的话", "简体正文")
	has(t, out, "a/2026/y.html", `href="/a/2026/x.html"`)
	has(t, out, "hant/a/2026/y.html", `href="/hant/a/2026/x.html"`)
	if err := os.Remove(filepath.Join(dir, "content/a/x.zh-hant.md")); err != nil {
		t.Fatal(err)
	}
	out, _ = buildSite(t, dir, nil)
	has(t, out, "hant/a/2026/x.html", "書記的話", "簡體正文")

	files["content/a/x.zh-hant.md"] = "---\ntitle: 書記手記\ndate: 2026-01-01\n---\n\n正文。\n"
	files["content/a/z.zh-hant.md"] = "---\ntitle: 無原稿\n---\n\n正文。\n"
	files["content/a/w.md"] = page("黨建", "繁體原稿。")
	files["content/a/w.zh-hant.md"] = "---\ntitle: 黨建\n---\n\n正文。\n"
	_, problems = buildSite(t, makeSite(t, files), nil)
	for _, want := range []string{
		`content/a/x.zh-hant.md:3:1: error: "date" cannot stand in the other script's version`,
		"content/a/z.zh-hant.md: error: this is the other script's version of content/a/z.md, which does not exist",
		"content/a/w.zh-hant.md: error: the original is in zh-Hant already",
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in\n%s", want, problems)
		}
	}
}

func TestTermsAndNames(t *testing.T) {
	files := map[string]string{
		"site.yaml":                "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, zh-Hant]\n",
		"content/_data/terms.yaml": "pairs:\n  - {hans: 里仁村, hant: 里仁村}\n  - {hans: 智慧屏, hant: 智能螢幕}\nprotect: [于洋, 后港]\n",
		"content/a/_index.md":      "---\ntitle: 栏目\n---\n",
		"content/a/x.md":           "---\ntitle: 于洋在后港\nauthor: 于是之\ndate: 2026-01-02\nsource: 本网\n---\n\n里仁村用上智慧屏,村里还在后港修路。\n",
		"content/a/y.md":           page("黨建", "智能螢幕。"),
	}
	out, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, out, "hant/a/2026/x.html", "于洋在后港", "于是之", "里仁村用上智能螢幕", "村裏還在后港修路")
	has(t, out, "a/2026/y.html", "智慧屏")

	files["content/_data/terms.yaml"] = "pairs:\n  - {hans: 里仁村}\nprotect: [甲]\nprotekt: [乙]\n"
	_, problems = buildSite(t, makeSite(t, files), nil)
	for _, want := range []string{"content/_data/terms.yaml:2:5: error: this term cannot be used: one side of the pair is missing", `content/_data/terms.yaml:4:1: error: unknown key "protekt"; did you mean "protect"`} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in\n%s", want, problems)
		}
	}
}

func TestEveryPageHasItsTwinPage(t *testing.T) {
	dir := makeSite(t, map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      "---\ntitle: 一\ndate: 2026-01-02\nsource: 本网\ntags: [党建]\naliases: [/old.html]\n---\n\n甲\n\n<!-- page -->\n\n乙\n",
		"content/a/y.md":      "---\ntitle: 黨務\ndate: 2025-01-02\nsource: 本網\ntags: [黨建]\n---\n\n黨務公開。\n",
	})
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	pages := 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		pages++
		other, back := strings.CutPrefix(name, "hant/")
		if !back {
			other = "hant/" + name
		}
		if _, ok := files[other]; !ok {
			t.Errorf("%s has no twin %s", name, other)
		}
		if strings.Contains(name, "404") || strings.Contains(text, `http-equiv="refresh"`) {
			continue
		}
		addr := func(p string) string { return "https://t.example/" + strings.TrimSuffix(p, "index.html") }
		hans, hant := name, other
		if back {
			hans, hant = other, name
		}
		has(t, files, name, `hreflang="zh-Hans" href="`+escaped(addr(hans))+`"`, `hreflang="zh-Hant" href="`+escaped(addr(hant))+`"`, `hreflang="x-default" href="`+escaped(addr(hans))+`"`)
	}
	if pages < 30 {
		t.Errorf("only %d pages", pages)
	}
	has(t, files, "tags/党建/index.html", "一", "党务")
	has(t, files, "hant/tags/党建/index.html", "一", "黨務")
	if _, two := files["tags/黨建/index.html"]; two {
		t.Error("党建 and 黨建 are two tags")
	}
}

// escaped writes an address as pages have it.
func escaped(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u.String()
}

// Most traditional text writes 著 for 着, too. The simplified edition tells them apart, also in words
// that OpenCC does not know; a site's own terms come first.
func TestZheAndZhuInSimplifiedEdition(t *testing.T) {
	files := map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      page("黨務", "圍繞著目標,著力讀原著、學專著,討論著理論著作;名著顯著,怎么辦。看着後台。"),
	}
	files["content/_data/terms.yaml"] = "pairs:\n  - {hans: 学术专书, hant: 專著}\nprotect: [後台]\n"
	out, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, out, "a/2026/x.html", "围绕着目标,着力读原著、学学术专书,讨论着理论著作;名著显著,怎么办。看着後台。")
	files["site.yaml"] = "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [{script: zh-Hans, convert: t2s}, zh-Hant]\n"
	out, _ = buildSite(t, makeSite(t, files), nil)
	has(t, out, "a/2026/x.html", "围绕著目标,著力读原著")
}

func TestTagsKeepTheirAddressWhereConversionDoesNotLeadBack(t *testing.T) {
	// 着力点 becomes 著力點, and that 著力点; s2twp turns 信息 into 資訊, which leads back to 资讯.
	dir := makeSite(t, map[string]string{
		"site.yaml":            twoEditions,
		"content/a/_index.md":  "---\ntitle: 栏目\n---\n",
		"content/zt/_index.md": "---\ntitle: 信息化\nlayout: topic\nsections:\n  - {title: 重点, tag: 着力点}\n---\n",
		"content/a/x.md":       "---\ntitle: 一\ndate: 2026-01-02\nsource: 本网\ntags: [信息化, 着力点]\ntopics: [信息化]\nseries: 信息\n---\n\n见[标签](/tags/着力点/)。\n",
		"content/a/y.md":       "---\ntitle: 二\ndate: 2026-01-01\nsource: 本网\nseries: 信息\n---\n\n文。\n",
	})
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	for _, p := range []string{"tags/信息化/index.html", "tags/着力点/index.html", "series/信息/index.html"} {
		has(t, files, p)
		has(t, files, "hant/"+p)
	}
	has(t, files, "hant/a/2026/x.html", "資訊化", "著力點", `href="/hant/tags/`+escaped("着力点")+`/"`)
	has(t, files, "hant/zt/index.html", "/hant/a/2026/x.html")
}

func TestColumnTextIsWholeAndPageBreaksAreChecked(t *testing.T) {
	files := map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 关于\nlayout: page\n---\n\n## 甲节\n\n[去](#乙节)\n\n<!-- page -->\n\n## 乙节\n\n后半。\n",
	}
	out, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, out, "a/index.html", "甲节", "后半")
	files["content/b/_index.md"] = "---\ntitle: 栏目\n---\n"
	files["content/b/x.md"] = page("一", "- 甲\n  ```\n<!-- page -->\n乙\n  ```")
	_, problems = buildSite(t, makeSite(t, files), nil)
	if !strings.Contains(problems, "content/b/x.md:") || !strings.Contains(problems, "[page-break]") {
		t.Errorf("a page break that does not cut passes:\n%s", problems)
	}
}

// A picture among the static files is the same picture in every edition, with its size.
func TestStaticPicturesInEveryEdition(t *testing.T) {
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	files, problems := buildSite(t, makeSite(t, map[string]string{
		"site.yaml":                     twoEditions,
		"content/a/_index.md":           "---\ntitle: 栏目\n---\n",
		"content/a/x.md":                page("图片", "![现场](/uploads/1.png)"),
		"content/_static/uploads/1.png": pic.String(),
	}), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	for _, name := range []string{"a/2026/x.html", "hant/a/2026/x.html"} {
		has(t, files, name, `src="/uploads/1.png"`, `width="40"`, `height="30"`)
	}
}

// A hand-made twin may have other parts than the original: no page then leads to one that
// is not there.
func TestTwinOfOtherLength(t *testing.T) {
	files, problems := buildSite(t, makeSite(t, map[string]string{
		"site.yaml":              twoEditions,
		"content/a/_index.md":    "---\ntitle: 栏目\n---\n",
		"content/a/x.md":         page("三部分", "一\n\n<!-- page -->\n\n二\n\n<!-- page -->\n\n三"),
		"content/a/x.zh-hant.md": "---\ntitle: 兩部分\n---\n\n一\n\n<!-- page -->\n\n二和三\n",
	}), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	address := regexp.MustCompile(`(?:href|content)="(?:https://t\.example)?/([^"#?]*\.html)"`)
	for name, text := range files {
		for _, m := range address.FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(name, ".html") {
				if _, ok := files[m[1]]; !ok {
					t.Errorf("%s leads to %s, which is not there", name, m[1])
				}
			}
		}
	}
}

// Converted text says that it is in the script of the edition, quotations keep theirs.
func TestLanguageOfPassages(t *testing.T) {
	files, problems := buildSite(t, makeSite(t, map[string]string{
		"site.yaml":           twoEditions,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      page("标明的文字", "<p lang=\"zh-CN\">干部</p>\n\n<p lang=\"ZH-Hans\" class=\"x\">发展</p>\n\n<p>引<q lang=\"zh-TW\">後台</q><q lang=\"ja\">国会</q><q lang=\"zh\">国会</q></p>"),
	}), nil)
	if strings.Contains(problems, "error") {
		t.Fatal(problems)
	}
	has(t, files, "a/2026/x.html", `<p lang="zh-CN">干部`, `<q lang="zh-TW">後台`)
	has(t, files, "hant/a/2026/x.html", `<p lang="zh-Hant">幹部`, `lang="zh-Hant">發展`, `<q lang="zh-TW">後台`, `<q lang="ja">国会`, `<q lang="zh">國會`)
}
