package source

import "io/fs"

// Stamp is what a file system says of a file that changes when its bytes do. The zero Stamp says
// nothing. Two reads of a file with the same stamp gave the same bytes if the stamp was taken after the clock of the file
// system had moved on from Changed: within one tick a file can change and keep its stamp.
type Stamp struct {
	Size    int64
	ModTime int64 // nanoseconds since 1970
	Changed int64 // of the inode, by any means: a restored modification time does not hide a change; 0 where unknown
	Inode   uint64
}

// Settled reports whether the file was last changed before the file system's clock showed now.
func (s Stamp) Settled(now int64) bool { return s.ModTime < now && s.Changed < now }

// StampOf returns the stamp of a file.
func StampOf(info fs.FileInfo) Stamp {
	s := Stamp{Size: info.Size(), ModTime: info.ModTime().UnixNano()}
	s.system(info)
	return s
}
