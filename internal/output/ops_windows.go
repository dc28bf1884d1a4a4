package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

func putFile(name string, body []byte) (stamp, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return stamp{}, err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Close()); err != nil {
		return stamp{}, err
	}
	info, err := os.Lstat(name) // the time is settled when the file is closed
	if err != nil {
		return stamp{}, err
	}
	return stampOf(info), nil
}

func readFile(name string, buf []byte, piece func(b []byte) (more bool)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		n, err := f.Read(buf)
		if n > 0 && !piece(buf[:n]) || err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// inode is not known without opening the file; size and time must do.
func inode(fs.FileInfo) uint64 { return 0 }

const errSharingViolation = syscall.Errno(32)

// rename waits for readers: Windows does not replace a file that a server or virus scanner has
// open.
func rename(from, to string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		if err == nil || wait > time.Second || !errors.Is(err, syscall.ERROR_ACCESS_DENIED) && !errors.Is(err, errSharingViolation) {
			return err
		}
		time.Sleep(wait)
	}
}

// syncDir does nothing: NTFS keeps the order of changes to folders itself.
func syncDir(string) error { return nil }

// lockFile opens the file so that nobody else can open it to write. The system closes it when the
// process ends however it ends: a dead process never holds the lock.
func lockFile(name, holder string) (io.Closer, string, error) {
	p, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, "", err
	}
	h, err := syscall.CreateFile(p, syscall.GENERIC_WRITE, syscall.FILE_SHARE_READ, nil, syscall.CREATE_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err == errSharingViolation {
		b, _ := os.ReadFile(name)
		return nil, string(b), nil
	}
	if err != nil {
		return nil, "", &os.PathError{Op: "open", Path: name, Err: err}
	}
	f := os.NewFile(uintptr(h), name)
	if _, err := f.WriteString(holder); err != nil {
		f.Close()
		return nil, "", err
	}
	return f, "", nil
}

// unlockFile leaves the file alone if another process was faster to lock it.
func unlockFile(name string, f io.Closer) error {
	err := f.Close()
	os.Remove(name)
	return err
}
