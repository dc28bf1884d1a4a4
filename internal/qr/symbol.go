package qr

// A symbol is a square of modules, held twice: by rows and by columns, so that
// what the standard asks of rows and of columns is one function (mask.go).
//
// In rows, a word holds 64 neighbouring modules of a row, the leftmost in its
// lowest bit, and the words lie in lanes: rows[lane*size+y] has the modules
// 64*lane.. of row y. A lane is thus a strip of 64 columns, and going down
// it one looks at 64 columns at once. In cols, x and y change places. Bits
// beyond the symbol are always 0.
type symbol struct {
	size       int
	rows, cols []uint64
}

func newSymbol(size int) *symbol {
	n := (size + 63) / 64 * size
	words := make([]uint64, 2*n)
	return &symbol{size, words[:n:n], words[n:]}
}

func (s *symbol) dark(x, y int) bool {
	return s.rows[x>>6*s.size+y]>>(x&63)&1 != 0
}

// darken makes a module dark.
func (s *symbol) darken(x, y int) {
	s.rows[x>>6*s.size+y] |= 1 << (x & 63)
	s.cols[y>>6*s.size+x] |= 1 << (y & 63)
}

// xor inverts the modules of s that are dark in o.
func (s *symbol) xor(o *symbol) {
	for i, w := range o.rows {
		s.rows[i] ^= w
	}
	for i, w := range o.cols {
		s.cols[i] ^= w
	}
}

// copyOf makes s a copy of o, which has the same size.
func (s *symbol) copyOf(o *symbol) {
	copy(s.rows, o.rows)
	copy(s.cols, o.cols)
}

// inside returns the bits of a word of the given lane that lie within the symbol.
func (s *symbol) inside(lane int) uint64 {
	if n := s.size - 64*lane; n < 64 {
		return 1<<n - 1
	}
	return ^uint64(0)
}
