package build

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
)

// records are the articles as the last builds parsed them, so that a build parses only
// what is new. They lie in parts by the hash of their path: an edited article rewrites one part. A record is
// used only for a file with the same bytes, and dropped when the program, site.yaml, what a
// column requires or the site's terms have changed: the key says so.
//
// A part is a cache.Pack. Its head holds, for each of its articles in the order of before:
//
//	path
//	what the model needs to know: the hash of the file, the entry, problems, the hash of the twin's file
//	length and check sum of the piece that holds all else: the texts, and what conversion made of them
type records struct {
	dir   string // empty: none are kept
	key   cache.Sum
	parts []part
}

type part struct {
	pack    *cache.Pack  // nil: there is none
	members []int32      // of the list: the articles of this build that belong here, in the order of before
	stale   atomic.Int32 // how many records are to be written, or to go
}

// A part takes about so many articles, but there are not too many to keep open.
const (
	perPart  = 512
	maxParts = 256
)

// parsed is an article and what was learnt with it.
type parsed struct {
	*article.Entry // nil if the file cannot be read
	problems       diag.List
	sum            cache.Sum // of the file
	twin           cache.Sum // of the file of its twin; zero if there is none
	text           textAt
	fresh          *article.Article // what was parsed just now, until it is packed
	old            *stored          // the record of another version of the file, or of one whose bytes nobody has read yet
}

// stored is a record as it lies in a head.
type stored struct {
	path, body string
	packed     packed
}

// newRecords returns the records of n articles, below the folder of the cache.
func newRecords(dir string, key cache.Sum, n int, path func(i int) string) *records {
	if dir != "" {
		dir = filepath.Join(dir, "articles")
	}
	count := 1
	for count*perPart < n && count < maxParts {
		count *= 2
	}
	r := &records{dir: dir, key: key, parts: make([]part, count)}
	for i := range n {
		p := r.part(path(i))
		p.members = append(p.members, int32(i))
	}
	return r
}

// part returns the part to which the article at a path belongs.
func (r *records) part(path string) *part {
	h := fnv.New32a()
	h.Write([]byte(path))
	return &r.parts[int(h.Sum32())&(len(r.parts)-1)]
}

func (r *records) name(i int) string {
	return filepath.Join(r.dir, fmt.Sprintf("%d-%d", len(r.parts), i))
}

// drop removes a part that is damaged: the next build makes it anew.
func (r *records) drop(n int) { os.Remove(r.name(n)) }

// before is the order of records in a part, and of the list: twins behind.
func before(a, b string) bool {
	_, _, x := article.TwinOf(a)
	_, _, y := article.TwinOf(b)
	return !x && y || x == y && a < b
}

// load takes what there are records of.
func (r *records) load(ctx context.Context, all *articles) error {
	if r.dir == "" {
		return nil
	}
	return each(ctx, len(r.parts), func(n int) error {
		p := &r.parts[n]
		var head string
		var ok bool
		if p.pack, head, ok = cache.OpenPack(r.name(n), r.key); !ok {
			p.stale.Store(1)
			return nil
		}
		d, at := cache.Decoder{Rest: head}, int64(0)
		entries, room := cleared[article.Entry](len(p.members)), new(article.Room) // side by side
		old, more := nextStored(&d, int32(n), &at)
		for k, i := range p.members {
			path := all.path(int(i))
			for more && old.path != path && before(old.path, path) {
				p.stale.Add(1)
				old, more = nextStored(&d, int32(n), &at)
			}
			if !more || old.path != path {
				p.stale.Add(1)
				continue
			}
			entries[k].Path = path
			if !old.read(&all.list[i], &entries[k], room, all.l.sources.known(int(all.at[i]))) {
				p.stale.Add(1)
			}
			old, more = nextStored(&d, int32(n), &at)
		}
		if more {
			p.stale.Add(1)
		}
		return nil
	}, nil)
}

// nextStored takes the next record off a head; false if there is none.
func nextStored(d *cache.Decoder, part int32, at *int64) (s stored, ok bool) {
	if d.Rest == "" {
		return s, false
	}
	s = stored{path: d.String(), body: d.String(), packed: packed{at: *at, n: int32(d.Uint()), part: part}}
	if check := d.Bytes(8); d.Err() == nil {
		s.packed.check = cache.Check(word(check, 0))
	}
	*at += int64(s.packed.n)
	return s, d.Err() == nil
}

// read reads a record if it is that of a file with a hash. If that is not known, or another, it is noted for later.
func (s *stored) read(p *parsed, e *article.Entry, room *article.Room, sum cache.Sum) bool {
	if sum == (cache.Sum{}) || s.body[:min(len(sum), len(s.body))] != string(sum[:]) {
		keep := *s
		p.old = &keep
		return false
	}
	rest, err := e.Decode(s.body[len(sum):], room)
	d := cache.Decoder{Rest: rest}
	q := parsed{Entry: e, sum: sum, problems: decodeProblems(&d), text: textAt{packed: s.packed}}
	if d.Bool() {
		copy(q.twin[:], d.Bytes(len(q.twin)))
	}
	if err != nil || d.Err() != nil {
		return false
	}
	*p = q
	return true
}

// body encodes what stands in a head.
func (p *parsed) body() []byte {
	e := cache.Encoder(append(make([]byte, 0, 512), p.sum[:]...))
	e = p.Entry.Append(e)
	encodeProblems(&e, p.problems)
	has := p.twin != cache.Sum{}
	if e.Bool(has); has {
		e.Bytes(p.twin[:])
	}
	return e
}

// save writes the parts that have changed, and lets go of the texts that lie there then.
func (r *records) save(ctx context.Context, list []parsed, t *texts) error {
	return each(ctx, len(r.parts), func(n int) error {
		if r.parts[n].stale.Load() == 0 {
			return nil
		}
		return r.savePart(n, list, t)
	}, nil)
}

func (r *records) savePart(n int, list []parsed, t *texts) error {
	p := &r.parts[n]
	var head cache.Encoder
	var pieces []byte
	places := make([]packed, len(p.members))
	for k, i := range p.members {
		q := &list[i]
		if q.Entry == nil {
			continue
		}
		blob, ok := t.blob(q.text)
		if !ok { // damaged: the next build parses it again
			continue
		}
		q.text = textAt{blob: blob}
		places[k] = packed{int64(len(pieces)), int32(len(blob)), int32(n), cache.Check(0).Add([]byte(blob))}
		pieces = append(pieces, blob...)
		head.String(q.Path)
		head.String(string(q.body()))
		head.Uint(uint64(len(blob)))
		head = binary.LittleEndian.AppendUint64(head, uint64(places[k].check))
	}
	if p.pack != nil {
		p.pack.Close()
		p.pack = nil
	}
	if err := cache.WritePack(r.name(n), r.key, head, pieces); err != nil {
		return err
	}
	pack, written, ok := cache.OpenPack(r.name(n), r.key)
	if !ok {
		return nil // the texts stay in memory
	}
	if p.pack = pack; written != string(head) { // another run was faster
		return nil
	}
	for k, i := range p.members {
		if list[i].Entry != nil {
			list[i].text = textAt{packed: places[k]}
		}
	}
	return nil
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
