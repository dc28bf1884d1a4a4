package site

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/diag"
)

// claims gives every page its address and reports those claimed twice. Pages come before
// aliases, so that it is the alias that is told off.
func (b *builder) claims() {
	for _, p := range []string{b.s.Root(), b.s.Root() + "404.html", b.s.TagsURL(), b.s.MapURL()} {
		b.claim(diag.Pos{File: ownPages}, p)
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
			b.claim(diag.Pos{File: "content/" + name}, "/"+escapePath(rest))
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

func (b *builder) claim(pos diag.Pos, addr string) {
	key := norm.NFC.String(foldURL(addr))
	switch other, ok := b.s.urls[key]; {
	case ok && other == ownPages && pos.File != ownPages:
		b.problems.Add(ruleReserved.At(pos, addr))
		return
	case ok && other != pos.File:
		b.problems.Add(ruleCollision.At(pos, addr, other))
		return
	}
	b.s.urls[key] = pos.File
}

// alias claims an old address.
func (b *builder) alias(pos diag.Pos, text string) {
	addr, ok := AliasPath(text)
	if !ok {
		b.problems.Add(ruleAlias.At(pos, text))
		return
	}
	b.claim(pos, b.s.Root()+escapePath(strings.TrimSuffix(addr, "index.html")))
}

// AliasPath returns the output path of an old address: /a/b/ and /a/b mean
// a/b/index.html, /a/b.html means a/b.html.
func AliasPath(text string) (string, bool) {
	if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, "?#\\") {
		return "", false
	}
	p := path.Clean(text)
	if strings.Contains(p, "..") || p == "/" {
		return "", false
	}
	if ext := path.Ext(p); ext != ".html" && ext != ".htm" && ext != ".shtml" {
		p += "/index.html"
	}
	return strings.TrimPrefix(p, "/"), true
}
