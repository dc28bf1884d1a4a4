package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var ruleFarm = diag.Rule{ID: "Z31", Severity: diag.Warning,
	ZH: "“%[1]s”是范文网站的套话", EN: "%[1]s is a phrase of content farms",
	FixZH: "删去这句话，并核实稿件的来源", FixEN: "delete it, and find out where the text comes from"}

var farm = Analyser{
	ID: "Z31", Severity: diag.Warning,
	Name: diag.T("范文网站套话", "content-farm phrases"),
	Doc: diag.T("标题和开头、结尾几段里的“小编为大家整理”“供大家参考”“（全文完整）”“网友投稿”等。",
		"In the title and the first and last paragraphs."),
	Mistaken: diag.T("评论这种现象的稿件：用 zhendi-ignore。", "Texts about such pages: use zhendi-ignore."),
	Bad:      []string{"下面是小编为大家整理的工作汇报，供大家参考。", "---¶title: 品牌成效汇报(全文完整)¶---¶正文。"},
	Good:     []string{"现将方案印发，供参考。", "小编制、大作为"},
	Text: func(t *Text) {
		last := -1
		t.each("Z31", func(h hit, b *article.Block, end int) {
			if edge := 4; b.Kind != article.Field && h.block > t.fieldsEnd()+edge && h.block < len(t.Blocks)-edge || h.at < last {
				return
			}
			t.report(&ruleFarm, h.at, end, string(h.text))
			last = end
		})
	},
}

// fieldsEnd is the index of the last block of the front matter.
func (t *Text) fieldsEnd() int {
	n := -1
	for i := range t.Blocks {
		if t.Blocks[i].Kind == article.Field {
			n = i
		}
	}
	return n
}

var farmPhrases = strings.Fields(`小编为大家整理 小编给大家整理 小编整理了 小編為大家整理 供大家参考 供大家參考 仅供参考，欢迎 (全文完整) （全文完整） 全文完整版
网友投稿 欢迎阅读与收藏 欢迎大家阅读借鉴 希望对大家有所帮助 希望能帮到大家 希望对你有帮助 更多精彩内容请关注 更多相关文章 本文来源于网络 本文来自网络
如有侵权请联系 如有侵权，请联系 版权归原作者所有 范文大全 精选范文 免费下载全文 下载全文 篇一： 篇1：`)

var ruleResidue = diag.Rule{ID: "Z32",
	ZH: "正文里混入了网页上的“%[1]s”", EN: "%[1]s was copied from a page's furniture",
	FixZH: "删去它；它所在的句子要对照原文补全", FixEN: "delete it, and restore the sentence around it"}

var residue = Analyser{
	ID:   "Z32",
	Name: diag.T("网页部件残留", "furniture of pages"),
	Doc: diag.T("登录框、验证码、字号按钮、分享条等随复制混进正文的字样。“当前隐藏内容免费查看”之类在句中也报；“上一篇”“打印本页”等只在自成一行时报。",
		"Words of login boxes, captchas, font buttons and share bars that came along with the text; some wherever they stand, others only on a line of their own."),
	Mistaken: diag.T("介绍网站功能的稿件：用 zhendi-ignore。", "Texts about the site itself: use zhendi-ignore."),
	Bad:      []string{"大力开展” 当前隐藏内容免费查看‘三家’工作法", "看不清?点击更换", "阅读次数：123", "【字体大小：大 中 小】", "上一篇：某某通知"},
	Good:     []string{"上一篇报道说明了情况，下一篇将继续。", "请分享到工作群，让更多党员看到这个好做法并学起来。"},
	Text: func(t *Text) {
		last := -1
		t.each("Z32", func(h hit, b *article.Block, end int) {
			whole := strings.HasPrefix(string(h.text), "当前") || strings.HasPrefix(string(h.text), "當前") || strings.HasPrefix(string(h.text), "看不清")
			if h.at < last || !whole && (h.at > b.From+1 || b.To-b.From > 24 || strings.ContainsAny(t.string(b.From, b.To), "。，")) {
				return
			}
			t.report(&ruleResidue, h.at, end, string(h.text))
			last = end
		})
	},
}

var residues = strings.Fields(`当前隐藏内容免费查看 當前隱藏內容免費查看 当前隐藏内容 看不清?点击更换 看不清？点击更换 看不清，换一张 看不清，点击更换 (答案:) （答案：） 用户登录 免费注册 忘记密码
阅读次数: 阅读次数： 浏览次数: 浏览次数： 点击数: 点击数： 閱讀次數: 字体大小: 字体大小： 【字体 【字号 字号：默认 分享到: 分享到： 分享到 上一篇: 上一篇： 下一篇: 下一篇： 上一条: 上一条： 下一条: 下一条：
打印本页 关闭窗口 【打印】 【关闭】 扫一扫在手机打开当前页 我要纠错 加入收藏 设为首页 返回顶部 点击查看更多 展开全文 阅读原文 责任编辑: 今天是`)

var ruleSecret = diag.Rule{ID: "Z55", Severity: diag.Warning,
	ZH: "“%[1]s”是密级或内部标志，这篇稿件能公开吗？", EN: "%[1]s marks a secret or internal paper: may it be published?",
	FixZH: "先由保密审查确认；不能公开的写 audience: internal 或撤下", FixEN: "have it cleared first; write audience: internal or take it back"}

var secrecyMark = Analyser{
	ID: "Z55", Severity: diag.Warning,
	Name: diag.T("密级标志", "secrecy marks"),
	Doc: diag.T("稿件开头几行、自成一行的“秘密”“机密★”“内部资料”“注意保存”“不得外传”等。正文句子里提到不报。",
		"Marks such as 秘密 and 内部资料 on a line of their own near the top; not where a sentence mentions them."),
	Mistaken: diag.T("保密宣传的稿件：用 zhendi-ignore。", "Articles about secrecy: use zhendi-ignore."),
	Bad:      []string{"机密★三年¶¶关于某事的通知", "内部资料 注意保存¶¶正文。"},
	Good:     []string{"各单位要保守国家秘密，做好内部资料管理。"},
	Text:     func(t *Text) { t.secrecy() },
}

func (t *Text) secrecy() {
	seen := 0
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Kind != article.Paragraph && b.Kind != article.Title || b.From == b.To {
			continue
		}
		if seen++; seen > 5 {
			return
		}
		if b.To-b.From > 16 || in(t.Chars[b.To-1], "。：，；") {
			continue
		}
		for _, w := range []string{"绝密", "机密", "秘密", "内部资料", "內部資料", "内部文件", "不得外传", "注意保存", "内部参阅"} {
			if rs := []rune(w); t.has(b, b.From, rs) {
				t.report(&ruleSecret, b.From, b.From+len(rs), w)
				break
			}
		}
	}
}
