package build

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// text is what an article or page column holds, as HTML of one edition.
type text struct {
	file string // it was rendered from
	lang string // in which that is written

	noteLang string
	body     article.Body
	note     string // the editor's note
	local    bool   // links to pages of the edition stand in it
}

// renderTexts renders the texts of groups.
func (p *pages) renderTexts(groups []group) {
	var whose []*group
	var at []int32
	for i := range groups {
		if g := &groups[i]; g.n < p.items {
			whose, at = append(whose, g), append(at, p.l.articlesAt[p.l.Sites[0].Items[g.n].From()])
		} else {
			p.texts(g)
		}
	}
	buf := p.l.room.take()
	defer p.l.room.give(buf)
	p.l.sources.readMany(*buf, at, func(k int, b []byte, err error) {
		own := p.l.textOf(int(at[k]), b, err)
		whose[k].own = &own
		p.texts(whose[k])
		whose[k].own = nil
	})
}

// texts renders what the pages of a group hold, for each edition, not yet converted. What has no
// links to pages of the edition is rendered once.
func (p *pages) texts(g *group) {
	g.texts = make([]text, len(p.editions))
	last := -1 // edition that was rendered
	for _, t := range g.tasks {
		if t.edition == last || t.Kind == "redirect" {
			continue
		}
		if last >= 0 && t.Item != nil && g.texts[last].file == p.l.Sites[t.edition].Source(t.Item).Path && !g.texts[last].local {
			g.texts[t.edition] = g.texts[last]
		} else {
			g.texts[t.edition] = p.text(t, g)
		}
		last = t.edition
	}
	g.outcome.problems = g.problems
}

// text renders what the page of t holds.
func (p *pages) text(t task, g *group) (x text) {
	switch {
	case t.Item != nil:
		return p.article(t, g)
	case t.HasText():
		c := t.Column
		buf := p.l.room.take()
		defer p.l.room.give(buf)
		raw := p.l.readText(buf, c.Path)
		g.problems.Add(raw.problems...)
		if !raw.ok {
			return x
		}
		x = text{file: c.Path, lang: c.Lang}
		x.body, x.local = p.render(t, g, article.Source{File: c.Path, Line: int(c.BodyLine), Text: raw.from(int(c.BodyLine))}, c.Lang, c.Dir, c.Numbering == article.Yes)
	}
	return x
}

// convert turns the text into the edition's script. Strings are replaced, not changed: the
// original may be another edition's, too.
func (x *text) convert(ed *site.Edition) {
	parts := make([]string, len(x.body.Parts))
	for i, s := range x.body.Parts {
		parts[i] = ed.HTML(x.lang, s)
	}
	outline := make([]article.Heading, len(x.body.Outline))
	for i, h := range x.body.Outline {
		h.Text = ed.Text(x.lang, h.Text)
		outline[i] = h
	}
	x.body = article.Body{Parts: parts, Outline: outline}
	x.note = ed.HTML(x.noteLang, x.note)
}

// article renders an article's body and editor's note.
func (p *pages) article(t task, g *group) text {
	it := p.l.Sites[t.edition].Source(t.Item)
	x := text{file: it.Path, lang: it.Lang, noteLang: it.NoteLang()}
	before := g.problems.Count(diag.Error)
	g.problems.Add(p.mentions(t.Item)...)
	raw := g.own
	if raw == nil || it.Path != t.Item.Path { // a twin
		buf := p.l.room.take()
		defer p.l.room.give(buf)
		read := p.l.readText(buf, it.Path)
		raw = &read
	}
	g.problems.Add(raw.problems...)
	if !raw.ok {
		return x
	}
	body := raw.from(int(it.BodyLine))
	x.body, x.local = p.render(t, g, article.Source{File: it.Path, Line: int(it.BodyLine), Text: body}, it.Lang, it.FilesDir(), t.Item.NumberingOn())
	if n := max(it.Parts, 1); g.problems.Count(diag.Error) == before && len(x.body.Parts) != int(n) {
		g.problems.Add(rulePageBreak.At(pageBreak(it.Path, int(it.BodyLine), body)))
	}
	if it.EditorNote != "" {
		note, local := p.render(t, g, article.Source{File: it.Path, Line: int(it.EditorNoteLine), Text: []byte(it.EditorNote)}, it.NoteLang(), it.FilesDir(), false)
		x.note, x.local = strings.Join(note.Parts, ""), x.local || local
	}
	return x
}

var rulePageBreak = diag.Rule{ID: "page-break",
	ZH: "分页标记 <!-- page --> 放的位置不能分页", EN: "the page break <!-- page --> stands where the text cannot be cut",
	FixZH: "让它顶格单独成行，前后各空一行，不放在列表、引用、表格或 HTML 标签里", FixEN: "put it on a line of its own at the margin, with empty lines around it, outside lists, quotes, tables and HTML"}

// pageBreak finds the first line that looks like a page break.
func pageBreak(file string, line int, text []byte) diag.Pos {
	for i, l := range lines(text) {
		if strings.Contains(l, "<!--") && (strings.Contains(l, "page") || strings.Contains(l, "分")) {
			return diag.Pos{File: file, Line: line + i, Col: 1}
		}
	}
	return diag.Pos{File: file, Line: line}
}

// readText reads a file again, into buf: it was not kept.
func (l *Loaded) readText(buf *[]byte, file string) fileText {
	i, ok := l.sources.find(file)
	if !ok {
		panic("build: no file " + file)
	}
	return l.text(buf, i)
}

// render turns Markdown written in script lang into HTML, resolving links and pictures
// relative to dir. local tells whether it links to pages of the edition.
func (p *pages) render(t task, g *group, src article.Source, lang, dir string, numbering bool) (body article.Body, local bool) {
	r, s := p.editions[t.edition], p.l.Sites[t.edition]
	var partURL func(int) string // a column's text is on one page
	if t.Item != nil {
		partURL = func(part int) string {
			local = true
			return r.Link(render.PartURL(s.URL(t.Item), part))
		}
	}
	body, problems := article.Render(src, article.Options{
		Numbering:   numbering,
		Traditional: lang == "zh-Hant",
		PartURL:     partURL,
		Sizes:       p.theme.Sizes,
		Resolve: func(dest string, image bool) (article.Link, *diag.Problem) {
			t, problem := s.Resolve(dir, dest, image)
			link := article.Link{URL: r.Link(t.URL), External: t.External, Gone: t.Gone}
			local = local || t.Page
			if t.File != nil {
				name := strings.TrimPrefix(t.File.Path, "content/")
				p.use(name)
				g.outcome.use(name)
				if found := p.picture(r, *t.File, image, &link); problem == nil {
					problem = found
				}
			}
			g.outcome.link(dest, image)
			return link, problem
		},
	})
	g.problems.Add(problems...)
	return body, local
}

// mentions checks the files that the front matter names.
func (p *pages) mentions(it *site.Item) (problems diag.List) {
	for _, a := range it.Attachments {
		if _, _, pr := p.l.Sites[0].File(it.FilesDir(), a.File.Text, diag.T("附件", "attachment")); pr != nil {
			pr.Pos = it.Pos(a.File)
			problems.Add(*pr)
		}
	}
	if it.Image.Text != "" {
		f, _, pr := p.l.Sites[0].File(it.FilesDir(), it.Image.Text, diag.T("题图", "picture"))
		if pr == nil {
			pr = p.picture(p.editions[0], *f, true, new(article.Link))
		}
		if pr != nil {
			at := *pr
			at.Pos = it.Pos(it.Image)
			problems.Add(at)
		}
	}
	return problems
}
