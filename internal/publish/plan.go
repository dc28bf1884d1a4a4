package publish

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/output"
)

// Action is what a step does.
type Action string

// The actions.
const (
	Upload Action = "upload"
	Delete Action = "delete"
	Retire Action = "retire" // an asset that no page refers to any more: kept for the period of grace
)

// Reason says why.
type Reason string

// The reasons.
const (
	New     Reason = "new"
	Changed Reason = "changed"
	Header  Reason = "headers" // the same bytes with other headers
	Missing Reason = "missing" // an interrupted run did not send it, or somebody removed it
	Gone    Reason = "gone"    // not in the build
	Expired Reason = "expired" // an old asset after the period of grace
)

// Step is one object and what is done with it.
type Step struct {
	Path   string `json:"path"`
	Do     Action `json:"do"`
	Why    Reason `json:"why"`
	Class  string `json:"class"`
	Size   int64  `json:"size"`
	want   *want
	record record
	class  output.Class
	fresh  bool // nothing is there yet
}

// Plan is what a run will do.
type Plan struct {
	Target   string    `json:"target"`
	Live     int64     `json:"live"`   // serial of what is live
	Serial   int64     `json:"serial"` // and of what comes
	Files    int       `json:"files"`  // of the build
	Steps    []Step    `json:"steps"`
	Manifest bool      `json:"manifest"` // the manifest is replaced
	Resumes  bool      `json:"resumes"`  // a run before was cut off
	Refusals []Refusal `json:"refusals"`

	To    string `json:"to,omitempty"`    // of a rollback: what is gone back to, by its name among the pasts
	Stays []Stay `json:"stays,omitempty"` // and what is left as it is

	wants   []want
	kept    []record // unchanged objects, with what the inventory will say of them
	foreign []string
}

// Empty reports whether there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Steps) == 0 && !p.Manifest && !p.Resumes }

// Count returns how many steps do a thing and how many bytes they send.
func (p *Plan) Count(do Action) (n int, size int64) {
	for i := range p.Steps {
		if p.Steps[i].Do == do {
			n++
			size += p.Steps[i].Size
		}
	}
	return n, size
}

// plan compares the build with what is live.
func (r *Run) plan(ctx context.Context) error {
	p := Plan{Target: r.opt.Target.Name, Live: r.live.serial(), Serial: r.serial(), Files: len(r.local.Files), Resumes: len(r.live.journals) > 0}
	p.wants = r.wants()
	r.change, r.gone = nil, nil
	if r.live.manifest != nil && r.live.sum != r.sum {
		c := difference(r.live.manifest, r.local)
		r.change = &c
	}
	asks, err := r.compare(ctx, &p)
	if err != nil {
		return err
	}
	if err := r.ask(ctx, &p, asks); err != nil {
		return err
	}
	slices.SortFunc(p.Steps, order)
	p.Manifest = r.live.manifest == nil || r.live.sum != r.sum || r.opt.Key != nil && !r.live.signed
	r.Plan = p
	r.refuse()
	return nil
}

// serial is that of the build; one that has none counts as made now.
func (r *Run) serial() int64 {
	if r.local.Serial > 0 {
		return r.local.Serial
	}
	return max(r.now.Unix(), r.live.serial())
}

// wants lists every object the site consists of, but the manifest, sorted by key.
func (r *Run) wants() []want {
	out := make([]want, 0, len(r.local.Files))
	prints := map[Headers]*printed{}
	add := func(e *output.Entry, ending, encoding string) {
		h := headersOf(e, encoding)
		if prints[h] == nil {
			prints[h] = &printed{h, h.fingerprint()}
		}
		out = append(out, want{key: e.Path + ending, file: e, headers: prints[h], encoding: encoding})
	}
	sorted := true
	for i := range r.local.Files {
		e := &r.local.Files[i]
		add(e, "", "")
		if !r.opt.Target.Compress || !compressible(e) {
			continue
		}
		for _, c := range encodings {
			if _, taken := r.local.Find(e.Path + c.ending); !taken {
				add(e, c.ending, c.name)
				sorted = false
			}
		}
	}
	if !sorted {
		slices.SortFunc(out, func(a, b want) int { return strings.Compare(a.key, b.key) })
	}
	return out
}

// compare goes through what is wanted and what the inventory has, both sorted, and returns the indices of those wants about
// which the store must be asked.
func (r *Run) compare(ctx context.Context, p *Plan) (asks []int, err error) {
	old := r.live.inventory.records
	p.kept = make([]record, 0, len(old))
	sent := map[*output.Entry]bool{} // files whose compressed copies must be sent, too
	for i := range p.wants {
		w := &p.wants[i]
		for len(old) > 0 && old[0].key < w.key {
			r.leave(p, old[0])
			old = old[1:]
		}
		_, pending := r.live.pending[w.key]
		if len(old) == 0 || old[0].key != w.key {
			asks = append(asks, i)
			sent[w.file] = true
			continue
		}
		rec := old[0]
		old = old[1:]
		switch {
		case pending:
			asks = append(asks, i)
			sent[w.file] = true
		case w.encoding == "" && rec.sum != w.file.Sum:
			p.upload(w, Changed)
			sent[w.file] = true
		case w.encoding != "" && sent[w.file]:
			p.upload(w, Changed)
		case rec.headers != w.headers.print:
			p.upload(w, Header)
		default:
			rec.retired, rec.class = 0, w.file.Class
			p.kept = append(p.kept, rec)
		}
	}
	for _, rec := range old {
		r.leave(p, rec)
	}
	for key, rec := range r.live.pending { // sent by a run that was cut off, for a build that is not this one
		_, known := r.live.inventory.find(key)
		if _, wanted := slices.BinarySearchFunc(p.wants, key, func(w want, k string) int { return strings.Compare(w.key, k) }); !wanted && !known {
			r.leave(p, rec)
		}
	}
	return asks, r.takePictures(ctx, p)
}

// takePictures lets the narrower versions of pictures that nothing refers to go at once, without a period of grace, when articles are taken back.
func (r *Run) takePictures(ctx context.Context, p *Plan) error {
	retired := func(s Step) bool { return s.Do == Retire && strings.HasPrefix(s.Path, scaled) }
	waiting := func(rec record) bool { return rec.retired != 0 && strings.HasPrefix(rec.key, scaled) }
	if !slices.ContainsFunc(p.Steps, retired) && !slices.ContainsFunc(p.kept, waiting) {
		return nil
	}
	gone, err := r.takenBack(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; retired(*s) {
			s.Do, s.record.retired = Delete, 0
		}
	}
	for _, rec := range p.kept {
		if waiting(rec) {
			p.Steps = append(p.Steps, Step{Path: rec.key, Do: Delete, Why: Gone, Class: rec.class.String(), record: rec, class: rec.class})
		}
	}
	p.kept = slices.DeleteFunc(p.kept, waiting)
	return nil
}

func (p *Plan) upload(w *want, why Reason) {
	p.Steps = append(p.Steps, Step{Path: w.key, Do: Upload, Why: why, Class: w.file.Class.String(), Size: w.file.Size, want: w, class: w.file.Class, fresh: why == New})
}

// leave plans for an object that the build does not have.
func (r *Run) leave(p *Plan, rec record) {
	s := Step{Path: rec.key, Do: Delete, Why: Gone, Class: rec.class.String(), record: rec, class: rec.class}
	if rec.class == output.Asset {
		switch {
		case rec.retired == 0:
			s.Do, s.record.retired = Retire, r.now.Unix()
		case r.now.Unix()-rec.retired < int64(r.opt.Grace.Seconds()):
			p.kept = append(p.kept, rec)
			return
		default:
			s.Why = Expired
		}
	}
	p.Steps = append(p.Steps, s)
}

// order puts steps as they are carried out: what is new, by class, to which nothing leads yet; what has changed, by class; then what
// goes, in the reverse order.
func order(a, b Step) int {
	rank := func(s *Step) int {
		n := int(s.class)
		if s.Do != Upload {
			return 1000 - n
		}
		if !s.fresh {
			n += 100
		}
		return n
	}
	return cmp.Or(cmp.Compare(rank(&a), rank(&b)), strings.Compare(a.Path, b.Path))
}

// ask learns what stands where new objects must go, by a request for each or by listing all.
func (r *Run) ask(ctx context.Context, p *Plan, asks []int) error {
	if len(asks) > 20+len(r.live.inventory.records)/1000 {
		there := map[string]bool{}
		if err := r.site.all(ctx, "", func(i Info) { there[i.Key] = true }); err != nil {
			return err
		}
		asks = slices.DeleteFunc(asks, func(i int) bool {
			if w := &p.wants[i]; !there[w.key] {
				p.upload(w, r.absent(w.key))
				return true
			}
			return false
		})
	}
	var mu sync.Mutex
	return parallel(ctx, len(asks), workers, func(ctx context.Context, n int) error {
		w := &p.wants[asks[n]]
		info, err := r.site.Head(ctx, w.key)
		if err != nil && !errors.Is(err, errNotFound) {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		r.answered(p, w, info, err == nil)
		return nil
	})
}

// absent says why a key that is not in the store is uploaded.
func (r *Run) absent(key string) Reason {
	if r.live.has(key) {
		return Missing
	}
	return New
}

// answered plans for a key about which the store was asked.
func (r *Run) answered(p *Plan, w *want, info Info, there bool) {
	_, pending := r.live.pending[w.key]
	_, known := r.live.inventory.find(w.key)
	same := info.Sum == hex.EncodeToString(w.file.Sum[:]) && w.encoding == ""
	headless := info.Headers == Headers{}
	switch {
	case !there:
		p.upload(w, r.absent(w.key))
	case same && (headless || w.headers.same(info.Headers)) && w.file.Class != output.Redirect:
		p.kept = append(p.kept, record{key: w.key, sum: w.file.Sum, etag: info.ETag, headers: w.headers.print, size: w.file.Size, class: w.file.Class})
	case same && !pending && !known && headless: // a folder: somebody put the very file there
		p.kept = append(p.kept, record{key: w.key, sum: w.file.Sum, etag: info.ETag, headers: w.headers.print, size: w.file.Size, class: w.file.Class})
	case !pending && !known && !info.Ours && !r.live.has(w.key):
		p.foreign = append(p.foreign, w.key)
		p.upload(w, Changed)
	case same:
		p.upload(w, Header)
	default:
		p.upload(w, Changed)
	}
}

// parallel calls do for 0 to n-1 on several goroutines and returns the first error, after which no call begins.
func parallel(ctx context.Context, n, most int, do func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next int
	)
	for range min(n, most) {
		wg.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
