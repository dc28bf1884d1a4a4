package article

import "zhendi/internal/diag"

// The rules of the text.
var (
	ruleTooMany = diag.Rule{ID: "too-many",
		ZH: "这篇稿件的问题超过 %[1]d 处，其余未列出", EN: "more than %[1]d problems in this text; the rest are not shown"}
	ruleLimits = diag.Rule{ID: "too-complex",
		ZH: "正文过于复杂：%[1]s", EN: "the text is too complex: %[1]s",
		FixZH: "检查是否误贴了别的内容；确需如此就分成几段", FixEN: "see whether something was pasted by mistake, or split it"}

	ruleContainer = diag.Rule{ID: "container",
		ZH: "没有名为“%[1]s”的容器", EN: "no container is called %[1]q",
		FixZH: "可用的有 :::编者按 与 :::fold 标题", FixEN: "use :::编者按 (editor's note) or :::fold title"}
	ruleContainerNear = diag.Rule{ID: "container",
		ZH: "没有名为“%[1]s”的容器", EN: "no container is called %[1]q",
		FixZH: "改为 %[2]s", FixEN: "write %[2]s"}
	ruleUnclosedContainer = diag.Rule{ID: "container",
		ZH: "容器 :::%[1]s 没有结束", EN: "the container :::%[1]s is not closed",
		FixZH: "在它的内容之后单独写一行 :::", FixEN: "write a line ::: after its content"}
	ruleStrayFence = diag.Rule{ID: "container",
		ZH: "这一行 ::: 前面没有要结束的容器", EN: "this ::: closes nothing",
		FixZH: "删去它，或在开头补上 :::编者按 一类的行", FixEN: "delete it, or write the opening line, such as :::fold title"}
	ruleWideFence = diag.Rule{ID: "container",
		ZH: "容器要用半角冒号", EN: "containers are written with plain colons",
		FixZH: "改为 %[1]s", FixEN: "write %[1]s"}

	ruleNoteColon = diag.Rule{ID: "footnote",
		ZH: "脚注 [^%[1]s] 后面用了全角冒号", EN: "full-width colon after the footnote [^%[1]s]",
		FixZH: "改为 [^%[1]s]: 注文", FixEN: "write `[^%[1]s]: text`"}
	ruleNoteTwice = diag.Rule{ID: "footnote",
		ZH: "脚注 [^%[1]s] 写了两次", EN: "the footnote [^%[1]s] is given twice",
		FixZH: "给其中一个换一个名字", FixEN: "rename one of them"}
	ruleNoteMissing = diag.Rule{ID: "footnote",
		ZH: "没有脚注 [^%[1]s] 的注文", EN: "there is no text for the footnote [^%[1]s]",
		FixZH: "在文末另起一行写 [^%[1]s]: 注文", FixEN: "write `[^%[1]s]: text` on a line of its own"}
	ruleNoteUnused = diag.Rule{ID: "footnote", Severity: diag.Warning,
		ZH: "正文里没有引用脚注 [^%[1]s]，它不会出现在页面上", EN: "nothing refers to the footnote [^%[1]s]; it is not on the page",
		FixZH: "在正文相应处写 [^%[1]s]，或删去注文", FixEN: "write [^%[1]s] in the text, or delete the note"}
	ruleNotePlace = diag.Rule{ID: "footnote", Severity: diag.Warning,
		ZH: "脚注 [^%[1]s] 不能用在链接或另一条脚注里，已略去", EN: "the footnote [^%[1]s] within a link or a footnote is dropped",
		FixZH: "把它移到链接或脚注外面", FixEN: "move it out"}

	ruleLinkEmpty = diag.Rule{ID: "link",
		ZH: "链接或图片没有地址", EN: "a link or picture without an address",
		FixZH: "在圆括号里写上地址", FixEN: "write the address between the parentheses"}
	ruleScheme = diag.Rule{ID: "link",
		ZH: "链接不能以“%[1]s”开头", EN: "a link cannot start with %[1]q",
		FixZH: "只能用 https:、http:、mailto:、tel:、ftp:，或站内文件的路径；图片只能用文件路径或 https:", FixEN: "use https:, http:, mailto:, tel:, ftp: or the path of a file; for pictures a path or https:"}
	ruleFragment = diag.Rule{ID: "link",
		ZH: "本文没有名为“%[1]s”的小标题", EN: "no heading of this text is called %[1]q",
		FixZH: "# 后面照抄小标题，空格与标点写成一个 -", FixEN: "after # copy the heading, with - for blanks and marks"}
	ruleFragmentNear = diag.Rule{ID: "link",
		ZH: "本文没有名为“%[1]s”的小标题", EN: "no heading of this text is called %[1]q",
		FixZH: "改为 #%[2]s", FixEN: "write #%[2]s"}
	ruleLinkSlip = diag.Rule{ID: "link", Severity: diag.Warning,
		ZH: "这里像是链接，但没有被识别：%[1]s", EN: "this looks like a link but is not one: %[1]s",
		FixZH: "用半角括号；地址里有空格时加尖括号：(<%[1]s>)", FixEN: "use plain parentheses, and angle brackets if there are blanks: (<%[1]s>)"}
	ruleStars = diag.Rule{ID: "emphasis", Severity: diag.Warning,
		ZH: "这两个 * 没有配成加粗，会原样出现在页面上", EN: "these two * make nothing bold; they stand on the page",
		FixZH: "检查另一对 ** 是否漏了，** 与文字之间不要有空格；要显示星号就写 \\*\\*", FixEN: "see whether the other ** is missing or has a blank beside it; for stars write \\*\\*"}
	ruleAlt = diag.Rule{ID: "img-alt",
		ZH: "图片 %[1]s 没有文字说明，看不见图的读者无从了解", EN: "the picture %[1]s has no text for readers who cannot see it",
		FixZH: "写成 ![图里有什么](%[1]s)", FixEN: "write ![what it shows](%[1]s)"}

	rulePageInside = diag.Rule{ID: "page-break",
		ZH: "分页标记不能放在列表、引用或容器里面", EN: "a page break within a list, quotation or container",
		FixZH: "先结束它（容器写 :::，列表与引用后空一行并顶格），再写 <!-- page -->", FixEN: "end it first, then write <!-- page -->"}
	rulePageEmpty = diag.Rule{ID: "page-break",
		ZH: "这里分出的一页没有内容", EN: "a page without content ends here",
		FixZH: "删去多余的 <!-- page -->", FixEN: "delete the needless <!-- page -->"}

	ruleHeadingSpace = diag.Rule{ID: "heading", Severity: diag.Warning,
		ZH: "# 与小标题之间缺一个空格，这一行成了普通段落", EN: "no space between # and the heading: this line is a plain paragraph",
		FixZH: "改为 %[1]s", FixEN: "write %[1]s"}
	ruleSetext = diag.Rule{ID: "heading", Severity: diag.Warning,
		ZH: "这一行 --- 把上面的段落变成了小标题", EN: "this --- makes a heading of the paragraph above",
		FixZH: "要画分隔线，在它前面空一行", FixEN: "for a rule, leave a blank line before it"}

	ruleRawTag = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "不允许使用 HTML 标签 <%[1]s>，已略去", EN: "the HTML tag <%[1]s> is not allowed and was dropped",
		FixZH: "改用 Markdown 写法，或删去它", FixEN: "use Markdown, or delete it"}
	ruleRawAttr = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[2]s> 不允许带属性 %[1]s，已略去", EN: "the attribute %[1]s of <%[2]s> is not allowed and was dropped",
		FixZH: "删去它；样式由网站统一设定", FixEN: "delete it; the site's style is the same everywhere"}
	ruleRawClass = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "不认识样式名“%[1]s”，已略去", EN: "the class %[1]q is not known and was dropped",
		FixZH: "可用的有：%[2]s", FixEN: "use one of: %[2]s"}
	ruleRawOpen = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[1]s> 没有结束标签，已在所在段落或区块末尾补上", EN: "<%[1]s> is not closed; it ends where the block around it ends",
		FixZH: "写上 </%[1]s>；结束标签要和开始标签在同一层", FixEN: "write </%[1]s> at the same level"}
	ruleRawEnd = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "</%[1]s> 前面没有对应的开始标签，已略去", EN: "</%[1]s> closes nothing and was dropped",
		FixZH: "删去它；一对标签要在同一层", FixEN: "delete it; the tags of a pair stand at the same level"}
	ruleRawPlace = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[1]s> 只能直接放在 %[2]s 里，已略去", EN: "<%[1]s> belongs directly in %[2]s and was dropped",
		FixZH: "补上外层标签；HTML 表格中间不要空行", FixEN: "write the tag around it; leave no blank line within an HTML table"}
	ruleRawBlock = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[1]s> 不能放在段落中间，已略去", EN: "<%[1]s> within a paragraph was dropped",
		FixZH: "让它单独起一行，前后空行", FixEN: "write it on a line of its own, with blank lines around"}
	ruleRawNested = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[1]s> 不能放在 <%[2]s> 里，已略去", EN: "<%[1]s> within <%[2]s> was dropped",
		FixZH: "先结束 <%[2]s>", FixEN: "close <%[2]s> first"}
	ruleRawText = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "文字不能直接放在 <%[1]s> 里，已略去", EN: "text directly in <%[1]s> was dropped",
		FixZH: "放进单元格或列表项里", FixEN: "put it in a cell or an item"}
	ruleRawNeeds = diag.Rule{ID: "raw-html", Severity: diag.Warning,
		ZH: "<%[1]s> 没有 %[2]s，已略去", EN: "<%[1]s> without %[2]s was dropped",
		FixZH: "写上 %[2]s", FixEN: "give it %[2]s"}
	ruleRawMedia = diag.Rule{ID: "raw-html",
		ZH: "音频、视频必须是本站的文件，不能是 %[1]s", EN: "sound and film must be files of the site, not %[1]s",
		FixZH: "把文件放进稿件所在的文件夹，写它的路径", FixEN: "put the file beside the article and write its path"}
)

// What too-complex texts have too many of.
var (
	msgDelimiters = diag.T("一段里的 * _ ~ 太多", "too many * _ ~ in one block")
	msgBrackets   = diag.T("一段里的 [ ] 太多", "too many [ ] in one block")
	msgDepth      = diag.T("列表、引用或标签一层套一层，太深", "blocks or tags nested too deeply")
	msgCells      = diag.T("表格太大", "a table too large")
	msgNotes      = diag.T("脚注太多", "too many footnotes")
)
