package output

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// plan is what a Commit will do.
type plan struct {
	facts  Build
	same   bool             // the manifest stays as it is
	staged [classes][]int32 // of what was put, waits in the work folder; sorted by path
	come   []int32          // of what was put: the last manifest does not list it
	leave  []named          // files of ours that the new site does not have
	Result
}

// plan compares the new site with the last.
func (tx *Tx) plan(b Build) (plan, error) {
	if err := b.check(); err != nil {
		return plan{}, err
	}
	if len(tx.problems) > 0 {
		slices.SortFunc(tx.problems, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
		return plan{}, errors.Join(slices.CompactFunc(tx.problems, func(a, b error) bool { return a.Error() == b.Error() })...)
	}
	put := tx.put.sorted()
	if err := tx.conflicts(put); err != nil {
		return plan{}, err
	}
	p := plan{facts: b, same: b == tx.prev.Build}
	tx.merge(&p, put)
	for _, f := range tx.pending {
		_, old := tx.prev.Find(f.path)
		if _, now := tx.putAt(f.path); !old && !now {
			p.leave = append(p.leave, f)
		}
	}
	slices.SortFunc(p.leave, func(a, b named) int {
		return cmp.Or(cmp.Compare(b.class, a.class), cmp.Compare(a.path, b.path))
	})
	var count [classes]int
	for _, i := range put {
		if r := tx.put.row(int(i)); r.staged {
			count[r.class]++
		}
	}
	for c, n := range count {
		p.staged[c] = make([]int32, 0, n)
	}
	for _, i := range put {
		if r := tx.put.row(int(i)); r.staged {
			p.staged[r.class] = append(p.staged[r.class], i)
			p.Written++
		}
	}
	p.Unchanged = len(tx.order) - p.Written
	return p, nil
}

// merge puts the new site into order, and finds what it has that the last had not, and the reverse.
func (tx *Tx) merge(p *plan, put []int32) {
	tx.order = make([]int32, 0, len(put)+tx.prev.Len())
	p.come = make([]int32, 0, max(0, len(put)-tx.prev.Len()))
	i := 0
	upTo := func(end int) {
		for ; i < end; i++ {
			r := tx.prev.row(i)
			if !tx.kept[i] {
				p.leave, p.same = append(p.leave, named{tx.prev.text(r.path), r.class}), false
				continue
			}
			tx.order = append(tx.order, int32(i))
			p.Bytes += r.size
		}
	}
	for _, k := range put {
		r := tx.put.row(int(k))
		path := tx.put.text(r.path)
		at, old := tx.prev.from(i, path)
		upTo(at)
		if old {
			was := tx.prev.row(i)
			p.same = p.same && was.sum == r.sum && was.size == r.size && was.class == r.class && tx.prev.medias[was.media] == tx.put.medias[r.media]
			i++
		} else {
			p.come, p.same = append(p.come, k), false
		}
		tx.order = append(tx.order, ^k)
		p.Bytes += r.size
	}
	upTo(tx.prev.Len())
}

// file returns file k of the new site, once there is a plan.
func (tx *Tx) file(k int) (*Table, *row) {
	if i := tx.order[k]; i < 0 {
		return &tx.put, tx.put.row(int(^i))
	}
	return tx.prev, tx.prev.row(int(tx.order[k]))
}

// CommittedSum is the check sum of the manifest that a successful Commit left.
func (tx *Tx) CommittedSum() TextSum { return tx.nextSum }

// Moved returns where in the manifest that a successful Commit left the files of Previous stand that were kept, by their
// index there (the others: math.MaxUint32), and the files that were put, by their paths.
func (tx *Tx) Moved() (kept []uint32, put func(path string) (uint32, bool)) {
	kept = slices.Repeat([]uint32{math.MaxUint32}, tx.prev.Len())
	at := make([]uint32, tx.put.Len())
	for k, i := range tx.order {
		if i < 0 {
			at[^i] = uint32(k)
		} else {
			kept[i] = uint32(k)
		}
	}
	return kept, func(path string) (uint32, bool) {
		i, ok := tx.putAt(path)
		if !ok {
			return 0, false
		}
		return at[i], true
	}
}
