package output

import (
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
	return writeText(w, m.Build, len(m.Files), func(b []byte, i int) []byte {
		e := &m.Files[i]
		return appendLine(b, e.Path, &e.Sum, e.Size, e.Class, e.Media)
	})
}

// writeText writes a manifest of n files, of which line appends the ith.
func writeText(w io.Writer, facts Build, n int, line func(b []byte, i int) []byte) error {
	b := make([]byte, 0, 64<<10)
	b = append(append(b, manifestMagic...), '\n')
	for _, kv := range facts.header(n) {
		b = append(append(b, headerLine(kv)...), '\n')
	}
	for i := range n {
		if len(b) > 60<<10 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		b = line(b, i)
	}
	_, err := w.Write(b)
	return err
}

func appendLine(b []byte, path string, sum *Sum, size int64, class Class, media string) []byte {
	b = hex.AppendEncode(b, sum[:])
	b = append(append(b, "  "...), path...)
	b = strconv.AppendInt(append(b, '\t'), size, 10)
	b = append(append(b, '\t'), class.String()...)
	b = append(append(b, '\t'), media...)
	return append(b, '\n')
}
