package views

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// maxElems is how many new views are held in memory; more go to disk, sorted, and are merged at
// the end of the run.
const maxElems = 1 << 19

// batch collects the views of a run.
type batch struct {
	ledger *ledger
	most   int
	elems  []elem
	spills []string
	pages  int64 // views that were added, repeated ones too
}

func (b *batch) add(e elem) error {
	b.pages++
	b.elems = append(b.elems, e)
	if len(b.elems) < b.most {
		return nil
	}
	b.sort()
	if len(b.elems) < b.most*3/4 { // mostly repeated
		return nil
	}
	name := fmt.Sprintf("spill-%d", len(b.spills))
	b.spills = append(b.spills, name)
	err := b.ledger.disk.write(b.ledger.path(name), false, func(w io.Writer) error {
		var row [elemSize]byte
		for _, e := range b.elems {
			binary.BigEndian.PutUint64(row[:8], e.key)
			binary.BigEndian.PutUint64(row[8:], e.tag)
			if _, err := w.Write(row[:]); err != nil {
				return err
			}
		}
		return nil
	})
	b.elems = b.elems[:0]
	return err
}

func (b *batch) sort() {
	slices.SortFunc(b.elems, func(x, y elem) int {
		switch {
		case x.less(y):
			return -1
		case y.less(x):
			return 1
		}
		return 0
	})
	b.elems = slices.Compact(b.elems)
}

// stream is one sorted list of views that takes part in a merge.
type stream struct {
	head elem
	next func() (elem, error) // io.EOF after the last
}

// merger gives the views of several streams in order, each once.
type merger struct {
	heap []*stream
	err  error
}

func (m *merger) push(next func() (elem, error)) {
	s := &stream{next: next}
	if m.advance(s) {
		m.heap = append(m.heap, s)
		for i := len(m.heap) - 1; i > 0 && m.heap[i].head.less(m.heap[(i-1)/2].head); i = (i - 1) / 2 {
			m.heap[i], m.heap[(i-1)/2] = m.heap[(i-1)/2], m.heap[i]
		}
	}
}

func (m *merger) advance(s *stream) bool {
	var err error
	if s.head, err = s.next(); err != nil && err != io.EOF && m.err == nil {
		m.err = err
	}
	return err == nil
}

// peek returns the least view; false at the end.
func (m *merger) peek() (elem, bool) {
	if len(m.heap) == 0 || m.err != nil {
		return elem{}, false
	}
	return m.heap[0].head, true
}

// pop passes the least view, wherever it stands.
func (m *merger) pop() {
	for least := m.heap[0].head; len(m.heap) > 0 && m.heap[0].head == least; {
		if !m.advance(m.heap[0]) {
			m.heap[0] = m.heap[len(m.heap)-1]
			m.heap = m.heap[:len(m.heap)-1]
		}
		m.sift()
	}
}

func (m *merger) sift() {
	for i := 0; ; {
		k := 2*i + 1
		if k >= len(m.heap) {
			return
		}
		if k+1 < len(m.heap) && m.heap[k+1].head.less(m.heap[k].head) {
			k++
		}
		if !m.heap[k].head.less(m.heap[i].head) {
			return
		}
		m.heap[i], m.heap[k] = m.heap[k], m.heap[i]
		i = k
	}
}

// merge puts the batch's views into the sets of their days, and returns how many were new.
// The new sets are written; the ledger in memory refers to them.
func (b *batch) merge(ds *runDays, now int64) (added int64, err error) {
	b.sort()
	m := &merger{}
	mem := b.elems
	m.push(func() (elem, error) {
		if len(mem) == 0 {
			return elem{}, io.EOF
		}
		e := mem[0]
		mem = mem[1:]
		return e, nil
	})
	for _, name := range b.spills {
		r, err := b.ledger.disk.open(b.ledger.path(name))
		if err != nil {
			return 0, err
		}
		defer r.Close()
		s := &setReader{r: bufio.NewReaderSize(r, 64<<10)}
		m.push(s.next)
	}
	for {
		e, ok := m.peek()
		if !ok {
			return added, m.err
		}
		n, err := b.mergeDay(m, ds.list[e.key>>idBits], now)
		if err != nil {
			return 0, err
		}
		added += n
	}
}

// mergeDay puts the views at the head of m that are of day d into its set.
func (b *batch) mergeDay(m *merger, d *runDay, now int64) (added int64, err error) {
	l := b.ledger
	old := l.days[d.number]
	before, after := int64(0), int64(0)
	if old == nil {
		old = &day{slot: int(d.slot / 60), since: now}
		old.key, err = l.put("key-"+date(d.number), func(w io.Writer) error { _, err := w.Write(d.key[:]); return err })
		if err != nil {
			return 0, err
		}
	} else if old.set.there() {
		s, err := l.openSet(old.set, d.index)
		if err != nil {
			return 0, err
		}
		defer s.c.Close()
		before = old.set.size / elemSize
		m.push(s.next)
	}
	set, err := l.put("set-"+date(d.number), func(w io.Writer) error {
		var row [elemSize]byte
		for {
			e, ok := m.peek()
			if !ok || int(e.key>>idBits) != d.index {
				return m.err
			}
			m.pop()
			after++
			binary.BigEndian.PutUint64(row[:8], e.key&(1<<idBits-1))
			binary.BigEndian.PutUint64(row[8:], e.tag)
			if _, err := w.Write(row[:]); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return 0, err
	}
	changed := *old
	changed.set = set
	l.days[d.number] = &changed
	return after - before, nil
}
