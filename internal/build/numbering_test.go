package build

import (
	"fmt"
	"testing"
)

func TestNumbering(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 8, 1000} {
		list := newNames(nil, nil, func(string) (int, bool) { return 0, false })
		for i := range n { // it grows
			if got := list.numberOf(fmt.Sprint("a", i)); got != i {
				t.Fatalf("name %d of %d got number %d", i, n, got)
			}
		}
		at := numbered(n, list.name)
		for i := range n {
			if got, ok := at.find(fmt.Sprint("a", i), list.name); !ok || got != i || list.numberOf(list.list[i]) != i {
				t.Errorf("found name %d of %d at %d, %t", i, n, got, ok)
			}
		}
		if i, ok := at.find("b", list.name); ok {
			t.Errorf("found at %d of %d what is not there", i, n)
		}
	}
}
