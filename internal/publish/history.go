package publish

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"zhendi/internal/output"
)

// How far back a rollback reaches. The last publication is always kept, however large it was.
const (
	historyLength = 20
	historyDays   = 30
	historyFiles  = 200_000 // in all differences but the last: a portal that changes every page each time would pile up copies
)

// history lists the last publications, the newest first, each as the difference that undoes it: a manifest of a hundred thousand files
// weighs megabytes, the difference of an article a few hundred bytes. An older manifest is made from the live one by going
// backwards, and proved by its hash.
type history struct {
	etag    string
	changes []change
	lost    bool // there is none, or none that can be read: whose the copies are is not known
}

// change is one publication, seen from the newer site.
type change struct {
	at     int64           // when the newer site went live, in Unix seconds
	since  int64           // when the older one had, by the store's clock
	after  output.Sum      // of the newer manifest without its signature
	before output.Sum      // of the older
	back   output.Sum      // the newer site was a rollback to the one with this manifest; zero: it was not
	sig    string          // that of the older manifest, as it stood in it; empty: it was not signed
	old    output.Manifest // head of the older manifest, and those of its files that the newer has otherwise or not at all
	other  int             // how many of these the newer has otherwise
	added  []string        // files that only the newer has

	// closed names files of old that never come back, each with the file that is the reason: itself if it was taken back, or
	// one that was and that its bytes name or share.
	closed map[string]string

	sweep []string // files that the newer site took back and whose traces in older bytes have not been looked for yet
}

// difference returns what undoes the step from the older to the newer manifest.
func difference(older, newer *output.Manifest) change {
	c := change{old: output.Manifest{Build: older.Build}, closed: map[string]string{}}
	a, b := older.Files, newer.Files
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Path < b[0].Path:
			c.old.Files, a = append(c.old.Files, a[0]), a[1:]
		case len(a) == 0 || b[0].Path < a[0].Path:
			c.added, b = append(c.added, b[0].Path), b[1:]
		default:
			if !equal(&a[0], &b[0]) {
				c.old.Files, c.other = append(c.old.Files, a[0]), c.other+1
			}
			a, b = a[1:], b[1:]
		}
	}
	return c
}

func equal(a, b *output.Entry) bool {
	return a.Path == b.Path && a.Sum == b.Sum && a.Size == b.Size && a.Media == b.Media && a.Class == b.Class
}

// chain cuts the history to what leads back from the manifest given without a gap. What a run wrote that was cut off before its
// manifest was live leads nowhere and goes, and so does all that was before a manifest which nobody has.
func (h *history) chain(live output.Sum) {
	start := slices.IndexFunc(h.changes, func(c change) bool { return c.after == live })
	if start < 0 {
		h.changes = nil
		return
	}
	h.changes = h.changes[start:]
	for i := 1; i < len(h.changes); i++ {
		if h.changes[i].after != h.changes[i-1].before {
			h.changes = h.changes[:i]
		}
	}
}

// prune forgets what is too old or too much.
func (h *history) prune(now int64) {
	files := 0
	for i := range h.changes {
		if i > 0 {
			files += len(h.changes[i].old.Files)
		}
		if i > 0 && (i >= historyLength || now-h.changes[i].at > historyDays*24*3600 || files > historyFiles) {
			h.changes = h.changes[:i]
			return
		}
	}
}

// state makes the manifest that was live before changes[0] to changes[i], and its text.
func (h *history) state(live *output.Manifest, i int) (*output.Manifest, []byte, error) {
	was := map[string]*output.Entry{} // nil: was not there
	for k := range i + 1 {
		c := &h.changes[k]
		for _, p := range c.added {
			was[p] = nil
		}
		for n := range c.old.Files {
			was[c.old.Files[n].Path] = &c.old.Files[n]
		}
	}
	m := &output.Manifest{Build: h.changes[i].old.Build}
	for n := range live.Files {
		if _, other := was[live.Files[n].Path]; !other {
			m.Files = append(m.Files, live.Files[n])
		}
	}
	for _, e := range was {
		if e != nil {
			m.Files = append(m.Files, *e)
		}
	}
	slices.SortFunc(m.Files, func(a, b output.Entry) int { return strings.Compare(a.Path, b.Path) })
	var text bytes.Buffer
	if err := m.Write(&text); err != nil {
		return nil, nil, err
	}
	if sha256.Sum256(text.Bytes()) != h.changes[i].before {
		return nil, nil, errors.New("the history below the private prefix does not lead back to the manifest it names: somebody has altered it")
	}
	return m, text.Bytes(), nil
}

// kept returns the sums of all copies that a rollback may need.
func (h *history) kept() map[output.Sum]bool {
	out := map[output.Sum]bool{}
	for i := range h.changes {
		c := &h.changes[i]
		for k := range c.old.Files {
			if _, closed := c.closed[c.old.Files[k].Path]; !closed {
				out[c.old.Files[k].Sum] = true
			}
		}
	}
	return out
}

const historyMagic = "# zhendi history 1"

// encode writes, for each change, a line of facts, the added files, those to sweep for, the closed ones with their reasons, and the older files as a manifest.
func (h *history) encode() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	fmt.Fprintln(z, historyMagic)
	for i := range h.changes {
		c := &h.changes[i]
		fmt.Fprintf(z, "# change: %d %d %x %x %x %s added %d other %d sweep %d closed %d files %d\n", c.at, c.since, c.after, c.before, c.back, cmp.Or(c.sig, "-"), len(c.added), c.other, len(c.sweep), len(c.closed), len(c.old.Files))
		for _, p := range slices.Concat(c.added, c.sweep) {
			fmt.Fprintln(z, p)
		}
		for _, p := range slices.Sorted(maps.Keys(c.closed)) {
			fmt.Fprintf(z, "%s\t%s\n", p, c.closed[p])
		}
		if err := c.old.Write(z); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// historyText is a history under decoding.
type historyText struct{ rest []byte }

func (t *historyText) next() string {
	line, rest, _ := bytes.Cut(t.rest, []byte("\n"))
	t.rest = rest
	return string(line)
}

// lines takes the next n lines; false if there are not so many.
func (t *historyText) lines(n int, each func(string)) bool {
	for range n {
		if len(t.rest) == 0 {
			return false
		}
		each(t.next())
	}
	return true
}

// decodeHistory reads what encode wrote.
func decodeHistory(packed []byte) (*history, error) {
	damaged := errors.New("the history is damaged")
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, damaged
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, damaged
	}
	t := historyText{text}
	if t.next() != historyMagic {
		return nil, errors.New("the history is of another version of zhendi")
	}
	h := &history{}
	for len(t.rest) > 0 {
		c, ok := t.change()
		if !ok {
			return nil, damaged
		}
		h.changes = append(h.changes, c)
	}
	return h, nil
}

// manifestHead is how many lines of a manifest stand before those of its files.
const manifestHead = 9

func (t *historyText) change() (c change, ok bool) {
	var after, before, back string
	var added, sweep, closed, files int
	if _, err := fmt.Sscanf(t.next(), "# change: %d %d %s %s %s %s added %d other %d sweep %d closed %d files %d", &c.at, &c.since, &after, &before, &back, &c.sig, &added, &c.other, &sweep, &closed, &files); err != nil {
		return c, false
	}
	c.sig, c.closed = strings.TrimPrefix(c.sig, "-"), map[string]string{}
	for _, f := range []struct {
		text string
		to   *output.Sum
	}{{after, &c.after}, {before, &c.before}, {back, &c.back}} {
		if n, err := hex.Decode(f.to[:], []byte(f.text[:min(len(f.text), 2*len(f.to))])); err != nil || n != len(f.to) {
			return c, false
		}
	}
	ok = t.lines(added, func(p string) { c.added = append(c.added, p) }) && t.lines(sweep, func(p string) { c.sweep = append(c.sweep, p) }) && t.lines(closed, func(line string) {
		p, why, _ := strings.Cut(line, "\t")
		c.closed[p] = why
	})
	whole := t.rest
	if !ok || !t.lines(manifestHead+files, func(string) {}) {
		return c, false
	}
	m, err := output.Parse(whole[:len(whole)-len(t.rest)])
	if err != nil {
		return c, false
	}
	c.old = *m
	return c, true
}

// readHistory reads the history. One that is missing or cannot be read is empty: it must not stop a publication.
func readHistory(ctx context.Context, private patient) (*history, error) {
	packed, info, err := private.read(ctx, historyKey)
	if err != nil && !errors.Is(err, errNotFound) {
		return nil, err
	}
	if err == nil {
		if h, derr := decodeHistory(packed); derr == nil {
			h.etag = info.ETag
			return h, nil
		}
	}
	return &history{etag: info.ETag, lost: true}, nil
}
