package fields

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"

	"zhendi/internal/diag"
)

// Record is the text of a record and where it stands.
type Record struct {
	File string
	Line int // of the first line of Text, from 1
	Text []byte
	Zone *time.Location // for times without one
}

// Read reads a record by the schema. The values are usable even when there are
// problems: what could not be read is not set.
func (s *Schema) Read(rec Record) (Values, diag.List) {
	r := &reader{rec: rec, mended: map[int]shift{}, quick: quicks.Get().(*quick)}
	defer r.quick.release()
	v := empty(s)
	v.Pos = diag.Pos{File: rec.File, Line: rec.Line}
	root := r.load(s, rec.Text)
	if root != nil && root.Kind != yaml.MappingNode {
		r.problems.Add(ruleNotMapping.At(r.pos(root), s.Of, s.Fields[0].Name))
		root, r.broken = nil, true
	}
	if root == nil {
		v.Bad = r.broken
		return v, r.problems
	}
	r.anchors(root, 0)
	v = r.mapping(s, root)
	return v, r.problems
}

// anchors reports anchors and aliases, which would drop or repeat text unseen.
func (r *reader) anchors(n *yaml.Node, depth int) {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		r.problems.Add(ruleAlias.At(r.pos(n)))
	}
	if depth < maxDepth {
		for _, c := range n.Content {
			r.anchors(c, depth+1)
		}
	}
}

type reader struct {
	rec      Record
	problems diag.List
	broken   bool          // the record as a whole cannot be read
	mended   map[int]shift // by line, from 1
	lines    []string      // of the record; filled when needed
	last     cursor        // see cursorAt
	quick    *quick        // room for the nodes of the record
}

// shift says that in a mended line what stands after a column stood elsewhere in the file.
type shift struct{ after, by int }

func (r *reader) pos(n *yaml.Node) diag.Pos {
	return r.place(n.Line, n.Column)
}

// text returns the lines of the record as they stand in the file.
func (r *reader) text() []string {
	if r.lines == nil {
		r.lines = strings.Split(string(r.rec.Text), "\n")
	}
	return r.lines
}

// cursor goes forward over the lines of a record.
type cursor struct {
	line, off, col int // line and byte from 0, column from 1
}

// How far find looks for a word: it need not be there as it was read (a word that goes over
// lines, an escape).
const (
	findLines = 50
	findBytes = 4096
)

// find returns where word stands at or after c and moves c behind it; the place of c if it is not
// found.
func (r *reader) find(word string, c *cursor) diag.Pos {
	lines := r.text()
	at := *c
	for n := 0; at.line < len(lines) && n < findLines; n++ {
		rest := lines[at.line][min(at.off, len(lines[at.line])):]
		if i := strings.Index(rest[:min(len(rest), len(word)+findBytes)], word); i >= 0 {
			at.col += utf8.RuneCountInString(rest[:i])
			pos := diag.Pos{File: r.rec.File, Line: r.rec.Line + at.line, Col: at.col}
			*c = cursor{at.line, at.off + i + len(word), at.col + utf8.RuneCountInString(word)}
			return pos
		}
		at = cursor{at.line + 1, 0, 1}
	}
	return diag.Pos{File: r.rec.File, Line: r.rec.Line + c.line, Col: c.col}
}

// cursorAt returns the cursor at a place of the record. It goes on from the one before, since lists
// of a hundred thousand words on one line are asked for word by word.
func (r *reader) cursorAt(p diag.Pos) cursor {
	c := cursor{line: p.Line - r.rec.Line, col: 1}
	if r.last.line == c.line && r.last.col > 1 && r.last.col <= p.Col {
		c = r.last
	}
	if lines := r.text(); c.line < len(lines) {
		for line := lines[c.line]; c.off < len(line) && c.col < p.Col; c.col++ {
			_, size := utf8.DecodeRuneInString(line[c.off:])
			c.off += size
		}
	}
	r.last = c
	return c
}

// place turns line and column of the mended text, from 1, into a place in the file.
func (r *reader) place(line, col int) diag.Pos {
	if s, ok := r.mended[line]; ok {
		if col > s.after {
			col += s.by
		}
		lines := r.text()
		if l := lines[min(line, len(lines))-1]; len(l) < 1<<16 { // counting longer ones again and again takes long
			col = max(1, min(col, 1+utf8.RuneCountInString(l)))
		}
	}
	return diag.Pos{File: r.rec.File, Line: r.rec.Line + line - 1, Col: col}
}

// load parses text, mending the usual slips; nil means nothing there or beyond help.
func (r *reader) load(s *Schema, text []byte) *yaml.Node {
	if root := r.quick.read(s, string(text)); root != nil {
		return root
	}
	for range 20 {
		if len(strings.TrimSpace(string(text))) == 0 {
			return nil
		}
		var doc yaml.Node
		err := yaml.Load(text, &doc)
		if err == nil {
			if len(doc.Content) == 0 { // only comments
				return nil
			}
			if doc.Content[0].Kind == yaml.ScalarNode {
				if mended, ok := r.mend(s, text); ok {
					text = mended
					continue
				}
			}
			return doc.Content[0]
		}
		mended, ok := r.mend(s, text)
		if ok {
			text = mended
			continue
		}
		if strings.Contains(err.Error(), "no documents in stream") {
			return nil
		}
		r.problems.Add(r.syntaxProblem(s, err))
		break
	}
	r.broken = true
	return nil
}

func (r *reader) syntaxProblem(s *Schema, err error) diag.Problem {
	pos := diag.Pos{File: r.rec.File, Line: r.rec.Line}
	msg := err.Error()
	var le *yaml.LoadError
	if errors.As(err, &le) {
		msg = le.Message
		if le.Mark.Line > 0 {
			pos = r.place(le.Mark.Line, le.Mark.Column)
		}
	}
	switch {
	case strings.Contains(msg, "anchor"):
		return ruleAlias.At(pos)
	case strings.Contains(msg, "expected single document"):
		pos.Line = r.rec.Line + secondDocument(string(r.rec.Text))
		return ruleTwoDocuments.At(pos, s.Of)
	}
	if last := r.rec.Line + strings.Count(strings.TrimRight(string(r.rec.Text), "\n"), "\n"); pos.Line > last {
		pos.Line, pos.Col = last, 0
	}
	return ruleSyntax.At(pos, s.Of, libraryText(msg))
}

// secondDocument returns the number, from 0, of the line that starts a second document: the
// first --- with something before it.
func secondDocument(text string) int {
	begun := false
	for i, line := range strings.Split(text, "\n") {
		mark := strings.TrimRight(line, " \t")
		if begun && (mark == "---" || mark == "..." || strings.HasPrefix(mark, "--- ")) {
			return i
		}
		begun = begun || mark != "" && mark != "---" && mark[0] != '#'
	}
	return 0
}

// libraryText gives the YAML library's commonest complaints in Chinese too.
func libraryText(msg string) diag.Text {
	zh := "看不懂这种写法(" + msg + ")"
	for _, t := range []diag.Text{
		{ZH: "这里不该出现“: ”", EN: "mapping values are not allowed in this context"},
		{ZH: "引号没有结束", EN: "found unexpected end of stream"},
		{ZH: "方括号或逗号不全", EN: "did not find expected ',' or ']'"},
		{ZH: "花括号或逗号不全", EN: "did not find expected ',' or '}'"},
		{ZH: "这个字符不能作为开头", EN: "found character that cannot start any token"},
		{ZH: "这里缺少一个“: ”", EN: "could not find expected ':'"},
		{ZH: "含有控制字符", EN: "control characters are not allowed"},
		{ZH: "缩进与上文对不齐", EN: "did not find expected key"},
		{ZH: "缩进与上文对不齐", EN: "did not find expected '-' indicator"},
	} {
		if strings.Contains(msg, t.EN) {
			zh = t.ZH
			break
		}
	}
	return diag.Text{ZH: zh, EN: msg}
}

// mapping reads the pairs of a mapping node.
func (r *reader) mapping(s *Schema, n *yaml.Node) Values {
	v := empty(s)
	v.Pos, v.v = r.pos(n), make([]Value, 0, min(len(n.Content)/2, len(s.Fields)))
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		j := s.byKey(k.Value)
		if k.Kind != yaml.ScalarNode || j < 0 {
			if near := r.unknown(s, k); near >= 0 && !v.slot(near).Set {
				v.slot(near).Bad = true // what is meant is there
			}
			continue
		}
		if line, dup := seen[s.Fields[j].Name]; dup {
			r.problems.Add(ruleTwice.At(r.pos(k), k.Value, line))
			continue
		}
		seen[s.Fields[j].Name] = r.pos(k).Line
		r.comment(k)
		r.comment(val)
		before := len(r.problems)
		at := v.slot(j)
		*at = r.value(&s.Fields[j], k.Value, val)
		at.Key = r.pos(k)
		at.Bad = at.Bad || !at.Set && len(r.problems) > before
	}
	return v
}

// unknown reports a key that the schema does not have. It returns the index of the field
// that was probably meant, or -1.
func (r *reader) unknown(s *Schema, k *yaml.Node) int {
	var names []string
	for _, f := range s.Fields {
		names = append(append(names, f.Name), f.Also...)
	}
	if near, ok := Near(k.Value, names); ok && k.Value != "" {
		r.problems.Add(ruleNear.At(r.pos(k), k.Value, near))
		return s.byKey(near)
	}
	if s.Closed {
		var all []string
		for _, f := range s.Fields {
			all = append(all, f.Name)
		}
		list := strings.Join(all, " ")
		r.problems.Add(ruleUnknownError.At(r.pos(k), k.Value, s.Of, diag.Text{ZH: "可用的键：" + list, EN: "keys: " + list}))
		return -1
	}
	r.problems.Add(ruleUnknown.At(r.pos(k), k.Value))
	return -1
}

// comment warns of a comment that was meant as text: 喜迎 #二十大.
func (r *reader) comment(n *yaml.Node) {
	c := n.LineComment
	if len(c) < 2 || strings.ContainsRune(" \t#!-=", rune(c[1])) {
		return
	}
	pos := r.pos(n)
	lines := strings.Split(string(r.rec.Text), "\n")
	if at := strings.Index(lines[min(n.Line, len(lines))-1], c); at >= 0 {
		pos.Col = 1 + len([]rune(lines[n.Line-1][:at]))
	}
	r.problems.Add(ruleComment.At(pos, c))
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 &&
		(n.Value == "" || n.Value == "~" || n.Value == "null")
}

// value reads one value by its field. key is how the user spelled it.
func (r *reader) value(f *Field, key string, n *yaml.Node) Value {
	v := Value{Pos: r.pos(n)}
	if n.Kind == yaml.AliasNode { // reported
		v.Bad = true
		return v
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		r.problems.Add(ruleStartChar.At(r.pos(n), key, strings.TrimSpace(n.Tag+" "+n.Value), "!"))
		return v
	}
	if isNull(n) {
		return v
	}
	switch f.Kind {
	case Line, Text, Enum, Time, Until, Bool, Int:
		if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			v.Pos.Line, v.Pos.Col = v.Pos.Line+1, 1 // the text starts below the | or >
		}
		if n.Kind != yaml.ScalarNode {
			r.wrongType(f, key, n)
			return v
		}
		r.scalar(f, key, n, &v)
	case Texts, Enums:
		v.Items = r.items(f, key, n)
		v.Set = len(v.Items) > 0
	case Group:
		if n.Kind != yaml.MappingNode {
			r.wrongType(f, key, n)
			return v
		}
		v.Groups = []Values{r.mapping(f.Sub, n)}
		v.Set = len(n.Content) > 0
	case Groups:
		v.Groups = r.groups(f, key, n)
		v.Set = len(v.Groups) > 0
	case Named:
		v.Groups = r.named(f, key, n)
		v.Set = len(v.Groups) > 0
	case Any:
		v.Any = anyValue(n)
		v.Set = true
	}
	return v
}

func (r *reader) wrongType(f *Field, key string, n *yaml.Node) {
	kinds := [...]diag.Text{
		Line: diag.T("一行文字", "one line of text"), Text: diag.T("文字", "text"), Texts: diag.T("一个列表", "a list"),
		Time: diag.T("日期", "a date"), Bool: diag.T(" true 或 false", "true or false"), Int: diag.T("整数", "a whole number"),
		Until: diag.T(" true、false 或截止日期", "true, false or a date"),
		Enum:  diag.T("一个词", "one word"), Enums: diag.T("一个列表", "a list"), Group: diag.T("下一级的“键: 值”", "keys and values, indented"),
		Groups: diag.T("一个列表", "a list"), Named: diag.T("下一级的“名称：…”", "names, indented, with keys below each"), Any: diag.T("", ""),
	}
	fixes := map[Kind]diag.Text{
		Texts:  diag.T("写成 [甲, 乙]，或每项一行、以“- ”开头", "write [a, b], or one item a line starting with `- `"),
		Groups: diag.T("每项一行、以“- ”开头", "one item a line starting with `- `"),
		Group:  diag.T("在下一行缩进两个空格写“键：内容”", "write `key: value` on the next line, indented by two spaces"),
		Line:   diag.T("不要写成列表；以 [ 或 { 开头的文字用半角单引号括起来", "write no list; quote text that starts with [ or {"),
		Text:   diag.T("不要写成列表；以 [ 或 { 开头的文字用半角单引号括起来", "write no list; quote text that starts with [ or {"),
		Time:   diag.T("写成 2025-09-01 08:22 或 2025年9月1日", "write 2025-09-01 08:22 or 2025年9月1日"),
		Until:  diag.T("写成 true，或截止日期，如 2025-09-01", "write true, or the last date, such as 2025-09-01"),
	}
	r.problems.Add(ruleType.At(r.pos(n), key, kinds[f.Kind], fixes[f.Kind]))
}

func (r *reader) scalar(f *Field, key string, n *yaml.Node, v *Value) {
	text := strings.TrimSpace(n.Value)
	if text == "" {
		return
	}
	v.Set = true
	if plain := strings.TrimSpace(strings.Trim(text, "“”‘’「」『』＂＇")); plain != text && f.Kind != Line && f.Kind != Text {
		r.problems.Add(ruleCurly.At(v.Pos, key, plain))
		text = plain
	}
	switch f.Kind {
	case Line:
		v.Text = oneLine(text)
	case Text:
		v.Text = text
	case Enum:
		v.Text, v.Set = r.enum(f, key, text, v.Pos)
	case Bool:
		b, ok := parseBool(text)
		if !ok {
			v.Set = false
			r.wrongType(f, key, n)
		}
		v.Bool = b
	case Int:
		i, err := strconv.Atoi(text)
		if err != nil {
			v.Set = false
			r.wrongType(f, key, n)
			return
		}
		v.Int = i
	case Time, Until:
		if b, ok := parseBool(text); ok && f.Kind == Until {
			v.Bool = b
			return
		}
		t, clock, err := ParseTime(text, r.zone())
		if err != nil {
			v.Set, v.Text = false, text
			if f.Kind == Until && !strings.ContainsAny(text, "0123456789") {
				r.wrongType(f, key, n)
				return
			}
			r.problems.Add(ruleTime.At(v.Pos, key, text, timeReason(err)))
			return
		}
		v.Time, v.Clock, v.Text, v.Bool = t, clock, text, f.Kind == Until
	}
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "是":
		return true, true
	case "false", "no", "off", "否":
		return false, true
	}
	return false, false
}

func (r *reader) zone() *time.Location {
	if r.rec.Zone == nil {
		return time.UTC
	}
	return r.rec.Zone
}

// oneLine joins lines: without a space between two wide characters would be
// right for Chinese, but YAML has folded already; runs of white space become one space.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\t' }), " ")
}

func (r *reader) enum(f *Field, key, text string, pos diag.Pos) (string, bool) {
	var names []string
	for _, e := range f.Values {
		for _, n := range append([]string{e.Name}, e.Also...) {
			if fold(n) == fold(text) {
				return e.Name, true
			}
		}
		word := e.Name
		if len(e.Also) > 0 {
			word += "(" + e.Also[0] + ")"
		}
		names = append(names, word)
	}
	r.problems.Add(ruleEnum.At(pos, key, text, strings.Join(names, ", ")))
	return "", false
}

// separators cut a list written on one line.
const separators = ",，、;；"

func (r *reader) items(f *Field, key string, n *yaml.Node) []Item {
	var out []Item
	add := func(text string, pos diag.Pos) {
		text = oneLine(strings.TrimSpace(text))
		if text == "" {
			return
		}
		if f.Kind == Enums {
			var ok bool
			if text, ok = r.enum(f, key, text, pos); !ok {
				return
			}
		}
		out = append(out, Item{text, pos})
	}
	cut := func(n *yaml.Node) {
		at := r.cursorAt(r.pos(n))
		for _, part := range strings.FieldsFunc(n.Value, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
			add(part, r.find(strings.TrimSpace(part), &at))
		}
	}
	switch n.Kind {
	case yaml.ScalarNode:
		cut(n)
	case yaml.SequenceNode:
		for _, c := range n.Content {
			switch {
			case c.Kind != yaml.ScalarNode:
				r.wrongType(&Field{Kind: Line}, key, c)
			case isNull(c):
			case c.Style == 0 && n.Style&yaml.FlowStyle != 0: // [甲，乙] is one scalar to YAML
				cut(c)
			default:
				add(c.Value, r.pos(c))
			}
		}
	default:
		r.wrongType(f, key, n)
	}
	return out
}

func (r *reader) groups(f *Field, key string, n *yaml.Node) []Values {
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	var out []Values
	for _, c := range list {
		switch {
		case c.Kind == yaml.MappingNode:
			out = append(out, r.mapping(f.Sub, c))
		case c.Kind == yaml.ScalarNode && !isNull(c):
			v := empty(f.Sub)
			v.Pos = r.pos(c)
			*v.slot(0) = r.value(&f.Sub.Fields[0], key, c)
			v.slot(0).Key = v.Pos
			out = append(out, v)
		case c.Kind != yaml.ScalarNode:
			r.wrongType(f, key, c)
		}
	}
	return out
}

func (r *reader) named(f *Field, key string, n *yaml.Node) []Values {
	if n.Kind != yaml.MappingNode {
		r.wrongType(f, key, n)
		return nil
	}
	var out []Values
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		v := empty(f.Sub)
		switch {
		case val.Kind == yaml.MappingNode:
			v = r.mapping(f.Sub, val)
		case val.Kind == yaml.ScalarNode && isNull(val):
		case val.Kind == yaml.ScalarNode:
			*v.slot(0) = r.value(&f.Sub.Fields[0], k.Value, val)
		default:
			r.wrongType(&Field{Kind: Group}, k.Value, val)
			continue
		}
		v.Name, v.Pos = k.Value, r.pos(k)
		out = append(out, v)
	}
	return out
}
