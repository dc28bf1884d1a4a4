package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var ciLine = regexp.MustCompile(`(?m)^zhendi .*&& zhendi publish.*$`)

// TestLineForCI runs the line that the README gives for CI in a fresh clone of this repository, twice: the second time, from
// another clone, nothing is left to publish.
func TestLineForCI(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	line := ciLine.FindString(string(readme))
	if line == "" {
		t.Fatal("the README has no line for CI")
	}
	dir := t.TempDir()
	run := func(clone string) string {
		t.Helper()
		at := filepath.Join(dir, clone)
		if out, err := exec.Command("git", "clone", "-q", "../..", at).CombinedOutput(); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("no clone: %v %s", err, out)
			}
			t.Skipf("no clone, skipped: the line for CI: %v %s", err, out)
		}
		if clone == "two" { // the target is a folder in the site's: it is the same for both
			if err := os.Rename(filepath.Join(dir, "one", ".zhendi"), filepath.Join(at, ".zhendi")); err != nil {
				t.Fatal(err)
			}
		}
		sh := exec.Command("sh", "-c", line)
		sh.Dir = at
		sh.Env = append(os.Environ(), "ZHENDI_LANG=zh", "SOURCE_DATE_EPOCH=1796083200") // 2026-12-01: the sample is fresh then
		out, err := sh.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		return string(out)
	}
	if out := run("one"); !strings.Contains(out, "已发布到 www") || !strings.Contains(out, "差别 0 处") {
		t.Error(out)
	}
	if out := run("two"); !strings.Contains(out, "www 没有变化") || !strings.Contains(out, "差别 0 处") {
		t.Error(out)
	}
}
