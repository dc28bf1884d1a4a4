package build

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/source"
)

// memory is what a build knows of the last one into the same folder. It lies in the site's
// folder, below .zhendi/cache:
//
//	program        hash of the executable, with its stamp
//	articles/      records of parsed articles
//	catalogue      stamp of the catalogue, by its check sum
//	<out>/index    the files of the site, and the result, for a run that finds nothing changed
//	<out>/pages    prints of all pages
//	<out>/texts/   of the articles in feeds, a file for each feed
//	<out>/stamps   of the files of the output; see package output
//
// All of it may be deleted, or come from elsewhere: what does not fit is not used.
type memory struct {
	dir     string // of the site's cache; empty: nothing is remembered
	program cache.Sum
	base    cache.Sum // program and site.yaml
	key     cache.Sum // of the index: base and options
	clock   int64     // of the file system, at the start

	last index // of the last build
	old  memos
}

// index is what the last build saw, and how it ended.
type index struct {
	known     bool   // false: of none
	build     uint64 // which it was: the memos of the same have the same number
	files     indexed
	manifest  output.TextSum
	catalogue cache.Check // zero: none was written
	now, next time.Time   // the result holds from now until next; the zero time: for ever
	result    Result
	problems  diag.List
}

// remember opens the memory of builds of a site into a folder.
func (l *Loaded) remember(siteYAML []byte) {
	m := &l.memory
	*m = memory{}
	if l.opt.Forget {
		return
	}
	dir := filepath.Join(l.opt.Source, CacheDir, "cache")
	if os.MkdirAll(dir, 0o777) != nil {
		return // a folder that cannot be written
	}
	var ok bool
	if m.clock, ok = fileClock(dir); !ok {
		return
	}
	if m.program, ok = programSum(dir, m.clock); !ok {
		return
	}
	m.dir = dir
	m.base = m.baseOf(l.opt, siteYAML)
	m.key = sha256.Sum256(fmt.Appendf(nil, "%x %t %t %t %q", m.base, l.opt.Drafts, l.opt.Future, l.opt.Internal, l.opt.BaseURL))
}

// fileClock returns what the clock of the file system says.
func fileClock(dir string) (int64, bool) {
	f, err := os.CreateTemp(dir, "clock-*.tmp")
	if err != nil {
		return 0, false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, false
	}
	return info.ModTime().UnixNano(), true
}

// programSum returns the hash of the running executable. It is computed once and kept with the
// executable's stamp.
func programSum(dir string, clock int64) (sum cache.Sum, ok bool) {
	name, err := os.Executable()
	if err != nil {
		return sum, false
	}
	info, err := os.Stat(name)
	if err != nil {
		return sum, false
	}
	stamp := source.StampOf(info)
	key := sha256.Sum256(fmt.Appendf(nil, "%s %v", name, stamp))
	file := filepath.Join(dir, "program")
	if body, ok := cache.Read(file, key); ok && len(body) == len(sum) {
		copy(sum[:], body)
		return sum, true
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return sum, false
	}
	sum = sha256.Sum256(b)
	if stamp.Settled(clock) {
		cache.Write(file, key, sum[:])
	}
	return sum, true
}

// outDir is the folder for what is known of one output folder.
func (m *memory) outDir(opt Options) string {
	from, err1 := filepath.Abs(opt.Source)
	to, err2 := filepath.Abs(opt.Out)
	rel, err := filepath.Rel(from, to)
	if err != nil || err1 != nil || err2 != nil {
		rel = to
	}
	rel = filepath.ToSlash(rel)
	if strings.Trim(rel, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && rel != "articles" && rel != "program" && rel != "catalogue" {
		return filepath.Join(m.dir, rel)
	}
	sum := sha256.Sum256([]byte(rel))
	return filepath.Join(m.dir, "out-"+hex.EncodeToString(sum[:6]))
}

// tidy removes what killed runs left of files that they had begun. Nobody else writes them while a build holds the output.
func (m *memory) tidy(opt Options) {
	if m.dir == "" {
		return
	}
	for _, sub := range []string{"", "texts"} {
		dir := filepath.Join(m.outDir(opt), sub)
		list, _ := os.ReadDir(dir)
		for _, e := range list {
			if strings.HasSuffix(e.Name(), ".tmp") {
				os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// loadIndex reads what the last build saw.
func (l *Loaded) loadIndex() {
	m := &l.memory
	if m.dir == "" {
		return
	}
	body, ok := cache.Read(filepath.Join(m.outDir(l.opt), "index"), m.key)
	if !ok {
		return
	}
	d := cache.Decoder{Rest: body}
	x := index{known: true, files: indexed(d.String()), now: decodeTime(&d), next: decodeTime(&d)}
	copy(x.manifest[:], d.Bytes(len(x.manifest)))
	x.catalogue = cache.Check(d.Uint())
	x.result = Result{Articles: int(d.Uint()), Held: Held{int(d.Uint()), int(d.Uint())}, Pages: int(d.Uint())}
	x.result.Unchanged, x.result.Bytes = int(d.Uint()), d.Int()
	x.problems = decodeProblems(&d)
	x.build = d.Uint()
	if d.Err() == nil {
		m.last = x
	}
}

// beginIndex begins to write the index with the files as they are.
func (l *Loaded) beginIndex() *cache.File {
	f := cache.Create(filepath.Join(l.memory.outDir(l.opt), "index"), l.memory.key)
	f.Write(binary.AppendUvarint(nil, uint64(l.sources.indexLen())))
	l.sources.writeIndex(f)
	return f
}

// save remembers a run in an index that was begun. If it cannot, the next build has more to do.
func (x *index) save(f *cache.File) {
	var e cache.Encoder
	encodeTime(&e, x.now)
	encodeTime(&e, x.next)
	e.Bytes(x.manifest[:])
	e.Uint(uint64(x.catalogue))
	e.Uint(uint64(x.result.Articles))
	e.Uint(uint64(x.result.Held.Drafts))
	e.Uint(uint64(x.result.Held.Later))
	e.Uint(uint64(x.result.Pages))
	e.Uint(uint64(x.result.Written + x.result.Unchanged))
	e.Int(x.result.Bytes)
	encodeProblems(&e, x.problems)
	e.Uint(x.build)
	f.Write(e)
	f.Place()
}

func encodeTime(e *cache.Encoder, t time.Time) {
	e.Bool(t.IsZero())
	e.Int(t.Unix())
	e.Uint(uint64(t.Nanosecond()))
}

func decodeTime(d *cache.Decoder) time.Time {
	zero, sec, nsec := d.Bool(), d.Int(), d.Uint()
	if zero {
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec%1e9))
}

// unchanged reports whether a build would find nothing to do: the same files, before the next
// instant at which anything changes, and an output that is as the last build left it.
func (l *Loaded) unchanged(ctx context.Context, tx *output.Tx, st *standing) (bool, error) {
	x := &l.memory.last
	if !x.known {
		return false, nil
	}
	same, err := l.sources.adopt(ctx, x.files)
	now := l.in.Now
	if err != nil || !same || l.walkProblems > 0 || now.Before(x.now) || !x.next.IsZero() && !now.Before(x.next) ||
		x.manifest != tx.PreviousSum() || tx.Interrupted() || !l.preview() && !l.catalogued(x.catalogue) {
		return false, err
	}
	ok, err := st.all()
	if ok && l.sources.restamped { // a fresh checkout, or time has passed
		x.save(l.beginIndex())
	}
	return ok, err
}

// digestOf is the digest of b.
func digestOf(b []byte) digest {
	sum := sha256.Sum256(b)
	return digest(sum[:len(digest{})])
}

// keyOf is the key of what has a name.
func keyOf(kind byte, name string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	h = (h ^ uint64(kind)) * 1099511628211
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h
}
