package output

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSecondProcessIsTold(t *testing.T) {
	dir := t.TempDir()
	tx, err := Open(t.Context(), dir, Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, Options{As: "views write"})
	var busy *BusyError
	if !errors.As(err, &busy) || !strings.HasPrefix(busy.Holder, "zhendi build, process ") {
		t.Errorf("second Open: %v", err)
	}
	if err := tx.Abort(); err != nil {
		t.Fatal(err)
	}
	wantTree(t, dir)
	l, err := Acquire(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Release(), l.Release()); err != nil {
		t.Error(err)
	}
	wantTree(t, dir)
}

func TestSecondProcessWaits(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(t.Context(), dir, Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 9)
	second := make(chan error)
	go func() {
		l, err := Acquire(t.Context(), dir, Options{Busy: func(holder string) { told <- holder }})
		if err == nil {
			err = l.Release()
		}
		second <- err
	}()
	if holder := <-told; !strings.Contains(holder, "zhendi build") {
		t.Errorf("told of %q", holder)
	}
	if err := first.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil || len(told) > 0 {
		t.Errorf("%v, told %d times more", err, len(told))
	}

	first, err = Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Abort()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var busy *BusyError
	if _, err := Open(ctx, dir, Options{Busy: func(string) {}}); !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &busy) {
		t.Errorf("error %v after the deadline", err)
	}
}

// A file that a dead process left is no lock.
func TestStaleLockFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, site{WorkDir + "/lock": "zhendi build, process 1 on gone\n", WorkDir + "/new/half.html": "ha"})
	mustBuild(t, dir, site{"index.html": "home"}, Result{Written: 1})
	wantTree(t, dir, site{"index.html": "home"})
}

func TestOneHolderAtATime(t *testing.T) {
	dir := t.TempDir()
	var inside atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for done := 0; done < 20; {
				l, err := Acquire(t.Context(), dir, Options{})
				var busy *BusyError
				if errors.As(err, &busy) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two holders")
				}
				done++
				inside.Add(-1)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if list, _ := os.ReadDir(filepath.Join(dir)); len(list) > 0 {
		t.Errorf("left: %v", list)
	}
}
