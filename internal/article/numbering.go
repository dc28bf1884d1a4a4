package article

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Bounds of a heading, in characters: one line of an official document holds 28
// (GB/T 9704-2012, 5.2.4), and headings run to a line and a half.
const (
	maxNumbered = 40
	maxRunIn    = 40
)

// number makes headings of the paragraphs that are numbered as official documents
// number them (GB/T 9704-2012, 7.3.3): 一、 then （一） then 1. then （1）, brackets, dots and
// digits half- or full-width. Every line that starts with such a number begins a
// paragraph. Then, of the paragraphs of the body itself:
//
//   - one of a single line of at most 40 characters without an end mark (。；！？) is a
//     heading, if text or a lower heading follows: a row of such lines is a list.
//     With 1. and （1）, one with a comma or a colon is a sentence or an entry of a form
//     (1.时间：3月5日), not a heading;
//   - one that starts with a sentence of at most 40 characters and goes on has a heading
//     run in: the sentence is strong, has an id and stands in the outline.
//
// Markdown's own headings keep their place; numbers stand under the last one. A
// list of one item (1. with a space, text, next number) is a numbered paragraph too.
func (r *rendering) number(root ast.Node) {
	r.runIn, r.rank = map[ast.Node]int{}, map[ast.Node]int{}
	r.numberIn(root)
}

func (r *rendering) numberIn(parent ast.Node) {
	var next ast.Node
	for n := parent.FirstChild(); n != nil; n = next.NextSibling() {
		next = n
		switch n := n.(type) {
		case *ast.Paragraph:
			next = r.splitNumbered(n)
		case *container:
			r.numberIn(n)
		case *ast.List:
			if p := r.loneItem(n); p != nil {
				parent.ReplaceChild(parent, n, p)
				next = p
			}
		}
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		p, ok := n.(*ast.Paragraph)
		if !ok {
			continue
		}
		title := r.headText(p)
		rank, _ := numeral(title)
		if rank == 0 {
			continue
		}
		if isNumberedHeading(title, rank) {
			if r.leads(p, rank) {
				n = r.makeHeading(p, rank)
			}
		} else if end := r.leadEnd(p); end > 0 {
			r.runIn[p], r.rank[p] = end, rank
		}
	}
}

// splitNumbered makes a paragraph of each line of p that starts with a number,
// and one of what follows a line that is a heading; it returns the last of them.
func (r *rendering) splitNumbered(p *ast.Paragraph) ast.Node {
	heading, start := false, true // of the line at hand: it is a heading; it starts a paragraph
	for c := p.FirstChild(); c != nil; {
		next := c.NextSibling()
		t, ok := c.(*ast.Text)
		if ok && start {
			line := string(unescape(t.Segment.Value(r.source)))
			rank, _ := numeral(line)
			heading = rank > 0 && t.SoftLineBreak() && isNumberedHeading(strings.TrimSpace(line), rank)
		}
		start = false
		if ok && t.SoftLineBreak() && next != nil && (heading || r.startsWithNumber(next)) {
			t.SetSoftLineBreak(false)
			p = splitAfter(p, c)
			start = true
		}
		c = next
	}
	return p
}

func (r *rendering) startsWithNumber(n ast.Node) bool {
	t, ok := n.(*ast.Text)
	if !ok {
		return false
	}
	v := t.Segment.Value(r.source)
	rank, _ := numeral(string(v[:min(len(v), 24)]))
	return rank > 0
}

// splitAfter makes what follows child in p a paragraph of its own, after p.
//
// The new one takes the place of the old in the tree of nodes, so that the cost is
// that of the part before child: a text may have many such lines.
func splitAfter(p *ast.Paragraph, child ast.Node) *ast.Paragraph {
	before := ast.NewParagraph()
	start := offset(p.FirstChild())
	before.Lines().Append(text.NewSegment(start, max(start, offset(child.NextSibling()))))
	for _, a := range p.Attributes() {
		before.SetAttribute(a.Name, a.Value)
	}
	for c, stop := p.FirstChild(), child.NextSibling(); c != stop; {
		next := c.NextSibling()
		before.AppendChild(before, c)
		c = next
	}
	p.Parent().InsertBefore(p.Parent(), p, before)
	from := offset(p.FirstChild())
	rest := text.NewSegments()
	rest.Append(text.NewSegment(from, from))
	p.SetLines(rest)
	return p
}

// isNumberedHeading reports whether a paragraph of that text may be a heading.
func isNumberedHeading(title string, rank int) bool {
	marks := "\n。；！？;!?"
	if rank > 2 {
		marks += "，,：:"
	}
	_, n := numeral(title)
	return utf8.RuneCountInString(title) <= maxNumbered &&
		!strings.ContainsAny(title, marks) && strings.TrimSpace(title[n:]) != ""
}

// leads reports whether something stands under p: text, a list, a picture or a
// heading of lower rank.
func (r *rendering) leads(p *ast.Paragraph, rank int) bool {
	next := p.NextSibling()
	for next != nil && (next.Kind() == ast.KindHTMLBlock || next.Kind() == kindNote) {
		if h, ok := next.(*ast.HTMLBlock); ok && h.HTMLBlockType != ast.HTMLBlockType2 {
			return true
		}
		next = next.NextSibling()
	}
	switch next := next.(type) {
	case nil, *ast.Heading:
		return false
	case *ast.Paragraph:
		other, _ := numeral(r.headText(next))
		return other == 0 || other > rank
	}
	return true
}

func (r *rendering) makeHeading(p *ast.Paragraph, rank int) ast.Node {
	h := ast.NewHeading(min(rank+1, 6))
	h.SetLines(p.Lines())
	for c := p.FirstChild(); c != nil; {
		next := c.NextSibling()
		h.AppendChild(h, c)
		c = next
	}
	p.Parent().ReplaceChild(p.Parent(), p, h)
	r.rank[h] = rank
	return h
}

// leadEnd returns the offset after the first sentence of p, if the sentence is
// short and p goes on after it; else 0.
func (r *rendering) leadEnd(p *ast.Paragraph) int {
	chars := 0
	for c := p.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			if e, ok := c.(*ast.Emphasis); ok && chars == 0 && e.NextSibling() != nil {
				return r.strongLead(e)
			}
			return 0
		}
		v := t.Segment.Value(r.source)
		for i, ch := range string(v) {
			if ch == '。' || ch == '！' || ch == '？' {
				end := i + utf8.RuneLen(ch)
				if goesOn := end < len(v) || t.NextSibling() != nil; !goesOn {
					return 0
				}
				return t.Segment.Start + end
			}
			if chars++; chars > maxRunIn {
				return 0
			}
		}
	}
	return 0
}

// strongLead returns the offset where the text after an emphasis at the start of a paragraph
// begins, if the emphasis is a short sentence.
func (r *rendering) strongLead(e *ast.Emphasis) int {
	var b strings.Builder
	r.plain(&b, e)
	s := b.String()
	if next, ok := e.NextSibling().(*ast.Text); ok && utf8.RuneCountInString(s) <= maxRunIn && strings.HasSuffix(s, "。") {
		return next.Segment.Start
	}
	return 0
}

// loneItem returns, for an ordered list of one item that is one paragraph, the paragraph
// with its number; else nil.
func (r *rendering) loneItem(l *ast.List) *ast.Paragraph {
	item := l.FirstChild()
	if !l.IsOrdered() || l.Marker != '.' || item == nil || item.NextSibling() != nil {
		return nil
	}
	body := item.FirstChild()
	if body == nil || body.NextSibling() != nil || body.Lines().Len() == 0 {
		return nil
	}
	if k := body.Kind(); k != ast.KindTextBlock && k != ast.KindParagraph {
		return nil
	}
	start, end := item.Pos(), body.Lines().At(0).Start
	dot := bytes.IndexByte(r.source[start:max(start, end)], '.')
	if dot < 1 || dot > 9 {
		return nil
	}
	p := ast.NewParagraph()
	p.SetLines(body.Lines())
	p.AppendChild(p, ast.NewTextSegment(text.NewSegment(start, end)))
	for c := body.FirstChild(); c != nil; {
		next := c.NextSibling()
		p.AppendChild(p, c)
		c = next
	}
	return p
}

// plainUntil is plain up to an offset of the text.
func (r *rendering) plainUntil(b *strings.Builder, n ast.Node, end int) {
	for c := n.FirstChild(); c != nil && offset(c) < end; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			r.plain(b, c)
			continue
		}
		b.Write(unescape(r.source[t.Segment.Start:min(t.Segment.Stop, end)]))
	}
}

// numeral reads the number at the start of a line: its rank (1 一、 2 （一） 3 1. 4 （1）; 0 if
// there is none) and its length in bytes.
func numeral(s string) (rank, n int) {
	c, size := utf8.DecodeRuneInString(s)
	bracket := c == '（' || c == '('
	i := 0
	if bracket {
		i = size
	}
	han, digits, last := 0, 0, i
	for ; last < len(s); last += size {
		c, size = utf8.DecodeRuneInString(s[last:])
		if strings.ContainsRune("一二三四五六七八九十百", c) {
			han++
		} else if c >= '0' && c <= '9' || c >= '０' && c <= '９' {
			digits++
		} else {
			break
		}
	}
	if han > 0 && digits > 0 || han+digits == 0 || han > 4 || digits > 2 || last == len(s) {
		return 0, 0
	}
	n = last + size
	switch {
	case bracket && (c == '）' || c == ')'):
		if han > 0 {
			return 2, n
		}
		return 4, n
	case bracket:
	case han > 0 && c == '、':
		return 1, n
	case digits > 0 && (c == '.' || c == '．'):
		if next, _ := utf8.DecodeRuneInString(s[n:]); next >= '0' && next <= '9' || next >= '０' && next <= '９' {
			return 0, 0 // 1.5万元
		}
		return 3, n
	}
	return 0, 0
}
