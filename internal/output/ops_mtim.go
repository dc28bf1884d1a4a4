//go:build unix && !darwin && !freebsd && !netbsd

package output

import "syscall"

func changed(st *syscall.Stat_t) int64 { return st.Mtim.Nano() }
