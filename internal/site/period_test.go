package site

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
)

func TestPeriodsAreNeverLongerThanTheLimit(t *testing.T) {
	s := &Site{core: &core{}, Config: config.Default()}
	add := func(n int, date time.Time) {
		for i := range n {
			d := date
			if !d.IsZero() {
				d = d.Add(time.Duration(i) * time.Minute)
			}
			s.Items = append(s.Items, &Item{Article: &article.Article{Rare: &article.Rare{}, ID: fmt.Sprintf("%06d", len(s.Items)), Date: d}})
		}
	}
	month := func(y int, m time.Month) time.Time { return time.Date(y, m, 2, 0, 0, 0, 0, s.Config.Zone) }
	add(7, month(2026, 2))
	add(3, month(2026, 1))
	add(5, month(2025, 12))
	add(1, month(2024, 1))
	add(4, month(2024, 1))
	add(11, time.Time{})
	slices.SortFunc(s.Items, Newest)

	parts := s.Periods(5)
	var got []string
	var all []*Item
	for _, p := range parts {
		got = append(got, fmt.Sprint(p.Name, ":", len(p.Items)))
		all = append(all, p.Items...)
	}
	want := []string{"2026-02_2:2", "2026-02:5", "2026-01:3", "2025:5", "2024:5", "undated_3:1", "undated_2:5", "undated:5"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if !slices.Equal(all, s.Items) {
		t.Error("the parts together are not the articles in order")
	}
	s.Items = slices.Clone(s.Items)
	// Another article changes the last part of its period only.
	add(1, month(2026, 2).Add(time.Hour))
	slices.SortFunc(s.Items, Newest)
	for i, p := range s.Periods(5) {
		if same := slices.Equal(p.Items, parts[i].Items); p.Name != parts[i].Name || same != (i != 0) {
			t.Errorf("%s: the same %v", p.Name, same)
		}
	}
}

// An article that is added late or taken back moves others of its month at most, or of a year that is short, however large the column is.
func TestOneArticleMovesFewPages(t *testing.T) {
	for _, perYear := range []int{12, 90, 101, 1000, 1600} {
		b := &builder{s: &Site{core: &core{}, Config: config.Default()}, divided: map[string][]Period{}}
		b.in.Config = b.s.Config
		start := time.Date(2020, 1, 1, 8, 0, 0, 0, b.s.Config.Zone)
		for i := range 3 * perYear {
			b.s.Items = append(b.s.Items, &Item{Article: &article.Article{Rare: &article.Rare{}, ID: fmt.Sprintf("%06d", i), Date: start.Add(time.Duration(i) * (365 * 24 * time.Hour / time.Duration(perYear)))}})
		}
		slices.SortFunc(b.s.Items, Newest)
		for i, it := range b.s.Items {
			it.N = int32(i)
		}
		var all []*Item
		for _, p := range b.periods(b.s.Items, "year") {
			if n := p.Pages(b.s.Config.PageSize); (n > longYear || perYear > 101) && len(p.Name) != len("2020-01") {
				t.Errorf("%d articles a year: %s has %d pages", perYear, p.Name, n)
			}
			all = append(all, p.Items...)
		}
		if !slices.Equal(all, b.s.Items) {
			t.Errorf("%d articles a year: the periods together are not the articles in order", perYear)
		}
	}
}
