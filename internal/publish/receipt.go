package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhendi/internal/output"
)

// Receipt says what a run did, for people and for the purging of a CDN.
type Receipt struct {
	Target  string   `json:"target"`
	Serial  int64    `json:"serial"`
	Before  int64    `json:"before"`       // serial of what was live before
	To      string   `json:"to,omitempty"` // of a rollback: what was gone back to
	Sent    []Sent   `json:"sent"`         // objects that were written
	Removed []string `json:"removed"`
	Retired []string `json:"retired"` // assets that go after the period of grace

	// Purge lists complete addresses whose bytes have changed or that are gone since the manifest before, in batches of the size that CDNs
	// take in one call. Addresses that are new are not among them, unless a run before was cut off.
	Purge [][]string `json:"purge"`
}

// Sent is an object that was written.
type Sent struct {
	Path   string `json:"path"`
	Why    Reason `json:"why"`
	SHA256 string `json:"sha256"`
	ETag   string `json:"etag,omitempty"`
}

// purgeBatch is how many addresses a CDN takes in one call; the smallest limit known is Alibaba's.
const purgeBatch = 1000

// receipt returns that of the plan; before is what was live.
func (r *Run) receipt(before *output.Manifest) *Receipt {
	rc := &Receipt{Target: r.opt.Target.Name, Serial: r.Plan.Serial, Before: r.Plan.Live, To: r.Plan.To, Sent: []Sent{}, Removed: []string{}, Retired: []string{}, Purge: [][]string{}}
	for i := range r.Plan.Steps {
		switch s := &r.Plan.Steps[i]; s.Do {
		case Delete:
			rc.Removed = append(rc.Removed, s.Path)
		case Retire:
			rc.Retired = append(rc.Retired, s.Path)
		}
	}
	if before != nil && !r.Plan.Empty() {
		rc.Purge = slices.AppendSeq(rc.Purge, slices.Chunk(r.stale(before), purgeBatch))
	}
	return rc
}

// stale lists the addresses that caches have wrong. Assets never change under their names, and caches keep them for a year: of them only
// those are listed that go at once, with an article that was taken back. What a run was going to do that was cut off is listed, too: if its
// manifest is live already, the manifests do not tell.
func (r *Run) stale(before *output.Manifest) (out []string) {
	files, headers := map[string]bool{}, map[string]bool{}
	for i := range r.Plan.Steps {
		s := &r.Plan.Steps[i]
		headers[s.Path] = s.Why == Header
		if s.Do == Delete && s.Why == Gone && s.class == output.Asset {
			files[s.Path] = true
		}
	}
	for _, e := range before.Files {
		now, ok := r.local.Find(e.Path)
		if e.Class != output.Asset && (!ok || now.Sum != e.Sum) || headers[e.Path] {
			files[e.Path] = true
		}
	}
	if len(r.live.journals) > 0 {
		for key, rec := range r.live.pending {
			if (rec.class != output.Asset || strings.HasPrefix(key, scaled)) && !r.compressed(key, before) {
				files[key] = true
			}
		}
	}
	list := slices.Sorted(maps.Keys(files))
	if r.Plan.Manifest {
		list = append(list, output.ManifestPath)
	}
	base := strings.TrimSuffix(r.local.BaseURL, "/")
	for _, file := range list {
		out = append(out, base+Address(file))
	}
	return out
}

// compressed reports whether a key is that of a compressed copy, for which nobody asks by its name.
func (r *Run) compressed(key string, before *output.Manifest) bool {
	_, now := r.local.Find(key)
	_, was := before.Find(key)
	for _, c := range encodings {
		path, copied := strings.CutSuffix(key, c.ending)
		if _, of := r.live.pending[path]; copied && of && !now && !was {
			return true
		}
	}
	return false
}

// receiptsKept is how many receipts stay in the store.
const receiptsKept = 50

// keepReceipt writes the receipt below the private prefix and removes the oldest.
func (w *work) keepReceipt(ctx context.Context, rc *Receipt) error {
	why := map[string]Reason{}
	for i := range w.Plan.Steps {
		if s := &w.Plan.Steps[i]; s.Do == Upload {
			why[s.Path] = s.Why
		}
	}
	for _, rec := range w.records {
		if y, ok := why[rec.key]; ok {
			rc.Sent = append(rc.Sent, Sent{Path: rec.key, Why: y, SHA256: fmt.Sprintf("%x", rec.sum), ETag: rec.etag})
		}
	}
	slices.SortFunc(rc.Sent, func(a, b Sent) int { return strings.Compare(a.Path, b.Path) })
	body, err := json.Marshal(rc)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s%012d-%012d.json", receiptsDir, w.Plan.Serial, w.claim.n)
	if _, err := w.private.Put(ctx, small(key, body, "application/json"), Cond{}); err != nil {
		return err
	}
	var all []string
	if err := w.private.all(ctx, receiptsDir, func(i Info) { all = append(all, i.Key) }); err != nil {
		return err
	}
	for _, old := range all[:max(0, len(all)-receiptsKept)] {
		if err := w.private.Delete(ctx, old); err != nil {
			return err
		}
	}
	return nil
}
