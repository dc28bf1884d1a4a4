package check

import (
	"cmp"
	"slices"

	"zhendi/internal/diag"
)

var ruleNear = diag.Rule{ID: "Z38", Severity: diag.Warning,
	ZH: "与 %[1]s 几乎相同（约 %[2]d%%）", EN: "almost the same as %[1]s (about %[2]d%%)",
	FixZH: "是同一篇的删去一篇，用 alsoIn 列入其他栏目", FixEN: "delete one, and list the other in both columns by alsoIn"}

var nearSame = Analyser{
	ID: "Z38", Severity: diag.Warning,
	Name: diag.T("稿件雷同", "near-duplicates"),
	Doc: diag.T("两篇正文几乎相同：按四字片段取样比较，八成五以上相同、正文 200 字以上的报告后一篇。标点、空格、简繁的差别不算。",
		"Two articles whose texts are almost the same: samples of runs of four characters agree by 85 % or more, texts of 200 characters or more. Marks and blanks do not count."),
	Mistaken: diag.T("格式固定的通知公告：在 site.yaml 里把 Z38 设为 info。", "Notices of a fixed form: set Z38 to info."),
	Portal:   func(p *Portal) { p.near() },
}

// A Sketch stands for a text in comparisons: the smallest hashes of its runs of four characters (a bottom-k
// sketch). The share of hashes that two sketches have in common is about that of the texts' runs.
type Sketch []uint32

const (
	sketchSize = 96
	sketchMin  = 200 // characters of a text worth comparing
	runLength  = 4
	nearShare  = 0.85
	keys       = 6 // smallest hashes by which candidates are found
)

// Sketch returns the sketch of the text that was looked at last, nil if it is short.
func (t *Text) Sketch() Sketch {
	n := 0
	for i := range t.Blocks {
		if b := &t.Blocks[i]; b.Start >= t.BodyAt {
			n += b.To - b.From
		}
	}
	if n < sketchMin {
		return nil
	}
	// Most hashes are too large to be among the smallest: with room to spare, two thirds of the work.
	s := t.hashes(uint32(min(1<<32-1, (3*sketchSize<<32)/n)))
	if len(s) < sketchSize {
		s = t.hashes(1<<32 - 1)
	}
	return slices.Clone(s)
}

// hashes returns the smallest hashes of the body's runs of characters, none above limit.
func (t *Text) hashes(limit uint32) []uint32 {
	const multiplier = 0x9E3779B97F4A7C15 // golden ratio: multiplicative hashing, Knuth 6.4
	h := t.heap[:0]
	run := uint64(0) // the last characters, 16 bits each
	chars := 0
	for i := range t.Blocks {
		b := &t.Blocks[i]
		if b.Start < t.BodyAt {
			continue
		}
		for _, c := range t.Chars[b.From:b.To] {
			if !han(c) {
				continue
			}
			run = run<<16 | uint64(c&0xffff)
			if chars++; chars < runLength {
				continue
			}
			x := run * multiplier
			x = (x ^ x>>32) * multiplier
			if k := uint32(x >> 32); k <= limit {
				h = append(h, k)
			}
		}
	}
	t.heap = h
	slices.Sort(h)
	h = slices.Compact(h)
	return h[:min(len(h), sketchSize)]
}

// share estimates how much of two texts is the same: of the smallest hashes of both, those in both.
func share(a, b Sketch) float64 {
	n := min(len(a), len(b))
	i, j, both, seen := 0, 0, 0, 0
	for i < len(a) && j < len(b) && seen < n {
		switch {
		case a[i] == b[j]:
			both++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
		seen++
	}
	return float64(both) / float64(max(seen, 1))
}

// maxAlike is how many earlier texts a text is compared with: a thousand notices from one form
// would be a million pairs.
const maxAlike = 50

func (p *Portal) near() {
	order := make([]int, 0, len(p.Articles))
	for i := range p.Articles {
		if i < len(p.Sketches) && p.Sketches[i] != nil {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := p.Articles[a], p.Articles[b]
		return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Path, y.Path))
	})
	index := map[uint32][]int32{}
	for _, i := range order {
		s := p.Sketches[i]
		best, at := 0.0, -1
		tried := 0
		seen := map[int32]bool{}
		for _, k := range s[:min(keys, len(s))] {
			for _, j := range index[k] {
				if tried == maxAlike || seen[j] {
					continue
				}
				seen[j] = true
				tried++
				if x := share(s, p.Sketches[j]); x > best {
					best, at = x, int(j)
				}
			}
		}
		if best >= nearShare {
			p.problems.Add(ruleNear.At(diag.Pos{File: p.Articles[i].Path, Line: int(p.Articles[i].BodyLine)}, p.Articles[at].Path, int(best*100)))
		}
		for _, k := range s[:min(keys, len(s))] {
			if l := index[k]; len(l) < maxAlike {
				index[k] = append(l, int32(i))
			}
		}
	}
}
