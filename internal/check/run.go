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
	w := worker{c: c, r: r, items: map[string]*site.Item{}}
	if r.Site != nil {
		for _, it := range r.Site.Items {
			w.items[it.Path] = it
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
		if d.looked && d.article != nil {
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
	c     *Checker
	r     Run
	items map[string]*site.Item // of the site, by path
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
		if it := w.items[f.Path]; it != nil {
			d.article = w.r.Site.Written(it)
		} else {
			d.article, _ = article.Parse(article.File{Path: f.Path, Text: text, Zone: w.zone()})
		}
		lang = d.article.Lang
	}
	hant := lang == "zh-Hant" || lang == "" && hanzi.Detect(string(text)) == hanzi.Hant
	if w.r.Only != nil && !w.r.Only(f.Path) {
		t.Prose.Read(text)
		d.sketch = t.Sketch()
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
	return d
}

func (w *worker) zone() *time.Location {
	if w.r.Config.Zone != nil {
		return w.r.Config.Zone
	}
	return time.UTC
}
