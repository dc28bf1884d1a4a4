package qr

import "math"

// inverted reports whether mask m inverts the module in column x of row y:
// table 10, where i is the row and j the column.
func inverted(m, x, y int) bool {
	switch m {
	case 0:
		return (y+x)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (y+x)%3 == 0
	case 4:
		return (y/2+x/3)%2 == 0
	case 5:
		return y*x%2+y*x%3 == 0
	case 6:
		return (y*x%2+y*x%3)%2 == 0
	}
	return ((y+x)%2+y*x%3)%2 == 0
}

// newMask returns mask m over the encoding region, with its format information:
// inverting a placed symbol where the mask is dark finishes the symbol.
func newMask(m int, region []module, size int) *symbol {
	s := newSymbol(size)
	for _, at := range region {
		if x, y := int(at.x), int(at.y); inverted(m, x, y) {
			s.darken(x, y)
		}
	}
	for i := range 15 {
		if formatBits(m)>>i&1 != 0 {
			for _, at := range formatPlaces(i, size) {
				s.darken(at[0], at[1])
			}
		}
	}
	return s
}

// bestMask returns the mask with which s has the lowest penalty, the first of equals.
func (l *layout) bestMask(s *symbol) *symbol {
	var best *symbol
	lowest := math.MaxInt
	trial, _ := l.trials.Get().(*symbol)
	if trial == nil {
		trial = newSymbol(s.size)
	}
	defer l.trials.Put(trial)
	for _, m := range l.masks {
		trial.copyOf(s)
		trial.xor(m)
		if p := trial.penalty(); p < lowest {
			best, lowest = m, p
		}
	}
	return best
}
