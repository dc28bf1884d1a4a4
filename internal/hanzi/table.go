package hanzi

import (
	"encoding/binary"
	"unicode/utf8"
)

// A table is one pass over a text, ready to run: what every character becomes on
// its own, and tries of the phrases that go before. Package pack describes the tries.
//
// Two bitmaps stand before the tries, small enough for the nearer caches: most
// questions are answered there, without a step into a trie.
type table struct {
	bmp    [1 << 16]entry    // by code point; below 0x800 the identity
	low    [lowRunes]uint16  // ids of the code points below 0x800, which have no entry
	astral map[rune]entry    // code points above 0xFFFF that are in any dictionary
	pairs  [bitWords]uint64  // by hash of a pair, two bits: a key begins so; a key is so
	thirds [bitWords]uint64  // by hash of three characters: a key begins so
	roots  []uint32          // infos of whole phrases' first characters, by id
	runs   map[uint32]uint32 // the same for phrases that hold within runs only
	labels []uint16          // by slot
	infos  []uint32          // by slot; with flagPool
	values []ref             // by slot
	pool   []byte            // the values, with padding

	asciiHead int  // keys start with at most so many ASCII characters
	lowTail   bool // some key goes on with a code point below 0x800 right after its first character
	reach     int  // what happens at a byte depends on no more than so many bytes after it
	longest   int  // bytes of the longest value

	next *table // second pass, over what the first left in runs; or nil
}

// An entry says what a character becomes alone: bits 0–31 the bytes, 32–34 their
// number; or, with entryLong, a ref to the pool. The id is in bits 48–63, 0 if the
// character is in no key.
type entry uint64

const (
	entryLong entry = 1 << 35 // the value is in the pool
	entryIDS  entry = 1 << 36 // may open an ideographic description sequence
	entryRun  entry = 1 << 37 // a phrase within runs begins so
	entryCold       = entryLong | entryIDS

	idBits   = 13
	lowRunes = 0x800
	bitBits  = 20 // 128 KiB of bitmap; of STPhrases one test in 16 is wrongly positive
	bitWords = 1 << (bitBits - 6)
	padding  = 16 // after the pool, and room beyond what is written
)

func (e entry) id() uint32 { return uint32(e >> 48) }

// A ref is a place in the pool: offset<<8 | length.
type ref uint32

// Flags of a slot's info; see package pack.
const (
	flagValue  = 1       // a phrase ends here
	flagPool   = 2       // and its value is not just what its characters become
	noChildren = 15 << 4 // in place of the logarithm of the block's size
)

// pairHash and thirdHash hash the ids of the first two and three characters.
func pairHash(a, b uint32) uint32  { return (a<<idBits | b) * 0x9E3779B1 }
func thirdHash(h, c uint32) uint32 { return h + c*0x85EBCA6B }

func (t *table) pair(h uint32) uint64 {
	return t.pairs[h>>(32-bitBits+6)] >> (h >> (32 - bitBits) & 62) & 3
}

func (t *table) third(h uint32) bool {
	return t.thirds[h>>(32-bitBits+6)]>>(h>>(32-bitBits)&63)&1 != 0
}

// child returns the slot of the child by character id of the node with the given
// info, 0 if there is none.
func (t *table) child(info, id uint32) uint32 {
	if info&noChildren == noChildren {
		return 0
	}
	base, k := info>>8, info>>4&15
	mask := uint32(1)<<k - 1
	home := uint32(uint16(id*0x9E37) >> (16 - k))
	for n := uint32(0); n <= mask; n++ {
		slot := base + (home+n)&mask
		switch uint32(t.labels[slot]) {
		case id:
			return slot
		case 0:
			return 0
		}
	}
	return 0
}

// rune3 returns the code point of the three-byte sequence at the low end of w.
func rune3(w uint32) uint16 {
	return uint16(w<<12 | w>>2&0xFC0 | w>>16&0x3F)
}

// is3 reports whether w starts with the form of a three-byte sequence. Surrogates
// and overlong forms pass: their entries are the identity.
func is3(w uint32) bool { return w&0xC0C0F0 == 0x8080E0 }

// at returns the entry and width of the character at src[i]; the width is 0 at the
// end, and the entry 0 for what is in no dictionary or no character at all.
func (t *table) at(src []byte, i int) (entry, int) {
	if i+4 <= len(src) {
		if w := binary.LittleEndian.Uint32(src[i:]); is3(w) {
			return t.bmp[rune3(w)], 3
		}
	}
	if i >= len(src) {
		return 0, 0
	}
	r, n := utf8.DecodeRune(src[i:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return 0, 1
	case r < lowRunes:
		return entry(t.low[r])<<48 | entryRun, n
	case n == 3:
		return t.bmp[r], 3
	}
	return t.astral[r], n
}

// A found phrase: it ends at end, or there is none if end is 0.
type found struct {
	end  int
	slot uint32
}

// walk returns the longest phrase of the trie that begins with the character
// before p, whose info is given.
func (t *table) walk(src []byte, p int, info uint32) (m found) {
	for {
		e, n := t.at(src, p)
		if e.id() == 0 {
			return m
		}
		slot := t.child(info, e.id())
		if slot == 0 {
			return m
		}
		p += n
		info = t.infos[slot]
		if info&flagValue != 0 {
			m = found{p, slot}
		}
	}
}

// match returns the phrase to replace at src[i], where a character with entry e, n
// bytes wide, stands; whole says that it is a segment of its own.
func (t *table) match(src []byte, i int, e entry, n int) (m found, whole bool) {
	if id := e.id(); id < uint32(len(t.roots)) {
		if m = t.walk(src, i+n, t.roots[id]); m.end > 0 {
			return m, true
		}
	}
	if e&entryRun != 0 {
		return t.inRun(src, i, e, n), false
	}
	return m, false
}

// match3 is match for two characters of three bytes each.
func (t *table) match3(src []byte, i int) (m found, whole bool) {
	w := binary.LittleEndian.Uint64(src[i:])
	e, e2 := t.bmp[rune3(uint32(w))], t.bmp[rune3(uint32(w>>24))]
	slot := t.child(t.roots[e.id()], e2.id())
	if slot != 0 {
		info := t.infos[slot]
		if info&flagValue != 0 {
			m = found{i + 6, slot}
		}
		if info&noChildren != noChildren {
			if longer := t.walk(src, i+6, info); longer.end > 0 {
				m = longer
			}
		}
		if m.end > 0 {
			return m, true
		}
	}
	if e&entryRun != 0 {
		return t.inRun(src, i, e, 3), false
	}
	return m, false
}

// inRun is match for phrases that hold within runs. They are good only as far as no
// whole phrase begins inside, for there the run would end.
func (t *table) inRun(src []byte, i int, e entry, n int) found {
	root := t.runs[e.id()]
	m := t.walk(src, i+n, root)
	for p := i + n; p < m.end; {
		e, w := t.at(src, p)
		if id := e.id(); id < uint32(len(t.roots)) && t.walk(src, p+w, t.roots[id]).end > 0 {
			return t.walk(src[:p], i+n, root)
		}
		p += w
	}
	return m
}
