package site

import (
	"testing"
	"time"

	"zhendi/internal/article"
)

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func TestNextIsTheFirstInstantAtWhichABuildDiffers(t *testing.T) {
	base := func() []*article.Article {
		return []*article.Article{
			{Path: "a.md", Dir: "c", Date: day(1)},
			{Path: "b.md", Dir: "c", Date: day(1), PublishDate: day(10)},
			{Path: "c.md", Dir: "c", Date: day(1), ExpiryDate: day(12)},
			{Path: "d.md", Dir: "c", Date: day(1), Pin: true, PinUntil: day(14)},
			{Path: "e.md", Dir: "c", Date: day(16)},
			{Path: "draft.md", Dir: "c", Date: day(1), PublishDate: day(6), Status: article.Draft},
			{Path: "never.md", Dir: "c", Date: day(1), PublishDate: day(8), ExpiryDate: day(7)},
			{Path: "unpinned later.md", Dir: "c", Date: day(1), ExpiryDate: day(4), Pin: true, PinUntil: day(9)},
			{Path: "internal.md", Dir: "c", Date: day(1), PublishDate: day(6), Internal: true},
			{Path: "secret.md", Dir: "s/t", Date: day(1), PublishDate: day(6)},
		}
	}
	columns := []*article.Column{{Dir: "c"}, {Dir: "s", Internal: true}}
	want := []struct {
		day  int
		path string
		what What
	}{{10, "b.md", Appears}, {12, "c.md", Expires}, {14, "d.md", Unpins}, {16, "e.md", Appears}}
	now := day(5)
	for _, w := range want {
		at, changes := Next(Input{Now: now, Articles: base(), Columns: columns})
		if !at.Equal(day(w.day)) || len(changes) != 1 || changes[0].Path != w.path || changes[0].What != w.what {
			t.Fatalf("after %v: %v %v, want %v", now, at, changes, w)
		}
		now = at
	}
	if at, changes := Next(Input{Now: now, Articles: base(), Columns: columns}); !at.IsZero() {
		t.Errorf("%v %v after everything has happened", at, changes)
	}
}
