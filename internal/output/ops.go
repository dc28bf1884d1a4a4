package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ops is the seam: every file operation of this package is a call of one of these functions.
// Names are absolute, in the system's form. Fault tests wrap them to fail, or to stop for
// ever, at the Nth call.
type ops struct {
	root     func(dir string) (string, error)                                                            // make dir if need be; its real, absolute name
	lstat    func(name string) (fs.FileInfo, error)                                                      //
	look     func(dir string, paths []string, saw func(i int, f found) error) error                      // lstat of many files, until an error
	read     func(name string, buf []byte, piece func([]byte) (more bool)) error                         // a file, piece by piece, until no more is wanted
	reads    func(dir string, paths []string, buf []byte, piece func(i int, b []byte) (more bool)) error // read of many files
	readDir  func(name string) ([]fs.DirEntry, error)                                                    //
	mkdir    func(name string) error                                                                     //
	put      func(name string, body []byte) (stamp, error)                                               // a file that must not exist yet
	write    func(name string, sync bool, text func(io.Writer) error) error                              // any file, and fsync it if asked to
	syncDir  func(name string) error                                                                     // make renames in a folder last
	rename   func(from, to string) error                                                                 // over what stands at to
	remove   func(name string) error                                                                     // a file, a link or an empty folder
	link     func(from, to string) error                                                                 // a second name of a file
	exchange func(a, b string) error                                                                     // two folders, at once
	lock     func(name, holder string) (f io.Closer, heldBy string, err error)                           // f nil: somebody else has it
	unlock   func(name string, f io.Closer) error                                                        //
}

// system returns the operations of the operating system.
func system() ops {
	return ops{
		root:     makeRoot,
		lstat:    os.Lstat,
		look:     lookAt,
		read:     readFile,
		reads:    readMany,
		readDir:  os.ReadDir,
		mkdir:    func(name string) error { return os.Mkdir(name, 0o777) },
		put:      putFile,
		write:    writeFile,
		syncDir:  syncDir,
		rename:   rename,
		remove:   os.Remove,
		link:     os.Link,
		exchange: exchange,
		lock:     lockFile,
		unlock:   unlockFile,
	}
}

// found is what lstat says of a file; nothing if it is no regular one, or if there is none.
type found struct {
	regular bool
	size    int64
	stamp   stamp
}

func foundIn(info fs.FileInfo) found {
	if !info.Mode().IsRegular() {
		return found{}
	}
	return found{true, info.Size(), stampOf(info)}
}

// lookEach is lookAt for systems that know no faster way.
func lookEach(dir string, paths []string, saw func(i int, f found) error) error {
	for i, path := range paths {
		var f found
		info, err := os.Lstat(dir + separator + filepath.FromSlash(path))
		if err == nil {
			f = foundIn(info)
		} else if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
		if err := saw(i, f); err != nil {
			return err
		}
	}
	return nil
}

// readEach is readMany for systems that know no faster way.
func readEach(dir string, paths []string, buf []byte, piece func(i int, b []byte) (more bool)) error {
	for i, path := range paths {
		if err := readFile(dir+separator+filepath.FromSlash(path), buf, func(b []byte) bool { return piece(i, b) }); err != nil {
			return err
		}
	}
	return nil
}

func makeRoot(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// readAll returns the whole file, or nil if there is none.
func (o ops) readAll(name string) ([]byte, error) {
	info, err := o.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := make([]byte, 0, info.Size())
	err = o.read(name, make([]byte, min(info.Size()+1, 1<<20)), func(b []byte) bool { all = append(all, b...); return true })
	return all, err
}

// readInto reads a file piece by piece into w, and reports whether there is one.
func (o ops) readInto(w io.Writer, name string) (there bool, err error) {
	info, err := o.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = o.read(name, make([]byte, min(info.Size()+1, 256<<10)), func(b []byte) bool { w.Write(b); return true })
	return err == nil, err
}

// writeFile leaves a short file behind if it fails: the caller renames only what is whole.
func writeFile(name string, sync bool, text func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	if err = text(f); err == nil && sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// removeAll removes name and all below it, if it is there. Links are removed, not followed.
func (o ops) removeAll(name string) error {
	info, err := o.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		list, err := o.readDir(name)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := o.removeAll(filepath.Join(name, e.Name())); err != nil {
				return err
			}
		}
	}
	return o.remove(name)
}
