package portal

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What no page may have. Each finding is one line.
func TestPagesAreClean(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		for _, pg := range p.pages {
			for _, f := range findBad(pg, p.base) {
				t.Errorf("%s: %s", pg, f)
			}
		}
	})
}

// findBad lists what is wrong with a page.
func findBad(pg *page, base string) (bad []string) {
	say := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	if bytes.ContainsRune(pg.raw, '\uFFFD') {
		say("has U+FFFD")
	}
	if !bytes.HasPrefix(pg.raw, []byte("<!DOCTYPE html>\n")) {
		say("does not start with the doctype")
	}
	if n := len(pg.all("h1")); n != 1 {
		say("%d h1", n)
	}
	if n := len(pg.all("main")); n != 1 {
		say("%d main", n)
	}
	ids := map[string]bool{}
	walk(pg.doc, func(n *html.Node) bool {
		switch n.Type {
		case html.CommentNode:
			say("comment %.40q", n.Data)
		case html.TextNode:
			if isIn(n, "pre, code") || isIn(n, "script") {
				break
			}
			if m := leftover.FindString(n.Data); m != "" {
				say("text %q", m)
			}
		case html.ElementNode:
			bad = append(bad, badElement(n, base)...)
			if id := attr(n, "id"); has(n, "id") {
				if id == "" || ids[id] || strings.ContainsAny(id, " \t\n") {
					say("id %q is empty, has spaces or stands twice", id)
				}
				ids[id] = true
			}
		}
		return true
	})
	for _, l := range emptyLabels(pg) {
		say("label without a value: %s", l)
	}
	for _, m := range pg.all("[aria-controls], [aria-labelledby], [aria-describedby], label[for]") {
		for _, a := range []string{"aria-controls", "aria-labelledby", "aria-describedby", "for"} {
			for ref := range strings.FieldsSeq(attr(m, a)) {
				if !ids[ref] {
					say("%s names %s, which is not there", a, ref)
				}
			}
		}
	}
	return bad
}

// leftover is what a template or a double escape leaves in a text.
var leftover = regexp.MustCompile(`\{\{|\}\}|<no value>|&(amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-fA-F]+);|%!|ZgotmplZ|\[object |undefined|NaN`)

func badElement(n *html.Node, base string) (bad []string) {
	say := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	for _, a := range n.Attr {
		switch {
		case a.Key == "style":
			say("<%s style=%q>", n.Data, a.Val)
		case strings.HasPrefix(a.Key, "on"):
			say("<%s %s=%q>", n.Data, a.Key, a.Val)
		case strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			say("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if m := leftover.FindString(a.Val); m != "" {
			say("<%s %s> has %q", n.Data, a.Key, m)
		}
	}
	switch n.Data {
	case "style", "iframe", "object", "embed", "base", "frame", "applet", "form":
		say("<%s>", n.Data)
	case "img":
		if !has(n, "alt") {
			say("picture without alt: %s", attr(n, "src"))
		}
	case "a":
		if attr(n, "href") == "" {
			say("link without address: %.40q", text(n))
		}
		if label(n) == "" {
			say("link without text: %s", attr(n, "href"))
		}
		if strings.HasPrefix(attr(n, "href"), "http") && !strings.HasPrefix(attr(n, "href"), base) && attr(n, "target") == "_blank" && !strings.Contains(attr(n, "rel"), "noopener") {
			say("link opens a window that can reach back: %s", attr(n, "href"))
		}
	case "button":
		if label(n) == "" {
			say("button without text")
		}
		if attr(n, "type") != "button" {
			say("button of type %q", attr(n, "type"))
		}
	case "p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "summary", "th":
		if label(n) == "" && first(n, "img, svg, video, audio") == nil && !waits(n) {
			say("empty <%s class=%q>", n.Data, attr(n, "class"))
		}
	case "ul", "ol", "dl", "nav", "section", "aside":
		if len(within(n, "*")) == 0 || text(n) == "" {
			say("empty <%s class=%q>", n.Data, attr(n, "class"))
		}
	}
	// Resources come from the site itself.
	var res []string
	for _, a := range []string{"src", "poster", "data", "background"} {
		if has(n, a) {
			res = append(res, attr(n, a))
		}
	}
	if n.Data == "link" && slices.ContainsFunc(strings.Fields(attr(n, "rel")), func(r string) bool {
		return slices.Contains([]string{"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest", "preconnect", "dns-prefetch"}, r)
	}) {
		res = append(res, attr(n, "href"))
	}
	if has(n, "srcset") {
		for part := range strings.SplitSeq(attr(n, "srcset"), ",") {
			if f := strings.Fields(part); len(f) > 0 {
				res = append(res, f[0])
			}
		}
	}
	for _, r := range res {
		if !strings.HasPrefix(r, "/") || strings.HasPrefix(r, "//") {
			say("<%s> takes %q from elsewhere", n.Data, r)
		}
	}
	return bad
}

// label is what names an element: its text, or what stands for it.
func label(n *html.Node) string {
	if s := attr(n, "aria-label"); s != "" {
		return s
	}
	if s := strings.TrimFunc(rawText(n), func(r rune) bool { return bare(string(r)) == "" }); s != "" {
		return s
	}
	for _, m := range within(n, "img[alt], [aria-label]") {
		if s := attr(m, "alt") + attr(m, "aria-label"); s != "" {
			return s
		}
	}
	return ""
}

// waits reports whether a script fills the element; until then it is not shown, or takes no room.
func waits(n *html.Node) bool {
	for m := n; m != nil; m = m.Parent {
		if hiddenElement(m) {
			return true
		}
	}
	return first(n, "[data-label][hidden], [data-text][hidden]") != nil
}

// emptyLabels lists texts that end in a colon with nothing behind them, outside the text
// of articles.
func emptyLabels(pg *page) (out []string) {
	walk(first(pg.doc, "body"), func(n *html.Node) bool {
		if hiddenElement(n) || isIn(n, ".body, .editor-note, pre, code") {
			return false
		}
		if n.Type != html.TextNode {
			return true
		}
		s := strings.TrimSpace(n.Data)
		if !strings.HasSuffix(s, "：") && !strings.HasSuffix(s, ":") {
			return true
		}
		if !hasValue(n) {
			out = append(out, s)
		}
		return true
	})
	return out
}

// hasValue reports whether something visible follows a label: in its element, or, where that
// holds the label alone, in the element after it.
func hasValue(n *html.Node) bool {
	for {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.TextNode && strings.TrimSpace(s.Data) == "" {
				continue
			}
			return visible(s) != "" && !hiddenElement(s)
		}
		n = n.Parent
		if n == nil || !slices.Contains([]string{"span", "b", "strong", "em", "dt", "p", "label", "th", "h2", "h3"}, n.Data) {
			return false
		}
	}
}

// The search for bad pages finds them: each of these has one thing wrong.
func TestFindBadFinds(t *testing.T) {
	page := func(body string) string {
		return "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><title>t</title></head><body class=\"kind-page\"><main><h1>t</h1>" + body + "</main></body></html>"
	}
	for body, want := range map[string]string{
		`<p><span>作者：</span></p>`:                             "label",
		`<dl><div><dt>来源：</dt><dd> </dd></div></dl>`:          "label",
		`<li>阅读次数:</li>`:                                      "label",
		`<p>今天是:<span hidden>x</span></p>`:                    "label",
		`<p style="color:red">x</p>`:                          "style",
		`<p onclick="x()">x</p>`:                              "onclick",
		`<img src="/a.png">`:                                  "alt",
		`<img src="https://cdn.example/a.png" alt="">`:        "elsewhere",
		`<script src="//cdn.example/a.js"></script>`:          "elsewhere",
		`<p>{{.Title}}</p>`:                                   "{{",
		`<p>A&amp;amp;B</p>`:                                  "&amp;",
		`<p>` + "\uFFFD" + `</p>`:                             "FFFD",
		`<h1>x</h1>`:                                          "2 h1",
		`<p id="a">x</p><p id="a">x</p>`:                      "twice",
		`<a href="/x"></a>`:                                   "without text",
		`<a>x</a>`:                                            "without address",
		`<p> </p>`:                                            "empty",
		`<ul></ul>`:                                           "empty",
		`<a href="javascript:void(0)">x</a>`:                  "javascript",
		`<button type="button" aria-controls="no">x</button>`: "aria-controls",
		`<form action="/x"></form>`:                           "form",
	} {
		pg := parse(t, "bad.html", []byte(page(body)))
		if got := findBad(pg, "https://a.example/"); len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%s: found %v, want %s", body, got, want)
		}
	}
	for _, body := range []string{`<p>作者：<b>甲</b></p>`, `<div class="body"><p>如下：</p></div>`, `<dl><div><dt>来源：</dt><dd>x</dd></div></dl>`, `<pre><code>{{x}} &amp;amp;</code></pre>`, `<div><p>推荐访问：</p><ul><li>x</li></ul></div>`} {
		if got := findBad(parse(t, "good.html", []byte(page(body))), "https://a.example/"); len(got) > 0 {
			t.Errorf("%s: found %v, want nothing", body, got)
		}
	}
}
