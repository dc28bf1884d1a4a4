package qr

import (
	"encoding/hex"
	"testing"
)

// The standard's own example, annex I: "01234567" in a symbol of version 1-M.
func TestAnnexI(t *testing.T) {
	data := []byte("01234567")
	segments, bits := cut(data, bands[0])
	if bits != 41 || len(segments) != 1 || segments[0] != (segment{numeric, 0, 8}) {
		t.Fatalf("cut = %v, %d bits; want one numeric segment of 41", segments, bits)
	}
	words := codewords(data, segments, 1, bands[0])
	const want = "10200c566180ec11ec11ec11ec11ec11"
	if got := hex.EncodeToString(words); got != want {
		t.Errorf("data codewords %s, want %s", got, want)
	}
	if got := hex.EncodeToString(layoutOf(1).message(words)); got != want+"a524d4c1ed36c7872c55" {
		t.Errorf("message %s", got)
	}
	c := mustEncode(t, data)
	if c.Size != 21 || maskOf(c) != 2 {
		t.Errorf("size %d, mask %d; want 21 and 2", c.Size, maskOf(c))
	}
	if got, want := formatBits(2), 0b101111001111100; got != want {
		t.Errorf("format information %015b, want %015b", got, want)
	}
}
