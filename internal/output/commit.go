package output

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// Commit makes the output directory hold the files of this transaction and nothing else of ours, and
// ends the transaction. After an error the output is as it was, or, if the message says "changing the
// output", between the old and the new, every file whole; the next build completes it.
func (tx *Tx) Commit(b Build) (Result, error) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.done {
		panic("output: Commit after the end of the transaction")
	}
	tx.done = true
	p, err := tx.plan(b)
	if err == nil {
		err = tx.carryOut(p)
	}
	if err != nil {
		tx.ops.removeAll(tx.stage("")) // what stays, the next run removes
	}
	p.Removed = tx.removed
	return p.Result, errors.Join(err, tx.lock.Release())
}

// carryOut makes the system calls that the package comment lists.
func (tx *Tx) carryOut(p plan) error {
	tx.nextSum = tx.prevSum
	if p.Written > 0 || len(p.leave) > 0 || !p.same || tx.redo {
		if !p.same {
			if err := tx.writeManifest(p); err != nil {
				return err
			}
		}
		if err := tx.writeJournal(p.come, p.leave); err != nil {
			return err
		}
		if err := tx.change(p); err != nil {
			return fmt.Errorf("changing the output: %w (the next build will complete it)", err)
		}
	}
	if err := tx.end(); err != nil {
		return fmt.Errorf("clearing the work folder: %w (the next build will complete it)", err)
	}
	tx.saveStamps(tx.nextSum)
	return nil
}

// change moves everything into place and away.
func (tx *Tx) change(p plan) error {
	if err := tx.place(p); err != nil {
		return err
	}
	if !p.same {
		if err := tx.placeManifest(); err != nil {
			return err
		}
	}
	return tx.removeStale(p)
}

// writeManifest writes the manifest into the work folder.
func (tx *Tx) writeManifest(p plan) error {
	var sum textSum
	err := tx.ops.write(tx.lock.work("manifest"), true, func(w io.Writer) error {
		return writeText(io.MultiWriter(w, &sum), p.facts, len(tx.order), func(b []byte, k int) []byte {
			t, r := tx.file(k)
			return appendLine(b, t.text(r.path), &r.sum, r.size, r.class, t.medias[r.media])
		})
	})
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	tx.nextSum = sum.sum()
	return nil
}

// place moves the staged files into place, class by class.
func (tx *Tx) place(p plan) error {
	if tx.prev.Len() == 0 && !tx.redo {
		return tx.placeFirst(p)
	}
	if tx.swaps(p) {
		return tx.placeFolders(p)
	}
	for _, files := range p.staged {
		for _, i := range files {
			if err := tx.move(tx.put.Path(int(i))); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeFirst puts a first build in place, in which no page was there before: it renames each
// folder that does not exist yet as a whole, those with the pages that lead to others last.
func (tx *Tx) placeFirst(p plan) error {
	units := map[string]Class{}
	for c, files := range p.staged {
		for _, i := range files {
			units[tx.unit(tx.put.Path(int(i)))] = Class(c) // the last is the highest
		}
	}
	order := slices.SortedFunc(maps.Keys(units), func(a, b string) int {
		return cmp.Or(cmp.Compare(units[a], units[b]), strings.Compare(a, b))
	})
	for _, u := range order {
		if err := tx.move(u); err != nil {
			return err
		}
	}
	return nil
}

// unit returns the topmost part of path that is not on disk.
func (tx *Tx) unit(path string) string {
	for d := tx.folderAt(folderOf(path)); d.disk == absent; d = d.up {
		path = path[:d.path.len]
	}
	return path
}

// move renames one staged file or folder into place.
func (tx *Tx) move(path string) error {
	if err := tx.makeFolder(tx.folderAt(folderOf(path))); err != nil {
		return err
	}
	if tx.clear[path] {
		if err := tx.clearFolder(path); err != nil {
			return err
		}
	}
	if d := tx.folderAt(path); d != nil {
		defer func() { d.disk = present }()
	}
	return tx.ops.rename(tx.stage(path), tx.name(path))
}

// makeFolder makes the folder in the output directory if it is not there.
func (tx *Tx) makeFolder(d *folder) error {
	if d.disk == present {
		return nil
	}
	if err := tx.makeFolder(d.up); err != nil {
		return err
	}
	name := tx.name(tx.pathOf(d))
	if d.disk == blocked {
		if err := tx.ops.remove(name); err != nil {
			return err
		}
		tx.removed++
		d.disk = absent
	}
	if err := tx.ops.mkdir(name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d.disk = present
	return nil
}

// clearFolder removes a folder that holds only files of ours, all stale since a file takes its place.
func (tx *Tx) clearFolder(path string) error {
	list, err := tx.ops.readDir(tx.name(path))
	if err != nil {
		return err
	}
	for _, e := range list {
		p := path + "/" + e.Name()
		switch {
		case e.IsDir():
			err = tx.clearFolder(p)
		case tx.owns(p):
			tx.removed++
			err = tx.ops.remove(tx.name(p))
		default:
			err = &PathError{Why: Foreign, With: p, Path: path}
		}
		if err != nil {
			return err
		}
	}
	return tx.ops.remove(tx.name(path))
}

func (tx *Tx) placeManifest() error {
	d := tx.folderAt(folderOf(ManifestPath))
	err := tx.makeFolder(d)
	if err == nil {
		err = tx.ops.rename(tx.lock.work("manifest"), tx.name(ManifestPath))
	}
	if err == nil {
		err = tx.ops.syncDir(tx.name(tx.pathOf(d)))
	}
	return err
}

// removeStale removes the files of ours that the new site does not have, then the folders that this left
// empty.
func (tx *Tx) removeStale(p plan) error {
	folders := map[string]bool{"": true}
	emptied := map[string]bool{}
	for _, f := range p.leave {
		up := folderOf(f.path)
		emptied[up] = true
		ok, err := tx.isFolder(up, folders)
		if err == nil && ok {
			err = tx.removeFile(f.path)
		}
		if err != nil {
			return err
		}
	}
	return tx.removeEmpty(emptied, folders)
}

// isFolder reports whether path is a folder that is reached without a link: we follow none.
func (tx *Tx) isFolder(path string, known map[string]bool) (bool, error) {
	if is, ok := known[path]; ok {
		return is, nil
	}
	is, err := tx.isFolder(folderOf(path), known)
	if err == nil && is {
		var info fs.FileInfo
		info, err = tx.ops.lstat(tx.name(path))
		if is = err == nil && info.IsDir(); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	known[path] = is
	return is, err
}

// removeFile removes a stale file, unless it is gone, or a folder of the new site stands there, or the file
// system takes it and a file of the new site for one: that one gets its new name.
func (tx *Tx) removeFile(path string) error {
	info, err := tx.ops.lstat(tx.name(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || info.IsDir() {
		return err
	}
	if as, ok := tx.respelled(path); ok {
		there, err := tx.ops.lstat(tx.name(as))
		if err == nil && os.SameFile(info, there) {
			return tx.ops.rename(tx.name(path), tx.name(as))
		}
	}
	tx.removed++
	return tx.ops.remove(tx.name(path))
}

// respelled returns the path of the new site that differs from path only by case or Unicode
// form.
func (tx *Tx) respelled(path string) (string, bool) {
	key := Fold(path)
	if i, ok := tx.claimed(key); ok {
		return tx.put.Path(i), true
	}
	return tx.keptAlike(key)
}

// removeEmpty removes the folders, and those above them, that are empty and that the new site does
// not use. A run cut off here may have removed the lower ones.
func (tx *Tx) removeEmpty(emptied, folders map[string]bool) error {
	for len(emptied) > 0 {
		above := map[string]bool{}
		for _, path := range slices.Sorted(maps.Keys(emptied)) {
			if path == "" || tx.folderAt(path) != nil {
				continue
			}
			above[folderOf(path)] = true
			if ok, err := tx.isFolder(path, folders); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
			list, err := tx.ops.readDir(tx.name(path))
			if err == nil && len(list) == 0 {
				folders[path] = false
				err = tx.ops.remove(tx.name(path))
			}
			if err != nil {
				return err
			}
		}
		emptied = above
	}
	return nil
}

// end clears the work folder; the journal goes last.
func (tx *Tx) end() error {
	if err := tx.ops.removeAll(tx.stage("")); err != nil {
		return err
	}
	if err := tx.ops.remove(tx.lock.work("journal")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
