package render

import (
	"strings"
	"time"

	"zhendi/internal/output"
	"zhendi/internal/site"
)

// listing is what a column, a tag and a series have in common: a front page with the newest
// articles and archives by period.
type listing struct {
	title, url string
	layout     string
	items      []*site.Item
	whole      bool // the front page shows all: ordered by weight
	pinned     []*site.Item
	periods    []site.Period
}

func ofColumn(c *site.Column) listing {
	return listing{c.Title, c.URL, c.Layout, c.Items, c.ByWeight, c.Pinned, c.Periods}
}

func ofGroup(g *site.Group) listing {
	return listing{g.Name, g.URL, "list", g.Items, false, nil, g.Periods}
}

// archiveJobs appends the archive pages of a listing, and the addresses of archives that lead on: where archives are by month, so does
// that of a year, to the front.
func (r *Renderer) archiveJobs(jobs []Job, l listing, j Job) []Job {
	lead := func(from, to string) { // its page is the one that would stand there
		jobs = append(jobs, Job{Path: outPath(from), Class: output.Redirect, Kind: "redirect", Column: j.Column, Group: j.Group, Page: 1, To: to})
	}
	led := ""
	for i, p := range l.periods {
		if year, _, month := strings.Cut(p.Name, "-"); month && year != led {
			led = year
			lead(l.url+year+"/", l.url)
		}
		for _, from := range p.Leads {
			to := l.url
			if from.To >= 0 {
				to = archiveURL(l.url, p, from.To)
			}
			lead(fileURL(l.url, p, from.File), to)
		}
		for n := range p.Pages {
			j.Path, j.Class, j.Period, j.Page = outPath(archiveURL(l.url, p, n)), output.List, i, n+1
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// Newest is the place, among the site's items, of the newest article that an archive page shows; 0 for other pages.
func (j Job) Newest() int32 {
	switch {
	case j.Page == 0 || j.Kind == "redirect":
		return 0
	case j.Group != nil:
		return j.Group.Periods[j.Period].Pages[j.Page-1].Items[0].N
	}
	return j.Column.Periods[j.Period].Pages[j.Page-1].Items[0].N
}

// archiveURL is the address of the nth page of a period, the newest first; empty if there is none.
func archiveURL(at string, p site.Period, n int) string {
	if n < 0 || n >= len(p.Pages) {
		return ""
	}
	return fileURL(at, p, p.Pages[n].File)
}

// fileURL is the address of a file in the folder of a period.
func fileURL(at string, p site.Period, file string) string {
	if file != "" {
		file += ".html"
	}
	return at + p.Name + "/" + file
}

// front is the list on a front page: pinned articles, then the newest.
func (r *Renderer) front(v *View, l listing) *List {
	list := &List{Layout: l.layout}
	for _, it := range l.pinned {
		row := r.row(v, it)
		row.Pinned = true
		list.Rows = append(list.Rows, row)
	}
	items := l.items
	if !l.whole {
		items = items[:min(r.site.Config.PageSize, len(items))]
	}
	list.Rows = append(list.Rows, r.rows(v, items)...)
	return list
}

// archived is the list on an archive page, and the page's title and address.
func (r *Renderer) archived(v *View, l listing, j Job) (list *List, title, url string) {
	p, n := l.periods[j.Period], j.Page-1
	list = &List{Layout: l.layout, Rows: r.rows(v, p.Pages[n].Items), Period: r.pageName(p.Pages[n]), Parent: r.link(l.url)}
	if newer := archiveURL(l.url, p, n-1); newer != "" {
		list.Newer = r.link(newer)
	}
	if older := archiveURL(l.url, p, n+1); older != "" {
		list.Older = r.link(older)
	}
	title = l.title + "_" + list.Period
	if part := p.Pages[n].Part; part > 0 {
		title += "_" + r.pageNumber(part)
	}
	return list, title, archiveURL(l.url, p, n)
}

// periodLinks lists the archives, the parts of a year together down to months: those of a month lead to one another.
func (r *Renderer) periodLinks(l listing) (links []PeriodLink) {
	for _, p := range l.periods {
		for n, page := range p.Pages {
			to := Link{URL: r.link(archiveURL(l.url, p, n))}
			unit := min(page.Unit, site.Month)
			if unit == site.Year || page.Start.IsZero() {
				if n == 0 {
					to.Text = r.pageName(page)
					links = append(links, PeriodLink{Link: to})
				}
				continue
			}
			if n > 0 && unit == site.Month && p.Pages[n-1].Start.Month() == page.Start.Month() {
				continue
			}
			year := page.Start.Format("2006年")
			if n := len(links); n == 0 || links[n-1].Text != year {
				links = append(links, PeriodLink{Link: Link{Text: year}})
			}
			to.Text = partName(unit, page.Start)
			last := &links[len(links)-1]
			last.Parts = append(last.Parts, to)
		}
	}
	return links
}

// pageName is what an archive page holds, in words: 2025年, 2025年第三季度, 2025年9月上旬.
func (r *Renderer) pageName(p site.Page) string {
	switch {
	case p.Start.IsZero():
		return r.words("undated")
	case p.Unit == site.Year:
		return p.Start.Format("2006年")
	}
	return p.Start.Format("2006年") + partName(p.Unit, p.Start)
}

// partName is the part of a year that starts at a time, in words that are the same in both scripts.
func partName(u site.Unit, start time.Time) string {
	month := int(start.Month())
	switch u {
	case site.Quarter:
		return "第" + [...]string{"一", "二", "三", "四"}[month/3] + "季度"
	case site.Third:
		return start.Format("1月") + [...]string{"上旬", "中旬", "下旬"}[start.Day()/10]
	case site.Five:
		return start.Format("1月2日至") + itoa(u.LastDay(start)) + "日"
	case site.Day:
		return start.Format("1月2日")
	}
	return start.Format("1月")
}

func (r *Renderer) rows(v *View, items []*site.Item) []Row {
	if len(items) == 0 {
		return nil
	}
	rows := make([]Row, len(items))
	for i, it := range items {
		rows[i] = r.row(v, it)
	}
	return rows
}

// column is the front page of a column or topic.
func (r *Renderer) column(v *View, j Job) {
	c := j.Column
	v.Column = r.columnView(v, c)
	v.Crumbs = r.crumbs(c)
	v.List = r.front(v, ofColumn(c))
	v.Column.Periods = r.periodLinks(ofColumn(c))
	v.Hot = r.hot(c)
	if j.Kind == "topic" {
		v.Topic = r.topic(v, c)
	}
	r.head(v, c.Title, c.URL)
	r.columnMetas(v, c)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

func (r *Renderer) archive(v *View, j Job) {
	c := j.Column
	v.Column = r.columnView(v, c)
	v.Crumbs = r.crumbs(c)
	v.Hot = r.hot(c)
	list, title, url := r.archived(v, ofColumn(c), j)
	v.List = list
	r.head(v, title, url)
	r.columnMetas(v, c)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

// topicRows is how many articles a section of a topic shows where _index.md does not say.
const topicRows = 10

// sectionRows is how many articles the ith section of a topic shows.
func sectionRows(c *site.Column, i int) int {
	if n := c.Sections[i].Count; n > 0 {
		return n
	}
	return topicRows
}

func (r *Renderer) topic(v *View, c *site.Column) *Topic {
	t := &Topic{Image: v.Column.Image, Picture: v.Column.Picture, Archived: c.Archived}
	for i, s := range r.site.Sections(c) {
		b := Block{Kind: "section", Title: s.Title, Rows: r.rows(v, s.Items[:min(sectionRows(c, i), len(s.Items))])}
		if s.URL != "" {
			b.URL = r.link(s.URL)
		}
		if len(b.Rows) > 0 {
			t.Sections = append(t.Sections, b)
		}
	}
	return t
}

// group is the front page or an archive page of a tag or series.
func (r *Renderer) group(v *View, j Job) {
	g := j.Group
	l := ofGroup(g)
	kind := "tag"
	if j.Series {
		kind = "series"
	}
	v.Group = &Group{Title: g.Name, URL: r.link(g.URL), Kind: kind}
	v.Crumbs = r.crumbs(r.site.Home)
	if !j.Series {
		v.Crumbs = append(v.Crumbs, Link{Text: r.words("allTags"), URL: r.link(r.site.TagsURL())})
	}
	title, url := g.Name, g.URL
	if j.Page > 0 {
		v.List, title, url = r.archived(v, l, j)
	} else {
		v.List = r.front(v, l)
		v.Group.Periods = r.periodLinks(l)
	}
	v.Crumbs = append(v.Crumbs, Link{Text: g.Name, URL: v.Group.URL})
	r.head(v, title, url)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

// tags is the page that lists all tags.
func (r *Renderer) tags(v *View) {
	for _, g := range r.site.Tags {
		v.Tags = append(v.Tags, Link{Text: g.Name, URL: r.link(g.URL)})
	}
	v.Crumbs = append(r.crumbs(r.site.Home), Link{Text: r.words("allTags"), URL: r.link(r.site.TagsURL())})
	r.head(v, r.words("allTags"), r.site.TagsURL())
}

// siteMap is the page 网站地图: all columns and series.
func (r *Renderer) siteMap(v *View) {
	v.Map = r.mapItems(r.site.Home)
	if len(r.site.Series) > 0 {
		m := MapItem{Link: Link{Text: r.words("series")}}
		for _, g := range r.site.Series {
			m.Children = append(m.Children, MapItem{Link: Link{Text: g.Name, URL: r.link(g.URL)}})
		}
		v.Map = append(v.Map, m)
	}
	v.Crumbs = append(r.crumbs(r.site.Home), Link{Text: r.words("siteMap"), URL: r.link(r.site.MapURL())})
	r.head(v, r.words("siteMap"), r.site.MapURL())
}

func (r *Renderer) mapItems(c *site.Column) (out []MapItem) {
	for _, k := range c.Children {
		out = append(out, MapItem{Link: r.columnLink(k), Children: r.mapItems(k)})
	}
	return out
}

// topOf is the top column above c.
func topOf(c *site.Column) *site.Column {
	for c.Parent != nil && c.Parent.Parent != nil {
		c = c.Parent
	}
	return c
}
