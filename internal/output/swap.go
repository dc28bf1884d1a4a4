package output

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// A change of most of a site that stands (another theme, another program) is put in place by
// exchanging whole folders. Renaming a hundred thousand files over others takes seconds, in which half the pages
// are of the old look and half of the new; some dozen exchanges take milliseconds.
//
// What is exchanged are the folders at the top of the output, not the output itself. That may be a
// mount point, a symbolic link, the root of a web server in a container, which would go on to show the old folder
// for ever, or lie in a folder that we must not write to. It also holds the lock.
//
// Before, the staged folder is filled with hard links to all else that the folder in place holds: pages that
// are kept, what is foreign, and what is stale, which goes after the manifest came, as ever. So an
// exchange takes nothing away. Where a folder cannot be filled or exchanged (no hard links, no such system call, links or
// other permissions in it), its files are renamed into place one by one.

// swapFrom is how many files a site must have: with fewer, renaming takes no time.
const swapFrom = 64

// swaps reports whether most of a site changes that is large enough.
func (tx *Tx) swaps(p plan) bool {
	n := len(tx.order)
	return exchanges && n >= cmp.Or(tx.swapFrom, swapFrom) && 2*p.Written > n
}

// swap is a change by folders.
type swap struct {
	tx    *Tx
	p     plan
	class map[string]Class // of each folder that is exchanged: the highest of its files
	done  []string         // folders that were
}

// placeFolders moves the staged files into place, exchanging the folders at the top that stand.
func (tx *Tx) placeFolders(p plan) error {
	s := swap{tx: tx, p: p, class: map[string]Class{}}
	for c, files := range p.staged {
		for _, i := range files {
			top, _, below := strings.Cut(tx.put.Path(int(i)), "/")
			if below && tx.folderAt(top).disk == present {
				s.class[top] = Class(c) // the last is the highest
			}
		}
	}
	for top := range s.class {
		if !s.fill(top) {
			delete(s.class, top)
		}
	}
	for c := range Class(classes) {
		if err := s.place(c); err != nil {
			return err
		}
	}
	for _, top := range s.done {
		if err := tx.takeOver(top); err != nil {
			return err
		}
	}
	return nil
}

// place exchanges the folders whose highest class is c, and moves what else is of the class.
func (s *swap) place(c Class) error {
	for _, i := range s.p.staged[c] {
		path := s.tx.put.Path(int(i))
		if top, _, below := strings.Cut(path, "/"); below {
			if _, later := s.class[top]; later {
				continue
			}
		}
		if err := s.tx.move(path); err != nil {
			return err
		}
	}
	var tops []string
	for top, of := range s.class {
		if of == c {
			tops = append(tops, top)
		}
	}
	slices.Sort(tops)
	for _, top := range tops {
		if err := s.exchange(top); err != nil {
			return err
		}
	}
	return nil
}

// exchange exchanges a folder, or moves its files if it cannot be.
func (s *swap) exchange(top string) error {
	tx := s.tx
	if tx.ops.exchange(tx.stage(top), tx.name(top)) != nil {
		return s.moveBelow(top)
	}
	for _, d := range tx.folders {
		if path := tx.pathOf(d); path == top || strings.HasPrefix(path, top+"/") {
			d.disk = present
		}
	}
	s.done = append(s.done, top)
	return nil
}

// moveBelow moves the staged files of a folder into place, class by class.
func (s *swap) moveBelow(top string) error {
	for _, files := range s.p.staged {
		for _, i := range files {
			if path := s.tx.put.Path(int(i)); strings.HasPrefix(path, top+"/") {
				if err := s.tx.move(path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// fill links into the staged folder all else that the one in place holds, and reports whether it could.
func (s *swap) fill(path string) bool {
	tx := s.tx
	d := tx.folderAt(path)
	if d == nil || !d.staged {
		if tx.ops.mkdir(tx.stage(path)) != nil {
			return false
		}
		if d != nil {
			d.staged = true
		}
	}
	old, err1 := tx.ops.lstat(tx.name(path))
	fresh, err2 := tx.ops.lstat(tx.stage(path))
	if err1 != nil || err2 != nil || !old.IsDir() || old.Mode() != fresh.Mode() {
		return false
	}
	list, err := tx.ops.readDir(tx.name(path))
	if err != nil {
		return false
	}
	for _, e := range list {
		if !s.link(path+"/"+e.Name(), e) {
			return false
		}
	}
	return true
}

// link links one file or folder unless the new site has another in its place.
func (s *swap) link(path string, e fs.DirEntry) bool {
	next, ok := s.tx.putAt(path)
	switch {
	case ok && s.tx.put.row(next).staged || !e.IsDir() && s.tx.folderAt(path) != nil:
		return true
	case e.IsDir():
		return s.fill(path)
	case !e.Type().IsRegular():
		return false
	}
	return s.tx.ops.link(s.tx.name(path), s.tx.stage(path)) == nil
}

// takeOver moves into place what others wrote into a folder between its filling and its exchange: it lies
// where the staged folder was.
func (tx *Tx) takeOver(path string) error {
	list, err := tx.ops.readDir(tx.stage(path))
	if err != nil {
		return err
	}
	for _, e := range list {
		p := path + "/" + e.Name()
		if tx.owns(p) {
			continue
		}
		old, err := tx.ops.lstat(tx.stage(p))
		if err != nil {
			return err
		}
		there, err := tx.ops.lstat(tx.name(p))
		switch {
		case err == nil && old.IsDir() && there.IsDir():
			err = tx.takeOver(p)
		case errors.Is(err, fs.ErrNotExist) || err == nil && !old.IsDir() && !there.IsDir() && !os.SameFile(old, there):
			err = tx.ops.rename(tx.stage(p), tx.name(p))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
