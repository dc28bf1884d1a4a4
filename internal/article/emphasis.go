package article

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxDelimiters is how many runs of * _ ~ a block may hold; matching them takes
// time by the square, and no paragraph has a tenth of it.
const maxDelimiters = 1000

// emphasisParser parses * and _ as CommonMark does (section 6.2), and ~~ as
// GFM does, with one addition to the flanking rules: a wide character beside the run
// counts like white space or punctuation there. CommonMark tells the two ends of an
// emphasis apart by the spaces between words, and Chinese has none, so that
// **真。**她 and **“强基”**工作 would stay literal.
//
// Where no wide character or mark stands beside a run, nothing changes: the
// 652 examples of CommonMark 0.31.2 are a test. One tilde is never a mark, since
// numbers are written 10~20.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte{'*', '_', '~'} }

func (emphasisParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	c, n := line[0], 1
	for n < len(line) && line[n] == c {
		n++
	}
	before := block.PrecendingCharacter()
	if c == '~' && (n != 2 || before == '~') {
		return nil
	}
	if r := stateOf(pc); r != nil && !r.mayPush(parent, segment.Start) {
		return nil
	}
	if variation(before) {
		before = beforeVariation(block.Source()[:segment.Start])
	}
	after := ' '
	if n < len(line) {
		after, _ = utf8.DecodeRune(line[n:])
	}
	open, shut := flanking(before, after, c)
	nodes := nodesOf(pc)
	var pairs parser.DelimiterProcessor = delimiters{nodes}
	if c == '~' {
		pairs = strike{delimiters{nodes}}
	}
	node := nodes.delimiters.take()
	node.CanOpen, node.CanClose, node.Char, node.Processor = open, shut, c, pairs
	node.Length, node.OriginalLength, node.Segment = n, n, segment.WithStop(segment.Start+n)
	block.Advance(n)
	pc.PushDelimiter(node)
	return node
}

// flanking says whether a run of c between the two characters can open and
// can close an emphasis (CommonMark 6.2, rules 1 to 8, and wide characters).
func flanking(before, after rune, c byte) (open, shut bool) {
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	punctBefore, punctAfter := util.IsPunctRune(before), util.IsPunctRune(after)
	wideBeside := wide(before) || wide(after) || ambiguousMark(before) || ambiguousMark(after)

	left := !spaceAfter && (!punctAfter || spaceBefore || punctBefore || wideBeside)
	right := !spaceBefore && (!punctBefore || spaceAfter || punctAfter || wideBeside)
	if c != '_' {
		return left, right
	}
	return left && (!right || punctBefore), right && (!left || punctAfter)
}

// variation reports whether r selects a form of the character before it.
func variation(r rune) bool {
	return r >= 0xfe00 && r <= 0xfe0e || r >= 0xe0100 && r <= 0xe01ef
}

// beforeVariation returns the character before the variation selector that b
// ends with.
func beforeVariation(b []byte) rune {
	_, n := utf8.DecodeLastRune(b)
	r, n := utf8.DecodeLastRune(b[:len(b)-n])
	if n == 0 {
		return ' '
	}
	return r
}

// delimiters tells goldmark which runs pair and what a pair makes.
type delimiters struct{ nodes *nodes }

func (delimiters) IsDelimiter(b byte) bool { return b == '*' || b == '_' || b == '~' }

func (delimiters) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char && (opener.Char != '~' || opener.Length == closer.Length)
}

func (d delimiters) OnMatch(consumes int) ast.Node {
	e := d.nodes.emphases.take()
	e.Level = consumes
	return e
}

// strike pairs ~~: goldmark asks the opener's processor what the pair makes.
type strike struct{ delimiters }

func (strike) OnMatch(int) ast.Node { return extast.NewStrikethrough() }
