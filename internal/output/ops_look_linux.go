package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// lookAt opens the folder, so that the system need not find its way there for every file, and uses one piece of memory for
// all: a third faster than lstat of each.
func lookAt(dir string, paths []string, saw func(i int, f found) error) error {
	at, err := retry(func() (int, error) { return unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0) })
	if err != nil {
		return &os.PathError{Op: "open", Path: dir, Err: err}
	}
	defer unix.Close(at)
	var st unix.Stat_t
	for i, path := range paths {
		err := unix.Fstatat(at, path, &st, unix.AT_SYMLINK_NOFOLLOW)
		for err == unix.EINTR {
			err = unix.Fstatat(at, path, &st, unix.AT_SYMLINK_NOFOLLOW)
		}
		var f found
		if err == nil && st.Mode&unix.S_IFMT == unix.S_IFREG {
			f = found{true, st.Size, stamp{st.Mtim.Nano(), st.Ino}}
		} else if err != nil && err != unix.ENOENT && err != unix.ENOTDIR {
			return &os.PathError{Op: "lstat", Path: dir + "/" + path, Err: err}
		}
		if err := saw(i, f); err != nil {
			return err
		}
	}
	return nil
}
