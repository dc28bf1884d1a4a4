package site

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// Visible says whether an article is shown in a build of this kind at time now.
func (in *Input) Visible(a *article.Entry, c *Column) bool {
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

// items selects the articles and puts them in order.
func (b *builder) items() {
	b.sameIDs()
	list := cleared(len(b.in.Articles))[:0] // in the order of the input, as they lie in memory
	var c *Column
	for i, a := range b.in.Articles {
		if c == nil || c.Dir != a.Dir {
			c = b.s.byDir[a.Dir]
		}
		if c == nil || a.Dir == "" || !b.in.Visible(a, c) {
			b.hide(i, c)
			continue
		}
		it := Item{Entry: a, Column: c, URL: a.Link.Text, from: int32(i)}
		if it.linked = !it.HasPage(); !it.linked {
			it.URL = b.address(a, c)
		}
		list = append(list, it)
	}
	room := cleared(len(list)) // in order, so that what is near in time is near in memory
	b.s.Items = make([]*Item, len(list))
	b.ranks = ranks(list)
	for i, nth := range b.ranks {
		it := &room[nth]
		*it = list[i]
		it.N = nth
		b.s.Items[nth] = it
		if it.Twin != nil {
			b.s.twins[it.Twin.Path] = it
		}
	}
	b.s.byPath = slices.Clone(b.ranks)
	byPath := func(x, y int32) int { return strings.Compare(b.s.Items[x].Path, b.s.Items[y].Path) }
	if !slices.IsSortedFunc(b.s.byPath, byPath) { // the files mostly are
		slices.SortFunc(b.s.byPath, byPath)
	}
}

// cleared returns n items in memory that was written: what the collector of garbage reads before, Linux would give twice.
func cleared(n int) []Item {
	list := make([]Item, n)
	clear(list)
	return list
}

// item returns the item that is made of a file, its original or twin; nil if there is none.
func (c *core) item(path string) *Item {
	i, ok := slices.BinarySearchFunc(c.byPath, path, func(nth int32, path string) int { return strings.Compare(c.Items[nth].Path, path) })
	if ok {
		return c.Items[c.byPath[i]]
	}
	return c.twins[path]
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

// hide notes the ith article, which is not shown, and the notice it leaves.
func (b *builder) hide(i int, c *Column) {
	a := b.in.Articles[i]
	b.s.gone[a.Path] = true
	if other := otherPath(a); other != "" {
		b.s.gone[other] = true
	}
	if c == nil || a.Link.Text != "" {
		return
	}
	at := b.address(a, c)
	b.s.hidden = append(b.s.hidden, at)
	if b.in.noticed(a, c) {
		b.s.Notices = append(b.s.Notices, &Item{Entry: a, Column: c, URL: at, N: -1, from: int32(i)})
	}
}

// otherPath is the path of the article's original or twin, empty if there is none.
func otherPath(a *article.Entry) string {
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
	ids := map[string]*article.Entry{}
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
func (b *builder) keepNamed(a *article.Entry) {
	names := []string{a.Image.Text, a.FirstPicture}
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
func (in *Input) noticed(a *article.Entry, c *Column) bool {
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
func (b *builder) address(a *article.Entry, c *Column) string {
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
	for bytes.Contains(u, []byte("//")) {
		u = bytes.ReplaceAll(u, []byte("//"), []byte("/"))
	}
	return b.text(u)
}

// text returns a text that lies beside others: each by itself, the collector of garbage would look for them all over memory.
func (b *builder) text(s []byte) string {
	if len(s) > b.texts.Cap()-b.texts.Len() {
		b.texts = strings.Builder{}
		b.texts.Grow(max(len(s), textsAtOnce))
	}
	at := b.texts.Len()
	b.texts.Write(s)
	return b.texts.String()[at:]
}

const textsAtOnce = 16 << 10 // bytes

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

// pinned reports whether an article stands at the head of its columns at time now.
func (it *Item) pinned(now time.Time) bool {
	return it.Pin && (it.PinUntil.IsZero() || it.PinUntil.After(now))
}
