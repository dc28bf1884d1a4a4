package article

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// Raw HTML goes through a gate, tag by tag. A tag passes if the tables below have it and
// it may stand where it is; it passes rewritten, with the attributes that are allowed. Every
// element is closed where the Markdown around it ends at the latest, so that
// no </div> reaches out of its place. What does not pass is reported. In the
// end bluemonday's policy goes over the page as a second lock.

// content is what may stand inside an element.
type content int

const (
	phrasing  content = iota // text and inline elements
	flow                     // these and blocks
	structure                // only certain elements, no text
	nothing                  // void
)

// element is what the gate knows of one.
type element struct {
	block   bool // not allowed where only phrasing is
	inside  content
	parents string // if not empty, the elements it must be directly in
	attrs   string // its own attributes
}

// elements are the allowed ones (HTML, section 4).
var elements = map[string]element{
	"b": {}, "strong": {}, "i": {}, "em": {}, "u": {}, "s": {}, "del": {}, "ins": {}, "mark": {}, "small": {},
	"sub": {}, "sup": {}, "span": {}, "abbr": {}, "cite": {}, "q": {}, "dfn": {}, "kbd": {}, "samp": {}, "var": {},
	"code": {}, "bdi": {}, "bdo": {}, "time": {attrs: "datetime"},
	"ruby": {}, "rt": {parents: "ruby"}, "rp": {parents: "ruby"},
	"br": {inside: nothing}, "wbr": {inside: nothing},
	"a":     {attrs: "href"},
	"img":   {inside: nothing, attrs: "src alt width height"},
	"video": {inside: structure, attrs: "src poster width height"}, "audio": {inside: structure, attrs: "src"},
	"source": {inside: nothing, parents: "video audio", attrs: "src type"},

	"p": {block: true}, "pre": {block: true},
	"h1": {block: true}, "h2": {block: true}, "h3": {block: true}, "h4": {block: true}, "h5": {block: true}, "h6": {block: true},
	"div": {block: true, inside: flow}, "blockquote": {block: true, inside: flow},
	"hr": {block: true, inside: nothing},
	"ul": {block: true, inside: structure}, "ol": {block: true, inside: structure, attrs: "start"},
	"li": {block: true, inside: flow, parents: "ul ol"},
	"dl": {block: true, inside: structure}, "dt": {block: true, inside: flow, parents: "dl"}, "dd": {block: true, inside: flow, parents: "dl"},
	"details": {block: true, inside: flow}, "summary": {block: true, parents: "details"},
	"figure": {block: true, inside: flow}, "figcaption": {block: true, inside: flow, parents: "figure"},
	"table": {block: true, inside: structure}, "caption": {block: true, inside: flow, parents: "table"},
	"thead": {block: true, inside: structure, parents: "table"}, "tbody": {block: true, inside: structure, parents: "table"}, "tfoot": {block: true, inside: structure, parents: "table"},
	"tr": {block: true, inside: structure, parents: "thead tbody tfoot"},
	"th": {block: true, inside: flow, parents: "tr", attrs: "colspan rowspan scope"},
	"td": {block: true, inside: flow, parents: "tr", attrs: "colspan rowspan"},
}

// optionalEnd are the elements whose end tag people leave out.
const optionalEnd = "p li dt dd tr td th thead tbody tfoot rt rp summary caption figcaption"

// classes are the class names that raw HTML may use; the theme styles them.
var classes = []string{"align-left", "align-center", "align-right", "no-indent", "nowrap", "kaiti", "signature"}

// dropWhole are the elements that go with all that is in them; of others that are not
// allowed the text stays.
var dropWhole = []string{"script", "style", "iframe", "object", "embed", "applet", "noscript", "template", "textarea", "select", "title", "noembed", "noframes", "xmp", "plaintext", "svg", "math"}

// silent are tags whose loss changes nothing that anyone sees.
var silent = []string{"html", "head", "body"}

// rawState is the stack of raw elements that are open.
type rawState struct {
	used  bool // some raw tag was written
	stack []rawOpen
	base  int            // elements below belong to Markdown further out
	gone  map[string]int // start tags that were dropped: their end tags go unreported
	in    content        // what the Markdown around allows
}

// rawOpen is a raw element that is open, or that is dropped whole.
type rawOpen struct {
	tag  string
	at   int // offset in the text
	drop int // length of out at the start of an element dropped whole; -1 for others
}

// rawScope is what leave restores.
type rawScope struct {
	base int
	in   content
}

// enter begins the children of a Markdown node.
func (r *rendering) enter(in content) rawScope {
	s := rawScope{r.raw.base, r.raw.in}
	r.raw.base, r.raw.in = len(r.raw.stack), in
	return s
}

// leave closes what was opened since enter.
func (r *rendering) leave(s rawScope) {
	for len(r.raw.stack) > r.raw.base {
		r.closeTop(true)
	}
	r.raw.base, r.raw.in = s.base, s.in
}

// top returns the innermost raw element of this scope; nil if none.
func (r *rendering) top() *rawOpen {
	if len(r.raw.stack) == r.raw.base {
		return nil
	}
	return &r.raw.stack[len(r.raw.stack)-1]
}

// allows returns what may be written here, and the raw element that decides it.
func (r *rendering) allows() (content, string) { return r.allowsIn(len(r.raw.stack)) }

// allowsIn is allows if only n raw elements were open.
func (r *rendering) allowsIn(n int) (content, string) {
	if n == r.raw.base {
		return r.raw.in, ""
	}
	tag := r.raw.stack[n-1].tag
	return elements[tag].inside, tag
}

// closeTop ends the innermost raw element; missing if its end tag is.
func (r *rendering) closeTop(missing bool) {
	t := *r.top()
	r.raw.stack = r.raw.stack[:len(r.raw.stack)-1]
	if missing && (t.drop >= 0 || !slices.Contains(strings.Fields(optionalEnd), t.tag)) {
		r.report(&ruleRawOpen, t.at, t.tag)
	}
	if t.drop >= 0 {
		if !missing {
			r.out = r.out[:t.drop]
		}
		return
	}
	if t.tag == "a" {
		r.inLink--
	}
	r.str("</" + t.tag + ">")
}

// beforeBlock makes room for a Markdown block: raw elements that cannot hold one end.
func (r *rendering) beforeBlock(at int) {
	for r.top() != nil {
		if t := r.top(); t.drop >= 0 || elements[t.tag].inside == flow {
			return
		}
		r.closeTop(true)
	}
}

// htmlBlock writes a block of raw HTML.
func (r *rendering) htmlBlock(n *ast.HTMLBlock) {
	var spans []span
	for i := 0; i < n.Lines().Len(); i++ {
		spans = append(spans, span{n.Lines().At(i).Start, n.Lines().At(i).Stop})
	}
	if n.HasClosure() {
		spans = append(spans, span{n.ClosureLine.Start, n.ClosureLine.Stop})
	}
	if v := r.source[spans[0].start:spans[0].stop]; isPageMark(v) {
		r.report(&rulePageInside, spans[0].start)
	}
	before := len(r.out)
	r.rawSpans(spans, n.HTMLBlockType == ast.HTMLBlockType2)
	before = min(before, len(r.out)) // what an element before it left open may be taken back
	if blank(r.out[before:]) {
		r.out = r.out[:before]
	} else if !bytes.HasSuffix(r.out, []byte("\n")) {
		r.str("\n")
	}
}

// rawInline writes one tag within a paragraph.
func (r *rendering) rawInline(n *ast.RawHTML) {
	var spans []span
	for i := 0; i < n.Segments.Len(); i++ {
		spans = append(spans, span{n.Segments.At(i).Start, n.Segments.At(i).Stop})
	}
	r.rawSpans(spans, false)
}

// span is a stretch of the text.
type span struct{ start, stop int }

// cursor finds places in the text for places in the joined text of spans; they
// must be asked for in order.
type cursor struct {
	spans  []span
	before int // length of the spans that are past
}

func (c *cursor) at(i int) int {
	for len(c.spans) > 1 && i-c.before >= c.spans[0].stop-c.spans[0].start {
		c.before += c.spans[0].stop - c.spans[0].start
		c.spans = c.spans[1:]
	}
	return c.spans[0].start + i - c.before
}

// rawSpans writes a fragment of raw HTML.
func (r *rendering) rawSpans(spans []span, comment bool) {
	var b bytes.Buffer
	for _, s := range spans {
		b.Write(r.source[s.start:s.stop])
	}
	z := html.NewTokenizer(bytes.NewReader(b.Bytes()))
	place := cursor{spans: spans}
	for pos := 0; ; {
		kind := z.Next()
		here := place.at(pos)
		pos += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			r.rawText(string(z.Text()), here)
		case html.StartTagToken, html.SelfClosingTagToken:
			r.startTag(z.Token(), here)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.endTag(string(name), here)
		case html.DoctypeToken:
			r.report(&ruleRawTag, here, "!doctype")
		case html.CommentToken: // written for editors
			if !comment && !bytes.HasPrefix(z.Raw(), []byte("<!--")) {
				r.report(&ruleRawTag, here, strings.TrimLeft(string(z.Raw()[1:min(len(z.Raw()), 10)]), "/"))
			}
		}
	}
}

// rawText writes the text between raw tags.
func (r *rendering) rawText(s string, here int) {
	in, tag := r.allows()
	if blank([]byte(s)) {
		if in != structure {
			r.esc(strings.ReplaceAll(s, "\u3000", ""))
		} else if strings.Contains(s, "\n") {
			r.str("\n")
		}
		return
	}
	if in == structure {
		if tag != "video" && tag != "audio" { // there it is for browsers without sound and vision
			r.report(&ruleRawText, here, tag)
		}
		return
	}
	r.raw.used = true
	r.esc(s)
	r.noteLast([]byte(s))
}

// startTag passes, rewrites or drops a start tag.
func (r *rendering) startTag(t html.Token, here int) {
	name := t.Data
	if t := r.top(); t != nil && t.drop >= 0 {
		return // all of it goes
	}
	if name == "center" || name == "strike" || name == "tt" { // old names of what is allowed
		name = map[string]string{"center": "div", "strike": "s", "tt": "code"}[name]
		if t.Data == "center" {
			t.Attr = append(t.Attr, html.Attribute{Key: "align", Val: "center"})
		}
	}
	e, ok := elements[name]
	if !ok {
		r.dropTag(name, t.Type, here)
		return
	}
	if len(r.raw.stack) >= maxDepth {
		r.within(false, here, msgDepth)
		return
	}
	if !r.makeRoom(name, e, here) || !r.writeStart(name, e, t.Attr, here) {
		r.goneTag(name, e)
	}
}

// goneTag remembers that a start tag was dropped.
func (r *rendering) goneTag(name string, e element) {
	if r.raw.gone == nil {
		r.raw.gone = map[string]int{}
	}
	if e.inside != nothing {
		r.raw.gone[name]++
	}
}

// dropTag drops a start tag that is not allowed.
func (r *rendering) dropTag(name string, kind html.TokenType, here int) {
	if slices.Contains(silent, name) {
		return
	}
	r.report(&ruleRawTag, here, name)
	r.goneTag(name, element{})
	if slices.Contains(dropWhole, name) && kind == html.StartTagToken && name != "embed" {
		r.raw.stack = append(r.raw.stack, rawOpen{name, here, len(r.out)})
	}
}

// makeRoom closes what an element ends by starting and reports whether it may then
// stand here.
func (r *rendering) makeRoom(name string, e element, here int) bool {
	for i := len(r.raw.stack); i >= r.raw.base; i-- {
		if r.fitsIn(i, name, e) {
			for len(r.raw.stack) > i {
				r.closeTop(false)
			}
			break
		}
		if i == r.raw.base || !slices.Contains(strings.Fields(optionalEnd), r.raw.stack[i-1].tag) {
			break
		}
	}
	if _, tag := r.allows(); name == "tr" && tag == "table" { // as a browser does
		r.writeStart("tbody", elements["tbody"], nil, here)
	}
	switch {
	case !r.fits(name, e):
		if e.parents != "" {
			r.report(&ruleRawPlace, here, name, "<"+strings.ReplaceAll(e.parents, " ", "> <")+">")
		} else {
			_, tag := r.allows()
			if tag == "" {
				r.report(&ruleRawBlock, here, name)
			} else {
				r.report(&ruleRawNested, here, name, tag)
			}
		}
		return false
	case name == "a" && r.inLink > 0, name == "ruby" && r.open("ruby"):
		r.report(&ruleRawNested, here, name, name)
		return false
	}
	return true
}

// open reports whether an element of that name is open in this scope.
func (r *rendering) open(name string) bool {
	return slices.ContainsFunc(r.raw.stack, func(o rawOpen) bool { return o.tag == name })
}

// fits reports whether an element may start right here.
func (r *rendering) fits(name string, e element) bool { return r.fitsIn(len(r.raw.stack), name, e) }

// fitsIn is fits if only n raw elements were open.
func (r *rendering) fitsIn(n int, name string, e element) bool {
	in, tag := r.allowsIn(n)
	switch {
	case name == "tr" && tag == "table": // a tbody comes between
		return true
	case e.parents != "":
		return slices.Contains(strings.Fields(e.parents), tag)
	case in == flow:
		return true
	}
	return in == phrasing && !e.block
}

// writeStart writes a start tag with the attributes that are allowed; false if it
// lacks what it needs.
func (r *rendering) writeStart(name string, e element, attrs []html.Attribute, here int) bool {
	if name[0] == 'h' && len(name) == 2 && name != "hr" {
		r.lastLevel = min(max(int(name[1]-'0'), 2), max(r.lastLevel, 1)+1)
		name = "h" + strconv.Itoa(r.lastLevel)
	}
	a, ok := r.rawAttrs(name, e, attrs, here)
	if !ok {
		return false
	}
	r.raw.used = true
	r.str("<" + name + a + ">")
	if e.inside == nothing {
		if name == "br" || name == "img" {
			r.lastRune, r.wideText = ' ', false
		}
		return true
	}
	if name == "a" {
		r.inLink++
	}
	r.raw.stack = append(r.raw.stack, rawOpen{name, here, -1})
	return true
}

// endTag closes an element of this scope, and those within it.
func (r *rendering) endTag(name string, here int) {
	if to, ok := map[string]string{"center": "div", "strike": "s", "tt": "code"}[name]; ok {
		name = to
	}
	if t := r.top(); t != nil && t.drop >= 0 && t.tag != name {
		return // all of it goes
	}
	heading := len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
	for i := len(r.raw.stack) - 1; i >= r.raw.base; i-- {
		o := r.raw.stack[i]
		if o.tag != name && !(heading && len(o.tag) == 2 && o.tag[0] == 'h' && o.tag[1] <= '6') {
			continue
		}
		for len(r.raw.stack) > i+1 {
			r.closeTop(true)
		}
		r.closeTop(false)
		return
	}
	if r.raw.gone[name] > 0 {
		r.raw.gone[name]--
	} else if elements[name].inside != nothing && !slices.Contains(silent, name) {
		r.report(&ruleRawEnd, here, name)
	}
}

// afterDropped returns raw, or the end tag of the element it starts if that is one
// which is dropped whole.
func (r *rendering) afterDropped(raw *ast.RawHTML) ast.Node {
	name, end := r.rawName(raw)
	if end || !slices.Contains(dropWhole, name) {
		return raw
	}
	for n := raw.NextSibling(); n != nil; n = n.NextSibling() {
		if other, ok := n.(*ast.RawHTML); ok {
			if s, end := r.rawName(other); end && s == name {
				return n
			}
		}
	}
	return raw
}

// rawName returns the name of a raw tag and whether it is an end tag.
func (r *rendering) rawName(n *ast.RawHTML) (name string, end bool) {
	first := n.Segments.At(0)
	s, end := bytes.CutPrefix(first.Value(r.source)[1:], []byte("/"))
	i := 0
	for i < len(s) && wordByte(s[i]) {
		i++
	}
	return strings.ToLower(string(s[:i])), end
}
