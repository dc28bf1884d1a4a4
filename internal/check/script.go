package check

import (
	"strings"
	"unicode/utf8"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
)

var (
	ruleMixed = diag.Rule{ID: "Z07", Severity: diag.Warning,
		ZH: "%[3]s稿件里夹着%[4]s字“%[1]s”，应为“%[2]s”", EN: "%[1]s is %[4]s in a %[3]s text: %[2]s",
		FixZH: "改为“%[2]s”；人名、书法作品等照录的，用 zhendi-ignore 说明", FixEN: "write %[2]s, or use zhendi-ignore for names and quotations"}
	ruleHalf = diag.Rule{ID: "Z07", Severity: diag.Warning,
		ZH: "“%[1]s”只转换了一半，应为“%[2]s”", EN: "%[1]s is half converted: %[2]s",
		FixZH: "改为“%[2]s”", FixEN: "write %[2]s"}
)

var mixed = Analyser{
	ID: "Z07", Severity: diag.Warning,
	Name: diag.T("简繁混杂", "mixed scripts"),
	Doc: diag.T("一种文字的稿件里夹着另一种文字才有的字；或繁体稿件是逐字转换来的，把一简对多繁的字转错了：干部（幹部）、關系（關係）、答復（答覆）。后一种按词判断。稿件的文字由头部信息的 lang 或全文判断。",
		"Characters that only the other script has; and traditional text that was converted character by character, so that characters with several traditional forms are wrong. The latter is judged by words."),
	Mistaken: diag.T("人名、题字、引文：用 zhendi-ignore，或把词写进 terms.yaml 的 protect。", "Names and quotations: use zhendi-ignore, or protect in terms.yaml."),
	Bad:      []string{"開展黨員干部教育，密切黨群關系，及時答復群眾，為人民服務。", "各级党组织要關心群众，把实事办好，把好事办实。", "黨員要关心群眾，為群眾辦實事，為發展作貢獻。"},
	Good:     []string{"各级党组织要关心群众。", "兩地相距十里左右，馬里烏斯與胡里特人。", "幹部與群眾的關係，天干地支，皇后與前後，一周以來餘下的工作。"},
	Text:     func(t *Text) { t.mixed() },
}

// halfway are characters that are right in simplified text and that a conversion character by character
// leaves, or makes, in traditional text. What they should be is OpenCC's to say, word by word.
const halfway = "干里余后系制范谷松云斗丑仆胡咸征准复復发髮据并志郁面卷舍曲台占只表采困冬"

// loose are those of which both forms are usual in some words or some place.
const loose = "志面卷舍曲台占只表采困冬征制准胡"

func (t *Text) mixed() {
	table := scripts()
	hans, hant := 0, 0
	for _, c := range t.Chars {
		if c < 1<<16 {
			switch table[c] {
			case hanzi.Hans:
				hans++
			case hanzi.Hant:
				hant++
			}
		}
	}
	if hans+hant == 0 {
		return
	}
	signs := 0
	if t.Hant {
		signs = t.strongSigns()
	}
	weak := signs >= 2
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if t.Hant && hans > 0 {
			t.foreign(b, hanzi.Hans, weak)
		} else if !t.Hant && hant > 0 {
			t.foreign(b, hanzi.Hant, weak)
		}
		if signs > 0 {
			t.half(b, weak)
		}
	}
}

// usualInBoth are simplified characters that traditional text has, too: 并州, 雇用, 火燒島庄.
const usualInBoth = "并雇庄栖疴咤胆"

// foreign reports characters that only the other script has.
func (t *Text) foreign(b *article.Block, other hanzi.Script, weak bool) {
	table := scripts()
	for j := b.From; j < b.To; j++ {
		if c := t.Chars[j]; c >= 1<<16 || table[c] != other || !weak && other == hanzi.Hans && in(c, usualInBoth) {
			continue
		}
		end := j + 1
		for end < b.To && t.Chars[end] < 1<<16 && table[t.Chars[end]] == other {
			end++
		}
		word := t.string(j, end)
		if t.c.protected(word, t.Chars[max(b.From, j-3):min(b.To, end+3)]) {
			j = end
			continue
		}
		if other == hanzi.Hans {
			t.report(&ruleMixed, j, end, word, toHant().String(word), diag.T("繁体", "traditional"), diag.T("简体", "simplified"))
		} else {
			t.report(&ruleMixed, j, end, word, toHans().String(word), diag.T("简体", "simplified"), diag.T("繁体", "traditional"))
		}
		j = end
	}
}

// strong are words that only a conversion character by character writes so. Two of them make the weaker
// signs count.
var strong = []string{"干部", "干群", "干道", "干活", "干劲", "關系", "聯系", "體系", "答復", "戰斗", "模范", "示范", "規范", "典范", "以后", "之后", "然后", "最后", "后來",
	"后續", "今后", "屆后", "心里", "家里", "村里", "里面", "這里", "哪里", "屋里", "輕松", "放松", "云南", "征求", "制造", "制作", "余人", "余名", "余家", "余個", "余件",
	"余元", "余條", "余次", "余項", "余萬", "復雜", "復蓋", "復印", "重復"}

// half reports what a conversion word by word would write otherwise.
func (t *Text) half(b *article.Block, weak bool) {
	suspect := false
	for _, c := range t.Chars[b.From:b.To] {
		if suspect = is(c, isHalf); suspect {
			break
		}
	}
	if !suspect {
		return
	}
	text := t.string(b.From, b.To)
	plain := toHans().String(text)
	again := []rune(toHant().String(plain))
	if len(again) != b.To-b.From || utf8.RuneCountInString(plain) != len(again) {
		return
	}
	for j, c := range again {
		i := b.From + j
		was := t.Chars[i]
		if was == c || !is(was, isHalf) || variants(was, c) || in(was, loose) || scripts()[was] == hanzi.Hans {
			continue
		}
		from, to := i, i+1 // and its neighbour, for a message that can be read
		if next := i+1 < b.To && han(t.Chars[i+1]); next && (in(was, "干云并") || i == b.From || !han(t.Chars[i-1])) {
			to++
		} else if i > b.From && han(t.Chars[i-1]) {
			from--
		}
		if !weak && !t.isStrong(b, i) {
			continue
		}
		t.report(&ruleHalf, from, to, t.string(from, to), string(again[from-b.From:to-b.From]))
	}
}

// isStrong reports whether the character i stands in one of the strong words.
func (t *Text) isStrong(b *article.Block, i int) bool {
	for _, w := range strong {
		rs := []rune(w)
		if t.has(b, i, rs) || t.has(b, i-1, rs) {
			return true
		}
	}
	return false
}

// strongSigns counts the strong words of the text, up to two.
func (t *Text) strongSigns() (n int) {
	for k := range t.Blocks {
		b := &t.Blocks[k]
		for i := b.From; i < b.To && n < 2; i++ {
			if is(t.Chars[i], isHalf) && t.isStrong(b, i) {
				n++
			}
		}
	}
	return n
}

// variants reports whether two characters are forms of one in traditional text.
func variants(a, b rune) bool {
	return strings.Contains("裏裡 台臺 著着 群羣 峰峯 床牀 周週 余餘", string(a)+string(b)) && a != '余'
}

var ruleOldForm = diag.Rule{ID: "Z08", Severity: diag.Info,
	ZH: "“%[1]s”是异体或日文写法，通用字是“%[2]s”", EN: "%[1]s is a variant or Japanese form of %[2]s",
	FixZH: "改为“%[2]s”，人名照录的不改", FixEN: "write %[2]s, except in names"}

var variantForms = Analyser{
	ID: "Z08", Severity: diag.Info,
	Name: diag.T("异体字", "variant forms"),
	Doc: diag.T("日文汉字、旧字形和兼容区的字，看着像通用字，搜索时却是另一个字。",
		"Japanese and old forms and compatibility characters look like the usual ones and are others to a search."),
	Mistaken: diag.T("人名、书名照录的：用 zhendi-ignore。", "Names: use zhendi-ignore."),
	Bad:      []string{"靑年学习社", "入戸走访"},
	Good:     []string{"青年学习社", "入户走访"},
	Text:     func(t *Text) { t.variantForms() },
}

// variantOf are forms and the usual characters.
var variantOf = map[rune]string{'靑': "青", '囯': "国", '戸': "户", '栄': "荣", '徳': "德", '気': "气", '実': "实", '沢': "泽", '駅': "驿", '桜': "樱",
	'県': "县", '伝': "传", '対': "对", '鉄': "铁", '転': "转", '黒': "黑", '歩': "步", '毎': "每", '恵': "惠", '択': "择", '検': "检", '権': "权",
	'図': "图", '団': "团", '応': "应", '総': "总", '読': "读", '発': "发", '変': "变", '売': "卖", '価': "价", '広': "广", '覚': "觉", '関': "关"}

func (t *Text) variantForms() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			if c < 0x5000 || c >= 0x9fff && (c < 0xf900 || c > 0xfad9) {
				continue
			}
			if c >= 0xf900 {
				if s := compat(c); s != "" {
					t.report(&ruleOldForm, j, j+1, string(c), s)
				}
				continue
			}
			if is(c, isVariant) {
				t.report(&ruleOldForm, j, j+1, string(c), variantOf[c])
			}
		}
	}
}
