package qr

import "encoding/binary"

// The error correction of clause 7.5: a block, read as a polynomial over GF(256)
// modulo x⁸+x⁴+x³+x²+1 (0x11D), is divided by a generator polynomial, and the
// remainder follows it in the symbol.

// A remainder is a polynomial of degree 31 at most, one byte a coefficient, the
// highest in the top byte of the first word. No version needs more than 30.
type remainder [4]uint64

// A divisor is a generator polynomial, without its leading 1, times each of the
// 256 field elements: one row takes one step of a long division.
type divisor struct {
	degree int
	times  [256]remainder
}

// newDivisor returns the product of (x - 2ⁱ) for i in 0..degree-1: annex A.
func newDivisor(degree int) *divisor {
	g := make([]byte, degree+1) // highest coefficient first
	g[0] = 1
	for i, root := 0, byte(1); i < degree; i, root = i+1, multiply(root, 2) {
		for j := i + 1; j > 0; j-- {
			g[j] ^= multiply(g[j-1], root)
		}
	}
	d := &divisor{degree: degree}
	for f := range d.times {
		var row [32]byte
		for j, c := range g[1:] {
			row[j] = multiply(c, byte(f))
		}
		for w := range d.times[f] {
			d.times[f][w] = binary.BigEndian.Uint64(row[8*w:])
		}
	}
	return d
}

// of returns the remainder of block·x^degree divided by d.
func (d *divisor) of(block []byte) (r remainder) {
	for _, b := range block {
		t := &d.times[byte(r[0]>>56)^b]
		r = remainder{
			r[0]<<8 ^ r[1]>>56 ^ t[0],
			r[1]<<8 ^ r[2]>>56 ^ t[1],
			r[2]<<8 ^ r[3]>>56 ^ t[2],
			r[3]<<8 ^ t[3],
		}
	}
	return r
}

// at returns coefficient i, counted from the highest.
func (r *remainder) at(i int) byte { return byte(r[i/8] >> (56 - i%8*8)) }

// multiply returns a·b in the field.
func multiply(a, b byte) byte {
	var p byte
	for ; b != 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		a = a<<1 ^ a>>7*0x1D
	}
	return p
}

// message divides the data codewords into blocks, corrects each, and returns all
// codewords in the order of the symbol: a codeword of every block in turn, data
// first, then corrections (7.6). The last blocks may be longer by one.
func (l *layout) message(data []byte) []byte {
	v := l.version
	out := make([]byte, v.codewords)
	short := len(data) / v.blocks
	firstLong := v.blocks - len(data)%v.blocks
	corrections := out[len(data):]
	for b, start := 0, 0; b < v.blocks; b++ {
		block := data[start : start+short]
		if b >= firstLong {
			block = data[start : start+short+1]
			out[short*v.blocks+b-firstLong] = block[short]
		}
		start += len(block)
		for i, c := range block[:short] {
			out[i*v.blocks+b] = c
		}
		r := l.divisor.of(block)
		for i := range v.corrections {
			corrections[i*v.blocks+b] = r.at(i)
		}
	}
	return out
}
