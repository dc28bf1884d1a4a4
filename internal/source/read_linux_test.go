package source

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Pages and pictures are made while files are read ahead, and all of them find room.
func TestReadManyWithFewOpenFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 400 {
		put(t, dir, fmt.Sprintf("content/a/%03d.md", i), fmt.Sprint(i))
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	files, _ := tree.Walk("content")
	tree.Read(files[0]) // the folder is open
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	var limit unix.Rlimit
	unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	few := limit
	few.Cur = uint64(len(list) + 30)
	unix.Setrlimit(unix.RLIMIT_NOFILE, &few)
	defer unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	var wg sync.WaitGroup
	var mu sync.Mutex
	wrong := map[string]int{}
	for range 4 {
		wg.Go(func() {
			tree.ReadMany(make([]byte, 0, 4000), files, func(i int, b []byte, err error) {
				time.Sleep(100 * time.Microsecond) // as rendering takes
				if err != nil {
					mu.Lock()
					wrong[fmt.Sprint(reason(err))]++
					mu.Unlock()
				}
			})
		})
	}
	wg.Wait()
	if len(wrong) > 0 {
		t.Error(wrong)
	}
}
