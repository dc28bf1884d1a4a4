package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// Repair sends the files that a report names again, from a build that is the one which is live, and removes nothing: what was
// added may be somebody's. It takes the lock as a publication does.
func Repair(ctx context.Context, opt Options, rep *Report) (err error) {
	opt.defaults()
	r := newRun(opt)
	if err := r.openBuild(ctx); err != nil {
		return errors.Join(err, r.Close())
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if rep.manifest == nil || !sameFiles(r.local, rep.manifest) {
		return &NotBuiltError{diag.T(
			fmt.Sprintf("%s 里的网站（序号 %d，文件 %d 个）不是线上的那一个（序号 %d，文件 %d 个）。请生成那次提交，或发布这一个", opt.Out, r.local.Serial, len(r.local.Files), rep.Serial, rep.Files),
			fmt.Sprintf("the build in %s (serial %d, %d files) is not the one that is live (serial %d, %d files): build that commit, or publish this one",
				opt.Out, r.local.Serial, len(r.local.Files), rep.Serial, rep.Files))}
	}
	manifest := func(f Finding) bool { return f.Path == output.ManifestPath }
	if text, fix, wrong := opt.wrongKey(); wrong && slices.ContainsFunc(rep.Findings, manifest) {
		return &NotBuiltError{diag.T(text.ZH+"。"+fix.ZH, text.EN+". "+fix.EN)}
	}
	c, err := take(ctx, r.private, &r.opt, rep.Serial)
	if err != nil {
		return err
	}
	w := newWork(r, c)
	err = w.mend(ctx, rep)
	return errors.Join(err, c.release(ctx))
}

// mend writes objects anew and corrects the inventory.
func (w *work) mend(ctx context.Context, rep *Report) (err error) {
	if w.live, err = w.readLive(ctx); err != nil {
		return err
	}
	if rep.etags != [2]string{w.live.etag, w.live.inventoryETag} {
		return &NotBuiltError{diag.T("核对之后又有人发布过，没有修复。请再核对一次", "somebody has published since the verification, and nothing was repaired: verify again")}
	}
	broken := map[string]bool{}
	for _, f := range rep.Findings {
		broken[f.Path] = f.Fault != IsAdded
	}
	wants := w.wants()
	wants = slices.DeleteFunc(wants, func(x want) bool { return !broken[x.key] })
	w.Plan.Serial = max(rep.Serial, w.live.serial())
	for i := range wants {
		w.Plan.upload(&wants[i], Changed)
	}
	slices.SortFunc(w.Plan.Steps, order)
	if err := w.writeJournal(ctx); err != nil {
		return err
	}
	if err := w.uploads(ctx); err != nil {
		return err
	}
	if broken[output.ManifestPath] {
		if _, err := w.site.Put(ctx, small(output.ManifestPath, w.text, output.MediaType(output.ManifestPath)), Cond{}); err != nil {
			return err
		}
		rep.Repaired = append(rep.Repaired, output.ManifestPath)
	}
	for _, rec := range w.records {
		rep.Repaired = append(rep.Repaired, rec.key)
	}
	slices.Sort(rep.Repaired)
	return w.mended(ctx)
}

// mended writes the inventory with the new records in place of the old. Older journals stay: they are the next publication's.
func (w *work) mended(ctx context.Context) error {
	now := map[string]bool{}
	for _, rec := range w.records {
		now[rec.key] = true
	}
	l := &inventory{serial: w.live.inventory.serial, records: slices.Clone(w.records)}
	for _, rec := range w.live.inventory.records {
		if !now[rec.key] {
			l.records = append(l.records, rec)
		}
	}
	l.sort()
	packed, err := l.encode()
	if err != nil {
		return err
	}
	if err := w.replace(ctx, w.private, small(inventoryKey, packed, "application/gzip"), w.live.inventoryETag); err != nil {
		return err
	}
	return w.private.Delete(ctx, w.journal)
}

func sameFiles(a, b *output.Manifest) bool {
	return slices.EqualFunc(a.Files, b.Files, func(x, y output.Entry) bool { return x.Path == y.Path && x.Sum == y.Sum })
}
