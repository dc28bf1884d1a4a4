package qr

import (
	"math/bits"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// quiet is the width of the light border that a reader needs, in modules (6.3.8).
const quiet = 4

// AppendSVG appends the code to dst as an SVG element for use within HTML, and returns
// the extended slice. Title is its text alternative: say what the code opens, as
// in "用手机阅读本页". With an empty title the code is hidden from assistive
// technology, for where a plain link beside it says the same.
//
// The element has class qr and no id, style or size of its own: several may
// stand on a page, under a policy that forbids style attributes, and the page's
// style sheet gives the width. The quiet zone is part of the picture and always
// white, so the code can be read on a dark page and may stand against any edge.
// Any title is safe: it is escaped, and what HTML does not allow is replaced.
func (c *Code) AppendSVG(dst []byte, title string) []byte {
	side := c.Size + 2*quiet
	// Half of the modules begin or end a run, a run takes 6 or 7 bytes.
	dst = slices.Grow(dst, 256+2*len(title)+c.Size*c.Size*7/4)
	dst = append(dst, `<svg class="qr" `...)
	if title == "" {
		dst = append(dst, `aria-hidden="true"`...)
	} else {
		dst = append(dst, `role="img"`...)
	}
	dst = append(dst, ` viewBox="0 0 `...)
	dst = appendPair(dst, side, side)
	dst = append(dst, `" shape-rendering="crispEdges">`...)
	if title != "" {
		dst = append(dst, "<title>"...)
		dst = appendText(dst, title)
		dst = append(dst, "</title>"...)
	}
	dst = append(dst, `<rect width="`...)
	dst = strconv.AppendInt(dst, int64(side), 10)
	dst = append(dst, `" height="`...)
	dst = strconv.AppendInt(dst, int64(side), 10)
	dst = append(dst, `" fill="#fff"/><path fill="none" stroke="#000" d="`...)
	dst = c.appendPath(dst)
	return append(dst, `"/></svg>`...)
}

// appendPath appends path data that draws every run of dark modules in a row as a
// line one module wide. After the first point all is relative.
func (c *Code) appendPath(dst []byte) []byte {
	dst = append(dst, "M4 4.5"...) // quiet, and half a module: the first module of a symbol is dark
	s := &c.modules
	penX, penY := 0, 0
	for y := range s.size {
		start, carry := -1, uint64(0)
		for i := y; i < len(s.rows); i += s.size {
			// A bit of edges: the module differs from the one to its left. No
			// size is a multiple of 64, so the last run of a row ends within its words.
			w := s.rows[i]
			edges := w ^ (w<<1 | carry)
			for ; edges != 0; edges &= edges - 1 {
				x := i/s.size*64 + bits.TrailingZeros64(edges)
				if start < 0 {
					start = x
					continue
				}
				if start != penX || y != penY {
					dst = appendPair(append(dst, 'm'), start-penX, y-penY)
				}
				dst = strconv.AppendInt(append(dst, 'h'), int64(x-start), 10)
				penX, penY, start = x, y, -1
			}
			carry = w >> 63
		}
	}
	return dst
}

// appendPair appends two numbers and the space between them.
func appendPair(dst []byte, a, b int) []byte {
	dst = strconv.AppendInt(dst, int64(a), 10)
	return strconv.AppendInt(append(dst, ' '), int64(b), 10)
}

// appendText appends s as HTML text. Characters that may not stand in a document,
// and bytes that are not UTF-8, become U+FFFD.
func appendText(dst []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case unicode.IsControl(r) && r != '\t' && r != '\n', r&0xFFFE == 0xFFFE, 0xFDD0 <= r && r <= 0xFDEF:
			dst = utf8.AppendRune(dst, utf8.RuneError)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}
