// Package diag holds problems found in what people wrote: a rule, a place
// (file, line, column), what is wrong and what to do.
//
// A problem is data, not an error: a run collects all of them, sorts them by
// place and shows them together. Errors (the content is wrong; the run ends with
// exit status 3) cannot be silenced; warnings and notes can be.
//
// Every message is written twice, in Chinese and in English, beside its rule, so
// that neither can be forgotten. A message is a fmt format; both languages and the
// two fixes receive the same arguments and name them by index (%[1]s). An argument of
// type Text is printed in the reader's language.
//
//	var ruleDate = diag.Rule{
//		ID: "date", Severity: diag.Error,
//		ZH: "日期“%[1]s”有误:%[2]s", EN: "bad date %[1]q: %[2]s",
//		FixZH: "写成 2025-09-01 08:22", FixEN: "write 2025-09-01 08:22",
//	}
//	problems.Add(ruleDate.At(pos, value, reason))
//
// The package knows nothing of sites and reads no files: List.Quote takes the
// lines to show from a function of the caller's.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Lang is the language in which the command speaks to its user.
type Lang int

// The two languages of messages.
const (
	ZH Lang = iota
	EN
)

// Text is a piece of a message in both languages.
type Text struct{ ZH, EN string }

// In returns the text in language l.
func (t Text) In(l Lang) string {
	if l == EN {
		return t.EN
	}
	return t.ZH
}

// Severity says what a problem means for the run.
type Severity int

// Severities, gravest first.
const (
	Error   Severity = iota // the run fails, exit status 3
	Warning                 // shown; the run succeeds
	Info                    // shown on request
)

// In returns the name of the severity in language l.
func (s Severity) In(l Lang) string {
	return [...]Text{{"错误", "error"}, {"警告", "warning"}, {"提示", "info"}}[s].In(l)
}

// Pos is a place in a file. Line and Col count from 1, Col in characters
// (Unicode code points), 0 where not known. File is slash-separated, relative to the
// site's folder.
type Pos struct {
	File      string
	Line, Col int
}

// String returns file:line:col, without the parts that are not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Rule is one kind of problem. ID is ASCII and stable: it is shown in brackets
// after the message and used to find the rule in the manual.
type Rule struct {
	ID           string
	Severity     Severity
	ZH, EN       string // what is wrong
	FixZH, FixEN string // what to do; may be empty
}

// At returns the problem of breaking r at pos.
func (r *Rule) At(pos Pos, args ...any) Problem {
	return Problem{Pos: pos, Rule: r, Args: args}
}

// Problem is one rule broken at one place.
type Problem struct {
	Pos
	Rule  *Rule
	Args  []any
	Len   int    // characters of the line that the problem is about; 0 if not known
	Edits []Edit // that mend it; nil if a person must
	Line  string // the line of the file, filled by List.Quote
}

// Edit replaces the characters from Line, Col up to EndLine, EndCol by Text.
type Edit struct {
	Line, Col, EndLine, EndCol int
	Text                       string
}

// Message says what is wrong, in language l.
func (p Problem) Message(l Lang) string {
	return p.format(Text{p.Rule.ZH, p.Rule.EN}.In(l), l)
}

// Fix says what to do, in language l; empty if the message says it all.
func (p Problem) Fix(l Lang) string {
	return p.format(Text{p.Rule.FixZH, p.Rule.FixEN}.In(l), l)
}

func (p Problem) format(f string, l Lang) string {
	if !strings.Contains(f, "%") {
		return f
	}
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		if t, ok := a.(Text); ok {
			a = t.In(l)
		}
		args[i] = a
	}
	return fmt.Sprintf(f, args...)
}

// List is a collection of problems.
type List []Problem

// Add appends problems.
func (l *List) Add(p ...Problem) { *l = append(*l, p...) }

// Sort orders by file, line, column, rule and message, and drops exact repeats.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Col, b.Col),
			strings.Compare(a.Rule.ID, b.Rule.ID), strings.Compare(a.Message(EN), b.Message(EN)))
	})
	*l = slices.CompactFunc(*l, func(a, b Problem) bool {
		return a.Pos == b.Pos && a.Rule.ID == b.Rule.ID && a.Message(EN) == b.Message(EN)
	})
}

// Count returns how many problems have severity s.
func (l List) Count(s Severity) int {
	n := 0
	for _, p := range l {
		if p.Rule.Severity == s {
			n++
		}
	}
	return n
}

// Quote fills in the line of each problem. lines returns the lines of a
// file, without line ends, or nil where there are none to show.
func (l List) Quote(lines func(file string) []string) {
	var file string
	var text []string
	for i := range l {
		p := &l[i]
		if p.Pos.Line == 0 {
			continue
		}
		if p.File != file || text == nil {
			file, text = p.File, lines(p.File)
		}
		if n := p.Pos.Line; n <= len(text) {
			p.Line = text[n-1]
		}
	}
}

// T returns a text in both languages.
func T(zh, en string) Text { return Text{ZH: zh, EN: en} }
