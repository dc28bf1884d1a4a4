package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options says how to open an output directory; the zero value will do.
type Options struct {
	As   string              // what to call us to those who find the lock taken: "build"
	Busy func(holder string) // called once if another process holds the lock, then it is waited for; nil: do not wait

	// Stamps names a file, in a folder that exists outside the output, that spares builds to read again
	// what they wrote; empty: every file is compared by its bytes.
	Stamps string

	swapFrom int // in tests: a site of so many files is exchanged folder by folder
}

// BusyError says that another process works on the output directory.
type BusyError struct {
	Dir    string
	Holder string // as "build, process 123 on host-1"
}

// Error says who has it and what to do.
func (e *BusyError) Error() string {
	return fmt.Sprintf("output: %s is in use by %s: wait until it is done", e.Dir, e.Holder)
}

// Lock is the sole right to change an output directory. The operating system takes it back from a
// process that ends, so that there is no stale lock to remove.
type Lock struct {
	ops  ops
	dir  string
	file io.Closer
}

// Acquire takes the lock of an output directory for a command that changes other files
// there than a build does. Open takes it by itself.
func Acquire(ctx context.Context, dir string, o Options) (*Lock, error) {
	return acquire(ctx, dir, o, system())
}

// lockPoll is how often a taken lock is tried again.
const lockPoll = 100 * time.Millisecond

func acquire(ctx context.Context, dir string, o Options, sys ops) (*Lock, error) {
	root, err := sys.root(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the output directory: %w", err)
	}
	l := &Lock{ops: sys, dir: root}
	for waiting := false; ; {
		holder, err := l.try(o.As)
		if err != nil {
			return nil, fmt.Errorf("locking the output directory: %w", err)
		}
		if l.file != nil {
			return l, nil
		}
		if o.Busy == nil {
			return nil, &BusyError{Dir: dir, Holder: holder}
		}
		if !waiting {
			waiting = true
			o.Busy(holder)
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(&BusyError{Dir: dir, Holder: holder}, ctx.Err())
		case <-time.After(lockPoll):
		}
	}
}

// try takes the lock once, or returns who has it.
func (l *Lock) try(as string) (holder string, err error) {
	host, _ := os.Hostname()
	us := fmt.Sprintf("%s, process %d on %s\n", strings.TrimSpace("zhendi "+as), os.Getpid(), host)
	for range 10 { // the last holder may remove the folder between our two steps
		if err = l.ops.mkdir(l.work("")); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		l.file, holder, err = l.ops.lock(l.work("lock"), us)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if holder = strings.TrimSpace(holder); holder == "" {
		holder = "another process"
	}
	return holder, err
}

// Release gives the lock back.
func (l *Lock) Release() error {
	if l.file == nil {
		return nil
	}
	err := l.ops.unlock(l.work("lock"), l.file)
	l.file = nil
	if err != nil {
		return fmt.Errorf("unlocking the output directory: %w", err)
	}
	l.ops.remove(l.work("")) // stays if it holds a journal, or the next one is in
	return nil
}

// work returns the name of a file in the work folder.
func (l *Lock) work(name string) string { return filepath.Join(l.dir, WorkDir, name) }
