package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A file with another time is known by its bytes, with the check sum of the stamps or without stamps.
func TestIntact(t *testing.T) {
	for _, lost := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "public")
		s := site{"1.html": "one", "2.html": strings.Repeat("two", 40_000), "3.html": "", "4.html": "four"}
		if _, err := build(t, system(), dir, s); err != nil {
			t.Fatal(err)
		}
		write(t, dir, site{"4.html": "FOUR"})
		for name := range s {
			if err := os.Chtimes(filepath.Join(dir, name), time.Unix(1e9, 0), time.Unix(1e9, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if lost {
			if err := os.Remove(dir + ".stamps"); err != nil {
				t.Fatal(err)
			}
		}
		tx, err := open(t.Context(), dir, Options{Stamps: dir + ".stamps"}, system())
		if err != nil {
			t.Fatal(err)
		}
		for i := range tx.Previous().Len() {
			e := tx.Previous().Entry(i)
			ok, err := tx.Intact(i)
			if err != nil || ok != (e.Path != "4.html") {
				t.Errorf("stamps lost %t: %s is intact: %t, %v", lost, e.Path, ok, err)
			}
			if known := tx.seen[i].check != 0; known != (ok && e.Size > 0) {
				t.Errorf("stamps lost %t: %s: check sum known: %t", lost, e.Path, known)
			}
		}
		if err := tx.Abort(); err != nil {
			t.Fatal(err)
		}
	}
}
