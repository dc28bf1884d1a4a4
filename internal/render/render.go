// Package render is stage 4: it turns the model and a theme into pages.
//
// ArticlePages and OtherPages list every page of an edition as a Job; View makes the closed value that the page
// shows; Render executes the theme's template on it. Nothing here reads a file or a clock.
//
// The header and the footer are made from View.Site alone, once for each
// top column, and come into the pages as they are: executing them in every page would cost four
// times the rest of the page.
package render

import (
	"bytes"
	"html/template"
	"iter"
	"net/url"
	"strings"
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/output"
	"zhendi/internal/qr"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// Renderer makes the pages of one edition.
type Renderer struct {
	site   *site.Site
	theme  *Theme
	script string // zh-Hans, zh-Hant: the edition's
	lang   string // of its pages
	prefix string // path of the base URL without its last slash
	info   Site
	metas  []Meta // 网站标签
	look   func(source.File) *Pictured
	csp    string
	chrome sync.Map  // top column's folder -> [2]template.HTML
	frames sync.Map  // *site.Column -> *frame
	room   sync.Pool // *[]byte: to write codes in

	known *site.Recent[knownRow]
}

// New returns the renderer of a site with a theme.
func New(s *site.Site, t *Theme) *Renderer {
	base, _ := url.Parse(s.Config.BaseURL)
	r := &Renderer{site: s, theme: t, script: s.Edition.Script, lang: htmlLang(s.Edition.Script), prefix: strings.TrimSuffix(base.EscapedPath(), "/")}
	connect := "'self'"
	if s.Config.ViewOrigin != "" {
		connect += " " + s.Config.ViewOrigin
	}
	r.csp = "default-src 'none'; script-src 'self' " + t.csp + "; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src " + connect + "; base-uri 'none'; form-action 'self'"
	r.info, r.metas = r.siteInfo(), r.siteMetas()
	r.known = site.NewRecent[knownRow](len(s.Items), recentRows)
	return r
}

// Job is one page to make.
type Job struct {
	Path   string // of the file, relative to the output
	Class  output.Class
	Kind   string
	Item   *site.Item   // of an article
	Column *site.Column // of a column, archive or page
	Part   int          // of a long article
	Group  *site.Group  // of a tag or series
	Series bool         // Group is a series
	Period int          // of an archive: index into Periods
	Page   int          // of an archive, from 1 for the newest of its period
	To     string       // of a redirect: address

	Withdrawn *site.Item // of the notice on a withdrawn article
}

// WholeText is the part of a long article that holds all its parts: 全文.
const WholeText = -1

// ArticlePages lists the pages of an article, none if it has no page of its own.
func (r *Renderer) ArticlePages(it *site.Item) iter.Seq[Job] {
	at := r.site.URL(it)
	page := func(part int) Job {
		return Job{Path: outPath(PartURL(at, part)), Class: output.Article, Kind: "article", Item: it, Part: part}
	}
	return func(yield func(Job) bool) {
		if !it.HasPage() {
			return
		}
		parts := int(r.site.Source(it).Parts)
		for part := range max(parts, 1) {
			if !yield(page(part)) {
				return
			}
		}
		if parts > 1 {
			yield(page(WholeText))
		}
	}
}

// OtherPages lists the pages of the edition that are not those of its articles.
func (r *Renderer) OtherPages() []Job {
	jobs := make([]Job, 0, r.otherCount())
	for _, c := range r.site.Columns {
		jobs = r.columnPages(jobs, c)
	}
	jobs = r.groupPages(jobs, r.site.Tags, false)
	jobs = r.groupPages(jobs, r.site.Series, true)
	if len(r.site.Tags) > 0 {
		jobs = append(jobs, Job{Path: outPath(r.site.TagsURL()), Class: output.List, Kind: "tags"})
	}
	for _, it := range r.site.Notices {
		jobs = append(jobs, Job{Path: outPath(r.site.URL(it)), Class: output.Article, Kind: "withdrawn", Withdrawn: it})
	}
	jobs = append(jobs,
		Job{Path: outPath(r.site.MapURL()), Class: output.List, Kind: "sitemap"},
		Job{Path: r.inEdition("index.html"), Class: output.Home, Kind: "home"},
		Job{Path: r.inEdition("404.html"), Class: output.List, Kind: "notfound"})
	return append(jobs, r.redirects()...)
}

// otherCount is about how many there are, and no less.
func (r *Renderer) otherCount() int {
	n := 8 + len(r.site.Notices) + len(r.site.Redirects)
	add := func(periods []site.Period) {
		n++
		for i := range periods {
			n += 1 + len(periods[i].Pages) + len(periods[i].Leads)
		}
	}
	for _, c := range r.site.Columns {
		add(c.Periods)
	}
	for _, groups := range [][]*site.Group{r.site.Tags, r.site.Series} {
		for _, g := range groups {
			add(g.Periods)
		}
	}
	return n
}

func (r *Renderer) columnPages(jobs []Job, c *site.Column) []Job {
	j := Job{Path: outPath(c.URL), Class: output.List, Kind: "column", Column: c}
	switch c.Layout {
	case "link":
		return jobs
	case "page":
		j.Kind = "page"
		return append(jobs, j)
	case "topic":
		j.Kind = "topic"
	}
	return r.archiveJobs(append(jobs, j), ofColumn(c), Job{Kind: "archive", Column: c})
}

func (r *Renderer) groupPages(jobs []Job, groups []*site.Group, series bool) []Job {
	for _, g := range groups {
		j := Job{Path: outPath(g.URL), Class: output.List, Kind: "group", Group: g, Series: series}
		jobs = r.archiveJobs(append(jobs, j), ofGroup(g), Job{Kind: "group", Group: g, Series: series})
	}
	return jobs
}

// inEdition is the path of a file of the edition, relative to the output.
func (r *Renderer) inEdition(name string) string {
	return strings.TrimPrefix(r.site.Root(), "/") + name
}

// outPath is the file in which the page at address u stands.
func outPath(u string) string {
	p, err := url.PathUnescape(u)
	if err != nil {
		panic("render: bad address " + u)
	}
	p = strings.TrimPrefix(p, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	return p
}

// PartURL is the address of part n, from 0, of the article at address u: u_2.html beside u.html, 2.html in u/.
func PartURL(u string, n int) string {
	if n == 0 {
		return u
	}
	name := "all"
	if n != WholeText {
		name = itoa(n + 1)
	}
	if strings.HasSuffix(u, "/") {
		return u + name + ".html"
	}
	stem, _ := strings.CutSuffix(u, ".html")
	return stem + "_" + name + ".html"
}

func (r *Renderer) redirects() (jobs []Job) {
	for _, from := range r.site.Redirects {
		if from.Path != "" {
			jobs = append(jobs, Job{Path: from.Path, Class: output.Redirect, Kind: "redirect", To: from.To})
		}
	}
	return jobs
}

// Body is the HTML that goes into a page.
type Body struct {
	HTML    string
	Note    string // the editor's note
	Outline []article.Heading
}

// Render executes the template of v into buf.
func (r *Renderer) Render(buf *bytes.Buffer, path string, v *View, body Body) error {
	p := Page{View: v, Words: r.theme.words[r.script], CSP: r.csp, Boot: r.theme.boot,
		Body: template.HTML(body.HTML), Note: template.HTML(body.Note)}
	var err error
	if p.Header, p.Footer, err = r.headerFooter(path, v); err != nil {
		return err
	}
	if a := v.Article; a != nil {
		if a.TOC {
			for _, h := range body.Outline {
				if h.Part == a.Part || a.Part == WholeText {
					p.Outline = append(p.Outline, OutlineItem{h.Text, "#" + url.PathEscape(h.ID), h.Level})
				}
			}
		}
		if a.Address != "" {
			code, err := qr.Encode([]byte(a.Address))
			if err != nil {
				return &TemplateError{path, err}
			}
			room, _ := r.room.Get().(*[]byte)
			if room == nil {
				room = new([]byte)
			}
			*room = code.AppendSVG((*room)[:0], p.Words["qr"])
			p.QR = template.HTML(*room)
			r.room.Put(room)
		}
	}
	buf.Grow(len(p.Header) + len(p.Footer) + len(p.Body) + len(p.QR) + 8<<10)
	b, err := r.theme.pages.Append(buf.AvailableBuffer(), v.Kind, &p)
	if err != nil {
		return &TemplateError{path, err}
	}
	buf.Write(b)
	return nil
}

// headerFooter returns the page's header and footer, made once for each top column.
func (r *Renderer) headerFooter(path string, v *View) (header, footer template.HTML, err error) {
	top := ""
	if v.Column != nil {
		top = v.Column.Top
	}
	if c, ok := r.chrome.Load(top); ok {
		hf := c.([2]template.HTML)
		return hf[0], hf[1], nil
	}
	data := &Chrome{Site: v.Site, Words: r.theme.words[r.script], Top: top}
	var hf [2]template.HTML
	for i, name := range []string{"header", "footer"} {
		b, err := r.theme.chrome.Append(nil, name, data)
		if err != nil {
			return "", "", &TemplateError{path, err}
		}
		hf[i] = template.HTML(b)
	}
	r.chrome.Store(top, hf)
	return hf[0], hf[1], nil
}

var redirect = template.Must(template.New("redirect").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>{{.Title}}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{{.Absolute}}">
<meta http-equiv="refresh" content="0; url={{.URL}}">
<p><a href="{{.URL}}">{{.Title}}</a></p>
</html>
`))

// Redirect writes the page that leads from an old address to a new one, at once and without
// scripts. A delay of 0 is what WCAG 2.2.1 allows.
func (r *Renderer) Redirect(buf *bytes.Buffer, to string) error {
	return redirect.Execute(buf, map[string]string{"Lang": r.lang, "Title": r.words("moved"), "URL": r.link(to), "Absolute": r.absolute(to)})
}

// link turns a site address (/zzjs/) into one for href: with the path of the base URL.
func (r *Renderer) link(u string) string {
	if strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//") {
		return r.prefix + u
	}
	return u
}

// Link is link for addresses that the body of an article holds.
func (r *Renderer) Link(u string) string { return r.link(u) }

// absolute turns a site address into an absolute one; others, as those of link articles, are it already.
func (r *Renderer) absolute(u string) string {
	if !strings.HasPrefix(u, "/") || strings.HasPrefix(u, "//") {
		return u
	}
	return strings.TrimSuffix(r.site.Config.BaseURL, "/") + u
}

// htmlLang is the lang of a text in a script. The region, not the script, is what fonts and
// speech are chosen by on the machines of readers.
func htmlLang(script string) string {
	if script == "zh-Hant" {
		return "zh-Hant"
	}
	return "zh-CN"
}
