package output

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Tx is one change of the output directory, from Open to Commit or Abort. Put, Intact and KeepAt may be
// called from any goroutine; Open, Commit and Abort are one goroutine's.
type Tx struct {
	ops     ops
	lock    *Lock
	dir     string
	prev    *Table
	prevSum TextSum // of the text of prev
	nextSum TextSum // of what Commit left
	pending []named // from the journal of a run that did not end: ours too
	redo    bool    // there was a journal

	mu       sync.Mutex
	put      Table // what was put, in any order
	claims   claims
	folders  []*folder         // of the new site's; the first is the root
	bad      map[*folder]error // those that cannot be
	clear    map[string]bool   // paths of files where a folder of ours stands
	alike    map[string]string // Fold(path) of what is ours -> path; made when first asked for
	staging  sync.Mutex        // held while folders of the work folder are made
	removed  int
	swapFrom int // see swaps; 0: as usual

	kept   []bool // of the files of prev: part of the new site as they are
	seen   []seen // of those: what Intact saw of a file that it had to read; nil: none yet
	seeing sync.Once

	// Since the plan of a Commit:
	keptOrder []int32 // what is kept
	folded    folded
	order     []int32 // the new site: file i of prev, or ^i of put

	stampsName string  // where the stamps are, "" for none
	stampsOld  TextSum // checksum of what is there
	copied     bool    // the output is a copy of what the stamps are of, with its times
	opened     int64   // clock of the file system at Open
	journaled  int64   // and when all was staged and nothing in place
	buffers    sync.Pool
	problems   []error
	done       bool
}

// named is a file of which no more than this is known, or asked.
type named struct {
	path  string
	class Class
}

// folder is what is known of a folder of the new site.
type folder struct {
	path   span    // in put
	up     *folder // nil: this is the root
	disk   standing
	staged bool // exists in the work folder
}

// standing says what stands in the output directory where a folder must be.
type standing uint8

const (
	absent  standing = iota
	present          // a folder
	blocked          // a file of ours, which will go
)

// Open locks the output directory, which it makes if need be, reads the manifest of the build
// before, and clears away what a killed run left in the work folder.
func Open(ctx context.Context, dir string, o Options) (*Tx, error) {
	return open(ctx, dir, o, system())
}

func open(ctx context.Context, dir string, o Options, sys ops) (*Tx, error) {
	lock, err := acquire(ctx, dir, o, sys)
	if err != nil {
		return nil, err
	}
	tx := &Tx{
		ops: sys, lock: lock, dir: lock.dir,
		folders:  []*folder{{disk: present}},
		claims:   newClaims(),
		bad:      map[*folder]error{},
		clear:    map[string]bool{},
		swapFrom: o.swapFrom,
		buffers:  sync.Pool{New: func() any { return new([32 << 10]byte) }},
	}
	tx.stampsName, tx.opened = o.Stamps, tx.clock(lock.work("lock"))
	if err = tx.recover(); err == nil {
		tx.kept = make([]bool, tx.prev.Len())
		dir, at := folderOf(ManifestPath), span{}
		if at, err = tx.put.write(dir); err == nil {
			_, err = tx.folder(dir, at)
		}
	}
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return tx, nil
}

// Previous returns the manifest of the last complete build, empty if there was none.
func (tx *Tx) Previous() *Table { return tx.prev }

// Interrupted reports whether the run before was cut off during its Commit: some files may then
// be newer than Previous says.
func (tx *Tx) Interrupted() bool { return tx.redo }

// name returns the system's name of a path in the output directory.
func (tx *Tx) name(path string) string { return tx.dir + separator + filepath.FromSlash(path) }

// stage returns the system's name of a path in the work folder.
func (tx *Tx) stage(path string) string {
	if path == "" {
		return tx.dir + stageDir
	}
	return tx.dir + stageDir + separator + filepath.FromSlash(path)
}

const (
	separator = string(filepath.Separator)
	stageDir  = separator + WorkDir + separator + "new"
)

// read reads a file with a buffer that is used again.
func (tx *Tx) read(path string, piece func(b []byte) (more bool)) error {
	buf := tx.buffers.Get().(*[32 << 10]byte)
	defer tx.buffers.Put(buf)
	if err := tx.ops.read(tx.name(path), buf[:], piece); err != nil {
		return fmt.Errorf("comparing with the output: %w", err)
	}
	return nil
}

// Put adds a file to the site. It writes the bytes into the work folder unless the output directory
// holds the same already; Body may be reused when Put returns. An error is
// also returned by Commit, which then changes nothing: the caller may go on to hear of the rest.
func (tx *Tx) Put(f File) error {
	r, d, err := tx.claim(f)
	if err == nil {
		r.sum, r.size = sha256.Sum256(f.Body), int64(len(f.Body))
		if tx.stampsName != "" {
			r.check = checksum(0).add(f.Body)
		}
		var same bool
		if same, err = tx.compare(d, f.Path, r, f.Body); err == nil && !same {
			r.staged = true
			r.stamp, err = tx.write(d, f.Path, f.Body)
		}
	}
	if err != nil {
		tx.mu.Lock()
		defer tx.mu.Unlock()
		tx.problems = append(tx.problems, err)
	}
	return err
}

// standing looks at what is on disk where a folder must be.
func (tx *Tx) standing(path string) (standing, error) {
	info, err := tx.ops.lstat(tx.name(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, nil
	case err != nil:
		return absent, fmt.Errorf("looking at the output: %w", err)
	case info.IsDir():
		return present, nil
	case !tx.owns(path):
		return absent, &PathError{Why: Foreign, With: path, Path: path + "/"}
	}
	return blocked, nil
}

// owned returns the row of the last build for path, and whether the file is ours; of what only the journal knows there is
// no row.
func (tx *Tx) owned(path string) (*row, bool) {
	if i, ok := tx.prev.Find(path); ok {
		return tx.prev.row(i), true
	}
	_, ok := slices.BinarySearchFunc(tx.pending, path, func(f named, p string) int { return strings.Compare(f.path, p) })
	return nil, ok
}

func (tx *Tx) owns(path string) bool { _, ok := tx.owned(path); return ok }

// ownsAs reports whether the file at path is ours under another spelling, on a file system
// that takes a.html and A.html for one.
func (tx *Tx) ownsAs(path string, info fs.FileInfo) bool {
	tx.mu.Lock()
	if tx.alike == nil {
		tx.alike = map[string]string{}
		for i := range tx.prev.Len() {
			tx.alike[Fold(tx.prev.Path(i))] = tx.prev.Path(i)
		}
		for _, f := range tx.pending {
			tx.alike[Fold(f.path)] = f.path
		}
	}
	as, ok := tx.alike[Fold(path)]
	tx.mu.Unlock()
	if !ok {
		return false
	}
	there, err := tx.ops.lstat(tx.name(as))
	return err == nil && os.SameFile(there, info)
}

// compare reports whether the output directory holds the bytes of r at path already. It is an error if
// something that is not ours stands there with other bytes.
func (tx *Tx) compare(d *folder, path string, r *row, body []byte) (same bool, err error) {
	if d.disk != present {
		return false, nil
	}
	info, err := tx.ops.lstat(tx.name(path))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing with the output: %w", err)
	}
	if info.IsDir() {
		return false, tx.mayClear(path)
	}
	old, ours := tx.owned(path)
	if ours && !tx.redo && old.sum != r.sum { // what is there is old, or altered
		return false, nil
	}
	if info.Mode().IsRegular() && info.Size() == r.size {
		if ours && tx.unaltered(old, info) {
			r.stamp = old.stamp
			return true, nil
		}
		if same, err = tx.sameBytes(path, body); same || err != nil {
			r.stamp = stampOf(info).before(tx.opened)
			return same, err
		}
	}
	if !ours && !tx.ownsAs(path, info) {
		return false, &PathError{Why: Foreign, With: path, Path: path}
	}
	return false, nil
}

func (tx *Tx) sameBytes(path string, body []byte) (bool, error) {
	same := true
	err := tx.read(path, func(b []byte) bool {
		if same = bytes.HasPrefix(body, b); same {
			body = body[len(b):]
		}
		return same
	})
	return same && len(body) == 0, err
}

// mayClear notes that a folder stands where the file at path must go. It is an error if the
// folder holds anything that is not ours.
func (tx *Tx) mayClear(path string) error {
	foreign, err := tx.foreignIn(path)
	if err != nil {
		return fmt.Errorf("comparing with the output: %w", err)
	}
	if foreign != "" {
		return &PathError{Why: Foreign, With: foreign, Path: path}
	}
	tx.mu.Lock()
	tx.clear[path] = true
	tx.mu.Unlock()
	return nil
}

// foreignIn returns the first file below a folder that is not ours, or "".
func (tx *Tx) foreignIn(path string) (string, error) {
	list, err := tx.ops.readDir(tx.name(path))
	if err != nil {
		return "", err
	}
	for _, e := range list {
		p := path + "/" + e.Name()
		switch {
		case e.IsDir():
			if f, err := tx.foreignIn(p); f != "" || err != nil {
				return f, err
			}
		case !tx.owns(p):
			return p, nil
		}
	}
	return "", nil
}

// write puts the bytes into the work folder.
func (tx *Tx) write(d *folder, path string, body []byte) (s stamp, err error) {
	tx.staging.Lock()
	err = tx.makeStage(d, path)
	tx.staging.Unlock()
	if err == nil {
		s, err = tx.ops.put(tx.stage(path), body)
	}
	if err != nil {
		return stamp{}, fmt.Errorf("writing the output: %w", err)
	}
	return s, nil
}

// makeStage makes the folder d, in which path lies, and those above it in the work folder. tx.staging is held.
func (tx *Tx) makeStage(d *folder, path string) error {
	if d.staged {
		return nil
	}
	if d.up != nil {
		if err := tx.makeStage(d.up, path); err != nil {
			return err
		}
	}
	if err := tx.ops.mkdir(tx.stage(path[:d.path.len])); err != nil {
		return err
	}
	d.staged = true
	return nil
}

// Abort ends the transaction and leaves the output as it was. After Commit it does nothing.
func (tx *Tx) Abort() error {
	tx.mu.Lock()
	was := tx.done
	tx.done = true
	tx.mu.Unlock()
	if was {
		return nil
	}
	err := tx.ops.removeAll(tx.stage(""))
	if err != nil {
		err = fmt.Errorf("clearing the work folder: %w", err)
	}
	return errors.Join(err, tx.lock.Release())
}
