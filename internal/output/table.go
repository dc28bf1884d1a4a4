package output

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// Table is a Manifest as a transaction holds it: a file takes 72 bytes and its path, and there is nothing that the
// collector of garbage must follow or that grows by being copied. No file of a Table that others hold is changed.
type Table struct {
	Build
	count  int
	rows   []*[rowsInPart]row
	texts  []*strings.Builder // the paths, one after another
	medias []string           // the media types
}

const (
	rowsInPart = 1 << 10
	textInPart = 1 << 16
)

// row is one file.
type row struct {
	sum    Sum
	size   int64
	stamp  stamp    // of the file whose hash is sum
	check  checksum // of the same; 0: not known
	path   span
	media  uint16
	class  Class
	staged bool // waits in the work folder
}

// span is where a path lies in the texts of a Table.
type span struct {
	part, at, len uint16
}

// Len returns the number of files.
func (t *Table) Len() int { return t.count }

// Path returns the path of file i.
func (t *Table) Path(i int) string { return t.text(t.row(i).path) }

func (t *Table) row(i int) *row { return &t.rows[i/rowsInPart][i%rowsInPart] }

func (t *Table) text(s span) string { return t.texts[s.part].String()[s.at:][:s.len] }

// Entry returns file i as it stands in a Manifest.
func (t *Table) Entry(i int) Entry {
	r := t.row(i)
	return Entry{Path: t.text(r.path), Sum: r.sum, Size: r.size, Media: t.medias[r.media], Class: r.class}
}

// Find returns which file has the path. The files must be sorted.
func (t *Table) Find(path string) (i int, ok bool) { return t.between(0, t.count, path) }

// from returns the first file from i on whose path is not before path, and whether it has that path; the nearer it is
// the sooner.
func (t *Table) from(i int, path string) (int, bool) {
	end := i
	for step := 1; end < t.count && t.Path(end) < path; step *= 2 {
		i, end = end+1, end+step
	}
	return t.between(i, min(end, t.count), path)
}

func (t *Table) between(i, end int, path string) (int, bool) {
	for i < end {
		if mid := int(uint(i+end) / 2); t.Path(mid) < path {
			i = mid + 1
		} else {
			end = mid
		}
	}
	return i, i < t.count && t.Path(i) == path
}

// errTooMuch says that a site is beyond what a Table can hold.
var errTooMuch = errors.New("the paths of all files take more than 4 GB, or there are more than 65,536 media types")

// room returns where to write a path of n bytes, of which there can be maxPath, and where it will then lie.
func (t *Table) room(n int) (*strings.Builder, span, error) {
	last := len(t.texts) - 1
	if last < 0 || t.texts[last].Len()+n >= textInPart {
		if last++; last > 0xFFFF {
			return nil, span{}, errTooMuch
		}
		t.texts = append(t.texts, &strings.Builder{})
		if last > 0 {
			t.texts[last].Grow(textInPart)
		}
	}
	b := t.texts[last]
	return b, span{uint16(last), uint16(b.Len()), uint16(n)}, nil
}

// write adds a path to the texts, and returns where it lies.
func (t *Table) write(path string) (span, error) {
	b, at, err := t.room(len(path))
	if err == nil {
		b.WriteString(path)
	}
	return at, err
}

// add adds a file, of which only the path is known yet.
func (t *Table) add(path span) (i int, r *row) {
	if t.count == len(t.rows)*rowsInPart {
		t.rows = append(t.rows, &[rowsInPart]row{})
	}
	i = t.count
	t.count++
	r = t.row(i)
	r.path = path
	return i, r
}

// media returns the number of a media type, which it adds if need be.
func (t *Table) media(name string) (uint16, error) {
	i := slices.Index(t.medias, name)
	if i < 0 {
		if i = len(t.medias); i > 0xFFFF {
			return 0, errTooMuch
		}
		t.medias = append(t.medias, name)
	}
	return uint16(i), nil
}

// manifest returns the same as a Manifest.
func (t *Table) manifest() *Manifest {
	m := &Manifest{Build: t.Build, Files: make([]Entry, t.count)}
	for i := range m.Files {
		m.Files[i] = t.Entry(i)
	}
	return m
}

// sorted returns all files in the order of their paths.
func (t *Table) sorted() []int32 {
	order := make([]int32, t.count)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(t.Path(int(a)), t.Path(int(b))) })
	return order
}
