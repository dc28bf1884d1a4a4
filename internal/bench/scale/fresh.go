//go:build linux

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// fresh measures builds of a fresh checkout: articles with new times, public and .zhendi restored as CI keeps them, with
// theirs; then all files of it with new times. Nothing should be rendered again.
func (m *measurement) fresh(editions int) error {
	if m.articles > peerMost {
		return nil // there is seldom room for a second copy
	}
	start, err := readManifest(m.path("site", "public"))
	if err != nil {
		return err
	}
	for range freshRounds(m.articles, m.rounds) {
		if err := m.checkout(editions); err != nil {
			return err
		}
		for _, kind := range []string{"fresh checkout", "all times new"} {
			if kind != "fresh checkout" {
				if err := renew(m.path("checkout")); err != nil {
					return err
				}
			}
			syscall.Sync() // what was just copied is not the build's to write
			if err := m.freshBuild(kind, editions, start); err != nil {
				return err
			}
		}
		if err := m.toss(m.path("checkout")); err != nil {
			return err
		}
	}
	return nil
}

// checkout copies the site.
func (m *measurement) checkout(editions int) error {
	err := m.sweep(outNeed(m.articles, editions) + sourceNeed(m.articles, editions))
	if err == nil {
		err = os.Mkdir(m.path("checkout"), 0o755)
	}
	for name, how := range map[string]string{"content": "-r", "site.yaml": "-r", "public": "-a", ".zhendi": "-a"} {
		if err == nil {
			err = command("cp", how, m.path("site", name), m.path("checkout", name))
		}
	}
	return err
}

// renew gives all files below dir the present time.
func renew(dir string) error {
	now := time.Now()
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(name, now, now)
	})
}

func (m *measurement) freshBuild(kind string, editions int, start files) error {
	r := result{Articles: m.articles, Editions: editions, Program: "zhendi", Kind: kind, Written: -1}
	s, out, err := measure(m.zhendiArgs("checkout")...)
	if err != nil {
		return err
	}
	r.Samples = []sample{s}
	if f := written.FindStringSubmatch(out); f != nil {
		if r.Written, err = strconv.Atoi(f[1]); err != nil {
			return err
		}
	}
	after, err := readManifest(m.path("checkout", "public"))
	if err != nil {
		return err
	}
	r.Same = compare(start, after).len() == 0
	m.say("%d editions: %s %8.3f s %8.3f core-s %6d written", editions, kind, s.Wall, s.CPU, r.Written)
	m.results.add(r)
	return nil
}

// freshRounds spares large copies.
func freshRounds(articles, rounds int) int {
	if articles >= 100_000 {
		return 1
	}
	return rounds
}
