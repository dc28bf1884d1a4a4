package hanzi

import "unicode/utf8"

// A pass carries a text through one table: pieces to convert, and between them
// pieces that stand as they are, terms of the site or segments that the pass before
// has finished.
type pass struct {
	t      *table
	terms  *termSet // of a first pass; or nil
	frozen []span   // in the source of a second pass, ascending
	out    sink

	// Where given places of the source, ascending, come to lie in the output.
	cuts  []int
	moved []int
}

// block is how much of a long text goes through all passes at a time, so that
// what lies between two passes stays in the cache.
const block = 32 << 10

// convert converts the source from i on and returns where it stopped: at the end
// if the source is final; otherwise before the first byte whose fate depends on what
// follows.
func (p *pass) convert(src []byte, i int, final bool) int {
	for {
		limit, piece, fixed := len(src), fixedPiece{}, false
		stop := limit
		if !final {
			stop -= p.t.reach
		}
		if p.terms != nil {
			known := len(src)
			if !final {
				known -= p.terms.longest
				stop = known - p.t.reach
			}
			piece, fixed = p.terms.next(src, i, known)
		} else if len(p.frozen) > 0 {
			f := p.frozen[0]
			piece, fixed = fixedPiece{f, src[f.a:f.b]}, true
		}
		if fixed {
			limit, stop = piece.a, piece.a
		}
		if i < stop {
			i = p.pieces(src[:limit], i, stop)
		}
		if !fixed {
			return i
		}
		p.keep(src, piece)
		i = piece.b
		if p.terms == nil {
			p.frozen = p.frozen[1:]
		}
	}
}

// A fixedPiece of the source becomes value.
type fixedPiece struct {
	span
	value []byte
}

// pieces converts src from i to stop, noting where the cuts come to lie.
func (p *pass) pieces(src []byte, i, stop int) int {
	for len(p.cuts) > 0 && p.cuts[0] <= stop {
		cut := p.cuts[0]
		if i < cut {
			p.out.last = segment{}
			i = p.t.run(&p.out, src, i, cut)
		}
		switch last := p.out.last; {
		case i > cut && last.b == i:
			p.cutInside(src, last)
		default:
			p.moved = append(p.moved, p.out.n)
			p.cuts = p.cuts[1:]
		}
	}
	if i < stop {
		i = p.t.run(&p.out, src, i, stop)
	}
	return i
}

// cutInside places the cuts that fall into one replaced segment: after as many
// characters as before, if it has as many as before; else in proportion.
func (p *pass) cutInside(src []byte, s segment) {
	key, value := src[s.a:s.b], p.out.buf[s.to:p.out.n]
	was, is := starts(key), starts(value)
	for len(p.cuts) > 0 && p.cuts[0] < s.b {
		at := (starts(key[:max(p.cuts[0]-s.a, 0)])*is + was/2) / max(was, 1)
		n := 0
		for range at {
			_, w := utf8.DecodeRune(value[n:])
			n += w
		}
		p.moved = append(p.moved, s.to+n)
		p.cuts = p.cuts[1:]
	}
}

// starts counts the characters that begin in b, also in a part of one.
func starts(b []byte) int {
	n := 0
	for _, c := range b {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// keep writes a fixed piece.
func (p *pass) keep(src []byte, f fixedPiece) {
	s := segment{f.a, f.b, p.out.n}
	p.out.write(f.value)
	if p.t.next != nil {
		p.out.frozen = append(p.out.frozen, span{s.to, p.out.n})
	}
	for len(p.cuts) > 0 && p.cuts[0] <= f.a {
		p.moved = append(p.moved, s.to)
		p.cuts = p.cuts[1:]
	}
	p.cutInside(src, s)
}

// A job is the passes of one conversion and what lies between them. It is used
// again for the next, so that its buffers are.
type job struct {
	first, second pass
	page          page // of HTML
}

func (j *job) init(c *Converter) {
	j.first.t, j.first.terms, j.second.t = c.t, c.terms, c.t.next
	j.first.out.n, j.second.out.n = 0, 0
	j.first.out.frozen, j.second.frozen = j.first.out.frozen[:0], j.second.frozen[:0]
	j.first.moved, j.second.moved = j.first.moved[:0], j.second.moved[:0]
}

// out is where the result is collected.
func (j *job) out() *sink {
	if j.second.t != nil {
		return &j.second.out
	}
	return &j.first.out
}

// step converts what can be converted of src from i on, and returns how far it came.
func (j *job) step(src []byte, i int, final bool) int {
	i = j.first.convert(src, i, final)
	if j.second.t != nil {
		j.pass2(final)
	}
	return i
}

// pass2 sends what the first pass has made through the second.
func (j *job) pass2(final bool) {
	mid := &j.first.out
	j.second.frozen = mid.frozen
	done := j.second.convert(mid.buf[:mid.n], 0, final)
	rest := j.second.frozen
	n := copy(mid.buf, mid.buf[done:mid.n])
	mid.n = n
	k := copy(mid.frozen, rest)
	mid.frozen = mid.frozen[:k]
	for i := range mid.frozen {
		mid.frozen[i].a -= done
		mid.frozen[i].b -= done
	}
	j.second.frozen = nil
}

// append converts a whole text and appends the result to dst.
func (j *job) append(dst, src []byte) []byte {
	i := 0
	for len(src)-i > 2*block {
		i = j.step(src[:i+block], i, false)
		dst = append(dst, j.out().buf[:j.out().n]...)
		j.out().n = 0
	}
	j.step(src, i, true)
	return append(dst, j.out().buf[:j.out().n]...)
}

// cut converts a whole text and returns where the given places come to lie.
func (j *job) cut(src []byte, cuts []int) []int {
	j.first.cuts = cuts
	j.first.convert(src, 0, true)
	moved := j.first.end()
	if j.second.t != nil {
		j.second.cuts = moved
		j.pass2(true)
		moved = j.second.end()
	}
	return moved
}

// end places the cuts that are left, at the end.
func (p *pass) end() []int {
	for range p.cuts {
		p.moved = append(p.moved, p.out.n)
	}
	p.cuts = nil
	return p.moved
}
