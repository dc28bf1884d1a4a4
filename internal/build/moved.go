package build

import (
	"encoding/binary"
	"strings"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

// What the last build found out about a file is good as long as the file is the same. The index tells which are (sources.was), the order
// which articles were made of them. It must be the index of the same build: a run may have been killed between the two.

// findHeld finds out which files of the last build held articles, and what can be told from that.
func (p *pages) findHeld() {
	m, src := &p.l.memory, &p.l.sources
	if !m.last.known || m.last.build != m.old.build {
		return
	}
	most := -1
	for i := range m.old.order.len() {
		most = max(most, m.old.order.files.at(i)/2)
	}
	p.held = make([]int32, most+1)
	for i := range m.old.order.len() {
		p.held[m.old.order.files.at(i)/2] = int32(i + 1)
	}
	p.sameFiles = p.now.kept == m.old.kept
	for _, i := range p.l.filesAt {
		p.sameFiles = p.sameFiles && src.was[i] > 0
	}
	for _, path := range src.left {
		p.sameFiles = p.sameFiles && isText(path)
	}
}

// placesOf returns where files are among the sources, given 1 + their places in the last index; nothing if that is not known.
func (p *pages) placesOf(before numbers) []int32 {
	m := &p.l.memory
	if !m.last.known || m.last.build != m.old.build {
		return nil
	}
	now := make([]int32, len(p.l.sources.was)+len(p.l.sources.left)+1) // by those
	for i, was := range p.l.sources.was {
		now[max(was, -was)] = int32(i + 1)
	}
	now[0] = 0
	at := make([]int32, before.len())
	for i := range at {
		if was := before.at(i); was < len(now) {
			at[i] = now[was]
		}
	}
	return at
}

// isText reports whether a file is an article, a twin or a column: not one that others show.
func isText(path string) bool {
	return strings.HasSuffix(path, ".md") && !strings.HasPrefix(path, "content/"+site.StaticDir+"/")
}

// single reports whether nothing decides on the digest of an article but its file, and the pictures and attachments that this names.
func single(it *site.Item) bool { return it.HasPage() && it.Twin == nil }

// before returns the place in the last build of the article that was made of the same file, below zero if there was none, and whether
// the file is unchanged.
func (p *pages) before(it *site.Item) (place int, same bool) {
	was := int(p.l.sources.was[p.l.articlesAt[it.From()]])
	if same = was > 0; !same {
		was = -was
	}
	if was == 0 || was > len(p.held) {
		return -1, false
	}
	return int(p.held[was-1]) - 1, same
}

// unchanged returns the place that an article had in the last build if its digest, and what the catalogue says of it, must be the same.
func (p *pages) unchanged(it *site.Item) (place int, ok bool) {
	if p.held == nil || !single(it) || !p.sameFiles && (it.Image.Text != "" || it.FirstPicture != "" || len(it.Attachments) > 0) {
		return 0, false
	}
	place, same := p.before(it)
	return place, same && place >= 0 && p.l.memory.old.order.files.at(place)%2 == 1
}

// moved are the keys of the places (site.Key) where links of unchanged texts may lead to something else than in the last build: it
// came, went, has another address or, if it is a file that pages show, other bytes.
type moved struct {
	keys map[uint64]bool
	all  bool // nothing is known
}

func (m *moved) path(name string) {
	for _, k := range site.FileKeys(strings.TrimPrefix(name, "content/")) {
		m.keys[k] = true
	}
}

func (m *moved) page(path string) {
	if path != "" {
		m.keys[site.Key(path)] = true
	}
}

// differ adds the keys that only one of two lists has, or has more often.
func (m *moved) differ(a, b string) {
	for len(a) > 0 && len(b) > 0 && a[:8] == b[:8] {
		a, b = a[8:], b[8:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-8:] == b[len(b)-8:] {
		a, b = a[:len(a)-8], b[:len(b)-8]
	}
	count := map[uint64]int{}
	for i, list := range [2]string{a, b} {
		for ; len(list) > 0; list = list[8:] {
			count[binary.LittleEndian.Uint64([]byte(list[:8]))] += 2*i - 1
		}
	}
	for k, n := range count {
		if n != 0 {
			m.keys[k] = true
		}
	}
}

// findMoved finds out what has moved, given how the articles differ from those of the last build.
func (p *pages) findMoved(c difference) {
	p.moved = moved{keys: map[uint64]bool{}, all: p.held == nil}
	if p.moved.all {
		return
	}
	old := &p.l.memory.old
	p.moved.differ(p.now.places, old.places)
	p.moved.differ(p.now.kept, old.kept)
	gone := map[int]bool{}
	for _, x := range c.gone {
		gone[x.was] = true
	}
	for n, was := range c.was {
		if was > 0 {
			continue
		}
		it := p.l.Sites[0].Items[n]
		page := p.pageOf(n)
		if place, _ := p.before(it); place >= 0 {
			delete(gone, place)
			last := p.oldPage(place)
			if page != "" && page == last {
				continue
			}
			p.moved.page(last)
		}
		p.moved.path(it.Path)
		p.moved.page(page)
	}
	files := map[int32]bool{} // of articles that are none any more
	for place := range gone {
		p.moved.page(p.oldPage(place))
		files[int32(old.order.files.at(place)/2+1)] = true
	}
	p.findMovedFiles(files)
}

// findMovedFiles adds files that came, went or changed, and those with some places in the last index.
func (p *pages) findMovedFiles(places map[int32]bool) {
	src := &p.l.sources
	for i, was := range src.was {
		if was == 0 || len(places) > 0 && places[max(was, -was)] || was < 0 && !isText(src.path(i)) {
			p.moved.path(src.path(i))
		}
	}
	for _, path := range src.left {
		p.moved.path(path)
	}
}

// pageOf returns the path of the page of the nth article; empty if it has none.
func (p *pages) pageOf(n int) string {
	for _, t := range p.groupAt(n).tasks {
		return t.Path
	}
	return ""
}

// oldPage returns what pageOf returned in the last build of the article with a place.
func (p *pages) oldPage(place int) string {
	files := p.l.memory.old.filesOf(place)
	if files.len() == 0 {
		return ""
	}
	return p.tx.Previous().Path(files.at(0))
}

// sameLinks reports whether the links of the nth group's text lead where they led when memo i was made.
func (p *pages) sameLinks(n, i int) bool {
	old := &p.l.memory.old
	links := old.linksOf(i)
	if links == (digest{}) || !p.moved.all && len(p.moved.keys) == 0 {
		return true
	}
	blob := old.blobOf(i)
	return !p.moved.all && !p.moved.reaches(blob) || links == p.linksOf(n, linksIn(blob))
}

// reaches reports whether links of a text with a packed outcome may lead elsewhere now.
func (m *moved) reaches(blob string) bool {
	d := cache.Decoder{Rest: blob}
	if d.Bool() { // problems hold advice on what there is nearby
		return true
	}
	skipUses(&d)
	for asked := d.Bytes(8 * d.Len(8)); asked != ""; asked = asked[8:] {
		if m.keys[word(asked, 0)] {
			return true
		}
	}
	return false
}

// sameMentions reports whether the nth group is not of an article whose front matter names a file that was not shown when memo i was made, and
// that it must not name now: it is gone, or internal. Of others its digest knows.
func (p *pages) sameMentions(n, i int) bool {
	if n >= p.items {
		return true
	}
	it := p.l.Sites[0].Items[n]
	if it.Image.Text == "" && len(it.Attachments) == 0 {
		return true
	}
	d := cache.Decoder{Rest: p.l.memory.old.blobOf(i)}
	return d.Rest == "" || !d.Bool() || p.mentions(it).Count(diag.Error) == 0
}
