package build

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"

	"zhendi/internal/render"
)

// catalogue writes the list that the counting of views reads, beside the cache, unless it is there and
// was made of the same. Preview builds leave it alone: it is about what is published.
func (p *pages) catalogue() error {
	l := p.l
	if l.opt.Drafts || l.opt.Future || l.opt.Internal {
		return nil
	}
	dir := filepath.Join(l.opt.Source, CacheDir)
	name := filepath.Join(dir, "catalogue.json")
	h := sha256.New()
	h.Write(p.shared[:])
	for i := range p.digests {
		h.Write(p.digests[i][:])
	}
	made := extraFile{path: name, memo: memo{key: keyOf('c', "catalogue"), print: digest(h.Sum(nil)[:len(digest{})]), pages: []uint32{}}}
	old := l.memory.old.find(made.key)
	_, err := os.Stat(name)
	if err != nil || old == nil || old.print != made.print {
		if err := replace(dir, name, render.Catalogue(p.editions)); err != nil {
			return err
		}
	}
	p.extras = append(p.extras, made)
	return nil
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
