package output

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Tx is one change of the output directory, from Open to Commit or Abort. Put, Intact and KeepAt may be
// called from any goroutine; Open, Commit and Abort are one goroutine's.
type Tx struct {
	ops     ops
	lock    *Lock
	dir     string
	prev    *Manifest
	prevSum Sum       // of the text of prev
	next    *Manifest // what Commit left
	nextSum Sum
	pending []Entry // from the journal of a run that did not end: ours too, Path and Class only
	redo    bool    // there was a journal

	mu       sync.Mutex
	files    []Entry
	claims   map[string]int32   // Fold(path) of a file -> index in files
	folders  map[string]*folder // by path; "" is the root
	spelling map[string]string  // Fold(path) of a folder -> path
	clear    map[string]bool    // paths of files where a folder of ours stands
	alike    map[string]string  // Fold(path) of what is ours -> path; made when first asked for
	removed  int
	swapFrom int  // see swaps; 0: as usual
	sorted   bool // claims was set right after the sorting of files

	kept      []bool // of the files of prev: part of the new site as they are
	seen      []seen // of those: what Intact saw of a file that it had to read
	keptFiles kept   // since the plan of a Commit
	restamped atomic.Bool

	stampsName string // where the stamps are, "" for none
	stampsOld  Sum    // checksum of what is there
	opened     int64  // clock of the file system at Open
	journaled  int64  // and when all was staged and nothing in place
	buffers    sync.Pool
	problems   []error
	done       bool
}

// folder is what is known of a folder of the new site.
type folder struct {
	path   string
	disk   standing
	staged bool // exists in the work folder
	err    error
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
		folders:  map[string]*folder{"": {disk: present}},
		spelling: map[string]string{},
		clear:    map[string]bool{},
		swapFrom: o.swapFrom,
		buffers:  sync.Pool{New: func() any { return new([32 << 10]byte) }},
	}
	tx.stampsName, tx.opened = o.Stamps, tx.clock(lock.work("lock"))
	if err = tx.recover(); err == nil {
		tx.kept, tx.seen = make([]bool, len(tx.prev.Files)), make([]seen, len(tx.prev.Files))
		tx.claims = map[string]int32{}
		_, err = tx.folder(folderOf(ManifestPath))
	}
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return tx, nil
}

// Previous returns the manifest of the last complete build, empty if there was none. It must
// not be changed.
func (tx *Tx) Previous() *Manifest { return tx.prev }

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
	e := Entry{Path: f.Path, Sum: sha256.Sum256(f.Body), Size: int64(len(f.Body)), Media: MediaType(f.Path), Class: f.Class}
	if tx.stampsName != "" {
		e.check = checksum(0).add(f.Body)
	}
	i, d, err := tx.claim(f.Path)
	if err == nil {
		var same bool
		if same, err = tx.compare(d, &e, f.Body); err == nil && !same {
			e.staged = true
			e.stamp, err = tx.write(d, e.Path, f.Body)
		}
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if err != nil {
		tx.problems = append(tx.problems, err)
		return err
	}
	tx.files[i] = e
	return nil
}

func sumOf(h hash.Hash) (s Sum) {
	h.Sum(s[:0])
	return s
}

// claim takes the path for one file, and returns the index in tx.files where its entry goes and its
// folder.
func (tx *Tx) claim(path string) (int32, *folder, error) {
	if err := CheckPath(path); err != nil {
		return 0, nil, err
	}
	key := Fold(path)
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.done {
		panic("output: Put after the end of the transaction")
	}
	if i, taken := tx.claims[key]; taken {
		return 0, nil, twoFiles(tx.files[i].Path, path)
	}
	if as, taken := tx.spelling[key]; taken {
		return 0, nil, &PathError{Why: FileAndFolder, With: path, Path: as + "/"}
	}
	d, err := tx.folder(folderOf(path))
	if err != nil {
		return 0, nil, err
	}
	i := int32(len(tx.files))
	tx.claims[key] = i
	tx.files = append(tx.files, Entry{Path: path})
	return i, d, nil
}

// twoFiles is the same error whichever came first.
func twoFiles(a, b string) error {
	if a == b {
		return &PathError{Why: Twice, Path: a}
	}
	return &PathError{Why: Alike, With: min(a, b), Path: max(a, b)}
}

// folder returns the folder at path, which a file of the new site needs. tx.mu is held, or
// nobody else is there.
func (tx *Tx) folder(path string) (*folder, error) {
	if d, ok := tx.folders[path]; ok {
		return d, d.err
	}
	up, err := tx.folder(folderOf(path))
	if err != nil {
		return nil, err
	}
	key := Fold(path)
	if i, taken := tx.claims[key]; taken {
		return nil, &PathError{Why: FileAndFolder, With: tx.files[i].Path, Path: path + "/"}
	}
	if as, taken := tx.spelling[key]; taken { // path itself is not in tx.folders
		return nil, twoFiles(as+"/", path+"/")
	}
	d := &folder{path: path}
	if up.disk == present {
		d.disk, d.err = tx.standing(path)
	}
	tx.folders[path], tx.spelling[key] = d, path
	return d, d.err
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

// owned returns the entry of the last build for path, and whether the file is ours.
func (tx *Tx) owned(path string) (Entry, bool) {
	if e, ok := tx.prev.Find(path); ok {
		return e, true
	}
	i, ok := slices.BinarySearchFunc(tx.pending, path, func(e Entry, p string) int { return strings.Compare(e.Path, p) })
	if !ok {
		return Entry{}, false
	}
	return tx.pending[i], true
}

func (tx *Tx) owns(path string) bool { _, ok := tx.owned(path); return ok }

// ownsAs reports whether the file at path is ours under another spelling, on a file system
// that takes a.html and A.html for one.
func (tx *Tx) ownsAs(path string, info fs.FileInfo) bool {
	tx.mu.Lock()
	if tx.alike == nil {
		tx.alike = map[string]string{}
		for _, list := range [][]Entry{tx.prev.Files, tx.pending} {
			for i := range list {
				tx.alike[Fold(list[i].Path)] = list[i].Path
			}
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

// compare reports whether the output directory holds e already. It is an error if
// something that is not ours stands there with other bytes.
func (tx *Tx) compare(d *folder, e *Entry, body []byte) (same bool, err error) {
	if d.disk != present {
		return false, nil
	}
	info, err := tx.ops.lstat(tx.name(e.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing with the output: %w", err)
	}
	if info.IsDir() {
		return false, tx.mayClear(e.Path)
	}
	old, ours := tx.owned(e.Path)
	if ours && !tx.redo && old.Sum != e.Sum { // what is there is old, or altered
		return false, nil
	}
	if info.Mode().IsRegular() && info.Size() == e.Size {
		if tx.unaltered(e, info) {
			return true, nil
		}
		if same, err = tx.sameBytes(e.Path, body); same || err != nil {
			e.stamp = stampOf(info).before(tx.opened)
			return same, err
		}
	}
	if !ours && !tx.ownsAs(e.Path, info) {
		return false, &PathError{Why: Foreign, With: e.Path, Path: e.Path}
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
	if err = tx.makeStage(d); err == nil {
		s, err = tx.ops.put(tx.stage(path), body)
	}
	if err != nil {
		return stamp{}, fmt.Errorf("writing the output: %w", err)
	}
	return s, nil
}

// makeStage makes the folder d, and those above it, in the work folder.
func (tx *Tx) makeStage(d *folder) error {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	var missing []*folder
	for ; !d.staged; d = tx.folders[folderOf(d.path)] {
		missing = append(missing, d)
		if d.path == "" {
			break
		}
	}
	for _, d := range slices.Backward(missing) {
		if err := tx.ops.mkdir(tx.stage(d.path)); err != nil {
			return err
		}
		d.staged = true
	}
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
