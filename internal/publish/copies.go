package publish

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"io"
	"maps"
	"os"
	"slices"

	"zhendi/internal/output"
)

func copyKey(sum output.Sum) string { return copiesDir + hex.EncodeToString(sum[:]) }

// sums lists the bytes of a manifest's files, with a file that has them.
func sums(m *output.Manifest) map[output.Sum]string {
	out := make(map[output.Sum]string, len(m.Files))
	for i := range m.Files {
		out[m.Files[i].Sum] = m.Files[i].Path
	}
	return out
}

// remember makes the history that will be true when the run is done.
func (w *work) remember(ctx context.Context) error {
	if w.change == nil && !w.Plan.Resumes {
		return nil
	}
	h, err := readHistory(ctx, w.private)
	if err != nil {
		return err
	}
	if w.back != nil && h.etag != w.back.history.etag {
		return ErrMoved
	}
	w.known = h.kept() // also for what leads nowhere now
	h.chain(w.live.sum)
	w.history = h
	if w.change == nil {
		return nil
	}
	c := *w.change
	c.at, c.since, c.after, c.before = w.now.Unix(), w.now.Add(-w.live.since).Unix(), w.sum, w.live.sum
	c.sig = w.live.signature.text()
	if w.back != nil {
		c.back = w.back.sum
	}
	h.changes = slices.Insert(h.changes, 0, c)
	h.prune(c.at)
	gone, err := w.takenBack(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	if err := errors.Join(w.moved(ctx, h, gone), w.pictures(ctx, h, gone)); err != nil {
		return err
	}
	h.close(gone, sums(w.local))
	h.changes[0].sweep = slices.Sorted(maps.Keys(gone))
	return nil
}

// keep copies, within the store, the bytes that this run is going to replace or remove and a rollback will need. A run that was cut off has
// made its copies before it replaced anything.
func (w *work) keep(ctx context.Context) error {
	if w.change == nil {
		return nil
	}
	c, live := &w.history.changes[0], sums(w.local)
	need, again := []*output.Entry{}, w.Plan.Resumes || w.history.lost
	chosen := map[output.Sum]bool{}
	for i := range c.old.Files {
		e := &c.old.Files[i]
		_, closed := c.closed[e.Path]
		if _, stays := live[e.Sum]; stays || closed || chosen[e.Sum] {
			continue
		}
		chosen[e.Sum] = true
		again = again || w.known[e.Sum]
		need = append(need, e)
	}
	if again {
		there, err := w.copies(ctx)
		if err != nil {
			return err
		}
		need = slices.DeleteFunc(need, func(e *output.Entry) bool { return there[copyKey(e.Sum)] })
	}
	if len(need) == 0 {
		return nil
	}
	if err := w.claim.confirm(ctx, false); err != nil {
		return err
	}
	for _, e := range need {
		w.known[e.Sum] = true
	}
	return parallel(ctx, len(need), workers, func(ctx context.Context, i int) error { return w.keepOne(ctx, need[i]) })
}

// copies lists what copies there are.
func (w *work) copies(ctx context.Context) (map[string]bool, error) {
	there := map[string]bool{}
	err := w.private.all(ctx, copiesDir, func(i Info) { there[i.Key] = true })
	return there, err
}

// keepOne copies a file. Where the store cannot, or has other bytes than we know of, the file is read. One that is not as
// the manifest says, because somebody has altered it, is not kept: a rollback will name it.
func (w *work) keepOne(ctx context.Context, e *output.Entry) error {
	rec, ok := w.live.inventory.find(e.Path)
	if _, pending := w.live.pending[e.Path]; ok && !pending && rec.sum == e.Sum && rec.etag != "" {
		err := w.site.copy(ctx, e.Path, rec.etag, e.Size, w.opt.Target.Private, copyKey(e.Sum))
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrLost) {
			return err
		}
	}
	f, err := os.CreateTemp("", "zhendi-copy-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	m := md5.New()
	switch err := w.site.spool(ctx, e.Path, e, f, m); {
	case errors.Is(err, errAltered) || errors.Is(err, errNotFound):
		return nil
	case err != nil:
		return err
	}
	o := Object{Key: copyKey(e.Sum), Size: e.Size, Sum: e.Sum, MD5: [16]byte(m.Sum(nil)), Headers: Headers{Type: e.Media, Cache: manifestCache},
		Open: func() (io.ReadSeekCloser, error) { return os.Open(f.Name()) }}
	_, err = w.private.Put(ctx, o, Cond{})
	return err
}

var errAltered = errors.New("the bytes are not those of the manifest")

// resetter is a file or hash that is written anew when a request is tried again.
type resetter interface {
	io.Writer
	Reset()
}

// spool reads an object into a file and makes sure that it is the one of the manifest.
func (s patient) spool(ctx context.Context, key string, e *output.Entry, f *os.File, also ...resetter) error {
	h := sha256.New()
	_, err := s.digest(ctx, key, e.Size, func() io.Writer {
		all := []io.Writer{h, f}
		h.Reset()
		for _, r := range also {
			r.Reset()
			all = append(all, r)
		}
		f.Truncate(0)
		f.Seek(0, io.SeekStart)
		return io.MultiWriter(all...)
	})
	if err == nil && output.Sum(h.Sum(nil)) != e.Sum {
		err = errAltered
	}
	return err
}

// writeHistory comes before the manifest: whoever finds this manifest live finds the way back, too. One that leads from a manifest that never
// was live is not looked at.
func (w *work) writeHistory(ctx context.Context) error {
	if w.change == nil {
		return nil
	}
	if err := w.claim.confirm(ctx, false); err != nil {
		return err
	}
	return w.putHistory(ctx)
}

func (w *work) putHistory(ctx context.Context) error {
	packed, err := w.history.encode()
	if err != nil {
		return err
	}
	_, err = w.private.Put(ctx, small(historyKey, packed, "application/gzip"), Cond{})
	return err
}

// forget removes copies that no rollback will need.
func (w *work) forget(ctx context.Context) error {
	if w.history == nil {
		return nil
	}
	if slices.ContainsFunc(w.history.changes, func(c change) bool { return len(c.sweep) > 0 }) {
		if err := w.sweep(ctx, w.history); err != nil {
			return err
		}
		if err := w.claim.confirm(ctx, false); err != nil {
			return err
		}
		if err := w.putHistory(ctx); err != nil {
			return err
		}
	}
	kept := w.history.kept()
	var drop []string
	if w.Plan.Resumes || w.history.lost {
		there, err := w.copies(ctx)
		if err != nil {
			return err
		}
		for sum := range kept {
			delete(there, copyKey(sum))
		}
		for key := range there {
			drop = append(drop, key)
		}
	} else {
		for sum := range w.known {
			if !kept[sum] {
				drop = append(drop, copyKey(sum))
			}
		}
	}
	slices.Sort(drop)
	return parallel(ctx, len(drop), workers, func(ctx context.Context, i int) error { return w.private.Delete(ctx, drop[i]) })
}
