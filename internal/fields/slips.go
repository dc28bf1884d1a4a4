package fields

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"zhendi/internal/diag"
)

// mend looks for the slips that editors make most and returns the text without
// them, each reported at its place; false if there are none to find.
func (r *reader) mend(s *Schema, text []byte) ([]byte, bool) {
	lines := strings.Split(string(text), "\n")
	found := false
	block := -1 // indent of the key whose block scalar (| or >) we are in
	full := -1  // indent of the line before, if it is a key with a value on the line
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		rest := line[indent:]
		if block >= 0 {
			if rest == "" || indent > block {
				continue
			}
			block = -1
		}
		if rest == "" || rest[0] == '#' {
			continue
		}
		if opensBlock(rest) {
			block = indent
		}
		report := func(p diag.Problem) {
			p.Pos = r.place(i+1, p.Col+indent+1)
			r.problems.Add(p)
			found = true
		}
		if key, sep, _ := cutKey(rest); full >= 0 && indent > full && sep != "" && s.byKey(key) >= 0 {
			report(ruleIndent.At(diag.Pos{Col: -indent}))
			r.mended[i+1] = shift{0, indent - full}
			lines[i] = line[:full] + rest
			line, indent = lines[i], full
		}
		if fixed, p, ok := r.slip(s, rest, endsValue(lines[i+1:], indent)); ok {
			report(p)
			if p.Rule.ID == ruleWideColon.ID && r.mended[i+1] == (shift{}) { // the value moves
				at := utf8.RuneCountInString(fixed[:strings.Index(fixed, ":")+1])
				r.mended[i+1] = shift{indent + at, utf8.RuneCountInString(rest) - utf8.RuneCountInString(fixed)}
			}
			if p.Rule.ID == ruleTab.ID {
				r.mended[i+1] = shift{0, len(rest) - len(fixed)}
			} else if r.mended[i+1] == (shift{}) {
				r.mended[i+1] = shift{} // quotes were added: no place beyond the line's end
			}
			lines[i] = line[:indent] + fixed
		}
		full = fullLine(lines[i])
	}
	return []byte(strings.Join(lines, "\n")), found
}

// fullLine returns the indent of a line that is a key and a plain value, or -1.
func fullLine(line string) int {
	rest := strings.TrimLeft(line, " ")
	for strings.HasPrefix(rest, "- ") {
		rest = strings.TrimLeft(rest[2:], " ")
	}
	_, sep, value := cutKey(rest)
	if value = strings.TrimSpace(value); sep != ":" || value == "" || strings.ContainsRune("'\"|>[{#", rune(value[0])) {
		return -1
	}
	return len(line) - len(rest)
}

// endsValue reports whether the lines after one with that indent go on with the next key,
// so that what the line opens should have been closed on it.
func endsValue(after []string, indent int) bool {
	for _, line := range after {
		rest := strings.TrimLeft(line, " ")
		if rest == "" || rest[0] == '#' {
			continue
		}
		key, _, _ := cutKey(strings.TrimPrefix(rest, "- "))
		return key != "" && len(line)-len(rest) <= indent
	}
	return true
}

// unclosed returns what closes the quote or bracket that a value starts with, if nothing on
// the line does.
func unclosed(value string) (name diag.Text, closer string, ok bool) {
	switch value[0] {
	case '\'':
		return diag.T("单引号", "the quote"), "'", !strings.Contains(strings.ReplaceAll(value[1:], "''", ""), "'")
	case '"':
		return diag.T("双引号", "the quote"), `"`, !strings.Contains(strings.NewReplacer(`\\`, "", `\"`, "").Replace(value[1:]), `"`)
	case '[':
		return diag.T("方括号", "the bracket"), "]", strings.Count(value, "[") > strings.Count(value, "]")
	case '{':
		return diag.T("花括号", "the brace"), "}", strings.Count(value, "{") > strings.Count(value, "}")
	}
	return diag.Text{}, "", false
}

// badStart reports whether plain text cannot start as value does.
func badStart(value string) bool {
	switch c := value[0]; c {
	case '@', '`', '%', ',', ']', '}', '*', '&':
		return true
	case '!':
		return !strings.HasPrefix(value, "!!")
	case '-', '?':
		return len(value) == 1 || value[1] == ' '
	case '|', '>':
		return len(value) > 3 || strings.Trim(value[1:], "+-0123456789") != ""
	}
	return false
}

// goesOn reports whether text follows after the quote or bracket that value starts with:
// "强基"工程, [重要]通知.
func goesOn(value string) bool {
	rest := ""
	switch value[0] {
	case '\'':
		_, rest, _ = strings.Cut(strings.ReplaceAll(value[1:], "''", ""), "'")
	case '"':
		_, rest, _ = strings.Cut(strings.NewReplacer(`\\`, "", `\"`, "").Replace(value[1:]), `"`)
	case '[':
		rest = value[strings.LastIndex(value, "]")+1:]
	case '{':
		rest = value[strings.LastIndex(value, "}")+1:]
	}
	rest = strings.TrimSpace(rest)
	return rest != "" && rest[0] != '#'
}

func opensBlock(line string) bool {
	_, v, ok := strings.Cut(line, ": ")
	v = strings.TrimSpace(v)
	return ok && v != "" && (v[0] == '|' || v[0] == '>') && len(v) <= 3
}

// slip finds one slip in a line without its indent; the problem's column is an
// offset in characters. whole says that the value ends on the line.
func (r *reader) slip(s *Schema, line string, whole bool) (fixed string, p diag.Problem, ok bool) {
	if line[0] == '\t' {
		body := strings.TrimLeft(line, "\t ")
		return strings.Repeat("  ", len(line)-len(body)) + body, ruleTab.At(diag.Pos{}), true
	}
	item := ""
	for strings.HasPrefix(line, "- ") {
		item, line = item+"- ", line[2:]
	}
	key, sep, value := cutKey(line)
	if key == "" {
		if key, value = keyOnly(s, line); key == "" {
			return "", p, false
		}
		return item + key + ": " + value, ruleNoColon.At(diag.Pos{Col: len(item) + utf8.RuneCountInString(key)}, key, value), true
	}
	at := func(s string) diag.Pos { return diag.Pos{Col: len(item) + utf8.RuneCountInString(s)} }
	bare := strings.TrimSpace(value)
	switch {
	case sep == "：":
		return item + key + ": " + bare, ruleWideColon.At(at(key), key, bare), true
	case sep == ":" && value != "" && value[0] != ' ' && value[0] != '\t':
		return item + key + ": " + bare, ruleNoSpace.At(at(key), key, bare), true
	case bare == "":
		return "", p, false
	}
	lead := value[:strings.Index(value, bare)]
	quoted := item + key + ": '" + strings.ReplaceAll(bare, "'", "''") + "'"
	if name, closer, open := unclosed(bare); open && whole {
		return item + key + ": " + bare + closer, ruleOpen.At(at(key+sep+lead), key, name, closer), true
	}
	if badStart(bare) || whole && goesOn(bare) {
		return quoted, ruleStartChar.At(at(key+sep+lead), key, strings.ReplaceAll(bare, "'", "''"), bare[:1]), true
	}
	if strings.ContainsRune("'\"|>[{#&*!", rune(bare[0])) {
		return "", p, false
	}
	if i := strings.Index(bare, ": "); i >= 0 || strings.HasSuffix(bare, ":") {
		if i < 0 {
			i = len(bare) - 1
		}
		rule := &ruleColonInValue
		if strings.HasPrefix(bare, "“") || strings.HasPrefix(bare, "‘") {
			rule = &ruleCurlyColon
		}
		return quoted, rule.At(at(key+sep+lead+bare[:i]), key, strings.ReplaceAll(bare, "'", "''")), true
	}
	return "", p, false
}

// keyOnly cuts a line that starts with a key of the schema and has something else where the
// colon should be: title = x, title； x, title x. The key is empty if it is none.
func keyOnly(s *Schema, line string) (key, value string) {
	end := strings.IndexFunc(line, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '-' })
	if end <= 0 || s.byKey(line[:end]) < 0 {
		return "", ""
	}
	return line[:end], strings.TrimLeft(line[end:], " \u3000=＝;；,，、|｜")
}

// cutKey cuts a line at the first colon, half or full width, if what stands before
// it can be a key: letters, digits, - and _.
func cutKey(line string) (key, sep, value string) {
	for i, c := range line {
		switch {
		case c == ':' || c == '：':
			n := utf8.RuneLen(c)
			return strings.TrimRight(line[:i], " "), line[i : i+n], line[i+n:]
		case !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '-' && c != ' ':
			return "", "", ""
		}
	}
	return "", "", ""
}
