package article

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"zhendi/internal/diag"
)

// pieces are bits of the dialect for the fuzzer to shuffle.
var pieces = []string{
	"<div><p>a<p>b</div></article>\n", "<table><tr><td>a<td>b<tr><th colspan=2>c</table>\n", "<ul><li>a<ul><li>b</ul></ul>\n",
	"a <b>b <i>c</b> d</i> e\n", "<a href=javascript:alert(1)>x</a> <a href='/x'>[y](z) <a href=w>v</a></a>\n",
	"<img src=x onerror=alert(1) alt=a> <svg><script>alert(1)</script></svg> <math><mi>x</math>\n", "<iframe src=x></iframe><form><input></form>\n",
	"<details>\n<summary>a</summary>\n\n- b\n\n</details>\n", "<video src=a.mp4 controls poster=b.jpg><source src=c>x</video>\n",
	"<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>\n", "<p style='text-align:center'>a</p><center>b</center>\n", "<script>\n\nalert(1)\n</script>\n",
	"<pre>\n\na</pre>\n", "<h1>a</h1><h4>b</h2>\n", "<dl><dt>a<dd>b</dl>\n", "<figure><img src=a alt=b><figcaption>c</figure>\n",
	"<!-- page -->\n", "<!-- a\n\nb -->c\n", "<?php a ?><!doctype html><![CDATA[a]]>\n", "&lt;script&gt; &amp;nbsp; &#0; &#x3000; &nbsp;\n",
	":::编者按\na\n:::\n", ":::fold 题\n:::编者按\na\n:::\n:::\n", "：：：编者按\n", ":::\n", "> :::fold a\n> b\nc\n",
	"[^1] [^2] [^1]\n\n[^1]: a\n    b\n[^2]: c[^1]\n", "[a[^1]](b)\n\n[^1]: c\n", "|a|b|\n|:-|-:|\n|`\\|`|![c](d)|\n",
	"![a](b \"c\") ![d](e)\n", "[![a](b)](c)\n", "# A\n### B\n## A\n# fn-1\n## h-a\n", "[x](#a) [y](#%E4%B8%80) [z](gone)\n", "a\n---\n",
	"一、题\n文\n（一）题。文\n1.题\n文\n1. 题\n\n文\n", "**1.题。**文\n", "本报讯（记者 张三）**文**\n", "　　文\n　　\n&nbsp;\n    文\n\tb\n",
	"http://a.cn/b_c_d。 www.a.cn, a_b@c.cn <http://a.b>\n", "```go\nfunc\n```\n~~~\nx\n", "1. a\n   - [x] b\n\n     c\n", "2025. a\n", "a\\\nb  \nc\n",
	"<ul><script>\n\n<t>\n</script>", "<o>\n<script>\n\n-\n<t>\n</script>",
}

func addSeeds(f *testing.F) {
	for i, p := range pieces {
		f.Add([]byte(p), i%2 == 0)
		f.Add([]byte(p+"\n"+pieces[(i*7+3)%len(pieces)]+pieces[(i*5+1)%len(pieces)]), i%3 == 0)
	}
	for _, text := range hostile() {
		if len(text) < 2000 {
			f.Add([]byte(text), true)
			continue
		}
		f.Add([]byte(text[:200]), true)
	}
	files, _ := filepath.Glob("testdata/markdown/*.txtar")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data, false)
		}
	}
}

// FuzzRender holds the page to what its reader's browser must be able to rely on.
func FuzzRender(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text []byte, numbering bool) {
		src := Source{File: "a.md", Line: 1, Text: text}
		body, problems := Render(src, Options{Numbering: numbering, Resolve: testResolve})
		for i, part := range body.Parts {
			checkHTML(t, part)
			if got := meaning(t, string(policy().SanitizeBytes([]byte(part)))); got != meaning(t, part) {
				t.Errorf("part %d means something else to the policy:\n%s\n%s", i, part, got)
			}
		}
		if utf8.Valid(text) && !utf8.ValidString(strings.Join(body.Parts, "")) {
			t.Error("valid text, invalid HTML")
		}
		again, _ := Render(src, Options{Numbering: numbering, Resolve: testResolve})
		if strings.Join(again.Parts, "\x00") != strings.Join(body.Parts, "\x00") {
			t.Error("another result the second time")
		}
		checkPlaces(t, text, problems)
		checkOutline(t, body)
	})
}

// testResolve knows every file.
func testResolve(dest string, image bool) (Link, *diag.Problem) {
	return Link{URL: "/x", External: strings.Contains(dest, "//"), Gone: dest == "gone"}, nil
}

func checkPlaces(t *testing.T, text []byte, problems diag.List) {
	lines := bytes.Split(text, []byte("\n"))
	for _, p := range problems {
		if p.Pos.Line < 1 || p.Pos.Line > len(lines) || p.Col < 1 || p.Col > utf8.RuneCount(lines[p.Pos.Line-1])+1 {
			t.Errorf("%v is not in the text: %s", p.Pos, p.Message(diag.EN))
		}
	}
}

func checkOutline(t *testing.T, body Body) {
	prev := 1
	for _, h := range body.Outline {
		if h.Level < 2 || h.Level > prev+1 {
			t.Errorf("level %d after %d", h.Level, prev)
		}
		prev = h.Level
		if h.Part >= len(body.Parts) || !strings.Contains(body.Parts[h.Part], ` id="`+string(appendEscaped(nil, h.ID))+`"`) &&
			!strings.Contains(body.Parts[h.Part], ` id="`+html.EscapeString(h.ID)+`"`) {
			t.Errorf("no heading %+v", h)
		}
	}
}

var unsafe = regexp.MustCompile(`(?i)^(on.*|style|srcdoc|formaction|background|xlink.*|xmlns.*)$`)

// checkHTML checks that a browser makes of page the tree that its tags say, and that the
// tree has nothing unsafe, no id twice and no link that runs code.
func checkHTML(t *testing.T, page string) {
	t.Helper()
	root := parseBody(t, page)
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("comment %q", n.Data)
		}
		if n.Type != html.ElementNode || n == root {
			continue
		}
		if _, ok := elements[n.Data]; !ok && n.Data != "section" && n.Data != "aside" {
			t.Errorf("element %s", n.Data)
		}
		for _, a := range n.Attr {
			if unsafe.MatchString(a.Key) {
				t.Errorf("attribute %s", a.Key)
			}
			if s, ok := scheme(a.Val); ok && (a.Key == "href" || a.Key == "src" || a.Key == "poster") && !schemes[s] {
				t.Errorf("%s=%s", a.Key, a.Val)
			}
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("id %s twice", a.Val)
			}
			ids[a.Val] = ids[a.Val] || a.Key == "id"
		}
	}
	if opened, tree := tags(page), treeTags(root); opened != tree {
		t.Errorf("the tags say\n%s\na browser makes\n%s\nof\n%s", opened, tree, page)
	}
}

func parseBody(t *testing.T, page string) *html.Node {
	t.Helper()
	root := &html.Node{Type: html.ElementNode, Data: "article", DataAtom: atom.Article}
	nodes, err := html.ParseFragment(strings.NewReader(page), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

// tags lists the tags of page in order: what is nested in what.
func tags(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken:
			name, _ := z.TagName()
			b.WriteString("<" + string(name) + ">")
		case html.EndTagToken:
			name, _ := z.TagName()
			b.WriteString("</" + string(name) + ">")
		}
	}
}

func treeTags(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			b.WriteString("<" + c.Data + ">" + treeTags(c))
			if elements[c.Data].inside != nothing {
				b.WriteString("</" + c.Data + ">")
			}
		}
	}
	return b.String()
}

// meaning is what a browser makes of page, written in one way.
func meaning(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	for c := parseBody(t, page).FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&b, c); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// FuzzScan holds Scan to its bounds, and to the number of parts that Render makes
// of a text without an error about them.
func FuzzScan(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text []byte, _ bool) {
		h, _ := Scan(Source{File: "a.md", Line: 1, Text: text})
		if n := utf8.RuneCountInString(h.Excerpt); n > maxExcerpt {
			t.Errorf("excerpt of %d characters", n)
		}
		if strings.Contains(h.Excerpt, "\n") || h.Parts < 1 {
			t.Errorf("%+v", h)
		}
		if utf8.Valid(text) && !utf8.ValidString(h.Excerpt) {
			t.Errorf("invalid excerpt %q", h.Excerpt)
		}
	})
}

// FuzzDateline checks that a dateline is a piece of the text, and names are names.
func FuzzDateline(f *testing.F) {
	for _, c := range datelines {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, rest, ok := ParseDateline(text)
		if !strings.HasSuffix(text, rest) || ok != (len(rest) < len(text)) || !ok && d.Agency != "" {
			t.Errorf("%q: %+v, %q, %v", text, d, rest, ok)
		}
		for _, n := range d.Names {
			if !isName(n) {
				t.Errorf("%q: name %q", text, n)
			}
		}
	})
}
