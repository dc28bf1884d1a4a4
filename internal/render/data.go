package render

import (
	"io"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/output"
	"zhendi/internal/site"
)

// The small JSON files that pages read, relative to the output.
const (
	LatestPath = "_site/latest.json"
	HotPath    = "_site/hot.json"
)

// Own lists the files that Data and SiteMaps make, but for the parts of the site map.
func (r *Renderer) Own() []string {
	return []string{r.inEdition(LatestPath), r.inEdition(HotPath), "robots.txt", "sitemap.xml"}
}

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
	for _, item := range items[:min(n, len(items))] {
		it := r.site.Face(item)
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
			columns[c.Dir] = latestList{c.Title, r.link(c.URL), len(c.Items), r.latestItems(c.Newest(), latestCount)}
		}
	}
	latest, err := marshal(map[string]any{"site": latestList{Total: len(r.site.Items), Items: r.latestItems(r.site.Items, latestCount)}, "columns": columns})
	if err != nil {
		return nil, nil, err
	}
	var v View
	picks := map[string][]latestItem{"": {}}
	for _, item := range r.site.Items {
		if item.Flags&article.Hot == 0 {
			continue
		}
		it := r.site.Face(item)
		pick := latestItem{ID: it.ID, URL: r.link(it.URL), Title: it.Title, Date: r.date(it.Date, false), Image: r.thumbnail(&v, it)}
		for _, key := range []string{"", topOf(it.Column).Dir} {
			if len(picks[key]) < latestCount {
				picks[key] = append(picks[key], pick)
			}
		}
	}
	site := picks[""]
	delete(picks, "")
	hot, err := marshal(map[string]any{"site": site, "columns": picks})
	return []output.File{{Path: r.inEdition(LatestPath), Class: output.Feed, Body: latest}, {Path: r.inEdition(HotPath), Class: output.Feed, Body: hot}}, v.Uses, err
}

// thumbnail is the address of an article's picture in its smallest width, empty if it has none.
func (r *Renderer) thumbnail(v *View, it site.Face) string {
	f, addr := r.pictureFile(v, it.FilesDir(), it.Image.Text, it.FirstPicture)
	if f == nil {
		return ""
	}
	return r.link(r.looked(f, addr).Sizes[0].Addr)
}

// Catalogue lists every article with what the counting of views needs: id, column, date and,
// for each edition, title and addresses. It is not published. The renderers are of the same site. was gives 1 + the place that an article had
// when last was written if it is the same, else 0; places grow. Its line is then taken from there.
func Catalogue(w io.Writer, editions []*Renderer, last string, was func(*site.Item) int32) error {
	b := append(make([]byte, 0, 64<<10), `{"articles":[`...)
	comma := "\n"
	_, last, _ = strings.Cut(last, "\n")
	lines := oldLines{rest: last}
	for _, it := range editions[0].site.Items {
		entry := lines.of(it, was(it))
		if !it.HasPage() {
			continue
		}
		if len(b) > 60<<10 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		b = append(b, comma...)
		comma = ",\n"
		if entry != "" {
			b = append(b, entry...)
		} else {
			b = appendEntry(appendHead(b, it), editions, it)
		}
	}
	_, err := w.Write(append(b, "\n]}\n"...))
	return err
}

// oldLines are the lines of a catalogue that were not passed yet.
type oldLines struct {
	rest   string
	before int32 // place of the article that they follow
	head   []byte
}

// of returns the line of an article that had a place; nothing if it had none, or the line is not there. An article without a page has no line.
func (l *oldLines) of(it *site.Item, place int32) (entry string) {
	next := place == l.before+1
	switch {
	case place == 0, !it.HasPage() && !next:
		return ""
	case it.HasPage():
		l.head = l.head[:0]
		if !next {
			l.head = appendHead(l.head, it)
		}
		entry, l.rest = entryOf(l.rest, l.head)
	}
	l.before = place
	return entry
}

func appendHead(b []byte, it *site.Item) []byte { return appendJSON(append(b, `{"id":`...), it.ID) }

// entryOf returns the next line of a catalogue that begins with head, and what follows it; nothing if there is none.
func entryOf(text string, head []byte) (entry, rest string) {
	for text != "" {
		entry, text, _ = strings.Cut(text, "\n")
		if n := len(head); n == 0 || len(entry) > n && entry[:n] == string(head) && entry[n] == ',' {
			return strings.TrimSuffix(entry, ","), text
		}
	}
	return "", ""
}

// appendEntry appends what follows the id of an article.
func appendEntry(b []byte, editions []*Renderer, it *site.Item) []byte {
	b = appendJSON(append(b, `,"column":`...), it.Column.Dir)
	if !it.Date.IsZero() {
		b = appendJSON(append(b, `,"date":`...), editions[0].date(it.Date, it.Clock))
	}
	b = append(b, `,"editions":[`...)
	for i, r := range editions {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.appendFace(b, it)
	}
	return append(b, "]}"...)
}

// appendFace appends what the catalogue says of an article in one edition.
func (r *Renderer) appendFace(b []byte, it *site.Item) []byte {
	b = appendJSON(append(b, `{"lang":`...), r.script)
	b = appendJSON(append(b, `,"path":`...), r.link(r.site.URL(it)))
	if list := r.otherAddresses(it); len(list) > 0 {
		b = append(b, `,"aliases":`...)
		for i, u := range list {
			b = append(b, "[,"[min(i, 1)])
			b = appendJSON(b, u)
		}
		b = append(b, ']')
	}
	return append(appendJSON(append(b, `,"title":`...), r.site.Face(it).Title), '}')
}

// otherAddresses are those at which an article is also read: its further parts and old
// addresses.
func (r *Renderer) otherAddresses(it *site.Item) (list []string) {
	if parts := int(r.site.Source(it).Parts); parts > 1 {
		for n := 1; n < parts; n++ {
			list = append(list, r.link(PartURL(r.site.URL(it), n)))
		}
		list = append(list, r.link(PartURL(r.site.URL(it), WholeText)))
	}
	for _, a := range it.Aliases {
		if u, ok := r.site.AliasURL(a.Text); ok {
			list = append(list, r.link(u))
		}
	}
	return list
}
