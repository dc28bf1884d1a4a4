package check

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

var update = flag.Bool("update", false, "write what the fixtures should want; read the diff")

// wanted is an expectation at the end of a line: <!-- want Z20 "”" "，" Z22 "," --> lists, after each rule, the
// texts it must point to. What no line wants must not be found.
var wanted = regexp.MustCompile(` ?<!-- want (.*?) -->$`)

// TestFixtures holds each rule to testdata/Z….md, where good and bad lines stand together; a line of ====
// begins another article.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	c := everything(t, Lists{
		Words:   []Word{{Wrong: "截屏", Right: "截图"}},
		Names:   []string{"中共云岫市委市直机关工作委员会"},
		Banned:  []Word{{Wrong: "绝无仅有", Note: "用语过满"}},
		Phrases: []Phrase{{Name: "四个意识", Members: []string{"政治意识", "大局意识", "核心意识", "看齐意识"}}},
		Protect: []string{"後港村"},
	})
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var text, want []string
		for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\n"), "\n") {
			w := ""
			if m := wanted.FindStringSubmatch(line); m != nil {
				w, line = m[1], strings.TrimSuffix(line, m[0])
			}
			text, want = append(text, line), append(want, w)
		}
		got := make([]string, len(text))
		last := make([]string, len(text))
		for _, p := range sections(c, text) {
			i := p.Pos.Line - 1
			rs := []rune(text[i])
			at := min(max(p.Col-1, 0), len(rs))
			if p.Rule.ID != last[i] {
				got[i] += " " + p.Rule.ID
				last[i] = p.Rule.ID
			}
			got[i] += fmt.Sprintf(" %q", string(rs[at:min(at+p.Len, len(rs))]))
		}
		var out []string
		for i := range text {
			got[i] = strings.TrimPrefix(got[i], " ")
			if got[i] != want[i] && !*update {
				t.Errorf("%s:%d: found %s, want %s\n\t%s", f, i+1, got[i], want[i], text[i])
			}
			if got[i] != "" {
				text[i] += " <!-- want " + got[i] + " -->"
			}
			out = append(out, text[i])
		}
		if id := strings.TrimSuffix(filepath.Base(f), ".md"); !slices.ContainsFunc(out, func(l string) bool { return strings.Contains(l, "want ") && strings.Contains(l, id) }) {
			t.Errorf("%s finds nothing of %s", f, id)
		}
		if *update {
			if err := os.WriteFile(f, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// sections checks the texts between lines of ====, each as an article of its own.
func sections(c *Checker, text []string) (problems diag.List) {
	from := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != "====" {
			continue
		}
		found := look(c, strings.Join(text[from:i], "\n"))
		found.Sort()
		for _, p := range found {
			p.Pos.Line = max(p.Pos.Line, 1) + from
			problems.Add(p)
		}
		from = i + 1
	}
	return problems
}

// TestEveryTextRuleHasAFixture keeps testdata complete.
func TestEveryTextRuleHasAFixture(t *testing.T) {
	for _, a := range Analysers() {
		if a.Text == nil && len(a.Bad) == 0 {
			continue
		}
		if _, err := os.Stat("testdata/" + a.ID + ".md"); err != nil {
			t.Errorf("%s %s has no fixture", a.ID, a.Name.EN)
		}
	}
}
