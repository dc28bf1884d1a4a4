package check

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"zhendi/internal/diag"
)

// Page is a built page as its analysers see it.
type Page struct {
	Path string // as it is shown: public/zzjs/a.html
	HTML []byte
	Base string // address of the site's home page

	tags     []tag
	problems diag.List
}

// tag is a start tag, an end tag or a text of a page.
type tag struct {
	name string // "" for a text, "/p" for an end
	attr map[string]string
	text string
	line int
}

// Page looks at a built page. Redirects are passed over.
func (c *Checker) Page(p *Page) diag.List {
	p.parse()
	for _, t := range p.tags {
		if t.name == "meta" && strings.EqualFold(t.attr["http-equiv"], "refresh") {
			return nil
		}
	}
	for _, a := range c.page {
		a.Page(p)
	}
	return c.graded(p.problems)
}

func (p *Page) parse() {
	z := html.NewTokenizer(bytes.NewReader(p.HTML))
	line := 1
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		at := line
		line += bytes.Count(z.Raw(), []byte("\n"))
		switch tok := z.Token(); kind {
		case html.TextToken:
			if n := len(p.tags); n > 0 && (p.tags[n-1].name == "script" || p.tags[n-1].name == "style") {
				continue
			}
			p.tags = append(p.tags, tag{text: tok.Data, line: at})
		case html.EndTagToken:
			p.tags = append(p.tags, tag{name: "/" + tok.Data, line: at})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := tag{name: tok.Data, attr: map[string]string{}, line: at}
			for _, a := range tok.Attr {
				t.attr[a.Key] = a.Val
			}
			p.tags = append(p.tags, t)
		}
	}
}

func (p *Page) report(r *diag.Rule, line int, args ...any) {
	p.problems.Add(r.At(diag.Pos{File: p.Path, Line: line}, args...))
}

var (
	ruleMeta = diag.Rule{ID: "Z70",
		ZH: "页面缺少 META 标签 %[1]s", EN: "the page has no META tag %[1]s",
		FixZH: "检查主题的模板；值来自 site.yaml、栏目或稿件的头部信息", FixEN: "look at the theme; values come from site.yaml, the column and the article"}
	ruleMetaEmpty = diag.Rule{ID: "Z70",
		ZH: "META 标签 %[1]s 是空的", EN: "the META tag %[1]s is empty",
		FixZH: "补上它的值：site.yaml、栏目的 _index.md 或稿件的头部信息", FixEN: "set its value in site.yaml, the column or the article"}
	rulePubDate = diag.Rule{ID: "Z70",
		ZH: "PubDate“%[1]s”不是 YYYY-MM-DD HH:MM", EN: "PubDate %[1]q is not YYYY-MM-DD HH:MM",
		FixZH: "检查主题的模板", FixEN: "look at the theme"}
	ruleMetaTwice = diag.Rule{ID: "Z70",
		ZH: "META 标签 %[1]s 写了两次", EN: "the META tag %[1]s stands twice",
		FixZH: "检查主题的模板", FixEN: "look at the theme"}
)

var metaTags = Analyser{
	ID:   "Z70",
	Name: diag.T("META 标签", "META tags"),
	Doc: diag.T("《政府网站发展指引》附件：每页有 SiteName、SiteDomain；栏目页与稿件页有 ColumnName、ColumnDescription、ColumnKeywords、ColumnType；稿件页有 ArticleTitle、PubDate、ContentSource。不能为空，日期写到分。",
		"The annex of the guidelines for government sites: site tags on every page, column tags on columns and articles, content tags on articles; none empty, dates to the minute."),
	Mistaken: diag.T("转向页面不查。", "Redirects are passed over."),
	Page:     func(p *Page) { p.meta() },
}

var (
	siteTags   = []string{"SiteName", "SiteDomain"}
	columnTags = []string{"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
	pageTags   = []string{"ArticleTitle", "PubDate", "ContentSource"}
	pubDate    = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d$`)
)

func (p *Page) meta() {
	have := map[string]string{}
	for _, t := range p.tags {
		name := t.attr["name"]
		if t.name != "meta" || name == "" {
			continue
		}
		if _, twice := have[name]; twice && strings.ToLower(name) != name {
			p.report(&ruleMetaTwice, t.line, name)
		}
		have[name] = t.attr["content"]
	}
	need := siteTags
	any := func(names []string) bool {
		for _, n := range names {
			if _, ok := have[n]; ok {
				return true
			}
		}
		return false
	}
	if article := any(pageTags); article || any(columnTags) {
		need = append(append([]string{}, need...), columnTags...)
		if article {
			need = append(need, pageTags...)
		}
	}
	for _, n := range need {
		switch v, ok := have[n]; {
		case !ok:
			p.report(&ruleMeta, 0, n)
		case strings.TrimSpace(v) == "":
			p.report(&ruleMetaEmpty, 0, n)
		case n == "PubDate" && !pubDate.MatchString(v):
			p.report(&rulePubDate, 0, v)
		}
	}
}

var ruleLabel = diag.Rule{ID: "Z33", Severity: diag.Warning,
	ZH: "页面上“%[1]s”后面是空的", EN: "nothing follows %[1]s on the page",
	FixZH: "没有内容时不要显示这个标签：改主题的模板", FixEN: "let the theme leave the label out"}

var labels = Analyser{
	ID: "Z33", Severity: diag.Warning,
	Name: diag.T("空标签", "empty labels"),
	Doc: diag.T("页面上“作者：”“来源：”“阅读次数：”“今天是”之类后面什么也没有。隐藏着等脚本填写的不算。",
		"Labels such as 作者： with nothing after them; those that are hidden until a script fills them are right."),
	Mistaken: diag.T("正文里以冒号结尾的句子不查，只查独立的标签。", "Only labels of their own count, not sentences."),
	Page:     func(p *Page) { p.labels() },
}

var label = regexp.MustCompile(`^(作者|来源|來源|阅读次数|閱讀次數|浏览次数|点击数|发布时间|時間|时间|责任编辑|編輯|编辑|一审|二审|三审|一審|二審|三審|字体大小|【字体大小|今天是|通讯员|关键词|附件)[:：]?$`)

func (p *Page) labels() {
	hidden := 0 // depth within a hidden element
	for i, t := range p.tags {
		if hidden > 0 {
			if t.name != "" && !void[t.name] {
				if t.name[0] == '/' {
					hidden--
				} else {
					hidden++
				}
			}
			continue
		}
		if _, ok := t.attr["hidden"]; ok || t.name == "noscript" || t.name == "template" || t.name == "option" || t.name == "button" {
			if !void[t.name] {
				hidden = 1
			}
			continue
		}
		if m := label.FindString(strings.TrimSpace(t.text)); t.name != "" || m == "" || !strings.ContainsAny(m, ":：") && m != "今天是" {
			continue
		}
		if p.emptyAfter(i) {
			p.report(&ruleLabel, t.line, strings.TrimSpace(t.text))
		}
	}
}

var void = map[string]bool{"meta": true, "link": true, "img": true, "br": true, "hr": true, "input": true, "source": true, "wbr": true, "col": true, "path": true}

// emptyAfter reports whether the block that text i stands in has no text after it.
func (p *Page) emptyAfter(i int) bool {
	for _, t := range p.tags[i+1:] {
		switch {
		case t.name == "" && strings.TrimSpace(t.text) != "":
			return false
		case t.name == "img", t.name == "svg", t.name == "time", t.name == "input", t.name == "ul", t.name == "ol":
			return false
		case oneOf(t.name, "/p /div /li /td /dd /section /header /footer /tr"):
			return true
		}
		if _, ok := t.attr["hidden"]; ok {
			return false
		}
	}
	return true
}

var ruleThirdParty = diag.Rule{ID: "Z72", Severity: diag.Warning,
	ZH: "页面从 %[1]s 取 %[2]s", EN: "the page takes a %[2]s from %[1]s",
	FixZH: "放到本站：别处的文件会失效，也会泄露读者的访问，IPv6 检查也算它", FixEN: "serve it from the site"}

var thirdParty = Analyser{
	ID: "Z72", Severity: diag.Warning,
	Name: diag.T("外站资源", "files from other hosts"),
	Doc: diag.T("页面的脚本、样式、图片、框架取自别的主机。普通链接不算。",
		"Scripts, styles, pictures and frames from other hosts; plain links do not count."),
	Mistaken: diag.T("确需的统计服务请在 site.yaml 里把 Z72 设为 info。", "Set Z72 to info where it is needed."),
	Page:     func(p *Page) { p.thirdParty() },
}

func (p *Page) thirdParty() {
	base, err := url.Parse(p.Base)
	if err != nil {
		return
	}
	for _, t := range p.tags {
		src := t.attr["src"]
		if t.name == "link" && oneOf(t.attr["rel"], "stylesheet preload icon modulepreload manifest") {
			src = t.attr["href"]
		}
		if t.name == "a" || src == "" {
			continue
		}
		if u, err := url.Parse(src); err == nil && u.Host != "" && u.Host != base.Host {
			p.report(&ruleThirdParty, t.line, u.Host, t.name)
		}
	}
}
