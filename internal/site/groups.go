package site

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
)

// Group is a list of articles that is no column: a tag or a series.
type Group struct {
	Name    string // as the oldest of its articles writes it: a new article does not rename all pages
	URL     string // address from the site's root: /tags/党建/, escaped
	Items   []*Item
	Periods []Period

	nth int32 // place among the tags, or the series
}

// Folders of the pages of tags and series.
const (
	TagsDir   = "tags"
	SeriesDir = "series"
)

// TagKey is the form in which tags and series are compared: letter case, width, Unicode form
// and script do not matter (党建 and 黨建 are one tag).
func TagKey(name string) string {
	key := strings.ToLower(norm.NFKC.String(strings.TrimSpace(name)))
	// Characters alone do not tell: 征 and 徵 stand in both scripts, yet 征集 becomes 徵集.
	if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }) {
		key = simplify().String(key)
	}
	return key
}

// simplify is made when the first Chinese tag is met.
var simplify = sync.OnceValue(func() *hanzi.Converter {
	c, err := hanzi.New("t2s", nil)
	if err != nil {
		panic("site: " + err.Error())
	}
	return c
})

// device matches the names that Windows keeps for devices.
var device = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// groupPath is the folder of a tag or series, relative to that of all. What cannot stand in a file name is
// replaced, and a hash of the name keeps such folders apart.
func groupPath(key string) string {
	clean := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|#%&+.`, r) {
			return '-'
		}
		return r
	}, key)
	if clean != key || len(clean) > 100 || device.MatchString(clean) {
		sum := sha256.Sum256([]byte(key))
		if len(clean) > 100 {
			clean = strings.ToValidUTF8(clean[:100], "")
		}
		clean += "-" + hex.EncodeToString(sum[:4])
	}
	return EscapePath(clean) + "/"
}

// groups are the tags or the series of a site, by TagKey.
type groups map[string]*Group

// naming finds the groups that articles name.
type naming struct {
	groups
	below  string            // address of all
	byName map[string]*Group // as written in an article; nil if it is blank
}

func (b *builder) naming(dir string) naming {
	return naming{groups{}, b.s.Root() + dir + "/", map[string]*Group{}}
}

// of returns the group that an article names; nil for a blank name.
func (n naming) of(written string) *Group {
	g, known := n.byName[written]
	if !known {
		if key := TagKey(written); key != "" {
			if g = n.groups[key]; g == nil {
				g = &Group{URL: n.below + groupPath(key)}
				n.groups[key] = g
			}
		}
		n.byName[written] = g
	}
	return g
}

// groups makes the tags and the series. What the articles name is looked up as they lie in memory, and
// then put in order: this is a third of the model's time.
func (b *builder) groups() {
	tags, series := b.naming(TagsDir), b.naming(SeriesDir)
	b.s.tags, b.s.series = tags.groups, series.groups
	of := make([][2]int32, len(b.s.Items)) // of each item: where its groups are in all
	all := make([]*Group, 0, 4*len(b.s.Items))
	for _, nth := range b.ranks {
		it := b.s.Items[nth]
		it.tags = int32(len(all))
		for _, t := range it.Tags {
			all = append(all, tags.of(t))
		}
		if it.Series != "" {
			all = append(all, series.of(it.Series))
		}
		of[nth] = [2]int32{it.tags, int32(len(all))}
	}
	for i, it := range b.s.Items {
		for _, g := range all[of[i][0]:of[i][1]] {
			if g != nil && (len(g.Items) == 0 || last(g.Items) != it) {
				g.Items = append(g.Items, it)
			}
		}
	}
	for _, gs := range []groups{b.s.tags, b.s.series} {
		for _, g := range gs {
			g.Items = slices.Clone(g.Items) // without what append kept in reserve
		}
	}
	b.s.Tags, b.s.Series = b.s.tags.sorted(), b.s.series.sorted()
	b.s.itemTags = make([]int32, len(all))
	for i, g := range all {
		if b.s.itemTags[i] = -1; g != nil {
			b.s.itemTags[i] = g.nth
		}
	}
}

// nameGroups gives each group the name that its oldest article gives it.
func (s *Site) nameGroups() {
	for _, g := range s.Tags {
		it := last(g.Items)
		for i, t := range s.article(it).Tags {
			if s.TagOf(it, i) == g {
				g.Name = t
			}
		}
	}
	for _, g := range s.Series {
		g.Name = s.article(last(g.Items)).Series
	}
}

func (gs groups) sorted() []*Group {
	keys := make([]string, 0, len(gs))
	for k := range gs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]*Group, len(keys))
	for i, k := range keys {
		out[i] = gs[k]
		out[i].nth = int32(i)
	}
	return out
}

// Tag returns the group of a tag, nil if no article that is shown has it.
func (s *Site) Tag(name string) *Group {
	if g := s.tags[TagKey(name)]; g != nil {
		return s.Tags[g.nth]
	}
	return nil
}

// TagOf returns the group of an item's nth tag. Keys are made from what the editor wrote, not
// from its conversion, which need not lead back.
func (s *Site) TagOf(it *Item, n int) *Group {
	if at := s.itemTags[int(it.tags)+n]; at >= 0 {
		return s.Tags[at]
	}
	return nil
}

// InSeries returns the series of an item and its neighbours there, in time.
func (s *Site) InSeries(it *Item) (g *Group, newer, older *Item) {
	if it.Series == "" {
		return nil, nil, nil
	}
	at := s.itemTags[int(it.tags)+len(it.Tags)]
	if at < 0 { // its name is blank
		return nil, nil, nil
	}
	g = s.Series[at]
	i := place(g.Items, it)
	if i == len(g.Items) || g.Items[i] != it {
		return nil, nil, nil
	}
	if i > 0 {
		newer = g.Items[i-1]
	}
	if i+1 < len(g.Items) {
		older = g.Items[i+1]
	}
	return g, newer, older
}

// place returns where an item stands, or would stand, in a list that is in order.
func place(list []*Item, it *Item) int {
	from, to := 0, len(list)
	for from < to {
		if mid := int(uint(from+to) >> 1); list[mid].N < it.N {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// topic finds a topic by its folder's path or last name, or by its title.
func (b *builder) topic(name string) *Column {
	c, known := b.topics[name]
	if !known {
		c = b.findTopic(strings.Trim(name, "/"))
		b.topics[name] = c
	}
	return c
}

func (b *builder) findTopic(name string) *Column {
	is := func(c *Column) bool {
		return c.Layout == "topic" && (c.Dir == name || strings.HasSuffix(c.Dir, "/"+name) || TagKey(c.Written().Title) == TagKey(name))
	}
	for _, c := range b.s.Columns {
		if is(c) {
			return c
		}
	}
	for _, c := range b.s.byDir {
		if c.Absent && is(c) {
			return c
		}
	}
	return nil
}

func (b *builder) topicNames() diag.Text {
	var names []string
	for _, c := range b.s.Columns {
		if c.Layout == "topic" {
			names = append(names, c.Dir)
		}
	}
	if len(names) == 0 {
		return diag.T("先建一个专题：栏目的 _index.md 里写 layout: topic", "make a topic first: layout: topic in a column's _index.md")
	}
	list := strings.Join(names, "、")
	return diag.T("现有专题："+list, "topics: "+strings.Join(names, ", "))
}

// TopicSection is a block of a topic with its articles.
type TopicSection struct {
	Title string
	URL   string // of the column or tag that it was made from; empty if neither
	Items []*Item
}

// Sections divides a topic's articles: each section takes those of its column or with its tag; one
// that names neither takes the rest.
func (s *Site) Sections(c *Column) []TopicSection {
	taken := map[*Item]bool{}
	out := make([]TopicSection, len(c.Sections))
	for i, sec := range c.Sections {
		out[i].Title = sec.Title
		if sec.Column.Text == "" && sec.Tag == "" {
			continue
		}
		col := s.Column(sec.Column.Text)
		tag := s.Tag(sec.Tag)
		if col != nil && sec.Column.Text != "" {
			out[i].URL = col.URL
		} else if tag != nil {
			out[i].URL = tag.URL
		}
		for _, it := range c.Items {
			if sec.Column.Text != "" && s.tree[it.Column.nth].under(col) || sec.Tag != "" && hasTag(it, sec.Tag) {
				out[i].Items = append(out[i].Items, it)
				taken[it] = true
			}
		}
	}
	for i, sec := range c.Sections {
		if sec.Column.Text == "" && sec.Tag == "" {
			for _, it := range c.Items {
				if !taken[it] {
					out[i].Items = append(out[i].Items, it)
				}
			}
		}
	}
	return out
}

func hasTag(it *Item, tag string) bool {
	return slices.ContainsFunc(it.Tags, func(t string) bool { return TagKey(t) == TagKey(tag) })
}

// under reports whether c is above or one of its sub-columns, at any depth.
func (c *Column) under(above *Column) bool {
	for ; c != nil && above != nil; c = c.Parent {
		if c == above {
			return true
		}
	}
	return false
}
