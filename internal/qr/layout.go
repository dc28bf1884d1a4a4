package qr

import "sync"

// A layout is what all symbols of a version have in common. It is never changed
// once made.
type layout struct {
	version *version
	divisor *divisor
	fixed   *symbol    // the dark modules of the function patterns
	order   []module   // the encoding region, in the order of the message's bits
	masks   [8]*symbol // dark where a mask inverts, or its format information is dark
	trials  sync.Pool  // of *symbol: room for trying masks
}

// A module is a place in a symbol. Its bits are those of rows and cols, counted
// through the words from the first word's lowest bit; 177·3·64 fits in 16 bits.
type module struct {
	x, y   uint8
	inRows uint16
	inCols uint16
}

var layouts [len(versions)]struct {
	sync.Once
	*layout
}

// layoutOf returns the layout of version v, making it when first asked.
func layoutOf(v int) *layout {
	l := &layouts[v]
	l.Do(func() { l.layout = newLayout(v) })
	return l.layout
}

func newLayout(v int) *layout {
	p := pattern{dark: newSymbol(size(v)), taken: newSymbol(size(v))}
	p.timing()
	p.finders()
	p.alignment(versions[v].alignment)
	p.versionInformation(v)
	p.format()
	l := &layout{
		version: &versions[v],
		divisor: newDivisor(versions[v].corrections),
		fixed:   p.dark,
		order:   p.free(),
	}
	for m := range l.masks {
		l.masks[m] = newMask(m, l.order, size(v))
	}
	return l
}

// place returns the symbol, not yet masked, with the bits of message in the
// encoding region, the highest bit of a codeword first (7.7.3). The few modules
// that may be left over stay light.
func (l *layout) place(message []byte) *symbol {
	s := newSymbol(l.fixed.size)
	s.copyOf(l.fixed)
	for i, c := range message {
		for j, m := range l.order[8*i : 8*i+8] {
			b := uint64(c >> (7 - j) & 1)
			s.rows[m.inRows>>6] |= b << (m.inRows & 63)
			s.cols[m.inCols>>6] |= b << (m.inCols & 63)
		}
	}
	return s
}

// A pattern is a layout in the making: the modules that are taken by function
// patterns or kept for information, and those of them that are dark.
type pattern struct{ dark, taken *symbol }

func (p pattern) put(x, y int, dark bool) {
	p.taken.darken(x, y)
	if dark {
		p.dark.darken(x, y)
	}
}

// timing draws the dotted lines of 6.3.5 between the finders.
func (p pattern) timing() {
	for i := 8; i < p.dark.size-8; i++ {
		p.put(i, 6, i%2 == 0)
		p.put(6, i, i%2 == 0)
	}
}

// finders draws the three squares of 6.3.3 with their separators (6.3.4).
func (p pattern) finders() {
	far := p.dark.size - 8
	for y := range 8 {
		for x := range 8 {
			// The separator is the last row and column of 8 by 8; the ring is at
			// distance 3 from the centre, the core within 1.
			d := max(x-3, 3-x, y-3, 3-y)
			dark := d == 3 || d <= 1
			p.put(x, y, dark)
			p.put(far+7-x, y, dark)
			p.put(x, far+7-y, dark)
		}
	}
}

// alignment draws the squares of 6.3.6 wherever they meet no finder.
func (p pattern) alignment(centres []int) {
	for _, y := range centres {
		for _, x := range centres {
			last := p.dark.size - 7
			if x == 6 && y == 6 || x == 6 && y == last || x == last && y == 6 {
				continue
			}
			for dy := -2; dy <= 2; dy++ {
				for dx := -2; dx <= 2; dx++ {
					d := max(dx, -dx, dy, -dy)
					p.put(x+dx, y+dy, d != 1)
				}
			}
		}
	}
}

// versionInformation writes the version beside two finders, from version 7 on (7.10).
func (p pattern) versionInformation(v int) {
	if v < 7 {
		return
	}
	bits := v<<12 | checkBits(v, 12, 0x1F25)
	for i := range 18 {
		far, near := p.dark.size-11+i%3, i/3
		p.put(far, near, bits>>i&1 != 0)
		p.put(near, far, bits>>i&1 != 0)
	}
}

// format keeps the places of the format information, and draws the one module
// beside it that is always dark (7.9.1).
func (p pattern) format() {
	for i := range 15 {
		for _, at := range formatPlaces(i, p.dark.size) {
			p.put(at[0], at[1], false)
		}
	}
	p.put(8, p.dark.size-8, true)
}

// formatPlaces returns x and y of the two modules that hold bit i, counted from
// the lowest, of the format information (figure 25).
func formatPlaces(i, size int) [2][2]int {
	switch {
	case i < 6:
		return [2][2]int{{8, i}, {size - 1 - i, 8}}
	case i < 8: // past the timing pattern
		return [2][2]int{{8, i + 1}, {size - 1 - i, 8}}
	case i == 8:
		return [2][2]int{{7, 8}, {8, size - 7}}
	}
	return [2][2]int{{14 - i, 8}, {8, size - 15 + i}}
}

// formatBits returns the format information of level M, whose indicator is 00,
// with mask m (7.9.1, annex C).
func formatBits(m int) int {
	return (m<<10 | checkBits(m, 10, 0x537)) ^ 0x5412
}

// checkBits returns the n check bits of the BCH code with generator g for v
// (annexes C and D).
func checkBits(v, n, g int) int {
	v <<= n
	for i := 31; i >= n; i-- {
		if v>>i&1 != 0 {
			v ^= g << (i - n)
		}
	}
	return v
}

// free lists the modules not taken in the order of the message's bits: columns of
// two modules from the right, up and down in turn, leaving out the column of the
// timing pattern (7.7.3).
func (p pattern) free() []module {
	size := p.dark.size
	var order []module
	up := true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range size {
			y := i
			if up {
				y = size - 1 - i
			}
			for _, x := range [2]int{right, right - 1} {
				if !p.taken.dark(x, y) {
					order = append(order, newModule(x, y, size))
				}
			}
		}
		up = !up
	}
	return order
}

func newModule(x, y, size int) module {
	return module{
		uint8(x), uint8(y),
		uint16((x>>6*size+y)<<6 | x&63),
		uint16((y>>6*size+x)<<6 | y&63),
	}
}
