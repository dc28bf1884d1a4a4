package build

import (
	"context"
	"slices"
	"sync"

	"zhendi/internal/output"
)

// standing is what stands in the output of the last build: which of its files are as it left them. It is found out
// beside the reading of articles and the making of models, which leave cores free. It is nil where no last build is known, and
// whoever must know looks then.
type standing struct {
	intact []bool // of the files of the last manifest
	err    error
	done   sync.WaitGroup
}

// look begins to look at the output if the build before is remembered.
func (l *Loaded) look(ctx context.Context, tx *output.Tx) *standing {
	n := tx.Previous().Len()
	if !l.memory.last.known || l.memory.last.manifest != tx.PreviousSum() {
		return nil
	}
	s := &standing{intact: make([]bool, n)}
	const step = 512
	s.done.Go(func() {
		s.err = each(ctx, (n+step-1)/step, func(k int) error {
			return tx.IntactFrom(k*step, s.intact[k*step:min(n, (k+1)*step)])
		}, nil)
	})
	return s
}

// wait ends when nobody looks any more.
func (s *standing) wait() {
	if s != nil {
		s.done.Wait()
	}
}

// all reports whether all files of the last build are as it left them.
func (s *standing) all() (bool, error) {
	if s == nil {
		return false, nil
	}
	s.wait()
	return !slices.Contains(s.intact, false), s.err
}

// allIntact reports whether the files with these indices are.
func (s *standing) allIntact(tx *output.Tx, files numbers) (ok bool, err error) {
	if s != nil {
		s.wait()
		if s.err != nil {
			return false, s.err
		}
	}
	for k := range files.len() {
		i := files.at(k)
		if s != nil {
			ok = s.intact[i]
		} else {
			ok, err = tx.Intact(i)
		}
		if !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}
