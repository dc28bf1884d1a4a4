package source

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// openFast makes readFast work.
func (f *folder) openFast() {
	var err error
	if f.file, err = f.root.Open("."); err == nil {
		f.fd = int(f.file.Fd())
	}
}

// readFast reads a file of an open folder that fits into the room of buf. Package os asks the system six more questions about each
// file, which for small files take as long as reading them. What is not simply a file in this very folder, a link
// above all, or fails, is left to package os.
func (f *folder) readFast(name string, buf []byte, size int) ([]byte, bool) {
	fd, ok := f.open(name)
	if !ok {
		return nil, false
	}
	defer syscall.Close(fd)
	return readOpen(fd, buf, size)
}

func (f *folder) open(name string) (fd int, ok bool) {
	if f.fd < 0 {
		return 0, false
	}
	fd, err := syscall.Openat(f.fd, name, syscall.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	return fd, err == nil
}

// readOpen ends with size bytes, as many as the file had when it was listed, if no more come at once.
func readOpen(fd int, buf []byte, size int) ([]byte, bool) {
	for {
		n, err := syscall.Read(fd, buf[len(buf):cap(buf)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return buf, err == nil
		}
		if buf = buf[:len(buf)+n]; len(buf) == cap(buf) {
			return nil, false
		}
		if size > 0 && len(buf) == size {
			return buf, true
		}
	}
}

// ReadMany reads files one after another, into the room that buf has where it is enough, and hands each over. It opens the next ones meanwhile and asks
// the system to fetch them: a disk does many at once, and one whose files are not in memory is read in a third of the time. One in memory costs a
// microsecond more.
func (t *Tree) ReadMany(buf []byte, files []File, saw func(i int, b []byte, err error)) {
	ahead := make([]int, window()) // of the files before next, each at its place modulo the length
	next := 0
	for i, f := range files {
		for ; next < len(files) && next < i+len(ahead); next++ {
			dir, name := t.folder(files[next].disk)
			fd, ok := dir.open(name)
			if !ok {
				break
			}
			unix.Fadvise(fd, 0, aheadBytes, unix.FADV_WILLNEED)
			ahead[next%len(ahead)] = fd
		}
		var b []byte
		ok := next > i
		if ok {
			fd := ahead[i%len(ahead)]
			if ok = f.Size < int64(cap(buf)); ok {
				b, ok = readOpen(fd, buf[:0], int(f.Size))
			}
			syscall.Close(fd)
		} else {
			next++
		}
		var err error
		if !ok {
			if b, err = t.ReadInto(buf, f); cap(b) > cap(buf) && cap(b) <= 1<<20 { // a giant need not stay
				buf = b
			}
		}
		saw(i, b, err)
	}
}

// window returns how many files one of as many goroutines as there are cores may hold open: the pages and pictures that are made meanwhile
// want some, too.
func window() int {
	all := aheadAll
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err == nil && limit.Cur < 16*aheadAll {
		all = int(limit.Cur / 16)
	}
	return max(1, all/runtime.GOMAXPROCS(0))
}

const (
	aheadAll   = 64        // how many files all goroutines together hold open
	aheadBytes = 256 << 10 // of each file: the rest of a longer one the system fetches by itself
)
