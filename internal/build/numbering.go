package build

import (
	"hash/maphash"
	"math/bits"
)

// numbering finds the number that a text has in a list. Unlike a map it holds no texts, only numbers, beside half
// of each text's hash.
type numbering struct {
	seed  maphash.Seed
	slots []uint64 // hash<<32 | number+1; 0: free. A power of two, at most half of them taken
	count int
}

// numbered numbers n texts, which must differ.
func numbered(n int, at func(int) string) numbering {
	t := numbering{seed: maphash.MakeSeed(), slots: cleared[uint64](8 << bits.Len(uint(n)/4))}
	for i := range n {
		t.add(at(i), i)
	}
	return t
}

// full reports whether another text would make it slow.
func (t *numbering) full() bool { return 2*t.count >= len(t.slots) }

func (t *numbering) add(text string, number int) {
	h := maphash.String(t.seed, text)
	at := int(h) & (len(t.slots) - 1)
	for t.slots[at] != 0 {
		at = (at + 1) & (len(t.slots) - 1)
	}
	t.slots[at] = h>>32<<32 | uint64(number+1)
	t.count++
}

// find returns the number of a text; at must be the list that was numbered.
func (t *numbering) find(text string, at func(int) string) (int, bool) {
	h := maphash.String(t.seed, text)
	for k := int(h) & (len(t.slots) - 1); t.slots[k] != 0; k = (k + 1) & (len(t.slots) - 1) {
		if t.slots[k]>>32 == h>>32 {
			if i := int(uint32(t.slots[k])) - 1; at(i) == text {
				return i, true
			}
		}
	}
	return 0, false
}
