package article

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"zhendi/internal/fields"
)

// schemes are what a link may begin with; anything else with a colon runs code, reads
// the reader's own files or is a slip.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true, "ftp": true}

// link writes [text](dest "title").
func (r *rendering) link(n *ast.Link) {
	dest := string(unescape(n.Destination))
	to, ok := r.resolve(dest, offset0(n), false)
	if !ok || r.inLink > 0 {
		r.inlines(n)
		return
	}
	r.openLink(to, string(unescape(n.Title)))
	r.inlines(n)
	r.closeLink()
}

// openLink writes the start tag of a link.
func (r *rendering) openLink(to Link, title string) {
	r.str(`<a href="`)
	r.attr(to.URL)
	r.str(`"`)
	if title != "" {
		r.str(` title="`)
		r.attr(title)
		r.str(`"`)
	}
	if to.External {
		r.str(` class="external" rel="noopener"`)
	}
	r.str(">")
	r.inLink++
}

func (r *rendering) closeLink() {
	r.inLink--
	r.str("</a>")
}

// autoLink writes <http://…> or <name@host>.
func (r *rendering) autoLink(n *ast.AutoLink) {
	dest := string(n.URL(r.source))
	if n.AutoLinkType == ast.AutoLinkEmail {
		dest = "mailto:" + dest
	}
	r.bareLink(dest, string(n.Label(r.source)), offset0(n))
}

// bareLink writes an address as a link to itself.
func (r *rendering) bareLink(dest, label string, at int) {
	to, ok := r.resolve(dest, at, false)
	if ok = ok && r.inLink == 0; ok {
		r.openLink(to, "")
	}
	r.esc(label)
	if ok {
		r.closeLink()
	}
	r.noteLast([]byte(label))
}

// offset0 is where an inline node with a position starts.
func offset0(n ast.Node) int {
	if p := n.Pos(); p >= 0 {
		return p
	}
	return offset(n)
}

// resolve finds what dest leads to; false if there is nothing to link to. What is
// wrong with it is reported.
func (r *rendering) resolve(dest string, at int, image bool) (Link, bool) {
	dest = strings.TrimSpace(dest)
	switch {
	case dest == "":
		r.report(&ruleLinkEmpty, at)
		return Link{}, false
	case dest[0] == '#' && !image:
		return r.fragment(dest[1:], at)
	}
	if s, ok := scheme(dest); ok && (!schemes[s] || image && s != "http" && s != "https") {
		r.report(&ruleScheme, at, s+":")
		return Link{}, false
	}
	if r.opt.Resolve == nil {
		return Link{URL: string(util.URLEscape([]byte(dest), false))}, true
	}
	to, problem := r.opt.Resolve(dest, image)
	if problem != nil && r.room(at) {
		problem.Pos = r.pos(at)
		r.problems.Add(*problem)
	}
	return to, !to.Gone && to.URL != ""
}

// fragment resolves a link within the page, by the id of a heading or by its name.
func (r *rendering) fragment(name string, at int) (Link, bool) {
	if name == "" || name == "top" {
		return Link{URL: "#top"}, true
	}
	id := name
	if s, err := url.PathUnescape(name); err == nil {
		id = s
	}
	h := r.ids[id]
	if h == nil {
		h = r.ids[slug(id)]
	}
	if h == nil {
		r.reportFragment(id, at)
		return Link{}, false
	}
	return Link{URL: r.partURL(h.Part) + "#" + string(util.URLEscape([]byte(h.ID), false))}, true
}

// reportFragment says that there is no such heading, and which was probably meant.
func (r *rendering) reportFragment(name string, at int) {
	squeeze := func(s string) string { return strings.ReplaceAll(slug(s), "-", "") }
	for _, h := range r.body.Outline {
		if squeeze(h.ID) == squeeze(name) {
			r.report(&ruleFragmentNear, at, name, h.ID)
			return
		}
	}
	if len(r.body.Outline) < 200 {
		var ids []string
		for _, h := range r.body.Outline {
			ids = append(ids, h.ID)
		}
		if near, ok := fields.Near(name, ids); ok {
			r.report(&ruleFragmentNear, at, name, near)
			return
		}
	}
	r.report(&ruleFragment, at, name)
}

// scheme returns what stands before the colon of an absolute URL, as a browser sees
// it: blanks and control characters do not count.
func scheme(dest string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(dest); i++ {
		c := dest[i] | 0x20
		switch {
		case dest[i] <= ' ' || dest[i] == 0x7f:
		case c >= 'a' && c <= 'z' || b.Len() > 0 && (c >= '0' && c <= '9' || dest[i] == '+' || dest[i] == '-' || dest[i] == '.'):
			b.WriteByte(c)
		case dest[i] == ':' && b.Len() > 0:
			return b.String(), true
		default:
			return "", false
		}
	}
	return "", false
}

// bareAddress finds the address that has v[i], a colon, dot or at sign, in it and starts
// at or after from: where it starts and ends in v, and where it leads. b is 0 if there is none.
//
// An address ends before anything that is not ASCII, since in 见http://a.cn/b，谢谢 no
// blank ends it, and before marks that end a sentence (GFM, extended autolinks).
func bareAddress(v []byte, i, from int) (a, b int, href string) {
	switch v[i] {
	case ':':
		if !bytes.HasPrefix(v[i:], []byte("://")) {
			return 0, 0, ""
		}
		for _, s := range []string{"https", "http", "ftp"} {
			if a = i - len(s); a >= from && strings.EqualFold(string(v[a:i]), s) && (a == 0 || !wordByte(v[a-1])) {
				b = addressEnd(v, i+3)
				if host := v[i+3 : max(b, i+3)]; len(host) > 0 && wordByte(host[0]) {
					return a, b, string(unescape(v[a:b]))
				}
			}
		}
	case '.':
		if a = i - 3; a >= from && strings.EqualFold(string(v[a:i]), "www") && (a == 0 || !wordByte(v[a-1]) && v[a-1] != '/' && v[a-1] != '.') {
			b = addressEnd(v, i+1)
			if b > i+2 && bytes.IndexByte(v[i+1:b], '.') > 0 {
				return a, b, "http://" + string(unescape(v[a:b]))
			}
		}
	case '@':
		return email(v, i, from)
	}
	return 0, 0, ""
}

// email finds the mail address around v[i], an at sign.
func email(v []byte, i, from int) (a, b int, href string) {
	for a = i; a > from && (wordByte(v[a-1]) || bytes.IndexByte([]byte(".-_+"), v[a-1]) >= 0); a-- {
	}
	for b = i + 1; b < len(v) && (wordByte(v[b]) || bytes.IndexByte([]byte(".-_"), v[b]) >= 0); b++ {
	}
	for b > i && !wordByte(v[b-1]) {
		b--
	}
	if a == i || b <= i+1 || !wordByte(v[i+1]) || bytes.IndexByte(v[i+1:b], '.') < 0 {
		return 0, 0, ""
	}
	return a, b, "mailto:" + string(v[a:b])
}

// addressEnd returns where the address with v[i] in it ends.
func addressEnd(v []byte, i int) int {
	open := 0
	for ; i < len(v); i++ {
		c := v[i]
		if c <= ' ' || c >= 0x7f || bytes.IndexByte([]byte("<>\"`\\^{}|"), c) >= 0 {
			break
		}
		if c == '(' {
			open++
		}
		if c == ')' {
			if open == 0 {
				break
			}
			open--
		}
	}
	for i > 0 {
		switch c := v[i-1]; {
		case bytes.IndexByte([]byte("?!.,:*_~'"), c) >= 0:
			i--
			continue
		case c == ';':
			if amp := bytes.LastIndexByte(v[:i], '&'); amp > 0 && i-amp < 12 {
				i = amp
			} else {
				i--
			}
			continue
		}
		break
	}
	return i
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
