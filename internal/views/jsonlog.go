package views

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// node is a place in a JSON pattern: an object, an array whose first element counts, or a field.
type node struct {
	keys  map[string]*node
	first *node
	field field
}

// parseNode reads a JSON pattern and marks in has what it gives.
func parseNode(pattern string, has *[fields]bool) (*node, error) {
	var v any
	if err := json.Unmarshal([]byte(pattern), &v); err != nil {
		return nil, badPattern("不是 JSON："+err.Error(), "not JSON: "+err.Error())
	}
	return makeNode(v, has)
}

func makeNode(v any, has *[fields]bool) (*node, error) {
	n := &node{}
	switch v := v.(type) {
	case map[string]any:
		n.keys = map[string]*node{}
		for k, x := range v {
			kid, err := makeNode(x, has)
			if err != nil {
				return nil, err
			}
			n.keys[k] = kid
		}
	case []any:
		if len(v) != 1 {
			return nil, badPattern("数组里只写一个变量", "an array must hold one variable")
		}
		kid, err := makeNode(v[0], has)
		if err != nil {
			return nil, err
		}
		n.first = kid
	case string:
		name, ok := strings.CutPrefix(v, "$")
		if !ok {
			return nil, badPattern("“"+v+"”不是变量", v+" is no variable")
		}
		n.field = variables[name]
		has[n.field] = true
	default:
		return nil, badPattern("值只能是 \"$变量\"", "values must be \"$variables\"")
	}
	return n, nil
}

// maxDepth is how deep objects may stand in one another.
const maxDepth = 32

// match reads a line that is one JSON object, and nothing after it.
func (n *node) match(line []byte, r *record, scratch *[]byte) bool {
	s := scanner{b: line, r: r, scratch: (*scratch)[:0]}
	s.blank()
	ok := s.at < len(line) && line[s.at] == '{' && s.value(n, 0)
	s.blank()
	*scratch = s.scratch
	return ok && s.at == len(line)
}

type scanner struct {
	b       []byte
	at      int
	r       *record
	scratch []byte
}

func (s *scanner) blank() {
	for s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\t' || s.b[s.at] == '\r') {
		s.at++
	}
}

// take passes c, with blanks before it.
func (s *scanner) take(c byte) bool {
	s.blank()
	if s.at < len(s.b) && s.b[s.at] == c {
		s.at++
		return true
	}
	return false
}

// value reads one value; n says what is wanted of it, nil: nothing.
func (s *scanner) value(n *node, depth int) bool {
	s.blank()
	if s.at >= len(s.b) || depth > maxDepth {
		return false
	}
	switch s.b[s.at] {
	case '{':
		return s.object(n, depth)
	case '[':
		return s.array(n, depth)
	case '"':
		v, ok := s.text(n != nil && n.field != none)
		s.give(n, v)
		return ok
	}
	from := s.at
	for s.at < len(s.b) && !strings.ContainsRune(",]} \t\r", rune(s.b[s.at])) {
		s.at++
	}
	v := s.b[from:s.at]
	if string(v) != "null" {
		s.give(n, v)
	}
	return len(v) > 0
}

// give keeps a value. Where a log has two for one field, the first that says something counts.
func (s *scanner) give(n *node, v []byte) {
	if n == nil || n.field == none || len(s.r[n.field]) > 0 {
		return
	}
	if v == nil {
		v = s.b[:0]
	}
	s.r[n.field] = v
}

func (s *scanner) object(n *node, depth int) bool {
	s.at++
	if s.take('}') {
		return true
	}
	for {
		s.blank()
		if s.at >= len(s.b) || s.b[s.at] != '"' {
			return false
		}
		k, ok := s.text(true)
		if !ok || !s.take(':') {
			return false
		}
		var kid *node
		if n != nil {
			kid = n.keys[string(k)]
		}
		if !s.value(kid, depth+1) {
			return false
		}
		if !s.take(',') {
			return s.take('}')
		}
	}
}

func (s *scanner) array(n *node, depth int) bool {
	s.at++
	if s.take(']') {
		return true
	}
	var kid *node
	if n != nil {
		kid = n.first
	}
	for {
		if !s.value(kid, depth+1) {
			return false
		}
		kid = nil
		if !s.take(',') {
			return s.take(']')
		}
	}
}

// text reads a string; keep says that it is wanted, with its escapes undone.
func (s *scanner) text(keep bool) ([]byte, bool) {
	n := quoteEnd(s.b[s.at+1:])
	if n < 0 {
		return nil, false
	}
	v := s.b[s.at+1 : s.at+1+n]
	s.at += n + 2
	if !keep {
		return nil, true
	}
	for i, c := range v {
		if c == '\\' {
			from := len(s.scratch)
			s.scratch = unescape(append(s.scratch, v[:i]...), v[i:])
			return s.scratch[from:len(s.scratch):len(s.scratch)], true
		}
	}
	return v, true
}

// unescape appends a JSON string's characters. What is no escape stands for itself.
func unescape(dst, v []byte) []byte {
	for i := 0; i < len(v); i++ {
		if v[i] != '\\' || i+1 == len(v) {
			dst = append(dst, v[i])
			continue
		}
		i++
		switch v[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := unicodeEscape(v[i+1:])
			i += 4
			if utf16.IsSurrogate(r) && i+2 < len(v) && v[i+1] == '\\' && v[i+2] == 'u' {
				r = utf16.DecodeRune(r, unicodeEscape(v[i+3:]))
				i += 6
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, v[i])
		}
	}
	return dst
}

// unicodeEscape reads four hexadecimal digits.
func unicodeEscape(v []byte) rune {
	h, ok1 := hex(v, 0)
	l, ok2 := hex(v, 2)
	if !ok1 || !ok2 {
		return utf8.RuneError
	}
	return rune(h)<<8 | rune(l)
}
