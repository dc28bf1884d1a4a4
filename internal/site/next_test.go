package site

import (
	"testing"
	"time"

	"zhendi/internal/article"
)

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func TestNextIsTheFirstInstantAtWhichABuildDiffers(t *testing.T) {
	base := func() []*article.Entry {
		return []*article.Entry{
			{Rare: &article.Rare{}, Path: "a.md", Dir: "c", Date: day(1)},
			{Rare: &article.Rare{PublishDate: day(10)}, Path: "b.md", Dir: "c", Date: day(1)},
			{Rare: &article.Rare{ExpiryDate: day(12)}, Path: "c.md", Dir: "c", Date: day(1)},
			{Rare: &article.Rare{PinUntil: day(14)}, Path: "d.md", Dir: "c", Date: day(1), Pin: true},
			{Rare: &article.Rare{}, Path: "e.md", Dir: "c", Date: day(16)},
			{Rare: &article.Rare{PublishDate: day(6)}, Path: "draft.md", Dir: "c", Date: day(1), Status: article.Draft},
			{Rare: &article.Rare{PublishDate: day(8), ExpiryDate: day(7)}, Path: "never.md", Dir: "c", Date: day(1)},
			{Rare: &article.Rare{ExpiryDate: day(4), PinUntil: day(9)}, Path: "unpinned later.md", Dir: "c", Date: day(1), Pin: true},
			{Rare: &article.Rare{PublishDate: day(6)}, Path: "internal.md", Dir: "c", Date: day(1), Internal: true},
			{Rare: &article.Rare{PublishDate: day(6)}, Path: "secret.md", Dir: "s/t", Date: day(1)},
		}
	}
	columns := []*article.Column{{Dir: "c"}, {Dir: "s", Internal: true}}
	want := []struct {
		day  int
		path string
		what What
	}{{10, "b.md", Appears}, {12, "c.md", Expires}, {14, "d.md", Unpins}, {16, "e.md", Appears}}
	text := func(i int) Text { return Text{Article: &article.Article{Title: base()[i].Path}} }
	now := day(5)
	for _, w := range want {
		at, changes := Next(Input{Now: now, Articles: base(), Columns: columns, Text: text})
		if !at.Equal(day(w.day)) || len(changes) != 1 || changes[0].Path != w.path || changes[0].Title != w.path || changes[0].What != w.what {
			t.Fatalf("after %v: %v %v, want %v", now, at, changes, w)
		}
		now = at
	}
	if at, changes := Next(Input{Now: now, Articles: base(), Columns: columns, Text: text}); !at.IsZero() {
		t.Errorf("%v %v after everything has happened", at, changes)
	}
}
