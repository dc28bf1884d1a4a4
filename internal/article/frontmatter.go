package article

import (
	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// FrontMatter is the table of an article's keys. The editors' manual shows it, and a
// test compares the two. Every key is also read in snake_case and kebab-case.
var FrontMatter = fields.Schema{
	Of: diag.T("稿件的头部信息（front matter）", "front matter"),
	Fields: []fields.Field{
		{Name: "title", Also: []string{"标题", "標題"}, Doc: "标题"},
		{Name: "subtitle", Also: []string{"副标题", "副標題"}, Doc: "副标题，显示在标题下方，破折号自动添加"},
		{Name: "kicker", Also: []string{"引题", "引題", "肩题", "肩題"}, Doc: "引题，显示在标题上方"},
		{Name: "shortTitle", Also: []string{"短标题", "短標題", "linkTitle"}, Doc: "短标题，用于首页等窄处"},
		{Name: "date", Also: []string{"发布时间", "發布時間", "發佈時間", "发布日期", "日期", "时间", "時間"}, Kind: fields.Time, Doc: "发布时间，如 2025-09-01 08:22"},
		{Name: "lastmod", Also: []string{"修改时间", "修改時間", "更新时间", "更新時間"}, Kind: fields.Time, Doc: "最后修改时间"},
		{Name: "publishDate", Also: []string{"定时发布", "定時發布", "上线时间", "上線時間"}, Kind: fields.Time, Doc: "定时发布：此时之前不出现在网站上"},
		{Name: "expiryDate", Also: []string{"定时下线", "定時下線", "下线时间", "下線時間"}, Kind: fields.Time, Doc: "定时下线：从此时起从网站上撤下"},
		{Name: "source", Also: []string{"来源", "來源"}, Doc: "来源单位或媒体"},
		{Name: "sourceURL", Also: []string{"来源网址", "來源網址", "原文链接", "原文連結"}, Doc: "转载稿的原文网址"},
		{Name: "original", Also: []string{"原创", "原創"}, Kind: fields.Bool, Doc: "是否原创；false 表示转载"},
		{Name: "author", Also: []string{"作者"}, Kind: fields.Texts, Doc: "作者，可写多位"},
		{Name: "editor", Also: []string{"编辑", "編輯", "责任编辑", "責任編輯"}, Kind: fields.Texts, Doc: "责任编辑"},
		{Name: "correspondents", Also: []string{"通讯员", "通訊員"}, Kind: fields.Texts, Doc: "通讯员；不写时从电头（如“清风网讯（通讯员：甲、乙）”）中读取"},
		{Name: "correspondentUnit", Also: []string{"通讯员单位", "通訊員單位", "供稿单位", "供稿單位"}, Doc: "通讯员所在单位"},
		{Name: "reviewers", Also: []string{"审核", "審核"}, Kind: fields.Group, Sub: &reviewers, Doc: "三审：下一级写 first、second、third（一审、二审、三审）"},
		{Name: "firstReviewer", Also: []string{"一审", "一審", "初审", "初審"}, Doc: "一审，同 reviewers 下的 first"},
		{Name: "secondReviewer", Also: []string{"二审", "二審", "复审", "複審"}, Doc: "二审，同 reviewers 下的 second"},
		{Name: "thirdReviewer", Also: []string{"三审", "三審", "终审", "終審"}, Doc: "三审，同 reviewers 下的 third"},
		{Name: "editorNote", Also: []string{"编者按", "編者按"}, Kind: fields.Text, Doc: "编者按，可用 Markdown，显示在正文之前"},
		{Name: "summary", Also: []string{"摘要", "description", "概要", "导语", "導語"}, Kind: fields.Text, Doc: "摘要；不写时取正文开头"},
		{Name: "keywords", Also: []string{"关键词", "關鍵詞"}, Kind: fields.Texts, Doc: "关键词，写入网页的 Keywords 标签"},
		{Name: "tags", Also: []string{"标签", "標籤", "推荐访问", "推薦訪問"}, Kind: fields.Texts, Doc: "标签，显示为“推荐访问”"},
		{Name: "topics", Also: []string{"专题", "專題"}, Kind: fields.Texts, Doc: "所属专题（专题的文件夹名）"},
		{Name: "series", Also: []string{"系列"}, Doc: "所属系列的名称"},
		{Name: "alsoIn", Also: []string{"同时发布", "同時發布", "同时发布到"}, Kind: fields.Texts, Doc: "同时列入的其他栏目（文件夹路径）"},
		{Name: "pin", Also: []string{"置顶", "置頂"}, Kind: fields.Until, Doc: "置顶：true，或置顶到哪一天"},
		{Name: "flags", Also: []string{"属性", "屬性", "标记", "標記"}, Kind: fields.Enums, Values: []fields.EnumValue{
			{Name: "headline", Also: []string{"头条", "頭條"}},
			{Name: "recommended", Also: []string{"推荐", "推薦"}},
			{Name: "hot", Also: []string{"热点", "熱點"}},
			{Name: "picture", Also: []string{"图片新闻", "圖片新聞"}},
		}, Doc: "头条、推荐、热点、图片新闻，可多选"},
		{Name: "image", Also: []string{"题图", "題圖", "cover"}, Doc: "题图文件；不写时取正文第一张图"},
		{Name: "link", Also: []string{"外链", "外鏈", "转向链接", "轉向連結"}, Doc: "外链稿件：列表直接链到此网址，不生成页面"},
		{Name: "attachments", Also: []string{"附件"}, Kind: fields.Groups, Sub: &attachment, Doc: "附件：文件名，或 file 与 title"},
		{Name: "status", Also: []string{"状态", "狀態"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "published", Also: []string{"已发布", "已發布", "发布", "發布"}},
			{Name: "draft", Also: []string{"草稿"}},
			{Name: "review", Also: []string{"送审", "送審", "待审", "待審"}},
			{Name: "withdrawn", Also: []string{"已撤稿", "撤稿"}},
		}, Doc: "published 发布（默认）、draft 草稿、review 送审、withdrawn 撤稿"},
		{Name: "draft", Also: []string{"草稿"}, Kind: fields.Bool, Doc: "草稿：true 等于 status: draft"},
		{Name: "withdrawnNotice", Also: []string{"撤稿说明", "撤稿說明"}, Kind: fields.Line, Doc: "撤稿后原网址上显示的一句说明；不写则该网址不再存在"},
		{Name: "audience", Also: []string{"公开范围", "公開範圍"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "public", Also: []string{"公开", "公開"}},
			{Name: "internal", Also: []string{"内部", "內部"}},
		}, Doc: "public 公开（默认）、internal 内部：绝不进入公开网站"},
		{Name: "lang", Also: []string{"文字", "语言", "語言"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "zh-Hans", Also: []string{"简体", "簡體", "zh-CN", "zh", "hans"}},
			{Name: "zh-Hant", Also: []string{"繁体", "繁體", "zh-TW", "zh-HK", "hant"}},
		}, Doc: "zh-Hans 简体、zh-Hant 繁体；不写时自动识别"},
		{Name: "id", Also: []string{"编号", "編號"}, Doc: "稿件编号：10 位小写字母与 2–7；新建时写好，以后不改"},
		{Name: "slug", Also: []string{"网址名", "網址名"}, Doc: "网址的最后一段，用小写字母、数字与连字符"},
		{Name: "aliases", Also: []string{"旧网址", "舊網址"}, Kind: fields.Texts, Doc: "旧网址，访问时转到本页"},
		{Name: "weight", Also: []string{"排序"}, Kind: fields.Int, Doc: "在不按日期排的栏目中的次序，小的在前"},
		{Name: "toc", Also: []string{"目录", "目錄"}, Kind: fields.Bool, Doc: "是否显示目录；不写时随栏目"},
		{Name: "numbering", Also: []string{"公文序号", "公文序號"}, Kind: fields.Bool, Doc: "是否把“一、”“（一）”等段落识别为小标题；不写时随栏目"},
		{Name: "params", Also: []string{"参数", "參數"}, Kind: fields.Any, Doc: "留给模板的任意值"},
	},
}

var reviewers = fields.Schema{
	Of: diag.T("reviewers（三审）", "reviewers"), Closed: true,
	Fields: []fields.Field{
		{Name: "first", Also: []string{"一审", "一審", "初审", "初審"}, Doc: "一审姓名"},
		{Name: "second", Also: []string{"二审", "二審", "复审", "複審"}, Doc: "二审姓名"},
		{Name: "third", Also: []string{"三审", "三審", "终审", "終審"}, Doc: "三审姓名"},
	},
}

var attachment = fields.Schema{
	Of: diag.T("attachments（附件）", "attachments"), Closed: true,
	Fields: []fields.Field{
		{Name: "file", Also: []string{"文件"}, Doc: "附件文件，路径从稿件所在文件夹算起"},
		{Name: "title", Also: []string{"名称", "名稱", "标题", "標題"}, Doc: "显示的名称；不写时用文件名"},
	},
}

// ColumnFrontMatter is the table of the keys of a column's _index.md.
var ColumnFrontMatter = fields.Schema{
	Of: diag.T("栏目的头部信息（_index.md）", "column front matter"),
	Fields: []fields.Field{
		{Name: "title", Also: []string{"标题", "標題", "名称", "名稱"}, Doc: "栏目名称"},
		{Name: "shortTitle", Also: []string{"短标题", "短標題", "linkTitle"}, Doc: "短名称，用于导航"},
		{Name: "description", Also: []string{"栏目说明", "欄目說明", "summary"}, Doc: "栏目说明，写入 ColumnDescription"},
		{Name: "keywords", Also: []string{"关键词", "關鍵詞"}, Kind: fields.Texts, Doc: "栏目关键词，写入 ColumnKeywords"},
		{Name: "type", Also: []string{"栏目类型", "欄目類型"}, Doc: "栏目类型（工作动态、政策文件、概况信息等），写入 ColumnType"},
		{Name: "layout", Also: []string{"版式"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "list", Also: []string{"列表"}},
			{Name: "pictures", Also: []string{"图片列表", "圖片列表"}},
			{Name: "page", Also: []string{"单页", "單頁"}},
			{Name: "link", Also: []string{"链接", "連結"}},
			{Name: "topic", Also: []string{"专题", "專題"}},
		}, Doc: "list 列表（默认）、pictures 图片列表、page 单页、link 链接、topic 专题"},
		{Name: "link", Also: []string{"外链", "外鏈"}, Doc: "链接栏目指向的网址"},
		{Name: "weight", Also: []string{"排序"}, Kind: fields.Int, Doc: "栏目次序，小的在前"},
		{Name: "hidden", Also: []string{"隐藏", "隱藏"}, Kind: fields.Bool, Doc: "不列入导航；网站地图里仍有"},
		{Name: "order", Also: []string{"次序"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "date", Also: []string{"日期"}},
			{Name: "weight", Also: []string{"排序"}},
		}, Doc: "稿件次序：date 按日期新的在前（默认）、weight 按 weight"},
		{Name: "archive", Also: []string{"归档", "歸檔"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "year", Also: []string{"年"}},
			{Name: "month", Also: []string{"月"}},
		}, Doc: "归档周期：year 年（默认；太长的年份分季度、月、旬）、month 月"},
		{Name: "required", Also: []string{"必填"}, Kind: fields.Texts, Doc: "本栏目（含下级）稿件必须填写的键；不写时为 title、date、source"},
		{Name: "toc", Also: []string{"目录", "目錄"}, Kind: fields.Bool, Doc: "本栏目稿件默认显示目录"},
		{Name: "numbering", Also: []string{"公文序号", "公文序號"}, Kind: fields.Bool, Doc: "本栏目稿件默认识别公文序号"},
		{Name: "hot", Also: []string{"热点推荐", "熱點推薦"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "picks", Also: []string{"人工推荐"}},
			{Name: "views", Also: []string{"阅读次数"}},
			{Name: "recent", Also: []string{"最新"}},
		}, Doc: "热点推荐的来源：picks 人工、views 阅读次数、recent 最新；人工推荐总在前"},
		{Name: "image", Also: []string{"题图", "題圖", "横幅", "橫幅"}, Doc: "专题横幅或栏目题图"},
		{Name: "sections", Also: []string{"板块", "板塊"}, Kind: fields.Groups, Sub: &section, Doc: "专题的板块：title 与 column 或 tag；都不写的板块收其余稿件"},
		{Name: "archived", Also: []string{"已归档", "已歸檔"}, Kind: fields.Bool, Doc: "专题已归档"},
		{Name: "date", Also: []string{"发布时间", "發布時間", "日期"}, Kind: fields.Time, Doc: "单页栏目的发布时间"},
		{Name: "source", Also: []string{"来源", "來源"}, Doc: "单页栏目的来源"},
		{Name: "audience", Also: []string{"公开范围", "公開範圍"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "public", Also: []string{"公开", "公開"}},
			{Name: "internal", Also: []string{"内部", "內部"}},
		}, Doc: "internal:本栏目（含下级）稿件都属内部"},
		{Name: "lang", Also: []string{"文字", "语言", "語言"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "zh-Hans", Also: []string{"简体", "簡體", "zh-CN", "zh", "hans"}},
			{Name: "zh-Hant", Also: []string{"繁体", "繁體", "zh-TW", "zh-HK", "hant"}},
		}, Doc: "栏目名称所用的文字；不写时自动识别"},
		{Name: "aliases", Also: []string{"旧网址", "舊網址"}, Kind: fields.Texts, Doc: "旧网址，访问时转到本栏目"},
		{Name: "params", Also: []string{"参数", "參數"}, Kind: fields.Any, Doc: "留给模板的任意值"},
	},
}

var section = fields.Schema{
	Of: diag.T("sections（专题板块）", "sections"), Closed: true,
	Fields: []fields.Field{
		{Name: "title", Also: []string{"标题", "標題", "名称", "名稱"}, Doc: "板块名称"},
		{Name: "column", Also: []string{"栏目", "欄目"}, Doc: "取本专题中属于此栏目的稿件"},
		{Name: "tag", Also: []string{"标签", "標籤"}, Doc: "取本专题中有此标签的稿件"},
		{Name: "count", Also: []string{"条数", "條數"}, Kind: fields.Int, Doc: "显示的条数，默认 10"},
	},
}
