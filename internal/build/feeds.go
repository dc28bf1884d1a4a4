package build

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"zhendi/internal/cache"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// feed makes a feed unless it would be as it stands in the output: the same articles, with the
// same texts, whose links lead where they led.
func (p *pages) feed(ed int, f render.Feed) error {
	r := p.editions[ed]
	print := r.AppendFeedPrint(nil, f, func(it *site.Item) []byte {
		d := p.textDigest(int(it.N))
		return d[:]
	})
	var texts feedTexts
	loaded := false
	body := func(it *site.Item) string {
		if !loaded {
			texts, loaded = p.loadTexts(f), true
		}
		return p.bodyOf(ed, it, texts.old)
	}
	err := p.file(f.Path, output.Feed, print, func() ([]byte, error) { return r.RSS(f, body) })
	if err == nil {
		err = p.file(f.JSONPath, output.Feed, print, func() ([]byte, error) { return r.JSON(f, body) })
	}
	if err == nil && loaded {
		p.saveTexts(texts, ed, f)
	}
	return err
}

// bodyKey names the text of an article in an edition.
type bodyKey struct{ edition, item int }

// bodyOf returns the HTML of an article for a feed. It was kept when the article's pages were made, now or
// before, else it is made now: problems were told already.
func (p *pages) bodyOf(ed int, it *site.Item, before map[uint64]feedText) string {
	k := bodyKey{ed, int(it.N)}
	if b, ok := p.bodies.Load(k); ok {
		return b.(string)
	}
	if old, ok := before[keyOf('t', it.ID)]; ok && old.of == p.textDigest(k.item) {
		return old.html
	}
	g := p.groupAt(k.item)
	g.tasks = slices.DeleteFunc(g.tasks, func(t task) bool { return t.edition != ed })
	p.texts(&g)
	g.texts[ed].convert(p.l.Sites[ed].Edition)
	return p.keepBody(k, &g)
}

// keepBody keeps the text of an article that stands in a feed.
func (p *pages) keepBody(k bodyKey, g *group) string {
	s := p.l.Sites[k.edition]
	b := p.editions[k.edition].AbsoluteHTML(s.URL(s.Items[k.item]), strings.Join(g.texts[k.edition].body.Parts, ""))
	p.bodies.Store(k, b)
	return b
}

// inFeeds lists the articles whose text stands in a feed.
func (p *pages) inFeeds() map[bodyKey]bool {
	in := map[bodyKey]bool{}
	for ed := range p.feeds {
		for _, f := range p.feeds[ed] {
			for _, it := range f.Items {
				in[bodyKey{ed, int(it.N)}] = true
			}
		}
	}
	return in
}

// feedText is the HTML of an article that stands in a feed, and the digest of what it was made of.
type feedText struct {
	of   digest
	html string
}

// textDigest is the digest of all that an article's text and its row in a list are made of.
func (p *pages) textDigest(n int) digest {
	links := p.linksAt(n)
	return digestOf(append(append([]byte(nil), p.digests[n][:]...), links[:]...))
}

// feedTexts are the texts of a feed's articles as the feed last had them, so that a feed with one new article
// is not made by rendering all its others again.
type feedTexts struct {
	name string    // of the file; empty: none is kept
	key  cache.Sum // of the file: it is this feed's, in this edition
	old  map[uint64]feedText
}

func (p *pages) loadTexts(f render.Feed) feedTexts {
	m := &p.l.memory
	if m.dir == "" {
		return feedTexts{}
	}
	t := feedTexts{name: filepath.Join(m.outDir(p.l.opt), "texts", fmt.Sprintf("%x", keyOf('f', f.Path)))}
	t.key = sha256.Sum256(append(p.shared[:], f.Path...))
	body, ok := cache.Read(t.name, t.key)
	if !ok {
		return t
	}
	d := cache.Decoder{Rest: body}
	t.old = map[uint64]feedText{}
	for range d.Len(18) {
		k := d.Uint()
		var x feedText
		copy(x.of[:], d.Bytes(len(x.of)))
		x.html = d.String()
		t.old[k] = x
	}
	if d.Err() != nil {
		t.old = nil
	}
	return t
}

// saveTexts keeps the texts of a feed that was made. If it cannot, the next time takes longer.
func (p *pages) saveTexts(t feedTexts, ed int, f render.Feed) {
	if t.name == "" {
		return
	}
	e := make(cache.Encoder, 0, 8000*len(f.Items)+64)
	e.Uint(uint64(len(f.Items)))
	for _, it := range f.Items {
		d := p.textDigest(int(it.N))
		e.Uint(keyOf('t', it.ID))
		e.Bytes(d[:])
		e.String(p.bodyOf(ed, it, t.old))
	}
	cache.Write(t.name, t.key, e)
}
