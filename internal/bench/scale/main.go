//go:build linux

// Command scale measures how zhendi's cost grows with a site, against Hugo and the floor program,
// and holds the figures to the bars. scale.sh builds the programs it needs and starts it.
//
// For each number of articles it makes a site from the generator's articles, then, for one and
// for two editions:
//
//   - full builds into fresh folders by zhendi, Hugo and floor, in turns, the order changing
//     from round to round (full.go);
//   - with the last number of editions, builds after small changes (changes.go): nothing, one article
//     edited, added (new, and with an old date), retitled, back-dated, renamed, withdrawn, deleted, and
//     files of the output lost or altered; what the manifest says has changed is counted. After each round the site must
//     be what it was at the start, byte for byte;
//   - a fresh checkout: new times of articles, and of everything (fresh.go).
//
// Wall time, CPU time (user and system) and peak RSS are those of the whole process, as the kernel
// counts them (process.go). Figures are kept in a file by number of articles, so that sizes measured
// on other days are in the report (results.go, report.go, bars.go).
//
// Nothing is deleted on disk while it measures: file systems create files slowly for minutes after
// many were deleted. Old outputs are moved aside; when room runs out they are deleted, and it waits
// (workspace.go).
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// programs are the paths of what is run, and of what stands beside them.
type programs struct {
	zhendi, hugo, floor, corpus string
	hugoSite                    string // folder of the peer's portal
	assets                      string // style and scripts for it
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "run" {
		os.Exit(runMeasured(os.Args[2:]))
	}
	err := scale()
	var short shortError
	switch {
	case errors.As(err, &short):
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(3)
	case err != nil:
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// shortError says how many bars were missed.
type shortError int

func (e shortError) Error() string { return fmt.Sprintf("%d bars missed", int(e)) }

func scale() error {
	var p programs
	for name, to := range map[string]*string{"zhendi": &p.zhendi, "hugo": &p.hugo, "floor": &p.floor, "corpus": &p.corpus,
		"hugo-site": &p.hugoSite, "assets": &p.assets} {
		flag.StringVar(to, name, "", "")
	}
	work := flag.String("work", "", "folder to work in")
	sizes := flag.String("sizes", "1000", "numbers of articles")
	editions := flag.String("editions", "1 2", "numbers of editions; above 100,000 articles only the first")
	pairs := flag.Int("pairs", 0, "rounds; 0: by size")
	kept := flag.String("results", "", "file that keeps figures")
	settle := flag.Int("settle", 180, "seconds to wait after deleting on a disk")
	flag.Parse()
	var all results
	if err := all.load(*kept); err != nil {
		return err
	}
	list := strings.Fields(*sizes)
	for i, s := range list {
		n, err := strconv.Atoi(s)
		if err != nil || n < 100 {
			return fmt.Errorf("%s is no number of articles from 100 on", s)
		}
		w, err := newWorkspace(filepath.Join(*work, fmt.Sprintf("n%d", n)), *settle)
		if err != nil {
			return err
		}
		m := &measurement{programs: p, workspace: w, articles: n, rounds: rounds(n, *pairs), editions: editionsFor(n, strings.Fields(*editions))}
		err = m.all()
		if err := errors.Join(err, w.clear(i+1 < len(list))); err != nil {
			return err
		}
		all.replace(n, m.results)
		if err := all.save(*kept); err != nil {
			return err
		}
	}
	if missed := report(os.Stdout, all); missed > 0 {
		return shortError(missed)
	}
	return nil
}

// rounds returns how often each figure is taken.
func rounds(n, asked int) int {
	switch {
	case asked > 0:
		return asked
	case n > 100_000:
		return 1
	case n > 10_000:
		return 3
	}
	return 5
}

// editionsFor returns the numbers of editions to build: beyond 100,000 articles two of them would
// not fit on the disk of most machines.
func editionsFor(n int, asked []string) (out []int) {
	for _, s := range asked {
		if s == "2" {
			out = append(out, 2)
		} else {
			out = append(out, 1)
		}
	}
	if n > 100_000 && len(out) > 1 {
		out = out[:1]
	}
	return out
}

// measurement is what is done for one number of articles.
type measurement struct {
	programs
	*workspace
	articles int
	rounds   int
	editions []int
	results  results
}

func (m *measurement) all() error {
	if err := m.room(m.articles, m.editions); err != nil {
		return err
	}
	if err := m.makeSite(); err != nil {
		return err
	}
	for _, e := range m.editions {
		if err := m.full(e); err != nil {
			return err
		}
	}
	last := m.editions[len(m.editions)-1]
	if err := m.changes(last); err != nil {
		return err
	}
	if err := m.fresh(last); err != nil {
		return err
	}
	return nil
}

// say tells what is being done, on standard error.
func (m *measurement) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%8d  %s\n", m.articles, fmt.Sprintf(format, args...))
}
