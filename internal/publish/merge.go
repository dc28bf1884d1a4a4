package publish

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/output"
)

// merging decides, for each file in which the older site and the live one differ, which of the two is right. All begin as older, but for what
// is closed. A text whose older bytes lead to what will not be there, or name what was taken back since, stays as it is live;
// and what a page that stays leads to stays, too; until nothing moves any more. So no link of the result is dead that was alive on
// both sites, and nothing that was taken back is named. Files that are the same on both sites are not read: what they lead to is on both.
type merging struct {
	*Run
	older *output.Manifest
	taken map[string]bool // addresses that were taken back since
	fates map[string]*fate
	paths []string // of the fates, sorted
}

// fate is that of one file.
type fate struct {
	old, live *output.Entry // nil: the site has none
	closed    string        // the file that is the reason why the older bytes never come back
	stay      bool
	why       StayFor
	because   string
	leads     []string // of the older bytes
	asked     bool     // leads of the live bytes are known
	needs     []string // these
}

// differ lists what differs between the sites, with what the changes between them have closed.
func (m *merging) differ(at int) {
	d := difference(m.older, m.live.manifest)
	for i := range d.old.Files {
		m.fates[d.old.Files[i].Path] = &fate{old: &d.old.Files[i]}
	}
	for path := range m.fates {
		if e, ok := m.live.manifest.Find(path); ok {
			m.fates[path].live = &e
		}
	}
	for _, path := range d.added {
		e, _ := m.live.manifest.Find(path)
		m.fates[path] = &fate{live: &e}
	}
	for i := range at + 1 {
		c := &m.back.history.changes[i]
		for k := range c.old.Files {
			e := &c.old.Files[k]
			why := c.closed[e.Path]
			m.taken[e.Path] = m.taken[e.Path] || why == e.Path
			if f := m.fates[e.Path]; f != nil && f.old != nil && f.old.Sum == e.Sum && why != "" {
				f.closed = why
			}
		}
	}
	m.paths = slices.Sorted(maps.Keys(m.fates))
}

func (m *merging) settle(ctx context.Context) error {
	var texts []*fate
	for _, path := range m.paths {
		switch f := m.fates[path]; {
		case f.closed == path:
			f.keep(StayTaken, "")
		case f.closed != "":
			f.keep(StayNames, f.closed)
		case f.old != nil && readable(f.old):
			texts = append(texts, f)
		}
	}
	if err := m.readOld(ctx, texts); err != nil {
		return err
	}
	for moved := true; moved; {
		moved = m.holdBack()
		more, err := m.holdUp(ctx)
		if err != nil {
			return err
		}
		moved = moved || more
	}
	return nil
}

func (f *fate) keep(why StayFor, because string) { f.stay, f.why, f.because = true, why, because }

// there reports whether a file will be there, as things stand.
func (m *merging) there(path string) bool {
	f := m.fates[path]
	return f == nil || f.stay && f.live != nil || !f.stay && f.old != nil
}

// matters reports whether a link to a file can decide anything: the file is not on both sites, or was taken back.
func (m *merging) matters(path string) bool {
	f := m.fates[path]
	return m.taken[path] || f != nil && (f.old == nil || f.live == nil)
}

// readOld brings the older texts into the spool and notes what they lead to.
func (m *merging) readOld(ctx context.Context, texts []*fate) error {
	var mu sync.Mutex
	return parallel(ctx, len(texts), workers, func(ctx context.Context, i int) error {
		f := texts[i]
		ok, err := m.fetch(ctx, f.old)
		if err != nil {
			return err
		}
		if !ok {
			mu.Lock()
			defer mu.Unlock()
			m.back.lacking = append(m.back.lacking, f.old.Path)
			return nil
		}
		body, err := os.ReadFile(m.file(f.old))
		f.leads = m.decisive(body, f.old, m.older.BaseURL)
		return err
	})
}

func (m *merging) decisive(body []byte, e *output.Entry, baseURL string) []string {
	seen := map[string]bool{}
	leads(body, e, baseURL, func(file string) {
		if file != e.Path && !seen[file] && m.matters(file) {
			seen[file] = true
		}
	})
	return slices.Sorted(maps.Keys(seen))
}

// holdBack lets older texts stay away that lead nowhere or name what was taken back.
func (m *merging) holdBack() (moved bool) {
	for _, path := range m.paths {
		f := m.fates[path]
		if f.stay {
			continue
		}
		for _, to := range f.leads {
			switch {
			case m.taken[to]:
				f.keep(StayNames, to)
			case !m.there(to):
				f.keep(StayLeads, to)
			default:
				continue
			}
			moved = true
			break
		}
	}
	return moved
}

// holdUp keeps what the pages that stay lead to.
func (m *merging) holdUp(ctx context.Context) (moved bool, err error) {
	var ask []*fate
	for _, path := range m.paths {
		if f := m.fates[path]; f.stay && f.live != nil && !f.asked && readable(f.live) {
			f.asked = true
			ask = append(ask, f)
		}
	}
	err = parallel(ctx, len(ask), workers, func(ctx context.Context, i int) error {
		body, _, err := m.site.read(ctx, ask[i].live.Path)
		if errors.Is(err, errNotFound) {
			return nil
		}
		ask[i].needs = m.decisive(body, ask[i].live, m.live.manifest.BaseURL)
		return err
	})
	for _, path := range m.paths {
		f := m.fates[path]
		if !f.stay {
			continue
		}
		for _, to := range f.needs {
			if t := m.fates[to]; t != nil && t.live != nil && !m.there(to) {
				t.keep(StayNeeded, path)
				moved = true
			}
		}
	}
	return moved, err
}

// result is the manifest of what will be live, without a serial of its own.
func (m *merging) result() *output.Manifest {
	out := &output.Manifest{Build: m.older.Build}
	for i := range m.live.manifest.Files {
		if e := &m.live.manifest.Files[i]; m.fates[e.Path] == nil {
			out.Files = append(out.Files, *e)
		}
	}
	for _, f := range m.fates {
		e := f.old
		if f.stay {
			e = f.live
		}
		if e != nil {
			out.Files = append(out.Files, *e)
		}
	}
	slices.SortFunc(out.Files, func(a, b output.Entry) int { return strings.Compare(a.Path, b.Path) })
	return out
}

func (m *merging) stays() (out []Stay) {
	for _, path := range m.paths {
		if f := m.fates[path]; f.stay {
			out = append(out, Stay{Path: path, Why: f.why, Because: f.because})
		}
	}
	return out
}
