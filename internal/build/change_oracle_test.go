package build

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// What one change may touch, worked out from the articles alone.

// deskList is a column, topic, tag or series in which a piece is listed.
type deskList struct {
	dir    string
	period string // layout of the names of its periods
	feed   bool
}

// layout is that of the names of the periods in the year of a date: a year with more than five pages is cut by months.
func (l deskList) layout(site []*piece, date time.Time) string {
	n := 0
	for _, p := range inList(site, l.dir) {
		if p.date.Year() == date.Year() {
			n++
		}
	}
	if n > 5*deskPage {
		return "2006-01"
	}
	return l.period
}

// year lists all archive pages of the year of a date.
func (l deskList) year(site []*piece, date time.Time) (out []string) {
	count := map[string]int{}
	for _, p := range inList(site, l.dir) {
		if p.date.Year() == date.Year() {
			count[p.date.Format(l.layout(site, date))]++
		}
	}
	for name, n := range count {
		out = append(out, l.dir+"/"+name+"/index.html")
		for k := 1; k <= n/deskPage; k++ {
			out = append(out, fmt.Sprintf("%s/%s/page-%d.html", l.dir, name, k))
		}
	}
	return out
}

// lists are all in which the piece stands.
func (p *piece) lists() []deskList {
	seen := map[string]bool{}
	var out []deskList
	for _, c := range slices.Concat([]string{p.col}, p.alsoIn, p.topics) {
		for ; c != "."; c = path.Dir(c) {
			if !seen[c] {
				seen[c] = true
				l := deskList{c, "2006", true}
				if c == "tzgg" {
					l.period = "2006-01"
				}
				out = append(out, l)
			}
		}
	}
	for _, t := range p.tags {
		out = append(out, deskList{"tags/" + t, "2006", false})
	}
	if p.series != "" {
		out = append(out, deskList{"series/" + p.series, "2006", false})
	}
	return out
}

func (p *piece) in(dir string) bool {
	return slices.ContainsFunc(p.lists(), func(l deskList) bool { return l.dir == dir })
}

// inList returns those of the pieces that stand in a list.
func inList(pieces []*piece, dir string) (out []*piece) {
	for _, p := range pieces {
		if p.in(dir) {
			out = append(out, p)
		}
	}
	return out
}

// allowed says which files may change with a piece that was there as old before and is there as new
// after (nil: it was not, is not), and which archives are among them.
func (d *desk) allowed(before, after []*piece, old, new *piece) (files, archives map[string]bool) {
	files, archives = map[string]bool{}, map[string]bool{}
	add := func(names ...string) {
		for _, n := range names {
			files[n] = true
		}
	}
	add("index.html", "feed.xml", "feed.json", "_site/latest.json", "_site/hot.json", "sitemap.xml")
	file := func(p *piece) string { return strings.TrimPrefix(p.url(), "/") }
	states := []struct {
		p    *piece
		site []*piece
	}{{old, before}, {new, after}}
	for _, st := range states {
		p := st.p
		if p == nil {
			continue
		}
		add(file(p), "sitemap/"+p.date.Format("2006")+".xml")
		for _, a := range p.aliases {
			add(strings.TrimPrefix(a, "/"))
		}
		for _, l := range p.lists() {
			add(l.dir + "/index.html")
			if l.feed {
				add(l.dir+"/feed.xml", l.dir+"/feed.json")
			}
			for _, a := range pagesFrom(before, after, old, new, l) {
				add(a)
				archives[a] = true
			}
		}
		// neighbours in the column and in the series
		own := slices.DeleteFunc(slices.Clone(st.site), func(o *piece) bool { return o.col != p.col })
		rows := [][]*piece{own}
		if p.series != "" {
			rows = append(rows, inList(st.site, "series/"+p.series))
		}
		for _, row := range rows {
			at := slices.IndexFunc(row, func(o *piece) bool { return o.id == p.id })
			for _, i := range []int{at - 1, at + 1} {
				if i >= 0 && i < len(row) {
					add(file(row[i]))
				}
			}
		}
		// pages that may show it as related: newer ones, the nearest twelve of each tag
		for _, t := range p.tags {
			row := inList(st.site, "tags/"+t)
			at := slices.IndexFunc(row, func(o *piece) bool { return o.id == p.id })
			for _, o := range row[max(0, at-12):at] {
				add(file(o))
			}
		}
		// pages that link to it, and the feeds that hold their text
		for _, o := range st.site {
			if slices.Contains(o.links, p.file()) {
				add(file(o))
				for _, l := range o.lists() {
					if l.feed {
						add(l.dir+"/feed.xml", l.dir+"/feed.json")
					}
				}
			}
		}
	}
	// a tag or series that comes or goes
	was, is := groupsOf(before), groupsOf(after)
	for g := range differ(was, is) {
		add("sitemap/columns.xml")
		if strings.HasPrefix(g, "series/") {
			add("sitemap.html")
			continue
		}
		add("tags/index.html", "zt/xuexi/index.html") // the topic links the page of a tag
	}
	if d.editions == 2 {
		for f := range maps.Clone(files) {
			if !strings.HasPrefix(f, "sitemap.xml") && !strings.HasPrefix(f, "sitemap/") {
				add("hant/" + f)
				archives["hant/"+f] = archives[f]
			}
		}
	}
	return files, archives
}

func groupsOf(pieces []*piece) map[string]bool {
	out := map[string]bool{}
	for _, p := range pieces {
		for _, l := range p.lists() {
			if !l.feed {
				out[l.dir] = true
			}
		}
	}
	return out
}

func differ(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		if !b[k] {
			out[k] = true
		}
	}
	for k := range b {
		if !a[k] {
			out[k] = true
		}
	}
	return out
}

// pagesFrom lists the archive pages of one period, counted from its oldest article, from the place of the change
// on. Where the period gets or loses a page, the one before the last links to another address.
func pagesFrom(before, after []*piece, old, new *piece, l deskList) (out []string) {
	p := old
	if p == nil {
		p = new
	}
	layout := l.layout(before, p.date)
	if now := l.layout(after, p.date); now != layout {
		return append(l.year(before, p.date), l.year(after, p.date)...)
	}
	name := p.date.Format(layout)
	place := func(site []*piece, p *piece) (at, pages int) {
		row := inList(site, l.dir)
		row = slices.DeleteFunc(row, func(o *piece) bool { return o.date.Format(layout) != name })
		slices.Reverse(row)
		at = len(row)
		if p != nil && p.in(l.dir) {
			at = slices.IndexFunc(row, func(o *piece) bool { return o.id == p.id })
		}
		return at, (len(row) + deskPage - 1) / deskPage
	}
	i, was := place(before, old)
	j, is := place(after, new)
	from := min(i, j)/deskPage + 1
	to := max(was, is)
	if was == is && old != nil && new != nil && old.in(l.dir) && new.in(l.dir) {
		to = from // it stays where it is: one page
	}
	if was != is {
		from = min(from, min(was, is)-1)
	}
	for n := max(from, 1); n <= to; n++ {
		for _, of := range []int{was, is} {
			if n < of {
				out = append(out, fmt.Sprintf("%s/%s/page-%d.html", l.dir, name, n))
			} else if n == of {
				out = append(out, l.dir+"/"+name+"/index.html")
			}
		}
	}
	return out
}

// certain are files that must change, or the test sees nothing.
func certain(kind string, after []*piece, old, new *piece) (out []string) {
	for _, p := range []*piece{old, new} {
		if p == nil {
			continue
		}
		out = append(out, strings.TrimPrefix(p.url(), "/"))
		if kind == "body" {
			continue
		}
		if kind != "title" {
			out = append(out, "sitemap/"+p.date.Format("2006")+".xml")
		}
	}
	if kind == "added" {
		out = append(out, "index.html", "_site/latest.json", "feed.xml", "feed.json", "sitemap.xml")
		for _, l := range new.lists() {
			out = append(out, l.dir+"/index.html", l.dir+"/"+new.date.Format(l.layout(after, new.date))+"/index.html")
		}
	}
	return out
}
