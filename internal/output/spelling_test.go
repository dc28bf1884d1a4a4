package output

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// insensitive returns the operations of a file system that takes names for one that differ only by
// case or Unicode form, as those of Windows and macOS do. (Unlike there, readDir gives the folded names.)
func insensitive(dir string) ops {
	sys := system()
	fold := func(name string) string {
		if rest, ok := strings.CutPrefix(name, dir+string(filepath.Separator)); ok {
			return filepath.Join(dir, Fold(rest))
		}
		return name
	}
	o := sys
	o.lstat = func(name string) (fs.FileInfo, error) { return sys.lstat(fold(name)) }
	o.look = func(dir string, paths []string, saw func(int, found) error) error {
		folded := make([]string, len(paths))
		for i := range paths {
			folded[i] = Fold(paths[i])
		}
		return sys.look(dir, folded, saw)
	}
	o.read = func(name string, buf []byte, piece func([]byte) bool) error { return sys.read(fold(name), buf, piece) }
	o.readDir = func(name string) ([]fs.DirEntry, error) { return sys.readDir(fold(name)) }
	o.mkdir = func(name string) error { return sys.mkdir(fold(name)) }
	o.put = func(name string, body []byte) (stamp, error) { return sys.put(fold(name), body) }
	o.write = func(name string, sync bool, text func(io.Writer) error) error {
		return sys.write(fold(name), sync, text)
	}
	o.syncDir = func(name string) error { return sys.syncDir(fold(name)) }
	o.rename = func(from, to string) error { return sys.rename(fold(from), fold(to)) }
	o.remove = func(name string) error { return sys.remove(fold(name)) }
	return o
}

// A file that changes only the case of its name is neither foreign nor stale, whether the file
// system tells the names apart or not.
func TestPathChangesItsCase(t *testing.T) {
	one := site{"a/Page.html": "one", "a/Same.html": "same", "b/x.html": "x", "É.html": "e"}
	two := site{"a/page.html": "two", "a/same.html": "same", "b/x.html": "x", "e\u0301.html": "e"}
	t.Run("told apart", func(t *testing.T) {
		dir := t.TempDir()
		mustBuild(t, dir, one, Result{Written: 4})
		mustBuild(t, dir, two, Result{Written: 3, Unchanged: 1, Removed: 3})
		wantTree(t, dir, two)
	})
	t.Run("taken for one", func(t *testing.T) {
		dir, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []site{one, two, one, {"b/x.html": "x"}} {
			folded := site{}
			for path, body := range s {
				folded[Fold(path)] = body
			}
			if _, err := build(t, insensitive(dir), dir, s); err != nil {
				t.Fatal(err)
			}
			wantTree(t, dir, folded)
		}
	})
}

// A link is not followed, neither to write nor to remove.
func TestLinksAreNotFollowed(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, site{"1.html": "outside", "deep/2.html": "outside"})
	one := site{"col/1.html": "one", "col/deep/2.html": "two", "index.html": "home"}
	mustBuild(t, dir, one, Result{Written: 3})
	if err := os.RemoveAll(filepath.Join(dir, "col")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "col")); err != nil {
		t.Skip(err)
	}
	if _, err := build(t, system(), dir, one); err == nil || !strings.Contains(err.Error(), "col stands in the way of col/") {
		t.Errorf("built through a link: %v", err)
	}
	mustBuild(t, dir, site{"index.html": "home"}, Result{Unchanged: 1})
	wantTree(t, outside, site{"1.html": "outside", "deep/2.html": "outside"})
	if _, err := os.Lstat(filepath.Join(dir, "col")); err != nil {
		t.Errorf("the foreign link: %v", err)
	}
}
