package article

import (
	"bytes"
	"slices"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// split cuts a file into front matter and body. Where a fence is missing or nearly
// right, it says so and cuts where the editor most likely meant, so that the
// rest of the file is checked too. front.Text is nil if there is none.
func split(f File) (front fields.Record, body Source, problems diag.List) {
	front = fields.Record{File: f.Path, Line: 1, Zone: f.Zone}
	body = Source{File: f.Path, Line: 1, Text: f.Text}
	text, line := skipBlank(f.Text)
	if len(text) == 0 {
		return front, body, diag.List{ruleEmpty.At(diag.Pos{File: f.Path})}
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	at := diag.Pos{File: f.Path, Line: line, Col: 1}
	switch kind, shown := fence(first); {
	case kind == fenceTOML:
		return front, body, diag.List{ruleTOML.At(at, "TOML", shown)}
	case shown == "{":
		return front, body, diag.List{ruleTOML.At(at, "JSON", shown)}
	case kind == fenceNear, strings.HasPrefix(shown, "---") && kind == fenceNone && nextIsKey(rest):
		problems.Add(ruleFence.At(at, shown, diag.T("开始", "opens")))
	case kind == fenceNone:
		if !looksLikeKey(first) {
			return front, body, diag.List{ruleNoFront.At(at)}
		}
		problems.Add(ruleNoOpening.At(at))
		rest, line = text, line-1
	}
	front.Line = line + 1
	end, next, bodyLine, p := closing(f.Path, rest, front.Line)
	problems.Add(p...)
	front.Text = rest[:end:end]
	if front.Text == nil {
		front.Text = []byte{}
	}
	body.Text, body.Line = rest[next:], bodyLine
	return front, body, problems
}

func skipBlank(text []byte) (rest []byte, line int) {
	line = 1
	for len(text) > 0 {
		l, after, found := bytes.Cut(text, []byte("\n"))
		if len(bytes.TrimSpace(l)) > 0 {
			break
		}
		if !found {
			return nil, line
		}
		text, line = after, line+1
	}
	return text, line
}

// nextIsKey reports whether text starts with a line of front matter.
func nextIsKey(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return looksLikeKey(first)
}

// unclosed reports whether the end of the front matter had to be guessed: what seems to be
// missing may stand below.
func unclosed(problems diag.List) bool {
	return slices.ContainsFunc(problems, func(p diag.Problem) bool { return p.Rule == &ruleUnclosed })
}

// closing finds the line that ends the front matter in text, whose first line is
// line. end is the front matter's length, next the offset of the body. A near miss at the
// start of a line cannot be YAML: it wins over a --- further down, which is a rule of the body.
func closing(file string, text []byte, line int) (end, next, bodyLine int, problems diag.List) {
	near, nearLine, nearNext, sure := -1, 0, 0, false
	var nearText string
	for off, n := 0, line; off < len(text) && !sure; n++ {
		l, _, _ := bytes.Cut(text[off:], []byte("\n"))
		after := min(off+len(l)+1, len(text))
		switch kind, shown := fence(l); {
		case kind == fenceExact:
			return off, after, n + 1, nil
		case near < 0 && (kind == fenceNear || shown == "..." || strings.HasPrefix(shown, "--- ")):
			near, nearLine, nearText, nearNext = off, n, shown, after
			sure = l[0] != ' ' && l[0] != '\t'
		}
		off = after
	}
	if near >= 0 {
		p := ruleFence.At(diag.Pos{File: file, Line: nearLine, Col: 1}, nearText, diag.T("结束", "closes"))
		return near, nearNext, nearLine + 1, diag.List{p}
	}
	// Nothing: the front matter ends where lines stop looking like it.
	cut := prefixOfKeys(text)
	line += bytes.Count(text[:cut], []byte("\n"))
	at := line
	if cut == len(text) || len(bytes.TrimSpace(text[cut:])) == 0 {
		at = max(line-1, 1)
	}
	return cut, cut, line, diag.List{ruleUnclosed.At(diag.Pos{File: file, Line: at})}
}

type fenceKind int

const (
	fenceNone fenceKind = iota
	fenceExact
	fenceNear // dashes, but not three hyphens alone on the line
	fenceTOML
)

// fence says whether a line is ---, or something typed for it.
func fence(line []byte) (fenceKind, string) {
	s := strings.TrimRight(string(line[:min(len(line), 80)]), " \t")
	if s == "---" {
		return fenceExact, s
	}
	t := strings.Trim(s, " \t\u3000\u00a0")
	if t == "" {
		return fenceNone, ""
	}
	if t == "+++" {
		return fenceTOML, t
	}
	if strings.Trim(t, "-—–－─‐‑−_") == "" && len([]rune(t)) <= 8 {
		return fenceNear, s
	}
	return fenceNone, s
}

// looksLikeKey reports whether a line reads `key: value` with a known key.
func looksLikeKey(line []byte) bool {
	key, _, ok := strings.Cut(strings.ReplaceAll(string(line[:min(len(line), 200)]), "：", ":"), ":")
	if !ok {
		return false
	}
	return FrontMatter.Has(strings.TrimSpace(key))
}

// prefixOfKeys returns how many bytes at the start of text are lines of front matter.
func prefixOfKeys(text []byte) int {
	off := 0
	for off < len(text) {
		l, _, _ := bytes.Cut(text[off:], []byte("\n"))
		if len(l) == 0 || !looksLikeKey(l) && l[0] != ' ' && l[0] != '-' && l[0] != '\t' {
			break
		}
		off = min(off+len(l)+1, len(text))
	}
	return off
}
