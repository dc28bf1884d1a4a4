package fields

import "zhendi/internal/diag"

// The rules of this package.
var (
	ruleSyntax = diag.Rule{ID: "yaml",
		ZH: "%[1]s的 YAML 写法有误：%[2]s", EN: "%[1]s: %[2]s",
		FixZH: "检查这一行的引号、冒号与缩进", FixEN: "check the quotes, colons and indent of this line"}
	ruleNotMapping = diag.Rule{ID: "yaml",
		ZH: "%[1]s应当是一行一个“键: 值”", EN: "%[1]s must be lines of `key: value`",
		FixZH: "例如 %[2]s: 内容", FixEN: "for example `%[2]s: text`"}
	ruleTwoDocuments = diag.Rule{ID: "yaml",
		ZH: "%[1]s中间多了一行分隔线", EN: "%[1]s: a second YAML document starts here",
		FixZH: "删去这一行", FixEN: "delete this line"}
	ruleWideColon = diag.Rule{ID: "yaml-colon",
		ZH: "键“%[1]s”后面用了全角冒号“：”", EN: "full-width colon ： after the key %[1]q",
		FixZH: "改为半角冒号加空格：%[1]s: %[2]s", FixEN: "write a plain colon and a space: `%[1]s: %[2]s`"}
	ruleNoSpace = diag.Rule{ID: "yaml-colon",
		ZH: "键“%[1]s”的冒号后面缺一个半角空格", EN: "no space after the colon of %[1]q",
		FixZH: "改为 %[1]s: %[2]s", FixEN: "write `%[1]s: %[2]s`"}
	ruleTab = diag.Rule{ID: "yaml-tab",
		ZH: "行首用了制表符（Tab）缩进", EN: "the line is indented with a tab",
		FixZH: "改用空格缩进", FixEN: "indent with spaces"}
	ruleColonInValue = diag.Rule{ID: "yaml-quote",
		ZH: "“%[1]s”的内容里有“: ”，须用半角引号括起来", EN: "the value of %[1]q contains \": \" and must be quoted",
		FixZH: "改为 %[1]s: '%[2]s'", FixEN: "write `%[1]s: '%[2]s'`"}
	ruleCurlyColon = diag.Rule{ID: "yaml-quote",
		ZH: "“%[1]s”的内容里有“: ”，弯引号“”不能代替半角引号", EN: "the value of %[1]q contains \": \" and must be quoted; curly quotes do not count",
		FixZH: "改为 %[1]s: '%[2]s'", FixEN: "write `%[1]s: '%[2]s'`"}
	ruleCurly = diag.Rule{ID: "yaml-quote",
		ZH: "“%[1]s”的内容外面不能用弯引号", EN: "the value of %[1]q stands in curly quotes",
		FixZH: "改为 %[1]s: %[2]s", FixEN: "write `%[1]s: %[2]s`"}
	ruleNoColon = diag.Rule{ID: "yaml-colon",
		ZH: "键“%[1]s”后面缺少冒号", EN: "no colon after the key %[1]q",
		FixZH: "改为 %[1]s: %[2]s", FixEN: "write `%[1]s: %[2]s`"}
	ruleIndent = diag.Rule{ID: "yaml-indent",
		ZH: "行首多了空格", EN: "needless blanks at the start of the line",
		FixZH: "与上一行对齐", FixEN: "let it start where the line above starts"}
	ruleStartChar = diag.Rule{ID: "yaml-quote",
		ZH: "“%[1]s”的内容以“%[3]s”开头，须用半角引号括起来", EN: "the value of %[1]q starts with %[3]q and must be quoted",
		FixZH: "改为 %[1]s: '%[2]s'", FixEN: "write `%[1]s: '%[2]s'`"}
	ruleOpen = diag.Rule{ID: "yaml-quote",
		ZH: "“%[1]s”的%[2]s没有结束", EN: "%[2]s of %[1]q is not closed",
		FixZH: "在内容末尾补上 %[3]s", FixEN: "write %[3]s where the value ends"}
	ruleComment = diag.Rule{ID: "yaml-quote", Severity: diag.Warning,
		ZH: "“%[1]s”在 YAML 里是注释，没有读入", EN: "%[1]q is a comment to YAML and was not read",
		FixZH: "如是正文，把整个内容用半角单引号括起来；如是注释，在 # 后面空一格", FixEN: "quote the whole value if it is text; write a space after # if it is a comment"}
	ruleTwice = diag.Rule{ID: "key-twice",
		ZH: "键“%[1]s”写了两次（上一次在第 %[2]d 行）", EN: "key %[1]q is given twice (first on line %[2]d)",
		FixZH: "删去其中一个", FixEN: "delete one of them"}
	ruleNear = diag.Rule{ID: "unknown-key",
		ZH: "没有名为“%[1]s”的键，是不是“%[2]s”？", EN: "unknown key %[1]q; did you mean %[2]q?",
		FixZH: "改为 %[2]s", FixEN: "write %[2]s"}
	ruleUnknownError = diag.Rule{ID: "unknown-key",
		ZH: "%[2]s里没有名为“%[1]s”的键", EN: "unknown key %[1]q in %[2]s",
		FixZH: "%[3]s", FixEN: "%[3]s"}
	ruleUnknown = diag.Rule{ID: "unknown-key", Severity: diag.Warning,
		ZH: "不认识键“%[1]s”，已略过", EN: "unknown key %[1]q is ignored",
		FixZH: "删去它；给模板用的值写在 params: 下面", FixEN: "delete it; values for templates go under params:"}
	ruleType = diag.Rule{ID: "value-type",
		ZH: "“%[1]s”应当是%[2]s", EN: "%[1]q must be %[2]s",
		FixZH: "%[3]s", FixEN: "%[3]s"}
	ruleEnum = diag.Rule{ID: "value",
		ZH: "“%[1]s”不能是“%[2]s”", EN: "%[1]q cannot be %[2]q",
		FixZH: "只能是：%[3]s", FixEN: "use one of: %[3]s"}
	ruleTime = diag.Rule{ID: "date",
		ZH: "“%[1]s”的日期“%[2]s”有误：%[3]s", EN: "%[1]s: bad date %[2]q: %[3]s",
		FixZH: "写成 2025-09-01 08:22 或 2025年9月1日", FixEN: "write 2025-09-01 08:22 or 2025年9月1日"}
	ruleAlias = diag.Rule{ID: "yaml",
		ZH: "不支持 YAML 的锚点与引用（& 和 *）", EN: "YAML anchors and aliases (& and *) are not supported",
		FixZH: "把内容直接写出来；以 & 或 * 开头的文字加引号", FixEN: "write the value out; quote text that starts with & or *"}
)
