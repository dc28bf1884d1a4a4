package render

import (
	"net/url"
	"strings"

	"zhendi/internal/config"
	"zhendi/internal/site"
)

// head fills what every page's <head> holds. title is without the site's name, empty on
// the home page; at is the page's address.
func (r *Renderer) head(v *View, title, at string) {
	c := r.site.Config
	v.Head.Title = c.Name
	if title != "" {
		v.Head.Title = title + "_" + c.Name
	}
	v.Head.Canonical = r.absolute(at)
	v.Head.NoIndex = r.site.Preview
	r.alternates(v, at)
	v.Head.Metas = append(make([]Meta, 0, 16), r.metas...) // an article has 14
	desc := c.Description
	if v.Kind == "home" {
		v.Head.Metas = appendMeta(v.Head.Metas, "description", oneLine(desc))
		v.Head.Metas = appendMeta(v.Head.Metas, "keywords", strings.Join(c.Keywords, ","))
	}
	v.Head.Graph = []Meta{{"og:type", "website"}, {"og:site_name", c.Name}, {"og:title", strings.TrimSuffix(v.Head.Title, "_"+c.Name)}, {"og:url", v.Head.Canonical}, {"og:locale", strings.ReplaceAll(ogLocale(r.script), "-", "_")}}
}

// alternates links the page in every edition. All editions have the same pages at the same
// addresses but for the prefix.
func (r *Renderer) alternates(v *View, at string) {
	editions := r.site.Config.Editions
	if len(editions) < 2 || v.Kind == "notfound" {
		return
	}
	for i, e := range editions {
		u := r.sameIn(e, at)
		l := EditionLink{Lang: e.Script, Label: r.theme.words[e.Script]["edition"], URL: r.link(u), Absolute: r.absolute(u), Current: e.Script == r.script}
		v.Editions = append(v.Editions, l)
		v.Head.Alternates = append(v.Head.Alternates, Meta{e.Script, l.Absolute})
		if i == 0 {
			defer func() { v.Head.Alternates = append(v.Head.Alternates, Meta{"x-default", l.Absolute}) }()
		}
	}
}

// sameIn is the address that a page at address at has in edition e.
func (r *Renderer) sameIn(e config.Edition, at string) string {
	root := "/"
	if e.Prefix != "" {
		root += e.Prefix + "/"
	}
	return root + strings.TrimPrefix(at, r.site.Root())
}

// missingPart mends the links of a part that the article has in one edition only, because
// its hand-made twin has fewer: the switch leads to the beginning, and the page is nobody's version.
func (r *Renderer) missingPart(v *View, it site.Face, part int) {
	if part == 0 || it.Of.Twin == nil {
		return
	}
	for i := range v.Editions {
		e := r.site.Config.Editions[i]
		n := int(it.Of.Face(e.Script).Parts)
		if part < n && n > 1 { // WholeText is less than any
			continue
		}
		u := r.sameIn(e, it.URL)
		v.Editions[i].URL, v.Editions[i].Absolute = r.link(u), r.absolute(u)
		v.Head.Alternates = nil
	}
}

func ogLocale(script string) string {
	if script == "zh-Hant" {
		return "zh-TW"
	}
	return "zh-CN"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func appendMeta(m []Meta, name, content string) []Meta {
	if content == "" {
		return m
	}
	return append(m, Meta{name, content})
}

// siteMetas are the 网站标签 of 国办发〔2017〕47号, annex 网页设计规范: on every page.
// SiteIDCode is left out by sites that have none.
func (r *Renderer) siteMetas() []Meta {
	base, _ := url.Parse(r.site.Config.BaseURL)
	m := []Meta{{"SiteName", r.site.Config.Name}, {"SiteDomain", base.Hostname()}}
	return appendMeta(m, "SiteIDCode", r.site.Config.SiteIDCode)
}

// articleHead fills the head of an article: the 内容页标签 after the others.
func (r *Renderer) articleHead(v *View, it site.Face, j Job) {
	title := it.Title + "_" + it.Column.Title
	if j.Part > 0 {
		title += "_" + r.pageNumber(j.Part+1)
	}
	r.head(v, title, PartURL(it.URL, j.Part))
	r.missingPart(v, it, j.Part)
	if j.Part == WholeText { // the same text as the parts: they are what search engines should keep
		v.Head.Canonical = r.absolute(it.URL)
	}
	r.columnMetas(v, it.Column)
	m := append(v.Head.Metas, Meta{"ArticleTitle", it.Title})
	if !it.Date.IsZero() {
		m = append(m, Meta{"PubDate", r.date(it.Date, true)})
	}
	m = append(m, Meta{"ContentSource", v.Article.Source})
	keys := it.Keywords
	if len(keys) == 0 {
		keys = it.Tags
	}
	author := it.Author
	if len(author) == 0 {
		author = it.Editor
	}
	m = appendMeta(m, "Keywords", strings.Join(keys, ","))
	m = appendMeta(m, "Author", strings.Join(author, ","))
	m = appendMeta(m, "Description", summary(it.Article))
	image := ""
	if f, addr := r.pictureFile(v, it.FilesDir(), it.Image.Text, it.FirstPicture); f != nil {
		image = r.absolute(r.looked(f, addr).Default())
	}
	m = appendMeta(m, "Image", image)
	v.Head.Metas = appendMeta(m, "Url", r.absolute(it.URL))
	r.articleGraph(v, it, image)
}

func (r *Renderer) articleGraph(v *View, it site.Face, image string) {
	g := v.Head.Graph
	g[0].Content = "article"
	for i := range g {
		switch g[i].Name {
		case "og:title":
			g[i].Content = it.Title
		case "og:url":
			g[i].Content = v.Head.Canonical
		}
	}
	g = appendMeta(g, "og:description", summary(it.Article))
	g = appendMeta(g, "og:image", image)
	g = appendMeta(g, "article:published_time", v.Article.Time)
	v.Head.Graph = appendMeta(g, "article:modified_time", r.machineTime(it.Lastmod, true))
	v.Head.JSONLD = r.articleLD(v, it, image)
}
