//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
)

// hugoChanges measures the peer: nothing changed, one article edited, one added; and how many of its
// files differ after the last.
func (m *measurement) hugoChanges(editions int, edited string, original []byte) error {
	trees := []string{m.path("mixed", "content")}
	if editions == 2 {
		trees = []string{m.path("pair", "content-hans"), m.path("pair", "content-hant")}
	}
	var before files
	for _, c := range []change{
		{"nothing", func(string) error { return nil }},
		{"edited", func(tree string) error { return appendTo(filepath.Join(tree, edited), "\n补充一段。\n") }},
		{"added", func(tree string) error {
			if err := cutFrom(filepath.Join(tree, edited), "\n补充一段。\n"); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(tree, strings.TrimPrefix(probeFile, "content/")), probe("机关党委召开专题学习会", newest, ""), 0o644)
		}},
	} {
		for _, tree := range trees {
			if err := c.do(tree); err != nil {
				return err
			}
		}
		s, _, err := measure(m.hugoArgs(editions)...)
		if err != nil {
			return err
		}
		r := result{Articles: m.articles, Editions: editions, Program: "hugo", Kind: c.kind, Samples: []sample{s}}
		if c.kind != "edited" {
			now, err := readFiles(m.path("out"))
			if err != nil {
				return err
			}
			if before == nil {
				before = now
			}
			r.Files, r.Touched = len(now), compare(before, now).len()
		}
		m.say("%d editions: Hugo, %-8s %8.2f s %8.2f core-s", editions, c.kind, s.Wall, s.CPU)
		m.results.add(r)
	}
	return nil
}

func appendTo(name, text string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(text)
	return err
}

// cutFrom undoes appendTo.
func cutFrom(name, text string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return os.Truncate(name, info.Size()-int64(len(text)))
}
