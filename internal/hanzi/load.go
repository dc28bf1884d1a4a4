package hanzi

import (
	_ "embed"
	"encoding/binary"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:generate go run gen.go

// packed is the file that package pack describes. Its numbers are read where they
// lie; a table costs memory and a millisecond when it is first asked for.
//
//go:embed tables.bin
var packed string

// tables holds what load has made, so that every converter of a kind shares it.
var tables sync.Map // name -> func() *table

// shared returns the table of a configuration, nil if there is none.
func shared(name string) *table {
	f, ok := tables.Load(name)
	if !ok {
		f, _ = tables.LoadOrStore(name, sync.OnceValue(func() *table { return load(name) }))
	}
	return f.(func() *table)()
}

// A reader reads the packed file, whose form a test proves; it panics at a bad one.
type reader struct{ s string }

// body returns a reader of what follows the header.
func body() reader {
	_, b, _ := strings.Cut(packed, "\x00")
	return reader{b}
}

func (r *reader) num() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := r.s[0]
		r.s = r.s[1:]
		n |= int(b&0x7F) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (r *reader) str() string { return r.take(r.num()) }

func (r *reader) take(n int) string {
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

// skip passes over n numbers.
func (r *reader) skip(n int) {
	for range n {
		r.num()
	}
}

// A section is what a trie or a pass's own part of one holds, still packed.
type section struct {
	ids, roots reader
	slots      int
	data       string // labels, infos
}

func (r *reader) section() (s section) {
	s.ids = *r
	r.skip(r.num())
	s.roots = *r
	r.skip(2 * r.num())
	s.slots = r.num()
	s.data = r.take(6 * s.slots)
	return s
}

// skipEntries passes over n entries of a number and a string.
func (r *reader) skipEntries(n int) {
	for range n {
		r.num()
		r.str()
	}
}

// load makes the table of a configuration out of the packed file, nil if it is not there.
func load(name string) *table {
	r := body()
	r.skip(r.num())
	r.skip(r.num())
	norm := r
	r.skip(2 * r.num())
	tries := make([]section, r.num())
	for i := range tries {
		tries[i] = r.section()
	}
	for range r.num() {
		found := r.str() == name
		trie, next := r.num(), r.str()
		facts := r
		r.skip(3)
		chars := r
		r.skipEntries(r.num())
		values := r
		r.skipEntries(r.num())
		own := r.section()
		ownValues := r
		r.skipEntries(r.num())
		if found {
			t := newTable(tries[trie], own)
			key := utf8.UTFMax * facts.num()
			t.reach, t.longest = max(2*key, idsBytes), 2*key
			t.asciiHead, t.lowTail = facts.num(), facts.num() == 1
			t.setChars(chars)
			t.setValues(values)
			t.setValues(ownValues)
			t.normalize(norm)
			t.pool = append(t.pool, make([]byte, padding)...)
			if next != "" {
				t.next = shared(next)
			}
			return t
		}
	}
	return nil
}

// names lists the configurations in the packed file.
func names() (out []string) {
	r := body()
	r.skip(r.num())
	r.skip(r.num())
	r.skip(2 * r.num())
	for range r.num() {
		r.section()
	}
	for range r.num() {
		out = append(out, r.str())
		r.num()
		r.str()
		r.skip(3)
		r.skipEntries(r.num())
		r.skipEntries(r.num())
		r.section()
		r.skipEntries(r.num())
	}
	return out
}

// newTable makes a table with the tries whole and runs and no values.
func newTable(whole, runs section) *table {
	n := whole.slots + runs.slots
	t := &table{
		astral: map[rune]entry{}, runs: map[uint32]uint32{},
		labels: make([]uint16, n), infos: make([]uint32, n), values: make([]ref, n),
	}
	for r := range t.bmp {
		t.bmp[r] = entry(0xE0|r>>12|(0x80|r>>6&0x3F)<<8|(0x80|r&0x3F)<<16) | 3<<32
	}
	for r := 0x2FF0; r <= 0x2FFF; r++ {
		t.bmp[r] |= entryIDS
	}
	t.setSlots(whole, 0)
	t.setSlots(runs, whole.slots)
	alphabet := []rune{0} // by id
	for _, s := range []section{whole, runs} {
		for range s.ids.num() {
			r := rune(s.ids.num())
			t.setID(r, len(alphabet))
			alphabet = append(alphabet, r)
		}
	}
	t.setRoots(whole.roots, runs.roots, alphabet)
	return t
}

// setSlots unpacks the slots of s from slot at on.
func (t *table) setSlots(s section, at int) {
	labels, infos := s.data[:2*s.slots], s.data[2*s.slots:]
	for i := range s.slots {
		t.labels[at+i] = uint16(labels[2*i]) | uint16(labels[2*i+1])<<8
		w := infos[4*i : 4*i+4]
		t.infos[at+i] = uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
	}
}

// setID gives r, which occurs in a key, its id.
func (t *table) setID(r rune, id int) {
	switch e := entry(id) << 48; {
	case r < lowRunes:
		t.low[r] = uint16(id)
	case r <= 0xFFFF:
		t.bmp[r] |= e
	default:
		t.astral[r] |= e
	}
}

// setRoots enters the first characters of keys, and makes the bitmaps.
func (t *table) setRoots(whole, runs reader, alphabet []rune) {
	t.roots = make([]uint32, len(alphabet))
	for i := range t.roots {
		t.roots[i] = noChildren
	}
	for range whole.num() {
		id := uint32(whole.num())
		t.roots[id] = uint32(whole.num())
		t.setBits(id, t.roots[id])
	}
	for range runs.num() {
		id := uint32(runs.num())
		t.runs[id] = uint32(runs.num())
		t.setBits(id, t.runs[id])
		if r := alphabet[id]; r >= lowRunes {
			t.add(r, entryRun)
		}
	}
}

// setBits marks in the bitmaps the second and third characters of keys that
// begin with the character id.
func (t *table) setBits(id, info uint32) {
	t.children(info, func(second, info uint32) {
		h := pairHash(id, second)
		t.pairs[h>>(32-bitBits+6)] |= uint64(1|info&flagValue<<1) << (h >> (32 - bitBits) & 62)
		t.children(info, func(third, _ uint32) {
			h := thirdHash(h, third)
			t.thirds[h>>(32-bitBits+6)] |= 1 << (h >> (32 - bitBits) & 63)
		})
	})
}

// children calls f with the id and the info of each child.
func (t *table) children(info uint32, f func(id, info uint32)) {
	if info&noChildren == noChildren {
		return
	}
	base, n := info>>8, uint32(1)<<(info>>4&15)
	for slot := base; slot < base+n; slot++ {
		if t.labels[slot] != 0 {
			f(uint32(t.labels[slot]), t.infos[slot])
		}
	}
}

// add sets bits in the entry of r.
func (t *table) add(r rune, e entry) {
	if r <= 0xFFFF {
		t.bmp[r] |= e
	} else {
		t.astral[r] |= e
	}
}

// setChars enters what characters become alone.
func (t *table) setChars(r reader) {
	const kept = entry(1<<64 - 1<<37)
	for range r.num() {
		c := rune(r.num())
		e := t.result(r.str())
		if c <= 0xFFFF {
			t.bmp[c] = t.bmp[c]&kept | e
		} else {
			t.astral[c] = t.astral[c]&kept | e
		}
	}
}

func (t *table) result(v string) entry {
	if 0 < len(v) && len(v) <= utf8.UTFMax {
		return direct(v)
	}
	return entry(t.store(v)) | entryLong
}

// direct is the entry of a character that becomes v, of at most four bytes.
func direct(v string) entry {
	var b [4]byte
	copy(b[:], v)
	return entry(binary.LittleEndian.Uint32(b[:])) | entry(len(v))<<32
}

func (t *table) store(v string) ref {
	off := len(t.pool)
	t.pool = append(t.pool, v...)
	t.longest = max(t.longest, len(v))
	return ref(off<<8 | len(v))
}

func (t *table) setValues(r reader) {
	slot := 0
	for range r.num() {
		slot += r.num()
		t.values[slot] = t.store(r.str())
		t.infos[slot] |= flagPool
	}
}

// normalize makes the characters that come first through OpenCC's normalization
// alike to what they are mapped to.
func (t *table) normalize(r reader) {
	for range r.num() {
		from, to := rune(r.num()), rune(r.num())
		var e entry
		if to <= 0xFFFF {
			e = t.bmp[to]
		} else if e = t.astral[to]; e>>32&7 == 0 && e&entryLong == 0 {
			e |= direct(string(to))
		}
		if from <= 0xFFFF {
			t.bmp[from] = e
		} else {
			t.astral[from] = e
		}
	}
}
