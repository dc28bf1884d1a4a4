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

	// Progress, if not nil, is told how far each stage is. It is called from one
	// goroutine at a time.
	Progress func(s Stage, done, total int)

	// Busy, if not nil, is called when another run holds the output, which is then waited for.
	Busy func(holder string)
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
	Pages    int // HTML pages of the site, without redirects
	output.Result
}

// Loaded is the content of a site, read and modelled.
type Loaded struct {
	Config   config.Config
	Sites    []*site.Site // the model of each edition; none if site.yaml cannot be read
	Problems diag.List

	tree *source.Tree
	opt  Options
	in   site.Input
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
	tree, err := source.Open(opt.Source)
	if err != nil {
		return nil, err
	}
	l := &Loaded{tree: tree, opt: opt}
	if !l.config() {
		return l, nil
	}
	now, err := opt.Now(l.Config.Zone)
	if err != nil {
		tree.Close()
		return nil, err
	}
	sorted := l.walk()
	columns := l.parseColumns(sorted.columns)
	articles, err := l.parseArticles(ctx, sorted.articles, columns)
	if err != nil {
		tree.Close()
		return nil, err
	}
	l.parseTwins(sorted.twins, articles)
	l.in = site.Input{Config: l.Config, Now: now, Drafts: opt.Drafts, Future: opt.Future, Internal: opt.Internal,
		Columns: columns, Articles: articles, Files: sorted.files}
	editions := l.editions()
	l.Sites = make([]*site.Site, len(editions))
	problems := make([]diag.List, len(editions))
	err = each(ctx, len(editions), func(i int) error {
		l.Sites[i], problems[i] = site.New(l.in.In(editions[i]))
		return nil
	}, nil)
	if err != nil {
		tree.Close()
		return nil, err
	}
	seen := map[string]bool{}
	for i := range editions {
		for _, p := range problems[i] {
			at := fmt.Sprint(p.Pos, p.Rule.ID)
			if i == 0 || !seen[at] { // the others mostly have the same, in the other script
				l.Problems.Add(p)
			}
			seen[at] = true
		}
	}
	return l, nil
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
func (l *Loaded) Close() error { return l.tree.Close() }

// config reads site.yaml; false if there is none to go on with.
func (l *Loaded) config() bool {
	raw, err := l.tree.ReadPath(config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		l.Problems.Add(ruleNoConfig.At(diag.Pos{File: config.Path}))
		return false
	}
	if err != nil {
		l.Problems.Add(source.Unreadable(config.Path, err))
		return false
	}
	text, problems, ok := source.Text(config.Path, raw)
	l.Problems.Add(problems...)
	if !ok {
		return false
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
	return true
}

// Run builds the site. Problems of the content are returned, quoted and sorted; if there
// is an error among them the output is as it was before.
func Run(ctx context.Context, opt Options) (Result, diag.List, error) {
	l, err := Load(ctx, opt)
	if err != nil {
		return Result{}, nil, err
	}
	defer l.Close()
	res, err := l.run(ctx)
	l.finish()
	return res, l.Problems, err
}

func (l *Loaded) run(ctx context.Context) (res Result, err error) {
	if len(l.Sites) == 0 {
		return res, nil
	}
	theme, err := render.LoadTheme(render.Layers{l.tree.Sub("themes"), l.opt.Themes}, l.Config.Theme)
	if err != nil {
		return res, err
	}
	if _, err := os.Stat(l.opt.Out); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(l.opt.Out, 0o755); err != nil {
			return res, err
		}
		defer os.Remove(l.opt.Out) // a run that writes nothing leaves no folder
	}
	tx, err := output.Open(ctx, l.opt.Out, output.Options{As: "build", Busy: l.opt.Busy})
	if err != nil {
		return res, err
	}
	defer tx.Abort()
	p := pages{l: l, theme: theme, tx: tx, write: l.Problems.Count(diag.Error) == 0}
	for _, s := range l.Sites {
		p.editions = append(p.editions, render.New(s, theme))
	}
	err = p.all(ctx)
	if err != nil && !refused(err) {
		return res, err
	}
	if err != nil || l.Problems.Count(diag.Error) > 0 { // show all collisions, not the first
		problems := p.collisions()
		if err != nil && problems.Count(diag.Error) == 0 {
			return res, err
		}
		l.Problems.Add(problems...)
	}
	if l.Problems.Count(diag.Error) > 0 {
		return res, nil
	}
	l.progress(Writing, 0, 1)
	out, err := tx.Commit(output.Build{Generator: "zhendi " + l.opt.Version, BaseURL: l.Config.BaseURL, Drafts: l.opt.Drafts, Future: l.opt.Future, Audience: audience(l.opt.Internal)})
	if err != nil {
		return res, err
	}
	if err := l.catalogue(p.editions); err != nil { // the site stands; only the counting of views will miss it
		l.Problems.Add(ruleCatalogue.At(diag.Pos{File: CacheDir + "/catalogue.json"}, err))
	}
	return Result{Articles: len(l.Sites[0].Items), Pages: p.count, Result: out}, nil
}

// catalogue writes the list that the counting of views reads, beside the cache. Preview
// builds leave it alone: it is about what is published.
func (l *Loaded) catalogue(editions []*render.Renderer) error {
	if l.opt.Drafts || l.opt.Future || l.opt.Internal {
		return nil
	}
	b, err := render.Catalogue(editions)
	if err != nil {
		return err
	}
	dir := filepath.Join(l.opt.Source, CacheDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "catalogue-*.tmp") // another build of the site may write it, too
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, "catalogue.json"))
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
	l.Problems.Sort()
	l.Problems.Quote(func(file string) []string {
		raw, err := l.tree.ReadPath(file)
		if err != nil {
			return nil
		}
		text, _, ok := source.Text(file, raw)
		if !ok {
			return nil
		}
		return lines(text)
	})
}
