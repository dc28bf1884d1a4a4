package qr

import (
	"bytes"
	"strings"
	"testing"
)

// The example of 7.4.4: "AC-42" is 41 bits in alphanumeric mode.
func TestAlphanumericExample(t *testing.T) {
	segments := []segment{{alphanumeric, 0, 5}}
	got := codewords([]byte("AC-42"), segments, 1, bands[0])
	// 0010 000000101 00111001110 11100111001 000010, terminator, padding
	want := []byte{0b00100000, 0b00101001, 0b11001110, 0b11100111, 0b00100001, 0b0_0000_000}
	if !bytes.HasPrefix(got, want) || got[6] != 0xEC || got[7] != 0x11 {
		t.Errorf("codewords %08b", got)
	}
}

// Where little room is left the terminator is cut short; a full symbol has none.
func TestTerminatorIsCutShort(t *testing.T) {
	for _, c := range []struct {
		data string
		last byte
	}{
		// Of 128 bits, 4+8 and 14 bytes leave 4: the terminator alone.
		{strings.Repeat("k", 14), 0xb0},
		// 4+10 bits and 34 digits in 114 leave none.
		{strings.Repeat("7", 34), 0b1001_0111},
		// 4+10 bits and 33 digits in 110 leave 4.
		{strings.Repeat("7", 33), 0b1001_0000},
		// 4+9 bits and 20 characters in 110 leave 5: the terminator and a bit to the byte.
		{strings.Repeat("0", 19) + "A", 0b010_00000},
	} {
		segments := []segment{{bytewise, 0, len(c.data)}}
		switch c.data[0] {
		case '7':
			segments[0].mode = numeric
		case '0':
			segments[0].mode = alphanumeric
		}
		got := codewords([]byte(c.data), segments, 1, bands[0])
		if len(got) != 16 || got[15] != c.last {
			t.Errorf("%q: %d codewords ending in %08b, want 16 ending in %08b", c.data, len(got), got[len(got)-1], c.last)
		}
	}
}
