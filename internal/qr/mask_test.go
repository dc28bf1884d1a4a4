package qr

import (
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// texts are of one mode each, and of versions 1 to 40.
func texts() []string {
	var list []string
	for _, n := range []int{1, 9, 20, 33, 57, 75, 91, 120, 160, 220, 299, 420, 700, 1200, 2331} {
		list = append(list, strings.Repeat("https_//example_gov_cn/djyw/", 84)[:n],
			strings.Repeat("HTTPS://EXAMPLE.GOV.CN/", 102)[:n], strings.Repeat("20250901082213579", 138)[:n])
	}
	return list
}

func TestMaskIsOfLeastPenalty(t *testing.T) {
	chosen := [8]int{}
	for _, text := range texts() {
		c := mustEncode(t, []byte(text))
		l := layoutOf(versionOf(c))
		taken := maskOf(c)
		chosen[taken]++
		best, least := -1, 0
		for m := range l.masks {
			// From the finished symbol back to the plain one, and on to mask m.
			s := newSymbol(c.Size)
			s.copyOf(&c.modules)
			s.xor(l.masks[taken])
			s.xor(l.masks[m])
			if p := total(slowPenalty(s.size, s.dark)); best < 0 || p < least {
				best, least = m, p
			}
		}
		if taken != best {
			t.Errorf("%.20s… (%d bytes): mask %d, want %d with penalty %d", text, len(text), taken, best, least)
		}
	}
	for m, n := range chosen {
		if n == 0 {
			t.Errorf("mask %d was never chosen: more texts are needed", m)
		}
	}
}

// With all masks but one replaced by copies of one mask, the first copy is taken
// whenever that mask beats the one left.
func TestFirstOfEqualMasks(t *testing.T) {
	l := *layoutOf(2)
	for m := range l.masks {
		if m != 5 {
			equal := *l.masks[1]
			l.masks[m] = &equal
		}
	}
	taken := map[*symbol]int{}
	for i := range 40 {
		s := newSymbol(size(2))
		s.copyOf(l.fixed)
		for _, at := range l.order {
			if (int(at.x)*31+int(at.y)*17)%(i+3) < 2 {
				s.darken(int(at.x), int(at.y))
			}
		}
		taken[l.bestMask(s)]++
	}
	if a, b := taken[l.masks[0]], taken[l.masks[5]]; a+b != 40 || a == 0 || b == 0 {
		t.Errorf("of 40 symbols %d took the first of the equal masks, %d the other", a, b)
	}
}

// Module by module another encoder makes the same symbol of text that needs
// only one mode, which is all it knows.
func TestSymbolIsAsAnotherEncodersDrawsIt(t *testing.T) {
	for _, text := range texts() {
		c := mustEncode(t, []byte(text))
		theirs, err := encoder.Encoder_encode(text, decoder.ErrorCorrectionLevel_M, nil)
		if err != nil {
			t.Fatal(err)
		}
		matrix := theirs.GetMatrix()
		if matrix.GetWidth() != c.Size || theirs.GetMaskPattern() != maskOf(c) {
			t.Errorf("%.20s… (%d bytes): size %d, mask %d; want %d, %d", text, len(text),
				c.Size, maskOf(c), matrix.GetWidth(), theirs.GetMaskPattern())
			continue
		}
		differ := 0
		for y := range c.Size {
			for x := range c.Size {
				if c.Black(x, y) != (matrix.Get(x, y) == 1) {
					differ++
				}
			}
		}
		if differ > 0 {
			t.Errorf("%.20s… (%d bytes): %d modules differ", text, len(text), differ)
		}
	}
}
