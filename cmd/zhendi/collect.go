package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Memory that is free to use: below it garbage is not collected at all, which spares small builds
// a quarter of their time. Above it the heap may grow by half of what is alive, where Go's own rule
// lets it double. A cold build of a hundred thousand articles in two editions takes about a gigabyte.
const (
	freeHeap = 128 << 20 // bytes
	slack    = 50        // percent

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
	free, percent := freeHeap, slack
	if frugal {
		free, percent = frugalHeap, frugalSlack
	}
	debug.SetGCPercent(100 * free / minimumHeap)
	afterCollection(free, percent)
}

// afterCollection sets the rule anew whenever the object it leaves behind has been collected.
func afterCollection(free, least int) {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		percent := least
		if n := int(max(live[0].Value.Uint64(), minimumHeap)); n < free {
			percent = max(least, 100*(free-n)/n)
		}
		debug.SetGCPercent(percent)
		afterCollection(free, least)
	})
}
