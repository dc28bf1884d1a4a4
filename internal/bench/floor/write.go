package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"go.yaml.in/yaml/v4"

	"zhendi/internal/hanzi"
	"zhendi/internal/qr"
)

//go:embed site.html
var layouts string

// writer makes the files. Its methods may be called from several goroutines.
type writer struct {
	*plan
	out       string
	templates *template.Template
	markdown  goldmark.Markdown
	into      map[hanzi.Script]*hanzi.Converter
	editions  []edition
	sums      [][sha256.Size]byte // of plan.files
	bufs      sync.Pool           // of *scratch
}

type scratch struct{ body, other, page bytes.Buffer }

// edition is what all pages of an edition share.
type edition struct {
	Lang, Site, Root      string
	Header, Footer, Tools template.HTML
	Rows                  []link
	script                hanzi.Script
}

type link struct {
	URL, Title, Date string
	Below            []link
}

// front is the front matter that a page shows.
type front struct {
	Title, Date, Source, Author string
	Tags                        []string
}

// page is what the templates see.
type page struct {
	*edition
	front
	URL, Keywords, Summary string
	Column                 link
	Twins, Tags            []link
	Neighbours, Related    []link
	JSON                   map[string]any
	Body, QR               template.HTML
}

func newWriter(p *plan, out string) (*writer, error) {
	w := &writer{plan: p, out: out, into: map[hanzi.Script]*hanzi.Converter{}, sums: make([][sha256.Size]byte, len(p.files)),
		markdown: goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))}
	w.bufs.New = func() any { return new(scratch) }
	var err error
	if w.templates, err = template.New("").Parse(layouts); err != nil {
		return nil, err
	}
	if w.into[hanzi.Hant], err = hanzi.New("s2t", nil); err != nil {
		return nil, err
	}
	if w.into[hanzi.Hans], err = hanzi.New("tw2s", nil); err != nil {
		return nil, err
	}
	for i, prefix := range p.prefixes {
		e, err := w.edition(i, prefix)
		if err != nil {
			return nil, err
		}
		w.editions = append(w.editions, e)
	}
	return w, w.folders()
}

// folders makes those that files go into.
func (w *writer) folders() error {
	made := map[string]bool{}
	for _, f := range w.files {
		if dir := path.Dir(f.path); !made[dir] {
			made[dir] = true
			if err := os.MkdirAll(filepath.Join(w.out, dir), 0o755); err != nil {
				return err
			}
		}
	}
	return os.MkdirAll(filepath.Join(w.out, "_site"), 0o755)
}

func (w *writer) edition(i int, prefix string) (e edition, err error) {
	e = edition{Lang: "zh-CN", Site: "示例党建网", Root: "/" + prefix, script: hanzi.Hans}
	if i == 1 {
		e.Lang, e.script = "zh-Hant", hanzi.Hant
	}
	for _, a := range w.articles[:min(20, len(w.articles))] {
		f, _, err := w.read(a)
		if err != nil {
			return e, err
		}
		e.Rows = append(e.Rows, link{URL: "/" + a.out[i].path, Title: w.text(f.Title, e.script), Date: f.Date})
	}
	var nav []link
	for c := range 12 {
		top := link{URL: fmt.Sprintf("%sc%d/", e.Root, c), Title: "党建要闻"}
		for s := range 4 {
			top.Below = append(top.Below, link{URL: fmt.Sprintf("%ss%d/", top.URL, s), Title: "中央精神"})
		}
		nav = append(nav, top)
	}
	chrome := struct {
		edition
		Nav []link
	}{e, nav}
	for name, to := range map[string]*template.HTML{"header": &e.Header, "footer": &e.Footer, "sizes": &e.Tools} {
		var b bytes.Buffer
		if err := w.templates.ExecuteTemplate(&b, name, chrome); err != nil {
			return e, err
		}
		*to = template.HTML(b.String())
	}
	return e, nil
}

// text converts s, if it is in the other script. With one edition nothing is converted.
func (w *writer) text(s string, to hanzi.Script) string {
	if len(w.prefixes) == 1 || hanzi.Detect(s) == to {
		return s
	}
	return w.into[to].String(s)
}

// read returns the front matter and body of an article.
func (w *writer) read(a article) (f front, body []byte, err error) {
	b, err := os.ReadFile(filepath.Join(w.site, "content", a.source))
	if err != nil {
		return f, nil, err
	}
	head, body, ok := bytes.Cut(bytes.TrimPrefix(b, []byte("---\n")), []byte("\n---\n"))
	if !ok {
		return f, nil, fmt.Errorf("%s: no front matter", a.source)
	}
	return f, body, yaml.Unmarshal(head, &f)
}

// article makes the pages of an article.
func (w *writer) article(i int) error {
	a := w.articles[i]
	f, body, err := w.read(a)
	if err != nil {
		return err
	}
	s := w.bufs.Get().(*scratch)
	defer w.bufs.Put(s)
	s.body.Reset()
	if err := w.markdown.Convert(body, &s.body); err != nil {
		return err
	}
	script := hanzi.Detect(string(body))
	for ed := range w.editions {
		e := &w.editions[ed]
		html := s.body.Bytes()
		if len(w.editions) > 1 && script != e.script {
			s.other.Reset()
			s.other.Write(w.into[e.script].AppendHTML(s.other.AvailableBuffer(), html))
			html = s.other.Bytes()
		}
		s.page.Reset()
		p, err := w.view(e, a, ed, f)
		if err != nil {
			return err
		}
		p.Body = template.HTML(html)
		if err := w.templates.ExecuteTemplate(&s.page, "page", p); err != nil {
			return err
		}
		if err := w.put(a.out[ed], s.page.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// view is all of an article's page but the body.
func (w *writer) view(e *edition, a article, ed int, f front) (page, error) {
	p := page{edition: e, URL: w.base + "/" + a.out[ed].path, Column: link{URL: "/" + path.Dir(a.out[ed].path) + "/", Title: "中央精神"}}
	p.front = front{Title: w.text(f.Title, e.script), Date: f.Date, Source: w.text(f.Source, e.script), Author: w.text(f.Author, e.script)}
	for _, t := range f.Tags {
		t = w.text(t, e.script)
		p.Tags = append(p.Tags, link{URL: e.Root + "tags/" + t + "/", Title: t})
		p.Keywords += t + ","
	}
	for i, o := range a.out {
		p.Twins = append(p.Twins, link{URL: w.base + "/" + o.path, Title: w.editions[i].Lang})
	}
	p.Summary = p.Title + p.Source + p.Title
	p.Neighbours, p.Related = e.Rows[:min(2, len(e.Rows))], e.Rows[:min(6, len(e.Rows))]
	p.JSON = map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": p.Title, "datePublished": p.Date, "author": p.Author, "mainEntityOfPage": p.URL}
	code, err := qr.Encode([]byte(p.URL))
	if err != nil {
		return p, err
	}
	p.QR = template.HTML(code.AppendSVG(nil, "扫一扫在手机打开当前页"))
	return p, nil
}

// other makes a file that is no article's page.
func (w *writer) other(i int) error {
	f := w.others[i]
	s := w.bufs.Get().(*scratch)
	defer w.bufs.Put(s)
	s.page.Reset()
	switch static := filepath.Join(w.site, "content", "_static", f.path); {
	case f.page():
		e := &w.editions[0]
		if strings.HasPrefix(f.path, second) {
			e = &w.editions[len(w.editions)-1]
		}
		p := page{edition: e, front: front{Title: path.Base(path.Dir(f.path))}, URL: w.base + "/" + f.path}
		if err := w.templates.ExecuteTemplate(&s.page, "list", p); err != nil {
			return err
		}
	case exists(static):
		b, err := os.ReadFile(static)
		if err != nil {
			return err
		}
		s.page.Write(b)
	default:
		s.page.Write(bytes.Repeat([]byte{'x'}, f.size))
	}
	return w.put(f, s.page.Bytes())
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func (w *writer) put(f file, b []byte) error {
	w.sums[f.index] = sha256.Sum256(b)
	return os.WriteFile(filepath.Join(w.out, f.path), b, 0o644)
}

func (w *writer) manifest() error {
	var b bytes.Buffer
	for i, f := range w.files {
		fmt.Fprintf(&b, "%x  %s\t%d\t%s\n", w.sums[i], f.path, f.size, f.class)
	}
	return os.WriteFile(filepath.Join(w.out, "_site", "manifest.txt"), b.Bytes(), 0o644)
}
