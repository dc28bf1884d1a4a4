package article

import (
	_ "embed"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
)

// maxHighlight is the size of code, in bytes, above which it stays plain: the lexers
// are regular expressions with a time limit, and near it the output would
// depend on how busy the machine is.
const maxHighlight = 64 << 10

// fencedCode writes code, coloured by classes if its fence has a label.
func (r *rendering) fencedCode(n *ast.FencedCodeBlock) {
	label := ""
	if l := n.Language(r.source); l != nil {
		label = strings.ToLower(string(unescape(l)))
	}
	lexer := lexerFor(label)
	if lexer == nil {
		r.str("<pre><code>")
		r.codeLines(n)
		r.str("</code></pre>\n")
		return
	}
	r.str(`<pre class="chroma"><code class="language-` + className(lexer.Config().Name) + `">`)
	r.highlight(lexer, n)
	r.str("</code></pre>\n")
}

// labels are the names that go-enry gives languages, and which of chroma's lexers each is: lines of
// label, tab, lexer. A test makes it. go-enry itself is not linked: it takes 40 ms and 16 MB of every
// start, for a table that few sites look into.
//
//go:embed labels.txt
var labels string

// lexerFor returns the lexer for the label of a fence: the language that goes by that
// name, else the label itself. Code without a label is never guessed at.
func lexerFor(label string) chroma.Lexer {
	if label == "" || label == "text" || label == "txt" || label == "plain" {
		return nil
	}
	if name, ok := languageOf(label); ok {
		return lexers.Get(name)
	}
	return lexers.Get(label)
}

// languageOf looks a label up in labels; what follows a comma does not count.
func languageOf(label string) (name string, ok bool) {
	label, _, _ = strings.Cut(label, ",")
	if strings.ContainsAny(label, "\t\n") {
		return "", false
	}
	_, rest, ok := strings.Cut(labels, "\n"+strings.ReplaceAll(strings.ToLower(label), " ", "_")+"\t")
	name, _, _ = strings.Cut(rest, "\n")
	return name, ok
}

// className makes a class of the name of a language.
func className(name string) string {
	return strings.Map(func(c rune) rune {
		if c < 0x80 && (wordByte(byte(c)) || c == '+' || c == '#') {
			return c
		}
		return '-'
	}, strings.ToLower(name))
}

func (r *rendering) highlight(lexer chroma.Lexer, n ast.Node) {
	code := n.Lines().Value(r.source)
	if len(code) > maxHighlight {
		r.codeLines(n)
		return
	}
	tokens, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, string(code))
	if err != nil {
		r.codeLines(n)
		return
	}
	class := ""
	for t := tokens(); t != chroma.EOF; t = tokens() {
		if t.Value == "" {
			continue
		}
		if c := tokenClass(t.Type); c != class {
			if class != "" {
				r.str("</span>")
			}
			if class = c; class != "" {
				r.str(`<span class="` + class + `">`)
			}
		}
		r.esc(t.Value)
	}
	if class != "" {
		r.str("</span>")
	}
}

// codeLines writes the lines of n as they are.
func (r *rendering) codeLines(n ast.Node) {
	for i := 0; i < n.Lines().Len(); i++ {
		line := n.Lines().At(i)
		r.out = appendEscaped(r.out, string(line.Value(r.source)))
	}
}

// colours are the classes that code is given, and what they look like on a white or
// near-white ground (each at least 4.5:1 there). A token takes the first whose types it is of;
// others are plain.
var colours = []struct {
	types []chroma.TokenType
	class string
	css   string
}{
	{[]chroma.TokenType{chroma.Comment}, "c", "color:#5f6368;font-style:italic"},
	{[]chroma.TokenType{chroma.Keyword}, "k", "color:#a3000b;font-weight:bold"},
	{[]chroma.TokenType{chroma.LiteralString}, "s", "color:#0a6640"},
	{[]chroma.TokenType{chroma.LiteralNumber}, "m", "color:#7a4a00"},
	{[]chroma.TokenType{chroma.NameTag, chroma.NameFunction, chroma.NameClass}, "nf", "color:#5b2a86"},
	{[]chroma.TokenType{chroma.NameAttribute, chroma.NameVariable, chroma.NameConstant, chroma.NameBuiltin}, "na", "color:#0b5394"},
	{[]chroma.TokenType{chroma.GenericDeleted}, "gd", "color:#a3000b"},
	{[]chroma.TokenType{chroma.GenericInserted}, "gi", "color:#0a6640"},
	{[]chroma.TokenType{chroma.GenericHeading, chroma.GenericSubheading}, "gh", "font-weight:bold"},
}

func tokenClass(t chroma.TokenType) string {
	for _, c := range colours {
		for _, of := range c.types {
			if t == of || t.SubCategory() == of || t.Category() == of {
				return c.class
			}
		}
	}
	return ""
}

// HighlightCSS returns the style of highlighted code, for the theme. Its colours
// suit a light ground, #f6f6f6 or lighter.
func HighlightCSS() string {
	var b strings.Builder
	for _, c := range colours {
		b.WriteString(".chroma ." + c.class + "{" + c.css + "}\n")
	}
	return b.String()
}
