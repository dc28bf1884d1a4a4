package build

import (
	"context"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"sync/atomic"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
)

// records are the articles as the last builds parsed them, so that a build parses only
// what is new. They lie in parts by the hash of their path: an edited article rewrites one part. A record is
// used only for a file with the same bytes, and dropped when the program, site.yaml, a
// column or the site's data has changed: the key says so.
type records struct {
	dir   string // empty: none are kept
	key   cache.Sum
	parts []part
}

type part struct {
	old   map[string]stored // by path
	used  atomic.Int64      // of old
	fresh atomic.Bool       // there are others
}

// stored is a record. article is what article.Decode reads; behind it come problems and
// conversions.
type stored struct {
	sum  cache.Sum // of the file
	blob string
}

// perPart is about how many articles lie in a part.
const perPart = 512

// loadRecords reads the records of a site of n articles.
func loadRecords(ctx context.Context, dir string, key cache.Sum, n int) *records {
	count := 1
	for count*perPart < n && count < 1024 {
		count *= 2
	}
	r := &records{dir: dir, key: key, parts: make([]part, count)}
	if dir != "" {
		each(ctx, count, func(i int) error { r.parts[i].load(r.name(i), key); return nil }, nil)
	}
	return r
}

func (r *records) name(i int) string {
	return filepath.Join(r.dir, fmt.Sprintf("%d-%d", len(r.parts), i))
}

func (p *part) load(name string, key cache.Sum) {
	body, ok := cache.Read(name, key)
	if !ok {
		return
	}
	d := cache.Decoder{Rest: body}
	n := d.Len(34)
	old := make(map[string]stored, n)
	for range n {
		path := d.String()
		var s stored
		copy(s.sum[:], d.Bytes(len(s.sum)))
		s.blob = d.String()
		old[path] = s
	}
	if d.Err() == nil {
		p.old = old
	}
}

func (r *records) part(path string) *part { return &r.parts[r.partOf(path)] }

func (r *records) partOf(path string) int {
	h := fnv.New32a()
	h.Write([]byte(path))
	return int(h.Sum32()) & (len(r.parts) - 1)
}

// parsed is an article and all that was learnt with it.
type parsed struct {
	*article.Article // nil if the file cannot be read
	problems         diag.List

	blob   string    // of its record; empty if it has none yet
	sum    cache.Sum // of the file
	twin   cache.Sum // of the file of its twin; zero if there is none
	turned []string  // what conversion made of its texts, for each edition: see site.Edition.Turn
}

// find returns the article of a file with these bytes if there is a record of it.
func (r *records) find(path string, sum cache.Sum) (p parsed, ok bool) {
	part := r.part(path)
	s, ok := part.old[path]
	if !ok || s.sum != sum || sum == (cache.Sum{}) {
		part.fresh.Store(true)
		return parsed{}, false
	}
	a, rest, err := article.Decode(s.blob)
	d := cache.Decoder{Rest: rest}
	p = parsed{Article: a, blob: s.blob, sum: sum, problems: decodeProblems(&d)}
	copy(p.twin[:], d.Bytes(len(p.twin)))
	p.turned = decodeTexts(&d)
	if err != nil || d.Err() != nil {
		part.fresh.Store(true)
		return parsed{}, false
	}
	part.used.Add(1)
	return p, true
}

// save writes the parts that have changed.
func (r *records) save(ctx context.Context, list []parsed) error {
	if r.dir == "" {
		return nil
	}
	members := make([][]int32, len(r.parts))
	for i := range list {
		if list[i].Article != nil {
			n := r.partOf(list[i].Path)
			members[n] = append(members[n], int32(i))
		}
	}
	return each(ctx, len(r.parts), func(n int) error {
		p := &r.parts[n]
		if !p.fresh.Load() && p.used.Load() == int64(len(p.old)) {
			return nil
		}
		var e cache.Encoder
		e.Uint(uint64(len(members[n])))
		for _, i := range members[n] {
			q := &list[i]
			e.String(q.Path)
			e.Bytes(q.sum[:])
			if q.blob != "" {
				e.String(q.blob)
			} else {
				e.String(string(q.encode()))
			}
		}
		return cache.Write(r.name(n), r.key, e)
	}, nil)
}

func (p *parsed) encode() []byte {
	e := cache.Encoder(p.Article.Append(make([]byte, 0, 2048)))
	encodeProblems(&e, p.problems)
	e.Bytes(p.twin[:])
	encodeTexts(&e, p.turned)
	return e
}

func encodeTexts(e *cache.Encoder, texts []string) {
	e.Uint(uint64(len(texts)))
	for _, s := range texts {
		e.String(s)
	}
}

func decodeTexts(d *cache.Decoder) []string {
	texts := make([]string, d.Len(1))
	for i := range texts {
		texts[i] = d.String()
	}
	return texts
}

// encodeProblems keeps problems as they are printed, in both languages.
func encodeProblems(e *cache.Encoder, list diag.List) {
	e.Uint(uint64(len(list)))
	for _, p := range list {
		e.String(p.File)
		e.Uint(uint64(p.Pos.Line))
		e.Uint(uint64(p.Col))
		e.Uint(uint64(p.Len))
		e.String(p.Rule.ID)
		e.Uint(uint64(p.Rule.Severity))
		for _, l := range []diag.Lang{diag.ZH, diag.EN} {
			e.String(p.Message(l))
			e.String(p.Fix(l))
		}
	}
}

func decodeProblems(d *cache.Decoder) diag.List {
	var list diag.List
	for range d.Len(10) {
		pos := diag.Pos{File: d.String(), Line: int(d.Uint()), Col: int(d.Uint())}
		length := int(d.Uint())
		r := &diag.Rule{ID: d.String(), Severity: diag.Severity(d.Uint())}
		r.ZH, r.FixZH, r.EN, r.FixEN = asWritten(d.String()), asWritten(d.String()), asWritten(d.String()), asWritten(d.String())
		if r.Severity > diag.Info {
			d.Fail()
		}
		q := r.At(pos)
		q.Len = length
		list.Add(q)
	}
	return list
}

// asWritten makes a message a format that gives it.
func asWritten(message string) string { return strings.ReplaceAll(message, "%", "%%") }
