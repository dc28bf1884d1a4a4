package portal

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// page is a parsed HTML file of an output.
type page struct {
	site, path string
	raw        []byte
	doc        *html.Node
	kind       string // home, column, archive, page, article, notfound; empty of a redirect
}

func parse(t *testing.T, path string, raw []byte) *page {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	p := &page{path: path, raw: raw, doc: doc}
	for _, c := range strings.Fields(attr(first(doc, "body"), "class")) {
		if k, ok := strings.CutPrefix(c, "kind-"); ok {
			p.kind = k
		}
	}
	return p
}

func (p *page) String() string { return p.site + " " + p.path }

// one returns the element that selector matches and fails the test unless there is exactly one.
func (p *page) one(t *testing.T, selector string) *html.Node {
	t.Helper()
	list := p.all(selector)
	if len(list) != 1 {
		t.Fatalf("%s: %d elements are %s, want one", p, len(list), selector)
	}
	return list[0]
}

// all returns the elements that selector matches, in order.
func (p *page) all(selector string) []*html.Node { return within(p.doc, selector) }

// none fails the test if there is an element that selector matches.
func (p *page) none(t *testing.T, selector string) {
	t.Helper()
	if list := p.all(selector); len(list) > 0 {
		t.Errorf("%s: there is %s: %.80q", p, selector, text(list[0]))
	}
}

func within(n *html.Node, selector string) []*html.Node {
	if n == nil {
		return nil
	}
	return cascadia.QueryAll(n, cascadia.MustCompile(selector))
}

func first(n *html.Node, selector string) *html.Node {
	if list := within(n, selector); len(list) > 0 {
		return list[0]
	}
	return nil
}

// meta returns the content of a meta element, ok if there is one.
func (p *page) meta(name string) (content string, ok bool) {
	for _, m := range p.all("head meta") {
		if attr(m, "name") == name || attr(m, "property") == name || attr(m, "http-equiv") == name {
			return attr(m, "content"), true
		}
	}
	return "", false
}

// canonical is the page's own address as it gives it.
func (p *page) canonical() string { return attr(first(p.doc, "link[rel=canonical]"), "href") }

// hant are the labels of the particulars in traditional script.
var hant = map[string]string{"发布时间": "發布時間", "来源": "來源", "编辑": "編輯", "栏目": "欄目", "通讯员": "通訊員", "一审": "一審", "二审": "二審", "三审": "三審"}

// label returns the visible value behind a label of the article's line of particulars, in either
// script.
func (p *page) label(label string) string {
	for _, d := range p.all(".meta dt") {
		if s := strings.TrimRight(text(d), "：:"); s == label || s == hant[label] {
			return text(d.NextSibling)
		}
	}
	return ""
}

// traditional reports whether the page belongs to an edition in traditional script.
func (p *page) traditional() bool {
	return slices.Contains([]string{"zh-TW", "zh-HK", "zh-Hant"}, attr(first(p.doc, "html"), "lang"))
}

func attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// walk calls f for n and all below it; where f returns false it does not go deeper.
func walk(n *html.Node, f func(*html.Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, f)
	}
}

// rawText is the text of an element as it is, spaces and all.
func rawText(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		return true
	})
	return b.String()
}

// text is the text of an element with white space collapsed.
func text(n *html.Node) string { return strings.Join(strings.FieldsFunc(rawText(n), space), " ") }

// space is white space of HTML; U+00A0 and U+3000 are not.
func space(r rune) bool { return strings.ContainsRune(" \t\n\r\f", r) }

// bare is a text without any white space, for comparing texts that were set differently.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// hiddenElement reports whether an element is not shown to a reader without scripts.
func hiddenElement(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "head", "script", "style", "template":
		return true
	case "dialog":
		return !has(n, "open")
	}
	return has(n, "hidden")
}

// visible is the text that a reader without scripts sees, white space collapsed.
func visible(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) bool {
		if hiddenElement(n) {
			return false
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		return true
	})
	return strings.Join(strings.FieldsFunc(b.String(), space), " ")
}

// isIn reports whether n is in an element that selector matches, or is one.
func isIn(n *html.Node, selector string) bool {
	s := cascadia.MustCompile(selector)
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && s.Match(n) {
			return true
		}
	}
	return false
}

func texts(nodes []*html.Node) (out []string) {
	for _, n := range nodes {
		out = append(out, text(n))
	}
	return out
}
