package fields

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"zhendi/internal/diag"
)

// mend looks for the slips that editors make most and returns the text without
// them, each reported at its place; false if there are none to find.
func (r *reader) mend(text []byte) ([]byte, bool) {
	lines := strings.Split(string(text), "\n")
	found := false
	block := -1 // indent of the key whose block scalar (| or >) we are in
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
		if fixed, p, ok := r.slip(rest); ok {
			p.Pos.File, p.Pos.Line = r.rec.File, r.rec.Line+i
			p.Col += utf8.RuneCountInString(line[:indent]) + 1
			r.problems.Add(p)
			lines[i], found = line[:indent]+fixed, true
		}
	}
	return []byte(strings.Join(lines, "\n")), found
}

func opensBlock(line string) bool {
	_, v, ok := strings.Cut(line, ": ")
	v = strings.TrimSpace(v)
	return ok && v != "" && (v[0] == '|' || v[0] == '>') && len(v) <= 3
}

// slip finds one slip in a line without its indent; the problem's column is an
// offset in characters.
func (r *reader) slip(line string) (fixed string, p diag.Problem, ok bool) {
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
		return "", p, false
	}
	at := func(s string) diag.Pos { return diag.Pos{Col: len(item) + utf8.RuneCountInString(s)} }
	bare := strings.TrimSpace(value)
	switch {
	case sep == "：":
		return item + key + ": " + bare, ruleWideColon.At(at(key), key, bare), true
	case sep == ":" && value != "" && value[0] != ' ' && value[0] != '\t':
		return item + key + ": " + bare, ruleNoSpace.At(at(key), key, bare), true
	case bare == "" || strings.ContainsRune("'\"|>[{#&*!", rune(bare[0])):
		return "", p, false
	}
	quoted := item + key + ": '" + strings.ReplaceAll(bare, "'", "''") + "'"
	if strings.ContainsRune("@`%", rune(bare[0])) {
		return quoted, ruleStartChar.At(at(key+sep+" "), key, bare, bare[:1]), true
	}
	if i := strings.Index(bare, ": "); i >= 0 || strings.HasSuffix(bare, ":") {
		if i < 0 {
			i = len(bare) - 1
		}
		lead := value[:len(value)-len(strings.TrimLeft(value, " "))]
		return quoted, ruleColonInValue.At(at(key+sep+lead+bare[:i]), key, bare), true
	}
	return "", p, false
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
