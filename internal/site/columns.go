package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// columns makes the tree.
func (b *builder) columns() {
	b.s.Home = &Column{Column: &article.Column{Title: b.in.Config.RootLabel}, URL: b.s.Root()}
	b.s.byDir[""], b.s.tree = b.s.Home, []*Column{b.s.Home}
	given := map[string]*article.Column{}
	for _, c := range b.in.Columns {
		given[c.Dir] = c
	}
	dirs := map[string]bool{}
	for d := range given {
		dirs[d] = true
	}
	name := func(dir string) { // every folder on the way to a column is one
		for d := dir; d != ""; d = parent(d) {
			if given[d] == nil && !dirs[d] {
				b.problems.Add(ruleNoIndex.At(diag.Pos{File: "content/" + d}, path.Base(d)))
			}
			dirs[d] = true
		}
	}
	for _, c := range b.in.Columns {
		name(c.Dir)
	}
	last := ""
	for _, a := range b.in.Articles {
		if a.Dir == "" {
			b.problems.Add(ruleNoColumn.At(diag.Pos{File: a.Path}))
		}
		if a.Dir != last {
			last = a.Dir
			name(a.Dir)
		}
	}
	for _, d := range sorted(dirs) {
		if d == "" {
			continue
		}
		ac := given[d]
		if ac == nil {
			ac = &article.Column{Path: "content/" + d + "/_index.md", Dir: d, Title: path.Base(d), Layout: "list"}
		}
		up := b.s.byDir[b.above(d)]
		c := &Column{Column: ac, Parent: up, path: EscapePath(d), nth: int32(len(b.s.tree))}
		b.s.tree = append(b.s.tree, c)
		c.URL = b.s.Root() + c.path + "/"
		if ac.Layout == "link" {
			c.URL = ac.Link.Text
		}
		b.s.byDir[d] = c
		if c.Absent = c.internal() && !b.in.Internal; !c.Absent {
			up.Children = append(up.Children, c)
		}
	}
	b.order(b.s.Home)
}

// above returns the nearest folder above d that is a column.
func (b *builder) above(d string) string {
	for d = parent(d); d != "" && b.s.byDir[d] == nil; d = parent(d) {
	}
	return d
}

// order sorts the tree by weight, then folder, and lists it parents first.
func (b *builder) order(c *Column) {
	slices.SortStableFunc(c.Children, func(x, y *Column) int {
		return cmp.Or(byWeight(x.Weight, y.Weight), strings.Compare(x.Dir, y.Dir))
	})
	for _, k := range c.Children {
		b.s.Columns = append(b.s.Columns, k)
		b.order(k)
	}
}

// byWeight puts small weights first and those without one last.
func byWeight(x, y int) int {
	switch {
	case x == y:
		return 0
	case x == 0:
		return 1
	case y == 0:
		return -1
	}
	return cmp.Compare(x, y)
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (c *Column) internal() bool {
	for ; c != nil; c = c.Parent {
		if c.Internal {
			return true
		}
	}
	return false
}

// fill gives the columns their articles, neighbours and periods, and tags and series their periods.
func (b *builder) fill() {
	b.room()
	for _, it := range b.s.Items {
		pinned := it.pinned(b.in.Now)
		b.list(it, it.Column, pinned)
		it.Column.Own = append(it.Column.Own, it)
		for _, r := range it.AlsoIn {
			other := b.s.byDir[strings.Trim(r.Text, "/")]
			if other == nil || other == b.s.Home { // there is none, shown or not
				b.problems.Add(ruleNoSuchColumn.At(it.Pos(r), r.Text, b.nearColumn(r.Text)))
				continue
			}
			if !other.Absent {
				b.list(it, other, pinned)
			}
		}
		for _, r := range it.Topics {
			c := b.topic(r.Text)
			if c == nil {
				b.problems.Add(ruleNoSuchTopic.At(it.Pos(r), r.Text, b.topicNames()))
			} else if !c.Absent {
				b.list(it, c, pinned)
			}
		}
	}
	for _, c := range b.s.Columns {
		c.finish()
		if !c.ByWeight { // columns ordered by weight are shown whole
			c.Periods = b.periods(c.Items, c.archive(b.s.Config), c.Layout != "topic")
		}
	}
	for _, g := range slices.Concat(b.s.Tags, b.s.Series) {
		g.Periods = b.periods(g.Items, b.in.Config.Archive, true)
	}
}

// room makes room for the articles of the columns: for as many as they have of their own.
func (b *builder) room() {
	own := make(map[*Column]int, len(b.s.Columns))
	all := make(map[*Column]int, len(b.s.Columns))
	var last *Column
	n := 0
	count := func() {
		if last != nil {
			own[last] += n
		}
		for c := last; c != nil; c = c.Parent {
			all[c] += n
		}
		n = 0
	}
	for _, it := range b.s.Items {
		if it.Column != last {
			count()
			last = it.Column
		}
		n++
	}
	count()
	for _, c := range b.s.Columns {
		c.Own, c.Items = make([]*Item, 0, own[c]), make([]*Item, 0, all[c])
	}
}

// list adds an item to a column and those above it where it is not yet. Items come one after
// the other.
func (b *builder) list(it *Item, c *Column, pinned bool) {
	for ; c != b.s.Home; c = c.Parent {
		if n := len(c.Items); n > 0 && c.Items[n-1] == it {
			continue
		}
		c.Items = append(c.Items, it)
		if pinned {
			c.Pinned = append(c.Pinned, it)
		}
	}
}

// finish derives what follows from the column's items.
func (c *Column) finish() {
	if c.ByWeight = c.Order == "weight" || c.Order == "" && c.Parent != nil && c.Parent.ByWeight; c.ByWeight {
		for _, list := range [][]*Item{c.Items, c.Own, c.Pinned} {
			slices.SortStableFunc(list, func(x, y *Item) int { return byWeight(x.Weight, y.Weight) })
		}
	}
	var last *Item
	for _, it := range c.Own {
		if !it.HasPage() {
			continue
		}
		if it.Newer = last; last != nil {
			last.Older = it
		}
		last = it
	}
}

// nearColumn returns the folder that was probably meant.
func (b *builder) nearColumn(name string) string {
	var dirs []string
	for _, c := range b.s.Columns {
		if c.Title == name || path.Base(c.Dir) == name {
			return c.Dir
		}
		dirs = append(dirs, c.Dir)
	}
	if near, ok := fields.Near(strings.Trim(name, "/"), dirs); ok {
		return near
	}
	return dirs[0] // the article is in one
}
