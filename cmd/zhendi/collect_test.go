package main

import "testing"

func TestHeapMayGrow(t *testing.T) {
	c := collector{freeHeap, slack}
	last := int64(0)
	for live := int64(minimumHeap); live < 8<<30; live += 8 << 20 {
		goal := live + live*int64(c.percent(live))/100
		if goal < last || goal < freeHeap*99/100 || goal > max(freeHeap, live*(100+slack)/100) {
			t.Fatalf("of %d MB alive, the heap may grow to %d, before to %d", live>>20, goal>>20, last>>20)
		}
		last = goal * 99 / 100 // percents are whole
	}
	if at := int64(300 << 20); at+at*int64(c.percent(at))/100 > 445<<20 {
		t.Errorf("300 MB may grow by %d %%", c.percent(at))
	}
}
