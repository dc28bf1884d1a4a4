package hanzi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name converts a list of people and bodies, as the author, editor or reviewer of an
// article is given: 于洋、范军, 本报记者 后小里, 机关党委.
//
// The list is parted at whatever is no Han character, and after a role such as
// 记者 or 通讯员. A part is taken for a person's name if it has two or three characters, up to
// four with a compound surname, begins with a surname, and does not end as bodies do (局,
// 办, 委 …). A name is converted character by character, so that no phrase makes it an
// accident (于是之 is no 於是); of simplified surnames those that were never another
// character stay (于, 范, 后, 里), and so does 乾 in a traditional name. Parts that are no names are converted as by
// String. Terms of the site go before all this.
//
// It is a rule of thumb: a given name may need its own form (云 for 雲), and a body
// of three characters without such an ending may look like a name. Terms settle that.
func (c *Converter) Name(list string) string {
	var b strings.Builder
	for list != "" {
		n := strings.IndexFunc(list, isHan)
		if n < 0 {
			n = len(list)
		}
		b.WriteString(c.String(list[:n]))
		list = list[n:]
		n = strings.IndexFunc(list, func(r rune) bool { return !isHan(r) })
		if n < 0 {
			n = len(list)
		}
		role := roleEnd(list[:n])
		b.WriteString(c.String(list[:role]))
		b.WriteString(c.part(list[role:n]))
		list = list[n:]
	}
	return b.String()
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// roles stand before a name without a space.
var roles = [...]string{"记者", "記者", "通讯员", "通訊員", "编辑", "編輯", "作者", "摄影", "攝影", "供稿", "主编", "主編", "责编", "責編", "审核", "審核", "校对", "校對", "编审", "編審", "文字", "撰稿", "整理"}

// roleEnd returns where the last role in s ends.
func roleEnd(s string) int {
	end := 0
	for _, role := range roles {
		if i := strings.LastIndex(s, role); i >= 0 {
			end = max(end, i+len(role))
		}
	}
	return end
}

// part converts a part of the list.
func (c *Converter) part(s string) string {
	if c.terms != nil {
		if _, ok := c.terms.next(view(s), 0, len(s)); ok {
			return c.String(s)
		}
	}
	from := c.From()
	plain := s // simplified, if the text is traditional
	if from == Hant {
		plain = c.spell(s)
	}
	surname := surnameOf(plain)
	switch n := utf8.RuneCountInString(s); {
	case surname == 0, n <= surname, n > surname+2, strings.ContainsRune(bodies, lastRune(plain)):
		return c.String(s)
	case from == Hans && surname == 1 && strings.ContainsRune(kept, firstRune(s)):
		_, w := utf8.DecodeRuneInString(s)
		return s[:w] + c.spell(s[w:])
	case from == Hant:
		if before, after, ok := strings.Cut(s, "乾"); ok {
			return c.spell(before) + "乾" + c.spell(after)
		}
	}
	return c.spell(s)
}

// spell converts s character by character.
func (c *Converter) spell(s string) string {
	src := view(s)
	for t := c.t; t != nil; t = t.next {
		out := make([]byte, 0, len(src)+t.longest)
		for i := 0; i < len(src); {
			e, n := t.at(src, i)
			var room [64]byte
			out = append(out, room[:t.alone(room[:], src[i:i+n], e)]...)
			i += n
		}
		src = out
	}
	return string(src)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// surnameOf returns the length in characters of the surname that s begins with.
func surnameOf(s string) int {
	for _, two := range strings.Fields(compounds) {
		if strings.HasPrefix(s, two) {
			return 2
		}
	}
	if r := firstRune(s); strings.ContainsRune(surnames, r) {
		return 1
	}
	return 0
}

// The surnames are those that the census of 2020 counts most often, and others
// whose simplified form is also another character; common knowledge, no source copied.
const (
	surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文" +
		"庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫肖付" +
		"郁咸朴云种占采干里适台丑后党丰仇冷练麦佟古晏苑简饶瞿银栾巫蒲邬储米滕池全敖卓楚冀匡荣娄宫褚骆糜满宗"
	compounds = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 万俟 闻人 澹台 公冶 宗政 濮阳 淳于 单于 申屠 南宫 呼延 东郭 西门"
	// kept are surnames that the characters' first candidate would change: 于 is not 於.
	kept = "于余后党郁范岳游涂咸朴云种占采干里适台丑"
	// bodies are endings of offices, firms and groups.
	bodies = "局处科部委办室院校会社厅站所党组队网报台馆中心公司厂店行署团盟联库课股园区县市省乡镇村街道庭"
)
