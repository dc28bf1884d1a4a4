package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
)

// Stamps spare a build to read what it wrote before: a file that still has the size, time of change and inode
// that it had when its bytes were known is taken for unaltered. Where time or inode are others, as after a fresh
// checkout, the file is read and its check sum compared, which takes an eighth of the time of SHA-256: it tells an altered file
// of the same size from ours but for one in four billion, or one that was made to look like ours; publish, which hashes all that it sends, sends neither. Stamps lie in a file that the
// caller names, outside the output, which must depend on the site alone. They are a hint: a
// missing, damaged or foreign file of stamps, or one of another manifest, is as good as none.
//
// A stamp is kept only of files last changed before the clock of the file system ticked and the bytes were
// compared (or the file came into place): a later change then has a later time, be the ticks as
// coarse as they may. What was written in the last tick is read again next time.
//
//	8 bytes   stampsMagic
//	32 bytes  SHA-256 of the manifest
//	20 bytes  for each of its files: time in nanoseconds, inode, check sum; little-endian; zeros: not known
//	32 bytes  SHA-256 of all that
const stampsMagic = "zhstamp2"

// stamp is what a file system says of a file that changes when its bytes do.
type stamp struct {
	time  int64
	inode uint64
}

// checksum is the CRC-32C of a file's bytes.
type checksum uint32

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// add returns the check sum of the bytes so far and b.
func (c checksum) add(b []byte) checksum { return checksum(crc32.Update(uint32(c), castagnoli, b)) }

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime().UnixNano(), inode(info)} }

// before returns the stamp if the file was last changed before the time, else none.
func (s stamp) before(time int64) stamp {
	if s.time < time {
		return s
	}
	return stamp{}
}

// unaltered reports whether the file is as the last build left it, with the hash that e wants;
// e then gets its stamp.
func (tx *Tx) unaltered(e *Entry, info fs.FileInfo) bool {
	old, ok := tx.prev.Find(e.Path)
	if !ok || tx.redo || old.stamp == (stamp{}) || old.Sum != e.Sum || old.Size != info.Size() || old.stamp != stampOf(info) {
		return false
	}
	e.stamp, e.Size = old.stamp, old.Size
	return true
}

// loadStamps gives the entries of the last manifest, whose text has the hash sum, their stamps.
func (tx *Tx) loadStamps(sum Sum) {
	if tx.stampsName == "" {
		return
	}
	b, err := tx.ops.readAll(tx.stampsName)
	head, files := len(stampsMagic)+len(sum), tx.prev.Files
	if err != nil || len(b) != head+stampLen*len(files)+sha256.Size {
		return
	}
	body, check := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if now := sha256.Sum256(body); !bytes.Equal(now[:], check) || !bytes.Equal(body[:head], stampsHead(sum)) {
		return
	}
	tx.stampsOld = Sum(check)
	for i := range files {
		s := body[head+stampLen*i:]
		files[i].stamp = stamp{int64(binary.LittleEndian.Uint64(s)), binary.LittleEndian.Uint64(s[8:])}
		files[i].check = checksum(binary.LittleEndian.Uint32(s[16:]))
	}
}

// stampLen is the length of one stamp, with its check sum.
const stampLen = 20

func stampsHead(sum Sum) []byte { return append([]byte(stampsMagic), sum[:]...) }

// saveStamps writes the stamps of the new manifest. If it cannot, the next build reads more.
func (tx *Tx) saveStamps(m *Manifest, sum Sum) {
	if tx.stampsName == "" {
		return
	}
	b := append(make([]byte, 0, 128+stampLen*len(m.Files)), stampsHead(sum)...)
	for i := range m.Files {
		s := m.Files[i].stamp
		if m.Files[i].staged {
			s = s.before(tx.journaled)
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(s.time))
		b = binary.LittleEndian.AppendUint64(b, s.inode)
		b = binary.LittleEndian.AppendUint32(b, uint32(m.Files[i].check))
	}
	check := sha256.Sum256(b)
	if check == tx.stampsOld {
		return
	}
	fresh := tx.stampsName + ".new"
	err := tx.ops.write(fresh, false, func(w io.Writer) error {
		_, err := w.Write(append(b, check[:]...))
		return err
	})
	if err == nil {
		tx.ops.rename(fresh, tx.stampsName)
	}
}

// clock returns the time of change of a file that was just written: what the clock of the file system, which
// may be another machine's, then said.
func (tx *Tx) clock(name string) int64 {
	info, err := tx.ops.lstat(name)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}
