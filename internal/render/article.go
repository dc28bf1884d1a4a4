package render

import (
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

func itoa(n int) string { return strconv.Itoa(n) }

// View makes the value that the job's page shows.
func (r *Renderer) View(j Job) *View {
	v := &View{Kind: j.Kind, Lang: r.lang, Site: r.info}
	switch j.Kind {
	case "article":
		r.article(v, j)
	case "page":
		r.page(v, j)
	case "column", "topic":
		r.column(v, j)
	case "group":
		r.group(v, j)
	case "tags":
		r.tags(v)
	case "sitemap":
		r.siteMap(v)
	case "withdrawn":
		r.withdrawn(v, j)
	case "archive":
		r.archive(v, j)
	case "home":
		r.home(v)
	case "notfound":
		r.head(v, r.words("notFound"), r.site.Root()+"404.html")
		v.Head.NoIndex = true
	default:
		panic("render: no view of kind " + j.Kind)
	}
	return v
}

func (r *Renderer) words(key string) string { return r.theme.words[r.script][key] }

// pageNumber is 第2页.
func (r *Renderer) pageNumber(n int) string {
	return strings.ReplaceAll(r.words("pageNumber"), "{n}", itoa(n))
}

func (r *Renderer) article(v *View, j Job) {
	it := r.site.Face(j.Item)
	v.Column = r.columnView(v, it.Column)
	v.Crumbs = r.crumbs(it.Column)
	a := &Article{
		ID: it.ID, Title: it.Title, Subtitle: it.Subtitle, Kicker: it.Kicker,
		Date: r.date(it.Date, it.Clock), Time: r.machineTime(it.Date, it.Clock), Lastmod: r.date(it.Lastmod, true),
		Source: it.Source, SourceURL: it.SourceURL, SourceOut: r.site.External(it.SourceURL),
		Author: join(it.Author), Correspondent: correspondent(it.Article), Editor: join(it.Editor),
		Notice: r.notice(it), Correction: r.correction(it.URL), TOC: j.Item.TOCOn(), Address: r.absolute(it.URL),
		Params: it.Params, Part: j.Part,
	}
	if len(it.Correspondents) == 0 {
		a.Contributor = it.CorrespondentUnit
	}
	if a.Source == "" {
		a.Source = r.site.Config.Name
	}
	for i, label := range []string{"firstReview", "secondReview", "thirdReview"} {
		if it.Reviewers[i] != "" {
			a.Reviewers = append(a.Reviewers, Meta{r.words(label), it.Reviewers[i]})
		}
	}
	for i, t := range it.Tags {
		l := Link{Text: t}
		if g := r.site.TagOf(j.Item, i); g != nil {
			l.URL = r.link(g.URL)
		}
		a.Tags = append(a.Tags, l)
	}
	for _, at := range it.Attachments {
		if f, addr, ok := r.site.Lookup(it.FilesDir(), at.File.Text); ok {
			a.Files = append(a.Files, r.file(at, addr, f.Size))
			v.use(f)
		}
	}
	if j.Item.Newer != nil {
		row := r.row(v, j.Item.Newer)
		a.Newer = &row
	}
	if j.Item.Older != nil {
		row := r.row(v, j.Item.Older)
		a.Older = &row
	}
	a.Related = r.rows(v, r.site.Related(j.Item))
	a.Series = r.series(v, j.Item)
	v.Hot = r.hot(it.Column)
	if it.Lang != "" && it.Lang != r.script && !r.site.Config.Convert {
		a.Lang = htmlLang(it.Lang)
	}
	a.Pages = r.parts(it, j.Part)
	v.Article = a
	r.articleHead(v, it, j)
}

// series links an article's neighbours in its series.
func (r *Renderer) series(v *View, it *site.Item) *Series {
	g, newer, older := r.site.InSeries(it)
	if g == nil {
		return nil
	}
	s := &Series{Title: g.Name, URL: r.link(g.URL)}
	if newer != nil {
		row := r.row(v, newer)
		s.Newer = &row
	}
	if older != nil {
		row := r.row(v, older)
		s.Older = &row
	}
	return s
}

// withdrawn is the notice at the address of an article that was taken back. It names neither
// title nor text.
func (r *Renderer) withdrawn(v *View, j Job) {
	it := r.site.Face(j.Withdrawn)
	v.Column = r.columnView(v, it.Column)
	v.Crumbs = r.crumbs(it.Column)
	v.Article = &Article{Withdrawn: it.WithdrawnNotice}
	r.head(v, r.words("withdrawn"), it.URL)
	v.Head.NoIndex = true
}

// parts links the parts of a long article.
func (r *Renderer) parts(it site.Face, current int) (links []Link) {
	if it.Parts < 2 {
		return nil
	}
	for n := range int(it.Parts) {
		l := Link{Text: itoa(n + 1)}
		if n != current {
			l.URL = r.link(PartURL(it.URL, n))
		}
		links = append(links, l)
	}
	all := Link{Text: r.words("wholeText")}
	if current != WholeText {
		all.URL = r.link(PartURL(it.URL, WholeText))
	}
	return append(links, all)
}

// page is a column that is one page: 关于我们.
func (r *Renderer) page(v *View, j Job) {
	c := j.Column
	v.Column = r.columnView(v, c)
	v.Crumbs = r.crumbs(c)
	v.Article = &Article{
		Title: c.Title, Date: r.date(c.Date, c.Clock), Time: r.machineTime(c.Date, c.Clock), Source: c.Source,
		Address: r.absolute(c.URL), Correction: r.correction(c.URL), TOC: c.TOC == article.Yes,
	}
	r.head(v, c.Title, c.URL)
	r.columnMetas(v, c)
	v.Head.JSONLD = r.breadcrumbLD(v)
}

func join(names []string) string { return strings.Join(names, "、") }

// correspondent joins unit and names.
func correspondent(a *article.Article) string {
	if len(a.Correspondents) == 0 {
		return ""
	}
	return strings.TrimSpace(a.CorrespondentUnit + " " + join(a.Correspondents))
}

// date formats for readers: 2025-09-01 08:22 (47号 annex: YYYY-MM-DD HH:MM).
func (r *Renderer) date(t time.Time, clock bool) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(r.site.Config.Zone)
	if clock {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("2006-01-02")
}

func (r *Renderer) machineTime(t time.Time, clock bool) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(r.site.Config.Zone)
	if clock {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02")
}

func (r *Renderer) notice(it site.Face) string {
	if it.Reprint {
		return r.site.Config.Reprint
	}
	return r.site.Config.Original
}

// correction is the address of the form for reporting a mistake on the page at u: the
// site's own, or, for sites that are registered, 我为政府网站找错.
func (r *Renderer) correction(u string) string {
	q := "url=" + url.QueryEscape(r.absolute(u))
	switch c := r.site.Config; {
	case strings.HasPrefix(c.Correction, "mailto:"):
		return c.Correction
	case strings.Contains(c.Correction, "?"):
		return r.link(c.Correction) + "&" + q
	case c.Correction != "":
		return r.link(c.Correction) + "?" + q
	case c.SiteIDCode != "":
		return "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=" + c.SiteIDCode + "&" + q
	}
	return ""
}

// row is an article as lists show it.
func (r *Renderer) row(v *View, it *site.Item) Row {
	k := r.known.Get(it)
	if k == nil {
		k = r.rowOf(it)
		r.known.Put(it, k)
	}
	if k.uses != "" {
		v.Uses = append(v.Uses, k.uses)
	}
	return k.Row
}

// knownRow is a row that many pages show, and the file of its picture, which they use.
type knownRow struct {
	Row
	uses string
}

// recentRows is how many rows an edition keeps.
const recentRows = 1 << 13

func (r *Renderer) rowOf(item *site.Item) *knownRow {
	it := r.site.Face(item)
	row := Row{
		ID: it.ID, Title: it.Title, Short: it.ShortTitle, URL: r.link(it.URL),
		Date: r.date(it.Date, false), Time: r.machineTime(it.Date, it.Clock), Source: it.Source, Summary: summary(it.Article),
		Column: it.Column.Title, ColumnURL: r.link(it.Column.URL), HasFiles: len(it.Attachments) > 0,
		Recommended: it.Flags&article.Recommended != 0,
	}
	if row.Short == "" {
		row.Short = row.Title
	}
	if !it.HasPage() {
		row.URL, row.External = r.OnSite(it.URL), r.site.External(it.URL)
	}
	var of View
	row.Picture = r.picture(&of, it.FilesDir(), it.Image.Text, it.FirstPicture)
	row.Image = row.Picture.address()
	row.own()
	k := &knownRow{Row: row}
	if len(of.Uses) > 0 {
		k.uses = of.Uses[0]
	}
	return k
}

// own copies the texts of an article into a string of their own: a row that is kept would keep all that was read of the article.
func (r *Row) own() {
	var b strings.Builder
	b.Grow(len(r.Title) + len(r.Source) + len(r.Summary) + len(r.Short))
	own := func(s string) string {
		at := b.Len()
		b.WriteString(s)
		return b.String()[at:]
	}
	title := r.Title
	r.Title, r.Source, r.Summary = own(title), own(r.Source), own(r.Summary)
	if r.Short == title {
		r.Short = r.Title
	} else {
		r.Short = own(r.Short)
	}
}

// use notes a file that the page shows.
func (v *View) use(f *source.File) { v.Uses = append(v.Uses, strings.TrimPrefix(f.Path, "content/")) }

func summary(a *article.Article) string {
	if a.Summary != "" {
		return a.Summary
	}
	return a.Excerpt
}

// file describes an attachment.
func (r *Renderer) file(at article.Attachment, addr string, size int64) File {
	name := path.Base(at.File.Text)
	f := File{Title: at.Title, URL: r.link(addr), Size: byteSize(size), Type: strings.ToUpper(strings.TrimPrefix(path.Ext(name), "."))}
	if f.Title == "" {
		f.Title = name
	}
	return f
}

// byteSize writes a size as office software does: in units of 1024 bytes.
func byteSize(n int64) string {
	switch {
	case n < 1024:
		return fmt.Sprintf("%d B", n)
	case n < 1024*1024-512: // what rounds to less than 1024 KB
		return fmt.Sprintf("%d KB", (n+512)/1024)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1024*1024))
}

func (r *Renderer) columnLink(c *site.Column) Link {
	return Link{Text: c.Title, URL: r.OnSite(c.URL), External: r.site.External(c.URL)}
}

// OnSite is link for an address that site.yaml or front matter gives: one of a page leads to
// the page of this edition.
func (r *Renderer) OnSite(u string) string {
	if p, ok := r.site.Page(u); ok {
		return r.link(p)
	}
	return r.link(u)
}
