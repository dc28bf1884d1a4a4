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
	"hash/maphash"
	"path"
	"slices"
	"strconv"
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
	Hidden  []string  // addresses of articles that exist and are not shown: withdrawn, expired, not yet due …

	byPath       map[string]*Item       // by the file's path
	gone         map[string]bool        // articles that exist and are not shown
	byDir        map[string]*Column     //
	files        map[string]source.File // by path without content/
	internal     map[string]bool        // files that a public build must not publish, likewise
	folders      sync.Once              // fills names, for advice
	names        map[string][]string    // file names by folder
	tags, series groups                 //
	urls         map[string]claim       // by folded address
	others       []claimed              // what claims below zero stand for
	exempt       []string               // hosts that need no notice
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
}

// Item is an article that is shown.
type Item struct {
	*article.Article
	Column *Column
	URL    string // address from the site's root; of a link article, where it leads
	N      int32  // place among the site's items, the same in every edition
	Newer  *Item  // next in the canonical column, in time
	Older  *Item  // previous
	linked bool   // has no page
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
		byPath: make(map[string]*Item, len(in.Articles)), gone: map[string]bool{}, byDir: map[string]*Column{},
		files: make(map[string]source.File, len(in.Files)), internal: map[string]bool{}, exempt: exempt(in.Config),
	}}
	for _, f := range in.Files {
		b.s.files[strings.TrimPrefix(f.Path, "content/")] = f
	}
	b.topics, b.divided = map[string]*Column{}, map[string][]Period{}
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

	folders map[string]claim    // what claims something below a folder, by folded path: the first
	ranks   []int32             // of the items as they lie in memory: their places among Site.Items
	kept    []string            // folded folders where zhendi alone writes
	topics  map[string]*Column  // by name, as found
	divided map[string][]Period // all items, by kind of archive
	buf     []byte
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
		c := &Column{Column: ac, Parent: up, path: EscapePath(d)}
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
	b.sameIDs()
	list := make([]Item, 0, len(b.in.Articles)) // in the order of the input, as they lie in memory
	var c *Column
	for _, a := range b.in.Articles {
		if c == nil || c.Dir != a.Dir {
			c = b.s.byDir[a.Dir]
		}
		if c == nil || a.Dir == "" || !b.in.Visible(a, c) {
			b.hide(a, c)
			continue
		}
		it := Item{Article: a, Column: c, URL: a.Link.Text}
		if it.linked = !it.HasPage(); !it.linked {
			it.URL = b.address(a, c)
		}
		list = append(list, it)
	}
	room := make([]Item, len(list)) // in order, so that what is near in time is near in memory
	b.s.Items = make([]*Item, len(list))
	b.ranks = ranks(list)
	for i, nth := range b.ranks {
		it := &room[nth]
		*it = list[i]
		it.N = nth
		b.s.Items[nth] = it
		b.s.byPath[it.Path] = it
		if other := otherPath(it.Article); other != "" {
			b.s.byPath[other] = it
		}
	}
}

// ranks returns the place of each item in the order of Newest.
func ranks(list []Item) []int32 {
	type dated struct {
		at int64 // seconds
		i  int32
	}
	order := make([]dated, len(list))
	for i := range list {
		order[i] = dated{list[i].Date.Unix(), int32(i)}
	}
	slices.SortFunc(order, func(x, y dated) int {
		switch {
		case x.at > y.at:
			return -1
		case x.at < y.at:
			return 1
		}
		return Newest(&list[x.i], &list[y.i])
	})
	out := make([]int32, len(list))
	for nth, d := range order {
		out[d.i] = int32(nth)
	}
	return out
}

// hide notes an article that is not shown, and the notice it leaves.
func (b *builder) hide(a *article.Article, c *Column) {
	b.s.gone[a.Path] = true
	if other := otherPath(a); other != "" {
		b.s.gone[other] = true
	}
	if c == nil || a.Link.Text != "" {
		return
	}
	at := b.address(a, c)
	b.s.Hidden = append(b.s.Hidden, at)
	if b.in.noticed(a, c) {
		b.s.Notices = append(b.s.Notices, &Item{Article: a, Column: c, URL: at})
	}
}

// otherPath is the path of the article's original or twin, empty if there is none.
func otherPath(a *article.Article) string {
	switch {
	case a.Base != "":
		return a.Base
	case a.Twin != nil:
		return a.Twin.Path
	}
	return ""
}

// sameIDs reports ids that several articles have.
func (b *builder) sameIDs() {
	seed := maphash.MakeSeed()
	hashes := make([]uint64, len(b.in.Articles))
	for i, a := range b.in.Articles {
		hashes[i] = maphash.String(seed, a.ID)
	}
	slices.Sort(hashes)
	if len(slices.Compact(hashes)) == len(b.in.Articles) {
		return
	}
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
	}
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
	folders := map[string][2]bool{} // internal, gone
	for name := range b.s.files {
		dir := parent(name)
		why, known := folders[dir]
		if !known {
			for d := dir; d != ""; d = parent(d) {
				c := b.s.byDir[d]
				why[0] = why[0] || secret[d] || c != nil && c.Absent
				why[1] = why[1] || hidden[d]
			}
			folders[dir] = why
		}
		switch internal, gone := why[0], why[1]; {
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
func (b *builder) address(a *article.Article, c *Column) string {
	u := append(b.buf[:0], strings.TrimSuffix(b.s.Root(), "/")...)
	year, month, day := a.Date.In(b.in.Config.Zone).Date()
	for rest := b.in.Config.ArticleURL; rest != ""; {
		n := max(strings.IndexByte(rest, '{'), 0)
		u, rest = append(u, rest[:n]...), rest[n:]
		key, _, _ := strings.Cut(rest, "}")
		dated := !a.Date.IsZero()
		switch key {
		case "{column":
			u = append(u, c.path...)
		case "{slug":
			u = append(u, a.Slug...)
		case "{id":
			u = append(u, a.ID...)
		case "{yyyy":
			u = appendInt(u, year, 4, dated)
		case "{mm":
			u = appendInt(u, int(month), 2, dated)
		case "{dd":
			u = appendInt(u, day, 2, dated)
		default: // no key
			n = max(strings.IndexByte(rest[1:], '{')+1, 0)
			if n == 0 {
				n = len(rest)
			}
			u, rest = append(u, rest[:n]...), rest[n:]
			continue
		}
		rest = rest[len(key)+1:]
	}
	b.buf = u
	out := string(u)
	for strings.Contains(out, "//") {
		out = strings.ReplaceAll(out, "//", "/")
	}
	return out
}

// appendInt appends n with so many digits, if it is to be there.
func appendInt(b []byte, n, digits int, there bool) []byte {
	if !there {
		return b
	}
	for power := 10; digits > 1; digits, power = digits-1, power*10 {
		if n < power {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// fill gives the columns their articles, neighbours and periods.
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
			c.Periods = b.periods(c.Items, c.archive(b.s.Config))
		}
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

// pinned reports whether an article stands at the head of its columns at time now.
func (it *Item) pinned(now time.Time) bool {
	return it.Pin && (it.PinUntil.IsZero() || it.PinUntil.After(now))
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
