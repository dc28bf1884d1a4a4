package check

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// maxRounds is how often a text is looked at again: mending may bring to light what it hid.
const maxRounds = 6

// Mend returns the text with all findings of some rules mended, and how many edits that took. Nothing else is
// changed, no line is added or taken away, and mending the result changes nothing.
func (c *Checker) Mend(t *Text, path string, text []byte, a *article.Article, hant bool, rules map[string]bool) ([]byte, int) {
	total := 0
	for range maxRounds {
		var edits []diag.Edit
		for _, p := range c.Text(t, path, text, a, hant) {
			if rules[p.Rule.ID] {
				edits = append(edits, p.Edits...)
			}
		}
		better, n := Apply(text, edits)
		if n == 0 {
			break
		}
		text, total = better, total+n
	}
	return text, total
}

// Apply makes edits in a text, and says how many. One that overlaps another is left for the
// next round.
func Apply(text []byte, edits []diag.Edit) ([]byte, int) {
	if len(edits) == 0 {
		return text, 0
	}
	slices.SortStableFunc(edits, func(a, b diag.Edit) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	lines := strings.SplitAfter(string(text), "\n")
	var out bytes.Buffer
	n, line, col := 0, 1, 1 // what is written up to
	upTo := func(l, c int) bool {
		if l < line || l == line && c < col || l > len(lines) {
			return false
		}
		for ; line < l; line, col = line+1, 1 {
			out.WriteString(skip(lines[line-1], col))
		}
		rest := skip(lines[line-1], col)
		out.WriteString(rest[:len(rest)-len(skip(rest, c-col+1))])
		col = c
		return true
	}
	for _, e := range edits {
		if e.EndLine != e.Line || !upTo(e.Line, e.Col) {
			continue
		}
		out.WriteString(e.Text)
		col = e.EndCol
		n++
	}
	for ; line <= len(lines); line, col = line+1, 1 {
		out.WriteString(skip(lines[line-1], col))
	}
	return out.Bytes(), n
}

// skip returns s without its first col-1 characters.
func skip(s string, col int) string {
	for i := range s {
		if col == 1 {
			return s[i:]
		}
		col--
	}
	return ""
}

// asFile gives a mended text the byte order mark and the line ends of its file.
func asFile(raw, old, mended []byte) []byte {
	if bytes.Equal(raw, old) {
		return mended
	}
	var out bytes.Buffer
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		out.WriteString("\xef\xbb\xbf")
		raw = rest
	}
	for line := range bytes.Lines(mended) {
		out.Write(bytes.TrimSuffix(line, []byte("\n")))
		i := bytes.IndexAny(raw, "\r\n")
		if i < 0 {
			continue
		}
		end := i + 1
		if raw[i] == '\r' && end < len(raw) && raw[end] == '\n' {
			end++
		}
		out.Write(raw[i:end])
		raw = raw[end:]
	}
	return out.Bytes()
}
