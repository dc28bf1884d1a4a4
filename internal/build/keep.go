package build

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/pictures"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// extraFile is a file that is no page of a group, nor one of content: a feed, a part of the site map.
type extraFile struct {
	path string // by which they are sorted
	memo
}

// recall finds out what the pages would be made of, and loads what is known of the last build's.
func (p *pages) recall(ctx context.Context) error {
	m, sites := &p.l.memory, p.l.Sites
	p.items = len(sites[0].Items)
	p.digests, p.facts = make([]digest, p.items), make([]byte, 8*p.items)
	p.shared = p.sharedSum()
	p.now.build = rand.Uint64() // no output knows of it
	others := make([][]render.Job, len(p.editions))
	parts := []func(){func() {
		var places []byte
		for _, s := range sites {
			places = s.AppendPlaces(places)
		}
		p.now.places, p.now.kept = string(places), string(sites[0].AppendKept(nil))
	}}
	if m.dir != "" {
		parts = append(parts, func() {
			m.old = loadMemos(filepath.Join(m.outDir(p.l.opt), "pages"), pagesKey(p.shared, p.tx.PreviousSum()), p.tx.Previous().Len())
		})
	}
	for ed, r := range p.editions {
		parts = append(parts, func() { others[ed] = r.OtherPages() })
	}
	err := each(ctx, len(parts), func(k int) error { parts[k](); return nil }, nil)
	if err != nil {
		return err
	}
	for ed, jobs := range others {
		p.others = slices.Grow(p.others, len(jobs))
		for _, j := range jobs {
			p.others = append(p.others, task{ed, j})
		}
	}
	if len(m.old.prints) == 0 { // else few pages are made
		p.others = byDate(p.others)
	}
	p.memos = make([]memo, p.items+len(p.others))
	if err := p.l.sources.sumMany(ctx, p.unread()); err != nil {
		return err
	}
	p.names = newNames(m.old.names, p.placesOf(m.old.namesAt), p.l.sources.find)
	return p.compare(ctx)
}

// unread lists the files that are probably published and were not read yet: one by one, a disk would be slow.
func (p *pages) unread() (at []int32) {
	if !p.write {
		return nil
	}
	for _, i := range p.l.filesAt {
		if path := p.l.sources.path(int(i)); !p.l.sources.has[i].Load() && (p.static(path) || pictures.Named(path)) && p.l.Sites[0].Shows(path) {
			at = append(at, i)
		}
	}
	return at
}

// compare finds out how the articles differ from those of the last build, and what that reaches.
func (p *pages) compare(ctx context.Context) error {
	p.findHeld()
	const step = 256
	err := each(ctx, (p.items+step-1)/step, func(k int) error {
		p.digest(k*step, min(p.items, (k+1)*step))
		return nil
	}, nil)
	c := p.l.memory.old.order.since(p.digests)
	p.findSame(c)
	p.findMoved(c)
	return err
}

// byDate puts archive pages in the order of their articles: a row is in most lists of an article, and made once if they are made
// one soon after the other.
func byDate(tasks []task) []task {
	keys := make([]uint64, len(tasks))
	for i, t := range tasks {
		keys[i] = uint64(t.Newest())<<32 | uint64(i)
	}
	slices.Sort(keys)
	out := make([]task, len(tasks))
	for n, k := range keys {
		out[n] = tasks[uint32(k)]
	}
	return out
}

// digest makes the digests of articles, and the check sums of what the catalogue says of them.
func (p *pages) digest(from, to int) {
	b := make([]byte, 0, 512)
	order := &p.l.memory.old.order
	for i := from; i < to; i++ {
		it := p.l.Sites[0].Items[i]
		if place, ok := p.unchanged(it); ok {
			p.digests[i] = digestAt(order.digests, place)
			copy(p.facts[8*i:], order.facts[8*place:8*place+8])
			continue
		}
		b = p.appendDigest(b[:0], it)
		p.digests[i] = digestOf(b)
		b = p.editions[0].AppendCatalogued(b[:0], it)
		binary.LittleEndian.PutUint64(p.facts[8*i:], uint64(cache.Check(0).Add(b)))
	}
}

// appendDigest appends what the digest of an article is made of.
func (p *pages) appendDigest(b []byte, it *site.Item) []byte {
	sum := p.l.sources.sumAt(int(p.l.articlesAt[it.From()]))
	b = append(b, sum[:]...)
	if it.Twin != nil {
		b = append(append(b, p.fileSum(it.Twin.Path)...), it.Twin.Path...) // whose name says in which script it is
	}
	if !it.HasPage() {
		for _, r := range p.editions[1:] { // the first says it below
			b = append(append(b, r.OnSite(it.URL)...), 0)
		}
	}
	return p.editions[0].AppendDigest(b, it, p.fileSum)
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

// keep keeps the pages of the nth group if they would come out as they are, and returns how many it kept: none if they have to be made.
// The group then has the problems of its text, which were found when its pages were made. print is room to work in.
func (p *pages) keep(n int, print *[]byte) (count int, problems diag.List, err error) {
	i, known := p.recognise(n, print)
	if !known || !p.sameLinks(n, i) || !p.sameMentions(n, i) {
		return 0, nil, nil
	}
	old := &p.l.memory.old
	files := old.filesOf(i)
	if ok, err := p.standing.allIntact(p.tx, files); !ok || err != nil {
		return 0, nil, err
	}
	if p.write {
		p.keepFiles(files)
	}
	p.memos[n].old = int32(i + 1)
	return files.len(), p.names.kept(old.blobOf(i)), nil
}

// recognise finds the memo of a group whose pages are made of the same as in the last build, but for what links lead to.
func (p *pages) recognise(n int, print *[]byte) (i int, known bool) {
	old := &p.l.memory.old
	if n < p.items && p.same[n] {
		p.memos[n].print = old.printOf(int(p.was[n] - 1))
		return int(p.was[n] - 1), true
	}
	m, ok := &p.memos[n], false
	m.print, ok = p.print(n, print)
	if n >= p.items {
		i, known = old.find(m.print)
	} else if i = int(p.was[n] - 1); i >= 0 {
		known = old.printOf(i) == m.print
	}
	return i, ok && known
}

// print is the print of a group's pages; none of an article that is a link. It is false for pages that are made every time.
func (p *pages) print(n int, print *[]byte) (digest, bool) {
	tasks := p.groupAt(n).tasks
	if len(tasks) == 0 {
		return digest{}, false
	}
	first := tasks[0]
	b, ok := p.editions[first.edition].AppendPrint((*print)[:0], first.Job, render.Sources{Item: p.itemDigest, File: p.fileSum, Related: p.relatedDigest})
	for _, t := range tasks[1:] { // the other parts and editions of an article are made of the same
		b = append(append(b, t.Path...), 0)
	}
	*print = b
	return digestOf(b), ok
}

func (p *pages) keepFiles(files numbers) {
	for k := range files.len() {
		p.tx.KeepAt(files.at(k))
	}
}

func (p *pages) itemDigest(it *site.Item) []byte { return p.digests[it.N][:] }

// note remembers what came of making the pages of a group.
func (p *pages) note(g *group) {
	m, o := &p.memos[g.n], &g.outcome
	if len(o.links) > 0 {
		sites, dir := p.sitesOf(g.n)
		o.ask(sites[0], dir)
	}
	m.links, m.blob = p.linksOf(g.n, o.links), p.blobs.add(o.encode(make(cache.Encoder, 0, 512), p.names))
}

// linksAt returns what is known of the links of a group's text.
func (p *pages) linksAt(n int) digest {
	if m := &p.memos[n]; m.old == 0 {
		return m.links
	}
	return p.l.memory.old.linksOf(int(p.memos[n].old - 1))
}

// sitesOf returns the editions in which the nth group's text, which has links, is shown, and the folder that these start from.
func (p *pages) sitesOf(n int) ([]*site.Site, string) {
	if n < p.items {
		return p.l.Sites, p.l.Sites[0].Items[n].FilesDir()
	}
	t := p.others[n-p.items]
	return p.l.Sites[t.edition : t.edition+1], t.Column.Dir
}

// linksOf is the digest of what links of the nth group's text lead to, in all editions.
func (p *pages) linksOf(n int, links []link) digest {
	if len(links) == 0 {
		return digest{}
	}
	sites, dir := p.sitesOf(n)
	b := make([]byte, 0, 512)
	for _, s := range sites {
		for _, k := range links {
			to, problem := s.Resolve(dir, k.dest, k.image)
			b = append(b, to.URL...)
			for _, is := range [...]bool{to.Page, to.External, to.Gone} {
				b = strconv.AppendBool(append(b, ' '), is)
			}
			b = append(b, '\n')
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

// file makes a file that is no page, unless it would be made of the same as the one in the output.
func (p *pages) file(name string, class output.Class, print []byte, body func() ([]byte, error)) error {
	e := extraFile{path: name, memo: memo{print: digestOf(append(append(append([]byte{'f'}, name...), 0), print...))}}
	kept, err := p.keepExtra(&e.memo)
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
	p.addExtra(e)
	return nil
}

func (p *pages) addExtra(e extraFile) {
	p.extra.Lock()
	p.extras = append(p.extras, e)
	p.extra.Unlock()
}

// keepExtra keeps files that would come out as they are, and reports whether it did.
func (p *pages) keepExtra(m *memo) (bool, error) {
	old := &p.l.memory.old
	i, ok := old.find(m.print)
	if !ok {
		return false, nil
	}
	files := old.filesOf(i)
	if ok, err := p.standing.allIntact(p.tx, files); !ok || err != nil || files.len() == 0 {
		return false, err
	}
	p.keepFiles(files)
	m.old = int32(i + 1)
	return true, nil
}
