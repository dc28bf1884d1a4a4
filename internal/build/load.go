package build

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// contents are the files of content by what they are: their places among the sources.
type contents struct {
	columns, articles, files []int32
	twins                    []twin
}

// twin is a hand-made version in the other script, and the path of its article.
type twin struct {
	at   int32
	base string
}

// sort sorts the files of content by kind.
func (l *Loaded) sort() contents {
	files := l.sources.files
	if n := slices.IndexFunc(files, func(f source.File) bool { return strings.HasPrefix(f.Path, "themes/") }); n >= 0 {
		files = files[:n]
	}
	bundles := map[string]bool{}
	for i := range files {
		if strings.HasSuffix(files[i].Path, "/index.md") {
			bundles[path.Dir(files[i].Path)] = true
		}
	}
	var c contents
	special := map[string]bool{}
	for i := range files {
		f, i := &files[i], int32(i)
		if p, ok := misnamed(*f); ok {
			l.Problems.Add(p)
			continue
		}
		if base, _, ok := article.TwinOf(f.Path); ok && !strings.HasPrefix(f.Path, "content/_") {
			c.twins = append(c.twins, twin{i, base})
			continue
		}
		rel := strings.TrimPrefix(f.Path, "content/")
		top, _, _ := strings.Cut(rel, "/")
		switch {
		case strings.HasPrefix(top, "_") && top != rel:
			if top == site.StaticDir {
				c.files = append(c.files, i)
			} else if top != "_data" && top != "_archetypes" && !special[top] {
				special[top] = true
				l.Problems.Add(ruleSpecial.At(diag.Pos{File: "content/" + top}))
			}
		case rel == "_index.md":
			l.Problems.Add(ruleRootIndex.At(diag.Pos{File: f.Path}))
		case path.Base(rel) == "_index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleColumnInBundle.At(diag.Pos{File: f.Path}))
		case path.Base(rel) == "_index.md":
			c.columns = append(c.columns, i)
		case path.Ext(rel) != ".md":
			c.files = append(c.files, i)
		case path.Base(rel) != "index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleStray.At(diag.Pos{File: f.Path}))
		default:
			c.articles = append(c.articles, i)
		}
	}
	return c
}

func inBundle(bundles map[string]bool, p string) bool {
	if len(bundles) == 0 {
		return false
	}
	for d := path.Dir(p); d != "."; d = path.Dir(d) {
		if bundles[d] {
			return true
		}
	}
	return false
}

// text reads the ith of the sources, a text file, into buf, which holds it from then on.
func (l *Loaded) text(buf *[]byte, i int) fileText {
	raw, err := l.sources.read(*buf, i)
	if err == nil {
		*buf = raw
	}
	return l.textOf(i, raw, err)
}

// fileText is what a text file holds, or what is wrong with it.
type fileText struct {
	text     []byte
	problems diag.List
	ok       bool
}

// textOf makes a text of what reading the ith of the sources gave.
func (l *Loaded) textOf(i int, raw []byte, err error) (t fileText) {
	file := l.sources.path(i)
	if err != nil {
		return fileText{problems: diag.List{source.Unreadable(file, err)}}
	}
	t.text, t.problems, t.ok = source.Text(file, raw)
	return t
}

// from returns the text from a line on.
func (t fileText) from(line int) []byte {
	text := t.text
	for n := 1; n < line && len(text) > 0; n++ {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return text
}

func (l *Loaded) parseColumns(files []int32) (out []*article.Column) {
	for _, i := range files {
		t := l.text(new([]byte), int(i))
		l.Problems.Add(t.problems...)
		if !t.ok {
			continue
		}
		c, problems := article.ParseColumn(article.File{Path: l.sources.path(int(i)), Text: t.text, Zone: l.Config.Zone})
		l.Problems.Add(problems...)
		out = append(out, c)
	}
	return out
}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }
