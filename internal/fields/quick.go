package fields

import (
	"strings"
	"sync"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

// read reads what nearly all front matter is made of, into the nodes that the library makes of it in twenty times the
// memory: keys at the margin, each with a value on its line, plain or in quotes without an escape, or
// with a list of such values below. Anything else, and all that is wrong, is nil: the library's.
//
// The nodes stand in q's room until q is begun again.
func (q *quick) read(s *Schema, text string) *yaml.Node {
	lines := 1 + strings.Count(text, "\n")
	if lines > quickLines {
		return nil
	}
	q.begin(lines)
	root := q.node(yaml.MappingNode, "", 1, 1)
	for n := 1; text != ""; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		switch {
		case !known(line):
			return nil
		case line == "" && len(root.Content) > 0:
			continue
		case line == "":
			return nil
		}
		if indent := strings.IndexByte(line, '-'); indent >= 0 && strings.Trim(line[:indent], " ") == "" {
			if !q.item(line, indent, n) {
				return nil
			}
			continue
		}
		if q.list != nil && len(q.list.Content) == 0 || !q.pair(s, root, line, n) {
			return nil
		}
	}
	if len(root.Content) == 0 || q.list != nil && len(q.list.Content) == 0 {
		return nil
	}
	return root
}

// quickLines is how many lines a text may have: each key is compared with those before it.
const quickLines = 400

// quick is room for a reading.
type quick struct {
	nodes  []yaml.Node
	list   *yaml.Node // that the last key holds; nil if it has a value on its line
	indent int        // of its items
}

// quicks keeps room between readings.
var quicks = sync.Pool{New: func() any { return new(quick) }}

// begin makes ready for a text of so many lines, none of which makes more than two nodes.
func (q *quick) begin(lines int) {
	if n := 2*lines + 1; cap(q.nodes) < n {
		q.nodes = make([]yaml.Node, 0, n)
	}
	q.nodes, q.list = q.nodes[:0], nil
}

// release gives the room back.
func (q *quick) release() { quicks.Put(q) }

func (q *quick) node(kind yaml.Kind, value string, line, col int) *yaml.Node {
	q.nodes = q.nodes[:len(q.nodes)+1]
	n := &q.nodes[len(q.nodes)-1]
	*n = yaml.Node{Kind: kind, Value: value, Line: line, Column: col, Content: n.Content[:0]}
	return n
}

// pair reads a line with a key.
func (q *quick) pair(s *Schema, root *yaml.Node, line string, n int) bool {
	key, value, ok := strings.Cut(line, ":")
	if !ok || key == "" || len(key) > 100 || !name(key) || value != "" && value[0] != ' ' {
		return false
	}
	if i := s.byKey(key); i >= 0 && s.Fields[i].Kind == Any { // the look of a value decides what it is
		return false
	}
	for i := 0; i < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			return false
		}
	}
	k := q.node(yaml.ScalarNode, key, n, 1)
	if value == "" {
		q.list, q.indent = q.node(yaml.SequenceNode, "", 0, 0), -1
		root.Content = append(root.Content, k, q.list)
		return true
	}
	q.list = nil
	v := q.scalar(value, n, utf8.RuneCountInString(key)+2)
	root.Content = append(root.Content, k, v)
	return v != nil
}

// item reads a line that starts with a hyphen.
func (q *quick) item(line string, indent, n int) bool {
	if q.list == nil || len(line) < indent+3 || line[indent+1] != ' ' {
		return false
	}
	if q.indent < 0 {
		q.indent = indent
		q.list.Line, q.list.Column = n, indent+1
	}
	v := q.scalar(line[indent+1:], n, indent+2)
	q.list.Content = append(q.list.Content, v)
	return q.indent == indent && v != nil
}

// scalar reads a value with the spaces before it, which start at column col; nil if it is not as simple as that.
func (q *quick) scalar(s string, line, col int) *yaml.Node {
	v := strings.TrimLeft(s, " ")
	col += len(s) - len(v)
	if v == "" || v[len(v)-1] == ' ' {
		return nil
	}
	switch c := v[0]; {
	case c == '"' || c == '\'':
		if len(v) < 2 || v[len(v)-1] != c || strings.IndexByte(v[1:len(v)-1], c) >= 0 || strings.IndexByte(v, '\\') >= 0 {
			return nil
		}
		n := q.node(yaml.ScalarNode, v[1:len(v)-1], line, col)
		n.Style = yaml.DoubleQuotedStyle
		if c == '\'' {
			n.Style = yaml.SingleQuotedStyle
		}
		return n
	case c < utf8.RuneSelf && !letter(c) || v[len(v)-1] == ':' || strings.Contains(v, ": ") || strings.Contains(v, " #"):
		return nil
	}
	return q.node(yaml.ScalarNode, v, line, col)
}

// letter reports whether c is a letter or digit of ASCII.
func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// name reports whether a key is plain: letters, digits, _ and Chinese.
func name(key string) bool {
	for i := range len(key) {
		if c := key[i]; c < utf8.RuneSelf && !letter(c) && c != '_' {
			return false
		}
	}
	return key[0] != '_'
}

// known reports whether line holds nothing but printable ASCII and what Chinese is written with: YAML takes some
// other characters for line ends, or does not take them.
func known(line string) bool {
	for i := 0; i < len(line); {
		if c := line[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(line[i:])
		i += n
		switch {
		case r >= 0x4e00 && r <= 0x9fff, r >= 0x3001 && r <= 0x301f, r >= 0xff01 && r <= 0xff5e, r >= 0x2010 && r <= 0x2026, r == 0xb7:
		default:
			return false
		}
	}
	return true
}
