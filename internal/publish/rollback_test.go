package publish

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/output"
)

// numbered is a site that differs from number to number in one article and its style; no article comes or goes.
func numbered(n int) pages {
	p := first().with("b", fmt.Sprint("乙", n))
	p.style = fmt.Sprintf("body{color:#%06x}", n)
	return p
}

// back goes back and returns the plan.
func (p place) back(t testing.TB, to string, at int64) *Plan {
	t.Helper()
	r, _ := job{Place: p, Back: true, To: to, At: at, Force: true}.must(t)
	return &r.Plan
}

// siteIs fails the test if what is live is not a build, but for its manifest.
func siteIs(t testing.TB, p place, out, what string) {
	t.Helper()
	have := contents(t, p.open(t).Site)
	for path, body := range onDisk(t, out) {
		if path != output.ManifestPath && have[path] != body {
			t.Errorf("%s: %s is not as it was", what, path)
		}
	}
	verified(t, p, "")
}

func TestBackToEachSiteInTurn(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		var outs []string
		for n := range 4 {
			outs = append(outs, numbered(n).build(t, int64(10+n)))
			job{Place: p, Out: outs[n]}.must(t)
		}
		for _, n := range []int{2, 0, 3, 1, 1} {
			plan := p.back(t, fmt.Sprint(10+n), 0)
			if len(plan.Stays) > 0 {
				t.Errorf("to %d: %+v", n, plan.Stays)
			}
			siteIs(t, p, outs[n], fmt.Sprint("to ", n))
		}
		_, _, err := job{Place: p, Out: outs[3]}.run(context.Background())
		var re *RefusedError
		if !errors.As(err, &re) || re.Refusals[0].Word != AllowOlder {
			t.Errorf("a build from before the rollback: %v", err)
		}
		next := numbered(9).build(t, 100)
		job{Place: p, Out: next}.must(t)
		verified(t, p, next)
	})
}

// The one before what is live: a rollback counts as what it brought back, so that a second one goes further; one that was cut
// off is completed.
func TestTheOneBefore(t *testing.T) {
	p := bucket(t)
	var outs []string
	for n := range 4 {
		outs = append(outs, numbered(n).build(t, int64(10+n)))
		job{Place: p, Out: outs[n]}.must(t)
	}
	p.back(t, "", 0)
	siteIs(t, p, outs[2], "once")
	x, through := newProxy(t, p)
	x.reset(cutAfterManifest())
	if _, _, err := (job{Place: through, Back: true}).run(context.Background()); err == nil {
		t.Fatal("the fault was not noticed")
	}
	if plan := p.back(t, "", 0); plan.Manifest || !plan.Resumes {
		t.Errorf("after one that was cut off: %+v", plan)
	}
	siteIs(t, p, outs[1], "twice")
	p.back(t, "", 0)
	siteIs(t, p, outs[0], "three times")
	var nb *NotBuiltError
	if _, _, err := (job{Place: p, Back: true}).run(context.Background()); !errors.As(err, &nb) {
		t.Errorf("there is nothing before the first: %v", err)
	}
}

func TestSerialOfARollback(t *testing.T) {
	for _, c := range []struct{ live, now, want int64 }{
		{41, 1_700_000_000, 42},                       // counted by a machine: its next build must not be refused
		{1_600_000_000, 1_700_000_000, 1_700_000_000}, // the time of a commit: builds of commits before now are refused
		{1_700_000_000, 1_600_000_000, 1_700_000_001},
	} {
		p := place{Dir: t.TempDir()}
		job{Place: p, Out: numbered(0).build(t, c.live-1), At: c.now}.must(t)
		job{Place: p, Out: numbered(1).build(t, c.live), At: c.now}.must(t)
		if plan := p.back(t, "", c.now); plan.Serial != c.want {
			t.Errorf("%+v: %d", c, plan.Serial)
		}
	}
}

func TestOneSerialPublishedTwice(t *testing.T) {
	p := place{Dir: t.TempDir()}
	outs := []string{numbered(0).build(t, 7), numbered(1).build(t, 7), numbered(2).build(t, 8)}
	for _, out := range outs {
		job{Place: p, Out: out}.must(t)
	}
	var nb *NotBuiltError
	_, _, err := job{Place: p, Back: true, To: "7"}.run(context.Background())
	if !errors.As(err, &nb) || strings.Count(nb.Text.ZH, " 7-") != 2 {
		t.Fatalf("%v", err)
	}
	names := strings.Fields(nb.Text.EN)
	p.back(t, names[len(names)-1], 0)
	siteIs(t, p, outs[0], "the first of the two")
}

// What is too old or too much is forgotten, copies and all; what is kept is whole.
func TestHistoryIsPruned(t *testing.T) {
	p := place{Dir: t.TempDir()}
	at := int64(1_700_000_000)
	var outs []string
	for n := range historyLength + 2 {
		at += 3600
		outs = append(outs, numbered(n).build(t, at))
		job{Place: p, Out: outs[n], At: at}.must(t)
	}
	names := func() (out []string) {
		opt, err := job{Place: p, At: at}.options()
		if err != nil {
			t.Fatal(err)
		}
		all, err := Pasts(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, past := range all {
			out = append(out, past.Name)
		}
		return out
	}
	count := func() (n int) {
		for key := range contents(t, p.open(t).Private) {
			if strings.HasPrefix(key, copiesDir) {
				n++
			}
		}
		return n
	}
	perSite := len(first().articles) + 1 + 1 + 1 // articles, style, list, home: all name the style
	if n := names(); len(n) != historyLength+1 || count() != historyLength*perSite {
		t.Errorf("%d sites, %d copies, want %d of each", len(n), count(), perSite)
	}
	all := names()
	p.back(t, all[len(all)-1], at)
	siteIs(t, p, outs[1], "the oldest")
	at += (historyDays + 1) * 24 * 3600
	job{Place: p, Out: numbered(100).build(t, at), At: at}.must(t)
	if n := names(); len(n) != 2 || count() != perSite {
		t.Errorf("after a month: %v, %d copies", n, count())
	}
	p.back(t, "", at)
	siteIs(t, p, outs[1], "after a month")
}

// A copy that is missing or altered is named, and nothing is changed.
func TestAlteredCopiesAreRefused(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2)}
		at := int64(1_700_000_000)
		job{Place: p, Out: outs[0], At: at}.must(t)
		m, err := output.Parse([]byte(onDisk(t, outs[0])[output.ManifestPath]))
		if err != nil {
			t.Fatal(err)
		}
		job{Place: p, Out: outs[1], At: at}.must(t)
		at += 8 * 24 * 3600 // the old style goes from the site
		job{Place: p, Out: outs[1], At: at}.must(t)
		tg := p.open(t)
		for _, path := range []string{"yw/2026/b.html", numbered(0).render()[0].Path} { // a text, and what is only sent
			e, _ := m.Find(path)
			if e.Path == "" {
				t.Fatal(path)
			}
			was := contents(t, tg.Private)[copyKey(e.Sum)]
			if was == "" {
				t.Fatalf("%s has no copy", path)
			}
			for _, evil := range []string{"", "篡改" + was} {
				if evil == "" {
					err = tg.Private.Delete(context.Background(), copyKey(e.Sum))
				} else {
					_, err = tg.Private.Put(context.Background(), small(copyKey(e.Sum), []byte(evil), "text/html"), Cond{})
				}
				if err != nil {
					t.Fatal(err)
				}
				before := contents(t, tg.Site)
				_, _, err := job{Place: p, Back: true, At: at}.run(context.Background())
				var re *RefusedError
				if !errors.As(err, &re) || !slices.Equal(re.Refusals[0].Paths, []string{path}) || !maps.Equal(before, contents(t, tg.Site)) {
					t.Errorf("%s: %v", path, err)
				}
			}
			if _, err := tg.Private.Put(context.Background(), small(copyKey(e.Sum), []byte(was), "text/html"), Cond{}); err != nil {
				t.Fatal(err)
			}
		}
		p.back(t, "", at)
		siteIs(t, p, outs[0], "mended")
	})
}

// Records that somebody has damaged or removed cost the way back, and nothing else: copies that nobody knows any more do not stay.
func TestDamagedHistory(t *testing.T) {
	for what, damage := range map[string]func(Target) error{
		"manifest": func(tg Target) error {
			_, err := tg.Site.Put(context.Background(), small(output.ManifestPath, []byte("nonsense"), "text/plain"), Cond{})
			return err
		},
		"history": func(tg Target) error {
			_, err := tg.Private.Put(context.Background(), small(historyKey, []byte("nonsense"), "text/plain"), Cond{})
			return err
		},
		"no history": func(tg Target) error { return tg.Private.Delete(context.Background(), historyKey) },
	} {
		p := place{Dir: t.TempDir()}
		for n := range 3 {
			job{Place: p, Out: numbered(n).build(t, int64(n+1))}.must(t)
		}
		if err := damage(p.open(t)); err != nil {
			t.Fatal(err)
		}
		outs := []string{numbered(3).build(t, 10), numbered(4).build(t, 11)}
		for _, out := range outs {
			job{Place: p, Out: out}.must(t)
		}
		p.back(t, "", 0)
		siteIs(t, p, outs[0], what)
		h, err := readHistory(context.Background(), patient{Store: p.open(t).Private, p: quick})
		if err != nil {
			t.Fatal(err)
		}
		want, live := h.kept(), 0
		for key := range contents(t, p.open(t).Private) {
			if strings.HasPrefix(key, copiesDir) {
				live++
			}
		}
		if live == 0 || live > len(want) {
			t.Errorf("%s: %d copies, of %d that are known", what, live, len(want))
		}
	}
}

// deaf is a store that cannot copy.
type deaf struct{ Store }

func (d deaf) Copy(context.Context, string, string, Store, string) error {
	return &StoreError{Op: "copying", Err: errUnsupported}
}

func TestStoresThatCannotCopy(t *testing.T) {
	p := place{Dir: t.TempDir()}
	outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2)}
	for _, out := range outs {
		opt, err := job{Place: p, Out: out}.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Target.Site = deaf{opt.Target.Site}
		r, err := Open(context.Background(), opt)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Do(context.Background()); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	p.back(t, "", 0)
	siteIs(t, p, outs[0], "from copies that were read and written")
}

func TestRollbackOfASignedSite(t *testing.T) {
	p := place{Dir: t.TempDir()}
	private, public, _, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	outs := []string{numbered(0).build(t, 1), numbered(1).build(t, 2), numbered(2).build(t, 3)}
	run := func(j job, signed bool) error {
		opt, err := j.options()
		if err != nil {
			t.Fatal(err)
		}
		if signed {
			opt.Key = key
		}
		open := func() (*Run, error) { return Open(context.Background(), opt) }
		if j.Back {
			open = func() (*Run, error) { return OpenRollback(context.Background(), opt, j.To) }
		}
		r, err := open()
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = r.Do(context.Background())
		return err
	}
	if err := errors.Join(run(job{Place: p, Out: outs[0]}, false), run(job{Place: p, Out: outs[1]}, true), run(job{Place: p, Out: outs[2]}, true)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, p.open(t).Site)
	for what, err := range map[string]error{
		"without the key":        run(job{Place: p, Back: true}, false),
		"to one without signing": run(job{Place: p, Back: true, To: "1"}, true),
	} {
		var nb *NotBuiltError
		if !errors.As(err, &nb) || !maps.Equal(before, contents(t, p.open(t).Site)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := run(job{Place: p, Back: true}, true); err != nil {
		t.Fatal(err)
	}
	siteIs(t, p, outs[1], "signed")
	tg := p.open(t)
	if tg.Public, err = ParsePublic(public); err != nil {
		t.Fatal(err)
	}
	rep, err := Verify(context.Background(), Verification{Target: &tg, Public: tg.Public, Patience: quick})
	if err != nil || !rep.Signed || len(rep.Findings) > 0 {
		t.Errorf("%+v %v", rep, err)
	}
	// who can write to the store, but has not the key, makes up a past
	h, err := readHistory(context.Background(), patient{Store: tg.Private, p: quick})
	if err != nil {
		t.Fatal(err)
	}
	h.changes[0].sig = h.changes[1].sig
	packed, err := h.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tg.Private.Put(context.Background(), small(historyKey, packed, "application/gzip"), Cond{}); err != nil {
		t.Fatal(err)
	}
	if err := run(job{Place: p, Back: true, To: "3"}, true); err == nil || !strings.Contains(err.Error(), "not signed with this key") {
		t.Errorf("a made-up past: %v", err)
	}
}

// Who can write to the store, but has not the key, alters a page and the live manifest, and the history so that the page would stay: a rollback
// must not sign it.
func TestRollbackDoesNotSignWhatItCannotProve(t *testing.T) {
	p := place{Dir: t.TempDir()}
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	open := func(j job) (*Run, error) {
		opt, err := j.options()
		if err != nil {
			t.Fatal(err)
		}
		opt.Key, opt.Target.Public = key, pub
		if j.Back {
			return OpenRollback(context.Background(), opt, j.To)
		}
		return Open(context.Background(), opt)
	}
	for n := range 2 {
		r, err := open(job{Place: p, Out: numbered(n).build(t, int64(n+1))})
		if err == nil {
			_, err = r.Do(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	tg := p.open(t)
	site, private := patient{Store: tg.Site, p: quick}, patient{Store: tg.Private, p: quick}
	text, sig := cutSignature([]byte(contents(t, tg.Site)[output.ManifestPath]))
	m, err := output.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	const evil, page = "篡改", "yw/2026/b.html"
	i := slices.IndexFunc(m.Files, func(e output.Entry) bool { return e.Path == page })
	m.Files[i].Sum, m.Files[i].Size = sha256.Sum256([]byte(evil)), int64(len(evil))
	var forged bytes.Buffer
	if err := m.Write(&forged); err != nil {
		t.Fatal(err)
	}
	h, err := readHistory(context.Background(), private)
	if err != nil {
		t.Fatal(err)
	}
	h.changes[0].after, h.changes[0].closed[page] = sha256.Sum256(forged.Bytes()), page
	packed, err := h.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []struct {
		store patient
		key   string
		body  []byte
	}{{site, page, []byte(evil)}, {site, output.ManifestPath, []byte(forged.String() + signatureMark + sig.text() + "\n")}, {private, historyKey, packed}} {
		if _, err := o.store.Put(context.Background(), small(o.key, o.body, "text/html"), Cond{}); err != nil {
			t.Fatal(err)
		}
	}
	var nb *NotBuiltError
	if _, err := open(job{Place: p, Back: true}); !errors.As(err, &nb) || !strings.Contains(nb.Text.EN, "the live manifest was not signed with this key") {
		t.Errorf("%v", err)
	}
}

// What must not be known of an article that may stay: it is taken back, then published anew without. Neither the words nor the picture are left
// in the store, and no rollback brings them back.
func TestTakenBackAndPublishedAnew(t *testing.T) {
	p := place{Dir: t.TempDir()}
	w, path := album()
	const secret = "不宜公开"
	w.articles[path].txt += secret
	a := *w.articles[path]
	job{Place: p, Out: w.build(t, 1)}.must(t)
	w.withdraw(path, "")
	job{Place: p, Out: w.build(t, 2), Allow: []string{AllowGone}}.must(t)
	a.picture = false
	w.write(path, &a)
	job{Place: p, Out: w.build(t, 3)}.must(t)
	tg := p.open(t)
	live := contents(t, tg.Site)[path+".html"]
	if live == "" {
		t.Fatal("it was not published anew")
	}
	for _, to := range []string{"3", "1"} {
		p.back(t, to, 0)
		for _, store := range []Store{tg.Site, tg.Private} {
			for key, body := range contents(t, store) {
				if strings.Contains(unpacked(body), secret) || body == fmt.Sprint("png", a.id) || strings.HasPrefix(key, scaled) {
					t.Errorf("after going back to %s: %s in %s", to, key, store)
				}
			}
		}
		if got := contents(t, tg.Site)[path+".html"]; got != live {
			t.Errorf("after going back to %s the page is %q", to, got)
		}
	}
}

// A list names an article that is taken back, and vanishes with it. An older page that leads to this list does not come back, though nobody took
// it back: its link would be dead. What has nothing to do with either does.
func TestPagesThatWouldLeadNowhereStay(t *testing.T) {
	p := place{Dir: t.TempDir()}
	w := newWorld(1)
	paths := slices.Sorted(maps.Keys(w.articles))
	other, leads, taken := paths[0], paths[1], paths[2]
	w.articles[other].tags, w.articles[leads].tags, w.articles[taken].tags = []string{"x"}, []string{"only"}, []string{"only"}
	job{Place: p, Out: w.build(t, 1)}.must(t)
	older := contents(t, p.open(t).Site)
	w.write(other, w.articles[other])
	b := *w.articles[leads]
	b.tags = []string{"x"}
	w.write(leads, &b)
	w.withdraw(taken, "")
	job{Place: p, Out: w.build(t, 2), Allow: []string{AllowGone}}.must(t)
	plan := p.back(t, "1", 0)
	why := map[string]Stay{}
	for _, s := range plan.Stays {
		why[s.Path] = s
	}
	if s := why[leads+".html"]; s.Why != StayLeads || s.Because != "tags/only/index.html" {
		t.Errorf("%+v", plan.Stays)
	}
	if s := why[taken+".html"]; s.Why != StayTaken {
		t.Errorf("%+v", s)
	}
	have := contents(t, p.open(t).Site)
	if _, stays := why[other+".html"]; stays || have[other+".html"] != older[other+".html"] {
		t.Error("what has nothing to do with it is not as it was")
	}
	if wrong := whole(have, have, have); len(wrong) > 0 {
		t.Error(wrong)
	}
}

// A build without a serial counts as made now, but not one that was rolled back: it would be live again by mistake.
func TestWhatWasRolledBackIsNotPublishedAgain(t *testing.T) {
	p := place{Dir: t.TempDir()}
	good, bad := numbered(1).build(t, 0), numbered(2).build(t, 0)
	job{Place: p, Out: good}.must(t)
	job{Place: p, Out: bad}.must(t)
	p.back(t, "", 0)
	siteIs(t, p, good, "gone back")
	_, _, err := job{Place: p, Out: bad}.run(context.Background())
	var re *RefusedError
	if !errors.As(err, &re) || re.Refusals[0].Word != AllowOlder {
		t.Errorf("the build that was rolled back: %v", err)
	}
	siteIs(t, p, good, "refused")

	p = place{Dir: t.TempDir()} // a rollback comes between the plan and the lock
	job{Place: p, Out: good}.must(t)
	opt, err := job{Place: p, Out: bad}.options()
	if err != nil {
		t.Fatal(err)
	}
	late, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	job{Place: p, Out: numbered(2).build(t, 0)}.must(t) // the same, from another machine
	p.back(t, "", 0)
	if _, err := late.Do(context.Background()); !errors.As(err, &re) || re.Refusals[0].Word != AllowOlder {
		t.Errorf("planned before the rollback: %v", err)
	}
	late.Close()
	siteIs(t, p, good, "refused with the lock")
	job{Place: p, Out: numbered(3).build(t, 0)}.must(t)
	p.back(t, "", 0)
	job{Place: p, Out: bad, Allow: []string{AllowOlder}}.must(t)
	siteIs(t, p, bad, "on purpose")
}
