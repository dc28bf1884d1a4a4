package build

import (
	"context"
	"crypto/sha256"
	"sync"

	"zhendi/internal/cache"
	"zhendi/internal/source"
)

// sources are the files that a build reads, sorted by path, and what is known of their bytes.
type sources struct {
	tree  *source.Tree
	files []source.File
	clock int64 // of the file system, before the files were looked at; 0 if not known

	mu     sync.Mutex
	hashes []hashes // of the files; zero: not known yet
	torn   bool     // a file was read twice and changed in between

	once sync.Once
	at   map[string]int32 // by path; made when first asked for
}

// hashes are those of a file's bytes.
type hashes struct {
	sum   cache.Sum
	check cache.Check
}

func hashesOf(b []byte) hashes { return hashes{sha256.Sum256(b), cache.Check(0).Add(b)} }

func (s *sources) find(path string) (int, bool) {
	s.once.Do(func() {
		s.at = make(map[string]int32, len(s.files))
		for i := range s.files {
			s.at[s.files[i].Path] = int32(i)
		}
	})
	i, ok := s.at[path]
	return int(i), ok
}

// read reads file i into the room that buf has, or more, and notes the hash of its bytes.
func (s *sources) read(buf []byte, i int) ([]byte, error) {
	b, err := s.tree.ReadInto(buf, s.files[i])
	if err == nil {
		s.set(i, hashesOf(b))
	}
	return b, err
}

func (s *sources) set(i int, h hashes) {
	s.mu.Lock()
	s.torn = s.torn || s.hashes[i] != h && s.hashes[i] != (hashes{})
	s.hashes[i] = h
	s.mu.Unlock()
}

// known returns the hash of file i, zero if it was not read.
func (s *sources) known(i int) cache.Sum {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hashes[i].sum
}

// sum returns the hash of a file's bytes, reading it if need be; zero if there is none that
// can be read.
func (s *sources) sum(path string) cache.Sum {
	i, ok := s.find(path)
	if !ok {
		return cache.Sum{}
	}
	if sum := s.known(i); sum != (cache.Sum{}) {
		return sum
	}
	s.read(nil, i) // an error shows where the file is used
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

// indexed is a file as the last build saw it.
type indexed struct {
	path   string
	stamp  source.Stamp // zero if the file may have changed since in the same tick of the clock
	hashes              // zero if its bytes were not read
}

// adopt takes over the hashes of files that are as the last build saw them, and reports whether
// all are. A file with another stamp is read: after a fresh checkout all have. If its check sum is the old one, so is its hash.
func (s *sources) adopt(ctx context.Context, old []indexed) (same bool, err error) {
	same = len(old) == len(s.files)
	var doubtful []int
	var was []indexed
	for i, f := range s.files {
		for len(old) > 0 && old[0].path < f.Path {
			old = old[1:]
		}
		if len(old) == 0 || old[0].path != f.Path {
			same = false
			continue
		}
		switch o := old[0]; {
		case o.stamp == f.Stamp:
			s.hashes[i] = o.hashes
		case o.hashes == (hashes{}) || o.stamp.Size != 0 && o.stamp.Size != f.Size:
			same = false
		default:
			doubtful, was = append(doubtful, i), append(was, o)
		}
	}
	var room room
	err = each(ctx, len(doubtful), func(n int) error {
		buf := room.take()
		defer room.give(buf)
		i := doubtful[n]
		b, err := s.tree.ReadInto(*buf, s.files[i])
		if err != nil { // it shows where the file is used
			return nil
		}
		*buf = b
		if was[n].check == cache.Check(0).Add(b) {
			s.set(i, was[n].hashes)
		} else {
			s.set(i, hashesOf(b))
		}
		return nil
	}, nil)
	for n, i := range doubtful {
		same = same && s.hashes[i] == was[n].hashes
	}
	return same, err
}

// index returns the files as the next build will find them if nothing changes.
func (s *sources) index() []indexed {
	list := make([]indexed, len(s.files))
	for i, f := range s.files {
		list[i] = indexed{path: f.Path}
		if f.Settled(s.clock) {
			list[i].stamp = f.Stamp
		} else if s.hashes[i] == (hashes{}) { // else the next build could not tell whether it has changed
			s.read(nil, i)
		}
		list[i].hashes = s.hashes[i]
	}
	return list
}

func encodeIndexed(e *cache.Encoder, list []indexed) {
	e.Uint(uint64(len(list)))
	for _, f := range list {
		e.String(f.path)
		e.Int(f.stamp.Size)
		e.Int(f.stamp.ModTime)
		e.Int(f.stamp.Changed)
		e.Uint(f.stamp.Inode)
		e.Bytes(f.sum[:])
		e.Uint(uint64(f.check))
	}
}

func decodeIndexed(d *cache.Decoder) []indexed {
	list := make([]indexed, d.Len(38))
	for i := range list {
		list[i] = indexed{path: d.String(), stamp: source.Stamp{Size: d.Int(), ModTime: d.Int(), Changed: d.Int(), Inode: d.Uint()}}
		copy(list[i].sum[:], d.Bytes(sha256.Size))
		list[i].check = cache.Check(d.Uint())
	}
	return list
}
