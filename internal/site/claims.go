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
	b.folders = map[string]claimed{}
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
				b.s.urls[foldURL(c.URL+name)] = claimed{ownPages, c.URL + name}
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
	for _, it := range b.s.Items {
		if it.HasPage() {
			b.claim(diag.Pos{File: it.Path}, it.URL)
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
	for _, c := range b.s.Columns {
		for _, r := range c.Aliases {
			b.alias(c.Pos(r), r.Text)
		}
	}
	for _, it := range b.s.Items {
		for _, r := range it.Aliases {
			b.alias(it.Pos(r), r.Text)
		}
	}
}

// ownPages stands for the claims of pages that no content file makes.
const ownPages = "site.yaml"

// StaticDir is the folder of content whose files are published at the site's root as they are.
const StaticDir = "_static"

// claimed is an address, escaped, and the file that claims it.
type claimed struct{ file, addr string }

func (b *builder) claim(pos diag.Pos, addr string) {
	key := foldURL(addr)
	other, taken := b.s.urls[key]
	switch {
	case taken && other.file == pos.File:
		return
	case taken && other.file == ownPages, pos.File != ownPages && b.kept(key):
		b.problems.Add(ruleReserved.At(pos, addr))
		return
	case taken:
		b.problems.Add(ruleCollision.At(pos, addr, other.file))
		return
	}
	file := key
	if strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	other, clash := b.folders[file]
	for d := path.Dir(file); d != "/" && !clash; d = path.Dir(d) {
		other, clash = b.s.urls[trimIndex(d)]
	}
	switch {
	case clash && other.file == ownPages:
		b.problems.Add(ruleReserved.At(pos, addr))
		return
	case clash:
		b.problems.Add(rulePageFolder.At(pos, addr, other.addr, other.file))
		return
	}
	c := claimed{pos.File, addr}
	b.s.urls[key] = c
	for d := path.Dir(file); d != "/"; d = path.Dir(d) {
		if _, known := b.folders[d]; known {
			break
		}
		b.folders[d] = c
	}
}

// kept reports whether a folded address is in a folder where zhendi alone writes.
func (b *builder) kept(key string) bool {
	for _, e := range b.in.Config.Editions {
		if e.Prefix != "" && e.Prefix != b.s.Edition.Prefix && strings.HasPrefix(key, "/"+e.Prefix+"/") {
			return true
		}
	}
	return strings.HasPrefix(key, "/_site/") || strings.HasPrefix(key, "/_views/") || strings.HasPrefix(key, "/sitemap/")
}

// alias claims an old address.
func (b *builder) alias(pos diag.Pos, text string) {
	addr, ok := b.s.AliasURL(text)
	if !ok {
		b.problems.Add(ruleAlias.At(pos, text))
		return
	}
	b.claim(pos, addr)
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
