package publish

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/output"
)

// TestRandomHistories lets a site live through publications and rollbacks by chance, and looks after each at every promise: the store holds
// what its manifest says and no link in it is dead; no word of an article that is gone stands in any object, private or not; a rollback gives
// every file the older bytes but for those it names with a true reason; whatever is kept can be gone back to.
func TestRandomHistories(t *testing.T) {
	seed, long := torture()
	runs, days := 3, 10
	if long {
		runs, days = 60, 30
	} else {
		seed = uint64(time.Now().UnixNano())
	}
	for n := range uint64(runs) {
		t.Run(fmt.Sprint(seed+n), func(t *testing.T) {
			p, days := place{Dir: t.TempDir()}, days
			if n == 0 && !long {
				p, days = bucket(t), 5
			}
			l := &life{t: t, place: p, r: rand.New(rand.NewPCG(seed+n, 7)), world: newWorld(1 + int(seed+n)%2), at: 1_700_000_000, was: map[string]map[string]string{}}
			l.publish()
			for range days {
				l.at += 3600 * int64(1+l.r.IntN(72))
				if l.r.IntN(4) == 0 {
					l.goBack()
				} else {
					l.world.live(l.r)
					l.publish()
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%d publications, %d rollbacks, %d files restored, %d stayed", l.publications, l.rollbacks, l.restored, l.stayed)
		})
	}
}

// life is a site with its past.
type life struct {
	t     *testing.T
	place place
	r     *rand.Rand
	world *world
	at    int64
	was   map[string]map[string]string // the files of each site that was live, by the hash of its manifest
	last  map[string]string

	publications, rollbacks, restored, stayed int
}

func (l *life) publish() {
	l.t.Helper()
	l.publications++
	out := l.world.build(l.t, l.at)
	job{Place: l.place, Out: out, Allow: []string{AllowGone, AllowShrink}, At: l.at}.must(l.t)
	l.look()
}

// site returns what is live, without old assets.
func (l *life) site() (files map[string]string, hash string) {
	have := contents(l.t, l.place.open(l.t).Site)
	m, err := output.Parse([]byte(have[output.ManifestPath]))
	if err != nil {
		l.t.Fatal(err)
	}
	files = map[string]string{}
	for _, e := range m.Files {
		files[e.Path] = have[e.Path]
	}
	return files, fmt.Sprintf("%x", sha256.Sum256([]byte(have[output.ManifestPath])))
}

func (l *life) pasts() []Past {
	l.t.Helper()
	opt, err := job{Place: l.place, At: l.at}.options()
	if err != nil {
		l.t.Fatal(err)
	}
	all, err := Pasts(context.Background(), opt)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// look holds what is there against the promises.
func (l *life) look() {
	l.t.Helper()
	verified(l.t, l.place, "")
	site, hash := l.site()
	l.was[hash] = site
	for path, body := range site {
		for _, m := range refs.FindAllStringSubmatch(body, -1) {
			if to := fileOf(m[1], "/"); site[to] == "" {
				l.t.Errorf("%s leads to %s, which is not there", path, to)
			}
		}
	}
	pictures := map[string]bool{} // that were live a moment ago
	for _, body := range l.last {
		pictures[body] = true
	}
	l.last = site
	tg := l.place.open(l.t)
	for where, store := range map[string]Store{"": tg.Site, "private/": tg.Private} {
		for key, body := range contents(l.t, store) {
			text := unpacked(body)
			for id, words := range l.world.words {
				if shown(site, id) {
					continue
				}
				for _, w := range words {
					if strings.Contains(text, w) {
						l.t.Errorf("%s%s holds %s of article %d, which is gone", where, key, w, id)
					}
				}
				if strings.HasPrefix(key, scaled) && body == fmt.Sprint("small", id) || pictures[body] && body == fmt.Sprint("png", id) {
					l.t.Errorf("%s%s is a picture of article %d, which is gone", where, key, id)
				}
			}
		}
	}
}

func unpacked(body string) string {
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		return body
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return body
	}
	return string(b)
}

// goBack plans to go back to each past, and goes to one of them.
func (l *life) goBack() {
	l.t.Helper()
	all := l.pasts()
	chosen := l.r.IntN(len(all))
	for i, past := range all {
		opt, err := job{Place: l.place, At: l.at}.options()
		if err != nil {
			l.t.Fatal(err)
		}
		run, err := OpenRollback(context.Background(), opt, past.Name)
		if err != nil {
			l.t.Fatal(err)
		}
		if len(run.Plan.Refusals) > 0 {
			l.t.Errorf("to %s: %+v", past.Name, run.Plan.Refusals)
		}
		before, _ := l.site()
		if i == chosen {
			if _, err := run.Do(context.Background()); err != nil {
				l.t.Fatal(err)
			}
			after, _ := l.site()
			l.judge(past, before, after, run.Plan.Stays, all[:i])
			l.rollbacks++
			l.look()
		}
		if err := run.Close(); err != nil {
			l.t.Error(err)
		}
		if i == chosen {
			break
		}
	}
	l.adopt()
}

// judge compares what a rollback made with the older site and with what was live, given the sites between.
func (l *life) judge(past Past, before, after map[string]string, stays []Stay, between []Past) {
	l.t.Helper()
	older := l.was[fmt.Sprintf("%x", past.sum)]
	if older == nil {
		l.t.Fatalf("%s was never live", past.Name)
	}
	names := func(body, file string) bool {
		return strings.Contains(body, Address(file)) || strings.Contains(body, strings.TrimSuffix(Address(file), "index.html"))
	}
	shares := func(body, file string) bool {
		for _, site := range l.was {
			if site[file] == body {
				return true
			}
		}
		return false
	}
	takenSince := func(file string) bool {
		return slices.ContainsFunc(between, func(p Past) bool {
			body, there := l.was[fmt.Sprintf("%x", p.sum)][file]
			return !there || strings.Contains(body, "noindex")
		})
	}
	held := map[string]bool{}
	for _, s := range stays {
		held[s.Path] = true
		if after[s.Path] != before[s.Path] {
			l.t.Errorf("%s stays and has changed", s.Path)
		}
		_, because := after[s.Because]
		switch right := false; s.Why {
		case StayTaken:
			right = takenSince(s.Path)
			fallthrough
		case StayNames:
			right = right || takenSince(s.Because) && (older[s.Path] == "" || names(older[s.Path], s.Because) || shares(older[s.Path], s.Because))
			fallthrough
		case StayLeads:
			right = right || !because && names(older[s.Path], s.Because)
			fallthrough
		case StayNeeded:
			if right = right || names(after[s.Because], s.Path); !right {
				l.t.Errorf("%+v is no true reason", s)
			}
		}
	}
	for _, files := range []map[string]string{older, before} {
		for path := range files {
			if held[path] {
				l.stayed++
			} else if after[path] != older[path] {
				l.t.Errorf("%s is not as it was", path)
			} else if older[path] != before[path] {
				l.restored++
			}
		}
	}
	if len(stays) > 0 && !slices.ContainsFunc(stays, func(s Stay) bool { return takenSince(s.Path) || takenSince(s.Because) }) {
		l.t.Errorf("nothing was taken back, and yet these stay: %+v", stays)
	}
}

// adopt makes the world what is live, so that it can go on from there: articles that a rollback took away are gone for editors, too, and
// those whose page is an older one are written anew at the next change.
func (l *life) adopt() {
	site, _ := l.site()
	w := l.world
	for path, a := range w.articles {
		if !strings.Contains(site[path+".html"], fmt.Sprintf("id:%d.", a.id)) {
			delete(w.articles, path)
		}
	}
	for from, to := range w.moved {
		if _, ok := w.articles[to]; !ok || strings.Contains(site[from+".html"], "id:") {
			delete(w.moved, from)
		}
	}
	ids := map[int]bool{}
	for _, a := range w.articles {
		ids[a.id] = true
	}
	for id := range w.words {
		for path, body := range site {
			if name, ok := strings.CutSuffix(path, ".html"); ok && !ids[id] && !strings.HasPrefix(path, "hant/") && strings.Contains(body, fmt.Sprintf("id:%d.", id)) {
				w.write(name, &written{id: id, tags: []string{"t0"}})
				ids[id] = true
			}
		}
	}
}

func TestHistoryComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sum := func() (s output.Sum) {
		for i := range s {
			s[i] = byte(r.Uint32())
		}
		return s
	}
	h := &history{}
	for n := range 30 {
		c := change{at: r.Int64(), since: r.Int64(), after: sum(), before: sum(), other: n, closed: map[string]string{}}
		c.old.Build = output.Build{Generator: "zhendi test", BaseURL: "https://www.example.gov.cn/", Serial: r.Int64N(1 << 40)}
		if n%3 == 0 {
			c.back, c.sig = sum(), "c2ln"
		}
		for i := range n {
			path := fmt.Sprintf("党 建/%06d.html", i)
			c.old.Files = append(c.old.Files, output.Entry{Path: path, Sum: sum(), Size: int64(i), Media: "text/html; charset=utf-8", Class: output.Article})
			c.added = append(c.added, "新 "+path)
			if i%2 == 0 {
				c.closed[path] = path
				c.sweep = append(c.sweep, path)
			}
		}
		h.changes = append(h.changes, c)
	}
	packed, err := h.encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := decodeHistory(packed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range h.changes {
		if fmt.Sprint(h.changes[i]) != fmt.Sprint(back.changes[i]) {
			t.Fatalf("%+v\n%+v", h.changes[i], back.changes[i])
		}
	}
	again, err := back.encode()
	if err != nil || !bytes.Equal(again, packed) {
		t.Error("written again it has other bytes", err)
	}
	for cut := range min(len(packed), 60) {
		if _, err := decodeHistory(packed[:len(packed)-cut-1]); err == nil {
			t.Fatal("a short history was read")
		}
	}
}
