//go:build !windows

package publish

import "syscall"

// The signals that stop a process where it is, and let it go on.
const (
	stopped = syscall.SIGSTOP
	resumed = syscall.SIGCONT
)
