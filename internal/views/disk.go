package views

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// disk is the seam: every file operation on ledger and sidecar is a call of one of these
// functions. Fault tests wrap them to fail, or to stop for ever, at the Nth call.
type disk struct {
	mkdir   func(name string) error                                        // with parents; it may be there
	list    func(name string) ([]fs.DirEntry, error)                       //
	open    func(name string) (io.ReadCloser, error)                       //
	write   func(name string, sync bool, text func(io.Writer) error) error // any file, and fsync it if asked to
	publish func(name string, body []byte) error                           // a file that everybody may read
	rename  func(from, to string) error                                    // over what stands at to
	remove  func(name string) error                                        //
	syncDir func(name string) error                                        // make renames in a folder last
}

// system returns the operations of the operating system.
func system() disk {
	return disk{
		mkdir:   func(name string) error { return os.MkdirAll(name, 0o755) },
		list:    os.ReadDir,
		open:    func(name string) (io.ReadCloser, error) { return os.Open(name) },
		write:   writeFile,
		publish: func(name string, body []byte) error { return os.WriteFile(name, body, 0o644) },
		rename:  os.Rename,
		remove:  os.Remove,
		syncDir: syncDir,
	}
}

// writeFile leaves a short file behind if it fails: only what is whole is ever referred to.
// The files of a ledger are for its owner alone.
func writeFile(name string, sync bool, text func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	if err = text(w); err == nil {
		err = w.Flush()
	}
	if err == nil && sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, fs.ErrPermission) { // some file systems cannot
		err = nil
	}
	return errors.Join(err, f.Close())
}

// readAll returns a whole file.
func (d disk) readAll(name string) ([]byte, error) {
	r, err := d.open(name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}
