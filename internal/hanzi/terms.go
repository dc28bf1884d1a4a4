package hanzi

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"zhendi/internal/diag"
)

// Terms are what a site knows better than any dictionary. They are sought first,
// over the whole text, from the left and the longest first; the dictionaries see only
// what lies between. So a term is found wherever it stands, also where a phrase of the
// dictionaries would have begun before it (等于凤至 with the name 于凤至), and phrases
// do not reach across it.
//
// A term is a string, not a word: a short one (后) holds wherever its characters
// stand. Terms are not normalized, and match exactly.
type Terms struct {
	Pairs   []Pair   // what becomes what, in the direction of the conversion
	Protect []string // what stays as it is
}

// A Pair turns From into To.
type Pair struct{ From, To string }

// A TermError says which term cannot be used, and why.
type TermError struct {
	Protect bool // Index counts in Protect, not in Pairs
	Index   int
	Reason  diag.Text
}

func (e *TermError) Error() string {
	list := "pair"
	if e.Protect {
		list = "protected word"
	}
	return fmt.Sprintf("%s %d: %s", list, e.Index+1, e.Reason.EN)
}

// maxTerm is the longest term, in characters; names of bodies reach 40.
const maxTerm = 64

// A termSet is Terms ready to be sought. A text without them costs two tests of a
// bitmap a character.
type termSet struct {
	firsts  [1 << 16 / 64]uint64 // by first character; those above 0xFFFF by the low 16 bits
	pairs   [1 << 16 / 64]uint64 // by hash of the first two characters
	single  [1 << 16 / 64]uint64 // by first character: a term is one character
	terms   map[[2]rune][]term   // by the first two characters, second 0 if single; longest first
	longest int                  // bytes
}

type term struct{ from, to []byte }

// newTermSet checks the terms and makes them ready; nil if there are none.
func newTermSet(t *Terms) (*termSet, error) {
	if t == nil || len(t.Pairs)+len(t.Protect) == 0 {
		return nil, nil
	}
	s := &termSet{terms: map[[2]rune][]term{}}
	seen := map[string]string{}
	add := func(from, to string, protect bool, i int) error {
		if why, ok := badTerm(from, to, seen); ok {
			return &TermError{protect, i, why}
		}
		if _, again := seen[from]; !again {
			s.add(from, to)
		}
		seen[from] = to
		return nil
	}
	for i, p := range t.Pairs {
		if err := add(p.From, p.To, false, i); err != nil {
			return nil, err
		}
	}
	for i, p := range t.Protect {
		if err := add(p, p, true, i); err != nil {
			return nil, err
		}
	}
	for _, list := range s.terms {
		slices.SortFunc(list, func(a, b term) int { return len(b.from) - len(a.from) })
	}
	return s, nil
}

// badTerm returns what is wrong with a term.
func badTerm(from, to string, seen map[string]string) (diag.Text, bool) {
	special := func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("<>&\"'", r) }
	switch old, again := seen[from]; {
	case from == "" || to == "":
		return diag.Text{ZH: "词条为空", EN: "it is empty"}, true
	case !utf8.ValidString(from) || !utf8.ValidString(to):
		return diag.Text{ZH: "不是有效的 UTF-8", EN: "it is not valid UTF-8"}, true
	case strings.ContainsFunc(from+to, special):
		return diag.Text{ZH: "含有换行、控制字符或 < > & \" '", EN: "it has a line break, a control character or one of < > & \" '"}, true
	case utf8.RuneCountInString(from) > maxTerm:
		return diag.Text{ZH: fmt.Sprintf("超过 %d 个字符", maxTerm), EN: fmt.Sprintf("it is longer than %d characters", maxTerm)}, true
	case again && old != to:
		return diag.Text{
			ZH: fmt.Sprintf("“%s”前面已写作“%s”", from, old),
			EN: fmt.Sprintf("%s stands before as %s", from, old),
		}, true
	}
	return diag.Text{}, false
}

func (s *termSet) add(from, to string) {
	var key [2]rune
	var n int
	key[0], n = utf8.DecodeRuneInString(from)
	if n < len(from) {
		key[1], _ = utf8.DecodeRuneInString(from[n:])
		h := termHash(key)
		s.pairs[h>>6] |= 1 << (h & 63)
	} else {
		set(&s.single, key[0])
	}
	set(&s.firsts, key[0])
	s.terms[key] = append(s.terms[key], term{[]byte(from), []byte(to)})
	s.longest = max(s.longest, len(from))
}

func set(m *[1 << 16 / 64]uint64, r rune)      { m[uint16(r)>>6] |= 1 << (r & 63) }
func has(m *[1 << 16 / 64]uint64, r rune) bool { return m[uint16(r)>>6]>>(r&63)&1 != 0 }

func termHash(k [2]rune) uint16 {
	return uint16((uint32(k[0])<<13 ^ uint32(k[1])) * 0x9E3779B1 >> 16)
}

// next returns the first term that begins in src at i or later and before end.
func (s *termSet) next(src []byte, i, end int) (fixedPiece, bool) {
	for i < end {
		r, n := rune(src[i]), 1
		switch {
		case r < utf8.RuneSelf:
		case i+3 <= len(src) && r>>4 == 0xE && src[i+1]>>6 == 2 && src[i+2]>>6 == 2:
			r, n = (r&0xF)<<12|rune(src[i+1]&0x3F)<<6|rune(src[i+2]&0x3F), 3
		default:
			r, n = utf8.DecodeRune(src[i:])
		}
		if has(&s.firsts, r) {
			if t := s.at(src[i:]); t != nil {
				return fixedPiece{span{i, i + len(t.from)}, t.to}, true
			}
			_, n = utf8.DecodeRune(src[i:])
		}
		i += n
	}
	return fixedPiece{}, false
}

// at returns the longest term at the head of b, nil if there is none.
func (s *termSet) at(b []byte) *term {
	var key [2]rune
	var n int
	key[0], n = utf8.DecodeRune(b)
	key[1], _ = utf8.DecodeRune(b[n:])
	if h := termHash(key); s.pairs[h>>6]>>(h&63)&1 != 0 {
		for i, t := range s.terms[key] {
			if bytes.HasPrefix(b, t.from) {
				return &s.terms[key][i]
			}
		}
	}
	if has(&s.single, key[0]) {
		key[1] = 0
		if list := s.terms[key]; len(list) > 0 {
			return &list[0]
		}
	}
	return nil
}
