package site

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/source"
)

// Whatever a link leads to, it asks for the places of that, however it is written: when it goes, the link is looked at again.
func TestLinksAskForWhatTheyLeadTo(t *testing.T) {
	names := []string{"a", "A", "a.b", "v1.2", "café", "党 建", "x%41", "index.a", "b_2"}
	in := input([]*article.Column{column("yw", nil), column("yw.d", nil), column("yw/sub", nil)})
	in.Config.Editions = []config.Edition{{Script: "zh-Hans"}, {Script: "zh-Hant", Prefix: "hant"}}
	in.Config.ArticleURL = "/{column}/{slug}.html"
	for n, name := range names {
		in.take(item([]string{"yw", "yw.d", "yw/sub"}[n%3], name, day(n+1), func(a *article.Article) {
			a.Slug = "s" + strings.ToLower(name)
			a.Tags = []string{name}
			a.Aliases = []article.Ref{{Text: "/old/" + EscapePath(name) + "/"}, {Text: "/old/" + EscapePath(name) + ".x.html"}}
		}))
		for _, f := range []string{"yw/f" + name, "yw/" + name + ".jpg", StaticDir + "/s/" + name + ".pdf", StaticDir + "/S" + name} {
			in.Files = append(in.Files, source.File{Path: "content/" + f})
		}
	}
	in.take(item("yw", "bundle.c/index", day(20), func(a *article.Article) { a.Bundle, a.Slug = true, "c" }))
	first, _ := New(in)
	second, _ := first.In(&Edition{Edition: in.Config.Editions[1]}, 1)
	led := 0
	for _, s := range []*Site{first, second} {
		for _, dest := range destsOf(first) {
			for _, image := range []bool{false, true} {
				to, problem := s.Resolve("yw", dest, image)
				if problem != nil || to.File == nil && to.Item == nil && !to.Page {
					continue
				}
				led++
				keys := map[uint64]bool{Key(strings.TrimPrefix(decoded(strings.SplitN(to.URL, "?", 2)[0]), s.root)): true}
				var paths []string
				if to.Item != nil {
					keys = map[uint64]bool{Key(decoded(to.Item.URL)): true}
					paths = append(paths, to.Item.Path)
				}
				if to.File != nil {
					keys = map[uint64]bool{}
					paths = append(paths, to.File.Path)
				}
				for _, p := range paths {
					for _, k := range FileKeys(strings.TrimPrefix(p, "content/")) {
						keys[k] = true
					}
				}
				if asked := s.AppendAsked(nil, "yw", dest); !slices.ContainsFunc(asked, func(k uint64) bool { return keys[k] }) {
					t.Errorf("%q leads to %+v and does not ask for it", dest, to)
				}
			}
		}
	}
	if led < 400 {
		t.Errorf("only %d links led anywhere", led)
	}
}

// destsOf are ways to write links to all that there is, from column yw.
func destsOf(s *Site) (out []string) {
	add := func(written string) {
		for _, d := range []string{written, EscapePath(written), norm.NFD.String(written), " " + written + " ", EscapePath(written) + "?x=1", "./" + written, written + "/", "../yw/" + written} {
			out = append(out, d)
		}
	}
	for _, it := range s.Items {
		name := strings.TrimPrefix(it.Path, "content/")
		stem := strings.TrimSuffix(name, ".md")
		for _, n := range []string{name, stem, strings.TrimSuffix(stem, "/index")} {
			add("/" + n)
			add("../" + n)
			add(strings.TrimPrefix(n, "yw/"))
		}
		for _, u := range []string{decoded(it.URL), "/tags/" + it.ID + "/", "/tags/" + it.ID + "/index.html"} {
			add(u)
			add("/hant" + u)
		}
		for _, a := range it.Aliases {
			add(decoded(a.Text))
			add("/hant" + decoded(a.Text))
			add(decoded(a.Text) + "index.html")
		}
	}
	for _, f := range s.Files() {
		name := strings.TrimPrefix(f.Path, "content/")
		add("/" + name)
		add("../" + name)
		add("/" + strings.TrimPrefix(name, StaticDir+"/"))
	}
	return out
}
