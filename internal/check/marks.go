package check

import (
	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var ruleHalfWidth = diag.Rule{ID: "Z22", Severity: diag.Warning,
	ZH: "中文里用了半角标点“%[1]s”", EN: "half-width %[1]s in Chinese text",
	FixZH: "改为“%[2]s”；--fix=Z22 可以一并修改", FixEN: "write %[2]s; --fix=Z22 mends them all"}

var ruleHalfWidthMany = diag.Rule{ID: "Z22", Severity: diag.Warning,
	ZH: "中文里用了半角标点“%[1]s”，全文共 %[3]d 处", EN: "half-width %[1]s in Chinese text, %[3]d in all",
	FixZH: "改为“%[2]s”；--fix=Z22 可以一并修改", FixEN: "write %[2]s; --fix=Z22 mends them all"}

var ruleHalfWidthMore = diag.Rule{ID: "Z22", Severity: diag.Info, ZH: ruleHalfWidth.ZH, EN: ruleHalfWidth.EN, FixZH: ruleHalfWidth.FixZH, FixEN: ruleHalfWidth.FixEN}

var halfWidth = Analyser{
	ID: "Z22", Severity: diag.Warning, Mends: Asked,
	Name: diag.T("半角标点", "half-width marks"),
	Doc: diag.T("汉字旁边的半角逗号、冒号、分号、叹号、问号、引号，以及括着汉字的半角括号。时间、比例、数字、英文和代码里的不报。一篇里同一种标点只警告一次，写明共有几处，其余作为提示。改动多，所以 --fix 只在写明 Z22 时才改。",
		"ASCII commas, colons, semicolons, exclamation and question marks and quotes beside Chinese characters, and brackets around them; not those in times, ratios, numbers, English and code. The first of each mark is a warning with their number, the others are notes. Mended only by --fix=Z22, as they are many."),
	Mistaken: diag.T("中英混排的句子：以汉字多的一方为准，不合适的用 zhendi-ignore。", "Mixed sentences: use zhendi-ignore where the mark belongs to English."),
	Bad:      []string{"各支部,各小组:", "太好了!真的吗?当然;", "全体党员(含预备党员)参加。", "党建\"一张网\"全覆盖。"},
	Good:     []string{"08:22 开始，比例 1:2，共 1,234 人", "增值税(VAT)", "Hello, world! (yes)", "Q: 什么时候？", "见 https://example.cn/a?b=1,2", "见[附件](办法 甲.docx)"},
	Text:     func(t *Text) { t.halfWidth() },
}

func (t *Text) halfWidth() {
	if !(t.seen[','] || t.seen[':'] || t.seen[';'] || t.seen['!'] || t.seen['?'] || t.seen['('] || t.seen['"']) {
		return
	}
	from := len(t.problems)
	defer func() { t.firstOfEach(t.problems[from:]) }()
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			if c >= 128 || c < '!' || c > '?' || c > '"' && c < '(' || c > ',' && c < ':' {
				continue
			}
			p, n := t.beside(b, j-1, -1), t.beside(b, j+1, 1)
			switch c {
			case '"':
				j = t.straight(b, j)
			case '(':
				j = t.halfBracket(b, j)
			case ',', ';', '!', '?', ':':
				if t.chineseMark(c, p, n, t.at(b, j-1), t.at(b, j+1)) {
					t.mend(&ruleHalfWidth, j, j+1, string(fullWidth[c]), string(c), string(fullWidth[c]))
				}
			}
		}
	}
}

// firstOfEach makes one warning of the findings of each mark, and notes of the others.
func (t *Text) firstOfEach(found diag.List) {
	first := map[any]int{}
	count := map[any]int{}
	for i, p := range found {
		if count[p.Args[0]]++; count[p.Args[0]] == 1 {
			first[p.Args[0]] = i
		} else {
			found[i].Rule = &ruleHalfWidthMore
		}
	}
	for mark, i := range first {
		if n := count[mark]; n > 1 {
			found[i].Rule, found[i].Args = &ruleHalfWidthMany, append(found[i].Args, n)
		}
	}
}

// straight reports a pair of straight quotes around Chinese text, and returns where to go on.
func (t *Text) straight(b *article.Block, j int) int {
	for k := j + 1; k < b.To; k++ {
		if t.Chars[k] != '"' {
			continue
		}
		if chinese(t.Chars[j+1]) && chinese(t.Chars[k-1]) {
			t.mend(&ruleHalfWidth, j, j+1, "“", "\"\"", "“”")
			p := &t.problems[len(t.problems)-1]
			line, col := t.Place(t.At[k])
			p.Edits = append(p.Edits, diag.Edit{Line: line, Col: col, EndLine: line, EndCol: col + 1, Text: "”"})
		}
		return k
	}
	return j
}

// beside returns the character at j, or the one behind the blank there.
func (t *Text) beside(b *article.Block, j, step int) rune {
	if t.at(b, j) == ' ' {
		j += step
	}
	return t.at(b, j)
}

// chineseMark reports whether the mark c between p and n belongs to Chinese text. before and after are its very
// neighbours.
func (t *Text) chineseMark(c, p, n, before, after rune) bool {
	switch {
	case before == '?' || after == '?', c == '?' && (after == ';' || after == ','), c == ';' && letter(before):
		return false // damage: Z03 Z04 Z05
	case han(p) || closer(p):
		return true
	case c == ':' || c == ';' && p == 0:
		return p == ')' && (han(n) || opener(n))
	case letter(p) && after == ' ' && c != ',':
		return false
	}
	return (han(n) || opener(n)) && p != 0 && !letter(p)
}

// halfBracket reports brackets around Chinese text, and returns where to go on.
func (t *Text) halfBracket(b *article.Block, j int) int {
	if t.at(b, j-1) == ']' { // a link that some other mistake keeps from being one
		return j
	}
	depth, has := 0, false
	for k := j; k < b.To; k++ {
		switch c := t.Chars[k]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth > 0 {
				continue
			}
			if !has {
				return j
			}
			t.mend(&ruleHalfWidth, j, j+1, "（", "()", "（）")
			p := &t.problems[len(t.problems)-1]
			line, col := t.Place(t.At[k])
			p.Edits = append(p.Edits, diag.Edit{Line: line, Col: col, EndLine: line, EndCol: col + 1, Text: "）"})
			return j
		case han(c):
			has = true
		case k > j+80:
			return j
		}
	}
	return j
}

var rulePause = diag.Rule{ID: "Z23", Severity: diag.Info,
	ZH: "并列的引号或书名号之间通常不用顿号", EN: "between quoted items and book titles in a row 、 is usually left out",
	FixZH: "删去顿号（GB/T 15834—2011，4.5.3.5）", FixEN: "delete it (GB/T 15834-2011, 4.5.3.5)"}

var pauses = Analyser{
	ID: "Z23", Severity: diag.Info, Off: true, Mends: Asked,
	Name: diag.T("引号之间的顿号", "pauses between quoted items"),
	Doc: diag.T("GB/T 15834—2011 说并列的引号、书名号之间“通常不用顿号”，各单位做法不一，所以默认不查。",
		"The standard says that they are usually left out; habits differ, so the rule is off by default."),
	Mistaken: diag.T("标准说的是“通常”。", "The standard says usually."),
	Bad:      []string{"学习“三严”、“三实”", "学习《党章》、《准则》"},
	Good:     []string{"学习“三严”“三实”", "学习《党章》（修订）、《准则》"},
	Text:     func(t *Text) { t.pauses() },
}

func (t *Text) pauses() {
	if !t.wide.pause {
		return
	}
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 1; j+1 < b.To; j++ {
			if t.Chars[j] == '、' && (t.Chars[j-1] == '”' && t.Chars[j+1] == '“' || t.Chars[j-1] == '》' && t.Chars[j+1] == '《') {
				t.mend(&rulePause, j, j+1, "")
			}
		}
	}
}

var (
	ruleDash = diag.Rule{ID: "Z24", Severity: diag.Warning,
		ZH: "破折号写成了“%[1]s”", EN: "a dash written %[1]s",
		FixZH: "改为“——”；--fix=Z24 可以修改", FixEN: "write ——; --fix=Z24 mends it"}
	ruleDots = diag.Rule{ID: "Z24", Severity: diag.Warning,
		ZH: "省略号写成了“%[1]s”", EN: "an ellipsis written %[1]s",
		FixZH: "改为“……”；--fix=Z24 可以修改", FixEN: "write ……; --fix=Z24 mends it"}
	ruleHalfDots = diag.Rule{ID: "Z24", Severity: diag.Info,
		ZH: "省略号只有一半", EN: "half an ellipsis",
		FixZH: "改为“……”", FixEN: "write ……"}
	ruleMiddle = diag.Rule{ID: "Z24", Severity: diag.Warning,
		ZH: "间隔号写成了“%[1]s”", EN: "a middle dot written %[1]s",
		FixZH: "改为“·”；--fix=Z24 可以修改", FixEN: "write ·; --fix=Z24 mends it"}
)

var dashes = Analyser{
	ID: "Z24", Severity: diag.Warning, Mends: Asked,
	Name: diag.T("破折号、省略号、间隔号", "dashes, ellipses, middle dots"),
	Doc: diag.T("汉字旁边的 --、...、。。。，汉字之间的 • ・ 和小数点。一个 — 可以是连接号，不报；一个 … 只提示。",
		"--, ..., 。。。 beside Chinese characters; • ・ and full stops between them. A single — may join and is left; a single … is only noted."),
	Mistaken: diag.T("文件名、版本号、网址里的点不报。", "Dots of file names, versions and addresses are left alone."),
	Bad:      []string{"党旗红--柳园镇案例", "他想了想...没有说话", "就这样。。。散会", "关爱老人.送健康", "梦想起航•爱心助学"},
	Good:     []string{"北京—上海高铁", "他想了想……没有说话", "约翰·史密斯", "第3.5节", "文件 a.docx 与 b--c", "见附件.pdf"},
	Text:     func(t *Text) { t.dashes() },
}

func (t *Text) dashes() {
	if !t.wide.dot && !t.seen['-'] && !t.seen['.'] {
		return
	}
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			if !is(c, isDash) {
				continue
			}
			end := j + 1
			for end < b.To && t.Chars[end] == c {
				end++
			}
			t.dash(b, j, end, c)
			j = end - 1
		}
	}
}

// dash looks at the run of c from j up to end.
func (t *Text) dash(b *article.Block, j, end int, c rune) {
	p, n, length := t.at(b, j-1), t.at(b, end), end-j
	besides := chinese(p) || chinese(n)
	between := han(p) && han(n)
	was := t.string(j, end)
	switch {
	case (c == '-' || c == '－') && length >= 2 && besides && !(b.Kind == article.Field && b.Key == "subtitle" && j == b.From),
		c == '—' && length >= 3 && besides:
		t.mend(&ruleDash, j, end, "——", was)
	case c == '.' && length >= 3 && besides, c == '。' && length >= 3:
		t.mend(&ruleDots, j, end, "……", was)
	case c == '…' && length == 1 && besides:
		t.mend(&ruleHalfDots, j, end, "……")
	case in(c, "•・‧") && length == 1 && between, c == '.' && length == 1 && between && t.noFile(b, end):
		t.mend(&ruleMiddle, j, end, "·", was)
	}
}

// noFile reports whether what follows a full stop at i is no extension of a file.
func (t *Text) noFile(b *article.Block, i int) bool { return !letter(t.at(b, i)) }

var rulePair = diag.Rule{ID: "Z25", Severity: diag.Warning,
	ZH: "标点“%[1]s”重复或不能连用", EN: "the marks %[1]s repeat or do not go together",
	FixZH: "删去多余的一个", FixEN: "delete one"}

var pairs = Analyser{
	ID: "Z25", Severity: diag.Warning,
	Name: diag.T("标点连用", "marks that do not go together"),
	Doc: diag.T("“，，”“。，”“、。”“：：”这样重复或不能相连的点号。问号叹号连用、引号里外各有点号不报。",
		"Commas, stops and colons that repeat or stand beside each other. ？！ and marks on both sides of a quote are left."),
	Mistaken: diag.T("“。。。”由 Z24 报告。", "。。。 is Z24's."),
	Bad:      []string{"认真学习，，深刻领会。", "认真学习。，深刻领会。", "包括甲、，乙", "要求：：一是"},
	Good:     []string{"真的？！好！！", "他说：“好。”，又说", "学习……。"},
	Text:     func(t *Text) { t.pairsOf() },
}

func (t *Text) pairsOf() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j+1 < b.To; j++ {
			c, n := t.Chars[j], t.Chars[j+1]
			if !stop(c) || !stop(n) || c == '…' || n == '…' || in(c, "！？") && in(n, "！？") {
				continue
			}
			if c == '。' && n == '。' { // three are an ellipsis
				if t.at(b, j+2) == '。' || t.at(b, j-1) == '。' {
					continue
				}
			}
			t.report(&rulePair, j, j+2, t.string(j, j+2))
			j++
		}
	}
}

var ruleTitleEnd = diag.Rule{ID: "Z26", Severity: diag.Warning,
	ZH: "标题末尾用了“%[1]s”", EN: "a title that ends in %[1]s",
	FixZH: "删去它；标题末尾只可用问号、叹号、省略号", FixEN: "delete it; titles end in ？！…… or nothing"}

var titleEnd = Analyser{
	ID: "Z26", Severity: diag.Warning,
	Name: diag.T("标题末尾的标点", "a mark after a title"),
	Doc: diag.T("标题、副标题、小标题末尾的句号、逗号、顿号、分号、冒号。",
		"A full stop, comma or colon after a title or heading."),
	Mistaken: diag.T("问号、叹号、省略号、引号、括号可以用。", "？！…… and closing quotes are right."),
	Bad:      []string{"---¶title: 机关工委召开会议。¶---¶正文。", "## 一、活动背景：¶¶正文。"},
	Good:     []string{"---¶title: 谁来办？¶---¶正文。", "## 一、活动背景¶¶正文。"},
	Text:     func(t *Text) { t.titleEnd() },
}

func (t *Text) titleEnd() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != article.Title && (b.Kind != article.Field || b.Key != "title" && b.Key != "subtitle" && b.Key != "shortTitle") {
			continue
		}
		if c := t.Chars[b.To-1]; in(c, "。，、；：") {
			t.report(&ruleTitleEnd, b.To-1, b.To, string(c))
		}
	}
}

var ruleDocNumber = diag.Rule{ID: "Z27", Severity: diag.Warning,
	ZH: "发文字号的年份没有用六角括号", EN: "the year of a document's number is not in 〔〕",
	FixZH: "写成“%[1]s”（GB/T 9704）", FixEN: "write %[1]s (GB/T 9704)"}

var docNumber = Analyser{
	ID: "Z27", Severity: diag.Warning, Mends: Asked,
	Name: diag.T("六角括号", "brackets of document numbers"),
	Doc: diag.T("发文字号里的年份用六角括号：国办发〔2017〕47号。前面是“发、函、字、令、办、通、复、规”等字、后面是号数的才算。",
		"The year in the number of an official document stands in 〔〕, as in 国办发〔2017〕47号."),
	Mistaken: diag.T("案号“（2017）京01民终1号”不报。", "Numbers of court cases are left alone."),
	Bad:      []string{"按照云办发[2017]47号文件", "云党字（2020）3号", "云组通【2021】15号"},
	Good:     []string{"国办发〔2017〕47号", "（2017）云01民终123号", "印发(2017)版"},
	Text:     func(t *Text) { t.docNumber() },
}

func (t *Text) docNumber() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 1; j+7 < b.To; j++ {
			c := t.Chars[j]
			if c != '[' && c != '(' && c != '（' && c != '【' || !in(t.Chars[j-1], "发發函字令办辦通复復规規党黨组組纪紀政") {
				continue
			}
			if !in(t.Chars[j+5], "])）】") || t.Chars[j+1] != '1' && t.Chars[j+1] != '2' || !digit(t.Chars[j+2]) || !digit(t.Chars[j+3]) || !digit(t.Chars[j+4]) {
				continue
			}
			k := j + 6
			for k < b.To && (digit(t.Chars[k]) || in(t.Chars[k], "第 ")) {
				k++
			}
			if k > j+6 && t.at(b, k) == '号' || t.at(b, k) == '號' {
				t.mend(&ruleDocNumber, j, j+6, "〔"+t.string(j+1, j+5)+"〕", "〔"+t.string(j+1, j+5)+"〕")
			}
		}
	}
}
