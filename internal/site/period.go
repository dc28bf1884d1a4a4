package site

import (
	"sort"
	"strconv"
	"time"

	"zhendi/internal/config"
)

// Period is the part of a column that was published in one year or month.
type Period struct {
	Name  string    // 2025 or 2025-09; undated for articles without a date
	Start time.Time // its first instant; zero if undated
	Items []*Item   // newest first
}

// Undated is the name of the period of articles that have no date.
const Undated = "undated"

// periods divides articles, newest first, by year or month.
func periods(items []*Item, archive string, zone *time.Location) (out []Period) {
	layout := "2006"
	if archive == "month" {
		layout = "2006-01"
	}
	from := 0
	for i, it := range items {
		if n := len(out); n > 0 && !out[n-1].Start.IsZero() && !it.Date.Before(out[n-1].Start) { // mostly
			out[n-1].Items = items[from : i+1 : i+1]
			continue
		}
		name, start := Undated, time.Time{}
		if !it.Date.IsZero() {
			d := it.Date.In(zone)
			name = d.Format(layout)
			month := time.January
			if archive == "month" {
				month = d.Month()
			}
			start = time.Date(d.Year(), month, 1, 0, 0, 0, 0, zone)
		}
		if n := len(out); n == 0 || out[n-1].Name != name {
			out = append(out, Period{Name: name, Start: start})
			from = i
		}
		out[len(out)-1].Items = items[from : i+1 : i+1]
	}
	return out
}

// longYear is how many pages a year may have before it is divided by months: an article that is added late, or withdrawn, moves all
// that are newer in its period.
const longYear = 5

// periods divides items, in order, by year or month; a long year by month in any case.
func (b *builder) periods(items []*Item, archive string) (out []Period) {
	for _, p := range b.divide(items, archive) {
		if archive == "month" || p.Start.IsZero() || p.Pages(b.in.Config.PageSize) <= longYear {
			out = append(out, p)
		} else {
			out = append(out, b.divide(p.Items, "month")...)
		}
	}
	return out
}

// divide divides items, in order, by the boundaries that the whole site's list has.
func (b *builder) divide(items []*Item, archive string) (out []Period) {
	all, known := b.divided[archive]
	if !known {
		all = periods(b.s.Items, archive, b.in.Config.Zone)
		b.divided[archive] = all
	}
	for len(items) > 0 {
		n := sort.Search(len(all), func(i int) bool { return last(all[i].Items).N >= items[0].N })
		end := len(items)
		if n+1 < len(all) {
			end = place(items, all[n+1].Items[0])
		}
		out = append(out, Period{all[n].Name, all[n].Start, items[:end:end]})
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

// Pages returns how many pages of size articles the period has.
func (p Period) Pages(size int) int { return (len(p.Items) + size - 1) / size }

// Page returns the articles of page n, counted from 1 for the oldest, newest first.
// Only the last page may hold fewer than size.
func (p Period) Page(n, size int) []*Item {
	end := len(p.Items) - (n-1)*size
	return p.Items[max(0, end-size):end]
}

// Periods divides all articles by year; a year with more than limit of them by month; and what
// is then still longer, from its oldest article on, into 2025-09, 2025-09_2 …
func (s *Site) Periods(limit int) (out []Period) {
	for _, y := range periods(s.Items, "year", s.Config.Zone) {
		list := []Period{y}
		if len(y.Items) > limit && !y.Start.IsZero() {
			list = periods(y.Items, "month", s.Config.Zone)
		}
		for _, p := range list {
			for n := p.Pages(limit); n > 0; n-- {
				part := Period{p.Name, p.Start, p.Page(n, limit)}
				if n > 1 {
					part.Name += "_" + strconv.Itoa(n)
				}
				out = append(out, part)
			}
		}
	}
	return out
}
