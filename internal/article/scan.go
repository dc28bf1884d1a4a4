package article

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// Lengths of an excerpt, in characters.
const (
	maxExcerpt  = 120
	goodExcerpt = 60   // a first paragraph shorter than this is joined by the next
	scanLimit   = 1500 // bytes of a paragraph that matter to an excerpt
)

// Scan finds what Head holds, and the dateline, by looking over the lines of src; it parses only the
// paragraphs that go into the excerpt. Editor's notes, headings, code, tables, raw
// HTML and pictures give no excerpt, nor does the dateline.
func Scan(src Source) (Head, Dateline) {
	s := scanner{head: Head{Parts: 1}, rest: src.Text}
	for s.next() {
		s.line()
	}
	s.endParagraph()
	s.head.Excerpt = cutExcerpt(s.excerpt.String())
	return s.head, s.dateline
}

// scanner goes over the lines of a text.
type scanner struct {
	head     Head
	dateline Dateline // of the first paragraph
	rest     []byte
	raw      []byte // the line
	trimmed  []byte // without indent and blanks at its end

	fence     []byte // of the code that is open; nil if none
	comment   bool   // in <!-- that goes over lines
	inHTML    bool   // in a block of raw HTML
	dropped   []byte // the end tag that ends a script or the like; nil if not in one
	inNote    bool   // in a footnote
	note      int    // containers that are open, and
	noteDepth int    // how many when an editor's note opened; 0 if none
	paragraph []byte
	first     bool // the first paragraph was seen
	excerpt   strings.Builder
	chars     int // in excerpt
}

func (s *scanner) next() bool {
	if len(s.rest) == 0 {
		return false
	}
	n := bytes.IndexByte(s.rest, '\n')
	if n < 0 {
		n = len(s.rest) - 1
	}
	s.raw, s.rest = s.rest[:n+1], s.rest[n+1:]
	s.trimmed = bytes.TrimRight(s.raw, " \t\r\n")
	for len(s.trimmed) > 0 {
		r, size := rune(s.trimmed[0]), 1
		if r >= utf8.RuneSelf || r == '&' {
			if r, size = utf8.DecodeRune(s.trimmed); r == '&' {
				r, size = spaceReference(s.trimmed)
			}
		}
		if !indentRune(r) {
			break
		}
		s.trimmed = s.trimmed[size:]
	}
	return true
}

// line looks at one line.
func (s *scanner) line() {
	t := s.trimmed
	switch {
	case s.fence != nil:
		if bytes.HasPrefix(t, s.fence) && len(bytes.Trim(t, string(s.fence[:1]))) == 0 {
			s.fence = nil
		}
		return
	case s.comment:
		s.comment = !bytes.Contains(t, []byte("-->"))
		return
	case s.dropped != nil:
		if bytes.Contains(bytes.ToLower(t), s.dropped) {
			s.dropped = nil
		}
		return
	case len(t) == 0:
		s.inHTML = false
		s.endParagraph()
		return
	}
	if s.opens(t) {
		return
	}
	s.picture(t)
	s.text(t)
}

// opens looks at a line that may begin code, raw HTML or a container, and reports whether
// it is done with.
func (s *scanner) opens(t []byte) bool {
	switch t[0] {
	case '`', '~':
		if n := run(t); n >= 3 && (t[0] == '~' || bytes.IndexByte(t[n:], '`') < 0) {
			s.endParagraph()
			s.fence = t[:n]
			return true
		}
	case '<':
		return s.html(t)
	case ':':
		return s.container(t)
	}
	return false
}

// text takes a line of a paragraph.
func (s *scanner) text(t []byte) {
	if s.inHTML || s.noteDepth > 0 || s.full() || s.indented() {
		return
	}
	if s.notText(t) {
		if len(bytes.Trim(t, "-=|: \t")) == 0 { // what is above it is a heading, or of a table
			s.paragraph = s.paragraph[:0]
		}
		s.endParagraph()
		return
	}
	if len(s.raw) > len(t) && len(s.paragraph) > 0 && byHand(s.raw) {
		s.endParagraph()
	}
	if len(s.paragraph) < scanLimit {
		if len(t) > scanLimit {
			t = bytes.ToValidUTF8(t[:scanLimit], nil)
		}
		s.paragraph = append(append(s.paragraph, t...), '\n')
	}
}

// run returns how often the first byte of t is repeated at its start.
func run(t []byte) int {
	n := 1
	for n < len(t) && t[n] == t[0] {
		n++
	}
	return n
}

// byHand reports whether line has an indent that begins a paragraph.
func byHand(line []byte) bool {
	n, _ := manualIndent(line)
	return n > 0
}

// indented reports whether the line belongs to a footnote above it or to code.
func (s *scanner) indented() bool {
	n := 0
	for n < len(s.raw) && s.raw[n] == ' ' {
		n++
	}
	deep := n >= 4 || n < len(s.raw) && s.raw[n] == '\t'
	s.inNote = s.inNote && deep
	return s.inNote || deep && len(s.paragraph) == 0 && !startsChinese(s.trimmed)
}

// html looks at a line that starts with <, and reports whether it is done with.
func (s *scanner) html(t []byte) bool {
	if isPageMark(t) {
		s.endParagraph()
		if indent := len(s.raw) - len(bytes.TrimLeft(s.raw, " ")); indent < 4 && s.note == 0 {
			s.head.Parts++
		}
		return true
	}
	if bytes.HasPrefix(t, []byte("<!--")) {
		s.endParagraph()
		s.comment = !bytes.Contains(t[4:], []byte("-->"))
		return true
	}
	for _, name := range []string{"script", "style", "pre", "textarea"} {
		if len(t) > len(name) && strings.EqualFold(string(t[1:1+len(name)]), name) && len(s.paragraph) == 0 {
			if end := []byte("</" + name); !bytes.Contains(bytes.ToLower(t), end) {
				s.dropped = end
			}
			return true
		}
	}
	if len(t) > 1 && (wordByte(t[1]) && !bytes.HasPrefix(t, []byte("<http")) || t[1] == '/') && len(s.paragraph) == 0 {
		s.inHTML = true
	}
	return false
}

// container looks at a line that starts with a colon.
func (s *scanner) container(t []byte) bool {
	colons, rest, _ := colonFence(t)
	if colons < 3 {
		return false
	}
	s.endParagraph()
	if rest == "" {
		if s.note == s.noteDepth {
			s.noteDepth = 0
		}
		s.note = max(s.note-1, 0)
		return true
	}
	s.note++
	if name, _ := containerName(rest); containerNames[strings.ToLower(name)] == editorNote && s.noteDepth == 0 {
		s.noteDepth = s.note
	}
	return true
}

// picture takes the destination of the first picture.
func (s *scanner) picture(t []byte) {
	if s.head.Image != "" {
		return
	}
	if i := bytes.Index(t, []byte("![")); i >= 0 {
		if j := bytes.Index(t[i:], []byte("](")); j > 0 {
			s.head.Image = destination(t[i+j+2:])
			return
		}
	}
	if i := bytes.Index(t, []byte("<img ")); i >= 0 {
		if j := bytes.Index(t[i:], []byte(`src="`)); j > 0 {
			rest := t[i+j+5:]
			s.head.Image = string(unescape(rest[:max(bytes.IndexByte(rest, '"'), 0)]))
		}
	}
}

// destination returns the destination of an inline link that b is the inside of.
func destination(b []byte) string {
	b = bytes.TrimLeft(b, " ")
	if len(b) > 0 && b[0] == '<' {
		return string(unescape(b[1:max(bytes.IndexByte(b, '>'), 1)]))
	}
	open := 0
	for i, c := range b {
		switch {
		case c == '(' && (i == 0 || b[i-1] != '\\'):
			open++
		case c == ')' && (i == 0 || b[i-1] != '\\'):
			if open--; open < 0 {
				return string(unescape(b[:i]))
			}
		case c <= ' ':
			return string(unescape(b[:i]))
		}
	}
	return ""
}

// notText reports whether a line is no line of a paragraph.
func (s *scanner) notText(t []byte) bool {
	switch t[0] {
	case '#':
		n := run(t)
		return n <= 6 && (n == len(t) || t[n] == ' ' || t[n] == '\t')
	case '>', '|':
		return true
	case '-', '*', '+', '=', '_':
		if len(t) > 1 && t[0] != '=' && t[0] != '_' && (t[1] == ' ' || t[1] == '\t') {
			return true
		}
		return len(bytes.Trim(t, string(t[:1])+" \t|:-")) == 0
	case '[':
		if label, n := noteLabel(t); label != "" && n < len(t) && t[n] == ':' {
			s.inNote = true
			return true
		}
	}
	if t[0] >= '0' && t[0] <= '9' && len(s.paragraph) == 0 { // 1. and 1)
		i := bytes.IndexAny(t, ".)")
		return i > 0 && i < 9 && i+1 < len(t) && t[i+1] == ' ' && len(bytes.Trim(t[:i], "0123456789")) == 0
	}
	rank, n := numeral(string(t[:min(len(t), 24)]))
	return rank > 0 && n < len(t) && len(s.paragraph) == 0 && isNumberedHeading(string(t), rank)
}

func (s *scanner) full() bool {
	return s.chars >= goodExcerpt
}

// endParagraph puts the paragraph that ends here into the excerpt.
func (s *scanner) endParagraph() {
	if len(s.paragraph) == 0 {
		return
	}
	p := s.paragraph
	s.paragraph = s.paragraph[:0]
	if s.full() {
		return
	}
	plain := withoutControls(plainText(p))
	if plain == "" {
		return
	}
	if !s.first {
		s.first = true
		if d, rest, ok := ParseDateline(plain); ok {
			s.dateline = d
			plain = strings.TrimLeftFunc(rest, indentRune)
		}
	}
	s.excerpt.WriteString(plain)
	s.chars += utf8.RuneCountInString(plain)
}

// plainText returns the text of a paragraph without markup.
func plainText(p []byte) string {
	if bytes.IndexAny(p, "*_~`[]<>&\\!|") < 0 {
		return joinLines(p)
	}
	r := &rendering{source: p, scanning: true, nodes: nodePool.Get().(*nodes)}
	defer r.nodes.release()
	root := r.parse()
	var b strings.Builder
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if ast.IsParagraph(n) && !picturesOnly(n, p) {
			r.plain(&b, n)
		}
	}
	return strings.TrimFunc(b.String(), indentRune)
}

// withoutControls makes a blank of what would break a line or a terminal.
func withoutControls(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 {
			return ' '
		}
		return c
	}, s)
}

func picturesOnly(p ast.Node, source []byte) bool {
	for n := p.FirstChild(); n != nil; n = n.NextSibling() {
		if i, _ := pictureIn(n); i != nil {
			continue
		}
		if t, ok := n.(*ast.Text); !ok || !blank(t.Segment.Value(source)) {
			return false
		}
	}
	return true
}

// joinLines joins the lines of a paragraph as Render does.
func joinLines(p []byte) string {
	p = bytes.TrimRight(p, "\n")
	if bytes.IndexByte(p, '\n') < 0 {
		return string(p)
	}
	var b strings.Builder
	for line := range bytes.Lines(p) {
		line = bytes.TrimSpace(line)
		if b.Len() > 0 {
			last, _ := utf8.DecodeLastRuneInString(b.String())
			if next, _ := utf8.DecodeRune(line); !joins(last, next, wideBefore(b.String())) {
				b.WriteByte(' ')
			}
		}
		b.Write(line)
	}
	return b.String()
}

// cutExcerpt cuts s to the length of an excerpt: after a sentence, else with ….
func cutExcerpt(s string) string {
	n, sentence, cut := 0, 0, 0
	for i, c := range s {
		if n == maxExcerpt-1 {
			cut = i
		}
		if n++; n > maxExcerpt {
			if sentence > 0 {
				return s[:sentence]
			}
			return strings.TrimRight(s[:cut], "，、；：,;: ") + "…"
		}
		if strings.ContainsRune("。！？", c) && n > goodExcerpt/2 {
			sentence = i + utf8.RuneLen(c)
			if next, size := utf8.DecodeRuneInString(s[sentence:]); strings.ContainsRune("”’」』）", next) && size > 0 && n < maxExcerpt {
				sentence += size
			}
		}
	}
	return s
}
