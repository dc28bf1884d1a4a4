package views

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"zhendi/internal/diag"
)

// Imported is what an import did.
type Imported struct {
	Rows, Taken int64 // rows of the table; those whose path is a page
	Views       int64 // of the rows taken
	Replaced    int64 // views of the import of this name that was there before
	Problems    diag.List
}

var (
	ruleImportPath = diag.Rule{ID: "import-path", Severity: diag.Warning,
		ZH: "“%[1]s”不是本站稿件的网址，这一行没有计入", EN: "%[1]q is no page of an article; the row was not counted",
		FixZH: "把它写进稿件的 aliases，重新生成网站后再导入", FixEN: "add it to the article's aliases, build the site and import again"}
	ruleImportRow = diag.Rule{ID: "import",
		ZH: "读不懂：%[1]s", EN: "cannot be read: %[1]s",
		FixZH: "每行写 网址,次数 或 网址,次数,日期（2026-11-21）", FixEN: "write path,count or path,count,day (2026-11-21) in each row"}
)

// Import takes start values, or counts that were computed elsewhere, from a CSV table: path, count and,
// if they are of one day, the day. name names the source: an import replaces what an earlier one
// of the same name said, day by day (and rows without a day together); so it can be run again.
func Import(ctx context.Context, s Settings, name, file string, r io.Reader) (Imported, error) {
	lock, err := s.lock(ctx, "views import")
	if err != nil {
		return Imported{}, err
	}
	out, err := importOn(system(), s, name, file, r)
	return out, errors.Join(err, lock.Release())
}

func importOn(d disk, s Settings, name, file string, r io.Reader) (Imported, error) {
	l, err := load(d, s.Ledger)
	if err != nil {
		return Imported{}, err
	}
	g := ingester{Settings: s}
	if l, err = g.begin(d, l, false); err != nil {
		return Imported{}, err
	}
	pages, err := readPages(d, s.Catalogue)
	if err != nil {
		return Imported{}, err
	}
	t := table{pages: pages, file: file, days: map[string]map[ID]int64{}}
	if err := t.read(r); err != nil {
		return t.out, err
	}
	if t.out.Problems.Count(diag.Error) > 0 {
		return t.out, nil
	}
	for _, day := range sortedKeys(t.days) {
		if err := l.setPart(name, day, t.days[day], &t.out); err != nil {
			g.ledger = l
			return t.out, g.undo(err)
		}
	}
	return t.out, l.commit()
}

// setPart makes counts what the import called name says of a day.
func (l *ledger) setPart(name, day string, counts map[ID]int64, out *Imported) error {
	p := part{name: name, day: day}
	for _, n := range counts {
		p.total += n
	}
	at := slices.IndexFunc(l.parts, func(o part) bool { return o.name == name && o.day == day })
	if at < 0 {
		at = len(l.parts)
		l.parts = append(l.parts, p)
	}
	out.Replaced += l.parts[at].total * b2i(l.parts[at].file.there())
	n := 0
	for l.taken(fmt.Sprintf("import-%s.%d", day, n)) {
		n++
	}
	f, err := l.putCounts(fmt.Sprintf("import-%s.%d", day, n), counts)
	p.file = f
	l.parts[at] = p
	return err
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// taken tells whether a name is in use in this commit or an earlier one.
func (l *ledger) taken(name string) bool {
	for used := range l.files() {
		if strings.HasPrefix(used, name+"-") {
			return true
		}
	}
	return false
}

// maxUnknown is how many rows that are no pages are shown: a table from elsewhere may have thousands.
const maxUnknown = 20

// table is the CSV of an import.
type table struct {
	pages *pages
	file  string
	days  map[string]map[ID]int64 // by day, or start
	out   Imported
}

func (t *table) read(r io.Reader) error {
	b := bufio.NewReader(r)
	if m, _ := b.Peek(len(mark)); string(m) == string(mark) {
		b.Discard(len(mark))
	}
	c := csv.NewReader(b)
	c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes, c.TrimLeadingSpace = -1, true, true, true
	for n := 0; ; n++ {
		row, err := c.Read()
		if err == io.EOF {
			return nil
		}
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			t.out.Problems.Add(ruleImportRow.At(diag.Pos{File: t.file, Line: pe.Line, Col: pe.Column}, pe.Err.Error()))
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		t.row(row, diag.Pos{File: t.file, Line: line}, n == 0)
	}
}

func (t *table) row(row []string, at diag.Pos, first bool) {
	bad := func(zh, en string) { t.out.Problems.Add(ruleImportRow.At(at, diag.T(zh, en))) }
	if len(row) < 2 || len(row) > 3 {
		bad(fmt.Sprintf("有 %d 列", len(row)), fmt.Sprintf("%d columns", len(row)))
		return
	}
	n, err := strconv.ParseInt(strings.TrimSpace(row[1]), 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		if first && !strings.HasPrefix(row[0], "/") && !strings.Contains(row[0], "://") {
			return // names of the columns
		}
		bad("次数“"+row[1]+"”有误", "count "+row[1])
		return
	}
	day := "start"
	if len(row) == 3 && strings.TrimSpace(row[2]) != "" {
		d, ok := parseDay(strings.TrimSpace(row[2]))
		if !ok {
			bad("日期“"+row[2]+"”有误", "day "+row[2])
			return
		}
		day = date(d)
	}
	t.out.Rows++
	if t.days[day] == nil {
		t.days[day] = map[ID]int64{}
	}
	path := strings.TrimSpace(row[0])
	if !strings.HasPrefix(path, "/") && !strings.Contains(path, "://") {
		path = "/" + path
	}
	id, ok := t.pages.find(canonical(nil, []byte(path), false))
	if !ok {
		if t.out.Rows-t.out.Taken <= maxUnknown {
			t.out.Problems.Add(ruleImportPath.At(at, path))
		}
		return
	}
	t.days[day][id] += n
	t.out.Taken++
	t.out.Views += n
}
