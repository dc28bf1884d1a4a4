package build

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// homeSite has articles for every module; letters stand in the order of the site, newest first.
var homeSite = map[string]string{
	"content/yw/_index.md":       "---\ntitle: 要闻\nweight: 1\n---\n",
	"content/yw/xia/_index.md":   "---\ntitle: 下级\n---\n",
	"content/tp/_index.md":       "---\ntitle: 图片\nlayout: pictures\nweight: 2\n---\n",
	"content/kong/_index.md":     "---\ntitle: 空栏目\nweight: 3\n---\n",
	"content/yin/_index.md":      "---\ntitle: 隐藏栏目\nhidden: true\n---\n",
	"content/wai/_index.md":      "---\ntitle: 外站栏目\nlink: https://other.example/\n---\n",
	"content/zt/_index.md":       "---\ntitle: 专题集\nhidden: true\n---\n",
	"content/zt/jiu/_index.md":   "---\ntitle: 旧专题\nlayout: topic\narchived: true\nweight: 1\n---\n",
	"content/zt/xin/_index.md":   "---\ntitle: 新专题\nlayout: topic\nimage: tu.svg\nweight: 2\n---\n",
	"content/zt/xin/tu.svg":      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>`,
	"content/yw/tu.svg":          `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>`,
	"content/tp/tu.svg":          `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"/>`,
	"content/yw/a.md":            homePage(28, "甲", "flags: [headline, picture]\nsummary: 甲的摘要"), // flagged, but without a picture
	"content/yw/b.md":            homePage(27, "乙", "flags: [picture]\nimage: tu.svg\nshortTitle: 乙短"),
	"content/tp/c.md":            homePage(26, "丙", "flags: [headline, picture]\nimage: tu.svg\nalsoIn: [yw]"),
	"content/yw/xia/d.md":        homePage(25, "丁", "flags: [headline, recommended]"),
	"content/tp/e.md":            homePage(24, "戊", "image: tu.svg"),
	"content/yin/f.md":           homePage(23, "己", "flags: [headline]"),
	"content/yw/xia/g.md":        homePage(22, "庚", "link: https://other.example/g\nflags: [hot]"),
	"content/_static/fuwu.svg":   `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"/>`,
	"content/zt/xin/unlisted.md": homePage(1, "专题里", ""),
}

func homePage(day int, title, front string) string {
	body := "正文。\n"
	if strings.HasPrefix(front, "link:") {
		body = ""
	}
	return "---\ntitle: " + title + "稿\ndate: 2026-05-" + string([]byte{'0' + byte(day/10), '0' + byte(day%10)}) + "\nsource: 本网\n" + front + "\n---\n\n" + body
}

const homeSettings = `name: 云岫党建网
baseURL: https://t.example/
services:
  - {name: 组织关系转接, url: /yw/, image: fuwu.svg}
  - {name: 外站服务, url: https://other.example/fw}
friends:
  - group: 市直单位
    links:
      - {name: 友链甲, url: https://friend.example/}
  - links: [{name: 友链乙, url: /tp/}]
`

var (
	tagged  = regexp.MustCompile(`<[^>]*>`)
	between = regexp.MustCompile(`\s+`)
)

// homeText builds the site with the home modules and returns what the home page shows, and its HTML.
func homeText(t *testing.T, modules string) (shown, html string) {
	t.Helper()
	files := maps.Clone(homeSite)
	files["site.yaml"] = homeSettings
	if modules != "" {
		files["site.yaml"] += "home:\n" + modules
	}
	out, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" {
		t.Fatalf("%s\n%s", modules, problems)
	}
	_, html, _ = strings.Cut(out["index.html"], `<h1 class="sr">云岫党建网</h1>`)
	html, _, _ = strings.Cut(html, "</main>")
	return strings.TrimSpace(between.ReplaceAllString(tagged.ReplaceAllString(html, " "), " ")), html
}

func TestHomeModules(t *testing.T) {
	for _, c := range []struct{ modules, want string }{
		{"  - {module: headline}\n", "甲稿 甲的摘要 丙稿 丁稿 己稿"},
		{"  - {module: headline, count: 2}\n", "甲稿 甲的摘要 丙稿"},
		{"  - {module: headline, columns: [tp]}\n", "丙稿 正文。"},
		{"  - {module: pictures}\n", "乙短 丙稿"},
		{"  - {module: pictures, columns: [yw], count: 1}\n", "乙短"},
		{"  - {module: strip, columns: [tp]}\n", "图片 更多 ：图片 丙稿 戊稿"},
		{"  - {module: strip, columns: [tp, yw], title: 风采, count: 2}\n", "风采 乙短 丙稿"}, // newest first, each once, whatever the order of the columns
		{"  - {module: latest, title: 最新, count: 3}\n", "最新 甲稿 05-28 乙短 05-27 丙稿 05-26"},
		{"  - {module: latest, columns: [yw/xia]}\n", "丁稿 05-25 庚稿 05-22"},
		{"  - {module: tabs, columns: [tp, kong], count: 1}\n", "图片 丙稿 05-26 更多 ：图片 空栏目 更多 ：空栏目"},
		{"  - {module: tabs, columns: [wai]}\n", "外站栏目 更多 ：外站栏目"},
		{"  - {module: tabs, count: 1}\n", "要闻 甲稿 05-28 更多 ：要闻 图片 丙稿 05-26 更多 ：图片"}, // neither the empty column nor the hidden one
		{"  - {module: columns, title: 栏目, columns: [yw/xia]}\n", "栏目 下级 丁稿 05-25 庚稿 05-22 更多 ：下级"},
		{"  - {module: topics, title: 专题专栏}\n", "专题专栏 新专题 旧专题"},
		{"  - {module: topics, columns: [zt/jiu]}\n", "旧专题"},
		{"  - {module: topics, count: 1}\n", "新专题"},
		{"  - {module: services, title: 服务}\n", "服务 组织关系转接 外站服务"},
		{"  - {module: friends}\n", "友情链接 市直单位 友链甲 友链乙"},
		{"  - {module: hot}\n", "热点推荐 网站首页"},
		{"  - {module: recommended}\n", "编辑推荐 丁稿 05-25"},
		{"  - {module: recommended, title: 荐读, columns: [tp]}\n  - {module: slogan}\n", ""}, // nothing to show
		{"  - {module: slogan, title: 标语}\n  - {模块: 标语, 标题: 带链接, 网址: /yw/}\n", "标语 带链接"},
		{"  - {module: 头条}\n  - {模块: 最新, 条数: 1, 标题: 中文}\n", "甲稿 甲的摘要 丙稿 丁稿 己稿 中文 甲稿 05-28"},
	} {
		if got, _ := homeText(t, c.modules); got != c.want {
			t.Errorf("%sshows %s\nwant  %s", c.modules, got, c.want)
		}
	}
}

func TestHomeModulesLinkAndMark(t *testing.T) {
	_, html := homeText(t, "  - {module: pictures}\n  - {module: topics}\n  - {module: services}\n  - {module: friends}\n  - {module: latest, columns: [yw/xia]}\n  - {module: tabs, columns: [wai, yw]}\n")
	for _, want := range []string{
		`<img src="/yw/tu.svg"`, `<img src="/tp/tu.svg"`, `<img src="/zt/xin/tu.svg"`, `<img src="/fuwu.svg"`,
		`<a href="/zt/jiu/"><span>旧专题`, `<a href="https://other.example/fw" class="external"`, `<a href="https://friend.example/" class="external"`,
		`<a href="https://other.example/g" class="external"`, `<a class="more" href="https://other.example/"`, `<a class="more" href="/yw/"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	if _, bare := homeText(t, "  - {module: services}\n  - {module: strip, columns: [kong]}\n  - {module: headline, columns: [kong]}\n  - {module: latest, title: 空, columns: [kong]}\n"); strings.Contains(bare, "空") || strings.Contains(bare, "strip") || strings.Contains(bare, "headline") {
		t.Errorf("a module with nothing to show stands on the page:\n%s", bare)
	}
}

func TestHomeWithoutModulesShowsAPlainSet(t *testing.T) {
	got, _ := homeText(t, "")
	for _, want := range []string{"甲稿", "要闻", "图片", "组织关系转接", "友链甲"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestPicturesAndSectionsThatAreNotThere(t *testing.T) {
	files := maps.Clone(homeSite)
	files["site.yaml"] = strings.Replace(homeSettings, "fuwu.svg", "fuwo.svg", 1) + "logo: /fuwu.sgv\nbanner: fuwa.svg\nfooterLinks: [{name: 甲, url: /yw/, image: https://other.example/a.png}]\n"
	files["content/zt/xin/_index.md"] = "---\ntitle: 新专题\nlayout: topic\nimage: tv.svg\nsections:\n  - {title: 一, column: wy}\n  - {title: 二, tag: 无人用}\n  - {title: 三}\n---\n"
	out, problems := buildSite(t, makeSite(t, files), nil)
	if len(out) > 0 {
		t.Errorf("written: %v", slices.Sorted(maps.Keys(out)))
	}
	for _, want := range []string{
		`content/zt/xin/_index.md:4:8: error: picture "tv.svg" not found`, "did you mean tu.svg?",
		`content/zt/xin/_index.md:6:24: error: no column "wy", named by a section`,
		`content/zt/xin/_index.md:7:21: warning: no article has the tag "无人用"`,
		`error: picture "fuwo.svg" not found`, `error: logo "fuwu.sgv" not found`, `error: banner "fuwa.svg" not found`,
		`the picture "https://other.example/a.png" is on another site`,
		"site.yaml:4:38: error: ", "site.yaml:11:7: error: ", "site.yaml:13:43: error: ",
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in\n%s", want, problems)
		}
	}
}

func TestHomeMistakesHaveTheirPlace(t *testing.T) {
	files := maps.Clone(homeSite)
	files["site.yaml"] = homeSettings + "home:\n  - module: headlines\n  - module: tabs\n    columns: [yw, wy]\n  - module: latest\n    count: -1\n  - module: latest\n    colums: [yw]\n"
	out, problems := buildSite(t, makeSite(t, files), nil)
	if len(out) > 0 {
		t.Errorf("written: %v", slices.Sorted(maps.Keys(out)))
	}
	for _, want := range []string{
		`site.yaml:12:13: error: "module" cannot be "headlines"`,
		`site.yaml:14:19: error: no column "wy", named by a home module`,
		"site.yaml:16:12: error: count must be between 1 and 200",
		`site.yaml:18:5: error: unknown key "colums"`,
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in\n%s", want, problems)
		}
	}
}
