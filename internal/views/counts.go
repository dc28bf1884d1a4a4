package views

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"

	"zhendi/internal/diag"
)

// Counts stand in files as lines of id, tab, number, sorted by id; views as pairs of eight bytes,
// id and tag, big end first, sorted.

const elemSize = 16

func countRow(b []byte, id ID, n int64) []byte {
	b = append(id.append(b), '\t')
	return append(strconv.AppendInt(b, n, 10), '\n')
}

// putCounts writes a file of counts.
func (l *ledger) putCounts(name string, counts map[ID]int64) (file, error) {
	return l.put(name, func(w io.Writer) error {
		var row []byte
		for _, id := range sortedKeys(counts) {
			row = countRow(row[:0], id, counts[id])
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachCount reads a file of counts. If it returns an error, what was read must not be used.
func (l *ledger) eachCount(f file, do func(id ID, n int64) error) error {
	r, err := l.read(f)
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	for s.Scan() {
		name, number, _ := strings.Cut(s.Text(), "\t")
		id, ok := parseID(name)
		n, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || n < 0 {
			return damaged(diag.T("读不懂", "cannot be read"), f.name)
		}
		if err := do(id, n); err != nil {
			return err
		}
	}
	return s.Err()
}

// setReader reads a file of views one by one.
type setReader struct {
	r   *bufio.Reader
	c   io.Closer
	key uint64 // the day within the run, to stand before the ids
}

// openSet opens the views of an open day; index is the day's number in the run.
func (l *ledger) openSet(f file, index int) (*setReader, error) {
	r, err := l.read(f)
	if err != nil {
		return nil, err
	}
	return &setReader{bufio.NewReaderSize(r, 64<<10), r, uint64(index) << idBits}, nil
}

// next returns the next view; io.EOF after the last.
func (s *setReader) next() (elem, error) {
	var b [elemSize]byte
	if _, err := io.ReadFull(s.r, b[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF // the checksum has said so before
		}
		return elem{}, err
	}
	return elem{s.key | binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}, nil
}

// eachOfSet counts the views of a set by article.
func (l *ledger) eachOfSet(f file, do func(id ID, n int64) error) error {
	if !f.there() {
		return nil
	}
	s, err := l.openSet(f, 0)
	if err != nil {
		return err
	}
	defer s.c.Close()
	var id ID
	n := int64(0)
	for {
		e, err := s.next()
		if err != nil && err != io.EOF {
			return err
		}
		if n > 0 && (err == io.EOF || ID(e.key) != id) {
			if err := do(id, n); err != nil {
				return err
			}
			n = 0
		}
		if err == io.EOF {
			return nil
		}
		id = ID(e.key)
		n++
	}
}
