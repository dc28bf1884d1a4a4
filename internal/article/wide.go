package article

import (
	"unicode"

	"golang.org/x/text/width"
)

// wide reports whether r is a character of Chinese, Japanese or Korean text: East
// Asian Width W, F or H (UAX #11) and not an emoji, or Hangul.
//
// Symbols (So) are wide in this sense only in the blocks made for CJK text:
// elsewhere the wide ones are pictographs.
func wide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	if r >= 0x4e00 && r <= 0x9fff { // most of what is asked
		return true
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide:
		return !unicode.Is(unicode.So, r) ||
			r >= 0x2e80 && r <= 0x33ff || r >= 0x4dc0 && r <= 0x4dff || r >= 0x1f200 && r <= 0x1f2ff
	case width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return true
	}
	return unicode.Is(unicode.Hangul, r)
}

// ambiguousMark reports whether r is punctuation that Chinese and Western text share
// (East Asian Width A): “ ” ‘ ’ — … · and their like. A Chinese article sets them wide.
func ambiguousMark(r rune) bool {
	if r < 0xa0 || !unicode.IsPunct(r) {
		return false
	}
	return width.LookupRune(r).Kind() == width.EastAsianAmbiguous
}

// indentRune reports whether r is white space that people put at the start of a
// paragraph by hand: U+3000, no-break space, em and en spaces, ASCII blanks.
func indentRune(r rune) bool {
	switch {
	case r == ' ', r == '\t', r == 0xa0, r == 0x3000, r >= 0x2000 && r <= 0x200b, r == 0x202f, r == 0x205f, r == 0xfeff:
		return true
	}
	return false
}

// joins reports whether a line break between a and b in the source leaves nothing
// rather than a space: Chinese is written without spaces (CSS Text 3, segment
// break transformation; Hangul keeps its space). A mark that both scripts use
// follows the text before it, wideBefore.
func joins(a, b rune, wideBefore bool) bool {
	if a == 0x200b || b == 0x200b || a == 0x3000 || b == 0x3000 {
		return true
	}
	if unicode.Is(unicode.Hangul, a) || unicode.Is(unicode.Hangul, b) {
		return false
	}
	if wide(a) || wide(b) {
		return true
	}
	return wideBefore && (ambiguousMark(a) || ambiguousMark(b))
}
