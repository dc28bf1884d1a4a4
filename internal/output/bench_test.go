package output

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// benchSite returns n pages of 8 KB, 500 to a folder.
func benchSite(n int) []File {
	files := make([]File, n)
	for i := range files {
		body := bytes.Repeat(fmt.Appendf(nil, "第 %d 篇 ", i), 900)
		files[i] = File{Path: fmt.Sprintf("col%d/2025/p%06d.html", i/500, i), Class: Article, Body: body[:8<<10]}
	}
	return files
}

// workers calls f with every file, from as many goroutines as there are cores.
func workers(files []File, f func(File)) {
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		wg.Go(func() {
			for i := w; i < len(files); i += n {
				f(files[i])
			}
		})
	}
	wg.Wait()
}

func commitAll(b *testing.B, dir string, files []File) Result { return commitBy(b, dir, files, 0) }

// commitBy commits; a site of swapFrom files, most of which change, is exchanged folder by folder.
func commitBy(b *testing.B, dir string, files []File, swapFrom int) Result {
	tx, err := Open(b.Context(), dir, Options{Stamps: dir + ".stamps", swapFrom: swapFrom})
	if err != nil {
		b.Fatal(err)
	}
	workers(files, func(f File) {
		if err := tx.Put(f); err != nil {
			b.Error(err)
		}
	})
	r, err := tx.Commit(facts)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

const benchFiles = 10_000

// BenchmarkPlainWrite is the floor: os.WriteFile, no hash, no manifest, nothing else.
func BenchmarkPlainWrite(b *testing.B) {
	files := benchSite(benchFiles)
	top := b.TempDir()
	for i := 0; b.Loop(); i++ {
		dir := filepath.Join(top, fmt.Sprint(i))
		for _, f := range files {
			if f.Path[len(f.Path)-7:] == "00.html" || f.Path[len(f.Path)-8:] == "500.html" {
				os.MkdirAll(filepath.Join(dir, filepath.Dir(f.Path)), 0o777)
			}
		}
		workers(files, func(f File) {
			if err := os.WriteFile(filepath.Join(dir, f.Path), f.Body, 0o666); err != nil {
				b.Error(err)
			}
		})
	}
}

func BenchmarkFirstWrite(b *testing.B) {
	files := benchSite(benchFiles)
	top := b.TempDir()
	for i := 0; b.Loop(); i++ {
		commitAll(b, filepath.Join(top, fmt.Sprint(i)), files)
	}
}

func BenchmarkUnchanged(b *testing.B) {
	files := benchSite(benchFiles)
	dir := b.TempDir()
	commitAll(b, dir, files)
	commitAll(b, dir, files)
	for b.Loop() {
		commitAll(b, dir, files)
	}
}

func BenchmarkKeep(b *testing.B) {
	files := benchSite(benchFiles)
	dir := b.TempDir()
	commitAll(b, dir, files)
	commitAll(b, dir, files)
	for b.Loop() {
		tx, err := Open(b.Context(), dir, Options{Stamps: dir + ".stamps"})
		if err != nil {
			b.Fatal(err)
		}
		for i := range tx.Previous().Len() {
			if ok, err := tx.Intact(i); !ok || err != nil {
				b.Error(ok, err)
			}
			tx.KeepAt(i)
		}
		if _, err := tx.Commit(facts); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRewrite changes every file of a site that stands, folder by folder and file by file.
func BenchmarkRewrite(b *testing.B) {
	for _, c := range []struct {
		name string
		from int
	}{{"Folders", 1}, {"Files", 1 << 30}} {
		b.Run(c.name, func(b *testing.B) {
			files := benchSite(benchFiles)
			dir := b.TempDir()
			commitAll(b, dir, files)
			for i := 0; b.Loop(); i++ {
				for _, f := range files {
					copy(f.Body, fmt.Sprintf("%08d", i))
				}
				commitBy(b, dir, files, c.from)
			}
		})
	}
}

func BenchmarkManifest(b *testing.B) {
	m := &Manifest{Build: facts}
	for _, f := range benchSite(benchFiles) {
		m.Files = append(m.Files, Entry{Path: f.Path, Class: f.Class, Size: 8 << 10, Media: MediaType(f.Path)})
	}
	slices.SortFunc(m.Files, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	var text bytes.Buffer
	b.Run("Write", func(b *testing.B) {
		for b.Loop() {
			text.Reset()
			m.Write(&text)
		}
	})
	b.Run("Parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Parse(text.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
