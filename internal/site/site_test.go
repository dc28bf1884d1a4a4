package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/source"
)

// column and item make input as the parser does.
func column(dir string, change func(*article.Column)) *article.Column {
	c := &article.Column{Path: "content/" + dir + "/_index.md", Dir: dir, Title: "栏目" + dir, Layout: "list"}
	if change != nil {
		change(c)
	}
	return c
}

func item(dir, name string, date time.Time, change func(*article.Article)) *article.Article {
	a := &article.Article{Entry: article.Entry{Rare: &article.Rare{}, Path: "content/" + dir + "/" + name + ".md", Dir: dir, ID: name, Slug: name, Date: date}, Title: name}
	if change != nil {
		change(a)
	}
	return a
}

func input(columns []*article.Column, articles ...*article.Article) Input {
	cfg := config.Default()
	cfg.BaseURL = "https://www.example.gov.cn/dj/"
	cfg.ExemptHosts = []string{"*.example.org"}
	in := Input{Config: cfg, Now: day(30), Columns: columns}
	in.take(articles...)
	return in
}

// take adds articles.
func (in *Input) take(articles ...*article.Article) {
	old, n := in.Text, len(in.Articles)
	for _, a := range articles {
		in.Articles = append(in.Articles, &a.Entry)
	}
	in.Text = func(i int) Text {
		if i < n {
			return old(i)
		}
		return Text{Article: articles[i-n]}
	}
}

func model(t *testing.T, in Input) *Site {
	t.Helper()
	s, problems := New(in)
	if len(problems) > 0 {
		t.Fatal(show(problems))
	}
	return s
}

func show(problems diag.List) string {
	problems.Sort()
	var b strings.Builder
	_ = problems.WriteText(&b, diag.EN)
	return b.String()
}

func names(items []*Item) string {
	var out []string
	for _, it := range items {
		out = append(out, it.ID)
	}
	return strings.Join(out, " ")
}

func TestOrderIsDateThenID(t *testing.T) {
	articles := []*article.Article{
		item("c", "b", day(2), nil), item("c", "a", day(2), nil), item("c", "d", day(3), nil), item("c", "c", day(1), nil), item("c", "z", time.Time{}, nil),
	}
	want := "d a b c z"
	for range 24 { // whatever the order of the input
		articles = append(articles[1:], articles[0])
		if len(articles)%2 == 0 {
			slices.Reverse(articles)
		}
		if got := names(model(t, input([]*article.Column{column("c", nil)}, articles...)).Items); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

func TestColumnListsItsOwnAndThoseBelow(t *testing.T) {
	also := func(dirs ...string) func(*article.Article) {
		return func(a *article.Article) {
			for _, d := range dirs {
				a.AlsoIn = append(a.AlsoIn, article.Ref{Text: d, Line: 2, Col: 9})
			}
		}
	}
	in := input([]*article.Column{column("a", nil), column("a/b", nil), column("g", nil), column("g/h", nil)},
		item("a", "1", day(1), nil), item("a/b", "2", day(2), nil), item("a/b", "3", day(3), also("/g/h/", "g", "a")), item("g", "4", day(4), also("a/b")))
	s := model(t, in)
	for dir, want := range map[string]string{"a": "4 3 2 1", "a/b": "4 3 2", "g": "4 3", "g/h": "3"} {
		if got := names(s.Column(dir).Items); got != want {
			t.Errorf("%s lists %s, want %s", dir, got, want)
		}
	}
	if got := names(s.Column("a").Own) + "|" + names(s.Column("a/b").Own); got != "1|3 2" {
		t.Errorf("own: %s", got)
	}
	in.take(item("a", "5", day(5), also("栏目g", "gh", "")))
	_, problems := New(in)
	got := show(problems)
	for _, want := range []string{"no column \"栏目g\"", "for example g\n", "no column \"gh\"", "no column \"\""} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestNeighboursRunInTheCanonicalColumn(t *testing.T) {
	s := model(t, input([]*article.Column{column("a", nil), column("a/b", nil)},
		item("a", "1", day(1), nil), item("a/b", "2", day(2), nil), item("a", "3", day(3), func(a *article.Article) { a.Link.Text = "https://example.com/" }), item("a", "4", day(4), nil)))
	for _, it := range s.Items {
		older, newer := "", ""
		if it.Older != nil {
			older = it.Older.ID
		}
		if it.Newer != nil {
			newer = it.Newer.ID
		}
		want := map[string]string{"1": "<4", "2": "<", "3": "<", "4": "1<"}[it.ID]
		if older+"<"+newer != want {
			t.Errorf("%s: %s<%s, want %s", it.ID, older, newer, want)
		}
	}
}

func TestPinsByTheClock(t *testing.T) {
	pin := func(until time.Time) func(*article.Article) {
		return func(a *article.Article) { a.Pin, a.PinUntil = true, until }
	}
	in := input([]*article.Column{column("c", nil)},
		item("c", "ever", day(1), pin(time.Time{})), item("c", "soon", day(2), pin(day(10))), item("c", "later", day(3), pin(day(20))), item("c", "not", day(4), nil))
	for now, want := range map[time.Time]string{day(9): "later soon ever", day(10): "later ever", day(20): "ever"} {
		in.Now = now
		c := model(t, in).Column("c")
		if got := names(c.Pinned); got != want || len(c.Items) != 4 {
			t.Errorf("on %v: %s of %d, want %s", now, got, len(c.Items), want)
		}
	}
}

// Archives are by year or month in the site's zone.
func TestPeriodsAreOfTheSitesZone(t *testing.T) {
	in := input([]*article.Column{column("c", nil)}, item("c", "new", day(1), nil), item("c", "old", time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), nil),
		item("c", "eve", time.Date(2023, 12, 31, 16, 30, 0, 0, time.UTC), nil), // 2024 in the site's zone
		item("c", "undated", time.Time{}, nil))
	var got []string
	for _, p := range model(t, in).Column("c").Periods {
		text := p.Name + ":"
		for _, page := range p.Pages {
			text += " " + names(page.Items)
		}
		got = append(got, text)
	}
	if want := "2026:, 2024: old eve, undated: undated"; strings.Join(got, ", ") != want {
		t.Fatalf("%s, want %s", strings.Join(got, ", "), want)
	}
	in = input([]*article.Column{column("c", func(c *article.Column) { c.Archive = "month" }), column("c/d", nil), column("w", func(c *article.Column) { c.Order = "weight" })},
		item("c/d", "a", day(1), nil), item("c", "b", time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC), nil), item("w", "x", day(1), func(a *article.Article) { a.Weight = 2 }),
		item("w", "y", day(2), nil), item("w", "z", day(3), func(a *article.Article) { a.Weight = 1 }))
	s := model(t, in)
	if ps := s.Column("c").Periods; len(ps) != 2 || ps[0].Name != "2026-01" || ps[1].Name != "2025-09" || s.Column("c/d").Periods[0].Name != "2026-01" {
		t.Errorf("months: %+v", ps)
	}
	if w := s.Column("w"); names(w.Items) != "z x y" || w.Periods != nil {
		t.Errorf("by weight: %s, %v", names(w.Items), w.Periods)
	}
}

func TestColumnsByWeightThenFolder(t *testing.T) {
	weight := func(w int) func(*article.Column) { return func(c *article.Column) { c.Weight = w } }
	s := model(t, input([]*article.Column{column("b", nil), column("a", nil), column("z", weight(1)), column("y", weight(2)), column("z/c", nil), column("z/b", weight(9))}))
	var got []string
	for _, c := range s.Columns {
		got = append(got, c.Dir)
	}
	if want := "z z/b z/c y a b"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestVisible(t *testing.T) {
	now := day(10)
	for _, c := range []struct {
		name   string
		change func(*article.Article)
		shown  string // by default, with Drafts, Future, Internal, all: y or n
	}{
		{"plain", nil, "yyyyy"},
		{"draft", func(a *article.Article) { a.Status = article.Draft }, "nynny"},
		{"withdrawn", func(a *article.Article) { a.Status = article.Withdrawn }, "nnnnn"},
		{"internal", func(a *article.Article) { a.Internal = true }, "nnnyy"},
		{"future", func(a *article.Article) { a.Date = day(11) }, "nnyny"},
		{"at this instant", func(a *article.Article) { a.Date = day(10) }, "yyyyy"},
		{"scheduled", func(a *article.Article) { a.PublishDate = day(11) }, "nnyny"},
		{"scheduled before its date", func(a *article.Article) { a.Date, a.PublishDate = day(20), day(9) }, "yyyyy"},
		{"expired", func(a *article.Article) { a.ExpiryDate = day(10) }, "nnnnn"},
		{"expires", func(a *article.Article) { a.ExpiryDate = day(11) }, "yyyyy"},
		{"undated", func(a *article.Article) { a.Date = time.Time{} }, "yyyyy"},
		{"draft of the future", func(a *article.Article) { a.Status, a.Date = article.Draft, day(11) }, "nnnny"},
	} {
		got := ""
		for _, in := range []Input{{}, {Drafts: true}, {Future: true}, {Internal: true}, {Drafts: true, Future: true, Internal: true}} {
			in.Config, in.Now, in.Columns, in.Articles = config.Default(), now, []*article.Column{column("c", nil)}, nil
			in.take(item("c", "a", day(1), c.change))
			if len(model(t, in).Items) > 0 {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != c.shown {
			t.Errorf("%s: %s, want %s", c.name, got, c.shown)
		}
	}
}

// An internal column leaves no trace in a public build, whoever names it.
func TestInternalColumnIsAbsent(t *testing.T) {
	in := input([]*article.Column{column("n", func(c *article.Column) { c.Internal = true }), column("n/t", func(c *article.Column) { c.Layout = "topic" }), column("c", nil)},
		item("n/t", "secret", day(1), nil),
		item("c", "a", day(1), func(a *article.Article) {
			a.AlsoIn, a.Topics = []article.Ref{{Text: "n"}}, []article.Ref{{Text: "n/t"}}
		}))
	s := model(t, in)
	if len(s.Columns) != 1 || names(s.Items) != "a" || s.Column("n") != nil || !s.Hides("n/t") || s.Hides("c") || s.Hides("x") {
		t.Errorf("%d columns, %s", len(s.Columns), names(s.Items))
	}
	for _, dest := range []string{"/n/", "../n/_index.md", "../n/t", "../n/t/secret.md"} {
		if to, p := s.Resolve("c", dest, false); !to.Gone || p == nil || p.Rule != &ruleGoneLink {
			t.Errorf("%s leads to %+v, %v", dest, to, p)
		}
	}
	in.Internal = true
	if s = model(t, in); len(s.Columns) != 3 || names(s.Column("n").Items) != "a secret" || names(s.Column("n/t").Items) != "a secret" {
		t.Errorf("internal build: %d columns, %s", len(s.Columns), names(s.Items))
	}
}

// Every folder on the way to a column is one; those without _index.md are reported once.
func TestUnnamedColumns(t *testing.T) {
	s, problems := New(input([]*article.Column{column("x/y", nil)}, item("a/b", "1", day(1), nil), item("a/b", "2", day(2), nil), item("", "3", day(3), nil)))
	if got := show(problems); strings.Count(got, "warning: no _index.md") != 3 || strings.Count(got, "error: ") != 1 || !strings.Contains(got, "in no column") {
		t.Error(got)
	}
	if c := s.Column("a/b"); c.Parent != s.Column("a") || c.Title != "b" || s.Column("x") == nil {
		t.Errorf("%+v", c)
	}
}

func TestRelated(t *testing.T) {
	tags := func(tags ...string) func(*article.Article) { return func(a *article.Article) { a.Tags = tags } }
	in := input([]*article.Column{column("c", nil)},
		item("c", "newer", day(20), tags("x", "y")), item("c", "it", day(10), tags("x", "y")), item("c", "same-day", day(10), tags("x", "y")),
		item("c", "one", day(9), tags("x")), item("c", "both", day(2), tags("y", "x")), item("c", "other", day(8), tags("z")), item("c", "older", day(3), tags("y")))
	s := model(t, in)
	for name, want := range map[string]string{"it": "both one older", "other": "", "both": ""} {
		at := slices.IndexFunc(s.Items, func(it *Item) bool { return it.ID == name })
		if got := names(s.Related(s.Items[at])); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestResolve(t *testing.T) {
	in := input([]*article.Column{column("a", nil), column("党建", nil), column("caf\u00e9", nil)},
		item("a", "x", day(1), nil), item("a", "caf\u00e9", day(1), func(a *article.Article) { a.Slug = "caf%C3%A9" }),
		item("a", "myindex", day(1), func(a *article.Article) {
			a.Aliases = []article.Ref{{Text: "/old/myindex.html"}, {Text: "/old/%E5%85%9A/"}}
		}), item("a", "hidden", day(1), func(a *article.Article) { a.Status = article.Draft }),
		item("党建", "out", day(1), func(a *article.Article) { a.Link.Text = "https://example.com/" }),
		&article.Article{Entry: article.Entry{Rare: &article.Rare{}, Path: "content/a/hd/index.md", Dir: "a", Bundle: true, ID: "hd", Slug: "hd", Date: day(1)}})
	for _, p := range []string{"a/photo.jpg", "a/表 1.docx", "_static/logo.png", "a/hd/b.png", "a/caf\u00e9.jpg"} {
		in.Files = append(in.Files, source.File{Path: "content/" + p})
	}
	s := model(t, in)
	for _, c := range []struct {
		dest  string
		image bool
		url   string
		kind  string // item, file, external, gone, or nothing of these
		rule  *diag.Rule
	}{
		{"x.md", false, "/a/2026/x.html", "item", nil},
		{"x", false, "/a/2026/x.html", "item", nil},
		{"x.md#h", false, "/a/2026/x.html#h", "item", nil},
		{"x.md?a=1#h", false, "/a/2026/x.html?a=1#h", "item", nil},
		{"./../a/x.md", false, "/a/2026/x.html", "item", nil},
		{"/a/x.md", false, "/a/2026/x.html", "item", nil},
		{"hd", false, "/a/2026/hd.html", "item", nil},
		{"hd/index.md", false, "/a/2026/hd.html", "item", nil},
		{"../党建/out.md", false, "https://example.com/", "item", nil},
		{"../%E5%85%9A%E5%BB%BA/", false, "/%E5%85%9A%E5%BB%BA/", "", nil},
		{"../党建/_index.md", false, "/%E5%85%9A%E5%BB%BA/", "", nil},
		{"/a/", false, "/a/", "", nil},
		{"/A/", false, "", "gone", &ruleDeadLink},
		{"/a/2026/X.html#h", false, "", "gone", &ruleDeadLink},
		{"/a/index.html?b#h", false, "/a/?b#h", "", nil},
		{"/index.html", false, "/", "", nil},
		{"/a/2026/my", false, "", "gone", &ruleDeadLink},
		{"/a/2026/myindex.html", false, "/a/2026/myindex.html", "", nil},
		{"/old/my", false, "", "gone", &ruleDeadLink},
		{"/old/myindex.html", false, "/old/myindex.html", "", nil},
		{"/old/%E5%85%9A/", false, "/old/%E5%85%9A/", "", nil},
		{"/feed.xml", false, "/feed.xml", "", nil},
		{"cafe\u0301.md", false, "/a/2026/caf%C3%A9.html", "item", nil},
		{"cafe\u0301.jpg", true, "/a/caf%C3%A9.jpg", "file", nil},
		{"/caf%C3%A9/", false, "/caf%C3%A9/", "", nil},
		{"/cafe%CC%81/", false, "/caf%C3%A9/", "", nil},
		{"../cafe\u0301", false, "/caf%C3%A9/", "", nil},
		{"/", false, "/", "", nil},
		{"/a/2026/x.html#h", false, "/a/2026/x.html#h", "", nil},
		{"photo.jpg", false, "/a/photo.jpg", "file", nil},
		{"photo.jpg", true, "/a/photo.jpg", "file", nil},
		{"表 1.docx", false, "/a/%E8%A1%A8%201.docx", "file", nil},
		{"%E8%A1%A8%201.docx", false, "/a/%E8%A1%A8%201.docx", "file", nil},
		{"hd/b.png", true, "/a/hd/b.png", "file", nil},
		{"#h", false, "#h", "", nil},
		{"mailto:a@example.com", false, "mailto:a@example.com", "", nil},
		{"https://example.com/a?b#c", false, "https://example.com/a?b#c", "external", nil},
		{"//example.com/a", false, "//example.com/a", "external", nil},
		{"https://www.example.gov.cn/x", false, "https://www.example.gov.cn/x", "", nil},
		{"https://WWW.gov.cn/x", false, "https://WWW.gov.cn/x", "", nil},
		{"https://sub.example.org/x", false, "https://sub.example.org/x", "", nil},
		{"https://notexample.org/x", false, "https://notexample.org/x", "external", nil},
		{"hidden.md", false, "", "gone", &ruleGoneLink},
		{"none.md", false, "", "gone", &ruleDeadLink},
		{"/none/", false, "", "gone", &ruleDeadLink},
		{"x.md", true, "", "gone", &ruleMissingFile},
		{"phto.jpg", true, "", "gone", &ruleMissingFile},
		{"../../site.yaml", false, "", "gone", &ruleOutside},
		{"../..", false, "", "gone", &ruleOutside},
		{"https://example.com/a.jpg", true, "", "gone", &ruleHotlink},
		{"//example.com/a.jpg", true, "", "gone", &ruleHotlink},
		{"http://[::1", false, "", "gone", &ruleDeadLink},
		{"%zz", false, "", "gone", &ruleDeadLink},
	} {
		to, problem := s.Resolve("a", c.dest, c.image)
		kind := ""
		switch {
		case to.Gone:
			kind = "gone"
		case to.Item != nil:
			kind = "item"
		case to.File != nil:
			kind = "file"
		case to.External:
			kind = "external"
		}
		if to.URL != c.url || kind != c.kind || (problem == nil) != (c.rule == nil) || problem != nil && problem.Rule != c.rule {
			t.Errorf("%q (picture %v): %+v, %s, %v", c.dest, c.image, to, kind, problem)
		}
	}
	for dest, want := range map[string]string{"phto.jpg": "did you mean photo.jpg?", "Photo.JPG": "did you mean photo.jpg?", "y.md": "did you mean x.md?", "/A/": "write /a/", "/党建/Index.html": "write /%E5%85%9A%E5%BB%BA/", "gone/z.md": "content/a/gone/z.md"} {
		if _, p := s.Resolve("a", dest, false); p == nil || !strings.Contains(p.Fix(diag.EN), want) {
			t.Errorf("%s: %v, want %s", dest, p, want)
		}
	}
	for name, want := range map[string]string{"photo.jpg": "/a/photo.jpg", "cafe\u0301.jpg": "/a/caf%C3%A9.jpg", "/a/photo.jpg": "/a/photo.jpg", "../_static/logo.png": "/_static/logo.png", "none": "", "../../x": "", "/../x": ""} {
		if _, addr, p := s.File("a", name, diag.T("附件", "attachment")); addr != want || (p == nil) != (want != "") {
			t.Errorf("file %s: %q %v", name, addr, p)
		}
	}
}

func TestClaims(t *testing.T) {
	alias := func(texts ...string) func(*article.Article) {
		return func(a *article.Article) {
			for i, text := range texts {
				a.Aliases = append(a.Aliases, article.Ref{Text: text, Line: 4, Col: int32(i + 1)})
			}
		}
	}
	slug := func(s string) func(*article.Article) { return func(a *article.Article) { a.Slug = s } }
	columns := []*article.Column{column("c", nil)}
	for _, c := range []struct {
		name     string
		columns  []*article.Column
		articles []*article.Article
		static   string
		want     string
	}{
		{"nothing wrong", columns, []*article.Article{item("c", "a", day(1), alias("/old/1.html", "/old/2", "/a..b/", "/old/myindex.html", "/old/my")), item("c", "b", day(1), nil)}, "humans.txt", ""},
		{"same slug", columns, []*article.Article{item("c", "a", day(1), slug("s")), item("c", "b", day(1), slug("s"))}, "", "content/c/b.md: error: the address /c/2026/s.html already belongs to content/c/a.md"},
		{"same slug by case", columns, []*article.Article{item("c", "a", day(1), slug("s")), item("c", "b", day(1), slug("S"))}, "", "already belongs to content/c/a.md"},
		{"same slug in another year", columns, []*article.Article{item("c", "a", day(1), slug("s")), item("c", "b", day(-400), slug("s"))}, "", ""},
		{"alias against page", columns, []*article.Article{item("c", "a", day(1), alias("/c/2026/b.html")), item("c", "b", day(1), nil)}, "", "content/c/a.md:4:1: error: the address /c/2026/b.html already belongs to content/c/b.md"},
		{"alias against column", columns, []*article.Article{item("c", "a", day(1), alias("/C"))}, "", "already belongs to content/c/_index.md"},
		{"alias against alias", columns, []*article.Article{item("c", "a", day(1), alias("/x/")), item("c", "b", day(1), alias("/y", "/x/index.html"))}, "", "content/c/b.md:4:2: error: the address /x/ already belongs to content/c/a.md"},
		{"alias against Unicode form", columns, []*article.Article{item("c", "a", day(1), alias("/caf\u00e9/")), item("c", "b", day(1), alias("/cafe\u0301/"))}, "", "already belongs to content/c/a.md"},
		{"alias against home", columns, []*article.Article{item("c", "a", day(1), alias("/index.html"))}, "", "is kept for what zhendi writes"},
		{"alias against an escaped alias", columns, []*article.Article{item("c", "a", day(1), alias("/%E5%85%9A/1.html")), item("c", "b", day(1), alias("/党/1.html"))}, "", "content/c/b.md:4:1: error: the address /%E5%85%9A/1.html already belongs to content/c/a.md"},
		{"page against the folder of a column", []*article.Column{column("c", nil), column("c/2026", nil), column("c/2026/a.html", nil)}, []*article.Article{item("c", "a", day(1), nil)}, "", "content/c/a.md: error: the address /c/2026/a.html cannot stand beside /c/2026/a.html/ of content/c/2026/a.html/_index.md"},
		{"alias below a page", columns, []*article.Article{item("c", "a", day(1), alias("/c/2026/A.html/x/"))}, "", "content/c/a.md:4:1: error: the address /c/2026/A.html/x/ cannot stand beside /c/2026/a.html of content/c/a.md"},
		{"static file against a feed", columns, nil, "c/feed.xml", "content/_static/c/feed.xml: error: the address /c/feed.xml is kept"},
		{"static robots.txt", columns, nil, "robots.txt", "the address /robots.txt is kept"},
		{"static file below feed.json", columns, nil, "feed.json/x", "the address /feed.json/x is kept"},
		{"static file of counts", columns, nil, "_views/1.json", "the address /_views/1.json is kept"},
		{"bad aliases", columns, []*article.Article{item("c", "a", day(1), alias("old.html", "/", "/a?b", "/../x", "https://example.com/x"))}, "", "content/c/a.md:4:5: error: bad alias"},
		{"static against page", columns, []*article.Article{item("c", "a", day(1), nil)}, "c/2026/a.html", "content/_static/c/2026/a.html: error: the address /c/2026/a.html already belongs to content/c/a.md"},
		{"static against column", columns, nil, "C/index.html", "already belongs to content/c/_index.md"},
		{"columns by case", []*article.Column{column("c", nil), column("C", nil)}, nil, "", "content/c/_index.md: error: the address /c/ already belongs to content/C/_index.md"},
		{"column against tags", []*article.Column{column("tags", nil)}, nil, "", "content/tags/_index.md: error: the address /tags/ is kept"},
		{"one id", columns, []*article.Article{item("c", "a", day(1), nil), item("c", "b", day(1), func(a *article.Article) { a.ID, a.Path = "a", "content/c/b.md" })}, "", "content/c/b.md: error: the id is also that of content/c/a.md"},
	} {
		in := input(c.columns, c.articles...)
		if c.static != "" {
			in.Files = []source.File{{Path: "content/_static/" + c.static}}
		}
		_, problems := New(in)
		if got := show(problems); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	for _, name := range []string{"feed.xml", "robots.txt", "sitemap.xml", "404.html", "index.html", "sitemap.html", "sitemap", "_site", "Feed.JSON"} {
		if _, problems := New(input([]*article.Column{column("c", nil), column(name, nil)})); !strings.Contains(show(problems), "content/"+name+"/_index.md: error: ") {
			t.Errorf("column %s: %s", name, show(problems))
		}
	}
}

func TestAliasPath(t *testing.T) {
	for in, want := range map[string]string{
		"/a/b.html": "a/b.html", "/a/b.htm": "a/b.htm", "/a/b.shtml": "a/b.shtml", "/a/b/": "a/b/index.html", "/a/b": "a/b/index.html", "/a//b/": "a/b/index.html",
		"/旧址/": "旧址/index.html", "/a.b/": "a.b/index.html", "a/b": "", "/": "", "": "", "/a?b=1": "", "/a#b": "", `/a\b`: "", "/a/../../b": "b/index.html", "/..a": "..a/index.html",
		"/a..b/c..html": "a..b/c..html", "/%E5%85%9A/1.html": "党/1.html", "/%zz/": "", "/%3f/": "", "/%2e%2e/x.html": "x.html", "/old/myindex.html": "old/myindex.html",
	} {
		if got, ok := AliasPath(in); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestRequiredByTheNearestColumn(t *testing.T) {
	columns := map[string]*article.Column{"a": {Required: []string{"title"}}, "a/b": {}, "a/b/c": {Required: []string{"date"}}}
	cfg := config.Default()
	for dir, want := range map[string]string{"a": "title", "a/b": "title", "a/b/x": "title", "a/b/c": "date", "a/b/c/d": "date", "g": "title date source", "": "title date source"} {
		if got := strings.Join(Required(cfg, columns, dir), " "); got != want {
			t.Errorf("%s: %s, want %s", dir, got, want)
		}
	}
	cfg.Required = []string{"author"}
	if got := Required(cfg, columns, "g"); got[0] != "author" || Required(cfg, columns, "a")[0] != "title" {
		t.Errorf("%v", got)
	}
}

func TestAddressByThePattern(t *testing.T) {
	for pattern, want := range map[string]string{
		"/{column}/{yyyy}/{slug}.html":    "/a/b/2026/x.html",
		"/{column}/{yyyy}{mm}/{dd}_{id}/": "/a/b/202601/05_x/",
		"/{yyyy}/{mm}/{dd}/{slug}.html":   "/2026/01/05/x.html",
		"/article/{id}.html":              "/article/x.html",
	} {
		in := input([]*article.Column{column("a", nil), column("a/b", nil)}, item("a/b", "x", time.Date(2026, 1, 4, 17, 0, 0, 0, time.UTC), nil))
		in.Config.ArticleURL = pattern
		if got := model(t, in).Items[0].URL; got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
		in.Articles[0].Date = time.Time{}
		if got := model(t, in).Items[0].URL; strings.Contains(got, "//") || strings.Contains(got, "{") {
			t.Errorf("%s without a date: %s", pattern, got)
		}
	}
}

func TestHiddenArticlesHaveAddresses(t *testing.T) {
	s := model(t, input([]*article.Column{column("a", nil)}, item("a", "x", day(1), nil),
		item("a", "draft", day(1), func(a *article.Article) { a.Status = article.Draft }),
		item("a", "back", day(1), func(a *article.Article) { a.Status = article.Withdrawn })))
	if got := strings.Join(s.Hidden(), " "); got != "/a/2026/draft.html /a/2026/back.html" {
		t.Errorf("hidden: %s", got)
	}
}
