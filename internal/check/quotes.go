package check

import (
	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleWrongWay = diag.Rule{ID: "Z20",
		ZH: "引号反了：这里应是%[2]s", EN: "a quote the wrong way round: %[2]s belongs here",
		FixZH: "改为 %[1]s", FixEN: "write %[1]s"}
	ruleUnopened = diag.Rule{ID: "Z20",
		ZH: "后引号前面没有前引号", EN: "a closing quote that nothing opens",
		FixZH: "补上前引号，或删去它", FixEN: "add the opening quote, or delete this one"}
	ruleUnclosed = diag.Rule{ID: "Z20",
		ZH: "前引号后面没有后引号", EN: "an opening quote that nothing closes",
		FixZH: "补上后引号，或删去它", FixEN: "add the closing quote, or delete this one"}
	ruleBracket = diag.Rule{ID: "Z20", Severity: diag.Warning,
		ZH: "“%[1]s”没有成对", EN: "%[1]s has no partner",
		FixZH: "补上另一半，或删去它", FixEN: "add the other half, or delete it"}
	ruleNested = diag.Rule{ID: "Z21", Severity: diag.Warning,
		ZH: "双引号里又用双引号", EN: "double quotes within double quotes",
		FixZH: "里层用单引号 ‘ ’", FixEN: "use single quotes within"}
)

var quotation = Analyser{
	ID: "Z20", Mends: Safely,
	Name: diag.T("引号不成对", "quotes that do not pair"),
	Doc: diag.T("逐段配对引号。前后颠倒而总数成双的，按一前一后重新排列，如果没有一对原本正确的引号被改动，就可以自动改；少一个的只报告。引文分几段、每段以前引号开头、最后一段才收的，不报。书名号与括号不成对是警告。",
		"Quotes are paired paragraph by paragraph. Where they are even in number and the wrong way round, they are set to alternate, by --fix if no pair that was right is turned; where one is missing it is only reported. A quotation over paragraphs, each opening and the last closing, is right. Book marks and brackets without a partner are warnings."),
	Mistaken: diag.T("英文撇号不计。“1）”“a）”这样的序号不报。", "Apostrophes do not count, nor do numbers like 1）."),
	Bad:      []string{"以”服务对象当家人、群众需求当家事”为内涵，打造’零时差’品牌。", "他说：“好，大家都很高兴。", "大家都说好”，于是散会。", "学习《条例，并座谈。"},
	Good:     []string{"“‘三家’工作法”", "“第一段。¶¶“第二段。”", "5′8″、it’s、党员’s", "1）甲；2）乙", "分三类（含‘小微’）。", "“长引文开始。¶¶中间一段。¶¶到此结束。”他说。"},
	Text:     func(t *Text) { t.quotation() },
}

var nested = Analyser{
	ID: "Z21", Severity: diag.Warning,
	Name: diag.T("同级引号嵌套", "nested quotes of one kind"),
	Doc: diag.T("引号里再用引号，外双内单（GB/T 15834）。成对而同级的在这里报告。",
		"Quotes within quotes are single (GB/T 15834). Those that pair but are double within double are reported."),
	Mistaken: diag.T("没有。", "None known."),
	Bad:      []string{"有群众投诉“买家以“质量有问题”为由退货”。"},
	Good:     []string{"有群众投诉“买家以‘质量有问题’为由退货”。", "“甲”“乙”"},
	Text:     func(*Text) {}, // Z20 finds both in one pass
}

// quotation finds both.
func (t *Text) quotation() {
	if t.wide.quote {
		for i := range t.Blocks {
			t.pairQuotes(i)
		}
	}
	for i := range t.Blocks {
		if sentence(&t.Blocks[i]) {
			t.pairBrackets(i, '《', '》', 0, 0)
			t.pairBrackets(i, '【', '】', 0, 0)
			t.pairBrackets(i, '（', '）', '(', ')')
		}
	}
}

// marksOf returns where the quotes of a block stand.
func (t *Text) marksOf(b *article.Block) (at []int) {
	for j := b.From; j < b.To; j++ {
		c := t.Chars[j]
		if c < 0x2018 || c > 0x201d || c == 0x201a || c == 0x201b {
			continue
		}
		if c == '’' && (letter(t.at(b, j-1)) || digit(t.at(b, j-1))) && !t.openSingle(at) || c == '’' && letter(t.at(b, j+1)) && (j == b.From || letter(t.Chars[j-1]) || han(t.Chars[j-1]) && !han(t.at(b, j+2))) {
			continue // an apostrophe
		}
		at = append(at, j)
	}
	return at
}

// openSingle reports whether a ‘ among the marks waits for its ’.
func (t *Text) openSingle(at []int) bool {
	n := 0
	for _, j := range at {
		switch t.Chars[j] {
		case '‘':
			n++
		case '’':
			n--
		}
	}
	return n > 0
}

// broken returns where quotes stop pairing, -1 if they pair; inner is where a pair stands within its own
// kind, -1 if none does.
func broken(marks []rune) (at, inner int) {
	var open []int
	inner = -1
	for i, c := range marks {
		if c == '“' || c == '‘' {
			for _, o := range open {
				if marks[o] == c && inner < 0 {
					inner = i
				}
			}
			open = append(open, i)
			continue
		}
		if n := len(open); n == 0 || marks[open[n-1]] != c-1 {
			return i, inner
		}
		open = open[:len(open)-1]
	}
	if len(open) > 0 {
		return open[0], inner
	}
	return -1, inner
}

func (t *Text) pairQuotes(i int) {
	b := &t.Blocks[i]
	at := t.marksOf(b)
	if len(at) == 0 {
		return
	}
	marks := make([]rune, len(at))
	var doubles, singles int
	for k, j := range at {
		if marks[k] = t.Chars[j]; marks[k] >= '“' {
			doubles++
		} else {
			singles++
		}
	}
	bad, inner := broken(marks)
	switch {
	case bad < 0 && inner >= 0:
		t.report(&ruleNested, at[inner], at[inner]+1)
	case bad < 0:
	case doubles%2 == 0 && singles%2 == 0 && t.turn(at, marks):
	case t.acrossParagraphs(i):
	case marks[bad] == '“' || marks[bad] == '‘':
		t.report(&ruleUnclosed, at[bad], at[bad]+1)
	default:
		t.report(&ruleUnopened, at[bad], at[bad]+1)
	}
}

// turn sets quotes to alternate, and reports those that are the wrong way round; false if that
// explains nothing.
func (t *Text) turn(at []int, marks []rune) bool {
	set := make([]rune, len(marks))
	double, single := false, false
	changed := 0
	for k, c := range marks {
		if c >= '“' {
			set[k] = map[bool]rune{false: '“', true: '”'}[double]
			double = !double
		} else {
			set[k] = map[bool]rune{false: '‘', true: '’'}[single]
			single = !single
		}
		if set[k] != c {
			changed++
		}
	}
	if bad, _ := broken(set); bad >= 0 || changed == 0 {
		return false
	}
	safe := true
	for k := 0; k+1 < len(marks); k++ { // a pair that was right
		if (marks[k] == '“' || marks[k] == '‘') && marks[k+1] == marks[k]+1 && set[k] != marks[k] {
			safe = false
		}
	}
	for k, j := range at {
		if set[k] == marks[k] {
			continue
		}
		if safe {
			t.mend(&ruleWrongWay, j, j+1, string(set[k]), string(set[k]), quoteName(set[k]))
		} else {
			t.report(&ruleWrongWay, j, j+1, string(set[k]), quoteName(set[k]))
		}
	}
	return true
}

func quoteName(c rune) diag.Text {
	if c == '“' || c == '‘' {
		return diag.T("前引号", "an opening one")
	}
	return diag.T("后引号", "a closing one")
}

// maxQuoted is over how many paragraphs a quotation may go.
const maxQuoted = 12

// acrossParagraphs reports whether the quotes of block i pair with those of its neighbours: a
// quotation of several paragraphs.
func (t *Text) acrossParagraphs(i int) bool {
	own := t.quotes(&t.Blocks[i])
	if own > 0 {
		n := own
		for k := i + 1; k < min(len(t.Blocks), i+maxQuoted); k++ {
			b := &t.Blocks[k]
			if b.To > b.From && t.Chars[b.From] == '“' && sentence(b) {
				return true
			}
			if n += t.quotes(b); n == 0 {
				return true
			}
		}
		return false
	}
	n := own
	for k := i - 1; k >= max(0, i-maxQuoted) && own < 0; k-- {
		if n += t.quotes(&t.Blocks[k]); n == 0 {
			return true
		}
	}
	return false
}

// pairBrackets reports brackets of block i without a partner, there or in the paragraphs beside it. also and
// alsoShut are other forms of the same.
func (t *Text) pairBrackets(i int, open, shut, also, alsoShut rune) {
	at := t.loneBracket(i, open, shut, also, alsoShut)
	if at < 0 {
		return
	}
	opens := t.Chars[at] == open || t.Chars[at] == also
	for k := max(0, i-maxQuoted); k < min(len(t.Blocks), i+maxQuoted); k++ {
		if k == i || opens != (k > i) {
			continue
		}
		if other := t.loneBracket(k, open, shut, also, alsoShut); other >= 0 && opens != (t.Chars[other] == open || t.Chars[other] == also) {
			return
		}
	}
	t.report(&ruleBracket, at, at+1, string(t.Chars[at]))
}

// loneBracket returns where the first bracket without a partner stands in block i, -1 if there is none.
func (t *Text) loneBracket(i int, open, shut, also, alsoShut rune) int {
	b := &t.Blocks[i]
	depth, first := 0, -1
	for j := b.From; j < b.To; j++ {
		switch c := t.Chars[j]; {
		case c == open || c == also && also != 0:
			if depth++; depth == 1 {
				first = j
			}
		case c != shut && (c != alsoShut || alsoShut == 0):
		case depth > 0:
			depth--
		case !t.numberBefore(b, j):
			return j
		}
	}
	if depth > 0 {
		return first
	}
	return -1
}

// numberBefore reports whether the bracket at j closes a number: 1） a) 二）, or a face made of marks.
func (t *Text) numberBefore(b *article.Block, j int) bool {
	i := j
	for i > b.From && j-i < 3 && (digit(t.Chars[i-1]) || letter(t.Chars[i-1]) || numeral(t.Chars[i-1]) || t.Chars[i-1] >= 0x2460 && t.Chars[i-1] < 0x24ff) {
		i--
	}
	return i < j && (i == b.From || !han(t.Chars[i-1]) && !letter(t.Chars[i-1])) || i == j && i > b.From && in(t.Chars[i-1], ":;：")
}
