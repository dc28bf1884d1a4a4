package article

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"zhendi/internal/diag"
)

// Bounds on what a text may ask of the parser. The parser takes time by the
// square of some constructs, and by the depth of blocks for every line; no article
// comes near these, and one that passes them is an error, not a build that hangs.
const (
	maxDepth    = 60      // blocks within blocks
	maxBrackets = 2000    // [ and ![ of one block
	maxTicks    = 80      // length of a run of ` that opens code
	maxCells    = 200_000 // cells of one table
	maxNotes    = 2000    // footnotes
	maxLines    = 1000    // of a paragraph that starts as a link definition does
)

// limits counts what the current block asks.
type limits struct {
	block      ast.Node // whose delimiters and brackets are counted
	pushed     int
	brackets   int
	scanned    int // bytes looked at in vain by links of the whole text
	overLimits bool
}

// mayPush counts a delimiter run of block and reports whether it may count as one.
func (r *rendering) mayPush(block ast.Node, at int) bool {
	r.enterBlock(block)
	r.pushed++
	return r.within(r.pushed <= maxDelimiters, at, msgDelimiters)
}

func (r *rendering) enterBlock(block ast.Node) {
	if r.block != block {
		r.block, r.pushed, r.brackets = block, 0, 0
	}
}

// within reports an error, once for a text, unless ok.
func (r *rendering) within(ok bool, at int, what diag.Text) bool {
	if !ok && !r.overLimits {
		r.overLimits = true
		r.report(&ruleLimits, at, what)
	}
	return ok
}

// linkParser is goldmark's, with a bound on brackets and on the text that
// destinations which turn out not to be any may run over.
type linkParser struct{ parser.InlineParser }

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	r := stateOf(pc)
	line, segment := block.PeekLine()
	r.enterBlock(parent)
	if line[0] != ']' {
		if line[0] == '[' || len(line) > 1 && line[1] == '[' {
			r.brackets++
		}
		if !r.within(r.brackets <= maxBrackets, segment.Start, msgBrackets) {
			return nil
		}
		return p.InlineParser.Parse(parent, block, pc)
	}
	if len(line) > 1 && line[1] == '(' {
		if !r.within(r.scanned <= 8<<20+4*len(r.source), segment.Start, msgBrackets) {
			return nil
		}
	}
	n := p.InlineParser.Parse(parent, block, pc)
	if n == nil && len(line) > 1 && line[1] == '(' {
		r.scanned += len(line)
	}
	return n
}

// CloseBlock ends the brackets of a block.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// definitionTransformer is goldmark's, which takes [label]: destination out of the
// start of a paragraph, with a bound on its lines.
type definitionTransformer struct{ parser.ParagraphTransformer }

func (t definitionTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	first := p.Lines().At(0)
	v := bytes.TrimLeft(first.Value(reader.Source()), " ")
	if len(v) == 0 || v[0] != '[' || !stateOf(pc).within(p.Lines().Len() <= maxLines, first.Start, msgBrackets) {
		return
	}
	t.ParagraphTransformer.Transform(p, reader, pc)
}

// codeSpanParser is goldmark's, with a bound on the length of the run that
// opens: each length that finds no partner makes it read to the end of the block.
type codeSpanParser struct{ parser.InlineParser }

func (p codeSpanParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	n := 0
	for n < len(line) && line[n] == '`' {
		n++
	}
	if n > maxTicks {
		block.Advance(n)
		return ast.NewTextSegment(segment.WithStop(segment.Start + n))
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// depthGuard takes a line that would open one more block within maxDepth others:
// it goes into an overDeep block as it is.
type depthGuard struct{}

// kindOverDeep is the kind of overDeep.
var kindOverDeep = ast.NewNodeKind("OverDeep")

type overDeep struct{ ast.BaseBlock }

func (*overDeep) Kind() ast.NodeKind       { return kindOverDeep }
func (*overDeep) IsRaw() bool              { return true }
func (n *overDeep) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

func (depthGuard) Trigger() []byte { return []byte(">-+*[:0123456789") }

func (depthGuard) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) < maxDepth || parent.Kind() == ast.KindList { // a list has items only
		return nil, parser.NoChildren
	}
	_, segment := reader.PeekLine()
	if r := stateOf(pc); r != nil {
		r.within(false, segment.Start+pc.BlockOffset(), msgDepth)
	}
	reader.AdvanceToEOL()
	return &overDeep{}, parser.NoChildren
}

func (depthGuard) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (depthGuard) Close(ast.Node, text.Reader, parser.Context)                 {}
func (depthGuard) CanInterruptParagraph() bool                                 { return true }
func (depthGuard) CanAcceptIndentedLine() bool                                 { return true }
