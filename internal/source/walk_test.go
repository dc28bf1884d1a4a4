package source

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

// wild makes a tree of everything that can stand in one below dir/content, with a secret beside it.
func wild(t *testing.T, dir string) {
	t.Helper()
	put(t, dir, "outside/secret.md", "secret")
	folders := []string{"content"}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		in := folders[r.IntN(len(folders))]
		name := fmt.Sprintf("%s/%c%d", in, "az-_.A党~"[r.IntN(6)], i)
		switch r.IntN(12) {
		case 0, 1:
			folders = append(folders, name)
		case 2:
			put(t, dir, in+"/cafe\u0301.md", "e") // NFD
		case 3:
			put(t, dir, in+"/caf\u00e9.md", "e")
		case 4:
			link(t, dir, name, filepath.Join(dir, "outside"))
		case 5:
			link(t, dir, name, filepath.Join(dir, "outside", "secret.md"))
		case 6:
			link(t, dir, name, ".")
		default:
			put(t, dir, name+".md", name)
		}
		for _, f := range folders {
			if err := os.MkdirAll(filepath.Join(dir, f), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func link(t *testing.T, dir, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
		t.Skip("no symbolic links here:", err)
	}
}

// listing is all that Walk says of a folder.
func listing(t *testing.T, dir string) string {
	t.Helper()
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	files, problems := tree.Walk("content")
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintln(&b, f)
	}
	if err := problems.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// plainListing lists a folder one by one, by means of package os.
func plainListing(t *testing.T, dir string) string {
	t.Helper()
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var l lister
	var fill func(b *branch)
	fill = func(b *branch) {
		l.slow(tree, b)
		for _, e := range slices.Clone(l.entries) {
			b.add(tree, e, nil)
		}
		for _, m := range b.marks {
			if m.sub != nil {
				fill(m.sub)
			}
		}
	}
	top := &branch{disk: "content", name: "content"}
	fill(top)
	files, problems := top.gather(nil, nil)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	var b strings.Builder
	for i, f := range files {
		if i > 0 && files[i-1].Path == f.Path {
			problems.Add(ruleSameName.At(diag.Pos{File: f.disk}, files[i-1].disk))
			continue
		}
		fmt.Fprintln(&b, f)
	}
	if err := problems.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWalkIsTheSameOnAllCores(t *testing.T) {
	dir := t.TempDir()
	wild(t, dir)
	want := plainListing(t, dir)
	if !strings.Contains(want, "but for its Unicode form") || !strings.Contains(want, "leads out") || !strings.Contains(want, "is not followed") {
		t.Fatalf("not wild enough: %s", want)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(cores)
		for range 5 {
			if got := listing(t, dir); got != want {
				t.Fatalf("%d cores:\n%s\nwant\n%s", cores, got, want)
			}
		}
	}
}

// TestNoFolderLeavesTheRootWhileItIsListed exchanges a folder and a link that leads out as fast as it can.
func TestNoFolderLeavesTheRootWhileItIsListed(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "outside/secret.md", "secret")
	for i := range 20 {
		put(t, dir, fmt.Sprintf("site/content/d/%d/a.md", i), "a")
	}
	link(t, dir, "site/content/l", filepath.Join(dir, "outside"))
	inside := filepath.Join(dir, "site", "content", "d")
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			a, l := filepath.Join(inside, fmt.Sprint(i%20)), filepath.Join(dir, "site", "content", "l")
			os.Rename(a, a+"x")
			os.Rename(l, a)
			os.Rename(a, l)
			os.Rename(a+"x", a)
		}
	}()
	seen := 0
	for range 300 {
		got := listing(t, filepath.Join(dir, "site"))
		if strings.Contains(got, "secret") {
			t.Errorf("a file outside was found: %s", got)
			break
		}
		seen += strings.Count(got, "leads out")
	}
	close(stop)
	<-ended
	if seen == 0 {
		t.Error("the link was never seen")
	}
}

// TestWalkClosesFolders counts the open files of the process.
func TestWalkClosesFolders(t *testing.T) {
	open := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(fds)
	}
	dir := t.TempDir()
	wild(t, dir)
	listing(t, dir)
	before := open()
	for range 3 {
		listing(t, dir)
	}
	if after := open(); after > before {
		t.Errorf("%d files are open, before %d", after, before)
	}
}

func BenchmarkWalk(b *testing.B) {
	dir := b.TempDir()
	for i := range 5000 {
		d := filepath.Join(dir, "content", fmt.Sprint("c", i%50))
		if err := os.MkdirAll(d, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, fmt.Sprintf("2026-01-02-%d.md", i)), nil, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer tree.Close()
	b.ReportAllocs()
	for b.Loop() {
		if files, _ := tree.Walk("content"); len(files) != 5000 {
			b.Fatal(len(files))
		}
	}
}
