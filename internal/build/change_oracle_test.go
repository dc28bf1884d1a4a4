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
	dir     string
	period  string // layout of the names of its periods
	feed    bool
	fronted bool // its front shows the newest
}

// archivePage is a page of the archives of a list: its rows, and the names of the parts of the calendar in which these are, down to the
// one that the page is.
type archivePage struct {
	names []string
	rows  []*piece // newest first
}

// parts are the names of the parts of the calendar in which a date lies: year, quarter, month, third, five days, day.
func parts(d time.Time) []string {
	month := d.Format("2006-01")
	end := d.AddDate(0, 0, 1-d.Day()).AddDate(0, 1, -1).Day()
	days := func(n, most int) string {
		first := min((d.Day()-1)/n, most)*n + 1
		to := first + n - 1
		if first == most*n+1 {
			to = end
		}
		return fmt.Sprintf("%s-%02d-%02d", month, first, to)
	}
	return []string{month[:4], fmt.Sprintf("%s-q%d", month[:4], (int(d.Month())+2)/3), month, days(10, 2), days(5, 5), d.Format("2006-01-02")}
}

// ends reports whether a part of the calendar that a day's names name ends with a larger one.
func ends(d time.Time, part, larger int) bool {
	next := d
	for parts(next)[part] == parts(d)[part] {
		next = next.AddDate(0, 0, 1)
	}
	return parts(next)[larger] != parts(d)[larger]
}

// divide divides rows until no page has more than a page and a half of them.
func divide(rows []*piece, depth int) (out []archivePage) {
	for len(rows) > 0 {
		name := parts(rows[0].date)[depth]
		n := slices.IndexFunc(rows, func(p *piece) bool { return parts(p.date)[depth] != name })
		if n < 0 {
			n = len(rows)
		}
		if n <= deskPage+deskPage/2 {
			out = append(out, archivePage{parts(rows[0].date)[:depth+1], rows[:n]})
		} else {
			out = append(out, divide(rows[:n], depth+1)...) // no desk writes so many on one day
		}
		rows = rows[n:]
	}
	return out
}

// archives are the archive pages of a list, by file, each with all that it shows but titles, and the files that lead on.
func (l deskList) archives(site []*piece) map[string]string {
	rows := inList(site, l.dir)
	out := map[string]string{}
	if len(rows) == 0 {
		return out
	}
	top := 0
	if l.period == "2006-01" {
		top = 2
	}
	front := l.dir + "/index.html"
	file := func(d time.Time, part int) string { // of the largest part with the same end
		names, i := parts(d), top
		for !ends(d, part, i) {
			i++
		}
		if i == top {
			return l.dir + "/" + names[top] + "/index.html"
		}
		return l.dir + "/" + names[top] + "/_" + names[i][len(names[top])+1:] + ".html"
	}
	pages := divide(rows, top)
	files := make([]string, len(pages))
	shown := 0 // pages of which all rows are on the front
	for i, p := range pages {
		newest := p.rows[0].date
		files[i] = file(newest, len(p.names)-1)
		if at := slices.Index(rows, p.rows[len(p.rows)-1]); l.fronted && shown == i && p.names[0] == parts(rows[0].date)[0] && at < deskPage {
			shown++
		}
		to := files[i]
		if shown > i {
			to = front
		}
		if top == 2 {
			out[l.dir+"/"+p.names[0]+"/index.html"] = "leads to " + front
		}
		for part := top; part < len(p.names); part++ { // pages stand at some of these
			if from := file(newest, part); out[from] == "" {
				out[from] = "leads to " + to
			}
		}
	}
	if l.fronted {
		out[file(rows[0].date, top)] = "leads to " + front
	}
	pages, files = pages[shown:], files[shown:]
	for i, p := range pages {
		text := p.names[len(p.names)-1]
		for _, n := range []int{i - 1, i + 1} {
			if n >= 0 && n < len(pages) && pages[n].names[top] == p.names[top] {
				text += " beside " + files[n]
			}
		}
		for _, row := range p.rows {
			text += " " + row.id
		}
		out[files[i]] = text
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
				l := deskList{c, "2006", true, !strings.HasPrefix(c, "zt/")}
				if c == "tzgg" {
					l.period = "2006-01"
				}
				out = append(out, l)
			}
		}
	}
	for _, t := range p.tags {
		out = append(out, deskList{"tags/" + t, "2006", false, true})
	}
	if p.series != "" {
		out = append(out, deskList{"series/" + p.series, "2006", false, true})
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
			for _, a := range l.touchedArchives(before, after, old, new) {
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

// touchedArchives lists the archive pages of a list that differ, or show the piece.
func (l deskList) touchedArchives(before, after []*piece, old, new *piece) (out []string) {
	was, is := l.archives(before), l.archives(after)
	for f, text := range was {
		if text != is[f] || old != nil && strings.Contains(text+" ", " "+old.id+" ") {
			out = append(out, f)
		}
	}
	for f := range is {
		if was[f] == "" {
			out = append(out, f)
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
		out = append(out, "index.html", "_site/latest.json", "feed.xml", "feed.json")
		for _, l := range new.lists() {
			out = append(out, l.dir+"/index.html")
		}
	}
	return out
}
