package article

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// textRun writes a text and the texts that continue it without a gap, and returns the last.
func (r *rendering) textRun(t *ast.Text) ast.Node {
	last := t
	for !last.SoftLineBreak() && !last.HardLineBreak() && !last.IsRaw() {
		next, ok := last.NextSibling().(*ast.Text)
		if !ok || next.Segment.Start != last.Segment.Stop || next.Segment.Padding != 0 || next.IsRaw() {
			break
		}
		last = next
	}
	start, stop := t.Segment.Start, last.Segment.Stop
	if r.split > 0 && r.split <= stop {
		if start < r.split {
			r.text(r.source[start:r.split], start)
		}
		start = max(start, r.split)
		r.endSplit()
	}
	r.text(r.source[start:stop], start)
	switch {
	case last.HardLineBreak():
		r.str("<br>\n")
		r.trimLeft = true
	case last.SoftLineBreak():
		r.softBreak(last)
	}
	return last
}

func (r *rendering) endSplit() {
	r.str(r.splitEnd)
	r.split = 0
}

// softBreak writes the line break of the source, where it means a space.
func (r *rendering) softBreak(t *ast.Text) {
	var n ast.Node = t
	for n.NextSibling() == nil && n.Parent() != nil && n.Parent().Type() == ast.TypeInline {
		n = n.Parent()
	}
	next := r.firstRune(n.NextSibling())
	if next >= 0 && !joins(r.lastRune, next, r.wideText) {
		r.str("\n")
	}
}

// literal writes text that has no place in the source.
func (r *rendering) literal(v []byte) {
	r.esc(string(v))
	r.noteLast(v)
}

// noteLast remembers how text ended.
func (r *rendering) noteLast(v []byte) {
	if len(v) == 0 {
		return
	}
	r.lastRune, _ = utf8.DecodeLastRune(v)
	for len(v) > 0 {
		c, n := utf8.DecodeLastRune(v)
		if !ambiguousMark(c) {
			r.wideText = wide(c)
			return
		}
		v = v[:len(v)-n]
	}
}

// special are the bytes at which text cannot be copied as it is: what HTML and
// Markdown escape, what a bare address has, and what is left of a slip.
var special = func() (s [256]bool) {
	for c, e := range escapes {
		s[c] = e != "" || strings.IndexByte("\\:@.*]", byte(c)) >= 0
	}
	return s
}()

// text writes v, which starts at an offset of the source: character references
// and escapes resolved, bare addresses as links.
func (r *rendering) text(v []byte, at int) {
	if r.trimLeft {
		n := indentLength(v)
		if v, at = v[n:], at+n; len(v) == 0 {
			return
		}
		r.trimLeft = false
	}
	from := 0
	for i := 0; ; {
		for i+8 <= len(v) && binary.LittleEndian.Uint64(v[i:])&high == high { // none of these is special
			i += 8
		}
		for i < len(v) && !special[v[i]] {
			i++
		}
		if i == len(v) {
			break
		}
		switch v[i] {
		case '*', ']':
			r.checkLeftover(v, i, at)
			i++
			continue
		case ':', '@', '.':
			a, b, href := bareAddress(v, i, from)
			if b == 0 || r.inLink > 0 {
				i++
				continue
			}
			r.out = append(r.out, v[from:a]...)
			r.bareLink(href, string(unescape(v[a:b])), at+a)
			from, i = b, b
			continue
		}
		r.out = append(r.out, v[from:i]...)
		if n := officeTag(v[i:]); n > 0 {
			r.report(&ruleRawTag, at+i, strings.Trim(string(v[i:i+n]), "</>"))
			i += n
			from = i
			continue
		}
		i += r.escaped(v[i:])
		from = i
	}
	r.out = append(r.out, v[from:]...)
	r.noteLast(v)
}

// escaped writes what v starts with, a backslash escape, a character reference or a
// character that HTML escapes, and returns its length.
func (r *rendering) escaped(v []byte) int {
	switch {
	case v[0] == '\\' && len(v) > 1 && util.IsPunct(v[1]):
		r.out = appendEscaped(r.out, string(v[1:2]))
		return 2
	case v[0] == '\\':
		r.out = append(r.out, '\\')
		return 1
	case v[0] == '&':
		if s, n := reference(v); n > 0 {
			r.out = appendEscaped(r.out, s)
			return n
		}
	}
	r.out = append(r.out, escapes[v[0]]...)
	return 1
}

// indentLength returns the length of the white space that v starts with.
func indentLength(v []byte) int {
	n := 0
	for n < len(v) {
		c, size := utf8.DecodeRune(v[n:])
		if c == '&' {
			c, size = spaceReference(v[n:])
		}
		if !indentRune(c) {
			break
		}
		n += size
	}
	return n
}

// officeTag returns the length of a tag of a word processor at the start of v, <o:p> or
// </st1:place>; 0 if there is none. Markdown takes it for text.
func officeTag(v []byte) int {
	if v[0] != '<' {
		return 0
	}
	i, colon := 1, 0
	if len(v) > 1 && v[1] == '/' {
		i++
	}
	for ; i < len(v) && i < 40 && (wordByte(v[i]) || v[i] == ':'); i++ {
		if v[i] == ':' {
			colon = i
		}
	}
	if i == len(v) || v[i] != '>' || colon < 2 || colon > 6 || colon == i-1 {
		return 0
	}
	return i + 1
}

// reference decodes the character reference at the start of v (CommonMark 2.5).
func reference(v []byte) (string, int) {
	end := bytes.IndexByte(v[:min(len(v), 40)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(v[1:end])
	if name[0] != '#' {
		if e, ok := util.LookUpHTML5EntityByName(name); ok {
			return string(e.Characters), end + 1
		}
		return "", 0
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 || len(digits) > 7 {
		return "", 0
	}
	for i := 0; i < len(digits); i++ {
		if !util.IsHexDecimal(digits[i]) || base == 10 && digits[i] > '9' {
			return "", 0
		}
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || base == 16 && len(digits) > 6 {
		return "", 0
	}
	c := rune(n)
	if c == 0 || !utf8.ValidRune(c) || c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 {
		c = utf8.RuneError
	}
	return string(c), end + 1
}
