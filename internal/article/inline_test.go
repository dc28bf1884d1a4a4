package article

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"zhendi/internal/diag"
)

// plainEngine is the dialect's parser without inlines: goldmark goes over the bytes itself.
func plainEngine() parser.Parser {
	var inlines []util.PrioritizedValue
	for i, p := range inlineParsers() {
		inlines = append(inlines, util.Prioritized(p, i))
	}
	return newEngine(blockParsers(), inlines...)
}

// treeBy returns the tree that p makes of source, as text, and the problems on the way.
func treeBy(p parser.Parser, source []byte) string {
	r := &rendering{source: source}
	pc := parser.NewContext()
	pc.Set(stateKey, r)
	root := p.Parse(text.NewReader(source), parser.WithContext(pc))
	var b strings.Builder
	writeTree(&b, root, 0)
	if err := r.problems.WriteText(&b, diag.EN); err != nil {
		panic(err)
	}
	return b.String()
}

func writeTree(b *strings.Builder, n ast.Node, depth int) {
	fmt.Fprintf(b, "%*s%s %d %d", 2*depth, "", n.Kind(), n.Pos(), n.ChildCount())
	if n.Type() != ast.TypeInline {
		fmt.Fprint(b, n.Lines().Sliced(0, n.Lines().Len()))
	}
	switch n := n.(type) {
	case *ast.Text:
		fmt.Fprint(b, n.Segment, n.SoftLineBreak(), n.HardLineBreak(), n.IsRaw())
	case *ast.Emphasis:
		fmt.Fprint(b, n.Level)
	case *ast.Link:
		fmt.Fprintf(b, "%q %q", n.Destination, n.Title)
	case *ast.Image:
		fmt.Fprintf(b, "%q %q", n.Destination, n.Title)
	case *noteRef:
		fmt.Fprint(b, n.label, n.at)
	}
	b.WriteByte('\n')
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Parent() != n {
			panic("a child has another parent")
		}
		writeTree(b, c, depth+1)
	}
}

var lineEnds = []string{
	"", "a", "\\", "\\\n", "\\\\\n", "\\\\\\\n*a*", "a\\\nb", "a  \nb", "  \nb", "> a \\\n> b", "a\\\r\nb", "a  \r\nb", "\\\r\nb", "a\r\nb",
	"党建\\*党建*党建*\n党建  \n党建", "**党建**引领10~20项，见[1]与[通知](a.md)！说明", "> **a\n> b**\n\n- *a\n- b*\n", "a\\ *b*\n\\*c*", "党党党党党党党党*党*",
	"1. **甲**：乙\n2. ~~丙~~`丁`\n\n|*a|b*|\n|-|-|\n|c\\|d|`e\\|f`|\n", "[^1]\n\n[^1]: 注*注*\n    注\n", "<b>a</b> <http://a.b> <!-- c -->", "\t*a*\n \tb*c*",
}

// TestInlinesAreAsGoldmarkMakesThem holds inlines to what it stands in for. FuzzInlines does so for any text.
func TestInlinesAreAsGoldmarkMakesThem(t *testing.T) {
	plain := plainEngine()
	for _, list := range [][]string{lineEnds, pieces, slices.Collect(maps.Values(hostile()))} {
		for _, s := range list {
			s = s[:min(len(s), 600)]
			for _, source := range []string{s, s + "\n" + s, "- " + s, strings.ReplaceAll(s, "a", "党的建设")} {
				if got, want := treeBy(engine(), []byte(source)), treeBy(plain, []byte(source)); got != want {
					t.Fatalf("%.300q\ngot\n%.3000s\nwant\n%.3000s", source, got, want)
				}
			}
		}
	}
}

func FuzzInlines(f *testing.F) {
	addSeeds(f)
	for _, s := range lineEnds {
		f.Add([]byte(s), false)
	}
	plain := plainEngine()
	f.Fuzz(func(t *testing.T, source []byte, _ bool) {
		if got, want := treeBy(engine(), source), treeBy(plain, source); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

// TestNodesAreUsedAgain checks that a text finds nothing of the one before in its room.
func TestNodesAreUsedAgain(t *testing.T) {
	x := newNodes()
	for range 3 {
		for i := range slabSize * (slabKept + 2) {
			p := x.paragraph(text.NewSegment(i, i+1))
			if p.Lines().Len() != 1 || p.FirstChild() != nil || p.Parent() != nil || p.Attributes() != nil {
				t.Fatalf("paragraph %d is not new", i)
			}
			s := x.text(text.NewSegment(i, i+1))
			if s.Parent() != nil || s.SoftLineBreak() {
				t.Fatalf("text %d is not new", i)
			}
			s.SetSoftLineBreak(true)
			p.AppendChild(p, s)
			p.SetAttribute(attrRight, true)
			p.Lines().Append(text.NewSegment(i, i))
		}
		x.empty()
		if len(x.texts.chunks) > slabKept || len(x.paragraphs.chunks) > slabKept {
			t.Fatal("a giant stays")
		}
	}
}
