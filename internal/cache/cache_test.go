package cache

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a", "file")
	key, other := Sum{1}, Sum{2}
	if _, ok := Read(name, key); ok {
		t.Error("read what is not there")
	}
	for _, body := range []string{"", "一", string(make([]byte, 1<<20))} {
		if err := Write(name, key, []byte(body)); err != nil {
			t.Fatal(err)
		}
		if got, ok := Read(name, key); !ok || got != body {
			t.Errorf("%d bytes did not come back", len(body))
		}
		if _, ok := Read(name, other); ok {
			t.Error("read under another key")
		}
	}
}

// Whatever byte is wrong or missing, nothing is read.
func TestDamage(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := Write(name, Sum{1}, []byte("body")); err != nil {
		t.Fatal(err)
	}
	whole, _ := os.ReadFile(name)
	for i := range whole {
		cut := whole[:i]
		flipped := append([]byte(nil), whole...)
		flipped[i] ^= 0x10
		for _, b := range [][]byte{cut, flipped} {
			if err := os.WriteFile(name, b, 0o666); err != nil {
				t.Fatal(err)
			}
			if _, ok := Read(name, Sum{1}); ok {
				t.Fatalf("read a file damaged at byte %d", i)
			}
		}
	}
}

// A folder where a file of the cache should be is no reason to remember nothing ever after.
func TestWriteOverAFolder(t *testing.T) {
	name := filepath.Join(t.TempDir(), "index")
	if err := os.MkdirAll(filepath.Join(name, "below"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, Sum{1}, []byte("body")); err != nil {
		t.Fatal(err)
	}
	if body, ok := Read(name, Sum{1}); !ok || body != "body" {
		t.Errorf("%q, %t", body, ok)
	}
}

// A file is there when it is placed, whole, and leaves nothing behind when it is not.
func TestPieces(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	for _, end := range []func(*File){(*File).Drop, func(f *File) { f.err = os.ErrInvalid; f.Place() }} {
		f := Create(name, Sum{1})
		f.Write([]byte("a piece"))
		end(f)
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	f := Create(name, Sum{1})
	for _, piece := range []string{"一", "", "two"} {
		if n, err := f.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Errorf("wrote %d of %q: %v", n, piece, err)
		}
	}
	if _, ok := Read(name, Sum{1}); ok {
		t.Error("it is there before it is placed")
	}
	if err := f.Place(); err != nil {
		t.Fatal(err)
	}
	if got, ok := Read(name, Sum{1}); !ok || got != "一two" {
		t.Errorf("read %q, %t", got, ok)
	}
	if f := Create(filepath.Join(name, "below"), Sum{1}); f.Place() == nil { // a file is no folder
		t.Error("no error")
	}
}

func TestValues(t *testing.T) {
	var e Encoder
	for _, n := range []uint64{0, 1, 127, 128, math.MaxUint64} {
		e.Uint(n)
		e.Int(int64(n))
	}
	e.Int(math.MinInt64)
	e.String("阵地")
	e.Bool(true)
	e.Bytes([]byte("xy"))
	d := Decoder{Rest: string(e)}
	for _, n := range []uint64{0, 1, 127, 128, math.MaxUint64} {
		if d.Uint() != n || d.Int() != int64(n) {
			t.Errorf("%d did not come back", n)
		}
	}
	if d.Int() != math.MinInt64 || d.String() != "阵地" || !d.Bool() || d.Bytes(2) != "xy" || d.Err() != nil || d.Rest != "" {
		t.Error("values did not come back")
	}
	for n := range len(e) {
		d := Decoder{Rest: string(e[:n])}
		for range 11 {
			d.Uint()
		}
		_ = d.String()
		d.Bool()
		d.Bytes(2)
		if d.Err() == nil {
			t.Errorf("%d bytes of %d are not malformed", n, len(e))
		}
	}
	if d := (Decoder{Rest: "\xff\xff\xff\xff\x7f"}); d.Len(1) != 0 || d.Err() == nil {
		t.Error("took a length that cannot be")
	}
}
