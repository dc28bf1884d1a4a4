package check

import (
	"context"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// Run is one look over a site.
type Run struct {
	Tree   *source.Tree
	Dir    fs.FS // of the same folder, for the first bytes of large files
	Config config.Config
	Site   *site.Site          // the model of the first edition
	Only   func(p string) bool // files whose text is looked at; nil: all
	Mend   map[string]bool     // rules whose findings are mended; nil: none
}

// Result is what a run found.
type Result struct {
	Articles int
	Problems diag.List
	Mended   []Mended // in order of their paths
}

// Mended is a file whose text can be better.
type Mended struct {
	Path     string
	Old, New []byte // as the file has them, line ends and all
	Edits    int
}

// Run looks over the site: every article on all cores, then the site as a whole.
func (c *Checker) Run(ctx context.Context, r Run) (Result, error) {
	files, _ := r.Tree.Walk("content") // its problems are build's to tell
	w := worker{c: c, r: r, items: map[string]*site.Item{}, columns: map[string]*site.Column{}}
	if r.Site != nil {
		for _, it := range r.Site.Items {
			w.items[it.Path] = it
		}
		for _, col := range r.Site.Columns {
			w.columns[col.Path] = col
		}
	}
	var texts, others []source.File
	for _, f := range files {
		rel := strings.TrimPrefix(f.Path, "content/")
		switch {
		case strings.HasPrefix(rel, "_data/") || strings.HasPrefix(rel, "_archetypes/"):
		case path.Ext(rel) == ".md":
			texts = append(texts, f)
		default:
			others = append(others, f)
		}
	}
	done := make([]looked, len(texts))
	if err := w.all(ctx, texts, done); err != nil {
		return Result{}, err
	}
	var res Result
	p := Portal{Site: r.Site, Files: others, Freshness: r.Config.Check.Freshness, Head: r.head}
	for _, d := range done {
		if d.looked {
			res.Articles++
		}
		res.Problems.Add(d.problems...)
		if d.mended != nil {
			res.Mended = append(res.Mended, *d.mended)
		}
		if d.article != nil {
			p.Articles, p.Sketches = append(p.Articles, d.article), append(p.Sketches, d.sketch)
		}
	}
	if r.Site != nil {
		res.Problems.Add(c.Portal(&p)...)
	}
	return res, nil
}

// head returns the first bytes of a file.
func (r *Run) head(path string) []byte {
	b := make([]byte, 8)
	f, err := r.Dir.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	n, _ := io.ReadFull(f, b)
	return b[:n]
}

// looked is what a worker made of a file.
type looked struct {
	looked   bool
	article  *article.Article
	sketch   Sketch
	problems diag.List
	mended   *Mended
}

// worker looks at files.
type worker struct {
	c       *Checker
	r       Run
	items   map[string]*site.Item   // shown articles by path
	columns map[string]*site.Column // by path
}

func (w *worker) all(ctx context.Context, files []source.File, done []looked) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wg.Go(func() {
			t := new(Text)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				done[i] = w.file(t, files[i])
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// file looks at one file.
func (w *worker) file(t *Text, f source.File) (d looked) {
	raw, err := w.r.Tree.Read(f)
	if err != nil {
		return d
	}
	text, _, ok := source.Text(f.Path, raw)
	if !ok {
		return d // build says why
	}
	isColumn := path.Base(f.Path) == "_index.md"
	_, lang, twin := article.TwinOf(f.Path)
	if !isColumn && !twin {
		d.article, _ = article.Parse(article.File{Path: f.Path, Text: text, Zone: w.zone()})
		lang = d.article.Lang
	}
	hant := lang == "zh-Hant" || lang == "" && hanzi.Detect(string(text)) == hanzi.Hant
	if w.r.Only != nil && !w.r.Only(f.Path) {
		t.Prose.Read(text)
		d.sketch = t.Sketch()
		d.problems = w.body(t, f.Path)
		return d
	}
	d.looked = true
	if w.r.Mend != nil {
		if better, n := w.c.Mend(t, f.Path, text, d.article, hant, w.r.Mend); n > 0 {
			d.mended = &Mended{f.Path, raw, asFile(raw, text, better), n}
			text = better
		}
	}
	d.problems = w.c.Text(t, f.Path, text, d.article, hant)
	d.sketch = t.Sketch()
	d.problems.Add(w.body(t, f.Path)...)
	return d
}

func (w *worker) zone() *time.Location {
	if w.r.Config.Zone != nil {
		return w.r.Config.Zone
	}
	return time.UTC
}

// body renders the text that t holds, for the problems that build would tell: dead links, files that are not
// there, markup that does not mean what it says.
func (w *worker) body(t *Text, file string) (problems diag.List) {
	src := article.Source{File: file, Text: t.File[t.BodyAt:]}
	src.Line, _ = t.Place(t.BodyAt)
	it := w.items[file]
	if it == nil {
		if col := w.columns[file]; col != nil && col.HasBody {
			_, problems = article.Render(src, w.options(col.Dir, col.Lang, false))
		}
		return problems
	}
	_, problems = article.Render(src, w.options(it.FilesDir(), it.Lang, it.NumberingOn()))
	if it.EditorNote != "" {
		_, list := article.Render(article.Source{File: file, Line: int(it.EditorNoteLine), Text: []byte(it.EditorNote)}, w.options(it.FilesDir(), it.NoteLang(), false))
		problems.Add(list...)
	}
	named := []article.Ref{it.Image}
	what := []diag.Text{diag.T("题图", "picture")}
	for _, a := range it.Attachments {
		named, what = append(named, a.File), append(what, diag.T("附件", "attachment"))
	}
	for i, ref := range named {
		if ref.Text == "" {
			continue
		}
		if _, _, p := w.r.Site.File(it.FilesDir(), ref.Text, what[i]); p != nil {
			p.Pos = it.Pos(ref)
			problems.Add(*p)
		}
	}
	return problems
}

func (w *worker) options(dir, lang string, numbering bool) article.Options {
	return article.Options{
		Numbering: numbering, Traditional: lang == "zh-Hant",
		PartURL: func(int) string { return "" },
		Resolve: func(dest string, image bool) (article.Link, *diag.Problem) {
			to, p := w.r.Site.Resolve(dir, dest, image)
			return article.Link{URL: to.URL, External: to.External, Gone: to.Gone}, p
		},
	}
}
