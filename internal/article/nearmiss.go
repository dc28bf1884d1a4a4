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

// checkLeftover warns of marks that stand in the text as they were written: v[i] is
// a star or a closing bracket, and v starts at offset at.
func (r *rendering) checkLeftover(v []byte, i, at int) {
	if v[i] == '*' {
		n := run(v[i:])
		spaceAfter := i+n == len(v) || v[i+n] == ' '
		spaceBefore := i == 0 || v[i-1] == ' '
		if n == 2 && (i == 0 || v[i-1] != '*') && !(spaceBefore && spaceAfter) {
			r.report(&ruleStars, at+i)
		}
		return
	}
	if dest := linkSlip(v[i+1:]); dest != "" {
		r.report(&ruleLinkSlip, at+i, dest)
	}
}

// linkSlip returns the destination in b, what follows a closing bracket, if it was meant
// as one but has blanks in it or stands between full-width parentheses.
func linkSlip(b []byte) string {
	c, size := utf8.DecodeRune(b)
	if c != '(' && c != '（' {
		return ""
	}
	b = b[size:min(len(b), 300)]
	end := bytes.IndexAny(b, ")）\n")
	if end < 0 || c == '(' && bytes.IndexByte(b[:end], ' ') < 0 {
		return ""
	}
	dest, _, _ := bytes.Cut(b[:end], []byte(` "`))
	dest = bytes.TrimSpace(dest)
	dot := bytes.LastIndexByte(dest, '.')
	isFile := dot > 0 && len(dest)-dot >= 3 && len(dest)-dot <= 6 && isASCII(string(dest[dot:])) && bytes.IndexByte(dest[dot:], ' ') < 0
	if !isFile && !bytes.Contains(dest, []byte("://")) {
		return ""
	}
	return string(dest)
}
