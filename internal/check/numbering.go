package check

import (
	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleSkip = diag.Rule{ID: "Z19", Severity: diag.Warning,
		ZH: "序号不连续：“%[2]s”之前没有“%[1]s”", EN: "numbers skip: %[2]s without %[1]s before it",
		FixZH: "检查是否漏了一部分，或改正序号", FixEN: "look for a missing part, or mend the number"}
	ruleSameNumber = diag.Rule{ID: "Z19", Severity: diag.Warning,
		ZH: "序号“%[1]s”写了两次", EN: "the number %[1]s stands twice",
		FixZH: "改正序号", FixEN: "mend the number"}
)

var numbers = Analyser{
	ID: "Z19", Severity: diag.Warning,
	Name: diag.T("序号不连续", "numbers that skip"),
	Doc: diag.T("段首的“一、”“（一）”“1.”“（1）”按层次数下去：跳过、重复都报告，上一级换了以后从头数。列表由 Markdown 编号，不在此列。",
		"Numbers at the start of paragraphs are counted, level by level, from one again under each number above: skipped and repeated ones are reported."),
	Mistaken: diag.T("节录法规、只登部分章节：用 zhendi-ignore。", "Extracts of laws: use zhendi-ignore."),
	Bad:      []string{"一、背景¶¶正文。¶¶三、成效¶¶正文。", "（一）先学¶¶（一）再做¶¶（二）又学"},
	Good: []string{"一、背景¶¶（一）甲¶¶（二）乙¶¶二、成效¶¶（一）丙¶¶（二）丁", "1.5万人参加。¶¶2025.9.1开学。¶¶3.15晚会。",
		"三、节录的一段。¶¶四、又一段。", "一、甲¶¶1.乙¶¶2.丙¶¶二、丁¶¶1.戊"},
	Text: func(t *Text) { t.numbers() },
}

// ranked is a number at the start of a text.
type ranked struct {
	rank, n int // rank: 1 一、 2 （一） 3 1. 4 （1）; 0 if there is none
	length  int // in characters
}

// rankOf reads the number that text starts with.
func rankOf(rs []rune) (r ranked) {
	i, bracket := 0, false
	if len(rs) > 2 && in(rs[0], "（(") {
		i, bracket = 1, true
	}
	start := i
	for i < len(rs) && i < start+4 && (numeral(rs[i]) && !in(rs[i], "零〇百千万亿两") || digit(rs[i])) {
		i++
	}
	if i == start || i == len(rs) {
		return r
	}
	arabic := digit(rs[start])
	n := valueOf(rs[start:i])
	switch c := rs[i]; {
	case n == 0:
	case bracket && in(c, "）)"):
		r = ranked{2, n, i + 1}
		if arabic {
			r.rank = 4
		}
	case bracket:
	case !arabic && c == '、':
		r = ranked{1, n, i + 1}
	case arabic && in(c, "．、.") && i+1 < len(rs) && !digit(rs[i+1]) && n < 100:
		r = ranked{3, n, i + 1}
	}
	return r
}

// valueOf returns the value of digits, or of a Chinese number below a hundred; 0 if it is none.
func valueOf(rs []rune) (n int) {
	const ones = "一二三四五六七八九"
	if digit(rs[0]) {
		for _, c := range rs {
			if !digit(c) {
				return 0
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	one := func(c rune) int {
		for i, o := range []rune(ones) {
			if o == c {
				return i + 1
			}
		}
		return 0
	}
	tens, seen := 0, false
	for i, c := range rs {
		switch {
		case c == '十' && !seen:
			seen = true
			if tens = n; i == 0 {
				tens = 1
			}
			n = 0
		case one(c) > 0 && n == 0:
			n = one(c)
		default:
			return 0
		}
	}
	return tens*10 + n
}

func (t *Text) numbers() {
	var last [5]int
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != article.Paragraph && b.Kind != article.Title {
			continue
		}
		r := rankOf(t.Chars[b.From:b.To])
		if r.rank == 0 {
			if b.Kind == article.Title && b.Level <= 2 {
				last = [5]int{}
			}
			continue
		}
		was := last[r.rank]
		number := t.string(b.From, b.From+r.length)
		switch {
		case r.n == was && r.n == 1 && r.rank > 1 && t.follows(i, r), r.n == was && r.n > 1:
			t.report(&ruleSameNumber, b.From, b.From+r.length, number)
		case was > 0 && r.n > was+1 && r.n <= was+3:
			t.report(&ruleSkip, b.From, b.From+r.length, written(r.rank, was+1, t.Chars[b.From]), number)
		}
		last[r.rank] = r.n
		clear(last[r.rank+1:])
	}
}

// follows reports whether the next number of the same rank goes on from r: then r itself is a repetition, and
// not the start of another list.
func (t *Text) follows(i int, r ranked) bool {
	b := &t.Blocks[i-1]
	return rankOf(t.Chars[b.From:b.To]) == r
}

// written writes a number as rank does.
func written(rank, n int, like rune) string {
	s := string([]rune("〇一二三四五六七八九十")[min(n, 10)])
	if n > 10 {
		s = ""
		if n >= 20 {
			s = string([]rune("〇一二三四五六七八九")[n/10%10])
		}
		s += "十"
		if n%10 > 0 {
			s += string([]rune("〇一二三四五六七八九")[n%10])
		}
	}
	arabic := ""
	for m := n; m > 0; m /= 10 {
		arabic = string(rune('0'+m%10)) + arabic
	}
	switch {
	case rank == 1:
		return s + "、"
	case rank == 2 && like == '(':
		return "(" + s + ")"
	case rank == 2:
		return "（" + s + "）"
	case rank == 3:
		return arabic + "."
	}
	return "（" + arabic + "）"
}
