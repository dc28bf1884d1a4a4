package views

import (
	"context"
	"errors"

	"zhendi/internal/diag"
)

// Period is a time that views are added up over.
type Period int

// The periods end with the newest day of which the ledger has views.
const (
	Day   Period = iota // that day
	Week                // 7 days
	Month               // 30 days
	All                 // ever
	periods
)

var (
	periodNames = [periods]string{"day", "week", "month", "all"}
	periodDays  = [periods]int{1, 7, 30, 1 << 30}
	periodTexts = [periods]diag.Text{{ZH: "当日", EN: "day"}, {ZH: "7 日", EN: "7 days"}, {ZH: "30 日", EN: "30 days"}, {ZH: "累计", EN: "all"}}
)

// Periods returns all periods.
func Periods() []Period { return []Period{Day, Week, Month, All} }

// String returns the name used in files and options.
func (p Period) String() string { return periodNames[p] }

// Text names the period.
func (p Period) Text() diag.Text { return periodTexts[p] }

// Counts are views by period.
type Counts [periods]int64

// Totals are the numbers of a ledger.
type Totals struct {
	Newest   string // day; empty if there are no views of a day
	Articles map[ID]*Counts
	Site     Counts
}

// totals adds everything up.
func (l *ledger) totals() (*Totals, error) {
	t := &Totals{Articles: map[ID]*Counts{}}
	newest := -1 << 40
	for n, d := range l.days {
		if d.total > 0 || d.set.size > 0 {
			newest = max(newest, n)
		}
	}
	for _, p := range l.parts {
		if n, ok := parseDay(p.day); ok && p.total > 0 {
			newest = max(newest, n)
		}
	}
	if newest > 0 {
		t.Newest = date(newest)
	}
	for n, d := range l.days {
		var err error
		switch {
		case d.counts.there():
			err = l.eachCount(d.counts, t.adder(newest-n))
		case !d.closed:
			err = l.eachOfSet(d.set, t.adder(newest-n))
		}
		if err != nil {
			return nil, err
		}
	}
	for _, f := range l.months {
		if err := l.eachCount(f, t.adder(1<<20)); err != nil {
			return nil, err
		}
	}
	for _, p := range l.parts {
		age := 1 << 20
		if n, ok := parseDay(p.day); ok {
			age = newest - n
		}
		if err := l.eachCount(p.file, t.adder(age)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// adder adds counts that are so many days old.
func (t *Totals) adder(age int) func(ID, int64) error {
	from := All
	for p := Day; p <= All; p++ {
		if age < periodDays[p] {
			from = p
			break
		}
	}
	return func(id ID, n int64) error {
		c := t.Articles[id]
		if c == nil {
			c = new(Counts)
			t.Articles[id] = c
		}
		for p := from; p <= All; p++ {
			c[p] += n
			t.Site[p] += n
		}
		return nil
	}
}

// with runs do on the ledger, which must be there.
func (s *Settings) with(ctx context.Context, d disk, as string, do func(l *ledger) error) error {
	lock, err := s.lock(ctx, as)
	if err != nil {
		return err
	}
	l, err := load(d, s.Ledger)
	if err == nil && l == nil {
		err = &Error{Text: diag.T("没有账本 "+s.Ledger, "no ledger "+s.Ledger), Hint: diag.T("先用 zhendi views ingest 统计日志，或用 --ledger 指明账本", "count logs with zhendi views ingest first, or name the ledger with --ledger")}
	}
	if err == nil {
		err = do(l)
	}
	return errors.Join(err, lock.Release())
}

// Row is an article in a table.
type Row struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	URL    string `json:"url"`
	Counts Counts `json:"-"`
}

// Show returns the numbers and the articles that lead in a period. An article that is gone has no title.
func Show(ctx context.Context, s Settings, by Period, top int) (*Totals, []Row, error) {
	var t *Totals
	var rows []Row
	d := system()
	err := s.with(ctx, d, "views show", func(l *ledger) (err error) {
		if t, err = l.totals(); err != nil {
			return err
		}
		for _, id := range leaders(t, sortedKeys(t.Articles), by, top) {
			rows = append(rows, Row{ID: id.String(), Counts: *t.Articles[id]})
		}
		return titles(d, s.Catalogue, rows)
	})
	return t, rows, err
}

// titles fills in titles and addresses, of the first edition.
func titles(d disk, catalogue string, rows []Row) error {
	at := map[string]int{}
	for i, r := range rows {
		at[r.ID] = i
	}
	return eachEntry(d, catalogue, func(_ ID, e *entry) error {
		if i, ok := at[e.ID]; ok && len(e.Editions) > 0 {
			rows[i].Title, rows[i].URL = e.Editions[0].Title, e.Editions[0].Path
		}
		return nil
	})
}
