//go:build linux

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// workspace is the folder that one number of articles is measured in.
type workspace struct {
	dir    string
	memory bool // it lies in memory
	settle int  // seconds to wait after deleting
	tossed int
}

const tmpfs = 0x01021994

func newWorkspace(dir string, settle int) (*workspace, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		return nil, errors.Join(err, fmt.Errorf("%s is not empty: name another folder", dir))
	}
	w := &workspace{dir: dir, settle: settle}
	s, err := w.statfs()
	w.memory = s.Type == tmpfs
	return w, err
}

func (w *workspace) path(names ...string) string {
	return filepath.Join(append([]string{w.dir}, names...)...)
}

func (w *workspace) statfs() (s syscall.Statfs_t, err error) { return s, syscall.Statfs(w.dir, &s) }

// toss takes a file or folder out of the way. In memory it is deleted, on a disk moved aside.
func (w *workspace) toss(paths ...string) error {
	for _, p := range paths {
		if _, err := os.Lstat(p); err != nil {
			continue
		}
		if w.memory {
			if err := os.RemoveAll(p); err != nil {
				return err
			}
			continue
		}
		trash := w.path("trash")
		if err := os.MkdirAll(trash, 0o755); err != nil {
			return err
		}
		w.tossed++
		if err := os.Rename(p, filepath.Join(trash, strconv.Itoa(w.tossed))); err != nil {
			return err
		}
	}
	return nil
}

// sweep deletes what was moved aside if less room is left than the next steps need, and waits.
func (w *workspace) sweep(need int64) error {
	free, err := w.free()
	if err != nil || w.memory || free > need {
		return err
	}
	if err := os.RemoveAll(w.path("trash")); err != nil {
		return err
	}
	syscall.Sync()
	time.Sleep(time.Duration(w.settle) * time.Second)
	return nil
}

// free returns the bytes that may still be written; in memory programs need some of it.
func (w *workspace) free() (int64, error) {
	s, err := w.statfs()
	if err != nil {
		return 0, err
	}
	free := int64(s.Bavail) * s.Bsize
	if w.memory {
		if m := available(); m > 0 {
			free = min(free, m)
		}
	}
	return free, nil
}

// available returns the bytes of memory that programs may still take, 0 if unknown.
func available() int64 {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "MemAvailable:" {
			kb, _ := strconv.ParseInt(f[1], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// sourceNeed returns the bytes that articles and pictures take, with what the peer is given of them.
func sourceNeed(articles, editions int) int64 {
	if articles > peerMost {
		return int64(articles) * 18 << 10
	}
	return int64(articles) * int64(14+12*editions) << 10
}

// outNeed returns the bytes that an output may take. The share of an article in lists, feeds and
// tags falls as the site grows: 90 KB in one edition at 1,000 articles, of which a page is 20.
func outNeed(articles, editions int) int64 {
	page := int64(90 << 10)
	switch {
	case articles > 100_000:
		page = 34 << 10
	case articles > 20_000:
		page = 40 << 10
	case articles > 2_000:
		page = 56 << 10
	}
	return int64(articles*editions) * page
}

// room refuses sizes that do not fit.
func (w *workspace) room(articles int, editions []int) error {
	most := slices.Max(editions)
	need := sourceNeed(articles, most) + outNeed(articles, most)
	if articles <= peerMost {
		need += outNeed(articles, most)
		if w.memory {
			need += int64(articles) * int64(60*most) << 10 // of memory, which the peer takes
		}
	}
	free, err := w.free()
	if err == nil && free < need {
		err = fmt.Errorf("%d articles may take %.0f GB in %s, which has %.0f GB: name another folder in WORK, or fewer editions in EDITIONS",
			articles, float64(need)/1e9, w.dir, float64(free)/1e9)
	}
	return err
}

// clear deletes the workspace. If another follows it waits as sweep does.
func (w *workspace) clear(follows bool) error {
	if err := os.RemoveAll(w.dir); err != nil || w.memory || !follows {
		return err
	}
	syscall.Sync()
	time.Sleep(time.Duration(w.settle) * time.Second)
	return nil
}

// count returns the number of files below dir, and their bytes.
func count(dir string) (files int, bytes int64, err error) {
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files, bytes = files+1, bytes+info.Size()
		}
		return err
	})
	return files, bytes, err
}
