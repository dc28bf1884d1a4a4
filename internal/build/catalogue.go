package build

import (
	"crypto/sha256"
	"errors"
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
	h := sha256.New()
	h.Write(p.shared[:])
	for i := range p.digests {
		h.Write(p.digests[i][:])
	}
	made := extraFile{path: name, memo: memo{key: keyOf('c', "catalogue"), print: digest(h.Sum(nil)[:len(digest{})]), pages: []uint32{}}}
	old := l.memory.old.find(made.key)
	if old != nil && old.print == made.print {
		copy(sum[:], old.blob)
	}
	if sum == (cache.Sum{}) || !l.catalogued(sum) {
		b := render.Catalogue(p.editions)
		if err := replace(filepath.Dir(name), name, b); err != nil {
			return cache.Sum{}, err
		}
		sum = sha256.Sum256(b)
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
	b, err := os.ReadFile(l.cataloguePath())
	return err == nil && sha256.Sum256(b) == sum
}

// replace writes a file so that others see the old one or the new.
func replace(dir, name string, b []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "catalogue-*.tmp") // another build of the site may write it, too
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
