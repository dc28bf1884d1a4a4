package check

import (
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// An editor lets a finding stand by a comment that names the rules and says why:
//
//	<!-- zhendi-ignore Z40 Z13 诗中的叠句 -->
//
// On a line of its own it holds for the block of text below it (a paragraph, a heading, a list item), else for its
// own line. In the front matter the comment starts with # and holds for the key below it.

var (
	ruleNoReason = diag.Rule{ID: "Z90", Severity: diag.Warning,
		ZH: "略过检查要写明规则与理由", EN: "an ignore comment names the rules and says why",
		FixZH: "写成 <!-- zhendi-ignore Z40 理由 -->", FixEN: "write <!-- zhendi-ignore Z40 reason -->"}
	ruleNoRule = diag.Rule{ID: "Z90", Severity: diag.Warning,
		ZH: "没有规则 %[1]s", EN: "there is no rule %[1]s",
		FixZH: "zhendi check --list 列出所有规则", FixEN: "zhendi check --list shows all rules"}
	ruleIdle = diag.Rule{ID: "Z90", Severity: diag.Info,
		ZH: "这里没有 %[1]s 可略过", EN: "nothing of %[1]s to ignore here",
		FixZH: "删去这条注释", FixEN: "delete the comment"}
)

var ignoring = Analyser{
	ID: "Z90", Severity: diag.Warning,
	Name: diag.T("略过检查", "ignoring"),
	Doc: diag.T("用注释略过检查时，要写明规则编号与理由；规则不存在、没有可略过的问题，也在这里报告。",
		"A comment that ignores a finding names the rule and says why; rules that do not exist and comments that ignore nothing are reported, too."),
	Mistaken: diag.T("没有。", "Nothing."),
	Bad:      []string{"<!-- zhendi-ignore -->¶正文。", "<!-- zhendi-ignore Z40 -->¶正文。", "<!-- zhendi-ignore Z00 没有这条规则 -->¶正文。"},
	Good:     []string{"<!-- zhendi-ignore Z40 口号照录 -->¶开展开展工作。"},
	Text:     func(*Text) {}, // see ignored
}

// ignore is one comment.
type ignore struct {
	rules    []string
	from, to int // lines
	pos      diag.Pos
	used     map[string]bool
}

// ignored returns the problems that no comment lets stand, and what is wrong with the comments.
func (t *Text) ignored() diag.List {
	t.problems = slices.DeleteFunc(t.problems, t.withinDamage)
	var all []*ignore
	for _, c := range t.Comments {
		if ig := t.parseIgnore(c); ig != nil {
			all = append(all, ig)
		}
	}
	if len(all) == 0 {
		return t.problems
	}
	var kept diag.List
	for _, p := range t.problems {
		if !covered(all, p) {
			kept.Add(p)
		}
	}
	for _, ig := range all {
		for _, r := range ig.rules {
			if a, ok := ByID(r); ok && a.Text != nil && !ig.used[r] {
				kept.Add(ruleIdle.At(ig.pos, r))
			}
		}
	}
	return kept
}

// withinDamage reports whether a problem lies within text that Z03 found damaged: what else is odd there
// says nothing more.
func (t *Text) withinDamage(p diag.Problem) bool {
	if p.Rule.ID == "Z03" {
		return false
	}
	for _, d := range t.damaged {
		if d.Pos.Line == p.Pos.Line && p.Col >= d.Col && p.Col < d.Col+d.Len {
			return true
		}
	}
	return false
}

func covered(all []*ignore, p diag.Problem) bool {
	if p.Rule.ID == "Z90" {
		return false
	}
	hit := false
	for _, ig := range all {
		for _, r := range ig.rules {
			if r == p.Rule.ID && p.Pos.Line >= ig.from && p.Pos.Line <= ig.to {
				ig.used[r], hit = true, true
			}
		}
	}
	return hit
}

// parseIgnore reads a comment; nil if it is about something else.
func (t *Text) parseIgnore(c article.Remark) *ignore {
	rest, ok := strings.CutPrefix(c.Text, "zhendi-ignore")
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != ':' {
		return nil
	}
	ig := &ignore{pos: t.pos(c.At), used: map[string]bool{}}
	ig.from, ig.to = t.covers(c)
	reason := ""
	for _, w := range strings.FieldsFunc(rest, func(c rune) bool { return space(c) || in(c, ",:，：、") }) {
		if reason == "" && len(w) == 3 && w[0] == 'Z' {
			if _, ok := ByID(w); !ok {
				t.problems.Add(ruleNoRule.At(ig.pos, w))
			}
			ig.rules = append(ig.rules, w)
			continue
		}
		reason += w
	}
	if len(ig.rules) == 0 || reason == "" {
		t.problems.Add(ruleNoReason.At(ig.pos))
	}
	return ig
}

// covers returns the lines for which a comment holds.
func (t *Text) covers(c article.Remark) (from, to int) {
	line, _ := t.Place(c.At)
	if !c.Alone {
		return line, line
	}
	if c.At < t.BodyAt { // the key below, with its indented lines
		rest := strings.Split(string(t.File[c.At:t.BodyAt]), "\n")
		to = line + 1
		for i := 2; i < len(rest) && strings.HasPrefix(rest[i], " "); i++ {
			to++
		}
		return line, to
	}
	for i := range t.Blocks {
		if b := &t.Blocks[i]; b.End > c.At {
			to, _ := t.Place(b.End)
			return line, to
		}
	}
	return line, line
}
