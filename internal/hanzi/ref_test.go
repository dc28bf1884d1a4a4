package hanzi

import (
	"os"
	"strings"
	"sync"
	"testing"

	"unicode/utf8"
	"zhendi/internal/hanzi/pack"
)

// A reference converts as OpenCC's sources do, stage by stage over maps, with
// nothing fused and nothing clever: the oracle for the fast tables. It reads the
// configuration with the package's own readConfig, and nothing else of it.
type reference struct {
	normalize, chain []refStage
	segment          refStage
}

// A refStage tries its groups in order; the first with a match wins.
type refStage []refGroup

// A refGroup takes the longest match over its dictionaries, of equals the first.
type refGroup []map[string]string

const refLongest = 16 // characters; no key is longer

func newReference(t testing.TB, name string, tofu bool) *reference {
	t.Helper()
	c, err := pack.ReadConfig(os.DirFS("data"), name)
	if err != nil {
		t.Fatal(err)
	}
	ref := &reference{}
	for _, s := range c.Normalization {
		ref.normalize = append(ref.normalize, newRefStage(t, s.Dict, tofu))
	}
	for _, s := range c.Chain {
		ref.chain = append(ref.chain, newRefStage(t, s.Dict, tofu))
	}
	if c.Segmentation != nil {
		ref.segment = newRefStage(t, c.Segmentation.Dict, tofu)
	}
	return ref
}

func newRefStage(t testing.TB, d pack.Dict, tofu bool) refStage {
	switch {
	case d.Type == "text":
		return refStage{refGroup{refDict(t, d.File)}}
	case d.Policy == "union":
		var g refGroup
		for _, sub := range d.Dicts {
			g = append(g, refDict(t, sub.File))
		}
		return refStage{g}
	}
	var s refStage
	for _, sub := range d.Dicts {
		if !sub.Tofu || tofu {
			s = append(s, newRefStage(t, sub, tofu)...)
		}
	}
	return s
}

func refDict(t testing.TB, file string) map[string]string {
	b, err := os.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if k, v, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t"); ok && k[0] != '#' {
			m[k] = strings.Fields(v)[0]
		}
	}
	return m
}

func (s refStage) match(text string) (key, value string, ok bool) {
	for _, g := range s {
		end, ends := 0, []int{}
		for range refLongest {
			_, n := utf8.DecodeRuneInString(text[end:])
			if n == 0 {
				break
			}
			end += n
			ends = append(ends, end)
		}
		for i := len(ends) - 1; i >= 0; i-- {
			for _, d := range g {
				if v, ok := d[text[:ends[i]]]; ok {
					return text[:ends[i]], v, true
				}
			}
		}
	}
	return "", "", false
}

// skip returns the length of what a stage passes over where nothing matches.
func skip(text string) int {
	if n := idsLen([]byte(text)); n > 0 {
		return n
	}
	_, n := utf8.DecodeRuneInString(text)
	return n
}

func (s refStage) convert(text string) string {
	var b strings.Builder
	for text != "" {
		n := 0
		if k, v, ok := s.match(text); ok {
			b.WriteString(v)
			n = len(k)
		} else {
			n = skip(text)
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

func (s refStage) segments(text string) []string {
	var out []string
	run := 0
	for i := 0; i < len(text); {
		k, _, ok := s.match(text[i:])
		if !ok {
			i += skip(text[i:])
			continue
		}
		if run < i {
			out = append(out, text[run:i])
		}
		out = append(out, k)
		i += len(k)
		run = i
	}
	if run < len(text) {
		out = append(out, text[run:])
	}
	return out
}

func (r *reference) String(text string) string {
	for _, s := range r.normalize {
		text = s.convert(text)
	}
	segments := []string{text}
	if r.segment != nil {
		segments = r.segment.segments(text)
	}
	for i := range segments {
		for _, s := range r.chain {
			segments[i] = s.convert(segments[i])
		}
	}
	return strings.Join(segments, "")
}

var references sync.Map // by name

// newReferenceFor is newReference, kept for the next call.
func newReferenceFor(t testing.TB, name string) *reference {
	if r, ok := references.Load(name); ok {
		return r.(*reference)
	}
	r := newReference(t, name, false)
	references.Store(name, r)
	return r
}
