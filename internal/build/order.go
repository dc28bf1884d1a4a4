package build

import (
	"encoding/binary"
	"slices"

	"zhendi/internal/cache"
	"zhendi/internal/site"
)

// order is what a build remembers of the articles in their order, so that the next need not find out again what the pages of
// each are made of. The ith memo is that of the ith article.
//
// What pages of an article take from others follows from its neighbours in its column, from its series, and from the next older
// articles with each of its tags. So its print is as it was if it is unchanged, has the neighbours that it had, which
// are unchanged, and no article that came, went or changed is, or was, in its series, or stands, or stood, among those next ones.
type order struct {
	digests      string   // 16 bytes for each article
	related      string   // 16 bytes for each: the digest of what is related to it
	facts        string   // 8 bytes for each: the check sum of what the catalogue says of it
	newer, older numbers  // for each: 1 + the place of its neighbour in its column; 0: there is none
	files        numbers  // for each: 2 × the place of its file in the index, + 1 if it has a page and no twin
	groupEnds    numbers  // where the groups of the next begin
	memberships  numbers  // of all, one after another: indices into groups
	groups       []string // addresses of tags, then of series
}

func (o *order) len() int { return len(o.digests) / len(digest{}) }

// digestAt returns the ith of digests that lie one after another.
func digestAt(list string, i int) digest {
	const size = len(digest{})
	return digest([]byte(list[i*size : (i+1)*size]))
}

func decodeOrder(d *cache.Decoder) (o order, ok bool) {
	n := d.Len(2*len(digest{}) + 8 + 4*4)
	o.digests, o.related, o.facts = d.Bytes(n*len(digest{})), d.Bytes(n*len(digest{})), d.Bytes(n*8)
	o.newer, o.older, o.files = numbers(d.Bytes(4*n)), numbers(d.Bytes(4*n)), numbers(d.Bytes(4*n))
	o.groupEnds, o.memberships = numbers(d.Bytes(4*n)), numbers(d.String())
	o.groups = make([]string, d.Len(1))
	for i := range o.groups {
		o.groups[i] = d.String()
	}
	for i := range o.memberships.len() {
		if o.memberships.at(i) >= len(o.groups) {
			d.Fail()
		}
	}
	return o, d.Err() == nil && o.groupEnds.cut(o.memberships.len())
}

// encodeOrder encodes the order of the articles of this build.
func (p *pages) encodeOrder() cache.Encoder {
	s := p.l.Sites[0]
	groups := slices.Concat(s.Tags, s.Series)
	ends, members := members(groups, p.items)
	e := make(cache.Encoder, 0, (2*len(digest{})+8+4*4)*p.items+len(members)+64*len(groups)+64)
	e.Uint(uint64(p.items))
	for _, list := range [][]digest{p.digests, p.related} {
		for i := range list {
			e.Bytes(list[i][:])
		}
	}
	e.Bytes(p.facts)
	number := func(n uint32) { e = binary.LittleEndian.AppendUint32(e, n) }
	for _, it := range s.Items {
		number(uint32(placeOf(it.Newer)))
	}
	for _, it := range s.Items {
		number(uint32(placeOf(it.Older)))
	}
	for _, it := range s.Items {
		n := uint32(2 * p.l.articlesAt[it.From()])
		if single(it) {
			n++
		}
		number(n)
	}
	for _, end := range ends {
		number(end)
	}
	e.Uint(uint64(len(members)))
	e.Bytes(members)
	e.Uint(uint64(len(groups)))
	for _, g := range groups {
		e.String(g.URL)
	}
	return e
}

// placeOf is 1 + the place of an article, 0 if there is none.
func placeOf(it *site.Item) int32 {
	if it == nil {
		return 0
	}
	return it.N + 1
}

// members lists the groups of each of n articles, as order.memberships does, and where those of each end.
func members(groups []*site.Group, n int) (ends []uint32, list []byte) {
	next := make([]uint32, n+2) // first: how many groups each article has; then: where those of each begin
	for _, g := range groups {
		for _, it := range g.Items {
			next[it.N+2]++
		}
	}
	for i := range n {
		next[i+2] += next[i+1]
	}
	list = make([]byte, 4*next[n+1])
	ends = next[1 : n+1] // where those of each begin, and, when they are filled in, end
	for k, g := range groups {
		for _, it := range g.Items {
			binary.LittleEndian.PutUint32(list[4*ends[it.N]:], uint32(k))
			ends[it.N]++
		}
	}
	return ends, list
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

// findSame finds out whose prints are as they were, and whose related articles.
func (p *pages) findSame(c difference) {
	old := &p.l.memory.old.order
	p.was, p.same, p.related = c.was, make([]bool, p.items), make([]digest, p.items)
	fresh := p.reached(c)
	stands := func(it *site.Item, was int) bool {
		return it == nil && was == 0 || it != nil && was > 0 && int(c.was[it.N]) == was
	}
	for n, was := range c.was {
		if was == 0 || fresh[n] {
			continue
		}
		i, it := int(was-1), p.l.Sites[0].Items[n]
		p.related[n] = digestAt(old.related, i)
		p.same[n] = stands(it.Newer, old.newer.at(i)) && stands(it.Older, old.older.at(i))
	}
}

// reached returns for which articles a difference reaches what tags and series say of them.
func (p *pages) reached(c difference) []bool {
	old, s := &p.l.memory.old.order, p.l.Sites[0]
	fresh := make([]bool, p.items)
	mark := func(list []*site.Item) {
		for _, it := range list {
			fresh[it.N] = true
		}
	}
	for n, was := range c.was {
		if was > 0 {
			continue
		}
		it := s.Items[n]
		for i := range it.Tags {
			if g := s.TagOf(it, i); g != nil {
				mark(site.LookingAt(g, int32(n)))
			}
		}
		if g, _, _ := s.InSeries(it); g != nil {
			mark(g.Items)
		}
	}
	if len(c.gone) == 0 {
		return fresh
	}
	tags, series := byURL(s.Tags), byURL(s.Series)
	for _, x := range c.gone {
		from, to := old.groupEnds.span(x.was)
		for k := from; k < to; k++ {
			url := old.groups[old.memberships.at(k)]
			if g := tags[url]; g != nil { // else nobody has the tag any more
				mark(site.LookingAt(g, x.now))
			} else if g := series[url]; g != nil {
				mark(g.Items)
			}
		}
	}
	return fresh
}

func byURL(groups []*site.Group) map[string]*site.Group {
	m := make(map[string]*site.Group, len(groups))
	for _, g := range groups {
		m[g.URL] = g
	}
	return m
}

// relatedDigest returns the digest of what is related to an article.
func (p *pages) relatedDigest(it *site.Item) []byte {
	d := &p.related[it.N]
	if *d == (digest{}) {
		*d = digestOf(p.editions[0].AppendRelated(make([]byte, 0, 128), it, p.itemDigest))
	}
	return d[:]
}
