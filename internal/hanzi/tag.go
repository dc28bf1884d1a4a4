package hanzi

import (
	"bytes"
	"strings"
)

// The scanner of tags follows the tokenizer of the HTML standard (13.2.5), without
// its error reports: what it takes for a tag or a value, a browser does.

type tagKind uint8

const (
	tagStart tagKind = iota
	tagEnd
	tagComment // also doctype and processing instruction
)

// A tag is one piece of markup in src.
type tag struct {
	src    []byte
	kind   tagKind
	head   span // the name
	end    int
	attrs  []attr
	spoken []span // quoted values of title, alt and aria-label
}

type attr struct{ key, value span }

// opensMarkup reports whether b, which begins with <, begins markup.
func opensMarkup(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch c := b[1]; {
	case isLetter(c), c == '!', c == '?':
		return true
	case c == '/':
		return len(b) > 2
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// scan scans the markup at src[i]. What is not closed goes on to the end.
func (t *tag) scan(src []byte, i int) {
	t.src, t.attrs, t.spoken = src, t.attrs[:0], t.spoken[:0]
	switch c := src[i+1]; {
	case bytes.HasPrefix(src[i:], []byte("<!--")):
		t.kind, t.end = tagComment, commentEnd(src, i+4)
		return
	case isLetter(c):
		t.kind, i = tagStart, i+1
	case c == '/' && isLetter(src[i+2]):
		t.kind, i = tagEnd, i+2
	default:
		t.kind, t.end = tagComment, after(src, i+1, ">")
		return
	}
	t.head.a = i
	for i < len(src) && !isSpace(src[i]) && src[i] != '/' && src[i] != '>' {
		i++
	}
	t.head.b = i
	t.end = t.attributes(i)
}

// commentEnd returns the end of a comment whose text begins at src[i].
func commentEnd(src []byte, i int) int {
	rest := src[i:]
	if bytes.HasPrefix(rest, []byte(">")) {
		return i + 1
	}
	if bytes.HasPrefix(rest, []byte("->")) {
		return i + 2
	}
	end := after(src, i, "-->")
	if n := after(src[:end], i, "--!>"); n < end || bytes.HasSuffix(src[i:n], []byte("--!>")) {
		return n
	}
	return end
}

// after returns the place after the next end in src from i on, or the length of src.
func after(src []byte, i int, end string) int {
	if n := bytes.Index(src[i:], []byte(end)); n >= 0 {
		return i + n + len(end)
	}
	return len(src)
}

// attributes scans the attributes from src[i] on and returns the end of the tag.
func (t *tag) attributes(i int) int {
	for i < len(t.src) {
		switch c := t.src[i]; {
		case c == '>':
			return i + 1
		case isSpace(c) || c == '/':
			i++
		default:
			i = t.oneAttribute(i)
		}
	}
	return len(t.src)
}

func (t *tag) oneAttribute(i int) int {
	src := t.src
	a := attr{key: span{i, i + 1}} // a leading = belongs to the name
	for i++; i < len(src) && !isSpace(src[i]) && src[i] != '/' && src[i] != '>' && src[i] != '='; i++ {
	}
	a.key.b = i
	for i < len(src) && isSpace(src[i]) {
		i++
	}
	if i >= len(src) || src[i] != '=' {
		a.value = span{i, i}
		t.attrs = append(t.attrs, a)
		return i
	}
	for i++; i < len(src) && isSpace(src[i]); i++ {
	}
	if i < len(src) && (src[i] == '"' || src[i] == '\'') {
		end := bytes.IndexByte(src[i+1:], src[i])
		if end < 0 {
			return len(src)
		}
		a.value = span{i + 1, i + 1 + end}
		if t.kind == tagStart && isSpoken(src[a.key.a:a.key.b]) {
			t.spoken = append(t.spoken, a.value)
		}
		i = a.value.b + 1
	} else {
		a.value.a = i
		for i < len(src) && !isSpace(src[i]) && src[i] != '>' {
			i++
		}
		a.value.b = i
	}
	t.attrs = append(t.attrs, a)
	return i
}

// isSpoken reports whether the attribute's value is text for readers.
func isSpoken(key []byte) bool {
	switch len(key) {
	case 3:
		return equalFold(key, "alt")
	case 5:
		return equalFold(key, "title")
	case 10:
		return equalFold(key, "aria-label")
	}
	return false
}

// attribute returns the value of the first attribute called key, in lower case.
func (t *tag) attribute(key string) ([]byte, bool) {
	for _, a := range t.attrs {
		if a.key.b-a.key.a == len(key) && equalFold(t.src[a.key.a:a.key.b], key) {
			return t.src[a.value.a:a.value.b], true
		}
	}
	return nil, false
}

// equalFold reports whether b is s, which is in lower case, but for the case of
// ASCII letters.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if c != s[i] && (!isLetter(c) || c|0x20 != s[i]) {
			return false
		}
	}
	return true
}

// name returns the element's name, in lower case.
func (t *tag) name() string {
	b := t.src[t.head.a:t.head.b]
	for _, c := range b {
		if 'A' <= c && c <= 'Z' {
			return strings.ToLower(string(b))
		}
	}
	return own(b) // as long as the fragment
}

type elementKind uint8

const (
	inline elementKind = 1 << iota // phrases go across
	void                           // has no content
	left                           // left alone
	raw                            // holds no markup; left alone
	closer                         // closes an open p
)

// kindOf returns what is known of an element. Others, custom ones too, part phrases:
// to miss one across a join is a lesser harm than to make one up.
func kindOf(name string) elementKind {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "mark",
		"q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var":
		return inline
	case "wbr":
		return inline | void
	case "area", "base", "br", "col", "embed", "img", "input", "link", "meta", "param", "source", "track":
		return void
	case "hr":
		return void | closer
	case "code", "kbd", "samp", "math":
		return left
	case "pre":
		return left | closer
	case "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
		"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
		"li", "main", "menu", "nav", "ol", "p", "search", "section", "summary", "table", "ul":
		return closer
	case "script", "style", "textarea", "iframe", "noembed", "noframes", "xmp":
		return raw
	}
	return 0
}
