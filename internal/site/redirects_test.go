package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/fields"
	"zhendi/internal/source"
)

// retiredSite is a site of two editions with a table.
func retiredSite(t *testing.T, yaml string) ([]*Site, string) {
	t.Helper()
	hidden := func(a *article.Article) { a.Status = article.Withdrawn }
	alias := func(a *article.Article) { a.Aliases = []article.Ref{{Text: "/old/a.html", Line: 3, Col: 10}} }
	in := input([]*article.Column{column("c", nil), column("党", nil), column("m", func(c *article.Column) { c.Archive = "month" })},
		item("c", "a", day(1), alias), item("c", "b", day(2), nil), item("c", "w", day(3), hidden), item("党", "d", day(4), nil), item("m", "e", day(5), nil))
	in.Config.BaseURL = "https://t.example/"
	in.Config.Editions = []config.Edition{{Script: "zh-Hans"}, {Script: "zh-Hant", Prefix: "hant"}}
	in.Files = []source.File{{Path: "content/c/form.pdf"}, {Path: "content/_static/icon.png"}, {Path: "content/files/x.zip"}}
	list, problems := ReadRetired("content/_data/redirects.yaml", []byte(yaml))
	in.Retired = list
	in.Edition = &Edition{Edition: in.Config.Editions[0]}
	first, more := New(in)
	problems.Add(more...)
	second, more := first.In(&Edition{Edition: in.Config.Editions[1]}, 1)
	problems.Add(more...)
	sites := []*Site{first, second}
	problems.Sort()
	return sites, show(problems)
}

func table(s *Site) string {
	var b strings.Builder
	for _, r := range s.Redirects {
		fmt.Fprintf(&b, "%s -> %s", r.Address(), r.To)
		if r.Path != "" {
			fmt.Fprintf(&b, " [%s]", r.Path)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTableOfRedirects(t *testing.T) {
	sites, problems := retiredSite(t, `redirects:
  - {from: /art/2019/3/5/art_123_456.html, to: /c/b.md}
  - {from: "/content/show.asp?Page=2&id=1", to: "/c/2026/b.html?x=1#y"}
  - {from: /show.asp, to: /c/}
  - {from: /%E6%97%A7/甲 乙/, to: /党/}
  - {from: /news/*, to: https://other.example/党}
  - {from: /form.doc, to: /c/form.pdf}
  - {from: /hant/only.html, to: /c/2026/a.html}
  - {from: "/?p=5", to: /}
  - {旧网址: /old/, 新网址: /hant/c/2026/b.html}
gone:
  - /vote/2018.asp
  - /vote/old/*
  - /show.asp?id=9
`)
	if problems != "" {
		t.Error(problems)
	}
	want := `/old/a.html -> /c/2026/a.html [old/a.html]
/art/2019/3/5/art_123_456.html -> /c/2026/b.html [art/2019/3/5/art_123_456.html]
/content/show.asp?id=1&Page=2 -> /c/2026/b.html?x=1#y
/show.asp -> /c/ [show.asp/index.html]
/旧/甲 乙/ -> /%E5%85%9A/ [旧/甲 乙/index.html]
/news/* -> https://other.example/%E5%85%9A
/form.doc -> /c/form.pdf [form.doc/index.html]
/?p=5 -> /
/old/ -> /hant/c/2026/b.html [old/index.html]
/vote/2018.asp -> 
/vote/old/* -> 
/show.asp?id=9 -> 
`
	if got := table(sites[0]); got != want {
		t.Errorf("%s", got)
	}
	hant := table(sites[1])
	for _, line := range []string{"/hant/old/a.html -> /hant/c/2026/a.html [hant/old/a.html]\n", "/hant/only.html -> /hant/c/2026/a.html [hant/only.html]\n",
		"/hant/art/2019/3/5/art_123_456.html -> /hant/c/2026/b.html [hant/art/2019/3/5/art_123_456.html]\n", "/hant/form.doc -> /c/form.pdf [hant/form.doc/index.html]\n", "/hant/?p=5 -> /hant/\n"} {
		if !strings.Contains(hant, line) {
			t.Errorf("no %s in\n%s", line, hant)
		}
	}
	if strings.Contains(table(sites[0]), "only") {
		t.Error("an address of the second edition is in the first")
	}
}

func TestRedirectMistakes(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"no slash", "- {from: art/1.html, to: /c/}", "redirects.yaml:2:12: error: bad retired address \"art/1.html\": it must start with /"},
		{"host", "- {from: 'https://t.example/x.html', to: /c/}", "without a host"},
		{"fragment", "- {from: '/x.html#a', to: /c/}", "no # and"},
		{"star inside", "- {from: /x/*.html, to: /c/}", "* may only stand at the end"},
		{"folder with query", "- {from: '/x/*?a=1', to: /c/}", "cannot have a query"},
		{"GBK", "- {from: /%D6%D0.html, to: /c/}", "not UTF-8"},
		{"bad escape", "- {from: /%zz.html, to: /c/}", "two hexadecimal digits"},
		{"line break", "- {from: /a%0Ab.html, to: /c/}", "control characters"},
		{"bad name of a parameter", "- {from: '/x.asp?a-b=1', to: /c/}", "letters, digits and _"},
		{"parameter without value", "- {from: '/x.asp?a=', to: /c/}", "is empty"},
		{"parameter twice", "- {from: '/x.asp?a=1&A=2', to: /c/}", "twice"},
		{"empty query", "- {from: '/x.asp?', to: /c/}", "without blanks"},
		{"no to", "- {from: /x.html}", "redirects.yaml:2:5: error: each redirect needs"},
		{"http", "- {from: /x.html, to: 'http://other.example/'}", "redirects.yaml:2:25: error: \"http://other.example/\" cannot be led to"},
		{"script", "- {from: /x.html, to: 'javascript:alert(1)'}", "cannot be led to"},
		{"no scheme", "- {from: /x.html, to: //other.example/}", "cannot be led to"},
		{"own host", "- {from: /x.html, to: 'https://T.example/c/?x=1'}", "is on this site"},
		{"dead", "- {from: /x.html, to: /c/2026/none.html}", "\"/c/2026/none.html\", to be led to, does not exist"},
		{"letter case", "- {from: /x.html, to: /C/2026/a.html}", "does not exist"},
		{"withdrawn", "- {from: /x.html, to: /c/w.md}", "warning: \"/c/w.md\" is not on the site now"},
		{"withdrawn, by address", "- {from: /x.html, to: /c/2026/w.html}", "warning: \"/c/2026/w.html\" is not on the site now"},
		{"page", "- {from: /c/2026/a.html, to: /c/}", "redirects.yaml:2:12: error: \"/c/2026/a.html\" has pages and cannot be retired: they belong to content/c/a.md"},
		{"page by letter case", "- {from: /C/2026/A.html, to: /c/}", "has pages"},
		{"page of the other edition", "- {from: /hant/c/2026/a.html, to: /c/}", "has pages"},
		{"page that is gone", "gone: [/c/2026/a.html]", "has pages"},
		{"column", "- {from: /c, to: /党/}", "has pages"},
		{"home", "- {from: /, to: /c/}", "has pages"},
		{"all", "- {from: /*, to: /c/}", "has pages"},
		{"folder with pages", "- {from: /c/2026/*, to: /c/}", "belong to content/c/"},
		{"folder with a page of that name", "gone: [/党/*]", "has pages"},
		{"folder with files", "- {from: /files/*, to: /c/}", "belong to content/files/x.zip"},
		{"archive", "gone: [/c/2026/]", "belong to content/c/_index.md"},
		{"archive that is led away from", "- {from: /C/2026, to: /c/}", "belong to content/c/_index.md"},
		{"archive of the other edition", "gone: [/hant/c/2026/]", "belong to content/c/_index.md"},
		{"folder of an archive in which no article is", "- {from: /m/2026-01/*, to: /c/}", "belong to content/m/_index.md"},
		{"folder of assets", "- {from: /_assets/*, to: /c/}", "has pages"},
		{"folder of an edition", "- {from: /hant/*, to: /c/}", "has pages"},
		{"file", "- {from: /c/form.pdf, to: /c/}", "belong to content/c/form.pdf"},
		{"static file", "- {from: /icon.png, to: /c/}", "belong to content/_static/icon.png"},
		{"alias", "- {from: /old/a.html, to: /c/}", "is given at content/c/a.md:3:10 already"},
		{"twice", "- {from: /x.html, to: /c/}\n  - {from: /X.html, to: /党/}", "redirects.yaml:3:12: error: the address \"/X.html\" is given at content/_data/redirects.yaml:2:12 already"},
		{"twice by query", "- {from: '/x.asp?a=1&b=2', to: /c/}\n  - {from: '/x.asp?B=2&a=1', to: /党/}", "is given at"},
		{"redirected and gone", "- {from: /x.html, to: /c/}\ngone: [/x.html]", "is given at"},
		{"itself", "- {from: /x.html, to: /x.html}", "\"/x.html\" leads in a circle"},
		{"circle", "- {from: /x.html, to: /y.html}\n  - {from: /y.html, to: /z/}\n  - {from: /z, to: /x.html}", "redirects.yaml:4:12: error: \"/z\" leads in a circle"},
		{"into a circle", "- {from: /w.html, to: /x.html}\n  - {from: /x.html, to: /x.html}", "redirects.yaml:2:12: error: \"/w.html\" leads in a circle"},
		{"chain", "- {from: /x.html, to: /y.html}\n  - {from: /y.html, to: /z.html}\n  - {from: /z.html, to: /c/2026/a.html}", "redirects.yaml:2:12: error: \"/x.html\" leads on twice: to \"/y.html\", and from there to \"/c/2026/a.html\""},
		{"chain by alias", "- {from: /x.html, to: /old/a.html}", "and from there to \"/c/2026/a.html\""},
		{"chain by the other edition", "- {from: /x.html, to: /hant/old/a.html}", "leads on twice"},
		{"chain by query", "- {from: /x.html, to: '/y.asp?id=3'}\n  - {from: '/y.asp?id=3', to: /c/}", "leads on twice"},
		{"chain to what is hidden", "- {from: /x.html, to: /y.html}\n  - {from: /y.html, to: /c/w.md}", "leads on twice: to \"/y.html\", and from there to \"/c/w.md\""},
		{"to what is gone", "- {from: /x.html, to: /y.html}\ngone: [/y.html]", "\"/x.html\" leads to \"/y.html\", which is gone"},
		{"below a file", "- {from: /c/2026/a.html/x.html, to: /c/}", "cannot stand beside"},
		{"unknown key", "nothing: 1", "unknown key"},
		{"kept", "- {from: /_views/1.json, to: /c/}", "is kept for what zhendi writes"},
	} {
		yaml := "redirects:\n  " + c.yaml + "\n"
		if !strings.HasPrefix(c.yaml, "-") {
			yaml = c.yaml + "\n"
		}
		if _, got := retiredSite(t, yaml); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// What leads to an article that is not shown leads nowhere, and is back when the article is.
func TestRedirectToWhatIsHidden(t *testing.T) {
	sites, _ := retiredSite(t, "redirects:\n  - {from: /x.html, to: /c/w.md}\n")
	for _, s := range sites {
		if strings.Contains(table(s), "x.html") {
			t.Error(table(s))
		}
		if _, ok := s.Page("/x.html"); ok {
			t.Error("links to it are alive")
		}
	}
}

// Archives stand in the way of a retired address where they are, and nowhere else.
func TestRetiredBesideArchives(t *testing.T) {
	in := input([]*article.Column{column("yw", nil)}, item("yw", "a", day(1), nil), item("yw", "b", time.Time{}, nil))
	in.Config.Archive = "month"
	at := day(1).In(in.Config.Zone)
	for addr, shadowed := range map[string]bool{at.Format("/yw/2006/"): true, at.Format("/yw/2006-01/"): true, "/yw/undated/": true, "/yw/unda/": false, "/yw/1999/": false} {
		in.Retired = []Retired{{From: fields.Item{Text: addr}}}
		if _, problems := New(in); (len(problems) > 0) != shadowed {
			t.Errorf("%s: %s", addr, show(problems))
		}
	}
}
