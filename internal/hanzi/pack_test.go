package hanzi

import (
	"os"
	"testing"

	"zhendi/internal/hanzi/pack"
)

// TestTablesAreUpToDate fails when tables.bin is not what go generate makes.
func TestTablesAreUpToDate(t *testing.T) {
	data := os.DirFS("data")
	header, err := pack.Header(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := pack.Build(data, header)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != packed {
		t.Error("tables.bin is not made from data; run go generate ./internal/hanzi")
	}
}

// TestTablesAreSmall holds the memory of an edition's tables to what is promised.
func TestTablesAreSmall(t *testing.T) {
	for _, name := range Configs() {
		n := 0
		for tab := load(name); tab != nil; tab = tab.next {
			n += 8*len(tab.bmp) + 16*len(tab.pairs) + 2*len(tab.low) + 4*len(tab.roots) +
				2*len(tab.labels) + 4*len(tab.infos) + 4*len(tab.values) + cap(tab.pool) + 64*len(tab.astral)
		}
		if n > 4<<20 {
			t.Errorf("%s: %d bytes of tables, at most 4 MiB", name, n)
		}
	}
}
