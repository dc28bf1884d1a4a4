package article

import "zhendi/internal/diag"

// The rules of front matter.
var (
	ruleEmpty = diag.Rule{ID: "front-matter",
		ZH: "文件是空的", EN: "the file is empty",
		FixZH: "写上头部信息与正文，或删去这个文件", FixEN: "write front matter and text, or delete the file"}
	ruleNoFront = diag.Rule{ID: "front-matter",
		ZH: "文件开头没有头部信息", EN: "no front matter at the start of the file",
		FixZH: "第一行写 ---，接着一行一个“键: 值”，再写一行 ---，然后是正文", FixEN: "start with a line ---, then lines of `key: value`, then a line ---, then the text"}
	ruleFence = diag.Rule{ID: "front-matter",
		ZH: "这一行像是头部信息的分隔线，但写法不对：“%[1]s”", EN: "this looks like the line that %[2]s the front matter, but is not: %[1]q",
		FixZH: "改为三个半角减号，前后没有别的字符：---", FixEN: "write exactly three hyphens: ---"}
	ruleNoOpening = diag.Rule{ID: "front-matter",
		ZH: "头部信息之前缺少一行 ---", EN: "no line --- before the front matter",
		FixZH: "在这一行之前写一行 ---", FixEN: "write a line --- above this one"}
	ruleTOML = diag.Rule{ID: "front-matter",
		ZH: "头部信息是 %[1]s 写法（%[2]s），zhendi 只读 YAML", EN: "%[1]s front matter (%[2]s); zhendi reads YAML",
		FixZH: "分隔线改为 ---，每行写成“键: 值”", FixEN: "use --- as fence and `key: value` lines"}
	ruleUnclosed = diag.Rule{ID: "front-matter",
		ZH: "头部信息没有结束：找不到第二行 ---", EN: "the front matter is not closed: no second line ---",
		FixZH: "在头部信息之后、正文之前写一行 ---", FixEN: "write a line --- between front matter and text"}
	ruleRequired = diag.Rule{ID: "required",
		ZH: "缺少必填的 %[1]s", EN: "%[1]s is required",
		FixZH: "加上 %[2]s；如本栏目都不需要，在栏目的 _index.md 里用 required 说明", FixEN: "add `%[2]s`; or say in the column's _index.md, under required, which keys are"}
	ruleAddress = diag.Rule{ID: "link",
		ZH: "网址“%[1]s”有误", EN: "bad address %[1]q",
		FixZH: "写以 https:// 开头的完整网址，或以 / 开头的本站路径", FixEN: "write a whole address starting with https://, or a path of the site starting with /"}
	ruleSourceURL = diag.Rule{ID: "link",
		ZH: "原文网址“%[1]s”有误", EN: "bad address of the original %[1]q",
		FixZH: "写以 https:// 或 http:// 开头的完整网址", FixEN: "write a whole address starting with https:// or http://"}
	ruleNoLink = diag.Rule{ID: "required",
		ZH: "链接栏目没有写 link", EN: "a column of layout link without a link",
		FixZH: "加上 link: 网址，或改 layout", FixEN: "add `link: address`, or change layout"}
	ruleNoName = diag.Rule{ID: "required",
		ZH: "栏目没有名称", EN: "the column has no title",
		FixZH: "加上 title: 栏目名称", FixEN: "add `title: text`"}
	ruleNoFile = diag.Rule{ID: "required",
		ZH: "附件没有写文件名", EN: "an attachment without a file",
		FixZH: "写成 - 文件名.docx，或 - {file: 文件名.docx, title: 名称}", FixEN: "write `- name.docx`, or `- {file: name.docx, title: text}`"}
	ruleSecret = diag.Rule{ID: "audience",
		ZH: "“%[1]s”不是限定公开范围的写法，这篇稿件会公开发布", EN: "%[1]q does not keep an article from the public",
		FixZH: "内部稿件写 audience: internal（公开范围: 内部）；不是内部稿件就删去这一行", FixEN: "write audience: internal for an internal article; delete the line otherwise"}
	ruleExpiry = diag.Rule{ID: "date",
		ZH: "下线时间不晚于发布时间，这篇稿件永远不会出现", EN: "the article expires before it appears: it never will",
		FixZH: "检查 publishDate（或 date）与 expiryDate", FixEN: "check publishDate (or date) and expiryDate"}
	ruleNoticeUnused = diag.Rule{ID: "withdrawn", Severity: diag.Warning,
		ZH: "写了撤稿说明，但稿件没有撤下", EN: "a withdrawal notice, but the article is not withdrawn",
		FixZH: "撤稿还要写 status: withdrawn；没有撤稿就删去说明", FixEN: "add status: withdrawn, or delete the notice"}
	ruleLinkBody = diag.Rule{ID: "link", Severity: diag.Warning,
		ZH: "外链稿件没有自己的页面，它的正文与附件不会显示", EN: "an article with link has no page: its text and attachments are not shown",
		FixZH: "删去正文与附件，或删去 link", FixEN: "delete text and attachments, or the link"}
	ruleNoBody = diag.Rule{ID: "empty", Severity: diag.Warning,
		ZH: "稿件没有正文", EN: "the article has no text",
		FixZH: "补上正文；还没写完的，写 status: draft", FixEN: "write the text, or status: draft"}
	ruleID = diag.Rule{ID: "id",
		ZH: "编号“%[1]s”不合规定", EN: "bad id %[1]q",
		FixZH: "用 10 位小写字母与数字 2–7，例如 %[2]s", FixEN: "use 10 characters of a–z and 2–7, for example %[2]s"}
	ruleSlug = diag.Rule{ID: "slug",
		ZH: "网址名“%[1]s”不合规定", EN: "bad slug %[1]q",
		FixZH: "只用英文字母、数字、连字符、下划线与点，以字母或数字开头，不超过 120 个字符，不用 index 与 con、nul 等 Windows 设备名", FixEN: "use letters, digits, - _ . only, starting with a letter or digit, at most 120 characters; not index, nor con, nul and other devices of Windows"}
)
