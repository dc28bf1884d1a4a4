package views

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	encodinghex "encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"zhendi/internal/diag"
)

// rootName is the file of the ledger that says which others belong to it.
const rootName = "ledger.txt"

const rootHead = "# zhendi views ledger 1"

// file is a file of the ledger, as its root has it. A file is never changed: another takes its place.
type file struct {
	name string
	sum  string // SHA-256, hexadecimal
	size int64
}

func (f file) there() bool { return f.name != "" }

// day is a day of the site's zone.
type day struct {
	closed bool
	slot   int   // minutes
	since  int64 // when its first view was read
	key    file  // open: of the readers' hashes
	set    file  // open: the views
	counts file  // closed, not yet folded into its month: views of each article
	total  int64 // closed: views
	late   int64 // lines that came after it was closed
}

// part is what one import says: of one day, or of no day at all.
type part struct {
	name  string
	day   string // 2026-11-21 or start
	file  file
	total int64
}

// ledger is the root of a ledger. Everything that counts hangs on it.
type ledger struct {
	dir     string
	disk    disk
	serial  int64 // of the commit; names of new files have it
	zone    string
	days    map[int]*day
	months  map[string]file // closed months by 2026-11
	parts   []part
	hints   []hint
	account Account // of all runs
}

func newLedger(d disk, dir, zone string) *ledger {
	return &ledger{disk: d, dir: dir, zone: zone, days: map[int]*day{}, months: map[string]file{}}
}

// path returns the name of a file in the ledger's folder.
func (l *ledger) path(name string) string { return filepath.Join(l.dir, name) }

// load reads a ledger. There is none if the folder has no file of one: then the result is nil.
func load(d disk, dir string) (*ledger, error) {
	text, err := d.readAll(filepath.Join(dir, rootName))
	if errors.Is(err, fs.ErrNotExist) {
		list, err := d.list(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range list {
			if kind, ok := ours(e.Name()); ok && kind != "new" { // a new ledger begins with its root
				return nil, damaged(diag.T("不见了，而 "+e.Name()+" 还在", "is gone, although "+e.Name()+" is there"), rootName)
			}
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := newLedger(d, dir, "")
	if err := l.parse(text); err != nil {
		return nil, err
	}
	return l, nil
}

// kinds are the first words of the names of a ledger's files.
var kinds = []string{"set", "key", "day", "month", "import", "new", "spill"}

// ours tells of which kind a file of the ledger is, by its name.
func ours(name string) (kind string, ok bool) {
	kind, rest, ok := strings.Cut(name, "-")
	return kind, ok && slices.Contains(kinds, kind) && rest != ""
}

// text writes the root. Fields stand between tabs; the last line is the sum of all before it.
func (l *ledger) text() []byte {
	var b bytes.Buffer
	line := func(parts ...any) {
		for i, p := range parts {
			if i > 0 {
				b.WriteByte('\t')
			}
			fmt.Fprint(&b, p)
		}
		b.WriteByte('\n')
	}
	line(rootHead)
	line("serial", l.serial)
	line("zone", l.zone)
	for _, n := range sortedKeys(l.days) {
		switch d := l.days[n]; {
		case !d.closed:
			line("open", date(n), d.slot, d.since, d.late, d.key, d.set)
		case d.counts.there():
			line("closed", date(n), d.slot, d.since, d.late, d.total, d.counts)
		default:
			line("folded", date(n), d.slot, d.since, d.late, d.total)
		}
	}
	for _, m := range sortedKeys(l.months) {
		line("month", m, l.months[m])
	}
	for _, p := range l.parts {
		line("import", strconv.Quote(p.name), p.day, p.total, p.file)
	}
	for _, h := range l.hints {
		line("seen", h.head, h.whole, h.bytes, date(h.first), date(h.last), date(h.used), cmp.Or(h.pages, "-"))
	}
	a := &l.account
	line("account", a.Lines, a.Counted, a.Repeated, a.Late, a.Future)
	for r, n := range a.Filtered {
		line("filtered", reasonNames[r], n)
	}
	sum := sha256.Sum256(b.Bytes())
	line("sha256", encodinghex.EncodeToString(sum[:]))
	return b.Bytes()
}

// String is how a file stands in the root.
func (f file) String() string {
	if !f.there() {
		return "-\t-\t0"
	}
	return fmt.Sprintf("%s\t%s\t%d", f.name, f.sum, f.size)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// parse reads the root.
func (l *ledger) parse(text []byte) error {
	i := bytes.LastIndex(text, []byte("sha256\t"))
	if i < 0 {
		return damaged(diag.T("没有校验和", "has no checksum"), rootName)
	}
	sum := sha256.Sum256(text[:i])
	if string(text[i:]) != "sha256\t"+encodinghex.EncodeToString(sum[:])+"\n" {
		return damaged(diag.T("与校验和不符", "does not match its checksum"), rootName)
	}
	n := 0
	for line := range strings.Lines(string(text[:i])) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if n == 1 && line != rootHead {
			return &Error{Text: diag.T("账本的版本不认识："+line, "a ledger of another version: "+line), Hint: diag.T("用写它的那个版本的 zhendi", "use the zhendi that wrote it")}
		}
		if n == 1 {
			continue
		}
		r := rowReader{cells: strings.Split(line, "\t")}
		l.row(&r)
		if r.bad || len(r.cells) > 0 {
			return damaged(diag.T(fmt.Sprintf("第 %d 行读不懂", n), fmt.Sprintf("line %d cannot be read", n)), rootName)
		}
	}
	return nil
}

// rowReader takes the cells of a line one by one.
type rowReader struct {
	cells []string
	bad   bool
}

func (r *rowReader) text() string {
	if len(r.cells) == 0 {
		r.bad = true
		return ""
	}
	c := r.cells[0]
	r.cells = r.cells[1:]
	return c
}

func (r *rowReader) int() int64 {
	n, err := strconv.ParseInt(r.text(), 10, 64)
	r.bad = r.bad || err != nil || n < 0
	return n
}

func (r *rowReader) day() int {
	n, ok := parseDay(r.text())
	r.bad = r.bad || !ok
	return n
}

func (r *rowReader) file() file {
	f := file{r.text(), r.text(), r.int()}
	if f.name == "-" {
		return file{}
	}
	_, ok := ours(f.name)
	r.bad = r.bad || !ok || strings.ContainsAny(f.name, `/\`)
	return f
}

func (l *ledger) row(r *rowReader) {
	switch kind := r.text(); kind {
	case "serial":
		l.serial = r.int()
	case "zone":
		l.zone = r.text()
	case "open", "closed", "folded":
		n := r.day()
		d := &day{closed: kind != "open", slot: int(r.int()), since: r.int(), late: r.int()}
		switch kind {
		case "open":
			d.key, d.set = r.file(), r.file()
			r.bad = r.bad || d.slot < 1
		case "closed":
			d.total, d.counts = r.int(), r.file()
		default:
			d.total = r.int()
		}
		l.days[n] = d
	case "month":
		l.months[r.text()] = r.file()
	case "import":
		name, err := strconv.Unquote(r.text())
		r.bad = r.bad || err != nil
		p := part{name: name, day: r.text(), total: r.int()}
		p.file = r.file()
		l.parts = append(l.parts, p)
	case "seen":
		l.hints = append(l.hints, hint{head: r.text(), whole: r.text(), bytes: r.int(), first: r.day(), last: r.day(), used: r.day(), pages: r.text()})
	case "account":
		l.account.Lines, l.account.Counted, l.account.Repeated, l.account.Late, l.account.Future = r.int(), r.int(), r.int(), r.int(), r.int()
	case "filtered":
		if i := slices.Index(reasonNames[:], r.text()); i >= 0 {
			l.account.Filtered[i] = r.int()
		} else {
			r.bad = true
		}
	default:
		r.bad = true
	}
}

// files returns the names of all files that the root refers to.
func (l *ledger) files() map[string]file {
	out := map[string]file{}
	keep := func(f file) {
		if f.there() {
			out[f.name] = f
		}
	}
	for _, d := range l.days {
		keep(d.key)
		keep(d.set)
		keep(d.counts)
	}
	for _, f := range l.months {
		keep(f)
	}
	for _, p := range l.parts {
		keep(p.file)
	}
	return out
}

// put writes a new file of the ledger.
func (l *ledger) put(name string, text func(io.Writer) error) (file, error) {
	f := file{name: fmt.Sprintf("%s-%d", name, l.serial+1)}
	h := sha256.New()
	err := l.disk.write(l.path(f.name), true, func(w io.Writer) error {
		c := counter{w: io.MultiWriter(w, h)}
		err := text(&c)
		f.size = c.n
		return err
	})
	f.sum = encodinghex.EncodeToString(h.Sum(nil))
	return f, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// read opens a file of the ledger. Its end comes as an error if it is not the file that was written:
// whoever reads must read to the end before believing any of it.
func (l *ledger) read(f file) (io.ReadCloser, error) {
	r, err := l.disk.open(l.path(f.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damaged(diag.T("不见了", "is gone"), f.name)
	}
	if err != nil {
		return nil, err
	}
	return &checked{r: r, f: f, h: sha256.New()}, nil
}

type checked struct {
	r io.ReadCloser
	f file
	h interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.h.Write(b[:n])
	c.n += int64(n)
	if err == io.EOF && (c.n != c.f.size || encodinghex.EncodeToString(c.h.Sum(nil)) != c.f.sum) {
		return n, damaged(diag.T("与校验和不符", "does not match its checksum"), c.f.name)
	}
	return n, err
}

func (c *checked) Close() error { return c.r.Close() }

// commit makes the ledger in memory the one on disk, in this order:
//
//  1. the new files have been written and synced (put);
//  2. sync the folder; write and sync new-ledger.txt; rename it to ledger.txt; sync the folder:
//     from here on the new state holds, whatever happens;
//  3. write zeros over the keys of days that were closed, and remove them; remove what nothing refers to.
//
// A process that is killed before the rename has changed nothing; after it, the next run cleans up.
func (l *ledger) commit() error {
	l.serial++
	text := l.text()
	if err := l.disk.syncDir(l.dir); err != nil {
		return err
	}
	err := l.disk.write(l.path("new-"+rootName), true, func(w io.Writer) error { _, err := w.Write(text); return err })
	if err == nil {
		err = l.disk.rename(l.path("new-"+rootName), l.path(rootName))
	}
	if err == nil {
		err = l.disk.syncDir(l.dir)
	}
	if err != nil {
		return fmt.Errorf("writing the ledger: %w", err)
	}
	return l.clean()
}

// clean removes the files that nothing refers to; of a key nothing remains.
func (l *ledger) clean() error {
	list, err := l.disk.list(l.dir)
	if err != nil {
		return err
	}
	keep := l.files()
	for _, e := range list {
		kind, ok := ours(e.Name())
		if _, used := keep[e.Name()]; !ok || used {
			continue
		}
		name := l.path(e.Name())
		if kind == "key" {
			zeros := make([]byte, keySize)
			if err := l.disk.write(name, true, func(w io.Writer) error { _, err := w.Write(zeros); return err }); err != nil {
				return err
			}
		}
		if err := l.disk.remove(name); err != nil {
			return err
		}
	}
	return nil
}

const keySize = 16
