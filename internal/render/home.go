package render

import (
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

var ruleHomeColumn = diag.Rule{ID: "column",
	ZH: "首页模块里的栏目“%[1]s”不存在", EN: "no column %[1]q, named by a home module",
	FixZH: "写栏目的文件夹路径，例如 %[2]s", FixEN: "write the path of a column's folder, for example %[2]s"}

var (
	ruleSectionColumn = diag.Rule{ID: "column",
		ZH: "专题分块里的栏目“%[1]s”不存在", EN: "no column %[1]q, named by a section of the topic",
		FixZH: "写栏目的文件夹路径，例如 %[2]s", FixEN: "write the path of a column's folder, for example %[2]s"}
	ruleSectionTag = diag.Rule{ID: "tag", Severity: diag.Warning,
		ZH: "没有稿件带专题分块里的标签“%[1]s”", EN: "no article has the tag %[1]q, named by a section of the topic",
		FixZH: "检查标签的写法，或给稿件加上这个标签", FixEN: "check the tag, or give it to an article"}
)

// Check reports what site.yaml and _index.md say of pages and cannot be done.
func (r *Renderer) Check() (problems diag.List) {
	example := ""
	if len(r.site.Columns) > 0 {
		example = r.site.Columns[0].Dir
	}
	for _, m := range r.site.Config.Home {
		for _, it := range m.Columns {
			if r.site.Column(it.Text) == nil && !r.site.Hides(it.Text) {
				problems.Add(ruleHomeColumn.At(it.Pos, it.Text, example))
			}
		}
	}
	for _, c := range r.site.Columns {
		for _, s := range c.Sections {
			if n := s.Column.Text; n != "" && r.site.Column(n) == nil && !r.site.Hides(n) {
				problems.Add(ruleSectionColumn.At(c.Pos(s.Column), n, example))
			}
			if s.Tag != "" && r.site.Tag(s.Tag) == nil {
				problems.Add(ruleSectionTag.At(c.Pos(s.TagAt), s.TagAt.Text))
			}
		}
		problems.Add(r.pictureOf(c.Dir, c.Image.Text, c.Pos(c.Image), diag.T("题图", "picture"))...)
	}
	cfg := r.site.Config
	static := func(name string, pos diag.Pos, what diag.Text) {
		problems.Add(r.pictureOf(site.StaticDir, strings.TrimPrefix(name, "/"), pos, what)...)
	}
	static(cfg.Logo, cfg.LogoPos, diag.T("标识图片", "logo"))
	static(cfg.Banner, cfg.BannerPos, diag.T("页头图片", "banner"))
	links := slices.Concat(cfg.Services, cfg.FooterLinks)
	for _, g := range cfg.Friends {
		links = append(links, g.Links...)
	}
	for _, l := range links {
		static(l.Image, l.ImagePos, diag.T("图片", "picture"))
	}
	return problems
}

// pictureOf reports a picture that is not there, or is none.
func (r *Renderer) pictureOf(dir, name string, pos diag.Pos, what diag.Text) diag.List {
	if name == "" {
		return nil
	}
	f, addr, p := r.site.File(dir, name, what)
	if p != nil {
		p.Pos = pos
		return diag.List{*p}
	}
	return At(pos, r.looked(f, addr).Problems)
}

// homeCount is how many articles a module shows where site.yaml does not say.
var homeCount = map[string]int{"headline": 4, "pictures": 5, "columns": 6, "tabs": 8, "strip": 5, "latest": 8, "recommended": 6, "topics": 4}

// home makes the modules of the home page: those of site.yaml, else a plain set.
func (r *Renderer) home(v *View) {
	modules := r.site.Config.Home
	if len(modules) == 0 {
		modules = []config.Module{{Kind: "headline"}, {Kind: "columns"}, {Kind: "services"}, {Kind: "friends"}}
	}
	for _, m := range modules {
		v.Blocks = append(v.Blocks, r.block(v, m))
	}
	r.head(v, "", r.site.Root())
	v.Head.JSONLD = r.websiteLD()
}

func (r *Renderer) block(v *View, m config.Module) Block {
	b := Block{Kind: m.Kind, Title: m.Title}
	n := m.Count
	if n == 0 {
		n = homeCount[m.Kind]
	}
	columns := r.moduleColumns(m)
	switch m.Kind {
	case "headline":
		b.Rows = r.newest(v, r.moduleItems(m), n, func(it *site.Item) bool { return it.Flags&article.Headline != 0 }, false)
	case "pictures":
		b.Rows = r.newest(v, r.moduleItems(m), n, func(it *site.Item) bool { return it.Flags&article.Picture != 0 }, true)
	case "strip":
		b.Rows = r.newest(v, r.itemsIn(columns), n, func(*site.Item) bool { return true }, true)
		if len(columns) == 1 {
			b.URL = r.link(columns[0].URL)
			if b.Title == "" {
				b.Title = columns[0].Title
			}
		}
	case "latest":
		items := r.moduleItems(m)
		b.Rows = r.rows(v, items[:min(n, len(items))])
	case "recommended":
		b.Rows = r.newest(v, r.moduleItems(m), n, func(it *site.Item) bool { return it.Flags&article.Recommended != 0 }, false)
	case "slogan":
		if m.URL != "" {
			b.Links = []Link{r.named(m.Title, m.URL, "")}
		}
	case "columns", "tabs":
		for _, c := range columns {
			if len(c.Items) > 0 || len(m.Columns) > 0 {
				b.Tabs = append(b.Tabs, Block{Kind: "column", Title: c.Title, URL: r.columnLink(c).URL, Rows: r.rows(v, c.Items[:min(n, len(c.Items))])})
			}
		}
	case "topics":
		b.Links = r.topicLinks(v, m, columns, n)
	case "services":
		for _, l := range r.site.Config.Services {
			b.Links = append(b.Links, r.named(l.Name, l.URL, l.Image))
		}
	case "hot":
		v.Hot = r.hot(r.site.Home)
	}
	return b
}

// moduleColumns are the columns that a module names, else all top columns that list articles.
func (r *Renderer) moduleColumns(m config.Module) (out []*site.Column) {
	for _, it := range m.Columns {
		if c := r.site.Column(it.Text); c != nil {
			out = append(out, c)
		}
	}
	if len(m.Columns) > 0 {
		return out
	}
	for _, c := range r.site.Home.Children {
		if !c.Hidden && (c.Layout == "list" || c.Layout == "pictures") {
			out = append(out, c)
		}
	}
	return out
}

// moduleItems are the articles of the columns that a module names, else all.
func (r *Renderer) moduleItems(m config.Module) []*site.Item {
	if len(m.Columns) == 0 {
		return r.site.Items
	}
	return r.itemsIn(r.moduleColumns(m))
}

// itemsIn are the articles of several columns, each once, newest first.
func (r *Renderer) itemsIn(columns []*site.Column) (out []*site.Item) {
	in := map[*site.Item]bool{}
	for _, c := range columns {
		for _, it := range c.Items {
			in[it] = true
		}
	}
	for _, it := range r.site.Items {
		if in[it] {
			out = append(out, it)
		}
	}
	return out
}

// newest are the first n of items that are wanted; with pictures only, of those that have one.
func (r *Renderer) newest(v *View, items []*site.Item, n int, want func(*site.Item) bool, pictured bool) (rows []Row) {
	for _, it := range items {
		if len(rows) == n {
			break
		}
		if !want(it) {
			continue
		}
		if row := r.row(v, it); !pictured || row.Image != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// topicLinks are the banners of the topics that a module names, else of all, those that are not
// archived first.
func (r *Renderer) topicLinks(v *View, m config.Module, columns []*site.Column, n int) (links []Link) {
	if len(m.Columns) == 0 {
		columns = r.site.Columns
	}
	for _, archived := range []bool{false, true} {
		for _, c := range columns {
			if c.Layout == "topic" && c.Archived == archived && len(links) < n {
				l := r.columnLink(c)
				l.Picture = r.picture(v, c.Dir, c.Image.Text)
				l.Image = l.Picture.address()
				links = append(links, l)
			}
		}
	}
	return links
}
