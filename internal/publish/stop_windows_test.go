package publish

import "syscall"

// Windows has no such signals: a test that sends one fails.
const (
	sigStop = syscall.SIGTRAP
	sigCont = syscall.SIGTRAP
)
