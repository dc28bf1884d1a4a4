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
			s.Items = append(s.Items, &Item{Entry: &article.Entry{Rare: &article.Rare{}, ID: fmt.Sprintf("%06d", len(s.Items)), Date: d}})
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
		b.s.Items = append(b.s.Items, &Item{Entry: &article.Entry{Rare: &article.Rare{}, ID: d.Format("060102150405"), Date: d}})
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

// addresses lists the addresses of archives, those that lead on first.
func addresses(periods []Period) string {
	var out []string
	for _, p := range periods {
		for _, l := range p.Leads {
			to := "front"
			if l.To >= 0 {
				to = p.Pages[l.To].File
			}
			out = append(out, p.Name+"/"+l.File+">"+to)
		}
		for _, page := range p.Pages {
			out = append(out, fmt.Sprintf("%s/%s:%d", p.Name, page.File, len(page.Items)))
		}
	}
	return strings.Join(out, " ")
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
		{"a long month", "year", many(15, "2025-10-01", "2025-10-31"), "2025/>_10 2025/_10:5 2025/_10-11-20:5 2025/_10-01-10:5"},
		{"a long month in the middle", "year", append(many(15, "2025-02-01", "2025-02-28"), many(2, "2025-12-01", "2025-12-31")...), "2025/_q1>_02 2025/:2 2025/_02:4 2025/_02-11-20:5 2025/_02-01-10:6"},
		{"long days", "year", append(many(12, "2025-10-02", "2025-10-02"), many(6, "2025-10-04", "2025-10-09")...),
			"2025/>_10-01-10 2025/_10>_10-01-10 2025/_10-01-10:4 2025/_10-01-05:1 2025/_10-04:1 2025/_10-02:2 2025/_10-02-page-2:5 2025/_10-02-page-1:5"},
		{"by month", "month", append(many(15, "2025-10-01", "2025-10-31"), many(3, "2025-11-01", "2025-12-31")...),
			"2025-12/:1 2025-11/:2 2025-10/:5 2025-10/_11-20:5 2025-10/_01-10:5"},
		{"no date", "year", make([]time.Time, 12), "undated/:2 undated/_page-2:5 undated/_page-1:5"},
	} {
		if all := addresses(listed(5, c.archive, append(c.dates, front...)...)[1:]); all != c.want {
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
		{"all", "year", many(5, "2026-01-01", "2026-12-31"), "2026/>front"},
		{"all but one", "year", many(6, "2026-01-01", "2026-12-31"), "2026/:6"},
		{"the newest parts", "year", many(12, "2026-01-01", "2026-12-31"), "2026/>front 2026/_q3:3 2026/_q2:3 2026/_q1:3"},
		{"not of years before", "year", append(many(2, "2026-01-01", "2026-12-31"), many(2, "2025-01-01", "2025-12-31")...), "2026/>front 2025/:2"},
		{"months of the newest year", "month", append(many(4, "2026-01-01", "2026-04-30"), dateOf("2025-12-01")), "2026-04/>front 2026-03/>front 2026-01/>front 2025-12/:1"},
		{"no date", "year", make([]time.Time, 5), "undated/>front"},
		{"no date, but others", "year", append(make([]time.Time, 2), dateOf("2026-01-01")), "2026/>front undated/:2"},
	} {
		if all := addresses(listed(5, c.archive, c.dates...)); all != c.want {
			t.Errorf("%s: %q, want %q", c.what, all, c.want)
		}
	}
}

// at lists the addresses of archives, with what is seen there.
func at(periods []Period) map[string]string {
	out := map[string]string{}
	for _, p := range periods {
		for _, l := range p.Leads {
			out[p.Name+"/"+l.File] = "leads to the front"
			if l.To >= 0 {
				out[p.Name+"/"+l.File] = "leads to " + p.Pages[l.To].File
			}
		}
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
			if out[p.Name+"/"+page.File] != "" {
				panic("two stand at " + p.Name + "/" + page.File)
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
			was := at(listed(20, "year", dates...))
			touched := func(d time.Time) (n int) {
				is := at(listed(20, "year", append(slices.Clone(dates), d)...))
				for file := range was {
					if is[file] == "" {
						t.Errorf("%d a year: one of %v leaves nothing at %s", perYear, d, file)
					}
				}
				for file, text := range is {
					if was[file] != text {
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

// calendar are the names of the parts of the calendar in which a day lies, down to itself.
func calendar(d time.Time) []string {
	month := d.Format("2006-01")
	days := func(n, most int) string {
		first := min((d.Day()-1)/n, most)*n + 1
		last := first + n - 1
		if first == most*n+1 {
			last = time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, d.Location()).Day()
		}
		return fmt.Sprintf("%s-%02d-%02d", month, first, last)
	}
	return []string{month[:4], fmt.Sprint(month[:4], "-q", (int(d.Month())+2)/3), month, days(10, 2), days(5, 5), d.Format("2006-01-02")}
}

// A desk of which an article now and then is added, withdrawn or gets another date; sometimes many are. See Period for what holds of an address.
func TestAddressesOfArchivesStay(t *testing.T) {
	for seed := range uint64(12) {
		d := archivist{t, rand.New(rand.NewPCG(seed, 3)), "year", nil, map[string]string{}, map[string]string{}}
		if seed%3 == 0 {
			d.archive = "month"
		}
		stood := 0
		for range 250 {
			d.change()
			stood += d.look()
			if t.Failed() {
				t.Fatalf("seed %d, %d articles", seed, len(d.dates))
			}
		}
		if stood < 500 {
			t.Errorf("seed %d: only %d times was there an address to stay", seed, stood)
		}
	}
}

type archivist struct {
	t       *testing.T
	r       *rand.Rand
	archive string
	dates   []time.Time
	ever    map[string]string // address that was there -> its part of the calendar
	above   map[string]string // part -> that of which it is one
}

func (d *archivist) date() time.Time {
	return dateOf("2024-01-01").Add(time.Duration(d.r.Int64N(3*365*24*60)) * time.Minute)
}

func (d *archivist) change() {
	what, times := d.r.IntN(5), 1
	if d.r.IntN(10) == 0 {
		times = 10
	}
	for range times {
		if what < 2 || len(d.dates) < 2 {
			d.dates = append(d.dates, d.date())
			continue
		}
		i := d.r.IntN(len(d.dates))
		if d.r.IntN(3) == 0 { // the newest: what is before it may get behind the front
			i = slices.IndexFunc(d.dates, func(o time.Time) bool { return o.Equal(slices.MaxFunc(d.dates, time.Time.Compare)) })
		}
		if d.dates[i] = d.date(); what == 2 {
			d.dates = slices.Delete(d.dates, i, i+1)
		}
	}
}

// look checks the addresses that were there and those that are; it returns how many of the former should be.
func (d *archivist) look() (stood int) {
	const size, most = 5, 7
	count := map[string]int{}
	for _, day := range d.dates {
		names := calendar(day)
		if d.archive == "month" {
			names = names[2:]
		}
		for i, name := range names {
			if count[name]++; i > 0 {
				d.above[name] = names[i-1]
			}
		}
	}
	periods := listed(size, d.archive, d.dates...)
	is := at(periods)
	for address, part := range d.ever {
		switch up := d.above[part]; {
		case count[part] == 0:
			if is[address] != "" {
				d.t.Errorf("%s is there, but no article", address)
			}
		case up == "" || count[up] > most:
			if stood++; is[address] == "" {
				d.t.Errorf("%s was there, %s has %d articles, and nothing is there", address, part, count[part])
			}
		}
	}
	slices.SortFunc(d.dates, func(a, b time.Time) int { return b.Compare(a) })
	in := func(part string, day time.Time) bool { return slices.Contains(calendar(day), part) }
	for _, p := range periods {
		part := func(file string) string { return p.Name + strings.Replace(file, "_", "-", 1) }
		shows := func(file string, page Page) {
			for _, it := range page.Items {
				if !in(part(file), it.Date) {
					d.t.Errorf("%s/%s shows an article of %v", p.Name, file, it.Date)
				}
			}
		}
		for _, page := range p.Pages {
			shows(page.File, page)
			if page.Part == 0 {
				d.ever[p.Name+"/"+page.File] = part(page.File)
			}
		}
		for _, l := range p.Leads {
			d.ever[p.Name+"/"+l.File] = part(l.File)
			if l.To >= 0 {
				shows(l.File, p.Pages[l.To])
			} else if front := d.dates[:min(size, len(d.dates))]; !slices.ContainsFunc(front, func(o time.Time) bool { return in(part(l.File), o) }) {
				d.t.Errorf("%s/%s leads to the front, where nothing of it is", p.Name, l.File)
			}
		}
	}
	return stood
}
