package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// plan is what to write.
type plan struct {
	site     string
	base     string // address of the site, without the last slash
	files    []file // all of the manifest, in its order
	articles []article
	others   []file
	prefixes []string // "" and, with two editions, that of the second
}

// file is a line of the manifest.
type file struct {
	path  string
	size  int
	class string
	index int // in plan.files
}

func (f file) page() bool { return strings.HasSuffix(f.path, ".html") }

// article is a Markdown file and the pages it makes, one for each edition.
type article struct {
	source string // below content
	out    []file
}

const second = "hant/"

// newPlan reads the manifest and lists the articles of the site. A page belongs to the article
// whose file has the same name.
func newPlan(site, like string) (*plan, error) {
	p := &plan{site: site, prefixes: []string{""}}
	pages := map[string][]file{}
	if err := p.readManifest(like); err != nil {
		return nil, err
	}
	for _, f := range p.files {
		if f.page() && path.Base(f.path) != "index.html" {
			name := strings.TrimSuffix(path.Base(f.path), ".html")
			pages[name] = append(pages[name], f)
		} else {
			p.others = append(p.others, f)
		}
		if f.path == second+"index.html" {
			p.prefixes = append(p.prefixes, second)
		}
	}
	content := filepath.Join(site, "content")
	err := filepath.WalkDir(content, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") || d.Name() == "_index.md" {
			return err
		}
		rel, err := filepath.Rel(content, name)
		if err != nil {
			return err
		}
		return p.add(rel, pages)
	})
	for _, rest := range pages { // 404.html and the like
		p.others = append(p.others, rest...)
	}
	return p, err
}

// add gives the article at source its pages, and takes them from the others.
func (p *plan) add(source string, pages map[string][]file) error {
	id := strings.TrimSuffix(filepath.Base(source), ".md")
	a := article{source: source, out: make([]file, len(p.prefixes))}
	for _, f := range pages[id] {
		if strings.HasPrefix(f.path, second) {
			a.out[1] = f
		} else {
			a.out[0] = f
		}
	}
	delete(pages, id)
	for _, f := range a.out {
		if f.path == "" {
			return fmt.Errorf("%s has no page in the manifest", source)
		}
	}
	p.articles = append(p.articles, a)
	return nil
}

func (p *plan) readManifest(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			if url, ok := strings.CutPrefix(line, "# base-url: "); ok {
				p.base = strings.TrimSuffix(url, "/")
			}
			continue
		}
		_, rest, ok := strings.Cut(line, "  ")
		fields := strings.Split(rest, "\t")
		if !ok || len(fields) < 4 {
			return fmt.Errorf("%s: cannot read %q", name, line)
		}
		size, err := strconv.Atoi(fields[1])
		if err != nil {
			return err
		}
		p.files = append(p.files, file{fields[0], size, fields[2], len(p.files)})
	}
	return lines.Err()
}

// each calls do for 0 … n-1 on all cores, and returns the first error.
func each(n int, do func(i int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					once.Do(func() { first = err })
					next.Store(int64(n))
				}
			}
		})
	}
	wg.Wait()
	return first
}
