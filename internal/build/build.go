// Package build is the driver: the only package that knows the order of the stages.
//
//	source   read    the files of the site
//	article  parse   each Markdown file, on all cores
//	site     model   columns, order, neighbours, addresses
//	render   render  every page, on all cores
//	output   write   what changed, then the manifest
//
// Load runs the first three and is what commands that only look at the content use.
// Run runs all five. Problems of the content are data: they are collected through
// all stages, also from the bodies of articles, and if there is an error among them nothing is
// written: the previous output stays as it was. Goroutines live here; results are
// in the order of the input, always, so that two runs give the same bytes.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// Options say what to build.
type Options struct {
	Source   string // folder of the site; holds site.yaml and content
	Out      string // folder to write
	BaseURL  string // instead of the one in site.yaml
	Drafts   bool
	Future   bool
	Internal bool
	Themes   fs.FS // themes built into the program

	// Now gives the time that selects what is scheduled, expired, pinned; zone is the
	// site's, for a time that was given without one.
	Now     func(zone *time.Location) (time.Time, error)
	Version string // of the program, for the manifest
	Serial  int64  // of the build, for the manifest: publish replaces nothing that has a higher one; 0: none

	// Progress, if not nil, is told how far each stage is. It is called from one
	// goroutine at a time.
	Progress func(s Stage, done, total int)

	// Busy, if not nil, is called when another run holds the output, which is then waited for.
	Busy func(holder string)

	// Forget makes everything anew, whatever is remembered of the last build.
	Forget bool
}

// Stage is a step of the work, for showing progress.
type Stage int

// The stages.
const (
	Reading Stage = iota
	Parsing
	Rendering
	Writing
)

// Result says what a run did.
type Result struct {
	Articles int // shown
	Held     Held
	Pages    int // HTML pages of the site, without redirects
	Made     int // pages that were made, redirects too: the others stood in the output as they would be
	Pictures int // that were decoded and resized
	Timings  []Timing
	output.Result
}

// Held counts the articles that are ready to be read by nobody yet.
type Held struct{ Drafts, Later int }

// held looks at the articles only if some are not shown.
func (l *Loaded) held() (h Held) {
	if len(l.in.Articles) == len(l.Sites[0].Items) {
		return h
	}
	for _, a := range l.in.Articles {
		from := a.PublishDate
		if from.IsZero() {
			from = a.Date
		}
		switch {
		case a.Status == article.Draft && !l.opt.Drafts:
			h.Drafts++
		case a.Status != article.Withdrawn && from.After(l.in.Now) && !l.opt.Future:
			h.Later++
		}
	}
	return h
}

// Timing is how long a stage took on the clock. Stages that run side by side are one.
type Timing struct {
	What diag.Text
	Took time.Duration
	CPU  time.Duration // of all cores; 0 where the system does not say
}

// stopwatch measures stages one after another.
type stopwatch struct {
	last time.Time
	cpu  time.Duration
	list []Timing
}

// lap ends a stage.
func (w *stopwatch) lap(zh, en string) {
	now, cpu := time.Now(), cpuTime()
	w.list = append(w.list, Timing{diag.T(zh, en), now.Sub(w.last), cpu - w.cpu})
	w.last, w.cpu = now, cpu
}

// Loaded is the content of a site, read and modelled.
type Loaded struct {
	Config   config.Config
	Sites    []*site.Site // the model of each edition; none if site.yaml cannot be read
	Problems diag.List

	tree         *source.Tree
	opt          Options
	in           site.Input
	articlesAt   []int32 // places of in.Articles among the sources
	filesAt      []int32 // and of in.Files
	sources      sources
	walkProblems int
	memory       memory
	kept         map[string]parsed // by path, of a Desk: nil if there is none
	keptKey      cache.Sum         // recordsKey of what is kept
	texts        *texts            // of the articles; nil: there are none yet
	room         room
	watch        stopwatch
}

var (
	ruleNoConfig = diag.Rule{ID: "config",
		ZH: "文件夹里没有 site.yaml", EN: "no site.yaml in the folder",
		FixZH: "在网站的文件夹里运行，或用 --source 指明文件夹", FixEN: "run in the site's folder, or name it with --source"}
	ruleNoContent = diag.Rule{ID: "content", Severity: diag.Warning,
		ZH: "网站文件夹里没有 content 文件夹，或它是空的", EN: "the folder content is not there, or empty",
		FixZH: "稿件放在 content 下各栏目的文件夹里", FixEN: "articles go into the folders of columns below content"}
	ruleCatalogue = diag.Rule{ID: "catalogue", Severity: diag.Warning,
		ZH: "写不了稿件目录，阅读次数的统计会缺少新稿件：%[1]v", EN: "the catalogue for counting views cannot be written: %[1]v",
		FixZH: "检查这个文件夹的权限", FixEN: "check the permissions of the folder"}
	ruleStray = diag.Rule{ID: "bundle",
		ZH: "所在的文件夹里有 index.md，是一篇稿件，其中不能再有别的稿件", EN: "the folder has index.md and so is one article: it cannot hold another",
		FixZH: "把这篇稿件移到栏目文件夹里", FixEN: "move this article into the column's folder"}
	ruleRootIndex = diag.Rule{ID: "column", Severity: diag.Warning,
		ZH: "首页的内容写在 site.yaml 里，这个文件不起作用", EN: "the home page is set in site.yaml; this file has no effect",
		FixZH: "删去它", FixEN: "delete it"}
	ruleSpecial = diag.Rule{ID: "column", Severity: diag.Warning,
		ZH: "以下划线开头的文件夹不是栏目，其中的文件不会发布", EN: "a folder whose name starts with _ is no column; its files are not published",
		FixZH: "可用的有 _data、_archetypes、_static；栏目请改名", FixEN: "known are _data, _archetypes, _static; rename a column"}
)

// Load reads and models a site. The caller must Close the result. The error is for what
// keeps zhendi from doing its job; mistakes in the content are in Problems.
func Load(ctx context.Context, opt Options) (*Loaded, error) {
	l, err := open(opt)
	if err != nil || l.in.Config.Zone == nil {
		return l, err
	}
	l.loadIndex()
	if _, err = l.sources.adopt(ctx, l.memory.last.files); err == nil {
		err = l.model(ctx)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// open reads site.yaml and lists the files. There is nothing to go on with if the input has no zone.
func open(opt Options) (*Loaded, error) {
	tree, err := source.Open(opt.Source)
	if err != nil {
		return nil, err
	}
	l := &Loaded{tree: tree, opt: opt, watch: stopwatch{last: time.Now()}}
	raw, ok := l.config()
	if !ok {
		return l, nil
	}
	now, err := opt.Now(l.Config.Zone)
	if err != nil {
		tree.Close()
		return nil, err
	}
	l.in = site.Input{Config: l.Config, Now: now, Drafts: opt.Drafts, Future: opt.Future, Internal: opt.Internal}
	l.remember(raw)
	l.list()
	l.watch.lap("列出文件", "listing files")
	return l, nil
}

// list lists the files of content and themes.
func (l *Loaded) list() {
	files, problems := l.tree.Walk("content")
	l.Problems.Add(problems...)
	if len(files) == 0 && len(problems) == 0 {
		l.Problems.Add(ruleNoContent.At(diag.Pos{File: "content"}))
	}
	l.progress(Reading, len(files), len(files))
	themes, list := l.tree.Walk("themes") // what is wrong there is said when the theme is read
	l.walkProblems = len(problems) + len(list)
	files = append(files, themes...)
	l.sources = sourcesOf(l.tree, files, nil, l.memory.clock)
}

// model parses the articles and makes the model of each edition.
func (l *Loaded) model(ctx context.Context) error {
	sorted := l.sort()
	l.in.Columns = l.parseColumns(sorted.columns)
	l.filesAt = sorted.files
	l.in.Files = make([]source.File, len(sorted.files))
	for k, i := range sorted.files {
		l.in.Files[k] = l.sources.files[i]
	}
	l.in.Retired = l.retired()
	articles, err := l.parseArticles(ctx, sorted)
	if err != nil {
		return err
	}
	l.watch.lap("解析稿件", "parsing articles")
	if err := l.take(ctx, articles); err != nil {
		return err
	}
	l.watch.lap("保存记录", "saving records")
	editions, in := articles.editions, l.in
	in.Edition = editions[0]
	first, problems := site.New(in)
	own := len(problems)
	l.Sites = []*site.Site{first}
	for i, e := range editions[1:] {
		s, more := first.In(e, 1+i)
		l.Sites = append(l.Sites, s)
		problems.Add(more...)
	}
	l.watch.lap("建立模型", "making the model")
	seen := map[string]bool{}
	for n, p := range problems {
		at := fmt.Sprint(p.Pos, p.Rule.ID)
		if n < own || !seen[at] { // the other editions' mostly are the first's, too
			l.Problems.Add(p)
		}
		seen[at] = true
	}
	return nil
}

// take saves the records of the articles, whose texts can be read there from then on, and takes the articles for the model.
func (l *Loaded) take(ctx context.Context, all *articles) error {
	if all.records.dir != "" {
		if err := all.records.save(ctx, all.list, all.texts); ctx.Err() != nil {
			return ctx.Err()
		} else if err != nil { // the next build will parse more
			l.memory.dir = ""
		}
	}
	if l.kept != nil {
		l.keep(all)
	}
	l.in.Articles = make([]*article.Entry, 0, len(all.joined))
	l.articlesAt = make([]int32, 0, len(all.joined))
	all.texts.of = make([]textAt, 0, len(all.joined))
	for i, e := range all.joined {
		if e != nil {
			l.in.Articles = append(l.in.Articles, e)
			l.articlesAt = append(l.articlesAt, all.at[i])
			all.texts.of = append(all.texts.of, all.list[i].text)
		}
	}
	l.in.Text = all.texts.at
	return nil
}

// Next returns the first instant at which a build would differ, and why; the zero time
// if none will.
func (l *Loaded) Next() (time.Time, []site.Change) { return site.Next(l.in) }

// Report returns the problems, sorted and with the lines they are about.
func (l *Loaded) Report() diag.List {
	l.finish()
	return l.Problems
}

// Close releases the site's folder.
func (l *Loaded) Close() error {
	l.texts.close()
	return l.tree.Close()
}

// config reads site.yaml, and returns its bytes; false if there is none to go on with.
func (l *Loaded) config() ([]byte, bool) {
	raw, err := l.tree.ReadPath(config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		l.Problems.Add(ruleNoConfig.At(diag.Pos{File: config.Path}))
		return nil, false
	}
	if err != nil {
		l.Problems.Add(source.Unreadable(config.Path, err))
		return nil, false
	}
	text, problems, ok := source.Text(config.Path, raw)
	l.Problems.Add(problems...)
	if !ok {
		return nil, false
	}
	cfg, problems := config.Parse(text, func(key string) (string, bool) {
		if !article.FrontMatter.Has(key) {
			return "", false
		}
		return article.FrontMatter.Canonical(key), true
	})
	l.Problems.Add(problems...)
	if l.opt.BaseURL != "" {
		cfg.BaseURL = l.opt.BaseURL
	}
	l.Config = cfg
	return raw, true
}

// Run builds the site. Problems of the content are returned, quoted and sorted; if there
// is an error among them the output is as it was before.
func Run(ctx context.Context, opt Options) (Result, diag.List, error) {
	l, err := open(opt)
	if err != nil {
		return Result{}, nil, err
	}
	defer l.Close()
	var res Result
	if l.in.Config.Zone != nil {
		res, err = l.run(ctx)
	}
	l.finish()
	return res, l.Problems, err
}

func (l *Loaded) run(ctx context.Context) (res Result, err error) {
	if _, err := os.Stat(l.opt.Out); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(l.opt.Out, 0o755); err != nil {
			return res, err
		}
		defer os.Remove(l.opt.Out) // a run that writes nothing leaves no folder
	}
	stamps := ""
	if l.memory.dir != "" {
		dir := l.memory.outDir(l.opt)
		if err := os.MkdirAll(dir, 0o777); err == nil {
			stamps = filepath.Join(dir, "stamps")
		}
	}
	tx, err := output.Open(ctx, l.opt.Out, output.Options{As: "build", Busy: l.opt.Busy, Stamps: stamps})
	if err != nil {
		return res, err
	}
	defer tx.Abort()
	l.memory.tidy(l.opt)
	l.loadIndex()
	standing := l.look(ctx, tx)
	defer standing.wait()
	same, err := l.unchanged(ctx, tx, standing)
	l.watch.lap("与上次比较", "comparing with the last build")
	if err != nil {
		return res, err
	}
	if same && tx.Previous().Serial == l.opt.Serial {
		tx.SaveStamps()
		l.Problems = l.memory.last.problems
		res = l.memory.last.result
		res.Timings = l.watch.list
		return res, nil
	}
	if err := l.model(ctx); err != nil {
		return res, err
	}
	return l.render(ctx, tx, standing)
}

// render makes what has changed of the site, and commits it.
func (l *Loaded) render(ctx context.Context, tx *output.Tx, standing *standing) (res Result, err error) {
	theme, err := render.LoadTheme(render.Layers{l.tree.Sub("themes"), l.opt.Themes}, l.Config.Theme)
	if err != nil {
		return res, err
	}
	p := pages{l: l, theme: theme, tx: tx, standing: standing, write: l.Problems.Count(diag.Error) == 0}
	err = p.all(ctx)
	l.Problems.Add(l.texts.problems()...)
	if err != nil && !refused(err) {
		return res, err
	}
	if err != nil || l.Problems.Count(diag.Error) > 0 { // show all collisions, not the first
		if err = p.explain(err); err != nil {
			return res, err
		}
	}
	if l.Problems.Count(diag.Error) > 0 {
		return res, nil
	}
	standing.wait() // nobody looks at files that are being replaced: some systems would not let them
	l.progress(Writing, 0, 1)
	foresee := p.foresee()
	out, err := tx.Commit(output.Build{Generator: "zhendi " + l.opt.Version, BaseURL: l.Config.BaseURL, Drafts: l.opt.Drafts, Future: l.opt.Future, Audience: audience(l.opt.Internal), Serial: l.opt.Serial})
	foreseen := foresee()
	if err != nil {
		foreseen.drop()
		if refused(err) { // because of what was kept
			err = p.explain(err)
		}
		return res, err
	}
	res = Result{Articles: len(l.Sites[0].Items), Held: l.held(), Pages: p.count, Made: int(p.made.Load()), Pictures: p.gallery.cache.Made(), Result: out}
	if err := foreseen.catalogue.place(l.cataloguePath()); err != nil { // the site stands; only the counting of views will miss it
		l.Problems.Add(ruleCatalogue.At(diag.Pos{File: CacheDir + "/catalogue.json"}, err))
	}
	l.watch.lap("写入清单与文件", "putting files in place")
	p.remember(res, foreseen)
	l.watch.lap("记下结果", "remembering")
	res.Timings = l.watch.list
	return res, nil
}

// CacheDir is the folder, in the site's, for what zhendi keeps between runs. It can be deleted.
const CacheDir = ".zhendi"

func audience(internal bool) string {
	if internal {
		return "internal"
	}
	return ""
}

func (l *Loaded) progress(s Stage, done, total int) {
	if l.opt.Progress != nil {
		l.opt.Progress(s, done, total)
	}
}

// finish sorts the problems and quotes the lines they are about.
func (l *Loaded) finish() {
	l.Problems.Add(l.texts.problems()...)
	l.Problems.Sort()
	l.Problems.Quote(l.quoted)
}
