package build

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/cache"
)

// foreseen is what can be found out of what is to be remembered before the files are in place.
type foreseen struct {
	index     *cache.File // begun; nil: nothing is to be remembered
	order     []byte
	catalogue catalogue
}

// foresee begins to find it out, on a core that putting files in place leaves free. The result is to be asked for.
func (p *pages) foresee() func() *foreseen {
	var f foreseen
	var done sync.WaitGroup
	if p.l.memory.dir != "" && !p.l.sources.torn {
		done.Go(func() { f.index, f.order = p.l.beginIndex(), p.encodeOrder() })
	}
	done.Go(func() { f.catalogue = p.makeCatalogue() })
	return func() *foreseen {
		done.Wait()
		return &f
	}
}

// drop removes what was made in vain.
func (f *foreseen) drop() {
	f.catalogue.drop()
	f.dropIndex()
}

func (f *foreseen) dropIndex() {
	if f.index != nil {
		f.index.Drop()
	}
}

// remember writes down what the next build can keep.
func (p *pages) remember(res Result, f *foreseen) {
	m := &p.l.memory
	if f.index == nil || p.l.sources.torn { // a page may show what no hash speaks of
		f.dropIndex()
		return
	}
	if !p.l.Sites[0].Preview && !p.sameShown {
		p.gallery.cache.Prune()
	}
	sum := p.tx.CommittedSum()
	var done sync.WaitGroup
	defer done.Wait()
	if p.l.walkProblems == 0 && (p.l.preview() || f.catalogue.sum != 0) {
		done.Go(func() {
			next, _ := p.l.Next()
			x := index{build: p.now.build, manifest: sum, catalogue: f.catalogue.sum, now: p.l.in.Now, next: next, result: res, problems: p.l.Problems}
			x.save(f.index)
		})
	} else {
		f.dropIndex()
	}
	p.now.catalogue = f.catalogue.sum
	p.saveMemos(filepath.Join(m.outDir(p.l.opt), "pages"), pagesKey(p.shared, sum), f.order)
}

// saveMemos writes the memos of this build. If it cannot, the next one makes all pages.
func (p *pages) saveMemos(name string, key cache.Sum, order []byte) {
	moved, put := p.tx.Moved()
	old := &p.l.memory.old
	slices.SortFunc(p.extras, func(a, b extraFile) int { return strings.Compare(a.path, b.path) })
	memoAt := func(i int) *memo {
		switch n := len(p.memos); {
		case i < n:
			return &p.memos[i]
		case i < n+len(p.shown):
			return &p.shown[i-n]
		default:
			return &p.extras[i-n-len(p.shown)].memo
		}
	}
	count := len(p.memos) + len(p.shown) + len(p.extras)
	out := newMemosOut(count, max(len(moved), 2*count), func(i int) (print, links digest, blob string) {
		m := memoAt(i)
		if m.old > 0 {
			i := int(m.old - 1)
			return old.printOf(i), old.linksOf(i), old.blobOf(i)
		}
		return m.print, m.links, p.blobs.at(m.blob)
	})
	file := func(path string) {
		i, ok := put(path)
		if !ok {
			panic("build: " + path + " was put and is not in the manifest")
		}
		out.file(i)
	}
	for i := range count {
		if m := memoAt(i); m.old > 0 {
			files := old.filesOf(int(m.old - 1))
			for k := range files.len() {
				out.file(moved[files.at(k)])
			}
		} else {
			p.eachFile(i, file)
		}
		out.end(i)
	}
	p.now.shown = len(p.shown)
	out.save(name, key, p.now, p.names, order)
}

// eachFile calls f with the paths of the files that memo i speaks of: those of groups come first, then what is shown, then the extras.
func (p *pages) eachFile(i int, f func(path string)) {
	switch n := len(p.memos); {
	case i < n:
		for _, t := range p.groupAt(i).tasks { // none of an article that is a link
			f(t.Path)
		}
	case i < n+len(p.shown):
		for _, path := range p.pathsOf(p.showns[i-n]) {
			f(path)
		}
	default:
		f(p.extras[i-n-len(p.shown)].path)
	}
}
