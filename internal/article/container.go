package article

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"zhendi/internal/fields"
)

// containerKind is what a container becomes.
type containerKind int

const (
	editorNote containerKind = iota + 1 // <aside>: 编者按
	fold                                // <details>: long material, folded
)

// containerNames are the words after ::: that open a container.
var containerNames = map[string]containerKind{
	"编者按": editorNote, "編者按": editorNote, "editor-note": editorNote,
	"fold": fold, "折叠": fold, "摺疊": fold,
}

// shownNames are the names that messages suggest.
var shownNames = []string{"编者按", "編者按", "editor-note", "fold", "折叠", "摺疊"}

// container is a block between a line :::name title and a line :::.
type container struct {
	ast.BaseBlock
	kind   containerKind
	name   string
	title  string
	at     int // offset of the opening line's colons
	closed bool
}

var kindContainer = ast.NewNodeKind("Container")

func (*container) Kind() ast.NodeKind       { return kindContainer }
func (n *container) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// strayFence is a line of colons that opens and closes nothing; it was reported.
type strayFence struct{ ast.BaseBlock }

var kindStrayFence = ast.NewNodeKind("StrayFence")

func (*strayFence) Kind() ast.NodeKind       { return kindStrayFence }
func (*strayFence) IsRaw() bool              { return true }
func (n *strayFence) Dump(src []byte, l int) { ast.DumpHelper(n, src, l, nil, nil) }

// containerParser parses containers:
//
//	:::编者按
//	本期推出……
//	:::
//
//	:::fold 查看名单
//	……
//	:::
//
// A line of three or more colons alone closes the innermost one. A container that is
// not closed, or has a name that is not known, is an error.
type containerParser struct{}

// The full-width colon is U+FF1A, EF BC 9A.
func (containerParser) Trigger() []byte { return []byte{':', 0xef} }

func (containerParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := max(pc.BlockOffset(), 0)
	colons, rest, fullWidth := colonFence(line[at:])
	if colons < 3 {
		return nil, parser.NoChildren
	}
	r := stateOf(pc)
	offset := segment.Start - segment.Padding + at
	name, title := containerName(rest)
	reader.AdvanceToEOL()
	kind, known := containerNames[strings.ToLower(name)]
	switch {
	case name == "" && !fullWidth:
		r.report(&ruleStrayFence, offset)
		return &strayFence{}, parser.NoChildren
	case !known:
		r.reportContainer(name, rest, offset)
	case fullWidth:
		r.report(&ruleWideFence, offset, ":::"+rest)
	}
	if name == "" || !known && fullWidth {
		return &strayFence{}, parser.NoChildren
	}
	return &container{kind: kind, name: name, title: title, at: offset}, parser.HasChildren
}

func (containerParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	c, ok := node.(*container)
	if !ok {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	colons, rest, _ := colonFence(bytes.TrimLeft(line, " "))
	if colons < 3 || rest != "" || !innermost(node, pc) {
		return parser.Continue | parser.HasChildren
	}
	c.closed = true
	reader.AdvanceToEOL()
	return parser.Close
}

// innermost reports whether no other container, code or HTML block is open
// within node, so that a line of colons is node's.
func innermost(node ast.Node, pc parser.Context) bool {
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0; i-- {
		switch n := blocks[i].Node.(type) {
		case *container:
			return n == node
		case *ast.FencedCodeBlock, *ast.HTMLBlock:
			return false
		}
	}
	return false
}

func (containerParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if c, ok := node.(*container); ok && !c.closed {
		stateOf(pc).report(&ruleUnclosedContainer, c.at, c.name)
	}
}

func (containerParser) CanInterruptParagraph() bool { return true }
func (containerParser) CanAcceptIndentedLine() bool { return false }

// colonFence counts the colons that line starts with and returns what follows;
// fullWidth if one of them was ：.
func colonFence(line []byte) (n int, rest string, fullWidth bool) {
	for len(line) > 0 {
		if line[0] == ':' {
			line = line[1:]
		} else if bytes.HasPrefix(line, []byte("：")) {
			line, fullWidth = line[len("："):], true
		} else {
			break
		}
		n++
	}
	if n < 3 {
		return n, "", fullWidth
	}
	return n, strings.TrimSpace(string(line)), fullWidth
}

// containerName cuts the words after the colons at the first blank.
func containerName(s string) (name, title string) {
	i := strings.IndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// reportContainer says that there is no container of that name, and which was
// probably meant.
func (r *rendering) reportContainer(name, rest string, offset int) {
	for _, known := range shownNames {
		if after, ok := strings.CutPrefix(name, known); ok && after != "" && !(isASCII(known) && wordByte(after[0])) {
			r.report(&ruleContainerNear, offset, name, ":::"+known+" "+strings.TrimPrefix(rest, known))
			return
		}
	}
	if near, ok := fields.Near(name, shownNames); ok {
		r.report(&ruleContainerNear, offset, name, ":::"+near)
		return
	}
	r.report(&ruleContainer, offset, name)
}

// container writes a container.
func (r *rendering) container(n *container) {
	switch n.kind {
	case editorNote:
		label := n.title
		if label == "" && n.name == "editor-note" {
			label = r.words().editorNote
		} else if label == "" {
			label = n.name
		}
		r.str(`<aside class="editor-note" role="note" aria-label="`)
		r.attr(label)
		r.str("\">\n<p class=\"editor-note-label\">")
		r.esc(label)
		r.str("</p>\n")
		r.blocks(n)
		r.str("</aside>\n")
	case fold:
		title := n.title
		if title == "" {
			title = r.words().fold
		}
		r.str("<details class=\"fold\">\n<summary>")
		r.esc(title)
		r.str("</summary>\n")
		r.blocks(n)
		r.str("</details>\n")
	default: // reported
		r.blocks(n)
	}
}
