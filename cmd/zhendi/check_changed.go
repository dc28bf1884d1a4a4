package main

import (
	"errors"
	"os/exec"
	"path"
	"strings"

	"zhendi/internal/diag"
)

// changedFiles asks Git which files of the site differ from a revision, untracked ones among them.
func (e *env) changedFiles(o checkOptions) (only func(string) bool, code int, ok bool) {
	rev := o.changed.value
	if rev == "" {
		rev = "HEAD"
	}
	git := func(args ...string) ([]string, error) {
		cmd := exec.CommandContext(e.ctx, "git", append([]string{"-C", o.source}, args...)...)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil && errs.Len() > 0 {
			err = errors.New(strings.TrimSpace(errs.String()))
		}
		return strings.Split(string(out), "\x00"), err
	}
	diffed, err1 := git("diff", "--name-only", "--relative", "-z", "--end-of-options", rev, "--")
	fresh, err2 := git("ls-files", "--others", "--exclude-standard", "-z")
	if err := errors.Join(err1, err2); err != nil {
		e.complain(diag.T("Git 说不出改动了什么："+err.Error(), "git cannot say what changed: "+err.Error()))
		e.hint(diag.T("--changed 要在 Git 仓库里用，版本写成 --changed=main 的样子", "--changed works in a Git repository; a revision is written --changed=main"))
		return nil, exitFailed, false
	}
	changed := map[string]bool{}
	for _, f := range append(diffed, fresh...) {
		if f != "" {
			changed[path.Clean(f)] = true
		}
	}
	return func(p string) bool { return changed[p] }, 0, true
}
