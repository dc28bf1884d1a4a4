package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
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

// pages makes the pages of a site and puts them into the transaction.
type pages struct {
	l     *Loaded
	r     *render.Renderer
	theme *render.Theme
	tx    *output.Tx
	write bool // false: only look for problems
	count int

	feeds  []render.Feed
	bodies map[*site.Item]*string // HTML of the articles that stand in feeds; each is written by one goroutine

	used   sync.Map // path of a content file that some page shows -> true
	images sync.Map // path of a picture -> size
	bufs   sync.Pool
}

// all makes every file of the site.
func (p *pages) all(ctx context.Context) error {
	p.l.Problems.Add(p.r.Check()...)
	p.feeds = p.r.Feeds()
	p.bodies = map[*site.Item]*string{}
	for _, f := range p.feeds {
		for _, it := range f.Items {
			p.bodies[it] = new(string)
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

// html makes the pages.
func (p *pages) html(ctx context.Context) error {
	groups := group(p.r.Pages())
	problems := make([]diag.List, len(groups))
	err := each(ctx, len(groups), func(i int) (err error) {
		problems[i], err = p.group(groups[i])
		return err
	}, func(done int) { p.l.progress(Rendering, done, len(groups)) })
	if err != nil {
		return err
	}
	for i, g := range groups {
		p.l.Problems.Add(problems[i]...)
		if g[0].Kind != "redirect" {
			p.count += len(g)
		}
	}
	return nil
}

// data makes feeds, site maps and the small JSON files.
func (p *pages) data(ctx context.Context) error {
	err := each(ctx, len(p.feeds), func(i int) error {
		f := p.feeds[i]
		body := func(it *site.Item) string { return *p.bodies[it] }
		b, err := p.r.RSS(f, body)
		if err == nil {
			err = p.tx.Put(output.File{Path: f.Path, Class: output.Feed, Body: b})
		}
		if err != nil {
			return err
		}
		if b, err = p.r.JSON(f, body); err != nil {
			return err
		}
		return p.tx.Put(output.File{Path: f.JSONPath, Class: output.Feed, Body: b})
	}, nil)
	if err != nil {
		return err
	}
	files, err := p.r.SiteMaps()
	if err != nil {
		return err
	}
	lists, uses, err := p.r.Data()
	if err != nil {
		return err
	}
	for _, u := range uses {
		p.used.Store(u, true)
	}
	for _, f := range append(files, lists...) {
		if err := p.tx.Put(f); err != nil {
			return err
		}
	}
	return nil
}

// group puts the parts of one article together: its body is rendered once.
func group(jobs []render.Job) (groups [][]render.Job) {
	for _, j := range jobs {
		if n := len(groups); n > 0 && j.Item != nil && groups[n-1][0].Item == j.Item {
			groups[n-1] = append(groups[n-1], j)
		} else {
			groups = append(groups, []render.Job{j})
		}
	}
	return groups
}

// group makes the pages of one article, or one other page.
func (p *pages) group(jobs []render.Job) (diag.List, error) {
	first := jobs[0]
	buf, _ := p.bufs.Get().(*bytes.Buffer)
	if buf == nil {
		buf = new(bytes.Buffer)
	}
	defer p.bufs.Put(buf)
	if first.Kind == "redirect" {
		buf.Reset()
		if err := p.r.Redirect(buf, first.To); err != nil {
			return nil, err
		}
		return nil, p.put(first, buf.Bytes())
	}
	var problems diag.List
	var body article.Body
	var note, hash string
	switch {
	case first.Item != nil:
		it := first.Item
		problems.Add(p.mentions(it)...)
		text, list, ok := p.l.readBody(it.Path, int(it.BodyLine))
		problems.Add(list...)
		if !ok {
			return problems, nil
		}
		hash = hashOf(text)
		body, list = p.render(it.Path, it.FilesDir(), int(it.BodyLine), text, it.NumberingOn())
		problems.Add(list...)
		if it.EditorNote != "" {
			nb, list := p.render(it.Path, it.FilesDir(), int(it.EditorNoteLine), []byte(it.EditorNote), false)
			problems.Add(list...)
			note = strings.Join(nb.Parts, "")
		}
		if b := p.bodies[it]; b != nil {
			*b = strings.Join(body.Parts, "")
		}
	case first.Kind == "page":
		c := first.Column
		text, list, ok := p.l.readBody(c.Path, int(c.BodyLine))
		problems.Add(list...)
		if !ok {
			return problems, nil
		}
		hash = hashOf(text)
		body, list = p.render(c.Path, c.Dir, int(c.BodyLine), text, c.Numbering == article.Yes)
		problems.Add(list...)
	}
	for _, j := range jobs {
		if err := p.page(j, buf, body, note, hash); err != nil {
			return problems, err
		}
	}
	return problems, nil
}

func (p *pages) page(j render.Job, buf *bytes.Buffer, body article.Body, note, hash string) error {
	v := p.r.View(j)
	for _, f := range v.Uses {
		p.used.Store(f, true)
	}
	b := render.Body{Note: note, Outline: body.Outline}
	if j.Part > 0 {
		b.Note = ""
	}
	if j.Part == render.WholeText {
		b.HTML = strings.Join(body.Parts, "")
	} else if j.Part < len(body.Parts) {
		b.HTML = body.Parts[j.Part]
	}
	if v.Article != nil {
		v.Article.Body.Hash = hash
	}
	buf.Reset()
	if err := p.r.Render(buf, j.Path, v, b); err != nil {
		return err
	}
	return p.put(j, buf.Bytes())
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

// readBody reads the body of an article file again: it was not kept.
func (l *Loaded) readBody(file string, line int) ([]byte, diag.List, bool) {
	raw, err := l.tree.ReadPath(file)
	if errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(file, "_index.md") {
		return nil, nil, true
	}
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

// render turns Markdown into HTML, resolving links and pictures relative to dir.
func (p *pages) render(file, dir string, line int, text []byte, numbering bool) (article.Body, diag.List) {
	return article.Render(article.Source{File: file, Line: line, Text: text}, article.Options{
		Numbering: numbering,
		Resolve: func(dest string, image bool) (article.Link, *diag.Problem) {
			t, problem := p.l.Site.Resolve(dir, dest, image)
			link := article.Link{URL: p.r.Link(t.URL), External: t.External, Gone: t.Gone}
			if t.File != nil {
				name := strings.TrimPrefix(t.File.Path, "content/")
				if !strings.HasPrefix(name, site.StaticDir+"/") {
					p.used.Store(name, true)
				}
				if image {
					size := p.imageSize(*t.File)
					link.Width, link.Height = size.w, size.h
				}
			}
			return link, problem
		},
	})
}

// mentions checks the files that the front matter names.
func (p *pages) mentions(it *site.Item) (problems diag.List) {
	for _, a := range it.Attachments {
		if _, _, pr := p.l.Site.File(it.FilesDir(), a.File.Text, diag.T("附件", "attachment")); pr != nil {
			pr.Pos = it.Pos(a.File)
			problems.Add(*pr)
		}
	}
	if it.Image.Text != "" {
		if _, _, pr := p.l.Site.File(it.FilesDir(), it.Image.Text, diag.T("题图", "picture")); pr != nil {
			pr.Pos = it.Pos(it.Image)
			problems.Add(*pr)
		}
	}
	return problems
}

// files publishes the pictures and attachments that pages show, and the static files.
func (p *pages) files(ctx context.Context) error {
	var list []source.File
	for _, f := range p.l.Site.Files() {
		name := strings.TrimPrefix(f.Path, "content/")
		if _, ok := p.used.Load(name); ok || strings.HasPrefix(name, site.StaticDir+"/") {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b source.File) int { return strings.Compare(a.Path, b.Path) })
	return each(ctx, len(list), func(i int) error {
		b, err := p.l.tree.Read(list[i])
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(strings.TrimPrefix(list[i].Path, "content/"), site.StaticDir+"/")
		return p.tx.Put(output.File{Path: name, Class: output.Picture, Body: b})
	}, nil)
}
