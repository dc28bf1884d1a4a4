package site

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"zhendi/internal/diag"
)

// claims gives every page its address and reports those claimed twice. Pages come before
// aliases, so that it is the alias that is told off.
func (b *builder) claims() {
	b.folders = map[string]claim{}
	b.s.urls = make(map[string]claim, len(b.s.Items)+len(b.s.Columns)+len(b.s.Tags)+1000)
	b.kept = []string{"/_site/", "/_views/", "/sitemap/"}
	for _, e := range b.in.Config.Editions {
		if e.Prefix != "" && e.Prefix != b.s.Edition.Prefix {
			b.kept = append(b.kept, "/"+e.Prefix+"/")
		}
	}
	own := []string{b.s.Root(), b.s.Root() + "404.html", b.s.TagsURL(), b.s.MapURL(), b.s.Root() + "feed.xml", b.s.Root() + "feed.json"}
	if b.s.Edition.Prefix == "" {
		own = append(own, "/robots.txt", "/sitemap.xml")
	}
	for _, p := range own {
		b.claim(diag.Pos{File: ownPages}, p)
	}
	for _, c := range b.s.Columns { // their folders are the columns' claims
		for _, name := range []string{"feed.xml", "feed.json"} {
			if c.Layout != "page" && c.Layout != "link" {
				b.s.urls[foldURL(c.URL+name)] = b.other(ownPages, c.URL+name)
			}
		}
	}
	for _, e := range b.in.Config.Editions {
		if b.s.Edition.Prefix == "" && e.Prefix != "" {
			b.claim(diag.Pos{File: ownPages}, "/"+e.Prefix+"/")
		}
	}
	for _, c := range b.s.Columns {
		if c.Layout != "link" { // has no page
			b.claim(diag.Pos{File: c.Path}, c.URL)
		}
	}
	for i, it := range b.s.Items {
		if !it.linked {
			b.claimAs(claim(i), diag.Pos{}, it.URL)
		}
	}
	for _, it := range b.s.Notices {
		b.claim(diag.Pos{File: it.Path}, it.URL)
	}
	for _, g := range slices.Concat(b.s.Tags, b.s.Series) {
		b.claim(diag.Pos{File: g.Items[0].Path}, g.URL)
	}
	for _, f := range b.in.Files {
		name := strings.TrimPrefix(f.Path, "content/")
		if rest, ok := strings.CutPrefix(name, StaticDir+"/"); ok {
			b.claim(diag.Pos{File: "content/" + name}, "/"+EscapePath(rest))
		}
	}
}

// ownPages stands for the claims of pages that no content file makes.
const ownPages = "site.yaml"

// StaticDir is the folder of content whose files are published at the site's root as they are.
const StaticDir = "_static"

// claimed is an address, escaped, and the file that claims it.
type claimed struct{ file, addr string }

// claim names a claimed address: one of Site.Items by its number, or, below zero, one of
// Site.others. There are as many as pages.
type claim int32

// other makes a claim of what is no item.
func (b *builder) other(file, addr string) claim {
	b.s.others = append(b.s.others, claimed{file, addr})
	return claim(-len(b.s.others))
}

// what returns what a claim stands for.
func (s *Site) what(c claim) claimed {
	if c < 0 {
		return s.others[-1-c]
	}
	return claimed{s.Items[c].Path, s.Items[c].URL}
}

func (b *builder) claim(pos diag.Pos, addr string) {
	c := b.other(pos.File, addr)
	if !b.claimAs(c, pos, addr) {
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
	at, taken := b.s.urls[key]
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
	at, clash := b.folders[file]
	for d := path.Dir(file); d != "/" && !clash; d = path.Dir(d) {
		if _, known := b.folders[d]; known { // then no page has this name, nor one above it
			break
		}
		at, clash = b.s.urls[trimIndex(d)]
	}
	switch {
	case clash && b.s.what(at).file == ownPages:
		b.problems.Add(ruleReserved.At(place(), addr))
		return false
	case clash:
		b.problems.Add(rulePageFolder.At(place(), addr, b.s.what(at).addr, b.s.what(at).file))
		return false
	}
	b.s.urls[key] = c
	for d := path.Dir(file); d != "/"; d = path.Dir(d) {
		if _, known := b.folders[d]; known {
			break
		}
		b.folders[d] = c
	}
	return true
}

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
