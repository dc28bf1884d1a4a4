package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// A journal lies in the work folder from just before Commit changes the first file until
// it has changed the last. It lists the paths that are ours although the manifest of before, or the
// one of after, does not name them. With it the next run knows all that is ours, whatever moment
// the run before was cut off at, and compares every file by its bytes.
//
// Nothing is replayed: the next run makes the whole site anyway, and after a loss of power what was staged
// cannot be trusted.
//
//	# zhendi journal 1
//	<class>␉<path>

const journalMagic = "# zhendi journal 1"

// recover reads manifest and journal and removes all else from the work folder.
func (tx *Tx) recover() error {
	var err error
	if tx.prev, tx.prevSum, err = readManifest(tx.ops, tx.name(ManifestPath)); err != nil {
		return err
	}
	tx.loadStamps(tx.prevSum)
	text, err := tx.ops.readAll(tx.lock.work("journal"))
	if err != nil {
		return fmt.Errorf("reading the journal of the last run: %w", err)
	}
	if tx.redo = text != nil; tx.redo {
		if tx.pending, err = parseJournal(text); err != nil {
			return fmt.Errorf("%s: %w: empty the output directory and build again", tx.lock.work("journal"), err)
		}
	}
	list, err := tx.ops.readDir(tx.lock.work(""))
	for _, e := range list {
		if n := e.Name(); err == nil && n != "lock" && n != "journal" {
			err = tx.ops.removeAll(tx.lock.work(n))
		}
	}
	if err != nil {
		return fmt.Errorf("clearing what a killed run left: %w", err)
	}
	return nil
}

// ErrInterrupted says that the last build was cut off while it changed the output.
var ErrInterrupted = errors.New("the last build was cut off: build again")

// ReadManifest reads the manifest of an output directory; the error is fs.ErrNotExist if there is
// none. It waits for nobody: while a build is under way, or if the last was cut off, the
// files may be newer than the manifest; in the second case the error is ErrInterrupted.
func ReadManifest(dir string) (*Manifest, error) {
	sys := system()
	l := &Lock{ops: sys, dir: dir}
	if _, err := sys.lstat(l.work("journal")); err == nil {
		return nil, fmt.Errorf("output: %s: %w", dir, ErrInterrupted)
	}
	t, sum, err := readManifest(sys, (&Tx{dir: dir}).name(ManifestPath))
	if err != nil {
		return nil, err
	}
	if sum == (TextSum{}) {
		return nil, fmt.Errorf("output: %s holds no manifest: %w", dir, fs.ErrNotExist)
	}
	return t.manifest(), nil
}

// readManifest returns the manifest and the check sum of its text, both empty if there is none.
func readManifest(sys ops, name string) (*Table, TextSum, error) {
	var p parser
	var sum textSum
	there, err := sys.readInto(io.MultiWriter(&sum, &p), name)
	if err != nil {
		return nil, TextSum{}, fmt.Errorf("reading the manifest: %w", err)
	}
	if !there {
		return &Table{}, TextSum{}, nil
	}
	t, err := p.end()
	if err != nil {
		return nil, TextSum{}, fmt.Errorf("%s: %w: bring the file back, or empty the output directory and build again", name, err)
	}
	return t, sum.sum(), nil
}

// writeJournal makes the paths of files that come, of those that were put, and that leave ours, durably.
func (tx *Tx) writeJournal(come []int32, leave []named) error {
	fresh := tx.lock.work("journal.new")
	err := tx.ops.write(fresh, true, func(w io.Writer) error {
		b := append(make([]byte, 0, 64<<10), journalMagic+"\n"...)
		for i := range len(come) + len(leave) {
			var f named
			if i < len(come) {
				r := tx.put.row(int(come[i]))
				f = named{tx.put.text(r.path), r.class}
			} else {
				f = leave[i-len(come)]
			}
			b = append(append(append(append(b, f.class.String()...), '\t'), f.path...), '\n')
			if len(b) > 60<<10 {
				if _, err := w.Write(b); err != nil {
					return err
				}
				b = b[:0]
			}
		}
		_, err := w.Write(b)
		return err
	})
	if err == nil {
		err = tx.ops.rename(fresh, tx.lock.work("journal"))
	}
	if err == nil {
		err = tx.ops.syncDir(tx.lock.work(""))
	}
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	tx.journaled = tx.clock(tx.lock.work("journal"))
	return nil
}

// parseJournal returns the files sorted by path.
func parseJournal(text []byte) ([]named, error) {
	lines := strings.Split(string(bytes.TrimSuffix(text, []byte("\n"))), "\n")
	if lines[0] != journalMagic || text[len(text)-1] != '\n' {
		return nil, fmt.Errorf("line 1: want %q and whole lines", journalMagic)
	}
	list := make([]named, 0, len(lines)-1)
	for i, line := range lines[1:] {
		class, path, _ := strings.Cut(line, "\t")
		c := slices.Index(classNames[:], class)
		if c < 0 {
			return nil, fmt.Errorf("line %d: unknown class %q", i+2, class)
		}
		if err := CheckPath(path); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		list = append(list, named{path, Class(c)})
	}
	slices.SortFunc(list, func(a, b named) int { return strings.Compare(a.path, b.path) })
	return list, nil
}
