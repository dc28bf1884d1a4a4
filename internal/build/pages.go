package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// pages makes the pages of a site, in all its editions, and puts them into the transaction.
type pages struct {
	l        *Loaded
	editions []*render.Renderer // one for each of l.Sites
	theme    *render.Theme
	tx       *output.Tx
	write    bool // false: only look for problems
	count    int

	feeds  [][]render.Feed        // of each edition
	bodies map[*site.Item]*string // HTML of the articles that stand in feeds; each is written by one goroutine

	used    sync.Map // path of a content file that some page shows -> true
	gallery *gallery
	bufs    sync.Pool
}

// all makes every file of the site.
func (p *pages) all(ctx context.Context) error {
	p.gallery = newGallery(p.l)
	for _, r := range p.editions {
		r.See(p.gallery.look)
	}
	p.l.Problems.Add(p.editions[0].Check()...)
	p.l.Problems.Add(p.statics()...)
	p.bodies = map[*site.Item]*string{}
	for _, r := range p.editions {
		feeds := r.Feeds()
		p.feeds = append(p.feeds, feeds)
		for _, f := range feeds {
			for _, it := range f.Items {
				p.bodies[it] = new(string)
			}
		}
	}
	if err := p.html(ctx); err != nil {
		return err
	}
	if !p.write || p.l.Problems.Count(diag.Error) > 0 {
		return nil
	}
	for _, a := range p.theme.Assets {
		if err := p.tx.Put(output.File{Path: a.Path, Class: output.Asset, Body: a.Body}); err != nil {
			return err
		}
	}
	if err := p.data(ctx); err != nil {
		return err
	}
	return p.files(ctx)
}

// task is a page of one edition.
type task struct {
	edition int
	render.Job
}

// html makes the pages.
func (p *pages) html(ctx context.Context) (err error) {
	groups := p.tasks()
	problems := make([]diag.List, len(groups))
	refused := make([]error, len(groups)) // because of the path: go on, and explain at the end
	size := max(1, min(len(groups)/(8*runtime.GOMAXPROCS(0)), batchSize))
	err = each(ctx, (len(groups)+size-1)/size, func(i int) error {
		from, to := i*size, min((i+1)*size, len(groups))
		return p.batch(groups[from:to], problems[from:to], refused[from:to])
	}, func(done int) { p.l.progress(Rendering, min(done*size, len(groups)), len(groups)) })
	if err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = errors.Join(refused...)
		}
	}()
	for i, g := range groups {
		p.l.Problems.Add(problems[i]...)
		if g[0].Kind != "redirect" {
			p.count += len(g)
		}
	}
	return nil
}

// tasks lists all pages, those of one article together: its body is rendered once for all
// its parts and editions.
func (p *pages) tasks() (groups [][]task) {
	at := map[string]int{}
	for ed, r := range p.editions {
		for _, j := range r.Pages() {
			t := task{ed, j}
			if j.Item == nil {
				groups = append(groups, []task{t})
				continue
			}
			i, ok := at[j.Item.ID]
			if !ok {
				i = len(groups)
				at[j.Item.ID] = i
				groups = append(groups, nil)
			}
			groups[i] = append(groups[i], t)
		}
	}
	return groups
}

// data makes feeds, site maps and the small JSON files.
func (p *pages) data(ctx context.Context) error {
	files, err := render.SiteMaps(p.editions)
	if err != nil {
		return err
	}
	for ed, r := range p.editions {
		err := each(ctx, len(p.feeds[ed]), func(i int) error { return p.feed(r, p.feeds[ed][i]) }, nil)
		if err != nil {
			return err
		}
		lists, uses, err := r.Data()
		if err != nil {
			return err
		}
		for _, u := range uses {
			p.used.Store(u, true)
		}
		files = append(files, lists...)
	}
	for _, f := range files {
		if err := p.tx.Put(f); err != nil {
			return err
		}
	}
	return nil
}

func (p *pages) feed(r *render.Renderer, f render.Feed) error {
	body := func(it *site.Item) string { return *p.bodies[it] }
	b, err := r.RSS(f, body)
	if err == nil {
		err = p.tx.Put(output.File{Path: f.Path, Class: output.Feed, Body: b})
	}
	if err != nil {
		return err
	}
	if b, err = r.JSON(f, body); err != nil {
		return err
	}
	return p.tx.Put(output.File{Path: f.JSONPath, Class: output.Feed, Body: b})
}

// batchSize is how many groups go through a stage together. The tables of conversion do not
// stay in a core's cache while templates run: one group at a time, conversion takes twice as long.
const batchSize = 64

// batch makes the pages of some groups: renders all their texts, converts them all, fills the
// templates.
func (p *pages) batch(groups [][]task, problems []diag.List, refused []error) error {
	texts := make([][]text, len(groups)) // of each group, one for each edition
	for i, g := range groups {
		texts[i], problems[i] = p.texts(g)
	}
	for i, g := range groups {
		for ed := range texts[i] {
			texts[i][ed].convert(p.l.Sites[ed].Edition)
		}
		for _, t := range g {
			if b := p.bodies[t.Item]; t.Item != nil && b != nil {
				*b = strings.Join(texts[i][t.edition].body.Parts, "")
			}
		}
	}
	for i, g := range groups {
		if problems[i].Count(diag.Error) > 0 {
			continue
		}
		err := p.group(g, texts[i])
		var pe *output.PathError
		if errors.As(err, &pe) && pe.Why != output.Foreign {
			refused[i], err = err, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// group makes the pages of one article, or one other page.
func (p *pages) group(tasks []task, texts []text) error {
	buf, _ := p.bufs.Get().(*bytes.Buffer)
	if buf == nil {
		buf = new(bytes.Buffer)
	}
	defer p.bufs.Put(buf)
	for _, t := range tasks {
		if t.Kind == "redirect" {
			buf.Reset()
			if err := p.editions[t.edition].Redirect(buf, t.To); err != nil {
				return err
			}
			if err := p.put(t.Job, buf.Bytes()); err != nil {
				return err
			}
			continue
		}
		if err := p.page(t, buf, texts[t.edition]); err != nil {
			return err
		}
	}
	return nil
}

// text is what an article or page column holds, as HTML of one edition.
type text struct {
	file string // it was rendered from
	lang string // in which that is written

	noteLang string
	hash     string // of its body
	body     article.Body
	note     string // the editor's note
	local    bool   // links to pages of the edition stand in it
}

// texts renders what the pages of a group hold, for each edition, not yet converted. What has no
// links to pages of the edition is rendered once.
func (p *pages) texts(tasks []task) (out []text, problems diag.List) {
	out = make([]text, len(p.editions))
	last := -1 // edition that was rendered
	for _, t := range tasks {
		if t.edition == last || t.Kind == "redirect" {
			continue
		}
		if last >= 0 && t.Item != nil && out[last].file == t.Item.Path && !out[last].local {
			out[t.edition] = out[last]
		} else {
			var list diag.List
			out[t.edition], list = p.text(t)
			problems.Add(list...)
		}
		last = t.edition
	}
	return out, problems
}

// text renders what the page of t holds.
func (p *pages) text(t task) (x text, problems diag.List) {
	switch {
	case t.Item != nil:
		return p.article(t)
	case t.Column != nil && t.Kind != "archive" && t.Column.HasBody:
		c := t.Column
		raw, problems, ok := p.l.readBody(c.Path, int(c.BodyLine))
		if !ok {
			return x, problems
		}
		x = text{file: c.Path, lang: c.Lang, hash: hashOf(raw)}
		x.body, x.local, problems = p.render(t, article.Source{File: c.Path, Line: int(c.BodyLine), Text: raw}, c.Lang, c.Dir, c.Numbering == article.Yes)
		return x, problems
	}
	return x, nil
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
func (p *pages) article(t task) (text, diag.List) {
	it := t.Item
	x := text{file: it.Path, lang: it.Lang, noteLang: it.NoteLang()}
	problems := p.mentions(it)
	raw, list, ok := p.l.readBody(it.Path, int(it.BodyLine))
	problems.Add(list...)
	if !ok {
		return x, problems
	}
	x.hash = hashOf(raw)
	x.body, x.local, list = p.render(t, article.Source{File: it.Path, Line: int(it.BodyLine), Text: raw}, it.Lang, it.FilesDir(), it.NumberingOn())
	problems.Add(list...)
	if n := max(it.Head.Parts, 1); list.Count(diag.Error) == 0 && len(x.body.Parts) != n {
		problems.Add(rulePageBreak.At(pageBreak(it.Path, int(it.BodyLine), raw)))
	}
	if it.EditorNote != "" {
		note, local, list := p.render(t, article.Source{File: it.Path, Line: int(it.EditorNoteLine), Text: []byte(it.EditorNote)}, it.NoteLang(), it.FilesDir(), false)
		problems.Add(list...)
		x.note, x.local = strings.Join(note.Parts, ""), x.local || local
	}
	return x, problems
}

func (p *pages) page(t task, buf *bytes.Buffer, x text) error {
	r := p.editions[t.edition]
	v := r.View(t.Job)
	for _, f := range v.Uses {
		p.used.Store(f, true)
	}
	b := render.Body{Note: x.note, Outline: x.body.Outline}
	switch {
	case t.Part > 0:
		b.Note = ""
		if t.Part < len(x.body.Parts) {
			b.HTML = x.body.Parts[t.Part]
		}
	case t.Part == render.WholeText, t.Item == nil:
		b.HTML = strings.Join(x.body.Parts, "")
	case len(x.body.Parts) > 0:
		b.HTML = x.body.Parts[0]
	}
	if v.Article != nil {
		v.Article.Body.Hash = x.hash
	}
	buf.Reset()
	if err := r.Render(buf, t.Path, v, b); err != nil {
		return err
	}
	return p.put(t.Job, buf.Bytes())
}

func (p *pages) put(j render.Job, b []byte) error {
	if !p.write {
		return nil
	}
	return p.tx.Put(output.File{Path: j.Path, Class: j.Class, Body: b})
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
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

// readBody reads the body of an article file again: it was not kept.
func (l *Loaded) readBody(file string, line int) ([]byte, diag.List, bool) {
	raw, err := l.tree.ReadPath(file)
	if err != nil {
		return nil, diag.List{source.Unreadable(file, err)}, false
	}
	text, problems, ok := source.Text(file, raw)
	if !ok {
		return nil, problems, false
	}
	for n := 1; n < line && len(text) > 0; n++ {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return text, nil, true
}

// render turns Markdown written in script lang into HTML, resolving links and pictures
// relative to dir. local tells whether it links to pages of the edition.
func (p *pages) render(t task, src article.Source, lang, dir string, numbering bool) (body article.Body, local bool, problems diag.List) {
	r, s := p.editions[t.edition], p.l.Sites[t.edition]
	var partURL func(int) string // a column's text is on one page
	if t.Item != nil {
		partURL = func(part int) string {
			local = true
			return r.Link(render.PartURL(t.Item.URL, part))
		}
	}
	body, problems = article.Render(src, article.Options{
		Numbering:   numbering,
		Traditional: lang == "zh-Hant",
		PartURL:     partURL,
		Sizes:       p.theme.Sizes,
		Resolve: func(dest string, image bool) (article.Link, *diag.Problem) {
			t, problem := s.Resolve(dir, dest, image)
			link := article.Link{URL: r.Link(t.URL), External: t.External, Gone: t.Gone}
			local = local || t.Page
			if t.File != nil {
				p.used.Store(strings.TrimPrefix(t.File.Path, "content/"), true)
				if found := p.picture(r, *t.File, image, &link); problem == nil {
					problem = found
				}
			}
			return link, problem
		},
	})
	return body, local, problems
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

// files publishes the pictures and attachments that pages show, and the static files.
func (p *pages) files(ctx context.Context) error {
	var list []source.File
	for _, f := range p.l.Sites[0].Files() {
		name := strings.TrimPrefix(f.Path, "content/")
		if _, ok := p.used.Load(name); ok || strings.HasPrefix(name, site.StaticDir+"/") {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b source.File) int { return strings.Compare(a.Path, b.Path) })
	return each(ctx, len(list), func(i int) error {
		_, shown := p.used.Load(strings.TrimPrefix(list[i].Path, "content/"))
		bodies, err := p.gallery.set(list[i])
		for k, name := range p.gallery.published(list[i], shown) {
			if err == nil && name != "" {
				err = p.tx.Put(output.File{Path: name, Class: output.Picture, Body: bodies[k]})
			}
		}
		return err
	}, nil)
}
