package article

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// figures writes a paragraph of pictures alone as figures, and reports whether it is one.
// The title of a picture is its caption: ![说明图中内容](a.jpg "图注").
func (r *rendering) figures(p *ast.Paragraph) bool {
	count := 0
	for n := p.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok && blank(t.Segment.Value(r.source)) {
			continue
		}
		if picture, _ := pictureIn(n); picture == nil {
			return false
		}
		count++
	}
	if count == 0 {
		return false
	}
	if count > 1 {
		r.str("<div class=\"gallery\">\n")
	}
	for n := p.FirstChild(); n != nil; n = n.NextSibling() {
		if picture, link := pictureIn(n); picture != nil {
			r.figure(picture, link)
		}
	}
	if count > 1 {
		r.str("</div>\n")
	}
	return true
}

// pictureIn returns n as a picture, or as a link around one.
func pictureIn(n ast.Node) (*ast.Image, *ast.Link) {
	if l, ok := n.(*ast.Link); ok && l.ChildCount() == 1 {
		if i, ok := l.FirstChild().(*ast.Image); ok {
			return i, l
		}
	}
	i, _ := n.(*ast.Image)
	return i, nil
}

func (r *rendering) figure(n *ast.Image, link *ast.Link) {
	start := len(r.out)
	r.str("<figure>")
	linked := false
	if link != nil && r.inLink == 0 {
		var to Link
		if to, linked = r.resolve(string(unescape(link.Destination)), offset0(link), false); linked {
			r.openLink(to, "")
		}
	}
	ok := r.picture(n, "")
	if linked {
		r.closeLink()
	}
	if !ok {
		r.out = r.out[:start]
		return
	}
	if caption := strings.TrimSpace(string(unescape(n.Title))); caption != "" {
		r.str("<figcaption>")
		r.esc(caption)
		r.str("</figcaption>")
	}
	r.str("</figure>\n")
}

// image writes a picture within text.
func (r *rendering) image(n *ast.Image) {
	if r.picture(n, string(unescape(n.Title))) {
		r.lastRune, r.wideText = 'a', false
	}
}

// picture writes <img>; false if there is no picture to show.
func (r *rendering) picture(n *ast.Image, title string) bool {
	var b strings.Builder
	r.plain(&b, n)
	return r.img(string(unescape(n.Destination)), strings.TrimSpace(b.String()), title, Link{}, offset0(n))
}

// img writes <img>. A picture without a text alternative is an error: a reader who
// cannot see it gets nothing. The size is used if the file's own is not known.
func (r *rendering) img(dest, alt, title string, size Link, at int) bool {
	if alt == "" {
		r.report(&ruleAlt, at, dest)
	}
	to, ok := r.resolve(dest, at, true)
	if !ok {
		return false
	}
	if to.Width == 0 || to.Height == 0 {
		to.Width, to.Height = size.Width, size.Height
	}
	r.str(`<img src="`)
	r.attr(to.URL)
	r.str(`" alt="`)
	r.attr(alt)
	r.str(`"`)
	if title != "" {
		r.str(` title="`)
		r.attr(title)
		r.str(`"`)
	}
	if to.Width > 0 && to.Height > 0 {
		r.str(` width="` + strconv.Itoa(to.Width) + `" height="` + strconv.Itoa(to.Height) + `"`)
	}
	eager := r.pictures == 0 && r.above+len(r.out) < firstScreen
	r.pictures++
	if to.Srcset != "" && r.opt.Sizes != "" {
		r.str(` srcset="`)
		r.attr(to.Srcset)
		r.str(`" sizes="`)
		if !eager {
			r.str("auto, ") // lazy ones are measured by the browser
		}
		r.attr(r.opt.Sizes)
		r.str(`"`)
	}
	if eager {
		r.str(` fetchpriority="high">`)
	} else {
		r.str(` loading="lazy" decoding="async">`)
	}
	return true
}

// firstScreen is how much HTML of a text is seen without scrolling, in bytes: some 500 characters.
const firstScreen = 1500
