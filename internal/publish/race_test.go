package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"zhendi/internal/output"
)

// version is a site that differs from version to version in a page, a new page and the style.
func version(n int) pages {
	p := first().with("a", fmt.Sprint("甲", n)).with(fmt.Sprint("n", n), "新")
	p.style = fmt.Sprintf("body{color:#%06x}", n)
	return p
}

// TestTwentyRacers publishes twenty builds from twenty processes at once. The highest serial must win, whole; nothing of the others may
// stay but their styles in their period of grace.
func TestTwentyRacers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	places(t, func(t *testing.T, p place) {
		racers := 20
		if _, long := torture(); !long && p.Dir != "" {
			racers = 8
		}
		job{Place: p, Out: first().build(t, 1)}.must(t)
		cmds, errs, outs := make([]*exec.Cmd, racers), make([]*strings.Builder, racers), make([]string, racers)
		for i := range racers {
			outs[i] = version(i).build(t, int64(10+i))
		}
		for i := range racers {
			cmds[i], errs[i] = job{Place: p, Out: outs[i], Allow: []string{AllowGone}}.start(t)
		}
		done, refused := 0, 0
		for i, cmd := range cmds {
			cmd.Wait()
			switch code := cmd.ProcessState.ExitCode(); {
			case code == childDone:
				done++
			case code == childRefused && i != racers-1 && strings.Contains(errs[i].String(), "newer"):
				refused++
			default:
				t.Errorf("racer %d: status %d: %s", i, code, errs[i])
			}
		}
		t.Logf("%d published, %d refused as older", done, refused)
		verified(t, p, outs[racers-1])
		have := contents(t, p.open(t).Site)
		for i := range racers - 1 {
			if _, ok := have[fmt.Sprintf("yw/2026/n%d.html", i)]; ok {
				t.Errorf("a page of racer %d is left", i)
			}
		}
		if text := have[output.ManifestPath]; !strings.Contains(text, fmt.Sprintf("# serial: %d\n", 9+racers)) {
			t.Error("the highest serial did not win")
		}
	})
}

// TestHolderStoppedPastTheLife stops a publisher in the midst of its work for longer than its lock lives, lets another publish, and
// continues it: once with its request lost, once with the request reaching the store after everything else.
func TestHolderStoppedPastTheLife(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	if runtime.GOOS == "windows" {
		t.Skip("no SIGSTOP")
	}
	s := newScene(t)
	third := second().with("third", "三")
	third.style = "h1{}"
	out3 := third.build(t, 3)
	for _, late := range []bool{false, true} {
		for _, n := range sample(t, s.requests, 1) {
			stopped(t, s, out3, n, late)
		}
	}
}

func stopped(t *testing.T, s *scene, out3 string, n int, late bool) {
	p := bucket(t)
	job{Place: p, Out: s.prepare[0]}.must(t)
	x, through := newProxy(t, p)
	reached, goOn := make(chan struct{}), make(chan struct{})
	x.reset(func(i int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if i == n {
			body := readAll(r)
			close(reached)
			<-goOn
			if !late {
				drop(w, true)
				return
			}
			r.Body = body
			pass.ServeHTTP(discard{}, r.WithContext(context.WithoutCancel(r.Context())))
			drop(w, true)
			return
		}
		pass.ServeHTTP(w, r)
	})
	life := 2 * time.Second
	cmd, says := job{Place: through, Out: s.run.Out, Allow: []string{AllowGone}, Life: life, Limit: 900 * time.Millisecond}.start(t)
	<-reached
	if err := cmd.Process.Signal(sigStop); err != nil {
		t.Fatal(err)
	}
	job{Place: p, Out: out3, Allow: []string{AllowGone}, Life: life}.must(t)
	if err := cmd.Process.Signal(sigCont); err != nil {
		t.Fatal(err)
	}
	if late { // the sleeper's own retries first
		time.Sleep(50 * time.Millisecond)
	}
	close(goOn)
	cmd.Wait()
	x.idle()
	code := cmd.ProcessState.ExitCode()
	if code == childFailed {
		t.Errorf("stopped at request %d, late %v: status %d: %s", n, late, code, says)
	}
	if !late {
		verified(t, p, out3)
	}
	job{Place: p, Out: out3, Allow: []string{AllowGone}, Life: life}.must(t) // mends what came late
	verified(t, p, out3)
}

// readAll takes in a request's body, as a network does whose cable is long.
func readAll(r *http.Request) *buffered {
	b := &buffered{}
	var all strings.Builder
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Body.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			break
		}
	}
	b.Reader = strings.NewReader(all.String())
	return b
}

type buffered struct{ *strings.Reader }

func (*buffered) Close() error { return nil }

func TestLockIsGrantedOnce(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		tg := p.open(t)
		store := patient{Store: tg.Private, p: quick}
		var mu sync.Mutex
		inside, most := 0, 0
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				c, err := take(context.Background(), store, &Options{Life: 10 * time.Second, Waiting: func(string) {}}, 1)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				if err := c.confirm(context.Background(), true); err != nil {
					t.Error(err)
				}
				mu.Lock()
				inside--
				mu.Unlock()
				if err := c.release(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most != 1 {
			t.Errorf("%d had the lock at once", most)
		}
	})
}

func TestLockIsLost(t *testing.T) {
	tg := place{Dir: t.TempDir()}.open(t)
	store := patient{Store: tg.Private, p: quick}
	opt := &Options{Life: time.Hour, Waiting: func(string) {}}
	c, err := take(context.Background(), store, opt, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := take(ctx, store, opt, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second one: %v", err)
	}
	opt.ForceLock = true
	d, err := take(context.Background(), store, opt, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.confirm(context.Background(), true); !errors.Is(err, ErrLost) {
		t.Errorf("the first does not notice: %v", err)
	}
	if err := errors.Join(c.release(context.Background()), d.confirm(context.Background(), false), d.release(context.Background())); err != nil {
		t.Error(err)
	}
}

// heedless is a store that does not look at conditions.
type heedless struct{ Store }

func (h heedless) Put(ctx context.Context, o Object, _ Cond) (Info, error) {
	return h.Store.Put(ctx, o, Cond{})
}

func TestStoresWithoutConditionsAreRefused(t *testing.T) {
	tg := place{Dir: t.TempDir()}.open(t)
	var le *LockError
	_, err := take(context.Background(), patient{Store: heedless{tg.Private}, p: quick}, &Options{Life: time.Hour, Waiting: func(string) {}}, 1)
	if !errors.As(err, &le) {
		t.Errorf("%v", err)
	}
}
