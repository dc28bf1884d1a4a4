package publish

import "syscall"

// Windows has no such signals: a test that sends one fails.
const (
	stopped = syscall.SIGTRAP
	resumed = syscall.SIGTRAP
)
