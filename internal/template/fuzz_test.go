package template

import (
	"fmt"
	html "html/template"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// gen writes templates at random. It knows the types of what it writes, so that most of them run to their end.
type gen struct {
	*rand.Rand
	strings.Builder
	dot   string // its type, a key of members
	root  string // that of $
	vars  []typed
	loops int
	depth int
}

// typed is a variable and its type.
type typed struct{ name, typ string }

// members are the fields of each type, by the type of the field: "name of type".
var members = map[string][]string{
	"page": {".Kind string", ".Text string", ".URL string", ".Words.more string", ".Words.x string", ".N int", ".Small int8", ".On bool", ".External bool", ".Rows rows", ".Empty rows", ".Ptrs pointers", ".Inner row", ".Link link", ".Body html",
		".Safe url", ".Name title", ".Params any", ".Params.docNumber any", ".Params.list any", ".Params.nested any", ".Params.nested.a.b any", ".Params.nil any", ".Params.n any", ".LD any", ".Nil maybe", ".Inner.Next maybe", ".Inner.Title string", ".Inner.Tags links", ".Str pointer",
		".F float", ".U uint", ".Attr attr", ".Script js", ".Set srcset", ".Style css", ".Words words", ".Ints ints"},
	"row":  {".Title string", ".Date string", ".N int", ".Tags links", ".Next maybe"},
	"link": {".Text string", ".URL string", ".External bool"},
}

// elements are the types of what lists hold, or with leads to.
var elements = map[string]string{"rows": "row", "pointers": "row", "links": "link", "words": "string", "ints": "int", "maybe": "row", "any": "any", "3": "int"}

var (
	literals = map[string][]string{"string": {`""`, `"article"`, `"<&+'"`, "`x`"}, "int": {"0", "1", "2", "'x'", "0x10"}, "bool": {"true", "false"}, "float": {"1.5", "1e3"}}
	shapes   = []string{"<a href=\"%s\">", "<a title=\"%s\" href=\"/x?%s\">", "<title>%s</title>", "<script>var x = %s;</script>", "<script>'%s'</script>", "<a class=%s>", "<style>a{color:%s}</style>", "<p>%s</p>", "<img srcset=\"%s\">", "<textarea>%s</textarea>", "<a onclick=\"f(%s)\">", "<a %s=\"\">", "<a style=\"b: url('%s')\">", "%s", "%s", "%s", "中文%s,"}
	inside   = []string{"<title>%s</title>", "<a title=\"%s\">", "<b>%s</b>", "%s", "%s", "<a href=\"/?%s\">", "<script>\"%s\"</script>"}
)

func (g *gen) one(of ...string) string { return of[g.IntN(len(of))] }

// any returns one of the types.
func (g *gen) any() string {
	_, t, _ := strings.Cut(g.one(members["page"]...), " ")
	return t
}

// choices are the ways to a value of type t through fields and variables.
func (g *gen) choices(t string) (all []string) {
	add := func(prefix, from string) {
		for _, m := range members[from] {
			if name, of, _ := strings.Cut(m, " "); of == t {
				all = append(all, prefix+name)
			}
		}
	}
	add("$", g.root)
	add("", g.dot)
	add("", g.dot)
	if g.dot == t {
		all = append(all, ".")
	}
	for _, v := range g.vars {
		add(v.name, v.typ)
		if v.typ == t {
			all = append(all, v.name, v.name, v.name)
		}
	}
	return append(all, literals[t]...)
}

// expr returns an expression of type t that can stand as an argument.
func (g *gen) expr(t string) string {
	g.depth++
	defer func() { g.depth-- }()
	if g.IntN(150) == 0 {
		t = g.any() // a mistake, perhaps
	}
	if g.depth < 5 && g.IntN(3) == 0 {
		return "(" + g.call(t) + ")"
	}
	if all := g.choices(t); len(all) > 0 {
		return g.one(all...)
	}
	return "(" + g.call(t) + ")"
}

// call returns a call of a function with a result of type t.
func (g *gen) call(t string) string {
	same := func() string { return g.one("or ", "and ", "or ") + g.expr(t) + " " + g.expr(t) }
	if g.depth > 6 {
		t = ""
	}
	switch n := g.IntN(4); {
	case t == "string" && n == 0:
		return "printf \"%v|%v\" " + g.expr(g.any()) + " " + g.expr("int")
	case t == "string" && n == 1:
		return g.one("(or $.Nil $.Link).Text | print", "print (or $.Empty $.Inner).Title", `index $.Words "more"`, `index .Words "none"`, "slice (index $.Rows 0).Date 2", "print "+g.expr("string"), "slice "+g.expr("string")+" 0")
	case t == "int" && n < 3:
		return "len " + g.expr(g.one("string", "rows", "words"))
	case t == "bool" && n == 0:
		return g.one("eq ", "ne ", "lt ", "le ", "gt ", "ge ") + g.expr("int") + " " + g.expr("int")
	case t == "bool" && n == 1:
		return g.one("eq ", "ne ", "lt ", "eq "+g.expr("string")+" ") + g.expr("string") + " " + g.expr("string")
	case t == "bool" && n == 2:
		return "not " + g.expr(g.any())
	case t == "rows" && n < 2:
		return "slice " + g.expr("rows") + g.one("", " 0", " 1", " 1 2", " 0 0")
	case t == "row" && n < 2:
		return "index $.Rows " + g.one("0", "1", "2")
	case t == "any":
		return g.one(`index $.Params "n"`, `index $.Params "none"`, "index $.Params.list 0", "or "+g.expr(g.any())+" "+g.expr(g.any()), "and "+g.expr(g.any())+" "+g.expr(g.any()))
	case t == "":
		return "and true true"
	}
	return same()
}

// pipe returns a pipeline with a result of type t.
func (g *gen) pipe(t string) string {
	if g.IntN(4) == 0 {
		return g.call(t)
	}
	if t == "string" && g.IntN(6) == 0 {
		return g.expr(g.any()) + " | " + g.one("print", `printf "%v"`, "print 1", `printf "%v-%v" .`)
	}
	return g.expr(t)
}

// printing returns a pipeline to print.
func (g *gen) printing() string {
	p := g.pipe(g.one("string", "string", "int", g.any()))
	if g.IntN(12) == 0 {
		p += " | " + g.one("html", "urlquery", "js", "len", "not")
	}
	return "{{" + p + "}}"
}

// block writes a few nodes; variables declared in them end with them.
func (g *gen) block(dot string, plain bool) {
	vars, old := len(g.vars), g.dot
	g.depth++
	defer func() { g.vars, g.dot = g.vars[:vars], old; g.depth-- }()
	g.dot = dot
	for range 1 + g.IntN(3) {
		g.node(plain)
	}
}

func (g *gen) declare(t string) string {
	v := typed{"$" + string(rune('a'+g.IntN(6))), t}
	g.vars = append(g.vars, v)
	return v.name
}

// node writes a node; a plain one has no elements of its own.
func (g *gen) node(plain bool) {
	n := g.IntN(20)
	if g.depth > 3 {
		n %= 11
	}
	switch {
	case n < 6:
		shape := g.one(shapes...)
		if plain {
			shape = "%s"
		}
		for strings.Contains(shape, "%s") {
			shape = strings.Replace(shape, "%s", g.printing(), 1)
		}
		g.WriteString(shape)
	case n < 8:
		t := g.any()
		p := g.pipe(t)
		fmt.Fprintf(g, "{{%s := %s}}", g.declare(t), p)
	case n < 10 && len(g.vars) > 0:
		v := g.vars[g.IntN(len(g.vars))]
		t := v.typ
		if g.IntN(10) == 0 {
			t = g.any()
		}
		fmt.Fprintf(g, "{{%s = %s}}", v.name, g.pipe(t))
	case n < 11 && g.loops > 0:
		fmt.Fprintf(g, "{{if %s}}{{%s}}{{end}}", g.pipe("bool"), g.one("break", "continue"))
	case n < 13:
		shape, i := g.one(inside...), g.IntN(3)
		if plain {
			shape = "%s"
		}
		fmt.Fprintf(g, shape, fmt.Sprintf("{{template \"t%d\" %s}}", i, g.expr([]string{"page", "row", "link"}[i])))
	default:
		before, after, _ := strings.Cut(g.one(inside...), "%s")
		if plain {
			before, after = "", ""
		}
		g.WriteString(before)
		g.control(n, plain || before != "")
		g.WriteString(after)
	}
}

// control writes if, with or range.
func (g *gen) control(n int, plain bool) {
	vars := len(g.vars)
	defer func() { g.vars = g.vars[:vars] }()
	t := g.any()
	dot, word := g.dot, "if"
	switch {
	case n == 16 || n == 17:
		word, dot = "with", t
		if t == "maybe" {
			dot = "row"
		}
	case n > 17:
		word, t = "range", g.one("rows", "rows", "pointers", "links", "words", "ints", "any", "3")
		dot = elements[t]
	}
	p := g.pipe(t)
	if t == "3" {
		p = g.one("3", "(len .)", ".N", "0")
	}
	if g.IntN(3) == 0 {
		i := ""
		if word == "range" && g.IntN(2) == 0 {
			i = g.declare(g.one("int", "int", "string")) + ", "
		}
		p = i + g.declare(dot) + " := " + p
	}
	g.WriteString("{{" + word + " " + p + "}}")
	if word == "range" {
		g.loops++
		defer func() { g.loops-- }()
	}
	g.block(dot, plain)
	if g.IntN(3) == 0 {
		g.WriteString("{{else}}")
		loops := g.loops
		g.loops = 0
		g.block(g.dot, plain)
		g.loops = loops
	}
	g.WriteString("{{end}}")
}

// template writes a whole set.
func (g *gen) template() string {
	for i, dot := range []string{"page", "row", "link"} {
		fmt.Fprintf(g, "{{define \"t%d\"}}", i)
		g.depth = 2
		g.dot, g.root, g.vars = dot, dot, nil
		for range 2 {
			g.WriteString(g.one("x", "", "+") + g.printing())
		}
		fmt.Fprintf(g, "{{if %s}}y{{else}}{{with %s}}{{.}}{{end}}{{end}}{{end}}", g.pipe("bool"), g.pipe("string"))
	}
	g.vars, g.depth, g.dot, g.root = nil, 0, "page", "page"
	for range 1 + g.IntN(3) {
		g.node(false)
	}
	return g.String()
}

// hostile are texts made to break out of where they stand.
var hostile = []string{"", "plain", "中文，标点。", "<script>alert(1)</script>", "\"' onclick=x", "javascript:alert(1)", "JaVaScRiPt:x", "http://a/?b=c&d=e+f#g", "//host/a b", "a:b", "/a:b", "mailto:x@y", "data:text/html,x", "%41%zz%", "\x00\x01\x7f", "\xff\xfe\xed\xa0\x80", "\ufdd0\ufff0\uffff\u2028\u2029\ufeff", "</title></textarea><!--", "]]>-->`${x}`", "a.png 2x, javascript:x 3x, b,c", " a+b&c.png 320w,\tb.png\f1.5x ,, c $ ,d_e 2_x , /x,y:z a ", "&lt;&amp;&#34;", "expression(x)", "url(x)\\", "\t\n\r\f\v ", "=`=", "+ADw-", "onclick", "style", "𝒳𠮷"}

// with returns data that is full of s.
func with(s string) *page {
	d := sample1()
	d.Kind, d.Text, d.URL, d.Inner.Title, d.Words["more"], d.Name, d.Rows[0].Title, d.Rows[0].Tags[0] = s, s, s, s, s, title(s), s, Link{Text: s, URL: s}
	d.Body, d.Safe, d.Attr, d.Script, d.Set, d.Style = html.HTML(s), html.URL(s), html.HTMLAttr(s), html.JS(s), html.Srcset(s), html.CSS(s)
	d.Params.(map[string]any)["docNumber"], d.LD, d.Str = s, map[string]any{s: s}, &s
	return d
}

// TestHostileTexts puts every text, of every type of content, into every context.
func TestHostileTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
	var data []*page
	for _, s := range append(hostile, sample1().Text, sample1().URL) {
		data = append(data, with(s))
	}
	more := []string{`<meta name=x content="{{.}}">`, `<a href="{{.}}{{.}}">`, `<a href="http://x/{{.}}?{{.}}">`, `<p>{{.}}</p>`, `<a href='{{.}}'>`, `<img src={{.}} alt={{.}}>`}
	for _, context := range slices.AppendSeq(more, maps.Values(contexts)) {
		for _, field := range []string{".Text", ".Body", ".Safe", ".Attr", ".Script", ".Set", ".Style", ".Name", ".Params.docNumber", ".Str", ".LD", "(len .Text)", ".F", ".On", ".Rows", ".Params.nil"} {
			src := strings.ReplaceAll(context, "{{.}}", "{{"+field+"}}")
			if !both(t, src, data...) {
				t.Errorf("%s is not compiled", src)
			}
		}
	}
}

// FuzzTemplates compares templates made at random, on data full of a text.
func FuzzTemplates(f *testing.F) {
	seeds := uint64(2000)
	if testing.Short() { // under the race detector
		seeds = 100
	}
	for seed := range seeds {
		f.Add(seed, hostile[seed%uint64(len(hostile))])
	}
	f.Fuzz(func(t *testing.T, seed uint64, s string) {
		g := &gen{Rand: rand.New(rand.NewPCG(seed, 1))}
		both(t, g.template(), with(s))
	})
}

// FuzzEscapers compares what becomes of a text in every context.
func FuzzEscapers(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	var pairs []twins[page]
	for _, context := range contexts {
		for _, field := range []string{".Text", ".Body", ".Safe", ".Set", ".Params.docNumber"} {
			pairs = append(pairs, newTwins[page](f, strings.ReplaceAll(context, "{{.}}", "{{"+field+"}}")))
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range pairs {
			p.compare(t, with(s))
		}
	})
}
