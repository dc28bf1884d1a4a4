package render

import (
	"encoding/xml"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/output"
	"zhendi/internal/site"
)

// The small JSON files that pages read, relative to the output.
const (
	LatestPath = "_site/latest.json"
	HotPath    = "_site/hot.json"
)

// latestCount is how many articles latest.json holds for the site and each top column.
const latestCount = 10

type latestItem struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
	Date  string `json:"date,omitempty"`
	Image string `json:"image,omitempty"`
}

type latestList struct {
	Title string       `json:"title,omitempty"`
	URL   string       `json:"url,omitempty"`
	Total int          `json:"total"`
	Items []latestItem `json:"items"`
}

func (r *Renderer) latestItems(items []*site.Item, n int) []latestItem {
	out := []latestItem{}
	for _, it := range items[:min(n, len(items))] {
		out = append(out, latestItem{ID: it.ID, URL: r.link(it.URL), Title: it.Title, Date: r.date(it.Date, false)})
	}
	return out
}

// Data makes the JSON files: latest.json, the newest articles and the totals of the site and
// each top column; hot.json, the hand-picked 热点推荐, newest first, with pictures. Uses of the
// view are the pictures.
func (r *Renderer) Data() (files []output.File, uses []string, err error) {
	columns := map[string]latestList{}
	for _, c := range r.site.Home.Children {
		if c.Layout != "page" && c.Layout != "link" {
			columns[c.Dir] = latestList{c.Title, r.link(c.URL), len(c.Items), r.latestItems(c.Items, latestCount)}
		}
	}
	latest, err := marshal(map[string]any{"site": latestList{Total: len(r.site.Items), Items: r.latestItems(r.site.Items, latestCount)}, "columns": columns})
	if err != nil {
		return nil, nil, err
	}
	var v View
	picks := map[string][]latestItem{"": {}}
	for _, it := range r.site.Items {
		if it.Flags&article.Hot == 0 {
			continue
		}
		pick := latestItem{ID: it.ID, URL: r.link(it.URL), Title: it.Title, Date: r.date(it.Date, false), Image: r.link(r.picture(&v, it.FilesDir(), it.Image.Text, it.Head.Image))}
		for _, key := range []string{"", topOf(it.Column).Dir} {
			if len(picks[key]) < latestCount {
				picks[key] = append(picks[key], pick)
			}
		}
	}
	site := picks[""]
	delete(picks, "")
	hot, err := marshal(map[string]any{"site": site, "columns": picks})
	return []output.File{{Path: LatestPath, Class: output.Feed, Body: latest}, {Path: HotPath, Class: output.Feed, Body: hot}}, v.Uses, err
}

// Catalogue lists every article with what the counting of views needs: id, addresses, column,
// title, date. It is not published.
func (r *Renderer) Catalogue() ([]byte, error) {
	type entry struct {
		ID      string   `json:"id"`
		Path    string   `json:"path"`
		Aliases []string `json:"aliases,omitempty"`
		Column  string   `json:"column"`
		Title   string   `json:"title"`
		Date    string   `json:"date,omitempty"`
	}
	out := []entry{}
	for _, it := range r.site.Items {
		if !it.HasPage() {
			continue
		}
		e := entry{ID: it.ID, Path: r.link(it.URL), Column: it.Column.Dir, Title: it.Title, Date: r.date(it.Date, it.Clock)}
		for n := 1; n <= it.Head.Parts && it.Head.Parts > 1; n++ {
			e.Aliases = append(e.Aliases, r.link(partPath(it.URL, n)))
		}
		for _, a := range it.Aliases {
			if p, ok := site.AliasPath(a.Text); ok {
				e.Aliases = append(e.Aliases, r.link("/"+strings.TrimSuffix(escape(p), "index.html")))
			}
		}
		out = append(out, e)
	}
	return marshal(map[string]any{"articles": out})
}

// mapLimit is how many addresses a part of the sitemap may hold (sitemaps.org: 50,000). A year
// that has more is cut by month.
const mapLimit = 45000

type urlset struct {
	XMLName xml.Name `xml:"urlset"`
	NS      string   `xml:"xmlns,attr"`
	URLs    []mapURL `xml:"url"`
}

type mapURL struct {
	Loc     string `xml:"loc"`
	Lastmod string `xml:"lastmod,omitempty"`
}

type mapIndex struct {
	XMLName xml.Name `xml:"sitemapindex"`
	NS      string   `xml:"xmlns,attr"`
	Maps    []mapURL `xml:"sitemap"`
}

const mapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

// SiteMaps makes sitemap.xml, an index over parts by period of publication, and robots.txt.
// lastmod comes from the articles, never from the clock.
func (r *Renderer) SiteMaps() ([]output.File, error) {
	var files []output.File
	index := mapIndex{NS: mapNS}
	part := func(name string, urls []mapURL, newest time.Time) error {
		b, err := xml.Marshal(urlset{NS: mapNS, URLs: urls})
		if err != nil {
			return err
		}
		files = append(files, output.File{Path: "sitemap/" + name + ".xml", Class: output.Feed, Body: append([]byte(xml.Header), append(b, '\n')...)})
		index.Maps = append(index.Maps, mapURL{r.absolute("/sitemap/" + name + ".xml"), r.machineTime(newest, true)})
		return nil
	}
	if err := part("columns", r.frontURLs(), time.Time{}); err != nil {
		return nil, err
	}
	for _, p := range r.site.Periods(mapLimit) {
		var urls []mapURL
		var newest time.Time
		for _, it := range p.Items {
			if !it.HasPage() {
				continue
			}
			t := it.Date
			if !it.Lastmod.IsZero() {
				t = it.Lastmod
			}
			if t.After(newest) {
				newest = t
			}
			urls = append(urls, mapURL{r.absolute(it.URL), r.machineTime(t, it.Clock || !it.Lastmod.IsZero())})
		}
		if len(urls) > 0 {
			if err := part(p.Name, urls, newest); err != nil {
				return nil, err
			}
		}
	}
	b, err := xml.Marshal(index)
	if err != nil {
		return nil, err
	}
	files = append(files,
		output.File{Path: "sitemap.xml", Class: output.Feed, Body: append([]byte(xml.Header), append(b, '\n')...)},
		output.File{Path: "robots.txt", Class: output.Feed, Body: []byte("User-agent: *\nAllow: /\nSitemap: " + r.absolute("/sitemap.xml") + "\n")})
	return files, nil
}

// frontURLs are the home page, the columns, topics, tags and series.
func (r *Renderer) frontURLs() []mapURL {
	urls := []mapURL{{Loc: r.absolute("/")}}
	for _, c := range r.site.Columns {
		if c.Layout != "link" {
			urls = append(urls, mapURL{Loc: r.absolute(c.URL)})
		}
	}
	for _, g := range r.site.Series {
		urls = append(urls, mapURL{Loc: r.absolute(g.URL)})
	}
	for _, g := range r.site.Tags[:min(len(r.site.Tags), mapLimit-len(urls))] {
		urls = append(urls, mapURL{Loc: r.absolute(g.URL)})
	}
	return append(urls, mapURL{Loc: r.absolute(site.MapURL)})
}
