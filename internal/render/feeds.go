package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"

	"zhendi/internal/site"
)

// feedCount is how many articles a feed holds.
const feedCount = 20

// Feed is an RSS feed and a JSON feed of the same articles.
type Feed struct {
	Path, JSONPath string // of the files
	Title, Home    string
	About          string
	Items          []*site.Item
}

// Feeds lists the feeds of the site and of each column that lists articles.
func (r *Renderer) Feeds() (feeds []Feed) {
	c := r.site.Config
	feeds = append(feeds, Feed{r.inEdition("feed.xml"), r.inEdition("feed.json"), c.Name, r.site.Root(), oneLine(c.Description), withPage(r.site.Items)})
	for _, col := range r.site.Columns {
		if col.Layout == "page" || col.Layout == "link" {
			continue
		}
		dir := strings.TrimSuffix(outPath(col.URL), "index.html")
		feeds = append(feeds, Feed{dir + "feed.xml", dir + "feed.json", col.Title + "_" + c.Name, col.URL, oneLine(col.Description), withPage(col.Newest())})
	}
	return feeds
}

// withPage takes the newest articles that have a page of their own.
func withPage(items []*site.Item) (out []*site.Item) {
	for _, it := range items {
		if it.HasPage() {
			out = append(out, it)
			if len(out) == feedCount {
				break
			}
		}
	}
	return out
}

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	PubDate     string    `xml:"pubDate,omitempty"`
	Generator   string    `xml:"generator"`
	Self        atomLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	PubDate     string   `xml:"pubDate,omitempty"`
	Creator     string   `xml:"dc:creator,omitempty"`
	Categories  []string `xml:"category"`
	Description string   `xml:"description,omitempty"`
	Content     string   `xml:"content:encoded"`
}

type rssGUID struct {
	Permanent string `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

// RSS writes a feed as RSS 2.0 with the full text into b. Its date is that of its newest
// article: the time of the build would change it every time. body gives an article's HTML, as
// AbsoluteHTML returned it.
func (r *Renderer) RSS(b *bytes.Buffer, f Feed, body func(*site.Item) string) error {
	ch := rssChannel{
		Title: f.Title, Link: r.absolute(f.Home), Description: f.About, Language: r.lang, Generator: "zhendi",
		Self: atomLink{r.absolute("/" + site.EscapePath(f.Path)), "self", "application/rss+xml"},
	}
	if ch.Description == "" {
		ch.Description = f.Title
	}
	for i, item := range f.Items {
		it := r.site.Face(item)
		if i == 0 {
			ch.PubDate = rssDate(it.Date.In(r.site.Config.Zone))
		}
		ch.Items = append(ch.Items, rssItem{
			Title: it.Title, Link: r.absolute(it.URL), GUID: rssGUID{"false", it.ID}, PubDate: rssDate(it.Date.In(r.site.Config.Zone)),
			Creator: join(it.Author), Categories: it.Tags, Description: summary(it.Article), Content: body(item),
		})
	}
	b.WriteString(xml.Header)
	err := xml.NewEncoder(b).Encode(rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Content: "http://purl.org/rss/1.0/modules/content/", DC: "http://purl.org/dc/elements/1.1/", Channel: ch})
	b.WriteByte('\n')
	return err
}

func rssDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC1123Z)
}

// JSON writes a feed as JSON Feed 1.1 into b.
func (r *Renderer) JSON(b *bytes.Buffer, f Feed, body func(*site.Item) string) error {
	items := []any{}
	for _, item := range f.Items {
		it := r.site.Face(item)
		m := map[string]any{"id": it.ID, "url": r.absolute(it.URL), "title": it.Title, "content_html": body(item), "language": r.itemLang(it)}
		if s := summary(it.Article); s != "" {
			m["summary"] = s
		}
		if !it.Date.IsZero() {
			m["date_published"] = it.Date.In(r.site.Config.Zone).Format(time.RFC3339)
		}
		if !it.Lastmod.IsZero() {
			m["date_modified"] = it.Lastmod.In(r.site.Config.Zone).Format(time.RFC3339)
		}
		if len(it.Tags) > 0 {
			m["tags"] = it.Tags
		}
		var authors []any
		for _, a := range it.Author {
			authors = append(authors, map[string]string{"name": a})
		}
		if authors != nil {
			m["authors"] = authors
		}
		items = append(items, m)
	}
	return json.NewEncoder(b).Encode(map[string]any{ // it can stand in a page, and ends in a line feed
		"version": "https://jsonfeed.org/version/1.1", "title": f.Title, "home_page_url": r.absolute(f.Home),
		"feed_url": r.absolute("/" + site.EscapePath(f.JSONPath)), "language": r.lang, "items": items,
	})
}

func (r *Renderer) itemLang(it site.Face) string {
	if it.Lang != "" && it.Lang != r.script && !r.site.Config.Convert {
		return htmlLang(it.Lang)
	}
	return r.lang
}

// marshal writes JSON that can stand in a page, ending in a line feed.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// AbsoluteHTML makes the addresses in the text of the article at address at absolute: a feed
// is read elsewhere.
func (r *Renderer) AbsoluteHTML(at, s string) string {
	if !strings.Contains(s, `="/`) && !strings.Contains(s, `="#`) {
		return s
	}
	base, err := url.Parse(r.absolute(at))
	if err != nil {
		return s
	}
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for {
		switch tt := z.Next(); tt {
		case xhtml.ErrorToken:
			if z.Err() != io.EOF {
				return s
			}
			return b.String()
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			b.WriteString(linked.ReplaceAllStringFunc(sizes.ReplaceAllString(string(z.Raw()), ""), func(attr string) string {
				name, addr, _ := strings.Cut(strings.TrimSuffix(attr, `"`), `="`)
				u, err := base.Parse(html.UnescapeString(addr))
				if err != nil {
					return attr
				}
				return name + `="` + html.EscapeString(u.String()) + `"`
			}))
		default:
			b.Write(z.Raw())
		}
	}
}

// linked are the attributes of a start tag that hold an address on this site, as our own renderer writes them: in
// double quotes.
var linked = regexp.MustCompile(` (?:href|src|poster)="[/#][^"]*"`)

// sizes are the attributes of a picture that mean something beside the theme's style sheet only.
var sizes = regexp.MustCompile(` (?:srcset|sizes|fetchpriority)="[^"]*"`)
