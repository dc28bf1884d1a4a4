package cache

import (
	"encoding/binary"
	"os"
	"unsafe"
)

// Pack is a file of the cache in two parts: a head, and pieces that are read when they are asked for.
//
//	8 bytes   "zhcpack1"
//	32 bytes  key
//	8 bytes   length of the head, little-endian
//	head
//	8 bytes   Check of all that
//	pieces, one after another: the head knows where, and their check sums
//
// As long as it is open it reads the file that was opened, whatever takes its name. It may be used from any goroutine.
type Pack struct {
	file *os.File
	from int64 // of the pieces
	size int64 // of all pieces
}

const (
	packMagic = "zhcpack1"
	packStart = len(packMagic) + len(Sum{}) + 8
)

// OpenPack opens the pack name if its head is whole and was written with this key. It must be closed.
func OpenPack(name string, key Sum) (p *Pack, head string, ok bool) {
	f, err := os.Open(name)
	if err != nil {
		return nil, "", false
	}
	defer func() {
		if !ok {
			f.Close()
		}
	}()
	var start [packStart]byte
	if _, err := f.ReadAt(start[:], 0); err != nil || string(start[:len(packMagic)]) != packMagic || Sum(start[len(packMagic):]) != key {
		return nil, "", false
	}
	length := binary.LittleEndian.Uint64(start[packStart-8:])
	info, err := f.Stat()
	if err != nil || info.Size() < int64(packStart+checkLen) || length > uint64(info.Size()-int64(packStart+checkLen)) {
		return nil, "", false
	}
	b := make([]byte, length+checkLen)
	if _, err := f.ReadAt(b, int64(packStart)); err != nil || uint64(Check(0).Add(start[:]).Add(b[:length])) != binary.LittleEndian.Uint64(b[length:]) {
		return nil, "", false
	}
	head = unsafe.String(unsafe.SliceData(b), length) // b is not changed from here on
	from := int64(packStart) + int64(length) + checkLen
	return &Pack{f, from, info.Size() - from}, head, true
}

// Piece reads the n bytes at a place among the pieces; false if they are not those that the check sum was made of.
func (p *Pack) Piece(at int64, n int, check Check) (string, bool) {
	if at < 0 || n < 0 || at > p.size || int64(n) > p.size-at { // no room is made for what cannot be there
		return "", false
	}
	b := make([]byte, n)
	if _, err := p.file.ReadAt(b, p.from+at); err != nil || Check(0).Add(b) != check {
		return "", false
	}
	return unsafe.String(unsafe.SliceData(b), n), true
}

// Close closes the file.
func (p *Pack) Close() error { return p.file.Close() }

// WritePack writes the pack name, as Write does.
func WritePack(name string, key Sum, head, pieces []byte) error {
	f := create(name, packMagic, key)
	f.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
	f.Write(head)
	f.seal()
	f.Write(pieces)
	return f.place()
}
