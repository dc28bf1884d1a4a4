package check

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// Portal is the site as its analysers see it.
type Portal struct {
	Site      *site.Site
	Articles  []*article.Article // all, shown or not
	Files     []source.File      // of content that are not articles
	Sketches  []Sketch           // of Articles; see Sketch
	Head      func(path string) []byte
	Freshness map[string]int // days for each folder of a column, as site.yaml has them; 0: any age

	c        *Checker
	problems diag.List
}

// Portal looks at the site.
func (c *Checker) Portal(p *Portal) diag.List {
	p.c, p.problems = c, nil
	for _, a := range c.portal {
		a.Portal(p)
	}
	return c.graded(p.problems)
}

// Days after which a home page and columns are out of date, and how many such columns fail a site, by the inspection rules
// for government sites (2019): 14 days for home and news, 180 for notices and policies; 5 stale
// columns of news, 10 long stale, 5 empty.
const (
	freshHome  = 14
	homeSoon   = 10
	freshNews  = 14
	freshOther = 180
	failStale  = 5
	failLong   = 10
	failEmpty  = 5
)

var (
	ruleHome = diag.Rule{ID: "Z60",
		ZH: "首页已有 %[1]d 天没有新稿件（不得超过 14 天）", EN: "nothing new on the home page for %[1]d days (14 at most)",
		FixZH: "最近一篇是 %[2]s；发布新的稿件", FixEN: "the newest is %[2]s"}
	ruleHomeSoon = diag.Rule{ID: "Z60", Severity: diag.Warning,
		ZH: "首页已有 %[1]d 天没有新稿件，14 天即不合格", EN: "nothing new on the home page for %[1]d days; 14 are the limit",
		FixZH: "最近一篇是 %[2]s", FixEN: "the newest is %[2]s"}
	ruleStale = diag.Rule{ID: "Z61", Severity: diag.Warning,
		ZH: "栏目“%[1]s”已有 %[2]d 天没有更新（这类栏目不得超过 %[3]d 天）", EN: "the column %[1]s has had nothing new for %[2]d days (%[3]d at most)",
		FixZH: "发布新的稿件；不需要常更新的，在 site.yaml 的 check.freshness 写明天数，0 为不限", FixEN: "publish, or set its days under check.freshness in site.yaml, 0 for any"}
	ruleNoItems = diag.Rule{ID: "Z62", Severity: diag.Warning,
		ZH: "栏目“%[1]s”是空的", EN: "the column %[1]s is empty",
		FixZH: "发布稿件，或写 hidden: true 先不列入导航", FixEN: "publish, or hide it"}
	ruleTooMany = diag.Rule{ID: "Z63",
		ZH: "%[1]s有 %[2]d 个，达到 %[3]d 个即不合格", EN: "%[2]d %[1]s; %[3]d fail the site",
		FixZH: "更新或合并栏目：%[4]s", FixEN: "update or merge: %[4]s"}
)

var home = Analyser{
	ID:   "Z60",
	Name: diag.T("首页不更新", "stale home page"),
	Doc: diag.T("首页最新稿件的日期与检查日期（--now）相差 10 天警告，超过 14 天错误（国办秘函〔2019〕19号检查指标）。",
		"The newest article is 10 days old: warning; more than 14: error (inspection rules of 2019)."),
	Mistaken: diag.T("停用、归档的网站在 site.yaml 里把 Z60 设为 off。", "Set Z60 off for an archived site."),
	Portal:   func(p *Portal) { p.home() },
}

func (p *Portal) home() {
	newest := (*site.Item)(nil)
	for _, it := range p.Site.Items {
		if !it.Date.IsZero() && (newest == nil || it.Date.After(newest.Date)) {
			newest = it
		}
	}
	if newest == nil {
		return
	}
	at := diag.Pos{File: "site.yaml"}
	switch n := days(newest.Date, p.Site.Now); {
	case n > freshHome:
		p.problems.Add(ruleHome.At(at, n, newest.Path))
	case n >= homeSoon:
		p.problems.Add(ruleHomeSoon.At(at, n, newest.Path))
	}
}

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

var columns = Analyser{
	ID: "Z61", Severity: diag.Warning,
	Name: diag.T("栏目不更新", "stale columns"),
	Doc: diag.T("栏目类型（type）是动态、要闻、新闻的 14 天，通知、公告、政策、文件的 180 天没有新稿件就警告；其他栏目不限。site.yaml 的 check.freshness 可以逐个写天数。空栏目是 Z62，数目超限是 Z63。",
		"Columns whose type is news are stale after 14 days, notices and policies after 180; others never. check.freshness in site.yaml sets days for each."),
	Mistaken: diag.T("专题、办事指南等不限；不对的写 check.freshness。", "Set check.freshness where it is wrong."),
	Portal:   func(p *Portal) { p.columns() },
}

var emptyColumns = Analyser{
	ID: "Z62", Severity: diag.Warning,
	Name:     diag.T("空栏目", "empty columns"),
	Doc:      diag.T("列入导航的栏目（含下级）没有一篇稿件，也没有正文。", "A column in the menu without articles or text, its sub-columns included."),
	Mistaken: diag.T("还在准备的栏目写 hidden: true。", "Hide columns that are being prepared."),
	Portal:   func(*Portal) {}, // Z61 finds them
}

var totals = Analyser{
	ID:   "Z63",
	Name: diag.T("栏目问题数目超限", "too many stale columns"),
	Doc: diag.T("应更新而未更新的动态类栏目达到 5 个，或其他栏目超期的达到 10 个，或空栏目达到 5 个，单项否决。",
		"Five stale columns of news, ten others out of date, or five empty ones fail the site."),
	Mistaken: diag.T("见 Z61、Z62。", "See Z61 and Z62."),
	Portal:   func(*Portal) {}, // Z61 counts
}

func (p *Portal) columns() {
	var stale, long, empty []string
	for _, c := range p.Site.Columns {
		if c.Layout == "link" || c.Hidden || c.Archived || c.Layout == "topic" {
			continue
		}
		at := diag.Pos{File: c.Path}
		if len(c.Items) == 0 {
			if !c.HasBody && c.Layout != "page" {
				p.problems.Add(ruleNoItems.At(at, c.Title))
				empty = append(empty, c.Title)
			}
			continue
		}
		limit := p.limit(c)
		newest := c.Items[0].Date
		for _, it := range c.Items {
			if it.Date.After(newest) {
				newest = it.Date
			}
		}
		if n := days(newest, p.Site.Now); limit > 0 && n > limit {
			p.problems.Add(ruleStale.At(at, c.Title, n, limit))
			if limit <= freshNews {
				stale = append(stale, c.Title)
			} else {
				long = append(long, c.Title)
			}
		}
	}
	p.total(stale, failStale, diag.T("应更新而未更新的动态类栏目", "stale columns of news"))
	p.total(long, failLong, diag.T("长期不更新的栏目", "long stale columns"))
	p.total(empty, failEmpty, diag.T("空栏目", "empty columns"))
}

func (p *Portal) total(list []string, limit int, what diag.Text) {
	if len(list) >= limit {
		p.problems.Add(ruleTooMany.At(diag.Pos{File: "site.yaml"}, what, len(list), limit, strings.Join(list, "、")))
	}
}

// limit returns after how many days a column is stale; 0: never.
func (p *Portal) limit(c *site.Column) int {
	for d := c.Dir; d != "." && d != ""; d = path.Dir(d) {
		if n, ok := p.Freshness[d]; ok {
			return n
		}
	}
	for k := c; k != nil && k.Type != ""; k = k.Parent {
		switch {
		case strings.Contains(k.Type, "动态"), strings.Contains(k.Type, "新闻"), strings.Contains(k.Type, "要闻"):
			return freshNews
		case strings.Contains(k.Type, "通知"), strings.Contains(k.Type, "公告"), strings.Contains(k.Type, "政策"), strings.Contains(k.Type, "文件"):
			return freshOther
		}
	}
	return 0
}

func (p *Portal) sameTitles() {
	byTitle := map[string][]*article.Article{}
	var order []string
	for _, a := range p.Articles {
		if a.Title == "" || a.Status == article.Withdrawn {
			continue
		}
		if byTitle[a.Title] == nil {
			order = append(order, a.Title)
		}
		byTitle[a.Title] = append(byTitle[a.Title], a)
	}
	const soon = 183 * 24 * time.Hour
	for _, title := range order {
		list := byTitle[title]
		slices.SortFunc(list, func(a, b *article.Article) int {
			return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Path, b.Path))
		})
		for i, a := range list[1:] {
			rule := &ruleSameTitle
			if a.Date.Sub(list[i].Date) > soon {
				rule = &ruleSameTitleOther
			}
			p.problems.Add(rule.At(diag.Pos{File: a.Path, Line: 1}, list[i].Path))
		}
	}
}

var (
	ruleBigPicture = diag.Rule{ID: "Z36", Severity: diag.Warning,
		ZH: "图片有 %[1]s", EN: "a picture of %[1]s",
		FixZH: "缩小到 2000 像素宽以内再用", FixEN: "scale it to 2000 pixels or less"}
	ruleBigFile = diag.Rule{ID: "Z36", Severity: diag.Warning,
		ZH: "附件有 %[1]s", EN: "an attachment of %[1]s",
		FixZH: "压缩，或拆成几个文件", FixEN: "compress or split it"}
	ruleDisguised = diag.Rule{ID: "Z36", Severity: diag.Warning,
		ZH: "文件的内容不是 %[1]s", EN: "the file is not what %[1]s says",
		FixZH: "用原来的程序另存，不要只改扩展名", FixEN: "save it again; do not just rename it"}
)

const (
	maxPicture = 5 << 20
	maxFile    = 50 << 20
)

func (p *Portal) files() {
	for _, f := range p.Files {
		ext := strings.ToLower(path.Ext(f.Path))
		size := fmt.Sprintf("%.1f MB", float64(f.Size)/(1<<20))
		at := diag.Pos{File: f.Path}
		switch picture := oneOf(ext, ".jpg .jpeg .png .gif .webp .svg .bmp .tif .tiff"); {
		case picture && f.Size > maxPicture:
			p.problems.Add(ruleBigPicture.At(at, size))
		case !picture && f.Size > maxFile:
			p.problems.Add(ruleBigFile.At(at, size))
		}
		if magic := magics[ext]; magic != nil && p.Head != nil {
			head := string(p.Head(f.Path))
			if !slices.ContainsFunc(magic, func(m string) bool { return strings.HasPrefix(head, m) }) {
				p.problems.Add(ruleDisguised.At(at, ext))
			}
		}
		if kind, n := inName(strings.TrimSuffix(path.Base(f.Path), ext)); kind != nil {
			p.problems.Add(kind.At(at, mask(n), mask(n)))
		}
	}
}

// magics are the bytes with which documents start.
var magics = map[string][]string{
	".pdf": {"%PDF"}, ".docx": {"PK"}, ".xlsx": {"PK"}, ".pptx": {"PK"}, ".ofd": {"PK"}, ".zip": {"PK"}, ".rar": {"Rar!"}, ".7z": {"7z\xbc\xaf"},
	".doc": {"\xd0\xcf\x11\xe0", "{\\rtf", "PK"}, ".xls": {"\xd0\xcf\x11\xe0", "PK"}, ".ppt": {"\xd0\xcf\x11\xe0", "PK"}, ".wps": {"\xd0\xcf\x11\xe0", "PK"},
}
