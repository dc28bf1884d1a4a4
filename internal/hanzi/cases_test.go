package hanzi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhendi/internal/hanzi/pack"
)

// caseDiffers lists the expectations of OpenCC's own test cases that do not hold
// here, by case and configuration.
var caseDiffers = map[string]string{
	"BYVoid_OpenCC_PR_1228_existing_behaviors t2s": "殢 to 𣨼 is in TSCharactersExt, which most fonts cannot show; skipped like OpenCC's command does",
	"BYVoid_OpenCC_PR_1229_existing_behaviors t2s": "圞 to 𪢮 likewise",
	"BYVoid_OpenCC_PR_464_xi_vs_xi t2s":            "樠 to 𣗊 likewise",
}

// TestOpenCCCases runs the cases that come with the dictionaries. Upstream runs them
// with the dictionaries of rare characters on.
func TestOpenCCCases(t *testing.T) {
	b, err := os.ReadFile("testdata/testcases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID, Input string
			Expected  map[string]string
		}
	}
	if err := json.Unmarshal(pack.StripJSONC(b), &file); err != nil {
		t.Fatal(err)
	}
	n := 0
	refs := map[string]*reference{}
	for _, c := range file.Cases {
		for config, want := range c.Expected {
			n++
			if refs[config] == nil {
				refs[config] = newReference(t, config, true)
			}
			if got := refs[config].String(c.Input); got != want {
				t.Errorf("%s %s: with rare characters: %q\n got %q\nwant %q", c.ID, config, c.Input, got, want)
			}
			differs(t, caseDiffers, c.ID+" "+config, mustNew(t, config).String(c.Input), want)
		}
	}
	if n != 475 {
		t.Errorf("%d expectations, want 475", n)
	}
}

// olderDiffers lists the lines of OpenCC 1.1.9's cases that 1.4.1 reads otherwise.
var olderDiffers = map[string]string{}

// TestOlderOpenCCCases runs the cases beside the repository, where they are.
func TestOlderOpenCCCases(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "opencc")
	ins, _ := filepath.Glob(filepath.Join(dir, "*.in"))
	if len(ins) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no cases in %s", dir)
		}
		t.Skipf("no cases in %s", dir)
	}
	for _, file := range ins {
		config := strings.TrimSuffix(filepath.Base(file), ".in")
		in, want := readLines(t, file), readLines(t, strings.TrimSuffix(file, ".in")+".ans")
		for i := range in {
			differs(t, olderDiffers, config+" "+in[i], mustNew(t, config).String(in[i]), want[i])
		}
	}
}

func readLines(t *testing.T, file string) []string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(b), "\n"), "\n")
}

// differs fails unless got is want, or key is listed and got is not want.
func differs(t *testing.T, listed map[string]string, key, got, want string) {
	t.Helper()
	why, ok := listed[key]
	switch {
	case got != want && !ok:
		t.Errorf("%s\n got %q\nwant %q", key, got, want)
	case got == want && ok:
		t.Errorf("%s: no longer differs (%s)", key, why)
	}
}
