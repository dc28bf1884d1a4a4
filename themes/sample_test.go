package themes_test

import (
	"fmt"
	"html/template"

	"zhendi/internal/render"
)

// sample is a page for the tests to draw.
type sample struct {
	view *render.View
	page render.Page
}

// minimal returns a page of each kind with as little set as there can be.
func minimal() map[string]sample {
	site := render.Site{Name: "清源市机关党建网", Home: "/", Lang: "zh-CN", Assets: assets}
	view := func(kind string) *render.View {
		return &render.View{Kind: kind, Lang: "zh-CN", Site: site, Head: render.Head{Title: "清源市机关党建网"}}
	}
	column := func(kind string) *render.View {
		v := view(kind)
		v.Column = &render.Column{Title: "组织建设", URL: "/zzjs/", Key: "zzjs", Top: "zzjs"}
		v.List = &render.List{Layout: "list", Rows: []render.Row{{ID: "abcdefgh22", Title: "一篇没有日期的稿件", Short: "一篇没有日期的稿件", URL: "/zzjs/a.html"}}}
		return v
	}
	article := view("article")
	article.Article = &render.Article{ID: "abcdefgh22", Title: "一篇只有标题的稿件"}
	page := view("page")
	page.Article = &render.Article{Title: "关于我们"}
	body := render.Page{Body: "<p>正文。</p>"}
	topic, group, tags, sitemap, withdrawn := column("topic"), view("group"), view("tags"), view("sitemap"), view("withdrawn")
	topic.Topic = &render.Topic{}
	group.Group, group.List = &render.Group{Title: "党建"}, column("column").List
	tags.Tags, sitemap.Map = []render.Link{{Text: "党建", URL: "/tags/dj/"}}, []render.MapItem{{Link: render.Link{Text: "要闻", URL: "/yw/"}}}
	withdrawn.Article, withdrawn.Column = &render.Article{Title: "已撤下的稿件", Withdrawn: "本稿内容有误。"}, topic.Column
	empty := column("column")
	empty.List.Rows = nil
	home := view("home")
	home.Blocks = []render.Block{{Kind: "headline"}, {Kind: "pictures"}, {Kind: "topics"}, {Kind: "services"}, {Kind: "friends"}, {Kind: "columns"}, {Kind: "recommended"}, {Kind: "slogan"}, {Kind: "new-kind"}}
	return map[string]sample{"article": {article, body}, "page": {page, body}, "column": {column("column"), render.Page{}}, "empty": {empty, render.Page{}},
		"archive": {column("archive"), render.Page{}}, "home": {home, render.Page{}}, "notfound": {view("notfound"), render.Page{}},
		"topic": {topic, render.Page{}}, "group": {group, render.Page{}}, "tags": {tags, render.Page{}}, "sitemap": {sitemap, render.Page{}}, "withdrawn": {withdrawn, render.Page{}}}
}

var assets = map[string]string{"site.css": "site.css", "site.js": "site.js", "cursor.png": "cursor.png"}

// rich returns a page of each kind with every field set.
func rich() map[string]sample {
	head := render.Head{
		Title: "窗口前移一小步 服务群众一大步_组织建设_清源市机关党建网", Canonical: "https://www.example.gov.cn/zzjs/2026/a.html",
		Metas:      []render.Meta{{Name: "SiteName", Content: "清源市机关党建网"}, {Name: "SiteDomain", Content: "www.example.gov.cn"}},
		Graph:      []render.Meta{{Name: "og:title", Content: `窗口"前移"`}},
		Alternates: []render.Meta{{Name: "zh-Hans", Content: "https://www.example.gov.cn/zzjs/2026/a.html"}, {Name: "x-default", Content: "https://www.example.gov.cn/zzjs/2026/a.html"}},
		JSONLD:     map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "窗口 </script> 前移"},
	}
	view := func(kind string) *render.View {
		return &render.View{Kind: kind, Lang: "zh-CN", Site: site(), Head: head, Editions: []render.EditionLink{
			{Lang: "zh-Hans", Label: "简体", URL: "/zzjs/2026/a.html", Absolute: "https://www.example.gov.cn/zzjs/2026/a.html", Current: true},
			{Lang: "zh-Hant", Label: "繁體", URL: "/hant/zzjs/2026/a.html", Absolute: "https://www.example.gov.cn/hant/zzjs/2026/a.html"}}}
	}
	inner := func(kind string) *render.View {
		v := view(kind)
		v.Crumbs = []render.Link{{Text: "网站首页", URL: "/"}, {Text: "组织建设", URL: "/zzjs/"}, {Text: "党支部建设", URL: "/zzjs/dzbjs/"}}
		v.Column = &render.Column{Title: "党支部建设", URL: "/zzjs/dzbjs/", Key: "zzjs/dzbjs", Top: "zzjs", TopTitle: "组织建设", TopURL: "/zzjs/",
			Description: "市直机关各级党组织落实“三会一课”、主题党日和标准化规范化建设的做法与经验。",
			Siblings:    []render.Link{{Text: "党支部建设", URL: "/zzjs/dzbjs/"}, {Text: "党员管理", URL: "/zzjs/dygl/"}, {Text: "干部队伍", URL: "/zzjs/gbdw/"}, {Text: "12371", URL: "https://www.12371.cn/", External: true}},
			Periods:     []render.PeriodLink{{Link: render.Link{Text: "2026年"}, Parts: []render.Link{{Text: "1月", URL: "/zzjs/dzbjs/2026-01/"}}}, {Link: render.Link{Text: "2025年", URL: "/zzjs/dzbjs/2025/"}}}, Feed: "/zzjs/dzbjs/feed.xml", JSONFeed: "/zzjs/dzbjs/feed.json"}
		return v
	}
	column, pictures, archive, page, article, home := inner("column"), inner("column"), inner("archive"), inner("page"), inner("article"), view("home")
	column.List = &render.List{Layout: "list", Rows: rows(20, false), Older: "/zzjs/dzbjs/2026/_q1.html"}
	column.List.Rows[0].Pinned, column.List.Rows[1].HasFiles, column.List.Rows[3].External = true, true, true
	column.List.Rows[2].Recommended = true
	pictures.List = &render.List{Layout: "pictures", Rows: rows(7, true)}
	pictures.List.Rows[0].Pinned, pictures.List.Rows[1].Recommended, pictures.List.Rows[4].Image = true, true, ""
	pictures.List.Rows[4].Picture = nil
	archive.List = &render.List{Layout: "list", Rows: rows(12, false), Period: "2026年", Newer: "/zzjs/dzbjs/2026/", Older: "/zzjs/dzbjs/2026/_q1.html", Parent: "/zzjs/dzbjs/"}
	page.Article = &render.Article{Title: "机构职能", Files: files(), Address: "https://www.example.gov.cn/jgzn/"}
	article.Article = richArticle()
	home.Blocks, home.Hot = blocks(), &render.Hot{Mode: "recent", Source: "/_site/hot.json", Recent: "/_site/latest.json", More: render.Link{Text: "要闻", URL: "/yw/"}}
	article.Hot, column.Hot, archive.Hot = home.Hot, home.Hot, home.Hot
	topic, group, tags, sitemap := inner("topic"), view("group"), view("tags"), view("sitemap")
	topic.Topic = &render.Topic{Archived: true, Sections: []render.Block{{Kind: "section", Title: "权威发布", URL: "/zt/1/", Rows: rows(6, true)}, {Kind: "section", Title: "工作动态", Rows: rows(6, false)}, {Kind: "section", Title: "先进典型", Rows: rows(5, true)}}}
	topic.Column.Title = "深入贯彻中央八项规定精神学习教育"
	hero := *topic
	hero.Topic = &render.Topic{Image: "pic1.svg", Picture: picture("pic1.svg")}
	hero.List = column.List
	group.Crumbs = []render.Link{{Text: "网站首页", URL: "/"}, {Text: "标签", URL: "/tags/"}, {Text: "志愿服务", URL: "/tags/zyfw/"}}
	group.Group, group.List = &render.Group{Title: "志愿服务", URL: "/tags/zyfw/", Kind: "tag", Periods: column.Column.Periods}, &render.List{Layout: "list", Rows: rows(9, false)}
	tags.Crumbs, sitemap.Crumbs = group.Crumbs[:2], []render.Link{{Text: "网站首页", URL: "/"}, {Text: "网站地图", URL: "/map/"}}
	for _, t := range []string{"志愿服务", "主题党日", "三会一课", "作风建设", "乡村振兴", "清廉机关", "App"} {
		tags.Tags = append(tags.Tags, render.Link{Text: t, URL: "/tags/" + t + "/"})
	}
	for _, n := range sitemap.Site.Nav {
		item := render.MapItem{Link: n.Link}
		for _, c := range n.Children {
			item.Children = append(item.Children, render.MapItem{Link: c})
		}
		sitemap.Map = append(sitemap.Map, item)
	}
	sitemap.Map = append(sitemap.Map, render.MapItem{Link: render.Link{Text: "系列"}, Children: []render.MapItem{{Link: render.Link{Text: "主题党日案例展示", URL: "/series/1/"}}}})
	body := render.Page{Body: bodyHTML, Note: "<p>主题党日是党支部组织党员按照明确的主题在固定时间开展的组织生活。为进一步规范主题党日制度，提升政治性、针对性、实效性，本网开设专栏，对主题党日案例进行展示，供大家交流学习。</p>", QR: qrSVG,
		Outline: []render.OutlineItem{{Text: "一、活动背景", URL: "#h1", Level: 2}, {Text: "二、活动安排", URL: "#h2", Level: 2}, {Text: "（一）前期准备", URL: "#h3", Level: 3}, {Text: "（二）现场服务", URL: "#h4", Level: 3}, {Text: "三、特色做法", URL: "#h5", Level: 2}}}
	return map[string]sample{"home": {home, render.Page{}}, "column": {column, render.Page{}}, "pictures": {pictures, render.Page{}}, "archive": {archive, render.Page{}},
		"page": {page, render.Page{Body: bodyHTML, QR: qrSVG}}, "article": {article, body}, "notfound": {view("notfound"), render.Page{}},
		"topic": {topic, render.Page{}}, "topic-image": {&hero, render.Page{}}, "group": {group, render.Page{}}, "tags": {tags, render.Page{}}, "sitemap": {sitemap, render.Page{}}}
}

func site() render.Site {
	nav := func(key, text string, children ...render.Link) render.NavItem {
		return render.NavItem{Link: render.Link{Text: text, URL: "/" + key + "/"}, Key: key, Children: children}
	}
	sub := func(texts ...string) (links []render.Link) {
		for _, t := range texts {
			links = append(links, render.Link{Text: t, URL: "/sub/" + t + "/"})
		}
		return links
	}
	return render.Site{
		Name: "清源市机关党建网", Home: "/", Lang: "zh-CN", Logo: "logo.svg", Banner: "banner.svg", Greeting: "欢迎访问清源市机关党建网！",
		Nav: []render.NavItem{nav("yw", "要闻", sub("本地要闻", "机关动态")...), nav("tzgg", "通知公告"), nav("zzjs", "组织建设", sub("党支部建设", "党员管理", "干部队伍")...),
			nav("sxjy", "思想教育", sub("理论学习", "学习体会")...), nav("zfjs", "作风建设"), nav("djfg", "党纪法规"), nav("qtgz", "群团工作", sub("工会", "共青团", "妇联")...), nav("djpp", "党建品牌"), nav("bzzn", "编辑指南")},
		Organizer: "中共清源市委市直机关工作委员会", Undertaker: "清源市机关党建信息中心", Address: "清源市清源区人民路1号", Postcode: "230000", Phone: "0550-1234567", Email: "djw@example.gov.cn",
		ICP: "皖ICP备00000001号-1", Police: "皖公网安备 34010002000001号", PoliceURL: "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=34010002000001", SiteIDCode: "3406000001",
		Conac: &render.Conac{URL: "https://bszs.conac.cn/sitename?method=show&id=0123456789ABCDEF", Kind: "red"}, Since: 2016, Login: "https://id.example.gov.cn/login", Register: "https://id.example.gov.cn/register",
		Links:    []render.Link{{Text: "关于我们", URL: "/gywm/"}, {Text: "网站地图", URL: "/map/"}, {Text: "版权声明", URL: "/bqsm/"}, {Text: "联系我们", URL: "/lxwm/"}},
		Friends:  []render.LinkGroup{{Name: "中央", Links: []render.Link{{Text: "中国政府网", URL: "https://www.gov.cn/"}, {Text: "共产党员网", URL: "https://www.12371.cn/", External: true}}}, {Name: "省级", Links: []render.Link{{Text: "省委组织部", URL: "https://zzb.example.gov.cn/", External: true}}}},
		Mourning: "2026-12-13", Assets: assets, Feed: "/feed.xml", JSONFeed: "/feed.json", MapURL: "/map/", TagsURL: "/tags/", Views: &render.Views{Shards: 64},
	}
}

var titles = []string{
	"窗口前移一小步 服务群众一大步", "市直机关召开党建工作重点任务推进会", "“一名党员一面旗”：政务服务大厅里的红色岗位", "关于报送2026年度机关党建优秀案例的通知",
	"市财政局党支部：把主题党日开到乡村振兴第一线，用一本台账管好每一笔帮扶资金的来龙去脉", "清源区：网格党小组“敲门行动”解民忧", "机关党员干部家庭家风建设座谈会举行",
	"深入学习贯彻中央八项规定精神 推动作风建设常态化长效化", "市住建局：老旧小区加装电梯，支部先把意见听到位", "以案为鉴：守住年节关口",
}

func rows(n int, pictures bool) (out []render.Row) {
	for i := range n {
		r := render.Row{ID: fmt.Sprintf("abcdefg%03d", i), Title: titles[i%len(titles)], Short: titles[i%len(titles)], URL: fmt.Sprintf("/zzjs/2026/%d.html", i),
			Date: fmt.Sprintf("2026-09-%02d", 28-i), Time: fmt.Sprintf("2026-09-%02dT08:22:00+08:00", 28-i), Source: "清源市机关党建网",
			Summary: "一个支部就是一座堡垒，一名党员就是一面旗帜。市政务服务中心党总支围绕群众办事的堵点难点，把党员岗位设到窗口一线。", Column: "党支部建设", ColumnURL: "/zzjs/dzbjs/"}
		if pictures {
			r.Image = fmt.Sprintf("pic%d.svg", i%4+1)
			r.Picture = picture(r.Image)
		}
		out = append(out, r)
	}
	return out
}

func files() []render.File {
	return []render.File{{Title: "主题党日活动方案", URL: "/zzjs/2026/fangan.docx", Type: "DOCX", Size: "23 KB"}, {Title: "参加人员名单", URL: "/zzjs/2026/mingdan.pdf", Type: "PDF", Size: "1.2 MB"}}
}

func richArticle() *render.Article {
	r := rows(8, false)
	return &render.Article{
		ID: "k3m7xq2abc", Title: "“我为群众办实事”主题党日案例展示：窗口前移一小步 服务群众一大步", Subtitle: "市政务服务中心党总支学习教育侧记", Kicker: "深入贯彻中央八项规定精神学习教育",
		Date: "2026-09-01 08:22", Time: "2026-09-01T08:22:00+08:00", Lastmod: "2026-09-02 10:00", Source: "清源市机关党建网", SourceURL: "https://paper.example.cn/1", SourceOut: true,
		Author: "李明、王芳", Correspondent: "市政务服务中心 张学锋", Editor: "周敏", Reviewers: []render.Meta{{Name: "一审", Content: "赵宁"}, {Name: "二审", Content: "钱进"}, {Name: "三审", Content: "孙立"}},
		Tags: []render.Link{{Text: "主题党日", URL: "/tags/zhutidangri/"}, {Text: "志愿服务"}}, Files: files(), Newer: &r[0], Older: &r[4], Related: r[2:8], Series: &render.Series{Title: "主题党日案例展示", URL: "/series/1/", Newer: &r[1], Older: &r[5]},
		Notice: "版权声明：本网原创稿件版权归清源市机关党建网所有，转载请注明来源和作者。", Correction: "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3406000001&url=https%3A%2F%2Fwww.example.gov.cn%2F",
		TOC: true, Address: "https://www.example.gov.cn/zzjs/2026/a.html", Lang: "zh-CN", Pages: []render.Link{{Text: "1"}, {Text: "2", URL: "a_2.html"}, {Text: "全文", URL: "a_all.html"}},
	}
}

func blocks() []render.Block {
	links := []render.Link{{Text: "学习贯彻党的二十大精神", URL: "/zt/1/"}, {Text: "机关效能建设年", URL: "/zt/2/"}, {Text: "先锋支部巡礼", URL: "/zt/3/"}, {Text: "清廉机关", URL: "/zt/4/", Image: "pic1.svg", Picture: picture("pic1.svg")}}
	list := func(title string, pictures bool) render.Block {
		r := rows(8, pictures)
		return render.Block{Kind: "columns", Title: title, URL: "/zzjs/", Rows: r[:7]}
	}
	return []render.Block{
		{Kind: "headline", Rows: rows(4, false)},
		{Kind: "pictures", Title: "图片新闻", Rows: rows(5, true)},
		{Kind: "tabs", Tabs: []render.Block{list("本地要闻", false), list("机关动态", false), list("通知公告", false)}},
		{Kind: "topics", Title: "专题专栏", Links: links},
		{Kind: "columns", Tabs: []render.Block{list("组织建设", true), list("思想教育", false), list("作风建设", true)}},
		{Kind: "strip", Title: "支部风采", URL: "/zbfc/", Rows: rows(5, true)},
		{Kind: "columns", Title: "党纪法规", URL: "/djfg/", Rows: rows(6, false)},
		{Kind: "columns", Title: "群团工作", URL: "/qtgz/", Rows: rows(6, false)},
		{Kind: "hot"},
		{Kind: "latest", Title: "最新", Rows: rows(6, false)},
		{Kind: "recommended", Rows: rows(6, true)},
		{Kind: "slogan", Title: "把支部建在岗位上 把服务送到心坎里"},
		{Kind: "slogan", Title: "一个支部一座堡垒", Links: []render.Link{{Text: "一个支部一座堡垒", URL: "/zt/1/"}}},
		{Kind: "services", Title: "服务窗口", Links: []render.Link{{Text: "入党流程", URL: "/fw/1/"}, {Text: "组织关系转接", URL: "/fw/2/"}, {Text: "党费标准", URL: "/fw/3/"}, {Text: "资料下载", URL: "/fw/4/"}, {Text: "12380举报", URL: "https://www.12380.gov.cn/"}}},
		{Kind: "friends"},
	}
}

const qrSVG template.HTML = `<svg class="qr" role="img" viewBox="0 0 29 29" shape-rendering="crispEdges"><title>扫一扫在手机打开当前页</title><rect width="29" height="29" fill="#fff"/><path fill="none" stroke="#000" d="M4 4.5h7m1 0h3m3 0h7"/></svg>`

// bodyHTML has each element and class that an article's Markdown may become.
const bodyHTML template.HTML = `<p><span class="dateline">清风网讯（通讯员：许灵、张学）</span>一个支部就是一座堡垒，一名党员就是一面旗帜。市政务服务中心党总支践行“强基固本筑堡垒，提质增效促发展”的服务理念，依托12345志愿服务品牌，锚定“政务服务上水平、事务服务无差错、机关建设争一流”目标<sup class="footnote-ref" id="fnref1"><a href="#fn1">[1]</a></sup>，将学习教育成果转化成服务群众的实际成效。</p>
<h2 id="h1">一、活动背景</h2>
<p>“小热线”撬动“大治理”。通过党建联动有效打通部门壁垒，凝聚各方力量，提升治理效能。详见<a href="https://paper.example.cn/2" class="external" rel="noopener">《清源日报》报道</a>与<a href="/zzjs/2026/1.html">本网前期报道</a>。</p>
<figure><img src="pic1.svg" alt="党员志愿者在窗口前帮助老人填写表格" width="960" height="600" loading="lazy" decoding="async"><figcaption>9月1日，党员志愿者在政务服务大厅帮助老人填写表格。李明 摄</figcaption></figure>
<h2 id="h2">二、活动安排</h2>
<h3 id="h3">（一）前期准备</h3>
<p><strong class="run-in" id="r1">1.活动时间。</strong>2026年5月25日。</p>
<p>2.参加人员：市政务服务中心党总支党员及年轻干部，共15人。</p>
<ul><li>组织15名党员干部赴市政务服务便民热线管理中心开展志愿服务；</li><li>召开支部党员大会。</li></ul>
<h3 id="h4">（二）现场服务</h3>
<div class="gallery">
<figure><img src="pic2.svg" alt="咨询台" width="960" height="600" loading="lazy" decoding="async"><figcaption>咨询台</figcaption></figure>
<figure><img src="pic3.svg" alt="帮办窗口" width="960" height="600" loading="lazy" decoding="async"><figcaption>帮办窗口</figcaption></figure>
</div>
<div class="table-scroll" tabindex="0" role="group" aria-label="表格">
<table><thead><tr><th>支部</th><th class="align-right">党员（人）</th><th class="align-center">办结率</th></tr></thead><tbody><tr><td>第一支部</td><td class="align-right">21</td><td class="align-center">100%</td></tr><tr><td>第二支部</td><td class="align-right">18</td><td class="align-center">98.5%</td></tr></tbody></table>
</div>
<blockquote><p>群众满意度就是党建工作的标尺。</p></blockquote>
<aside class="editor-note" aria-label="编者按"><p class="editor-note-label">编者按</p><p>正文中的编者按。</p></aside>
<details class="fold"><summary>查看参加人员名单</summary><p>张学锋、许灵、李惠等15人。</p></details>
<h2 id="h5">三、特色做法</h2>
<p>以 <code>site.yaml</code> 为例：</p>
<pre class="chroma"><code class="language-yaml"><span class="na">name</span>: <span class="s">清源市机关党建网</span> <span class="c"># 网站名称</span>
</code></pre>
<p class="align-right">（市政务服务中心供稿）</p>
<section class="footnotes" role="doc-endnotes" aria-label="注释"><ol><li id="fn1"><p>数据截至2026年8月31日。 <a href="#fnref1" class="footnote-back" role="doc-backlink" aria-label="回到正文">↩</a></p></li></ol></section>`

func picture(name string) *render.Picture {
	return &render.Picture{URL: name, Srcset: name + " 640w, " + name + "?2 1280w", Width: 1280, Height: 800}
}
