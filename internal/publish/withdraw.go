package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"html"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/output"
)

// What is taken back must not come back by a rollback, and its bytes must not lie in the store. Taken back are, when a publication goes live,
//
//   - pages of articles, and redirects to them, that the new site does not have;
//   - pages of articles in whose place a notice stands, which is known by its robots: noindex, or a redirect to a page that was there before;
//   - with them, pictures and attachments that the same publication removes, or that older bytes of these pages used;
//   - the older bytes of an address that has become a redirect to such a page: an article that had been moved.
//
// Older bytes of all of these are closed: a rollback leaves the address as it is live, and their copies are removed. So are those of pages,
// feeds and lists that name one of them: they may quote it. These are found by reading the copies of texts from the time in which the article
// was live, so that a publication that takes something back costs a request for each of them.

var noindex = regexp.MustCompile(`(?i)<meta[^>]+robots[^>]+noindex`)

// scaled is where narrower versions of pictures are: assets that belong to articles.
const scaled = "_pictures/"

// takenBack lists what the new manifest takes back, each with itself as the reason.
func (r *Run) takenBack(ctx context.Context) (map[string]string, error) {
	if r.gone != nil || r.change == nil {
		return r.gone, nil
	}
	gone, articles := map[string]string{}, false
	var mu sync.Mutex
	files := r.change.old.Files
	err := parallel(ctx, len(files), workers, func(ctx context.Context, i int) error {
		e := &files[i]
		if e.Class != output.Article && e.Class != output.Redirect {
			return nil
		}
		stays, err := r.stays(ctx, e)
		if err != nil {
			return err
		}
		if !stays {
			mu.Lock()
			defer mu.Unlock()
			gone[e.Path], articles = e.Path, articles || e.Class == output.Article
		}
		return nil
	})
	for i := range files {
		e := &files[i]
		if _, stays := r.local.Find(e.Path); !stays && articles && (e.Class == output.Picture || strings.HasPrefix(e.Path, scaled)) {
			gone[e.Path] = e.Path
		}
	}
	if err == nil {
		r.gone = gone
	}
	return gone, err
}

// stays reports whether the article of an address is still there, or at the new page that the address leads to now. Where it leads to a page that
// was there before, another article has taken its place. A notice that only looks otherwise than before takes nothing back.
func (r *Run) stays(ctx context.Context, e *output.Entry) (bool, error) {
	now, there := r.local.Find(e.Path)
	switch {
	case !there:
		return false, nil
	case now.Class == output.Article:
		if notice, err := r.isNotice(&now); !notice || err != nil {
			return true, err
		}
		body, _, err := r.site.read(ctx, e.Path)
		if errors.Is(err, errNotFound) {
			err = nil
		}
		return sha256.Sum256(body) == e.Sum && noindex.Match(body), err
	case e.Class == output.Redirect:
		return true, nil
	case now.Class == output.Redirect:
		body, err := r.bytesOf(&now)
		to := ledTo(body, r.local.BaseURL)
		_, is := r.local.Find(to)
		return is && !r.live.has(to), err
	}
	return false, nil
}

// isNotice reports whether a page of the build says that an article was taken back. All pages of a preview say noindex.
func (r *Run) isNotice(e *output.Entry) (bool, error) {
	if b := r.local.Build; b.Drafts || b.Future || b.Audience != "" {
		return false, nil
	}
	body, err := r.bytesOf(e)
	return bytes.Contains(body, []byte("noindex")) && noindex.Match(body), err
}

// bytesOf reads a file of the build, or of a rollback's spool; nothing if its copy is lacking, for which the rollback is refused.
func (r *Run) bytesOf(e *output.Entry) ([]byte, error) {
	body, err := os.ReadFile(r.file(e))
	if r.back != nil && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return body, err
}

// close notes in all changes what never comes back: the files named, and all others with the same bytes, unless these are live.
func (h *history) close(files map[string]string, live map[output.Sum]string) {
	sums := map[output.Sum]string{}
	all := func(do func(c *change, e *output.Entry)) {
		for i := range h.changes {
			for k := range h.changes[i].old.Files {
				do(&h.changes[i], &h.changes[i].old.Files[k])
			}
		}
	}
	all(func(c *change, e *output.Entry) {
		if why, is := files[e.Path]; is {
			c.closed[e.Path] = why
			if _, public := live[e.Sum]; !public {
				sums[e.Sum] = why
			}
		}
	})
	all(func(c *change, e *output.Entry) {
		if why, is := sums[e.Sum]; is && c.closed[e.Path] == "" {
			c.closed[e.Path] = why
		}
	})
}

// moved adds addresses that were an article once and then led to one that is taken back now; but not those where the same article
// stands again, as after a rollback of a move.
func (w *work) moved(ctx context.Context, h *history, gone map[string]string) error {
	articles := map[string]bool{}
	for i := range h.changes {
		for _, e := range h.changes[i].old.Files {
			articles[e.Path] = articles[e.Path] || e.Class == output.Article && h.changes[i].closed[e.Path] != e.Path
		}
	}
	for i := range h.changes {
		for _, e := range h.changes[i].old.Files {
			if now, ok := w.local.Find(e.Path); ok && e.Class == output.Article && now.Sum == e.Sum {
				articles[e.Path] = false
			}
		}
	}
	look := func(e *output.Entry, baseURL string) (grown bool, err error) {
		if e.Class != output.Redirect || !articles[e.Path] || gone[e.Path] != "" {
			return false, nil
		}
		body, err := w.older(ctx, e)
		to := cmp.Or(ledTo(body, baseURL), e.Path)
		if _, grown = gone[to]; grown {
			gone[e.Path] = e.Path
		}
		return grown, err
	}
	for again := true; again; {
		again = false
		for i := range h.changes {
			for k := range h.changes[i].old.Files {
				grown, err := look(&h.changes[i].old.Files[k], h.changes[i].old.BaseURL)
				if err != nil {
					return err
				}
				again = again || grown
			}
		}
		for _, e := range w.live.files() {
			if _, err := look(&e, w.live.manifest.BaseURL); err != nil {
				return err
			}
		}
	}
	return nil
}

// ledTo returns the file that a redirect leads to, empty if it is none.
func ledTo(body []byte, baseURL string) string {
	if m := refresh.FindSubmatch(body); m != nil {
		return fileOf(html.UnescapeString(string(m[1])), basePath(baseURL))
	}
	return ""
}

// pictures adds what older bytes of articles that are taken back used and nothing uses now.
func (w *work) pictures(ctx context.Context, h *history, gone map[string]string) error {
	used := map[string]bool{}
	for i := range h.changes {
		for _, e := range h.changes[i].old.Files {
			if _, stays := w.local.Find(e.Path); !stays && (e.Class == output.Picture || strings.HasPrefix(e.Path, scaled)) {
				used[e.Path] = false
			}
		}
	}
	for i := 1; i < len(h.changes) && len(used) > 0; i++ { // what the newest used goes with it
		c := &h.changes[i]
		for k := range c.old.Files {
			e := &c.old.Files[k]
			if e.Class != output.Article || gone[e.Path] == "" || c.closed[e.Path] != "" {
				continue
			}
			body, err := w.older(ctx, e)
			if err != nil {
				return err
			}
			leads(body, e, c.old.BaseURL, func(file string) {
				if _, is := used[file]; is {
					used[file] = true
				}
			})
		}
	}
	for p, is := range used {
		if is {
			gone[p] = p
		}
	}
	return nil
}

// older reads older bytes of a file from their copy or from where they are still live; nil if they are neither there.
func (w *work) older(ctx context.Context, e *output.Entry) ([]byte, error) {
	for _, from := range []struct {
		store patient
		key   string
	}{{w.private, copyKey(e.Sum)}, {w.site, e.Path}} {
		body, _, err := from.store.read(ctx, from.key)
		if err == nil && sha256.Sum256(body) == e.Sum {
			return body, nil
		}
		if err != nil && !errors.Is(err, errNotFound) {
			return nil, err
		}
	}
	return nil, nil
}

// sweepMost is how many copies are read when something is taken back. The last publication is always swept; older ones for which more would
// have to be read are forgotten.
const sweepMost = 5000

// sweep closes what names a file that was taken back.
func (w *work) sweep(ctx context.Context, h *history) error {
	live := sums(w.local)
	for i := 0; i < len(h.changes); i++ { // it may get shorter
		gone := map[string]bool{}
		for _, p := range h.changes[i].sweep {
			gone[p] = true
		}
		read := map[output.Sum]string{} // what a text names, empty for nothing
		for k := i; k < len(h.changes) && len(gone) > 0; k++ {
			c := &h.changes[k]
			texts := c.texts(live, read)
			if k > i && len(read)+len(texts) > sweepMost {
				h.changes = h.changes[:k]
				break
			}
			if err := w.lookFor(ctx, gone, c.old.BaseURL, texts, read); err != nil {
				return err
			}
			for _, e := range c.old.Files {
				if why := read[e.Sum]; why != "" && c.closed[e.Path] == "" {
					c.closed[e.Path] = why
				}
			}
			for _, p := range c.added { // still older sites had none of these
				delete(gone, p)
			}
		}
		h.changes[i].sweep = nil
	}
	return nil
}

// texts lists the bytes of a change that must be read, each once.
func (c *change) texts(live map[output.Sum]string, read map[output.Sum]string) map[output.Sum]*output.Entry {
	out := map[output.Sum]*output.Entry{}
	for i := range c.old.Files {
		e := &c.old.Files[i]
		_, done := read[e.Sum]
		_, public := live[e.Sum]
		if c.closed[e.Path] == "" && !done && !public && readable(e) {
			out[e.Sum] = e
		}
	}
	return out
}

// lookFor reads texts and notes which of the files they name.
func (w *work) lookFor(ctx context.Context, gone map[string]bool, baseURL string, texts map[output.Sum]*output.Entry, read map[output.Sum]string) error {
	list := slices.Collect(maps.Values(texts))
	var mu sync.Mutex
	return parallel(ctx, len(list), workers, func(ctx context.Context, i int) error {
		body, err := w.older(ctx, list[i])
		if err != nil {
			return err
		}
		why := ""
		leads(body, list[i], baseURL, func(file string) {
			if gone[file] {
				why = file
			}
		})
		mu.Lock()
		defer mu.Unlock()
		read[list[i].Sum] = why
		return nil
	})
}
