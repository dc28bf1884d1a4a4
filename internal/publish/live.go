package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zhendi/internal/output"
)

// Names below the private prefix.
const (
	ledgerKey   = "ledger"
	journalDir  = "journal/"
	lockDir     = "lock/"
	receiptsDir = "receipts/"
)

// live is what the store says of itself.
type live struct {
	manifest   *output.Manifest // nil: nothing is published
	text       []byte           // of the manifest, without its signature
	signed     signature        // of the manifest
	etag       string           // of the manifest
	ledger     *ledger
	ledgerETag string
	journals   []string          // keys
	pending    map[string]record // what cut off runs were going to send: the store must be asked
}

// same reports whether nothing has changed in the store since other was read.
func (l *live) same(other *live) bool {
	return l.etag == other.etag && l.ledgerETag == other.ledgerETag && slices.Equal(l.journals, other.journals)
}

// readLive reads manifest, ledger and journals.
func (r *Run) readLive(ctx context.Context) (*live, error) {
	l := &live{ledger: &ledger{}, pending: map[string]record{}}
	if err := l.readManifest(ctx, r.site); err != nil {
		return nil, err
	}
	err := r.private.all(ctx, journalDir, func(i Info) { l.journals = append(l.journals, i.Key) })
	if err != nil {
		return nil, err
	}
	packed, info, err := r.private.read(ctx, ledgerKey)
	switch {
	case errors.Is(err, errNotFound): // the first time, or lost: then the store is asked for every file
		for _, e := range l.files() {
			l.pending[e.Path] = record{key: e.Path, sum: e.Sum, size: e.Size, class: e.Class}
		}
	case err != nil:
		return nil, err
	default:
		if l.ledger, err = decodeLedger(packed); err != nil {
			return nil, err
		}
		l.ledgerETag = info.ETag
		if l.manifest == nil { // somebody took it away, and who knows what else
			for _, rec := range l.ledger.records {
				l.pending[rec.key] = rec
			}
		}
	}
	for _, key := range l.journals {
		if err := l.readJournal(ctx, r.private, key); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *live) readManifest(ctx context.Context, site patient) error {
	text, info, err := site.read(ctx, output.ManifestPath)
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l.etag = info.ETag
	l.text, l.signed = cutSignature(text)
	if l.manifest, err = output.Parse(l.text); err != nil {
		return fmt.Errorf("%s in %s: %w", output.ManifestPath, site, err)
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
	j, err := decodeLedger(packed)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
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
		return l.ledger.serial
	}
	return max(l.manifest.Serial, l.ledger.serial)
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
