package output

import (
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// readMany opens the next files while it reads one, and asks the system to fetch them: a disk does many at once, and one whose files are not
// in memory is read in a third of the time. One in memory costs a microsecond more.
func readMany(dir string, paths []string, buf []byte, piece func(i int, b []byte) (more bool)) error {
	at, err := retry(func() (int, error) { return unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0) })
	if err != nil {
		return &os.PathError{Op: "open", Path: dir, Err: err}
	}
	defer unix.Close(at)
	open := func(path string) (int, error) {
		return retry(func() (int, error) { return unix.Openat(at, path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0) })
	}
	ahead := make([]int, max(1, min(aheadMost, aheadAll/runtime.GOMAXPROCS(0)))) // of the files before next, each at its place modulo the length
	next := 0
	for i, path := range paths {
		for ; next < len(paths) && next < i+len(ahead); next++ {
			fd, err := open(paths[next])
			if err != nil { // there are too many open ones, or it shows when it is its turn
				break
			}
			unix.Fadvise(fd, 0, aheadBytes, unix.FADV_WILLNEED)
			ahead[next%len(ahead)] = fd
		}
		fd := ahead[i%len(ahead)]
		if next == i {
			fd, err = openInTurn(func() (int, error) { return open(path) })
			next++
		}
		if err == nil {
			err = readOpen(fd, buf, func(b []byte) bool { return piece(i, b) })
			unix.Close(fd)
		}
		if err != nil {
			for i++; i < next; i++ {
				unix.Close(ahead[i%len(ahead)])
			}
			return &os.PathError{Op: "read", Path: dir + "/" + path, Err: err}
		}
	}
	return nil
}

// openInTurn opens a file. If there are too many open ones, it waits: others who read files at the same time close theirs soon.
func openInTurn(open func() (int, error)) (fd int, err error) {
	for wait := time.Millisecond; wait < 2*time.Second; wait *= 2 {
		if fd, err = open(); err != unix.EMFILE && err != unix.ENFILE {
			break
		}
		time.Sleep(wait)
	}
	return fd, err
}

const (
	aheadMost  = 128       // how many files one goroutine holds open
	aheadAll   = 512       // and all of them
	aheadBytes = 256 << 10 // of each file: the rest of a longer one the system fetches by itself
)
