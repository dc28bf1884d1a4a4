package build

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/themes"
)

// need fails the test in CI, and elsewhere skips it, if what it needs is not there.
func need(t *testing.T, ok bool, what string) {
	t.Helper()
	switch {
	case ok:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: make tools", what)
	default:
		t.Skipf("%s is missing: make tools", what)
	}
}

// toolsDir is where .ci/tools puts packages.
func toolsDir() string {
	if d := os.Getenv("ZHENDI_TOOLS"); d != "" {
		return d
	}
	if d := os.Getenv("XDG_CACHE_HOME"); d != "" {
		return filepath.Join(d, "zhendi-tools")
	}
	return filepath.Join(os.Getenv("HOME"), ".cache", "zhendi-tools")
}

// feedSite has more articles than a feed holds, and texts that are hard on XML and on readers elsewhere.
func feedSite(t *testing.T, settings string) string {
	files := map[string]string{
		"site.yaml":              "name: 云岫党建网 & <网>\ndescription: |\n  说明 & <一>\n  两行\nbaseURL: https://t.example/dj/\npageSize: 5\n" + settings,
		"content/yw/_index.md":   "---\ntitle: 要闻 & <动态>\ndescription: 栏目说明\n---\n",
		"content/yw/b/_index.md": "---\ntitle: 动态\n---\n",
		"content/gy/_index.md":   "---\ntitle: 关于\nlayout: page\n---\n\n正文。\n",
		"content/wl/_index.md":   "---\ntitle: 外站\nlink: https://other.example/\n---\n",
		"content/zt/_index.md":   "---\ntitle: 专题\nlayout: topic\n---\n",
		"content/kong/_index.md": "---\ntitle: 还没有稿件\n---\n",
		"content/yw/tu.svg":      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>`,
		"content/yw/fu jian.txt": "附件",
		"content/yw/link.md":     "---\ntitle: 外链稿件\ndate: 2026-05-30\nsource: 本网\nlink: https://other.example/a?b=1&c=2\n---\n",
		"content/yw/hard.md": "---\nid: aaaaaaaaaa\ntitle: 标题 & <b>不是粗体</b> ]]> “引号” \"直\"\ndate: 2026-05-29 08:30\nlastmod: 2026-05-30 09:00\nsource: 本网\nauthor: [甲, 乙 & 丙]\ntags: [党建, \"A&B\"]\nseries: 系列\nsummary: 摘要 & <i>\n---\n\n" +
			"开头[站内](b/a01.md)、[附件](<fu jian.txt>)、[外站](https://other.example/x?y=1&z=2)、[同协议](//cdn.example/x)、[信箱](mailto:a@t.example)、[本页](#节)。\n\n![图](tu.svg)\n\n## 节\n\n脚注[^1] ]]> &amp; `<code>`。\n\n[^1]: 注文 & 终。\n",
		"content/yw/long.md":      "---\ntitle: 长文\ndate: 2026-05-28\nsource: 本网\naliases: [/old.html]\n---\n\n第一页甲。\n\n<!-- page -->\n\n第二页乙。\n\n<!-- page -->\n\n第三页丙。\n",
		"content/yw/hant.md":      "---\ntitle: 黨務公開\ndate: 2026-05-27\nsource: 本網\n---\n\n黨務公開的內容。\n",
		"content/yw/zone.md":      "---\ntitle: 别的时区\ndate: 2026-05-31T23:30:00Z\nsource: 本网\n---\n\n正文。\n",
		"content/yw/b/old.md":     "---\ntitle: 旧稿\ndate: 2019-05-27\nsource: 本网\ntopics: [zt]\n---\n\n正文。\n",
		"content/yw/b/undated.md": "---\ntitle: 无日期\nsource: 本网\n---\n\n正文。\n",
		"content/yw/b/gone.md":    "---\ntitle: 撤了\ndate: 2026-05-26\nsource: 本网\nstatus: withdrawn\nwithdrawnNotice: 已撤\n---\n\n正文。\n",
	}
	files["content/yw/b/_index.md"] = "---\ntitle: 动态\nrequired: [title]\n---\n"
	for i := range 24 {
		files[fmt.Sprintf("content/yw/b/a%02d.md", i)] = fmt.Sprintf("---\ntitle: 第 %d 篇\ndate: 2026-04-%02d 10:00\nsource: 本网\ntags: [党建]\n---\n\n正文第 %d 篇的全文。\n", i, i+1, i)
	}
	return makeSite(t, files)
}

// The text of an article is not kept when all feeds in which it stands are made.
func TestTextsDoNotOutliveTheirFeeds(t *testing.T) {
	dir := feedSite(t, hantToo)
	l, err := open(Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS,
		Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tx, err := output.Open(t.Context(), t.TempDir(), output.Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Abort()
	if err := l.model(t.Context()); err != nil {
		t.Fatal(err)
	}
	theme, err := render.LoadTheme(render.Layers{l.tree.Sub("themes"), l.opt.Themes}, l.Config.Theme)
	if err != nil {
		t.Fatal(err)
	}
	p := pages{l: l, theme: theme, tx: tx, write: true}
	if err := p.all(t.Context()); err != nil || l.Problems.Count(diag.Error) > 0 {
		t.Fatal(err, l.Problems)
	}
	if len(p.due) < 20 {
		t.Errorf("%d articles are in feeds", len(p.due))
	}
	p.bodies.Range(func(k, _ any) bool {
		t.Errorf("the text of article %d of edition %d is kept", k.(bodyKey).item, k.(bodyKey).edition)
		return true
	})
}

const hantToo = "editions: [zh-Hans, zh-Hant]\n"

// pageKind is the kind of a page, empty for a redirect.
func pageKind(text string) string {
	if m := regexp.MustCompile(`<body class="kind-([a-z]+)`).FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// mapped are the addresses that belong into the sitemap: every page but archives, further parts of articles, what is
// not for search engines and redirects. They are read off the pages, not the model.
func mapped(t *testing.T, files map[string]string) map[string]bool {
	t.Helper()
	canonical := regexp.MustCompile(`<link rel="canonical" href="([^"]+)"`)
	period := regexp.MustCompile(`/(\d{4}|undated)/(index|_q\d|_\d\d(-\d\d)*|_page-\d+)\.html$`)
	out := map[string]bool{}
	for name, text := range files {
		kind := pageKind(text)
		if !strings.HasSuffix(name, ".html") || kind == "" || strings.Contains(text, `content="noindex"`) || kind == "archive" ||
			period.MatchString(name) || regexp.MustCompile(`_(\d+|all)\.html$`).MatchString(name) {
			continue
		}
		out[html.UnescapeString(canonical.FindStringSubmatch(text)[1])] = true
	}
	return out
}

type sitemapPart struct {
	Index []string `xml:"sitemap>loc"`
	URLs  []struct {
		Loc     string `xml:"loc"`
		Lastmod string `xml:"lastmod"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/1999/xhtml link"`
	} `xml:"url"`
}

func TestSitemapHasEveryPageOnce(t *testing.T) {
	for _, settings := range []string{"", hantToo} {
		files, problems := buildSite(t, feedSite(t, settings), nil)
		if problems != "" {
			t.Fatal(problems)
		}
		read := func(name string) (p sitemapPart) {
			if err := xml.Unmarshal([]byte(files[name]), &p); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return p
		}
		const base = "https://t.example/dj/"
		parts := map[string]bool{}
		seen := map[string]string{}
		for _, loc := range read("sitemap.xml").Index {
			name := strings.TrimPrefix(loc, base)
			parts[name] = true
			part := read(name)
			if n := len(part.URLs); n == 0 || n > 50000 {
				t.Errorf("%s has %d addresses", name, n)
			}
			for _, u := range part.URLs {
				if other := seen[u.Loc]; other != "" {
					t.Errorf("%s is in %s and in %s", u.Loc, other, name)
				}
				seen[u.Loc] = name
				var langs []string
				self := false
				for _, l := range u.Links {
					langs = append(langs, l.Lang)
					self = self || l.Href == u.Loc
				}
				if settings != "" && (!self || !slices.Equal(langs, []string{"zh-Hans", "zh-Hant"})) || settings == "" && langs != nil {
					t.Errorf("%s has alternates %v", u.Loc, u.Links)
				}
			}
		}
		for name := range files {
			if strings.HasPrefix(name, "sitemap/") && !parts[name] {
				t.Errorf("%s is not in the index", name)
			}
		}
		want := mapped(t, files)
		if len(want) < 40 {
			t.Fatalf("only %d pages", len(want))
		}
		for u := range want {
			if seen[u] == "" {
				t.Errorf("%s is in no part", u)
			}
		}
		for u, name := range seen {
			if !want[u] {
				t.Errorf("%s in %s is no page of its own", u, name)
			}
		}
		has(t, files, "sitemap/2026.xml", "<loc>https://t.example/dj/yw/2026/hard.html</loc><lastmod>2026-05-30T09:00:00+08:00</lastmod>")
		has(t, files, "sitemap.xml", "<loc>https://t.example/dj/sitemap/2026.xml</loc></sitemap>")
		has(t, files, "robots.txt", "Sitemap: https://t.example/dj/sitemap.xml\n")
	}
}

// The part of the newest articles changes all the time; of the others the index says when they did.
func TestSitemapIndexTellsWhatIsSettled(t *testing.T) {
	files, problems := buildSite(t, makeSite(t, map[string]string{"site.yaml": keptSettings, "content/yw/_index.md": "---\ntitle: 要闻\n---\n",
		"content/yw/a.md": page("甲", "正文。"), "content/yw/b.md": strings.Replace(page("乙", "正文。"), "2026-", "2024-", 1)}), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	has(t, files, "sitemap.xml", "/sitemap/2026.xml</loc></sitemap>", "/sitemap/2024.xml</loc><lastmod>2024-01-02")
}

// The schema of the parts is that of the npm package sitemap; nothing is fetched.
func TestSitemapIsValid(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	need(t, err == nil, "xmllint")
	schema := filepath.Join(toolsDir(), "node_modules", "sitemap", "schema", "sitemap.xsd")
	_, err = os.Stat(schema)
	need(t, err == nil, "the npm package sitemap")
	link, err := filepath.Abs("testdata/xhtml-link.xsd")
	if err != nil {
		t.Fatal(err)
	}
	both := filepath.Join(t.TempDir(), "both.xsd")
	text := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="` + (&url.URL{Path: schema}).EscapedPath() + `"/>
<xs:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="` + (&url.URL{Path: link}).EscapedPath() + `"/>
</xs:schema>`
	if err := os.WriteFile(both, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, settings := range []string{"", hantToo} {
		dir := feedSite(t, settings)
		if _, problems := buildSite(t, dir, nil); problems != "" {
			t.Fatal(problems)
		}
		parts, err := filepath.Glob(filepath.Join(dir, "public/sitemap/*.xml"))
		if err != nil || len(parts) < 3 {
			t.Fatalf("%v, %v", parts, err)
		}
		if out, err := exec.Command(lint, append([]string{"--nonet", "--noout", "--schema", both}, parts...)...).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		if out, err := exec.Command(lint, "--nonet", "--noout", "--schema", "testdata/siteindex.xsd", filepath.Join(dir, "public/sitemap.xml")).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	// And the schema finds what is wrong.
	bad := filepath.Join(t.TempDir(), "bad.xml")
	for _, x := range []string{
		`<url><lastmod>2026-01-01</lastmod><loc>https://t.example/</loc></url>`,
		`<url><loc>https://t.example/</loc><lastmod>2026年</lastmod></url>`,
		`<url><loc>https://t.example/</loc><x:link rel="alternate" href="https://t.example/"/></url>`,
	} {
		if err := os.WriteFile(bad, []byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">`+x+`</urlset>`), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := exec.Command(lint, "--nonet", "--noout", "--schema", both, bad).Run(); err == nil {
			t.Errorf("valid: %s", x)
		}
	}
}

// parsedFeed is what testdata/feed.py prints.
type parsedFeed struct {
	Problem, Version, Title, Link, About, Language, Date string
	Self                                                 []string
	Items                                                []struct {
		ID, Title, Link, Date, Author, Text string
		Permanent                           bool
		Parsed                              []int
		Tags                                []string
	}
}

// readFeeds reads feeds of an output with feedparser.
func readFeeds(t *testing.T, dir string, names []string) map[string]parsedFeed {
	t.Helper()
	const python = "/usr/bin/python3"
	need(t, exec.Command(python, "-c", "import feedparser").Run() == nil, "the Python module feedparser")
	args := []string{"testdata/feed.py"}
	for _, n := range names {
		args = append(args, filepath.Join(dir, n))
	}
	cmd := exec.Command(python, args...)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all, out = map[string]parsedFeed{}, map[string]parsedFeed{}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for n, f := range all {
		rel, err := filepath.Rel(dir, n)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.ToSlash(rel)] = f
	}
	return out
}

// addresses are those that a fragment of a page holds.
func addresses(fragment string) (out []string) {
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if slices.Contains([]string{"href", "src", "poster", "srcset", "data", "cite"}, a.Key) {
					out = append(out, a.Val)
				}
			}
		}
	}
}

// absoluteOnly checks that a text can be read elsewhere.
func absoluteOnly(t *testing.T, where, fragment string) {
	t.Helper()
	for _, a := range addresses(fragment) {
		if u, err := url.Parse(a); err != nil || !u.IsAbs() && u.Host == "" || u.Host == "t.example" && !strings.HasPrefix(u.Path, "/dj/") {
			t.Errorf("%s: address %q", where, a)
		}
	}
}

var rfc822 = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0800$`)

func TestRSSIsReadByOthers(t *testing.T) {
	dir := feedSite(t, hantToo)
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	var names []string
	for name := range files {
		if strings.HasSuffix(name, "feed.xml") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	want := []string{"feed.xml", "hant/feed.xml", "hant/kong/feed.xml", "hant/yw/b/feed.xml", "hant/yw/feed.xml", "hant/zt/feed.xml", "kong/feed.xml", "yw/b/feed.xml", "yw/feed.xml", "zt/feed.xml"}
	if !slices.Equal(names, want) {
		t.Errorf("feeds: %v", names)
	}
	feeds := readFeeds(t, filepath.Join(dir, "public"), names)
	for name, f := range feeds {
		if f.Problem != "" || f.Version != "rss20" {
			t.Errorf("%s: %s %s", name, f.Version, f.Problem)
		}
		home := "https://t.example/dj/" + strings.TrimSuffix(name, "feed.xml")
		if f.Link != home || !slices.Equal(f.Self, []string{home + "feed.xml"}) || f.Title == "" || f.About == "" {
			t.Errorf("%s: %s %s %s %s", name, f.Title, f.About, f.Link, f.Self)
		}
		if lang := map[bool]string{true: "zh-Hant", false: "zh-CN"}[strings.HasPrefix(name, "hant/")]; f.Language != lang {
			t.Errorf("%s: language %s", name, f.Language)
		}
		if len(f.Items) > 0 && f.Date != f.Items[0].Date {
			t.Errorf("%s is of %s, its newest article of %s", name, f.Date, f.Items[0].Date)
		}
		last := ""
		for i, it := range f.Items {
			where := name + " " + it.Title
			if it.Permanent || !regexp.MustCompile(`^[a-z2-7]{10}$`).MatchString(it.ID) {
				t.Errorf("%s: guid %q, permanent %v", where, it.ID, it.Permanent)
			}
			page := files[strings.TrimPrefix(it.Link, "https://t.example/dj/")]
			if pageKind(page) != "article" || !strings.Contains(page, it.ID) && !strings.Contains(page, html.EscapeString(it.Title)) {
				t.Errorf("%s: no page %s", where, it.Link)
			}
			if !rfc822.MatchString(it.Date) || len(it.Parsed) == 0 {
				t.Errorf("%s: date %q", where, it.Date)
			}
			at, err := time.Parse(time.RFC1123Z, it.Date)
			if err != nil {
				t.Errorf("%s: %v", where, err)
			}
			sortable := at.UTC().Format(time.RFC3339)
			if i > 0 && sortable > last {
				t.Errorf("%s is newer than what stands before it", where)
			}
			last = sortable
			if it.Text == "" {
				t.Errorf("%s: no text", where)
			}
			absoluteOnly(t, where, it.Text)
		}
	}
	site := feeds["feed.xml"]
	if len(site.Items) != 20 || len(feeds["yw/b/feed.xml"].Items) != 20 || len(feeds["zt/feed.xml"].Items) != 1 || len(feeds["kong/feed.xml"].Items) != 0 {
		t.Fatalf("%d, %d, %d and %d articles", len(site.Items), len(feeds["yw/b/feed.xml"].Items), len(feeds["zt/feed.xml"].Items), len(feeds["kong/feed.xml"].Items))
	}
	if site.Title != "云岫党建网 & <网>" || site.About != "说明 & <一> 两行" {
		t.Errorf("%q %q", site.Title, site.About)
	}
	if it := site.Items[0]; it.Title != "别的时区" || it.Date != "Mon, 01 Jun 2026 07:30:00 +0800" {
		t.Errorf("first comes %s of %s", it.Title, it.Date)
	}
	hard := site.Items[1]
	if hard.ID != "aaaaaaaaaa" || hard.Title != `标题 & <b>不是粗体</b> ]]> “引号” "直"` || hard.Author != "甲、乙 & 丙" || !slices.Equal(hard.Tags, []string{"党建", "A&B"}) {
		t.Errorf("%+v", hard)
	}
	for _, want := range []string{"注文 &amp; 终。", "]]&gt; &amp; <code>&lt;code&gt;</code>", `href="https://t.example/dj/yw/b/2026/a01.html"`, `href="https://t.example/dj/yw/fu%20jian.txt"`, `src="https://t.example/dj/yw/tu.svg"`,
		`href="https://other.example/x?y=1&amp;z=2"`, `href="https://cdn.example/x"`, `href="mailto:a@t.example"`, `href="https://t.example/dj/yw/2026/hard.html#`} {
		if !strings.Contains(hard.Text, want) {
			t.Errorf("no %s in\n%s", want, hard.Text)
		}
	}
	long := site.Items[2].Text
	for _, want := range []string{"第一页甲", "第二页乙", "第三页丙"} {
		if !strings.Contains(long, want) {
			t.Errorf("the long article has no %s: %s", want, long)
		}
	}
	if it := feeds["hant/feed.xml"].Items[3]; it.Text != site.Items[3].Text && !strings.Contains(it.Text, "黨務公開的內容") || !strings.Contains(site.Items[3].Text, "党务公开的内容") || it.ID != site.Items[3].ID {
		t.Errorf("%+v", it)
	}
}

func TestJSONFeedHasWhatTheRSSFeedHas(t *testing.T) {
	dir := feedSite(t, hantToo)
	files, problems := buildSite(t, dir, nil)
	if problems != "" {
		t.Fatal(problems)
	}
	type rss struct {
		IDs []string `xml:"channel>item>guid"`
	}
	n := 0
	for name, text := range files {
		if !strings.HasSuffix(name, "feed.json") {
			continue
		}
		n++
		dec := json.NewDecoder(strings.NewReader(text))
		dec.DisallowUnknownFields()
		var f struct { // https://www.jsonfeed.org/version/1.1/
			Version     string `json:"version"`
			Title       string `json:"title"`
			HomePageURL string `json:"home_page_url"`
			FeedURL     string `json:"feed_url"`
			Description string `json:"description"`
			Language    string `json:"language"`
			Items       []struct {
				ID            string `json:"id"`
				URL           string `json:"url"`
				Title         string `json:"title"`
				ContentHTML   string `json:"content_html"`
				Summary       string `json:"summary"`
				Image         string `json:"image"`
				DatePublished string `json:"date_published"`
				DateModified  string `json:"date_modified"`
				Language      string `json:"language"`
				Authors       []struct {
					Name string `json:"name"`
				} `json:"authors"`
				Tags []string `json:"tags"`
			} `json:"items"`
		}
		if err := dec.Decode(&f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		home := "https://t.example/dj/" + strings.TrimSuffix(name, "feed.json")
		if f.Version != "https://jsonfeed.org/version/1.1" || f.Title == "" || f.HomePageURL != home || f.FeedURL != home+"feed.json" || f.Items == nil {
			t.Errorf("%s: %+v", name, f)
		}
		var r rss
		if err := xml.Unmarshal([]byte(files[strings.TrimSuffix(name, "json")+"xml"]), &r); err != nil {
			t.Error(err)
		}
		var ids []string
		for _, it := range f.Items {
			ids = append(ids, it.ID)
			where := name + " " + it.Title
			for _, d := range []string{it.DatePublished, it.DateModified} {
				if _, err := time.Parse(time.RFC3339, d); err != nil && (d != "" || it.DatePublished == "") {
					t.Errorf("%s: %v", where, err)
				}
			}
			if !strings.HasPrefix(it.URL, "https://t.example/dj/") || it.ContentHTML == "" || it.Title == "" || it.Language != f.Language {
				t.Errorf("%s: %+v", where, it)
			}
			absoluteOnly(t, where, it.ContentHTML)
			if it.ID == "aaaaaaaaaa" && !strings.HasPrefix(name, "hant/") {
				if len(it.Authors) != 2 || it.Authors[1].Name != "乙 & 丙" || !slices.Equal(it.Tags, []string{"党建", "A&B"}) || it.DateModified != "2026-05-30T09:00:00+08:00" || it.Summary != "摘要 & <i>" {
					t.Errorf("%s: %+v", where, it)
				}
			}
		}
		if !slices.Equal(ids, r.IDs) {
			t.Errorf("%s has %v, the RSS feed %v", name, ids, r.IDs)
		}
	}
	if n != 10 {
		t.Errorf("%d feeds: %v", n, slices.Sorted(maps.Keys(files)))
	}
}

// A feed is about what is new, also of a column whose list is ordered by weight.
func TestFeedOfColumnByWeightIsNewestFirst(t *testing.T) {
	piece := func(title, day, weight string) string {
		return "---\ntitle: " + title + "\ndate: 2026-05-" + day + "\nsource: 本网\nweight: " + weight + "\n---\n\n正文。\n"
	}
	files, problems := buildSite(t, makeSite(t, map[string]string{
		"site.yaml":             "name: 云岫党建网\nbaseURL: https://t.example/\n",
		"content/g/_index.md":   "---\ntitle: 指南\norder: weight\n---\n",
		"content/g/h/_index.md": "---\ntitle: 下级\n---\n",
		"content/g/h/a.md":      piece("重", "03", "1"),
		"content/g/h/b.md":      piece("新", "09", "3"),
		"content/g/h/c.md":      piece("旧", "01", "2"),
	}), nil)
	if problems != "" {
		t.Fatal(problems)
	}
	inOrder := func(name, want string) {
		t.Helper()
		var got strings.Builder
		for _, r := range partOf(t, files[name]+"\x00", "", "\x00") {
			if strings.ContainsRune("重新旧", r) {
				got.WriteRune(r)
			}
		}
		if !strings.HasPrefix(got.String(), want) {
			t.Errorf("%s has %s, want %s", name, got.String(), want)
		}
	}
	inOrder("g/feed.json", "新重旧")
	inOrder("g/h/feed.json", "新重旧")
	inOrder("_site/latest.json", "新重旧新重旧")
	rows := partOf(t, files["g/h/index.html"], `<ul class="rows">`, "</ul>")
	if !regexp.MustCompile(`(?s)重.*旧.*新`).MatchString(rows) {
		t.Errorf("the list is not by weight: %s", rows)
	}
	has(t, files, "g/feed.xml", "<pubDate>Sat, 09 May 2026 00:00:00 +0800</pubDate><generator>")
}
