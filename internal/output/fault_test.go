package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// torture reports whether the long form of the fault tests was asked for (make torture).
func torture() bool { return os.Getenv("ZHENDI_TORTURE") != "" }

// fault disturbs the file operations: the Nth fails, or nothing is done from the Nth on as if the process had been
// killed. A write is cut in its middle.
type fault struct {
	at   int   // which operation, from 1; 0: none
	err  error // what it returns; nil: the process is killed
	last int   // and up to which operation

	mu    sync.Mutex
	n     int
	dead  bool
	locks []io.Closer
}

// killed is what a killed process panics with.
type killed struct{}

// step counts one operation and returns its error; cut says that it is the one that fails.
func (f *fault) step() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	switch {
	case f.dead:
		panic(killed{})
	case f.at == 0 || f.n < f.at || f.err != nil && f.n > f.last:
		return nil
	case f.err != nil:
		return f.err
	}
	f.dead = true
	for _, l := range f.locks { // the system takes the locks of a dead process back
		l.Close()
	}
	return killed{}
}

func (killed) Error() string { return "killed" }

// stop ends the process if the operation killed it.
func stop(err error) error {
	if _, ok := err.(killed); ok {
		panic(err)
	}
	return err
}

func (f *fault) ops() ops {
	sys := system()
	o := sys
	o.root = func(dir string) (string, error) {
		if err := stop(f.step()); err != nil {
			return "", err
		}
		return sys.root(dir)
	}
	o.lstat = func(name string) (fs.FileInfo, error) {
		if err := stop(f.step()); err != nil {
			return nil, &fs.PathError{Op: "lstat", Path: name, Err: err}
		}
		return sys.lstat(name)
	}
	o.look = func(dir string, paths []string, saw func(int, found) error) error {
		if err := stop(f.step()); err != nil {
			return &fs.PathError{Op: "look", Path: dir, Err: err}
		}
		return sys.look(dir, paths, saw)
	}
	o.read = func(name string, buf []byte, piece func([]byte) bool) error {
		if err := stop(f.step()); err != nil {
			return &fs.PathError{Op: "read", Path: name, Err: err}
		}
		return sys.read(name, buf, piece)
	}
	o.reads = func(dir string, paths []string, buf []byte, piece func(int, []byte) bool) error {
		for i, path := range paths { // so that any of them can fail
			if err := stop(f.step()); err != nil {
				return &fs.PathError{Op: "read", Path: path, Err: err}
			}
			if err := sys.reads(dir, paths[i:i+1], buf, func(_ int, b []byte) bool { return piece(i, b) }); err != nil {
				return err
			}
		}
		return nil
	}
	o.readDir = func(name string) ([]fs.DirEntry, error) {
		if err := stop(f.step()); err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
		}
		return sys.readDir(name)
	}
	for _, one := range []*func(string) error{&o.mkdir, &o.syncDir, &o.remove} {
		real := *one
		*one = func(name string) error {
			if err := stop(f.step()); err != nil {
				return &fs.PathError{Op: "change", Path: name, Err: err}
			}
			return real(name)
		}
	}
	o.put = func(name string, body []byte) (stamp, error) {
		if err := f.step(); err != nil {
			sys.put(name, body[:len(body)/2])
			return stamp{}, stop(err)
		}
		return sys.put(name, body)
	}
	o.write = func(name string, sync bool, text func(io.Writer) error) error {
		if err := f.step(); err != nil {
			var b strings.Builder
			return errors.Join(text(&b), os.WriteFile(name, []byte(b.String()[:b.Len()/2]), 0o666), stop(err))
		}
		return sys.write(name, sync, text)
	}
	for _, two := range []*func(from, to string) error{&o.rename, &o.link, &o.exchange} {
		real := *two
		*two = func(from, to string) error {
			if err := stop(f.step()); err != nil {
				return &fs.PathError{Op: "rename", Path: from, Err: err}
			}
			return real(from, to)
		}
	}
	o.lock = func(name, holder string) (io.Closer, string, error) {
		if err := stop(f.step()); err != nil {
			return nil, "", &fs.PathError{Op: "lock", Path: name, Err: err}
		}
		l, by, err := sys.lock(name, holder)
		if l != nil {
			f.locks = append(f.locks, l)
		}
		return l, by, err
	}
	o.unlock = func(name string, l io.Closer) error {
		if err := stop(f.step()); err != nil {
			l.Close()
			return &fs.PathError{Op: "unlock", Path: name, Err: err}
		}
		return sys.unlock(name, l)
	}
	return o
}

// run builds s into dir under the fault, and says whether the process was killed.
func (f *fault) run(t *testing.T, dir string, s site, swapFrom int) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killed:
			err = r
		default:
			panic(r)
		}
	}()
	_, err = buildBy(t, f.ops(), dir, s, swapFrom)
	return err
}

// memory returns a new folder, in memory if the system has such a place: the fault tests make
// hundreds of thousands of files.
func memory(t testing.TB) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if dir, err := os.MkdirTemp("/dev/shm", "zhendi-output-"); err == nil {
			t.Cleanup(func() { os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

// scenario is an output directory and what is built next. A page names, after "needs", the
// files that must be there when it is.
type scenario struct {
	name          string
	foreign       site
	before, after site
	other         site // built after a fault in place of after
	swapFrom      int
}

func scenarios() []scenario {
	one := site{
		"assets/a-1.css":       "css 1",
		"党建/1.jpg":             "picture of 1",
		"党建/1.html":            "article 1\nneeds assets/a-1.css 党建/1.jpg",
		"党建/2.html":            "article 2\nneeds assets/a-1.css",
		"党建/2025/3.html":       "article 3\nneeds assets/a-1.css",
		"党建/index.html":        "list\nneeds 党建/1.html 党建/2.html 党建/2025/3.html",
		"index.html":           "home\nneeds 党建/index.html assets/a-1.css",
		"feed.xml":             "feed\nneeds 党建/1.html",
		"old/path/gone/1.html": "alone",
	}
	two := site{
		"assets/a-2.css":       "css 2, longer",
		"党建/1.jpg":             "picture of 1, changed",
		"党建/1.html":            "article 1 changed\nneeds assets/a-2.css 党建/1.jpg",
		"党建/2025/3.html":       one["党建/2025/3.html"][:9] + "\nneeds assets/a-2.css",
		"党建/2026/4/index.html": "article 4\nneeds assets/a-2.css 党建/2026/4/4.jpg",
		"党建/2026/4/4.jpg":      "picture of 4",
		"党建/index.html":        "list\nneeds 党建/1.html 党建/2025/3.html 党建/2026/4/index.html",
		"index.html":           "home\nneeds 党建/index.html assets/a-2.css",
		"feed.xml":             "feed\nneeds 党建/1.html",
	}
	foreign := site{".gitkeep": "", "CNAME": "example.gov.cn", "_views/0.json": "{}", "党建/own.txt": "mine", "assets/own.css": "mine"}
	swapped := site{"index.html": "home", "a": "file", "b/c/d.html": "deep", "b/e.html": "e", "same.html": "s"}
	back := site{"index.html": "home 2", "a/index.html": "folder", "a/x/y.html": "y", "b": "file", "same.html": "s"}
	deep := site{"index.html": "home", "b/a": "file", "b/b/c/d.html": "deep", "b/e.html": "e", "b/same/s.html": "s", "b/gone/g.html": "g"}
	turned := site{"index.html": "home 2", "b/a/index.html": "folder", "b/a/x/y.html": "y", "b/b": "file", "b/e.html": "e 2", "b/same/s.html": "s"}
	some := site{"index.html": "home", "a/1.html": "kept 1", "a/2.html": "kept 2\nneeds x.css", "a/3.html": "three", "x.css": "kept css", "b/4.html": "kept 4"}
	more := site{"index.html": "home 2", "a/1.html": "kept 1", "a/2.html": "kept 2\nneeds x.css", "a/3.html": "three 3", "x.css": "kept css", "a/5.html": "five"}
	return []scenario{
		{name: "keep", foreign: foreign, before: some, after: more, other: some},
		{name: "keep all", before: some, after: some, other: more},
		{name: "keep and exchange", foreign: foreign, before: some, after: site{"index.html": "home 3", "a/1.html": "kept 1", "a/3.html": "three 4", "a/6.html": "six"}, other: more, swapFrom: 1},
		{name: "first build", after: one, other: two},
		{name: "first build beside foreign files", foreign: foreign, after: one, other: two},
		{name: "update", before: one, after: two, other: one},
		{name: "update beside foreign files", foreign: foreign, before: one, after: two, other: site{"index.html": "all else is gone"}},
		{name: "files become folders", before: swapped, after: back, other: swapped},
		{name: "folders become files", before: back, after: swapped, other: one},
		{name: "nothing changed", foreign: foreign, before: two, after: two, other: one},
		{name: "exchange", before: one, after: two, other: one, swapFrom: 1},
		{name: "exchange beside foreign files", foreign: foreign, before: one, after: two, other: one, swapFrom: 1},
		{name: "exchange files and folders", foreign: site{"b/own": "mine"}, before: deep, after: turned, other: deep, swapFrom: 1},
		{name: "all goes", foreign: foreign, before: two, after: site{}, other: one},
	}
}

// prepare makes the directory that the scenario starts from.
func (c scenario) prepare(t *testing.T, dir string) {
	t.Helper()
	write(t, dir, c.foreign)
	if c.before != nil {
		if _, err := build(t, system(), dir, c.before); err != nil {
			t.Fatal(err)
		}
	}
}

// clean returns the tree of an undisturbed run: before, then s.
func (c scenario) clean(t *testing.T, s site) site {
	t.Helper()
	dir := filepath.Join(memory(t), "public")
	c.prepare(t, dir)
	if _, err := build(t, system(), dir, s); err != nil {
		t.Fatal(err)
	}
	return tree(t, dir)
}

// whole says what is wrong with the files in dir at this instant: a file is neither as before
// nor as after, a foreign one is changed, or something that a page needs is missing.
func whole(t *testing.T, dir string, foreign site, versions ...site) (wrong []string) {
	t.Helper()
	now := tree(t, dir)
	for path, body := range foreign {
		if b, ok := now[path]; !ok || b != body {
			wrong = append(wrong, fmt.Sprintf("foreign %s is %q", path, b))
		}
	}
	for path, body := range now {
		_, isForeign := foreign[path]
		if isForeign || strings.HasPrefix(path, WorkDir+"/") || strings.HasSuffix(path, "/") {
			continue
		}
		if path == ManifestPath {
			if _, err := Parse([]byte(body)); err != nil {
				wrong = append(wrong, "manifest: "+err.Error())
			}
			continue
		}
		if !slices.ContainsFunc(versions, func(v site) bool { b, ok := v[path]; return ok && b == body }) {
			wrong = append(wrong, fmt.Sprintf("%s is %q", path, body))
		}
		_, needs, _ := strings.Cut(body, "\nneeds ")
		for _, need := range strings.Fields(needs) {
			if _, ok := now[need]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s (%q) is there without %s", path, body, need))
			}
		}
	}
	return wrong
}

// kinds are the faults: a kill, and errors that pass or stay.
var kinds = []struct {
	name string
	err  error
	stay int // for how many more operations
}{
	{name: "kill"},
	{name: "EIO once", err: syscall.EIO},
	{name: "ENOSPC for ever", err: syscall.ENOSPC, stay: 1 << 30},
	{name: "EACCES for 3", err: syscall.EACCES, stay: 2},
}

// TestFaultAtEveryOperation cuts each scenario at each of its operations. Whatever the fault, every file
// is whole, no page lacks what it needs, and the next build, of the same site or another, ends as if nothing had happened.
func TestFaultAtEveryOperation(t *testing.T) {
	points, failures := 0, 0
	for _, c := range scenarios() {
		wants := []site{c.clean(t, c.after), c.clean(t, c.other)}
		for i, k := range kinds {
			for turn, next := range []site{c.after, c.other} {
				if !torture() && i > turn { // in short: each kill, and the first error
					continue
				}
				for n := 1; ; n++ {
					dir := filepath.Join(memory(t), "public")
					c.prepare(t, dir)
					f := &fault{at: n, err: k.err, last: n + k.stay}
					err := f.run(t, dir, c.after, c.swapFrom)
					if f.n < n {
						break // the run is over before the Nth operation
					}
					points++
					wrong := whole(t, dir, c.foreign, c.before, c.after)
					if err == nil && !equalBut(tree(t, dir), wants[0]) {
						wrong = append(wrong, "no error, but not the result of an undisturbed run")
					}
					if _, err := build(t, system(), dir, next); err != nil {
						wrong = append(wrong, "next build: "+err.Error())
					} else if got := tree(t, dir); !maps.Equal(got, wants[turn]) {
						wrong = append(wrong, fmt.Sprintf("after the next build: %q, want %q", got, wants[turn]))
					}
					if len(wrong) > 0 {
						failures++
						t.Errorf("%s, %s at operation %d (%v), then build %d:\n%s", c.name, k.name, n, err, turn+1, strings.Join(wrong, "\n"))
					}
					os.RemoveAll(dir)
				}
			}
		}
	}
	t.Logf("%d of %d faults did harm", failures, points)
}

// equalBut compares two trees without the work folder: an error while it is removed may leave it.
func equalBut(a, b site) bool {
	a = maps.Clone(a)
	maps.DeleteFunc(a, func(path, _ string) bool { return strings.HasPrefix(path, WorkDir+"/") })
	return maps.Equal(a, b)
}

// TestRandomSitesUnderFaults builds random sites one after another, each run disturbed by a random
// fault; now and then one is not, and must end as a clean build does.
func TestRandomSitesUnderFaults(t *testing.T) {
	seed, rounds := uint64(1), 30
	if torture() {
		seed, rounds = uint64(time.Now().UnixNano()), 3000
	}
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for round := range rounds {
		dir := filepath.Join(memory(t), "public")
		foreign := site{"CNAME": "mine", "a/own": "mine", "d/e/own": "mine"}
		write(t, dir, foreign)
		versions := []site{{}}
		for step := range 12 {
			s := randomSite(r)
			versions = append(versions, s)
			f := &fault{}
			if step%4 != 3 {
				k := kinds[r.IntN(len(kinds))]
				f = &fault{at: 1 + r.IntN(80), err: k.err}
				f.last = f.at + k.stay
			}
			err := f.run(t, dir, s, 1+r.IntN(2)*98)
			if wrong := whole(t, dir, foreign, versions...); len(wrong) > 0 {
				t.Fatalf("seed %d, round %d, step %d, %v:\n%s", seed, round, step, err, strings.Join(wrong, "\n"))
			}
			if f.at != 0 {
				continue
			}
			if err != nil {
				t.Fatalf("seed %d, round %d, step %d: %v", seed, round, step, err)
			}
			wantTree(t, dir, s, foreign)
			versions = []site{s}
		}
		if t.Failed() {
			t.Fatalf("seed %d, round %d", seed, round)
		}
		os.RemoveAll(dir)
	}
}

// randomSite has up to 12 files with short names, so that files and folders trade places.
func randomSite(r *rand.Rand) site {
	s := site{}
	for range r.IntN(13) {
		path := ""
		for range 1 + r.IntN(3) {
			path += "/" + string("abcde"[r.IntN(5)])
		}
		path = path[1:]
		clash := path == "a" || path == "d" || path == "d/e"
		for p := range s {
			clash = clash || strings.HasPrefix(p, path+"/") || strings.HasPrefix(path, p+"/")
		}
		if !clash {
			s[path] = fmt.Sprint("body ", r.IntN(3))
		}
	}
	return s
}
