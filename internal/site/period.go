package site

import (
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

// cut divides the column's articles by period. Columns ordered by weight have none: they
// are shown whole.
func (c *Column) cut(cfg config.Config) {
	if c.Order == "weight" {
		return
	}
	layout := "2006"
	if c.archive(cfg) == "month" {
		layout = "2006-01"
	}
	for _, it := range c.Items {
		name, start := Undated, time.Time{}
		if !it.Date.IsZero() {
			d := it.Date.In(cfg.Zone)
			name = d.Format(layout)
			month := time.January
			if len(layout) > 4 {
				month = d.Month()
			}
			start = time.Date(d.Year(), month, 1, 0, 0, 0, 0, cfg.Zone)
		}
		if n := len(c.Periods); n == 0 || c.Periods[n-1].Name != name {
			c.Periods = append(c.Periods, Period{Name: name, Start: start})
		}
		p := &c.Periods[len(c.Periods)-1]
		p.Items = append(p.Items, it)
	}
}

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
