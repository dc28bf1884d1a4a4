package main

import (
	"context"
	"strings"
	"testing"
)

// TestSamplePasses: the sample portal, the manual in it too, has nothing that check calls an error.
func TestSamplePasses(t *testing.T) {
	var out, errs strings.Builder
	e := &env{ctx: context.Background(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}
	if code := run(e, []string{"check", "--source", "../..", "--now", "2026-11-22 12:00"}); code != exitDone {
		t.Errorf("exit status %d\n%s%s", code, out.String(), errs.String())
	}
}
