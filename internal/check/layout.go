package check

import (
	"regexp"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleSplit = diag.Rule{ID: "Z10",
		ZH: "段落在句子中间断开：引号从上一段开到这一段", EN: "a paragraph is cut within a sentence: the quotation goes on in the next",
		FixZH: "删去中间的空行，把两段接起来", FixEN: "delete the empty line between the two"}
	ruleSplitComma = diag.Rule{ID: "Z10", Severity: diag.Warning,
		ZH: "段落以“%[1]s”结尾，句子没有完", EN: "the paragraph ends in %[1]s, within a sentence",
		FixZH: "与下一段接起来，或补上句末标点", FixEN: "join it with the next, or end the sentence"}
)

var split = Analyser{
	ID:   "Z10",
	Name: diag.T("段落断开", "cut paragraph"),
	Doc: diag.T("一段没有句末标点就结束，且它多出一个前引号、下一段多出一个后引号，就是一句话被断成了两段。长段落以逗号、顿号结尾的，只警告。",
		"A paragraph without a final mark that has an opening quote too many, followed by one with a closing quote too many, is one sentence cut in two. A long paragraph that ends in a comma is a warning."),
	Mistaken: diag.T("诗行、落款和独立成行的标题不报；歌词请放进引用。", "Verse belongs into a block quote."),
	Bad: []string{"有的干部工作抓得紧而想得少，政策传达得全而重点抓得少，往往造成了“油费¶¶了，灯不亮”，群众很有意见。",
		"各支部要对照清单逐条检查，把查出来的问题列成台账，明确责任人和完成时限并每周通报进展情况，¶¶年底逐项销号。"},
	Good: []string{"“第一段话。¶¶“第二段话。”", "各支部书记：¶¶现将有关事项通知如下。", "云岫市机关党建工作领导小组办公室¶¶2026年3月1日"},
	Text: func(t *Text) { t.split() },
}

func (t *Text) split() {
	for i := 0; i+1 < len(t.Blocks); i++ {
		a, b := &t.Blocks[i], &t.Blocks[i+1]
		if a.Kind != article.Paragraph || b.Kind != article.Paragraph || a.To-a.From < 30 || b.From == b.To {
			continue
		}
		last, next := t.Chars[a.To-1], t.Chars[b.From]
		if !han(last) && !in(last, "，、,") || !han(next) && !in(next, "，、,。") {
			continue
		}
		open, shut := t.quotes(a), t.quotes(b)
		switch {
		case open > 0 && shut < 0:
			t.report(&ruleSplit, a.To-1, a.To)
		case in(last, "，、,") && a.To-a.From >= 40 && rankOf(t.Chars[b.From:b.To]).rank == 0:
			t.report(&ruleSplitComma, a.To-1, a.To, string(last))
		}
	}
}

// quotes returns how many double quotes of a block open and do not close; less than 0 if they close only.
func (t *Text) quotes(b *article.Block) (n int) {
	for _, c := range t.Chars[b.From:b.To] {
		switch c {
		case '“':
			n++
		case '”':
			n--
		}
	}
	return n
}

var ruleEmptyLine = diag.Rule{ID: "Z12", Severity: diag.Warning,
	ZH: "用空格占的空段落", EN: "an empty paragraph made of blanks",
	FixZH: "删去这一行里的空格；段落间的距离由样式决定", FixEN: "delete the blanks: the theme sets the distance of paragraphs"}

var emptyParagraph = Analyser{
	ID: "Z12", Severity: diag.Warning, Mends: Safely,
	Name: diag.T("空段落", "empty paragraph"),
	Doc: diag.T("只有不间断空格、全角空格、&nbsp; 或空的 <p>、<br> 的行，是为了空出一行而写的；网页上并不显示，只会碍事。",
		"Lines of nothing but no-break or full-width blanks, &nbsp; or empty <p> and <br>; pages do not show them."),
	Mistaken: diag.T("诗歌分节用普通空行即可。", "A plain empty line parts stanzas."),
	Bad:      []string{"上一段。¶¶\u00a0¶¶下一段。", "上一段。¶¶　　¶¶下一段。", "上一段。¶¶&nbsp;¶¶下一段。", "上一段。¶¶<p><br></p>¶¶下一段。"},
	Good:     []string{"上一段。¶¶下一段。", "上一段。¶   ¶下一段。"},
	Text:     func(t *Text) { t.emptyParagraphs() },
}

func (t *Text) emptyParagraphs() {
	for i := range t.Blocks {
		if b := &t.Blocks[i]; b.Kind == article.Space {
			t.mendBytes(&ruleEmptyLine, b.Start, b.End, "")
		}
	}
}

var (
	ruleRepeat = diag.Rule{ID: "Z13", Severity: diag.Warning,
		ZH: "这一段与第 %[1]d 行相同", EN: "this paragraph is the same as line %[1]d",
		FixZH: "删去重复的一段", FixEN: "delete one of them"}
	ruleTitleAgain = diag.Rule{ID: "Z13", Severity: diag.Warning,
		ZH: "正文开头又写了一遍标题", EN: "the text begins with the title again",
		FixZH: "删去这一行，标题由头部信息显示", FixEN: "delete the line: the page shows the title"}
)

var repeated = Analyser{
	ID: "Z13", Severity: diag.Warning,
	Name: diag.T("段落或标题重复", "repeated paragraph or title"),
	Doc: diag.T("同一篇里有两段完全相同（不计标点；相邻的 15 字以上，不相邻的 45 字以上），或正文开头几段里又出现标题。",
		"Two paragraphs of an article are the same but for marks (15 characters or more side by side, 45 anywhere), or the first paragraphs have the title again."),
	Mistaken: diag.T("歌词、口号的叠句：用 zhendi-ignore。", "Refrains: use zhendi-ignore."),
	Bad: []string{"党员先锋岗亮身份、亮承诺、亮服务，接受群众监督。¶¶党员先锋岗亮身份、亮承诺、亮服务，接受群众监督。",
		"---¶title: 市直机关工委召开党建工作推进会议¶---¶¶市直机关工委召开党建工作推进会议¶¶正文。"},
	Good: []string{"特此通知。¶¶正文。¶¶特此通知。", "---¶title: 党建工作推进会¶---¶¶党建工作推进会今天召开，各支部书记参加。"},
	Text: func(t *Text) { t.repeated() },
}

// How long a text is, in characters, before its return is a mistake: right after itself, and anywhere. Laws
// and rules repeat short sentences.
const (
	minRepeat    = 15
	minRepeatFar = 45
)

func (t *Text) repeated() {
	title := ""
	seen := map[uint64]int{} // hash of a text -> line
	before := uint64(0)
	paragraphs := 0
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind == article.Field && b.Key == "title" {
			title = squeeze(t.Chars[b.From:b.To])
		}
		if b.Kind != article.Paragraph && b.Kind != article.Title && b.Kind != article.Quoted || b.From == b.To {
			continue
		}
		if paragraphs++; paragraphs <= 4 && len(title) >= 24 && titleAgain(title, squeeze(t.Chars[b.From:b.To])) {
			t.report(&ruleTitleAgain, b.From, b.To)
			continue
		}
		if b.To-b.From < minRepeat {
			continue
		}
		h, n := hashOf(t.Chars[b.From:b.To])
		was := seen[h]
		again := was > 0 && (n >= minRepeatFar || n >= minRepeat && h == before)
		before = h
		if again {
			t.report(&ruleRepeat, b.From, b.To, was)
		} else {
			seen[h], _ = t.Place(t.At[b.From])
		}
	}
}

// titleAgain reports whether s, without marks, is the title or most of it.
func titleAgain(title, s string) bool {
	return s == title || len(s) >= len(title)*7/10 && strings.Contains(title, s) || strings.Contains(s, title) && len(s) < len(title)*2
}

// hashOf returns a hash of text without its marks (FNV-1a), and how many characters that are.
func hashOf(rs []rune) (h uint64, n int) {
	h = 14695981039346656037
	for _, c := range rs {
		if han(c) || c < 128 && (letter(c) || digit(c)) {
			h = (h ^ uint64(c)) * 1099511628211
			n++
		}
	}
	return h, n
}

var ruleCode = diag.Rule{ID: "Z14",
	ZH: "缩进四格的文字会显示成代码", EN: "text indented by four blanks is shown as code",
	FixZH: "删去行首的空格；确是代码的，用 ``` 围起来", FixEN: "delete the indent; put code between lines of ```"}

var asCode = Analyser{
	ID:   "Z14",
	Name: diag.T("缩进成了代码", "indent becomes code"),
	Doc: diag.T("行首四个空格或制表符在 Markdown 里是代码。以汉字开头的行 zhendi 当作段落，以数字、字母开头而多半是汉字的行就在这里报告。",
		"Four blanks or a tab make code in Markdown. Lines that start with Chinese are taken for paragraphs; those that start with a digit or letter and are mostly Chinese are reported."),
	Mistaken: diag.T("注释多的代码请用 ``` 围起来。", "Put code with Chinese comments between fences."),
	Bad:      []string{"说明如下：¶¶    1.活动时间为三月一日上午九时，地点在机关会议室。"},
	Good:     []string{"说明如下：¶¶    make build  # 生成", "```¶    1.活动时间为三月一日¶```", "    活动时间为三月一日。"},
	Text:     func(t *Text) { t.asCode() },
}

func (t *Text) asCode() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != article.Code {
			continue
		}
		line := strings.TrimSpace(string(t.File[b.Start:b.End]))
		n, chars := 0, 0
		for _, c := range line {
			chars++
			if chinese(c) {
				n++
			}
		}
		if n*2 > chars {
			t.reportBytes(&ruleCode, b.Start, b.End)
		}
	}
}

var ruleYearList = diag.Rule{ID: "Z16", Severity: diag.Warning,
	ZH: "行首的“%[1]s”成了列表的序号", EN: "%[1]s at the start of the line becomes the number of a list",
	FixZH: "点号前加反斜杠：%[2]s", FixEN: "write %[2]s"}

var hijacked = Analyser{
	ID: "Z16", Severity: diag.Warning,
	Name: diag.T("被当成标记", "taken for markup"),
	Doc: diag.T("行首的年份或编号后面跟着点和空格，Markdown 就当成有序列表，序号变样。编号大于 99 的在这里报告。",
		"A year or number, a full stop and a blank at the start of a line make a numbered list. Numbers above 99 are reported."),
	Mistaken: diag.T("真有一百多项的列表：用 zhendi-ignore。", "A list of more than a hundred items: use zhendi-ignore."),
	Bad:      []string{"2025. 是这一项工作开始的年份。"},
	Good:     []string{"1. 第一项¶2. 第二项", "2025年开始。", "2025\\. 是开始的年份。"},
	Text:     func(t *Text) { t.hijacked() },
}

func (t *Text) hijacked() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != article.Item {
			continue
		}
		line := strings.TrimLeft(string(t.File[b.Start:min(b.End, b.Start+20)]), " \t>")
		if n := strings.IndexAny(line, ".)"); n >= 3 && strings.Trim(line[:n], "0123456789") == "" {
			t.reportBytes(&ruleYearList, b.Start, b.Start+int32(n+1), line[:n+1], line[:n]+"\\"+line[n:n+1])
		}
	}
}

var ruleIndent = diag.Rule{ID: "Z17", Severity: diag.Warning,
	ZH: "行首用空格缩进", EN: "an indent of blanks",
	FixZH: "删去行首的空格；段首空两格由样式决定", FixEN: "delete it: the theme indents"}

var indented = Analyser{
	ID: "Z17", Severity: diag.Warning, Mends: Safely,
	Name: diag.T("手工缩进", "indent by hand"),
	Doc: diag.T("段首的全角空格、不间断空格、&emsp; 或两三个普通空格。样式已经缩进，再写就是两层。八个以上全角空格或十六个以上半角空格表示靠右的落款，不报。",
		"Full-width, no-break or em blanks, or two or three plain ones before a paragraph; the theme indents. Eight or more full-width or sixteen or more plain ones push a signature to the right and are left."),
	Mistaken: diag.T("列表里的续行不报。", "Continued lines of lists are left alone."),
	Bad:      []string{"　　各支部要认真学习。", "  各支部要认真学习。", "&emsp;&emsp;各支部要认真学习。"},
	Good:     []string{"　　　　　　　　　　云岫市机关工委", "                    云岫市机关工委¶                    2026年11月3日", "- 第一项¶¶  第一项的第二段"},
	Text:     func(t *Text) { t.indented() },
}

func (t *Text) indented() {
	list := false
	for i := range t.Blocks {
		b := &t.Blocks[i]
		switch {
		case b.Kind == article.Item:
			list = true
			continue
		case b.Kind == article.Space || b.Kind == article.Field || b.From == b.To:
			continue
		}
		lead := string(t.File[b.Start:t.At[b.From]])
		if lead == "" {
			list = false
		}
		if b.Kind != article.Paragraph || strings.Trim(lead, " ") == "" && (list || len(lead) < 2) || strings.Contains(lead, "\n") ||
			strings.ContainsAny(lead, "[*_<`!") || !chinese(t.Chars[b.From]) && !digit(t.Chars[b.From]) {
			continue
		}
		switch {
		case wideSpaces(lead) >= 8, strings.Trim(lead, " ") == "" && len(lead) >= 16:
		case numbered.Match(t.File[t.At[b.From]:b.End]):
			t.reportBytes(&ruleIndent, b.Start, t.At[b.From])
		default:
			t.mendBytes(&ruleIndent, b.Start, t.At[b.From], "")
		}
	}
}

// numbered matches what an indent keeps from being a list.
var numbered = regexp.MustCompile(`^[0-9]{1,9}[.)][ \t]`)

// wideSpaces counts the full-width spaces of an indent.
func wideSpaces(s string) int {
	return strings.Count(s, "　") + strings.Count(s, "\u2003") + strings.Count(s, "&emsp;")
}
