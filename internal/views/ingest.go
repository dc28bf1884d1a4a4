package views

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// Settings are what the site says about counting.
type Settings struct {
	Zone      *time.Location
	Slot      int           // minutes: a reader who comes again within a slot is counted once
	Late      time.Duration // how long a day stays open after its end
	Format    string        // of logs: a name of Formats or a pattern; empty: found out
	Catalogue string        // file of the catalogue that build writes
	Ledger    string        // folder
	Now       time.Time
	Busy      func(holder string) // called if another run has the ledger, before it is waited for

	most int // views held in memory; 0: maxElems
}

// Input are the logs of a run.
type Input struct {
	Logs    []string  // files and folders; - is Stdin
	Stdin   io.Reader //
	Recount []string  // days to count anew from these logs alone
	Dry     bool      // change nothing, only say what would be
}

// Log is what a run found of one log.
type Log struct {
	Name    string
	Format  string   // name, or empty for a pattern
	Skipped int64    // bytes that were read by an earlier run
	Account Account  // without Counted and Repeated, which are known only of all logs together
	Odd     []string // the first unreadable lines, for the terminal only
	Note    diag.Text

	head        string // of the hint that fits
	bytes       int64  // of whole lines, from the beginning of the log
	first, last int64  // times of its lines
}

// Report is what a run did.
type Report struct {
	New     bool // the ledger was begun
	Logs    []Log
	Account Account
	Closed  []string         // days that were closed
	Late    map[string]int64 // lines of closed days
}

// lock takes the sole right to change the ledger.
func (s *Settings) lock(ctx context.Context, as string) (*output.Lock, error) {
	return output.Acquire(ctx, s.Ledger, output.Options{As: as, Busy: s.Busy})
}

// Ingest counts the views in logs.
func Ingest(ctx context.Context, s Settings, in Input) (Report, error) {
	if _, err := os.Stat(filepath.Join(s.Ledger, rootName)); in.Dry && errors.Is(err, fs.ErrNotExist) {
		dir, err := os.MkdirTemp("", "zhendi-views-")
		if err != nil {
			return Report{}, err
		}
		defer os.RemoveAll(dir)
		s.Ledger = dir
	}
	lock, err := s.lock(ctx, "views ingest")
	if err != nil {
		return Report{}, err
	}
	rep, err := ingestOn(ctx, system(), s, in)
	return rep, errors.Join(err, lock.Release())
}

// ingester is one run.
type ingester struct {
	Settings
	ctx     context.Context
	ledger  *ledger
	judge   *judge
	batch   *batch
	today   int
	recount bool
	dry     bool
	report  Report
}

func ingestOn(ctx context.Context, d disk, s Settings, in Input) (Report, error) {
	g := &ingester{Settings: s, ctx: ctx, dry: in.Dry}
	l, err := load(d, s.Ledger)
	if err != nil {
		return g.report, err
	}
	if l, err = g.begin(d, l, in.Dry); err != nil {
		return g.report, err
	}
	g.ledger = l
	pages, err := readPages(d, s.Catalogue)
	if err != nil {
		return g.report, err
	}
	cal := &calendar{zone: s.Zone}
	g.today, _ = cal.at(s.Now.Unix())
	if err := g.prepare(in.Recount, cal); err != nil {
		return g.report, g.undo(err)
	}
	g.batch = &batch{ledger: l, most: cmp.Or(s.most, maxElems)}
	g.judge = &judge{pages: pages, agents: newAgents(), zone: s.Zone, now: s.Now.Unix(), days: newRunDays(l, s.Zone, s.Slot), add: g.batch.add, late: map[int]int64{}}
	for _, name := range in.Logs {
		if err := g.log(name, in.Stdin); err != nil {
			return g.report, g.undo(err)
		}
	}
	if err := g.finish(in.Dry); err != nil {
		return g.report, g.undo(err)
	}
	return g.report, nil
}

// begin checks the ledger, or begins one.
func (g *ingester) begin(d disk, l *ledger, dry bool) (*ledger, error) {
	zone := g.Zone.String()
	if l == nil {
		l = newLedger(d, g.Ledger, zone)
		g.report.New = !dry
		return l, l.commit()
	}
	if l.zone != zone {
		return nil, &Error{Text: diag.T("账本按时区 "+l.zone+" 统计，网站的时区是 "+zone, "the ledger counts in zone "+l.zone+", the site's zone is "+zone),
			Hint: diag.T("改回 site.yaml 的 zone，或另用一个账本", "set zone in site.yaml back, or use another ledger")}
	}
	if dry {
		return l, nil
	}
	return l, l.clean()
}

// prepare closes the days whose time has come and opens those that are to be counted anew.
func (g *ingester) prepare(recount []string, cal *calendar) error {
	l := g.ledger
	open := map[int]bool{}
	for n, d := range l.days {
		open[n] = !d.closed
	}
	for _, s := range recount {
		n, ok := parseDay(s)
		if !ok {
			return &Error{Text: diag.T("日期“"+s+"”有误", "bad day "+s), Hint: diag.T("写成 2026-11-21", "write 2026-11-21")}
		}
		if d := l.days[n]; d != nil && d.closed && !d.counts.there() {
			return &Error{Text: diag.T(s+" 已并入所在的月份，不能重新统计", s+" has been added to its month and cannot be counted anew"),
				Hint: diag.T(fmt.Sprintf("只有最近 %d 天可以", foldAfter), fmt.Sprintf("the last %d days can", foldAfter))}
		}
		delete(l.days, n)
		delete(open, n)
		g.recount = true
	}
	if err := l.close(g.Now.Unix(), g.Settings.Late, cal); err != nil {
		return err
	}
	for _, n := range sortedKeys(open) {
		if open[n] && l.days[n].closed {
			g.report.Closed = append(g.report.Closed, date(n))
		}
	}
	return l.fold(g.today)
}

// log reads a file, a folder or standard input.
func (g *ingester) log(name string, stdin io.Reader) error {
	if name == "-" {
		return g.read(name, func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }, false)
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Text: diag.T("没有文件 "+name, "no file "+name), Hint: diag.T("检查日志所在的文件夹与文件名", "check folder and name of the log")}
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return g.read(name, opener(name), true)
	}
	var files []string
	err = filepath.WalkDir(name, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(files)
	for _, p := range files {
		err := g.read(p, opener(p), true)
		var unknown *Error
		if errors.As(err, &unknown) && unknown.noFormat { // other files lie beside logs
			g.report.Logs = append(g.report.Logs, Log{Name: p, Note: diag.T("不是访问日志，跳过", "no access log; passed over")})
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func opener(name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		r, err := plainText(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return struct {
			io.Reader
			io.Closer
		}{r, f}, nil
	}
}

// plainText undoes gzip, told by its first bytes.
func plainText(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if start, _ := b.Peek(2); string(start) != "\x1f\x8b" {
		return b, nil
	}
	return gzip.NewReader(b)
}

// read reads one log. again says that open can be called more than once.
func (g *ingester) read(name string, open func() (io.ReadCloser, error), again bool) (err error) {
	entry := Log{Name: name}
	var r io.ReadCloser
	var done int64 // bytes that an earlier run read
	sum := newHashed()
	if again && !g.recount {
		h, rest, s, err := g.ledger.known(open)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if h != nil {
			h.used = g.today
			done = h.bytes
			if !g.dry && g.ledger.fresh(h, g.judge.pages.sum) { // a trial is asked for every line
				r, sum, entry.Skipped, entry.head = rest, s, h.bytes, h.head
			} else {
				rest.Close()
			}
		}
	}
	if r == nil {
		if r, err = open(); err != nil {
			return err
		}
	}
	defer r.Close()
	text := io.Reader(r)
	if !again {
		if text, err = plainText(r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := g.lines(&entry, text, sum, done); err != nil {
		return err
	}
	if again {
		g.remember(&entry, sum)
	}
	g.report.Logs = append(g.report.Logs, entry)
	return nil
}

// oddLines is how many unreadable lines of a log are shown.
const oddLines = 3

// lines judges the lines of a log, from where it was read up to.
func (g *ingester) lines(entry *Log, r io.Reader, sum *hashed, done int64) error {
	j := g.judge
	ls := newLines(r)
	ls.read = func(b []byte) { sum.Write(b) }
	ls.at = entry.Skipped
	first, whole, err := ls.peek(100)
	if err != nil && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("%s: %w", entry.Name, err)
	}
	if j.format, err = g.format(entry.Name, first, whole); err != nil {
		return err
	}
	entry.Format = j.format.name
	before := j.account
	j.first, j.last = math.MaxInt64, 0
	j.odd = func(line []byte) {
		if len(entry.Odd) < oddLines {
			entry.Odd = append(entry.Odd, string(line[:min(len(line), 200)]))
		}
	}
	n := 0
	err = ls.each(func(line []byte, torn bool) error {
		if n++; n%4096 == 0 && g.ctx.Err() != nil {
			return g.ctx.Err()
		}
		if torn {
			return j.torn(line, ls.start < done)
		}
		return j.line(line, ls.start < done)
	})
	if errors.Is(err, io.ErrUnexpectedEOF) {
		entry.Note, err = diag.T("压缩文件不完整；读出的部分已统计", "the compressed file is cut off; what could be read was counted"), nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", entry.Name, err)
	}
	entry.Account = j.account
	entry.Account.subtract(before)
	entry.bytes, entry.first, entry.last = ls.at, j.first, j.last
	return nil
}

// format is that of the settings, else that which fits the first lines. A log without one
// whole line is taken for combined: there is nothing to get wrong.
func (g *ingester) format(name string, first [][]byte, whole bool) (*format, error) {
	if g.Format != "" {
		return parseFormat(g.Format)
	}
	if f := detect(first, g.Zone); f != nil {
		return f, nil
	}
	if !whole {
		return parseFormat("combined")
	}
	return nil, &Error{noFormat: true, Text: diag.T("认不出日志的格式："+name, "the format of this log is not known: "+name),
		Hint: diag.T("用 --format 指明，或写在 site.yaml 的 views.log 里；已知的格式："+strings.Join(Formats(), "、"), "name it with --format or as views.log in site.yaml; known formats: "+strings.Join(Formats(), ", "))}
}

func (a *Account) subtract(b Account) {
	neg := Account{-b.Lines, -b.Counted, -b.Repeated, [reasons]int64{}, -b.Late, -b.Future}
	for i, n := range b.Filtered {
		neg.Filtered[i] = -n
	}
	a.Add(neg)
}

// remember keeps a hint for the whole lines that were read. Lines ahead of the clock must be read again.
func (g *ingester) remember(entry *Log, sum *hashed) {
	l := g.ledger
	if entry.bytes == 0 || entry.Account.Future > 0 || entry.Note.ZH != "" {
		return
	}
	h := hint{bytes: entry.bytes, used: g.today, pages: g.judge.pages.sum}
	h.head, h.whole = sum.sums()
	if entry.last > 0 {
		h.first, _ = g.judge.days.cal.at(entry.first)
		h.last, _ = g.judge.days.cal.at(entry.last)
	}
	l.hints = slices.DeleteFunc(l.hints, func(o hint) bool {
		grown := entry.Skipped > 0 && o.bytes == entry.Skipped && o.head == entry.head
		if grown && o.last > 0 {
			h.first, h.last = min(cmp.Or(h.first, o.first), o.first), max(h.last, o.last)
		}
		return grown || o.whole == h.whole
	})
	l.hints = append(l.hints, h)
}

// finish merges what was found into the ledger and makes it last.
func (g *ingester) finish(dry bool) error {
	l, j := g.ledger, g.judge
	added, err := g.batch.merge(j.days, g.Now.Unix())
	if err != nil {
		return err
	}
	j.account.Counted += added
	j.account.Repeated += g.batch.pages - added
	if !j.account.Closes() {
		panic(fmt.Sprintf("views: the account does not close: %+v", j.account))
	}
	g.report.Account = j.account
	g.report.Late = map[string]int64{}
	for n, lines := range j.late {
		g.report.Late[date(n)] = lines
		l.days[n].late += lines
	}
	if dry {
		return g.undo(nil)
	}
	l.account.Add(j.account)
	l.forget(g.today)
	return l.commit()
}

// undo removes what a run that failed has written, as far as that can be done.
func (g *ingester) undo(err error) error {
	if kept, lerr := load(g.ledger.disk, g.ledger.dir); lerr == nil && kept != nil {
		kept.clean() // the next run would do it, too
	}
	return err
}
