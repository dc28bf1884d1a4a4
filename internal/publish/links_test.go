package publish

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/output"
)

func TestLeads(t *testing.T) {
	const base = "https://www.example.gov.cn/"
	for _, c := range []struct{ media, body, want string }{
		{"text/html", `<a href="/a/b.html?x=1#y">`, "a/b.html"},
		{"text/html", `<a href="../c/">`, "c/index.html"},
		{"text/html", `<a href=/%E5%85%9A/e%20f.html>`, "党/e f.html"},
		{"text/html", `<a href="/党/e f.html">`, "党/e f.html"},
		{"text/html", `<a href="https://www.example.gov.cn/a.html">`, "a.html"},
		{"text/html", `<a href="//WWW.example.gov.cn/a.html">`, "a.html"},
		{"text/html", `<img srcset="/a.png 480w, /b.png 2x">`, "a.png|b.png"},
		{"text/html", `<meta http-equiv="refresh" content="0; url=/a.html">`, "a.html"},
		{"text/html", `<a href="/a.html&amp;x">`, "a.html&x"},
		{"text/html", `<p>见（https://www.example.gov.cn/a.html）。`, "a.html"},
		{"text/html", `<p>www.example.gov.cn/a.html`, "a.html"},
		{"text/html", `<a href="https://share.example/?url=https%3A%2F%2Fwww.example.gov.cn%2Fa.html&t=1">`, "a.html"},
		{"text/html", `<script type="application/ld+json">{"url":"https:\/\/www.example.gov.cn\/\u515a.html"}</script>`, "党.html"},
		{"text/html", `<!-- <a href="/a.html"> -->`, "a.html"},
		{"text/html", `<a href="/yw">`, "yw|yw/index.html"},
		{"text/html", `<div data-next="/a.html">`, "a.html"},
		{"application/rss+xml", `<link>https://www.example.gov.cn/a.html</link>`, "a.html"},
		{"application/rss+xml", `<d><![CDATA[<a href="/a.html">]]></d>`, "a.html"},
		{"application/rss+xml", `<d>&lt;a href=&quot;/a.html&quot;&gt;</d>`, "a.html"},
		{"application/json", `[{"url":"/%E5%85%9A/a.html"}]`, "党/a.html"},
		{"application/json", `{"html":"<a href=\"/a.html\">"}`, "a.html"},
		{"text/css; charset=utf-8", `@import url(/_assets/a.css);`, "_assets/a.css"},
		{"text/plain", "Sitemap: https://www.example.gov.cn/sitemap.xml\n", "sitemap.xml"},
	} {
		found := map[string]bool{}
		leads([]byte(c.body), &output.Entry{Path: "yw/x.html", Media: c.media}, base, func(f string) { found[f] = true })
		for _, want := range strings.Split(c.want, "|") {
			if !found[want] {
				t.Errorf("%s: %s is not among %q", c.body, want, slices.Sorted(maps.Keys(found)))
			}
		}
	}
	for _, other := range []string{`<a href="https://elsewhere.example/a.html">`, `<a href="mailto:a@example.com">`, `<a href="javascript:x">`, `<p>a.html`} {
		leads([]byte(other), &output.Entry{Path: "yw/x.html", Media: "text/html"}, base, func(f string) {
			if strings.HasSuffix(f, "a.html") {
				t.Errorf("%s leads to %s", other, f)
			}
		})
	}
	leads([]byte(`<a href="/sub/a.html"> <a href="b.html">`), &output.Entry{Path: "yw/x.html", Media: "text/html"}, "https://www.example.gov.cn/sub/", func(f string) {
		if f != "a.html" && f != "yw/b.html" {
			t.Errorf("below a path: %s", f)
		}
	})
}

func FuzzLeads(f *testing.F) {
	f.Add("text/html", `<a href="/a.html">`)
	f.Add("application/json", `["/a"]`)
	f.Fuzz(func(t *testing.T, media, body string) {
		address := "/yw/%E5%85%9A%E5%BB%BA.html"
		found := false
		leads([]byte(`<a href="`+address+`"></a> `+body), &output.Entry{Path: "x.html", Media: "text/html"}, "https://www.example.gov.cn/", func(file string) { found = found || file == "yw/党建.html" })
		if !found {
			t.Error("a link before the rest is not found")
		}
		leads([]byte(body), &output.Entry{Path: "x", Media: media}, "https://www.example.gov.cn/", func(string) {})
	})
}
