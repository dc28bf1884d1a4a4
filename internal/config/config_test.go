package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

// parse reads site.yaml with the two lines that must be there before the rest.
func parse(t *testing.T, text string) (Config, string) {
	t.Helper()
	return parseAll(t, "name: 测试网\nbaseURL: https://example.gov.cn/\n"+text)
}

func parseAll(t *testing.T, text string) (Config, string) {
	t.Helper()
	keys := map[string]string{"title": "title", "标题": "title", "date": "date"}
	c, problems := Parse([]byte(text), func(k string) (string, bool) { n, ok := keys[k]; return n, ok })
	problems.Sort()
	var b strings.Builder
	if err := problems.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return c, b.String()
}

func TestDefaults(t *testing.T) {
	c, problems := parse(t, "")
	if problems != "" {
		t.Fatal(problems)
	}
	want := Default()
	want.Name, want.BaseURL = "测试网", "https://example.gov.cn/"
	want.Zone, want.ConacKind = c.Zone, "red"
	if c.Zone.String() != "Asia/Shanghai" || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v\nwant\n%+v", c, want)
	}
}

func TestEveryKeyIsRead(t *testing.T) {
	c, problems := parse(t, `description: |
  两行的
  说明
关键词: 甲、乙
siteIDCode: bm12345678
zone: Asia/Urumqi
rootLabel: 首页
contact: {地址: 某路, 邮编: 000000, phone: 1, email: a@example.gov.cn}
icp: 京ICP备1号
police: 京公网安备 11040102700068号
conac: {id: ABC, kind: 事业单位}
correction: mailto:a@example.gov.cn
since: 2016
login: /login/
copyright: {original: 原创, reprint: 转载}
exemptHosts: [example.org]
mourning: [2026-12-13, 2026年4月4日]
articleURL: /{column}/{id}.html
pageSize: 30
archive: 月
required: [标题, date]
views: {shards: 16, origin: "https://views.example.gov.cn/"}
hot: 最新
home:
  - {module: 头条, count: 3}
  - {模块: columns, 栏目: [djdt, gg], 标题: 要闻}
services: [{name: 办事, url: /bs/}]
footerLinks: [{name: 关于, url: "https://example.org/", image: a.png}]
friends:
  - group: 政府网站
    links: [{name: 中国政府网, url: "https://www.gov.cn/"}]
params: {a: [1, 2]}
`)
	if problems != "" {
		t.Fatal(problems)
	}
	if c.Description != "两行的\n说明" || !slices.Equal(c.Keywords, []string{"甲", "乙"}) || c.SiteIDCode != "bm12345678" || c.Zone.String() != "Asia/Urumqi" ||
		c.RootLabel != "首页" || c.Address != "某路" || c.Postcode != "000000" || c.PoliceCode != "11040102700068" || c.ConacKind != "blue" ||
		c.Correction != "mailto:a@example.gov.cn" || c.Since != 2016 || c.Login != "/login/" || c.Reprint != "转载" ||
		!slices.Equal(c.Mourning, []string{"2026-12-13", "2026-04-04"}) || c.ArticleURL != "/{column}/{id}.html" || c.PageSize != 30 || c.Archive != "month" ||
		!slices.Equal(c.Required, []string{"title", "date"}) || c.ViewShards != 16 || c.ViewOrigin != "https://views.example.gov.cn" || c.Hot != "recent" {
		t.Errorf("%+v", c)
	}
	if len(c.Home) != 2 || c.Home[0].Kind != "headline" || c.Home[0].Count != 3 || c.Home[1].Columns[1].Text != "gg" || c.Home[1].Pos.Line == 0 ||
		len(c.Services) != 1 || c.FooterLinks[0].Image != "a.png" || c.Friends[0].Links[0].URL != "https://www.gov.cn/" {
		t.Errorf("%+v", c)
	}
}

// Every key has a Chinese name and a line for the manual.
func TestTableOfKeys(t *testing.T) {
	_ = Schema.Has("") // panics if a key names two fields
	for _, f := range Schema.Fields {
		if len(f.Also) == 0 || f.Doc == "" {
			t.Errorf("%s: names %v, manual %q", f.Name, f.Also, f.Doc)
		}
		if f.Sub != nil && !f.Sub.Closed {
			t.Errorf("%s takes unknown keys", f.Name)
		}
	}
}

func TestBaseURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.gov.cn":            "https://example.gov.cn/",
		"https://example.gov.cn/":           "https://example.gov.cn/",
		"http://example.gov.cn/dj":          "http://example.gov.cn/dj/",
		"http://10.1.2.3:8080/dj/":          "http://10.1.2.3:8080/dj/",
		"http://[2001:db8::1]:80/":          "http://[2001:db8::1]:80/",
		"http://localhost:1313":             "http://localhost:1313/",
		"https://xn--fiqs8s.example/":       "https://xn--fiqs8s.example/",
		"https://example.gov.cn/党建":         "https://example.gov.cn/%E5%85%9A%E5%BB%BA/",
		"https://example.gov.cn/a.b/":       "https://example.gov.cn/a.b/",
		"":                                  "",
		"example.gov.cn":                    "",
		"//example.gov.cn/":                 "",
		"/dj/":                              "",
		"ftp://example.gov.cn/":             "",
		"https:///dj/":                      "",
		"https://":                          "",
		"https://example.gov.cn/?a=1":       "",
		"https://example.gov.cn/?":          "",
		"https://example.gov.cn/#a":         "",
		"https://user:pass@example.gov.cn/": "",
		"https://exam ple.gov.cn/":          "",
		"https://党建.example/":               "",
		"https://example.gov.cn/index.html": "",
		"https://example.gov.cn/a/../b/":    "",
		"https://example.gov.cn//a/":        "",
		"https://example.gov.cn:port/":      "",
		"https://example.gov.cn:123456/":    "",
		"https：//example.gov.cn/":           "",
		"https://example..cn/":              "",
		"javascript:alert(1)":               "",
	} {
		got, err := BaseURL(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"zone: Local", "site.yaml:3:7: error: unknown zone \"Local\""},
		{"zone: Mars/Olympus", "unknown zone"},
		{"siteIDCode: bm1234567", "site.yaml:3:13: error: bad siteIDCode"},
		{"siteIDCode: 12345678901", "bad siteIDCode"},
		{"police: 京公网安备1104号", "no 14 digits"},
		{"correction: jiucuo.html", "bad address"},
		{"login: javascript:alert(1)", "bad address"},
		{"register: data:text/html,x", "bad address"},
		{"mourning: 2026-02-30", "site.yaml:3:11: error: bad date"},
		{"articleURL: /{column}/{yyyy}/", "bad pattern"},
		{"articleURL: '{column}/{slug}.html'", "bad pattern"},
		{"articleURL: /{column}/{slug}", "bad pattern"},
		{"articleURL: /{column}/{slug}.php", "bad pattern"},
		{"articleURL: /{column}/{Slug}.html", "bad pattern"},
		{"articleURL: /党建/{slug}.html", "bad pattern"},
		{"articleURL: /../x/{slug}.html", "bad pattern"},
		{"articleURL: /x/./{slug}.html", "bad pattern"},
		{"articleURL: /{column}/{slug}/../", "bad pattern"},
		{"views: {origin: \"https://x.example.gov.cn; script-src *\"}", "site.yaml:3:17: error: bad origin"},
		{"views: {origin: 'https://x.example.gov.cn/a/'}", "bad origin"},
		{"views: {origin: '*'}", "bad origin"},
		{"views: {origin: //x.example.gov.cn}", "bad origin"},
		{"views: {origin: 'https://u:p@x.example.gov.cn'}", "bad origin"},
		{"views: {origin: 'https://x.example.gov.cn/?'}", "bad origin"},
		{"editions: [zh-Hans, {script: zh-Hant, prefix: tags}]", "the folder tags is kept"},
		{"pageSize: 4", "must be between 5 and 200"},
		{"pageSize: -1", "must be between 5 and 200"},
		{"pageSize: 二十", "whole number"},
		{"views: {shards: 65537}", "must be between 1 and 65536"},
		{"archive: day", "cannot be \"day\""},
		{"required: 颜色", "site.yaml:3:11: error: required names \"颜色\""},
		{"services: [办事]", "a link needs a name and an address"},
		{"services: [{name: 甲, url: bs}]", "site.yaml:3:27: error: bad address \"bs\""},
		{"friends: [{group: 甲}]", "a group without links"},
		{"home: [{module: slogan, title: 甲, url: bs}]", "bad address \"bs\""},
		{"contact: 某路", "indented"},
		{"contact: {fax: 1}", "unknown key \"fax\" in contact"},
		{"pagesise: 20", "did you mean \"pageSize\""},
		{"colour: red", "error: unknown key \"colour\" in site.yaml"},
		{"name: 又一个", "given twice"},
	} {
		if _, got := parse(t, c.text+"\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.text, c.want, got)
		}
	}
}

func TestViewsOrigin(t *testing.T) {
	for in, want := range map[string]string{"https://x.example.gov.cn": "https://x.example.gov.cn", "http://10.1.2.3:8080/": "http://10.1.2.3:8080"} {
		if c, problems := parse(t, "views: {origin: '"+in+"'}\n"); problems != "" || c.ViewOrigin != want {
			t.Errorf("%s: %q %s", in, c.ViewOrigin, problems)
		}
	}
	if c, problems := parse(t, "articleURL: /a..b/.c/{slug}.html\n"); problems != "" || c.ArticleURL != "/a..b/.c/{slug}.html" {
		t.Errorf("%q %s", c.ArticleURL, problems)
	}
}

// One mistake is one problem: what cannot be read is not missing too.
func TestOneProblemForOneMistake(t *testing.T) {
	for _, text := range []string{
		"这是我们的网站\n", "- name: 测试网\n", "name: 测试网\nbaseURL: example\n", "name: [甲]\nbaseURL: https://example.gov.cn/\n",
		"nmae: 测试网\nbaseURL: https://example.gov.cn/\n", "name: 测试网\nbaseURL：https://example.gov.cn/\n", "name: '测试网\nbaseURL: https://example.gov.cn/\n",
		"name: 测试网\n", "name: 测试网\nbaseURL:\n",
	} {
		if _, got := parseAll(t, text); strings.Count(got, "error: ") != 1 {
			t.Errorf("%q:\n%s", text, got)
		}
	}
	for _, text := range []string{"", "\n \n", "# nothing\n", "name:\nbaseURL: ~\n"} {
		if _, got := parseAll(t, text); strings.Count(got, "site.yaml has no ") != 2 || strings.Count(got, "error: ") != 2 {
			t.Errorf("%q:\n%s", text, got)
		}
	}
}

// Whatever is wrong, the settings can be used to look for more problems.
func TestUsableWithProblems(t *testing.T) {
	c, problems := parseAll(t, "zone: Mars\npageSize: 0\narticleURL: x\nlang: xx\n")
	if problems == "" || c.Zone == nil || c.PageSize != 20 || c.ArticleURL != Default().ArticleURL || c.Theme == "" {
		t.Errorf("%+v", c)
	}
}

func TestCheckSettings(t *testing.T) {
	c, problems := parse(t, "check:\n  rules: {Z23: warning, Z11: 不查}\n  freshness: {tzgg: 180, /bszn/: 0}\n")
	if problems != "" || len(c.Check.Rules) != 2 || c.Check.Rules[1].Severity != "off" || c.Check.Freshness["tzgg"] != 180 {
		t.Errorf("%+v %s", c.Check, problems)
	}
	if n, ok := c.Check.Freshness["bszn"]; !ok || n != 0 {
		t.Errorf("%+v", c.Check)
	}
	if _, problems := parse(t, "check: {rules: {Z23: loud}}\n"); problems == "" {
		t.Error("an unknown severity is taken")
	}
}

func TestViewsNeedNoKeys(t *testing.T) {
	for in, want := range map[string]bool{"views: {}\n": true, "views: {shards: 16}\n": true, "views:\n": false, "": false} {
		if c, problems := parse(t, in); problems != "" || c.Views != want {
			t.Errorf("%q: shown: %v %s", in, c.Views, problems)
		}
	}
}
