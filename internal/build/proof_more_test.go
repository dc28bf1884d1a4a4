package build

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zhendi/internal/diag"
)

// set makes a stage with the world built once.
func set(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, dir: filepath.Join(scratch(t), "0"), world: newWorld(), disk: map[string]string{}, n: new(tally), foreign: map[string]string{"CNAME": "mine"}}
	s.good = s.world.clone()
	s.sync(rand.New(rand.NewPCG(0, 0)))
	if bad := s.check(); bad != "" {
		t.Fatal(bad)
	}
	return s
}

// What cannot be remembered does not keep a build from its job, and it says nothing wrong ever after: at each
// place of the memory there is a file where a folder should be, or the reverse.
func TestMemoryThatCannotBeWritten(t *testing.T) {
	s := set(t)
	for _, p := range []string{"cache", "cache/public", "cache/articles", "pictures"} {
		name := filepath.Join(s.dir, CacheDir, p)
		s.must(os.RemoveAll(name))
		s.save(name, "in the way", 0)
		for n := range 2 {
			s.world = s.world.clone()
			s.world.files["content/yw/a0.md"] += fmt.Sprint("\n再一段 ", p, n, "。\n")
			s.sync(rand.New(rand.NewPCG(0, 0)))
			got := end(s.world.options(s.dir))
			clean := filepath.Join(filepath.Dir(s.dir), "clean")
			for p, text := range s.world.files {
				s.save(filepath.Join(clean, p), text, 0)
			}
			want := end(s.world.options(clean))
			for _, d := range s.differs(got, want, nil, readTree(t, filepath.Join(clean, "public"))) {
				t.Errorf("%s is a file: %s", p, d)
			}
			s.must(os.RemoveAll(clean))
		}
		s.must(os.Remove(name))
		if bad := s.check(); bad != "" {
			t.Errorf("after %s was a file: %s", p, bad)
		}
	}
}

// Builds at the same time wait for each other: into one folder, and into two that share the memory of articles.
func TestBuildsAtTheSameTime(t *testing.T) {
	s := set(t)
	for round := range 3 {
		s.world = s.world.clone()
		s.world.files["content/yw/a0.md"] += fmt.Sprintf("\n第 %d 轮。\n", round)
		s.sync(rand.New(rand.NewPCG(0, 0)))
		var wg sync.WaitGroup
		for n := range 6 {
			wg.Go(func() {
				opt := s.world.options(s.dir)
				if n%3 == 2 {
					opt.Out = filepath.Join(s.dir, "other")
				}
				if _, problems, err := Run(context.Background(), opt); err != nil || problems.Count(diag.Error) > 0 {
					t.Error(err, problems)
				}
			})
		}
		wg.Wait()
		a, b := readTree(t, s.out()), readTree(t, filepath.Join(s.dir, "other"))
		delete(a, "CNAME")
		if d := unequal(a, b); len(d) > 0 {
			t.Errorf("the two outputs differ in %s", strings.Join(d, " "))
		}
		if bad := s.check(); bad != "" {
			t.Error(bad)
		}
	}
}

// Files that a killed run had begun do not stay for ever.
func TestMemoryOfKilledRuns(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": keptSettings, "content/yw/_index.md": front("title", "要闻"), "content/yw/a.md": page("甲", "正文。")})
	begun := []string{"index-1.tmp", "pages-22.tmp", "texts/3-4.tmp"}
	for _, name := range begun {
		put(t, dir, filepath.Join(CacheDir, "cache/public", name), "begun")
	}
	buildSite(t, dir, nil)
	left := readAll(t, filepath.Join(dir, CacheDir, "cache/public"))
	for _, name := range begun {
		if _, there := left[name]; there {
			t.Errorf("%s is still there", name)
		}
	}
	if _, there := left["index"]; !there {
		t.Error("nothing is remembered")
	}
}
