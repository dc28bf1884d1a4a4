package build

import (
	"bytes"
	"context"

	"zhendi/internal/diag"
	"zhendi/internal/render"
)

// Page is a page that Look made.
type Page struct {
	Path string // relative to the output
	Kind string
	HTML []byte
}

// Look finds the problems that Run would, and writes nothing to the output: it renders the text of every article.
// Of each kind of page and edition it makes one, for who wants to look at it. There are none if an error
// stands in the way.
func (l *Loaded) Look(ctx context.Context) ([]Page, error) {
	if len(l.Sites) == 0 {
		return nil, nil
	}
	theme, err := render.LoadTheme(render.Layers{l.tree.Sub("themes"), l.opt.Themes}, l.Config.Theme)
	if err != nil {
		return nil, err
	}
	p := pages{l: l, theme: theme, items: len(l.Sites[0].Items)}
	p.begin()
	for ed, r := range p.editions {
		for _, j := range r.OtherPages() {
			p.others = append(p.others, task{ed, j})
		}
	}
	n := p.items + len(p.others)
	problems := make([]diag.List, n)
	err = each(ctx, n, func(i int) error {
		g := p.groupAt(i)
		if len(g.tasks) > 0 {
			p.texts(&g)
			problems[i] = g.problems
		}
		return nil
	}, func(done int) { l.progress(Rendering, done, n) })
	if err != nil {
		return nil, err
	}
	for _, list := range problems {
		l.Problems.Add(list...)
	}
	if l.Problems.Count(diag.Error) > 0 {
		return nil, nil
	}
	return p.samples()
}

// samples makes one page of each kind and edition.
func (p *pages) samples() (out []Page, err error) {
	type kind struct {
		edition int
		name    string
	}
	seen := map[kind]bool{}
	for i := range p.items + len(p.others) {
		if i > 0 && i < p.items {
			continue // the newest article stands for all
		}
		g := p.groupAt(i)
		for _, t := range g.tasks {
			if k := (kind{t.edition, t.Kind}); t.Kind == "redirect" || seen[k] {
				continue
			} else {
				seen[k] = true
			}
			if g.texts == nil {
				p.texts(&g)
				for ed := range g.texts {
					g.texts[ed].convert(p.l.Sites[ed].Edition)
				}
			}
			var buf bytes.Buffer
			if err := p.page(t, &buf, &g); err != nil {
				return nil, err
			}
			out = append(out, Page{t.Path, t.Kind, buf.Bytes()})
		}
	}
	return out, nil
}
