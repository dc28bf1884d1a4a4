package portal

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// kitchenIn is the kitchen in another theme, with files of the site's own themes.
func kitchenIn(name, theme string, files map[string]string) *made {
	return &made{name: name, base: kitchen.base, warnings: true, source: func(t *testing.T, dir string) string {
		writeKitchen(t, dir)
		text, err := os.ReadFile(dir + "/site.yaml")
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "site.yaml", string(text)+"theme: "+theme+"\nhome: [{module: headline}, {module: latest, title: 最新稿件}, {module: friends}]\nparams: {docNumber: 云机党〔2026〕1号}\n")
		for path, text := range files {
			write(t, dir, "themes/"+path, text)
		}
		return dir
	}}
}

var inSujian = kitchenIn("sujian", "sujian", nil)

// The second theme that comes along changes colours by a sheet and articles by one template, and has all
// the rest from the default theme: the same pages, as sound, and the reader's settings win over its colours.
func TestSecondTheme(t *testing.T) {
	p, plain := inSujian.get(t), kitchen.get(t)
	if got, want := len(p.pages), len(plain.pages); got != want {
		t.Errorf("%d pages, want %d", got, want)
	}
	pg := p.page(t, countedArticle)
	html := string(p.files[pg.path])
	if !(strings.Index(html, `class="files"`) < strings.Index(html, `class="meta"`)) {
		t.Error("its own template of articles is not used")
	}
	at := serve(t, p) + "/"
	b := startBrowser(t)
	for _, width := range widths {
		b.screen(width)
		for _, page := range []string{"", countedArticle, "yw/", "tu/", "404.html", "sitemap.html"} {
			what := fmt.Sprintf("%q at %d", page, width)
			b.forget(at)
			b.open(at + page)
			b.is("getComputedStyle(document.querySelector('.banner')).backgroundColor", "rgb(255, 255, 255)", what)
			if over := ask[float64](b, pageWidth); over > 0 {
				t.Errorf("%s: %v too wide: %s", what, over, ask[string](b, fmt.Sprintf(tooFarRight, width)))
			}
			if small := ask[string](b, fmt.Sprintf(tooSmall, 44)); small != "" {
				t.Errorf("%s: less than 44 px high:\n%s", what, small)
			}
			ask[bool](b, `localStorage.zhendi = '{"elder":"1","contrast":"1"}', true`)
			b.open(at + page)
			if small := ask[string](b, smallType); small != "" {
				t.Errorf("%s: type below 24 px:\n%s", what, small)
			}
			b.is("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector('.brand span')).color", "rgb(0, 0, 0)rgb(255, 255, 0)", what)
		}
	}
	b.quiet("sujian")
}

// What themes/README.md tells, done as it is told: other colours, a word, a module of the home page, a layout of
// articles, each in a theme of the site's own.
func TestThemeByTheBook(t *testing.T) {
	manual, err := os.ReadFile(root + "/themes/README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := func(after string) string { // the first indented block after a line of the manual
		t.Helper()
		_, rest, ok := strings.Cut(string(manual), after)
		if !ok {
			t.Fatalf("the manual does not say %q", after)
		}
		var block []string
		for line := range strings.Lines(rest) {
			if code, ok := strings.CutPrefix(line, "    "); ok || len(block) > 0 && line == "\n" {
				block = append(block, strings.TrimSuffix(code, "\n"))
			} else if len(block) > 0 {
				break
			}
		}
		return strings.TrimSpace(strings.Join(block, "\n")) + "\n"
	}
	base := func(file string) string {
		t.Helper()
		text, err := os.ReadFile(root + "/themes/default/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	home := strings.Replace(base("layouts/home.html"), "{{- else if .Tabs}}", told("**Add a home module.**")+"\n{{- else if .Tabs}}", 1)
	article := strings.Replace(base("layouts/article.html"), "{{- template \"article-meta\" .}}", told("**Write a new article layout.**")+"{{- template \"article-meta\" .}}", 1)
	m := kitchenIn("by the book", "ours", map[string]string{
		"ours/theme.yaml":           told("**A theme that extends another.**"),
		"ours/assets/theme.css":     told("**Change the colours.**"),
		"ours/layouts/home.html":    home,
		"ours/layouts/article.html": article,
	})
	p := m.get(t)
	if got := text(p.page(t, "index.html").one(t, ".newest h2")); got != "最新稿件" {
		t.Errorf("the module of one's own is titled %q", got)
	}
	p.page(t, countedArticle).one(t, ".doc-number")
	b := startBrowser(t)
	b.screen(1280)
	b.open(serve(t, p) + "/" + countedArticle)
	b.is("getComputedStyle(document.querySelector('.nav')).backgroundColor", "rgb(156, 31, 46)", "the colour of one's own")
	b.quiet("by the book")
}
