package site

import (
	"slices"
	"strings"
	"time"

	"zhendi/internal/article"
)

// Change is something that a build would do differently from an instant on.
type Change struct {
	Path  string // of the article's file
	Title string
	What  What

	nth int // among the articles of the input
}

// What happens to an article as time passes.
type What uint8

// The changes that time brings.
const (
	Appears What = iota // publishDate, or a date that lay in the future
	Expires             // expiryDate
	Unpins              // the day until which it was pinned
)

// Next returns the first instant after in.Now at which a build of the same input
// would differ, and what changes then, by path; the zero time if it never would.
func Next(in Input) (at time.Time, changes []Change) {
	dirs := map[string]*Column{}
	for _, c := range in.Columns {
		dirs[c.Dir] = &Column{Column: c}
	}
	above := func(dir string) *Column {
		for ; dir != ""; dir = parent(dir) {
			if c := dirs[dir]; c != nil {
				return c
			}
		}
		return &Column{Column: &article.Column{}}
	}
	for d, c := range dirs {
		c.Parent = above(parent(d))
	}
	for i, a := range in.Articles {
		for _, t := range []time.Time{a.Date, a.PublishDate, a.ExpiryDate, a.PinUntil} {
			if !t.After(in.Now) || !at.IsZero() && t.After(at) {
				continue
			}
			what, ok := in.changes(a, above(a.Dir), t)
			if !ok {
				continue
			}
			if at.IsZero() || t.Before(at) {
				at, changes = t, nil
			}
			if c := (Change{Path: a.Path, What: what, nth: i}); !slices.Contains(changes, c) {
				changes = append(changes, c)
			}
		}
	}
	for i := range changes {
		changes[i].Title = in.Text(changes[i].nth).Title
	}
	slices.SortFunc(changes, func(x, y Change) int { return strings.Compare(x.Path, y.Path) })
	return at, changes
}

// changes says what happens to an article at instant t.
func (in Input) changes(a *article.Entry, c *Column, t time.Time) (What, bool) {
	before, after := in, in
	before.Now, after.Now = t.Add(-1), t
	was, is := before.Visible(a, c) || before.noticed(a, c), after.Visible(a, c) || after.noticed(a, c)
	pinned := func(now time.Time) bool { return a.Pin && (a.PinUntil.IsZero() || a.PinUntil.After(now)) }
	switch {
	case !was && is:
		return Appears, true
	case was && !is:
		return Expires, true
	case is && pinned(before.Now) && !pinned(after.Now):
		return Unpins, true
	}
	return 0, false
}
