package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Memory that is free to use: below it garbage is not collected at all, which spares small builds
// a quarter of their time. Above it the heap may grow by two thirds of what is alive, where Go's own rule
// lets it double; and where much is alive, by less.
const (
	freeHeap = 160 << 20 // bytes
	slack    = 66        // percent
	much     = 150 << 20 // bytes
	moreOf   = 30        // percent of what is alive beyond much

	frugalHeap  = 64 << 20 // of commands for which memory counts more than time
	frugalSlack = 25
)

// minimumHeap is what Go's collector multiplies by GOGC/100 to get the size of its first heap.
const minimumHeap = 4 << 20

// spareCollections sets how often garbage is collected, now and after each collection. GOGC and GOMEMLIMIT
// in the environment come first.
func spareCollections(getenv func(string) string, frugal bool) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	c := collector{freeHeap, slack}
	if frugal {
		c = collector{frugalHeap, frugalSlack}
	}
	debug.SetGCPercent(c.percent(minimumHeap))
	c.afterCollection()
}

type collector struct {
	free  int64 // bytes
	least int64 // percent
}

// percent is by how much the heap may grow before it is collected, if so many bytes are alive.
func (c collector) percent(live int64) int {
	room := live * c.least / 100
	if live > much {
		room = (much*c.least + (live-much)*moreOf) / 100
	}
	return int(100 * max(room, c.free-live) / live)
}

// afterCollection sets the rule anew whenever the object it leaves behind has been collected.
func (c collector) afterCollection() {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(c.percent(max(int64(live[0].Value.Uint64()), minimumHeap)))
		c.afterCollection()
	})
}
