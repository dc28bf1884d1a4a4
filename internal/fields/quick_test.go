package fields

import (
	"fmt"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"

	"zhendi/internal/diag"
)

var quickSchema = Schema{Of: diag.T("记录", "record"), Fields: []Field{
	{Name: "title", Also: []string{"标题"}}, {Name: "date", Kind: Time}, {Name: "tags", Also: []string{"标签"}, Kind: Texts}, {Name: "params", Kind: Any},
	{Name: "reviewers", Kind: Group, Sub: &Schema{Fields: []Field{{Name: "first"}}}},
}}

var quickTexts = []string{
	"title: 党建\n", "title: 党建", "title: \"党建：一\"\ntags:\n  - 党建\n  - \"学习\"\ndate: 2023-06-25T13:33:00+08:00\n", "tags:\n- 甲\n- '乙'\ntitle: a\n\nsource: 某 报\n",
	"标题:   空 格\n标签:\n    - a b\n    - 10:30\n", "title: 3\nx_y: true\ntags:\n - null\n - 1.5\n", "title: 甲\n乙\n", "title: a: b\n", "title: a #b\n", "title: a#b\n", "title:a\n", "title: a:\n",
	"title:\n", "title:\ntags:\n- a\n", "tags:\n- a\n  - b\n", "tags:\n  - a\n - b\n", "tags:\n- a: b\n", "tags:\n- - a\n", "tags:\n-a\n", "tags: a\n- b\n", "params: 5\n", "params:\n- 5\n",
	"title: 'a''b'\n", "title: \"a\\n\"\n", "title: \"a\" b\n", "title: \"a\n  b\"\n", "title: a\ntitle: b\n", "title: a \n", "title: [a]\n", "title: ~\n", "title: a\n---\n", "- a\n", "\ntitle: a\n", "title: a\n  b\n",
	"title: a\tb\n", "title: a\u0085b\n", "title: a\u2028b\n", "title: \ufeffa\n", "title: “a”：b\n", "reviewers: a\n", "a b: c\n", "true: a\n", "1: a\n", "---: a\n", "_a: b\n", "title: a\r\n", "title: \"\"\ntags:\n- ''\n", "title: -a\n", "title: <<\n<<: a\n",
	"tags:\n\n- a\n\n\n- b\n\n", "tags:\n- a\n\ntitle: b\n", "tags:\n- a\nb\n", "title: a,b]c}d\n",
}

// TestQuickIsWhatTheLibraryReads holds quick to what it stands in for. FuzzQuick does so for any text.
func TestQuickIsWhatTheLibraryReads(t *testing.T) {
	taken := 0
	for _, text := range quickTexts {
		if compareQuick(t, text) {
			taken++
		}
	}
	if taken < 10 {
		t.Errorf("only %d of %d are taken", taken, len(quickTexts))
	}
}

// compareQuick reports whether quick takes a text.
func compareQuick(t *testing.T, text string) bool {
	t.Helper()
	q := quicks.Get().(*quick)
	defer q.release()
	root := q.read(&quickSchema, text)
	if root == nil {
		return false
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		t.Errorf("%q: %v", text, err)
		return true
	}
	if got, want := nodesText(root), nodesText(doc.Content[0]); got != want {
		t.Errorf("%q\ngot\n%s\nwant\n%s", text, got, want)
	}
	return true
}

func nodesText(n *yaml.Node) string {
	s := fmt.Sprintf("%d %d %q %d:%d %q%q%q%q %v\n", n.Kind, n.Style, n.Value, n.Line, n.Column, n.Anchor, n.HeadComment, n.LineComment, n.FootComment, strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"))
	for _, c := range n.Content {
		s += nodesText(c)
	}
	return s
}

func FuzzQuick(f *testing.F) {
	for _, s := range quickTexts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { compareQuick(t, text) })
}

func BenchmarkRead(b *testing.B) {
	text := []byte("title: \"浦东新区：防范革命传统与公共卫生\"\ndate: 2023-06-25T13:33:00+08:00\nsource: 法治日报\nauthor: 赵铁柱\ntags:\n  - 预算管理\n  - 社会保障\n")
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := quickSchema.Read(Record{File: "a.md", Line: 2, Text: text}); len(problems) != 2 {
			b.Fatal(problems)
		}
	}
}

// A giant is the library's: here every key is compared with those before it.
func TestQuickLeavesGiants(t *testing.T) {
	s := &Schema{}
	for _, text := range []string{strings.Repeat("\n", 1<<20), strings.Repeat("k: a\n", quickLines), strings.Repeat("- a\n", 1<<20)} {
		if q := new(quick); q.read(s, text) != nil || cap(q.nodes) > 0 {
			t.Errorf("room for %d nodes of %d bytes", cap(q.nodes), len(text))
		}
	}
}
