package site

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"zhendi/internal/diag"
)

// claims gives every page its address and reports those claimed twice: those of columns and articles here, then those of tags, series and
// files, then aliases, so that it is the alias that is told off.
func (b *builder) claims() {
	b.s.below = map[string]claim{}
	b.s.others = make([]claimed, 0, len(b.in.Files)+3*len(b.s.Columns)+1000)
	b.s.urls = make(map[string]claim, len(b.s.Items)+len(b.s.Columns)+1000)
	b.keep()
	for _, p := range []string{b.s.Root(), b.s.Root() + "404.html", b.s.TagsURL(), b.s.MapURL(), b.s.Root() + "feed.xml", b.s.Root() + "feed.json"} {
		b.claim(claimed{file: ownPages, addr: p}, diag.Pos{File: ownPages})
	}
	for _, p := range []string{"/robots.txt", "/sitemap.xml"} {
		b.claim(claimed{file: ownPages, addr: p, is: alone}, diag.Pos{File: ownPages})
	}
	for _, c := range b.s.Columns { // their folders are the columns' claims
		for _, name := range []string{"feed.xml", "feed.json"} {
			if c.Layout != "page" && c.Layout != "link" {
				b.s.urls[foldURL(c.URL+name)] = b.other(claimed{file: ownPages, addr: c.URL + name})
			}
		}
	}
	for _, e := range b.in.Config.Editions {
		if e.Prefix != "" {
			b.claim(claimed{file: ownPages, addr: "/" + e.Prefix + "/", is: alone}, diag.Pos{File: ownPages})
		}
	}
	for _, c := range b.s.Columns {
		if c.Layout != "link" { // has no page
			b.claim(claimed{file: c.Path, addr: c.URL}, diag.Pos{File: c.Path})
		}
	}
	for i, it := range b.s.Items {
		if !it.linked {
			b.claimAs(claim(i), diag.Pos{}, it.URL)
		}
	}
	for _, it := range b.s.Notices {
		b.claim(claimed{file: it.Path, addr: it.URL}, diag.Pos{File: it.Path})
	}
}

// claimGroups gives tags and series their addresses, and files theirs.
func (b *builder) claimGroups() {
	for _, g := range slices.Concat(b.s.Tags, b.s.Series) {
		b.claim(claimed{file: g.Items[0].Path, addr: g.URL}, diag.Pos{File: g.Items[0].Path})
	}
	for _, f := range b.in.Files {
		name := strings.TrimPrefix(f.Path, "content/")
		if rest, ok := strings.CutPrefix(name, StaticDir+"/"); ok {
			b.claim(claimed{file: f.Path, addr: b.text([]byte("/" + EscapePath(rest))), is: everywhere}, diag.Pos{File: f.Path})
		}
	}
}

// keep lists the folders that no content may use in this edition.
func (b *builder) keep() {
	b.kept = []string{"/_site/", "/_views/", "/sitemap/"}
	for _, e := range b.in.Config.Editions {
		if e.Prefix != "" && e.Prefix != b.s.Edition.Prefix {
			b.kept = append(b.kept, "/"+e.Prefix+"/")
		}
	}
}

// ownPages stands for the claims of pages that no content file makes.
const ownPages = "site.yaml"

// StaticDir is the folder of content whose files are published at the site's root as they are.
const StaticDir = "_static"

// claimed is an address, escaped, and the file that claims it.
type claimed struct {
	file, addr string
	is         standing
}

// standing says in which editions what is claimed stands.
type standing uint8

const (
	inEach     standing = iota // below the root of each
	alone                      // in this edition alone
	everywhere                 // at this very address, as seen from any
)

// claim names a claimed address: one of Site.Items by its number, or, below zero, one of
// Site.others. There are as many as pages.
type claim int32

// ownClaims are those of an edition's redirects.
type ownClaims struct {
	urls, below map[string]claim
	others      []claimed // behind those of the core
}

// other makes a claim of what is no item.
func (b *builder) other(what claimed) claim {
	if b.s.own.urls != nil {
		b.s.own.others = append(b.s.own.others, what)
		return claim(-len(b.s.others) - len(b.s.own.others))
	}
	b.s.others = append(b.s.others, what)
	return claim(-len(b.s.others))
}

// what returns what a claim stands for.
func (s *Site) what(c claim) claimed {
	if c >= 0 {
		return claimed{file: s.Items[c].Path, addr: s.URL(s.Items[c])}
	}
	n := int(-1 - c)
	if n >= len(s.others) {
		return s.own.others[n-len(s.others)]
	}
	w := s.others[n]
	if w.is == inEach {
		w.addr = s.root + w.addr
	}
	return w
}

// claimed returns what claims a folded address in this edition.
func (s *Site) claimed(key string) (claim, bool) { return s.look(s.own.urls, s.urls, key) }

// folder returns the first that claims something below a folded folder in this edition.
func (s *Site) folder(key string) (claim, bool) {
	if key == s.root && key != "" { // never empty: the home page stands in it
		c, ok := s.urls["/"]
		return c, ok
	}
	return s.look(s.own.below, s.below, key)
}

func (s *Site) look(own, core map[string]claim, key string) (claim, bool) {
	if c, ok := own[key]; ok {
		return c, true
	}
	if s.root == "" {
		c, ok := core[key]
		return c, ok
	}
	if rest, below := strings.CutPrefix(key, s.root+"/"); below {
		c, ok := core["/"+rest]
		return c, ok && (c >= 0 || s.others[-1-c].is == inEach)
	}
	c, ok := core[key]
	return c, ok && c < 0 && s.others[-1-c].is == everywhere
}

// claim claims an address for what is no item.
func (b *builder) claim(what claimed, pos diag.Pos) {
	c := b.other(what)
	if b.claimAs(c, pos, what.addr) {
		return
	}
	if b.s.own.urls != nil {
		b.s.own.others = b.s.own.others[:len(b.s.own.others)-1]
	} else {
		b.s.others = b.s.others[:-1-c]
	}
}

// claimAs claims an address and reports whether it could. The place of an item is known from the claim.
func (b *builder) claimAs(c claim, pos diag.Pos, addr string) bool {
	key := foldURL(addr)
	place := func() diag.Pos {
		if c >= 0 {
			return diag.Pos{File: b.s.Items[c].Path}
		}
		return pos
	}
	at, taken := b.s.claimed(key)
	if taken || pos.File != ownPages && b.isKept(key) {
		switch {
		case taken && b.s.what(at).file == place().File:
		case !taken, b.s.what(at).file == ownPages:
			b.problems.Add(ruleReserved.At(place(), addr))
		default:
			b.problems.Add(ruleCollision.At(place(), addr, b.s.what(at).file))
		}
		return false
	}
	file := key
	if strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	at, clash := b.s.folder(file)
	for d := above(file); d != "/" && !clash; d = above(d) {
		if _, known := b.s.folder(d); known { // then no page has this name, nor one above it
			break
		}
		at, clash = b.s.claimed(trimIndex(d))
	}
	switch {
	case clash && b.s.what(at).file == ownPages:
		b.problems.Add(ruleReserved.At(place(), addr))
		return false
	case clash:
		b.problems.Add(rulePageFolder.At(place(), addr, b.s.what(at).addr, b.s.what(at).file))
		return false
	}
	urls, below := b.s.urls, b.s.below
	if b.s.own.urls != nil {
		urls, below = b.s.own.urls, b.s.own.below
	}
	urls[key] = c
	for d := above(file); d != "/"; d = above(d) {
		if _, known := b.s.folder(d); known {
			break
		}
		below[d] = c
	}
	return true
}

// above is the folder that a folded address is in.
func above(addr string) string { return addr[:max(1, strings.LastIndexByte(addr, '/'))] }

// isKept reports whether a folded address is in a folder where zhendi alone writes.
func (b *builder) isKept(key string) bool {
	for _, folder := range b.kept {
		if strings.HasPrefix(key, folder) {
			return true
		}
	}
	return false
}

// AliasURL returns the address, escaped, that an old address has in this edition.
func (s *Site) AliasURL(text string) (string, bool) {
	p, ok := AliasPath(text)
	if d, index := strings.CutSuffix("/"+p, "/index.html"); index {
		p = strings.TrimPrefix(d+"/", "/")
	}
	return s.Root() + EscapePath(p), ok
}

// AliasPath returns the output path of an old address, which may be written as in a browser's
// address bar or escaped: /a/b/ and /a/b mean a/b/index.html, /a/b.html means a/b.html.
func AliasPath(text string) (string, bool) {
	text, err := url.PathUnescape(text)
	if err != nil || !strings.HasPrefix(text, "/") || strings.ContainsAny(text, "?#\\") {
		return "", false
	}
	p := path.Clean(text)
	if p == "/" {
		return "", false
	}
	if ext := path.Ext(p); ext != ".html" && ext != ".htm" && ext != ".shtml" {
		p += "/index.html"
	}
	return strings.TrimPrefix(p, "/"), true
}
