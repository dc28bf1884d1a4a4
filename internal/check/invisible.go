package check

import (
	"fmt"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/diag"
)

var (
	ruleInvisible = diag.Rule{ID: "Z06", Severity: diag.Warning,
		ZH: "看不见的字符 %[1]s", EN: "invisible character %[1]s",
		FixZH: "删去它", FixEN: "delete it"}
	rulePrivate = diag.Rule{ID: "Z06", Severity: diag.Warning,
		ZH: "专用区字符 %[1]s，读者的电脑多半显示为方框", EN: "private-use character %[1]s: most readers see a box",
		FixZH: "改用正式编码的字；没有的，用文字说明", FixEN: "use a character of Unicode proper, or describe it"}
	ruleRadical = diag.Rule{ID: "Z06", Severity: diag.Warning,
		ZH: "“%[1]s”是部首符号，不是汉字，搜索时找不到", EN: "%[1]s is a radical, not a character: it cannot be searched for",
		FixZH: "改为“%[2]s”", FixEN: "write %[2]s"}
)

var invisible = Analyser{
	ID: "Z06", Severity: diag.Warning, Mends: Safely,
	Name: diag.T("控制与专用字符", "control and private characters"),
	Doc: diag.T("从 Word、网页或 PDF 粘贴来的控制字符、零宽字符、双向控制符、专用区字符、部首符号。--fix 只删看不见的字符。",
		"Control characters, zero-width and bidirectional ones, private-use characters and radicals, pasted from documents. --fix deletes only invisible ones."),
	Mistaken: diag.T("表情符号里的连接符、变体选择符不报。单位自造字请改用正式编码。", "Joiners within emoji are left alone."),
	Bad:      []string{"党\u200b建工作", "生僻字\ue5e5", "⽂件", "\u202e倒排"},
	Good:     []string{"👨‍👩‍👧一家人", "❤️关爱", "文件", "می\u200cخواهم"},
	Text:     func(t *Text) { t.invisible() },
}

func (t *Text) invisible() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			if c >= 0x4e00 && c <= 0x9fff || c >= ' ' && c < 0x7f || c == '\n' || c >= 0x3000 && c < 0x30ff || c >= 0xff00 && c < 0xffe0 {
				continue
			}
			switch {
			case c == 0x200d && (b.From < j && t.Chars[j-1] >= 0x2600 || t.at(b, j+1) >= 0x1f000): // within an emoji
			case c >= 0x200c && c <= 0x200f && (joins(t.at(b, j-1)) || joins(t.at(b, j+1))):
			case c < ' ', c >= 0x7f && c < 0xa0, c >= 0x200b && c <= 0x200f, c >= 0x202a && c <= 0x202e, c >= 0x2060 && c <= 0x206f, c == 0xfeff, c == 0xad:
				t.mend(&ruleInvisible, j, j+1, "", fmt.Sprintf("U+%04X", c))
			case c >= 0xe000 && c <= 0xf8ff, c >= 0xf0000 && c < 0x110000:
				t.report(&rulePrivate, j, j+1, fmt.Sprintf("U+%04X", c))
			case c >= 0x2e80 && c <= 0x2fdf:
				if s := norm.NFKC.String(string(c)); s != string(c) {
					t.report(&ruleRadical, j, j+1, string(c), s)
				}
			}
		}
	}
}

// joins reports whether c is of a script from Hebrew to Mongolian, some of which need joiners and marks of direction.
func joins(c rune) bool { return c >= 0x590 && c < 0x1d00 }

// compat returns the character that a compatibility character stands for.
func compat(c rune) string {
	if s := norm.NFC.String(string(c)); s != string(c) {
		return s
	}
	return ""
}
