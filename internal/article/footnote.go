package article

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Footnotes are written [^label] in the text and [^label]: note at the start of a
// line; lines indented by four blanks continue a note. They are numbered in the order
// of their first mention and listed at the end of the part that mentions them first.

// note is a footnote's text.
type note struct {
	ast.BaseBlock
	label  string
	at     int
	number int // in order of first mention; 0 if never mentioned
	part   int // that mentions it first
	refs   int // how many times it is mentioned
}

var kindNote = ast.NewNodeKind("Note")

func (*note) Kind() ast.NodeKind       { return kindNote }
func (n *note) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// noteRef is a mention of a footnote.
type noteRef struct {
	ast.BaseInline
	label string
	at    int
}

var kindNoteRef = ast.NewNodeKind("NoteRef")

func (*noteRef) Inline()                  {}
func (*noteRef) Kind() ast.NodeKind       { return kindNoteRef }
func (n *noteRef) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// notes are the footnotes of a text.
type notes struct {
	byLabel   map[string]*note
	mentioned []*note // in order of number
	listed    int     // how many of mentioned have been written
}

// noteLabel returns the label of [^label] at the start of b, and the length of all of it.
func noteLabel(b []byte) (label string, n int) {
	if len(b) < 4 || b[0] != '[' || b[1] != '^' {
		return "", 0
	}
	end := bytes.IndexAny(b[2:min(len(b), 200)], "[]\n")
	if end <= 0 || b[2+end] != ']' || util.IsBlank(b[2:2+end]) {
		return "", 0
	}
	return string(b[2 : 2+end]), end + 3
}

// noteParser parses the text of footnotes.
type noteParser struct{}

func (noteParser) Trigger() []byte { return []byte{'['} }

func (noteParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := max(pc.BlockOffset(), 0)
	label, n := noteLabel(line[at:])
	if n == 0 {
		return nil, parser.NoChildren
	}
	r, offset := stateOf(pc), segment.Start-segment.Padding+at
	rest := line[at+n:]
	if bytes.HasPrefix(rest, []byte("：")) {
		r.report(&ruleNoteColon, offset, label)
		return nil, parser.NoChildren
	}
	if len(rest) == 0 || rest[0] != ':' || !r.within(len(r.byLabel) < maxNotes, offset, msgNotes) {
		return nil, parser.NoChildren
	}
	node := &note{label: label, at: offset}
	if r.byLabel == nil {
		r.byLabel = map[string]*note{}
	}
	if r.byLabel[label] == nil {
		r.byLabel[label] = node
	} else {
		r.report(&ruleNoteTwice, offset, label)
	}
	reader.Advance(at + n + 1)
	return node, parser.HasChildren
}

func (noteParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPositionPadding(line, reader.LineOffset(), segment.Padding, 4)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

func (noteParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {}
func (noteParser) CanInterruptParagraph() bool                                { return true }
func (noteParser) CanAcceptIndentedLine() bool                                { return false }

// noteRefParser parses mentions.
type noteRefParser struct{}

func (noteRefParser) Trigger() []byte { return []byte{'['} }

func (noteRefParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	label, n := noteLabel(line)
	if n == 0 {
		return nil
	}
	r := stateOf(pc)
	if r.byLabel[label] == nil && !r.scanning {
		if !bytes.HasPrefix(line[n:], []byte("：")) { // that was reported
			r.report(&ruleNoteMissing, segment.Start, label)
		}
		return nil
	}
	block.Advance(n)
	return &noteRef{label: label, at: segment.Start}
}

// noteRef writes a mention: its number, linked to the note.
func (r *rendering) noteRef(n *noteRef) {
	note := r.byLabel[n.label]
	if r.inNote > 0 || r.inLink > 0 { // a note within a note or a link has nowhere to go back to
		r.report(&ruleNotePlace, n.at, n.label)
		return
	}
	if note.number == 0 {
		r.mentioned = append(r.mentioned, note)
		note.number, note.part = len(r.mentioned), r.part()
	}
	note.refs++
	num := strconv.Itoa(note.number)
	r.str(`<sup class="footnote-ref" id="`)
	r.str(noteRefID(note.number, note.refs))
	r.str(`"><a href="`)
	r.attr(r.partURL(note.part))
	r.str("#fn-" + num + `" role="doc-noteref" aria-label="` + r.words().note + num + `">[` + num + `]</a></sup>`)
	r.lastRune = ']'
}

// noteRefID is the id of the i-th mention of note number n.
func noteRefID(n, i int) string {
	id := "fnref-" + strconv.Itoa(n)
	if i > 1 {
		id += "-" + strconv.Itoa(i)
	}
	return id
}

// noteList writes the notes first mentioned in the part that ends here.
func (r *rendering) noteList() {
	if r.listed == len(r.mentioned) {
		return
	}
	r.str(`<section class="footnotes" role="doc-endnotes" aria-label="`)
	r.str(r.words().notes)
	r.str("\">\n<ol")
	if r.listed > 0 {
		r.str(` start="` + strconv.Itoa(r.listed+1) + `"`)
	}
	r.str(">\n")
	for ; r.listed < len(r.mentioned); r.listed++ {
		n := r.mentioned[r.listed]
		r.str(`<li id="fn-` + strconv.Itoa(n.number) + "\">\n")
		r.inNote++
		r.blocks(n)
		r.inNote--
		r.backlinks(n)
		r.str("</li>\n")
	}
	r.str("</ol>\n</section>\n")
}

// backlinks puts the links back to the text at the end of the note's last paragraph.
func (r *rendering) backlinks(n *note) {
	inside := bytes.HasSuffix(r.out, []byte("</p>\n"))
	if inside {
		r.out = r.out[:len(r.out)-len("</p>\n")]
	} else {
		r.str("<p>")
	}
	for i := 1; i <= n.refs; i++ {
		label := r.words().back + strconv.Itoa(n.number)
		if n.refs > 1 {
			label += "-" + strconv.Itoa(i)
		}
		r.str(` <a href="#` + noteRefID(n.number, i) + `" class="footnote-back" role="doc-backlink" aria-label="` + label + `">↩</a>`)
	}
	r.str("</p>\n")
}

// reportFootnotes names the notes that nothing mentions: they are not on the page.
func (r *rendering) reportFootnotes() {
	for _, label := range slices.Sorted(maps.Keys(r.byLabel)) {
		if n := r.byLabel[label]; n.number == 0 {
			r.report(&ruleNoteUnused, n.at, n.label)
		}
	}
}
