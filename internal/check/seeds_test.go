package check

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// seeds reads five real pages that lie beside the repository; their text is not ours to keep.
func seeds(t *testing.T) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, dir := range []string{"*", "*/*"} {
		files, _ := filepath.Glob("../../../shared/seeds-site/content/" + dir + "/seed-*.md")
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			texts[filepath.Base(f)[5:6]] = text
		}
	}
	if len(texts) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("no ../shared/seeds-site")
		}
		t.Skip("no ../shared/seeds-site beside the repository")
	}
	return texts
}

// lookSeed checks a seed as the command would.
func lookSeed(c *Checker, text []byte) (diag.List, *article.Article) {
	a, _ := article.Parse(article.File{Path: "content/lm/a.md", Text: text, Zone: time.UTC})
	l := c.Text(new(Text), a.Path, text, a, a.Lang == "zh-Hant")
	l.Sort()
	return l, a
}

func texts(l diag.List, text []byte, id string) (out []string) {
	lines := strings.Split(string(text), "\n")
	for _, p := range l {
		if p.Rule.ID == id && p.Col > 0 {
			rs := []rune(lines[p.Pos.Line-1])
			out = append(out, string(rs[p.Col-1:min(p.Col-1+p.Len, len(rs))]))
		}
	}
	return out
}

var (
	leftover = regexp.MustCompile(`\p{Han}\([\x{e0}-\x{1dc}a-z]*[\x{e0}-\x{1dc}][a-z]*\)`)
	notSpace = regexp.MustCompile(`\S`)
)

// TestSeedsAreFound counts what the five pages are known to have, at its places.
func TestSeedsAreFound(t *testing.T) {
	c, _ := New(testNow, nil, Lists{})
	all := seeds(t)
	count := func(seed, id string) int {
		l, _ := lookSeed(c, all[seed])
		return len(texts(l, all[seed], id))
	}
	if got, want := count("1", "Z01"), len(leftover.FindAll(all["1"], -1)); got != want || want < 200 {
		t.Errorf("%d pinyin leftovers of %d", got, want)
	}
	for _, w := range []struct {
		seed, id string
		n        int
	}{{"1", "Z03", 1}, {"1", "Z04", 1}, {"2", "Z10", 1}, {"1", "Z12", 4}, {"4", "Z12", 6}, {"0", "Z21", 1}, {"3", "Z56", 1}, {"3", "Z40", 1}, {"3", "Z13", 3}, {"3", "Z32", 1}} {
		l, _ := lookSeed(c, all[w.seed])
		n := 0
		for _, p := range l {
			if p.Rule.ID == w.id {
				n++
			}
		}
		if n != w.n {
			t.Errorf("seed %s: %d of %s, want %d", w.seed, n, w.id, w.n)
		}
	}
	if n := count("4", "Z11"); n < 16 {
		t.Errorf("seed 4: %d stray blanks", n)
	}
	l, _ := lookSeed(c, all["1"])
	for _, p := range l {
		if p.Rule.ID == "Z03" && !strings.HasPrefix(p.Args[1].(string), "。基層") {
			t.Errorf("the repair is %s", p.Args[1])
		}
	}
	l, _ = lookSeed(c, all["2"])
	half := strings.Join(texts(l, all["2"], "Z07"), " ")
	for _, w := range []string{"干部", "關系", "答復", "余"} {
		if !strings.Contains(half, w) {
			t.Errorf("seed 2: %s is not found half converted", w)
		}
	}
	confused := strings.Join(append(texts(l, all["2"], "Z41"), texts(mustLook(c, all["3"]), all["3"], "Z41")...), " ")
	for _, w := range []string{"列會", "責任性", "签定", "作表面文章"} {
		if !strings.Contains(confused, w) {
			t.Errorf("%s is not found", w)
		}
	}
}

func mustLook(c *Checker, text []byte) diag.List {
	l, _ := lookSeed(c, text)
	return l
}

// TestSeedsWrongWayQuotes: in every paragraph of seed 3 with quotes that do not pair, each that is the wrong way
// round is found, and mending leaves none.
func TestSeedsWrongWayQuotes(t *testing.T) {
	c, _ := New(testNow, nil, Lists{})
	text := seeds(t)["3"]
	l, a := lookSeed(c, text)
	wrong := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		double := false
		for _, q := range line {
			if q == '“' || q == '”' {
				if double != (q == '”') {
					wrong++
				}
				double = !double
			}
		}
	}
	found := 0
	for _, s := range texts(l, text, "Z20") {
		if s == "“" || s == "”" {
			found++
		}
	}
	if found != wrong || wrong < 80 {
		t.Errorf("%d double quotes of %d", found, wrong)
	}
	mended, _ := c.Mend(new(Text), a.Path, text, a, false, safely())
	for _, p := range mustLook(c, mended) {
		if p.Rule.ID == "Z20" {
			t.Error("still there:", p.Pos, p.Message(diag.EN))
		}
	}
}

// safely are the rules that --fix mends.
func safely() map[string]bool {
	rules := map[string]bool{}
	for _, a := range Analysers() {
		if a.Mends == Safely {
			rules[a.ID] = true
		}
	}
	return rules
}

// TestSeedsMended: of all bytes of the five pages, mending changes pinyin, the quotes of seed 3 and white space.
func TestSeedsMended(t *testing.T) {
	c, _ := New(testNow, nil, Lists{})
	level := func(text []byte) string {
		text = leftover.ReplaceAllFunc(text, func(m []byte) []byte { return m[:bytes.IndexByte(m, '(')] })
		return strings.Join(notSpace.FindAllString(strings.NewReplacer("“", "q", "”", "q", "‘", "s", "’", "s", "\u00a0", "", "\u3000", "").Replace(string(text)), -1), "")
	}
	for name, text := range seeds(t) {
		_, a := lookSeed(c, text)
		hant := a.Lang == "zh-Hant"
		mended, n := c.Mend(new(Text), a.Path, text, a, hant, safely())
		if n == 0 && name != "2" {
			t.Errorf("seed %s: nothing mended", name)
		}
		if level(text) != level(mended) {
			t.Errorf("seed %s: more was changed than pinyin, quotes and blanks", name)
		}
		if name != "3" && bytes.Count(text, []byte("“")) != bytes.Count(mended, []byte("“")) {
			t.Errorf("seed %s: quotes were changed", name)
		}
		if leftover.Match(mended) {
			t.Errorf("seed %s: pinyin is left", name)
		}
		if bytes.Count(text, []byte("\n")) != bytes.Count(mended, []byte("\n")) {
			t.Errorf("seed %s: lines were added or lost", name)
		}
		again, n := c.Mend(new(Text), a.Path, mended, a, hant, safely())
		if n != 0 || !bytes.Equal(again, mended) {
			t.Errorf("seed %s: mending twice changes more", name)
		}
	}
}
