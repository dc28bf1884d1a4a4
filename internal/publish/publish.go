// Package publish brings a built site to the place from which readers get it, and proves afterwards
// that it is there. It works from manifest to manifest (package output): it reads the files of the
// build and two objects in the store, and knows nothing of articles.
//
//	run, err := publish.Open(ctx, publish.Options{Out: "public", Target: target})
//	defer run.Close()
//	if len(run.Plan.Refusals) == 0 {
//		receipt, err := run.Do(ctx)
//	}
//
// # What is promised
//
//   - At every instant each page that was reachable answers, with its old bytes or its new ones,
//     and what it refers to is there. New files go up first, then changed ones, each in the order of their class (assets, pictures,
//     articles, lists, home, feeds, redirects); then the
//     manifest; what is gone is removed after that, in the reverse order. Old assets stay for a
//     period of grace, for readers who have an old page open.
//   - After an error, no later group is sent and nothing is removed. The next run goes on from there and ends as
//     an undisturbed one. So it does after a run that was killed at any point.
//   - Nothing is removed or written over that zhendi has not published. _views/ and its counts are never touched, but for
//     rows of hot lists that lead to pages that are gone.
//   - What was live can be brought back for 20 publications or 30 days (history.go), whole, by bytes that are checked before anything is changed.
//     No rollback brings back what was taken back since, and no object in the store holds it any more (withdraw.go).
//   - Of several runs at once one works; the others wait, and a build older than what is live is refused.
//   - Credentials come from the environment or the usual files of S3 tools; they stand in no message and no file.
//
// # What is in the store
//
// Beside the site, _site/manifest.txt is the manifest of what is live, with a last line "# signature: …" if it
// is signed. Below the private prefix, which should not be readable by the public:
//
//	inventory            every object of ours: sum, ETag, headers, since when it is not used (gzip; see inventory.go)
//	journal/<n>       what run n was going to send; stays if it was cut off
//	lock/<n>          who is or was run n (see lock.go)
//	receipts/<serial> what a run did (see receipt.go)
//	history           what undoes the last publications (see history.go)
//	copies/<SHA-256>  bytes that they replaced or removed
//
// What the inventory says of an object is not trusted if a journal names it: then the store is asked.
//
// # Requests of a run, in order
//
//  1. get the manifest, list the private prefix, get the inventory and what journals there are;
//  2. ask for each new key, or list the site if they are many: what lies there and is not ours is a refusal;
//     without changes the run ends here;
//  3. take the lock; read 1 again and plan again if it is not as it was;
//  4. read the history; write the journal; copy within the store, one request each, what will be replaced or removed;
//  5. send group by group, seeing before each that the lock is still ours;
//  6. write the history, so that whoever finds the new manifest finds the way back; replace the
//     manifest, on the condition that it is the one planned from;
//  7. remove what is gone, correct the hot lists; if something was taken back, read the copies of texts that may name it; remove copies that
//     no rollback needs;
//  8. write the inventory and the receipt, remove the journals, mark the lock as free.
//
// A rollback is such a run whose files come from copies: it reads all it needs first, into a folder on this machine.
//
// # Limits
//
// A site that changes every file each time keeps, beside the last publication, 200,000 copies at most. A folder keeps
// copies as hard links: who writes into a file in place, instead of replacing it, alters its copy, too, and a rollback refuses it.
//
// Files are sent in one request each (5 GB at most with most providers). A folder as target keeps no headers: the web server sets
// them. A file is not synced to disk one by one: after a loss of power verify --repair mends what is short.
package publish

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// Target is a place where the site is published.
type Target struct {
	Name     string
	Site     Store
	Private  Store
	Compress bool              // .gz and .br copies of text files
	Keep     []string          // keys, and folders ending in /, that others own
	Public   ed25519.PublicKey // with which manifests there are checked; may be nil
}

// Options says what is to be done. Zero values have the defaults that stand beside them.
type Options struct {
	Out       string // the built site
	Target    Target
	BaseURL   string                        // the manifest must say so too; empty: any
	Withdrawn func() func(file string) bool // returns what tells whether the site says of a page that it is to be away; called if pages vanish; may be nil
	Allow     []string                      // words of refusals that are overridden
	MaxDelete int                           // deletions allowed; 0: 50, or 5 % of the live files if that is more
	ForceLock bool
	Key       ed25519.PrivateKey // signs the manifest; nil: unsigned
	Grace     time.Duration      // of old assets; 0: 7 days
	Life      time.Duration      // of the lock; 0: lockLife
	Patience  Patience           // zero: a store may be gone for half a minute
	Now       func() time.Time   // nil: time.Now

	Progress func(done, total int) // called from several goroutines, one at a time
	Waiting  func(holder string)   // called once if another run has the lock
}

// workers is how many objects are sent at once.
const workers = 16

// Run is one publication, from Open to Close.
type Run struct {
	Plan Plan

	opt     Options
	site    patient
	private patient
	local   *output.Manifest
	text    []byte     // of the local manifest, signed
	sum     output.Sum // of it without the signature
	lock    *output.Lock
	live    *live
	now     time.Time
	change  *change           // what undoes the step from what is live to the local manifest; nil: no step, or nothing is live
	gone    map[string]string // what it takes back; nil: not yet looked for
	back    *back             // of a rollback
	undone  bool              // the build is one that a rollback took away
}

// NotBuiltError says that there is no build to work from, or not the right one.
type NotBuiltError struct {
	Text diag.Text
}

// Error says what is wrong with it and what to do.
func (e *NotBuiltError) Error() string { return e.Text.EN }

// Open reads the build and what is live, and plans. It writes nothing to the target.
func Open(ctx context.Context, opt Options) (*Run, error) {
	opt.defaults()
	r := newRun(opt)
	if err := r.openBuild(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	var err error
	if r.live, err = r.readLive(ctx); err == nil {
		err = r.lookBack(ctx)
	}
	if err == nil {
		err = r.plan(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// lookBack finds out whether the build is one that a rollback has taken away. Its serial says so if it has one.
func (r *Run) lookBack(ctx context.Context) error {
	r.undone = false
	if r.local.Serial > 0 || r.live.manifest == nil || r.live.sum == r.sum {
		return nil
	}
	h, err := readHistory(ctx, r.private)
	if err != nil {
		return err
	}
	h.chain(r.live.sum)
	for i := range h.changes {
		if h.changes[i].back == (output.Sum{}) {
			break
		}
		r.undone = r.undone || h.changes[i].before == r.sum
	}
	return nil
}

func newRun(opt Options) *Run {
	return &Run{opt: opt, site: patient{Store: opt.Target.Site, p: opt.Patience}, private: patient{Store: opt.Target.Private, p: opt.Patience}, now: opt.Now()}
}

func (o *Options) defaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Grace == 0 {
		o.Grace = 7 * 24 * time.Hour
	}
	if o.Life == 0 {
		o.Life = lockLife
	}
	if o.Patience == (Patience{}) {
		o.Patience = usual
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	if o.Waiting == nil {
		o.Waiting = func(string) {}
	}
}

// Close gives the build's folder back.
func (r *Run) Close() error {
	if r.back != nil {
		return os.RemoveAll(r.back.spool)
	}
	if r.lock == nil {
		return nil
	}
	l := r.lock
	r.lock = nil
	return l.Release()
}

// openBuild locks the output folder and reads its manifest.
func (r *Run) openBuild(ctx context.Context) error {
	name := filepath.Join(r.opt.Out, filepath.FromSlash(output.ManifestPath))
	missing := &NotBuiltError{diag.T("没有可以发布的网站："+name+" 不存在。请先运行 zhendi build", "nothing to publish: there is no "+name+": run zhendi build first")}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return missing
	}
	lock, err := output.Acquire(ctx, r.opt.Out, output.Options{As: "publish", Busy: r.opt.Waiting})
	if err != nil {
		return err
	}
	r.lock = lock
	if _, err := os.Stat(filepath.Join(r.opt.Out, output.WorkDir, "journal")); err == nil {
		return &NotBuiltError{diag.T("上一次生成中断了，"+r.opt.Out+" 不完整。请再运行一次 zhendi build", "the last build was cut off and "+r.opt.Out+" is incomplete: run zhendi build again")}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if r.local, err = output.Parse(text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r.text, r.sum = text, sha256.Sum256(text)
	if r.opt.Key != nil {
		r.text = Sign(text, r.opt.Key)
	}
	return nil
}

// file names the file of the build, or of a rollback's spool, that has the bytes of an entry.
func (r *Run) file(e *output.Entry) string {
	if r.back != nil {
		return r.back.file(e.Sum)
	}
	return filepath.Join(r.opt.Out, filepath.FromSlash(e.Path))
}

// allowed reports whether the user has overridden a refusal.
func (r *Run) allowed(word string) bool {
	for _, w := range r.opt.Allow {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
