package output

import (
	"os"
	"path/filepath"
	"testing"
)

// The stamps of many files are written in pieces and come back whole; those that are there already are left alone.
func TestStampsOfManyFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stamps")
	of := TextSum{1, 2}
	tx := Tx{ops: system(), stampsName: name, prev: &Table{}}
	const n = 8000
	for i := range n {
		_, r := tx.prev.add(span{})
		r.stamp, r.check = stamp{int64(i) << 20, uint64(i)}, checksum(i)
		tx.order = append(tx.order, int32(i))
	}
	tx.saveStamps(of)
	if info, err := os.Stat(name); err != nil || info.Size() < 2*64<<10 {
		t.Fatal(info, err)
	}
	next := Tx{ops: system(), stampsName: name, prev: &Table{}, order: tx.order}
	for range n {
		next.prev.add(span{})
	}
	next.loadStamps(of)
	for i := range n {
		if got, want := next.prev.row(i), tx.prev.row(i); got.stamp != want.stamp || got.check != want.check {
			t.Fatalf("file %d: %+v, %d instead of %+v, %d", i, got.stamp, got.check, want.stamp, want.check)
		}
	}
	before, _ := os.Stat(name)
	next.saveStamps(of)
	if after, err := os.Stat(name); err != nil || !os.SameFile(before, after) {
		t.Error("the same stamps were written again")
	}
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
