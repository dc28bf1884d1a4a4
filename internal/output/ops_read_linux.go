package output

import (
	"os"
	"runtime"

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
			if err != nil {
				fd = -1 // once more when it is its turn: there may be too many open ones now
			} else {
				unix.Fadvise(fd, 0, aheadBytes, unix.FADV_WILLNEED)
			}
			ahead[next%len(ahead)] = fd
		}
		fd := ahead[i%len(ahead)]
		if fd < 0 {
			fd, err = open(path)
		}
		if err == nil {
			err = readOpen(fd, buf, func(b []byte) bool { return piece(i, b) })
			unix.Close(fd)
		}
		if err != nil {
			for i++; i < next; i++ {
				if fd := ahead[i%len(ahead)]; fd >= 0 {
					unix.Close(fd)
				}
			}
			return &os.PathError{Op: "read", Path: dir + "/" + path, Err: err}
		}
	}
	return nil
}

const (
	aheadMost  = 128       // how many files one goroutine holds open
	aheadAll   = 512       // and all of them
	aheadBytes = 256 << 10 // of each file: the rest of a longer one the system fetches by itself
)
