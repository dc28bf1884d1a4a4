package publish

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zhendi/internal/output"
)

// Names below the private prefix.
const (
	inventoryKey = "inventory"
	journalDir   = "journal/"
	lockDir      = "lock/"
	receiptsDir  = "receipts/"
	historyKey   = "history"
	copiesDir    = "copies/"
)

// live is what the store says of itself.
type live struct {
	manifest      *output.Manifest // nil: nothing is published
	sum           output.Sum       // of its text, without the signature
	signed        bool             // by the key of this run
	signature     signature        // of whoever; nil: it is not signed
	since         time.Duration    // how long it has been live
	etag          string           // of the manifest
	inventory     *inventory
	inventoryETag string
	journals      []string          // keys
	pending       map[string]record // what cut off runs were going to send: the store must be asked
}

// still reports whether nothing has changed in the store since l was read.
func (r *Run) still(ctx context.Context, l *live) (bool, error) {
	var journals []string
	if err := r.private.all(ctx, journalDir, func(i Info) { journals = append(journals, i.Key) }); err != nil || !slices.Equal(journals, l.journals) {
		return false, err
	}
	for _, o := range []struct {
		store patient
		key   string
		etag  string
	}{{r.site, output.ManifestPath, l.etag}, {r.private, inventoryKey, l.inventoryETag}} {
		info, err := o.store.Head(ctx, o.key)
		if err != nil && !errors.Is(err, errNotFound) || info.ETag != o.etag {
			return false, err
		}
	}
	return true, nil
}

// readLive reads manifest, inventory and journals.
func (r *Run) readLive(ctx context.Context) (*live, error) {
	l := &live{inventory: &inventory{}, pending: map[string]record{}}
	if err := l.readManifest(ctx, r.site, r.opt.Key); err != nil {
		return nil, err
	}
	err := r.private.all(ctx, journalDir, func(i Info) { l.journals = append(l.journals, i.Key) })
	if err != nil {
		return nil, err
	}
	if err := l.readInventory(ctx, r.private, r.opt.Target.Compress); err != nil {
		return nil, err
	}
	for _, key := range l.journals {
		if err := l.readJournal(ctx, r.private, key); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// readInventory reads the inventory. Where there is none, or none that can be read, or none that a manifest goes with, the store is asked for every
// file.
func (l *live) readInventory(ctx context.Context, private patient, copies bool) error {
	packed, info, err := private.read(ctx, inventoryKey)
	if err != nil && !errors.Is(err, errNotFound) {
		return err
	}
	l.inventoryETag = info.ETag
	led, derr := decodeInventory(packed)
	if err != nil || derr != nil {
		for _, e := range l.files() {
			l.pending[e.Path] = record{key: e.Path, sum: e.Sum, size: e.Size, class: e.Class}
			if copies && compressible(&e) {
				for _, c := range encodings {
					l.pending[e.Path+c.ending] = record{key: e.Path + c.ending, class: e.Class}
				}
			}
		}
		return nil
	}
	l.inventory = led
	if l.manifest == nil {
		for _, rec := range led.records {
			l.pending[rec.key] = rec
		}
	}
	return nil
}

func (l *live) readManifest(ctx context.Context, site patient, key ed25519.PrivateKey) error {
	text, info, err := site.read(ctx, output.ManifestPath)
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l.etag, l.since = info.ETag, info.Age
	text, sig := cutSignature(text)
	l.signature = sig
	l.sum, l.signed = sha256.Sum256(text), key != nil && sig.by(key, text)
	if l.manifest, err = output.Parse(text); err != nil {
		l.manifest = nil // damaged: as if it were lost, so that nobody can stop a publication by writing nonsense there
		if magic, _, _ := strings.Cut(string(text[:min(len(text), 40)]), "\n"); strings.HasPrefix(magic, "# zhendi manifest ") && magic != "# zhendi manifest 1" {
			return fmt.Errorf("%s in %s is of a newer zhendi: %w", output.ManifestPath, site, err)
		}
	}
	return nil
}

func (l *live) readJournal(ctx context.Context, private patient, key string) error {
	packed, _, err := private.read(ctx, key)
	if errors.Is(err, errNotFound) { // its run has ended meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	j, err := decodeInventory(packed)
	if err != nil {
		return fmt.Errorf("%s below the private prefix: %w: remove it, then look with verify", key, err)
	}
	for _, rec := range j.records {
		l.pending[rec.key] = rec
	}
	return nil
}

func (l *live) files() []output.Entry {
	if l.manifest == nil {
		return nil
	}
	return l.manifest.Files
}

// serial returns that of the last publication.
func (l *live) serial() int64 {
	if l.manifest == nil {
		return l.inventory.serial
	}
	return max(l.manifest.Serial, l.inventory.serial)
}

// has reports whether key is a file of the live site.
func (l *live) has(key string) bool {
	if l.manifest == nil {
		return false
	}
	_, ok := l.manifest.Find(key)
	return ok
}

// kept reports whether a key is somebody else's by the settings, or the counts of views.
func (t *Target) kept(key string) bool {
	if i := strings.Index(key, viewsDir); i == 0 || i > 0 && key[i-1] == '/' {
		return true
	}
	return slices.ContainsFunc(t.Keep, func(k string) bool { return key == k || strings.HasSuffix(k, "/") && strings.HasPrefix(key, k) })
}

// viewsDir is where counts of views are; zhendi views writes it.
const viewsDir = "_views/"
