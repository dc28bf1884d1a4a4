package site

import "zhendi/internal/diag"

// The rules of this package.
var (
	ruleNoColumn = diag.Rule{ID: "column",
		ZH: "稿件不在任何栏目里", EN: "the article is in no column",
		FixZH: "移到 content 下某个栏目的文件夹里", FixEN: "move it into a column's folder under content"}
	ruleNoIndex = diag.Rule{ID: "column", Severity: diag.Warning,
		ZH: "栏目文件夹里没有 _index.md，栏目暂名“%[1]s”", EN: "no _index.md in this column's folder; the column is named %[1]q for now",
		FixZH: "新建 _index.md，写上 title: 栏目名称", FixEN: "create _index.md with a title"}
	ruleSameID = diag.Rule{ID: "id",
		ZH: "编号 %[1]s 与 %[2]s 的相同", EN: "id %[1]s is also that of %[2]s",
		FixZH: "复制稿件时要删去或更换编号", FixEN: "delete or change the id of the copy"}
	ruleSameDerived = diag.Rule{ID: "id",
		ZH: "与 %[2]s 的编号相同：文件名或第一个旧网址相同", EN: "the id is also that of %[2]s: file name or first alias are the same",
		FixZH: "改文件名，或在头部信息里写上 id", FixEN: "rename the file, or write an id in the front matter"}
	ruleNoSuchColumn = diag.Rule{ID: "column",
		ZH: "没有栏目“%[1]s”", EN: "no column %[1]q",
		FixZH: "写栏目的文件夹路径，例如 %[2]s", FixEN: "write the path of a column's folder, for example %[2]s"}
	ruleNoSuchTopic = diag.Rule{ID: "topic",
		ZH: "没有专题“%[1]s”", EN: "no topic %[1]q",
		FixZH: "%[2]s", FixEN: "%[2]s"}
	ruleCollision = diag.Rule{ID: "collision",
		ZH: "网址 %[1]s 已属于 %[2]s", EN: "the address %[1]s already belongs to %[2]s",
		FixZH: "改动其中一个的 slug、文件名或旧网址", FixEN: "change the slug, file name or alias of one of them"}
	rulePageFolder = diag.Rule{ID: "collision",
		ZH: "网址 %[1]s 与 %[3]s 的 %[2]s 不能并存：一个名称不能既是文件又是文件夹", EN: "the address %[1]s cannot stand beside %[2]s of %[3]s: one name would be a file and a folder",
		FixZH: "改动其中一个的 slug、文件名、文件夹名或旧网址", FixEN: "change the slug, file name, folder or alias of one of them"}
	ruleReserved = diag.Rule{ID: "collision",
		ZH: "网址 %[1]s 留给 zhendi 自己要写的首页、标签、订阅、网站地图等", EN: "the address %[1]s is kept for what zhendi writes itself: the home page, tags, feeds, site maps and the like",
		FixZH: "改文件夹名、slug 或旧网址", FixEN: "change the folder, slug or alias"}
	ruleAlias = diag.Rule{ID: "alias",
		ZH: "旧网址“%[1]s”的写法有误", EN: "bad alias %[1]q",
		FixZH: "写以 / 开头的路径，例如 /old/123.html；带参数的写在 content/_data/redirects.yaml 里", FixEN: "write a path starting with /, for example /old/123.html; with a query, in content/_data/redirects.yaml"}
	ruleHalfRedirect = diag.Rule{ID: "redirect",
		ZH: "每条跳转要有 from（停用网址）与 to（新网址）", EN: "each redirect needs from (the old address) and to (the new one)",
		FixZH: "补全；没有新网址的写在 gone 里", FixEN: "complete it; what has no new address goes under gone"}
	ruleFrom = diag.Rule{ID: "redirect",
		ZH: "停用网址“%[1]s”的写法有误：%[2]s", EN: "bad retired address %[1]q: %[2]s",
		FixZH: "例如 /art/2019/3/5/art_1_2.html、/show.asp?id=123、/news/*", FixEN: "as in /art/2019/3/5/art_1_2.html, /show.asp?id=123, /news/*"}
	ruleTwice = diag.Rule{ID: "redirect",
		ZH: "网址“%[1]s”已经写在 %[2]s", EN: "the address %[1]q is given at %[2]s already",
		FixZH: "两处留一处", FixEN: "keep one of the two"}
	ruleTo = diag.Rule{ID: "redirect",
		ZH: "新网址“%[1]s”不能用", EN: "%[1]q cannot be led to",
		FixZH: "写本站以 / 开头的网址，或以 https:// 开头的完整网址", FixEN: "write an address of this site, starting with /, or a complete one starting with https://"}
	ruleToOwn = diag.Rule{ID: "redirect",
		ZH: "新网址“%[1]s”就在本站", EN: "%[1]q is on this site",
		FixZH: "不写域名，以 / 开头：%[2]s", FixEN: "write it without the host: %[2]s"}
	ruleToDead = diag.Rule{ID: "redirect",
		ZH: "新网址“%[1]s”不存在", EN: "%[1]q, to be led to, does not exist",
		FixZH: "%[2]s", FixEN: "%[2]s"}
	ruleToHidden = diag.Rule{ID: "redirect-hidden", Severity: diag.Warning,
		ZH: "“%[1]s”目前不在网站上，这一条跳转暂不生效", EN: "%[1]q is not on the site now; this redirect has no effect",
		FixZH: "待它发布后自动生效；已撤稿的，改转到别处，或移到 gone 里", FixEN: "it takes effect when the page is published; if that was withdrawn, lead elsewhere or move it under gone"}
	ruleToGone = diag.Rule{ID: "redirect",
		ZH: "“%[1]s”转到“%[2]s”，而那里已停用", EN: "%[1]q leads to %[2]q, which is gone",
		FixZH: "改转到别处，或移到 gone 里", FixEN: "lead elsewhere, or move it under gone"}
	ruleChain = diag.Rule{ID: "redirect",
		ZH: "“%[1]s”要转两次：先到“%[2]s”，那里又转到“%[3]s”", EN: "%[1]q leads on twice: to %[2]q, and from there to %[3]q",
		FixZH: "直接写 %[3]s", FixEN: "write %[3]s"}
	ruleLoop = diag.Rule{ID: "redirect",
		ZH: "“%[1]s”转来转去，到不了任何网页", EN: "%[1]q leads in a circle, to no page",
		FixZH: "改写 to，指向现有的网页", FixEN: "change to, so that it leads to a page"}
	ruleDeadLink = diag.Rule{ID: "link",
		ZH: "链接“%[1]s”指向的文件或页面不存在", EN: "the link %[1]q leads to a file or page that does not exist",
		FixZH: "%[2]s", FixEN: "%[2]s"}
	ruleGoneLink = diag.Rule{ID: "link-hidden", Severity: diag.Warning,
		ZH: "链接“%[1]s”指向的稿件或文件目前不在网站上，只显示文字", EN: "the article or file that %[1]q links to is not on the site; only the text is shown",
		FixZH: "待它发布后链接会自动恢复；已撤稿的，请删去链接", FixEN: "the link comes back when the article is published; delete it if the article was withdrawn"}
	ruleOutside = diag.Rule{ID: "link",
		ZH: "“%[1]s”指到了 content 文件夹之外", EN: "%[1]q leads out of the content folder",
		FixZH: "把文件放进 content 文件夹，用相对路径引用", FixEN: "put the file into the content folder and use a relative path"}
	ruleInternalFile = diag.Rule{ID: "internal",
		ZH: "“%[1]s”属于内部稿件或内部栏目，公开的稿件不能使用", EN: "%[1]q belongs to an internal article or column; a public article cannot use it",
		FixZH: "删去这一处；确可公开的，把文件复制到这篇稿件旁边", FixEN: "take it out; if it may be public, copy the file beside this article"}
	ruleHotlink = diag.Rule{ID: "picture",
		ZH: "图片“%[1]s”在别的网站上，读者看不到", EN: "the picture %[1]q is on another site; readers will not see it",
		FixZH: "把图片存到稿件旁边，用文件名引用", FixEN: "save the picture beside the article and use its file name"}
	ruleMissingFile = diag.Rule{ID: "missing-file",
		ZH: "找不到%[2]s“%[1]s”", EN: "%[2]s %[1]q not found",
		FixZH: "%[3]s", FixEN: "%[3]s"}
)

// RuleShadow is broken by a retired address that is still a page's.
var RuleShadow = diag.Rule{ID: "redirect",
	ZH: "“%[1]s”还有网页，不能停用：它属于 %[2]s", EN: "%[1]q has pages and cannot be retired: they belong to %[2]s",
	FixZH: "删去这一条；整个文件夹的，改为逐个列出停用的网址", FixEN: "delete this line; instead of a whole folder list the addresses that are retired"}
