package check

import (
	"bytes"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleFuture = diag.Rule{ID: "Z30", Severity: diag.Warning,
		ZH: "日期 %[1]s 还没有到", EN: "the date %[1]s is in the future",
		FixZH: "改正日期；定时发布的，再写 publishDate", FixEN: "mend it; for a scheduled article give publishDate, too"}
	ruleEarlier = diag.Rule{ID: "Z30", Severity: diag.Warning,
		ZH: "修改时间早于发布时间", EN: "lastmod is before date",
		FixZH: "改正其中一个", FixEN: "mend one of them"}
	ruleLongAgo = diag.Rule{ID: "Z30", Severity: diag.Warning,
		ZH: "日期 %[1]s 早于网站开办", EN: "the date %[1]s is before the site began",
		FixZH: "检查年份", FixEN: "look at the year"}
)

var dates = Analyser{
	ID: "Z30", Severity: diag.Warning,
	Name: diag.T("日期可疑", "doubtful dates"),
	Doc: diag.T("发布日期在将来而没有写 publishDate；修改时间早于发布时间；年份在 1949 以前。缺少日期、日期写错由 build 报告（required、date）。",
		"A date in the future without publishDate, lastmod before date, a year before 1949. Missing and bad dates are reported by build (required, date)."),
	Mistaken: diag.T("定时发布的稿件写上 publishDate 即可。", "Scheduled articles give publishDate."),
	Bad:      []string{"---¶title: 甲¶date: 2099-01-01¶---¶正文。", "---¶title: 甲¶date: 2025-03-01¶lastmod: 2025-02-01¶---¶正文。"},
	Good:     []string{"---¶title: 甲¶date: 2099-01-01¶publishDate: 2099-01-01¶---¶正文。", "---¶title: 甲¶date: 2025-03-01¶---¶正文。"},
	Text:     func(t *Text) { t.dates() },
}

func (t *Text) dates() {
	a := t.Article
	if a == nil || a.Date.IsZero() || a.Base != "" {
		return
	}
	day := a.Date.Format("2006-01-02")
	switch {
	case a.Date.After(t.c.Now) && a.PublishDate.IsZero() && a.Status == article.Published:
		t.problems.Add(ruleFuture.At(t.key("date"), day))
	case a.Date.Year() < 1949:
		t.problems.Add(ruleLongAgo.At(t.key("date"), day))
	}
	if !a.Lastmod.IsZero() && a.Lastmod.Before(a.Date) && (a.Clock || a.Lastmod.Before(a.Date.Truncate(24*time.Hour))) {
		t.problems.Add(ruleEarlier.At(t.key("lastmod")))
	}
}

// key is the place of a key of the front matter, of the first line if it is not there.
func (t *Text) key(name string) diag.Pos {
	at := 0
	for l := range bytes.Lines(t.File[:t.BodyAt]) {
		if k, _, ok := strings.Cut(string(l), ":"); ok && l[0] != ' ' {
			if k = strings.TrimSpace(k); article.FrontMatter.Has(k) && article.FrontMatter.Canonical(k) == name {
				return t.pos(int32(at))
			}
		}
		at += len(l)
	}
	return diag.Pos{File: t.Path, Line: 1}
}

var (
	ruleLevel = diag.Rule{ID: "Z50",
		ZH: "缺少%[1]s", EN: "no %[1]s",
		FixZH: "补上%[1]s；还没有审完的写 status: review", FixEN: "add it, or say status: review"}
	ruleReviewer = diag.Rule{ID: "Z50",
		ZH: "“%[1]s”不在%[2]s的名单里", EN: "%[1]s is not on the list of %[2]s",
		FixZH: "核对姓名；新任的写进 content/_data/reviewers.yaml", FixEN: "mend the name, or add it to content/_data/reviewers.yaml"}
	ruleSamePerson = diag.Rule{ID: "Z50", Severity: diag.Warning,
		ZH: "%[1]s与%[2]s是同一人", EN: "%[1]s and %[2]s are the same person",
		FixZH: "换一位审核；人手少的单位在 reviewers.yaml 写 alone: true", FixEN: "let another review, or say alone: true in reviewers.yaml"}
)

var review = Analyser{
	ID:   "Z50",
	Name: diag.T("三审", "review chain"),
	Doc: diag.T("reviewers.yaml 的 levels 要求几审，已发布的稿件就要有几审；写了后一级而没有前一级也是错误。名单里有人的，姓名要在名单里。两级审核是同一人、末审是作者，警告。",
		"A published article has as many levels of review as reviewers.yaml asks for, and none without the one before it; names are on its lists. One person on two levels, or an author who reviews last, is a warning."),
	Mistaken: diag.T("人手少的单位写 alone: true。", "Small units say alone: true."),
	Bad:      []string{"---¶title: 甲¶一审: 张三¶三审: 李四¶---¶正文。", "---¶title: 甲¶一审: 张三¶二审: 张三¶---¶正文。"},
	Good:     []string{"---¶title: 甲¶一审: 张三¶二审: 李四¶三审: 王五¶---¶正文。", "---¶title: 甲¶---¶正文。"},
	Text:     func(t *Text) { t.review() },
}

var levelNames = [3]diag.Text{{ZH: "一审", EN: "first review"}, {ZH: "二审", EN: "second review"}, {ZH: "三审", EN: "third review"}}

func (t *Text) review() {
	a := t.Article
	if a == nil || a.Base != "" || a.Status != article.Published || a.Link.Text != "" {
		return
	}
	keys := [3]string{"firstReviewer", "secondReviewer", "thirdReviewer"}
	needed := t.c.Levels
	for i, name := range a.Reviewers {
		if name != "" {
			needed = max(needed, i+1)
		}
	}
	for i, name := range a.Reviewers[:needed] {
		at := t.key(keys[i])
		if at.Col == 0 {
			at = t.key("reviewers")
		}
		switch list := t.c.Reviewers[i]; {
		case name == "":
			t.problems.Add(ruleLevel.At(at, levelNames[i]))
		case len(list) > 0 && !allIn(name, list):
			t.problems.Add(ruleReviewer.At(at, name, levelNames[i]))
		}
		if t.c.Alone || name == "" {
			continue
		}
		for k := range i {
			if a.Reviewers[k] == name {
				t.problems.Add(ruleSamePerson.At(at, levelNames[k], levelNames[i]))
				break
			}
		}
		if i > 0 && i == needed-1 && len(a.Author) == 1 && a.Author[0] == name {
			t.problems.Add(ruleSamePerson.At(at, diag.T("作者", "the author"), levelNames[i]))
		}
	}
}

// allIn reports whether all people that text names are on the list.
func allIn(text string, list []string) bool {
	for _, n := range strings.FieldsFunc(text, func(c rune) bool { return in(c, "、，,； ;") }) {
		found := false
		for _, l := range list {
			found = found || l == n
		}
		if !found {
			return false
		}
	}
	return true
}

var (
	ruleVague = diag.Rule{ID: "Z56", Severity: diag.Warning,
		ZH: "来源“%[1]s”等于没有写", EN: "the source %[1]s says nothing",
		FixZH: "查明原发单位，写它的全称", FixEN: "find the unit that published it first"}
	ruleUnknownSource = diag.Rule{ID: "Z56", Severity: diag.Warning,
		ZH: "来源“%[1]s”不在稿源名单里", EN: "the source %[1]s is not on the list",
		FixZH: "核对名称；可以转载的写进 content/_data/sources.yaml", FixEN: "mend the name, or add it to content/_data/sources.yaml"}
	ruleNoURL = diag.Rule{ID: "Z56", Severity: diag.Info,
		ZH: "转载稿没有写原文网址", EN: "a reprint without the address of the original",
		FixZH: "加上 sourceURL: 原文网址", FixEN: "add sourceURL"}
)

var sources = Analyser{
	ID: "Z56", Severity: diag.Warning,
	Name: diag.T("来源含糊", "vague source"),
	Doc: diag.T("来源写的是网友投稿、网络、互联网、佚名之类；或 sources.yaml 列了名单而来源不在其中。转载稿没有原文网址，提示。",
		"The source is 网友投稿, 网络 and the like, or not on the list of sources.yaml. A reprint without the address of the original is noted."),
	Mistaken: diag.T("名单之外的本单位：写进 sources.yaml。", "Add your own units to sources.yaml."),
	Bad:      []string{"---¶title: 甲¶source: 网友投稿¶---¶正文。", "---¶title: 甲¶source: 互联网¶---¶正文。"},
	Good:     []string{"---¶title: 甲¶source: 云岫日报¶---¶正文。", "---¶title: 甲¶source: 云岫网络电视台¶---¶正文。"},
	Text:     func(t *Text) { t.sources() },
}

func (t *Text) sources() {
	a := t.Article
	if a == nil || a.Base != "" || a.Source == "" {
		return
	}
	vague := append(strings.Fields("网友投稿 网友 网络 网络转载 网络整理 互联网 因特网 佚名 未知 不详 其他 本站整理 转载 原创 網絡 網路 網友投稿 互聯網"), t.c.Vague...)
	s := strings.TrimSpace(a.Source)
	switch {
	case allIn(s, vague):
		t.problems.Add(ruleVague.At(t.key("source"), s))
	case len(t.c.Sources) > 0 && !allIn(s, t.c.Sources):
		t.problems.Add(ruleUnknownSource.At(t.key("source"), s))
	}
	if a.Reprint && a.SourceURL == "" {
		t.problems.Add(ruleNoURL.At(t.key("source")))
	}
}

var (
	ruleSummary = diag.Rule{ID: "Z37", Severity: diag.Info,
		ZH: "摘要有 %[1]d 字，列表与搜索结果显示不下", EN: "a summary of %[1]d characters is cut in lists",
		FixZH: "缩到 200 字以内", FixEN: "shorten it to 200"}
	ruleKeywords = diag.Rule{ID: "Z37", Severity: diag.Info,
		ZH: "关键词有 %[1]d 个", EN: "%[1]d keywords",
		FixZH: "留下最要紧的三五个", FixEN: "keep the few that matter"}
	ruleLongTitle = diag.Rule{ID: "Z37", Severity: diag.Info,
		ZH: "标题有 %[1]d 字，列表里显示不全", EN: "a title of %[1]d characters is cut in lists",
		FixZH: "写一个 shortTitle 供列表使用", FixEN: "give a shortTitle for lists"}
	ruleSameTitle = diag.Rule{ID: "Z37", Severity: diag.Warning,
		ZH: "标题与 %[1]s 相同", EN: "the title is that of %[1]s",
		FixZH: "是同一篇的删去一篇，用 alsoIn 列入其他栏目；不是的改标题", FixEN: "delete one and use alsoIn, or change the title"}
	ruleSameTitleOther = diag.Rule{ID: "Z37", Severity: diag.Info,
		ZH: "标题与 %[1]s 相同（日期相隔较远）", EN: "the title is that of %[1]s, of another year",
		FixZH: "在标题里写明年度", FixEN: "put the year into the title"}
)

// Lengths that lists and search results show.
const (
	maxSummary  = 200
	maxKeywords = 10
	maxTitle    = 60
)

var lengths = Analyser{
	ID: "Z37", Severity: diag.Warning,
	Name: diag.T("标题、摘要与关键词", "titles, summaries, keywords"),
	Doc: diag.T("标题与另一篇相同（半年以内的警告，相隔更久的提示）；标题超过 60 字、摘要超过 200 字、关键词超过 10 个，提示。",
		"Two articles of one title (a warning within half a year); titles over 60 characters, summaries over 200, keywords over 10 are noted."),
	Mistaken: diag.T("每年都发的通知在标题里写明年度即可。", "Yearly notices name the year."),
	Bad:      []string{"---¶title: 甲¶keywords: [一, 二, 三, 四, 五, 六, 七, 八, 九, 十, 十一]¶---¶正文。"},
	Good:     []string{"---¶title: 甲¶keywords: [一, 二]¶summary: 一句话。¶---¶正文。"},
	Text:     func(t *Text) { t.lengths() },
	Portal:   func(p *Portal) { p.sameTitles() },
}

func (t *Text) lengths() {
	a := t.Article
	if a == nil {
		return
	}
	if n := len([]rune(a.Summary)); n > maxSummary {
		t.problems.Add(ruleSummary.At(t.key("summary"), n))
	}
	if n := len(a.Keywords); n > maxKeywords {
		t.problems.Add(ruleKeywords.At(t.key("keywords"), n))
	}
	if n := len([]rune(a.Title)); n > maxTitle && a.ShortTitle == "" {
		t.problems.Add(ruleLongTitle.At(t.key("title"), n))
	}
}
