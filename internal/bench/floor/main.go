// Command floor does what no build of a portal can do without, and nothing else: what a
// program without a model would take. It reads a site that zhendi has built, and writes
// the same files again, as many pages with as much in them, to a fresh folder:
//
//   - an article: read, YAML front matter, goldmark, html/template with header and footer made
//     once, QR code, SHA-256, write; for the edition in the other script title, source, author,
//     tags and body are converted first;
//   - another page: a template of twenty rows;
//   - a picture: read and written;
//   - a feed, site map or data file: as many bytes;
//   - the manifest.
//
// It resolves no link, orders nothing, checks nothing, and knows no column, period or
// neighbour: rows are always the same twenty articles. Figures are in internal/bench/README.md.
//
//	floor -site DIR -like MANIFEST -out DIR    the site; what zhendi built of it; a folder that is not there yet
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
)

func main() {
	site := flag.String("site", "", "folder of a site")
	like := flag.String("like", "", "manifest of what zhendi built of it")
	out := flag.String("out", "", "folder to write; it must not be there")
	flag.Parse()
	if *site == "" || *like == "" || *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	n, err := run(*site, *like, *out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
	fmt.Printf("%d articles, %d pages, %d files\n", n.articles, n.pages, n.files)
}

// counts says what was written.
type counts struct{ articles, pages, files int }

func run(site, like, out string) (n counts, err error) {
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		return n, fmt.Errorf("%s is there already", out)
	}
	p, err := newPlan(site, like)
	if err != nil {
		return n, err
	}
	w, err := newWriter(p, out)
	if err != nil {
		return n, err
	}
	if err := each(len(p.articles), w.article); err != nil {
		return n, err
	}
	if err := each(len(p.others), w.other); err != nil {
		return n, err
	}
	n.articles, n.files = len(p.articles), len(p.files)
	for _, a := range p.articles {
		n.pages += len(a.out)
	}
	for _, o := range p.others {
		if o.page() {
			n.pages++
		}
	}
	return n, w.manifest()
}
