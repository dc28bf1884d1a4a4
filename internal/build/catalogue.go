package build

import (
	"crypto/sha256"
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
	print digest    // of what it is made of
	sum   cache.Sum // of its bytes; zero: there is none
	fresh string    // name of the file that is to take its place; empty: it stands there
	err   error
}

// makeCatalogue makes it, unless it is there and was made of the same.
func (p *pages) makeCatalogue() (c catalogue) {
	l := p.l
	if l.preview() {
		return c
	}
	h := sha256.New()
	h.Write(p.shared[:])
	p.editions[0].HashCatalogued(h)
	c.print = digest(h.Sum(nil))
	if old := &l.memory.old.catalogue; old.print == c.print && old.sum != (cache.Sum{}) && l.catalogued(old.sum) {
		c.sum = old.sum
		return c
	}
	last := l.lastCatalogue()
	same := func(it *site.Item) bool { return p.was[it.N] > 0 }
	written := sha256.New()
	c.fresh, c.err = writeBeside(l.cataloguePath(), func(w io.Writer) error { return render.Catalogue(io.MultiWriter(w, written), p.editions, last, same) })
	if list := l.texts.problems(); c.err == nil && len(list) > 0 {
		c.err = fmt.Errorf("%s: %s", list[0].Pos.File, list[0].Message(diag.EN))
	}
	if c.err == nil {
		written.Sum(c.sum[:0])
	}
	return c
}

// lastCatalogue returns the text of the catalogue, if it is as the last build left it.
func (l *Loaded) lastCatalogue() string {
	sum := l.memory.old.catalogue.sum
	if sum == (cache.Sum{}) {
		return ""
	}
	b, err := os.ReadFile(l.cataloguePath())
	if err != nil || cache.Sum(sha256.Sum256(b)) != sum {
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
		c.sum = cache.Sum{}
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
// written it since. It is read only if it has another stamp than when it was last.
func (l *Loaded) catalogued(sum cache.Sum) bool {
	f, err := os.Open(l.cataloguePath())
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	stamp := source.StampOf(info)
	known, text := filepath.Join(l.memory.dir, "catalogue"), fmt.Sprint(stamp)
	if body, ok := cache.Read(known, sum); ok && body == text {
		return true
	}
	h := sha256.New()
	if _, err = io.Copy(h, f); err != nil || cache.Sum(h.Sum(nil)) != sum {
		return false
	}
	if stamp.Settled(l.memory.clock) {
		cache.Write(known, sum, []byte(text))
	}
	return true
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
