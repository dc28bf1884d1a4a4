package output

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
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
	e := &tx.prev.Files[i]
	info, err := tx.ops.lstat(tx.name(e.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing with the output: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() != e.Size {
		return false, nil
	}
	now := stampOf(info)
	if !tx.redo && e.stamp != (stamp{}) && e.stamp == now {
		return true, nil
	}
	check, same, err := tx.reads(e)
	if err != nil || !same {
		return false, err
	}
	if now = now.before(tx.opened); now != (stamp{}) {
		tx.seen[i] = seen{now, check} // not in e: others may read e
		tx.restamped.Store(true)
	}
	return true, nil
}

// seen is what Intact saw of a file that it had to read.
type seen struct {
	stamp stamp
	check checksum
}

// reads reads a file of Previous, which has the right size, and reports whether it is as it should be. It
// returns its check sum.
func (tx *Tx) reads(e *Entry) (check checksum, same bool, err error) {
	hash := e.check == 0 || tx.redo
	h := sha256.New()
	rest := e.Size
	err = tx.read(e.Path, func(b []byte) bool {
		check = check.add(b)
		if hash {
			h.Write(b)
		}
		rest -= int64(len(b))
		return rest > 0
	})
	same = err == nil && rest == 0 && (hash || check == e.check) && (!hash || sumOf(h) == e.Sum)
	return check, same, err
}

// KeepAt makes file i of Previous part of the site. Intact must have said that it is there. It may be called
// from any goroutine, for each i once.
func (tx *Tx) KeepAt(i int) { tx.kept[i] = true }

// PreviousSum is the hash of the manifest that Previous was read from, zero if there was none.
func (tx *Tx) PreviousSum() Sum { return tx.prevSum }

// SaveStamps remembers what Intact had to read, for a run that finds nothing to do and so
// does not Commit.
func (tx *Tx) SaveStamps() {
	if tx.restamped.Load() {
		for i := range tx.prev.Files {
			tx.restamp(&tx.prev.Files[i], i)
		}
		tx.saveStamps(tx.prev, tx.prevSum)
	}
}

// restamp gives file i of prev the stamp that Intact saw, if it had to read it.
func (tx *Tx) restamp(e *Entry, i int) {
	if s := tx.seen[i]; s != (seen{}) {
		e.stamp, e.check = s.stamp, s.check
	}
}

// withKept returns the files that were put, sorted, and those that are kept. It is an error if they
// are in each other's way.
func (tx *Tx) withKept(put []Entry) ([]Entry, error) {
	count := 0
	for _, yes := range tx.kept {
		if yes {
			count++
		}
	}
	if count == 0 {
		return put, nil
	}
	k := kept{files: make([]Entry, 0, count)}
	for i, yes := range tx.kept {
		if yes {
			k.files = append(k.files, tx.prev.Files[i])
			tx.restamp(&k.files[len(k.files)-1], i)
		}
	}
	var problems []error
	for i := range put {
		if _, old := tx.prev.Find(put[i].Path); old && !tx.keeps(put[i].Path) {
			continue // it was among the others before
		}
		if err := k.conflict(put[i].Path); err != nil {
			problems = append(problems, err)
		}
	}
	tx.keptFiles = k
	all := make([]Entry, 0, len(put)+len(k.files))
	for rest := k.files; len(put) > 0 || len(rest) > 0; {
		if len(rest) == 0 || len(put) > 0 && put[0].Path < rest[0].Path {
			all, put = append(all, put[0]), put[1:]
		} else {
			all, rest = append(all, rest[0]), rest[1:]
		}
	}
	return all, errors.Join(problems...)
}

func (tx *Tx) keeps(path string) bool {
	i, ok := slices.BinarySearchFunc(tx.prev.Files, path, func(e Entry, p string) int { return cmp.Compare(e.Path, p) })
	return ok && tx.kept[i]
}

// kept are the files that are kept, which are in nobody's way among themselves.
type kept struct {
	files  []Entry  // sorted by path
	folded []folded // of those whose folded path is another; sorted
	known  bool     // folded was made
}

// folded is a path and its folded form.
type folded struct{ key, path string }

// fold looks for them when first asked for.
func (k *kept) fold() {
	if k.known {
		return
	}
	k.known = true
	for i := range k.files {
		if p := k.files[i].Path; !isFolded(p) {
			if key := Fold(p); key != p {
				k.folded = append(k.folded, folded{key, p})
			}
		}
	}
	slices.SortFunc(k.folded, func(a, b folded) int { return cmp.Compare(a.key, b.key) })
}

// alike returns the kept file whose folded path is key.
func (k *kept) alike(key string) (string, bool) {
	if i, ok := slices.BinarySearchFunc(k.files, key, func(e Entry, key string) int { return cmp.Compare(e.Path, key) }); ok {
		return k.files[i].Path, true
	}
	k.fold()
	i, ok := slices.BinarySearchFunc(k.folded, key, func(f folded, key string) int { return cmp.Compare(f.key, key) })
	if !ok {
		return "", false
	}
	return k.folded[i].path, true
}

// below returns kept files in the folder whose folded path is key, at most one of each spelling that is looked for.
func (k *kept) below(key string) (list []string) {
	key += "/"
	i, _ := slices.BinarySearchFunc(k.files, key, func(e Entry, key string) int { return cmp.Compare(e.Path, key) })
	if i < len(k.files) && strings.HasPrefix(k.files[i].Path, key) {
		list = append(list, k.files[i].Path)
	}
	k.fold()
	j, _ := slices.BinarySearchFunc(k.folded, key, func(f folded, key string) int { return cmp.Compare(f.key, key) })
	if j < len(k.folded) && strings.HasPrefix(k.folded[j].key, key) {
		list = append(list, k.folded[j].path)
	}
	return list
}

// conflict reports how a new file at path is in the way of what is kept.
func (k *kept) conflict(path string) error {
	key := Fold(path)
	if other, ok := k.alike(key); ok {
		return twoFiles(other, path)
	}
	if list := k.below(key); len(list) > 0 {
		return &PathError{Why: FileAndFolder, With: path, Path: list[0]}
	}
	for d := folderOf(path); d != ""; d = folderOf(d) {
		key := Fold(d)
		if file, ok := k.alike(key); ok {
			return &PathError{Why: FileAndFolder, With: file, Path: d + "/"}
		}
		for _, p := range k.below(key) {
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
