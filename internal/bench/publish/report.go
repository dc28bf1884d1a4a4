//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// report prints the tables as Markdown.
func report(w io.Writer, site string, all *results) {
	fmt.Fprintf(w, "%s\n\n", site)
	for _, t := range tools {
		fmt.Fprintf(w, "- **%s**: %s.\n", t.name, t.about)
	}
	calm := func(c kase) bool { return !c.again }
	table(w, all, "Requests, bytes sent, seconds, CPU seconds of the publisher; what is wrong afterwards.", calm, func(t tool) bool { return t.cases == "" }, undisturbed)
	table(w, all, "Requests by kind: "+strings.Join(kinds, " / ")+".", calm, func(t tool) bool { return t.cases == "" }, byKind)
	table(w, all, "Mishaps: exit status, requests; what is wrong then → after the same publication has run once more, undisturbed.", func(c kase) bool { return c.again },
		func(t tool) bool { return t.full && t.cases == "" }, disturbed)
	table(w, all, "With `verify`, both commands together:", func(c kase) bool { return strings.Contains(verified, c.name) },
		func(t tool) bool { return t.cases != "" }, func(r result) string {
			if r.Twice {
				return disturbed(r)
			}
			return undisturbed(r)
		})
	readers(w, all)
}

// table prints cases as rows and publishers as columns.
func table(w io.Writer, all *results, title string, ofCase func(kase) bool, ofTool func(tool) bool, cell func(result) string) {
	if !slices.ContainsFunc(cases, func(c kase) bool { return ofCase(c) && !c.empty && all.any(c) }) {
		return
	}
	fmt.Fprintf(w, "\n%s\n\n| |", title)
	rule := "|---|"
	for _, t := range tools {
		if ofTool(t) {
			fmt.Fprintf(w, " %s |", t.name)
			rule += "---|"
		}
	}
	fmt.Fprintf(w, "\n%s\n", rule)
	for _, c := range cases {
		if !ofCase(c) {
			continue
		}
		fmt.Fprintf(w, "| %s |", c.name)
		for _, t := range tools {
			if !ofTool(t) {
				continue
			}
			if r, ok := all.find(t, c); ok {
				fmt.Fprintf(w, " %s |", cell(r))
			} else {
				fmt.Fprint(w, " |")
			}
		}
		fmt.Fprintln(w)
	}
}

func undisturbed(r result) string {
	s := fmt.Sprintf("%s · %s · %.1f s · %.1f", number(r.First.total()), size(r.First.Up), r.First.Wall, r.First.CPU)
	if r.First.Exit != 0 {
		s += fmt.Sprintf(" · exit %d", r.First.Exit)
	}
	if r.Left != (state{}) {
		s += " · **" + r.Left.String() + "**"
	}
	return s
}

func byKind(r result) string {
	var list []string
	for _, k := range kinds {
		list = append(list, number(r.First.Requests[k]))
	}
	return strings.Join(list, " / ")
}

// disturbed gives both publications of a mishap. Bold is what harms readers, or what exit status 0 hides.
func disturbed(r result) string {
	exit := func(n int) string {
		if n == -1 {
			return "killed"
		}
		return fmt.Sprintf("exit %d", n)
	}
	first := exit(r.First.Exit)
	if r.Other != nil {
		first += ", the other " + exit(r.Other.Exit)
	}
	s := fmt.Sprintf("%s · %s · %s", first, number(r.First.total()), bold(r.Left, r.First.Exit))
	s += fmt.Sprintf(" → %s", number(r.Second.total()))
	if r.Second.Exit != 0 {
		s += " · " + exit(r.Second.Exit)
	}
	if r.Left != (state{}) {
		s += " · " + bold(r.After, r.Second.Exit)
	}
	return s
}

func bold(s state, exit int) string {
	if s.harmful() || exit == 0 && s != (state{}) {
		return "**" + s.String() + "**"
	}
	return s.String()
}

// readers tells what a reader met while the theme changed.
func readers(w io.Writer, all *results) {
	if !slices.ContainsFunc(cases, func(c kase) bool { return c.reader && all.any(c) }) {
		return
	}
	fmt.Fprint(w, "\nA reader while the theme changed:\n\n| | reads | not there at once | gone for pages a minute old |\n|---|---|---|---|\n")
	for _, t := range tools {
		for _, c := range cases {
			if r, ok := all.find(t, c); ok && c.reader {
				fmt.Fprintf(w, "| %s | %s | %d | %d |\n", t.name, number(r.Reads), r.Faults, r.Late)
			}
		}
	}
}
