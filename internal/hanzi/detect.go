package hanzi

import "sync"

// scripts says which script a character belongs to, if to one only, by code point.
var scripts = sync.OnceValue(func() *[1 << 16]uint8 {
	t := new([1 << 16]uint8)
	r := body()
	for _, s := range []Script{Hans, Hant} {
		for range r.num() {
			t[r.num()] = uint8(s)
		}
	}
	return t
})

// Detect returns the script that more of the text's characters belong to, of those
// that only one script writes (国 and 國, not 后 or 干); Unknown if there are none, or
// as many of either. Text of both, such as a quotation, is that of the majority.
func Detect(text string) Script {
	switch hans, hant := Count(text); {
	case hans > hant:
		return Hans
	case hant > hans:
		return Hant
	}
	return Unknown
}

// Count returns how many characters of the text only simplified and only
// traditional Chinese writes, as far as OpenCC's dictionaries of characters know.
func Count[T string | []byte](text T) (hans, hant int) {
	t := scripts()
	var n [256]int
	for i := 0; i+3 <= len(text); {
		a, b, c := text[i], text[i+1], text[i+2]
		if a>>4 != 0xE || b>>6 != 2 || c>>6 != 2 {
			i++
			continue
		}
		n[t[uint16(a)<<12|uint16(b&0x3F)<<6|uint16(c&0x3F)]]++
		i += 3
	}
	return n[Hans], n[Hant]
}
