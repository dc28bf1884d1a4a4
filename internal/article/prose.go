package article

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"
)

// Object stands in Prose.Chars for what takes a place in a line but is not read as
// text: code, an address, a picture.
const Object = '\uFFFC'

// Prose is a file as a proof-reader sees it: the characters that readers will read, in order,
// each with its place in the file. Markup is left out, as are the line breaks that the page does not
// show, so that two characters that stand side by side on the page do so here.
//
// It is found by looking over the lines, not by the full parser: about as fast as copying the text.
// Where the two differ (tags across lines, brackets across lines), Prose reads markup as
// text or the reverse; nothing is rendered from it.
type Prose struct {
	File     []byte   // as source.Text returns it
	Chars    []rune   // of all blocks
	At       []int32  // for each of Chars, the byte of File where it starts
	Blocks   []Block  // in order
	Comments []Remark // <!-- --> of the body and # of the front matter
	Links    []Target
	BodyAt   int32 // byte where the body starts

	lines []int32 // where lines start; see Place
}

// BlockKind says what a block is.
type BlockKind uint8

// The kinds of blocks.
const (
	Paragraph BlockKind = iota
	Field               // a text of the front matter; Key says which
	Title               // a heading
	Item                // of a list
	Quoted              // in a block quote
	Cell                // of a table
	Space               // a line of nothing but spaces that are not plain ones; it has no characters
	Code                // a line of code by its indent; it has no characters
)

// Block is a run of text that is one on the page.
type Block struct {
	Kind       BlockKind
	Key        string // of a Field, the canonical name
	Level      int    // of a Title
	From, To   int    // Chars[From:To]
	Start, End int32  // bytes of its lines in File, without the last line end
}

// Target is where a link or picture of the body leads.
type Target struct {
	Dest    string // as written
	Text    string // of the link; what stands for the picture
	At      int32
	Picture bool
}

// Remark is a comment.
type Remark struct {
	Text  string
	At    int32
	Alone bool // on a line of its own
}

// Place turns a byte of the file into line and column, from 1, the column in characters.
func (p *Prose) Place(at int32) (line, col int) {
	if len(p.lines) == 0 {
		p.lines = append(p.lines, 0)
		for i, c := range p.File {
			if c == '\n' {
				p.lines = append(p.lines, int32(i+1))
			}
		}
	}
	line = sort.Search(len(p.lines), func(i int) bool { return p.lines[i] > at })
	return line, utf8.RuneCount(p.File[p.lines[line-1]:at]) + 1
}

// End returns the byte after the character i.
func (p *Prose) End(i int) int32 {
	at := p.At[i]
	switch {
	case p.File[at] == '&' && (p.Chars[i] != '&' || i+1 < len(p.At) && p.At[i+1] > at+1):
		if s, n := reference(p.File[at:]); n > 0 && (p.Chars[i] != '&' || s == "&") {
			return at + int32(n)
		}
	case p.File[at] == '\\' && p.Chars[i] != '\\':
		return at + 2
	}
	_, n := utf8.DecodeRune(p.File[at:])
	return at + int32(n)
}

// Read reads the file of an article or column, text as source.Text returns it. What p held
// before is lost; its room is used again.
func (p *Prose) Read(text []byte) {
	*p = Prose{File: text, Chars: p.Chars[:0], At: p.At[:0], Blocks: p.Blocks[:0], lines: p.lines[:0], Comments: p.Comments[:0], Links: p.Links[:0]}
	front, body, _ := split(File{Text: text})
	p.BodyAt = int32(len(text) - len(body.Text))
	if front.Text != nil {
		r := proseReader{p: p}
		r.front(text, front.Line, len(front.Text))
	}
	r := proseReader{p: p, at: int(p.BodyAt)}
	r.body()
}

// proseReader goes over the lines of a file.
type proseReader struct {
	p     *Prose
	at    int // byte of the line
	open  bool
	block Block // that is open

	fence   []byte // of the code that is open; nil if none
	dropped []byte // the end tag that ends a script or the like; nil if not in one
	comment int    // where a comment over lines began, +1; 0 if not in one
	list    bool   // in a list: indented lines are text
}

// proseKeys are the keys of the front matter that hold text for readers.
var proseKeys = map[string]bool{
	"title": true, "subtitle": true, "kicker": true, "shortTitle": true, "editorNote": true, "summary": true,
	"withdrawnNotice": true, "series": true, "description": true,
}

// front reads the texts of the front matter, which has n bytes from the start of a line.
func (r *proseReader) front(text []byte, line, n int) {
	for ; line > 1; line-- {
		r.at += bytes.IndexByte(text[r.at:], '\n') + 1
	}
	key := ""
	for end := r.at + n; r.at < end; {
		stop := lineEnd(text, r.at)
		l := text[r.at:min(stop, end)]
		switch {
		case len(bytes.TrimSpace(l)) == 0:
			r.close()
		case l[0] == '#':
			r.p.Comments = append(r.p.Comments, Remark{strings.TrimSpace(string(l[1:])), int32(r.at), true})
		case l[0] == ' ' || l[0] == '\t' || l[0] == '-':
			if proseKeys[key] {
				r.scalar(key, l)
			}
		default:
			r.close()
			key = ""
			if i := bytes.IndexByte(l, ':'); i > 0 {
				if name := string(bytes.TrimSpace(l[:i])); FrontMatter.Has(name) {
					key = FrontMatter.Canonical(name)
				} else if name == "description" {
					key = name
				}
				if proseKeys[key] {
					r.at += i + 1
					r.scalar(key, l[i+1:])
				}
			}
		}
		r.at = stop + 1
	}
	r.close()
	r.at = 0
}

// scalar reads a line of a text of the front matter; it starts at r.at.
func (r *proseReader) scalar(key string, l []byte) {
	a, b := r.at, r.at+len(l)
	f := r.p.File
	for a < b && (f[a] == ' ' || f[a] == '\t') {
		a++
	}
	for b > a && (f[b-1] == ' ' || f[b-1] == '\t') {
		b--
	}
	if a < b && (f[a] == '|' || f[a] == '>') && !r.open {
		r.openBlock(Field, key)
		return
	}
	quoted := a+1 < b && (f[a] == '\'' || f[a] == '"') && f[b-1] == f[a]
	if quoted {
		a, b = a+1, b-1
	} else if i := bytes.Index(f[a:b], []byte(" #")); i >= 0 && !r.open {
		b = a + i
	}
	if a >= b {
		return
	}
	if !r.open {
		r.openBlock(Field, key)
	}
	r.line(a, b)
	r.block.End = int32(b)
}

func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

func (r *proseReader) openBlock(kind BlockKind, key string) {
	r.close()
	r.open, r.block = true, Block{Kind: kind, Key: key, From: len(r.p.Chars), Start: int32(r.at)}
}

// close ends the open block.
func (r *proseReader) close() {
	if !r.open {
		return
	}
	r.open = false
	if r.block.To = len(r.p.Chars); r.block.To > r.block.From {
		r.p.Blocks = append(r.p.Blocks, r.block)
	}
}

// body reads the text below the front matter.
func (r *proseReader) body() {
	f := r.p.File
	for r.at < len(f) {
		stop := lineEnd(f, r.at)
		r.bodyLine(r.at, stop)
		r.at = stop + 1
	}
	r.close()
}

// bodyLine reads the line File[a:b].
func (r *proseReader) bodyLine(a, b int) {
	l := r.p.File[a:b]
	t := bytes.TrimRight(bytes.TrimLeft(l, " \t"), " \t")
	switch {
	case r.fence != nil:
		if bytes.HasPrefix(t, r.fence) && len(bytes.Trim(t, string(r.fence[:1]))) == 0 {
			r.fence = nil
		}
		return
	case r.comment > 0:
		r.endComment(a, b)
		return
	case r.dropped != nil:
		if bytes.Contains(bytes.ToLower(t), r.dropped) {
			r.dropped = nil
		}
		return
	case len(t) == 0:
		r.close()
		return
	}
	if n := indentLength(l); n == len(l) || emptyTags(l[n:]) {
		r.bare(Space, a, b)
		return
	}
	if r.special(t) {
		return
	}
	if indent := l[:len(l)-len(bytes.TrimLeft(l, " \t"))]; !r.open && !r.list && !startsChinese(t) &&
		(len(indent) >= 4 || bytes.IndexByte(indent, '\t') >= 0) {
		r.bare(Code, a, b)
		return
	}
	r.textLine(a, b)
}

// bare adds the line File[a:b] as a block without characters.
func (r *proseReader) bare(kind BlockKind, a, b int) {
	r.close()
	r.p.Blocks = append(r.p.Blocks, Block{Kind: kind, From: len(r.p.Chars), To: len(r.p.Chars), Start: int32(a), End: int32(b)})
}

// emptyTags reports whether t is an empty line written as HTML.
func emptyTags(t []byte) bool {
	if len(t) == 0 || t[0] != '<' || len(t) > 40 {
		return false
	}
	s := strings.NewReplacer(" ", "", "/", "").Replace(strings.ToLower(string(t)))
	return s == "<br>" || s == "<p><p>" || s == "<p><br><p>" || s == "<p>&nbsp;<p>"
}

// special deals with a line that is no text: fences, containers, scripts, definitions.
func (r *proseReader) special(t []byte) bool {
	switch t[0] {
	case '`', '~':
		if n := run(t); n >= 3 && (t[0] == '~' || bytes.IndexByte(t[n:], '`') < 0) {
			r.close()
			r.fence = t[:n]
			return true
		}
	case ':':
		if n, _, _ := colonFence(t); n >= 3 {
			r.close()
			return true
		}
	case '<':
		for _, name := range []string{"script", "style", "pre", "textarea"} {
			if len(t) > len(name) && strings.EqualFold(string(t[1:1+len(name)]), name) {
				r.close()
				if end := []byte("</" + name); !bytes.Contains(bytes.ToLower(t), end) {
					r.dropped = end
				}
				return true
			}
		}
	case '[':
		if i := bytes.Index(t, []byte("]:")); i > 1 && t[1] != '^' && !r.open && bytes.IndexByte(t[:i], ']') < 0 {
			return true
		}
	case '-', '=', '*', '_':
		if len(bytes.Trim(t, string(t[:1])+" \t")) == 0 && (len(t) >= 3 || t[0] == '=') {
			if r.open && t[0] != '*' && t[0] != '_' && r.block.Kind == Paragraph {
				r.block.Kind, r.block.Level = Title, 2
			}
			r.close()
			return true
		}
	}
	return false
}

// textLine reads a line that has text.
func (r *proseReader) textLine(a, b int) {
	f := r.p.File
	n, _ := manualIndent(f[a:b])
	if n > 0 {
		r.close()
	}
	at := a + n
	for at < b && (f[at] == ' ' || f[at] == '\t') {
		at++
	}
	kind, level := Paragraph, 0
	for at < b && f[at] == '>' {
		kind = Quoted
		for at++; at < b && f[at] == ' '; at++ {
		}
	}
	if m := marker(f[at:b], r.open); m > 0 {
		kind, at, r.list = Item, at+m, true
		r.close()
	} else if !r.open && at == a {
		r.list = false
	}
	if m := run(f[at:max(b, at+1)]); at < b && f[at] == '#' && m <= 6 && (at+m == b || f[at+m] == ' ' || f[at+m] == '\t') {
		r.close()
		kind, level, at = Title, m, at+m
		b = at + len(bytes.TrimRight(f[at:b], "# \t"))
	}
	for at < b && (f[at] == ' ' || f[at] == '\t') {
		at++
	}
	if at < b && f[at] == '|' {
		r.row(at, b)
		return
	}
	if label, m := noteLabel(f[at:b]); label != "" && at+m < b && f[at+m] == ':' {
		r.close()
		at += m + 1
	}
	if r.open && kind == Quoted && r.block.Kind != Quoted {
		r.close()
	}
	if !r.open {
		r.openBlock(kind, "")
		r.block.Level, r.block.Start = level, int32(a)
	}
	r.line(at, b)
	r.block.End = int32(b)
	if kind == Title {
		r.close()
	}
}

// marker returns the length of the mark of a list item at the start of t.
func marker(t []byte, inParagraph bool) int {
	if len(t) < 2 {
		return 0
	}
	n := 1
	switch t[0] {
	case '-', '*', '+':
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		for n < len(t) && n < 9 && t[n] >= '0' && t[n] <= '9' {
			n++
		}
		if n == len(t) || t[n] != '.' && t[n] != ')' || inParagraph && string(t[:n]) != "1" {
			return 0
		}
		n++
	default:
		return 0
	}
	if n < len(t) && (t[n] == ' ' || t[n] == '\t') {
		return n + 1
	}
	return 0
}

// row reads a row of a table: a block for each cell.
func (r *proseReader) row(a, b int) {
	r.close()
	f := r.p.File
	if len(bytes.Trim(f[a:b], "|-: \t")) == 0 {
		return
	}
	for a < b {
		stop := a
		for stop < b && (f[stop] != '|' || stop > a && f[stop-1] == '\\') {
			stop++
		}
		if from := a + len(f[a:stop]) - len(bytes.TrimLeft(f[a:stop], " \t")); from < stop {
			r.openBlock(Cell, "")
			r.block.Start = int32(from)
			r.line(from, a+len(bytes.TrimRight(f[a:stop], " \t")))
			r.block.End = int32(stop)
			r.close()
		}
		a = stop + 1
	}
}
