package diag

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Run says what a report is about.
type Run struct {
	Tool, Version string
	Articles      int // looked at
}

// Report is the shape of the JSON report. The manual (检查稿件) describes every member, and a test
// compares the two.
type Report struct {
	Version  int             `json:"version"` // of this shape: 1
	Tool     string          `json:"tool"`
	Articles int             `json:"articles"`
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`
	Infos    int             `json:"infos"`
	Problems []ReportProblem `json:"problems"`
}

// ReportProblem is one problem of a Report. Lines and columns count from 1, columns in characters; 0
// where there is none.
type ReportProblem struct {
	Rule     string       `json:"rule"`
	Severity string       `json:"severity"` // error, warning, info
	File     string       `json:"file"`
	Line     int          `json:"line"`
	Column   int          `json:"column"`
	Length   int          `json:"length"`
	Excerpt  string       `json:"excerpt"`
	Message  string       `json:"message"`
	Fix      string       `json:"fix"`
	Edits    []ReportEdit `json:"edits"`
}

// ReportEdit replaces the characters from line and column up to endLine and endColumn.
type ReportEdit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

// WriteJSON writes the problems as a Report, with all of them and one line each.
func (l List) WriteJSON(w io.Writer, lang Lang, run Run) error {
	r := Report{Version: 1, Tool: run.Tool + " " + run.Version, Articles: run.Articles,
		Errors: l.Count(Error), Warnings: l.Count(Warning), Infos: l.Count(Info), Problems: []ReportProblem{}}
	for _, p := range l {
		q := ReportProblem{Rule: p.Rule.ID, Severity: p.Rule.Severity.In(EN), File: p.File, Line: p.Pos.Line, Column: p.Col,
			Length: p.Len, Message: p.Message(lang), Fix: p.Fix(lang), Edits: []ReportEdit{}}
		if p.Line != "" {
			q.Excerpt, _ = excerpt(p.Line, p.Col)
		}
		for _, e := range p.Edits {
			q.Edits = append(q.Edits, ReportEdit{e.Line, e.Col, e.EndLine, e.EndCol, e.Text})
		}
		r.Problems = append(r.Problems, q)
	}
	return encode(w, r)
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// WriteGitHub writes the problems as workflow commands, which GitHub shows beside the lines of a change.
func (l List) WriteGitHub(w io.Writer, lang Lang) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b strings.Builder
	for _, p := range l {
		b.WriteString("::" + [...]string{"error", "warning", "notice"}[p.Rule.Severity] + " file=" + property.Replace(p.File))
		number(&b, ",line=", p.Pos.Line)
		number(&b, ",col=", p.Col)
		if p.Len > 0 {
			number(&b, ",endColumn=", p.Col+p.Len)
		}
		b.WriteString(",title=" + property.Replace(p.Rule.ID) + "::" + data.Replace(p.Message(lang)))
		if f := p.Fix(lang); f != "" {
			b.WriteString(data.Replace("\n→ " + f))
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteGitLab writes the problems as a Code Quality report, which GitLab shows in merge requests. GitLab tells new problems from
// old ones by their fingerprints, so these do not depend on lines: a paragraph added above makes no problem new.
func (l List) WriteGitLab(w io.Writer, lang Lang) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		Check       string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	out := []issue{}
	seen := map[string]int{}
	for _, p := range l {
		text := p.Message(lang)
		if f := p.Fix(lang); f != "" {
			text += " → " + f
		}
		key := strings.Join([]string{p.Rule.ID, p.File, text, p.Line}, "\x00")
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		out = append(out, issue{text, p.Rule.ID, fmt.Sprintf("%x", sum[:16]),
			[...]string{"major", "minor", "info"}[p.Rule.Severity], location{p.File, lines{max(p.Pos.Line, 1)}}})
	}
	return encode(w, out)
}
