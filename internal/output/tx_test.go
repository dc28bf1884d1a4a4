package output

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// site is a set of files: path -> body. The class follows from the path, see classOf.
type site map[string]string

// classOf gives the files of the tests their class by their name.
func classOf(path string) Class {
	switch {
	case strings.HasPrefix(path, "assets/"):
		return Asset
	case strings.HasSuffix(path, ".jpg"):
		return Picture
	case path == "index.html":
		return Home
	case strings.HasSuffix(path, "index.html") && !strings.HasSuffix(path, "/4/index.html"):
		return List
	case strings.HasSuffix(path, ".xml"):
		return Feed
	}
	return Article
}

var facts = Build{Generator: "zhendi test", BaseURL: "https://example.gov.cn/"}

// build writes s into dir.
func build(t *testing.T, sys ops, dir string, s site) (Result, error) {
	t.Helper()
	return buildBy(t, sys, dir, s, 0)
}

// buildBy builds; a site of swapFrom files, most of which change, is exchanged folder by folder.
func buildBy(t *testing.T, sys ops, dir string, s site, swapFrom int) (Result, error) {
	t.Helper()
	tx, err := open(t.Context(), dir, Options{Stamps: dir + ".stamps", swapFrom: swapFrom}, sys)
	if err != nil {
		return Result{}, err
	}
	defer tx.Abort()
	for _, path := range slices.Sorted(maps.Keys(s)) {
		if kept, err := keeps(tx, path, s[path]); err != nil {
			return Result{}, err
		} else if kept {
			continue
		}
		if err := tx.Put(File{path, classOf(path), []byte(s[path])}); err != nil {
			return Result{}, err
		}
	}
	return tx.Commit(facts)
}

// keeps keeps a file whose body is to be "kept…", if it is as it was, as an incremental build does.
func keeps(tx *Tx, path, body string) (bool, error) {
	i, ok := tx.Previous().Find(path)
	if !ok || !strings.HasPrefix(body, "kept") || tx.Previous().Entry(i).Sum != sha256.Sum256([]byte(body)) {
		return false, nil
	}
	var intact [1]bool
	err := tx.IntactFrom(i, intact[:])
	if intact[0] {
		tx.KeepAt(i)
	}
	return intact[0], err
}

// mustBuild builds and checks what the result says.
func mustBuild(t *testing.T, dir string, s site, want Result) {
	t.Helper()
	for _, body := range s {
		want.Bytes += int64(len(body))
	}
	got, err := build(t, system(), dir, s)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("result %+v, want %+v", got, want)
	}
}

// tree returns all files below dir, and all empty folders with a / at their end.
func tree(t *testing.T, dir string) site {
	t.Helper()
	s := site{}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return s
	}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		path := filepath.ToSlash(name[len(dir)+1:])
		if e.IsDir() {
			if list, err := os.ReadDir(name); err != nil || len(list) > 0 {
				return err
			}
			s[path+"/"] = ""
			return nil
		}
		b := []byte("link")
		if e.Type().IsRegular() {
			b, err = os.ReadFile(name)
		}
		s[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// write puts foreign files into dir.
func write(t *testing.T, dir string, s site) {
	t.Helper()
	for path, body := range s {
		name := filepath.Join(dir, path)
		if strings.HasSuffix(path, "/") {
			name = filepath.Join(name, "x") // only the folder is made
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "/") {
			continue
		}
		if err := os.WriteFile(name, []byte(body), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// wantTree checks that dir holds the files of all parts and nothing else but the manifest.
func wantTree(t *testing.T, dir string, parts ...site) {
	t.Helper()
	want := site{}
	for _, p := range parts {
		maps.Copy(want, p)
	}
	got := tree(t, dir)
	delete(got, ManifestPath)
	for _, path := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[path]; !ok {
			t.Errorf("%s should not be there", path)
		} else if got[path] != want[path] {
			t.Errorf("%s holds %q, want %q", path, got[path], want[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[path]; !ok {
			t.Errorf("%s is missing", path)
		}
	}
}

func TestBuildsFollowEachOther(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "public")
	one := site{"index.html": "home", "assets/a.css": "css", "党建/index.html": "list", "党建/1.html": "one", "党建/1.jpg": "picture"}
	mustBuild(t, dir, one, Result{Written: 5})
	wantTree(t, dir, one)
	mustBuild(t, dir, one, Result{Unchanged: 5})

	two := maps.Clone(one)
	two["index.html"] = "home 2"
	two["党建/2.html"] = "two"
	delete(two, "党建/1.html")
	delete(two, "党建/1.jpg")
	mustBuild(t, dir, two, Result{Written: 2, Unchanged: 2, Removed: 2})
	wantTree(t, dir, two)

	mustBuild(t, dir, site{}, Result{Removed: 4})
	wantTree(t, dir)
	mustBuild(t, dir, one, Result{Written: 5})
	wantTree(t, dir, one)
}

func TestForeignFilesSurvive(t *testing.T) {
	dir := t.TempDir()
	foreign := site{".gitkeep": "", "CNAME": "example.gov.cn", "_views/0.json": "{}", "col/own.txt": "mine", "empty/": ""}
	write(t, dir, foreign)
	one := site{"index.html": "home", "col/1.html": "one", "col/deep/2.html": "two", "new/1.html": "new"}
	mustBuild(t, dir, one, Result{Written: 4})
	wantTree(t, dir, one, foreign)
	mustBuild(t, dir, site{"index.html": "home"}, Result{Unchanged: 1, Removed: 3})
	wantTree(t, dir, site{"index.html": "home"}, foreign)
}

func TestForeignFileInTheWayIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		foreign, site site
		in            string
	}{
		"file":             {site{"CNAME": "mine"}, site{"CNAME": "ours"}, "CNAME"},
		"file for folder":  {site{"col": "mine"}, site{"col/1.html": "ours"}, "col"},
		"folder for file":  {site{"col/deep/x": "mine"}, site{"col": "ours"}, "col/deep/x"},
		"manifest is lost": {site{"index.html": "old"}, site{"index.html": "new"}, "index.html"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.site["other.html"] = "other"
			write(t, dir, c.foreign)
			_, err := build(t, system(), dir, c.site)
			var pe *PathError
			if !errors.As(err, &pe) || pe.Why != Foreign || pe.With != c.in {
				t.Errorf("error %v, want Foreign %s", err, c.in)
			}
			wantTree(t, dir, c.foreign)
		})
	}
}

func TestOurFilesAreWrittenOver(t *testing.T) {
	dir := t.TempDir()
	one := site{"index.html": "home", "a.html": "aaaa", "b/1.html": "one", "c/1.html": "see"}
	mustBuild(t, dir, one, Result{Written: 4})
	write(t, dir, site{"a.html": "bbbb"})
	os.Remove(filepath.Join(dir, "index.html"))
	os.RemoveAll(filepath.Join(dir, "b"))
	os.Remove(filepath.Join(dir, "c/1.html"))
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "c/1.html")); err != nil {
		t.Skip(err)
	}
	mustBuild(t, dir, one, Result{Written: 4})
	wantTree(t, dir, one)
}

func TestFileBecomesFolderAndBack(t *testing.T) {
	dir := t.TempDir()
	one := site{"a": "file", "b/c/d.html": "deep", "b/e.html": "e", "z.html": "z"}
	two := site{"a/index.html": "folder", "a/x/y": "y", "b": "file", "z.html": "z"}
	mustBuild(t, dir, one, Result{Written: 4})
	mustBuild(t, dir, two, Result{Written: 3, Unchanged: 1, Removed: 3})
	wantTree(t, dir, two)
	mustBuild(t, dir, one, Result{Written: 3, Unchanged: 1, Removed: 3})
	wantTree(t, dir, one)
}

func TestTwoClaimsOnOnePath(t *testing.T) {
	for _, c := range []struct {
		a, b string
		why  Why
	}{
		{"a.html", "a.html", Twice},
		{"a.html", "A.html", Alike},
		{"tags/é.html", "tags/e\u0301.html", Alike},
		{"标签/K.html", "标签/\u212A.html", Alike},
		{"ſ", "S", Alike},
		{"Tags/1.html", "tags/2.html", Alike},
		{"a", "a/b", FileAndFolder},
		{"A", "a/b/c", FileAndFolder},
	} {
		texts := map[string]bool{}
		for _, order := range [][]string{{c.a, c.b}, {c.b, c.a}} {
			dir := t.TempDir()
			tx, err := Open(t.Context(), dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			first := tx.Put(File{Path: order[0]})
			second := tx.Put(File{Path: order[1], Body: []byte("2")})
			_, err = tx.Commit(facts)
			var pe *PathError
			if first != nil || second == nil || !errors.As(err, &pe) || pe.Why != c.why {
				t.Errorf("%q: %v, %v, %v; want one error of kind %d", order, first, second, err, c.why)
				continue
			}
			texts[err.Error()] = true
			wantTree(t, dir)
		}
		if len(texts) != 1 {
			t.Errorf("%s, %s: the error depends on their order: %v", c.a, c.b, texts)
		}
	}
}

func TestAbortLeavesTheOutput(t *testing.T) {
	dir := t.TempDir()
	one := site{"index.html": "home", "a.html": "a"}
	mustBuild(t, dir, one, Result{Written: 2})
	before := tree(t, dir)
	tx, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Put(File{Path: "b/c.html", Body: []byte("c")}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tx.Abort(), tx.Abort()); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(before, tree(t, dir)) {
		t.Errorf("output is %v, was %v", tree(t, dir), before)
	}
}

// keep keeps a file of the build before if it is intact.
func keep(tx *Tx, path string) (bool, error) {
	i, ok := tx.Previous().Find(path)
	if !ok {
		return false, nil
	}
	ok, err := tx.Intact(i)
	if ok {
		tx.KeepAt(i)
	}
	return ok, err
}

// What is put must not be in the way of what is kept, also by letter case.
func TestKeptInTheWay(t *testing.T) {
	dir := t.TempDir()
	before := site{"a/b.html": "1", "Ab/C.html": "2", "c/x": "3", "栏目/甲.html": "4", "E.html": "5", "f/g/h.html": "6"}
	mustBuild(t, dir, before, Result{Written: len(before)})
	for path, want := range map[string]string{
		"a/c.html":      "",
		"new/c.html":    "",
		"栏目/乙.html":     "",
		"a/b.html":      "output: two files for one path: a/b.html",
		"A/c.html":      "output: A/ and a/ differ only by case",
		"a":             "output: a must be a file, and a/b.html a folder",
		"a/b.html/c":    "output: a/b.html must be a file, and a/b.html/ a folder",
		"a/B.html":      "output: a/B.html and a/b.html differ only by case",
		"ab/c.html":     "output: Ab/C.html and ab/c.html differ only by case",
		"ab/d.html":     "output: Ab/ and ab/ differ only by case",
		"Ab/c.html/x":   "output: Ab/C.html must be a file, and Ab/c.html/ a folder",
		"AB":            "output: AB must be a file, and Ab/C.html a folder",
		"e.HTML/x.html": "output: E.html must be a file, and e.HTML/ a folder",
		"f/G/i.html":    "output: f/G/ and f/g/ differ only by case",
	} {
		tx, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for p := range before {
			if ok, err := keep(tx, p); !ok || err != nil {
				t.Fatal(p, ok, err)
			}
		}
		tx.Put(File{path, Article, []byte("new")})
		_, err = tx.plan(facts)
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		tx.Abort()
	}
	wantTree(t, dir, before)
}

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	one := site{"index.html": "home", "a.html": "aaaa", "b.html": "bbbb"}
	mustBuild(t, dir, one, Result{Written: 3})
	write(t, dir, site{"a.html": "xxxx"})
	os.Remove(filepath.Join(dir, "b.html"))
	tx, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Abort()
	for path, want := range map[string]bool{"index.html": true, "a.html": false, "b.html": false} {
		kept, err := keep(tx, path)
		if kept != want || err != nil {
			t.Errorf("keep(%s) = %v, %v", path, kept, err)
		}
		if !kept {
			err = tx.Put(File{path, classOf(path), []byte(one[path])})
		}
		if err != nil {
			t.Error(err)
		}
	}
	got, err := tx.Commit(facts)
	if want := (Result{Written: 2, Unchanged: 1, Bytes: 12}); got != want || err != nil {
		t.Errorf("Commit = %+v, %v, want %+v", got, err, want)
	}
	wantTree(t, dir, one)
}

// tick waits until the clock of the file system has moved on.
func tick(t *testing.T, dir string) {
	t.Helper()
	start, name := int64(0), filepath.Join(dir, "tick")
	for {
		if err := os.WriteFile(name, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		if now := stampOf(info).time; start == 0 {
			start = now
		} else if now > start {
			os.Remove(name)
			return
		}
	}
}

// What is altered is put back, be it right after the build, with the same size, or much later;
// and what is not altered is not read.
func TestStamps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	s := site{"index.html": "home", "a/1.html": "one"}
	reads := func() (n int) {
		sys := system()
		read := sys.read
		sys.read = func(name string, buf []byte, piece func([]byte) bool) error {
			if strings.HasSuffix(name, ".html") {
				n++
			}
			return read(name, buf, piece)
		}
		if _, err := build(t, sys, dir, s); err != nil {
			t.Fatal(err)
		}
		wantTree(t, dir, s)
		return n
	}
	for range 50 { // without a pause
		reads()
		write(t, dir, site{"index.html": "HOME"})
	}
	reads()
	tick(t, t.TempDir())
	reads() // now each file is older than the build that compares it
	if n := reads(); n != 0 {
		t.Errorf("%d files were read although nothing was altered", n)
	}
	write(t, dir, site{"a/1.html": "ONE"})
	if n := reads(); n != 1 {
		t.Errorf("%d files were read, one was altered", n)
	}
	tick(t, t.TempDir())
	reads()
	older := func(name string) { // as a fresh checkout has it: read, and found to be the same
		at := time.Unix(1e9, 0)
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	older("a/1.html")
	older("index.html")
	if n := reads(); n != 2 {
		t.Errorf("%d files were read, two have other times", n)
	}
	for _, damage := range []string{"", "x", stampsMagic + strings.Repeat("x", 96)} {
		write(t, filepath.Dir(dir), site{"public.stamps": damage})
		if n := reads(); n != 2 {
			t.Errorf("damaged stamps: %d files were read, want 2", n)
		}
		if n := reads(); n != 0 {
			t.Errorf("%d files were read although nothing was altered", n)
		}
	}
}

func TestPutFromManyGoroutines(t *testing.T) {
	dir := filepath.Join(memory(t), "public")
	for round := range 3 {
		tx, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 200 {
					if i%8 != w {
						continue
					}
					path, body := fmt.Sprintf("c%d/d%d/%d.html", i%7, i%11, i), fmt.Sprint("body ", i*round)
					ok, err := false, error(nil)
					if round > 0 && i%3 == 0 {
						body = "body"
						ok, err = keep(tx, path)
					}
					if err != nil {
						t.Error(err)
					} else if !ok {
						if err := tx.Put(File{path, Article, []byte(body)}); err != nil {
							t.Error(err)
						}
					}
					if err := tx.Put(File{"taken", Article, nil}); i >= 8 && err == nil {
						t.Error("taken twice")
					}
				}
			})
		}
		wg.Wait()
		tx.problems = nil // eight claims on one path, less one
		got, err := tx.Commit(facts)
		if err != nil || got.Written+got.Unchanged != 201 {
			t.Errorf("round %d: %+v, %v", round, got, err)
		}
	}
}

// Until a build completes what another left undone, the directory says so.
func TestInterrupted(t *testing.T) {
	dir := filepath.Join(memory(t), "public")
	one := site{"index.html": "home", "a.html": "a"}
	interrupted := false
	for n := 1; !interrupted; n++ {
		os.RemoveAll(dir)
		(&fault{at: n}).run(t, dir, one, 0)
		_, err := ReadManifest(dir)
		interrupted = errors.Is(err, ErrInterrupted)
		if !interrupted && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for range 2 {
		tx, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !tx.Interrupted() || tx.Previous().Len() != 0 {
			t.Errorf("Interrupted %v, Previous %v", tx.Interrupted(), tx.Previous())
		}
		if err := tx.Abort(); err != nil {
			t.Error(err)
		}
	}
	if _, err := build(t, system(), dir, one); err != nil {
		t.Fatal(err)
	}
	if m, err := ReadManifest(dir); err != nil || m.Build != facts || len(m.Files) != 2 {
		t.Errorf("%+v, %v", m, err)
	}
}

// The line in the package comment must do what it says.
func TestShellLineChecksTheManifest(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	mustBuild(t, dir, site{"index.html": "home", "党 建/'一' $x.html": "one", "assets/a.css": ""}, Result{Written: 3})
	check := func() error {
		cmd := exec.Command("sh", "-c", `set -e; grep -v '^#' _site/manifest.txt | cut -f1 | sha256sum -c --quiet`)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		t.Logf("%s", out)
		return err
	}
	if err := check(); err != nil {
		t.Error(err)
	}
	write(t, dir, site{"assets/a.css": "changed"})
	if check() == nil {
		t.Error("a changed file was not found")
	}
}
