package article

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a dateline, in characters.
const (
	maxAgency  = 16 // 新华社呼和浩特12月31日电
	maxCredits = 60 // what stands between the brackets
)

// roles are the words for who wrote a report; 特约 and 见习 may go before them.
var roles = []string{"通讯员", "通訊員", "记者", "記者", "特约记者", "特約記者", "特约通讯员", "特約通訊員",
	"见习记者", "見習記者", "实习记者", "實習記者", "实习生", "實習生", "作者", "供稿", "报道", "報道", "文", "图", "圖", "摄影", "攝影"}

// ParseDateline cuts the credit off the start of a report: an agency of 2 to 16 characters
// that ends in 讯 or 电, then brackets, half- or full-width, with names after roles
// or after a unit and a colon:
//
//	清风网讯(通讯员: 许灵锋、张学锋)  本报讯（记者 张三 通讯员 李四 王五）
//	中國甘肅在線訊(瓜州縣柳園鎮:李惠玲)  新华社北京3月1日电（记者张三）
//
// rest is the text after it. Text that only looks like one is left alone: what is in
// the brackets must give a name or a role.
func ParseDateline(text string) (d Dateline, rest string, ok bool) {
	agency, after, found := cutAgency(text)
	if !found {
		return Dateline{}, text, false
	}
	after = strings.TrimLeftFunc(after, indentRune)
	credits, rest, found := cutBrackets(after)
	if !found {
		return Dateline{}, text, false
	}
	d = Dateline{Agency: agency}
	role := d.credits(credits)
	if !role && len(d.Names) == 0 {
		return Dateline{}, text, false
	}
	return d, rest, true
}

// cutAgency cuts 清风网讯 off the start of text.
func cutAgency(text string) (agency, rest string, ok bool) {
	start := len(text) - len(strings.TrimLeftFunc(text, indentRune))
	chars := 0
	for i, c := range text[start:] {
		if chars++; chars > maxAgency {
			break
		}
		end := start + i + utf8.RuneLen(c)
		if strings.ContainsRune("讯訊电電", c) && chars >= 2 {
			next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text[end:], indentRune))
			if next == '(' || next == '（' {
				return strings.TrimSpace(text[start:end]), text[end:], true
			}
		}
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune(" ·《》“”", c) {
			break
		}
	}
	return "", "", false
}

// cutBrackets cuts （…） off the start of text.
func cutBrackets(text string) (inside, rest string, ok bool) {
	open, size := utf8.DecodeRuneInString(text)
	if open != '(' && open != '（' {
		return "", "", false
	}
	chars := 0
	for i, c := range text[size:] {
		if c == ')' || c == '）' {
			return text[size : size+i], text[size+i+utf8.RuneLen(c):], true
		}
		if chars++; chars > maxCredits || c == '(' || c == '（' || c == '。' || c == '\n' {
			break
		}
	}
	return "", "", false
}

// credits reads what stands in the brackets and reports whether a role was named.
func (d *Dateline) credits(s string) (role bool) {
	fields := strings.FieldsFunc(s, func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune("、，,；;/＋+", c) || c == 0x3000 || c == 0xa0
	})
	for _, f := range fields {
		before, after, colon := cutColon(f)
		if colon {
			if isRole(before) {
				role = true
			} else if before != "" && d.Unit == "" {
				d.Unit = before
			}
			f = after
		}
		f, named := trimRole(f)
		role = role || named
		if isName(f) {
			d.Names = append(d.Names, f)
		}
	}
	d.joinHalves(fields)
	return role
}

// joinHalves mends a name of two characters set apart for looks: 李 伟.
func (d *Dateline) joinHalves(fields []string) {
	for i := 0; i+1 < len(fields); i++ {
		a, _ := trimRole(fields[i])
		if _, after, ok := cutColon(a); ok {
			a = after
		}
		if single(a) && single(fields[i+1]) && !isRole(a+fields[i+1]) {
			d.Names = append(d.Names, a+fields[i+1])
			i++
		}
	}
}

func single(s string) bool {
	c, n := utf8.DecodeRuneInString(s)
	return n == len(s) && n > 0 && unicode.Is(unicode.Han, c) && !strings.ContainsRune("文图圖", c)
}

func cutColon(s string) (before, after string, ok bool) {
	if i := strings.IndexAny(s, ":："); i >= 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		return s[:i], s[i+n:], true
	}
	return "", s, false
}

// isRole reports whether s is a word for who wrote a report.
func isRole(s string) bool { return slices.Contains(roles, cutOwn(s)) }

// cutOwn cuts 本报 or 本网 off the start of s.
func cutOwn(s string) string {
	for _, own := range []string{"本报", "本報", "本网", "本網"} {
		if rest, ok := strings.CutPrefix(s, own); ok {
			return rest
		}
	}
	return s
}

// trimRole cuts a role off the start of s, if what remains is a name or nothing.
func trimRole(s string) (rest string, ok bool) {
	own := cutOwn(s)
	for _, r := range roles {
		rest, ok := strings.CutPrefix(own, r)
		if ok && (rest == "" || len(r) > len("文") && isName(rest)) {
			return rest, true
		}
	}
	return s, false
}

// isName reports whether s looks like a person's name: 2 to 4 Han characters, or more
// with a middle dot. Words for units and places are none.
func isName(s string) bool {
	if isRole(s) {
		return false
	}
	n, dot := 0, false
	for i, c := range s {
		switch {
		case unicode.Is(unicode.Han, c):
			n++
		case (c == '·' || c == '•') && i > 0:
			dot = true
		default:
			return false
		}
	}
	if n < 2 || n > 4 && !dot || n > 12 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	return n < 3 || dot || !strings.ContainsRune("局委办部处科县縣市区區镇鎮乡鄉村社院校厅廳署团團队隊组組站台网網报報", last)
}
