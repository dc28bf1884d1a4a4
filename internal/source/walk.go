package source

import (
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/diag"
)

// Walk lists the files under the folder dir ("." for all), sorted by path. A folder
// that is not there has no files. What cannot be read is a problem at its path. Walk must not run
// beside other methods of the tree.
//
// All cores list folders; who lists which makes no difference to the result.
func (t *Tree) Walk(dir string) ([]File, diag.List) {
	top := &branch{disk: dir, name: norm.NFC.String(dir)}
	w := walker{t: t, waiting: []*branch{top}}
	w.wake.L = &w.mu
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(w.work)
	}
	wg.Wait()
	all, problems := top.gather(make([]File, 0, top.count()), nil)
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	files := all[:0]
	for _, f := range all {
		if n := len(files); n > 0 && files[n-1].Path == f.Path {
			problems.Add(ruleSameName.At(diag.Pos{File: f.disk}, files[n-1].disk))
			continue
		}
		if f.disk != f.Path {
			t.disk[f.Path] = f.disk
		} else if len(t.disk) > 0 {
			delete(t.disk, f.Path)
		}
		files = append(files, f)
	}
	return files, problems
}

// Find lists the file at disk, a path as the file system has it, or the files below if it is a folder; none if
// nothing is there. Like Walk it must not run beside other methods of the tree.
func (t *Tree) Find(disk string) ([]File, diag.List) {
	name := norm.NFC.String(disk)
	info, err := t.root.Lstat(disk)
	if err != nil {
		delete(t.disk, name)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, nil
		}
		return nil, diag.List{ruleUnreadable.At(diag.Pos{File: name}, reason(err))}
	}
	if info.IsDir() {
		return t.Walk(disk)
	}
	b := branch{}
	b.add(t, entry{disk: disk, name: name, mode: info.Mode().Type(), stamp: StampOf(info)}, nil)
	if disk != name && len(b.files) > 0 {
		t.disk[name] = disk
	}
	return b.gather(b.files[:0:0], nil)
}

// branch is a folder, and what was found in it.
type branch struct {
	disk, name string  // its path, as the file system has it and in NFC
	up         *handle // the folder it stands in, if that is open

	files []File
	marks []mark // what else stands there, folders and problems, in order
}

// mark is a folder or a problem that stands before files[at:].
type mark struct {
	at      int
	sub     *branch
	problem diag.Problem
}

func (b *branch) report(p diag.Problem) {
	b.marks = append(b.marks, mark{at: len(b.files), problem: p})
}

// count returns how many files there are in b and below.
func (b *branch) count() int {
	n := len(b.files)
	for _, m := range b.marks {
		if m.sub != nil {
			n += m.sub.count()
		}
	}
	return n
}

// gather appends what was found in b and below, in the order of names.
func (b *branch) gather(files []File, problems diag.List) ([]File, diag.List) {
	from := 0
	for _, m := range b.marks {
		files = append(files, b.files[from:m.at]...)
		from = m.at
		if m.sub != nil {
			files, problems = m.sub.gather(files, problems)
		} else {
			problems.Add(m.problem)
		}
	}
	return append(files, b.files[from:]...), problems
}

// entry is what stands in a folder under a name.
type entry struct {
	disk, name string      // its path, as for a branch
	mode       fs.FileMode // type bits only
	stamp      Stamp       // of a file
}

// add adds an entry of b, which is open as h if that is not nil.
func (b *branch) add(t *Tree, e entry, h *handle) {
	pos := diag.Pos{File: e.name}
	switch {
	case e.mode.IsDir():
		b.marks = append(b.marks, mark{at: len(b.files), sub: &branch{disk: e.disk, name: e.name, up: h}})
		return
	case e.mode&fs.ModeSymlink != 0:
		info, err := t.root.Stat(e.disk)
		if err != nil {
			b.report(ruleSymlinkOut.At(pos))
			return
		} else if info.IsDir() {
			b.report(ruleSymlinkDir.At(pos))
			return
		}
		e.stamp = StampOf(info)
	case !e.mode.IsRegular():
		b.report(ruleSpecial.At(pos))
		return
	}
	b.files = append(b.files, File{Path: e.name, disk: e.disk, Stamp: e.stamp})
}

// walker is one Walk.
type walker struct {
	t *Tree

	mu      sync.Mutex
	wake    sync.Cond
	waiting []*branch // the last is listed first, so that few folders are open at a time
	working int
}

// work lists folders until there are none left.
func (w *walker) work() {
	var l lister
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.waiting) == 0 && w.working > 0 {
			w.wake.Wait()
		}
		if len(w.waiting) == 0 {
			return
		}
		b := w.waiting[len(w.waiting)-1]
		w.waiting = w.waiting[:len(w.waiting)-1]
		w.working++
		w.mu.Unlock()
		l.list(w.t, b)
		w.mu.Lock()
		for _, m := range slices.Backward(b.marks) {
			if m.sub != nil {
				w.waiting = append(w.waiting, m.sub)
			}
		}
		w.working--
		w.wake.Broadcast()
	}
}

// lister is room for listing one folder after another.
type lister struct {
	entries []entry
	buf     []byte
	paths   strings.Builder
}

// join returns the path of a name in a folder. Paths lie side by side: each by itself, the collector of garbage would look for them all over memory.
func (l *lister) join(dir, name string) string {
	if dir == "." {
		dir = ""
	} else {
		dir += "/"
	}
	if n := len(dir) + len(name); n > l.paths.Cap()-l.paths.Len() {
		l.paths = strings.Builder{}
		l.paths.Grow(max(n, pathsAtOnce))
	}
	at := l.paths.Len()
	l.paths.WriteString(dir)
	l.paths.WriteString(name)
	return l.paths.String()[at:]
}

const pathsAtOnce = 8 << 10 // bytes

// list fills b.
func (l *lister) list(t *Tree, b *branch) {
	h, ok := l.quick(t, b)
	b.up.done()
	if !ok && !l.slow(t, b) {
		return
	}
	slices.SortFunc(l.entries, func(a, b entry) int { return strings.Compare(a.disk, b.disk) })
	files, subs := 0, 0
	for _, e := range l.entries {
		if e.mode.IsRegular() {
			files++
		} else if e.mode.IsDir() {
			subs++
		}
	}
	b.files = make([]File, 0, files)
	if h != nil {
		h.uses.Store(int32(subs) + 1)
	}
	for _, e := range l.entries {
		b.add(t, e, h)
	}
	h.done()
	clear(l.entries)
}

// slow lists b by means of package os; false if it cannot be read.
func (l *lister) slow(t *Tree, b *branch) bool {
	found, err := fs.ReadDir(t.root.FS(), b.disk)
	if err != nil {
		if b.disk == "." || !errors.Is(err, fs.ErrNotExist) {
			b.report(ruleUnreadable.At(diag.Pos{File: b.name}, reason(err)))
		}
		return false
	}
	l.entries = l.entries[:0]
	for _, f := range found {
		if Ignored(f.Name()) {
			continue
		}
		e := l.entry(b, f.Name(), f.Type())
		if e.mode.IsRegular() {
			info, err := f.Info()
			if errors.Is(err, fs.ErrNotExist) { // deleted since
				continue
			}
			if err != nil { // its page must not go because nobody can look at it
				b.report(ruleUnreadable.At(diag.Pos{File: e.name}, reason(err)))
				continue
			}
			e.stamp = StampOf(info)
		}
		l.entries = append(l.entries, e)
	}
	return true
}

// entry returns the entry of a name in b, without a stamp.
func (l *lister) entry(b *branch, name string, mode fs.FileMode) entry {
	e := entry{disk: l.join(b.disk, name), mode: mode}
	e.name = e.disk // one string where there is no need for two
	if n := norm.NFC.String(name); b.disk != b.name || n != name {
		e.name = l.join(b.name, n)
	}
	return e
}

// handle is an open folder, closed when all folders in it are open themselves.
type handle struct {
	fd   int
	uses atomic.Int32
}

// done ends one use.
func (h *handle) done() {
	if h != nil && h.uses.Add(-1) == 0 {
		h.close()
	}
}
