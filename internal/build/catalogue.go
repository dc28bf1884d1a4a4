package build

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"

	"zhendi/internal/cache"
	"zhendi/internal/render"
)

// catalogue writes the list that the counting of views reads, beside the cache, unless it is there and
// was made of the same, and returns its hash. Preview builds leave it alone: it is about what is published.
func (p *pages) catalogue() (sum cache.Sum, err error) {
	l := p.l
	if l.preview() {
		return sum, nil
	}
	name := l.cataloguePath()
	print := p.editions[0].AppendCatalogued(append(make([]byte, 0, 160*p.items+32), p.shared[:]...))
	made := extraFile{path: name, memo: memo{key: keyOf('c', "catalogue"), print: digestOf(print), pages: []uint32{}}}
	old := l.memory.old.find(made.key)
	if old != nil && old.print == made.print {
		copy(sum[:], old.blob)
	}
	if sum == (cache.Sum{}) || !l.catalogued(sum) {
		written := sha256.New()
		err := replace(name, func(w io.Writer) error { return render.Catalogue(io.MultiWriter(w, written), p.editions) })
		if err != nil {
			return cache.Sum{}, err
		}
		written.Sum(sum[:0])
	}
	made.blob = string(sum[:])
	p.extras = append(p.extras, made)
	return sum, nil
}

// preview reports whether the build shows what is not published.
func (l *Loaded) preview() bool { return l.opt.Drafts || l.opt.Future || l.opt.Internal }

func (l *Loaded) cataloguePath() string {
	return filepath.Join(l.opt.Source, CacheDir, "catalogue.json")
}

// catalogued reports whether the catalogue is as a build left it: a build into another folder may have
// written it since.
func (l *Loaded) catalogued(sum cache.Sum) bool {
	f, err := os.Open(l.cataloguePath())
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return err == nil && cache.Sum(h.Sum(nil)) == sum
}

// replace writes a file so that others see the old one or the new.
func replace(name string, text func(io.Writer) error) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "catalogue-*.tmp") // another build of the site may write it, too
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = text(f)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
