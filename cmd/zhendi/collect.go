package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// Memory that is free to use: below it garbage is not collected at all, which spares small builds
// a quarter of their time. Above it the heap may grow by half of what is alive, where Go's own rule
// lets it double; and where much is alive, by less: a site of a hundred thousand articles is built in half a gigabyte.
const (
	freeHeap = 128 << 20 // bytes
	slack    = 50        // percent
	much     = 200 << 20 // bytes
	moreOf   = 15        // percent of what is alive beyond much

	frugalHeap  = 64 << 20 // of commands for which memory counts more than time
	frugalSlack = 25

	knownFile = 4 << 10 // bytes free for each file of a site of which the last build is remembered: nearly all that a small change allocates stays in use
	knownHeap = 1 << 30 // at most
)

// minimumHeap is what Go's collector multiplies by GOGC/100 to get the size of its first heap.
const minimumHeap = 4 << 20

// collector sets how often garbage is collected, now and after each collection. GOGC and GOMEMLIMIT
// in the environment come first.
type collector struct {
	idle  bool
	free  atomic.Int64
	least int // percent
}

func newCollector(getenv func(string) string, frugal bool) *collector {
	c := &collector{least: slack, idle: getenv("GOGC") != "" || getenv("GOMEMLIMIT") != ""}
	c.free.Store(freeHeap)
	if frugal {
		c.least = frugalSlack
		c.free.Store(frugalHeap)
	}
	if !c.idle {
		debug.SetGCPercent(int(100 * c.free.Load() / minimumHeap))
		c.afterCollection()
	}
	return c
}

// known makes room for a small change of a site with so many files.
func (c *collector) known(files int) {
	c.free.Store(min(freeHeap+int64(files)*knownFile, knownHeap))
	if !c.idle {
		c.set()
	}
}

// set sets the rule by what is alive.
func (c *collector) set() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(c.percent(max(int64(live[0].Value.Uint64()), minimumHeap)))
}

// percent is by how much the heap may grow before it is collected, if so many bytes are alive.
func (c *collector) percent(live int64) int {
	room := live * int64(c.least) / 100
	if live > much {
		room = (much*int64(c.least) + (live-much)*moreOf) / 100
	}
	return int(100 * max(room, c.free.Load()-live) / live)
}

// afterCollection sets the rule anew whenever the object it leaves behind has been collected.
func (c *collector) afterCollection() {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) {
		c.set()
		c.afterCollection()
	})
}
