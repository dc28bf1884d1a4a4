package themes_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"zhendi/internal/render"
	"zhendi/themes"
)

var out = flag.String("out", "", "write the sample pages to this `directory`, to look at them in a browser")

// names are the themes that come with zhendi.
var names = []string{"default", "sujian"}

// theme is a theme as the build uses it: one set of templates, named after their files.
type theme struct {
	*template.Template
	name  string
	words [2]map[string]string // simplified, traditional
	text  string               // of all templates
}

// fileOf is where a file of a theme is: in the theme itself, or in the one that it extends.
func fileOf(t testing.TB, name, file string) string {
	t.Helper()
	if _, err := fs.Stat(themes.FS, name+"/"+file); err == nil {
		return name + "/" + file
	}
	base, ok := strings.CutPrefix(read(t, name+"/theme.yaml"), "extends: ")
	if !ok {
		t.Fatalf("%s has no %s and extends nothing", name, file)
	}
	return fileOf(t, strings.TrimSpace(base), file)
}

func load(t testing.TB) theme {
	t.Helper()
	return loadTheme(t, "default")
}

func loadTheme(t testing.TB, name string) theme {
	t.Helper()
	th := theme{Template: template.New("").Option("missingkey=error"), name: name}
	layouts, err := fs.Glob(themes.FS, "default/layouts/*.html") // no theme here has others
	if err != nil || len(layouts) == 0 {
		t.Fatal(layouts, err)
	}
	for _, layout := range layouts {
		file := strings.TrimPrefix(layout, "default/")
		text := read(t, fileOf(t, name, file))
		th.text += text
		if _, err := th.New(strings.TrimSuffix(filepath.Base(file), ".html")).Parse(text); err != nil {
			t.Fatal(err)
		}
	}
	var words map[string][2]string
	if err := yaml.Load([]byte(read(t, fileOf(t, name, "words.yaml"))), &words); err != nil {
		t.Fatal(err)
	}
	th.words = [2]map[string]string{{}, {}}
	for key, pair := range words {
		for i, word := range pair {
			if word == "" {
				t.Errorf("words.yaml: %s: empty", key)
			}
			th.words[i][key] = word
		}
	}
	return th
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(themes.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// page executes the template of v's kind as the build does.
func (th theme) page(t *testing.T, v *render.View, p render.Page) string {
	t.Helper()
	words := th.words[0]
	if v.Lang != "zh-CN" {
		words = th.words[1]
	}
	if th.name != "default" {
		v.Site.Assets = maps.Clone(v.Site.Assets)
		v.Site.Assets["theme.css"] = "theme.css"
	}
	c := &render.Chrome{Site: v.Site, Words: words}
	if v.Column != nil {
		c.Top = v.Column.Top
	}
	part := func(name string, value any) template.HTML {
		var b bytes.Buffer
		if err := th.ExecuteTemplate(&b, name, value); err != nil {
			t.Fatal(err)
		}
		return template.HTML(b.String())
	}
	p.View, p.Words, p.Header, p.Footer = v, words, part("header", c), part("footer", c)
	p.CSP = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"
	p.Boot = template.HTML("<script>" + read(t, "default/boot.js") + "</script>")
	return string(part(v.Kind, &p))
}

// samples returns the pages to be tested by name: each kind with every field set, each
// with as little as there can be, both in two scripts where that matters.
func (th theme) samples(t *testing.T) map[string]string {
	pages := map[string]string{}
	for name, s := range rich() {
		pages[name] = th.page(t, s.view, s.page)
		if name == "article" || name == "home" {
			s.view.Lang = "zh-Hant"
			pages[name+"-hant"] = th.page(t, s.view, s.page)
		}
	}
	for name, s := range minimal() {
		pages[name+"-minimal"] = th.page(t, s.view, s.page)
	}
	return pages
}

func TestPagesAreSound(t *testing.T) {
	for _, theme := range names {
		pages := loadTheme(t, theme).samples(t)
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			t.Run(theme+"/"+name, func(t *testing.T) { soundPage(t, pages[name]) })
		}
		if *out != "" {
			write(t, theme, pages)
		}
	}
}

func soundPage(t *testing.T, text string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	soundElements(t, doc)
	if n := len(find(doc, atom.H1)); n != 1 {
		t.Errorf("%d h1 elements, want 1", n)
	}
	if n := len(find(doc, atom.Main)); n != 1 {
		t.Errorf("%d main elements, want 1", n)
	}
	if !regexp.MustCompile(`^<!DOCTYPE html>\n<html lang="[^"]+"[^>]*>\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy"`).MatchString(text) {
		t.Errorf("the page does not begin with its language, encoding and policy:\n%.300s", text)
	}
	headingsInOrder(t, doc)
}

// soundElements looks at each element: nothing that the policy forbids, no empty
// element that ought to say something, no dead control.
func soundElements(t *testing.T, doc *html.Node) {
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("two elements have the id %q", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case (a.Key == "href" || a.Key == "src" || a.Key == "aria-label" || a.Key == "lang" || a.Key == "datetime") && a.Val == "":
				t.Errorf("<%s> has an empty %s", n.Data, a.Key)
			case strings.Contains(a.Val, "ZgotmplZ"):
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		switch n.DataAtom {
		case atom.P, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3, atom.A, atom.Nav, atom.Section, atom.Figure, atom.Hgroup, atom.Time, atom.Title:
			if strings.TrimSpace(textOf(n)) == "" && len(find(n, atom.Img)) == 0 && attr(n, "class") != "leave-to" && attr(n, "class") != "hello" {
				t.Errorf("<%s class=%q> says nothing", n.Data, attr(n, "class"))
			}
		case atom.Style:
			t.Error("a style element")
		case atom.Button:
			if !hidden(n) {
				t.Errorf("without scripts the button %q is dead", textOf(n))
			}
		}
	}
}

// headingsInOrder reports headings that leave out a level.
func headingsInOrder(t *testing.T, doc *html.Node) {
	last := 0
	for n := range doc.Descendants() {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' && n.Type == html.ElementNode {
			level := int(n.Data[1] - '0')
			if level > last+1 {
				t.Errorf("h%d %q follows h%d", level, textOf(n), last)
			}
			last = level
		}
	}
}

// An empty field leaves no label behind: none of the words that stand before a value is
// on a page without values.
func TestNothingSetNothingPrinted(t *testing.T) {
	for _, name := range names {
		nothingPrinted(t, loadTheme(t, name))
	}
}

func nothingPrinted(t *testing.T, th theme) {
	labels := []string{"published", "source", "author", "correspondent", "editor", "column", "dutyEditor", "correction", "editorNote", "toc", "parts", "files",
		"tagsLabel", "qr", "address", "older", "newer", "related", "pinned", "recommendedMark", "recommended", "friends", "hasFiles", "periods", "newerPage", "olderPage", "toColumn", "crumbsLabel",
		"login", "register", "hosts", "organizer", "undertaker", "postAddress", "postcode", "phone", "email", "siteID", "conacRed", "conacBlue"}
	for name, s := range minimal() {
		text := th.page(t, s.view, s.page)
		for _, key := range labels {
			if name == "withdrawn" && key == "toColumn" {
				continue // a way on, not a label
			}
			if word := th.words[0][key]; strings.Contains(text, ">"+word) || strings.Contains(text, word+"<") {
				t.Errorf("%s: %s (%s)", name, word, key)
			}
		}
		if strings.Contains(text, "：<") {
			t.Errorf("%s: a label without a value", name)
		}
	}
}

// The parts of an article stand in the order of the design, and all that is set is there.
func TestArticleOrder(t *testing.T) {
	th := load(t)
	s := rich()["article"]
	text := th.page(t, s.view, s.page)
	at := 0
	for _, want := range []string{
		"欢迎访问清源市机关党建网", `class="nav"`, "当前位置：", "网站首页", "组织建设", `class="kicker"`, "<h1>", "——市政务服务中心党总支", "发布时间：", "2026-09-01 08:22", "来源：", "作者：",
		"通讯员：", "编辑：", "栏目：", "一审：", "二审：", "三审：", `class="views"`, "字号", "打印", "编者按", "目录", `class="body"`, `class="parts"`, "附件", "DOCX，23 KB", "（责任编辑：", "我要纠错", "推荐访问：",
		"扫一扫在手机打开当前页", "上一篇：", "下一篇：", "相关稿件", `class="notice"`, "打印本页", "<footer",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing, or stands before what should precede it", want)
		}
		at += i
	}
	if c := regexp.MustCompile(`(?s)<nav class="crumbs".*?</nav>`).FindString(text); strings.HasSuffix(strings.TrimSpace(stripTags(c)), ">") {
		t.Error("the breadcrumb ends in a separator")
	}
}

// What an editor flagged is marked in the lists of columns.
func TestMarks(t *testing.T) {
	th := load(t)
	for name, want := range map[string][]string{"column": {">置顶<", ">推荐<", `aria-label="有附件"`}, "pictures": {">置顶<", ">推荐<"}} {
		s := rich()[name]
		text := th.page(t, s.view, s.page)
		for _, mark := range want {
			if n := strings.Count(text, mark); n != 1 {
				t.Errorf("%s: %d × %s", name, n, mark)
			}
		}
	}
}

// Words are the theme's only words: no template holds a Chinese character, every word used
// is in words.yaml, and every word there is used by a template or by the build.
func TestWords(t *testing.T) {
	th := load(t)
	if m := regexp.MustCompile(`.*\p{Han}.*`).FindString(th.text); m != "" {
		t.Errorf("a word in a template: %s", m)
	}
	build := usedByBuild(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\.Words\.(\w+)`).FindAllStringSubmatch(th.text, -1) {
		used[m[1]] = true
		if _, ok := th.words[0][m[1]]; !ok {
			t.Errorf("words.yaml has no %s", m[1])
		}
	}
	for key := range th.words[0] {
		if !used[key] && !strings.Contains(build, strconv.Quote(key)) {
			t.Errorf("words.yaml: %s is not used", key)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(read(t, "default/words.yaml")), "\n") {
		if !regexp.MustCompile(`^\w+: \[[^\[\],]+, [^\[\],]+\]$`).MatchString(line) {
			t.Errorf("words.yaml: %s", line)
		}
	}
}

// usedByBuild returns the text of the package that also prints words.
func usedByBuild(t *testing.T) string {
	names, err := filepath.Glob("../internal/render/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var all strings.Builder
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// Nothing in style and scripts leaves the site or needs what the policy forbids.
func TestAssetsStayAtHome(t *testing.T) {
	for _, name := range []string{"default/assets/site.css", "default/assets/site.js", "default/boot.js", "sujian/assets/theme.css"} {
		text := read(t, name)
		for _, bad := range []string{"http://", "https://", "url(//", "@import", "eval(", "innerHTML", "document.write"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %s", name, bad)
			}
		}
	}
}

// What every page carries stays light (compressed; the build also minifies style and scripts).
func TestWeight(t *testing.T) {
	th := load(t)
	weigh := func(what string, limit int, parts ...string) {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		io.WriteString(w, strings.Join(parts, ""))
		w.Close()
		t.Logf("%s: %d bytes", what, b.Len())
		if b.Len() > limit {
			t.Errorf("%s: %d bytes, limit %d", what, b.Len(), limit)
		}
	}
	weigh("style sheet", 14<<10, read(t, "default/assets/site.css"))
	weigh("scripts", 8<<10, read(t, "default/assets/site.js"), read(t, "default/boot.js"))
	chrome := &render.Chrome{Site: site(), Words: th.words[0], Top: "zzjs"}
	var b bytes.Buffer
	for _, name := range []string{"header", "footer"} {
		if err := th.ExecuteTemplate(&b, name, chrome); err != nil {
			t.Fatal(err)
		}
	}
	weigh("header and footer", 4<<10, b.String())
}

// write puts the sample pages where a browser finds them.
func write(t *testing.T, theme string, pages map[string]string) {
	dir := filepath.Join(*out, theme)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range []string{"site.css", "site.js", "cursor.png"} {
		files[name] = read(t, fileOf(t, theme, "assets/"+name))
	}
	if theme != "default" {
		files["theme.css"] = read(t, theme+"/assets/theme.css")
	}
	for name, text := range pages {
		files[name+".html"] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func find(n *html.Node, a atom.Atom) (found []*html.Node) {
	for d := range n.Descendants() {
		if d.DataAtom == a && d.Type == html.ElementNode {
			found = append(found, d)
		}
	}
	return found
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// hidden reports whether n is not shown until a script runs.
func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Dialog || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
			return true
		}
	}
	return false
}

func stripTags(s string) string { return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, "") }

// Text can be read on every ground it stands on, in each theme and in high contrast: 4.5:1, and 7:1 there.
func TestContrast(t *testing.T) {
	pairs := strings.Fields("ink/card ink-2/card ink-3/card link/card title/card ink/paper ink-2/paper link/paper ink-2/ground ink-3/ground link/ground " +
		"on-red/red on-red/red-bright on-red/red-deep gold/red gold/red-bright gold/red-deep on-red-2/red-deep focus/card focus/ground")
	sheet := read(t, "default/assets/site.css")
	token := regexp.MustCompile(`--([\w-]+): (#[0-9a-f]+)`)
	colours := func(base map[string]string, css, rule string) map[string]string {
		t.Helper()
		_, css, ok := strings.Cut(css, "\n"+rule+" {")
		if !ok {
			t.Fatalf("no rule %s", rule)
		}
		out := maps.Clone(base)
		for _, m := range token.FindAllStringSubmatch(css[:strings.Index(css, "}")], -1) {
			out[m[1]] = m[2]
		}
		return out
	}
	plain := colours(map[string]string{}, sheet, ":root")
	for name, c := range map[string]struct {
		colours map[string]string
		least   float64
	}{
		"default": {plain, 4.5}, "sujian": {colours(plain, read(t, "sujian/assets/theme.css"), ":root"), 4.5},
		"elder": {colours(plain, sheet, "html[data-elder]"), 4.5}, "contrast": {colours(plain, sheet, "html[data-contrast]"), 7},
	} {
		for _, pair := range pairs {
			on, under, _ := strings.Cut(pair, "/")
			if got := contrast(t, c.colours[on], c.colours[under]); got < c.least {
				t.Errorf("%s: %s %s on %s %s: %.2f", name, on, c.colours[on], under, c.colours[under], got)
			}
		}
	}
}

// contrast is that of WCAG 2 between two colours written #rgb or #rrggbb.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(s string) float64 {
		s = strings.TrimPrefix(s, "#")
		if len(s) == 3 {
			s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
		}
		n, err := strconv.ParseUint(s, 16, 24)
		if err != nil {
			t.Fatal(err)
		}
		part := func(v uint64) float64 {
			c := float64(v&255) / 255
			if c <= .04045 {
				return c / 12.92
			}
			return math.Pow((c+.055)/1.055, 2.4)
		}
		return .2126*part(n>>16) + .7152*part(n>>8) + .0722*part(n)
	}
	x, y := light(a), light(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// README.md names every field that a template may use, and no other.
func TestEveryFieldIsWrittenDown(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+\\.\\w+)`").FindAllStringSubmatch(string(manual), -1) {
		said[m[1]] = true
	}
	seen := map[reflect.Type]bool{}
	var look func(reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for f := range typ.NumField() {
			f := typ.Field(f)
			if name := typ.Name() + "." + f.Name; f.IsExported() && !said[name] {
				t.Errorf("README.md does not name %s", name)
			} else {
				delete(said, name)
			}
			look(f.Type)
		}
	}
	look(reflect.TypeFor[render.Page]())
	look(reflect.TypeFor[render.Chrome]())
	for name := range said {
		t.Errorf("README.md names %s, which is not there", name)
	}
}
