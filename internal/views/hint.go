package views

import (
	"crypto/sha256"
	encodinghex "encoding/hex"
	"hash"
	"io"
	"slices"
)

// hint says that a log's first bytes have been read: by their hash, so that it holds whatever the
// file is called, wherever it lies and whether it is compressed. It spares work and changes
// no count: what is read twice counts once. It is worthless where an address was added to
// the catalogue since and a day of the log is still open; then the log is read again.
type hint struct {
	head        string // SHA-256 of the first headSize bytes, or of all of them, if there are fewer
	whole       string // SHA-256 of all of them
	bytes       int64
	first, last int    // days that its lines are of
	used        int    // the day of the run that met it last
	pages       string // pages.sum of the run that read it
}

const headSize = 1 << 10

// hintDays is how long a hint is kept that no run meets.
const hintDays = 100

// hashed hashes what is read of a log.
type hashed struct {
	h    hash.Hash
	head []byte
}

func newHashed() *hashed { return &hashed{h: sha256.New()} }

func (s *hashed) Write(b []byte) (int, error) {
	if n := headSize - len(s.head); n > 0 {
		s.head = append(s.head, b[:min(n, len(b))]...)
	}
	return s.h.Write(b)
}

func (s *hashed) sums() (head, whole string) {
	return hashOf(s.head), encodinghex.EncodeToString(s.h.Sum(nil))
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return encodinghex.EncodeToString(sum[:])
}

// known looks for the longest hint whose bytes are the beginning of the log. open opens the log
// anew. It returns the log after those bytes, and what was hashed of it.
func (l *ledger) known(open func() (io.ReadCloser, error)) (h *hint, rest io.ReadCloser, s *hashed, err error) {
	r, err := open()
	if err != nil {
		return nil, nil, nil, err
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	r.Close()
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, nil, err
	}
	for _, i := range l.candidates(head[:n]) {
		h := &l.hints[i]
		r, err := open()
		if err != nil {
			return nil, nil, nil, err
		}
		s := newHashed()
		_, err = io.CopyN(s, r, h.bytes)
		if _, whole := s.sums(); err == nil && whole == h.whole {
			return h, r, s, nil
		}
		r.Close()
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, nil, nil, err
		}
	}
	return nil, nil, nil, nil
}

// candidates are the hints that a log which begins with head may continue, longest first.
func (l *ledger) candidates(head []byte) (list []int) {
	sums := map[int]string{}
	for i, h := range l.hints {
		n := int(min(h.bytes, headSize))
		if n > len(head) {
			continue
		}
		if sums[n] == "" {
			sums[n] = hashOf(head[:n])
		}
		if sums[n] == h.head {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return int(l.hints[b].bytes - l.hints[a].bytes) })
	return list
}

// fresh tells whether a hint spares reading its log: all addresses of the catalogue were known, or
// no day of the log can change.
func (l *ledger) fresh(h *hint, pages string) bool {
	if h.pages == pages {
		return true
	}
	if h.last == 0 || h.last-h.first > 10000 {
		return false
	}
	for n := h.first; n <= h.last; n++ {
		if d := l.days[n]; d == nil || !d.closed {
			return false
		}
	}
	return true
}

// forget drops the hints that no run met for long.
func (l *ledger) forget(today int) {
	l.hints = slices.DeleteFunc(l.hints, func(h hint) bool { return h.used < today-hintDays })
}
