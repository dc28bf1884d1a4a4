package output

import (
	"bytes"
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
// If the manifest has its time, but another inode, the whole output is a copy that kept the times, as what CI keeps between its runs is. Inodes
// say nothing then, and a file is taken for unaltered by its size and its time alone, to the nanosecond; one in whole seconds, which may have been set
// or cut, is no proof. So does rsync, and git with core.checkStat=minimal. Altered files that a copy hides are those replaced
// before it was made, or in it, by others of the same size that were given the time of ours.
//
// A stamp is kept only of files last changed before the clock of the file system ticked and the bytes were
// compared (or the file came into place): a later change then has a later time, be the ticks as
// coarse as they may. What was written in the last tick is read again next time.
//
//	8 bytes   stampsMagic
//	16 bytes  TextSum of the manifest
//	16 bytes  time and inode of the manifest; zeros: not known
//	20 bytes  for each of its files: time in nanoseconds, inode, check sum; little-endian; zeros: not known
//	16 bytes  TextSum of all that
const stampsMagic = "zhstamp4"

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

// unaltered reports whether the file is as the last build left it.
func (tx *Tx) unaltered(old *row, info fs.FileInfo) bool {
	return old != nil && !tx.redo && old.stamp != (stamp{}) && old.stamp == stampOf(info)
}

// loadStamps gives the files of the last manifest, whose text has the check sum, their stamps.
func (tx *Tx) loadStamps(of TextSum) {
	if tx.stampsName == "" {
		return
	}
	b, err := tx.ops.readAll(tx.stampsName)
	head, n := len(stampsMagic)+len(of)+16, tx.prev.Len()
	if err != nil || len(b) != head+stampLen*n+len(of) {
		return
	}
	body, check := b[:len(b)-len(of)], TextSum(b[len(b)-len(of):])
	if sumText(body) != check || !bytes.Equal(body[:head-16], stampsHead(of)) {
		return
	}
	was, now := stampIn(body[head-16:]), tx.manifestStamp()
	tx.copied = was != (stamp{}) && was.time == now.time && was.inode != now.inode
	tx.stampsOld = check
	for i := range n {
		s, r := body[head+stampLen*i:][:stampLen], tx.prev.row(i)
		r.stamp = stampIn(s)
		r.check = checksum(binary.LittleEndian.Uint32(s[16:]))
	}
}

// stampLen is the length of one stamp, with its check sum.
const stampLen = 20

func stampsHead(of TextSum) []byte { return append([]byte(stampsMagic), of[:]...) }

func stampIn(b []byte) stamp {
	return stamp{int64(binary.LittleEndian.Uint64(b)), binary.LittleEndian.Uint64(b[8:])}
}

func (s stamp) append(b []byte) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, uint64(s.time)), s.inode)
}

// manifestStamp is the stamp of the manifest in its place.
func (tx *Tx) manifestStamp() stamp {
	info, err := tx.ops.lstat(tx.name(ManifestPath))
	if err != nil || !info.Mode().IsRegular() {
		return stamp{}
	}
	return stampOf(info)
}

// asLeft reports whether a file of Previous looks as the last build left it, or as a copy of that does.
func (tx *Tx) asLeft(r *row, f found) bool {
	if tx.redo || r.stamp == (stamp{}) || f.size != r.size || !f.regular {
		return false
	}
	return r.stamp == f.stamp || tx.copied && r.check != 0 && r.stamp.time == f.stamp.time && f.stamp.time%1e9 != 0
}

// saveStamps writes the stamps of the new site, whose manifest has the check sum. If it cannot, the next build reads more.
func (tx *Tx) saveStamps(of TextSum) {
	if tx.stampsName == "" {
		return
	}
	var check textSum
	fresh := tx.stampsName + ".new"
	err := tx.ops.write(fresh, false, func(w io.Writer) error {
		const piece = 64 << 10
		both := io.MultiWriter(&check, w)
		b := append(make([]byte, 0, piece+stampLen), tx.manifestStamp().append(stampsHead(of))...)
		for _, i := range tx.order {
			if len(b) >= piece {
				if _, err := both.Write(b); err != nil {
					return err
				}
				b = b[:0]
			}
			s, crc := tx.stampAt(i)
			b = binary.LittleEndian.AppendUint32(s.append(b), uint32(crc))
		}
		if _, err := both.Write(b); err != nil {
			return err
		}
		end := check.sum()
		_, err := w.Write(end[:])
		return err
	})
	switch {
	case err != nil:
	case check.sum() == tx.stampsOld:
		tx.ops.remove(fresh)
	default:
		tx.ops.rename(fresh, tx.stampsName)
	}
}

// stampAt returns what to remember of file i of prev, or ^i of put.
func (tx *Tx) stampAt(i int32) (stamp, checksum) {
	if i < 0 {
		r := tx.put.row(int(^i))
		if r.staged {
			return r.stamp.before(tx.journaled), r.check
		}
		return r.stamp, r.check
	}
	if tx.seen != nil && tx.seen[i] != (seen{}) {
		return tx.seen[i].stamp, tx.seen[i].check
	}
	r := tx.prev.row(int(i))
	return r.stamp, r.check
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
