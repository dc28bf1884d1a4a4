package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Parse reads the text of a manifest. It accepts only what Write writes, byte for byte; an error names
// the line.
func Parse(text []byte) (*Manifest, error) {
	var p parser
	p.Write(text)
	t, err := p.end()
	if err != nil {
		return nil, err
	}
	return t.manifest(), nil
}

// TextSum is the check sum of the text of a manifest, and its length: it tells one from another on this machine. What leaves
// the machine is known by its SHA-256.
type TextSum [16]byte

// textSum makes a TextSum of what is written to it.
type textSum struct {
	c, i uint32
	n    uint64
}

func (s *textSum) Write(b []byte) (int, error) {
	s.c, s.i = crc32.Update(s.c, castagnoli, b), crc32.Update(s.i, crc32.IEEETable, b)
	s.n += uint64(len(b))
	return len(b), nil
}

func (s *textSum) sum() (sum TextSum) {
	binary.LittleEndian.PutUint32(sum[:], s.c)
	binary.LittleEndian.PutUint32(sum[4:], s.i)
	binary.LittleEndian.PutUint64(sum[8:], s.n)
	return sum
}

func sumText(b []byte) TextSum {
	var s textSum
	s.Write(b)
	return s.sum()
}

// parser reads a manifest that is written to it piece by piece.
type parser struct {
	table Table
	part  []byte // of a line whose end has not come yet
	lines int    // that have ended
	head  [headLines]string
	count int   // of files, by the header
	err   error // of line bad
	bad   int

	last  string // path of the line before
	tail  string // what follows its size: the line most often has the same
	class Class
	media uint16
}

// headLines is the number of lines before the files.
const headLines = 9

// Write reads the next piece. It returns no error: that is for end to tell.
func (p *parser) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			p.part = append(p.part, b...)
			return n, nil
		}
		line := b[:i]
		if len(p.part) > 0 {
			p.part = append(p.part, line...)
			line = p.part
		}
		p.line(line)
		p.part, b = p.part[:0], b[i+1:]
	}
}

// line reads a line. After an error, or beyond the number of files that the header gives, they are only counted.
func (p *parser) line(line []byte) {
	p.lines++
	files := p.lines - headLines
	if p.err != nil || files > p.count {
		return
	}
	switch {
	case files > 0:
		p.err = p.entry(line)
	default:
		p.head[p.lines-1] = string(line)
		p.err = p.headLine(p.lines - 1)
	}
	if p.err != nil {
		p.bad = p.lines
	}
}

// end returns what was read, and what was wrong with it first.
func (p *parser) end() (*Table, error) {
	files := p.lines - headLines
	switch {
	case p.err != nil && p.bad <= headLines:
	case files < 0:
		p.bad, p.err = p.lines+1, errCut
	case files != p.count:
		p.bad, p.err = headLines, fmt.Errorf("the header promises %d files, %d lines follow", p.count, files)
	case p.err == nil && len(p.part) > 0:
		p.bad, p.err = p.lines+1, errCut
	}
	if p.err != nil {
		return nil, fmt.Errorf("line %d: %w", p.bad, p.err)
	}
	return &p.table, nil
}

var errCut = fmt.Errorf("the text ends before the line does")

// headLine reads line i of the header, and with the last the whole.
func (p *parser) headLine(i int) error {
	if i == 0 {
		if p.head[0] != manifestMagic {
			return fmt.Errorf("want %q", manifestMagic)
		}
		return nil
	}
	kv := Build{}.header(0)
	if key := kv[i-1][0]; !strings.HasPrefix(p.head[i], "# "+key+":") {
		return fmt.Errorf("want \"# %s: …\"", key)
	}
	if i < headLines-1 {
		return nil
	}
	var got [headLines - 1]string
	for i := range got {
		_, v, _ := strings.Cut(p.head[i+1], ":")
		got[i] = strings.TrimPrefix(v, " ")
	}
	b := Build{Generator: got[0], BaseURL: got[1], Drafts: got[2] == "yes", Future: got[3] == "yes", Audience: got[4], LAN: got[5] == "yes"}
	b.Serial, _ = strconv.ParseInt(got[6], 10, 64)
	p.count, _ = strconv.Atoi(got[7])
	for i, kv := range b.header(p.count) { // whatever would not be written as it stands is wrong
		if headerLine(kv) != p.head[i+1] {
			return fmt.Errorf("bad value in %q, line %d", p.head[i+1], i+2)
		}
	}
	if p.count < 0 {
		return fmt.Errorf("bad number of files %d", p.count)
	}
	p.table.Build = b
	return b.check()
}

// sumLen is the length of a SHA-256 in hexadecimal.
const sumLen = 2 * sha256.Size

func (p *parser) entry(line []byte) error {
	if len(line) < sumLen+2 || line[sumLen] != ' ' || line[sumLen+1] != ' ' {
		return fmt.Errorf("want a SHA-256, two spaces and a path")
	}
	var r row
	var wrong byte
	for i := range r.sum {
		hi, lo := unhex[line[2*i]], unhex[line[2*i+1]]
		r.sum[i] = hi<<4 | lo
		wrong |= hi | lo
	}
	if wrong > 0xF {
		return fmt.Errorf("bad SHA-256 %q", line[:sumLen])
	}
	rest := line[sumLen+2:]
	path, rest, ok1 := bytes.Cut(rest, tab)
	size, tail, ok2 := bytes.Cut(rest, tab)
	if !ok1 || !ok2 {
		return errFields
	}
	var ok bool
	if r.size, ok = parseSize(size); !ok {
		return fmt.Errorf("bad size %q", size)
	}
	if err := p.kind(tail); err != nil {
		return err
	}
	r.class, r.media = p.class, p.media
	return p.add(path, &r)
}

var (
	tab       = []byte("\t")
	errFields = fmt.Errorf("want path, size, class and media type between tabs")
)

// unhex holds the values of hexadecimal digits, and 0xFF for all else.
var unhex = func() (v [256]byte) {
	for c := range v {
		v[c] = 0xFF
	}
	for i, c := range []byte("0123456789abcdef") {
		v[c] = byte(i)
	}
	return v
}()

// parseSize reads a number as it is written: without sign or leading zeros.
func parseSize(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > len("9223372036854775807") || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	u := uint64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		u = 10*u + uint64(c-'0')
	}
	return int64(u), u <= math.MaxInt64
}

// kind reads class and media type.
func (p *parser) kind(tail []byte) (err error) {
	if len(tail) > 0 && string(tail) == p.tail {
		return nil
	}
	class, media, ok := strings.Cut(string(tail), "\t")
	if !ok {
		return errFields
	}
	c := slices.Index(classNames[:], class)
	if c < 0 {
		return fmt.Errorf("unknown class %q", class)
	}
	if !strings.Contains(media, "/") || strings.ContainsFunc(media, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("bad media type %q", media)
	}
	p.tail, p.class = string(tail), Class(c)
	p.media, err = p.table.media(media)
	return err
}

// add adds a file, after those before it.
func (p *parser) add(path []byte, r *row) error {
	if len(path) > maxPath {
		return CheckPath(string(path))
	}
	b, at, err := p.table.room(len(path))
	if err != nil {
		return err
	}
	b.Write(path)
	now := p.table.text(at)
	if !besideName(p.last, now) {
		if err := CheckPath(now); err != nil {
			return err
		}
	}
	if p.last >= now {
		return fmt.Errorf("%q does not come after %q: paths must be sorted, each once", now, p.last)
	}
	p.last, r.path = now, at
	_, to := p.table.add(at)
	*to = *r
	return nil
}

// besideName reports whether path is surely good because it lies in the folder of another that is.
func besideName(good, path string) bool {
	k := strings.LastIndexByte(path, '/') + 1
	return k > 0 && k < len(good) && good[:k] == path[:k] && path[0] != '_' && plain(path[k:]) // in _site not all is good
}
