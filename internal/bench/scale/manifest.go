//go:build linux

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// files maps the path of each file of an output to the SHA-256 of its bytes.
type files map[string][sha256.Size]byte

// readManifest reads the manifest that zhendi wrote into out.
func readManifest(out string) (files, error) {
	name := filepath.Join(out, manifestPath)
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := files{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		sum, rest, ok := strings.Cut(line, "  ")
		path, _, tab := strings.Cut(rest, "\t")
		var s [sha256.Size]byte
		if n, err := hex.Decode(s[:], []byte(sum)); !ok || !tab || err != nil || n != len(s) {
			return nil, fmt.Errorf("%s: cannot read %q", name, line)
		}
		all[path] = s
	}
	return all, lines.Err()
}

const manifestPath = "_site/manifest.txt"

// readFiles hashes all files of an output.
func readFiles(out string) (files, error) {
	all := files{}
	err := filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(out, name)
		if err == nil {
			all[filepath.ToSlash(rel)] = sha256.Sum256(b)
		}
		return err
	})
	return all, err
}

// delta is what differs between two outputs, each sorted.
type delta struct{ changed, added, gone []string }

func (d delta) len() int { return len(d.changed) + len(d.added) + len(d.gone) }

// all returns every path that differs.
func (d delta) all() []string { return slices.Concat(d.changed, d.added, d.gone) }

func compare(before, after files) (d delta) {
	for _, p := range slices.Sorted(maps.Keys(after)) {
		switch old, ok := before[p]; {
		case !ok:
			d.added = append(d.added, p)
		case old != after[p]:
			d.changed = append(d.changed, p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[p]; !ok {
			d.gone = append(d.gone, p)
		}
	}
	return d
}

func readOne(out, path string) ([sha256.Size]byte, error) {
	b, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(path)))
	return sha256.Sum256(b), err
}
