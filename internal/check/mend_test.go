package check

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

func mendable() map[string]bool {
	rules := safely()
	for _, a := range Analysers() {
		if a.Mends == Asked {
			rules[a.ID] = true
		}
	}
	return rules
}

func TestMend(t *testing.T) {
	c := everything(t, Lists{})
	for in, want := range map[string]string{
		"西双河小区(qū)，不到一年(nián)时间。":               "西双河小区，不到一年时间。",
		"中心于2021 年 11 月建成。":                     "中心于2021年11月建成。",
		"　　各支部要认真学习。":                           "各支部要认真学习。",
		"甲段。\n\n\u00a0\n\n乙段。":                  "甲段。\n\n\n\n乙段。",
		"以”当家人”为内涵。":                            "以“当家人”为内涵。",
		"他说：“好，大家高兴。":                           "他说：“好，大家高兴。", // cannot know where it ends
		"党\u200b建":                              "党建",
		"他是“常客rdquo;。":                          "他是“常客”。",
		"<!-- zhendi-ignore Z17 对齐 -->\n　　各支部。": "<!-- zhendi-ignore Z17 对齐 -->\n　　各支部。",
		"见[甲 ](a.md) ，乙，建成于** 2021 年**。":        "见[甲 ](a.md) ，乙，建成于**2021年**。", // not the link
		"甲&amp;lt;b>乙":                          "甲&lt;b>乙",
		"写作\\&nbsp;的空格":                         "写作\\&nbsp;的空格",
		"---\ntitle: \"甲quot;乙rdquo;\"\n---\n":  "---\ntitle: \"甲quot;乙”\"\n---\n",
		"　　2. 加强学习":                             "　　2. 加强学习", // would begin a list
		"`2021 年 (qū)` 与 [甲](2021 年.md)":        "`2021 年 (qū)` 与 [甲](2021 年.md)",
	} {
		got, _ := c.Mend(new(Text), "a.md", []byte(in), nil, false, safely())
		if string(got) != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	got, _ := c.Mend(new(Text), "a.md", []byte("各支部,党员(含预备党员):说\"好\"...关爱老人.送健康"), nil, false, mendable())
	if string(got) != "各支部，党员（含预备党员）：说“好”……关爱老人·送健康" {
		t.Errorf("%q", got)
	}
}

// TestMendLeavesTheFileAlone: byte order mark, line ends of every kind and a last line without one stay.
func TestMendLeavesTheFileAlone(t *testing.T) {
	raw := "\xef\xbb\xbf第一(yī)行\r\n第二行\n2021 年第三行\r\r\n末行"
	old := "第一(yī)行\n第二行\n2021 年第三行\n\n末行"
	mended := strings.NewReplacer("(yī)", "", " ", "").Replace(old)
	if got := string(asFile([]byte(raw), []byte(old), []byte(mended))); got != strings.NewReplacer("(yī)", "", " ", "").Replace(raw) {
		t.Errorf("%q", got)
	}
}

// TestMendTwice: whatever damage is put into the sample portal's articles, mending twice is mending once, and
// what it mends is no longer found.
func TestMendTwice(t *testing.T) {
	files, _ := filepath.Glob("../../content/*/*.md")
	if len(files) == 0 {
		t.Fatal("no articles")
	}
	c := everything(t, Lists{})
	rng := rand.New(rand.NewPCG(8, 1))
	damage := []string{"(qū)", " ", "　", "”", "“", "’", ",", "。。。", "--", "\u200b", "rdquo;", "&nbsp;", "(", ")", "\n\u00a0\n", "\n　　", "2021 年", "\"", "*", "`", "[", "\\"}
	for round := range 300 {
		text, err := os.ReadFile(files[round%len(files)])
		if err != nil {
			t.Fatal(err)
		}
		rs := []rune(string(text))
		for range 12 {
			i := len(rs)/4 + rng.IntN(len(rs)-len(rs)/4)
			rs = append(rs[:i:i], append([]rune(damage[rng.IntN(len(damage))]), rs[i:]...)...)
		}
		once, _ := c.Mend(new(Text), "a.md", []byte(string(rs)), nil, false, mendable())
		twice, n := c.Mend(new(Text), "a.md", once, nil, false, mendable())
		if n != 0 || !bytes.Equal(once, twice) {
			t.Fatalf("round %d: mended again:\n%s\n%s", round, once, twice)
		}
		if strings.Count(string(rs), "\n") != bytes.Count(once, []byte("\n")) {
			t.Fatalf("round %d: lines were added or lost", round)
		}
		if was, is := strings.Count(string(rs), "]("), bytes.Count(once, []byte("](")); was != is {
			t.Fatalf("round %d: of %d links %d are left", round, was, is)
		}
	}
}

func TestApplyLeavesOverlapsForLater(t *testing.T) {
	got, n := Apply([]byte("甲乙丙\n丁"), []diag.Edit{{Line: 1, Col: 2, EndLine: 1, EndCol: 3, Text: "二"}, {Line: 1, Col: 2, EndLine: 1, EndCol: 4, Text: "x"}, {Line: 2, Col: 2, EndLine: 2, EndCol: 2, Text: "！"}, {Line: 9, Col: 1, EndLine: 9, EndCol: 1, Text: "?"}})
	if string(got) != "甲二丙\n丁！" || n != 2 {
		t.Errorf("%q %d", got, n)
	}
}

// FuzzText looks for texts on which a rule fails or mending does not end.
func FuzzText(f *testing.F) {
	for _, a := range Analysers() {
		for _, e := range append(a.Bad, a.Good...) {
			f.Add(lines(e))
		}
	}
	c := everything(f, Lists{Names: []string{"中共云岫市委市直机关工作委员会"}, Phrases: []Phrase{{"四个意识", []string{"政治意识", "大局意识", "核心意识"}}}})
	rules := mendable()
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.ContainsRune(text, 0) && strings.ToValidUTF8(text, "") == text && !strings.Contains(text, "\r") {
			for _, p := range look(c, text) {
				if p.Pos.Line < 1 || p.Len < 0 {
					t.Fatalf("%v %d", p.Pos, p.Len)
				}
			}
			once, _ := c.Mend(new(Text), "a.md", []byte(text), nil, false, rules)
			if strings.Count(text, "\n") != bytes.Count(once, []byte("\n")) {
				t.Fatalf("lines were added or lost: %q", once)
			}
		}
	})
}
