package publish

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"zhendi/internal/output"
)

// Do carries the plan out. If the store has changed since Open it plans anew, and returns a *RefusedError
// if that gives reasons not to publish.
func (r *Run) Do(ctx context.Context) (*Receipt, error) {
	if len(r.Plan.Refusals) > 0 {
		return nil, &RefusedError{r.Plan.Refusals}
	}
	if r.Plan.Empty() {
		return r.receipt(nil), nil
	}
	c, err := take(ctx, r.private, &r.opt, r.Plan.Serial)
	if err != nil {
		return nil, err
	}
	w := newWork(r, c)
	rc, err := w.all(ctx)
	if errors.Is(err, ErrLost) {
		return nil, errors.Join(err, w.confess(context.WithoutCancel(ctx)))
	}
	return rc, errors.Join(err, c.release(ctx))
}

// work is a run that has the lock.
type work struct {
	*Run
	claim *claim

	mu      sync.Mutex
	done    int
	total   int
	records []record // of what was sent
	journal string
	history *history            // as it will be; nil: nothing is replaced
	known   map[output.Sum]bool // what copies the history before needed
}

// newWork lets r change the store only while the lock is ours.
func newWork(r *Run, c *claim) *work {
	r.site.fence, r.private.fence = c.valid, c.valid
	return &work{Run: r, claim: c}
}

func (w *work) all(ctx context.Context) (*Receipt, error) {
	if err := w.clear(); err != nil {
		return nil, err
	}
	if err := w.again(ctx); err != nil {
		return nil, err
	}
	before := w.live.manifest
	if w.Plan.Empty() {
		return w.receipt(before), nil
	}
	if err := w.remember(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{w.writeJournal, w.keep, w.uploads, w.writeHistory, w.goLive} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	for _, step := range []func(context.Context) error{w.removals, w.forget} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("the new site is live, but not all of the old is removed: %w", err)
		}
	}
	rc := w.receipt(before)
	if err := w.finish(ctx, rc); err != nil {
		return nil, fmt.Errorf("the new site is live, but the run is not recorded: %w", err)
	}
	return rc, w.clear()
}

// clear removes unfinished files from folders.
func (w *work) clear() (err error) {
	for _, s := range []Store{w.opt.Target.Site, w.opt.Target.Private} {
		if d, ok := s.(*dir); ok {
			err = errors.Join(err, d.clear())
		}
	}
	return err
}

// again reads what is live a second time, now that nobody else changes it.
func (w *work) again(ctx context.Context) error {
	same, err := w.still(ctx, w.live)
	if err != nil || same {
		return err
	}
	if w.back != nil {
		return ErrMoved
	}
	if w.live, err = w.readLive(ctx); err != nil {
		return err
	}
	if err := errors.Join(w.lookBack(ctx), w.plan(ctx)); err != nil {
		return err
	}
	if len(w.Plan.Refusals) > 0 {
		return &RefusedError{w.Plan.Refusals}
	}
	return nil
}

// writeJournal says what will be sent and removed, before anything is: a run that comes after a killed one asks the
// store for these.
func (w *work) writeJournal(ctx context.Context) error {
	j := &inventory{serial: w.Plan.Serial}
	for i := range w.Plan.Steps {
		s := &w.Plan.Steps[i]
		if s.Do == Upload {
			j.records = append(j.records, record{key: s.Path, sum: s.want.file.Sum, headers: s.want.headers.print, size: s.Size, class: s.class})
		} else {
			j.records = append(j.records, s.record)
		}
	}
	for _, rec := range w.live.pending { // the older journals go at the end of this run only
		j.records = append(j.records, rec)
	}
	j.sort()
	j.records = slices.CompactFunc(j.records, func(a, b record) bool { return a.key == b.key })
	packed, err := j.encode()
	if err != nil {
		return err
	}
	w.journal = fmt.Sprintf("%s%012d", journalDir, w.claim.n)
	_, err = w.private.Put(ctx, small(w.journal, packed, "application/gzip"), Cond{})
	return err
}

// uploads sends what is new or changed, a group at a time.
func (w *work) uploads(ctx context.Context) error {
	steps := w.Plan.Steps
	w.total, w.done = len(steps), 0
	for len(steps) > 0 && steps[0].Do == Upload {
		n := 1
		for n < len(steps) && steps[n].Do == Upload && steps[n].class == steps[0].class && steps[n].fresh == steps[0].fresh {
			n++
		}
		if err := w.claim.confirm(ctx, false); err != nil {
			return err
		}
		group := steps[:n]
		err := parallel(ctx, n, workers, func(ctx context.Context, i int) error { return w.send(ctx, &group[i]) })
		if err != nil {
			return err
		}
		steps = steps[n:]
	}
	return nil
}

func (w *work) send(ctx context.Context, s *Step) error {
	o, err := w.object(s.want)
	if err != nil {
		return err
	}
	info, err := w.site.Put(ctx, o, Cond{})
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.records = append(w.records, record{key: s.Path, sum: o.Sum, etag: info.ETag, headers: s.want.headers.print, size: o.Size, class: s.class})
	w.progress()
	return nil
}

func (w *work) progress() {
	w.done++
	w.opt.Progress(w.done, w.total)
}

func (w *work) goLive(ctx context.Context) error {
	if err := w.claim.confirm(ctx, false); err != nil || !w.Plan.Manifest {
		return err
	}
	return w.replaceManifest(ctx)
}

// replaceManifest makes the new site the live one, on the condition that the manifest there is still the one planned from.
func (w *work) replaceManifest(ctx context.Context) error {
	return w.replace(ctx, w.site, small(output.ManifestPath, w.text, output.MediaType(output.ManifestPath)), w.live.etag)
}

// replace writes an object if the one there still has the ETag given, empty for none.
func (w *work) replace(ctx context.Context, store patient, o Object, etag string) error {
	_, err := store.Put(ctx, o, Cond{Match: etag, New: etag == ""})
	if errors.Is(err, errUnsupported) {
		return w.replaceUnconditionally(ctx, store, o, etag)
	}
	if errors.Is(err, errExists) { // our own, if the answer to the first try was lost
		info, herr := store.Head(ctx, o.Key)
		if herr == nil && info.Sum == hex.EncodeToString(o.Sum[:]) {
			return nil
		}
		return errors.Join(ErrLost, herr)
	}
	return err
}

// replaceUnconditionally is for stores that do not know If-Match: it looks just before.
func (w *work) replaceUnconditionally(ctx context.Context, store patient, o Object, etag string) error {
	info, err := store.Head(ctx, o.Key)
	if err != nil && !errors.Is(err, errNotFound) {
		return err
	}
	if err := w.claim.confirm(ctx, true); err != nil {
		return err
	}
	if info.ETag != etag {
		return ErrLost
	}
	_, err = store.Put(ctx, o, Cond{})
	return err
}

// removals removes what is gone and corrects the hot lists.
func (w *work) removals(ctx context.Context) error {
	steps := w.Plan.Steps
	for len(steps) > 0 && steps[0].Do == Upload {
		steps = steps[1:]
	}
	for len(steps) > 0 {
		n := 1
		for n < len(steps) && steps[n].class == steps[0].class {
			n++
		}
		if err := w.claim.confirm(ctx, false); err != nil {
			return err
		}
		group := steps[:n]
		err := parallel(ctx, n, workers, func(ctx context.Context, i int) error { return w.remove(ctx, &group[i]) })
		if err != nil {
			return err
		}
		steps = steps[n:]
	}
	return w.hotLists(ctx)
}

func (w *work) remove(ctx context.Context, s *Step) error {
	if s.Do == Delete {
		if err := w.site.Delete(ctx, s.Path); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.Do == Retire {
		w.records = append(w.records, s.record)
	}
	w.progress()
	return nil
}

// finish writes the inventory, then the receipt, then removes the journals: in this order a run that comes after a killed
// one knows at least what it must know.
func (w *work) finish(ctx context.Context, rc *Receipt) error {
	l := &inventory{serial: w.Plan.Serial, records: append(w.Plan.kept, w.records...)}
	l.sort()
	packed, err := l.encode()
	if err != nil {
		return err
	}
	if err := w.claim.confirm(ctx, false); err != nil {
		return err
	}
	if err := w.replace(ctx, w.private, small(inventoryKey, packed, "application/gzip"), w.live.inventoryETag); err != nil {
		return err
	}
	if err := w.keepReceipt(ctx, rc); err != nil {
		return err
	}
	for _, key := range append(slices.Clone(w.live.journals), w.journal) {
		if err := w.private.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// confess is what a run does that has lost its lock while it was at work: some of its last requests may have come
// after those of its successor. Its journal makes the next run ask the store for what it was sending.
func (w *work) confess(ctx context.Context) error {
	w.claim.stop()
	w.claim.beat.Wait()
	if w.journal == "" {
		return nil
	}
	w.private.fence = nil // a journal does no harm
	return w.writeJournal(ctx)
}
