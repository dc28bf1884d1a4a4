package check

import (
	"zhendi/internal/diag"
)

var (
	ruleLost = diag.Rule{ID: "Z05",
		ZH: "这里的文字丢失了：“%[1]s”", EN: "text is lost here: %[1]s",
		FixZH: "对照原文补上", FixEN: "restore it from the original"}
	ruleFiller = diag.Rule{ID: "Z05",
		ZH: "“%[1]s”是编码出错时的填充字", EN: "%[1]s comes of a wrong encoding",
		FixZH: "对照原文改正", FixEN: "restore it from the original"}
)

var lost = Analyser{
	ID:   "Z05",
	Name: diag.T("文字丢失", "lost text"),
	Doc: diag.T("替换字符 U+FFFD、夹在汉字间的连续问号、“锟斤拷”“烫烫烫”“屯屯屯”，都是转换编码时丢了文字。",
		"The replacement character, runs of question marks among Chinese text, and the filler words of wrong encodings."),
	Mistaken: diag.T("全角问号“？？”不报。句末表示语气的半角“??”请改为全角。", "Full-width ？？ is left alone; write it so where it is meant."),
	Bad:      []string{"徐勤曾是大厅的???，如今很少。", "党\ufffd建工作", "内容锟斤拷锟斤拷", "烫烫烫烫"},
	Good:     []string{"什么？？他愣住了。", "Really?? Yes.", "馒头还是烫的。"},
	Text:     func(t *Text) { t.lost() },
}

func (t *Text) lost() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			end := j + 1
			switch c {
			case '?':
				for end < b.To && t.Chars[end] == '?' {
					end++
				}
				lostText := end > j+1 && (chinese(t.at(b, j-1)) || chinese(t.at(b, end))) && !letter(t.at(b, end)) // else an entity's, Z04
				if lostText {
					t.report(&ruleLost, j, end, t.string(j, end))
				}
			case 0xfffd:
				for end < b.To && t.Chars[end] == c {
					end++
				}
				t.report(&ruleLost, j, end, t.string(j, end))
			case '锟':
				if end = j + 3; end <= b.To && t.string(j, end) == "锟斤拷" {
					for end+3 <= b.To && t.string(end, end+3) == "锟斤拷" {
						end += 3
					}
					t.report(&ruleFiller, j, end, t.string(j, end))
				}
			case '烫', '屯':
				for end < b.To && t.Chars[end] == c {
					end++
				}
				if end >= j+3 {
					t.report(&ruleFiller, j, end, t.string(j, end))
				}
			}
			j = max(j, min(end, b.To)-1)
		}
	}
}
