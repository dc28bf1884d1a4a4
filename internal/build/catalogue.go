package build

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unsafe"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// catalogue is the list that the counting of views reads, beside the cache. Preview builds leave it alone: it
// is about what is published.
type catalogue struct {
	sum   cache.Check // of its bytes; zero: there is none
	fresh string      // name of the file that is to take its place; empty: it stands there
	err   error
}

// makeCatalogue makes it, unless it is there and was made of the same.
func (p *pages) makeCatalogue() (c catalogue) {
	l := p.l
	if l.preview() {
		return c
	}
	old := &l.memory.old
	if string(p.facts) == old.order.facts && l.catalogued(old.catalogue) {
		return catalogue{sum: old.catalogue}
	}
	last := l.lastCatalogue()
	var written checkWriter
	c.fresh, c.err = writeBeside(l.cataloguePath(), func(w io.Writer) error {
		return render.Catalogue(io.MultiWriter(w, &written), p.editions, last, func(it *site.Item) int32 { return p.was[it.N] })
	})
	if list := l.texts.problems(); c.err == nil && len(list) > 0 {
		c.err = fmt.Errorf("%s: %s", list[0].Pos.File, list[0].Message(diag.EN))
	}
	if c.err == nil {
		c.sum = cache.Check(written)
	}
	return c
}

// checkWriter makes a check sum.
type checkWriter cache.Check

func (w *checkWriter) Write(b []byte) (int, error) {
	*w = checkWriter(cache.Check(*w).Add(b))
	return len(b), nil
}

// lastCatalogue returns the text of the catalogue, if it is as the last build left it.
func (l *Loaded) lastCatalogue() string {
	f := l.openCatalogue(l.memory.old.catalogue)
	if f == nil {
		return ""
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return ""
	}
	return unsafe.String(unsafe.SliceData(b), len(b)) // b is not changed from here on
}

// place puts it in place. If that fails there is none.
func (c *catalogue) place(name string) error {
	if c.fresh != "" && c.err == nil {
		c.err = os.Rename(c.fresh, name)
	}
	if c.err != nil {
		c.drop()
		c.sum = 0
	}
	return c.err
}

// drop removes what was made in vain.
func (c *catalogue) drop() {
	if c.fresh != "" {
		os.Remove(c.fresh)
	}
}

// preview reports whether the build shows what is not published.
func (l *Loaded) preview() bool { return l.opt.Drafts || l.opt.Future || l.opt.Internal }

func (l *Loaded) cataloguePath() string {
	return filepath.Join(l.opt.Source, CacheDir, "catalogue.json")
}

// catalogued reports whether the catalogue is as a build left it: a build into another folder may have
// written it since.
func (l *Loaded) catalogued(sum cache.Check) bool {
	f := l.openCatalogue(sum)
	return f != nil && f.Close() == nil
}

// openCatalogue opens the catalogue if it is as a build left it, else it returns nil. To find out it is read only if it has another stamp than when it was last.
func (l *Loaded) openCatalogue(sum cache.Check) *os.File {
	f, err := os.Open(l.cataloguePath())
	if err != nil {
		return nil
	}
	if sum == 0 || !l.sameCatalogue(f, sum) {
		f.Close()
		return nil
	}
	return f
}

// sameCatalogue reports whether a file has a check sum, and leaves it open at its beginning.
func (l *Loaded) sameCatalogue(f *os.File, sum cache.Check) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	stamp := source.StampOf(info)
	name, text := filepath.Join(l.memory.dir, "catalogue"), fmt.Sprint(stamp)
	key := sha256.Sum256(binary.LittleEndian.AppendUint64(nil, uint64(sum)))
	if body, ok := cache.Read(name, key); ok && body == text {
		return true
	}
	var is checkWriter
	if _, err = io.Copy(&is, f); err != nil || cache.Check(is) != sum {
		return false
	}
	if stamp.Settled(l.memory.clock) {
		cache.Write(name, key, []byte(text))
	}
	_, err = f.Seek(0, io.SeekStart)
	return err == nil
}

// writeBeside writes a file that is to take the place of another: others then see the old one or the new.
func writeBeside(name string, text func(io.Writer) error) (fresh string, err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "catalogue-*.tmp") // another build of the site may write it, too
	if err != nil {
		return "", err
	}
	err = text(f)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
