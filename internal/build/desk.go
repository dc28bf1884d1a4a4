package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// Desk keeps a site in memory, for an editor who changes it and looks at it. A page is made when it is asked for, of
// the bytes that Run would write: it is never older than the last Refresh. Nothing is written to the output.
//
// As long as the content has errors that keep the model from being made, pages are those of the last model that had
// none. Other problems stand in the answer for the page that has them.
//
// Its methods may be called from any goroutine; Refresh waits for pages that are being made, and pages wait for it.
type Desk struct {
	opt  Options
	tree *source.Tree

	mu      sync.RWMutex
	memory  memory
	sources sources // as the last Refresh found them
	walked  diag.List
	kept    map[string]parsed
	key     cache.Sum // of what is kept
	raw     []byte    // site.yaml
	behind  bool      // a change could not be taken up: the next Refresh looks at all
	theme   *render.Theme
	themeOf string

	scene       *scene // nil: there was no model yet that pages could be made of
	old         bool   // there is a newer one, with errors
	problems    diag.List
	suspects    map[string]bool // articles whose text has errors
	shown, next time.Time       // when the scene was made; when it will be another
}

// scene is a site as it is shown.
type scene struct {
	p      pages
	others func() map[string]int // pages that are no article's, by path
	feeds  func() map[string]deskFeed
}

type deskFeed struct {
	edition, n int
	json       bool
}

// OpenDesk opens the site in opt.Source. The error is for what keeps zhendi from doing its job.
func OpenDesk(ctx context.Context, opt Options) (*Desk, error) {
	tree, err := source.Open(opt.Source)
	if err != nil {
		return nil, err
	}
	tree.Lasting = true
	opt.Out = filepath.Join(opt.Source, CacheDir, "desk") // only the name under which the files are remembered
	d := &Desk{opt: opt, tree: tree, kept: map[string]parsed{}, suspects: map[string]bool{}}
	if _, err := d.Refresh(ctx, nil); err != nil {
		tree.Close()
		return nil, err
	}
	return d, nil
}

// Close releases the folder.
func (d *Desk) Close() error { return d.tree.Close() }

// Refresh takes up what has changed at paths below the site's folder, as the file system has them; at all if there are
// none. A path may be that of a folder, or of what is gone. It reports whether pages may be others than before.
func (d *Desk) Refresh(ctx context.Context, paths []string) (changed bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := &Loaded{tree: d.tree, opt: d.opt, watch: stopwatch{last: time.Now()}}
	if changed, err = d.refresh(ctx, l, paths); changed {
		l.finish()
		d.problems = l.Problems
	}
	return changed, err
}

func (d *Desk) refresh(ctx context.Context, l *Loaded, paths []string) (changed bool, err error) {
	raw, ok := l.config()
	if d.behind {
		paths = nil
	}
	d.behind = true
	if !ok || l.Config.Zone == nil {
		d.raw, d.old = nil, d.scene != nil
		return true, nil
	}
	now, err := d.opt.Now(l.Config.Zone)
	if err != nil {
		return false, err
	}
	l.in = site.Input{Config: l.Config, Now: now, Drafts: d.opt.Drafts, Future: d.opt.Future, Internal: d.opt.Internal}
	first := d.sources.files == nil
	if first {
		l.remember(raw)
		d.memory = l.memory
		l.memory.key = sha256.Sum256([]byte("desk"))
		d.memory.key = l.memory.key
	} else {
		l.memory = memory{base: d.memory.baseOf(d.opt, raw)}
	}
	same, err := d.find(ctx, l, paths, first)
	if err != nil || same && bytes.Equal(raw, d.raw) && !d.due(now) {
		d.behind = err != nil
		return false, err
	}
	d.raw = raw
	l.kept, l.keptKey = d.kept, d.key
	if err := l.model(ctx); err != nil {
		l.texts.close()
		return false, err
	}
	d.kept, d.key, d.behind = l.kept, l.keptKey, false
	d.sources = sourcesOf(d.tree, l.sources.files, l.sources.hashes, l.sources.clock)
	if first && d.memory.dir != "" {
		l.memory = d.memory
		x := index{now: now}
		x.save(l.beginIndex())
	}
	return true, d.show(l, paths)
}

// due reports whether time alone has changed pages.
func (d *Desk) due(now time.Time) bool {
	return now.Before(d.shown) || !d.next.IsZero() && !now.Before(d.next)
}

// find lists the files: all, or those that are said to have changed. It reports whether it found all as it was.
func (d *Desk) find(ctx context.Context, l *Loaded, paths []string, first bool) (same bool, err error) {
	if len(paths) > 0 && !first {
		d.look(l, paths)
		return false, nil
	}
	walked := len(d.walked)
	old := d.sources.index()
	if !first && d.memory.dir != "" {
		l.memory.clock, _ = fileClock(d.memory.dir)
	}
	problems := len(l.Problems)
	l.list()
	d.walked = slices.Clone(l.Problems[problems:])
	if first {
		l.loadIndex()
		old = l.memory.last.files
	}
	same, err = l.sources.adopt(ctx, old)
	return same && !first && walked+len(d.walked) == 0, err
}

// look lists the files at paths again, and takes over the others.
func (d *Desk) look(l *Loaded, paths []string) {
	gone := func(p string) bool {
		return slices.ContainsFunc(paths, func(q string) bool { return p == q || strings.HasPrefix(p, q+"/") })
	}
	var fresh []source.File
	d.walked = slices.DeleteFunc(slices.Clone(d.walked), func(p diag.Problem) bool { return gone(p.File) })
	top := map[string]bool{"content": true, "themes": true}
	for _, p := range paths {
		if first, _, _ := strings.Cut(p, "/"); top[first] {
			files, problems := d.tree.Find(p)
			fresh = append(fresh, files...)
			d.walked.Add(problems...)
		}
	}
	byPath := func(a, b source.File) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(fresh, byPath)
	fresh = slices.CompactFunc(fresh, func(a, b source.File) bool { return a.Path == b.Path })
	files := make([]source.File, 0, len(d.sources.files)+len(fresh))
	known := make([]hashes, 0, cap(files))
	add := func(f source.File, h hashes) { files, known = append(files, f), append(known, h) }
	for i, f := range d.sources.files {
		for len(fresh) > 0 && fresh[0].Path < f.Path {
			add(fresh[0], hashes{})
			fresh = fresh[1:]
		}
		if !gone(f.Path) && (len(fresh) == 0 || fresh[0].Path != f.Path) {
			add(f, d.sources.hashes[i])
		}
	}
	for _, f := range fresh {
		add(f, hashes{})
	}
	l.sources = sourcesOf(d.tree, files, known, d.sources.clock)
	l.Problems.Add(d.walked...)
	if len(files) == 0 && len(d.walked) == 0 {
		l.Problems.Add(ruleNoContent.At(diag.Pos{File: "content"}))
	}
}

// show makes ready for pages of what was loaded, unless it has errors and there is something that had none.
func (d *Desk) show(l *Loaded, paths []string) error {
	d.old = d.scene != nil
	if err := d.loadTheme(l, paths); err != nil {
		var te *render.ThemeError
		if !errors.As(err, &te) {
			return err
		}
		l.Problems.Add(ruleTheme.At(diag.Pos{File: "themes"}, te.Text))
		return nil
	}
	s := &scene{p: pages{l: l, theme: d.theme, items: len(l.Sites[0].Items)}}
	s.p.begin()
	if l.Problems.Count(diag.Error) > 0 && d.scene != nil {
		return nil
	}
	s.others = sync.OnceValue(s.listOthers)
	s.feeds = sync.OnceValue(s.listFeeds)
	d.scene, d.old = s, false
	d.next, _ = l.Next()
	d.shown = l.in.Now
	for _, p := range paths {
		d.suspects[p] = true
	}
	for file := range d.suspects {
		problems := s.text(file)
		l.Problems.Add(problems...)
		if problems.Count(diag.Error) == 0 {
			delete(d.suspects, file)
		}
	}
	return nil
}

var ruleTheme = diag.Rule{ID: "theme", ZH: "%[1]s", EN: "%[1]s", FixZH: "改正主题文件，或删去它，用自带的主题", FixEN: "mend the theme's file, or delete it, to use the theme that comes along"}

// loadTheme loads the theme if it may have changed.
func (d *Desk) loadTheme(l *Loaded, paths []string) error {
	same := len(paths) > 0 && d.theme != nil && d.themeOf == l.Config.Theme &&
		!slices.ContainsFunc(paths, func(p string) bool { return p == "themes" || strings.HasPrefix(p, "themes/") })
	if same {
		return nil
	}
	d.theme = nil
	t, err := render.LoadTheme(render.Layers{d.tree.Sub("themes"), d.opt.Themes}, l.Config.Theme)
	if err == nil {
		d.theme, d.themeOf = t, l.Config.Theme
	}
	return err
}

// keep keeps what was parsed for the next model.
func (l *Loaded) keep(all *articles) {
	l.kept = make(map[string]parsed, len(all.list))
	for i := range all.list {
		p := &all.list[i]
		if p.Entry == nil {
			continue
		}
		blob, ok := all.texts.blob(p.text)
		if !ok {
			continue
		}
		p.text, p.old = textAt{blob: blob}, nil
		l.kept[p.Path] = *p
	}
	all.texts.close()
}

// Problems returns what is known to be wrong with the site: all but what is found when the texts of articles that did
// not change are rendered.
func (d *Desk) Problems() diag.List {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.problems)
}

// Next returns the instant from which pages would be others though no file changes; the zero time if there is none.
func (d *Desk) Next() time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.next
}

// baseOf is the hash of the program and of site.yaml.
func (m *memory) baseOf(opt Options, siteYAML []byte) cache.Sum {
	return sha256.Sum256(fmt.Appendf(nil, "%x %s\n%s", m.program, opt.Version, siteYAML))
}

// quoted returns the lines of a file, for problems; nil if there are none to show.
func (l *Loaded) quoted(file string) []string {
	raw, err := l.tree.ReadPath(file)
	if err != nil {
		return nil
	}
	text, _, ok := source.Text(file, raw)
	if !ok {
		return nil
	}
	return lines(text)
}
