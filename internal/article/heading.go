package article

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// maxSlug is how many characters of a heading go into its id.
const maxSlug = 60

// outline is what is known of the headings before anything is written: links to
// them may come first.
type outline struct {
	heads map[ast.Node]*head
	ids   map[string]*head // by id and by the name a link may use
	stack []level
	runIn map[ast.Node]int // numbered paragraphs: offset of the end of the lead sentence
	rank  map[ast.Node]int // headings made by number: 1 一、 2 （一） 3 1. 4 （1）
}

// head is a heading and where it went.
type head struct {
	Heading
}

// level is an open heading: what the author wrote and what it became.
type level struct {
	hashes int // 1 to 6; 0 if made by number
	rank   int // of its number; 0 if it has none
	out    int
}

// collect gives every heading its level and id.
func (r *rendering) collect(root ast.Node) {
	part := 0
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if r.isPageBreak(n) {
			part++
		}
		r.collectIn(n, part)
	}
}

func (r *rendering) collectIn(n ast.Node, part int) {
	switch n := n.(type) {
	case *ast.Heading:
		r.addHead(n, n.Level, part)
		return
	case *ast.Paragraph:
		if _, ok := r.runIn[n]; ok {
			r.addHead(n, 0, part)
		}
		return
	case *note: // its headings are none of the page's
		outside := slices.Clone(r.stack)
		r.inNote++
		defer func() { r.stack = outside; r.inNote-- }()
	}
	if n.Type() == ast.TypeInline {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() != ast.TypeBlock {
			return
		}
		r.collectIn(c, part)
	}
}

func (r *rendering) addHead(n ast.Node, hashes, part int) {
	title := r.headText(n)
	rank, made := r.rank[n]
	if made {
		hashes = 0
	} else {
		rank, _ = numeral(title)
	}
	h := r.nodes.heads.take()
	h.Heading = Heading{Level: r.levelOf(hashes, rank), Text: title, Part: part}
	if r.heads == nil {
		r.heads, r.ids = r.nodes.byNode, r.nodes.byID
	}
	slug := slug(title)
	h.ID = r.freeID(slug)
	r.ids[h.ID] = h
	if r.ids[slug] == nil {
		r.ids[slug] = h // a link may use the name without the prefix
	}
	r.heads[n] = h
	if r.inNote == 0 {
		r.body.Outline = append(r.body.Outline, h.Heading)
	}
}

// headText is the text of a heading, or of the lead sentence of a paragraph.
func (r *rendering) headText(n ast.Node) string {
	var b strings.Builder
	if end, ok := r.runIn[n]; ok { // in an outline it ends without a stop
		r.plainUntil(&b, n, end)
		return strings.TrimRight(strings.TrimLeftFunc(b.String(), indentRune), "。 ")
	} else {
		r.plain(&b, n)
	}
	return strings.TrimFunc(b.String(), func(c rune) bool { return indentRune(c) || c == '\n' })
}

// levelOf returns the level on the page of a heading written with that many hashes,
// or, with none, of one made from a number of that rank.
//
// The page has its h1 already, and levels must not skip on the way down, so what
// counts is only which heading stands under which.
func (r *rendering) levelOf(hashes, rank int) int {
	under := func(l level) bool { // a heading stays open while others stand under it
		switch {
		case hashes > 0:
			return l.hashes > 0 && l.hashes < hashes
		case l.rank > 0:
			return l.rank < rank
		}
		return true
	}
	for len(r.stack) > 0 && !under(r.stack[len(r.stack)-1]) {
		r.stack = r.stack[:len(r.stack)-1]
	}
	out := 2
	if n := len(r.stack); n > 0 {
		out = min(r.stack[n-1].out+1, 6)
	}
	r.stack = append(r.stack, level{hashes, rank, out})
	return out
}

// slug makes an id of a heading: letters and digits of any script, the rest a hyphen.
func slug(title string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, c := range title {
		switch {
		case n >= maxSlug:
			return b.String()
		case unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c):
			if gap && n > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(unicode.ToLower(c))
			gap = false
			n++
		case c != utf8.RuneError:
			gap = true
		}
	}
	return b.String()
}

// freeID makes slug an id that nothing else on the page has. Ids in ASCII alone are the
// theme's and the footnotes': a heading never has one without the prefix.
func (r *rendering) freeID(slug string) string {
	id := slug
	if isASCII(slug) {
		id = strings.TrimSuffix("h-"+slug, "-")
	}
	free := id
	for i := 2; r.ids[free] != nil; i++ {
		if free = id + "-" + strconv.Itoa(i); i > 50 { // many of one name: take the next number at once
			free = id + "-" + strconv.Itoa(len(r.heads)+i)
		}
	}
	return free
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// heading writes a heading.
func (r *rendering) heading(n *ast.Heading) {
	h := r.heads[n]
	r.checkSetext(n)
	r.lastLevel = h.Level
	tag := "h" + strconv.Itoa(h.Level)
	r.str("<" + tag + ` id="`)
	r.attr(h.ID)
	r.str(`">`)
	r.trimLeft = true
	start := len(r.out)
	r.inlines(n)
	r.trimRight(start)
	r.str("</" + tag + ">\n")
}

// checkSetext warns of a paragraph that a line of hyphens below made a heading.
func (r *rendering) checkSetext(n *ast.Heading) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	last := lines.At(lines.Len() - 1)
	stop := last.Stop
	if stop < len(r.source) && r.source[stop] == '\n' {
		stop++
	}
	text := r.heads[n].Text
	if stop >= len(r.source) || r.source[stop] != '-' || !strings.ContainsAny(text, "。；！？") && utf8.RuneCountInString(text) <= 40 {
		return
	}
	r.report(&ruleSetext, stop)
}
