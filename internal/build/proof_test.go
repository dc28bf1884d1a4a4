package build

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/themes"
)

// TestIncrementalEqualsClean changes a small site at random, again and again, disturbs what lies between two
// builds, and builds it. Each time the bytes of the output, the problems and the figures must be
// those of a build that knows nothing of the past. What fails is made as short as can be and printed.
//
// ZHENDI_TORTURE makes it long, with its value as the seed.
func TestIncrementalEqualsClean(t *testing.T) {
	start := time.Now()
	seed, rounds, steps := uint64(1), 4, 24
	if s := os.Getenv("ZHENDI_TORTURE"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("ZHENDI_TORTURE: %v", err)
		}
		seed, rounds, steps = n, 60, 50
	} else if testing.Short() {
		rounds = 1
	}
	var n tally
	for round := range rounds {
		r := rand.New(rand.NewPCG(seed, uint64(round)))
		var seq []uint64
		for range steps {
			seq = append(seq, r.Uint64())
		}
		log, bad := play(t, seq, &n)
		if bad == "" {
			continue
		}
		log, bad = shrink(t, seq, log, bad)
		t.Fatalf("seed %d, round %d; shortest sequence:\n%s\n%s", seed, round, strings.Join(log, "\n"), bad)
	}
	t.Logf("seed %d: %d rounds of %d steps in %.0f s: 0 of %d builds differ from a clean one; %+v", seed, rounds, steps, time.Since(start).Seconds(), n.Builds, n)
	if n.Builds > 20 && (n.Kept == 0 || n.Refused == 0 || n.Idle == 0) {
		t.Errorf("the sequences hardly tried anything: %+v", n)
	}
}

// tally counts what was tried.
type tally struct {
	Builds, Refused, Idle, Kills int // all; with errors in the content; that found nothing to do; killed before
	Made, Kept                   int // pages
}

// shrink leaves out steps as long as the sequence fails.
func shrink(t *testing.T, seq []uint64, log []string, bad string) ([]string, string) {
	deadline := time.Now().Add(3 * time.Minute)
	for size := max(len(log)/2, 1); size > 0 && time.Now().Before(deadline); size /= 2 {
		for at := 0; at+size <= len(seq) && time.Now().Before(deadline); {
			less := slices.Delete(slices.Clone(seq), at, at+size)
			if l, b := play(t, less, new(tally)); b != "" {
				seq, log, bad = less[:min(len(less), len(l))], l, b
			} else {
				at += size
			}
		}
	}
	return log, bad
}

// stage is where a world is played: a folder with its files as they were last written.
type stage struct {
	t       *testing.T
	dir     string
	world   *world
	good    *world // the last that could be built
	disk    map[string]string
	foreign map[string]string // in the output, by path
	saved   string            // a copy of outputs and memory
	dirs    int
	n       *tally
}

// play plays a sequence of steps and returns what was done, and what went wrong.
func play(t *testing.T, seq []uint64, n *tally) (log []string, bad string) {
	top := scratch(t)
	defer os.RemoveAll(top)
	s := &stage{t: t, dir: filepath.Join(top, "0"), world: newWorld(), disk: map[string]string{}, n: n, foreign: map[string]string{
		".gitkeep": "", "CNAME": "example.gov.cn", "_views/0.json": "{}", "yw/own.txt": "mine"}}
	s.good = s.world.clone()
	s.sync(rand.New(rand.NewPCG(0, 0)))
	s.putForeign()
	if bad := s.check(); bad != "" {
		return []string{"start"}, bad
	}
	for _, seed := range seq {
		what, build := s.step(rand.New(rand.NewPCG(seed, 1)))
		log = append(log, what)
		if !build {
			continue
		}
		if bad := s.check(); bad != "" {
			return log, bad
		}
	}
	return log, s.check()
}

// scratch returns a new folder, in memory if the system has such a place.
func scratch(t *testing.T) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if dir, err := os.MkdirTemp("/dev/shm", "zhendi-build-"); err == nil {
			t.Cleanup(func() { os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

// step changes the site, or what lies beside it, and says whether it is to be built then.
func (s *stage) step(r *rand.Rand) (what string, build bool) {
	if s.world != s.good && r.IntN(3) > 0 {
		out := s.world.run.out
		s.world = s.good.clone()
		s.world.run.out = out
		what = "take back; "
	} else if s.world == s.good {
		s.world = s.good.clone()
	}
	if r.IntN(4) == 0 {
		s.sync(r)
		return what + s.disturb(r), true
	}
	what += s.world.change(r)
	for r.IntN(4) == 0 {
		what += "; " + s.world.change(r)
	}
	s.sync(r)
	return what, r.IntN(6) > 0
}

// sync writes what is not on disk as the world has it, by one of the ways in which programs write.
func (s *stage) sync(r *rand.Rand) {
	s.t.Helper()
	for p := range s.disk {
		if _, ok := s.world.files[p]; !ok {
			s.must(os.Remove(filepath.Join(s.dir, p)))
			delete(s.disk, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(s.world.files)) {
		text := s.world.files[p]
		if old, ok := s.disk[p]; ok && old == text {
			continue
		}
		s.save(filepath.Join(s.dir, p), text, r.IntN(3))
		s.disk[p] = text
	}
}

func (s *stage) save(name, text string, way int) {
	s.t.Helper()
	s.must(os.MkdirAll(filepath.Dir(name), 0o755))
	info, err := os.Stat(name)
	switch {
	case way == 1 && err == nil: // a program that restores the time
		s.must(os.WriteFile(name, []byte(text), 0o644))
		s.must(os.Chtimes(name, info.ModTime(), info.ModTime()))
	case way == 2: // one that writes another file and renames it
		s.must(os.WriteFile(name+"~", []byte(text), 0o644))
		s.must(os.Rename(name+"~", name))
	default:
		s.must(os.WriteFile(name, []byte(text), 0o644))
	}
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) out() string { return filepath.Join(s.dir, s.world.run.out) }

func (s *stage) putForeign() {
	for p, text := range s.foreign {
		name := filepath.Join(s.out(), p)
		if b, err := os.ReadFile(name); err != nil || string(b) != text {
			s.save(name, text, 0)
		}
	}
}

// options are those of a build of the world in dir.
func (w *world) options(dir string) Options {
	now := w.now
	return Options{Source: dir, Out: filepath.Join(dir, w.run.out), BaseURL: w.run.base, Drafts: w.run.drafts, Future: w.run.future, Internal: w.run.private, Serial: w.run.serial,
		Themes: themes.FS, Version: w.run.version, Now: func(*time.Location) (time.Time, error) { return now, nil }, Busy: func(string) {}}
}

// ending is how a build ended.
type ending struct {
	res      Result
	problems diag.List
	text     string // of the problems
	err      error
}

func end(opt Options) (e ending) {
	e.res, e.problems, e.err = Run(context.Background(), opt)
	var b bytes.Buffer
	for _, lang := range []diag.Lang{diag.ZH, diag.EN} {
		e.problems.WriteText(&b, lang)
	}
	e.text = b.String()
	return e
}

// check builds the world and compares with a build of the same files in a new folder.
func (s *stage) check() (bad string) {
	s.t.Helper()
	w := s.world
	s.putForeign()
	before := readTree(s.t, s.out())
	got := end(w.options(s.dir))
	clean := filepath.Join(filepath.Dir(s.dir), "clean")
	defer os.RemoveAll(clean)
	for p, text := range w.files {
		s.save(filepath.Join(clean, p), text, 0)
	}
	want := end(w.options(clean))
	if list := s.differs(got, want, before, readTree(s.t, filepath.Join(clean, w.run.out))); len(list) > 0 {
		return strings.Join(list, "\n")
	}
	s.n.Builds++
	if want.err != nil || want.problems.Count(diag.Error) > 0 {
		s.n.Refused++
		return ""
	}
	if !w.run.drafts && !w.run.future && !w.run.private {
		a, _ := os.ReadFile(filepath.Join(s.dir, CacheDir, "catalogue.json"))
		b, _ := os.ReadFile(filepath.Join(clean, CacheDir, "catalogue.json"))
		if !bytes.Equal(a, b) {
			return fmt.Sprintf("catalogue.json has %d bytes, a clean build's %d", len(a), len(b))
		}
	}
	s.good = s.world
	s.n.Made += got.res.Made
	s.n.Kept += want.res.Made - got.res.Made
	return s.idle(want)
}

// differs says in what a build is not as the clean one.
func (s *stage) differs(got, want ending, before, clean map[string]string) (list []string) {
	complain := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if (got.err != nil) != (want.err != nil) || got.err != nil && got.err.Error() != want.err.Error() {
		complain("error %v, a clean build's %v", got.err, want.err)
	}
	if got.text != want.text {
		complain("problems: %s", firstDifference(want.text, got.text))
	}
	now := readTree(s.t, s.out())
	if want.err != nil || want.problems.Count(diag.Error) > 0 {
		for _, p := range unequal(before, now) {
			if strings.HasPrefix(p, output.WorkDir+"/") { // what a killed build left is cleared away
				continue
			}
			complain("refused, and changed %s", p)
		}
		return list
	}
	for p, text := range s.foreign {
		clean[p] = text
	}
	for i, p := range unequal(clean, now) {
		if i < 12 {
			complain("%s %s", p, firstDifference(clean[p], now[p]))
		}
	}
	g, c := got.res, want.res
	if g.Articles != c.Articles || g.Pages != c.Pages || g.Bytes != c.Bytes || g.Written+g.Unchanged != c.Written || g.Made > c.Made || g.Removed < 0 {
		complain("result %+v, a clean build's %+v", g, c)
	}
	return list
}

// idle builds again: nothing is to be done, and the same is said.
func (s *stage) idle(want ending) string {
	again := end(s.world.options(s.dir))
	if again.err != nil || again.text != want.text {
		return fmt.Sprintf("said again: %v\n%s\nwant\n%s", again.err, again.text, want.text)
	}
	if r := again.res; r.Made+r.Written+r.Removed != 0 || r.Articles != want.res.Articles || r.Pages != want.res.Pages || r.Bytes != want.res.Bytes || r.Unchanged != want.res.Written {
		return fmt.Sprintf("nothing changed, but %+v after %+v", r, want.res)
	}
	s.n.Idle++
	return ""
}

// unequal returns the paths of files that differ.
func unequal(a, b map[string]string) (list []string) {
	for p, text := range a {
		if other, ok := b[p]; !ok || other != text {
			list = append(list, p)
		}
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

func firstDifference(want, got string) string {
	if got == "" || want == "" {
		return fmt.Sprintf("has %d bytes, want %d", len(got), len(want))
	}
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-120):min(len(s), i+160)] }
	return fmt.Sprintf("byte %d:\n  got  %q\n  want %q", i, cut(got), cut(want))
}

// readTree reads all files below a folder, by path; folders that are empty end with a slash.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if list, err := os.ReadDir(p); err == nil && len(list) == 0 && p != dir {
				tree[rel+"/"] = ""
			}
			return nil
		}
		b, err := os.ReadFile(p)
		tree[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
