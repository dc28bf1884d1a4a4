// Package check is the proof-reader: it looks over articles, the site and the built pages for what
// a careful editor would mend, and mends what is safe to mend.
//
// A rule is an Analyser: a value in the one table Analysers, in a file of its own that holds
// its documentation, examples of what it reports and of what it leaves alone, and what it may take
// wrongly. The examples are tests. An analyser looks at one article (Text), at the whole site
// (Portal) or at a built page (Page); it has no state, and its problems are data (package diag).
//
//	Z01 text damage  Z10 layout  Z20 punctuation  Z30 residue and metadata
//	Z40 wording      Z50 law     Z60 freshness    Z70 built pages           Z90 check itself
//
// Text rules see an article.Prose: every character that readers see, with its place in the file. They
// are plain scans over characters; no expression is matched where a comparison does, and all
// rules together read more than 20 MB a second on one core.
//
// Which words are wrong is the site's to say: its lists are content/_data/terms.yaml, reviewers.yaml
// and sources.yaml (package comment of lists.go). The program ships general ones only,
// none of people or events.
//
// A finding is passed over where an editor says so and why (ignore.go):
//
//	<!-- zhendi-ignore Z40 诗中的叠句 -->
//
// What build reports (dead links, missing dates, damaged front matter) is not found again here: the
// command shows both. The package reads no clock, writes no file and asks no network; Mend
// returns the mended text, and the command writes it.
package check

import (
	"time"

	"zhendi/internal/diag"
)

// Analyser is one rule.
type Analyser struct {
	ID       string // Z01: stable, shown in brackets after the message
	Severity diag.Severity
	Off      bool // looks only if site.yaml asks
	Mends    Mending
	Name     diag.Text // in a word or two
	Doc      diag.Text // what it finds and how it decides
	Mistaken diag.Text // what it may take wrongly, and what then to do

	Bad  []string // texts that it reports, ¶ for a line end; the first is shown by --explain
	Good []string // texts that it leaves alone

	Text   func(*Text)   // looks at an article; nil if it does not
	Portal func(*Portal) // looks at the site
	Page   func(*Page)   // looks at a built page
}

// Mending says whether a rule's findings can be mended by the program.
type Mending int

// The kinds of mending.
const (
	ByHand Mending = iota // a person must
	Safely                // --fix does
	Asked                 // --fix does if the rule is named: --fix=Z22
)

// Setting is a line of check.rules in site.yaml.
type Setting struct {
	Rule, Value string // Value: error, warning, info, off
	Pos         diag.Pos
}

// Checker holds what all checks of a run share. It does not change and may be used by several
// goroutines.
type Checker struct {
	Lists
	Now time.Time

	text, portal, page []*Analyser
	on                 map[string]bool
	severity           map[string]diag.Severity // where site.yaml says so
	words              *words
}

// New returns a checker with the site's settings and lists; the problems are those of the settings.
func New(now time.Time, settings []Setting, lists Lists) (*Checker, diag.List) {
	c := &Checker{Lists: lists, Now: now, on: map[string]bool{}, severity: map[string]diag.Severity{}}
	var problems diag.List
	off := map[string]bool{}
	all := Analysers()
	for _, a := range all {
		off[a.ID] = a.Off
	}
	for _, s := range settings {
		if _, ok := off[s.Rule]; !ok {
			problems.Add(ruleNoRule.At(s.Pos, s.Rule))
			continue
		}
		off[s.Rule] = s.Value == "off"
		if s.Value != "off" {
			c.severity[s.Rule] = map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "info": diag.Info}[s.Value]
		}
	}
	for _, a := range all {
		if off[a.ID] {
			continue
		}
		c.on[a.ID] = true
		if a.Text != nil {
			c.text = append(c.text, a)
		}
		if a.Portal != nil {
			c.portal = append(c.portal, a)
		}
		if a.Page != nil {
			c.page = append(c.page, a)
		}
	}
	c.words = newWords(&c.Lists)
	return c, problems
}

// graded returns the problems of rules that are on, as severe as site.yaml has them.
func (c *Checker) graded(found diag.List) diag.List {
	l := found[:0]
	for _, p := range found { // one pass may find for several rules
		if c.on[p.Rule.ID] {
			l = append(l, p)
		}
	}
	for i, p := range l {
		if s, ok := c.severity[p.Rule.ID]; ok && s != p.Rule.Severity {
			r := *p.Rule
			r.Severity = s
			l[i].Rule = &r
		}
	}
	return l
}

// ByID returns the analyser of a rule.
func ByID(id string) (*Analyser, bool) {
	for _, a := range Analysers() {
		if a.ID == id {
			return a, true
		}
	}
	return nil, false
}
