package output

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// versionSite is the vth version of a site: every page says so on its first and last line, names
// its stylesheet, and is long enough to be read in parts.
func versionSite(v int) site {
	css := fmt.Sprintf("assets/a-%d.css", v)
	s := site{css: fmt.Sprint("css ", v)}
	for _, p := range []string{"index.html", "党建/index.html", "党建/1.html", "党建/2.html", fmt.Sprintf("党建/new-%d.html", v)} {
		s[p] = fmt.Sprintf("%s\n%s\n%s", css, strings.Repeat("正文", 20_000+1_000*v), css)
	}
	return s
}

// torn says what is wrong with a page of a versionSite.
func torn(body string) string {
	lines := strings.Split(body, "\n")
	if len(lines) != 3 || lines[0] != lines[2] {
		return fmt.Sprintf("torn page of %d bytes", len(body))
	}
	return ""
}

// Readers who load page and stylesheet while builds follow one another never see a part of a page, a
// page that goes and comes, or one whose stylesheet is missing.
func TestReadersSeeWholePages(t *testing.T) {
	dir := filepath.Join(memory(t), "public")
	if _, err := build(t, system(), dir, versionSite(0)); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var readers sync.WaitGroup
	var reads atomic.Int64
	for _, page := range []string{"index.html", "党建/index.html", "党建/1.html"} {
		readers.Go(func() {
			for !stop.Load() {
				if wrong := load(dir, page); wrong != "" {
					t.Errorf("%s: %s", page, wrong)
					return
				}
				reads.Add(1)
			}
		})
	}
	rounds := 30
	if torture() {
		rounds = 2000
	}
	for v := range rounds {
		if _, err := build(t, system(), dir, versionSite(v%7)); err != nil {
			t.Error(err)
		}
	}
	stop.Store(true)
	readers.Wait()
	t.Logf("%d loads during %d builds", reads.Load(), rounds)
}

// load reads a page and its stylesheet as a browser does.
func load(dir, page string) string {
	for {
		body, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			return err.Error()
		}
		if wrong := torn(string(body)); wrong != "" {
			return wrong
		}
		css, _, _ := strings.Cut(string(body), "\n")
		_, err = os.Stat(filepath.Join(dir, css))
		if err == nil {
			return ""
		}
		// If the page is a newer one by now, the reader was slow; if not, it stands without its stylesheet.
		if again, err2 := os.ReadFile(filepath.Join(dir, page)); err2 == nil && string(again) == string(body) {
			return err.Error()
		}
	}
}

const childVar = "ZHENDI_OUTPUT_TEST_CHILD"

// TestKillNine kills a process that builds one version after another, at random moments.
func TestKillNine(t *testing.T) {
	if dir := os.Getenv(childVar); dir != "" {
		for v := 0; ; v++ {
			if _, err := build(t, system(), dir, versionSite(v%5)); err != nil {
				t.Fatal(err)
			}
		}
	}
	rounds := 5
	if torture() {
		rounds = 400
	}
	dir := filepath.Join(memory(t), "public")
	cut := 0
	for round := range rounds {
		child := exec.Command(os.Args[0], "-test.run=^TestKillNine$")
		child.Env = append(os.Environ(), childVar+"="+dir)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
		child.Process.Kill()
		child.Wait()

		for path, body := range tree(t, dir) {
			if strings.HasSuffix(path, ".html") && !strings.HasPrefix(path, WorkDir) {
				css, _, _ := strings.Cut(body, "\n")
				if _, err := os.Stat(filepath.Join(dir, css)); torn(body) != "" || err != nil {
					t.Errorf("round %d: %s: %s %v", round, path, torn(body), err)
				}
			}
		}
		if _, err := ReadManifest(dir); errors.Is(err, ErrInterrupted) {
			cut++
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		want := versionSite(round % 3)
		if _, err := build(t, system(), dir, want); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		wantTree(t, dir, want)
	}
	t.Logf("killed %d times, %d of them in Commit", rounds, cut)
}
