package output

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// plan is what a Commit will do.
type plan struct {
	next  *Manifest
	moves int     // staged files
	come  []Entry // files of the new site that the last manifest does not list
	leave []Entry // files of ours that the new site does not have
	Result
}

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

// plan compares the new site with the last.
func (tx *Tx) plan(b Build) (plan, error) {
	if err := b.check(); err != nil {
		return plan{}, err
	}
	if len(tx.problems) > 0 {
		slices.SortFunc(tx.problems, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
		return plan{}, errors.Join(slices.CompactFunc(tx.problems, func(a, b error) bool { return a.Error() == b.Error() })...)
	}
	tx.files = slices.DeleteFunc(tx.files, func(e Entry) bool { return e.Path == "" })
	sortByPath(tx.files)
	files, err := tx.withKept(tx.files)
	if err != nil {
		return plan{}, err
	}
	tx.files = files
	p := plan{next: &Manifest{Build: b, Files: files}}
	for i := range files {
		p.Bytes += files[i].Size
		if files[i].staged {
			p.moves++
		}
	}
	p.Written, p.Unchanged = p.moves, len(files)-p.moves
	p.come = without(files, tx.prev.Files)
	p.leave = append(without(tx.prev.Files, files), without(without(tx.pending, files), tx.prev.Files)...)
	slices.SortFunc(p.leave, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.Class, a.Class), cmp.Compare(a.Path, b.Path))
	})
	return p, nil
}

// without returns the entries of a whose path b does not have. Both are sorted.
func without(a, b []Entry) (rest []Entry) {
	if len(b) == 0 {
		return slices.Clip(a)
	}
	for i := range a {
		for len(b) > 0 && b[0].Path < a[i].Path {
			b = b[1:]
		}
		if len(b) == 0 || b[0].Path != a[i].Path {
			rest = append(rest, a[i])
		}
	}
	return rest
}

// carryOut makes the system calls that the package comment lists.
func (tx *Tx) carryOut(p plan) error {
	sum, same := tx.prevSum, p.next.equal(tx.prev)
	if p.moves > 0 || len(p.leave) > 0 || !same || tx.redo {
		if !same {
			var err error
			if sum, err = tx.writeManifest(p.next); err != nil {
				return err
			}
		}
		if err := tx.writeJournal(p.come, p.leave); err != nil {
			return err
		}
		if err := tx.change(p, same); err != nil {
			return fmt.Errorf("changing the output: %w (the next build will complete it)", err)
		}
	}
	if err := tx.end(); err != nil {
		return fmt.Errorf("clearing the work folder: %w (the next build will complete it)", err)
	}
	tx.saveStamps(p.next, sum)
	tx.next, tx.nextSum = p.next, sum
	return nil
}

// Committed returns the manifest that a successful Commit left, and the hash of its text.
func (tx *Tx) Committed() (*Manifest, Sum) { return tx.next, tx.nextSum }

// change moves everything into place and away.
func (tx *Tx) change(p plan, sameManifest bool) error {
	if err := tx.place(p); err != nil {
		return err
	}
	if !sameManifest {
		if err := tx.placeManifest(); err != nil {
			return err
		}
	}
	return tx.removeStale(p)
}

// writeManifest writes the manifest into the work folder and returns the hash of its text.
func (tx *Tx) writeManifest(m *Manifest) (Sum, error) {
	h := sha256.New()
	err := tx.ops.write(tx.lock.work("manifest"), true, func(w io.Writer) error { return m.Write(io.MultiWriter(w, h)) })
	if err != nil {
		return Sum{}, fmt.Errorf("writing the manifest: %w", err)
	}
	return sumOf(h), nil
}

// place moves the staged files into place, class by class.
func (tx *Tx) place(p plan) error {
	if len(tx.prev.Files) == 0 && !tx.redo {
		return tx.placeFirst(p)
	}
	if tx.swaps(p) {
		return tx.placeFolders(p)
	}
	for c := range Class(classes) {
		for i := range p.next.Files {
			if e := &p.next.Files[i]; e.staged && e.Class == c {
				if err := tx.move(e.Path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// placeFirst puts a first build in place, in which no page was there before: it renames each
// folder that does not exist yet as a whole, those with the pages that lead to others last.
func (tx *Tx) placeFirst(p plan) error {
	units := map[string]Class{}
	for i := range p.next.Files {
		if e := &p.next.Files[i]; e.staged {
			u := tx.unit(e.Path)
			units[u] = max(units[u], e.Class)
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
	for up := folderOf(path); tx.folders[up].disk == absent; up = folderOf(up) {
		path = up
	}
	return path
}

// move renames one staged file or folder into place.
func (tx *Tx) move(path string) error {
	if err := tx.makeFolder(tx.folders[folderOf(path)]); err != nil {
		return err
	}
	if tx.clear[path] {
		if err := tx.clearFolder(path); err != nil {
			return err
		}
	}
	if d, ok := tx.folders[path]; ok {
		defer func() { d.disk = present }()
	}
	return tx.ops.rename(tx.stage(path), tx.name(path))
}

// makeFolder makes the folder in the output directory if it is not there.
func (tx *Tx) makeFolder(d *folder) error {
	if d.disk == present {
		return nil
	}
	if err := tx.makeFolder(tx.folders[folderOf(d.path)]); err != nil {
		return err
	}
	if d.disk == blocked {
		if err := tx.ops.remove(tx.name(d.path)); err != nil {
			return err
		}
		tx.removed++
		d.disk = absent
	}
	if err := tx.ops.mkdir(tx.name(d.path)); err != nil && !errors.Is(err, fs.ErrExist) {
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
	d := tx.folders[folderOf(ManifestPath)]
	err := tx.makeFolder(d)
	if err == nil {
		err = tx.ops.rename(tx.lock.work("manifest"), tx.name(ManifestPath))
	}
	if err == nil {
		err = tx.ops.syncDir(tx.name(d.path))
	}
	return err
}

// removeStale removes the files of ours that the new site does not have, then the folders that this left
// empty.
func (tx *Tx) removeStale(p plan) error {
	folders := map[string]bool{"": true}
	emptied := map[string]bool{}
	for _, e := range p.leave {
		up := folderOf(e.Path)
		emptied[up] = true
		ok, err := tx.isFolder(up, folders)
		if err == nil && ok {
			err = tx.removeFile(e.Path)
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
	if _, ok := tx.claims[Fold(path)]; !ok {
		return tx.keptFiles.alike(Fold(path))
	}
	if !tx.sorted { // since the entries were sorted, the indices in claims are wrong
		for i := range tx.files {
			key := Fold(tx.files[i].Path)
			if _, put := tx.claims[key]; put {
				tx.claims[key] = int32(i)
			}
		}
		tx.sorted = true
	}
	return tx.files[tx.claims[Fold(path)]].Path, true
}

// removeEmpty removes the folders, and those above them, that are empty and that the new site does
// not use. A run cut off here may have removed the lower ones.
func (tx *Tx) removeEmpty(emptied, folders map[string]bool) error {
	for len(emptied) > 0 {
		above := map[string]bool{}
		for _, path := range slices.Sorted(maps.Keys(emptied)) {
			if path == "" || tx.folders[path] != nil {
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
