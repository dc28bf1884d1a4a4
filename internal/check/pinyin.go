package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	rulePinyin = diag.Rule{ID: "Z01",
		ZH: "“%[1]s”后面残留拼音“%[2]s”", EN: "pinyin %[2]s left over after %[1]s",
		FixZH: "删去括号与拼音", FixEN: "delete the brackets and the pinyin"}
	rulePinyinRare = diag.Rule{ID: "Z01", Severity: diag.Info,
		ZH: "“%[1]s”后面的拼音“%[2]s”是注音还是残留？", EN: "is the pinyin %[2]s after %[1]s meant?",
		FixZH: "不是有意注音就删去", FixEN: "delete it if it is not"}
	rulePlainPinyin = diag.Rule{ID: "Z02",
		ZH: "“%[1]s”后面残留拼音“%[2]s”", EN: "pinyin %[2]s left over after %[1]s",
		FixZH: "删去括号与拼音", FixEN: "delete the brackets and the pinyin"}
)

var pinyin = Analyser{
	ID: "Z01", Mends: Safely,
	Name: diag.T("拼音残留", "pinyin left over"),
	Doc: diag.T("从别处采集的网页常在常用字后面留下带声调的拼音。汉字后面的括号里是这个字的通常读音，就是残留；注音的人注的是生僻字和不通常的读音。全文仅一处且是生僻字的，只提示。",
		"Pages taken from elsewhere often keep toned pinyin after common characters. Brackets with the usual reading of the character before them are such; who annotates on purpose annotates rare characters and unusual readings. A single one after a rare character is only noted."),
	Mistaken: diag.T("识字教材、读音讲解：用 zhendi-ignore 说明。", "Reading lessons: use zhendi-ignore."),
	Bad:      []string{"长春市有个西双河小區(qū)。", "黨員幹部轉(zhuǎn)變工作作風。", "使用（yòng）中国（guó）技术。"},
	Good:     []string{"番(pān)禺、六(lù)安、单(shàn)县都是地名。", "增值税(VAT)发票", "荀彧(yù)是谋士。", "东莞(Dōng guǎn)在广东。"},
	Text:     func(t *Text) { t.pinyin() },
}

var plainPinyin = Analyser{
	ID: "Z02", Mends: Safely,
	Name: diag.T("无声调拼音残留", "toneless pinyin left over"),
	Doc: diag.T("汉字后面的括号里是这个字读音的字母，每千字有五处以上，就是残留；少于此数的不报。",
		"Letters of a character's reading in brackets after it, five or more to a thousand characters."),
	Mistaken: diag.T("拼音教材：用 zhendi-ignore 说明。", "Reading lessons: use zhendi-ignore."),
	Bad:      []string{"当(dang)地群众(zhong)反映道路(lu)狭窄，村(cun)里(li)修路。"},
	Good:     []string{"微(wei)信是软件。", "增值税(VAT)、北京(BJ)、上海(SH)、广州(GZ)、深圳(SZ)、天津(TJ)。"},
	Text:     func(t *Text) {}, // Z01 finds both in one pass
}

// syllable is a bracket after a character that may hold its reading.
type syllable struct {
	at, end int // from the bracket to behind it
	han     rune
	sound   string
	usual   bool // it is the character's usual reading
	toned   bool
}

// maxSyllable is the length of the longest syllable, zhuang.
const maxSyllable = 6

// pinyin finds both kinds of leftovers.
func (t *Text) pinyin() {
	var toned, plain []syllable
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 1; j < b.To; j++ {
			if c := t.Chars[j]; c != '(' && c != '（' || !han(t.Chars[j-1]) {
				continue
			}
			if s, ok := t.syllable(b, j); ok {
				if s.toned {
					toned = append(toned, s)
				} else if s.usual {
					plain = append(plain, s)
				}
				j = s.end - 1
			}
		}
	}
	t.reportToned(toned)
	if n := len(plain); n >= 5 && n*1000 >= 5*len(t.Chars) {
		for _, s := range plain {
			t.mend(&rulePlainPinyin, s.at, s.end, "", string(s.han), s.sound)
		}
	}
}

// reportToned reports leftovers with tones. Where most are usual readings, the others are leftovers, too.
func (t *Text) reportToned(all []syllable) {
	usual := 0
	for _, s := range all {
		if s.usual {
			usual++
		}
	}
	many := usual >= 3 && usual*2 > len(all)
	for _, s := range all {
		switch {
		case many, s.usual && common(s.han):
			t.mend(&rulePinyin, s.at, s.end, "", string(s.han), s.sound)
		case s.usual:
			t.report(&rulePinyinRare, s.at, s.end, string(s.han), s.sound)
		}
	}
}

// syllable reads the bracket at j, which stands after a Chinese character.
func (t *Text) syllable(b *article.Block, j int) (s syllable, ok bool) {
	end := j + 1
	for end < b.To && end-j <= maxSyllable+1 && (letter(t.Chars[end]) || t.Chars[end] >= 0xe0 && t.Chars[end] <= 0x1dc || t.Chars[end] == 'ɡ' || t.Chars[end] == 'ɑ') {
		end++
	}
	if end == j+1 || end >= b.To || t.Chars[end] != ')' && t.Chars[end] != '）' {
		return s, false
	}
	sound := strings.NewReplacer("ɡ", "g", "ɑ", "a").Replace(strings.ToLower(t.string(j+1, end)))
	s = syllable{at: j, end: end + 1, han: t.Chars[j-1], sound: sound}
	plain := toneless(sound)
	s.toned = plain != sound
	want := readings()[s.han]
	s.usual = want == sound || !s.toned && toneless(want) == sound
	return s, s.toned && isSyllable(plain) || s.usual
}

// isSyllable reports whether s, without tone, can be a syllable of Mandarin.
func isSyllable(s string) bool {
	for _, sound := range readings() {
		if toneless(sound) == s {
			return true
		}
	}
	return false
}
