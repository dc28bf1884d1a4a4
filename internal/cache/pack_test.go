package cache

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPack(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a", "pack")
	one, two := []byte("一"), []byte(strings.Repeat("二", 1000))
	if err := WritePack(name, Sum{1}, []byte("head"), append(one, two...)); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := OpenPack(name, Sum{2}); ok {
		t.Error("opened under another key")
	}
	p, head, ok := OpenPack(name, Sum{1})
	if !ok || head != "head" {
		t.Fatalf("%q %t", head, ok)
	}
	defer p.Close()
	if err := WritePack(name, Sum{1}, nil, nil); err != nil { // another run: this one goes on with what it opened
		t.Fatal(err)
	}
	check := Check(0).Add(two)
	if s, ok := p.Piece(int64(len(one)), len(two), check); !ok || s != string(two) {
		t.Errorf("%q", s)
	}
	for _, wrong := range []struct {
		at int64
		n  int
	}{{0, len(two)}, {3, len(two) - 1}, {4, len(two)}, {1 << 40, len(two)}, {0, math.MaxInt}, {-1, 1}, {0, -1}} {
		if s, ok := p.Piece(wrong.at, wrong.n, check); ok {
			t.Errorf("%+v: %q", wrong, s)
		}
	}
}

// Whatever byte of its head is wrong or missing, a pack is not opened; and no damaged piece is read.
func TestDamagedPack(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pack")
	piece := []byte("piece")
	if err := WritePack(name, Sum{1}, []byte("head"), piece); err != nil {
		t.Fatal(err)
	}
	whole, _ := os.ReadFile(name)
	pieces := len(whole) - len(piece)
	for i := range whole {
		flipped := append([]byte(nil), whole...)
		flipped[i] ^= 0x10
		for _, b := range [][]byte{whole[:i], flipped} {
			if err := os.WriteFile(name, b, 0o666); err != nil {
				t.Fatal(err)
			}
			p, _, ok := OpenPack(name, Sum{1})
			if ok != (i >= pieces) {
				t.Fatalf("damaged at byte %d of %d: %t", i, len(whole), ok)
			}
			if !ok {
				continue
			}
			if s, ok := p.Piece(0, len(piece), Check(0).Add(piece)); ok {
				t.Fatalf("damaged at byte %d: %q", i, s)
			}
			p.Close()
		}
	}
}
