package main

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// zhendiLine finds a command of zhendi in a line of a code block: at its start, or after what leads to it in shell and YAML.
var zhendiLine = regexp.MustCompile(`(?:^|&& |\|\| |\| |; |run: |- |exec |\$\(|=\S+ )(?:\./)?zhendi ([^&|;#)>]*)`)

// ifSet is what shells put if a variable is set.
var ifSet = regexp.MustCompile(`\$\{\w+:\+([^}]*)\}`)

// TestManualLines runs every line of the manual's code blocks that calls zhendi, in an empty folder: there it can do nothing, but it must
// not be wrong usage.
func TestManualLines(t *testing.T) {
	lines := map[string]string{}
	for _, name := range manualPages(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fence := ""
		for _, l := range strings.Split(string(text), "\n") {
			l = strings.TrimSpace(l)
			if mark, lang, ok := strings.Cut(l, "```"); ok && mark == "" {
				if fence == "" {
					fence = "```" + lang
				} else {
					fence = ""
				}
				continue
			}
			if fence == "```sh" || fence == "```yaml" {
				for _, m := range zhendiLine.FindAllStringSubmatch(l, -1) {
					lines[strings.TrimSpace(m[1])] = name
				}
			}
		}
	}
	if len(lines) < 30 {
		t.Errorf("only %d lines were found", len(lines))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // serve ends when it begins
	for line, name := range lines {
		t.Chdir(t.TempDir()) // init makes a site, in which serve would serve
		var errs strings.Builder
		e := &env{ctx: ctx, stdin: strings.NewReader(""), stdout: io.Discard, stderr: &errs, getenv: func(string) string { return "" }}
		words := strings.Fields(strings.ReplaceAll(ifSet.ReplaceAllString(line, "$1"), `"`, ""))
		if run(e, words) == exitUsage {
			t.Errorf("%s: zhendi %s\n%s", name, line, errs.String())
		}
	}
}
