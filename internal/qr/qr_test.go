package qr

import (
	"bytes"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestNothingAndTooMuchAreErrors(t *testing.T) {
	for _, data := range []string{
		"",
		strings.Repeat("a", 2332),
		strings.Repeat("A", 3392),
		strings.Repeat("1", 5597),
		strings.Repeat("1", 10_000_000),
		strings.Repeat("1", 5595) + "a",
	} {
		if c, err := Encode([]byte(data)); err == nil {
			t.Errorf("%d bytes: version %d, want an error", len(data), versionOf(c))
		}
	}
}

// Layouts are made on first use, here by many at once.
func TestEncodeFromManyGoroutines(t *testing.T) {
	var want [41]*Code
	for v := 1; v <= 40; v += 3 {
		want[v] = mustEncode(t, digits(capacities[v].digits))
	}
	for v := range layouts {
		layouts[v].Once, layouts[v].layout = sync.Once{}, nil
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for v := 1; v <= 40; v += 3 {
				c, err := Encode(digits(capacities[v].digits))
				if err != nil || !reflect.DeepEqual(c, want[v]) {
					t.Errorf("version %d: not the code made alone: %v", v, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRowsAndColumnsAgree(t *testing.T) {
	for _, n := range []int{1, 75, 300, 1000} {
		s := &mustEncode(t, digits(n)).modules
		for y := range s.size {
			for x := range s.size {
				if byColumn := s.cols[y>>6*s.size+x]>>(y&63)&1 != 0; byColumn != s.dark(x, y) {
					t.Fatalf("size %d: module %d,%d is %v by row, %v by column", s.size, x, y, s.dark(x, y), byColumn)
				}
			}
		}
	}
}

func mustEncode(t testing.TB, data []byte) *Code {
	t.Helper()
	c, err := Encode(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func digits(n int) []byte { return bytes.Repeat([]byte("7"), n) }

func versionOf(c *Code) int { return (c.Size - 17) / 4 }

// maskOf reads the mask from the format information beside the upper left finder.
func maskOf(c *Code) int {
	m := 0
	for i := 12; i >= 10; i-- {
		m <<= 1
		if at := formatPlaces(i, c.Size)[0]; c.Black(at[0], at[1]) {
			m |= 1
		}
	}
	return m ^ 0x5412>>10&7
}
