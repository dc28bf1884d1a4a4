package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"zhendi/internal/cache"
	"zhendi/internal/source"
)

// sources are the files that a build reads, sorted by path, and what is known of their bytes.
type sources struct {
	tree  *source.Tree
	files []source.File
	clock int64 // of the file system, before the files were looked at; 0 if not known

	hashes    []hashes
	has       []atomic.Bool // the hashes of a file are known, and stay as they are
	mu        sync.Mutex    // guards torn, and hashes that are not known yet
	torn      bool          // a file was read twice and changed in between
	restamped bool          // adopt read files that had other stamps

	was  []int32  // 1 + place of each file in the last build's index, below zero if its bytes may be others; 0: it was not there
	left []string // paths of files that were there

	asked atomic.Int64 // how often find was
	once  sync.Once
	at    numbering // by path; made when it has been asked often
}

// sourcesOf returns the sources of files, of which hashes are known, zero where they are not; or nil.
func sourcesOf(tree *source.Tree, files []source.File, known []hashes, clock int64) sources {
	has := make([]atomic.Bool, len(files))
	for i := range known {
		if known[i] != (hashes{}) {
			has[i].Store(true)
		}
	}
	if known == nil {
		known = make([]hashes, len(files))
	}
	return sources{tree: tree, files: files, hashes: known, has: has, clock: clock}
}

// hashes are those of a file's bytes.
type hashes struct {
	sum   cache.Sum
	check cache.Check
}

func hashesOf(b []byte) hashes { return hashes{sha256.Sum256(b), cache.Check(0).Add(b)} }

func (s *sources) path(i int) string { return s.files[i].Path }

// find returns the place of a file. Numbering them all takes as long as some thousand searches.
func (s *sources) find(path string) (int, bool) {
	if s.asked.Add(1) <= int64(len(s.files)/64) {
		return slices.BinarySearchFunc(s.files, path, func(f source.File, path string) int { return strings.Compare(f.Path, path) })
	}
	s.once.Do(func() { s.at = numbered(len(s.files), s.path) })
	return s.at.find(path, s.path)
}

// read reads file i into the room that buf has, or more, and notes the hash of its bytes.
func (s *sources) read(buf []byte, i int) ([]byte, error) {
	b, err := s.tree.ReadInto(buf, s.files[i])
	if err == nil {
		s.saw(i, b)
	}
	return b, err
}

// readMany is read of files one after another, into the room of buf or more, and hands each over with its number in the list; the
// next overwrites it.
func (s *sources) readMany(buf []byte, at []int32, saw func(k int, b []byte, err error)) {
	files := make([]source.File, len(at))
	for k, i := range at {
		files[k] = s.files[i]
	}
	s.tree.ReadMany(buf, files, func(k int, b []byte, err error) {
		if err == nil {
			s.saw(int(at[k]), b)
		}
		saw(k, b, err)
	})
}

// sumMany finds out the hashes of files.
func (s *sources) sumMany(ctx context.Context, at []int32) error {
	var room room
	const step = 256
	return each(ctx, (len(at)+step-1)/step, func(k int) error {
		buf := room.take()
		defer room.give(buf)
		s.readMany(*buf, at[k*step:min(len(at), (k+1)*step)], func(int, []byte, error) {}) // an error shows where the file is used
		return nil
	}, nil)
}

// saw notes what file i holds. If it was read before, the check sum tells whether its hash is that of before.
func (s *sources) saw(i int, b []byte) {
	h := hashes{check: cache.Check(0).Add(b)}
	s.mu.Lock()
	old := s.hashes[i]
	s.mu.Unlock()
	if old.sum != (cache.Sum{}) && old.check == h.check {
		return
	}
	h.sum = sha256.Sum256(b)
	s.set(i, h)
}

func (s *sources) set(i int, h hashes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.has[i].Load() {
		s.torn = s.torn || s.hashes[i] != h
		return
	}
	s.hashes[i] = h
	s.has[i].Store(true)
}

// known returns the hash of file i, zero if it was not read.
func (s *sources) known(i int) (sum cache.Sum) {
	if s.has[i].Load() {
		sum = s.hashes[i].sum
	}
	return sum
}

// sum returns the hash of a file's bytes, reading it if need be; zero if there is none that
// can be read.
func (s *sources) sum(path string) cache.Sum {
	i, ok := s.find(path)
	if !ok {
		return cache.Sum{}
	}
	return s.sumAt(i)
}

// sumAt is sum of file i.
func (s *sources) sumAt(i int) cache.Sum {
	if !s.has[i].Load() {
		s.read(nil, i) // an error shows where the file is used
	}
	return s.known(i)
}

// room is memory to read files into, used again and again.
type room struct{ pool sync.Pool }

func (r *room) take() *[]byte {
	if b, ok := r.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, 64<<10)
	return &b
}

func (r *room) give(b *[]byte) {
	if cap(*b) <= 1<<20 { // else a giant would stay for ever
		r.pool.Put(b)
	}
}

// indexed are files as a build saw them, sorted by path, as they lie in the index: for each of them
//
//	4 × 8 bytes  its stamp; zeros if the file may have changed since in the same tick of the clock
//	32, 8 bytes  its hashes; zeros if its bytes were not read
//	the length of its path, and the path
type indexed string

// seenLen is the length of what stands before the path.
const seenLen = 4*8 + sha256.Size + 8

// seen is one of them.
type seen struct {
	path  string
	stamp source.Stamp
	hashes
}

// next takes the first file off; false if there is none, or what is there is malformed.
func (x *indexed) next() (f seen, ok bool) {
	d := cache.Decoder{Rest: string(*x)}
	if len(d.Rest) == 0 {
		return f, false
	}
	b := d.Bytes(seenLen)
	f.path = d.String()
	if d.Err() != nil {
		*x = ""
		return f, false
	}
	*x = indexed(d.Rest)
	f.stamp = source.Stamp{Size: int64(word(b, 0)), ModTime: int64(word(b, 8)), Changed: int64(word(b, 16)), Inode: word(b, 24)}
	copy(f.sum[:], b[32:])
	f.check = cache.Check(word(b, 64))
	return f, true
}

// word returns the number in the 8 bytes of b that begin at i.
func word(b string, i int) uint64 {
	b = b[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func (f *seen) append(b []byte) []byte {
	for _, n := range [4]uint64{uint64(f.stamp.Size), uint64(f.stamp.ModTime), uint64(f.stamp.Changed), f.stamp.Inode} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = binary.LittleEndian.AppendUint64(append(b, f.sum[:]...), uint64(f.check))
	return append(binary.AppendUvarint(b, uint64(len(f.path))), f.path...)
}

// adopt takes over the hashes of files that are as the last build saw them, and reports whether
// all are. A file with another stamp is read: after a fresh checkout all have. If its check sum is the old one, so is its hash.
func (s *sources) adopt(ctx context.Context, old indexed) (same bool, err error) {
	same = true
	s.was = make([]int32, len(s.files))
	var doubtful []int
	var was []seen
	o, more := old.next()
	place := int32(1)
	for i, f := range s.files {
		for ; more && o.path < f.Path; place++ {
			s.left = append(s.left, o.path)
			o, more = old.next()
		}
		if !more || o.path != f.Path {
			same = false
			continue
		}
		s.was[i] = place
		switch {
		case o.stamp == f.Stamp:
			s.hashes[i] = o.hashes
			s.has[i].Store(o.hashes != (hashes{}))
		case o.hashes == (hashes{}) || o.stamp.Size != 0 && o.stamp.Size != f.Size:
			same, s.was[i] = false, -place
		default:
			doubtful, was = append(doubtful, i), append(was, o)
		}
		o, more = old.next()
		place++
	}
	for ; more; o, more = old.next() {
		s.left = append(s.left, o.path)
	}
	s.restamped = len(doubtful) > 0
	unchanged, err := s.reread(ctx, doubtful, was)
	return same && unchanged && len(s.left) == 0, err
}

// reread reads the doubtful ones of the files, of which the last build saw what was says, and reports whether all have the same bytes.
func (s *sources) reread(ctx context.Context, doubtful []int, was []seen) (same bool, err error) {
	var room room
	const step = 256
	err = each(ctx, (len(doubtful)+step-1)/step, func(k int) error {
		buf := room.take()
		defer room.give(buf)
		part := doubtful[k*step : min(len(doubtful), (k+1)*step)]
		files := make([]source.File, len(part))
		for n, i := range part {
			files[n] = s.files[i]
		}
		s.tree.ReadMany(*buf, files, func(n int, b []byte, err error) {
			was := was[k*step+n].hashes
			switch {
			case err != nil: // it shows where the file is used
			case was.check == cache.Check(0).Add(b):
				s.set(part[n], was)
			default:
				s.set(part[n], hashesOf(b))
			}
		})
		return nil
	}, nil)
	same = true
	for n, i := range doubtful {
		if s.hashes[i] != was[n].hashes {
			same, s.was[i] = false, -s.was[i]
		}
	}
	return same, err
}

// index returns the files as the next build will find them if nothing changes.
func (s *sources) index() indexed {
	b := bytes.NewBuffer(make([]byte, 0, s.indexLen()))
	s.writeIndex(b)
	return indexed(unsafe.String(unsafe.SliceData(b.Bytes()), b.Len())) // b is not changed from here on
}

// indexLen is the length of the index.
func (s *sources) indexLen() (length int) {
	for i := range s.files {
		n := len(s.files[i].Path)
		length += seenLen + (bits.Len(uint(n)|1)+6)/7 + n
	}
	return length
}

// writeIndex writes the index in pieces to w, which keeps its errors.
func (s *sources) writeIndex(w io.Writer) {
	const piece = 64 << 10
	b := make([]byte, 0, piece+4<<10)
	for i, f := range s.files {
		x := seen{path: f.Path}
		if f.Settled(s.clock) {
			x.stamp = f.Stamp
		} else {
			s.sumAt(i) // else the next build could not tell whether it has changed
		}
		x.hashes = s.hashes[i]
		if b = x.append(b); len(b) >= piece {
			w.Write(b)
			b = b[:0]
		}
	}
	w.Write(b)
}
