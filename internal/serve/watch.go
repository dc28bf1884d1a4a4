package serve

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"zhendi/internal/diag"
	"zhendi/internal/source"
)

// A save is often several events: a new file beside the old, which is then renamed. Changes are taken up
// when there was none for quiet, at the latest after patience.
const (
	quiet    = 15 * time.Millisecond
	patience = 150 * time.Millisecond
)

// watch sends the paths that change, nil if it does not know which, until the context ends.
func (s *Server) watch(ctx context.Context, changes chan<- []string) {
	if s.opt.Poll == 0 && runtime.GOOS != "windows" { // which lets nobody rename a folder while one below it is watched
		w := watcher{dir: s.opt.Site.Source, folders: map[string]bool{}, pending: map[string]bool{}}
		err := w.run(ctx, changes)
		if err == nil {
			return
		}
		s.opt.Say(diag.T("系统不能通知文件的变化（"+err.Error()+"），改为每秒查看一次", "the system does not tell of changes ("+err.Error()+"): looking every second"))
	}
	every := max(s.opt.Poll, 200*time.Millisecond)
	if s.opt.Poll == 0 {
		every = time.Second
	}
	for {
		start := time.Now()
		if !send(ctx, changes, nil) || !sleep(ctx, max(every, 4*time.Since(start))) {
			return
		}
	}
}

func send(ctx context.Context, changes chan<- []string, paths []string) bool {
	select {
	case changes <- paths:
		return true
	case <-ctx.Done():
		return false
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// watcher watches site.yaml and the folders content and themes. The system tells of what happens in a folder, not
// below: every folder is watched, new ones when they come.
type watcher struct {
	dir     string
	fs      *fsnotify.Watcher
	folders map[string]bool // that are watched
	pending map[string]bool
	all     bool // what changed is not known
}

func (w *watcher) run(ctx context.Context, changes chan<- []string) error {
	var err error
	if w.fs, err = fsnotify.NewWatcher(); err != nil {
		return err
	}
	defer w.fs.Close()
	if err := w.begin(); err != nil {
		return err
	}
	var out chan<- []string
	ready := time.NewTimer(0)
	var first time.Time
	for {
		paths := w.paths()
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.fs.Events:
			if !ok {
				return errors.New("closed")
			}
			if err := w.note(e); err != nil {
				return err
			}
		case err := <-w.fs.Errors:
			if err := w.lost(err); err != nil {
				return err
			}
		case <-ready.C:
			out = changes
			continue
		case out <- paths:
			out, w.all, first = nil, false, time.Time{}
			clear(w.pending)
			continue
		}
		if !w.all && len(w.pending) == 0 {
			continue
		}
		if first.IsZero() {
			first = time.Now()
		}
		ready.Reset(min(quiet, max(0, patience-time.Since(first))))
	}
}

// begin watches the site. What happened before is not known.
func (w *watcher) begin() error {
	w.all = true
	if err := w.fs.Add(w.dir); err != nil {
		return err
	}
	if err := w.add(filepath.Join(w.dir, "content")); err != nil {
		return err
	}
	return w.add(filepath.Join(w.dir, "themes"))
}

// lost takes up an error of the system: there was too much at once, or a folder went. Other errors are returned.
func (w *watcher) lost(err error) error {
	if err != nil && !errors.Is(err, fsnotify.ErrEventOverflow) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return w.begin()
}

// paths lists what is pending; nil if that is not known.
func (w *watcher) paths() (paths []string) {
	if w.all {
		return nil
	}
	for p := range w.pending {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// add watches a folder and those below.
func (w *watcher) add(dir string) error {
	return filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it went, or cannot be read: the model says so
		}
		if !d.IsDir() {
			return nil
		}
		if p != dir && source.Ignored(d.Name()) {
			return fs.SkipDir
		}
		if err := w.fs.Add(p); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
		w.folders[p] = true
		return nil
	})
}

// note takes down what an event tells.
func (w *watcher) note(e fsnotify.Event) error {
	rel, err := filepath.Rel(w.dir, e.Name)
	if err != nil || e.Op == fsnotify.Chmod {
		return nil
	}
	rel = filepath.ToSlash(rel)
	top, _, below := strings.Cut(rel, "/")
	if top != "content" && top != "themes" && (below || rel != "site.yaml") || slices.ContainsFunc(strings.Split(rel, "/"), source.Ignored) {
		return nil
	}
	w.pending[rel] = true
	if w.folders[e.Name] && (e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)) { // its watches would go on under the old name
		for p := range w.folders {
			if p == e.Name || strings.HasPrefix(p, e.Name+string(filepath.Separator)) {
				w.fs.Remove(p) // an error is that the system has done so
				delete(w.folders, p)
			}
		}
	}
	if e.Has(fsnotify.Create) {
		if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
			return w.add(e.Name)
		}
	}
	return nil
}
