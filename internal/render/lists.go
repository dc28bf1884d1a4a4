package render

import (
	"net/url"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/site"
)

var (
	attachmentWord = diag.T("附件", "attachment")
	pictureWord    = diag.T("图片", "picture")
)

// siteInfo is what header and footer show.
func (r *Renderer) siteInfo() Site {
	c := r.site.Config
	s := Site{
		Name: c.Name, Home: r.link("/"), Lang: htmlLang(r.script), Greeting: c.Greeting,
		Organizer: c.Organizer, Undertaker: c.Undertaker, Address: c.Address, Postcode: c.Postcode, Phone: c.Phone, Email: c.Email,
		ICP: c.ICP, Police: c.Police, SiteIDCode: c.SiteIDCode, Since: c.Since, Login: c.Login, Register: c.Register,
		Mourning: strings.Join(c.Mourning, " "), Assets: map[string]string{}, Params: c.Params,
	}
	if c.Logo != "" {
		s.Logo = r.link("/" + strings.TrimPrefix(c.Logo, "/"))
	}
	if c.PoliceCode != "" {
		s.PoliceURL = "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=" + c.PoliceCode
	}
	if c.ConacID != "" {
		s.Conac = &Conac{"https://bszs.conac.cn/sitename?method=show&id=" + url.QueryEscape(c.ConacID), c.ConacKind}
	}
	for _, l := range c.FooterLinks {
		s.Links = append(s.Links, r.named(l.Name, l.URL, l.Image))
	}
	for _, g := range c.Friends {
		lg := LinkGroup{Name: g.Name}
		for _, l := range g.Links {
			lg.Links = append(lg.Links, r.named(l.Name, l.URL, l.Image))
		}
		s.Friends = append(s.Friends, lg)
	}
	for name, u := range r.theme.urls {
		s.Assets[name] = r.link(u)
	}
	for _, k := range r.site.Home.Children {
		if k.Hidden {
			continue
		}
		n := NavItem{Link: r.columnLink(k), Key: k.Dir}
		if k.ShortTitle != "" {
			n.Text = k.ShortTitle
		}
		for _, sub := range k.Children {
			if !sub.Hidden {
				n.Children = append(n.Children, r.columnLink(sub))
			}
		}
		s.Nav = append(s.Nav, n)
	}
	return s
}

func (r *Renderer) named(name, u, image string) Link {
	l := Link{Text: name, URL: r.link(u), External: r.site.External(u)}
	if image != "" {
		l.Image = r.link("/" + strings.TrimPrefix(image, "/"))
	}
	return l
}

func (r *Renderer) columnView(page *View, c *site.Column) *Column {
	top := c
	for top.Parent != nil && top.Parent.Parent != nil {
		top = top.Parent
	}
	v := &Column{Title: c.Title, URL: r.link(c.URL), Key: c.Dir, Top: top.Dir, TopTitle: top.Title, TopURL: r.columnLink(top).URL,
		Description: c.Description, Params: c.Params}
	v.Image = r.link(r.picture(page, c.Dir, c.Image.Text))
	for _, k := range top.Children {
		if !k.Hidden {
			v.Siblings = append(v.Siblings, r.columnLink(k))
		}
	}
	return v
}

// column is the front page of a column: pinned articles, then the newest, and links to the
// archives.
func (r *Renderer) column(v *View, j Job) {
	c := j.Column
	v.Column = r.columnView(v, c)
	v.Crumbs = r.crumbs(c)
	v.List = &List{Layout: c.Layout}
	size := r.site.Config.PageSize
	for _, it := range c.Pinned {
		row := r.row(v, it)
		row.Pinned = true
		v.List.Rows = append(v.List.Rows, row)
	}
	items := c.Items
	if c.Order != "weight" {
		items = items[:min(size, len(items))]
	}
	v.List.Rows = append(v.List.Rows, r.rows(v, items)...)
	for _, p := range c.Periods {
		v.Column.Periods = append(v.Column.Periods, Link{Text: r.periodName(p), URL: r.link(c.URL + p.Name + "/")})
	}
	r.head(v, c.Title, c.URL)
	r.columnMetas(v, c)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

func (r *Renderer) rows(v *View, items []*site.Item) []Row {
	rows := make([]Row, len(items))
	for i, it := range items {
		rows[i] = r.row(v, it)
	}
	return rows
}

// periodName is a period in words: 2025年, 2025年9月.
func (r *Renderer) periodName(p site.Period) string {
	switch {
	case p.Start.IsZero():
		return r.words("undated")
	case len(p.Name) == 4:
		return p.Name + "年"
	}
	return p.Start.In(r.site.Config.Zone).Format("2006年1月")
}

// archive is one page of a period.
func (r *Renderer) archive(v *View, j Job) {
	c, p := j.Column, j.Column.Periods[j.Period]
	size := r.site.Config.PageSize
	n := p.Pages(size)
	v.Column = r.columnView(v, c)
	v.Crumbs = r.crumbs(c)
	v.List = &List{Layout: c.Layout, Rows: r.rows(v, p.Page(j.Page, size)), Period: r.periodName(p), Parent: r.link(c.URL)}
	if j.Page < n {
		v.List.Newer = r.link(archiveURL(c, p, j.Page+1, n))
	}
	if j.Page > 1 {
		v.List.Older = r.link(archiveURL(c, p, j.Page-1, n))
	}
	title := c.Title + "_" + v.List.Period
	if j.Page < n {
		title += "_第" + itoa(j.Page) + "页"
	}
	r.head(v, title, archiveURL(c, p, j.Page, n))
	r.columnMetas(v, c)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

// homeRows is how many articles a home block shows where site.yaml does not say.
const homeRows = 8

// home shows, until site.yaml lays out modules, a block for each top column.
func (r *Renderer) home(v *View) {
	for _, c := range r.site.Home.Children {
		if c.Hidden || c.Layout == "page" || c.Layout == "link" || len(c.Items) == 0 {
			continue
		}
		b := Block{Kind: "columns", Title: c.Title, URL: r.link(c.URL), Rows: r.rows(v, c.Items[:min(homeRows, len(c.Items))])}
		v.Blocks = append(v.Blocks, b)
	}
	r.head(v, "", "/")
	v.Head.JSONLD = r.websiteLD()
}
