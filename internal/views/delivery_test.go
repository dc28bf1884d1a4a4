package views

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fault disturbs the file operations: the Nth fails, or from the Nth on nothing is done, as if the process
// had been killed. A write is cut in its middle.
type fault struct {
	at   int   // which operation, from 1; 0: none
	err  error // what it returns; nil: the process is killed
	n    int
	dead bool
}

// killed is what a killed process panics with.
type killed struct{}

func (f *fault) step() error {
	f.n++
	if f.dead {
		panic(killed{})
	}
	if f.at == 0 || f.n != f.at {
		return nil
	}
	f.dead = f.err == nil
	if f.dead {
		return errors.New("killed")
	}
	return f.err
}

// end ends the process if it was killed.
func (f *fault) end(err error) error {
	if f.dead {
		panic(killed{})
	}
	return err
}

// failingReader fails at the first byte.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
func (r failingReader) Close() error             { return nil }

func (f *fault) disk() disk {
	sys := system()
	d := sys
	for _, one := range []*func(string) error{&d.mkdir, &d.remove, &d.syncDir} {
		real := *one
		*one = func(name string) error {
			if err := f.step(); err != nil {
				return f.end(err)
			}
			return real(name)
		}
	}
	d.list = func(name string) ([]fs.DirEntry, error) {
		if err := f.step(); err != nil {
			return nil, f.end(err)
		}
		return sys.list(name)
	}
	d.open = func(name string) (io.ReadCloser, error) {
		if err := f.step(); err != nil {
			if f.n%2 == 0 && !f.dead {
				return failingReader{err}, nil
			}
			return nil, f.end(err)
		}
		return sys.open(name)
	}
	d.rename = func(from, to string) error {
		if err := f.step(); err != nil {
			return f.end(err)
		}
		return sys.rename(from, to)
	}
	d.write = func(name string, sync bool, text func(io.Writer) error) error {
		err := f.step()
		if err == nil {
			return sys.write(name, sync, text)
		}
		var b bytes.Buffer
		text(&b)
		os.WriteFile(name, b.Bytes()[:b.Len()/2], 0o600)
		return f.end(err)
	}
	d.publish = func(name string, body []byte) error {
		if err := f.step(); err != nil {
			os.WriteFile(name, body[:len(body)/2], 0o644)
			return f.end(err)
		}
		return sys.publish(name, body)
	}
	return d
}

// do runs do under the fault and tells whether the process was killed.
func (f *fault) do(do func(d disk) error) (err error, dead bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(killed); !ok {
				panic(r)
			}
			dead = true
		}
	}()
	return do(f.disk()), false
}

// delivery is how a log reaches us: files that grow, are cut, rotated, compressed and come twice.
type delivery struct {
	t     *testing.T
	r     *rand.Rand
	dir   string
	s     Settings
	files int
}

// ingest counts logs, at times killed on the way or with a failing disk, until it works.
func (d *delivery) ingest(logs ...string) {
	d.t.Helper()
	for try := range 4 {
		f := &fault{}
		if try < 3 && d.r.IntN(2) == 0 {
			f.at = 1 + d.r.IntN(60)
			f.err = []error{nil, nil, syscall.ENOSPC, syscall.EIO}[d.r.IntN(4)]
		}
		rep, dead := Report{}, false
		err, dead := f.do(func(disk disk) (err error) {
			rep, err = ingestOn(d.t.Context(), disk, d.s, Input{Logs: logs})
			return err
		})
		if err == nil && !dead {
			if !rep.Account.Closes() {
				d.t.Fatalf("the account does not close: %+v", rep.Account)
			}
			if d.r.IntN(3) > 0 {
				return
			}
			continue // once more: it is a set
		}
		if err != nil && !errors.Is(err, f.err) {
			d.t.Fatal(err)
		}
	}
}

func (d *delivery) name(ext string) string {
	d.files++
	return filepath.Join(d.dir, "log", "access-"+strconv.Itoa(d.files)+ext)
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.String()
}

// shapes are the ways in which a part of a log may come.
var shapes = []struct {
	name string
	do   func(d *delivery, text string)
}{
	{"whole", func(d *delivery, text string) { d.ingest(put(d.t, d.name(".log"), text)) }},
	{"cut", func(d *delivery, text string) {
		lines := strings.SplitAfter(text, "\n")
		at := d.r.IntN(len(lines))
		d.ingest(put(d.t, d.name(".log"), strings.Join(lines[:at], "")), put(d.t, d.name(".log"), strings.Join(lines[at:], "")))
	}},
	{"merged", func(d *delivery, text string) {
		one := put(d.t, d.name(".log"), text)
		d.ingest(one)
		d.ingest(put(d.t, d.name(".log"), text[strings.IndexByte(text, '\n')+1:]+text), one)
	}},
	{"rotated", func(d *delivery, text string) {
		name := d.name(".log")
		at := strings.IndexByte(text[len(text)/2:], '\n') + len(text)/2 + 1
		put(d.t, name, text[:at])
		d.ingest(name)
		if err := os.Rename(name, name+".1"); err != nil {
			d.t.Fatal(err)
		}
		put(d.t, name, text[at:])
		d.ingest(filepath.Dir(name))
	}},
	{"compressed", func(d *delivery, text string) {
		name := put(d.t, d.name(".log"), text)
		if d.r.IntN(2) == 0 {
			d.ingest(name)
		}
		if err := os.Remove(name); err != nil {
			d.t.Fatal(err)
		}
		d.ingest(put(d.t, name+".gz", gzipped(text)))
	}},
	{"compressed in two members", func(d *delivery, text string) {
		d.ingest(put(d.t, d.name(".gz"), gzipped(text[:len(text)/2])+gzipped(text[len(text)/2:])))
	}},
	{"compressed and cut off", func(d *delivery, text string) {
		z := gzipped(text)
		name := put(d.t, d.name(".gz"), z[:len(z)*2/3])
		d.ingest(name)
		put(d.t, name, z)
		d.ingest(name)
	}},
	{"twice", func(d *delivery, text string) {
		d.ingest(put(d.t, d.name(".log"), text+text), put(d.t, d.name(".log"), text))
	}},
	{"growing", func(d *delivery, text string) {
		name := d.name(".log")
		for at := 0; at < len(text); {
			at = min(len(text), at+1+d.r.IntN(len(text)/3))
			put(d.t, name, text[:at]) // mostly within a line
			d.ingest(name)
		}
	}},
	{"truncated in place", func(d *delivery, text string) { // copytruncate
		name := put(d.t, d.name(".log"), text[:strings.IndexByte(text[len(text)/2:], '\n')+len(text)/2+1])
		d.ingest(name)
		put(d.t, name, text[strings.IndexByte(text[len(text)/2:], '\n')+len(text)/2+1:])
		d.ingest(name)
	}},
	{"torn, then whole", func(d *delivery, text string) {
		name := put(d.t, d.name(".log"), text[:len(text)-1-d.r.IntN(150)])
		d.ingest(name)
		put(d.t, name, text)
		d.ingest(name)
	}},
	{"reordered", func(d *delivery, text string) {
		lines := slices.Collect(strings.Lines(text))
		d.r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		d.ingest(put(d.t, d.name(".log"), strings.Join(lines, "")))
	}},
	{"another line end", func(d *delivery, text string) {
		d.ingest(put(d.t, d.name(".log"), "\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")))
	}},
	{"standard input", func(d *delivery, text string) {
		if _, err := ingestOn(d.t.Context(), system(), d.s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(text)}); err != nil {
			d.t.Fatal(err)
		}
	}},
	{"old offsets", func(d *delivery, text string) { // hints are gone
		d.ingest(put(d.t, d.name(".log"), text))
		l, err := load(system(), d.s.Ledger)
		if err != nil || l == nil {
			return
		}
		l.hints = nil
		if err := l.commit(); err != nil {
			d.t.Fatal(err)
		}
	}},
}

// However a log is delivered, and wherever runs are cut off, the totals are the oracle's.
func TestDelivery(t *testing.T) {
	rounds := 6
	seed := uint64(1)
	if torture() {
		rounds = 300
		if n, err := strconv.ParseUint(os.Getenv("ZHENDI_TORTURE"), 10, 64); err == nil {
			seed = n
		}
		t.Logf("seed %d, %d rounds", seed, rounds)
	}
	for round := range rounds {
		for _, sh := range shapes {
			t.Run(fmt.Sprintf("%s %d", sh.name, round), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, uint64(round)))
				dir := memory(t)
				// a day and a half are late, but within the window
				s := settings(dir, writeCatalogue(t, dir, 12), start.Add(48*time.Hour))
				hits, truth := randomHits(r, 400, 12, 2)
				slices.SortStableFunc(hits, func(a, b hit) int { return a.at.Compare(b.at) })
				s.most = []int{0, 20, 100}[r.IntN(3)] // views go to disk on the way
				d := &delivery{t: t, r: r, dir: dir, s: s}
				if err := os.MkdirAll(s.Ledger, 0o755); err != nil {
					t.Fatal(err)
				}
				at := len(hits) / 3
				for _, part := range [][]hit{hits[at:], hits[:at]} { // the later part first
					sh.do(d, lineText(part))
					if round%2 == 1 { // every shape meets every other
						shapes[r.IntN(len(shapes))].do(d, lineText(part))
					}
					d.s.Now = d.s.Now.Add(20 * time.Hour)
				}
				if got, want := counted(t, s), oracle(truth); !same(got, want) {
					t.Errorf("got %v\nwant %v", got, want)
				}
			})
		}
	}
}
