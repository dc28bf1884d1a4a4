package qr

import "testing"

// What the function patterns leave free is what table 1 says: all codewords, and
// at most seven modules over.
func TestEncodingRegionHoldsTheMessage(t *testing.T) {
	for v := 1; v <= 40; v++ {
		l := layoutOf(v)
		over := len(l.order) - 8*versions[v].codewords
		want := 0
		switch {
		case v >= 2 && v <= 6:
			want = 7
		case v >= 14 && v <= 20, v >= 28 && v <= 34:
			want = 3
		case v >= 21 && v <= 27:
			want = 4
		}
		if over != want {
			t.Errorf("version %d: %d modules over, want %d", v, over, want)
		}
	}
}

// The sequences of tables C.1 and D.1.
func TestFormatAndVersionInformation(t *testing.T) {
	for m, want := range []int{0x5412, 0x5125, 0x5E7C, 0x5B4B, 0x45F9, 0x40CE, 0x4F97, 0x4AA0} {
		if got := formatBits(m); got != want {
			t.Errorf("format information of M and mask %d: %#x, want %#x", m, got, want)
		}
	}
	for v, want := range map[int]int{7: 0x07C94, 8: 0x085BC, 21: 0x15683, 40: 0x28C69} {
		if got := v<<12 | checkBits(v, 12, 0x1F25); got != want {
			t.Errorf("version information %d: %#x, want %#x", v, got, want)
		}
	}
}
