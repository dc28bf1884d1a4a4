//go:build linux

package main

import (
	"fmt"
	"math"
	"slices"
)

// bar is a figure held against what it has to be.
type bar struct {
	number   int
	what     string
	articles int
	editions int
	got      float64
	want     float64
	atLeast  bool // got has to be want or more; else want or less
	unit     string
	note     string
}

func (b bar) ok() bool {
	if b.atLeast {
		return b.got >= b.want
	}
	return b.got <= b.want
}

// ratio is how good the figure is, 1 being just enough.
func (b bar) ratio() float64 {
	if b.atLeast {
		return b.got / b.want
	}
	if b.got <= 0 {
		return math.Inf(1)
	}
	return b.want / b.got
}

// limits are the bars of a size. Sizes between two have those of the larger one.
type limits struct {
	articles                    int
	rss                         float64 // MB
	nothing, more, freshSeconds float64
}

var limitsBySize = []limits{
	{10_000, 250, 0.3, 0.1, 4},
	{100_000, 500, 1.5, 0.6, 4},
	{1_000_000, 3 << 10, math.Inf(1), math.Inf(1), math.Inf(1)},
}

func limitsOf(articles int) limits {
	for _, l := range limitsBySize {
		if articles <= l.articles {
			return l
		}
	}
	return limitsBySize[len(limitsBySize)-1]
}

// bars returns every bar that the results can be held to.
func bars(rs results) (out []bar) {
	for _, n := range rs.sizes() {
		for _, e := range rs.editions(n) {
			out = append(out, fullBars(rs, n, e)...)
			out = append(out, changeBars(rs, n, e)...)
			out = append(out, touchBars(rs, n, e)...)
		}
	}
	out = append(out, growthBars(rs)...)
	slices.SortStableFunc(out, func(a, b bar) int { return a.number - b.number })
	return out
}

// fullBars are bars 1 and 2.
func fullBars(rs results, n, e int) (out []bar) {
	z, _ := rs.find(n, e, "zhendi", "full")
	if h, ok := rs.find(n, e, "hugo", "full"); ok {
		lowest := math.Inf(1)
		for i := range min(len(z.Samples), len(h.Samples)) {
			lowest = min(lowest, h.Samples[i].Wall/z.Samples[i].Wall)
		}
		out = append(out,
			bar{1, "full build, Hugo's wall time / ours", n, e, h.wall() / z.wall(), 3, true, "×", fmt.Sprintf("lowest pair %.2f", lowest)},
			bar{1, "full build, Hugo's CPU time / ours", n, e, h.cpu() / z.cpu(), 2.5, true, "×", ""})
	}
	if f, ok := rs.find(n, e, "floor", "full"); ok {
		out = append(out, bar{1, "full build, our wall time / the floor's", n, e, z.wall() / f.wall(), 1.5, false, "×", fmt.Sprintf("CPU %.2f", z.cpu()/f.cpu())})
	}
	return append(out, bar{2, "peak RSS of a full build", n, e, z.peak(), limitsOf(n).rss, false, " MB", ""})
}

// growthBars is bar 3: the time of an article in a site of 1,000,000 against one of 100,000. The
// steps below that are the curve; no bar holds them.
func growthBars(rs results) (out []bar) {
	sizes := rs.sizes()
	for _, e := range []int{1, 2} {
		for i := 1; i < len(sizes); i++ {
			a, ok1 := rs.find(sizes[i-1], e, "zhendi", "full")
			b, ok2 := rs.find(sizes[i], e, "zhendi", "full")
			if ok1 && ok2 {
				what := "time of an article, against " + thousands(sizes[i-1]) + " articles"
				out = append(out, bar{3, what, sizes[i], e, b.wall() / float64(sizes[i]) / (a.wall() / float64(sizes[i-1])), 1.3, false, "×", ""})
			}
		}
	}
	return out
}

// changeKinds are the changes that bars 4 and 5 are about.
var changeKinds = []string{"edited", "added", "added late", "retitled", "back-dated", "renamed", "withdrawn", "deleted"}

// changeBars is bar 4.
func changeBars(rs results, n, e int) (out []bar) {
	nothing, ok := rs.find(n, e, "zhendi", "nothing")
	if !ok {
		return nil
	}
	l := limitsOf(n)
	out = append(out, bar{4, "nothing changed", n, e, nothing.wall(), l.nothing, false, " s", ""},
		bar{4, "nothing changed: files that differ", n, e, float64(nothing.Touched), 0, false, "", ""})
	if h, ok := rs.find(n, e, "zhendi", "harmed"); ok {
		b := bar{4, "a file of the output lost, another altered", n, e, h.wall(), l.nothing + l.more, false, " s", "put back"}
		if !h.PutBack {
			b.got, b.note = math.Inf(1), "not put back"
		}
		out = append(out, b)
		b = bar{4, "all changes undone: files that differ from before", n, e, 0, 0, false, "", ""}
		if !h.Same {
			b.got, b.note = math.Inf(1), "not the same"
		}
		out = append(out, b)
	}
	for _, kind := range changeKinds {
		if r, ok := rs.find(n, e, "zhendi", kind); ok {
			out = append(out, bar{4, "one article " + kind + ": more than for nothing", n, e, max(0, r.wall()-nothing.wall()), l.more, false, " s", fmt.Sprintf("%.2f s in all", r.wall())})
		}
	}
	if r, ok := rs.find(n, e, "zhendi", "fresh checkout"); ok {
		out = append(out, bar{4, "fresh checkout", n, e, r.wall(), l.freshSeconds, false, " s", fmt.Sprintf("same bytes: %v", r.Same)},
			bar{4, "fresh checkout: files written", n, e, float64(r.Written), 0, false, "", ""})
	}
	return out
}

// touchBars is bar 5.
func touchBars(rs results, n, e int) (out []bar) {
	least := rs.sizes()[0]
	for _, kind := range changeKinds {
		r, ok := rs.find(n, e, "zhendi", kind)
		if !ok {
			continue
		}
		out = append(out, bar{5, "one article " + kind + ": files of one edition that differ", n, e, float64(r.Touched), float64(r.Allowed), false, "",
			fmt.Sprintf("%d link to it", r.Linking)})
		if small, ok := rs.find(least, e, "zhendi", kind); ok && least != n {
			out = append(out, bar{5, fmt.Sprintf("the same, without links, against %s articles", thousands(least)), n, e,
				float64(r.Touched - r.Linking), float64(small.Touched - small.Linking), false, "", ""})
		}
	}
	return out
}
