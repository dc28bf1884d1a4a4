//go:build linux

package main

import (
	"path/filepath"
	"strconv"
)

// fresh measures a build of a fresh checkout: the site, its public and its .zhendi copied to
// another place, every file with a time of its own. Nothing should be rendered again.
func (m *measurement) fresh(editions int) error {
	if m.articles > peerMost {
		return nil // there is seldom room for a second copy
	}
	start, err := readManifest(m.path("site", "public"))
	if err != nil {
		return err
	}
	for range freshRounds(m.articles, m.rounds) {
		if err := m.sweep(outNeed(m.articles, editions) + sourceNeed(m.articles, editions)); err != nil {
			return err
		}
		if err := command("cp", "-r", m.path("site"), m.path("checkout")); err != nil {
			return err
		}
		r := result{Articles: m.articles, Editions: editions, Program: "zhendi", Kind: "fresh checkout", Written: -1}
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
		after, err := readManifest(filepath.Join(m.path("checkout"), "public"))
		if err != nil {
			return err
		}
		r.Same = compare(start, after).len() == 0
		m.say("%d editions: fresh checkout %8.3f s %8.3f core-s %6d written", editions, s.Wall, s.CPU, r.Written)
		m.results.add(r)
		if err := m.toss(m.path("checkout")); err != nil {
			return err
		}
	}
	return nil
}

// freshRounds spares large copies.
func freshRounds(articles, rounds int) int {
	if articles >= 100_000 {
		return 1
	}
	return rounds
}
