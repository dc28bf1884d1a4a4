package main

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
)

// commitTime returns the time of the newest commit of the repository that the site's folder is in, in Unix seconds; 0 if there is
// none, or no git. It is the serial of a build: the same commit gives the same number anywhere.
func commitTime(ctx context.Context, dir string) int64 {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "log", "-1", "--format=%ct").Output()
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
