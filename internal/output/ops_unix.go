//go:build unix

package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// putFile and readFile ask the system directly: package os would try to poll the file, in vain,
// for a fifth of the time that a small file takes.

func putFile(name string, body []byte) (stamp, error) {
	fd, err := retry(func() (int, error) {
		return syscall.Open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_CLOEXEC, 0o666)
	})
	if err != nil {
		return stamp{}, &os.PathError{Op: "open", Path: name, Err: err}
	}
	for len(body) > 0 {
		n, err := retry(func() (int, error) { return syscall.Write(fd, body[:min(len(body), 1<<30)]) })
		if err == nil && n == 0 {
			err = io.ErrShortWrite
		}
		if err != nil {
			syscall.Close(fd)
			return stamp{}, &os.PathError{Op: "write", Path: name, Err: err}
		}
		body = body[n:]
	}
	var st syscall.Stat_t
	_, err = retry(func() (int, error) { return 0, syscall.Fstat(fd, &st) })
	if err2 := syscall.Close(fd); err == nil && err2 != syscall.EINTR { // NFS and quotas speak up here
		err = err2
	}
	if err != nil {
		return stamp{}, &os.PathError{Op: "close", Path: name, Err: err}
	}
	return stamp{changed(&st), uint64(st.Ino)}, nil
}

func readFile(name string, buf []byte, piece func(b []byte) (more bool)) error {
	fd, err := retry(func() (int, error) {
		return syscall.Open(name, syscall.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	})
	if err != nil {
		return &os.PathError{Op: "open", Path: name, Err: err}
	}
	defer syscall.Close(fd)
	if err := readOpen(fd, buf, piece); err != nil {
		return &os.PathError{Op: "read", Path: name, Err: err}
	}
	return nil
}

func readOpen(fd int, buf []byte, piece func(b []byte) (more bool)) error {
	for {
		n, err := retry(func() (int, error) { return syscall.Read(fd, buf) })
		if err != nil || n == 0 || !piece(buf[:n]) {
			return err
		}
	}
}

func inode(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Ino)
	}
	return 0
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func rename(from, to string) error { return os.Rename(from, to) }

func syncDir(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) { // some network file systems cannot
		err = nil
	}
	return errors.Join(err, f.Close())
}

// lockFile takes the lock of the open file, which the system gives back when the process ends
// however it ends: a dead process never holds it.
func lockFile(name, holder string) (io.Closer, string, error) {
	for {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, "", err
		}
		_, err = retry(func() (int, error) { return 0, syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) })
		if err == syscall.EWOULDBLOCK {
			b, _ := io.ReadAll(io.LimitReader(f, 1<<10))
			return nil, string(b), f.Close()
		}
		if err != nil {
			f.Close()
			return nil, "", &os.PathError{Op: "flock", Path: name, Err: err}
		}
		if same(f, name) {
			err = errors.Join(f.Truncate(0), writeAt(f, holder))
			if err != nil {
				f.Close()
				return nil, "", err
			}
			return f, "", nil
		}
		f.Close() // the last holder removed the file between our open and our lock
	}
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

// same reports whether name still leads to the open file.
func same(f *os.File, name string) bool {
	a, err1 := f.Stat()
	b, err2 := os.Lstat(name)
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

// unlockFile removes the file while it is locked: whoever waits for it will notice.
func unlockFile(name string, f io.Closer) error {
	return errors.Join(os.Remove(name), f.Close())
}
