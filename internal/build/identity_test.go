package build

import (
	"regexp"
	"strings"
	"testing"
)

// partOf returns the part of a page between two texts.
func partOf(t *testing.T, page, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, from)
	part, _, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("no part from %s to %s", from, to)
	}
	return part
}

// identitySite builds a site with one article and returns its pages: home page and article.
func identitySite(t *testing.T, settings string) (home, article string) {
	t.Helper()
	files, problems := buildSite(t, makeSite(t, map[string]string{
		"site.yaml":           "name: 云岫党建网\nbaseURL: https://t.example/dj/\n" + settings,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md": page("稿件", "[外](https://far.example/)、[政](http://www.gov.cn/zhengce/)、[自己](https://t.example/dj/a/)、[下级](https://www.t.example/)、"+
			"[免](https://ok.example/)、[免下](https://sub.ok.example/x)、[像](https://notok.example/)、[信](mailto:a@far.example)、[电话](tel:12345)"),
	}), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	return files["index.html"], files["a/2026/x.html"]
}

func TestFooterShowsWhatIsSetAndNothingElse(t *testing.T) {
	items := []struct{ setting, want string }{
		{"organizer: 主办单位甲", "主办单位：主办单位甲"},
		{"undertaker: 承办单位乙", "承办单位：承办单位乙"},
		{"contact: {address: 某路 1 号}", "某路 1 号"},
		{"contact: {postcode: \"000000\"}", "000000"},
		{"contact: {phone: 0000-0000000}", "0000-0000000"},
		{"contact: {email: a@t.example}", `<a href="mailto:a@t.example">a@t.example</a>`},
		{"icp: 云ICP备00000000号-1", `<a href="https://beian.miit.gov.cn/" rel="noopener">云ICP备00000000号-1</a>`},
		{"police: 云公网安备 00000000000001号", `<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=00000000000001" rel="noopener">云公网安备 00000000000001号</a>`},
		{"siteIDCode: bm12345678", "网站标识码：bm12345678"},
		{"conac: {id: 0AB}", `<a class="conac conac-red" href="https://bszs.conac.cn/sitename?method=show&amp;id=0AB" rel="noopener">`},
		{"conac: {id: 0AB, kind: blue}", `<a class="conac conac-blue" `},
		{"since: 2016", `© <span data-since="2016">2016</span> 云岫党建网`},
		{"footerLinks: [{name: 关于, url: /a/}]", `<li><a href="/dj/a/">关于</a></li>`},
		{"footerLinks: [{name: 外站, url: https://far.example/}]", `<a href="https://far.example/" class="external" rel="noopener">外站</a>`},
	}
	foot := func(settings string) string {
		home, article := identitySite(t, settings)
		f := partOf(t, home, `<footer class="foot">`, "</footer>")
		if partOf(t, article, `<footer class="foot">`, "</footer>") != f {
			t.Errorf("%s: article and home page have different footers", settings)
		}
		return f
	}
	bare := foot("")
	if got := strings.Join(strings.Fields(tagged.ReplaceAllString(bare, " ")), " "); got != "网站地图 版权所有 云岫党建网" {
		t.Errorf("the footer of a site that sets nothing says %s", got)
	}
	for _, it := range items {
		f := foot(it.setting + "\n")
		if !strings.Contains(f, it.want) {
			t.Errorf("%s: no %s in %s", it.setting, it.want, f)
		}
		// nothing else than in the bare footer but one item
		if n, m := strings.Count(f, "<li>"), strings.Count(bare, "<li>"); !strings.HasPrefix(it.setting, "since") && n != m+1 || strings.HasPrefix(it.setting, "since") && n != m {
			t.Errorf("%s: %d items in the footer, %d without it: %s", it.setting, n, m, f)
		}
	}
}

func TestHeadOfPagesShowsWhatIsSet(t *testing.T) {
	home, _ := identitySite(t, "greeting: 欢迎您\nlogin: https://id.example/in?from=1&to=2\nregister: /zhuce/\nmourning: [2026-12-13, 2027-04-04]\n")
	bar := partOf(t, home, `<div class="bar">`, `<div class="access"`)
	for _, want := range []string{"<span>欢迎您</span>", `<a href="https://id.example/in?from=1&amp;to=2">登录</a>`, `<a href="/dj/zhuce/">注册</a>`} {
		if !strings.Contains(bar, want) {
			t.Errorf("no %s in %s", want, bar)
		}
	}
	if !strings.Contains(home, ` data-mourning="2026-12-13 2027-04-04"`) {
		t.Error("the days of mourning are not on the page")
	}
	home, _ = identitySite(t, "")
	bar = partOf(t, home, `<div class="bar">`, `<div class="access"`)
	if strings.Contains(bar, "登录") || strings.Contains(bar, "注册") || strings.Contains(bar, "<a ") || strings.Contains(home, "data-mourning") {
		t.Errorf("what is not set is there: %s", bar)
	}
}

func TestCorrectionNamesThePage(t *testing.T) {
	const page = "https%3A%2F%2Ft.example%2Fdj%2Fa%2F2026%2Fx.html"
	for settings, want := range map[string]string{
		"":                         "",
		"siteIDCode: bm12345678\n": "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=bm12345678&amp;url=" + page,
		"siteIDCode: bm12345678\ncorrection: https://jc.example/f\n": "https://jc.example/f?url=" + page,
		"correction: https://jc.example/f?site=1\n":                  "https://jc.example/f?site=1&amp;url=" + page,
		"correction: /jiucuo/\n":                                     "/dj/jiucuo/?url=" + page,
		"correction: mailto:a@t.example\n":                           "mailto:a@t.example",
	} {
		_, article := identitySite(t, settings)
		m := regexp.MustCompile(`<a href="([^"]*)" rel="nofollow">我要纠错</a>`).FindStringSubmatch(article)
		switch {
		case want == "" && (m != nil || strings.Contains(article, "纠错")):
			t.Error("a site that has no form for corrections shows one")
		case want != "" && (m == nil || m[1] != want):
			t.Errorf("%scorrection leads to %v, want %s", settings, m, want)
		}
	}
}

func TestLinksThatLeaveAreMarkedUnlessExempt(t *testing.T) {
	home, article := identitySite(t, "exemptHosts: [\"*.ok.example\", OTHER.example]\nfriends:\n  - links: [{name: 甲, url: https://far.example/}, {name: 乙, url: https://other.example/}]\nhome: [{module: friends}]\n")
	body := partOf(t, article, `<div class="body"`, "</div>")
	links := regexp.MustCompile(`<a href="([^"]*)"([^>]*)>`).FindAllStringSubmatch(body, -1)
	if len(links) != 9 {
		t.Fatalf("%d links in %s", len(links), body)
	}
	for _, l := range links {
		leaves := l[1] == "https://far.example/" || l[1] == "https://notok.example/"
		if marked := strings.Contains(l[2], `class="external"`); marked != leaves {
			t.Errorf("%s: marked %v", l[1], marked)
		}
	}
	if !strings.Contains(home, `<a href="https://far.example/" class="external" rel="noopener">甲</a>`) || !strings.Contains(home, `<a href="https://other.example/">乙</a>`) {
		t.Error("友情链接 are not marked as links in articles are")
	}
	if strings.Count(article, `<dialog class="leave"`) != 1 {
		t.Error("the notice of leaving is not there once")
	}
}
