package site

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

// listed divides a list of articles of these dates.
func listed(size int, archive string, dates ...time.Time) []Period {
	b := &builder{s: &Site{core: &core{}, Config: config.Default()}}
	b.in.Config = b.s.Config
	b.in.Config.PageSize = size
	for _, d := range dates {
		b.s.Items = append(b.s.Items, &Item{Article: &article.Article{Rare: &article.Rare{}, ID: d.Format("060102150405"), Date: d}})
	}
	slices.SortFunc(b.s.Items, Newest)
	for i, it := range b.s.Items {
		it.N = int32(i)
	}
	return b.periods(b.s.Items, archive, true)
}

// many are n dates between two days, evenly.
func many(n int, from, to string) (out []time.Time) {
	start, end := dateOf(from), dateOf(to).AddDate(0, 0, 1)
	for i := range n {
		out = append(out, start.Add(end.Sub(start)/time.Duration(n)*time.Duration(i)))
	}
	return out
}

func dateOf(day string) time.Time {
	d, err := time.ParseInLocation("2006-01-02", day, config.Default().Zone)
	if err != nil {
		panic(err)
	}
	return d
}

// The newest five are one day's, so that what comes before them is not on the front.
func TestLongPeriodsAreDividedAsTheCalendarIs(t *testing.T) {
	front := many(5, "2026-01-01", "2026-01-01")
	for _, c := range []struct {
		what, archive string
		dates         []time.Time
		want          string
	}{
		{"a page and a half", "year", many(7, "2025-01-01", "2025-12-31"), "2025/:7"},
		{"two pages", "year", many(8, "2025-01-01", "2025-12-31"), "2025/:2 2025/_q3:2 2025/_q2:2 2025/_q1:2"},
		{"one quarter that is long", "year", append(many(9, "2025-01-01", "2025-03-31"), many(3, "2025-07-01", "2025-12-31")...), "2025/:1 2025/_q3:2 2025/_q1:3 2025/_02:2 2025/_01:4"},
		{"a long month", "year", many(15, "2025-10-01", "2025-10-31"), "2025/:5 2025/_10-11-20:5 2025/_10-01-10:5"},
		{"a long month in the middle", "year", append(many(15, "2025-02-01", "2025-02-28"), many(2, "2025-12-01", "2025-12-31")...), "2025/:2 2025/_q1:4 2025/_02-11-20:5 2025/_02-01-10:6"},
		{"long days", "year", append(many(12, "2025-10-02", "2025-10-02"), many(6, "2025-10-04", "2025-10-09")...),
			"2025/:4 2025/_10-01-05:1 2025/_10-04:1 2025/_10-02:2 2025/_10-02-page-2:5 2025/_10-02-page-1:5"},
		{"by month", "month", append(many(15, "2025-10-01", "2025-10-31"), many(3, "2025-11-01", "2025-12-31")...),
			"2025-12/:1 2025-11/:2 2025-10/:5 2025-10/_11-20:5 2025-10/_01-10:5"},
		{"no date", "year", make([]time.Time, 12), "undated/:2 undated/_page-2:5 undated/_page-1:5"},
	} {
		var got []string
		for _, p := range listed(5, c.archive, append(c.dates, front...)...) {
			for _, page := range p.Pages {
				got = append(got, fmt.Sprintf("%s/%s:%d", p.Name, page.File, len(page.Items)))
			}
		}
		if all := strings.Join(got, " "); all != c.want {
			t.Errorf("%s: %s\n want %s", c.what, all, c.want)
		}
	}
}

// Of the newest year, there is no page of nothing but what stands on the front.
func TestWhatStandsOnTheFrontAloneHasNoPage(t *testing.T) {
	for _, c := range []struct {
		what, archive string
		dates         []time.Time
		want          string
	}{
		{"all", "year", many(5, "2026-01-01", "2026-12-31"), ""},
		{"all but one", "year", many(6, "2026-01-01", "2026-12-31"), "2026/:6"},
		{"the newest parts", "year", many(12, "2026-01-01", "2026-12-31"), "2026/:3 2026/_q2:3 2026/_q1:3"},
		{"not of years before", "year", append(many(2, "2026-01-01", "2026-12-31"), many(2, "2025-01-01", "2025-12-31")...), "2025/:2"},
		{"months of the newest year", "month", append(many(4, "2026-01-01", "2026-04-30"), dateOf("2025-12-01")), "2025-12/:1"},
		{"no date", "year", make([]time.Time, 5), ""},
		{"no date, but others", "year", append(make([]time.Time, 2), dateOf("2026-01-01")), "undated/:2"},
	} {
		var got []string
		for _, p := range listed(5, c.archive, c.dates...) {
			for _, page := range p.Pages {
				got = append(got, fmt.Sprintf("%s/%s:%d", p.Name, page.File, len(page.Items)))
			}
		}
		if all := strings.Join(got, " "); all != c.want {
			t.Errorf("%s: %q, want %q", c.what, all, c.want)
		}
	}
}

// pagesAt lists the pages of archives by address, with what is on them.
func pagesAt(periods []Period) map[string]string {
	out := map[string]string{}
	for _, p := range periods {
		for i, page := range p.Pages {
			var text strings.Builder
			fmt.Fprint(&text, page.Unit, page.Start.Unix(), page.Part)
			for _, n := range []int{i - 1, i + 1} {
				if n >= 0 && n < len(p.Pages) {
					text.WriteString(" beside " + p.Pages[n].File)
				}
			}
			for _, it := range page.Items {
				text.WriteString(" " + it.ID)
			}
			out[p.Name+"/"+page.File] = text.String()
		}
	}
	return out
}

// An article that is added late or taken back changes one page of a list, however long the list is, and a few more where a part
// of the calendar becomes too long or is no more; a new one mostly none. What was an address of articles stays one.
func TestOneArticleTouchesOnePage(t *testing.T) {
	const tries = 30
	r := rand.New(rand.NewPCG(5, 7))
	for _, perYear := range []int{3, 40, 150, 1000} {
		var all []time.Time
		for range 4 * perYear {
			all = append(all, dateOf("2022-01-01").Add(time.Duration(r.Int64N(4*365*24*60))*time.Minute))
		}
		slices.SortFunc(all, time.Time.Compare)
		late, latest := make([]int, tries), make([]int, tries)
		for i := range tries {
			dates := all[:len(all)/2+r.IntN(len(all)/2)]
			was := pagesAt(listed(20, "year", dates...))
			touched := func(d time.Time) (n int) {
				is := pagesAt(listed(20, "year", append(slices.Clone(dates), d)...))
				for at := range was {
					if is[at] == "" {
						t.Errorf("%d a year: one of %v leaves nothing at %s", perYear, d, at)
					}
				}
				for at, text := range is {
					if was[at] != text {
						n++
					}
				}
				return n
			}
			late[i] = touched(dates[r.IntN(len(dates)/2)].Add(time.Minute))
			latest[i] = touched(all[len(dates)])
		}
		slices.Sort(late)
		slices.Sort(latest)
		t.Logf("%4d a year, late: median %d, 9 in 10 %d, most %d; the latest: %d, %d, %d", perYear,
			late[tries/2], late[tries*9/10], late[tries-1], latest[tries/2], latest[tries*9/10], latest[tries-1])
		if late[tries/2] != 1 || late[tries*9/10] > 4 || latest[tries/2] > 1 || latest[tries*9/10] > 4 || max(late[tries-1], latest[tries-1]) > 9 {
			t.Errorf("%d a year: an article touches %v pages, the latest %v", perYear, late, latest)
		}
	}
}
