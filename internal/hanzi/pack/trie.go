package pack

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
)

// A trie is a set of keys in the form in which it is searched. The children of a
// node lie together in a block of slots, a small hash table of its own whose size is
// a power of two: so what is near in the text is near in memory, and all labels of
// the 84,000 nodes of STPhrases fit a second-level cache.
//
// A slot has a label, the id of the character that leads there, and an info:
// first slot of the children's block<<8 | log₂ of its size<<4 | flags. Slot 0 is no node.
type trie struct {
	roots  map[int]uint32 // infos of first characters, by id
	labels []uint16
	infos  []uint32
	slots  map[string]int // of the keys
}

const (
	flagValue  = 1       // a key ends here
	noChildren = 15 << 4 // in place of the logarithm
)

// home is the slot of a block of 1<<k where the search for id begins. The same
// arithmetic is in package hanzi.
func home(id, k int) int { return int(uint16(id*0x9E37)) >> (16 - k) }

type node struct {
	kids  map[int]*node
	key   string // "" if no key ends here
	slot  int
	value bool
}

func (n *node) child(id int) *node {
	if n.kids == nil {
		n.kids = map[int]*node{}
	}
	if n.kids[id] == nil {
		n.kids[id] = &node{}
	}
	return n.kids[id]
}

// newTrie packs keys, whose characters have the given ids (from 1). Slots are
// numbered from base on.
func newTrie(keys []string, ids map[rune]int, base int) *trie {
	root := &node{}
	for _, key := range keys {
		n := root
		for _, r := range key {
			n = n.child(ids[r])
		}
		n.key, n.value = key, true
	}
	t := &trie{roots: map[int]uint32{}, slots: map[string]int{}}
	level := []*node{root}
	for len(level) > 0 {
		var next []*node
		for _, n := range level {
			for _, id := range slices.Sorted(maps.Keys(n.kids)) {
				kid := n.kids[id]
				info := t.block(kid, base)
				if n == root {
					t.roots[id] = info
				} else {
					t.infos[kid.slot] = info
				}
				next = append(next, kid)
			}
		}
		level = next
	}
	return t
}

// block lays out the children of n and returns n's info.
func (t *trie) block(n *node, base int) uint32 {
	info := uint32(noChildren)
	if len(n.kids) > 0 {
		k := bits.Len(uint(len(n.kids) - 1))
		if len(n.kids) > 4 && 4*len(n.kids) > 3<<k {
			k++
		}
		at := len(t.labels)
		t.labels = append(t.labels, make([]uint16, 1<<k)...)
		t.infos = append(t.infos, make([]uint32, 1<<k)...)
		for _, id := range slices.Sorted(maps.Keys(n.kids)) {
			i := home(id, k)
			for t.labels[at+i] != 0 {
				i = (i + 1) & (1<<k - 1)
			}
			t.labels[at+i] = uint16(id)
			n.kids[id].slot = at + i
		}
		info = uint32(base+at)<<8 | uint32(k)<<4
	}
	if n.value {
		info |= flagValue
		t.slots[n.key] = base + n.slot
	}
	return info
}

// number gives the characters of keys ids from first on, the most frequent first.
func number(keys []string, ids map[rune]int, first int) []rune {
	count := map[rune]int{}
	for _, key := range keys {
		for _, r := range key {
			if ids[r] == 0 {
				count[r]++
			}
		}
	}
	runes := slices.SortedFunc(maps.Keys(count), func(a, b rune) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	for i, r := range runes {
		ids[r] = first + i
	}
	return runes
}
