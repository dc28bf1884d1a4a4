package hanzi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/oracle/golden.json anew from opencc-js")

const (
	oracleVersion = "1.4.1"
	oracleLines   = 20_000
	oracleSamples = 12
)

// A verdict is what opencc-js makes of a configuration's mixtures: hashes over all
// lines, and the first few in full, to read.
type verdict struct {
	Lines       int
	Input, Hash string
	Samples     [][2]string
}

func mixtures(t *testing.T, config string) []string {
	m := newMixer(t, config)
	lines := make([]string, oracleLines)
	for i := range lines {
		lines[i] = m.line()
	}
	return lines
}

func hashLines(lines []string) string {
	h := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(h[:])
}

// TestSameAsOpenCCJS compares with opencc-js's answers as they were recorded, so it
// needs neither network nor node.
func TestSameAsOpenCCJS(t *testing.T) {
	b, err := os.ReadFile("testdata/oracle/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	golden := map[string]verdict{}
	if err := json.Unmarshal(b, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) != len(Configs()) {
		t.Errorf("golden.json has %d configurations, want %d", len(golden), len(Configs()))
	}
	for config, want := range golden {
		c := mustNew(t, config)
		in := mixtures(t, config)
		if hashLines(in) != want.Input || want.Lines != len(in) {
			t.Fatalf("%s: the mixtures are not those of golden.json; run go test -run OpenCCJS -update", config)
		}
		for _, s := range want.Samples {
			if got := c.String(s[0]); got != s[1] {
				t.Errorf("%s: %q\n got %q\nwant %q", config, s[0], got, s[1])
			}
		}
		out := make([]string, len(in))
		for i := range in {
			out[i] = c.String(in[i])
		}
		if hashLines(out) != want.Hash {
			t.Errorf("%s: differs from opencc-js; TestSameAsLiveOpenCCJS shows where", config)
		}
	}
}

// oracleDiffers lists what opencc-js is known to do otherwise, and why.
var oracleDiffers = []struct{ config, in, why string }{
	{"s2t", "⿾发发", "takes U+2FFE for an operator of two operands; it has one, and OpenCC says so"},
	{"s2t", "⿰⿰发", "takes an operator without operands for a character; OpenCC then sees no sequence"},
	{"s2t", strings.Repeat("⿰", 64) + strings.Repeat("发", 65), "has no limit to the depth of description sequences; OpenCC stops at 16"},
}

// TestSameAsLiveOpenCCJS asks opencc-js itself, got from npm.
func TestSameAsLiveOpenCCJS(t *testing.T) {
	dir := oracleFolder(t)
	golden := map[string]verdict{}
	for _, config := range Configs() {
		in, c := mixtures(t, config), mustNew(t, config)
		out := ask(t, dir, config, in)
		bad := 0
		for i := range in {
			if got := c.String(in[i]); got != out[i] && bad < 5 {
				t.Errorf("%s: %q\n got %q\nwant %q", config, in[i], got, out[i])
				bad++
			}
		}
		v := verdict{Lines: len(in), Input: hashLines(in), Hash: hashLines(out)}
		for i := range oracleSamples {
			v.Samples = append(v.Samples, [2]string{in[i], out[i]})
		}
		golden[config] = v
	}
	for _, d := range oracleDiffers {
		if got := mustNew(t, d.config).String(d.in); got == ask(t, dir, d.config, []string{d.in})[0] {
			t.Errorf("%s: %q no longer differs (%s)", d.config, d.in, d.why)
		}
	}
	if *update && !t.Failed() {
		b, _ := json.MarshalIndent(golden, "", "\t")
		if err := os.WriteFile("testdata/oracle/golden.json", append(b, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPortalSameAsLiveOpenCCJS does the same with every line of the sample portal.
func TestPortalSameAsLiveOpenCCJS(t *testing.T) {
	dir := oracleFolder(t)
	var lines []string
	err := filepath.WalkDir(filepath.Join("..", "..", "content"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			lines = append(lines, readLines(t, path)...)
		}
		return err
	})
	if err != nil || len(lines) < 1000 {
		t.Fatalf("%d lines of the portal: %v", len(lines), err)
	}
	for _, config := range Configs() {
		c := mustNew(t, config)
		for i, want := range ask(t, dir, config, lines) {
			if got := c.String(lines[i]); got != want {
				t.Errorf("%s: %q\n got %q\nwant %q", config, lines[i], got, want)
			}
		}
	}
}

// oracleFolder returns a folder with opencc-js in it, or skips the test; never
// under CI=true.
func oracleFolder(t *testing.T) string {
	if testing.Short() {
		t.Skip("asks npm and node")
	}
	give := t.Skipf
	if os.Getenv("CI") == "true" {
		give = t.Fatalf
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "zhendi-test", "opencc-js-"+oracleVersion)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "opencc-js", "package.json")); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		give("no room for opencc-js: %v", err)
	}
	cmd := exec.Command("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, "opencc-js@"+oracleVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		give("npm does not give opencc-js %s: %v\n%s", oracleVersion, err, out)
	}
	return dir
}

// ask has opencc-js convert lines.
func ask(t *testing.T, dir, config string, lines []string) []string {
	t.Helper()
	job, _ := json.Marshal(map[string]any{"config": config, "lines": lines})
	cmd := exec.Command("node", "testdata/oracle/convert.mjs", dir)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(append(job, '\n')), os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(b, &out); err != nil || len(out) != len(lines) {
		t.Fatalf("opencc-js answered %d lines for %d: %v", len(out), len(lines), err)
	}
	return out
}

func mustNew(t testing.TB, config string) *Converter {
	t.Helper()
	c, err := New(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
