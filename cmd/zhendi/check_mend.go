package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"zhendi/internal/check"
	"zhendi/internal/diag"
)

// showEdits prints what --fix would change, as a diff.
func (e *env) showEdits(files []check.Mended) int {
	edits := 0
	for _, f := range files {
		edits += f.Edits
		fmt.Fprintf(e.stdout, "--- a/%s\n+++ b/%s\n", f.Path, f.Path)
		old, mended := strings.Split(string(f.Old), "\n"), strings.Split(string(f.New), "\n")
		for i := range old { // mending leaves lines where they are
			if old[i] != mended[i] {
				fmt.Fprintf(e.stdout, "@@ -%d +%d @@\n-%s\n+%s\n", i+1, i+1, old[i], mended[i])
			}
		}
	}
	e.say(diag.T(fmt.Sprintf("会修改 %d 个文件的 %d 处；没有写入", len(files), edits),
		fmt.Sprintf("%s in %s would be mended; nothing written", count(edits, "place"), count(len(files), "file"))))
	return exitDone
}

// writeEdits puts mended files in place, each whole or not at all, and returns how many.
func (e *env) writeEdits(dir string, files []check.Mended) (written int, err error) {
	for _, f := range files {
		name, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil {
			return written, err
		}
		ok, err := replaceFile(name, f.Old, f.New)
		if err != nil {
			return written, err
		}
		if !ok {
			e.say(diag.T(f.Path+" 刚刚被改动过，没有修改", f.Path+" has just been changed and is left alone"))
			continue
		}
		written++
	}
	return written, nil
}

// replaceFile puts text in the place of a file that still holds old: a new file beside it, synced, then
// renamed over it.
func replaceFile(name string, old, text []byte) (ok bool, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".zhendi-*.tmp")
	if err != nil {
		return false, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	if err := errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close()); err != nil {
		return false, err
	}
	if now, err := os.ReadFile(name); err != nil || string(now) != string(old) {
		return false, err
	}
	return true, os.Rename(tmp.Name(), name)
}
