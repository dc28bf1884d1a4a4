package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleIdentity = diag.Rule{ID: "Z54",
		ZH: "居民身份证号 %[1]s", EN: "an identity number %[1]s",
		FixZH: "删去，或隐去中间各位：%[2]s", FixEN: "delete it, or mask it: %[2]s"}
	ruleCard = diag.Rule{ID: "Z54",
		ZH: "银行卡号 %[1]s", EN: "a bank card number %[1]s",
		FixZH: "删去，或隐去中间各位：%[2]s", FixEN: "delete it, or mask it: %[2]s"}
	ruleMobile = diag.Rule{ID: "Z54", Severity: diag.Warning,
		ZH: "个人手机号 %[1]s", EN: "a mobile number %[1]s",
		FixZH: "删去，或改用单位电话；确要公布的，写明“联系电话”", FixEN: "delete it or give the office's; say 联系电话 where it is meant to be public"}
)

var personal = Analyser{
	ID:   "Z54",
	Name: diag.T("个人信息", "personal information"),
	Doc: diag.T("身份证号按地区、日期与校验码（GB 11643）判断，15 位旧号按日期判断；银行卡号按发卡行前缀与 Luhn 校验；手机号 11 位。公网安备、备案号、统一社会信用代码、订单号、文号等不报，写明“联系电话、咨询电话、举报电话”等的手机号不报。附件和图片的文件名也查。",
		"Identity numbers by area, date and check digit (GB 11643), old ones of 15 digits by date; bank cards by prefix and Luhn digit; mobile numbers. Filing, credit and order numbers are exempt, and so are mobile numbers announced as contact. Names of attachments and pictures are looked at, too."),
	Mistaken: diag.T("恰好通过校验的编号：前面写明“编号”“单号”等即不报。", "Numbers that pass by chance: say what they are (编号, 单号)."),
	Bad:      []string{"张三，11010519491231002X", "卡号为 6222020000000000000", "李四 13800138000", "王五，440524188001010014。"},
	Good:     []string{"京公网安备 11010519491231002号", "订单编号110105194912310021", "联系电话：13800138000", "电话 010-12345678", "110105194912310021", "统一社会信用代码 91110105194912310X", "ICP备13800138000号"},
	Text:     func(t *Text) { t.personal() },
}

func (t *Text) personal() {
	any := false
	for c := '0'; c <= '9'; c++ {
		any = any || t.seen[c]
	}
	if any {
		for i := range t.Blocks {
			t.personalIn(&t.Blocks[i])
		}
	}
	for _, l := range t.Links {
		if kind, n := inName(l.Dest); kind != nil {
			t.reportBytes(kind, l.At, l.At+1, mask(n), mask(n))
		}
	}
	if t.Article != nil {
		for _, a := range t.Article.Attachments {
			if kind, n := inName(a.File.Text + " " + a.Title); kind != nil {
				t.problems.Add(kind.At(t.Article.Pos(a.File), mask(n), mask(n)))
			}
		}
	}
}

// inName looks for a number in the name of a file.
func inName(name string) (*diag.Rule, string) {
	if strings.Contains(name, "://") {
		return nil, ""
	}
	for _, n := range strings.FieldsFunc(name, func(c rune) bool { return !digit(c) && c != 'X' && c != 'x' }) {
		if r := private(n); r == &ruleIdentity || r == &ruleCard {
			return r, n
		}
	}
	return nil, ""
}

func (t *Text) personalIn(b *article.Block) {
	for j := b.From; j < b.To; j++ {
		if !digit(t.Chars[j]) {
			continue
		}
		end, n := j, 0
		var number [24]byte
		for end < b.To && n < len(number) {
			c := t.Chars[end]
			switch {
			case digit(c):
				number[n] = byte(c)
				n++
			case (c == 'X' || c == 'x') && n == 17 && !letter(t.at(b, end+1)):
				number[n] = 'X'
				n++
				end++
				c = 0
			case (c == ' ' || c == '-') && n >= 3 && digit(t.at(b, end+1)): // 6222 0200 …
			default:
				c = 0
			}
			if c == 0 {
				break
			}
			end++
			if n == 18 && number[17] == 'X' {
				break
			}
			continue
		}
		for end > j && !digit(t.Chars[end-1]) && t.Chars[end-1]|0x20 != 'x' {
			end--
		}
		if n >= 11 && n <= 19 && !letter(t.at(b, j-1)) && !letter(t.at(b, end)) && t.at(b, j-1) != '.' {
			t.number(b, j, end, string(number[:n]))
		}
		j = max(j, end-1)
	}
}

// number reports the number from j up to end if it is someone's.
func (t *Text) number(b *article.Block, j, end int, n string) {
	kind := private(n)
	if kind == nil {
		return
	}
	before := t.string(max(b.From, j-14), j)
	if t.at(b, end) == '号' && kind != &ruleIdentity || strings.ContainsAny(before, "编編") && strings.Contains(before, "号") {
		return
	}
	for _, w := range []string{"网安备", "網安備", "备案", "信用代码", "订单", "单号", "案号", "文号", "编码", "代码", "流水", "许可证", "ISBN", "条形码", "账户序列", "证书号", "发票"} {
		if strings.Contains(before, w) {
			return
		}
	}
	if kind == &ruleMobile {
		around := t.string(max(b.From, j-40), j)
		for _, w := range []string{"电话", "電話", "热线", "熱線", "联系", "聯繫", "咨询", "諮詢", "举报", "报名", "传真", "手机：", "微信"} {
			if strings.Contains(around, w) {
				return
			}
		}
	}
	t.report(kind, j, end, mask(n), mask(n))
}

// private returns the rule that a number breaks; nil if it is nobody's.
func private(n string) *diag.Rule {
	switch {
	case len(n) == 18 && identity(n), len(n) == 15 && area(n) && date("19"+n[6:12]):
		return &ruleIdentity
	case strings.HasSuffix(n, "X"):
	case len(n) >= 16 && len(n) <= 19 && (n[:2] == "62" || len(n) == 16 && (n[0] == '4' || n[0] == '5' && n[1] >= '1' && n[1] <= '5')) && luhn(n):
		return &ruleCard
	case len(n) == 11 && n[0] == '1' && n[1] >= '3':
		return &ruleMobile
	}
	return nil
}

// identity reports whether n is an identity number: GB 11643, check digit of ISO 7064 MOD 11-2.
func identity(n string) bool {
	if !area(n) || !date(n[6:14]) {
		return false
	}
	sum := 0
	for i, w := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		if n[i] == 'X' {
			return false
		}
		sum += int(n[i]-'0') * w
	}
	return "10X98765432"[sum%11] == n[17]
}

// area reports whether n starts with the code of a province.
func area(n string) bool {
	switch n[0] {
	case '1':
		return n[1] >= '1' && n[1] <= '5'
	case '2':
		return n[1] >= '1' && n[1] <= '3'
	case '3':
		return n[1] >= '1' && n[1] <= '7'
	case '4':
		return n[1] >= '1' && n[1] <= '6'
	case '5':
		return n[1] >= '0' && n[1] <= '4'
	case '6':
		return n[1] >= '1' && n[1] <= '5'
	case '7', '8':
		return n[1] >= '1' && n[1] <= '3'
	}
	return false
}

// date reports whether s, YYYYMMDD, can be a day of birth.
func date(s string) bool {
	month, day := int(s[4]-'0')*10+int(s[5]-'0'), int(s[6]-'0')*10+int(s[7]-'0')
	return (s[:2] == "18" || s[:2] == "19" || s[:2] == "20") && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// luhn checks the last digit of a card number.
func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mask hides the middle of a number.
func mask(n string) string {
	head, tail := 3, 2
	if len(n) > 11 {
		head = 6
	}
	return n[:head] + strings.Repeat("*", len(n)-head-tail) + n[len(n)-tail:]
}
