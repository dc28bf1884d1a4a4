package output

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// What an incremental build keeps of the build before: it asks, by the index in Previous, whether a
// file is intact, and keeps it. Nothing is copied, claimed or compared for such a file: at a
// hundred thousand articles that would take longer than all else.

// Intact reports whether the output directory holds file i of Previous with its bytes. Bytes are read only
// where time or inode are not as the last build left them. It may be called from any goroutine, for each
// i by one.
func (tx *Tx) Intact(i int) (bool, error) {
	var intact [1]bool
	err := tx.IntactFrom(i, intact[:])
	return intact[0], err
}

// IntactFrom is Intact for many files, from i on: it fills the slice.
func (tx *Tx) IntactFrom(i int, intact []bool) error {
	paths := make([]string, len(intact))
	for k := range paths {
		paths[k] = tx.prev.Path(i + k)
	}
	var doubtful []doubt
	err := tx.ops.look(tx.dir, paths, func(k int, f found) error {
		r := tx.prev.row(i + k)
		intact[k] = tx.asLeft(r, f)
		switch {
		case intact[k] && r.stamp != f.stamp:
			tx.sawOf(i+k, seen{f.stamp.before(tx.opened), r.check})
		case !intact[k] && f.regular && f.size == r.size:
			doubtful = append(doubtful, doubt{i: i + k, r: r, now: f.stamp.before(tx.opened), rest: r.size})
		}
		return nil
	})
	if err == nil && len(doubtful) > 0 {
		err = tx.reads(doubtful)
	}
	if err != nil {
		return fmt.Errorf("comparing with the output: %w", err)
	}
	for _, d := range doubtful {
		intact[d.i-i] = d.same
		if d.same {
			tx.sawOf(d.i, seen{d.now, d.check})
		}
	}
	return nil
}

// sawOf notes what Intact saw of file i, not in its row, which others may read.
func (tx *Tx) sawOf(i int, s seen) {
	if s.stamp != (stamp{}) {
		tx.seeing.Do(func() { tx.seen = make([]seen, tx.prev.Len()) })
		tx.seen[i] = s
	}
}

// seen is what Intact saw of a file that it had to read.
type seen struct {
	stamp stamp
	check checksum
}

// doubt is a file of Previous that has the right size, but must be read.
type doubt struct {
	i     int
	r     *row
	now   stamp // none if it may change unseen
	check checksum
	rest  int64 // bytes to come
	same  bool  // it is as it should be
}

// reads reads files of Previous and finds out whether they are as they should be.
func (tx *Tx) reads(list []doubt) error {
	paths := make([]string, len(list))
	for k := range paths {
		paths[k] = tx.prev.Path(list[k].i)
	}
	buf := tx.buffers.Get().(*[32 << 10]byte)
	defer tx.buffers.Put(buf)
	h := sha256.New() // of the file that is read, if its check sum is not known
	hashed := func(d *doubt) bool { return d.r.check == 0 || tx.redo }
	err := tx.ops.reads(tx.dir, paths, buf[:], func(k int, b []byte) bool {
		d := &list[k]
		if d.rest == d.r.size {
			h.Reset()
		}
		d.check = d.check.add(b)
		if hashed(d) {
			h.Write(b)
		}
		d.rest -= int64(len(b))
		if d.rest <= 0 {
			d.same = d.rest == 0 && (hashed(d) || d.check == d.r.check) && (!hashed(d) || sumOf(h) == d.r.sum)
		}
		return d.rest > 0
	})
	for k := range list {
		if d := &list[k]; d.r.size == 0 && d.rest == 0 {
			d.same = sha256.Sum256(nil) == d.r.sum
		}
	}
	return err
}

func sumOf(h hash.Hash) (s Sum) {
	h.Sum(s[:0])
	return s
}

// KeepAt makes file i of Previous part of the site. Intact must have said that it is there. It may be called
// from any goroutine, for each i once.
func (tx *Tx) KeepAt(i int) { tx.kept[i] = true }

// PreviousSum is the check sum of the manifest that Previous was read from, zero if there was none.
func (tx *Tx) PreviousSum() TextSum { return tx.prevSum }

// SaveStamps remembers what Intact had to read, for a run that finds nothing to do and so
// does not Commit.
func (tx *Tx) SaveStamps() {
	if tx.seen != nil {
		tx.order = make([]int32, tx.prev.Len())
		for i := range tx.order {
			tx.order[i] = int32(i)
		}
		tx.saveStamps(tx.prevSum)
	}
}

// conflicts is the error of files that were put, sorted, and are in the way of those that are kept.
func (tx *Tx) conflicts(put []int32) error {
	for i, yes := range tx.kept {
		if yes {
			tx.keptOrder = append(tx.keptOrder, int32(i))
		}
	}
	if len(tx.keptOrder) == 0 {
		return nil
	}
	var problems []error
	at := 0
	for _, i := range put {
		path, old := tx.put.Path(int(i)), false
		if at, old = tx.prev.from(at, path); old && !tx.kept[at] {
			continue // it was among the others before
		}
		if err := tx.conflict(path); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// Kept files are in nobody's way among themselves.

// folded are those whose folded path is another.
type folded struct {
	list  []foldedPath // sorted
	known bool         // the list was made
}

type foldedPath struct{ key, path string }

// keptFolded looks for them when first asked for.
func (tx *Tx) keptFolded() []foldedPath {
	if f := &tx.folded; !f.known {
		f.known = true
		for i, kept := range tx.kept {
			if p := tx.prev.Path(i); kept && !isFolded(p) {
				if key := Fold(p); key != p {
					f.list = append(f.list, foldedPath{key, p})
				}
			}
		}
		slices.SortFunc(f.list, func(a, b foldedPath) int { return cmp.Compare(a.key, b.key) })
	}
	return tx.folded.list
}

func findFolded(list []foldedPath, key string) (int, bool) {
	return slices.BinarySearchFunc(list, key, func(f foldedPath, key string) int { return cmp.Compare(f.key, key) })
}

// keptAlike returns the kept file whose folded path is key.
func (tx *Tx) keptAlike(key string) (string, bool) {
	if i, ok := tx.prev.Find(key); ok && tx.kept[i] {
		return key, true
	}
	list := tx.keptFolded()
	i, ok := findFolded(list, key)
	if !ok {
		return "", false
	}
	return list[i].path, true
}

// keptBelow returns kept files in the folder whose folded path is key, at most one of each spelling that is looked for.
func (tx *Tx) keptBelow(key string) (paths []string) {
	key += "/"
	order := tx.keptOrder
	i, _ := slices.BinarySearchFunc(order, key, func(i int32, key string) int { return cmp.Compare(tx.prev.Path(int(i)), key) })
	if i < len(order) && strings.HasPrefix(tx.prev.Path(int(order[i])), key) {
		paths = append(paths, tx.prev.Path(int(order[i])))
	}
	list := tx.keptFolded()
	j, _ := findFolded(list, key)
	if j < len(list) && strings.HasPrefix(list[j].key, key) {
		paths = append(paths, list[j].path)
	}
	return paths
}

// conflict reports how a new file at path is in the way of what is kept.
func (tx *Tx) conflict(path string) error {
	key := Fold(path)
	if other, ok := tx.keptAlike(key); ok {
		return twoFiles(other, path)
	}
	if list := tx.keptBelow(key); len(list) > 0 {
		return &PathError{Why: FileAndFolder, With: path, Path: list[0]}
	}
	for d := folderOf(path); d != ""; d = folderOf(d) {
		key := Fold(d)
		if file, ok := tx.keptAlike(key); ok {
			return &PathError{Why: FileAndFolder, With: file, Path: d + "/"}
		}
		for _, p := range tx.keptBelow(key) {
			if as := firstSegments(p, strings.Count(d, "/")+1); as != d {
				return twoFiles(as+"/", d+"/")
			}
		}
	}
	return nil
}

// firstSegments returns the first n segments of a path.
func firstSegments(path string, n int) string {
	for i := range len(path) {
		if path[i] == '/' {
			if n--; n == 0 {
				return path[:i]
			}
		}
	}
	return path
}
