//go:build linux

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// report prints the figures and holds them to the bars. It returns how many were missed.
func report(w io.Writer, rs results) (missed int) {
	figures(w, rs)
	smallBuilds(w, rs)
	fmt.Fprint(w, "\n| bar | what | articles | editions | figure | to be | ratio | | |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, b := range bars(rs) {
		verdict, limit := "OK", "≤ "
		if b.atLeast {
			limit = "≥ "
		}
		switch {
		case math.IsInf(b.want, 0):
			continue
		case b.number == 3 && b.articles != 1_000_000:
			verdict = "–" // not a bar, but the curve
		case !b.ok():
			verdict = "**short**"
			missed++
		}
		fmt.Fprintf(w, "| %d | %s | %s | %d | %s%s | %s%s%s | %s | %s | %s |\n", b.number, b.what, thousands(b.articles), b.editions,
			number(b.got), b.unit, limit, number(b.want), b.unit, ratio(b), verdict, b.note)
	}
	for _, l := range limitsBySize {
		if !slices.Contains(rs.sizes(), l.articles) {
			fmt.Fprintf(w, "\nNot measured: the bars of %s articles.\n", thousands(l.articles))
		}
	}
	fmt.Fprintf(w, "\n%d missed. Ratio: how good the figure is; 1 is just enough.\n", missed)
	return missed
}

// figures prints full builds; the rows of one program are the curve.
func figures(w io.Writer, rs results) {
	fmt.Fprint(w, "| articles | editions | full build by | s | lowest–highest | core-s | ms an article | peak RSS MB | files | MB |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rs {
		if r.Kind != "full" {
			continue
		}
		walls := r.each(wall)
		fmt.Fprintf(w, "| %s | %d | %s | %.2f | %.2f–%.2f | %.2f | %.3f | %.0f | %s | %.0f |\n", thousands(r.Articles), r.Editions, r.Program, r.wall(),
			slices.Min(walls), slices.Max(walls), r.cpu(), 1000*r.wall()/float64(r.Articles), r.peak(), thousands(r.Files), float64(r.Bytes)/1e6)
	}
}

// smallBuilds prints builds after changes.
func smallBuilds(w io.Writer, rs results) {
	fmt.Fprint(w, "\n| articles | editions | build by | after | s | core-s | peak RSS MB | files written | files that differ | may differ |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rs {
		if r.Kind == "full" {
			continue
		}
		wrote, differ, may := "", "", ""
		if r.Program == "zhendi" {
			wrote = thousands(r.Written)
		}
		if r.Touched > 0 {
			differ = thousands(r.Touched)
		}
		if r.Allowed > 0 {
			may = strconv.Itoa(r.Allowed) + " an edition"
		} else if r.Files > 0 {
			may = "of " + thousands(r.Files)
		}
		fmt.Fprintf(w, "| %s | %d | %s | %s | %.3f | %.3f | %.0f | %s | %s | %s |\n", thousands(r.Articles), r.Editions, r.Program, r.Kind, r.wall(), r.cpu(), r.peak(), wrote, differ, may)
	}
}

func ratio(b bar) string {
	switch {
	case b.want == 0 || math.IsInf(b.ratio(), 0):
		return ""
	}
	return strconv.FormatFloat(b.ratio(), 'f', 2, 64)
}

// number writes a figure with as many digits as it is good for.
func number(f float64) string {
	switch {
	case math.IsInf(f, 0):
		return "–"
	case f == math.Trunc(f) && f < 1e6:
		return thousands(int(f))
	case f >= 100:
		return strconv.FormatFloat(f, 'f', 0, 64)
	case f >= 1:
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return strconv.FormatFloat(f, 'f', 3, 64)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
