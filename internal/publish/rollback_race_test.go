package publish

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestReaderDuringRollbacks reads the site without a pause while it goes forth and back.
func TestReaderDuringRollbacks(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		times := 6
		if _, long := torture(); long {
			times = 60
		} else if testing.Short() {
			times = 3
		}
		for n := range 4 {
			job{Place: p, Out: version(n).build(t, int64(10+n)), Allow: []string{AllowGone}}.must(t)
		}
		for n := range 4 {
			job{Place: p, Out: numbered(n).build(t, int64(20+n)), Allow: []string{AllowGone}}.must(t)
		}
		site := patient{Store: p.open(t).Site, p: quick}
		var reads atomic.Int64
		var wg sync.WaitGroup
		ctx, stop := context.WithCancel(context.Background())
		wg.Go(func() {
			for ctx.Err() == nil {
				wrong := browse(func(path string) (string, bool) {
					b, _, err := site.read(context.Background(), path)
					reads.Add(1)
					if err != nil && !errors.Is(err, errNotFound) {
						t.Error(err)
					}
					return string(b), err == nil
				})
				if wrong != "" {
					t.Error(wrong)
				}
			}
		})
		restored := 0
		for i := range times {
			to := []string{"22", "12", "23", "20", "11", "21"}[i%6]
			opt, err := job{Place: p, Back: true, To: to}.options()
			if err != nil {
				t.Fatal(err)
			}
			r, err := OpenRollback(context.Background(), opt, to)
			var nb *NotBuiltError
			if errors.As(err, &nb) { // forgotten by now
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Do(context.Background()); err != nil {
				t.Fatal(err)
			}
			n, _ := r.Plan.Count(Upload)
			restored += n
			r.Close()
		}
		stop()
		wg.Wait()
		if restored == 0 {
			t.Error("nothing was brought back: the test looks at nothing")
		}
		t.Logf("%d rollbacks, %d files sent, %d reads", times, restored, reads.Load())
		verified(t, p, "")
	})
}

// TestRollbackAmongPublishers lets several processes publish and go back at once. Whoever is last, what is live is whole, and a rollback that was
// planned for another site than the one it finds does nothing.
func TestRollbackAmongPublishers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	places(t, func(t *testing.T, p place) {
		for n := range 3 {
			job{Place: p, Out: numbered(n).build(t, int64(n+1))}.must(t)
		}
		var cmds []*exec.Cmd
		var says []*strings.Builder
		for i := range 8 {
			j := job{Place: p, Back: true}
			if i%2 == 0 {
				j = job{Place: p, Out: version(i).build(t, int64(10+i)), Allow: []string{AllowGone}}
			}
			cmd, s := j.start(t)
			cmds, says = append(cmds, cmd), append(says, s)
		}
		ends := map[int]int{}
		for i, cmd := range cmds {
			cmd.Wait()
			code := cmd.ProcessState.ExitCode()
			ends[code]++
			if code != childDone && code != childRefused && code != childMoved {
				t.Errorf("process %d: status %d: %s", i, code, says[i])
			}
		}
		t.Logf("by exit status: %v", ends)
		verified(t, p, "")
		have := contents(t, p.open(t).Site)
		if wrong := whole(have, have, have); len(wrong) > 0 {
			t.Error(wrong)
		}
		opt, err := job{Place: p}.options()
		if err != nil {
			t.Fatal(err)
		}
		all, err := Pasts(context.Background(), opt)
		if err != nil || len(all) < 4 {
			t.Errorf("%d sites are known: %v", len(all), err)
		}
		r, err := OpenRollback(context.Background(), opt, all[len(all)-1].Name)
		if err != nil || len(r.Plan.Refusals) > 0 {
			t.Fatal(err, r)
		}
		r.Close()
	})
}
