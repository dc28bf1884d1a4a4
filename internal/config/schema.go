package config

import (
	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// Schema is the table of the keys of site.yaml. The manual shows it, and a test
// compares the two.
var Schema = fields.Schema{
	Of: diag.T("site.yaml", "site.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "name", Also: []string{"网站名称"}, Doc: "网站规范名称，写入 SiteName"},
		{Name: "baseURL", Also: []string{"网址"}, Doc: "网站首页的完整网址，如 https://www.example.gov.cn/"},
		{Name: "description", Also: []string{"网站说明"}, Kind: fields.Text, Doc: "网站说明，写入首页的 description"},
		{Name: "keywords", Also: []string{"关键词"}, Kind: fields.Texts, Doc: "网站关键词"},
		{Name: "siteIDCode", Also: []string{"网站标识码"}, Doc: "网站标识码，没有就不写"},
		{Name: "zone", Also: []string{"时区"}, Doc: "时区，默认 Asia/Shanghai"},
		{Name: "editions", Also: []string{"版本"}, Kind: fields.Groups, Sub: &edition, Doc: "简体与繁体版本，第一个在网站根目录；不写时只有一个简体版本，稿件不转换"},
		{Name: "theme", Also: []string{"主题"}, Doc: "主题：default（默认）、sujian 素笺，或 themes 下自己的文件夹名"},
		{Name: "logo", Also: []string{"标识"}, Doc: "页头的标识图片，放在 content/_static 下"},
		{Name: "banner", Also: []string{"页头图片"}, Doc: "页头的背景图片，放在 content/_static 下；横幅，主体靠右"},
		{Name: "rootLabel", Also: []string{"首页名称"}, Doc: "面包屑第一级的名称，默认“网站首页”"},
		{Name: "greeting", Also: []string{"欢迎语"}, Doc: "页面顶部的欢迎语"},
		{Name: "organizer", Also: []string{"主办单位"}, Doc: "主办单位"},
		{Name: "undertaker", Also: []string{"承办单位"}, Doc: "承办单位"},
		{Name: "contact", Also: []string{"联系方式"}, Kind: fields.Group, Sub: &contact, Doc: "地址 address、邮编 postcode、电话 phone、邮箱 email"},
		{Name: "icp", Also: []string{"ICP备案号"}, Doc: "ICP 备案号"},
		{Name: "police", Also: []string{"公安备案号"}, Doc: "公安备案号全文，号码自动取出"},
		{Name: "conac", Also: []string{"党政机关标识"}, Kind: fields.Group, Sub: &conac, Doc: "CONAC 标识：id 与 kind（red 党政机关、blue 事业单位）"},
		{Name: "correction", Also: []string{"纠错网址"}, Doc: "纠错页面的网址；不写而有标识码时用“政府网站找错”"},
		{Name: "since", Also: []string{"开办年份"}, Kind: fields.Int, Doc: "开办年份，用于版权行"},
		{Name: "login", Also: []string{"登录网址"}, Doc: "登录系统的网址，没有就不写"},
		{Name: "register", Also: []string{"注册网址"}, Doc: "注册系统的网址，没有就不写"},
		{Name: "copyright", Also: []string{"版权声明"}, Kind: fields.Group, Sub: &copyright, Doc: "稿末声明：original 原创稿、reprint 转载稿"},
		{Name: "exemptHosts", Also: []string{"免提示域名"}, Kind: fields.Texts, Doc: "离开本站不必提示的域名"},
		{Name: "mourning", Also: []string{"哀悼日"}, Kind: fields.Texts, Doc: "全站变灰的日期，如 2026-12-13"},
		{Name: "articleURL", Also: []string{"稿件网址"}, Doc: "稿件网址的式样，默认 /{column}/{yyyy}/{slug}.html"},
		{Name: "pageSize", Also: []string{"每页条数"}, Kind: fields.Int, Doc: "列表每页的条数，默认 20；归档页最多为它的一倍半"},
		{Name: "archive", Also: []string{"归档"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "year", Also: []string{"年"}}, {Name: "month", Also: []string{"月"}},
		}, Doc: "栏目归档的周期：year 年（默认；太长的年份分季度、月、旬）、month 月"},
		{Name: "required", Also: []string{"必填"}, Kind: fields.Texts, Doc: "稿件必须填写的键，默认 title、date、source"},
		{Name: "views", Also: []string{"阅读次数"}, Kind: fields.Group, Sub: &views, Doc: "阅读次数；不写则页面不显示，键见下表"},
		{Name: "hot", Also: []string{"热点推荐"}, Kind: fields.Enum, Values: []fields.EnumValue{
			{Name: "picks", Also: []string{"人工推荐"}}, {Name: "views", Also: []string{"阅读次数"}}, {Name: "recent", Also: []string{"最新"}},
		}, Doc: "热点推荐的来源：picks 人工（默认）、views 阅读次数、recent 最新；人工推荐总在前"},
		{Name: "home", Also: []string{"首页模块"}, Kind: fields.Groups, Sub: &module, Doc: "首页的模块，自上而下"},
		{Name: "services", Also: []string{"服务窗口"}, Kind: fields.Groups, Sub: &named, Doc: "首页的服务入口：name 与 url"},
		{Name: "friends", Also: []string{"友情链接"}, Kind: fields.Groups, Sub: &friends, Doc: "友情链接：group 与 links"},
		{Name: "footerLinks", Also: []string{"页脚链接"}, Kind: fields.Groups, Sub: &named, Doc: "页脚的链接：name 与 url"},
		{Name: "targets", Also: []string{"发布位置"}, Kind: fields.Named, Sub: &target, Doc: "发布位置，按名称；见“发布”一页"},
		{Name: "check", Also: []string{"检查"}, Kind: fields.Group, Sub: &check, Doc: "检查稿件的设置：rules 各规则的轻重，freshness 各栏目多少天要有新稿件"},
		{Name: "params", Also: []string{"参数"}, Kind: fields.Any, Doc: "留给模板的任意值"},
	},
}

var edition = fields.Schema{Of: diag.T("editions（版本）", "editions"), Closed: true, Fields: []fields.Field{
	{Name: "script", Also: []string{"文字"}, Kind: fields.Enum, Values: []fields.EnumValue{
		{Name: "zh-Hans", Also: []string{"简体", "簡體", "zh-CN", "hans"}}, {Name: "zh-Hant", Also: []string{"繁体", "繁體", "zh-TW", "zh-HK", "hant"}},
	}, Doc: "zh-Hans 简体、zh-Hant 繁体"},
	{Name: "prefix", Also: []string{"路径"}, Doc: "版本所在的文件夹，第一个版本不写，其他默认 hans 或 hant"},
	{Name: "convert", Also: []string{"转换"}, Kind: fields.Enum, Values: []fields.EnumValue{
		{Name: "s2t"}, {Name: "s2tw"}, {Name: "s2hk"}, {Name: "s2twp"}, {Name: "t2s"}, {Name: "tw2s"}, {Name: "hk2s"},
	}, Doc: "转换方式：繁体版本默认 s2t，可用 s2tw、s2hk、s2twp；简体版本默认 tw2s，可用 t2s、hk2s"},
}}

var contact = fields.Schema{Of: diag.T("contact（联系方式）", "contact"), Closed: true, Fields: []fields.Field{
	{Name: "address", Also: []string{"地址"}}, {Name: "postcode", Also: []string{"邮编"}},
	{Name: "phone", Also: []string{"电话"}}, {Name: "email", Also: []string{"邮箱"}},
}}

var conac = fields.Schema{Of: diag.T("conac（党政机关标识）", "conac"), Closed: true, Fields: []fields.Field{
	{Name: "id"}, {Name: "kind", Kind: fields.Enum, Values: []fields.EnumValue{{Name: "red", Also: []string{"党政机关"}}, {Name: "blue", Also: []string{"事业单位"}}}},
}}

var copyright = fields.Schema{Of: diag.T("copyright（版权声明）", "copyright"), Closed: true, Fields: []fields.Field{
	{Name: "original", Also: []string{"原创"}, Kind: fields.Text}, {Name: "reprint", Also: []string{"转载"}, Kind: fields.Text},
}}

var views = fields.Schema{Of: diag.T("views（阅读次数）", "views"), Closed: true, Fields: []fields.Field{
	{Name: "shards", Also: []string{"分片数"}, Kind: fields.Int, Doc: "次数分放在几个文件里，默认 64；网站很大时 zhendi views write 会建议更大的数"},
	{Name: "origin", Also: []string{"所在网站", "网址"}, Doc: "次数文件所在的网站（协议与主机），不写就在本站"},
	{Name: "slot", Also: []string{"时段"}, Kind: fields.Int, Doc: "同一读者在多少分钟的时段里重复打开只算一次，默认 30"},
	{Name: "late", Also: []string{"等候"}, Kind: fields.Int, Doc: "一天结束后还等多少小时的日志，默认 72"},
	{Name: "log", Also: []string{"日志格式"}, Doc: "日志格式的名称，或用 nginx 变量写的格式；不写就自动辨认"},
	{Name: "hot", Also: []string{"排行"}, Kind: fields.Enum, Values: []fields.EnumValue{
		{Name: "day", Also: []string{"日"}}, {Name: "week", Also: []string{"周"}}, {Name: "month", Also: []string{"月"}}, {Name: "all", Also: []string{"累计"}},
	}, Doc: "热点推荐按哪段时间的阅读次数：day、week、month（默认）、all"},
}}

var named = fields.Schema{Of: diag.T("链接", "link"), Closed: true, Fields: []fields.Field{
	{Name: "name", Also: []string{"名称"}}, {Name: "url", Also: []string{"网址"}}, {Name: "image", Also: []string{"图片"}},
}}

var friends = fields.Schema{Of: diag.T("friends（友情链接）", "friends"), Closed: true, Fields: []fields.Field{
	{Name: "group", Also: []string{"组名"}}, {Name: "links", Also: []string{"链接"}, Kind: fields.Groups, Sub: &named},
}}

var module = fields.Schema{Of: diag.T("home（首页模块）", "home"), Closed: true, Fields: []fields.Field{
	{Name: "module", Also: []string{"模块"}, Kind: fields.Enum, Values: []fields.EnumValue{
		{Name: "headline", Also: []string{"头条"}}, {Name: "pictures", Also: []string{"图片新闻"}},
		{Name: "columns", Also: []string{"栏目"}}, {Name: "tabs", Also: []string{"选项卡"}},
		{Name: "topics", Also: []string{"专题"}}, {Name: "strip", Also: []string{"图片带"}},
		{Name: "services", Also: []string{"服务窗口"}}, {Name: "friends", Also: []string{"友情链接"}},
		{Name: "hot", Also: []string{"热点推荐"}}, {Name: "latest", Also: []string{"最新"}},
		{Name: "recommended", Also: []string{"推荐"}}, {Name: "slogan", Also: []string{"标语"}},
	}},
	{Name: "title", Also: []string{"标题"}},
	{Name: "url", Also: []string{"网址"}},
	{Name: "columns", Also: []string{"栏目"}, Kind: fields.Texts},
	{Name: "count", Also: []string{"条数"}, Kind: fields.Int},
}}
