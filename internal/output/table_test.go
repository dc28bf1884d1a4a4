package output

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A table gives back what was added, however long the paths are, and finds it from anywhere.
func TestTable(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("%c/%05d%s", 'a'+r.IntN(20), i, strings.Repeat("长", r.IntN(1+i%1000))))
	}
	slices.Sort(names)
	var table Table
	for i, name := range names {
		at, err := table.write(name)
		if err != nil {
			t.Fatal(err)
		}
		_, row := table.add(at)
		row.size = int64(i)
	}
	for i, name := range names {
		if e := (Entry{Path: table.Path(i), Size: table.row(i).size}); e != (Entry{Path: name, Size: int64(i)}) {
			t.Fatalf("file %d is %+v, want %q", i, e, name)
		}
		if k, ok := table.Find(name); k != i || !ok {
			t.Errorf("%q was found at %d, %t", name, k, ok)
		}
		start := r.IntN(i + 1)
		if k, ok := table.from(start, name); k != i || !ok {
			t.Errorf("%q was found from %d at %d, %t; is at %d", name, start, k, ok, i)
		}
		if k, ok := table.from(start, name+"!"); k != i+1 || ok {
			t.Errorf("what follows %q was found from %d at %d, %t; want %d", name, start, k, ok, i+1)
		}
	}
}

// Paths whose hashes are the same are neither taken for one another nor lost.
func TestClaimsOfOneHash(t *testing.T) {
	for _, mask := range []uint32{0, 1, 6, 63, 64, ^uint32(0)} { // more claims than there is room for at first
		dir := filepath.Join(memory(t), "public")
		tx, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		tx.claims = newClaims()
		tx.claims.mask = mask
		tx.claims.take(tx.claims.hash("_site"), ^1)
		s := site{}
		for i := range 60 {
			s[fmt.Sprintf("%c/%c/%d.HTML", 'a'+i%3, 'a'+i%5, i)] = fmt.Sprint(i)
		}
		for _, path := range slices.Sorted(maps.Keys(s)) {
			if err := tx.Put(File{path, Article, []byte(s[path])}); err != nil {
				t.Fatal(err)
			}
		}
		for path := range s {
			for _, other := range []string{path, strings.ToLower(path), strings.ToUpper(path), path + "/x", path[:1], "_SITE/x"} {
				if _, _, err := tx.claim(File{Path: other}); err == nil {
					t.Errorf("mask %d: %s was taken beside %s", mask, other, path)
				}
			}
		}
		if _, err := tx.Commit(facts); err != nil {
			t.Fatal(err)
		}
		wantTree(t, dir, s)
		kept, put := tx.Moved()
		m, err := ReadManifest(dir)
		if err != nil || len(kept) != 0 {
			t.Fatal(err, kept)
		}
		for path := range s {
			if i, ok := put(path); !ok || m.Files[i].Path != path {
				t.Errorf("mask %d: %s is said to be file %d, %t", mask, path, i, ok)
			}
		}
		if i, ok := put("a/a"); ok {
			t.Errorf("mask %d: a folder is said to be file %d", mask, i)
		}
	}
}

// What is kept and what is put stand in the new manifest where Moved says.
func TestMoved(t *testing.T) {
	dir := filepath.Join(memory(t), "public")
	mustBuild(t, dir, site{"b": "1", "c/d": "2", "c/e": "3", "f": "4"}, Result{Written: 4})
	tx, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"b", "c/e", "f"} {
		if ok, err := keep(tx, path); !ok || err != nil {
			t.Fatal(path, err)
		}
	}
	for _, path := range []string{"a", "c/da", "z"} {
		if err := tx.Put(File{Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tx.Commit(facts); err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	kept, put := tx.Moved()
	for i, k := range kept {
		if path := tx.Previous().Path(i); path != "c/d" && m.Files[k].Path != path {
			t.Errorf("%s is said to be %s", path, m.Files[k].Path)
		}
	}
	for _, path := range []string{"a", "c/da", "z"} {
		if k, ok := put(path); !ok || m.Files[k].Path != path {
			t.Errorf("%s is said to be %d, %t", path, k, ok)
		}
	}
	if again, err := Open(t.Context(), dir, Options{}); err != nil || again.PreviousSum() != tx.CommittedSum() || again.Abort() != nil {
		t.Errorf("%v: the check sum of the manifest is not what was written", err)
	}
}
