//go:build linux

package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// result is how a case went with a publisher.
type result struct {
	Tool, Case string
	First      outcome
	Left       state   // after it
	Twice      bool    `json:",omitempty"`
	Second     outcome // of the repetition
	After      state
	Other      *outcome `json:",omitempty"` // of a second publisher
	Hit        bool     `json:",omitempty"` // the mishap took place

	Reads, Faults, Late int // of the reader
}

// results are kept in a file between runs, so that publishers can be measured on different days.
type results struct {
	Site string // what was published: other figures are not kept
	All  []result
}

func (r *results) load(name, site string) error {
	b, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, r)
	}
	if r.Site != site {
		*r = results{Site: site}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// add replaces what is known of the case with that publisher, and keeps all in the file.
func (r *results) add(name string, one result) error {
	r.All = append(slices.DeleteFunc(r.All, func(old result) bool { return old.Tool == one.Tool && old.Case == one.Case }), one)
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o644)
}

func (r *results) find(t tool, c kase) (result, bool) {
	i := slices.IndexFunc(r.All, func(one result) bool { return one.Tool == t.name && one.Case == c.name })
	if i < 0 {
		return result{}, false
	}
	return r.All[i], true
}

// any reports whether the case was gone through by a publisher.
func (r *results) any(c kase) bool {
	return slices.ContainsFunc(r.All, func(one result) bool { return one.Case == c.name })
}

// line tells of a result while the program runs, with what the publisher said if it failed.
func (r result) line() string {
	s := fmt.Sprintf("%s | %s: exit %d, %v: %v", r.Tool, r.Case, r.First.Exit, r.First, r.Left)
	if r.Reads > 0 {
		s += fmt.Sprintf("; reader: %d reads, %d faults, %d late", r.Reads, r.Faults, r.Late)
	}
	if r.Other != nil {
		s += fmt.Sprintf("; the other: exit %d", r.Other.Exit)
	}
	if r.Twice {
		s += fmt.Sprintf(" || hit %v; again: exit %d, %v: %v", r.Hit, r.Second.Exit, r.Second, r.After)
	}
	for _, o := range []*outcome{&r.First, &r.Second, cmp.Or(r.Other, &outcome{})} {
		if o.Exit != 0 {
			s += "\n    " + strings.ReplaceAll(tail(o.text, 500), "\n", "\n    ")
		}
	}
	return s
}

func tail(s string, n int) string {
	s = strings.TrimSpace(s)
	return strings.ToValidUTF8(s[max(0, len(s)-n):], "")
}

// String gives requests by kind, bytes and time.
func (o outcome) String() string {
	var list []string
	for _, k := range kinds {
		if n := o.Requests[k]; n > 0 {
			list = append(list, fmt.Sprintf("%s %s", k, number(n)))
		}
	}
	return fmt.Sprintf("%s requests (%s), %s up, %s down, %.1f s, %.1f s of CPU", number(o.total()), strings.Join(list, ", "), size(o.Up), size(o.Down), o.Wall, o.CPU)
}

func size(n int64) string {
	switch {
	case n >= 10e6:
		return fmt.Sprintf("%s MB", number(int((n+500e3)/1e6)))
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%d KB", (n+500)/1000)
}
