package site

import (
	"cmp"
	"slices"
)

const (
	relatedCount  = 6  // how many related articles a page shows
	relatedWindow = 12 // how many articles of each tag are looked at: those of the same time are none
)

// Related returns articles with tags of it that are older than it: the newest with each tag in turn, then the second, until there are
// enough; those that share most tags come first, then the newest. All that are looked at are shown: an article that is added or
// withdrawn changes no list but those that it is in (unless more than six have the very same time), and no list of an article older than itself.
func (s *Site) Related(it *Item) []*Item {
	lists := make([][]*Item, 0, 8) // older articles of each tag, in order
	for i := range it.Tags {
		if g := s.TagOf(it, i); g != nil {
			at := min(place(g.Items, it)+1, len(g.Items))
			list := g.Items[at:min(at+relatedWindow, len(g.Items))]
			for len(list) > 0 && !list[0].Date.Before(it.Date) {
				list = list[1:]
			}
			lists = append(lists, list[:min(relatedCount, len(list))])
		}
	}
	found := make([]candidate, 0, relatedCount)
	for nth := range relatedCount {
		for _, list := range lists {
			if nth < len(list) && len(found) < relatedCount && !slices.ContainsFunc(found, func(c candidate) bool { return c.Item == list[nth] }) {
				found = append(found, candidate{list[nth], s.sharedTags(it, list[nth])})
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(b.shared-a.shared, int(a.N-b.N)) })
	out := make([]*Item, len(found))
	for i, c := range found {
		out[i] = c.Item
	}
	return out
}

// candidate is an article and how many tags it shares.
type candidate struct {
	*Item
	shared int
}

// sharedTags counts the tags of it that another article has.
func (s *Site) sharedTags(it, other *Item) (n int) {
	of := func(it *Item) []int32 { return s.itemTags[it.tags : int(it.tags)+len(it.Tags)] }
	for _, tag := range of(it) {
		if tag >= 0 && slices.Contains(of(other), tag) {
			n++
		}
	}
	return n
}

// LookingAt returns those articles with a tag for which Related looks at an article with that tag that stands where the site's
// nth does, or that would stand right before it.
func LookingAt(g *Group, n int32) []*Item {
	at := place(g.Items, &Item{N: n})
	return g.Items[max(0, at-relatedWindow):at]
}
