//go:build linux

package main

import (
	"os"
)

// peerMost is the largest number of articles that the peer and the floor program are given.
const peerMost = 100_000

// peerChanges is the largest number of articles at which the peer is measured after small changes.
const peerChanges = 10_000

// now is the time of all builds: what is published must not depend on the day they run.
const now = "2026-11-01 08:00"

// full measures builds into fresh folders, in turns.
func (m *measurement) full(editions int) error {
	if err := m.configure(editions); err != nil {
		return err
	}
	steps := []func(int) (result, error){m.zhendiFull}
	if m.articles <= peerMost {
		m.say("generating for Hugo, %d editions", editions)
		if err := m.makePeer(editions); err != nil {
			return err
		}
		steps = append(steps, m.hugoFull, m.floorFull)
	}
	for round := range m.rounds {
		for i := range steps {
			r, err := steps[(i+round)%len(steps)](editions)
			if err != nil {
				return err
			}
			m.say("full, %d editions, round %d of %d: %-7s %8.2f s %8.2f core-s %6d MB", editions, round+1, m.rounds, r.Program,
				r.Samples[0].Wall, r.Samples[0].CPU, r.Samples[0].RSS>>20)
			m.results.add(r)
		}
	}
	return nil
}

func (m *measurement) zhendiFull(editions int) (result, error) {
	if err := m.toss(m.path("site", "public"), m.path("site", ".zhendi")); err != nil {
		return result{}, err
	}
	r, err := m.into(editions, "zhendi", m.path("site", "public"), m.zhendiArgs("site")...)
	if err != nil {
		return r, err
	}
	b, err := os.ReadFile(m.path("site", "public", manifestPath))
	if err != nil {
		return r, err
	}
	return r, os.WriteFile(m.path("manifest.txt"), b, 0o644)
}

func (m *measurement) zhendiArgs(site string) []string {
	return []string{m.zhendi, "build", "--source", m.path(site), "--now", now, "--lang", "en"}
}

func (m *measurement) hugoFull(editions int) (result, error) {
	if err := m.toss(m.path("out"), m.path("cache")); err != nil {
		return result{}, err
	}
	return m.into(editions, "hugo", m.path("out"), m.hugoArgs(editions)...)
}

func (m *measurement) hugoArgs(editions int) []string {
	args := []string{m.hugo, "--source", m.path("peer"), "--destination", m.path("out"), "--cacheDir", m.path("cache"), "--noBuildLock", "--quiet"}
	if editions == 2 {
		return append(args, "--config", "hugo.toml,two.toml")
	}
	return append(args, "--config", "hugo.toml", "--contentDir", m.path("mixed", "content"))
}

func (m *measurement) floorFull(editions int) (result, error) {
	out := m.path("floor-out")
	if err := m.toss(out); err != nil {
		return result{}, err
	}
	r, err := m.into(editions, "floor", out, m.floor, "-site", m.path("site"), "-like", m.path("manifest.txt"), "-out", out)
	if err != nil {
		return r, err
	}
	return r, m.toss(out)
}

// into measures a full build and counts what it wrote.
func (m *measurement) into(editions int, program, out string, args ...string) (result, error) {
	r := result{Articles: m.articles, Editions: editions, Program: program, Kind: "full"}
	if err := m.sweep(outNeed(m.articles, editions)); err != nil {
		return r, err
	}
	s, _, err := measure(args...)
	if err != nil {
		return r, err
	}
	r.Samples = []sample{s}
	r.Files, r.Bytes, err = count(out)
	return r, err
}
