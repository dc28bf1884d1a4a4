package site

const (
	relatedCount  = 6  // how many related articles a page shows
	relatedWindow = 12 // how many older articles of each tag are looked at
)

// Related returns articles with tags of it that are older than it: those that share most
// tags first, then the newest. Only the nearest older articles of each tag are
// candidates, so that an article added or withdrawn changes this list for at most
// relatedWindow articles a tag, and never for those older than itself.
func (s *Site) Related(it *Item) []*Item {
	lists := make([][]*Item, 0, 8) // older articles of each tag, in order
	for i := range it.Tags {
		if g := s.TagOf(it, i); g != nil {
			at := min(place(g.Items, it)+1, len(g.Items))
			list := g.Items[at:min(at+relatedWindow, len(g.Items))]
			for len(list) > 0 && !list[0].Date.Before(it.Date) {
				list = list[1:]
			}
			lists = append(lists, list)
		}
	}
	found := make([]candidate, 0, 8*relatedWindow)
	for {
		c := nextOf(lists)
		if c.Item == nil {
			break
		}
		found = append(found, c)
	}
	out := make([]*Item, 0, min(relatedCount, len(found)))
	for shared := len(lists); shared > 0; shared-- {
		for _, c := range found {
			if c.shared == shared && len(out) < relatedCount {
				out = append(out, c.Item)
			}
		}
	}
	return out
}

// LookingAt returns those articles with a tag for which Related looks at an article with that tag that stands where the site's
// nth does, or that would stand right before it.
func LookingAt(g *Group, n int32) []*Item {
	at := place(g.Items, &Item{N: n})
	return g.Items[max(0, at-relatedWindow):at]
}

// candidate is an article and how many tags it shares.
type candidate struct {
	*Item
	shared int
}

// nextOf takes the newest article off the lists that start with it.
func nextOf(lists [][]*Item) (c candidate) {
	for _, l := range lists {
		if len(l) > 0 && (c.Item == nil || l[0].N < c.N) {
			c.Item = l[0]
		}
	}
	for i, l := range lists {
		if len(l) > 0 && l[0] == c.Item {
			lists[i] = l[1:]
			c.shared++
		}
	}
	return c
}
