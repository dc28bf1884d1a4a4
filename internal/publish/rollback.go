package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// ErrMoved says that somebody has published between the plan of a rollback and its lock.
var ErrMoved = errors.New("somebody has published meanwhile, nothing was changed: look at what is live, then go back again")

// Past is a site that was live, or is.
type Past struct {
	Name   string    `json:"to"`     // what --to takes: the serial, and the start of the manifest's hash where sites share one
	Serial int64     `json:"serial"` //
	Live   bool      `json:"live"`
	Back   string    `json:"rollback,omitempty"` // it was a rollback to this one
	At     time.Time `json:"published"`          // when it went live
	Other  int       `json:"otherFiles"`         // files that the next one has otherwise
	Gone   int       `json:"removedFiles"`       // that the next one does not have
	Come   int       `json:"newFiles"`           // that only the next one has
	sum    output.Sum
	at     int // the change whose older site it is; -1: what is live
}

// Stay is a file that a rollback leaves as it is live, or away, and why.
type Stay struct {
	Path    string  `json:"path"`
	Why     StayFor `json:"why"`
	Because string  `json:"because,omitempty"` // the other file
}

// StayFor is a reason to leave a file as it is.
type StayFor string

// The reasons.
const (
	StayTaken  StayFor = "withdrawn" // it was taken back since
	StayNames  StayFor = "names"     // its older bytes name a file that was taken back since
	StayLeads  StayFor = "leads"     // its older bytes lead to a file that is not there any more
	StayNeeded StayFor = "needed"    // a page that stays leads to it
)

// back is what a run knows that is a rollback. Its plan is made from a manifest of its own; its files are read into a folder, the spool,
// where each is named by its hash, before anything is changed.
type back struct {
	history *history
	sum     output.Sum // of the manifest gone back to
	spool   string
	alive   map[output.Sum]string // bytes that are live, with a file that has them
	lacking []string              // files whose bytes are nowhere to be had
}

func (b *back) file(sum output.Sum) string { return filepath.Join(b.spool, hex.EncodeToString(sum[:])) }

// Pasts lists what can be gone back to, the newest first, beginning with what is live.
func Pasts(ctx context.Context, opt Options) ([]Past, error) {
	opt.defaults()
	r := newRun(opt)
	r.live = &live{}
	if err := r.live.readManifest(ctx, r.site, nil); err != nil {
		return nil, err
	}
	h, err := readHistory(ctx, r.private)
	if err != nil || r.live.manifest == nil {
		return nil, err
	}
	h.chain(r.live.sum)
	return r.pasts(h), nil
}

func (r *Run) pasts(h *history) []Past {
	all := []Past{{Serial: r.live.manifest.Serial, Live: true, At: r.now.Add(-r.live.since), sum: r.live.sum, at: -1}}
	for i := range h.changes {
		c := &h.changes[i]
		p := Past{Serial: c.old.Serial, At: time.Unix(c.since, 0), sum: c.before, at: i, Come: len(c.added)}
		p.Other, p.Gone = c.other, len(c.old.Files)-c.other
		all = append(all, p)
	}
	count := map[int64]int{}
	for i := range all {
		count[all[i].Serial]++
	}
	for i := range all {
		p := &all[i]
		p.Name = strconv.FormatInt(p.Serial, 10)
		if count[p.Serial] > 1 {
			p.Name += "-" + hex.EncodeToString(p.sum[:4])
		}
	}
	for i := range h.changes {
		if k := slices.IndexFunc(all, func(p Past) bool { return p.sum == h.changes[i].back }); k >= 0 {
			all[i].Back = all[k].Name
		}
	}
	return all
}

// OpenRollback plans to bring back what was live before: the site that to names as Pasts does, or, if it is empty, the
// one before what is live. It writes nothing to the target.
func OpenRollback(ctx context.Context, opt Options, to string) (*Run, error) {
	opt.defaults()
	r := newRun(opt)
	spool, err := os.MkdirTemp("", "zhendi-rollback-")
	if err != nil {
		return nil, err
	}
	r.back = &back{spool: spool}
	if err = r.goBack(ctx, to); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Run) goBack(ctx context.Context, to string) (err error) {
	if r.live, err = r.readLive(ctx); err != nil {
		return err
	}
	if r.live.manifest == nil {
		return &NotBuiltError{diag.T("线上没有可用的清单，无从退回。请生成后发布", "there is no usable manifest to go back from: build and publish")}
	}
	h, err := readHistory(ctx, r.private)
	if err != nil {
		return err
	}
	h.chain(r.live.sum)
	r.back.history, r.back.alive = h, sums(r.live.manifest)
	target, err := r.choose(to)
	if err != nil {
		return err
	}
	m, text := r.live.manifest, []byte(nil)
	if target.at >= 0 {
		if m, text, err = h.state(r.live.manifest, target.at); err != nil {
			return err
		}
	}
	r.back.sum = target.sum
	if err := r.proved(target, text); err != nil {
		return err
	}
	stays, err := r.merge(ctx, m, target.at)
	if err != nil {
		return err
	}
	if err := r.plan(ctx); err != nil {
		return err
	}
	r.Plan.To, r.Plan.Stays = target.Name, stays
	return r.fill(ctx)
}

// choose finds the site to go back to.
func (r *Run) choose(to string) (Past, error) {
	all := r.pasts(r.back.history)
	if to == "" {
		if i := r.before(); i >= 0 {
			return all[i], nil
		}
		return Past{}, &NotBuiltError{diag.T("没有可以退回的版本：发布历史里没有比线上更早的", "there is nothing to go back to: the history has nothing older than what is live")}
	}
	var found []Past
	names := ""
	for _, p := range all {
		if p.Name == to || strconv.FormatInt(p.Serial, 10) == to || fmt.Sprintf("%d-%x", p.Serial, p.sum[:4]) == to {
			found = append(found, p)
		}
		names += " " + p.Name
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Past{}, &NotBuiltError{diag.T("发布历史里没有 "+to+"。可以退回到："+names, "the history has no "+to+"; it has:"+names)}
	}
	return Past{}, &NotBuiltError{diag.T("序号 "+to+" 发布过不止一次，请写全："+names, "serial "+to+" was published more than once; name one in full:"+names)}
}

// before returns the index among the pasts of the site before what is live; -1 if there is none. What a rollback brought back counts as
// what it was, so that a second rollback goes further back; one that was cut off is completed first.
func (r *Run) before() int {
	c := r.back.history.changes
	k := 0
	for k < len(c) && c[k].back != (output.Sum{}) {
		i := slices.IndexFunc(c, func(x change) bool { return x.before == c[k].back })
		if k == 0 && len(r.live.journals) > 0 {
			return i + 1
		}
		if i < 0 { // forgotten, and with it all that is older
			return -1
		}
		k = i + 1
	}
	if k >= len(c) {
		return -1
	}
	return k + 1
}

// proved makes sure, where manifests are signed, that the live one and the one gone back to were signed with the same key, and that the new one can be.
func (r *Run) proved(target Past, text []byte) error {
	if r.live.signature == nil && r.opt.Target.Public == nil {
		return nil
	}
	if text, fix, wrong := r.opt.wrongKey(); wrong {
		return &NotBuiltError{diag.T(text.ZH+"。"+fix.ZH, text.EN+". "+fix.EN)}
	}
	if r.opt.Key == nil {
		return &NotBuiltError{diag.T("线上的清单有签名，退回也要签名：请设置 ZHENDI_SIGN_KEY 或 ZHENDI_SIGN_KEY_FILE", "the live manifest is signed, and a rollback must be, too: set ZHENDI_SIGN_KEY or ZHENDI_SIGN_KEY_FILE")}
	}
	if target.at < 0 {
		return nil
	}
	if !r.live.signed { // what stays would be signed anew with what somebody made of it
		return &NotBuiltError{diag.T("线上的清单没有用这把密钥签过名，或被人改过，不能从它退回。请用 zhendi verify --full --repair 修复，或检出要退回的那次提交，生成后发布",
			"the live manifest was not signed with this key, or somebody has altered it, and cannot be gone back from: mend it with zhendi verify --full --repair, or check out the commit to go back to, build and publish")}
	}
	_, sig := cutSignature([]byte(signatureMark + r.back.history.changes[target.at].sig + "\n"))
	if !sig.by(r.opt.Key, text) {
		return &NotBuiltError{diag.T("版本 "+target.Name+" 没有用这把密钥签过名，不能证明它是本网站发布的。请检出那次提交，生成后发布",
			target.Name+" was not signed with this key, so that nothing proves it is ours: check that commit out, build and publish")}
	}
	return nil
}

// counter is the serial below which serials are taken for numbers that a machine counts, not for times.
const counter = 1_000_000_000

// nextSerial is higher than that of what is live; where serials are times, builds of commits before the rollback are refused as older.
func (r *Run) nextSerial() int64 {
	n := r.live.serial() + 1
	if n > counter {
		n = max(n, r.now.Unix())
	}
	return n
}

// merge makes the manifest that will be live: that of the older site but for the files that stay. If nothing differs it is the live one.
func (r *Run) merge(ctx context.Context, older *output.Manifest, at int) ([]Stay, error) {
	m := &merging{Run: r, older: older, taken: map[string]bool{}, fates: map[string]*fate{}}
	m.differ(at)
	if err := m.settle(ctx); err != nil {
		return nil, err
	}
	r.local = m.result()
	if slices.EqualFunc(r.local.Files, r.live.manifest.Files, func(a, b output.Entry) bool { return equal(&a, &b) }) {
		r.local = r.live.manifest
	} else {
		r.local.Serial = r.nextSerial()
	}
	var text bytes.Buffer
	if err := r.local.Write(&text); err != nil {
		return nil, err
	}
	r.text, r.sum = text.Bytes(), sha256.Sum256(text.Bytes())
	if r.opt.Key != nil {
		r.text = Sign(r.text, r.opt.Key)
	}
	return m.stays(), nil
}

// fill reads all bytes that the plan sends into the spool.
func (r *Run) fill(ctx context.Context) error {
	need := map[output.Sum]*output.Entry{}
	for i := range r.Plan.Steps {
		if s := &r.Plan.Steps[i]; s.Do == Upload {
			need[s.want.file.Sum] = s.want.file
		}
	}
	list := slices.Collect(maps.Values(need))
	var mu sync.Mutex
	err := parallel(ctx, len(list), workers, func(ctx context.Context, i int) error {
		ok, err := r.fetch(ctx, list[i])
		if err == nil && !ok {
			mu.Lock()
			defer mu.Unlock()
			r.back.lacking = append(r.back.lacking, list[i].Path)
		}
		return err
	})
	if n := len(r.back.lacking); n > 0 && err == nil {
		slices.Sort(r.back.lacking)
		r.back.lacking = slices.Compact(r.back.lacking)
		n = len(r.back.lacking)
		r.refusal("", fmt.Sprintf("%d 个文件的副本缺失或被改动过", n), fmt.Sprintf("the copies of %d files are missing or altered", n),
			"换一个版本，或检出那次提交，生成后发布", "go back to another, or check that commit out, build and publish", r.back.lacking)
	}
	return err
}

// fetch brings the bytes of an entry into the spool, from where they are live or from their copy; false if neither has them.
func (r *Run) fetch(ctx context.Context, e *output.Entry) (bool, error) {
	if _, err := os.Stat(r.file(e)); err == nil {
		return true, nil
	}
	for _, from := range []struct {
		store patient
		key   string
	}{{r.site, r.back.alive[e.Sum]}, {r.private, copyKey(e.Sum)}} {
		if from.key == "" {
			continue
		}
		f, err := os.CreateTemp(r.back.spool, "half-")
		if err != nil {
			return false, err
		}
		err = from.store.spool(ctx, from.key, e, f)
		if cerr := f.Close(); err == nil && cerr == nil {
			return true, os.Rename(f.Name(), r.file(e))
		} else if err == nil {
			err = cerr
		}
		os.Remove(f.Name())
		if !errors.Is(err, errAltered) && !errors.Is(err, errNotFound) {
			return false, err
		}
	}
	return false, nil
}
