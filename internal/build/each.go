package build

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"zhendi/internal/diag"
)

// cleared returns n zero values in memory that was written. What is read before, by the collector of garbage or in a table of
// hashes, Linux would give twice, the second time stopping all cores.
func cleared[T any](n int) []T {
	list := make([]T, n)
	clear(list)
	return list
}

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

// problemLists are problems of many pages or files, by their numbers, from many goroutines. Most have none.
type problemLists struct {
	mu sync.Mutex
	of map[int]diag.List
}

func (l *problemLists) add(n int, list diag.List) {
	if len(list) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[int]diag.List{}
	}
	l.of[n] = list
}

// addTo adds them in the order of the numbers.
func (l *problemLists) addTo(all *diag.List) {
	for _, n := range slices.Sorted(maps.Keys(l.of)) {
		all.Add(l.of[n]...)
	}
}

// errorList is errors from many goroutines.
type errorList struct {
	mu   sync.Mutex
	list []error
}

// take adds an error if the output refused the path of a file: with that others can be made.
func (l *errorList) take(err error) bool {
	if !refused(err) {
		return false
	}
	l.mu.Lock()
	l.list = append(l.list, err)
	l.mu.Unlock()
	return true
}

func (l *errorList) join() error {
	slices.SortFunc(l.list, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(l.list...)
}
