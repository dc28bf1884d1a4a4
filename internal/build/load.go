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
	twins                    []twin
}

// twin is a hand-made version in the other script, and the path of its article.
type twin struct {
	source.File
	base string
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
		if p, ok := misnamed(f); ok {
			l.Problems.Add(p)
			continue
		}
		if base, _, ok := article.TwinOf(f.Path); ok && !strings.HasPrefix(f.Path, "content/_") {
			c.twins = append(c.twins, twin{f, base})
			continue
		}
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
		case path.Base(rel) == "_index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleColumnInBundle.At(diag.Pos{File: f.Path}))
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

var ruleTwinAlone = diag.Rule{ID: "twin",
	ZH: "这是另一文字的版本，但没有原稿 %[1]s", EN: "this is the other script's version of %[1]s, which does not exist",
	FixZH: "补上原稿，或去掉文件名里的 .zh-hans、.zh-hant", FixEN: "add the original, or drop .zh-hans or .zh-hant from the name"}

// parseTwins reads the hand-made twins and gives them to their articles.
func (l *Loaded) parseTwins(twins []twin, articles []*article.Article) {
	byPath := map[string]*article.Article{}
	for _, a := range articles {
		byPath[a.Path] = a
	}
	for _, t := range twins {
		a := byPath[t.base]
		if a == nil {
			l.Problems.Add(ruleTwinAlone.At(diag.Pos{File: t.Path}, t.base))
			continue
		}
		text, problems, ok := l.text(t.File)
		l.Problems.Add(problems...)
		if !ok {
			continue
		}
		twin, problems := article.ParseTwin(article.File{Path: t.Path, Text: text, Zone: l.Config.Zone})
		l.Problems.Add(problems...)
		if a.Lang == "" { // it is in the script that its twin is not in
			a.Lang = map[string]string{"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}[twin.Lang]
		}
		if a.Lang == twin.Lang {
			l.Problems.Add(ruleTwinSame.At(diag.Pos{File: t.Path}, twin.Lang))
		}
		a.SetTwin(twin)
	}
}

var ruleTwinSame = diag.Rule{ID: "twin",
	ZH: "原稿就是 %[1]s，不需要这个版本", EN: "the original is in %[1]s already",
	FixZH: "删去其中一个文件，或在原稿里用 lang 写明文字", FixEN: "delete one of the files, or say in the original, under lang, in which script it is"}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }
