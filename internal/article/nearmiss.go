package article

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// checkNearMiss warns of a paragraph that was meant to be a heading: ##标题.
func (r *rendering) checkNearMiss(n *ast.Paragraph) {
	if n.Lines().Len() == 0 {
		return
	}
	first := n.Lines().At(0)
	line := bytes.TrimSpace(first.Value(r.source))
	hashes, rest := 0, line
	c, size := utf8.DecodeRune(rest)
	for c == '#' || c == '＃' {
		hashes++
		rest = rest[size:]
		c, size = utf8.DecodeRune(rest)
	}
	if hashes < 2 || hashes > 6 || !wide(c) || bytes.HasSuffix(line, []byte("#")) {
		return // #话题# is a hashtag
	}
	text := []rune(string(bytes.TrimLeft(rest, " 　")))
	if len(text) > 30 {
		text = append(text[:30], '…')
	}
	r.report(&ruleHeadingSpace, first.Start, string(bytes.Repeat([]byte("#"), hashes))+" "+string(text))
}
