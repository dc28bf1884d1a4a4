package check

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
)

var testNow = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// everything returns a checker with all rules on, those that are off by default too.
func everything(t testing.TB, lists Lists) *Checker {
	t.Helper()
	var on []Setting
	for _, a := range Analysers() {
		if a.Off {
			on = append(on, Setting{Rule: a.ID, Value: strings.ToLower(a.Severity.In(diag.EN))})
		}
	}
	c, problems := New(testNow, on, lists)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

// look checks a text as the command does.
func look(c *Checker, text string) diag.List {
	var a *article.Article
	if strings.HasPrefix(text, "---\n") {
		a, _ = article.Parse(article.File{Path: "content/lm/a.md", Text: []byte(text), Zone: time.UTC})
	}
	return c.Text(new(Text), "content/lm/a.md", []byte(text), a, hanzi.Detect(text) == hanzi.Hant)
}

func lines(example string) string { return strings.ReplaceAll(example, "¶", "\n") }

// TestExamples holds every analyser to its own documentation.
func TestExamples(t *testing.T) {
	c := everything(t, Lists{})
	for _, a := range Analysers() {
		has := func(example string) bool {
			for _, p := range look(c, lines(example)) {
				if p.Rule.ID == a.ID {
					return true
				}
			}
			return false
		}
		for _, e := range a.Bad {
			if !has(e) {
				t.Errorf("%s does not find %q", a.ID, e)
			}
		}
		for _, e := range a.Good {
			if has(e) {
				t.Errorf("%s finds fault with %q: %v", a.ID, e, look(c, lines(e))[0].Message(diag.EN))
			}
		}
	}
}

// TestDocumentation holds the table to its form: two languages, one number each, in order.
func TestDocumentation(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Analysers() {
		if !regexp.MustCompile(`^Z\d\d$`).MatchString(a.ID) || seen[a.ID] {
			t.Errorf("rule number %q", a.ID)
		}
		seen[a.ID] = true
		for _, d := range []diag.Text{a.Name, a.Doc, a.Mistaken} {
			if d.ZH == "" || d.EN == "" {
				t.Errorf("%s is not documented in both languages", a.ID)
			}
		}
		if a.Text == nil && a.Portal == nil && a.Page == nil {
			t.Errorf("%s looks at nothing", a.ID)
		}
		if len(a.Bad) > 0 && len(a.Good) == 0 {
			t.Errorf("%s shows nothing that it leaves alone", a.ID)
		}
	}
}
