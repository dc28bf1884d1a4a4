package diag

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"
)

// maxSame is how many warnings of the same words are shown one by one.
const maxSame = 3

// maxExcerpt is how many characters of a line are shown around the place.
const maxExcerpt = 72

// WriteText writes the problems for a reader at a terminal:
//
//	content/djgz/a.md:4:7: 错误: 日期“2025-13-01”有误:没有 13 月 [date]
//	    date: 2025-13-01
//	          ^
//	    → 写成 2025-09-01 08:22
//
// The mark stands under the character even where wide characters go before it. Errors are all
// shown; of warnings that say the same, the first maxSame, then how many more there are.
func (l List) WriteText(w io.Writer, lang Lang) error {
	var b strings.Builder
	same := map[string]int{}
	for _, p := range l {
		if p.Rule.Severity != Error {
			key := p.Rule.ID + p.Message(lang)
			if same[key]++; same[key] > maxSame {
				continue
			}
		}
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", p.Pos, p.Rule.Severity.In(lang), p.Message(lang), p.Rule.ID)
		if p.Line != "" {
			text, mark := excerpt(p.Line, p.Col)
			fmt.Fprintf(&b, "    %s\n", text)
			if mark >= 0 {
				fmt.Fprintf(&b, "    %s%s\n", strings.Repeat(" ", mark), strings.Repeat("^", p.marks()))
			}
		}
		if f := p.Fix(lang); f != "" {
			fmt.Fprintf(&b, "    → %s\n", f)
		}
	}
	for _, p := range l {
		key := p.Rule.ID + p.Message(lang)
		if n := same[key] - maxSame; n > 0 {
			same[key] = 0
			fmt.Fprintf(&b, "%s: %s [%s]%s\n", p.Rule.Severity.In(lang), p.Message(lang), p.Rule.ID,
				T(fmt.Sprintf(":另有 %d 处", n), fmt.Sprintf(": %d more", n)).In(lang))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxMarks is how many cells of an excerpt are marked.
const maxMarks = 24

// marks is how many marks stand under the place: one, or as many cells as it is wide.
func (p Problem) marks() int {
	rs := []rune(p.Line)
	if p.Len < 1 || p.Col < 1 || p.Col > len(rs) {
		return 1
	}
	return min(max(Cells(string(rs[p.Col-1:min(p.Col-1+p.Len, len(rs))])), 1), maxMarks)
}

// excerpt cuts line around column col (1-based, in characters) and returns
// what to show and how many terminal cells stand before the column, -1 if col is unknown.
func excerpt(line string, col int) (text string, cells int) {
	rs := []rune(line)
	for i, r := range rs {
		if r < ' ' || r == 0x7f || r == 0xfffd || (r >= 0x80 && r < 0xa0) {
			rs[i] = ' '
			if r == 0xfffd {
				rs[i] = '?'
			}
		}
	}
	at := min(max(col-1, 0), len(rs))
	from, to := 0, len(rs)
	if len(rs) > maxExcerpt {
		from = max(0, at-maxExcerpt/2)
		to = min(len(rs), from+maxExcerpt)
	}
	head, tail := "", ""
	if from > 0 {
		head = "… "
	}
	if to < len(rs) {
		tail = " …"
	}
	text = head + string(rs[from:to]) + tail
	if col == 0 {
		return text, -1
	}
	return text, Cells(head) + Cells(string(rs[from:at]))
}

// Cells returns how many cells of a terminal s takes: two for each wide
// character (UAX #11), none for combining marks.
func Cells(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		case width.EastAsianAmbiguous:
			n++
			if r >= 0x2010 && r <= 0x2027 { // quotes, dashes and dots are wide in Chinese fonts
				n++
			}
		default:
			if r != 0x200b && r != 0xfeff {
				n++
			}
		}
	}
	return n
}
