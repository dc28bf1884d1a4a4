package build

import (
	"context"
	"path"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// contents are the files of content by what they are.
type contents struct {
	columns, articles, files []source.File
}

// walk lists the content and sorts it by kind.
func (l *Loaded) walk() contents {
	files, problems := l.tree.Walk("content")
	l.Problems.Add(problems...)
	if len(files) == 0 && len(problems) == 0 {
		l.Problems.Add(ruleNoContent.At(diag.Pos{File: "content"}))
	}
	l.progress(Reading, len(files), len(files))
	bundles := map[string]bool{}
	for _, f := range files {
		if path.Base(f.Path) == "index.md" {
			bundles[path.Dir(f.Path)] = true
		}
	}
	var c contents
	special := map[string]bool{}
	for _, f := range files {
		rel := strings.TrimPrefix(f.Path, "content/")
		top, _, _ := strings.Cut(rel, "/")
		switch {
		case strings.HasPrefix(top, "_") && top != rel:
			if top == site.StaticDir {
				c.files = append(c.files, f)
			} else if top != "_data" && top != "_archetypes" && !special[top] {
				special[top] = true
				l.Problems.Add(ruleSpecial.At(diag.Pos{File: "content/" + top}))
			}
		case rel == "_index.md":
			l.Problems.Add(ruleRootIndex.At(diag.Pos{File: f.Path}))
		case path.Base(rel) == "_index.md":
			c.columns = append(c.columns, f)
		case path.Ext(rel) != ".md":
			c.files = append(c.files, f)
		case path.Base(rel) != "index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleStray.At(diag.Pos{File: f.Path}))
		default:
			c.articles = append(c.articles, f)
		}
	}
	return c
}

func inBundle(bundles map[string]bool, p string) bool {
	for d := path.Dir(p); d != "."; d = path.Dir(d) {
		if bundles[d] {
			return true
		}
	}
	return false
}

// text reads a text file; problems go to the list.
func (l *Loaded) text(f source.File) ([]byte, diag.List, bool) {
	raw, err := l.tree.Read(f)
	if err != nil {
		return nil, diag.List{source.Unreadable(f.Path, err)}, false
	}
	return source.Text(f.Path, raw)
}

func (l *Loaded) parseColumns(files []source.File) (out []*article.Column) {
	for _, f := range files {
		text, problems, ok := l.text(f)
		l.Problems.Add(problems...)
		if !ok {
			continue
		}
		c, problems := article.ParseColumn(article.File{Path: f.Path, Text: text, Zone: l.Config.Zone})
		l.Problems.Add(problems...)
		out = append(out, c)
	}
	return out
}

// parseArticles parses on all cores. Articles that could not be read at all are left out;
// their problems are errors, so that none vanishes silently.
func (l *Loaded) parseArticles(ctx context.Context, files []source.File, columns []*article.Column) ([]*article.Article, error) {
	byDir := map[string]*article.Column{}
	for _, c := range columns {
		byDir[c.Dir] = c
	}
	articles := make([]*article.Article, len(files))
	problems := make([]diag.List, len(files))
	err := each(ctx, len(files), func(i int) error {
		f := files[i]
		text, list, ok := l.text(f)
		if ok {
			dir := strings.TrimPrefix(path.Dir(f.Path), "content/")
			articles[i], list = article.Parse(article.File{Path: f.Path, Text: text, Zone: l.Config.Zone, Required: site.Required(l.Config, byDir, dir)})
		}
		problems[i] = list
		return nil
	}, func(done int) { l.progress(Parsing, done, len(files)) })
	if err != nil {
		return nil, err
	}
	var out []*article.Article
	for i, a := range articles {
		l.Problems.Add(problems[i]...)
		if a != nil {
			out = append(out, a)
		}
	}
	return out, nil
}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }
