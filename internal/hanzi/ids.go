package hanzi

import "unicode/utf8"

// An ideographic description sequence (⿰亻言) draws one character from others;
// OpenCC leaves it whole. Bounds are OpenCC's: at most 16 levels and 64 characters.
const (
	idsDepth = 16
	idsRunes = 64
	idsBytes = idsRunes * utf8.UTFMax
)

// idsArity returns how many operands the operator r takes, 0 if r is none.
// U+31EF is an operator of Unicode 15.1 which OpenCC does not know.
func idsArity(r rune) int {
	switch {
	case r < 0x2FF0 || r > 0x2FFF:
		return 0
	case r == 0x2FF2 || r == 0x2FF3:
		return 3
	case r >= 0x2FFE:
		return 1
	}
	return 2
}

// idsLen returns the length in bytes of the complete description sequence at the
// head of s, 0 if there is none.
func idsLen(s []byte) int {
	runes := 0
	n, ok := idsPart(s, idsDepth, &runes)
	if !ok || runes < 2 {
		return 0
	}
	return n
}

func idsPart(s []byte, depth int, runes *int) (int, bool) {
	if depth == 0 || *runes >= idsRunes {
		return 0, false
	}
	r, n := utf8.DecodeRune(s)
	if r == utf8.RuneError && n <= 1 {
		return 0, false
	}
	*runes++
	for k := idsArity(r); k > 0; k-- {
		m, ok := idsPart(s[n:], depth-1, runes)
		if !ok {
			return 0, false
		}
		n += m
	}
	return n, true
}
