package site

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// Redirect is a line of the table of redirects: an old address of this edition, and where it leads. An alias of an
// article leads to its page; a retired address to where redirects.yaml says.
//
// What redirects.yaml says counts in every edition, as an alias does: /old.html is also /hant/old.html, and leads to
// the same page there. An address that starts with the prefix of an edition is that edition's alone.
type Redirect struct {
	Pos   diag.Pos // where it is written
	From  string   // from the site's root, decoded. What ends in / stands for the folder and its name without /
	Query string   // parameters that must be there, as in a=1&b=2, by name, escaped; without = the whole query; empty: any
	Below bool     // all addresses below From
	To    string   // address of a page or file, or a complete URL; escaped; empty: gone for good
	Path  string   // in the output, of the page that leads on where a server knows nothing of this table; empty: there can be none
	File  string   // the file of content that To is, which must be published

	final bool // To is a page or file
	lost  bool // what it leads to is not there
}

// redirects makes the table: aliases first, so that it is the retired address that is told off.
func (b *builder) redirects() {
	add := func(pos diag.Pos, ref article.Ref, to string, final bool) {
		addr, ok := b.s.AliasURL(ref.Text)
		if !ok {
			b.problems.Add(ruleAlias.At(pos, ref.Text))
			return
		}
		b.claim(claimed{file: pos.File, addr: addr}, pos)
		p, _ := AliasPath(ref.Text)
		b.s.Redirects = append(b.s.Redirects, Redirect{Pos: pos, From: trimIndex(b.s.Root() + p), To: to, Path: b.s.Root()[1:] + p, final: final})
	}
	b.keep()
	b.s.own = ownClaims{urls: map[string]claim{}, below: map[string]claim{}}
	own := b.retired()
	for _, c := range b.s.Columns {
		for _, r := range c.Aliases {
			add(c.Pos(r), r, c.URL, c.Layout != "link")
		}
	}
	for _, it := range b.s.Items {
		for _, r := range it.Aliases {
			add(it.Pos(r), r, b.s.URL(it), !it.linked)
		}
	}
	b.takeUp(own)
}

// own is a retired address of this edition.
type own struct {
	Retired
	from
}

// retired returns the retired addresses of this edition that are well written and no page's.
func (b *builder) retired() (list []own) {
	var archives map[string]string
	if len(b.in.Retired) > 0 {
		archives = b.archives()
	}
	for _, r := range b.in.Retired {
		f, wrong := parseFrom(r.From.Text)
		if wrong.EN != "" {
			b.problems.Add(ruleFrom.At(r.From.Pos, r.From.Text, wrong))
			continue
		}
		prefix := ""
		for _, e := range b.in.Config.Editions {
			if e.Prefix != "" && strings.HasPrefix(f.path, "/"+e.Prefix+"/") {
				prefix = e.Prefix
			}
		}
		switch {
		case prefix == "":
			f.path = b.s.Root() + f.path[1:]
		case prefix != b.s.Edition.Prefix:
			continue
		}
		by := b.shadowed(f)
		if by == "" && f.query == "" {
			by = archives[foldURL(EscapePath(f.path))]
		}
		if by != "" {
			b.problems.Add(RuleShadow.At(r.From.Pos, r.From.Text, by))
			continue
		}
		list = append(list, own{r, f})
	}
	return list
}

// archives lists the folders in which archives stand, and nothing that claims them, with the files of their columns.
func (b *builder) archives() map[string]string {
	list := map[string]string{}
	add := func(file, url string, periods []Period) {
		for _, p := range periods {
			list[foldURL(url+p.Name+"/")] = file
			year, _, _ := strings.Cut(p.Name, "-")
			list[foldURL(url+year+"/")] = file // of a divided year: it leads to the front
		}
	}
	for _, c := range b.s.Columns {
		if c.Layout != "page" && c.Layout != "link" {
			add(c.Path, c.URL, c.Periods)
		}
	}
	for _, g := range slices.Concat(b.s.Tags, b.s.Series) {
		add(g.Items[0].Path, g.URL, g.Periods)
	}
	return list
}

// shadowed returns the file of which a page stands where a retired address would lead away from it. An
// address with a query leads away from no page: the page is there without.
func (b *builder) shadowed(f from) string {
	addr := EscapePath(f.path)
	if c, ok := b.s.claimed(foldURL(addr)); ok && f.query == "" {
		return b.s.what(c).file
	}
	name := strings.TrimPrefix(norm.NFC.String(f.path), "/")
	if !f.below {
		name = strings.TrimSuffix(name, "/")
		for _, file := range []string{name, StaticDir + "/" + name} {
			if _, ok := b.s.files[file]; ok && f.query == "" {
				return "content/" + file
			}
		}
		return ""
	}
	if c, ok := b.s.folder(strings.TrimSuffix(foldURL(addr), "/")); ok {
		return b.s.what(c).file
	}
	folder := strings.ToLower(name)
	for _, kept := range append([]string{"/_assets/", "/_pictures/", "/tags/"}, b.kept...) {
		if strings.HasPrefix(kept, "/"+folder) {
			return ownPages
		}
	}
	var below []string
	for file := range b.s.files {
		if low := strings.ToLower(file); strings.HasPrefix(low, folder) || strings.HasPrefix(low, StaticDir+"/"+folder) {
			below = append(below, "content/"+file)
		}
	}
	if len(below) == 0 {
		return ""
	}
	return slices.Min(below)
}

// takeUp adds the retired addresses to the table and finds out where they lead.
func (b *builder) takeUp(list []own) {
	first := len(b.s.Redirects)
	at := make(map[string]int, first+len(list)) // by key
	if len(list) > 0 {
		for i := range b.s.Redirects {
			at[b.s.Redirects[i].key()] = i
		}
	}
	var taken []own // of the table from first on
	for _, o := range list {
		r := Redirect{Pos: o.From.Pos, From: o.path, Query: o.query, Below: o.below}
		if other, ok := at[r.key()]; ok {
			b.problems.Add(ruleTwice.At(r.Pos, o.From.Text, b.s.Redirects[other].Pos))
			continue
		}
		at[r.key()] = len(b.s.Redirects)
		b.s.Redirects, taken = append(b.s.Redirects, r), append(taken, o)
	}
	for i, o := range taken {
		r := &b.s.Redirects[first+i]
		if o.To.Text == "" {
			continue
		}
		if r.lost = !b.leads(r, o, at); r.lost {
			continue
		}
		if p, ok := AliasPath(EscapePath(o.path)); ok && o.query == "" && !o.below {
			r.Path = p
			b.claim(claimed{file: r.Pos.File, addr: EscapePath(o.path)}, r.Pos)
		}
	}
	b.follow(first, taken)
	b.s.Redirects = slices.DeleteFunc(b.s.Redirects, func(r Redirect) bool { return r.lost })
}

// key is the form in which the addresses of the table are compared.
func (r *Redirect) key() string {
	k := foldURL(EscapePath(r.From)) + "?" + foldQuery(r.Query)
	if r.Below {
		k += "*"
	}
	return k
}

// leads finds where a retired address leads; false if nowhere now. at has the places of all in the table by key: what
// leads to one of them is told of by follow.
func (b *builder) leads(r *Redirect, o own, at map[string]int) bool {
	to, pos := o.To.Text, o.To.Pos
	r.To = to
	u, err := url.Parse(to)
	switch {
	case err != nil || strings.HasPrefix(to, "//") || u.Scheme != "" && (u.Scheme != "https" || u.Host == "") || u.Scheme == "" && !strings.HasPrefix(to, "/"):
		b.problems.Add(ruleTo.At(pos, to))
		return false
	case u.Scheme == "https":
		if base, err := url.Parse(b.in.Config.BaseURL); err == nil && strings.EqualFold(base.Host, u.Host) {
			b.problems.Add(ruleToOwn.At(pos, to, u.RequestURI()))
			return false
		}
		r.To = u.String()
		return true
	}
	if i, ok := b.tableAt(to, at); ok {
		next := &b.s.Redirects[i]
		r.To = EscapePath(next.From)
		if next.Query != "" {
			r.To += "?" + next.Query
		}
		return true
	}
	t, problem := b.s.Resolve("", to, false)
	if problem == nil {
		r.To, r.final = t.URL, true
		if t.File != nil {
			r.File = strings.TrimPrefix(t.File.Path, "content/")
		}
		return true
	}
	if problem.Rule == &ruleGoneLink || problem.Rule == &ruleInternalFile || b.hidden(u.Path) {
		b.problems.Add(ruleToHidden.At(pos, to))
	} else {
		b.problems.Add(ruleToDead.At(pos, to, diag.T(problem.Fix(diag.ZH), problem.Fix(diag.EN))))
	}
	return false
}

// tableAt returns the place of an address, as written in any edition, in the table of this one.
func (b *builder) tableAt(to string, at map[string]int) (int, bool) {
	to, _, _ = strings.Cut(to, "#")
	f, wrong := parseFrom(to)
	if wrong.EN != "" || f.below {
		return 0, false
	}
	p := f.path
	for _, e := range b.in.Config.Editions {
		if rest, ok := strings.CutPrefix(p, "/"+e.Prefix+"/"); ok && e.Prefix != "" {
			p = "/" + rest
		}
	}
	next := Redirect{From: b.s.Root() + p[1:], Query: f.query}
	i, ok := at[next.key()]
	if !ok {
		next.Query = ""
		i, ok = at[next.key()]
	}
	return i, ok
}

// hidden reports whether p is the address of an article that exists and is not shown.
func (b *builder) hidden(p string) bool {
	is := func(addr string) bool {
		return slices.ContainsFunc(b.s.hidden, func(h string) bool { return foldURL(b.s.root+h) == addr })
	}
	p = EscapePath(p)
	return is(foldURL(p)) || is(foldURL(b.s.Root()+strings.TrimPrefix(p, "/")))
}

// trail goes along a table.
type trail struct {
	table []Redirect
	at    map[string]int // by key
}

// loose reports whether a redirect may lead to another.
func (r *Redirect) loose() bool { return !r.final && strings.HasPrefix(r.To, "/") }

// next returns the redirect that r leads to; nil if it leads to a page or away.
func (t trail) next(r *Redirect) *Redirect {
	if !r.loose() {
		return nil
	}
	to, query, _ := strings.Cut(r.To, "?")
	to, _, _ = strings.Cut(to, "#")
	for _, q := range []string{query, ""} {
		if i, ok := t.at[foldURL(to)+"?"+foldQuery(q)]; ok {
			return &t.table[i]
		}
	}
	return nil
}

// end returns the last redirect that r leads to, r itself if it leads to none; false if there is no last. Nobody writes chains
// of a hundred.
func (t trail) end(r *Redirect) (*Redirect, bool) {
	for range 100 {
		n := t.next(r)
		if n == nil {
			return r, true
		}
		r = n
	}
	return nil, false
}

// follow reports redirects that lead to redirects. Those from first on are retired addresses.
func (b *builder) follow(first int, taken []own) {
	t := trail{table: b.s.Redirects}
	if !slices.ContainsFunc(t.table, func(r Redirect) bool { return r.loose() }) {
		return
	}
	t.at = make(map[string]int, len(t.table))
	for i := range t.table {
		t.at[t.table[i].key()] = i
	}
	for i := range t.table {
		r := &t.table[i]
		if t.next(r) == nil {
			continue
		}
		from, to := r.Address(), r.To
		if i >= first {
			from, to = taken[i-first].From.Text, taken[i-first].To.Text
		}
		switch last, ends := t.end(r); {
		case !ends:
			b.problems.Add(ruleLoop.At(r.Pos, from))
		case last.To == "":
			b.problems.Add(ruleToGone.At(r.Pos, from, to))
		default:
			b.problems.Add(ruleChain.At(r.Pos, from, to, last.To))
		}
	}
}

// Address is the old address as people write it.
func (r *Redirect) Address() string {
	s := r.From
	switch dir := strings.TrimSuffix(s, "/"); {
	case r.Below:
		s += "*"
	case path.Ext(dir) != "":
		s = dir
	}
	if r.Query != "" {
		s += "?" + r.Query
	}
	return s
}
