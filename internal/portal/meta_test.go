package portal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// metaNames are the META of 国办发〔2017〕47号, annex 网页设计规范, in its order and spelling.
var metaNames = []string{
	"SiteName", "SiteDomain", "SiteIDCode",
	"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
	"ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url",
}

// mayLack are those that an article without the thing itself is without.
var mayLack = []string{"SiteIDCode", "PubDate", "Keywords", "Author", "Description", "Image"}

// metaOf returns the content of a meta element that must be there.
func metaOf(t *testing.T, pg *page, name string) string {
	t.Helper()
	s, ok := pg.meta(name)
	if !ok {
		t.Errorf("%s: no meta %s", pg, name)
	}
	return s
}

func TestMetaNamesAndOrder(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		for _, pg := range p.pages {
			upTo := map[string]int{"column": 7, "archive": 7, "page": 7, "topic": 7, "article": 15}[pg.kind]
			if upTo == 0 {
				upTo = 3 // home, and lists that belong to no column
			}
			var got []string
			for _, m := range pg.all("head > meta[name]") {
				if n := attr(m, "name"); slices.Contains(metaNames, n) {
					got = append(got, n)
					if c := attr(m, "content"); strings.TrimSpace(c) == "" || strings.ContainsAny(c, "\n\t") || c != strings.TrimSpace(c) {
						t.Errorf("%s: %s is %q", pg, n, c)
					}
				}
			}
			at := 0
			for _, n := range metaNames[:upTo] {
				if at < len(got) && got[at] == n {
					at++
				} else if !slices.Contains(mayLack, n) {
					t.Errorf("%s: no %s in its place among %v", pg, n, got)
				}
			}
			if at != len(got) {
				t.Errorf("%s: META out of order, doubled or too many: %v", pg, got)
			}
		}
	})
}

func TestMetaOfEverything(t *testing.T) {
	p := kitchen.get(t)
	want := map[string]string{
		"SiteName": "云岫市机关党建网", "SiteDomain": "www.yunxiu.example", "SiteIDCode": "bm12345678",
		"ColumnName": "要闻", "ColumnDescription": "全市机关党建 重要信息。", "ColumnKeywords": "要闻,动态", "ColumnType": "工作动态",
		"ArticleTitle": "样样“齐全”的稿件 A&B <党建>", "PubDate": "2026-11-03 09:30", "ContentSource": "某日报",
		"Keywords": "关键,词", "Author": "甲一,乙二", "Description": "手写的摘要。",
		"Image": "https://www.yunxiu.example/yw/quan/tu.png", "Url": "https://www.yunxiu.example/yw/2026/quan.html",
	}
	pg := p.page(t, "yw/2026/quan.html")
	for n, v := range want {
		if got := metaOf(t, pg, n); got != v {
			t.Errorf("%s is %q, want %q", n, got, v)
		}
	}
	bare := p.page(t, "wrq/wu.html")
	if got := metaOf(t, bare, "ContentSource"); got != "云岫市机关党建网" {
		t.Errorf("source of an article without one: %q", got)
	}
	for _, n := range []string{"PubDate", "Keywords", "Author", "Image"} {
		if c, ok := bare.meta(n); ok {
			t.Errorf("article without anything has %s %q", n, c)
		}
	}
	for _, n := range []string{"ColumnDescription", "ColumnKeywords", "ColumnType"} {
		if !strings.Contains(metaOf(t, bare, n), "无日期") {
			t.Errorf("%s is not derived from the column's name", n)
		}
	}
	for _, pg := range sample.get(t).pages {
		if c, ok := pg.meta("SiteIDCode"); ok {
			t.Errorf("%s has SiteIDCode %q, which the site has not", pg, c)
		}
	}
}

// What META says is what the page shows.
func TestMetaIsVisible(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		base, _ := url.Parse(p.base)
		for _, pg := range p.pages {
			name := text(pg.one(t, ".brand"))
			if metaOf(t, pg, "SiteName") != name || metaOf(t, pg, "SiteDomain") != base.Hostname() {
				t.Errorf("%s: SiteName or SiteDomain", pg)
			}
			if !strings.HasPrefix(pg.canonical(), p.base) || len(pg.all("link[rel=canonical]")) != 1 {
				t.Errorf("%s: canonical %q", pg, pg.canonical())
			} else if got := outPath(t, p, pg.canonical()); got != strings.Replace(pg.path, "_all.html", ".html", 1) {
				t.Errorf("%s: canonical is that of %s", pg, got)
			}
			column := ""
			if _, ok := pg.meta("ColumnName"); ok {
				crumbs := pg.all(".crumbs a")
				if column = text(crumbs[len(crumbs)-1]); metaOf(t, pg, "ColumnName") != column {
					t.Errorf("%s: ColumnName is not the column of the breadcrumb, %s", pg, column)
				}
			}
			h1 := rawText(pg.one(t, "h1"))
			if got, want := rawText(pg.one(t, "head > title")), titleOf(pg, name, column, h1); got != want {
				t.Errorf("%s: <title> %q, want %q", pg, got, want)
			}
			if pg.kind == "article" {
				articleMeta(t, p, pg, h1)
			}
			graph(t, pg)
			jsonld(t, pg)
		}
	})
}

var pageNumber = regexp.MustCompile(`(?:[^/]_|/_page-)(\d+)\.html$`)

// titleOf is the form of <title>: 站名, 栏目_站名, 标题_栏目_站名, each page after the first with its number.
func titleOf(pg *page, site, column, h1 string) string {
	number := ""
	if m := pageNumber.FindStringSubmatch(pg.path); m != nil && len(pg.all(".parts, h1 .period")) > 0 {
		number = "_第" + m[1] + "页"
		if pg.traditional() {
			number = "_第" + m[1] + "頁"
		}
	}
	if period := first(pg.doc, "h1 .period"); period != nil {
		h1 = strings.TrimSpace(strings.TrimSuffix(h1, text(period))) + "_" + text(period)
	}
	switch pg.kind {
	case "home":
		return site
	case "article":
		return h1 + "_" + column + number + "_" + site
	}
	return h1 + number + "_" + site
}

func articleMeta(t *testing.T, p *portal, pg *page, h1 string) {
	t.Helper()
	if metaOf(t, pg, "ArticleTitle") != h1 {
		t.Errorf("%s: ArticleTitle is not the title shown", pg)
	}
	if shown := pg.label("发布时间"); shown != "" {
		if len(shown) == len("2026-01-02") {
			shown += " 00:00"
		}
		if got := metaOf(t, pg, "PubDate"); got != shown {
			t.Errorf("%s: PubDate %q, shown %q", pg, got, shown)
		}
		if _, err := time.Parse("2006-01-02 15:04", shown); err != nil {
			t.Errorf("%s: time shown: %v", pg, err)
		}
	}
	if s := pg.label("来源"); metaOf(t, pg, "ContentSource") != s {
		t.Errorf("%s: ContentSource, shown %q", pg, s)
	}
	shown := pg.label("作者")
	if shown == "" {
		shown = pg.label("编辑")
	}
	if author, _ := pg.meta("Author"); author != strings.ReplaceAll(shown, "、", ",") {
		t.Errorf("%s: Author %q, shown %q", pg, author, shown)
	}
	if d, _ := pg.meta("Description"); regexp.MustCompile(`\*\*|\]\(|^#|<[a-z/]`).MatchString(d) {
		t.Errorf("%s: Description has markup: %.100q", pg, d)
	}
	if u := metaOf(t, pg, "Url"); pageNumber.FindString(pg.path) == "" && u != pg.canonical() {
		t.Errorf("%s: Url %q", pg, u)
	}
	if img, ok := pg.meta("Image"); ok {
		if p.files[outPath(t, p, img)] == nil {
			t.Errorf("%s: Image %s is not there", pg, img)
		}
	}
	u := metaOf(t, pg, "Url")
	if got := readQR(t, pg); got != u {
		t.Errorf("%s: QR code says %s", pg, got)
	}
}

// graph checks Open Graph.
func graph(t *testing.T, pg *page) {
	t.Helper()
	want := map[string]string{
		"og:url": pg.canonical(), "og:site_name": metaOf(t, pg, "SiteName"), "og:type": "website", "og:locale": "zh_CN",
	}
	if pg.traditional() {
		want["og:locale"] = "zh_TW"
	}
	if pg.kind == "article" {
		want["og:type"] = "article"
		want["og:title"] = metaOf(t, pg, "ArticleTitle")
		for a, b := range map[string]string{"og:description": "Description", "og:image": "Image"} {
			if v, ok := pg.meta(b); ok {
				want[a] = v
			}
		}
		if ti := first(pg.doc, ".meta time"); ti != nil {
			want["article:published_time"] = attr(ti, "datetime")
		}
	}
	for n, v := range want {
		if got := metaOf(t, pg, n); got != v {
			t.Errorf("%s: %s is %q, want %q", pg, n, got, v)
		}
	}
	if metaOf(t, pg, "og:title") == "" {
		t.Errorf("%s: empty og:title", pg)
	}
}

// jsonld checks the data for search engines.
func jsonld(t *testing.T, pg *page) {
	t.Helper()
	scripts := pg.all(`script[type="application/ld+json"]`)
	if slices.Contains([]string{"notfound", "withdrawn", "tags", "sitemap"}, pg.kind) && len(scripts) == 0 {
		return
	}
	if len(scripts) != 1 {
		t.Errorf("%s: %d blocks of JSON-LD", pg, len(scripts))
		return
	}
	var ld map[string]any
	if err := json.Unmarshal([]byte(rawText(scripts[0])), &ld); err != nil {
		t.Errorf("%s: JSON-LD: %v", pg, err)
		return
	}
	if ld["@context"] != "https://schema.org" {
		t.Errorf("%s: JSON-LD context %v", pg, ld["@context"])
	}
	list, _ := ld["@graph"].([]any)
	if list == nil {
		list = []any{ld}
	}
	types := map[string]map[string]any{}
	for _, e := range list {
		m, _ := e.(map[string]any)
		s, _ := m["@type"].(string)
		types[s] = m
	}
	if pg.kind == "home" {
		if types["WebSite"]["url"] != pg.canonical() {
			t.Errorf("%s: JSON-LD WebSite %v", pg, types["WebSite"])
		}
		return
	}
	var names []string
	items, _ := types["BreadcrumbList"]["itemListElement"].([]any)
	for i, e := range items {
		m, _ := e.(map[string]any)
		s, _ := m["name"].(string)
		names = append(names, s)
		if u, _ := m["item"].(string); m["position"] != float64(i+1) || !strings.HasPrefix(u, "https://") {
			t.Errorf("%s: JSON-LD crumb %v", pg, m)
		}
	}
	if !slices.Equal(names, texts(pg.all(".crumbs a"))) {
		t.Errorf("%s: JSON-LD crumbs %v", pg, names)
	}
	if pg.kind == "article" {
		n := types["NewsArticle"]
		if n["headline"] != metaOf(t, pg, "ArticleTitle") || n["mainEntityOfPage"] != metaOf(t, pg, "Url") {
			t.Errorf("%s: JSON-LD article %v", pg, n)
		}
		if ti := first(pg.doc, ".meta time"); ti != nil && n["datePublished"] != attr(ti, "datetime") {
			t.Errorf("%s: JSON-LD date %v", pg, n["datePublished"])
		}
	}
}

// The policy allows nothing unsafe and nothing from elsewhere, and its hash is that of the one
// inline script.
func TestPolicy(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		for _, pg := range p.pages {
			policy := metaOf(t, pg, "Content-Security-Policy")
			rules := map[string][]string{}
			for d := range strings.SplitSeq(policy, ";") {
				f := strings.Fields(d)
				if len(f) == 0 {
					continue
				}
				rules[f[0]] = f[1:]
				for _, src := range f[1:] {
					if src != "'self'" && src != "'none'" && !strings.HasPrefix(src, "'sha256-") {
						t.Errorf("%s: policy %s allows %s", pg, f[0], src)
					}
				}
			}
			if !slices.Equal(rules["default-src"], []string{"'none'"}) || !slices.Equal(rules["base-uri"], []string{"'none'"}) {
				t.Errorf("%s: policy %s", pg, policy)
			}
			var inline []*html.Node
			for _, s := range pg.all("script") {
				if !has(s, "src") && attr(s, "type") != "application/ld+json" {
					inline = append(inline, s)
				}
			}
			if len(inline) != 1 {
				t.Fatalf("%s: %d inline scripts", pg, len(inline))
			}
			sum := sha256.Sum256([]byte(rawText(inline[0])))
			if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !slices.Contains(rules["script-src"], want) {
				t.Errorf("%s: the inline script's hash %s is not in the policy", pg, want)
			}
			// A policy in a meta element covers only what comes after it.
			for n := first(pg.doc, `meta[http-equiv="Content-Security-Policy"]`).PrevSibling; n != nil; n = n.PrevSibling {
				if n.Type == html.ElementNode && n.Data != "meta" {
					t.Errorf("%s: <%s> stands before the policy", pg, n.Data)
				}
			}
		}
	})
}
