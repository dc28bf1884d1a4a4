package output

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A site of 100,000 articles in two editions has so many files, in so many folders. The benchmarks here make none
// of them: they measure what this package does itself.
const (
	scaleFiles = 342_000
	perFolder  = 5
)

// scalePath is the path of file i, in the order of their paths.
func scalePath(i int) string {
	return fmt.Sprintf("col%02d/2025-%05d/article-%06d.html", i*20/scaleFiles, i/perFolder, i)
}

// scaleSite leaves in dir a manifest of many files, with stamps.
func scaleSite(b *testing.B, dir string) {
	b.Helper()
	m := &Manifest{Build: facts}
	for i := range scaleFiles {
		e := Entry{Path: scalePath(i), Class: Article, Size: int64(9000 + i%5000), Media: MediaType("x.html")}
		for k := range e.Sum {
			e.Sum[k] = byte(i >> (k % 3 * 7) * (k + 3))
		}
		m.Files = append(m.Files, e)
	}
	var text bytes.Buffer
	if err := m.Write(&text); err != nil {
		b.Fatal(err)
	}
	name := filepath.Join(dir, filepath.FromSlash(ManifestPath))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, text.Bytes(), 0o666); err != nil {
		b.Fatal(err)
	}
	change(b, dir, 0)
	change(b, dir, 1)
}

// change commits ten other files and keeps all others; it is how Open and Commit are measured.
func change(b *testing.B, dir string, n int) {
	tx := openScale(b, dir, system())
	keepBut(tx, n)
	if _, err := tx.Commit(facts); err != nil {
		b.Fatal(err)
	}
}

func openScale(b *testing.B, dir string, sys ops) *Tx {
	tx, err := open(b.Context(), dir, Options{Stamps: dir + ".stamps"}, sys)
	if err != nil {
		b.Fatal(err)
	}
	return tx
}

func keepBut(tx *Tx, n int) {
	for i := range scaleFiles {
		if i%(scaleFiles/10) == 7 {
			tx.Put(File{Path: scalePath(i), Class: Article, Body: fmt.Append(nil, n)})
		} else {
			tx.KeepAt(i)
		}
	}
}

// held returns the bytes of the heap in use.
func held() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkScaleOpen(b *testing.B) {
	dir := filepath.Join(memory(b), "public")
	scaleSite(b, dir)
	b.ReportAllocs()
	for b.Loop() {
		tx := openScale(b, dir, system())
		b.StopTimer()
		tx.Abort()
		b.StartTimer()
	}
}

func BenchmarkScaleCommit(b *testing.B) {
	dir := filepath.Join(memory(b), "public")
	scaleSite(b, dir)
	b.ReportAllocs()
	for n := 2; b.Loop(); n++ {
		b.StopTimer()
		tx := openScale(b, dir, system())
		keepBut(tx, n)
		runtime.GC()
		b.StartTimer()
		if _, err := tx.Commit(facts); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScaleHeld measures the memory that a transaction holds for each file before Commit, and after it.
func BenchmarkScaleHeld(b *testing.B) {
	dir := filepath.Join(memory(b), "public")
	b.Run("Put", func(b *testing.B) {
		sys := system() // a system that writes nothing into the work folder
		mkdir, rename := sys.mkdir, sys.rename
		stage := filepath.Join(dir, WorkDir, "new")
		ours := func(name string) bool { return strings.HasPrefix(name, stage) }
		sys.put = func(string, []byte) (stamp, error) { return stamp{1, 1}, nil }
		sys.mkdir = func(name string) error {
			if ours(name) {
				return nil
			}
			return mkdir(name)
		}
		sys.rename = func(from, to string) error {
			if ours(from) {
				return nil
			}
			return rename(from, to)
		}
		for b.Loop() {
			os.RemoveAll(dir)
			os.Remove(dir + ".stamps")
			before := held()
			tx := openScale(b, dir, sys)
			for i := range scaleFiles {
				i = i * 7919 % scaleFiles
				if err := tx.Put(File{Path: scalePath(i), Class: Article, Body: []byte("x")}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(held()-before)/scaleFiles, "B/file-open")
			if _, err := tx.Commit(facts); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(held()-before)/scaleFiles, "B/file-committed")
			runtime.KeepAlive(tx)
		}
	})
	b.Run("Keep", func(b *testing.B) {
		scaleSite(b, dir)
		for n := 2; b.Loop(); n++ {
			before := held()
			tx := openScale(b, dir, system())
			keepBut(tx, n)
			b.ReportMetric(float64(held()-before)/scaleFiles, "B/file-open")
			if _, err := tx.Commit(facts); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(held()-before)/scaleFiles, "B/file-committed")
			runtime.KeepAlive(tx)
		}
	})
}

// BenchmarkScaleText writes and reads the text of a large manifest.
func BenchmarkScaleText(b *testing.B) {
	dir := filepath.Join(memory(b), "public")
	scaleSite(b, dir)
	m, err := ReadManifest(dir)
	if err != nil {
		b.Fatal(err)
	}
	var text bytes.Buffer
	m.Write(&text)
	b.Run("Write", func(b *testing.B) {
		for b.Loop() {
			m.Write(io.Discard)
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

// BenchmarkIntact looks at files that nobody altered.
func BenchmarkIntact(b *testing.B) {
	dir := filepath.Join(memory(b), "public")
	files := make([]File, 34_200)
	for i := range files {
		files[i] = File{Path: scalePath(i * 10)[:16] + scalePath(i), Class: Article}
	}
	commitAll(b, dir, files)
	commitAll(b, dir, files)
	tx := openScale(b, dir, system())
	defer tx.Abort()
	b.ReportAllocs()
	for b.Loop() {
		intactAll(b, tx)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(files)), "ns/file")
}

func intactAll(b *testing.B, tx *Tx) {
	intact := make([]bool, tx.Previous().Len())
	for i := 0; i < len(intact); i += 512 {
		if err := tx.IntactFrom(i, intact[i:min(i+512, len(intact))]); err != nil {
			b.Fatal(err)
		}
	}
	if slices.Contains(intact, false) {
		b.Fatal("a file is said to be altered")
	}
}
