package hanzi

import (
	"encoding/binary"
	"unicode/utf8"
)

// A sink takes the output of a pass.
type sink struct {
	buf []byte // written up to n; the rest is room
	n   int

	last segment // the last one of several characters that ended beyond the stop of a run

	frozen []span // in buf: segments that the next pass leaves as they are

	begins [bulkChars]int32 // where phrases may begin, from the beginning of a bulk on; see bulk
}

// A segment is what was replaced as one: src[a:b] by what begins at buf[to].
type segment struct{ a, b, to int }

// A span is a part of a text, from a up to b.
type span struct{ a, b int }

// grow makes room for at least n more bytes.
func (s *sink) grow(n int) {
	b := make([]byte, max(len(s.buf)*5/4, s.n+n+n/16, 64))
	copy(b, s.buf[:s.n])
	s.buf = b
}

// write appends b as it is.
func (s *sink) write(b []byte) {
	if s.n+len(b) > len(s.buf) {
		s.grow(len(b))
	}
	s.n += copy(s.buf[s.n:], b)
}

// run converts the segments of src that begin at i or later and before stop, and
// returns where the last one ends. Matches look beyond stop, to the end of src.
func (t *table) run(s *sink, src []byte, i, stop int) int {
	room := 3*bulkChars + t.longest + padding
	fast := min(stop, len(src)-lookahead)
	for i < stop {
		if s.n+room > len(s.buf) {
			s.grow(len(src) - i + room)
		}
		if i < fast {
			from := i
			if i = t.bulk(s, src, i, fast); i >= from+3*bulkChars {
				continue
			}
			if i = t.han(s, src, i, min(fast, from+3*bulkChars)); i >= fast {
				continue
			}
		} else if src[i] >= 0xE0 {
			from := i
			if i = t.tail(s, src, i, stop); i > from {
				continue
			}
		}
		i = t.one(s, src, i, stop)
	}
	return i
}

// lookahead is how many bytes han must be able to read from where it stands.
const lookahead = 12

// tail is han for the last bytes of a source. NUL, which follows them, is in no key.
func (t *table) tail(s *sink, src []byte, i, stop int) int {
	var b [2 * lookahead]byte
	if copy(b[:lookahead], src[i:]) < len(src)-i {
		return i
	}
	s.last = segment{}
	n := t.han(s, b[:], 0, stop-i)
	if s.last.b > 0 {
		s.last.a += i
		s.last.b += i
	}
	return i + n
}

// bulkChars is how many characters bulk takes at most.
const bulkChars = 128

// bulk converts three-byte characters, as long as two more follow. In a first loop,
// without a branch that the text decides, each is written as what it becomes alone, and
// places where the bitmaps say that a phrase may begin are noted. Then the tries are
// asked at these places; nine of ten phrases are already there, as what their
// characters become, and the others are put in their place.
func (t *table) bulk(s *sink, src []byte, i, fast int) int {
	n, end, odd := t.alike(s, src, i, min(fast, i+3*bulkChars))
	if odd {
		return i // a character becomes longer or shorter: the places in dst are not those in src
	}
	base, shift := i, s.n-i // from a place in src to that in dst
	s.n += end - i
	next := i
	for _, at := range s.begins[:n] {
		p := base + int(at)
		if p < next {
			continue
		}
		m, whole := t.match3(src, p)
		if m.end == 0 {
			continue
		}
		if m.end > end { // the rest is han's
			s.n = p + shift
			return p
		}
		next = m.end
		to, was := p+shift, m.end-p
		if t.infos[m.slot]&flagPool != 0 {
			v := t.values[m.slot]
			shift += t.replace(s, to, was, t.pool[v>>8:][:v&0xFF])
		}
		if whole && t.next != nil {
			s.frozen = append(s.frozen, span{to, m.end + shift})
		}
	}
	return end
}

// alike writes what characters become alone, and returns how many places of phrases
// it noted and where it stopped; odd if the places are of no use.
func (t *table) alike(s *sink, src []byte, i, fast int) (n, end int, odd bool) {
	w, w1 := binary.LittleEndian.Uint32(src[i:]), binary.LittleEndian.Uint32(src[i+3:])
	if !is3(w) || !is3(w1) {
		return 0, i, false
	}
	dst := s.buf[s.n:]
	e, e1 := t.bmp[rune3(w)], t.bmp[rune3(w1)]
	j := 0
	var all entry
	for i < fast {
		w := binary.LittleEndian.Uint32(src[i+6:])
		if !is3(w) || e&entryCold != 0 || j+4 > len(dst) {
			break
		}
		e2 := t.bmp[rune3(w)]
		h := pairHash(e.id(), e1.id())
		bits := t.pair(h)
		h = thirdHash(h, e2.id())
		third := t.thirds[h>>(32-bitBits+6)] >> (h >> (32 - bitBits) & 63)
		s.begins[n&(bulkChars-1)] = int32(j) // source and output go in step
		n += int((bits>>1 | bits&third) & 1)
		binary.LittleEndian.PutUint32(dst[j:], uint32(e))
		all |= e ^ 3<<32
		j += 3
		i += 3
		e, e1 = e1, e2
	}
	return n, i, all>>32&7 != 0
}

// replace puts v in the place of was bytes at s.buf[to:], and returns by how much
// what follows has moved.
func (t *table) replace(s *sink, to, was int, v []byte) int {
	d := len(v) - was
	if d != 0 {
		if s.n+d+padding > len(s.buf) {
			s.grow(d + 2*padding)
		}
		copy(s.buf[to+len(v):], s.buf[to+was:s.n])
		s.n += d
	}
	copy(s.buf[to:], v)
	return d
}

// han converts three-byte characters and the phrases they begin, for as long as
// there are such and room for them. It stops before anything else.
func (t *table) han(s *sink, src []byte, i, fast int) int {
	dst, j := s.buf, s.n
	limit := len(dst) - t.longest - padding
	for i < fast && j <= limit {
		w := binary.LittleEndian.Uint32(src[i:])
		if !is3(w) {
			break
		}
		e := t.bmp[rune3(w)]
		for {
			w = binary.LittleEndian.Uint32(src[i+3:])
			if e&entryCold != 0 {
				s.n = j
				return i
			}
			if !is3(w) {
				if w&0x80 != 0 || t.lowTail {
					s.n = j
					return i
				}
				binary.LittleEndian.PutUint32(dst[j:], uint32(e))
				j += int(e >> 32 & 7)
				i += 3
				break
			}
			e2 := t.bmp[rune3(w)]
			h := pairHash(e.id(), e2.id())
			if bits := t.pair(h); bits != 0 {
				w := binary.LittleEndian.Uint32(src[i+6:])
				if bits&2 != 0 || !is3(w) || t.third(thirdHash(h, t.bmp[rune3(w)].id())) {
					if m, whole := t.match3(src, i); m.end > 0 {
						s.n = j
						t.emit(s, src, i, m, whole, fast)
						i, j = m.end, s.n
						break
					}
				}
			}
			binary.LittleEndian.PutUint32(dst[j:], uint32(e))
			j += int(e >> 32 & 7)
			i += 3
			e = e2
			if i >= fast || j > limit {
				break
			}
		}
	}
	s.n = j
	return i
}

// emit writes a phrase that begins at src[i]. There is room.
func (t *table) emit(s *sink, src []byte, i int, m found, whole bool, stop int) {
	if m.end > stop {
		s.last = segment{i, m.end, s.n}
	}
	from := s.n
	if t.infos[m.slot]&flagPool != 0 {
		v := t.values[m.slot]
		s.n += copy(s.buf[s.n:], t.pool[v>>8:][:v&0xFF])
	} else {
		for i < m.end {
			e, n := t.at(src, i)
			if e>>32&7 == 0 || e&entryLong != 0 {
				s.n += t.alone(s.buf[s.n:], src[i:i+n], e)
			} else {
				binary.LittleEndian.PutUint32(s.buf[s.n:], uint32(e))
				s.n += int(e >> 32 & 7)
			}
			i += n
		}
	}
	if whole && t.next != nil {
		s.frozen = append(s.frozen, span{from, s.n})
	}
}

// alone writes what the character char, with entry e, becomes by itself.
func (t *table) alone(dst, char []byte, e entry) int {
	switch {
	case e&entryLong != 0:
		return copy(dst, t.pool[uint32(e)>>8:][:e&0xFF])
	case e>>32&7 == 0:
		return copy(dst, char)
	}
	binary.LittleEndian.PutUint32(dst, uint32(e))
	return int(e >> 32 & 7)
}

// one converts one character of any kind, or the phrase it begins; or a stretch
// of ASCII.
func (t *table) one(s *sink, src []byte, i, stop int) int {
	if src[i] < utf8.RuneSelf {
		if n := t.ascii(src, i, stop); n > 0 {
			s.write(src[i : i+n])
			return i + n
		}
	}
	e, n := t.at(src, i)
	if e.id() != 0 {
		if m, whole := t.match(src, i, e, n); m.end > 0 {
			t.emit(s, src, i, m, whole, stop)
			return m.end
		}
	}
	if e&entryIDS != 0 {
		if k := idsLen(src[i:]); k > 0 {
			s.last = segment{i, i + k, s.n}
			s.write(src[i : i+k])
			return i + k
		}
	}
	s.n += t.alone(s.buf[s.n:], src[i:i+n], e)
	return i + n
}

// ascii returns how many ASCII bytes at src[i] are to be copied: those that cannot
// begin a key. Keys such as SQL注入 begin with ASCII, but soon come to something else,
// so only the last bytes before a Han character are candidates.
func (t *table) ascii(src []byte, i, stop int) int {
	end := min(stop+t.asciiHead, len(src))
	p := i
	for p+8 <= end && binary.LittleEndian.Uint64(src[p:])&0x8080808080808080 == 0 {
		p += 8
	}
	for p < end && src[p] < utf8.RuneSelf {
		p++
	}
	if p < end || p < len(src) && src[p] >= utf8.RuneSelf {
		if p-t.asciiHead > i {
			p -= t.asciiHead
		} else if t.low[src[i]] != 0 {
			return 0
		} else {
			p = i + 1
		}
	}
	return min(p, stop) - i
}
