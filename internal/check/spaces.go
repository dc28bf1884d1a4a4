package check

import (
	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleSpace = diag.Rule{ID: "Z11", Severity: diag.Warning,
		ZH: "%[1]s之间多了空格", EN: "a stray blank between %[1]s",
		FixZH: "删去空格", FixEN: "delete it"}
	ruleSpacing = diag.Rule{ID: "Z11", Severity: diag.Info,
		ZH: "全文在汉字与数字、字母之间都空了一格", EN: "the whole text sets a blank between Chinese and digits or letters",
		FixZH: "公文不空；全站统一即可", FixEN: "official writing sets none; be consistent"}
)

var spaces = Analyser{
	ID: "Z11", Severity: diag.Warning, Mends: Safely,
	Name: diag.T("多余的空格", "stray blanks"),
	Doc: diag.T("句子里数字与汉字之间、中文标点前后的空格。汉字与汉字之间的一个空格（标题里分句）、汉字与英文之间的空格不报。全文一律空格的是一种写法，只提示一次。",
		"Blanks between digits and Chinese and beside Chinese marks, within sentences. One between two Chinese characters (clauses of a title) and those beside Latin letters are left. A text that sets them throughout is only noted."),
	Mistaken: diag.T("用空格对齐的落款、表格：写成表格，或用 zhendi-ignore。", "Things aligned with blanks: use a table."),
	Bad:      []string{"中心于2021 年 11 月建成。", "站点达到八有,即: 有统一标识, 有活动。", "开展 “三班服务”，成效明显。", "深入调研。 “群众满意”是标准。"},
	Good:     []string{"党建引领强根基 志愿服务暖民心", "手机 APP 等平台", "表 1 所示", "联系电话：0000-0000000 云岫", "Windows 11 系统", "A: 好的, thanks", "1 总则", "退出状态：0 完成；1 无法完成", "弯引号“ ”是文字", "（2015年修正  2017年修订）", "第四条 1997年以前的，不适用本条例，另行规定。", "第七条 《条例》规定的，从其规定。"},
	Text:     func(t *Text) { t.spaces() },
}

func (t *Text) spaces() {
	if !t.seen[' '] && !t.wide.space {
		return
	}
	spaced, tight := 0, 0 // borders of Chinese and digits or letters
	from := len(t.problems)
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 1; j < b.To; j++ {
			c := t.Chars[j]
			if !space(c) {
				if p := t.Chars[j-1]; han(c) && (digit(p) || letter(p)) || han(p) && (digit(c) || letter(c)) {
					tight++
				}
				continue
			}
			end := j + 1
			for end < b.To && space(t.Chars[end]) {
				end++
			}
			if end == b.To {
				break
			}
			a, z := t.Chars[j-1], t.Chars[end]
			if han(a) && (digit(z) || letter(z)) || han(z) && (digit(a) || letter(a)) {
				spaced++
			}
			if between := t.stray(b, j, end, a, z); between.EN != "" {
				t.mend(&ruleSpace, j, end, "", between)
			}
			j = end - 1
		}
	}
	if spaced < 8 || spaced < 4*tight {
		return
	}
	kept := t.problems[:from] // a way of writing
	noted := false
	for _, p := range t.problems[from:] {
		if p.Args[0] != digits {
			kept.Add(p)
		} else if !noted {
			noted = true
			q := ruleSpacing.At(p.Pos)
			q.Len = p.Len
			kept.Add(q)
		}
	}
	t.problems = kept
}

var (
	digits  = diag.T("数字与汉字", "digits and Chinese")
	besides = diag.T("标点与文字", "a mark and text")
)

// stray tells between what the blanks from j up to end stand, if they should not.
func (t *Text) stray(b *article.Block, j, end int, a, z rune) (none diag.Text) {
	switch {
	case opener(a) && closer(z):
		return none
	case t.narrow(j, end) && (digit(a) && han(z) && !t.label(b, j) || han(a) && digit(z) && t.inSentence(b, j, end)):
		return digits
	case !sentence(b):
		return none
	case t.Chars[j] == ' ' && end == j+1 && (b.To-b.From < 30 && !in(t.Chars[b.To-1], "。！？；") || t.File[t.At[j]] == '\n'):
		return none // a line of its own: a title, a signature
	case (closer(a) || stop(a)) && (chinese(z) || digit(z)), chinese(a) && (in(z, "“‘（") || closer(z) || stop(z)):
		return besides
	case in(a, ",;:)") && han(z) && chineseBefore(t, b, j-1), chinese(a) && in(z, ",;:)("):
		return besides
	}
	return none
}

// narrow reports whether the blanks from j up to end are one that is not a full-width one: more part two things.
func (t *Text) narrow(j, end int) bool { return end == j+1 && t.Chars[j] < 0x2000 }

// chineseBefore reports whether the mark i stands after Chinese text.
func chineseBefore(t *Text, b *article.Block, i int) bool {
	return chinese(t.at(b, i-1)) || t.at(b, i) == ')' && han(t.at(b, i-2)) || in(t.at(b, i-1), ")\"") && t.at(b, i-1) != 0
}

// label reports whether the number before the blank j is the number of something: 1 总则, Windows 11 系统.
func (t *Text) label(b *article.Block, j int) bool {
	i := j
	for i > b.From && (digit(t.Chars[i-1]) || in(t.Chars[i-1], ".-:/")) {
		if i--; in(t.Chars[i], "-:/") {
			return true
		}
	}
	if i == b.From || letter(t.at(b, i-1)) {
		return true
	}
	if !space(t.at(b, i-1)) {
		return !han(t.at(b, i-1))
	}
	before := t.at(b, i-2)
	return letter(before) || in(before, "表图式章节条款件") || before == 0
}

// inSentence reports whether the number after the blanks goes on as a sentence does: 以 12345 热线.
func (t *Text) inSentence(b *article.Block, j, end int) bool {
	if in(t.Chars[j-1], "表图式话真号编机备備条條章节節款日") || !sentence(b) && b.Key != "title" {
		return false
	}
	for end < b.To && (digit(t.Chars[end]) || in(t.Chars[end], ".%")) {
		end++
	}
	if end < b.To && space(t.Chars[end]) {
		end++
	}
	return end < b.To && han(t.Chars[end])
}
