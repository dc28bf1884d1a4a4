package hanzi

import "io"

// A Writer converts what is written to it, in any chunks, and writes the result on:
// the same bytes as one call of Append would give. Close writes the rest; it does not
// close the writer below.
type Writer struct {
	w   io.Writer
	j   job
	in  []byte // not yet converted
	err error
}

// NewWriter returns a Writer by c's configuration and terms.
func (c *Converter) NewWriter(w io.Writer) *Writer {
	out := &Writer{w: w}
	out.j.init(c)
	return out
}

// streamBlock is how much a Writer collects before it converts.
const streamBlock = 256 << 10

// Write takes p over.
func (w *Writer) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 && w.err == nil {
		n := min(len(p), max(streamBlock-len(w.in), 1))
		w.in = append(w.in, p[:n]...)
		p = p[n:]
		if len(w.in) >= streamBlock {
			w.convert(false)
		}
	}
	return total - len(p), w.err
}

// ReadFrom converts all of r, without the copies that Write makes.
func (w *Writer) ReadFrom(r io.Reader) (int64, error) {
	var total int64
	for w.err == nil {
		if w.in == nil {
			w.in = make([]byte, 0, streamBlock)
		}
		n, err := r.Read(w.in[len(w.in):cap(w.in)])
		w.in = w.in[:len(w.in)+n]
		total += int64(n)
		if len(w.in) >= cap(w.in)/2 {
			w.convert(false)
		}
		if err == io.EOF {
			return total, w.err
		}
		if err != nil {
			return total, err
		}
	}
	return total, w.err
}

// Close converts what is left and writes it.
func (w *Writer) Close() error {
	w.convert(true)
	return w.err
}

func (w *Writer) convert(final bool) {
	if w.err != nil {
		return
	}
	n := 0
	if !final {
		for len(w.in)-n > 2*block { // in parts, so that two passes meet in the cache
			m := w.j.step(w.in[:n+block], n, false)
			n = m
		}
	}
	n = w.j.step(w.in, n, final)
	w.in = w.in[:copy(w.in, w.in[n:])]
	out := w.j.out()
	if out.n > 0 {
		_, w.err = w.w.Write(out.buf[:out.n])
		out.n = 0
	}
	if len(out.frozen) > 0 && w.j.second.t == nil {
		out.frozen = out.frozen[:0]
	}
}

// NewReader returns a reader of r's text, converted.
func (c *Converter) NewReader(r io.Reader) io.Reader {
	out := &reading{r: r}
	out.w = c.NewWriter(&out.out)
	return out
}

// A reading is the reader of NewReader: a Writer turned round.
type reading struct {
	r   io.Reader
	w   *Writer
	out pending
	err error
}

func (r *reading) Read(p []byte) (int, error) {
	for len(r.out.b) == 0 && r.err == nil {
		var buf [8 << 10]byte
		n, err := r.r.Read(buf[:])
		r.w.Write(buf[:n])
		if err != nil {
			r.err = err
			r.w.Close()
		}
	}
	if len(r.out.b) == 0 {
		return 0, r.err
	}
	n := copy(p, r.out.b)
	r.out.b = r.out.b[n:]
	return n, nil
}

// pending is a writer that keeps what is written.
type pending struct{ b []byte }

func (p *pending) Write(b []byte) (int, error) {
	p.b = append(p.b, b...)
	return len(b), nil
}
