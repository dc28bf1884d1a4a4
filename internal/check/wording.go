package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var ruleDoubled = diag.Rule{ID: "Z40", Severity: diag.Warning,
	ZH: "“%[1]s”重复", EN: "%[1]s stands twice",
	FixZH: "删去一个", FixEN: "delete one"}

var doubled = Analyser{
	ID: "Z40", Severity: diag.Warning,
	Name: diag.T("词语重复", "doubled words"),
	Doc: diag.T("两到四个汉字紧接着又写了一遍。“讨论讨论”这样的动词重叠、“党组织组织”这样前后两用的词、数目和拟声不报。",
		"Two to four characters that stand twice. Verbs in their tentative form, words that are noun and verb at once, numbers and sounds are left."),
	Mistaken: diag.T("诗歌、口号：用 zhendi-ignore。", "Verse and slogans: use zhendi-ignore."),
	Bad:      []string{"内部开展开展党支部自评。", "各单位要认真落实认真落实。", "他提出了的的要求。"},
	Good:     []string{"大家讨论讨论。", "党组织组织党员学习。", "一个一个地办，许许多多，常常", "哈哈哈哈", "为了了解情况", "二〇二〇年", "的的确确", "以公益为目的的组织", "说着说着就笑了", "先问能不能不开"},
	Text:     func(t *Text) { t.doubledWords() },
}

// bothWays are words of two characters that may stand twice: verbs that are said twice for "a little", and
// words that are noun and verb.
var bothWays = func() map[[2]rune]bool {
	m := map[[2]rune]bool{}
	rs := []rune("组织領導领导代表计划計劃规划規劃报告報告管理服务服務建设建設工作指导指導决定決定要求检查檢查研究讨论討論学习學習活动活動教育发展發展生产生產" +
		"培训培訓宣传宣傳保障支持监督監督编辑編輯翻译翻譯编制編制设计設計记录記錄通知调研調研总结總結评议評議测试測試商量考虑考慮休息收拾" +
		"打听打聽打扮琢磨熟悉体会體會放松放鬆锻炼鍛煉了解交流沟通溝通介绍介紹欣赏欣賞认识認識思考比较比較合计合計议论議論走走看看试试" +
		"说说想想聊聊往往常常刚刚剛剛渐渐漸漸非常十分慢慢好好天天年年人人处处處處时时時時家家户户户戶层层層層步步节节節節多多少少不断不斷永远永遠等等" +
		"热闹熱鬧高兴高興凉快涼快教训教訓反思动员動員参观參觀打扫打掃整理清理核实核實安排准备準備联系聯繫感受体验體驗表示表现表現影响影響" +
		"经营經營采访採訪统计統計预算預算使用经过經過通过通過根据根據主持合作主席会议會議委员委員需要可能必须必須如是主教越来越來出版出产出產卡拉")
	for i := 0; i+1 < len(rs); i += 2 {
		m[[2]rune{rs[i], rs[i+1]}] = true
	}
	return m
}()

func (t *Text) doubledWords() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		cs := t.Chars[b.From:b.To]
		for j := 0; j+2 < len(cs); j++ {
			c := cs[j]
			if c < 0x4e00 || c > 0x9fff {
				continue
			}
			if c == '的' && cs[j+1] == '的' && j > 0 && !in(cs[j-1], "有目标標") && !in(cs[j+2], "确確士") && chinese(cs[j-1]) {
				t.report(&ruleDoubled, b.From+j, b.From+j+2, "的")
				j++
				continue
			}
			for n := 2; n <= 4 && j+2*n <= len(cs); n++ {
				if c != cs[j+n] || !same(cs[j:j+n], cs[j+n:j+2*n]) || t.meant(b, b.From+j, n) {
					continue
				}
				t.report(&ruleDoubled, b.From+j, b.From+j+2*n, string(cs[j:j+n]))
				j += 2*n - 1
				break
			}
		}
	}
}

func same(a, b []rune) bool {
	for i := range a {
		if a[i] != b[i] || !han(a[i]) {
			return false
		}
	}
	return true
}

// meant reports whether the n characters at j may stand twice.
func (t *Text) meant(b *article.Block, j, n int) bool {
	w := t.Chars[j : j+n]
	if w[0] == '的' || w[0] == '锟' || w[n-1] == '的' || opener(t.at(b, j-1)) && closer(t.at(b, j+2*n)) {
		return true // 人口少的村的村民; 意思是“河流河流”
	}
	if w[0] == w[n-1] && (n == 2 || w[1] == w[0]) || n == 2 && bothWays[[2]rune{w[0], w[1]}] {
		return true
	}
	for _, c := range w {
		if numeral(c) || in(c, "每几半兩个個") {
			return true
		}
	}
	// a word that stands more than twice is a sound or a refrain
	return t.has(b, j+2*n, w) || t.has(b, j-n, w) || n == 2 && (w[1] == '着' || w[1] == '著' || w[1] == '不' || w[0] == '很' || w[0] == '太' || w[0] == '最' || w[1] == '了' || w[0] == '又' || w[0] == '再')
}

var ruleConfusable = diag.Rule{ID: "Z41", Severity: diag.Warning,
	ZH: "“%[1]s”疑为“%[2]s”", EN: "%[1]s: %[2]s?",
	FixZH: "改为“%[2]s”；照录原文的用 zhendi-ignore", FixEN: "write %[2]s"}

var confusable = Analyser{
	ID: "Z41", Severity: diag.Warning,
	Name: diag.T("易错词", "confusable words"),
	Doc: diag.T("程序自带的易错词表：只收几乎没有正确用法的写法，简繁两种文字都查。本站自己的易错词写在 terms.yaml 的 words 里（Z44）。",
		"A table of misspellings that have hardly any right use, in both scripts. The site's own go into words of terms.yaml (Z44)."),
	Mistaken: diag.T("讲解错别字的稿件：用 zhendi-ignore，或把词放在反引号里。", "Texts about misspellings: use zhendi-ignore."),
	Bad:      []string{"双方签定了承诺书。", "在干部列會上表揚", "不能作表面文章。", "秸杆禁烧", "部暑工作"},
	Good:     []string{"签字定案", "陈列会场", "工作表面上", "再接再厉", "系列会议"},
	Text: func(t *Text) {
		t.each("Z41", func(h hit, b *article.Block, end int) {
			if h.text[0] == '既' && strings.ContainsAny(t.string(end, min(b.To, end+40)), "又更也") {
				return // 既使甲，又使乙
			}
			t.report(&ruleConfusable, h.at, end, string(h.text), h.right)
		})
	},
}

// confusables are misspellings and what is meant; /… lists characters beside them that make them
// something else.
var confusables = slips(`
签定 签订 列会 例会 /陈排系并前出罗队同 责任性 责任心 /质 作表面文章 做表面文章 /工当 部暑 部署 布署 部署 既使 即使 秸杆 秸秆 截止目前 截至目前
按装 安装 /配 甘败下风 甘拜下风 自抱自弃 自暴自弃 针贬 针砭 泊来品 舶来品 脉博 脉搏 松驰 松弛 一愁莫展 一筹莫展 穿流不息 川流不息
精萃 精粹 渡假村 度假村 防碍 妨碍 幅射 辐射 天翻地复 天翻地覆 言简意骇 言简意赅 气慨 气概 一股作气 一鼓作气 悬梁刺骨 悬梁刺股
粗旷 粗犷 食不裹腹 食不果腹 震憾 震撼 侯车室 候车室 迫不急待 迫不及待 一如继往 一如既往 草管人命 草菅人命 娇揉造作 矫揉造作
一诺千斤 一诺千金 不径而走 不胫而走 峻工 竣工 不落巢臼 不落窠臼 烩炙人口 脍炙人口 打腊 打蜡 鼎立相助 鼎力相助 再接再励 再接再厉
在接再厉 再接再厉 老俩口 老两口 黄梁美梦 黄粱美梦 水笼头 水龙头 杀戳 杀戮 痉孪 痉挛 美仑美奂 美轮美奂 蛛丝蚂迹 蛛丝马迹
萎糜不振 萎靡不振 沉缅 沉湎 默守成规 墨守成规 大姆指 大拇指 沤心沥血 呕心沥血 出奇不意 出其不意 修茸 修葺 亲睐 青睐
磬竹难书 罄竹难书 入场卷 入场券 声名雀起 声名鹊起 发韧 发轫 欣尝 欣赏 谈笑风声 谈笑风生 人情事故 人情世故 有持无恐 有恃无恐
追朔 追溯 /扑 鬼鬼崇崇 鬼鬼祟祟 金榜提名 金榜题名 走头无路 走投无路 趋之若骛 趋之若鹜 洁白无暇 洁白无瑕 渲泄 宣泄 寒喧 寒暄
膺品 赝品 竭泽而鱼 竭泽而渔 滥芋充数 滥竽充数 世外桃园 世外桃源 脏款 赃款 饮鸠止渴 饮鸩止渴 旁证博引 旁征博引 灸手可热 炙手可热
姿意妄为 恣意妄为 编篡 编纂 招聘启示 招聘启事 寻人启示 寻人启事 征文启示 征文启事 征集启示 征集启事 报名需知 报名须知 参观需知 参观须知
坐谈会 座谈会 严惩不怠 严惩不贷 坚守自盗 监守自盗 按步就班 按部就班 己经 已经 /自知律 自已 自己 /能 
进一部 进一步 /门分 党枝部 党支部 支部书计 支部书记 民主声活会 民主生活会 组织声活 组织生活 主题党曰 主题党日 三会一可 三会一课
通迅 通讯 /交速 竟赛 竞赛 竟争 竞争 拔款 拨款 /海选 拔付 拨付 未位 末位 /从并尚仍 贯切 贯彻 贯撤 贯彻 幕捐 募捐 /开闭谢 慕捐 募捐 慰籍 慰藉
辨公 办公 /明 协义 协议 复盖 覆盖 /回批答 重迭 重叠 竞竞业业 兢兢业业 兢兢业业业 兢兢业业 心心相映 心心相印 同仇敌慨 同仇敌忾 慷概 慷慨
不可思异 不可思议 相形见拙 相形见绌 罪不容株 罪不容诛 刚复自用 刚愎自用 插科打浑 插科打诨 出类拔粹 出类拔萃 阴谋鬼计 阴谋诡计
功亏一溃 功亏一篑 惮精竭虑 殚精竭虑 各行其事 各行其是 变本加利 变本加厉 不记其数 不计其数 别出新裁 别出心裁 不加思索 不假思索
唉声叹汽 唉声叹气 名列前矛 名列前茅 得不尝失 得不偿失 委屈求全 委曲求全 融汇贯通 融会贯通 励精图志 励精图治 殊途同规 殊途同归
义不容词 义不容辞 迎刀而解 迎刃而解 一张一驰 一张一弛 张驰有度 张弛有度 有的放失 有的放矢 直接了当 直截了当 众志成诚 众志成城
责无旁代 责无旁贷 精神焕发发 精神焕发 先进世迹 先进事迹 政治觉误 政治觉悟 战斗堡磊 战斗堡垒 战斗保垒 战斗堡垒 先锋摸范 先锋模范
党风连政 党风廉政 反腐昌廉 反腐倡廉 脱贫攻艰 脱贫攻坚 乡村震兴 乡村振兴 基层冶理 基层治理 综和治理 综合治理 统筹协凋 统筹协调
群众路钱 群众路线 四风问提 四风问题 深人贯彻 深入贯彻 深人学习 深入学习 深人基层 深入基层 深人推进 深入推进 全面落买 全面落实 抓好落买 抓好落实
`)

var ruleTerm = diag.Rule{ID: "Z44", Severity: diag.Info,
	ZH: "“%[1]s”本站写作“%[2]s”%[3]s", EN: "the site writes %[2]s for %[1]s %[3]s",
	FixZH: "改为“%[2]s”", FixEN: "write %[2]s"}

var terms = Analyser{
	ID: "Z44", Severity: diag.Info,
	Name: diag.T("本站用词", "the site's words"),
	Doc: diag.T("terms.yaml 里 words 列出的写法；程序自带的只有 Wi-Fi、QQ、App 的大小写。",
		"What words of terms.yaml lists; of its own the program only knows the case of Wi-Fi, QQ and App."),
	Mistaken: diag.T("引用别人的写法：用 zhendi-ignore。", "Quotations: use zhendi-ignore."),
	Bad:      []string{"提供wifi、桌椅等", "工作信息交流qq群"},
	Good:     []string{"提供 Wi-Fi、桌椅等", "QQ群", "wifi6e.example"},
	Text: func(t *Text) {
		t.each("Z44", func(h hit, b *article.Block, end int) {
			if letter(h.text[0]) && (letter(t.at(b, h.at-1)) || letter(t.at(b, end)) || digit(t.at(b, end)) || in(t.at(b, end), ".@-") && end < b.To) {
				return
			}
			note := h.note
			if note != "" {
				note = "（" + note + "）"
			}
			t.report(&ruleTerm, h.at, end, string(h.text), h.right, note)
		})
	},
}

var usualTerms = slips(`wifi Wi-Fi WIFI Wi-Fi WiFi Wi-Fi qq QQ`)

var ruleDe = diag.Rule{ID: "Z42", Severity: diag.Info,
	ZH: "“%[1]s”的“的”疑为“%[2]s”", EN: "的 in %[1]s: %[2]s?",
	FixZH: "动词、形容词后表示程度用“得”，动词前用“地”", FixEN: "得 after a verb, 地 before one"}

var structural = Analyser{
	ID: "Z42", Severity: diag.Info,
	Name: diag.T("的、地、得", "的, 地, 得"),
	Doc: diag.T("只查几种有把握的：“抓的紧、干的好、做的怎么样”应为“得”；“有效的维护、扎实的推进”应为“地”。",
		"Only a few sure patterns: verb + 的 + result, and adverb + 的 + verb."),
	Mistaken: diag.T("“有效的维护”也可以是名词短语，所以只提示。", "Some are noun phrases: only noted."),
	Bad:      []string{"工作抓的緊而想的少。", "解决干的怎么样的问题。", "有效的維護了社會穩定。", "实实在在的推出了举措。"},
	Good:     []string{"工作抓得紧。", "有效的措施", "干的活很多", "做的好事"},
	Text:     func(t *Text) { t.structural() },
}

func (t *Text) structural() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 1; j+2 < b.To; j++ {
			if t.Chars[j] != '的' {
				continue
			}
			v, n, n2 := t.Chars[j-1], t.Chars[j+1], t.Chars[j+2]
			switch {
			case in(v, "抓干做办辦想学學讲講说說写寫管走跑") && (in(n, "紧緊少多好快实實细細严嚴") && in(n2, "，,。；;、而")) || in(v, "抓干做办辦") && n == '怎' && n2 == '么':
				t.report(&ruleDe, j-1, j+2, t.string(j-1, j+2), "得")
			case t.has(b, j-2, []rune("有效")) && t.before(b, j, "维护維護促进促進推动推動提升解决解決"), t.before(b, j, "推出推进推進开展開展落实落實提高") && (t.has(b, j-4, []rune("实实在在")) || t.has(b, j-2, []rune("扎实")) || t.has(b, j-2, []rune("切实")) || t.has(b, j-2, []rune("认真"))):
				if t.at(b, j+3) == '了' {
					t.report(&ruleDe, j, j+3, t.string(j, j+3), "地")
				}
			}
		}
	}
}

// before reports whether one of the verbs, of two characters each, stands behind j.
func (t *Text) before(b *article.Block, j int, verbs string) bool {
	rs := []rune(verbs)
	for k := 0; k+1 < len(rs); k += 2 {
		if t.has(b, j+1, rs[k:k+2]) {
			return true
		}
	}
	return false
}

var ruleApprox = diag.Rule{ID: "Z43", Severity: diag.Info,
	ZH: "“%[1]s”概数重复", EN: "%[1]s says about twice",
	FixZH: "“上、近、约、余、左右”只留一个", FixEN: "keep one of the words for about"}

var approximate = Analyser{
	ID: "Z43", Severity: diag.Info,
	Name: diag.T("概数重复", "about, twice"),
	Doc: diag.T("“上百余件”“近300余人”“约50个左右”：表示大概的词用了两个。",
		"Two words for about with one number."),
	Mistaken: diag.T("“上”作动词（上百余级台阶）时不必改。", "Rare."),
	Bad:      []string{"解决困难上百余件。", "共近300余人参加。", "约50个左右"},
	Good:     []string{"解决困难百余件。", "近300人参加", "约50个", "最近300余人"},
	Text:     func(t *Text) { t.approximate() },
}

func (t *Text) approximate() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j+3 < b.To; j++ {
			c := t.Chars[j]
			if c != '上' && c != '近' && c != '约' && c != '約' {
				continue
			}
			k := j + 1
			for k < b.To && k < j+12 && (numeral(t.Chars[k]) || digit(t.Chars[k])) {
				k++
			}
			if k == j+1 || c == '上' && !in(t.Chars[j+1], "百千万萬亿") || c == '近' && in(t.at(b, j-1), "最附将远相接新临靠") {
				continue
			}
			if c != '约' && c != '約' && in(t.at(b, k), "余餘") {
				t.report(&ruleApprox, j, k+1, t.string(j, k+1))
			} else if c != '上' && (t.has(b, k, []rune("左右")) || t.has(b, k+1, []rune("左右"))) {
				t.report(&ruleApprox, j, min(k+3, b.To), t.string(j, min(k+3, b.To)))
			}
		}
	}
}

var ruleCounts = diag.Rule{ID: "Z45", Severity: diag.Info,
	ZH: "“%[1]s”与第 %[3]d 行的“%[2]s”说法不一", EN: "%[1]s here, %[2]s in line %[3]d",
	FixZH: "统一成一种说法", FixEN: "use one of them"}

var counts = Analyser{
	ID: "Z45", Severity: diag.Info,
	Name: diag.T("前后说法不一", "two words for one thing"),
	Doc: diag.T("同一篇里既有“三大行动”又有“三项行动”：数目与名词相同，量词不同。",
		"The same number and noun with two measure words in one article."),
	Mistaken: diag.T("说的确是两件事时不必改。", "They may be two things."),
	Bad:      []string{"开展“三大行动”，成效明显。¶¶“三项行动”激发了积极性。"},
	Good:     []string{"“三大行动”与“三项制度”", "三大行动，三大行动"},
	Text:     func(t *Text) { t.counts() },
}

func (t *Text) counts() {
	type named struct {
		at      int
		measure rune
	}
	var seen map[[3]rune]named
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j+3 < b.To; j++ {
			if m := t.Chars[j+1]; m != '大' && m != '项' && m != '項' || !numeral(t.Chars[j]) || !han(t.Chars[j+2]) || !han(t.Chars[j+3]) || numeral(t.at(b, j-1)) {
				continue
			}
			key := [3]rune{t.Chars[j], t.Chars[j+2], t.Chars[j+3]}
			if was, ok := seen[key]; ok && was.measure != t.Chars[j+1] {
				line, _ := t.Place(t.At[was.at])
				t.report(&ruleCounts, j, j+4, t.string(j, j+4), t.string(was.at, was.at+4), line)
			} else if !ok {
				if seen == nil {
					seen = map[[3]rune]named{}
				}
				seen[key] = named{j, t.Chars[j+1]}
			}
		}
	}
}

var ruleFigures = diag.Rule{ID: "Z46", Severity: diag.Info,
	ZH: "“%[1]s”一般写作“%[2]s”", EN: "%[1]s is usually written %[2]s",
	FixZH: "概括性的“几大”用汉字（GB/T 15835）", FixEN: "write %[2]s"}

var figures = Analyser{
	ID: "Z46", Severity: diag.Info,
	Name:     diag.T("数字用法", "figures"),
	Doc:      diag.T("“5大平台”这样概括性的说法用汉字数字，与“五大平台”一致。", "Chinese numerals in summary terms such as 五大平台."),
	Mistaken: diag.T("只提示。", "Only noted."),
	Bad:      []string{"搭建5大民生平台"},
	Good:     []string{"搭建五大平台", "15大家访", "第5大道", "长5大约"},
	Text:     func(t *Text) { t.figures() },
}

func (t *Text) figures() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j+3 < b.To; j++ {
			c := t.Chars[j]
			if c < '2' || c > '9' || t.Chars[j+1] != '大' || !han(t.Chars[j+2]) || in(t.Chars[j+2], "约概多道") {
				continue
			}
			if p := t.at(b, j-1); digit(p) || in(p, ".第-长") && p != 0 || letter(p) {
				continue
			}
			t.report(&ruleFigures, j, j+2, t.string(j, j+2), string([]rune("〇一二三四五六七八九")[c-'0'])+"大")
		}
	}
}
