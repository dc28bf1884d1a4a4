package views

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// model is what a ledger should hold, told simply: the days that are open, with their views, and
// the days that are closed, with numbers.
type model struct {
	late   time.Duration
	open   map[int]map[string]bool
	since  map[int]time.Time
	closed map[int]int
}

func (m *model) ingest(now time.Time, hits []hit) (counted, repeated, late int) {
	for day, set := range m.open {
		due := start.AddDate(0, 0, day+1)
		if m.since[day].After(due) {
			due = m.since[day]
		}
		if !now.Before(due.Add(m.late)) {
			m.closed[day] = len(set)
			delete(m.open, day)
		}
	}
	for _, h := range hits {
		day := int(h.at.Sub(start) / (24 * time.Hour))
		view := fmt.Sprint(h.addr, h.path, h.at.Sub(start)/(30*time.Minute))
		switch _, closed := m.closed[day]; {
		case closed:
			late++
		case m.open[day][view]:
			repeated++
		default:
			if m.open[day] == nil {
				m.open[day], m.since[day] = map[string]bool{}, now
			}
			m.open[day][view] = true
			counted++
		}
	}
	return
}

// Over weeks of runs with logs of any day, the account of every run and the total are the model's.
func TestDaysCloseAfterTheWindow(t *testing.T) {
	for seed := range uint64(8) {
		dir := memory(t)
		s := settings(dir, writeCatalogue(t, dir, 3), start)
		r := rand.New(rand.NewPCG(seed, 9))
		m := model{s.Late, map[int]map[string]bool{}, map[int]time.Time{}, map[int]int{}}
		for run := range 40 {
			s.Now = s.Now.Add(time.Duration(r.IntN(30*3600)) * time.Second)
			var hits []hit
			for range r.IntN(40) {
				at := s.Now.Add(-time.Duration(r.IntN(7*86400)) * time.Second).Truncate(time.Second)
				if at.Before(start) {
					at = start
				}
				hits = append(hits, hit{fmt.Sprintf("10.0.0.%d", r.IntN(3)), fmt.Sprintf("/yw/2026/%d.html", r.IntN(3)), firefox, at, "GET", 200})
			}
			counted, repeated, late := m.ingest(s.Now, hits)
			rep := mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(lineText(hits))})
			if a := rep.Account; a.Counted != int64(counted) || a.Repeated != int64(repeated) || a.Late != int64(late) {
				t.Fatalf("seed %d, run %d: %+v, want %d counted, %d repeated, %d late", seed, run, a, counted, repeated, late)
			}
		}
		want := 0
		for _, n := range m.closed {
			want += n
		}
		for _, set := range m.open {
			want += len(set)
		}
		got := int64(0)
		for _, n := range counted(t, s) {
			got += n
		}
		if got != int64(want) || len(m.closed) < 10 {
			t.Errorf("seed %d: %d views, want %d", seed, got, want)
		}
	}
}

// A log that was read before an article was in the catalogue is read again when it is.
func TestHintGivesWayToNewArticles(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 2), start.Add(24*time.Hour))
	log := put(t, filepath.Join(dir, "a.log"), lineText([]hit{
		{"10.0.0.1", "/yw/2026/1.html", firefox, start, "GET", 200}, {"10.0.0.1", "/yw/2026/3.html", firefox, start, "GET", 200}}))
	for i, want := range []int64{1, 0} {
		rep := mustIngest(t, s, Input{Logs: []string{log}})
		if rep.Account.Counted != want || (rep.Logs[0].Skipped > 0) != (i == 1) {
			t.Errorf("run %d: %+v", i, rep)
		}
	}
	writeCatalogue(t, dir, 4)
	if rep := mustIngest(t, s, Input{Logs: []string{log}}); rep.Account.Counted != 1 || rep.Account.Repeated != 1 {
		t.Errorf("with the new article: %+v", rep)
	}
	s.Now = start.Add(10 * 24 * time.Hour) // closed: nothing can change any more
	writeCatalogue(t, dir, 5)
	if rep := mustIngest(t, s, Input{Logs: []string{log}}); rep.Logs[0].Skipped == 0 || rep.Account.Late != 0 {
		rep2 := mustIngest(t, s, Input{Logs: []string{log}}) // the day closed in the run before
		if rep2.Logs[0].Skipped == 0 || rep.Account.Late != 0 {
			t.Errorf("after closing: %+v, then %+v", rep, rep2)
		}
	}
}

// Days that are long closed are added up by month; totals stay.
func TestOldDaysFoldIntoMonths(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 5), start)
	var hits []hit
	for day := range 90 {
		hits = append(hits, hit{"10.0.0.1", fmt.Sprintf("/yw/2026/%d.html", day%5), firefox, start.Add(time.Duration(-day) * 24 * time.Hour), "GET", 200})
	}
	log := put(t, filepath.Join(dir, "a.log"), lineText(hits))
	mustIngest(t, s, Input{Logs: []string{log}})
	before := counted(t, s)
	s.Now = start.Add(80 * time.Hour)
	mustIngest(t, s, Input{Logs: []string{log}})
	l, err := load(system(), s.Ledger)
	if err != nil || len(l.months) < 2 {
		t.Fatalf("%+v %v", l, err)
	}
	if got := counted(t, s); !same(got, before) {
		t.Errorf("got %v, want %v", got, before)
	}
	totals, err := l.totals()
	if err != nil || totals.Site != (Counts{1, 7, 30, 90}) {
		t.Errorf("%v %v", totals.Site, err)
	}
	h, err := Examine(t.Context(), s)
	states := map[string]int{}
	for _, d := range h.Days {
		states[d.State]++
	}
	if err != nil || len(h.Damage) > 0 || states["folded"] < 20 || states["closed"] < 50 || !slices.IsSorted(h.Months) {
		t.Errorf("%v %v %v", states, h, err)
	}
	if _, err := Ingest(t.Context(), s, Input{Logs: []string{log}, Recount: []string{"2026-08-20"}}); err == nil || !strings.Contains(err.Error(), "added to its month") {
		t.Errorf("recount of a folded day: %v", err)
	}
}

// A log that begins as one that was read, and goes on otherwise, is no log that was read.
func TestHintHoldsForTheSameBytesOnly(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 30), start.Add(24*time.Hour))
	var hits []hit
	for i := range 20 { // more than the head of a hint
		hits = append(hits, hit{"10.0.0.1", fmt.Sprintf("/yw/2026/%d.html", 10+i), firefox, start, "GET", 200})
	}
	name := put(t, filepath.Join(dir, "a.log"), lineText(hits))
	mustIngest(t, s, Input{Logs: []string{name}})
	hits[15].addr = "10.0.0.2"
	for i, text := range []string{lineText(hits), lineText(append(hits, hit{"10.0.0.3", "/yw/2026/1.html", firefox, start, "GET", 200}))} {
		put(t, name, text)
		if rep := mustIngest(t, s, Input{Logs: []string{name}}); rep.Account.Counted != 1 || (rep.Logs[0].Skipped > 0) != (i == 1) {
			t.Errorf("%d: %+v", i, rep)
		}
	}
}
