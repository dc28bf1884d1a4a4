package output

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Sum is the SHA-256 of a file's bytes.
type Sum = [sha256.Size]byte

// Entry is one file in the manifest.
type Entry struct {
	Path  string
	Sum   Sum
	Size  int64
	Media string // MediaType of the path when the manifest was written
	Class Class

	staged bool     // in a transaction: waits in the work folder
	stamp  stamp    // in a transaction: of the file whose hash is Sum
	check  checksum // of the same; 0: not known
}

// Manifest lists the files of a site, sorted by path, and says what kind of build made them.
type Manifest struct {
	Build
	Files []Entry
}

// Find returns the entry of path.
func (m *Manifest) Find(path string) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(m.Files, path, func(e Entry, p string) int { return strings.Compare(e.Path, p) })
	if !ok {
		return Entry{}, false
	}
	return m.Files[i], true
}

// equal reports whether the two manifests have the same text.
func (m *Manifest) equal(n *Manifest) bool {
	return m.Build == n.Build && slices.EqualFunc(m.Files, n.Files, func(a, b Entry) bool {
		return a.Path == b.Path && a.Sum == b.Sum && a.Size == b.Size && a.Media == b.Media && a.Class == b.Class
	})
}

// Differ returns the paths of files that only one of two manifests lists, or that have other bytes.
func (m *Manifest) Differ(n *Manifest) (paths []string) {
	a, b := m.Files, n.Files
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Path < b[0].Path:
			paths, a = append(paths, a[0].Path), a[1:]
		case len(a) == 0 || b[0].Path < a[0].Path:
			paths, b = append(paths, b[0].Path), b[1:]
		default:
			if a[0].Sum != b[0].Sum {
				paths = append(paths, a[0].Path)
			}
			a, b = a[1:], b[1:]
		}
	}
	return paths
}

const manifestMagic = "# zhendi manifest 1"

// header returns the keys of the facts of a build, in order, with their values.
func (b Build) header(files int) [8][2]string {
	return [8][2]string{
		{"generator", b.Generator},
		{"base-url", b.BaseURL},
		{"drafts", yesNo(b.Drafts)},
		{"future", yesNo(b.Future)},
		{"audience", b.Audience},
		{"lan", yesNo(b.LAN)},
		{"serial", strconv.FormatInt(b.Serial, 10)},
		{"files", strconv.Itoa(files)},
	}
}

func headerLine(kv [2]string) string {
	if kv[1] == "" {
		return "# " + kv[0] + ":"
	}
	return "# " + kv[0] + ": " + kv[1]
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// check refuses facts that would not come back as they are.
func (b Build) check() error {
	for _, v := range []string{b.Generator, b.BaseURL, b.Audience} {
		if v != strings.ToValidUTF8(v, "") || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7F }) || strings.TrimSpace(v) != v {
			return fmt.Errorf("output: manifest: %q is no value for the header: it must be one line without spaces at its ends", v)
		}
	}
	if b.Serial < 0 {
		return fmt.Errorf("output: manifest: serial %d is negative", b.Serial)
	}
	return nil
}

// Write writes the text of the manifest, in the form that the package comment gives. The
// files must be sorted.
func (m *Manifest) Write(w io.Writer) error {
	buf := make([]byte, 0, 64<<10)
	buf = append(append(buf, manifestMagic...), '\n')
	for _, kv := range m.header(len(m.Files)) {
		buf = append(append(buf, headerLine(kv)...), '\n')
	}
	for i := range m.Files {
		if len(buf) > 60<<10 {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
		buf = m.Files[i].appendLine(buf)
	}
	_, err := w.Write(buf)
	return err
}

func (e *Entry) appendLine(b []byte) []byte {
	b = hex.AppendEncode(b, e.Sum[:])
	b = append(append(b, "  "...), e.Path...)
	b = strconv.AppendInt(append(b, '\t'), e.Size, 10)
	b = append(append(b, '\t'), e.Class.String()...)
	b = append(append(b, '\t'), e.Media...)
	return append(b, '\n')
}

// Parse reads the text of a manifest. It accepts only what Write writes, byte for byte; an error names
// the line.
func Parse(text []byte) (*Manifest, error) {
	p := parser{rest: text, media: map[string]string{}}
	m := &Manifest{}
	count, err := p.header(&m.Build)
	if err == nil {
		err = p.files(m, count)
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", p.line, err)
	}
	return m, nil
}

// parser walks over the lines of a manifest.
type parser struct {
	rest  []byte
	line  int
	media map[string]string // one string for each media type
	paths strings.Builder   // all paths in one piece of memory
}

// next returns the next line without its end.
func (p *parser) next() ([]byte, error) {
	p.line++
	line, rest, ok := bytes.Cut(p.rest, []byte("\n"))
	if !ok {
		return nil, fmt.Errorf("the text ends before the line does")
	}
	p.rest = rest
	return line, nil
}

func (p *parser) header(b *Build) (count int, err error) {
	line, err := p.next()
	if err != nil || string(line) != manifestMagic {
		return 0, fmt.Errorf("want %q", manifestMagic)
	}
	var lines, got [8]string
	for i, kv := range b.header(0) {
		if line, err = p.next(); err != nil {
			return 0, err
		}
		lines[i] = string(line)
		v, ok := strings.CutPrefix(lines[i], "# "+kv[0]+":")
		if !ok {
			return 0, fmt.Errorf("want \"# %s: …\"", kv[0])
		}
		got[i] = strings.TrimPrefix(v, " ")
	}
	*b = Build{Generator: got[0], BaseURL: got[1], Drafts: got[2] == "yes", Future: got[3] == "yes", Audience: got[4], LAN: got[5] == "yes"}
	b.Serial, _ = strconv.ParseInt(got[6], 10, 64)
	count, _ = strconv.Atoi(got[7])
	for i, kv := range b.header(count) { // whatever would not be written as it stands is wrong
		if headerLine(kv) != lines[i] {
			return 0, fmt.Errorf("bad value in %q, line %d", lines[i], i+2)
		}
	}
	if count < 0 {
		return 0, fmt.Errorf("bad number of files %d", count)
	}
	return count, b.check()
}

func (p *parser) files(m *Manifest, count int) error {
	if lines := bytes.Count(p.rest, []byte("\n")); lines != count {
		return fmt.Errorf("the header promises %d files, %d lines follow", count, lines)
	}
	m.Files = make([]Entry, count)
	p.paths.Grow(pathBytes(p.rest))
	for i := range m.Files {
		line, err := p.next()
		if err != nil {
			return err
		}
		if err := p.entry(&m.Files[i], line); err != nil {
			return err
		}
		if i > 0 && m.Files[i-1].Path >= m.Files[i].Path {
			return fmt.Errorf("%q does not come after %q: paths must be sorted, each once", m.Files[i].Path, m.Files[i-1].Path)
		}
	}
	if len(p.rest) > 0 {
		p.line++
		return fmt.Errorf("the text ends before the line does")
	}
	return nil
}

// pathBytes returns how many bytes the paths of the lines take.
func pathBytes(lines []byte) (n int) {
	for line := range bytes.Lines(lines) {
		n += max(0, bytes.IndexByte(line, '\t')-sumLen-2)
	}
	return n
}

var tab = []byte("\t")

// sumLen is the length of a SHA-256 in hexadecimal.
const sumLen = 2 * sha256.Size

func (p *parser) entry(e *Entry, line []byte) error {
	if len(line) < sumLen+2 || string(line[sumLen:sumLen+2]) != "  " {
		return fmt.Errorf("want a SHA-256, two spaces and a path")
	}
	if _, err := hex.Decode(e.Sum[:], line[:sumLen]); err != nil || bytes.ContainsAny(line[:sumLen], "ABCDEF") {
		return fmt.Errorf("bad SHA-256 %q", line[:sumLen])
	}
	path, rest, ok1 := bytes.Cut(line[sumLen+2:], tab)
	size, rest, ok2 := bytes.Cut(rest, tab)
	class, media, ok3 := bytes.Cut(rest, tab)
	if !ok1 || !ok2 || !ok3 {
		return fmt.Errorf("want path, size, class and media type between tabs")
	}
	var err error
	if e.Size, err = strconv.ParseInt(string(size), 10, 64); err != nil || e.Size < 0 || size[0] == '+' || size[0] == '-' || size[0] == '0' && len(size) > 1 {
		return fmt.Errorf("bad size %q", size)
	}
	c := slices.Index(classNames[:], string(class))
	if c < 0 {
		return fmt.Errorf("unknown class %q", class)
	}
	e.Class = Class(c)
	if e.Media, err = p.mediaType(media); err != nil {
		return err
	}
	start := p.paths.Len()
	p.paths.Write(path)
	e.Path = p.paths.String()[start:]
	return CheckPath(e.Path)
}

// mediaType keeps one string for all lines with the same type.
func (p *parser) mediaType(b []byte) (string, error) {
	if s, ok := p.media[string(b)]; ok {
		return s, nil
	}
	s := string(b)
	if !strings.Contains(s, "/") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", fmt.Errorf("bad media type %q", s)
	}
	p.media[s] = s
	return s, nil
}

// sortByPath puts entries into the order of the manifest.
func sortByPath(files []Entry) {
	slices.SortFunc(files, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
}
