package build

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"zhendi/internal/cache"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// A feed is made when the pages of all its articles are, so that their texts need not be kept till the end.

// dueFeed is a feed that waits for that.
type dueFeed struct {
	edition int
	render.Feed
	left atomic.Int32 // articles whose pages are not made yet
}

// dueText is an article that stands in feeds of an edition.
type dueText struct {
	feeds []*dueFeed
	left  atomic.Int32 // feeds that are not made yet
}

// awaitFeeds lists the feeds.
func (p *pages) awaitFeeds() {
	p.inFeeds, p.due = make([]bool, len(p.l.Sites[0].Items)), map[bodyKey]*dueText{}
	for ed, r := range p.editions {
		p.feeds = append(p.feeds, r.Feeds())
		for _, f := range p.feeds[ed] {
			d := &dueFeed{edition: ed, Feed: f}
			d.left.Store(int32(len(f.Items)))
			for _, it := range f.Items {
				k := bodyKey{ed, int(it.N)}
				p.inFeeds[k.item] = true
				if p.due[k] == nil {
					p.due[k] = new(dueText)
				}
				p.due[k].feeds = append(p.due[k].feeds, d)
				p.due[k].left.Add(1)
			}
		}
	}
}

// paged makes the feeds of which the article n was the last whose pages were not made.
func (p *pages) paged(n int) error {
	if !p.write || n >= len(p.inFeeds) || !p.inFeeds[n] {
		return nil
	}
	for ed := range p.editions {
		text := p.due[bodyKey{ed, n}]
		if text == nil {
			continue
		}
		for _, f := range text.feeds {
			if f.left.Add(-1) > 0 {
				continue
			}
			if err := p.feed(ed, f.Feed); err != nil {
				return err
			}
			for _, it := range f.Items {
				if k := (bodyKey{ed, int(it.N)}); p.due[k].left.Add(-1) == 0 {
					p.bodies.Delete(k)
				}
			}
		}
	}
	return nil
}

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
	buf := p.buffer()
	defer p.bufs.Put(buf)
	put := func(name string, write func(*bytes.Buffer, render.Feed, func(*site.Item) string) error) error {
		return p.file(name, output.Feed, print, func() ([]byte, error) {
			buf.Reset()
			err := write(buf, f, body)
			return buf.Bytes(), err
		})
	}
	err := put(f.Path, r.RSS)
	if err == nil {
		err = put(f.JSONPath, r.JSON)
	}
	if err == nil && loaded {
		p.saveTexts(buf, texts, ed, f)
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

// saveTexts keeps the texts of a feed that was made. If it cannot, the next time takes longer. It works in the room of buf.
func (p *pages) saveTexts(buf *bytes.Buffer, t feedTexts, ed int, f render.Feed) {
	if t.name == "" {
		return
	}
	buf.Reset()
	e := cache.Encoder(buf.AvailableBuffer())
	e.Uint(uint64(len(f.Items)))
	for _, it := range f.Items {
		d := p.textDigest(int(it.N))
		e.Uint(keyOf('t', it.ID))
		e.Bytes(d[:])
		e.String(p.bodyOf(ed, it, t.old))
	}
	cache.Write(t.name, t.key, e)
}
