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
		FixZH: "写以 / 开头的路径，例如 /old/123.html", FixEN: "write a path starting with /, for example /old/123.html"}
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
