package site

import (
	"cmp"
	"slices"
)

const (
	relatedCount  = 6  // how many related articles a page shows
	relatedWindow = 12 // how many older articles of each tag are looked at
)

// Related returns articles with tags of it that are older than it: those that share most
// tags first, then the newest. Only the nearest older articles of each tag are
// candidates, so that an article added or withdrawn changes this list for at most
// relatedWindow articles a tag, and never for those older than itself.
func (s *Site) Related(it *Item) []*Item {
	shared := map[*Item]int{}
	for i := range it.Tags {
		g := s.TagOf(it, i)
		if g == nil {
			continue
		}
		list := g.Items
		at, _ := slices.BinarySearchFunc(list, it, Newest)
		for _, o := range list[min(at+1, len(list)):min(at+1+relatedWindow, len(list))] {
			if o.Date.Before(it.Date) {
				shared[o]++
			}
		}
	}
	out := make([]*Item, 0, len(shared))
	for o := range shared {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), Newest(a, b))
	})
	return out[:min(relatedCount, len(out))]
}
