package build

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
)

// TestDeskServesWhatRunWrites changes a small site at random, again and again, as an editor does. After each change the
// desk is told of it, and every file that a clean build writes must come from the desk with the same bytes; the desk must
// know no other page.
//
// ZHENDI_TORTURE makes it long, with its value as the seed.
func TestDeskServesWhatRunWrites(t *testing.T) {
	seed, rounds, steps := uint64(7), 2, 24
	if s := os.Getenv("ZHENDI_TORTURE"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("ZHENDI_TORTURE: %v", err)
		}
		seed, rounds, steps = n, 40, 50
	} else if testing.Short() {
		rounds = 1
	}
	compared := 0
	for round := range rounds {
		r := rand.New(rand.NewPCG(seed, uint64(round)))
		log, bad := deskRound(t, r, steps, &compared)
		if bad != "" {
			t.Fatalf("seed %d, round %d:\n%s\n%s", seed, round, strings.Join(log, "\n"), bad)
		}
	}
	t.Logf("seed %d: %d states compared", seed, compared)
	if compared < rounds*steps/4 {
		t.Errorf("only %d states of %d could be built", compared, rounds*steps)
	}
}

func deskRound(t *testing.T, r *rand.Rand, steps int, compared *int) (log []string, bad string) {
	top := scratch(t)
	defer os.RemoveAll(top)
	s := &stage{t: t, dir: filepath.Join(top, "0"), world: newWorld(), disk: map[string]string{}}
	s.good = s.world.clone()
	s.sync(r)
	opt := s.world.options(s.dir)
	opt.Now = func(*time.Location) (time.Time, error) { return s.world.now, nil }
	d, err := OpenDesk(context.Background(), opt)
	s.must(err)
	defer func() { d.Close() }()
	for range steps {
		before := s.world
		if s.world != s.good && r.IntN(3) > 0 {
			s.world = s.good.clone()
			log = append(log, "take back")
		} else {
			s.world = s.world.clone()
		}
		log = append(log, s.world.change(r))
		changed := unequal(s.disk, s.world.files)
		s.sync(r)
		if s.world.run != before.run {
			d.Close()
			opt = s.world.options(s.dir)
			opt.Now = func(*time.Location) (time.Time, error) { return s.world.now, nil }
			d, err = OpenDesk(context.Background(), opt)
			s.must(err)
		} else if r.IntN(5) == 0 {
			changed = nil
			log = append(log, "look at all")
		}
		_, err = d.Refresh(context.Background(), changed)
		s.must(err)
		ok, bad := deskEqualsClean(s, d)
		if bad != "" {
			return log, bad
		}
		if ok {
			*compared++
			s.good = s.world.clone()
		}
	}
	return log, ""
}

// deskEqualsClean compares with a build of the same files in a new folder; not ok if that is refused.
func deskEqualsClean(s *stage, d *Desk) (ok bool, bad string) {
	clean := filepath.Join(filepath.Dir(s.dir), "clean")
	defer os.RemoveAll(clean)
	for p, text := range s.world.files {
		s.save(filepath.Join(clean, p), text, 0)
	}
	opt := s.world.options(clean)
	want := end(opt)
	if want.err != nil || want.problems.Count(diag.Error) > 0 {
		return false, ""
	}
	if n := d.Problems().Count(diag.Error); n > 0 {
		return true, fmt.Sprintf("%d errors where a clean build has none: %v", n, d.Problems())
	}
	files := readTree(s.t, opt.Out)
	delete(files, "_site/manifest.txt")
	for p, text := range files {
		got, _, ok := d.File(p)
		if !ok || string(got.Body) != text {
			return true, fmt.Sprintf("%s, %t: %s", p, ok, firstDifference(text, string(got.Body)))
		}
	}
	for _, p := range d.Paths() {
		if _, ok := files[p]; !ok {
			return true, fmt.Sprintf("%s is no page of a clean build", p)
		}
	}
	for _, p := range []string{"", ".", "../site.yaml", "site.yaml", "content/yw/a0.md", "yw/a0.md", "_data/terms.yaml", "yw", "_assets", "/index.html"} {
		if _, _, ok := d.File(p); ok {
			return true, p + " is served"
		}
	}
	return true, ""
}
