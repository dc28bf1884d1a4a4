package views

import (
	"context"
	"io"
)

// DayState is a day of the ledger as doctor shows it.
type DayState struct {
	Day    string
	State  string // open, closed, folded
	Views  int64
	Late   int64 // lines that came after it was closed
	Closes int64 // open: when, in seconds since 1970, at the earliest
}

// Health is the state of a ledger.
type Health struct {
	Days    []DayState
	Months  []string
	Imports []Source
	Hints   int
	Account Account
	Files   int
	Damage  []error // every file that is not what was written
}

// Source is what an import says.
type Source struct {
	Name, Day string
	Views     int64
}

// Examine reads the whole ledger and checks every file of it.
func Examine(ctx context.Context, s Settings) (Health, error) {
	var h Health
	err := s.with(ctx, system(), "views doctor", func(l *ledger) error {
		h.Hints, h.Account = len(l.hints), l.account
		cal := calendar{zone: s.Zone}
		for _, n := range sortedKeys(l.days) {
			d := l.days[n]
			st := DayState{Day: date(n), State: "folded", Views: d.total, Late: d.late}
			switch {
			case !d.closed:
				st.State, st.Views = "open", d.set.size/elemSize
				st.Closes = max(cal.end(n), d.since) + int64(s.Late.Seconds())
			case d.counts.there():
				st.State = "closed"
			}
			h.Days = append(h.Days, st)
		}
		h.Months = sortedKeys(l.months)
		for _, p := range l.parts {
			h.Imports = append(h.Imports, Source{p.name, p.day, p.total})
		}
		files := l.files()
		h.Files = len(files) + 1
		for _, name := range sortedKeys(files) {
			if err := l.check(files[name]); err != nil {
				h.Damage = append(h.Damage, err)
			}
		}
		return nil
	})
	return h, err
}

// check reads a file to its end.
func (l *ledger) check(f file) error {
	r, err := l.read(f)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return err
}
