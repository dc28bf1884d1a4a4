package publish

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/output"
)

// album is a world whose first article has a picture; nothing but the article and its pictures goes with it.
func album() (w *world, path string) {
	w = newWorld(1)
	paths := slices.Sorted(maps.Keys(w.articles))
	for _, p := range paths {
		w.articles[p].tags, w.articles[p].picture = []string{"t"}, p == paths[0]
	}
	return w, paths[0]
}

func scaledName(id int) string { return fmt.Sprintf("%sp%d.png", scaled, id) }

func purged(rc *Receipt, file string) bool {
	return slices.Contains(slices.Concat(rc.Purge...), "https://www.example.gov.cn"+Address(file))
}

// Caches keep assets for a year: they must be told of those that go with an article. They do not count as deletions.
func TestCachesHearOfPicturesThatAreTakenBack(t *testing.T) {
	p := place{Dir: t.TempDir()}
	w, path := album()
	job{Place: p, Out: w.build(t, 1)}.must(t)
	id := w.articles[path].id
	w.withdraw(path, "")
	opt, err := job{Place: p, Out: w.build(t, 2), Allow: []string{AllowGone}}.options()
	if err != nil {
		t.Fatal(err)
	}
	opt.MaxDelete = 2 // the page and its picture
	r, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rc, err := r.Do(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path + ".html", path + ".png", scaledName(id)} {
		if !slices.Contains(rc.Removed, file) || !purged(rc, file) {
			t.Errorf("%s: removed %v, to purge %v", file, rc.Removed, rc.Purge)
		}
	}
}

// If a run is cut off when its manifest is live already, the next one names what caches have wrong: nobody else does.
func TestCachesHearOfARunThatWasCutOff(t *testing.T) {
	p := bucket(t)
	w, path := album()
	other := slices.Sorted(maps.Keys(w.articles))[1]
	w.articles[other].txt = strings.Repeat("长文", 800) // with compressed copies
	job{Place: p, Out: w.build(t, 1)}.must(t)
	id := w.articles[path].id
	w.withdraw(path, "")
	w.articles[other].txt += "改"
	out := w.build(t, 2)
	x, through := newProxy(t, p)
	x.reset(cutAfterManifest())
	if _, _, err := (job{Place: through, Out: out, Allow: []string{AllowGone}}).run(context.Background()); err == nil {
		t.Fatal("the fault was not noticed")
	}
	_, rc := job{Place: p, Out: out, Force: true}.must(t)
	for _, file := range []string{path + ".html", path + ".png", scaledName(id), other + ".html"} {
		if !purged(rc, file) {
			t.Errorf("%s is not to be purged: %v", file, rc.Purge)
		}
	}
	if all := strings.Join(slices.Concat(rc.Purge...), " "); strings.Contains(all, ".css") || strings.Contains(all, ".gz") {
		t.Errorf("what never changes, or nobody asks for, is to be purged: %s", all)
	}
}

// A copy that is lacking is a refusal, also where pictures go.
func TestLackingCopyWherePicturesGo(t *testing.T) {
	p := place{Dir: t.TempDir()}
	w, path := album()
	job{Place: p, Out: w.build(t, 1)}.must(t)
	other := slices.Sorted(maps.Keys(w.articles))[1]
	older := contents(t, p.open(t).Site)[other+".html"]
	w.write(other, w.articles[other])
	come := *w.articles[path]
	come.id, come.tags = 77, []string{"t"}
	w.write(w.path(), &come)
	job{Place: p, Out: w.build(t, 2)}.must(t)
	private := filepath.Join(p.Dir, "www.zhendi")
	copies, err := filepath.Glob(filepath.Join(private, copiesDir, "*"))
	if err != nil || len(copies) == 0 {
		t.Fatal(copies, err)
	}
	for _, name := range copies {
		if b, err := os.ReadFile(name); err == nil && string(b) == older {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, _, err = job{Place: p, Back: true}.run(context.Background())
	var re *RefusedError
	if !errors.As(err, &re) || !slices.Equal(re.Refusals[0].Paths, []string{other + ".html"}) {
		t.Errorf("%v", err)
	}
}

func TestNothingBeforeWhatIsForgotten(t *testing.T) {
	bad := change{before: output.Sum{1}}
	r := &Run{live: &live{}, back: &back{history: &history{changes: []change{{before: output.Sum{2}, back: output.Sum{9}}, bad}}}}
	if got := r.before(); got != -1 {
		t.Errorf("the one before is %d", got)
	}
}

// A hot list speaks of an article by its title: it must not where a notice stands in its place.
func TestHotListsLoseWhatHasANotice(t *testing.T) {
	p := place{Dir: t.TempDir()}
	w, path := album()
	other := slices.Sorted(maps.Keys(w.articles))[1]
	w.articles[path].picture = false // nothing is removed
	job{Place: p, Out: w.build(t, 1)}.must(t)
	tg := p.open(t)
	hot := fmt.Sprintf(`{"site":[{"url":"%s.html","title":"撤下的"},{"url":"%s.html","title":"在的"}]}`, (&url.URL{Path: "/" + path}).EscapedPath(), (&url.URL{Path: "/" + other}).EscapedPath())
	if _, err := tg.Site.Put(context.Background(), small("_views/hot.json", []byte(hot), "application/json"), Cond{}); err != nil {
		t.Fatal(err)
	}
	w.withdraw(path, "")
	w.notices[path] = true
	r, _ := job{Place: p, Out: w.build(t, 2)}.must(t)
	if n, _ := r.Plan.Count(Delete); n > 0 {
		t.Fatalf("%+v", r.Plan.Steps)
	}
	if got := contents(t, tg.Site)["_views/hot.json"]; strings.Contains(got, "撤下的") || !strings.Contains(got, "在的") {
		t.Error(got)
	}
}
