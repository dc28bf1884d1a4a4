// Package site is stage 3: all articles and columns become the model of the site:
// which articles are shown, in which columns and in what order, who their
// neighbours are, at which addresses everything stands, and where a link leads.
//
// The model is a pure function of its input; it reads no file and no clock.
//
// # Order
//
// Articles are ordered by date, newest first, then by id. A column lists its own articles, those
// of its sub-columns and those that name it in alsoIn. Lists are cut by the calendar (Column.Periods), long
// years into quarters, months and so on, so that an article added late, moved or withdrawn touches one
// page of each of its lists, however large the site is; a new one touches the fronts. Previous and next run in the canonical column.
//
// # Addresses
//
// A column stands at /column/, an article at the address that articleURL in site.yaml makes
// of its column, date and slug, a file of the content tree at its own path. Two claims on
// one address, also by letter case, are an error naming both files.
package site

import (
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/source"
)

// Input is all that the model is made of.
type Input struct {
	Config   config.Config
	Edition  *Edition
	Now      time.Time // selects what is scheduled, expired, pinned
	Drafts   bool      // also drafts and articles in review
	Future   bool      // also scheduled articles
	Internal bool      // also internal articles
	Columns  []*article.Column
	Articles []*article.Entry

	// Text returns the whole of the ith of Articles and what Edition.Turn made of its texts, for each edition; nothing where that
	// is not known. It is asked when a page shows the article, from any goroutine.
	Text func(i int) Text

	Files   []source.File // of content that are not articles; paths start with content/
	Retired []Retired     // as redirects.yaml has them
}

// Site is the model, as one edition shows it.
type Site struct {
	*core
	Config    config.Config
	Edition   *Edition
	Home      *Column    // the root of the column tree, without articles of its own
	Columns   []*Column  // all but Home: parents before children, siblings by weight, then folder
	Tags      []*Group   // by key: the same in every edition
	Series    []*Group   // likewise
	Redirects []Redirect // of old addresses: aliases, then retired ones

	tree  []*Column // all columns, Home first, absent ones too: the same places in every edition
	root  string    // "", or "/hant": what stands before the addresses of the first edition
	own   ownClaims
	nth   int                      // place among the editions
	faces *Recent[article.Article] // nil if nothing is converted
}

// core is what all editions have in common: articles as they were written, and addresses of the first edition.
type core struct {
	Preview bool // shows what is not published: drafts, scheduled or internal articles
	Now     time.Time
	Items   []*Item // all that are shown, in order
	Notices []*Item // withdrawn articles whose address shows a notice; not among Items

	in           Input
	hidden       []string               // addresses of articles that exist and are not shown: withdrawn, expired, not yet due …
	byPath       []int32                // places of the items by their files' paths
	twins        map[string]*Item       // by the paths of twins
	gone         map[string]bool        // articles that exist and are not shown
	byDir        map[string]*Column     // of the first edition
	files        map[string]source.File // by path without content/
	internal     map[string]bool        // files that a public build must not publish, likewise
	folders      sync.Once              // fills names, for advice
	names        map[string][]string    // file names by folder
	tags, series groups                 // of the first edition
	itemTags     []int32                // of each item, from Item.tags on: the places of its tags among Tags, then of its series; -1 of blank ones
	urls         map[string]claim       // by folded address: all claims but those of redirects
	below        map[string]claim       // what claims something below a folder, by folded path: the first
	others       []claimed              // what claims below zero stand for
	exempt       []string               // hosts that need no notice
	texts        *Recent[Text]
}

// Column is a column with its place in the tree.
type Column struct {
	*article.Column
	URL      string // address from the site's root: /zzjs/dzbjs/; of a link column, where it leads
	ByWeight bool   // ordered by weight, as said here or above
	Absent   bool   // internal, in a build for the public: it has no page and stands in no list
	Parent   *Column
	Children []*Column
	Items    []*Item  // shown here, in order: own, of sub-columns, by alsoIn
	Own      []*Item  // those whose canonical column this is
	Pinned   []*Item  // at Now, in order
	Periods  []Period // newest first

	path string // Dir, escaped
	nth  int32  // place in Site.tree
}

// Item is an article that is shown, as it was written: what an edition makes of it is its Face.
type Item struct {
	*article.Entry
	Column *Column // of the first edition
	URL    string  // address, from the site's root, in the first edition; of a link article, where it leads
	Newer  *Item   // next in the canonical column, in time
	Older  *Item   // previous
	N      int32   // place among the site's items; -1 of a notice
	from   int32   // place among the articles of the input
	tags   int32   // see core.itemTags
	linked bool    // has no page
}

// From is the place of the item's article among those of the input.
func (it *Item) From() int { return int(it.from) }

// HasPage reports whether the item has a page of its own.
func (it *Item) HasPage() bool { return it.Link.Text == "" }

// Root is the address of the edition's home page: / or, for the second, /hant/.
func (s *Site) Root() string { return s.root + "/" }

// MapURL is the address of the page 网站地图.
func (s *Site) MapURL() string { return s.Root() + "sitemap.html" }

// TagsURL is the address of the page of all tags.
func (s *Site) TagsURL() string { return s.Root() + TagsDir + "/" }

// TOCOn reports whether an article shows its table of contents.
func (it *Item) TOCOn() bool {
	return it.TOC.Or(it.Column.inherit(func(c *article.Column) article.Tri { return c.TOC }))
}

// NumberingOn reports whether an article's numbered paragraphs are headings.
func (it *Item) NumberingOn() bool {
	return it.Numbering.Or(it.Column.inherit(func(c *article.Column) article.Tri { return c.Numbering }))
}

func (c *Column) inherit(f func(*article.Column) article.Tri) bool {
	for ; c != nil; c = c.Parent {
		if t := f(c.Column); t != article.Unset {
			return t == article.Yes
		}
	}
	return false
}

// Required returns the keys that an article in folder dir must set, by the nearest
// _index.md above it that says so.
func Required(cfg config.Config, columns map[string]*article.Column, dir string) []string {
	for {
		if c := columns[dir]; c != nil && len(c.Required) > 0 {
			return c.Required
		}
		if dir == "" || dir == "." {
			break
		}
		dir = parent(dir)
	}
	if len(cfg.Required) > 0 {
		return cfg.Required
	}
	return article.DefaultRequired
}

func parent(dir string) string {
	d := path.Dir(dir)
	if d == "." {
		return ""
	}
	return d
}

// New makes the model, as the first edition shows it. It is complete if there are no errors among the problems.
func New(in Input) (*Site, diag.List) {
	if in.Edition == nil {
		in.Edition = &Edition{}
	}
	written := in
	in = in.with(in.Edition)
	c := &core{
		Preview: in.Drafts || in.Future || in.Internal, Now: in.Now, in: written,
		twins: map[string]*Item{}, gone: map[string]bool{}, byDir: map[string]*Column{},
		files: make(map[string]source.File, len(in.Files)), internal: map[string]bool{}, exempt: exempt(in.Config),
	}
	b := builder{in: in, s: newSite(c, in)}
	for _, f := range in.Files {
		c.files[strings.TrimPrefix(f.Path, "content/")] = f
	}
	b.columns()
	b.items()
	b.keepFiles()
	c.texts = NewRecent[Text](len(c.Items), recentFaces)
	b.s.remember()
	var done sync.WaitGroup
	lists := builder{in: in, s: b.s, topics: map[string]*Column{}, ranks: b.ranks} // on another core
	done.Go(lists.groups)
	b.claims()
	done.Wait()
	done.Go(lists.fill)
	b.claimGroups()
	done.Wait()
	b.problems.Add(lists.problems...)
	b.redirects()
	b.s.nameGroups()
	return b.s, b.problems
}

// newSite returns an edition without columns and lists.
func newSite(c *core, in Input) *Site {
	s := &Site{core: c, Config: in.Config, Edition: in.Edition}
	if p := in.Edition.Prefix; p != "" {
		s.root = "/" + p
	}
	return s
}

// In returns the model as a further edition, the nth, shows it. What is wrong with the site New has said, but for what only this
// edition's redirects say.
func (s *Site) In(e *Edition, nth int) (*Site, diag.List) {
	in := s.core.in.with(e)
	b := builder{in: in, s: newSite(s.core, in)}
	b.s.nth = nth
	b.s.remember()
	b.s.copyColumns(s, in.Columns)
	b.s.Tags, b.s.Series = b.s.copyGroups(s.Tags), b.s.copyGroups(s.Series)
	b.s.nameGroups()
	b.redirects()
	return b.s, b.problems
}

// copyColumns gives the edition the columns of the first, with their own texts and addresses.
func (s *Site) copyColumns(first *Site, own []*article.Column) {
	byDir := make(map[string]*article.Column, len(own))
	for _, c := range own {
		byDir[c.Dir] = c
	}
	s.tree = make([]*Column, len(first.tree))
	for i, c := range first.tree {
		k := *c
		s.tree[i] = &k
		switch ac := byDir[c.Dir]; {
		case i == 0:
			k.Column, k.URL = &article.Column{Title: s.Config.RootLabel}, s.Root()
			s.Home = s.tree[0]
		case ac != nil:
			k.Column = ac
		}
		if i > 0 && k.Layout != "link" {
			k.URL = s.root + c.URL
		}
	}
	for _, c := range s.tree {
		if c.Parent != nil {
			c.Parent = s.tree[c.Parent.nth]
		}
		c.Children = s.same(c.Children)
	}
	s.Columns = s.same(first.Columns)
}

// same returns the edition's columns for those of another.
func (s *Site) same(list []*Column) []*Column {
	out := make([]*Column, len(list))
	for i, c := range list {
		out[i] = s.tree[c.nth]
	}
	return out
}

// copyGroups gives the edition the groups of the first, with their own addresses.
func (s *Site) copyGroups(first []*Group) []*Group {
	out := make([]*Group, len(first))
	for i, g := range first {
		k := *g
		k.URL = s.root + g.URL
		out[i] = &k
	}
	return out
}

type builder struct {
	in       Input
	s        *Site
	problems diag.List

	ranks   []int32            // of the items as they lie in memory: their places among Site.Items
	kept    []string           // folded folders where zhendi alone writes
	topics  map[string]*Column // by name, as found
	divided [Day + 1][]Span    // all items, by each unit
	buf     []byte
	texts   strings.Builder
}

// Newest returns the column's articles, newest first also where it is ordered by weight.
func (c *Column) Newest() []*Item {
	if !c.ByWeight {
		return c.Items
	}
	return slices.SortedFunc(slices.Values(c.Items), Newest)
}

// Column returns the column in folder dir, nil if there is none or it is Absent.
func (s *Site) Column(dir string) *Column {
	if c := s.byDir[strings.Trim(dir, "/")]; c != nil && !c.Absent {
		return s.tree[c.nth]
	}
	return nil
}

// Hides reports whether folder dir is a column that this build does not show.
func (s *Site) Hides(dir string) bool {
	c := s.byDir[strings.Trim(dir, "/")]
	return c != nil && c.Absent
}

// Files returns the files of the content tree that are not articles, in no order.
func (s *Site) Files() []source.File {
	out := make([]source.File, 0, len(s.files))
	for _, f := range s.files {
		out = append(out, f)
	}
	return out
}

// At returns the item whose page is at an address of this edition, escaped as in Item.URL; nil if there is none.
func (s *Site) At(addr string) *Item {
	if c, ok := s.claimed(foldURL(addr)); ok && c >= 0 && s.URL(s.Items[c]) == addr {
		return s.Items[c]
	}
	return nil
}

// ItemOf returns the item that is made of a file, its original or twin; nil if there is none.
func (s *Site) ItemOf(path string) *Item { return s.item(path) }

// Shows reports whether a file of content that is no article is part of this build.
func (s *Site) Shows(path string) bool {
	_, ok := s.files[strings.TrimPrefix(path, "content/")]
	return ok
}

// FileAt returns the file of content that stands at a path of the output if it is published.
func (s *Site) FileAt(path string) (source.File, bool) {
	f, ok := s.files[StaticDir+"/"+path]
	if !ok && !strings.HasPrefix(path, StaticDir+"/") {
		f, ok = s.files[path]
	}
	return f, ok
}

// Hidden lists the addresses, in this edition, of articles that exist and are not shown.
func (s *Site) Hidden() []string {
	out := make([]string, len(s.hidden))
	for i, addr := range s.hidden {
		out[i] = s.root + addr
	}
	return out
}
