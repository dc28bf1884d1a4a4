package output

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// A copy of the output that kept its times is known by them; one file that was replaced is not.
func TestCopiedOutput(t *testing.T) {
	at := time.Now().Add(-time.Hour).Truncate(time.Second).Add(123456789)
	for _, c := range []struct {
		what string
		do   func(dir, name string) error // to the copy's files, one after another
		read []string
	}{
		{"times kept", func(string, string) error { return nil }, nil},
		{"new times", func(dir, name string) error {
			return os.Chtimes(filepath.Join(dir, name), time.Time{}, at.Add(time.Second))
		}, []string{"1.html", "2.html", "3.html"}},
		{"times in whole seconds", func(dir, name string) error {
			return os.Chtimes(filepath.Join(dir, name), time.Time{}, at.Truncate(time.Second))
		}, []string{"1.html", "2.html", "3.html"}},
		{"one altered", func(dir, name string) error {
			if name != "2.html" {
				return nil
			}
			return os.WriteFile(filepath.Join(dir, name), []byte("TWO"), 0o666)
		}, []string{"2.html"}},
	} {
		dir := filepath.Join(t.TempDir(), "public")
		s := site{"1.html": "one", "2.html": "two", "3.html": "three"}
		stamped(t, dir, s, at)
		copyOf(t, dir, at)
		for name := range s {
			if err := c.do(dir, name); err != nil {
				t.Fatal(err)
			}
		}
		if got := readToKnow(t, dir); !slices.Equal(got, c.read) {
			t.Errorf("%s: %v are read, not %v", c.what, got, c.read)
		}
	}
	// In place, a file that was replaced is read though it has the time of ours.
	dir := filepath.Join(t.TempDir(), "public")
	stamped(t, dir, site{"1.html": "one", "2.html": "two"}, at)
	name := filepath.Join(dir, "2.html")
	write(t, dir, site{"new": "TWO"})
	if err := os.Rename(filepath.Join(dir, "new"), name); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Time{}, at); err != nil {
		t.Fatal(err)
	}
	if got := readToKnow(t, dir); !slices.Equal(got, []string{"2.html"}) {
		t.Errorf("in place: %v are read", got)
	}
}

// stamped builds a site, gives all its files a time and lets a build remember that.
func stamped(t *testing.T, dir string, s site, at time.Time) {
	t.Helper()
	if _, err := build(t, system(), dir, s); err != nil {
		t.Fatal(err)
	}
	for name := range s {
		if err := os.Chtimes(filepath.Join(dir, name), time.Time{}, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, ManifestPath), time.Time{}, at); err != nil {
		t.Fatal(err)
	}
	readToKnow(t, dir)
	if got := readToKnow(t, dir); got != nil {
		t.Fatalf("%v are read again", got)
	}
}

// copyOf puts a copy with the same times in the output's place.
func copyOf(t *testing.T, dir string, at time.Time) {
	t.Helper()
	old := dir + ".old"
	if err := os.Rename(dir, old); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	if err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		return os.Chtimes(name, time.Time{}, at)
	}); err != nil {
		t.Fatal(err)
	}
}

// readToKnow looks at all files, remembers that, and lists those that had to be read.
func readToKnow(t *testing.T, dir string) (list []string) {
	t.Helper()
	sys := system()
	reads := sys.reads
	sys.reads = func(dir string, paths []string, buf []byte, piece func(int, []byte) bool) error {
		list = append(list, paths...)
		return reads(dir, paths, buf, piece)
	}
	tx, err := open(t.Context(), dir, Options{Stamps: dir + ".stamps"}, sys)
	if err != nil {
		t.Fatal(err)
	}
	intact := make([]bool, tx.Previous().Len())
	if err := tx.IntactFrom(0, intact); err != nil {
		t.Fatal(err)
	}
	tx.SaveStamps()
	if err := tx.Abort(); err != nil {
		t.Fatal(err)
	}
	return list
}
