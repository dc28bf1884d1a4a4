package build

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f for 0 … n-1 from as many goroutines as there are cores and returns the
// error of the smallest index that failed. done, if not nil, is told now and then how many are
// finished, by one goroutine at a time.
func each(ctx context.Context, n int, f func(i int) error, done func(int)) error {
	var next, finished atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	failedAt, failed := n, error(nil)
	step := int64(max(n/100, 1))
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= n {
					return
				}
				err := f(i)
				k := finished.Add(1)
				if err == nil && (done == nil || k%step != 0) {
					continue
				}
				mu.Lock()
				if err != nil && i < failedAt {
					failedAt, failed = i, err
					next.Store(int64(n)) // start no more
				}
				if done != nil && k%step == 0 {
					done(int(k))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if done != nil && int64(n)%step != 0 {
		done(int(finished.Load()))
	}
	if failed != nil {
		return failed
	}
	return ctx.Err()
}
