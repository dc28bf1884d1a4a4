package article

import (
	"bytes"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"zhendi/internal/diag"
)

// maxProblems is how many problems of one text are kept: what is wrong in a
// thousand places is one mistake.
const maxProblems = 200

// Render turns src into HTML.
//
// The HTML is safe whatever src holds: raw HTML is held to an allow-list and always
// balanced, there is no script, no style attribute and no link of a scheme that runs
// code. It passes the Nu HTML checker inside an <article> that has the h1.
//
// The dialect is CommonMark 0.31.2 with tables, strikethrough (~~), task lists, bare
// addresses as links and footnotes, and for Chinese text:
//
//   - emphasis beside Chinese marks (see emphasisParser), line breaks without a
//     space (joins), hand-made indents dropped (indentParser);
//   - containers :::编者按 and :::fold 标题 (containerParser);
//   - a paragraph of pictures alone is figures with captions (figures);
//   - <!-- page --> alone on a line begins a new part; other comments vanish;
//   - with opt.Numbering, headings of official documents (number).
//
// Everything the reader would miss without a word, such as raw HTML that was dropped,
// is a problem with its place. If a problem is an error the HTML is
// still whole, but not what the author meant.
func Render(src Source, opt Options) (Body, diag.List) {
	r := &rendering{src: src, opt: opt, source: src.Text, nodes: nodePool.Get().(*nodes)}
	defer r.nodes.release()
	root := r.parse()
	if opt.Numbering {
		r.number(root)
	}
	r.collect(root)
	r.document(root)
	r.reportFootnotes()
	r.problems.Sort()
	return r.body, r.problems
}

// engine is the parser all renderings share; what differs between them travels in
// the parser's context.
var engine = sync.OnceValue(func() parser.Parser {
	return newEngine(append(blockParsers(), util.Prioritized(outsetParser{}, 0)), util.Prioritized(newInlines(inlineParsers()...), 0))
})

// newEngine returns the parser of the dialect.
func newEngine(blocks []util.PrioritizedValue, inlines ...util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(inlines...),
		parser.WithParagraphTransformers(
			util.Prioritized(definitionTransformer{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(tableTransformer{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
}

// blockParsers are what a line is offered to, in turn.
func blockParsers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(depthGuard{}, 10),
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(indentParser{parser.NewParagraphParser()}, 450),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(containerParser{}, 750),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(noteParser{}, 950),
		util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000),
	}
}

// inlineParsers are what a mark within a text is offered to, in turn.
func inlineParsers() []parser.InlineParser {
	return []parser.InlineParser{
		extension.NewTaskCheckBoxParser(),
		codeSpanParser{parser.NewCodeSpanParser()},
		noteRefParser{},
		linkParser{parser.NewLinkParser()},
		parser.NewAutoLinkParser(),
		parser.NewRawHTMLParser(),
		emphasisParser{},
	}
}

// stateKey is where a parser's context keeps the rendering.
var stateKey = parser.NewContextKey()

// stateOf returns the rendering that pc works for; nil where only the
// parser is at work, as in tests.
func stateOf(pc parser.Context) *rendering {
	r, _ := pc.Get(stateKey).(*rendering)
	return r
}

// rendering is one call of Render: the text, what is known of it, and the
// HTML so far.
type rendering struct {
	src    Source
	opt    Options
	source []byte
	nodes  *nodes

	scanning bool // only for the plain text of a paragraph: footnotes are elsewhere

	limits
	outline
	notes
	writer

	body     Body
	problems diag.List
	lines    []int // offsets of line starts, made when the first place is asked for
}

func (r *rendering) parse() ast.Node {
	pc := parser.NewContext()
	pc.Set(stateKey, r)
	return engine().Parse(text.NewReader(r.source), parser.WithContext(pc))
}

// report adds a problem at a byte offset of the text.
func (r *rendering) report(rule *diag.Rule, offset int, args ...any) {
	if r.room(offset) {
		r.problems.Add(rule.At(r.pos(offset), args...))
	}
}

// room reports whether one more problem may be added, and says so
// when the last one was.
func (r *rendering) room(offset int) bool {
	if len(r.problems) == maxProblems {
		r.problems.Add(ruleTooMany.At(r.pos(offset), maxProblems))
	}
	return len(r.problems) < maxProblems
}

// pos turns a byte offset of the text into a place in the file.
func (r *rendering) pos(offset int) diag.Pos {
	offset = min(max(offset, 0), len(r.source))
	if r.lines == nil {
		r.lines = append(r.lines, 0)
		for i := 0; ; {
			n := bytes.IndexByte(r.source[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			r.lines = append(r.lines, i)
		}
	}
	line := sort.SearchInts(r.lines, offset+1) - 1
	col := utf8.RuneCount(r.source[r.lines[line]:offset])
	return diag.Pos{File: r.src.File, Line: max(r.src.Line, 1) + line, Col: col + 1}
}

// offset returns where n stands in the text, as near as is known.
func offset(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if t, ok := n.(*ast.Text); ok {
			return t.Segment.Start
		}
		if n.Type() != ast.TypeInline && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
		if p := n.Pos(); p >= 0 {
			return p
		}
	}
	return 0
}

// plain appends the text of n's inline children without markup: what a reader hears.
func (r *rendering) plain(b *strings.Builder, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			c = r.afterDropped(raw)
			continue
		}
		switch c := c.(type) {
		case *ast.Text:
			v := c.Segment.Value(r.source)
			if !c.IsRaw() {
				v = unescape(v)
			}
			b.Write(v)
			if c.SoftLineBreak() || c.HardLineBreak() {
				r.plainBreak(b, c)
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(r.source))
		case *noteRef:
		default:
			r.plain(b, c)
		}
	}
}

// plainBreak writes the space of a line break, where there is one.
func (r *rendering) plainBreak(b *strings.Builder, t *ast.Text) {
	s := b.String()
	last, _ := utf8.DecodeLastRuneInString(s)
	if next := r.firstRune(t.NextSibling()); next >= 0 && !joins(last, next, wideBefore(s)) {
		b.WriteByte(' ')
	}
}

// wideBefore reports whether the last character of s that is not shared by both
// scripts is wide.
func wideBefore(s string) bool {
	for len(s) > 0 {
		c, n := utf8.DecodeLastRuneInString(s)
		if !ambiguousMark(c) {
			return wide(c)
		}
		s = s[:len(s)-n]
	}
	return false
}

// firstRune returns the first character of text in n or what follows it in the
// same block; -1 if there is none.
func (r *rendering) firstRune(n ast.Node) rune {
	for ; n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if v := n.Segment.Value(r.source); len(v) > 0 {
				c, _ := utf8.DecodeRune(v)
				return c
			}
		case *ast.AutoLink, *ast.Image, *noteRef:
			return 'a'
		default:
			if c := n.FirstChild(); c != nil {
				if first := r.firstRune(c); first >= 0 {
					return first
				}
			}
		}
	}
	return -1
}

// unescape resolves backslash escapes and character references.
func unescape(v []byte) []byte {
	if bytes.IndexByte(v, '\\') < 0 && bytes.IndexByte(v, '&') < 0 {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); {
		if v[i] == '\\' && i+1 < len(v) && util.IsPunct(v[i+1]) {
			out = append(out, v[i+1])
			i += 2
			continue
		}
		if v[i] == '&' {
			if s, n := reference(v[i:]); n > 0 {
				out = append(out, s...)
				i += n
				continue
			}
		}
		out = append(out, v[i])
		i++
	}
	return out
}
