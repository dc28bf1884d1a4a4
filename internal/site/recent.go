package site

import "sync/atomic"

// Recent keeps what was made of items, each of which many pages show: of as many as it has room for, those that it was
// made of last. A page shows articles of about the same time as the pages made before it. It may be used from any goroutine.
type Recent[T any] struct {
	of     []atomic.Pointer[T] // by Item.N
	next   atomic.Uint32
	places []atomic.Int32 // 1 + the numbers of the items of which something is kept; 0: free
}

// NewRecent makes room for so many of a site's items.
func NewRecent[T any](items, room int) *Recent[T] {
	return &Recent[T]{of: make([]atomic.Pointer[T], items), places: make([]atomic.Int32, min(items, room))}
}

// Get returns what was made of an item, nil if it must be made.
func (r *Recent[T]) Get(it *Item) *T { return r.of[it.N].Load() }

// Put keeps what was made of an item, in place of what was made longest ago.
func (r *Recent[T]) Put(it *Item, made *T) {
	if !r.of[it.N].CompareAndSwap(nil, made) {
		return
	}
	at := (r.next.Add(1) - 1) % uint32(len(r.places))
	if old := r.places[at].Swap(it.N + 1); old > 0 {
		r.of[old-1].Store(nil)
	}
}
