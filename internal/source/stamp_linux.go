package source

import (
	"io/fs"
	"syscall"
)

func (s *Stamp) system(info fs.FileInfo) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Changed, s.Inode = st.Ctim.Nano(), uint64(st.Ino)
	}
}
