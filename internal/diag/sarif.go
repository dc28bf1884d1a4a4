package diag

import (
	"io"
	"net/url"
	"strconv"
	"strings"
)

func number(b *strings.Builder, name string, n int) {
	if n > 0 {
		b.WriteString(name + strconv.Itoa(n))
	}
}

// object is a JSON object of SARIF, which has more kinds of them than is worth naming.
type object = map[string]any

// WriteSARIF writes the problems as SARIF 2.1.0 (OASIS, 2020), columns in characters. rules
// are those that could have been broken, also without a problem.
func (l List) WriteSARIF(w io.Writer, lang Lang, run Run, rules []Rule) error {
	index := map[string]int{}
	var described []object
	describe := func(r *Rule, text string) {
		if _, ok := index[r.ID]; !ok {
			index[r.ID] = len(described)
			described = append(described, object{"id": r.ID, "shortDescription": object{"text": text},
				"defaultConfiguration": object{"level": level(r.Severity)}})
		}
	}
	for i := range rules {
		describe(&rules[i], Text{rules[i].ZH, rules[i].EN}.In(lang))
	}
	results := []object{}
	for _, p := range l {
		describe(p.Rule, p.Message(lang))
		text := p.Message(lang)
		if f := p.Fix(lang); f != "" {
			text += "\n→ " + f
		}
		r := object{"ruleId": p.Rule.ID, "ruleIndex": index[p.Rule.ID], "level": level(p.Rule.Severity),
			"message": object{"text": text}, "locations": []object{{"physicalLocation": place(p)}}}
		if len(p.Edits) > 0 {
			r["fixes"] = []object{repair(p, lang)}
		}
		results = append(results, r)
	}
	return encode(w, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": run.Tool, "version": run.Version, "rules": described}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	})
}

func level(s Severity) string { return [...]string{"error", "warning", "note"}[s] }

// file is a path as SARIF wants it: a URI.
func file(path string) object { return object{"uri": (&url.URL{Path: path}).EscapedPath()} }

func place(p Problem) object {
	out := object{"artifactLocation": file(p.File)}
	if p.Pos.Line == 0 {
		return out
	}
	region := object{"startLine": p.Pos.Line}
	if p.Col > 0 {
		region["startColumn"] = p.Col
		if p.Len > 0 {
			region["endColumn"] = p.Col + p.Len
		}
	}
	if p.Line != "" {
		text, _ := excerpt(p.Line, p.Col)
		region["snippet"] = object{"text": text}
	}
	out["region"] = region
	return out
}

func repair(p Problem, lang Lang) object {
	var changes []object
	for _, e := range p.Edits {
		changes = append(changes, object{
			"deletedRegion":   object{"startLine": e.Line, "startColumn": e.Col, "endLine": e.EndLine, "endColumn": e.EndCol},
			"insertedContent": object{"text": e.Text},
		})
	}
	return object{"description": object{"text": p.Fix(lang)},
		"artifactChanges": []object{{"artifactLocation": file(p.File), "replacements": changes}}}
}
