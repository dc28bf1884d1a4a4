package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchanges says that the system can exchange two folders at once; a file system may still refuse.
const exchanges = true

func exchange(a, b string) error {
	_, err := retry(func() (int, error) {
		return 0, unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	})
	if err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}
