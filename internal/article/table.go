package article

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tableTransformer is goldmark's, with a bound on cells: GFM fills every short row
// up to the width of the header.
type tableTransformer struct{ parser.ParagraphTransformer }

func (t tableTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := p.Lines(), reader.Source()
	if lines.Len() < 2 {
		return
	}
	bars, delimiter := 0, false
	for i := 0; i < lines.Len(); i++ {
		line := lines.At(i)
		v := line.Value(source)
		bars = max(bars, bytes.Count(v, []byte("|")))
		delimiter = delimiter || i > 0 && isDelimiterRow(v)
	}
	if !delimiter || !stateOf(pc).within((bars+1)*lines.Len() <= maxCells, lines.At(0).Start, msgCells) {
		return
	}
	t.ParagraphTransformer.Transform(p, reader, pc)
}

// isDelimiterRow reports whether line has only what the row below a table's header
// may have.
func isDelimiterRow(line []byte) bool {
	for _, c := range line {
		switch c {
		case '-', ':', '|', ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return true
}

// table writes a table. Alignment is a class: the page's policy forbids style attributes.
func (r *rendering) table(n *extast.Table) {
	r.str("<div class=\"table-scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + r.words().table + "\">\n<table>\n")
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if row.Kind() == extast.KindTableHeader {
			r.str("<thead>\n")
			r.row(row, "th")
			r.str("</thead>\n")
			continue
		}
		if !body {
			r.str("<tbody>\n")
			body = true
		}
		r.row(row, "td")
	}
	if body {
		r.str("</tbody>\n")
	}
	r.str("</table>\n</div>\n")
}

func (r *rendering) row(row ast.Node, tag string) {
	r.str("<tr>\n")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cell := c.(*extast.TableCell)
		r.str("<" + tag)
		if tag == "th" {
			r.str(` scope="col"`)
		}
		if cell.Alignment != extast.AlignNone {
			r.str(` class="align-` + cell.Alignment.String() + `"`)
		}
		r.str(">")
		r.trimLeft = true
		start := len(r.out)
		r.inlines(cell)
		r.trimRight(start)
		r.str("</" + tag + ">\n")
	}
	r.str("</tr>\n")
}
