package build

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"zhendi/internal/source"
)

// An index holds every file, however many pieces it is written in.
func TestIndexHoldsAllFiles(t *testing.T) {
	var files []source.File
	var known []hashes
	for i := range 3000 {
		path := fmt.Sprintf("content/%04d/%s.md", i, strings.Repeat("x", i%300)) // lengths of one byte and of two
		files = append(files, source.File{Path: path, Stamp: source.Stamp{Size: int64(i), ModTime: 1, Changed: 2, Inode: 3}})
		known = append(known, hashes{sha256.Sum256([]byte(path)), 7})
	}
	s := sourcesOf(nil, files, known, 1<<40)
	index := s.index()
	if len(index) != s.indexLen() || len(index) < 3*64<<10 {
		t.Errorf("%d bytes instead of %d", len(index), s.indexLen())
	}
	for i, want := range files {
		f, ok := index.next()
		if !ok || f.path != want.Path || f.stamp != want.Stamp || f.hashes != known[i] {
			t.Fatalf("file %d is %+v, %t", i, f, ok)
		}
	}
	if f, ok := index.next(); ok {
		t.Errorf("and then %+v", f)
	}
}
