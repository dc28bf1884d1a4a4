package publish

import (
	"context"
	"fmt"
	"testing"
)

// A run that begins clears unfinished files away, also those of one that is about to create its lock.
func TestPutBesideClear(t *testing.T) {
	d := Dir(t.TempDir()).(*dir)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				d.clear()
			}
		}
	}()
	for n := range 300 {
		if _, err := d.Put(context.Background(), small(fmt.Sprintf("lock/%d", n), []byte("x"), "text/plain"), Cond{New: true}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-stopped
}
