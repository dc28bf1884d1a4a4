package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/output"
)

// second is the site that faults disturb the publication of: an article more, one changed, one taken back, one renamed, another style.
func second() pages {
	s := first().with("new", "新").with("b", "乙乙").with("c", "").with("a", "").with("z", "甲")
	s.style, s.moved = "body{color:#000}", map[string]string{"a": "z"}
	s.files = map[string]string{"yw/2026/图 二.png": "png2", "feed.xml": "<rss>2</rss>"}
	return s
}

// scene is a run over a site that is live, done again for each fault in a bucket of its own: a publication of second over first, or a rollback.
type scene struct {
	prepare       []string // builds that are published before
	run           job
	before, after map[string]string // files of what is live, and of what comes
	end           map[string]string // the store after an undisturbed run, private objects without what differs from run to run
	requests      int
	changed       int
}

func newScene(t *testing.T) *scene {
	s := &scene{prepare: []string{first().build(t, 1)}, run: job{Out: second().build(t, 2), Allow: []string{AllowGone}}}
	s.undisturbed(t)
	return s
}

// newRollback is a scene in which articles were changed, moved and taken back since what is gone back to.
func newRollback(t *testing.T) *scene {
	s := &scene{prepare: []string{first().build(t, 1), second().with("党建", "丁丁").build(t, 2)}, run: job{Back: true, To: "1"}}
	s.undisturbed(t)
	return s
}

// on is the scene's run at a place that is ready for it.
func (s *scene) on(t testing.TB, p place) job {
	t.Helper()
	for _, out := range s.prepare {
		job{Place: p, Out: out, Allow: []string{AllowGone}}.must(t)
	}
	j := s.run
	j.Place = p
	return j
}

func (s *scene) undisturbed(t *testing.T) {
	t.Helper()
	s.before = onDisk(t, s.prepare[len(s.prepare)-1])
	p := bucket(t)
	j := s.on(t, p)
	x, through := newProxy(t, p)
	j.Place = through
	r, _ := j.must(t)
	s.changed = len(r.Plan.Steps)
	s.requests = x.requests()
	s.end = state(t, p)
	s.after = maps.Clone(contents(t, p.open(t).Site))
	if j.Out != "" {
		s.after = onDisk(t, j.Out)
	}
	if wrong := whole(contents(t, p.open(t).Site), s.before, s.after); len(wrong) > 0 {
		t.Fatal(wrong)
	}
}

// state is all that is in a bucket, but for what depends on time, number and owner of runs.
func state(t *testing.T, p place) map[string]string {
	t.Helper()
	tg := p.open(t)
	out := contents(t, tg.Site)
	for key, body := range contents(t, tg.Private) {
		switch {
		case strings.HasPrefix(key, lockDir):
			var h holder
			if err := json.Unmarshal([]byte(body), &h); err != nil || !h.Released {
				out[key] = "not released"
			}
		case strings.HasPrefix(key, receiptsDir):
		case key == historyKey:
			h, err := decodeHistory([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			for i := range h.changes {
				h.changes[i].at, h.changes[i].since = 0, 0
			}
			out["private/"+key] = fmt.Sprint(h.changes)
		case key == inventoryKey:
			l, err := decodeInventory([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			for i := range l.records {
				if l.records[i].retired != 0 {
					l.records[i].retired = 1
				}
			}
			out["private/"+key] = fmt.Sprint(l)
		default:
			out["private/"+key] = body
		}
	}
	return out
}

// again holds a run after a disturbed one against an undisturbed one.
func (s *scene) again(t *testing.T, p place, what string) {
	t.Helper()
	j := s.run
	j.Place, j.Force = p, true
	r, _ := j.must(t)
	got := state(t, p)
	if r.Plan.Empty() { // a lock that was not given back stays until its life ends
		maps.DeleteFunc(got, func(k, _ string) bool { return strings.HasPrefix(k, lockDir) })
	}
	if !maps.Equal(got, s.end) {
		for k := range s.end {
			if got[k] != s.end[k] {
				t.Errorf("%s: after another run %s is not as after an undisturbed one", what, k)
			}
		}
		for k := range got {
			if _, ok := s.end[k]; !ok {
				t.Errorf("%s: after another run %s is left", what, k)
			}
		}
	}
}

// sample returns which of the numbers from 1 to n a test looks at: all in the long form, else k of them by seed.
func sample(t *testing.T, n, k int) []int {
	seed, long := torture()
	if !long {
		seed = uint64(time.Now().UnixNano()) // the log names what was looked at
	}
	var all []int
	for i := 1; i <= n; i++ {
		all = append(all, i)
	}
	if long || k >= n {
		return all
	}
	r := rand.New(rand.NewPCG(seed, uint64(len(t.Name()))))
	r.Shuffle(n, func(i, j int) { all[i], all[j] = all[j], all[i] })
	t.Logf("of %d: %v", n, all[:k])
	return all[:k]
}

func TestFaultAtEveryRequest(t *testing.T) { newScene(t).faults(t, len(faults)) }

func TestFaultAtEveryRequestOfARollback(t *testing.T) { newRollback(t).faults(t, 5) }

// faults disturbs the scene by each fault, in the short form by so many of them.
func (s *scene) faults(t *testing.T, most int) {
	points, harmed := 0, 0
	for _, i := range sample(t, len(faults), most) {
		f := faults[i-1]
		t.Run(f.name, func(t *testing.T) {
			for _, n := range sample(t, s.requests+1, 1) {
				points++
				p := bucket(t)
				j := s.on(t, p)
				x, through := newProxy(t, p)
				x.reset(f.at(n))
				j.Place = through
				if f.name == "timeout" {
					j.Limit = time.Second
				}
				_, _, err := j.run(context.Background())
				if hit := x.requests() >= n; !f.lasting && err != nil || f.lasting && hit && err == nil && n < s.requests-2 {
					t.Errorf("fault at request %d: %v", n, err)
				}
				have := contents(t, p.open(t).Site)
				if wrong := whole(have, s.before, s.after); len(wrong) > 0 {
					harmed++
					t.Errorf("fault at request %d: %v", n, wrong)
				}
				s.again(t, p, fmt.Sprintf("fault at request %d", n))
			}
		})
	}
	t.Logf("%d faults at %d requests: %d points, %d broke a promise", len(faults), s.requests, points, harmed)
}

func TestKilledAtEveryRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	newScene(t).kills(t)
}

func TestKilledAtEveryRequestOfARollback(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	newRollback(t).kills(t)
}

func (s *scene) kills(t *testing.T) {
	points, harmed := 0, 0
	for _, n := range sample(t, s.requests, 2) {
		for _, after := range []bool{false, true} {
			points++
			p := bucket(t)
			j := s.on(t, p)
			x, through := newProxy(t, p)
			j.Place = through
			kill := make(chan struct{})
			dead := make(chan struct{})
			x.reset(func(i int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
				if i == n && after {
					pass.ServeHTTP(discard{}, r)
				}
				if i == n {
					close(kill)
				}
				if i >= n {
					<-dead
					drop(w, true)
					return
				}
				pass.ServeHTTP(w, r)
			})
			cmd, _ := j.start(t)
			<-kill
			cmd.Process.Kill()
			cmd.Wait()
			close(dead)
			x.idle()
			if wrong := whole(contents(t, p.open(t).Site), s.before, s.after); len(wrong) > 0 {
				harmed++
				t.Errorf("killed at request %d: %v", n, wrong)
			}
			s.again(t, p, fmt.Sprintf("killed at request %d", n))
		}
	}
	t.Logf("killed before and after each of %d requests: %d points, %d broke a promise", s.requests, points, harmed)
}

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// TestCutOffForOtherSite interrupts one publication and follows it with that of another site: what only the
// first had must not stay.
func TestCutOffForOtherSite(t *testing.T) {
	out1, out2 := first().build(t, 1), second().build(t, 2)
	third := first().with("third", "三")
	out3 := third.build(t, 3)
	want := onDisk(t, out3)
	p0 := bucket(t)
	x, through := newProxy(t, p0)
	job{Place: p0, Out: out1}.must(t)
	job{Place: through, Out: out2, Allow: []string{AllowGone}}.must(t)
	for _, n := range sample(t, x.requests(), 3) {
		p := bucket(t)
		job{Place: p, Out: out1}.must(t)
		x, through := newProxy(t, p)
		x.reset(fault{lasting: true, do: answer(403, "ExpiredToken")}.at(n))
		job{Place: through, Out: out2, Allow: []string{AllowGone}}.run(context.Background())
		job{Place: p, Out: out3, Allow: []string{AllowGone}, Force: true}.must(t)
		for key := range contents(t, p.open(t).Site) {
			base := strings.TrimSuffix(strings.TrimSuffix(key, ".gz"), ".br")
			if _, ok := want[base]; !ok && !strings.HasPrefix(key, "_assets/") {
				t.Errorf("cut off at request %d: %s is left", n, key)
			}
		}
		verified(t, p, out3)
	}
}

func TestRequestsOfAPublication(t *testing.T) {
	s := newScene(t)
	p := bucket(t)
	job{Place: p, Out: s.prepare[0]}.must(t)
	x, through := newProxy(t, p)
	job{Place: through, Out: s.prepare[0]}.must(t)
	if c := x.count(); c["PUT"]+c["DELETE"] > 0 || x.requests() > 4 {
		t.Errorf("nothing to do takes %v: %v", c, x.seen)
	}
	t.Logf("nothing to do: %v", x.count())
	x.reset(nil)
	opt, err := job{Place: through, Out: s.run.Out, Allow: []string{AllowGone}}.options()
	if err != nil {
		t.Fatal(err)
	}
	before := contents(t, p.open(t).Site)
	r, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if c := x.count(); c["PUT"]+c["DELETE"]+c["POST"] > 0 || !maps.Equal(before, contents(t, p.open(t).Site)) {
		t.Errorf("a plan writes: %v", c)
	}
	// Beside two for each change, which covers the copy of what is replaced: the history is read, written, and written again after the copies were
	// read that may name the article which is taken back.
	if over := s.requests - 2*s.changed; over > 45 {
		t.Errorf("%d requests for %d changes", s.requests, s.changed)
	}
	t.Logf("%d changes: %d requests", s.changed, s.requests)
}

func TestUploadsGoInOrder(t *testing.T) {
	p := bucket(t)
	job{Place: p, Out: first().build(t, 1)}.must(t)
	x, through := newProxy(t, p)
	job{Place: through, Out: second().build(t, 2), Allow: []string{AllowGone}}.must(t)
	last := -1
	rank := func(path string) int {
		for i, part := range []string{"/_assets/", ".png", "/yw/2026/", "/yw/index", "/www/index", "feed.xml", "robots", "a.html", output.ManifestPath} {
			if strings.Contains(path, part) {
				return i
			}
		}
		return -1
	}
	var order []string
	for _, s := range x.seen {
		method, path, _ := strings.Cut(s, " ")
		if method != http.MethodPut || strings.Contains(path, ".zhendi/") {
			continue
		}
		n := rank(path)
		if strings.Contains(path, "/yw/2026/a.html") {
			n = 7 // the redirect
		}
		order = append(order, path)
		if n < last {
			t.Errorf("%s comes too late: %v", path, order)
		}
		last = max(n, last)
	}
	seen := strings.Join(x.seen, "\n")
	manifest, gone := strings.Index(seen, "PUT /"+p.Bucket+"/www/"+output.ManifestPath), strings.Index(seen, "DELETE /"+p.Bucket+"/www/yw")
	if manifest < 0 || gone < manifest {
		t.Error("something was removed before the manifest was replaced")
	}
	if !slices.Contains(order, "/"+p.Bucket+"/www/"+output.ManifestPath) || !bytes.Contains([]byte(order[len(order)-1]), []byte(output.ManifestPath)) {
		t.Errorf("the manifest is not last: %v", order)
	}
}
