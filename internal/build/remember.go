package build

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/cache"
	"zhendi/internal/output"
)

// foreseen is what can be found out of what is to be remembered before the files are in place.
type foreseen struct {
	files     indexed
	order     []byte
	catalogue catalogue
}

// foresee begins to find it out, on a core that putting files in place leaves free. The result is to be asked for.
func (p *pages) foresee() func() *foreseen {
	var f foreseen
	var done sync.WaitGroup
	if p.l.memory.dir != "" && !p.l.sources.torn {
		done.Go(func() { f.files, f.order = p.l.sources.index(), p.encodeOrder() })
	}
	done.Go(func() { f.catalogue = p.makeCatalogue() })
	return func() *foreseen {
		done.Wait()
		return &f
	}
}

// remember writes down what the next build can keep.
func (p *pages) remember(res Result, f *foreseen) {
	m := &p.l.memory
	if m.dir == "" || p.l.sources.torn { // a page may show what no hash speaks of
		return
	}
	if !p.l.Sites[0].Preview && !p.sameShown {
		p.gallery.cache.Prune()
	}
	_, sum := p.tx.Committed()
	var done sync.WaitGroup
	defer done.Wait()
	if p.l.walkProblems == 0 && (p.l.preview() || f.catalogue.sum != cache.Sum{}) {
		done.Go(func() {
			next, _ := p.l.Next()
			p.l.saveIndex(index{files: f.files, manifest: sum, catalogue: f.catalogue.sum, now: p.l.in.Now, next: next, result: res, problems: p.l.Problems})
		})
	}
	p.now.catalogue.print, p.now.catalogue.sum = f.catalogue.print, f.catalogue.sum
	p.saveMemos(filepath.Join(m.outDir(p.l.opt), "pages"), pagesKey(p.shared, sum), f.order)
}

// saveMemos writes the memos of this build. If it cannot, the next one makes all pages.
func (p *pages) saveMemos(name string, key cache.Sum, order []byte) {
	manifest, _ := p.tx.Committed()
	moved := movedTo(p.tx.Previous().Files, manifest.Files)
	old := &p.l.memory.old
	count := len(p.memos) + len(p.shown) + len(p.extras)
	out := memosOut{
		prints: make([]byte, 0, count*len(digest{})), links: make([]byte, 0, count*len(digest{})),
		pageEnds: make([]byte, 0, 4*count), blobEnds: make([]byte, 0, 4*count),
		pages: make([]byte, 0, 4*len(manifest.Files)), blobs: make([]byte, 0, len(old.blobs)+4096),
	}
	add := func(m *memo, fresh func(file func(path string))) {
		if m.old > 0 {
			i := int(m.old - 1)
			files := old.filesOf(i)
			for k := range files.len() {
				out.file(moved[files.at(k)])
			}
			out.add(m.print, old.linksOf(i), old.blobOf(i))
			return
		}
		fresh(func(path string) { out.file(indexIn(manifest.Files, path)) })
		out.add(m.print, m.links, p.blobs.at(m.blob))
	}
	for n := range p.memos {
		if m := &p.memos[n]; m.print != (digest{}) { // else an article that is a link
			add(m, func(file func(string)) {
				for _, t := range p.groupAt(n).tasks {
					file(t.Path)
				}
			})
		}
	}
	for i := range p.shown {
		if m := &p.shown[i]; m.old > 0 {
			add(m, nil)
		}
	}
	slices.SortFunc(p.extras, func(a, b extraFile) int { return strings.Compare(a.path, b.path) })
	for i := range p.extras {
		e := &p.extras[i]
		add(&e.memo, func(file func(string)) {
			for _, path := range e.paths {
				file(path)
			}
		})
	}
	p.now.shown = len(p.shown)
	out.save(name, key, p.now, p.names.list, order)
}

// movedTo returns the index in b of each file of a; both are sorted.
func movedTo(a, b []output.Entry) []uint32 {
	out := make([]uint32, len(a))
	k := 0
	for i := range a {
		for k < len(b) && b[k].Path < a[i].Path {
			k++
		}
		out[i] = uint32(k)
	}
	return out
}

func indexIn(files []output.Entry, path string) uint32 {
	i, ok := slices.BinarySearchFunc(files, path, func(e output.Entry, p string) int { return strings.Compare(e.Path, p) })
	if !ok {
		panic("build: " + path + " was put and is not in the manifest")
	}
	return uint32(i)
}
