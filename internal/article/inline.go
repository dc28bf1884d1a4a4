package article

import (
	"encoding/binary"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Most of a text is Chinese characters without a mark among them. goldmark looks at each of their bytes several
// times, so inlines goes over the blocks in its stead, skipping them eight bytes at a time, and asks goldmark's
// inline parsers (and ours) where one of their marks stands. The tree is the same, node by node:
// TestInlinesAreAsGoldmarkMakesThem.
//
// goldmark has no seam between blocks and what stands in them; it is made of two things it does promise.
// It goes over the blocks of a document children first, in order, and closes each. An outset, put before all other blocks, is
// thus closed first: everything is parsed then, and nothing seems to follow any more. The document is closed last, and gets the others back.
type inlines struct {
	parsers [256][]parser.InlineParser // by the byte that triggers them
	closers []parser.CloseBlocker
	stops   [256]bool // bytes to look at: those that trigger, backslash, line end
}

func newInlines(parsers ...parser.InlineParser) *inlines {
	x := &inlines{}
	x.stops['\\'], x.stops['\n'] = true, true
	for _, p := range parsers {
		for _, c := range p.Trigger() {
			x.parsers[c], x.stops[c] = append(x.parsers[c], p), true
		}
		if c, ok := p.(parser.CloseBlocker); ok {
			x.closers = append(x.closers, c)
		}
	}
	return x
}

// Trigger is none: Parse is never called.
func (*inlines) Trigger() []byte { return nil }

func (*inlines) Parse(ast.Node, text.Reader, parser.Context) ast.Node { return nil }

// CloseBlock does the work where n is the outset, and ends it where it is the document.
func (x *inlines) CloseBlock(n ast.Node, block text.Reader, pc parser.Context) {
	switch n := n.(type) {
	case *outset:
		nodes := nodesOf(pc)
		for c := n.NextSibling(); c != nil; c = c.NextSibling() {
			x.walk(c, block.(text.BlockReader), pc, nodes)
		}
		n.rest = n.NextSibling()
		n.SetNextSibling(nil)
	case *ast.Document:
		o, ok := n.FirstChild().(*outset)
		if !ok {
			return
		}
		o.SetNextSibling(o.rest)
		n.RemoveChild(n, o)
	}
}

// walk parses what stands in n and the blocks in it.
func (x *inlines) walk(n ast.Node, block text.BlockReader, pc parser.Context, nodes *nodes) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		x.walk(c, block, pc, nodes)
	}
	if n.IsRaw() {
		return
	}
	block.Reset(n.Lines())
	for escaped := false; ; {
		line, at := block.PeekLine()
		if line == nil {
			break
		}
		escaped = x.line(n, line, at, escaped, block, pc, nodes)
	}
	parser.ProcessDelimiters(nil, pc)
	for _, c := range x.closers {
		c.CloseBlock(n, block, pc)
	}
}

// line appends to n what stands in line up to the first node that is not text, or to its end. escaped is that a backslash
// stands before.
func (x *inlines) line(n ast.Node, line []byte, start text.Segment, escaped bool, block text.BlockReader, pc parser.Context, nodes *nodes) bool {
	row, _ := block.Position()
	end, br := breakAt(line)
	done := 0 // bytes of line that block has advanced over
	for i := 0; i < end; i++ {
		if i > 0 && !escaped {
			i = x.skip(line, i, end)
		}
		if i == end || line[i] == '\n' {
			end = i
			break
		}
		c := line[i]
		if parsers := x.parsers[c]; parsers != nil && (!escaped || i == 0) {
			block.Advance(i - done)
			done = i
			_, at := block.Position()
			if i > 0 {
				nodes.addText(n, start.Between(at))
				start = at
			}
			if parseInline(parsers, n, block, pc) {
				return escaped
			}
		}
		escaped = c == '\\' && !escaped
	}
	if end > done { // to the end of a block goldmark goes byte by byte
		block.Advance(end - done - 1)
		block.Advance(1)
	}
	now, at := block.Position()
	if now != row {
		return escaped
	}
	rest := start.Between(at)
	if br != hardBackslash {
		rest = rest.TrimRightSpace(block.Source())
	}
	t := nodes.text(rest)
	t.SetSoftLineBreak(br == soft)
	t.SetHardLineBreak(br == hardSpaces || br == hardBackslash)
	n.AppendChild(n, t)
	block.AdvanceLine()
	return escaped
}

// skip returns the first offset from i on at which line has a byte to look at, or end.
func (x *inlines) skip(line []byte, i, end int) int {
	for ; i+8 <= end && binary.LittleEndian.Uint64(line[i:])&high == high; i += 8 {
	}
	for i < end && !x.stops[line[i]] {
		i++
	}
	return i
}

// high are the bits that no byte of ASCII has.
const high = 0x8080808080808080

// parseInline asks the parsers for the node that begins where block stands, and appends it to n.
func parseInline(parsers []parser.InlineParser, n ast.Node, block text.BlockReader, pc parser.Context) bool {
	row, at := block.Position()
	for _, p := range parsers {
		found := p.Parse(n, block, pc)
		if found == nil {
			block.SetPosition(row, at)
			continue
		}
		if found.Pos() < 0 {
			found.(interface{ SetPos(int) }).SetPos(at.Start)
		}
		n.AppendChild(n, found)
		return true
	}
	return false
}

// lineBreak is what ends a line.
type lineBreak int

const (
	textEnd lineBreak = iota
	soft
	hardSpaces
	hardBackslash
)

// breakAt returns the length of line without the marks of a hard line break, and how it ends (CommonMark 6.7).
func breakAt(line []byte) (int, lineBreak) {
	n := len(line)
	if line[n-1] != '\n' {
		return n, textEnd
	}
	n--
	if n > 0 && line[n-1] == '\r' {
		n--
	}
	switch {
	case n == 1 && line[0] == '\\', n >= 2 && line[n-1] == '\\' && line[n-2] != '\\':
		return n - 1, hardBackslash
	case n >= 2 && line[n-1] == ' ' && line[n-2] == ' ':
		return n - 2, hardSpaces
	}
	return len(line), soft
}

// outset is the block before all others.
type outset struct {
	ast.BaseBlock
	rest ast.Node // the first of them, while they are hidden
}

var kindOutset = ast.NewNodeKind("Outset")

func (*outset) Kind() ast.NodeKind       { return kindOutset }
func (n *outset) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// outsetParser puts the outset into a document when its first block is to be opened.
type outsetParser struct{}

// Trigger is any byte.
func (outsetParser) Trigger() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func (outsetParser) Open(parent ast.Node, _ text.Reader, _ parser.Context) (ast.Node, parser.State) {
	if parent.FirstChild() == nil && parent.Kind() == ast.KindDocument {
		parent.AppendChild(parent, &outset{})
	}
	return nil, parser.NoChildren
}

func (outsetParser) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (outsetParser) Close(ast.Node, text.Reader, parser.Context)                 {}
func (outsetParser) CanInterruptParagraph() bool                                 { return true }
func (outsetParser) CanAcceptIndentedLine() bool                                 { return true }
