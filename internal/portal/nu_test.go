package portal

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// toolsDir is where .ci/tools installs what is not Debian's.
func toolsDir() string {
	if d := os.Getenv("ZHENDI_TOOLS"); d != "" {
		return d
	}
	d := os.Getenv("XDG_CACHE_HOME")
	if d == "" {
		d = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	return filepath.Join(d, "zhendi-tools")
}

// The Nu HTML Checker finds no error in any page.
func TestNuHTMLChecker(t *testing.T) {
	java, err := exec.LookPath("java")
	need(t, err == nil, "a Java runtime", "the Nu HTML Checker on all pages")
	jars, _ := filepath.Glob(filepath.Join(toolsDir(), "node_modules/vnu-jar/build/dist/vnu.jar"))
	need(t, len(jars) == 1, "vnu.jar (.ci/tools)", "the Nu HTML Checker on all pages")
	dirs := map[string]int{}
	for _, m := range []*made{sample, kitchen, seeds} {
		if m == seeds {
			if _, err := os.Stat(seedContent); err != nil {
				continue // said by others
			}
		}
		p := m.get(t)
		dirs[p.dir] = len(p.pages) + len(p.moved)
	}
	// Without a larger stack the checker overflows it.
	args := append([]string{"-Xss1m", "-jar", jars[0], "--skip-non-html", "--errors-only", "--format", "json"}, keys(dirs)...)
	cmd := exec.Command(java, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	runErr := cmd.Run()
	var report struct {
		Messages []struct {
			Type, URL, Message, Extract string
			LastLine                    int
		}
	}
	if err := json.Unmarshal(stderr.Bytes(), &report); err != nil {
		t.Fatalf("%v, %v: %s", runErr, err, stderr.Bytes())
	}
	for _, m := range report.Messages {
		t.Errorf("%s:%d: %s: %s: %s", m.URL, m.LastLine, m.Type, m.Message, m.Extract)
	}
	if runErr != nil && len(report.Messages) == 0 {
		t.Error(runErr)
	}
}

// The checker is one that finds something.
func TestNuHTMLCheckerFinds(t *testing.T) {
	java, err := exec.LookPath("java")
	need(t, err == nil, "a Java runtime", "the Nu HTML Checker")
	jars, _ := filepath.Glob(filepath.Join(toolsDir(), "node_modules/vnu-jar/build/dist/vnu.jar"))
	need(t, len(jars) == 1, "vnu.jar (.ci/tools)", "the Nu HTML Checker")
	dir := t.TempDir()
	write(t, dir, "a.html", "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><title>t</title></head><body><p><div>x</div></p></body></html>\n")
	if out, err := exec.Command(java, "-Xss1m", "-jar", jars[0], "--skip-non-html", "--errors-only", dir).CombinedOutput(); err == nil {
		t.Errorf("no error found: %s", out)
	}
}
