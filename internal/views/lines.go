package views

import (
	"bytes"
	"io"
)

// maxLine is the longest line that is read; longer ones are passed over.
const maxLine = 256 << 10

// lines cuts a log into lines.
type lines struct {
	r     io.Reader
	buf   []byte // 2*maxLine or more
	from  int    // what has not been given out is buf[from:to]
	to    int
	read  func(b []byte) // whole lines, as they are given out, for hashing; may be nil
	at    int64          // bytes of whole lines given out
	start int64          // where the present line begins
	long  bool           // within a line that is too long
}

func newLines(r io.Reader) *lines { return &lines{r: r, buf: make([]byte, 2*maxLine)} }

// fill reads more; io.EOF at the end. Readers that return nothing at all are at their end too.
func (l *lines) fill() error {
	if l.from > 0 {
		copy(l.buf, l.buf[l.from:l.to])
		l.from, l.to = 0, l.to-l.from
	}
	for range 100 {
		n, err := l.r.Read(l.buf[l.to:])
		l.to += n
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// peek returns the first lines without taking them, at most n; whole says that there is one with its end.
func (l *lines) peek(n int) (list [][]byte, whole bool, err error) {
	for l.to < maxLine {
		if err = l.fill(); err != nil {
			break
		}
	}
	if err == io.EOF {
		err = nil
	}
	rest := bytes.TrimPrefix(l.buf[l.from:l.to], mark)
	for len(list) < n && len(rest) > 0 {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok && whole {
			break
		}
		if line = clean(line); len(line) > 0 && line[0] != '#' {
			list = append(list, line)
			whole = whole || ok
		}
		rest = after
	}
	return list, whole, err
}

// mark is the byte order mark that some programs write at the beginning of a file.
var mark = []byte("\ufeff")

func clean(line []byte) []byte { return bytes.TrimSuffix(line, []byte("\r")) }

// each calls do with every line, without its end; torn says that the last has none. A line that is
// too long comes as nil. Empty lines and comments (# at the beginning) are no lines.
func (l *lines) each(do func(line []byte, torn bool) error) error {
	first := l.at == 0
	for {
		i := bytes.IndexByte(l.buf[l.from:l.to], '\n')
		if i < 0 {
			done, err := l.more(do)
			if done || err != nil {
				return err
			}
			continue
		}
		chunk := l.buf[l.from:l.to]
		last := bytes.LastIndexByte(chunk, '\n') + 1
		rest := chunk[:last]
		for len(rest) > 0 {
			l.start = l.at + int64(last-len(rest))
			i := bytes.IndexByte(rest, '\n')
			line := clean(rest[:i])
			rest = rest[i+1:]
			if first {
				line, first = bytes.TrimPrefix(line, mark), false
			}
			if l.long {
				l.long, line = false, nil
			} else if len(line) == 0 || line[0] == '#' {
				continue
			}
			if err := do(line, false); err != nil {
				return err
			}
		}
		if l.read != nil {
			l.read(chunk[:last])
		}
		l.from += last
		l.at += int64(last)
	}
}

// more reads on where there is no whole line; done at the end of the log.
func (l *lines) more(do func(line []byte, torn bool) error) (done bool, err error) {
	if l.to-l.from >= maxLine {
		l.long = true
		if l.read != nil {
			l.read(l.buf[l.from:l.to])
		}
		l.at += int64(l.to - l.from)
		l.from = l.to
	}
	if err = l.fill(); err != io.EOF && err != io.ErrUnexpectedEOF {
		return false, err
	}
	l.start = l.at
	if line := bytes.TrimPrefix(clean(l.buf[l.from:l.to]), mark); l.long {
		if derr := do(nil, true); derr != nil {
			return true, derr
		}
	} else if len(line) > 0 && line[0] != '#' {
		if derr := do(line, true); derr != nil {
			return true, derr
		}
	}
	if err == io.EOF {
		err = nil
	}
	return true, err
}
