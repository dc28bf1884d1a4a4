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
	for _, site := range []struct{ live, most int64 }{ // MB alive at the end of a build, and what all the memory of the program may be
		{230, 500},   // 100,000 articles in two editions
		{1900, 3072}, // 1,000,000 in one
	} {
		live := site.live << 20
		goal := live + live*int64(c.percent(live))/100
		if besides := goal / 6; goal+besides > site.most<<20 { // holes between what is alive, and what is no heap
			t.Errorf("of %d MB alive, the heap may grow to %d", site.live, goal>>20)
		}
	}
}
