package build

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"strings"
	"sync"

	"zhendi/internal/cache"
	"zhendi/internal/output"
)

// memo is what is known of a page, or the pages of an article, or other files: what they were made of, and what came
// out besides their bytes.
type memo struct {
	print digest // of the pages
	links digest // of what the links of the text led to
	old   int32  // 1 + number among the memos of the last build: all is as it was then; 0: it was made anew
	blob  int32  // 1 + number among blobs, of what was made anew; 0: it is empty
}

// blobs are outcomes, packed. They lie in large pieces, not each by itself among what is soon thrown away.
type blobs struct {
	mu    sync.Mutex
	list  []string
	piece *strings.Builder
}

const blobsInPiece = 64 << 10

// add returns what memo.blob is. It copies the blob.
func (b *blobs) add(blob []byte) int32 {
	if len(blob) == 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.piece == nil || b.piece.Len()+len(blob) > b.piece.Cap() {
		b.piece = new(strings.Builder)
		b.piece.Grow(max(blobsInPiece, len(blob)))
	}
	at := b.piece.Len()
	b.piece.Write(blob)
	b.list = append(b.list, b.piece.String()[at:])
	return int32(len(b.list))
}

func (b *blobs) at(n int32) string {
	if n == 0 {
		return ""
	}
	return b.list[n-1]
}

// digest is a hash, cut to what no two pages will share.
type digest [16]byte

// memos are the memos of a build as they lie in a file: those of the articles in their order, of which one that is a link has an empty
// one; then others, which are found by their prints: no two pages have the same.
type memos struct {
	memosHead
	prints, links string  // 16 bytes each
	pageEnds      numbers // where those of the next begin
	pages         numbers // of all memos, one after another: indices into the manifest
	blobEnds      numbers
	blobs         string
	names         []string
	namesAt       numbers // for each: 1 + its place in the index; 0: it was not there
	order         order
	slots         []uint32 // of the others, by the first bytes of a print: 1 + number; 0: free
}

// memosHead is what is known of the site as a whole.
type memosHead struct {
	build     uint64      // which it is: the index of the same has the same number
	places    string      // keys of places where links of texts can lead; see moved
	kept      string      // keys of files that are not shown
	shown     int         // pictures and attachments
	catalogue cache.Check // 0: none was written
}

// numbers are numbers of 4 bytes, little-endian.
type numbers string

func (n numbers) len() int { return len(n) / 4 }

func (n numbers) at(i int) int {
	b := n[4*i : 4*i+4]
	return int(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
}

// span returns the part of a list that belongs to i, given where each part ends.
func (n numbers) span(i int) (from, to int) {
	if i > 0 {
		from = n.at(i - 1)
	}
	return from, n.at(i)
}

// find returns the number of the memo, of no article, with a print.
func (m *memos) find(print digest) (int, bool) {
	if len(m.slots) == 0 {
		return 0, false
	}
	for k := slot(string(print[:4]), len(m.slots)); m.slots[k] != 0; k = (k + 1) & (len(m.slots) - 1) {
		if i := int(m.slots[k]) - 1; m.printOf(i) == print {
			return i, true
		}
	}
	return 0, false
}

func slot(print string, slots int) int { return numbers(print[:4]).at(0) & (slots - 1) }

func (m *memos) printOf(i int) digest { return digestAt(m.prints, i) }

func (m *memos) linksOf(i int) digest { return digestAt(m.links, i) }

// filesOf returns the indices of a memo's files in the manifest of the last build.
func (m *memos) filesOf(i int) numbers {
	from, to := m.pageEnds.span(i)
	return m.pages[4*from : 4*to]
}

func (m *memos) blobOf(i int) string {
	from, to := m.blobEnds.span(i)
	return m.blobs[from:to]
}

// pagesKey binds memos to the manifest whose files they speak of, and to what all pages share.
func pagesKey(shared cache.Sum, manifest output.TextSum) cache.Sum {
	return sha256.Sum256(append(append([]byte("pages"), shared[:]...), manifest[:]...))
}

func loadMemos(name string, key cache.Sum, files int) (m memos) {
	body, ok := cache.Read(name, key)
	if !ok {
		return m
	}
	d := cache.Decoder{Rest: body}
	m.build, m.places, m.kept = d.Uint(), d.String(), d.String()
	m.catalogue = cache.Check(d.Uint())
	m.shown = int(d.Uint())
	n := d.Len(2*len(digest{}) + 2*4)
	m.prints, m.links = d.Bytes(n*len(digest{})), d.Bytes(n*len(digest{}))
	m.pageEnds, m.blobEnds = numbers(d.Bytes(4*n)), numbers(d.Bytes(4*n))
	m.pages, m.blobs = numbers(d.String()), d.String()
	m.names = make([]string, d.Len(1))
	for i := range m.names {
		m.names[i] = d.String()
	}
	m.namesAt = numbers(d.Bytes(4 * len(m.names)))
	m.order, ok = decodeOrder(&d)
	if d.Err() != nil || !ok || m.order.len() > n || (len(m.places)|len(m.kept))%8 != 0 || !m.pageEnds.cut(m.pages.len()) || !m.blobEnds.cut(len(m.blobs)) {
		return memos{}
	}
	for i := range m.pages.len() {
		if m.pages.at(i) >= files {
			return memos{}
		}
	}
	m.slots = make([]uint32, 1<<bits.Len(uint(2*(n-m.order.len()))))
	for i := m.order.len(); i < n; i++ {
		k := slot(m.prints[len(digest{})*i:], len(m.slots))
		for m.slots[k] != 0 {
			k = (k + 1) & (len(m.slots) - 1)
		}
		m.slots[k] = uint32(i + 1)
	}
	return m
}

// cut reports whether the numbers cut a list of a length into parts, one after another.
func (n numbers) cut(length int) bool {
	last := 0
	for i := range n.len() {
		at := n.at(i)
		if at < last {
			return false
		}
		last = at
	}
	return last == length
}

// memosOut are memos on their way into a file. What is large of them is not gathered: it is written as it is asked for.
type memosOut struct {
	count                     int
	entry                     func(i int) (print, links digest, blob string)
	pageEnds, pages, blobEnds []byte
	blobs                     int // length of all
}

// newMemosOut makes room for a count of memos, of which entry tells the ith, with as many files.
func newMemosOut(count, files int, entry func(i int) (print, links digest, blob string)) memosOut {
	room := func(n int) []byte { return make([]byte, 0, 4*n) }
	return memosOut{count: count, entry: entry, pages: room(files), pageEnds: room(count), blobEnds: room(count)}
}

// file adds a file, by its index in the manifest, to the memo that ends next.
func (o *memosOut) file(i uint32) { o.pages = binary.LittleEndian.AppendUint32(o.pages, i) }

// end ends memo i: its files were added.
func (o *memosOut) end(i int) {
	_, _, blob := o.entry(i)
	o.blobs += len(blob)
	o.pageEnds = binary.LittleEndian.AppendUint32(o.pageEnds, uint32(len(o.pages)/4))
	o.blobEnds = binary.LittleEndian.AppendUint32(o.blobEnds, uint32(o.blobs))
}

func (o *memosOut) save(name string, key cache.Sum, head memosHead, names *names, order []byte) error {
	f := cache.Create(name, key)
	w := bufio.NewWriterSize(f, 64<<10) // f keeps its errors
	var e cache.Encoder
	e.Uint(head.build)
	e.String(head.places)
	e.String(head.kept)
	e.Uint(uint64(head.catalogue))
	e.Uint(uint64(head.shown))
	e.Uint(uint64(o.count))
	w.Write(e)
	for i := range o.count {
		print, _, _ := o.entry(i)
		w.Write(print[:])
	}
	for i := range o.count {
		_, links, _ := o.entry(i)
		w.Write(links[:])
	}
	w.Write(o.pageEnds)
	w.Write(o.blobEnds)
	w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(len(o.pages))))
	w.Write(o.pages)
	w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(o.blobs)))
	for i := range o.count {
		_, _, blob := o.entry(i)
		w.WriteString(blob)
	}
	w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(len(names.list))))
	for _, n := range names.list {
		w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(len(n))))
		w.WriteString(n)
	}
	for _, at := range names.at {
		w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), uint32(at)))
	}
	w.Write(order)
	w.Flush()
	return f.Place()
}
