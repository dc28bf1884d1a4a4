package site

import (
	"fmt"
	"sort"
	"strconv"
	"time"

	"zhendi/internal/config"
)

// Period is the part of a list that was published in one year, or in one month where archives are by
// month: what stands in one folder.
//
// A period with more than a page and a half is divided as the calendar is, again and again: into quarters, months, thirds of a month,
// five days, days. Where it is cut depends on nothing but dates, so that an article that is added late, moved or
// withdrawn changes the page of its dates alone, however long the list is; and those beside it only when a part gets so long that it
// is divided.
//
// The address of a part follows from the calendar alone: it is that of the largest part that ends with it, so that December's is
// the year's, September's the third quarter's. What else stands in the list changes no address. What holds of one, once a page stood there, as long as
// the list has articles of that part of the calendar and the part of which it is one is not short enough to be one page again:
//
//   - the page stands there, or that of the last part of what was divided since;
//   - or the address leads on (Lead), to where the newest of these articles stand: a page, or the front.
//
// If enough articles go that a divided part is one page again, its articles stand at its address, and the addresses of the parts are no more;
// so it is with the numbered pages of one day. The build knows of what is, not of what was.
type Period struct {
	Name  string    // 2025 or 2025-09; undated for articles without a date
	Start time.Time // its first instant; zero if undated
	Pages []Page    // newest first; none if all stands on the front alone
	Leads []Lead
}

// Page is what was published in one part of a period.
type Page struct {
	File  string    // its name in the folder, _q1, _09, _09-11-20: no slug starts with _, as articles may stand there, too; empty for the folder itself
	Unit  Unit      // what part of the calendar it is
	Start time.Time // the first instant of that; zero if undated
	Part  int       // number, from the oldest, of a page of a part that cannot be divided; 0 for the newest of these and all others
	Items []*Item   // newest first
}

// Lead is the address of a part of a period that has articles, but no page: it leads on.
type Lead struct {
	File string // as a page's
	To   int    // index into Pages; -1: the front
}

// Unit is a kind of part of the calendar.
type Unit uint8

const (
	Year Unit = iota
	Quarter
	Month
	Third // of a month: 上旬, 中旬, 下旬
	Five  // days; the last ones of a month are up to six
	Day
)

// start returns the first instant of the unit in which t lies.
func (u Unit) start(t time.Time) time.Time {
	year, month, day := t.Date()
	first := func(n, of, most int) int { return min((n-1)/of, most)*of + 1 }
	switch u {
	case Year, Quarter, Month:
		month, day = time.Month(first(int(month), [...]int{12, 3, 1}[u], 11)), 1
	case Third:
		day = first(day, 10, 2)
	case Five:
		day = first(day, 5, 5)
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// LastDay returns the last day of the part of a month that starts at t.
func (u Unit) LastDay(t time.Time) int {
	end := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, t.Location()).Day()
	switch {
	case u == Third && t.Day() < 21:
		return t.Day() + 9
	case u == Five && t.Day() < 26:
		return t.Day() + 4
	case u == Day:
		return t.Day()
	}
	return end
}

// end returns the first instant behind the unit that starts at t.
func (u Unit) end(t time.Time) time.Time {
	year, month, day := t.Date()
	switch u {
	case Year:
		year++
	case Quarter:
		month += 3
	case Month:
		month++
	default:
		day = u.LastDay(t) + 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// name is the name of the unit that starts at t: 2025, 2025-q1, 2025-01, 2025-01-01-10, 2025-01-31.
func (u Unit) name(t time.Time) string {
	switch u {
	case Year:
		return t.Format("2006")
	case Quarter:
		return t.Format("2006") + "-q" + strconv.Itoa((int(t.Month())+2)/3)
	case Month:
		return t.Format("2006-01")
	case Day:
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02") + fmt.Sprintf("-%02d", u.LastDay(t))
}

// Undated is the name of the period of articles that have no date.
const Undated = "undated"

// Span is a part of a list that lies in one part of the calendar.
type Span struct {
	Name  string
	Start time.Time // zero if undated
	Items []*Item   // newest first
}

// spans divides articles, newest first.
func spans(items []*Item, u Unit, zone *time.Location) (out []Span) {
	from := 0
	for i, it := range items {
		if n := len(out); n > 0 && !out[n-1].Start.IsZero() && !it.Date.Before(out[n-1].Start) { // mostly
			out[n-1].Items = items[from : i+1 : i+1]
			continue
		}
		name, start := Undated, time.Time{}
		if !it.Date.IsZero() {
			start = u.start(it.Date.In(zone))
			name = u.name(start)
		}
		if n := len(out); n == 0 || out[n-1].Name != name {
			out = append(out, Span{Name: name, Start: start})
			from = i
		}
		out[len(out)-1].Items = items[from : i+1 : i+1]
	}
	return out
}

// periods divides items, in order, by year or month. The front shows the newest articles, as many as a page has; of the newest year, no
// page is made that would show nothing else, if fronted.
func (b *builder) periods(items []*Item, archive string, fronted bool) (out []Period) {
	unit := Year
	if archive == "month" {
		unit = Month
	}
	for _, s := range b.divide(items, unit) {
		p := Period{Name: s.Name, Start: s.Start}
		b.cut(&p, s, unit, "")
		out = append(out, p)
	}
	if fronted && len(out) > 0 {
		shown, year := items[min(b.in.Config.PageSize, len(items))-1], out[0].Start.Year()
		for i := 0; i < len(out) && out[i].Start.Year() == year; i++ {
			out[i].behind(shown)
		}
		for i := range out[0].Leads { // sooner or later its last part will stand there
			if l := &out[0].Leads[i]; l.File == "" {
				l.To = -1
			}
		}
	}
	return out
}

// cut divides a part of a period, whose address is given, until no part is too long, and adds the pages.
func (b *builder) cut(p *Period, s Span, u Unit, file string) {
	size := b.in.Config.PageSize
	switch {
	case len(s.Items) <= size+size/2:
		p.Pages = append(p.Pages, Page{File: file, Unit: u, Start: s.Start, Items: s.Items})
	case u < Day && !s.Start.IsZero():
		end := u.end(s.Start)
		for i, part := range b.divide(s.Items, u+1) {
			at := file
			if i > 0 || !(u + 1).end(part.Start).Equal(end) {
				at = "_" + part.Name[len(p.Name)+1:]
			}
			if i == 0 && at != file {
				p.Leads = append(p.Leads, Lead{file, len(p.Pages)})
			}
			b.cut(p, part, u+1, at)
		}
	default:
		newest := pagesOf(len(s.Items), size)
		p.Pages = append(p.Pages, Page{File: file, Unit: u, Start: s.Start, Items: chunk(s.Items, newest, size)})
		name := "_"
		if !s.Start.IsZero() {
			name += s.Name[len(p.Name)+1:] + "-"
		}
		for n := newest - 1; n > 0; n-- {
			p.Pages = append(p.Pages, Page{name + "page-" + strconv.Itoa(n), u, s.Start, n, chunk(s.Items, n, size)})
		}
	}
}

// behind leaves out the pages that hold no article behind the last one of the front: their addresses lead there.
func (p *Period) behind(shown *Item) {
	out := 0
	for out < len(p.Pages) && last(p.Pages[out].Items).N <= shown.N {
		p.Leads = append(p.Leads, Lead{p.Pages[out].File, -1})
		out++
	}
	p.Pages = p.Pages[out:]
	for i := range p.Leads {
		p.Leads[i].To = max(p.Leads[i].To-out, -1)
	}
}

// divide divides items, in order, by the boundaries that the whole site's list has.
func (b *builder) divide(items []*Item, u Unit) (out []Span) {
	all := b.divided[u]
	if all == nil {
		all = spans(b.s.Items, u, b.in.Config.Zone)
		b.divided[u] = all
	}
	for len(items) > 0 {
		n := sort.Search(len(all), func(i int) bool { return last(all[i].Items).N >= items[0].N })
		end := len(items)
		if n+1 < len(all) {
			end = place(items, all[n+1].Items[0])
		}
		out = append(out, Span{all[n].Name, all[n].Start, items[:end:end]})
		items = items[end:]
	}
	return out
}

func last(items []*Item) *Item { return items[len(items)-1] }

func (c *Column) archive(cfg config.Config) string {
	for ; c != nil; c = c.Parent {
		if c.Archive != "" {
			return c.Archive
		}
	}
	return cfg.Archive
}

// pagesOf returns how many chunks of a size articles make.
func pagesOf(articles, size int) int { return (articles + size - 1) / size }

// chunk returns the nth chunk, counted from 1 for the oldest. Only the last, which is the newest, may hold fewer than size.
func chunk(items []*Item, n, size int) []*Item {
	end := len(items) - (n-1)*size
	return items[max(0, end-size):end]
}

// Periods divides all articles by year; a year with more than limit of them by month; and what
// is then still longer, from its oldest article on, into 2025-09, 2025-09_2 …
func (s *Site) Periods(limit int) (out []Span) {
	for _, y := range spans(s.Items, Year, s.Config.Zone) {
		list := []Span{y}
		if len(y.Items) > limit && !y.Start.IsZero() {
			list = spans(y.Items, Month, s.Config.Zone)
		}
		for _, p := range list {
			for n := pagesOf(len(p.Items), limit); n > 0; n-- {
				part := Span{p.Name, p.Start, chunk(p.Items, n, limit)}
				if n > 1 {
					part.Name += "_" + strconv.Itoa(n)
				}
				out = append(out, part)
			}
		}
	}
	return out
}
