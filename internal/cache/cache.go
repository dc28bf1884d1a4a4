// Package cache keeps bytes between runs, as a hint and never as the truth.
//
// A file of the cache is
//
//	8 bytes   "zhcache2"
//	32 bytes  key: the hash of all that its contents depend on
//	body
//	8 bytes   Check of all that, little-endian
//
// Of a Pack only the head is read at once: see there.
//
// What is missing, half-written, damaged, or has another key is as good as nothing: Read
// then says so, and the caller does the work again. Write replaces a file at once.
//
// Encoder and Decoder turn values into bytes and back. A Decoder hands out parts of the
// string it was given, without copying; whatever is malformed ends it with an error, and from
// then on it returns zeros: a caller checks once, at the end.
package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"unsafe"
)

const magic = "zhcache2"

// Sum is a SHA-256.
type Sum = [sha256.Size]byte

// Check is the check sum of bytes: CRC-32C and CRC-32 (IEEE). It finds damage, and tells versions of a file apart, four times as fast as
// SHA-256, but not what was made to deceive.
type Check uint64

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Add returns the check sum of the bytes so far and b.
func (c Check) Add(b []byte) Check {
	return Check(crc32.Update(uint32(c>>32), castagnoli, b))<<32 | Check(crc32.Update(uint32(c), crc32.IEEETable, b))
}

// checkLen is the length of a check sum in a file.
const checkLen = 8

// Read returns the body of the file name if it is whole and was written with this key.
func Read(name string, key Sum) (body string, ok bool) {
	b, err := os.ReadFile(name)
	head := len(magic) + len(key)
	if err != nil || len(b) < head+checkLen || string(b[:len(magic)]) != magic || Sum(b[len(magic):head]) != key {
		return "", false
	}
	end := len(b) - checkLen
	if uint64(Check(0).Add(b[:end])) != binary.LittleEndian.Uint64(b[end:]) {
		return "", false
	}
	body = unsafe.String(unsafe.SliceData(b), len(b)) // b is not changed from here on
	return body[head:end], true
}

// Write writes the file name, whose body is in parts, in a folder that it makes if need be. Other runs see the old
// file or the new one.
func Write(name string, key Sum, body ...[]byte) error {
	f := Create(name, key)
	for _, part := range body {
		f.Write(part)
	}
	return f.Place()
}

// File is a file on its way, for what is too large to be held as a whole, or not known as a whole yet. Place or Drop ends it.
type File struct {
	name  string
	file  *os.File // nil: there is none
	check Check
	err   error // the first; what is written after it goes nowhere
}

// Create begins to write the file name, as Write does. Place tells its errors.
func Create(name string, key Sum) *File { return create(name, magic, key) }

func create(name, magic string, key Sum) *File {
	f := &File{name: name}
	dir := filepath.Dir(name)
	if f.err = os.MkdirAll(dir, 0o777); f.err == nil {
		f.file, f.err = os.CreateTemp(dir, filepath.Base(name)+"-*.tmp")
	}
	f.Write([]byte(magic))
	f.Write(key[:])
	return f
}

// Write adds a part of the body.
func (f *File) Write(part []byte) (int, error) {
	if f.err == nil {
		f.check = f.check.Add(part)
		_, f.err = f.file.Write(part)
	}
	return len(part), f.err
}

// Place ends the file and puts it in the place of the one before.
func (f *File) Place() error {
	f.seal()
	return f.place()
}

// seal adds the check sum of all so far.
func (f *File) seal() { f.Write(binary.LittleEndian.AppendUint64(nil, uint64(f.check))) }

func (f *File) place() error {
	if f.err == nil {
		f.err = errors.Join(f.file.Chmod(0o666), f.file.Close())
	}
	if f.err == nil {
		f.err = rename(f.file.Name(), f.name)
	}
	if f.err != nil {
		f.Drop()
	}
	return f.err
}

func rename(from, to string) error {
	err := os.Rename(from, to)
	if err != nil { // a folder, from whomever, must not keep us from remembering for ever
		if info, serr := os.Lstat(to); serr == nil && info.IsDir() && os.RemoveAll(to) == nil {
			err = os.Rename(from, to)
		}
	}
	return err
}

// Drop ends the file and leaves all as it was.
func (f *File) Drop() {
	if f.file != nil {
		f.file.Close()
		os.Remove(f.file.Name())
	}
}

// Encoder is the bytes of the values that were added to it.
type Encoder []byte

// Uint adds a number.
func (e *Encoder) Uint(n uint64) { *e = binary.AppendUvarint(*e, n) }

// Int adds a number that may be negative.
func (e *Encoder) Int(n int64) { *e = binary.AppendVarint(*e, n) }

// String adds a string.
func (e *Encoder) String(s string) {
	e.Uint(uint64(len(s)))
	*e = append(*e, s...)
}

// Bytes adds bytes whose number the Decoder will know.
func (e *Encoder) Bytes(b []byte) { *e = append(*e, b...) }

// Bool adds a truth value.
func (e *Encoder) Bool(b bool) {
	if b {
		e.Uint(1)
	} else {
		e.Uint(0)
	}
}

// Decoder takes values from a string in the order in which an Encoder added them.
type Decoder struct {
	Rest string
	bad  bool
}

// ErrMalformed is the error of a Decoder.
var ErrMalformed = errors.New("malformed cache")

// Err returns an error if anything was malformed.
func (d *Decoder) Err() error {
	if d.bad {
		return ErrMalformed
	}
	return nil
}

// Fail makes the values so far malformed: for rules that only the caller knows.
func (d *Decoder) Fail() { d.bad, d.Rest = true, "" }

// Uint takes a number.
func (d *Decoder) Uint() uint64 {
	var n uint64
	for i := 0; i < len(d.Rest) && i < binary.MaxVarintLen64; i++ {
		c := d.Rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.Rest = d.Rest[i+1:]
			return n
		}
	}
	d.Fail()
	return 0
}

// Int takes a number that may be negative.
func (d *Decoder) Int() int64 {
	n := d.Uint()
	return int64(n>>1) ^ -int64(n&1)
}

// Len takes the number of elements that follow, each of at least size bytes: what cannot be
// there is malformed, so that no damaged number takes all memory.
func (d *Decoder) Len(size int) int {
	n := d.Uint()
	if n > uint64(len(d.Rest)/size) {
		d.Fail()
		return 0
	}
	return int(n)
}

// String takes a string.
func (d *Decoder) String() string {
	n := d.Uint()
	if n > uint64(len(d.Rest)) {
		d.Fail()
		return ""
	}
	return d.Bytes(int(n))
}

// Bytes takes n bytes.
func (d *Decoder) Bytes(n int) string {
	if n > len(d.Rest) {
		d.Fail()
		return ""
	}
	s := d.Rest[:n]
	d.Rest = d.Rest[n:]
	return s
}

// Bool takes a truth value.
func (d *Decoder) Bool() bool { return d.Uint() == 1 }
