//go:build linux

package main

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kase is something that happens to a portal. The bucket holds the variant "first", as the same publisher published it; then site is
// published, disturbed or not.
type kase struct {
	name   string
	empty  bool   // the bucket is empty before
	site   string // the variant that is published
	want   string // what should be live in the end; empty: site
	later  bool   // with other headers
	locked bool   // it cannot give back a lock
	again  bool   // afterwards it runs once more, undisturbed: only for publishers that go through mishaps

	prepare func(b *bench) error
	cleanup func(b *bench) error
	mishap  func(b *bench, x *strike) handler
	reader  bool
}

// wanted reports whether the publisher goes through the case, and it was asked for. The first publication always was.
func (c kase) wanted(t tool, which string) bool {
	switch {
	case c.empty:
		return true
	case c.again && !t.full, t.cases != "" && !strings.Contains(t.cases, c.name):
		return false
	case which == "calm", which == "mishaps":
		return c.again == (which == "mishaps")
	}
	return which == "" || strings.Contains(which, c.name)
}

// runCase does it, and looks.
func (b *bench) runCase(ctx context.Context, t tool, c kase) (r result, err error) {
	r = result{Tool: t.name, Case: c.name, Twice: c.again}
	if err := b.begin(c); err != nil {
		return r, err
	}
	want := b.variants[cmp.Or(c.want, c.site)]
	if err := b.disturbed(ctx, t, c, &r); err != nil {
		return r, err
	}
	var cache func(string) string
	if t.cache || c.later {
		cache = headersFor(t, c.later)
	}
	if r.Left, err = b.audit(want, cache); err != nil {
		return r, err
	}
	if c.again {
		if r.Second, err = b.publish(ctx, t, job{site: want, force: r.First.Exit == -1 || c.locked}, &running{}); err != nil {
			return r, err
		}
		r.Second.traffic = b.proxy.reset(nil)
		if r.After, err = b.audit(want, cache); err != nil {
			return r, err
		}
	}
	if c.empty {
		b.lost = r.Left.Foreign
		err = b.gateway.keep("published")
	}
	if c.cleanup != nil {
		err = errors.Join(err, c.cleanup(b))
	}
	return r, err
}

// disturbed publishes while something happens.
func (b *bench) disturbed(ctx context.Context, t tool, c kase, r *result) (err error) {
	site := b.variants[c.site]
	x := &strike{ctx: ctx, tool: t, run: &running{}, rng: rand.New(rand.NewPCG(b.seed, uint64(len(c.name)))),
		puts: differ(b.variants["first"].files, site.files)}
	var disturb handler
	if c.mishap != nil {
		disturb = c.mishap(b, x)
	}
	b.proxy.reset(disturb)
	walk := b.startReader(c.reader)
	r.First, err = b.publish(ctx, t, job{site: site, later: c.later}, x.run)
	x.wait.Wait()
	r.First.traffic = b.proxy.reset(nil)
	r.Reads, r.Faults, r.Late = walk.end()
	r.Other, r.Hit = x.other, x.hit.Load()
	return err
}

// headersFor returns the Cache-Control that files should have.
func headersFor(t tool, later bool) func(string) string {
	if t.cache {
		return cacheOf(later)
	}
	return func(string) string { return "public, max-age=600" }
}

// begin brings the bucket into the state in which the case begins.
func (b *bench) begin(c kase) error {
	if !c.empty {
		if err := b.gateway.restore("published"); err != nil {
			return err
		}
	} else {
		b.lost = 0
		if err := b.gateway.empty(); err != nil {
			return err
		}
		for key, body := range foreign {
			if err := b.gateway.put(key, "text/html", []byte(body)); err != nil {
				return err
			}
		}
	}
	if c.prepare != nil {
		return c.prepare(b)
	}
	return nil
}

func differ(from, to map[string]sum) (n int) {
	for p, s := range to {
		if from[p] != s {
			n++
		}
	}
	return n
}

// Names of cases that others name.
const (
	cutOff   = "a page stored cut off, and the ETag says so"
	rotten   = "a page stored with other bytes, and the ETag does not say so"
	tampered = "a page altered in the bucket, nothing to publish"
)

// cases in the order of the report. The first makes what the others begin with.
var cases = []kase{
	{name: "first publication", empty: true, site: "first"},
	{name: "nothing changed", site: "first"},
	{name: "nothing changed, fresh checkout", site: "first", prepare: touch, cleanup: untouch},
	{name: "an article edited", site: "edited"},
	{name: "an edit of the same size", site: "same size"},
	{name: "an article withdrawn", site: "withdrawn"},
	{name: "an article renamed, with an alias", site: "renamed"},
	{name: "theme changed", site: "theme", reader: true},
	{name: "other Cache-Control for articles", site: "first", later: true},

	{name: "503 for 5 s", site: "release", again: true, mishap: outage},
	{name: "connection reset at the first request", site: "release", again: true, mishap: resetAt(0)},
	{name: "connection reset in the middle", site: "release", again: true, mishap: resetAt(0.5)},
	{name: "connection reset near the end", site: "release", again: true, mishap: resetAt(0.95)},
	{name: "killed early", site: "release", again: true, mishap: killAt(0.02)},
	{name: "killed in the middle", site: "release", again: true, mishap: killAt(0.5)},
	{name: "killed near the end", site: "release", again: true, mishap: killAt(0.95)},
	{name: "credentials expire in the middle", site: "release", again: true, locked: true, mishap: expire},
	{name: "permission denied for the new article", site: "release", again: true, mishap: deny(addedName)},
	{name: "permission denied for the new style", site: "release", again: true, mishap: deny("_assets/site.")},
	{name: cutOff, site: "release", again: true, mishap: spoil(true)},
	{name: rotten, site: "release", again: true, mishap: spoil(false)},
	{name: "an older build starts while the newer is published", site: "release", again: true, mishap: meanwhile("theme")},
	{name: "a newer build starts while the older is published", site: "theme", want: "release", again: true, mishap: meanwhile("release")},
	{name: "a build that lost half its articles", site: "half", want: "first", again: true},
	{name: tampered, site: "first", again: true, prepare: tamper},
}

// touch gives every file of the build a new time, as a checkout and build on another machine does.
func touch(b *bench) error {
	now := time.Now()
	for p := range b.variants["first"].files {
		if err := os.Chtimes(filepath.Join(b.variants["first"].out, p), now, now); err != nil {
			return err
		}
	}
	return nil
}

// untouch gives them their old times back, which later cases begin with.
func untouch(b *bench) error { return b.variants["first"].stamp(0) }
