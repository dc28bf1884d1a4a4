package article

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// signatureIndent is from how many full-width spaces on, or twice as many ASCII ones, an indent
// means "on the right": the unit and date under an official document.
const signatureIndent = 8

// indentParser opens paragraphs on lines that people indented by hand, and drops the
// indent; the theme indents. It sees a line before goldmark's own parsers do:
//
//   - a line that starts with full-width, no-break or em spaces (also written &emsp;
//     or &nbsp;) begins a new paragraph, with or without a blank line before it;
//   - such a line with nothing after the spaces is a blank line;
//   - a line indented with four or more blanks or a tab is a paragraph if it starts
//     with a Chinese character or mark: CommonMark would make code of it. Code
//     indented that way starts with an ASCII character; in doubt, use a fence;
//   - a line indented with sixteen or more blanks that starts so or with a date, 2026年,
//     is a paragraph of its own.
type indentParser struct{ parser.BlockParser }

// attrRight marks a paragraph that was pushed to the right.
var attrRight = []byte("right")

func (indentParser) Trigger() []byte {
	t := []byte{'&', '1', '2', 0xc2}
	for b := 0xe2; b <= 0xf0; b++ {
		t = append(t, byte(b))
	}
	return t
}

func (p indentParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 {
		return nil, parser.NoChildren
	}
	n, spaces := manualIndent(line[at:])
	if n == 0 {
		// Not indented, or with blanks only: goldmark's business, unless it would be code
		// or the paragraph before was indented so too.
		last := pc.LastOpenedBlock()
		_, ours := last.Parser.(indentParser)
		if pc.BlockIndent() >= 2*signatureIndent && (startsChinese(line[at:]) || startsYear(line[at:])) {
			spaces = pc.BlockIndent() / 2
		} else if pc.BlockIndent() < 4 || ast.IsParagraph(last.Node) && !ours || !startsChinese(line[at:]) {
			return nil, parser.NoChildren
		}
	}
	node := nodesOf(pc).paragraph(text.NewSegment(segment.Start+at-segment.Padding+n, segment.Stop))
	if spaces >= signatureIndent {
		node.SetAttribute(attrRight, true)
	}
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// Close drops the first line if it was nothing but indent: goldmark expects none
// that is blank.
func (p indentParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if first := lines.At(0); util.IsBlank(first.Value(reader.Source())) {
		if lines.Len() == 1 {
			node.Parent().RemoveChild(node.Parent(), node)
			return
		}
		lines.SetSliced(1, lines.Len())
	}
	p.BlockParser.Close(node, reader, pc)
}

func (indentParser) CanInterruptParagraph() bool { return true }
func (indentParser) CanAcceptIndentedLine() bool { return true }

// paragraphParser is goldmark's, with room for what it makes.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	node := nodesOf(pc).paragraph(segment)
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// manualIndent returns the length in bytes of the indent that line starts with and
// its width in full-width spaces; 0 if there is none but ASCII blanks.
func manualIndent(line []byte) (n int, spaces int) {
	ascii, half, byHand := 0, 0, false
	for n < len(line) {
		r, size := utf8.DecodeRune(line[n:])
		if r == '&' {
			r, size = spaceReference(line[n:])
		}
		if !indentRune(r) || size == 0 {
			break
		}
		switch r {
		case ' ', '\t':
			ascii++
			half++
		case 0x3000, 0x2003:
			byHand = true
			half += 2
		case 0x200b, 0xfeff:
			byHand = true
		default:
			byHand = true
			half++
		}
		n += size
	}
	if !byHand {
		return 0, 0
	}
	return n, half / 2
}

// spaceReference decodes a character reference for a space at the start of b.
func spaceReference(b []byte) (rune, int) {
	for _, s := range spaceReferences {
		if len(b) >= len(s.name) && string(b[:len(s.name)]) == s.name {
			return s.char, len(s.name)
		}
	}
	return -1, 0
}

var spaceReferences = []struct {
	name string
	char rune
}{
	{"&emsp;", 0x2003}, {"&ensp;", 0x2002}, {"&nbsp;", 0xa0}, {"&thinsp;", 0x2009},
	{"&#12288;", 0x3000}, {"&#x3000;", 0x3000}, {"&#160;", 0xa0}, {"&#xa0;", 0xa0}, {"&#xA0;", 0xa0},
	{"&#8195;", 0x2003}, {"&#8194;", 0x2002},
}

// startsChinese reports whether the first character of line is Chinese
// text or one of its marks.
func startsChinese(line []byte) bool {
	r, _ := utf8.DecodeRune(line)
	return unicode.Is(unicode.Han, r) || wide(r) || ambiguousMark(r)
}

// startsYear reports whether line starts with a year: 2026年.
func startsYear(line []byte) bool {
	n := 0
	for n < len(line) && '0' <= line[n] && line[n] <= '9' {
		n++
	}
	return n == 4 && bytes.HasPrefix(line[n:], []byte("年"))
}
