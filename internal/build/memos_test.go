package build

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
)

// Outcomes stay what they were, however large, and whatever becomes of the bytes they were added from.
func TestBlobs(t *testing.T) {
	var b blobs
	var numbers []int32
	var want []string
	for i := range 3000 {
		text := strings.Repeat(fmt.Sprint(i), i%50)
		if i%1000 == 7 {
			text = strings.Repeat(text, blobsInPiece/len(text)+1)
		}
		room := []byte(text)
		numbers, want = append(numbers, b.add(room)), append(want, text)
		clear(room)
	}
	for i, n := range numbers {
		if got := b.at(n); got != want[i] {
			t.Fatalf("%d: %d bytes are not the %d added", i, len(got), len(want[i]))
		}
	}
}

// What is remembered of pages comes back, in many pieces.
func TestMemosComeBack(t *testing.T) {
	const count = 5000
	name, key := filepath.Join(t.TempDir(), "pages"), cache.Sum{1}
	entry := func(i int) (print, links digest, blob string) {
		copy(print[:], fmt.Sprintf("%d print", i))
		copy(links[:], fmt.Sprintf("%d links", i))
		return print, links, strings.Repeat("b", i%70)
	}
	filesOf := func(i int) (list []uint32) {
		for k := range i % 3 {
			list = append(list, uint32(i+k))
		}
		return list
	}
	out := newMemosOut(count, count, entry)
	for i := range count {
		for _, f := range filesOf(i) {
			out.file(f)
		}
		out.end(i)
	}
	head := memosHead{build: 1, places: "8 bytes.", kept: "8 bytes.and more", shown: 3}
	head.catalogue = 1<<63 + 5
	names := &names{list: []string{"a.jpg", strings.Repeat("图", 100)}, at: []int32{0, 70_000}}
	if err := out.save(name, key, head, names, make([]byte, 3)); err != nil { // no articles, memberships or groups
		t.Fatal(err)
	}
	m := loadMemos(name, key, 2*count)
	if m.memosHead != head || !slices.Equal(m.names, names.list) || m.namesAt.len() != 2 || m.namesAt.at(0) != 0 || m.namesAt.at(1) != 70_000 {
		t.Errorf("%+v, %q", m.memosHead, m.names)
	}
	for i := range count {
		print, links, blob := entry(i)
		at, ok := m.find(print)
		if !ok || at != i || m.linksOf(i) != links || m.blobOf(i) != blob {
			t.Fatalf("memo %d was found as %d, %t, with %d bytes of outcome", i, at, ok, len(m.blobOf(i)))
		}
		files, want := m.filesOf(i), filesOf(i)
		for k := range want {
			if files.len() != len(want) || files.at(k) != int(want[k]) {
				t.Fatalf("memo %d has %d files instead of %d", i, files.len(), want)
			}
		}
	}
}

// A name that was not there when it was last remembered is looked for.
func TestNamesComeBack(t *testing.T) {
	there := map[string]int{"content/new.jpg": 4, "content/back.jpg": 0}
	n := newNames([]string{"kept.jpg", "back.jpg", "gone.jpg", "new.jpg"}, []int32{3, 0, 0}, func(path string) (int, bool) {
		i, ok := there[path]
		return i, ok
	})
	if want := []int32{3, 1, 0, 5}; !slices.Equal(n.at, want) {
		t.Errorf("names are at %d, want %d", n.at, want)
	}
}

// Problems are told in the order of what they are about, whoever found them first.
func TestProblemListsAreInOrder(t *testing.T) {
	var lists problemLists
	for _, n := range []int{30, 4, 100} {
		lists.add(n, diag.List{rulePage.At(diag.Pos{File: "x", Line: n}, n)})
		lists.add(n+1, nil)
	}
	var all diag.List
	lists.addTo(&all)
	var b bytes.Buffer
	for _, p := range all {
		fmt.Fprint(&b, p.Pos.Line, " ")
	}
	if b.String() != "4 30 100 " {
		t.Error(b.String())
	}
}
