package publish

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// lockLife is how long a lock is respected after its holder was last heard of.
const lockLife = 10 * time.Minute

// claim is the sole right to change a target, held by run n: the object lock/<n> with the highest n, not released and not
// older than its life. Who wants it creates lock/<n+1> on the condition that it does not exist, which a store grants once: a stale
// lock is overtaken, never removed, so that two who find it stale cannot both take it, and a holder that wakes up finds that it has been
// overtaken. Nothing but creating what does not exist is asked of the store.
type claim struct {
	store patient
	life  time.Duration
	n     int64
	owner string
	stop  context.CancelFunc // of the heartbeat
	beat  sync.WaitGroup

	mu   sync.Mutex
	seen time.Time // when the lock was last known to be ours
}

// holder is what a lock says of its holder, for people.
type holder struct {
	Owner    string `json:"owner"`
	Process  string `json:"process"`
	Serial   int64  `json:"serial"`
	Released bool   `json:"released"`
}

// ErrLost says that another run has the lock.
var ErrLost = errors.New("another run has taken over: this one stopped. Publish again")

// LockError says that the store cannot be locked.
type LockError struct{ Where string }

// Error says what is missing.
func (e *LockError) Error() string {
	return e.Where + " cannot create an object on the condition that it does not exist, which the lock needs: see zhendi publish doctor"
}

func lockKey(n int64) string { return fmt.Sprintf("%s%012d", lockDir, n) }

// take waits for the lock and takes it.
func take(ctx context.Context, store patient, o *Options, serial int64) (*claim, error) {
	c := &claim{store: store, life: o.Life, owner: rand.Text()}
	told := false
	for force := o.ForceLock; ; force = false {
		n, held, err := c.highest(ctx)
		if err != nil {
			return nil, err
		}
		if held == "" || force {
			err := c.create(ctx, n+1, serial)
			if err == nil {
				err = c.begin(ctx)
			}
			if err == nil {
				return c, nil
			}
			if !errors.Is(err, errExists) && !errors.Is(err, ErrLost) {
				return nil, err
			}
			continue // somebody was faster: look again
		}
		if !told {
			told = true
			o.Waiting(held)
		}
		if err := sleep(ctx, min(2*time.Second, c.life/10)); err != nil {
			return nil, err
		}
	}
}

// highest returns the number of the last lock and, if it is in force, who has it.
func (c *claim) highest(ctx context.Context) (n int64, held string, err error) {
	var last Info
	err = c.store.all(ctx, lockDir, func(i Info) { last = i })
	if err != nil || last.Key == "" {
		return 0, "", err
	}
	if n, err = strconv.ParseInt(strings.TrimPrefix(last.Key, lockDir), 10, 64); err != nil {
		return 0, "", fmt.Errorf("%s: not a lock of zhendi's: remove it", last.Key)
	}
	body, info, err := c.store.read(ctx, last.Key)
	if errors.Is(err, errNotFound) { // a later run cleared it away
		return n, "another run", nil
	}
	if err != nil {
		return n, "", err
	}
	var h holder
	if json.Unmarshal(body, &h) == nil && h.Released || min(last.Age, info.Age) > c.life {
		return n, "", nil
	}
	return n, cmp.Or(h.Process, "another run"), nil
}

// create makes lock n, and makes sure that the store refuses to create it twice.
func (c *claim) create(ctx context.Context, n, serial int64) error {
	c.n, c.seen = n, time.Now()
	o := c.object(n, serial, false)
	for again := range 2 {
		_, err := c.store.Put(ctx, o, Cond{New: true})
		switch {
		case errors.Is(err, errUnsupported):
			return &LockError{c.store.String()}
		case errors.Is(err, errExists):
			if mine, merr := c.mine(ctx, n); merr != nil || !mine {
				return errors.Join(merr, err)
			}
		case err != nil:
			return err
		case again == 1: // the condition is not looked at, or a later run has cleared our lock away in between
			err := c.confirm(ctx, false)
			if err == nil {
				err = &LockError{c.store.String()}
			}
			return errors.Join(err, c.store.Delete(ctx, o.Key))
		}
	}
	return nil
}

func (c *claim) object(n, serial int64, released bool) Object {
	host, _ := os.Hostname()
	body, err := json.Marshal(holder{Owner: c.owner, Process: fmt.Sprintf("zhendi publish, process %d on %s", os.Getpid(), host), Serial: serial, Released: released})
	if err != nil {
		panic("publish: " + err.Error())
	}
	return small(lockKey(n), body, "application/json")
}

func (c *claim) mine(ctx context.Context, n int64) (bool, error) {
	body, _, err := c.store.read(ctx, lockKey(n))
	var h holder
	return err == nil && json.Unmarshal(body, &h) == nil && h.Owner == c.owner, err
}

// begin removes older locks and keeps ours alive. If there is a later one, ours is void: while we were about to create it, others
// took and gave back theirs of the same number, and a later run cleared it away.
func (c *claim) begin(ctx context.Context) error {
	var old []string
	if err := c.store.all(ctx, lockDir, func(i Info) { old = append(old, i.Key) }); err != nil {
		return err
	}
	if len(old) == 0 || old[len(old)-1] != lockKey(c.n) {
		return errors.Join(ErrLost, c.store.Delete(ctx, lockKey(c.n)))
	}
	for _, key := range slices.DeleteFunc(old, func(k string) bool { return k >= lockKey(c.n) }) {
		if err := c.store.Delete(ctx, key); err != nil {
			return err
		}
	}
	beat, stop := context.WithCancel(ctx)
	c.stop = stop
	c.beat.Go(func() {
		for {
			select {
			case <-beat.Done():
				return
			case <-time.After(c.life / 4):
				if errors.Is(c.confirm(beat, true), ErrLost) {
					c.mu.Lock()
					c.seen = time.Time{} // the next request asks, and hears it, too
					c.mu.Unlock()
					return
				}
			}
		}
	})
	return nil
}

// confirm sees that no later lock exists, and renews ours if asked to.
func (c *claim) confirm(ctx context.Context, renew bool) error {
	asked := time.Now()
	last := ""
	if err := c.store.all(ctx, lockDir, func(i Info) { last = i.Key }); err != nil {
		return err
	}
	if last != lockKey(c.n) {
		return ErrLost
	}
	if renew {
		if _, err := c.store.Put(ctx, c.object(c.n, 0, false), Cond{}); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if asked.After(c.seen) {
		c.seen = asked
	}
	return nil
}

// valid makes sure, before a request, that the lock is ours for longer than the request may take. It asks the store
// only if the heartbeat has been silent: the process may have been stopped.
func (c *claim) valid(ctx context.Context) error {
	c.mu.Lock()
	fresh := time.Since(c.seen) < c.life/2
	c.mu.Unlock()
	if fresh {
		return nil
	}
	return c.confirm(ctx, true)
}

// release ends the heartbeat and gives the lock back, unless another run has it.
func (c *claim) release(ctx context.Context) error {
	if c.stop != nil {
		c.stop()
		c.beat.Wait()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := c.confirm(ctx, false); err != nil {
		if errors.Is(err, ErrLost) {
			return nil
		}
		return err
	}
	_, err := c.store.Put(ctx, c.object(c.n, 0, true), Cond{})
	return err
}
