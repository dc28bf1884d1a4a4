package build

import (
	"hash/maphash"
	"math/bits"
	"sync"
	"sync/atomic"
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

// names are files of content that pages use, or did once, relative to content. Their numbers stay the same from
// build to build.
type names struct {
	find func(path string) (int, bool) // among the sources

	mu     sync.Mutex
	list   []string
	at     []int32 // of each: 1 + its place among the sources; 0: it is not there
	once   sync.Once
	number numbering     // made when first asked for
	used   []atomic.Bool // of those that the last build knew
}

// newNames returns the names of the last build, given where those are now of which that is known: as in names.at. The others are looked for:
// they were not there then, and may have come back.
func newNames(list []string, known []int32, find func(path string) (int, bool)) *names {
	n := &names{find: find, list: list, at: make([]int32, len(list)), used: make([]atomic.Bool, len(list))}
	copy(n.at, known)
	for i, name := range list {
		if n.at[i] == 0 {
			n.at[i] = n.look(name)
		}
	}
	return n
}

func (n *names) look(name string) int32 {
	i, ok := n.find("content/" + name)
	if !ok {
		return 0
	}
	return int32(i + 1)
}

func (n *names) name(i int) string { return n.list[i] }

func (n *names) numberOf(name string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.once.Do(func() { n.number = numbered(len(n.list), n.name) })
	i, ok := n.number.find(name, n.name)
	if !ok {
		i = len(n.list)
		n.list, n.at = append(n.list, name), append(n.at, n.look(name))
		if n.number.full() {
			n.number = numbered(len(n.list), n.name)
		} else {
			n.number.add(name, i)
		}
	}
	return i
}

func (n *names) mark(i uint64) {
	if i < uint64(len(n.used)) && !n.used[i].Load() {
		n.used[i].Store(true)
	}
}
