//go:build !windows

package publish

import "syscall"

// The signals that stop a process where it is, and let it go on.
const (
	sigStop = syscall.SIGSTOP
	sigCont = syscall.SIGCONT
)
