package build

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// extraFile is a file that is no page of a group: a feed, a part of the site map, a picture with its
// versions.
type extraFile struct {
	path  string   // by which they are sorted
	paths []string // of the files, unless they are kept
	memo
}

// recall finds out what the pages would be made of, and loads what is known of the last build's.
func (p *pages) recall(ctx context.Context) error {
	p.items = len(p.l.Sites[0].Items)
	for ed, r := range p.editions {
		for _, j := range r.OtherPages() {
			p.others = append(p.others, task{ed, j})
		}
	}
	p.memos = make([]memo, p.items+len(p.others))
	p.digests = make([]digest, p.items)
	p.shared = p.sharedSum()
	m := &p.l.memory
	const step = 256
	err := each(ctx, 1+(p.items+step-1)/step, func(k int) error {
		switch {
		case k > 0:
			p.digest((k-1)*step, min(p.items, k*step))
		case m.dir != "":
			m.old = loadMemos(filepath.Join(m.outDir(p.l.opt), "pages"), pagesKey(p.shared, p.tx.PreviousSum()), len(p.tx.Previous().Files))
		}
		return nil
	}, nil)
	if m.dir != "" {
		p.now.places = p.placesDigest() // now all files are read that digests read
	}
	p.names = newNames(m.old.names)
	return err
}

// digest makes the digests of articles.
func (p *pages) digest(from, to int) {
	b := make([]byte, 0, 512)
	for i := from; i < to; i++ {
		it := p.l.Sites[0].Items[i]
		b = p.appendFiles(b[:0], it.Written())
		b = p.editions[0].AppendDigest(b, it, p.fileSum)
		p.digests[i] = digestOf(b)
	}
}

// appendFiles appends the hashes of an article's file and its twin's.
func (p *pages) appendFiles(b []byte, a *article.Article) []byte {
	b = append(b, p.fileSum(a.Path)...)
	if a.Twin != nil {
		b = append(b, p.fileSum(a.Twin.Path)...)
	}
	return b
}

func (p *pages) fileSum(path string) []byte {
	sum := p.l.sources.sum(path)
	return sum[:]
}

// sharedSum is the hash of what every page may depend on.
func (p *pages) sharedSum() cache.Sum {
	b := p.l.memory.key[:len(p.l.memory.key):len(p.l.memory.key)]
	b = append(b, p.theme.Hash...)
	b = append(b, p.fileSum(TermsPath)...)
	for _, r := range p.editions {
		b = r.AppendShared(b, p.fileSum)
	}
	return sha256.Sum256(b)
}

// placesDigest is the digest of all that links can lead to.
func (p *pages) placesDigest() digest {
	b := p.l.Sites[0].AppendPlaces(make([]byte, 0, 160*len(p.l.in.Articles)), p.l.in)
	for _, f := range p.l.in.Files {
		i, _ := p.l.sources.find(f.Path)
		switch sum := p.l.sources.known(i); {
		case sum != cache.Sum{}:
			b = append(b, sum[:]...)
		case f.Settled(p.l.memory.clock): // a file that nobody has read yet need not be
			b = fmt.Append(b, f.Stamp)
		default:
			b = append(b, p.fileSum(f.Path)...)
		}
	}
	return digestOf(b)
}

// keyOfGroup is the key under which a group is remembered.
func (p *pages) keyOfGroup(g *group) uint64 {
	if g.n < p.items {
		return keyOf('a', p.l.Sites[0].Items[g.n].ID)
	}
	return keyOf('p', g.tasks[0].Path)
}

// keep keeps the pages of a group if they would come out as they are, and reports whether it did. The
// group then has the problems of its text, which were found when its pages were made. print is room to work in.
func (p *pages) keep(g *group, print *[]byte) (bool, error) {
	m := &p.memos[g.n]
	m.key = p.keyOfGroup(g)
	first := g.tasks[0]
	b, ok := p.editions[first.edition].AppendPrint((*print)[:0], first.Job, render.Sources{Item: p.itemDigest, File: p.fileSum})
	for _, t := range g.tasks[1:] { // the other parts and editions of an article are made of the same
		b = append(append(b, t.Path...), 0)
	}
	m.print, *print = digestOf(b), b
	old := p.l.memory.old.find(m.key)
	if !ok || old == nil || old.print != m.print {
		return false, nil
	}
	moved := p.now.places != p.l.memory.old.places
	if moved && old.links != (digest{}) && p.linksOf(g, p.names.told(old.blob, true).links) != old.links {
		return false, nil
	}
	if ok, err := p.standing.allIntact(p.tx, old.pages); !ok || err != nil {
		return false, err
	}
	if p.write {
		for _, i := range old.pages {
			p.tx.KeepAt(int(i))
		}
	}
	m.links, m.blob, m.pages = old.links, old.blob, old.pages
	g.problems = p.names.told(old.blob, false).problems
	return true, nil
}

func (p *pages) itemDigest(it *site.Item) []byte { return p.digests[it.N][:] }

// note remembers what came of making the pages of a group.
func (p *pages) note(g *group) {
	m := &p.memos[g.n]
	m.links, m.blob = p.linksOf(g, g.outcome.links), g.outcome.encode(p.names)
}

// linksOf is the digest of what links of a group's text lead to, in all editions.
func (p *pages) linksOf(g *group, links []link) digest {
	if len(links) == 0 {
		return digest{}
	}
	var b []byte
	last := -1
	for _, t := range g.tasks {
		if t.edition == last {
			continue
		}
		last = t.edition
		dir := ""
		if t.Item != nil {
			dir = t.Item.FilesDir()
		} else if t.Column != nil {
			dir = t.Column.Dir
		}
		for _, k := range links {
			to, problem := p.l.Sites[t.edition].Resolve(dir, k.dest, k.image)
			b = fmt.Appendf(b, "%s %t %t %t\n", to.URL, to.Page, to.External, to.Gone)
			if problem != nil {
				encodeProblems((*cache.Encoder)(&b), diag.List{*problem})
			}
			if to.File != nil {
				b = append(append(b, to.File.Path...), p.fileSum(to.File.Path)...)
				b = binary.AppendVarint(b, to.File.Size)
			}
		}
	}
	return digestOf(b)
}

func (o *outcome) link(dest string, image bool) {
	if k := (link{dest, image}); !slices.Contains(o.links, k) {
		o.links = append(o.links, k)
	}
}

func (o *outcome) use(name string) {
	if !slices.Contains(o.uses, name) {
		o.uses = append(o.uses, name)
	}
}

// file makes a file that is no page, unless it would be made of the same as the one in the output.
func (p *pages) file(name string, class output.Class, print []byte, body func() ([]byte, error)) error {
	e := extraFile{path: name, paths: []string{name}, memo: memo{key: keyOf('f', name), print: digestOf(append(append([]byte(name), 0), print...))}}
	kept, err := p.keepExtra(&e)
	if err != nil {
		return err
	}
	if !kept {
		b, err := body()
		if err == nil {
			err = p.tx.Put(output.File{Path: name, Class: class, Body: b})
		}
		if err != nil {
			return err
		}
	}
	p.extra.Lock()
	p.extras = append(p.extras, e)
	p.extra.Unlock()
	return nil
}

// keepExtra keeps files that would come out as they are, and reports whether it did.
func (p *pages) keepExtra(e *extraFile) (bool, error) {
	old := p.l.memory.old.find(e.key)
	if old == nil || old.print != e.print || len(old.pages) == 0 {
		return false, nil
	}
	if ok, err := p.standing.allIntact(p.tx, old.pages); !ok || err != nil {
		return false, err
	}
	for _, i := range old.pages {
		p.tx.KeepAt(int(i))
	}
	e.pages, e.blob = old.pages, old.blob
	return true, nil
}

// remember writes down what the next build can keep.
func (p *pages) remember(res Result, catalogue cache.Sum) {
	m := &p.l.memory
	if m.dir == "" || p.l.sources.torn { // a page may show what no hash speaks of
		return
	}
	if !p.l.Sites[0].Preview {
		p.gallery.cache.Prune()
	}
	manifest, sum := p.tx.Committed()
	moved := movedTo(p.tx.Previous().Files, manifest.Files)
	now := memos{places: p.now.places, list: p.memos, names: p.names.list}
	for n := range p.memos {
		k := &p.memos[n]
		if k.pages == nil {
			for _, t := range p.groupAt(n).tasks {
				k.pages = append(k.pages, indexIn(manifest.Files, t.Path))
			}
			continue
		}
		k.pages = renumber(k.pages, moved)
	}
	slices.SortFunc(p.extras, func(a, b extraFile) int { return strings.Compare(a.path, b.path) })
	for _, e := range p.extras {
		if e.pages != nil {
			e.pages = renumber(e.pages, moved)
		} else {
			for _, name := range e.paths {
				e.pages = append(e.pages, indexIn(manifest.Files, name))
			}
		}
		now.list = append(now.list, e.memo)
	}
	if now.save(filepath.Join(m.outDir(p.l.opt), "pages"), pagesKey(p.shared, sum)) != nil {
		return
	}
	next, _ := p.l.Next()
	if p.l.walkProblems == 0 && (p.l.preview() || catalogue != cache.Sum{}) {
		p.l.saveIndex(index{files: p.l.sources.index(), manifest: sum, catalogue: catalogue, now: p.l.in.Now, next: next, result: res, problems: p.l.Problems})
	}
}

// renumber returns where the files with the indices pages are now.
func renumber(pages []uint32, moved []uint32) []uint32 {
	out := make([]uint32, len(pages))
	for i, n := range pages {
		out[i] = moved[n]
	}
	return out
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
