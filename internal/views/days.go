package views

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"zhendi/internal/diag"
)

// runDay is a day as one run sees it.
type runDay struct {
	number int // days since 1970
	index  int // within the run
	slot   int64
	key    [keySize]byte
	fresh  bool // its key is not in the ledger yet
	closed bool
}

// runDays are the days that the lines of a run are about.
type runDays struct {
	ledger *ledger
	cal    calendar
	slot   int // minutes, for days that begin
	list   []*runDay
	byDay  map[int]*runDay
	last   *runDay
}

func newRunDays(l *ledger, zone *time.Location, slot int) *runDays {
	return &runDays{ledger: l, cal: calendar{zone: zone}, slot: slot, byDay: map[int]*runDay{}}
}

// maxDays is how many days one run can hold apart.
const maxDays = 1 << (64 - idBits)

// at returns the day of a time and the seconds of it that have passed.
func (ds *runDays) at(sec int64) (*runDay, int64, error) {
	n, within := ds.cal.at(sec)
	if ds.last != nil && ds.last.number == n {
		return ds.last, within, nil
	}
	d := ds.byDay[n]
	if d == nil {
		var err error
		if d, err = ds.open(n); err != nil {
			return nil, 0, err
		}
	}
	ds.last = d
	return d, within, nil
}

func (ds *runDays) open(n int) (*runDay, error) {
	if len(ds.list) == maxDays {
		return nil, &Error{Text: diag.T(fmt.Sprintf("日志里有超过 %d 天", maxDays), fmt.Sprintf("the logs are of more than %d days", maxDays)),
			Hint: diag.T("分几次统计", "ingest them in parts")}
	}
	d := &runDay{number: n, index: len(ds.list)}
	switch old := ds.ledger.days[n]; {
	case old == nil:
		d.slot, d.fresh = int64(ds.slot)*60, true
		rand.Read(d.key[:])
	case old.closed:
		d.closed = true
	default:
		d.slot = int64(old.slot) * 60
		if err := ds.readKey(d, old.key); err != nil {
			return nil, err
		}
	}
	ds.byDay[n] = d
	ds.list = append(ds.list, d)
	return d, nil
}

func (ds *runDays) readKey(d *runDay, f file) error {
	r, err := ds.ledger.read(f)
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err == nil && len(b) != keySize {
		err = errors.New("a key of another size")
	}
	copy(d.key[:], b)
	return err
}

// close closes the days whose time has come: a day stays open until late after its end, and until late
// after its first view was read, so that old logs can be taken over in several runs.
func (l *ledger) close(now int64, late time.Duration, cal *calendar) error {
	for _, n := range sortedKeys(l.days) {
		d := l.days[n]
		if d.closed || now < max(cal.end(n), d.since)+int64(late/time.Second) {
			continue
		}
		var total int64
		counts, err := l.put("day-"+date(n), func(w io.Writer) error {
			var row []byte
			return l.eachOfSet(d.set, func(id ID, views int64) error {
				total += views
				row = countRow(row[:0], id, views)
				_, err := w.Write(row)
				return err
			})
		})
		if err != nil {
			return fmt.Errorf("closing %s: %w", date(n), err)
		}
		l.days[n] = &day{closed: true, slot: d.slot, since: d.since, late: d.late, total: total, counts: counts}
	}
	return nil
}

// foldAfter is how many days keep their counts apart: hot lists reach back a month. Older days are
// added up by month; their totals remain.
const foldAfter = 62

// fold adds the counts of days that are closed and old to their months.
func (l *ledger) fold(today int) error {
	old := map[string][]int{}
	for _, n := range sortedKeys(l.days) {
		if d := l.days[n]; d.closed && d.counts.there() && n < today-foldAfter {
			m := date(n)[:7]
			old[m] = append(old[m], n)
		}
	}
	for _, m := range sortedKeys(old) {
		sum := map[ID]int64{}
		add := func(id ID, n int64) error { sum[id] += n; return nil }
		if f := l.months[m]; f.there() {
			if err := l.eachCount(f, add); err != nil {
				return err
			}
		}
		for _, n := range old[m] {
			if err := l.eachCount(l.days[n].counts, add); err != nil {
				return err
			}
		}
		f, err := l.putCounts("month-"+m, sum)
		if err != nil {
			return err
		}
		l.months[m] = f
		for _, n := range old[m] {
			l.days[n].counts = file{}
		}
	}
	return nil
}
