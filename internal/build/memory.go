package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

	last index // of the last build; its files are nil if there is none
	old  memos
}

// index is what the last build saw, and how it ended.
type index struct {
	files     []indexed
	manifest  output.Sum
	catalogue cache.Sum // zero: none was written
	now, next time.Time // the result holds from now until next; the zero time: for ever
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
	if strings.Trim(rel, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && rel != "articles" && rel != "program" {
		return filepath.Join(m.dir, rel)
	}
	sum := sha256.Sum256([]byte(rel))
	return filepath.Join(m.dir, "out-"+hex.EncodeToString(sum[:6]))
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
	x := index{now: decodeTime(&d), next: decodeTime(&d)}
	copy(x.manifest[:], d.Bytes(len(x.manifest)))
	copy(x.catalogue[:], d.Bytes(len(x.catalogue)))
	x.result = Result{Articles: int(d.Uint()), Held: Held{int(d.Uint()), int(d.Uint())}, Pages: int(d.Uint())}
	x.result.Unchanged, x.result.Bytes = int(d.Uint()), d.Int()
	x.problems = decodeProblems(&d)
	x.files = decodeIndexed(&d)
	if d.Err() == nil {
		m.last = x
	}
}

// saveIndex remembers a run. If it cannot, the next build has more to do.
func (l *Loaded) saveIndex(x index) {
	var e cache.Encoder
	encodeTime(&e, x.now)
	encodeTime(&e, x.next)
	e.Bytes(x.manifest[:])
	e.Bytes(x.catalogue[:])
	e.Uint(uint64(x.result.Articles))
	e.Uint(uint64(x.result.Held.Drafts))
	e.Uint(uint64(x.result.Held.Later))
	e.Uint(uint64(x.result.Pages))
	e.Uint(uint64(x.result.Written + x.result.Unchanged))
	e.Int(x.result.Bytes)
	encodeProblems(&e, x.problems)
	encodeIndexed(&e, x.files)
	cache.Write(filepath.Join(l.memory.outDir(l.opt), "index"), l.memory.key, e)
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
	if x.files == nil {
		return false, nil
	}
	same, err := l.sources.adopt(ctx, x.files)
	now := l.in.Now
	if err != nil || !same || l.walkProblems > 0 || now.Before(x.now) || !x.next.IsZero() && !now.Before(x.next) ||
		x.manifest != tx.PreviousSum() || tx.Interrupted() || !l.preview() && !l.catalogued(x.catalogue) {
		return false, err
	}
	ok, err := st.all()
	if files := l.sources.index(); ok && !slices.Equal(files, x.files) { // a fresh checkout, or time has passed
		x.files = files
		l.saveIndex(*x)
	}
	return ok, err
}

// memo is what is known of a page, or the pages of an article: what they were made of, and what came
// out besides their bytes.
type memo struct {
	key   uint64   // of the article's id or the page's path
	print digest   // of the pages
	links digest   // of what the links of the text led to
	pages []uint32 // in the manifest
	blob  string   // see outcome
}

// digest is a hash, cut to what no two pages will share.
type digest [16]byte

// outcome is what rendering a text says besides its HTML.
type outcome struct {
	links    []link   // in order, each once
	uses     []string // files of content that the pages show
	problems diag.List
}

// link is a link or picture of a text, as written.
type link struct {
	dest  string
	image bool
}

// encode packs the outcome: whether there are problems, the uses by their number among names, the links, the
// problems. Most of it need not be read to keep a page.
func (o *outcome) encode(names *names) string {
	if len(o.links)+len(o.uses)+len(o.problems) == 0 {
		return ""
	}
	e := make(cache.Encoder, 0, 512)
	e.Bool(len(o.problems) > 0)
	e.Uint(uint64(len(o.uses)))
	for _, u := range o.uses {
		e.Uint(uint64(names.number(u)))
	}
	e.Uint(uint64(len(o.links)))
	for _, k := range o.links {
		e.String(k.dest)
		e.Bool(k.image)
	}
	encodeProblems(&e, o.problems)
	return string(e)
}

// told is what a packed outcome says: the uses are marked among names; links and problems are
// returned if links is asked for or there are problems.
func (n *names) told(blob string, links bool) (o outcome) {
	if blob == "" {
		return o
	}
	d := cache.Decoder{Rest: blob}
	problems := d.Bool()
	for range d.Len(1) {
		n.mark(int(d.Uint()))
	}
	if !links && !problems {
		return o
	}
	o.links = make([]link, d.Len(2))
	for i := range o.links {
		o.links[i] = link{dest: d.String(), image: d.Bool()}
	}
	o.problems = decodeProblems(&d)
	return o
}

// names are files of content that pages use, or did once, relative to content. Their numbers stay the same from
// build to build.
type names struct {
	mu   sync.Mutex
	list []string
	at   map[string]int32
	used []atomic.Bool // of those that the last build knew
}

func newNames(list []string) *names {
	n := &names{list: list, at: make(map[string]int32, len(list)), used: make([]atomic.Bool, len(list))}
	for i, name := range list {
		n.at[name] = int32(i)
	}
	return n
}

func (n *names) number(name string) int32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	i, ok := n.at[name]
	if !ok {
		i = int32(len(n.list))
		n.at[name] = i
		n.list = append(n.list, name)
	}
	return i
}

func (n *names) mark(i int) {
	if i < len(n.used) && !n.used[i].Load() {
		n.used[i].Store(true)
	}
}

// memos are the memos of a build by key.
type memos struct {
	list   []memo
	at     map[uint64]int32
	names  []string
	places digest // where links of texts can lead: if that has not changed, no link has
}

func (m *memos) find(key uint64) *memo {
	if i, ok := m.at[key]; ok {
		return &m.list[i]
	}
	return nil
}

// pagesKey binds memos to the manifest whose files they speak of, and to what all pages share.
func pagesKey(shared cache.Sum, manifest output.Sum) cache.Sum {
	return sha256.Sum256(append(append([]byte("pages"), shared[:]...), manifest[:]...))
}

func loadMemos(name string, key cache.Sum, files int) (m memos) {
	body, ok := cache.Read(name, key)
	if !ok {
		return m
	}
	d := cache.Decoder{Rest: body}
	copy(m.places[:], d.Bytes(len(m.places)))
	n, total := d.Len(35), d.Len(1)
	m.list, m.at = make([]memo, n), make(map[uint64]int32, n)
	pages := make([]uint32, 0, total)
	for i := range m.list {
		k := &m.list[i]
		k.key = d.Uint()
		copy(k.print[:], d.Bytes(len(k.print)))
		copy(k.links[:], d.Bytes(len(k.links)))
		from := len(pages)
		for range d.Len(1) {
			p := d.Uint()
			if p >= uint64(files) || len(pages) == total {
				d.Fail()
				break
			}
			pages = append(pages, uint32(p))
		}
		k.pages = pages[from:len(pages):len(pages)]
		k.blob = d.String()
		m.at[k.key] = int32(i)
	}
	m.names = make([]string, d.Len(1))
	for i := range m.names {
		m.names[i] = d.String()
	}
	if d.Err() != nil {
		return memos{}
	}
	return m
}

func (m *memos) save(name string, key cache.Sum) error {
	e := make(cache.Encoder, 0, 160*len(m.list)+64*len(m.names)+64)
	e.Bytes(m.places[:])
	total := 0
	for i := range m.list {
		total += len(m.list[i].pages)
	}
	e.Uint(uint64(len(m.list)))
	e.Uint(uint64(total))
	for i := range m.list {
		k := &m.list[i]
		e.Uint(k.key)
		e.Bytes(k.print[:])
		e.Bytes(k.links[:])
		e.Uint(uint64(len(k.pages)))
		for _, p := range k.pages {
			e.Uint(uint64(p))
		}
		e.String(k.blob)
	}
	e.Uint(uint64(len(m.names)))
	for _, n := range m.names {
		e.String(n)
	}
	return cache.Write(name, key, e)
}

// digestOf is the digest of b.
func digestOf(b []byte) digest {
	sum := sha256.Sum256(b)
	return digest(sum[:len(digest{})])
}

// keyOf is the key of a memo.
func keyOf(kind byte, name string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	h = (h ^ uint64(kind)) * 1099511628211
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h
}
