package publish

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A run that begins clears unfinished files away, also those of one that is about to create its lock.
func TestPutBesideClear(t *testing.T) {
	d := Dir(t.TempDir()).(*dir)
	for n := range 300 {
		var others sync.WaitGroup
		for range 3 {
			others.Go(func() { d.clear() })
		}
		if _, err := d.Put(context.Background(), small(fmt.Sprintf("lock/%d", n), []byte("x"), "text/plain"), Cond{New: true}); err != nil {
			t.Error(err)
		}
		others.Wait()
	}
}
