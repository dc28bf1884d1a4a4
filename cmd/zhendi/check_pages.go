package main

import (
	"os"
	"path/filepath"
	"strings"

	"zhendi/internal/build"
)

// pagesOf returns the pages to look at: one of each kind or, with --output, all, built into a folder that is
// thrown away. What is wrong with the articles' texts is then among the problems of l.
func (e *env) pagesOf(o checkOptions, l *build.Loaded, opt build.Options) ([]build.Page, error) {
	if !o.output {
		return l.Look(e.ctx)
	}
	dir, err := os.MkdirTemp("", "zhendi-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	opt.Out, opt.Forget = dir, true // what is remembered is about the real output
	_, problems, err := build.Run(e.ctx, opt)
	if err != nil {
		return nil, err
	}
	l.Problems.Add(problems...)
	var pages []build.Page
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") {
			return err
		}
		page, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		pages = append(pages, build.Page{Path: filepath.ToSlash(rel), HTML: page})
		return err
	})
	return pages, err
}
