package build

import (
	"encoding/binary"
	"slices"

	"zhendi/internal/cache"
	"zhendi/internal/site"
)

// order is what a build remembers of the articles in their order, so that the next need not look for the related articles of
// each again: that takes longer than all else about the prints of articles that have not changed.
//
// Which articles are related to one follows from itself and from the next older ones with each of its tags. So it is
// as it was for an article that is unchanged, unless one that came, went or changed stands, or stood, among those.
type order struct {
	digests string  // 16 bytes for each article
	related string  // 16 bytes for each: the digest of what is related to it
	tagEnds numbers // where the tags of the next begin
	tags    numbers // of all, one after another: indices into groups
	groups  []string
}

func (o *order) len() int { return len(o.digests) / len(digest{}) }

// digestAt returns the ith of digests that lie one after another.
func digestAt(list string, i int) digest {
	const size = len(digest{})
	return digest([]byte(list[i*size : (i+1)*size]))
}

func decodeOrder(d *cache.Decoder) (o order, ok bool) {
	n := d.Len(2*len(digest{}) + 4)
	o.digests, o.related = d.Bytes(n*len(digest{})), d.Bytes(n*len(digest{}))
	o.tagEnds, o.tags = numbers(d.Bytes(4*n)), numbers(d.String())
	o.groups = make([]string, d.Len(1))
	for i := range o.groups {
		o.groups[i] = d.String()
	}
	for i := range o.tags.len() {
		if o.tags.at(i) >= len(o.groups) {
			d.Fail()
		}
	}
	return o, d.Err() == nil && o.tagEnds.cut(o.tags.len())
}

// encodeOrder encodes the order of the articles of this build.
func (p *pages) encodeOrder() cache.Encoder {
	groups := p.l.Sites[0].Tags
	ends := make([]uint32, p.items+1) // first: how many tags each article has; then: where those of each end
	for _, g := range groups {
		for _, it := range g.Items {
			ends[it.N+1]++
		}
	}
	for i := range p.items {
		ends[i+1] += ends[i]
	}
	tags, next := make([]byte, 4*ends[p.items]), slices.Clone(ends)
	for k, g := range groups {
		for _, it := range g.Items {
			binary.LittleEndian.PutUint32(tags[4*next[it.N]:], uint32(k))
			next[it.N]++
		}
	}
	e := make(cache.Encoder, 0, (2*len(digest{})+4)*p.items+len(tags)+64*len(groups)+64)
	e.Uint(uint64(p.items))
	for _, list := range [][]digest{p.digests, p.related} {
		for i := range list {
			e.Bytes(list[i][:])
		}
	}
	for _, end := range ends[1:] {
		e = binary.LittleEndian.AppendUint32(e, end)
	}
	e.Uint(uint64(len(tags)))
	e.Bytes(tags)
	e.Uint(uint64(len(groups)))
	for _, g := range groups {
		e.String(g.URL)
	}
	return e
}

// difference is how the articles of this build differ from those of the last.
type difference struct {
	was  []int32 // of each article: 1 + its place in the last build; 0: it is new, or has changed or moved
	gone []gone
}

// gone is an article of the last build that is not what it was, or not where it was.
type gone struct {
	was int   // its place
	now int32 // of the first article behind it that is still there, or of none
}

// since compares the digests of this build's articles with those of the last. What has changed its place among the others is gone, and new.
func (o *order) since(now []digest) (c difference) {
	c.was = make([]int32, len(now))
	n, m := len(now), o.len()
	from := 0
	for from < min(n, m) && now[from] == digestAt(o.digests, from) {
		c.was[from] = int32(from + 1)
		from++
	}
	for n > from && m > from && now[n-1] == digestAt(o.digests, m-1) {
		n, m = n-1, m-1
		c.was[n] = int32(m + 1)
	}
	places := make(map[digest]int, m-from)
	for i := from; i < m; i++ {
		places[digestAt(o.digests, i)] = i
	}
	next := from // place in the last build
	for i := from; i < n; i++ {
		was, known := places[now[i]]
		if !known || was < next {
			continue
		}
		for ; next < was; next++ {
			c.gone = append(c.gone, gone{next, int32(i)})
		}
		c.was[i] = int32(was + 1)
		next++
	}
	for ; next < m; next++ {
		c.gone = append(c.gone, gone{next, int32(n)})
	}
	return c
}

// findRelated finds out whose related articles are as they were.
func (p *pages) findRelated() {
	old := &p.l.memory.old.order
	s := p.l.Sites[0]
	c := old.since(p.digests)
	p.was, p.related = c.was, make([]digest, p.items)
	fresh := make([]bool, p.items) // related articles have to be looked for
	mark := func(g *site.Group, n int32) {
		for _, it := range site.LookingAt(g, n) {
			fresh[it.N] = true
		}
	}
	for n, was := range c.was {
		if was > 0 {
			continue
		}
		fresh[n] = true
		for i := range s.Items[n].Tags {
			if g := s.TagOf(s.Items[n], i); g != nil {
				mark(g, int32(n))
			}
		}
	}
	byURL := map[string]*site.Group{}
	if len(c.gone) > 0 {
		for _, g := range s.Tags {
			byURL[g.URL] = g
		}
	}
	for _, x := range c.gone {
		from, to := old.tagEnds.span(x.was)
		for k := from; k < to; k++ {
			if g := byURL[old.groups[old.tags.at(k)]]; g != nil { // else nobody has the tag any more
				mark(g, x.now)
			}
		}
	}
	for n, was := range c.was {
		if !fresh[n] {
			p.related[n] = digestAt(old.related, int(was-1))
		}
	}
}

// relatedDigest returns the digest of what is related to an article.
func (p *pages) relatedDigest(it *site.Item) []byte {
	d := &p.related[it.N]
	if *d == (digest{}) {
		*d = digestOf(p.editions[0].AppendRelated(make([]byte, 0, 128), it, p.itemDigest))
	}
	return d[:]
}
