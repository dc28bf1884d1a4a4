package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A file with another time is known by its bytes, with the check sum of the stamps or without stamps.
func TestIntact(t *testing.T) {
	for _, lost := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "public")
		s := site{"1.html": "one", "2.html": strings.Repeat("two", 40_000), "3.html": "", "4.html": "four"}
		if _, err := build(t, system(), dir, s); err != nil {
			t.Fatal(err)
		}
		write(t, dir, site{"4.html": "FOUR"})
		for name := range s {
			if err := os.Chtimes(filepath.Join(dir, name), time.Unix(1e9, 0), time.Unix(1e9, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if lost {
			if err := os.Remove(dir + ".stamps"); err != nil {
				t.Fatal(err)
			}
		}
		tx, err := open(t.Context(), dir, Options{Stamps: dir + ".stamps"}, system())
		if err != nil {
			t.Fatal(err)
		}
		intact := make([]bool, tx.Previous().Len())
		if err := tx.IntactFrom(0, intact); err != nil {
			t.Error(err)
		}
		for i, ok := range intact {
			e := tx.Previous().Entry(i)
			one, err := tx.Intact(i)
			if one != ok {
				t.Errorf("stamps lost %t: %s is intact: among many %t, alone %t", lost, e.Path, ok, one)
			}
			if err != nil || ok != (e.Path != "4.html") {
				t.Errorf("stamps lost %t: %s is intact: %t, %v", lost, e.Path, ok, err)
			}
			if known := tx.seen[i].check != 0; known != (ok && e.Size > 0) {
				t.Errorf("stamps lost %t: %s: check sum known: %t", lost, e.Path, known)
			}
		}
		if err := tx.Abort(); err != nil {
			t.Fatal(err)
		}
	}
}

// The system's way to look at many files sees what lstat of each does, and ends with the first error.
func TestLookAt(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, site{"a/1.html": "one", "2.html": "", "folder/": ""})
	if err := os.Symlink("1.html", filepath.Join(dir, "a/link")); err != nil {
		t.Skip(err)
	}
	paths := []string{"a/1.html", "2.html", "folder", "a/link", "a/none", "none/at/all", "a/1.html"}
	var seen [2][]found
	for way, look := range []func(string, []string, func(int, found) error) error{lookAt, lookEach} {
		err := look(dir, paths, func(i int, f found) error {
			seen[way] = append(seen[way], f)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		enough := errors.New("enough")
		last := 0
		if err := look(dir, paths, func(i int, _ found) error {
			if last = i; i == 2 {
				return enough
			}
			return nil
		}); err != enough || last != 2 {
			t.Errorf("way %d: %v at %d", way, err, last)
		}
		if err := look(dir, []string{"2.html/x"}, func(_ int, f found) error { // below a file there is none
			if f != (found{}) {
				t.Errorf("way %d: %v", way, f)
			}
			return nil
		}); err != nil {
			t.Errorf("way %d: %v", way, err)
		}
	}
	if fmt.Sprint(seen[0]) != fmt.Sprint(seen[1]) || !seen[0][0].regular || seen[0][0].size != 3 || seen[0][3].regular || seen[0][4] != (found{}) {
		t.Errorf("%v, %v", seen[0], seen[1])
	}
}

// The system's way to read many files hands over what reading each does, ends with the first that cannot be read, and keeps none open.
func TestReadMany(t *testing.T) {
	dir := t.TempDir()
	files, paths := site{}, []string(nil)
	for i := range 300 {
		paths = append(paths, fmt.Sprintf("a/%03d.html", i))
		files[paths[i]] = strings.Repeat(fmt.Sprint(i, " "), i)
	}
	write(t, dir, files)
	open := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			return 0
		}
		return len(list)
	}
	before := open()
	for way, read := range []func(string, []string, []byte, func(int, []byte) bool) error{readMany, readEach} {
		got := make([]string, len(paths))
		take := func(i int, b []byte) bool { got[i] += string(b); return true }
		if err := read(dir, paths, make([]byte, 100), take); err != nil {
			t.Fatal(err)
		}
		for i, p := range paths {
			if got[i] != files[p] {
				t.Errorf("way %d: %s is %q", way, p, got[i])
			}
		}
		clear(got)
		if err := read(dir, paths, make([]byte, 10), func(i int, b []byte) bool { got[i] += string(b); return false }); err != nil || got[299] != files[paths[299]][:10] {
			t.Errorf("way %d: %q where only the beginning is wanted, %v", way, got[299], err)
		}
		clear(got)
		none := slices.Replace(slices.Clone(paths), 200, 201, "a/none")
		if err := read(dir, none, make([]byte, 100), take); !errors.Is(err, fs.ErrNotExist) || got[199] == "" || got[201] != "" {
			t.Errorf("way %d: %v, then %q", way, err, got[201])
		}
		if after := open(); after != before {
			t.Errorf("way %d: %d files are open, %d were", way, after, before)
		}
	}
}

// Where a folder was there may be somebody's file: what lay below is not intact, and the build goes on to say what stands in its way.
func TestIntactBelowAFile(t *testing.T) {
	for _, look := range []func(string, []string, func(int, found) error) error{lookAt, lookEach} {
		dir := filepath.Join(t.TempDir(), "public")
		if _, err := build(t, system(), dir, site{"a/b/1.html": "one", "2.html": "two"}); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, "a")); err != nil {
			t.Fatal(err)
		}
		write(t, dir, site{"a": "mine"})
		sys := system()
		sys.look = look
		tx, err := open(t.Context(), dir, Options{Stamps: dir + ".stamps"}, sys)
		if err != nil {
			t.Fatal(err)
		}
		intact := make([]bool, tx.Previous().Len())
		if err := tx.IntactFrom(0, intact); err != nil || !slices.Equal(intact, []bool{true, false}) {
			t.Errorf("%v, %v", intact, err)
		}
		var pe *PathError
		if err := tx.Put(File{Path: "a/b/1.html", Body: []byte("one")}); !errors.As(err, &pe) || pe.Why != Foreign {
			t.Errorf("put: %v", err)
		}
		if err := tx.Abort(); err != nil {
			t.Fatal(err)
		}
	}
}
