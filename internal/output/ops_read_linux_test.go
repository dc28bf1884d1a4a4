package output

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// Files are read though few may be open at a time, and none stays open.
func TestReadManyWithFewOpenFiles(t *testing.T) {
	dir := t.TempDir()
	paths := make([]string, 400)
	for i := range paths {
		paths[i] = fmt.Sprint(i)
		if err := os.WriteFile(filepath.Join(dir, paths[i]), []byte(paths[i]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	open := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(list)
	}
	before := open()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	few := limit
	few.Cur = uint64(before + 10)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	read := 0
	err := readMany(dir, paths, make([]byte, 16), func(i int, b []byte) bool {
		if string(b) == paths[i] {
			read++
		}
		return true
	})
	if again := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); again != nil {
		t.Fatal(again)
	}
	if err != nil || read != len(paths) {
		t.Errorf("%d files were read: %v", read, err)
	}
	paths[200] = "none"
	if err := readMany(dir, paths, make([]byte, 16), func(int, []byte) bool { return true }); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
	if after := open(); after != before {
		t.Errorf("%d files are open, %d were", after, before)
	}
}
