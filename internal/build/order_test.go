package build

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"zhendi/themes"
)

// What is related to an article, and its entry in the catalogue, is taken from the last build where it must be as it was. Many articles share few tags here, a few
// change at a time in all ways, and after each build the site is as if it were made anew.
//
// ZHENDI_TORTURE makes it long, with its value as the seed.
func TestRelatedArticlesAreThoseOfACleanBuild(t *testing.T) {
	rounds, seed := 8, uint64(3)
	if s := os.Getenv("ZHENDI_TORTURE"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("ZHENDI_TORTURE: %v", err)
		}
		rounds, seed = 100, n
	}
	d := newDesk(t, 120, 2, 1, seed)
	d.build()
	for round := range rounds {
		var done []string
		for range 1 + d.r.IntN(4) {
			kind := pick(d.r, append([]string{"deleted", "dated", "tags"}, changeKinds...))
			d.alter(kind)
			done = append(done, kind)
		}
		was, name := d.build(), filepath.Join(d.dir, CacheDir, "catalogue.json")
		catalogue, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for f := range differences(was, d.clean()) {
			t.Errorf("seed %d, round %d, after %q: %s is not as in a clean build", seed, round, done, f)
		}
		if clean, err := os.ReadFile(name); err != nil || !bytes.Equal(clean, catalogue) {
			t.Errorf("seed %d, round %d, after %q: the catalogue is not as in a clean build (%v)", seed, round, done, err)
		}
	}
}

// alter is change with more kinds: an article is deleted, gets the date of another, or other tags.
func (d *desk) alter(kind string) {
	p := pick(d.r, d.shown())
	for slices.ContainsFunc(d.pieces, func(q *piece) bool { return slices.Contains(q.links, p.file()) }) {
		p = pick(d.r, d.shown()) // others would have to be edited with it
	}
	switch kind {
	case "deleted":
		if err := os.Remove(filepath.Join(d.dir, "content", p.file())); err != nil {
			d.t.Fatal(err)
		}
		d.pieces = slices.DeleteFunc(d.pieces, func(q *piece) bool { return q == p })
		return
	case "dated":
		p.date = d.anyDate()
	case "tags":
		p.tags = []string{pick(d.r, deskTags)}
	default:
		d.change(kind)
		return
	}
	d.save(p)
}

// clean builds the site anew, beside its output, and returns the sum of each file.
func (d *desk) clean() map[string][32]byte {
	out := filepath.Join(d.dir, "clean")
	_, _, err := Run(context.Background(), Options{Source: d.dir, Out: out, Themes: themes.FS, Version: "test", Forget: true,
		Now: func(*time.Location) (time.Time, error) { return deskNow, nil }})
	if err != nil {
		d.t.Fatal(err)
	}
	return sums(d.t, out)
}

// An article that moves among the others is gone from where it was, and new where it is.
func TestSinceFindsEveryChange(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var last []digest
		var o order
		for i := range r.IntN(12) {
			last = append(last, digest{1, byte(i)})
		}
		for _, d := range last {
			o.digests += string(d[:])
		}
		now := slices.Clone(last)
		for k := range r.IntN(4) {
			switch i := r.IntN(len(now) + 1); {
			case i == len(now) || r.IntN(3) == 0:
				now = slices.Insert(now, i, digest{2, byte(k)})
			case r.IntN(2) == 0:
				now = slices.Delete(now, i, i+1)
			default:
				d := now[i]
				now = slices.Delete(now, i, i+1)
				now = slices.Insert(now, r.IntN(len(now)+1), d)
			}
		}
		c := o.since(now)
		var again []digest // the last, made of what is said of it
		gone := c.gone
		for n := range len(now) + 1 {
			for len(gone) > 0 && int(gone[0].now) <= n {
				again, gone = append(again, last[gone[0].was]), gone[1:]
			}
			if n < len(now) && c.was[n] > 0 {
				if last[c.was[n]-1] != now[n] {
					t.Fatalf("%v after %v: %v", now, last, c)
				}
				again = append(again, now[n])
			}
		}
		if !slices.Equal(again, last) {
			t.Fatalf("%v after %v: %v", now, last, c)
		}
	}
}
