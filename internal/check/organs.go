package check

import (
	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleOrgan = diag.Rule{ID: "Z51",
		ZH: "“%[1]s”疑为“%[2]s”", EN: "%[1]s: %[2]s?",
		FixZH: "改为“%[2]s”", FixEN: "write %[2]s"}
	ruleBanned = diag.Rule{ID: "Z53",
		ZH: "“%[1]s”是本站禁用的词%[2]s", EN: "the site does not use %[1]s %[2]s",
		FixZH: "改写这句话；引文照录的用 zhendi-ignore 说明", FixEN: "write it otherwise, or use zhendi-ignore for quotations"}
	rulePhrase = diag.Rule{ID: "Z52", Severity: diag.Warning,
		ZH: "“%[1]s”的提法不完整：缺“%[2]s”", EN: "%[1]s is incomplete without %[2]s",
		FixZH: "补全；确是只说其中几项的，用 zhendi-ignore 说明", FixEN: "complete it"}
	rulePhraseOrder = diag.Rule{ID: "Z52", Severity: diag.Warning,
		ZH: "“%[1]s”各项的次序应为：%[2]s", EN: "the order of %[1]s is %[2]s",
		FixZH: "按规范的次序写", FixEN: "write them in that order"}
)

var organs = Analyser{
	ID:   "Z51",
	Name: diag.T("机构名称有误", "names of organs"),
	Doc: diag.T("国名、党名的常见错写，和与 terms.yaml 里 names 只差一个字的名称。names 的每个名称至少六个字才比较。",
		"Known misspellings of the country's and the party's names, and names that are one character away from one in names of terms.yaml (six characters or more)."),
	Mistaken: diag.T("另有一个只差一字的单位：把它也写进 names。", "Another unit one character away: put it into names, too."),
	Bad:      []string{"中华人民共合国成立", "中共人民共和国", "人民攻府"},
	Good:     []string{"中华人民共和国", "人民政府", "攻坚政府"},
	Text:     func(t *Text) { t.organs() },
}

var organSlips = slips(`中华人民共合国 中华人民共和国 中华人民共各国 中华人民共和国 中共人民共和国 中华人民共和国 中国人民共和国 中华人民共和国
中华人民大和国 中华人民共和国 中华人名共和国 中华人民共和国 中华人民共国 中华人民共和国 中国共产常 中国共产党 中国共党 中国共产党 中共党产党 中国共产党 人民攻府 人民政府 市攻府 市政府 县攻府 县政府 省攻府 省政府
人民待表 人民代表 党中殃 党中央 党中央央 党中央 国务员 国务院 总书计 总书记 总书籍 总书记 主习 主席`)

func (t *Text) organs() {
	t.each("Z51", func(h hit, b *article.Block, end int) { t.report(&ruleOrgan, h.at, end, string(h.text), h.right) })
	t.each("name", func(h hit, b *article.Block, end int) { t.nearName(h, b, h.at) })
	t.each("name-end", func(h hit, b *article.Block, end int) { t.nearName(h, b, end-len([]rune(h.right))) })
}

// nearName reports a name that is one character away from the right one, which would start at from.
func (t *Text) nearName(h hit, b *article.Block, from int) {
	want := []rune(h.right)
	if from < b.From || from+len(want) > b.To {
		return
	}
	wrong := 0
	for k, c := range want {
		if t.Chars[from+k] != c {
			if !han(t.Chars[from+k]) {
				return
			}
			wrong++
		}
	}
	if wrong != 1 {
		return
	}
	got := t.string(from, from+len(want))
	for _, n := range t.c.Names {
		if n == got {
			return
		}
	}
	t.report(&ruleOrgan, from, from+len(want), got, h.right)
}

var banned = Analyser{
	ID:   "Z53",
	Name: diag.T("禁用词", "words not used"),
	Doc: diag.T("terms.yaml 里 banned 列出的词。程序不带任何词。",
		"What banned of terms.yaml lists. The program brings none."),
	Mistaken: diag.T("引文：用 zhendi-ignore。", "Quotations: use zhendi-ignore."),
	Text: func(t *Text) {
		t.each("Z53", func(h hit, b *article.Block, end int) {
			note := ""
			switch {
			case h.right != "":
				note = "，应为“" + h.right + "”"
			case h.note != "":
				note = "（" + h.note + "）"
			}
			t.report(&ruleBanned, h.at, end, string(h.text), note)
		})
	},
}

var phrases = Analyser{
	ID: "Z52", Severity: diag.Warning,
	Name: diag.T("固定提法", "fixed phrases"),
	Doc: diag.T("terms.yaml 里 phrases 列出的成组提法，用顿号或逗号列出半数以上时，要列全、按次序。",
		"Sets of terms that phrases of terms.yaml lists: where more than half stand in a row, all should, in order."),
	Mistaken: diag.T("历史文件照录当时的提法：用 zhendi-ignore。", "Historical documents: use zhendi-ignore."),
	Text:     func(t *Text) { t.phrases() },
}

func (t *Text) phrases() {
	for _, p := range t.c.Phrases {
		var row []hit // members that follow each other
		end := func() {
			t.phrase(p, row)
			row = row[:0]
		}
		for _, h := range t.hits {
			if h.rule != "phrase" || h.right != p.Name {
				continue
			}
			if n := len(row); n > 0 {
				was := row[n-1]
				if was.block != h.block || !t.joined(was.at+len(was.text), h.at) {
					end()
				}
			}
			row = append(row, h)
		}
		end()
	}
}

// joined reports whether from i up to j stands what joins the members of a row.
func (t *Text) joined(i, j int) bool {
	for k := i; k < j; k++ {
		if !in(t.Chars[k], "、，,和及与與以“”‘’") {
			return false
		}
	}
	return i < j
}

func (t *Text) phrase(p Phrase, row []hit) {
	names := map[string]bool{}
	for _, h := range row {
		names[string(h.text)] = true
	}
	if len(names) < 2 || len(names)*2 <= len(p.Members) {
		return
	}
	from, to := row[0].at, row[len(row)-1].at+len(row[len(row)-1].text)
	missing, all, last, order := "", "", -1, true
	for k, m := range p.Members {
		found := -1
		for _, h := range row {
			if string(h.text) == m {
				found = h.at
			}
		}
		switch {
		case found < 0:
			missing += map[bool]string{true: "、"}[missing != ""] + m
		case found < last:
			order = false
		default:
			last = found
		}
		all += map[bool]string{true: "、"}[k > 0] + m
	}
	switch {
	case missing != "":
		t.report(&rulePhrase, from, to, p.Name, missing)
	case !order:
		t.report(&rulePhraseOrder, from, to, p.Name, all)
	}
}
