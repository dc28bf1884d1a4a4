package publish

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"zhendi/internal/output"
)

// dir is a folder that a web server shows, or one beside it. It is made when something is first written to it.
type dir struct {
	name string
	mu   sync.Mutex
	root *os.Root // nil: there was no such folder yet
}

// scratch holds files that are not whole yet, in the folder itself, so that a rename puts them in place.
const scratch = ".zhendi-publish"

// Dir names a folder as a store.
func Dir(name string) Store { return &dir{name: name} }

// open returns the folder, which it makes if it is asked to.
func (d *dir) open(create bool) (*os.Root, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root != nil {
		return d.root, nil
	}
	if create {
		if err := os.MkdirAll(d.name, 0o755); err != nil {
			return nil, err
		}
	}
	var err error
	d.root, err = os.OpenRoot(d.name)
	return d.root, err
}

// String says where it is.
func (d *dir) String() string { return d.name }

func (d *dir) fail(op, key string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		err = errNotFound
	case errors.Is(err, fs.ErrExist):
		err = errExists
	}
	return &StoreError{Op: op, Key: key, Err: err}
}

// Head reads the file for its sums: a folder keeps none beside it.
func (d *dir) Head(_ context.Context, key string) (Info, error) {
	f, info, err := d.file(key)
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	h, m := sha256.New(), md5.New()
	if _, err := io.Copy(io.MultiWriter(h, m), f); err != nil {
		return Info{}, d.fail("reading", key, err)
	}
	info.Sum, info.ETag = hex.EncodeToString(h.Sum(nil)), hex.EncodeToString(m.Sum(nil))
	return info, nil
}

func (d *dir) file(key string) (*os.File, Info, error) {
	root, err := d.open(false)
	var f *os.File
	if err == nil {
		f, err = root.Open(filepath.FromSlash(key))
	}
	if err != nil {
		return nil, Info{}, d.fail("reading", key, err)
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = errNotFound
	}
	if err != nil {
		f.Close()
		return nil, Info{}, d.fail("reading", key, err)
	}
	return f, Info{Key: key, Size: st.Size(), Age: time.Since(st.ModTime())}, nil
}

func (d *dir) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	info, err := d.Head(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	f, now, err := d.file(key)
	info.Size = now.Size
	return f, info, err
}

// Put writes a file beside the others and renames it, so that each is whole at every instant.
func (d *dir) Put(ctx context.Context, o Object, c Cond) (Info, error) {
	info := Info{Key: o.Key, Size: o.Size, ETag: hex.EncodeToString(o.MD5[:]), Sum: hex.EncodeToString(o.Sum[:])}
	root, err := d.open(true)
	if err != nil {
		return info, d.fail("writing", o.Key, err)
	}
	if c.Match != "" { // compare and rename, one process at a time
		lock, err := output.Acquire(ctx, filepath.Join(d.name, scratch), output.Options{As: "publish", Busy: func(string) {}})
		if err != nil {
			return info, err
		}
		defer lock.Release()
		if is, err := d.Head(ctx, o.Key); err != nil || is.ETag != c.Match {
			return info, d.fail("writing", o.Key, errors.Join(err, errExists))
		}
	}
	for range 100 { // a removal beside us may take the folder away, or a run that begins the unfinished file: see clear
		if err = moveIn(root, o, c.New); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return info, d.fail("writing", o.Key, err)
}

// moveIn writes an object and puts it under its name; fresh: only if nothing is there.
func moveIn(root *os.Root, o Object, fresh bool) error {
	tmp, err := temp(root, o)
	if err != nil {
		return err
	}
	defer root.Remove(tmp)
	name := filepath.FromSlash(o.Key)
	if err := makeFolder(root, filepath.Dir(name)); err != nil {
		return err
	}
	if fresh {
		return root.Link(tmp, name)
	}
	return root.Rename(tmp, name)
}

// makeFolder makes a folder. One that was there and is gone a moment later does not exist, whatever MkdirAll says.
func makeFolder(root *os.Root, name string) error {
	err := root.MkdirAll(name, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return fs.ErrNotExist
	}
	return err
}

// temp writes the bytes of o to a file of its own.
func temp(root *os.Root, o Object) (name string, err error) {
	body, err := o.Open()
	if err != nil {
		return "", err
	}
	defer body.Close()
	if err := makeFolder(root, scratch); err != nil {
		return "", err
	}
	name = filepath.Join(scratch, rand.Text())
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), body)
	if err == nil && (n != o.Size || [sha256.Size]byte(h.Sum(nil)) != o.Sum) {
		err = fmt.Errorf("%s changed while it was copied", o.Key)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		root.Remove(name)
	}
	return name, err
}

// Copy makes a hard link, since files are replaced and never written to; it says errUnsupported where the two folders are not on one disk.
func (d *dir) Copy(ctx context.Context, key, etag string, to Store, as string) error {
	t, ok := to.(*dir)
	if !ok {
		return &StoreError{Op: "copying", Key: key, Err: errUnsupported}
	}
	info, err := d.Head(ctx, key)
	if err == nil && info.ETag != etag {
		err = errExists
	}
	var root *os.Root
	if err == nil {
		root, err = t.open(true)
	}
	if err != nil {
		return d.fail("copying", key, err)
	}
	tmp, name := filepath.Join(scratch, rand.Text()), filepath.FromSlash(as)
	if err = errors.Join(root.MkdirAll(scratch, 0o755), root.MkdirAll(filepath.Dir(name), 0o755)); err != nil {
		return d.fail("copying", key, err)
	}
	if err := os.Link(filepath.Join(d.name, filepath.FromSlash(key)), filepath.Join(t.name, tmp)); err != nil {
		return &StoreError{Op: "copying", Key: key, Err: errors.Join(errUnsupported, err)}
	}
	err = root.Rename(tmp, name)
	root.Remove(tmp) // a rename onto another name of the same file does nothing
	return d.fail("copying", key, err)
}

// Delete removes a file and the folders that this leaves empty.
func (d *dir) Delete(_ context.Context, key string) error {
	root, err := d.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = root.Remove(filepath.FromSlash(key))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.fail("removing", key, err)
	}
	for up := path.Dir(key); up != "."; up = path.Dir(up) {
		if root.Remove(filepath.FromSlash(up)) != nil {
			break
		}
	}
	return nil
}

// List walks the folder. Symbolic links and what is not a file are passed over.
func (d *dir) List(_ context.Context, prefix, after string, each func(Info)) error {
	start := path.Dir(prefix + "x")
	root, err := d.open(false)
	if err == nil {
		_, err = root.Stat(filepath.FromSlash(start))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return d.fail("listing", prefix, err)
	}
	var found []Info
	err = fs.WalkDir(root.FS(), start, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && errors.Is(err, fs.ErrNotExist):
			return nil // gone meanwhile
		case err != nil:
			return err
		case e.IsDir() && (p == scratch || p == output.WorkDir):
			return fs.SkipDir
		case !e.Type().IsRegular() || !strings.HasPrefix(p, prefix) || p <= after:
			return nil
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			found = append(found, Info{Key: p, Size: st.Size(), Age: time.Since(st.ModTime())})
		}
		return err
	})
	sortInfos(found)
	for _, i := range found {
		each(i)
	}
	return d.fail("listing", prefix, err)
}

// clear removes unfinished files: those of a run that was killed, and the folder they were in.
func (d *dir) clear() error {
	root, err := d.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, root.RemoveAll(scratch))
}

func sortInfos(l []Info) {
	slices.SortFunc(l, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
}
