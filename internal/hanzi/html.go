package hanzi

import "bytes"

// HTML converts a fragment of a page: its text, and the quoted values of title,
// alt and aria-label. Phrases are recognized across inline elements and comments
// (发<b>展</b>); anything else between two characters parts them: block elements, br,
// img, and whatever is left alone.
//
// Only converted characters change: tags, other attributes, entities, comments and
// white space keep their bytes. An entity is text like any other, so 发&amp;展 is no
// phrase, and a Han character written as a number (&#21457;) stays.
//
// Left alone, with their attributes, are
//   - code, kbd, samp, pre, textarea, math, script, style and other raw text;
//   - elements with translate="no", up to an element inside with translate="yes";
//   - elements with a lang that is not the script converted from: another language, or
//     Chinese in the other script by its subtags (zh-Hant, zh-TW, zh-HK, zh-MO against zh-Hans,
//     zh-CN, zh-SG, zh-MY), or lang="". Plain zh is taken for the script converted from.
//
// An element with a lang of its own script is converted like the rest, and keeps its
// attribute. Elements are taken to be closed where they end, except p, which the
// next block closes. A phrase that changes its length across a tag is shared out as
// by Runs.
func (c *Converter) HTML(fragment string) string {
	j := c.job()
	defer c.jobs.Put(j)
	j.page.dst = c.html(j, j.page.dst[:0], view(fragment))
	if string(j.page.dst) == fragment {
		return fragment
	}
	return string(j.page.dst)
}

// AppendHTML appends the converted fragment to dst.
func (c *Converter) AppendHTML(dst, fragment []byte) []byte {
	j := c.job()
	defer c.jobs.Put(j)
	return c.html(j, dst, fragment)
}

func (c *Converter) html(j *job, dst, fragment []byte) []byte {
	h := &j.page
	own := h.dst
	h.c, h.j, h.src, h.dst = c, j, fragment, dst
	h.state, h.held = state{on: true}, h.held[:0]
	h.convert()
	dst = h.dst
	h.src, h.dst, h.t.src = nil, own, nil // hold nothing of the caller's
	clear(h.held[:cap(h.held)])
	return dst
}

// A page is a fragment on its way through HTML.
type page struct {
	c   *Converter
	j   *job
	src []byte
	dst []byte
	t   tag

	// The paragraph so far: its pieces of text, as one, and the markup between.
	text  []byte
	cuts  []int // ends of the pieces in text
	items []item
	side  []byte // markup with converted attributes

	state state
	held  []holder // elements that changed the state, outermost first
}

// An item is a part of the paragraph.
type item struct {
	span
	kind itemKind
}

type itemKind uint8

const (
	itemText   itemKind = iota // a piece, the next of cuts; its place in src
	itemMarkup                 // as it is in src
	itemSide                   // as it is in side
)

// A state says whether text is converted.
type state struct {
	on       bool // translate, and the kind of element
	foreign  bool // the language is another
	absolute bool // nothing inside can switch on again
}

func (s state) active() bool { return s.on && !s.foreign }

// maxHeld bounds how deep changes of the state may nest; deeper ones concern only
// the attributes of their element. Pages come to three or four.
const maxHeld = 100

// A holder is an open element that changed the state.
type holder struct {
	name   string
	depth  int // open elements of the name, from this one inwards
	before state
}

func (h *page) convert() {
	for i := 0; i < len(h.src); {
		n := bytes.IndexByte(h.src[i:], '<')
		if n < 0 {
			n = len(h.src) - i
		}
		for i+n < len(h.src) && !opensMarkup(h.src[i+n:]) {
			more := bytes.IndexByte(h.src[i+n+1:], '<')
			if more < 0 {
				more = len(h.src) - i - n - 1
			}
			n += 1 + more
		}
		if n > 0 {
			h.piece(span{i, i + n})
		}
		i += n
		if i < len(h.src) {
			i = h.markup(i)
		}
	}
	h.flush()
}

// piece takes a piece of text.
func (h *page) piece(s span) {
	if !h.state.active() {
		h.flush()
		h.dst = append(h.dst, h.src[s.a:s.b]...)
		return
	}
	h.items = append(h.items, item{s, itemText})
}

// markup takes the tag or comment at src[i] and returns its end.
func (h *page) markup(i int) int {
	t := &h.t
	t.scan(h.src, i)
	switch t.kind {
	case tagComment:
		h.put(span{i, t.end}, itemMarkup)
	case tagEnd:
		h.endTag(t, i)
	case tagStart:
		return h.startTag(t, i)
	}
	return t.end
}

// put adds markup to the paragraph, or writes it if no paragraph has begun.
func (h *page) put(s span, kind itemKind) {
	if len(h.items) > 0 {
		h.items = append(h.items, item{s, kind})
		return
	}
	from := h.src
	if kind == itemSide {
		from = h.side
	}
	h.dst = append(h.dst, from[s.a:s.b]...)
	if kind == itemSide {
		h.side = h.side[:0]
	}
}

func (h *page) endTag(t *tag, i int) {
	name := t.name()
	if kindOf(name)&inline == 0 {
		h.flush()
	}
	h.put(span{i, t.end}, itemMarkup)
	k := len(h.held) - 1
	for k >= 0 && h.held[k].name != name {
		k--
	}
	if k < 0 {
		return
	}
	for i := range h.held[:k+1] {
		if h.held[i].name == name {
			h.held[i].depth--
		}
	}
	if h.held[k].depth == 0 {
		h.release(k)
	}
}

// release ends the holder k and those within it.
func (h *page) release(k int) {
	h.flush()
	h.state = h.held[k].before
	h.held = h.held[:k]
}

func (h *page) startTag(t *tag, i int) int {
	name := t.name()
	kind := kindOf(name)
	if kind&inline == 0 {
		h.flush()
	}
	if kind&closer != 0 {
		h.closeParagraph()
	}
	for k := range h.held {
		if h.held[k].name == name && kind&void == 0 {
			h.held[k].depth++
		}
	}
	s := h.inside(t, kind)
	if s != h.state && kind&void == 0 && len(h.held) < maxHeld {
		h.flush()
		h.held = append(h.held, holder{name, 1, h.state})
		h.state = s
	}
	h.tag(t, i, s.active())
	if kind&raw != 0 {
		return h.rawText(name, t.end)
	}
	return t.end
}

// closeParagraph ends an open p that changed the state.
func (h *page) closeParagraph() {
	for k := range h.held {
		if h.held[k].name == "p" {
			h.release(k)
			return
		}
	}
}

// inside returns the state inside an element, which is that of its attributes too.
func (h *page) inside(t *tag, kind elementKind) state {
	s := h.state
	if s.absolute {
		return s
	}
	if kind&(left|raw) != 0 {
		return state{absolute: true}
	}
	switch value, ok := t.attribute("translate"); {
	case !ok:
	case equalFold(value, "no"):
		s.on = false
	case len(value) == 0 || equalFold(value, "yes"):
		s.on = true
	}
	if value, ok := t.attribute("lang"); ok {
		s.foreign = h.c.foreign(value)
	}
	return s
}

// tag puts a start tag, its attributes converted if active.
func (h *page) tag(t *tag, i int, active bool) {
	if !active || len(t.spoken) == 0 {
		h.put(span{i, t.end}, itemMarkup)
		return
	}
	from := len(h.side)
	for _, v := range t.spoken {
		h.side = append(h.side, h.src[i:v.a]...)
		h.j.init(h.c)
		h.side = h.j.append(h.side, h.src[v.a:v.b])
		i = v.b
	}
	h.side = append(h.side, h.src[i:t.end]...)
	h.put(span{from, len(h.side)}, itemSide)
}

// rawText copies the content of a raw text element, up to its end tag.
func (h *page) rawText(name string, i int) int {
	for p := i; p < len(h.src); p++ {
		n := bytes.IndexByte(h.src[p:], '<')
		if n < 0 {
			break
		}
		p += n
		if rest := h.src[p+1:]; len(rest) > len(name) && rest[0] == '/' && equalFold(rest[1:1+len(name)], name) &&
			(len(rest) == 1+len(name) || !isLetter(rest[1+len(name)])) {
			h.put(span{i, p}, itemMarkup)
			return p
		}
	}
	h.put(span{i, len(h.src)}, itemMarkup)
	return len(h.src)
}

// flush converts and writes the paragraph.
func (h *page) flush() {
	if len(h.items) == 0 {
		return
	}
	if len(h.items) == 1 {
		h.j.init(h.c)
		h.dst = h.j.append(h.dst, h.src[h.items[0].a:h.items[0].b])
	} else {
		h.flushPieces()
	}
	h.items, h.side = h.items[:0], h.side[:0]
}

func (h *page) flushPieces() {
	h.text, h.cuts = h.text[:0], h.cuts[:0]
	for _, it := range h.items {
		if it.kind == itemText {
			h.text = append(h.text, h.src[it.a:it.b]...)
			h.cuts = append(h.cuts, len(h.text))
		}
	}
	h.j.init(h.c)
	moved := h.j.cut(h.text, h.cuts)
	out := h.j.out()
	from := 0
	for _, it := range h.items {
		switch it.kind {
		case itemText:
			to := moved[0]
			if moved = moved[1:]; len(moved) == 0 {
				to = out.n
			}
			h.dst = append(h.dst, out.buf[from:to]...)
			from = to
		case itemMarkup:
			h.dst = append(h.dst, h.src[it.a:it.b]...)
		case itemSide:
			h.dst = append(h.dst, h.side[it.a:it.b]...)
		}
	}
}
