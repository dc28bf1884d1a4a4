package article

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// writer is the HTML so far and where in the text it stands.
type writer struct {
	out      []byte
	inLink   int  // within <a>
	inNote   int  // within a footnote
	trimLeft bool // the next text is the first of its block

	lastRune rune // last character of text written
	wideText bool // the last one not shared by both scripts was wide

	split    int // offset in the text at which splitEnd is written; 0 for none
	splitEnd string

	datelineSeen bool
	lastLevel    int // of the last heading written
	pictures     int // written in this part
	above        int // bytes that stand before out

	raw rawState
}

// pool keeps buffers between renderings.
var pool = sync.Pool{New: func() any { b := make([]byte, 0, 32<<10); return &b }}

func (r *rendering) str(s string) { r.out = append(r.out, s...) }

// esc writes s as text.
func (r *rendering) esc(s string) { r.out = appendEscaped(r.out, s) }

// attr writes s as the value of an attribute in double quotes.
func (r *rendering) attr(s string) { r.out = appendEscaped(r.out, s) }

// appendEscaped appends s escaped for text and attributes.
func appendEscaped(out []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		e := escapes[s[i]]
		if e == "" {
			continue
		}
		out = append(out, s[from:i]...)
		out = append(out, e...)
		from = i + 1
	}
	return append(out, s[from:]...)
}

// escapes are what stands for a byte in HTML. Control characters may not stand
// there at all (HTML, 13.1.4).
var escapes = func() (e [256]string) {
	for c := range byte(' ') {
		if c != '\n' && c != '\t' && c != '\r' && c != '\f' {
			e[c] = "\ufffd"
		}
	}
	e['&'], e['<'], e['>'], e['"'], e[0x7f] = "&amp;", "&lt;", "&gt;", "&#34;", "\ufffd"
	return e
}()

// document writes the parts of the body.
func (r *rendering) document(root ast.Node) {
	buf := pool.Get().(*[]byte)
	r.out = (*buf)[:0]
	scope := r.enter(flow)
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if r.isPageBreak(n) {
			r.leave(scope)
			r.endPart(offset(n), n.NextSibling() == nil)
			scope = r.enter(flow)
			continue
		}
		r.blockNode(n)
	}
	r.leave(scope)
	r.endPart(len(r.source), false)
	if cap(r.out) <= 1<<20 {
		*buf = r.out
		pool.Put(buf)
	}
	r.out = nil
}

// part is the index of the part being written.
func (r *rendering) part() int { return len(r.body.Parts) }

// endPart ends a part at an offset of the text.
func (r *rendering) endPart(at int, last bool) {
	r.noteList()
	out := r.out
	if r.raw.used {
		out = policy().SanitizeBytes(out)
	}
	r.body.Parts = append(r.body.Parts, string(out))
	if len(bytes.TrimSpace(out)) == 0 && (len(r.body.Parts) > 1 || at < len(r.source)) || last {
		r.report(&rulePageEmpty, at)
	}
	r.out, r.pictures = r.out[:0], 0
}

// partURL is what stands before # in a link to a part; nothing within the same part.
func (r *rendering) partURL(part int) string {
	if part == r.part() || r.opt.PartURL == nil {
		return ""
	}
	return r.opt.PartURL(part)
}

// isPageBreak reports whether n is the mark <!-- page --> between blocks of the body.
func (r *rendering) isPageBreak(n ast.Node) bool {
	h, ok := n.(*ast.HTMLBlock)
	if !ok || h.HTMLBlockType != ast.HTMLBlockType2 || h.Lines().Len() != 1 {
		return false
	}
	line := h.Lines().At(0)
	return isPageMark(line.Value(r.source))
}

// isPageMark reports whether a line is the mark between two parts.
func isPageMark(line []byte) bool {
	s, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("<!--"))
	if !ok {
		return false
	}
	s, ok = bytes.CutSuffix(s, []byte("-->"))
	if !ok {
		return false
	}
	switch string(bytes.ToLower(bytes.TrimSpace(s))) {
	case "page", "分页", "分頁":
		return true
	}
	return false
}

// blocks writes the blocks in parent; raw tags opened among them end with them.
func (r *rendering) blocks(parent ast.Node) {
	scope := r.enter(flow)
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		r.blockNode(n)
	}
	r.leave(scope)
}

func (r *rendering) blockNode(n ast.Node) {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		r.htmlBlock(n)
		return
	case *note, *ast.LinkReferenceDefinition, *strayFence:
		return
	case *ast.TextBlock:
		r.beforeBlock(offset(n))
		r.inlines(n)
		if n.NextSibling() != nil {
			r.str("\n")
		}
		return
	}
	r.beforeBlock(offset(n))
	switch n := n.(type) {
	case *ast.Paragraph:
		r.paragraph(n)
	case *ast.Heading:
		r.heading(n)
	case *ast.Blockquote:
		r.str("<blockquote>\n")
		r.blocks(n)
		r.str("</blockquote>\n")
	case *ast.List:
		r.list(n)
	case *ast.ThematicBreak:
		r.str("<hr>\n")
	case *ast.CodeBlock:
		r.str("<pre><code>")
		r.codeLines(n)
		r.str("</code></pre>\n")
	case *ast.FencedCodeBlock:
		r.fencedCode(n)
	case *extast.Table:
		r.table(n)
	case *container:
		r.container(n)
	}
}

func (r *rendering) list(n *ast.List) {
	if n.Start > 99 { // 2025. 全年…… is a sentence, not item 2025
		if p := r.loneItem(n); p != nil {
			p.SetParent(n.Parent())
			r.paragraph(p)
			return
		}
	}
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	r.str("<" + tag)
	if n.IsOrdered() && n.Start != 1 {
		r.str(` start="` + strconv.Itoa(n.Start) + `"`)
	}
	r.str(">\n")
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		r.str("<li>")
		if c := item.FirstChild(); c != nil && c.Kind() != ast.KindTextBlock {
			r.str("\n")
		}
		r.blocks(item)
		r.str("</li>\n")
	}
	r.str("</" + tag + ">\n")
}

// paragraph writes a paragraph, unless nothing of it can be seen.
func (r *rendering) paragraph(n *ast.Paragraph) {
	r.checkNearMiss(n)
	if r.figures(n) {
		return
	}
	start := len(r.out)
	r.str("<p")
	if _, right := n.Attribute(attrRight); right {
		r.str(` class="align-right"`)
	}
	r.str(">")
	body := len(r.out)
	r.lead(n)
	r.trimLeft = true
	r.inlines(n)
	r.split = 0
	r.trimRight(body)
	if len(r.out)-body < 64 && blank(r.out[body:]) {
		r.out = r.out[:start]
		return
	}
	r.str("</p>\n")
}

// lead writes the start tag of what marks the beginning of a paragraph: a
// dateline or the lead sentence of a numbered one.
func (r *rendering) lead(n *ast.Paragraph) {
	if end, ok := r.runIn[n]; ok {
		r.str(`<strong class="run-in" id="`)
		r.attr(r.heads[n].ID)
		r.str(`">`)
		r.split, r.splitEnd = end, "</strong>"
		return
	}
	if end := r.datelineEnd(n); end > 0 {
		r.str(`<span class="dateline">`)
		r.split, r.splitEnd = end, "</span>"
	}
}

// datelineEnd returns the offset after the dateline of the first paragraph of the
// body; 0 if there is none.
func (r *rendering) datelineEnd(n *ast.Paragraph) int {
	if r.datelineSeen || n.Parent().Kind() != ast.KindDocument {
		return 0
	}
	r.datelineSeen = true
	t, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return 0
	}
	s := string(t.Segment.Value(r.source))
	_, rest, ok := ParseDateline(s)
	if !ok || strings.ContainsAny(s[:len(s)-len(rest)], `\&`) {
		return 0
	}
	return t.Segment.Start + len(s) - len(rest)
}

// trimRight drops white space at the end of what was written since from.
func (r *rendering) trimRight(from int) {
	for len(r.out) > from {
		c, n := utf8.DecodeLastRune(r.out[from:])
		if !indentRune(c) && c != '\n' {
			return
		}
		r.out = r.out[:len(r.out)-n]
	}
}

// blank reports whether html shows nothing: white space and line breaks.
func blank(html []byte) bool {
	for len(html) > 0 {
		if rest, ok := bytes.CutPrefix(html, []byte("<br>")); ok {
			html = rest
			continue
		}
		c, n := utf8.DecodeRune(html)
		if !indentRune(c) && c != '\n' {
			return false
		}
		html = html[n:]
	}
	return true
}

// inlines writes the inline children of parent.
func (r *rendering) inlines(parent ast.Node) {
	scope := r.enter(phrasing)
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			n = r.textRun(t)
			continue
		}
		r.inlineNode(n)
	}
	r.leave(scope)
}

func (r *rendering) inlineNode(n ast.Node) {
	if _, raw := n.(*ast.RawHTML); !raw {
		r.trimLeft = false
	}
	if r.split > 0 && offset(n) >= r.split {
		r.endSplit()
	}
	switch n := n.(type) {
	case *ast.String:
		r.literal(n.Value)
	case *ast.CodeSpan:
		r.codeSpan(n)
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		r.wrap(tag, n)
	case *extast.Strikethrough:
		r.wrap("del", n)
	case *ast.Link:
		r.link(n)
	case *ast.Image:
		r.image(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.RawHTML:
		r.rawInline(n)
	case *noteRef:
		r.noteRef(n)
	case *extast.TaskCheckBox:
		r.task(n.IsChecked)
	default:
		r.inlines(n)
	}
}

func (r *rendering) wrap(tag string, n ast.Node) {
	r.str("<" + tag + ">")
	r.inlines(n)
	r.str("</" + tag + ">")
}

// task writes the box of a task list as a character: a form control would be dead.
func (r *rendering) task(done bool) {
	w := r.words()
	label, box := w.todo, "☐"
	if done {
		label, box = w.done, "☑"
	}
	r.str(`<span class="task" role="img" aria-label="` + label + `">` + box + `</span> `)
}

func (r *rendering) codeSpan(n *ast.CodeSpan) {
	r.str("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			r.out = appendEscaped(r.out, strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " "))
		}
	}
	r.str("</code>")
	r.lastRune, r.wideText = 'a', false
}

// wordings are the few words that Render adds, in the script of the text.
type wordings struct {
	editorNote, fold, note, notes, back, done, todo, table string
}

var (
	simplified  = wordings{"编者按", "展开全文", "注", "注释", "返回正文注", "已完成", "未完成", "表格"}
	traditional = wordings{"編者按", "展開全文", "註", "註釋", "返回正文註", "已完成", "未完成", "表格"}
)

func (r *rendering) words() *wordings {
	if r.opt.Traditional {
		return &traditional
	}
	return &simplified
}
