// Package site is stage 3: all articles and columns become the model of the site:
// which articles are shown, in which columns and in what order, who their
// neighbours are, at which addresses everything stands, and where a link leads.
//
// The model is a pure function of its input; it reads no file and no clock.
//
// # Order
//
// Articles are ordered by date, newest first, then by id. A column lists its own articles, those
// of its sub-columns and those that name it in alsoIn. Lists are cut by period of
// publication (Column.Periods), and a period into pages counted from its oldest
// article, so that an article added, withdrawn or back-dated touches the front pages and one
// period of its columns, however large the site is. Previous and next run in the canonical column.
//
// # Addresses
//
// A column stands at /column/, an article at the address that articleURL in site.yaml makes
// of its column, date and slug, a file of the content tree at its own path. Two claims on
// one address, also by letter case, are an error naming both files.
package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
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
	Articles []*article.Article
	Files    []source.File // of content that are not articles; paths start with content/
}

// Site is the model.
type Site struct {
	Preview bool // shows what is not published: drafts, scheduled or internal articles
	Config  config.Config
	Edition *Edition
	Now     time.Time
	Home    *Column   // the root of the column tree, without articles of its own
	Columns []*Column // all but Home: parents before children, siblings by weight, then folder
	Items   []*Item   // all that are shown, in order
	Tags    []*Group  // by name
	Series  []*Group  // by name
	Notices []*Item   // withdrawn articles whose address shows a notice; not among Items

	byPath       map[string]*Item       // by the file's path
	gone         map[string]bool        // articles that exist and are not shown
	byDir        map[string]*Column     //
	files        map[string]source.File // by path without content/
	internal     map[string]bool        // files that a public build must not publish, likewise
	folders      sync.Once              // fills names, for advice
	names        map[string][]string    // file names by folder
	tags, series map[string]*Group      // by TagKey
	urls         map[string]claimed     // by folded address
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
}

// Item is an article that is shown.
type Item struct {
	*article.Article
	Column *Column
	URL    string // address from the site's root; of a link article, where it leads
	Newer  *Item  // next in the canonical column, in time
	Older  *Item  // previous
}

// HasPage reports whether the item has a page of its own.
func (it *Item) HasPage() bool { return it.Link.Text == "" }

// Root is the address of the edition's home page: / or, for the second, /hant/.
func (s *Site) Root() string {
	if s.Edition.Prefix == "" {
		return "/"
	}
	return "/" + s.Edition.Prefix + "/"
}

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

// New makes the model. It is complete if there are no errors among the problems.
func New(in Input) (*Site, diag.List) {
	if in.Edition == nil {
		in.Edition = &Edition{}
	}
	b := builder{in: in, s: &Site{
		Config: in.Config, Edition: in.Edition, Now: in.Now, Preview: in.Drafts || in.Future || in.Internal,
		byPath: map[string]*Item{}, gone: map[string]bool{}, byDir: map[string]*Column{},
		files: map[string]source.File{}, urls: map[string]claimed{}, tags: map[string]*Group{}, series: map[string]*Group{},
		internal: map[string]bool{},
	}}
	for _, f := range in.Files {
		b.s.files[strings.TrimPrefix(f.Path, "content/")] = f
	}
	b.columns()
	b.items()
	b.keepFiles()
	b.groups()
	b.claims()
	b.fill()
	return b.s, b.problems
}

type builder struct {
	in       Input
	s        *Site
	problems diag.List

	folders map[string]claimed // what claims something below a folder, by folded path: the first
}

// columns makes the tree.
func (b *builder) columns() {
	b.s.Home = &Column{Column: &article.Column{Title: b.in.Config.RootLabel}, URL: b.s.Root()}
	b.s.byDir[""] = b.s.Home
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
	for _, a := range b.in.Articles {
		if a.Dir == "" {
			b.problems.Add(ruleNoColumn.At(diag.Pos{File: a.Path}))
		}
		name(a.Dir)
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
		c := &Column{Column: ac, URL: b.s.Root() + EscapePath(d) + "/", Parent: up}
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

// Visible says whether an article is shown in a build of this kind at time now.
func (in *Input) Visible(a *article.Article, c *Column) bool {
	switch {
	case a.Status == article.Withdrawn,
		a.Status == article.Draft && !in.Drafts,
		(a.Internal || c.internal()) && !in.Internal,
		!a.ExpiryDate.IsZero() && !a.ExpiryDate.After(in.Now):
		return false
	}
	from := a.PublishDate
	if from.IsZero() {
		from = a.Date
	}
	return in.Future || !from.After(in.Now)
}

func (c *Column) internal() bool {
	for ; c != nil; c = c.Parent {
		if c.Internal {
			return true
		}
	}
	return false
}

// items selects the articles and puts them in order.
func (b *builder) items() {
	ids := map[string]*article.Article{}
	for _, a := range b.in.Articles {
		if other := ids[a.ID]; other != nil {
			rule := &ruleSameDerived
			if a.GivenID && other.GivenID {
				rule = &ruleSameID
			}
			b.problems.Add(rule.At(diag.Pos{File: a.Path}, a.ID, other.Path))
		}
		ids[a.ID] = a
		c := b.s.byDir[a.Dir]
		if c == nil || a.Dir == "" || !b.in.Visible(a, c) {
			b.s.gone[a.Path] = true
			if a.Base != "" {
				b.s.gone[a.Base] = true
			} else if a.Twin != nil {
				b.s.gone[a.Twin.Path] = true
			}
			if c != nil && b.in.noticed(a, c) {
				b.s.Notices = append(b.s.Notices, &Item{Article: a, Column: c, URL: b.address(a)})
			}
			continue
		}
		it := &Item{Article: a, Column: c, URL: a.Link.Text}
		if it.HasPage() {
			it.URL = b.address(a)
		}
		b.s.byPath[a.Path] = it
		if a.Base != "" {
			b.s.byPath[a.Base] = it
		} else if a.Twin != nil {
			b.s.byPath[a.Twin.Path] = it
		}
		b.s.Items = append(b.s.Items, it)
	}
	slices.SortFunc(b.s.Items, Newest)
}

// keepFiles takes the files of articles and columns that are not shown out of the build, so
// that no other article can publish them: those of bundles; of internal columns; and those that
// an internal article names in its front matter or shows first.
func (b *builder) keepFiles() {
	secret, hidden := map[string]bool{}, map[string]bool{} // folders
	for _, a := range b.in.Articles {
		internal := a.Internal && !b.in.Internal
		switch {
		case a.Bundle && internal:
			secret[a.FilesDir()] = true
		case a.Bundle && b.s.gone[a.Path]:
			hidden[a.FilesDir()] = true
		case internal:
			b.keepNamed(a)
		}
	}
	for name := range b.s.files {
		internal, gone := false, false
		for d := parent(name); d != ""; d = parent(d) {
			c := b.s.byDir[d]
			internal = internal || secret[d] || c != nil && c.Absent
			gone = gone || hidden[d]
		}
		switch {
		case internal:
			delete(b.s.files, name)
			b.s.internal[name] = true
		case gone:
			delete(b.s.files, name)
			b.s.gone["content/"+name] = true
		}
	}
}

// keepNamed keeps the files that an internal article names. Pictures further down its text are not
// looked for: such an article should be a bundle.
func (b *builder) keepNamed(a *article.Article) {
	names := []string{a.Image.Text, a.Head.Image}
	for _, at := range a.Attachments {
		names = append(names, at.File.Text)
	}
	for _, n := range names {
		if f, _, ok := b.s.Lookup(a.FilesDir(), n); ok && n != "" {
			name := strings.TrimPrefix(f.Path, "content/")
			delete(b.s.files, name)
			b.s.internal[name] = true
		}
	}
}

// noticed reports whether a withdrawn article leaves a notice: it has one, and its page would
// stand there otherwise.
func (in *Input) noticed(a *article.Article, c *Column) bool {
	if a.Status != article.Withdrawn || a.WithdrawnNotice == "" || a.Link.Text != "" {
		return false
	}
	before := *a
	before.Status = article.Published
	return in.Visible(&before, c)
}

// Newest is the order of articles: date, newest first, then id.
func Newest(a, b *Item) int {
	return cmp.Or(b.Date.Compare(a.Date), strings.Compare(a.ID, b.ID))
}

// address makes an article's address by the pattern of site.yaml.
func (b *builder) address(a *article.Article) string {
	yyyy, mm, dd := "", "", ""
	if !a.Date.IsZero() {
		d := a.Date.In(b.in.Config.Zone)
		yyyy, mm, dd = d.Format("2006"), d.Format("01"), d.Format("02")
	}
	u := strings.NewReplacer("{column}", EscapePath(a.Dir), "{yyyy}", yyyy, "{mm}", mm, "{dd}", dd, "{slug}", a.Slug, "{id}", a.ID).Replace(b.in.Config.ArticleURL)
	u = strings.TrimSuffix(b.s.Root(), "/") + u
	for strings.Contains(u, "//") {
		u = strings.ReplaceAll(u, "//", "/")
	}
	return u
}

// fill gives the columns their articles, neighbours and periods.
func (b *builder) fill() {
	topics := b.topics()
	for _, it := range b.s.Items {
		in := map[*Column]bool{}
		for c := it.Column; c != b.s.Home; c = c.Parent {
			in[c] = true
			c.Items = append(c.Items, it)
		}
		it.Column.Own = append(it.Column.Own, it)
		for _, r := range it.AlsoIn {
			other := b.s.byDir[strings.Trim(r.Text, "/")]
			if other == nil || other == b.s.Home { // there is none, shown or not
				b.problems.Add(ruleNoSuchColumn.At(it.Pos(r), r.Text, b.nearColumn(r.Text)))
				continue
			}
			if !other.Absent {
				b.list(it, other, in)
			}
		}
		for _, c := range topics[it] {
			b.list(it, c, in)
		}
	}
	for _, c := range b.s.Columns {
		c.finish(b.s.Config, b.in.Now)
	}
}

// list adds an item to a column and those above it; in holds where it is already.
func (b *builder) list(it *Item, c *Column, in map[*Column]bool) {
	for ; c != b.s.Home; c = c.Parent {
		if !in[c] {
			in[c] = true
			c.Items = append(c.Items, it)
		}
	}
}

// finish derives what follows from the column's items.
func (c *Column) finish(cfg config.Config, now time.Time) {
	if c.ByWeight = c.Order == "weight" || c.Order == "" && c.Parent != nil && c.Parent.ByWeight; c.ByWeight {
		slices.SortStableFunc(c.Items, func(x, y *Item) int { return byWeight(x.Weight, y.Weight) })
		slices.SortStableFunc(c.Own, func(x, y *Item) int { return byWeight(x.Weight, y.Weight) })
	}
	pages := c.Own[:len(c.Own):len(c.Own)]
	pages = slices.DeleteFunc(slices.Clone(pages), func(it *Item) bool { return !it.HasPage() })
	for i, it := range pages {
		if i > 0 {
			it.Newer = pages[i-1]
		}
		if i+1 < len(pages) {
			it.Older = pages[i+1]
		}
	}
	for _, it := range c.Items {
		if it.Pin && (it.PinUntil.IsZero() || it.PinUntil.After(now)) {
			c.Pinned = append(c.Pinned, it)
		}
	}
	if !c.ByWeight { // columns ordered by weight are shown whole
		c.Periods = periods(c.Items, c.archive(cfg), cfg.Zone)
	}
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
		return c
	}
	return nil
}

// Hides reports whether folder dir is a column that this build does not show.
func (s *Site) Hides(dir string) bool {
	c := s.byDir[strings.Trim(dir, "/")]
	return c != nil && c.Absent
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

// Files returns the files of the content tree that are not articles, in no order.
func (s *Site) Files() []source.File {
	out := make([]source.File, 0, len(s.files))
	for _, f := range s.files {
		out = append(out, f)
	}
	return out
}
