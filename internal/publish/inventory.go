package publish

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"zhendi/internal/output"
)

// record is one object of ours in the store.
type record struct {
	key     string
	sum     output.Sum
	etag    string
	headers string // fingerprint of the headers it was stored with
	size    int64
	class   output.Class
	retired int64 // since when, in Unix seconds, no page refers to it; 0: in use
}

// inventory lists what we have in the store, sorted by key: the files of the live manifest,
// their compressed copies, and old assets in their period of grace.
type inventory struct {
	serial  int64
	records []record
}

const inventoryMagic = "# zhendi inventory 1"

func (l *inventory) find(key string) (record, bool) {
	i, ok := slices.BinarySearchFunc(l.records, key, func(r record, k string) int { return strings.Compare(r.key, k) })
	if !ok {
		return record{}, false
	}
	return l.records[i], true
}

func (l *inventory) sort() {
	slices.SortFunc(l.records, func(a, b record) int { return cmp.Compare(a.key, b.key) })
}

// encode writes a line for each object: SHA-256, ETag, fingerprint of the headers, class, time of retirement, size, key.
func (l *inventory) encode() ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(z, "%s\n# serial: %d\n# objects: %d\n", inventoryMagic, l.serial, len(l.records))
	var line []byte
	for i := range l.records {
		r := &l.records[i]
		line = hex.AppendEncode(line[:0], r.sum[:])
		line = append(append(append(append(line, ' '), cmp.Or(r.etag, "-")...), ' '), cmp.Or(r.headers, "-")...)
		line = strconv.AppendInt(append(line, ' '), int64(r.class), 10)
		line = strconv.AppendInt(append(line, ' '), r.retired, 10)
		line = strconv.AppendInt(append(line, ' '), r.size, 10)
		line = append(append(append(line, ' '), r.key...), '\n')
		if _, err := z.Write(line); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

// decodeInventory reads what encode wrote.
func decodeInventory(packed []byte) (*inventory, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("reading the inventory: %w", err)
	}
	var text strings.Builder      // the keys are parts of it
	if n := len(packed); n >= 4 { // a gzip file ends in its plain size; a false one costs no more than the factor that gzip can reach
		text.Grow(int(min(uint64(binary.LittleEndian.Uint32(packed[n-4:])), uint64(n)*1032)))
	}
	if _, err := io.Copy(&text, z); err != nil {
		return nil, fmt.Errorf("reading the inventory: %w", err)
	}
	rest := text.String()
	next := func() string {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		return line
	}
	l, n := &inventory{}, 0
	if next() != inventoryMagic {
		return nil, fmt.Errorf("the inventory is of another version of zhendi")
	}
	_, err1 := fmt.Sscanf(next(), "# serial: %d", &l.serial)
	_, err2 := fmt.Sscanf(next(), "# objects: %d", &n)
	if err1 != nil || err2 != nil || n < 0 || n > strings.Count(rest, "\n") {
		return nil, fmt.Errorf("the inventory is damaged: bad header")
	}
	l.records = make([]record, n)
	known := map[string]string{}
	for i := range l.records {
		if err := l.records[i].decode(next(), known); err != nil {
			return nil, fmt.Errorf("the inventory is damaged: line %d: %w", i+4, err)
		}
	}
	return l, nil
}

// decode reads a line. known keeps one string for equal fingerprints.
func (r *record) decode(line string, known map[string]string) error {
	var f [7]string
	for i := range f {
		end := strings.IndexByte(line, ' ')
		if i == 6 {
			end = len(line)
		}
		if end < 0 {
			return fmt.Errorf("want seven fields")
		}
		f[i], line = line[:end], line[min(end+1, len(line)):]
	}
	if len(f[0]) != 2*len(r.sum) {
		return fmt.Errorf("bad SHA-256 %q", f[0])
	}
	var digits [2 * len(r.sum)]byte
	copy(digits[:], f[0])
	if _, err := hex.Decode(r.sum[:], digits[:]); err != nil {
		return err
	}
	class, err1 := strconv.Atoi(f[3])
	retired, err2 := strconv.ParseInt(f[4], 10, 64)
	size, err3 := strconv.ParseInt(f[5], 10, 64)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return err
	}
	if s, ok := known[f[2]]; ok {
		f[2] = s
	} else {
		known[f[2]] = f[2]
	}
	r.etag, r.headers, r.class, r.retired, r.size, r.key = strings.TrimPrefix(f[1], "-"), strings.TrimPrefix(f[2], "-"), output.Class(class), retired, size, f[6]
	return nil
}
