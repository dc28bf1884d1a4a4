//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
)

// result is what was measured of one kind of build.
type result struct {
	Articles int    `json:"articles"`
	Editions int    `json:"editions"`
	Program  string `json:"program"`
	Kind     string `json:"kind"` // full, fresh checkout, harmed, or that of a change

	Samples []sample `json:"samples"` // one each round

	Files   int   `json:"files,omitempty"` // in the output, and their bytes
	Bytes   int64 `json:"bytes,omitempty"`
	Written int   `json:"written,omitempty"` // files, as the program says; -1 if it does not
	Touched int   `json:"touched,omitempty"` // files of one edition that differ from the build before
	Linking int   `json:"linking,omitempty"` // those of them that are other articles linking to the changed one
	Allowed int   `json:"allowed,omitempty"` // how many may
	Same    bool  `json:"same,omitempty"`    // the output is again what it was
	PutBack bool  `json:"putBack,omitempty"` // files lost and altered are as they were
}

// results are kept in the order in which they were first added.
type results []result

// find returns the result of a kind of build.
func (rs results) find(articles, editions int, program, kind string) (result, bool) {
	i := slices.IndexFunc(rs, func(r result) bool {
		return r.Articles == articles && r.Editions == editions && r.Program == program && r.Kind == kind
	})
	if i < 0 {
		return result{}, false
	}
	return rs[i], true
}

// add adds a round. Of what is counted the worst of all rounds is kept.
func (rs *results) add(r result) {
	for i := range *rs {
		o := &(*rs)[i]
		if o.Articles == r.Articles && o.Editions == r.Editions && o.Program == r.Program && o.Kind == r.Kind {
			o.Samples = append(o.Samples, r.Samples...)
			if r.Touched-r.Allowed > o.Touched-o.Allowed {
				o.Touched, o.Linking, o.Allowed = r.Touched, r.Linking, r.Allowed
			}
			o.Written = max(o.Written, r.Written)
			o.Same, o.PutBack = o.Same && r.Same, o.PutBack && r.PutBack
			return
		}
	}
	*rs = append(*rs, r)
}

// replace puts new results of a number of articles in the place of old ones.
func (rs *results) replace(articles int, with results) {
	*rs = slices.DeleteFunc(*rs, func(r result) bool { return r.Articles == articles })
	*rs = append(*rs, with...)
	slices.SortStableFunc(*rs, func(a, b result) int { return a.Articles - b.Articles })
}

func (rs *results) load(name string) error {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || name == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(b, rs)
}

func (rs results) save(name string) error {
	if name == "" {
		return nil
	}
	b, err := json.MarshalIndent(rs, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), 0o644)
}

// sizes returns the numbers of articles, and editions the numbers of editions of one.
func (rs results) sizes() (out []int) {
	for _, r := range rs {
		if !slices.Contains(out, r.Articles) {
			out = append(out, r.Articles)
		}
	}
	return out
}

func (rs results) editions(articles int) (out []int) {
	for _, e := range []int{1, 2} {
		if _, ok := rs.find(articles, e, "zhendi", "full"); ok {
			out = append(out, e)
		}
	}
	return out
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

func (r result) each(f func(sample) float64) []float64 {
	out := make([]float64, len(r.Samples))
	for i, s := range r.Samples {
		out[i] = f(s)
	}
	return out
}

func wall(s sample) float64 { return s.Wall }
func cpu(s sample) float64  { return s.CPU }
func rss(s sample) float64  { return float64(s.RSS) / (1 << 20) }

func (r result) wall() float64 { return median(r.each(wall)) }
func (r result) cpu() float64  { return median(r.each(cpu)) }

// peak returns MB, of all rounds the most.
func (r result) peak() float64 {
	if len(r.Samples) == 0 {
		return 0
	}
	return slices.Max(r.each(rss))
}
