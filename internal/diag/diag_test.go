package diag

import (
	"strings"
	"testing"
)

var (
	testRule = Rule{ID: "date", ZH: "日期“%[1]s”有误:%[2]s", EN: "bad date %[1]q: %[2]s", FixZH: "改为 %[3]s", FixEN: "write %[3]s"}
	testNote = Rule{ID: "note", Severity: Warning, ZH: "注意", EN: "beware"}
)

func TestMessageInBothLanguages(t *testing.T) {
	p := testRule.At(Pos{"a.md", 3, 7}, "x", T("不好", "bad"), "y")
	if got := p.Message(ZH); got != "日期“x”有误:不好" {
		t.Error(got)
	}
	if got := p.Message(EN); got != `bad date "x": bad` {
		t.Error(got)
	}
	if p.Fix(ZH) != "改为 y" || p.Fix(EN) != "write y" {
		t.Error(p.Fix(ZH), p.Fix(EN))
	}
	if testNote.At(Pos{}, "unused").Message(EN) != "beware" {
		t.Error("arguments of a message without verbs show")
	}
}

func TestSortDropsRepeats(t *testing.T) {
	l := List{testNote.At(Pos{"b.md", 1, 1}), testRule.At(Pos{"a.md", 10, 1}, "x", "y", "z"), testRule.At(Pos{"a.md", 9, 1}, "x", "y", "z"), testNote.At(Pos{"b.md", 1, 1})}
	l.Sort()
	if len(l) != 3 || l[0].Pos.Line != 9 || l[1].Pos.Line != 10 || l.Count(Warning) != 1 || l.Count(Error) != 2 {
		t.Errorf("%v", l)
	}
}

func TestTextMarksTheCharacterAfterWideOnes(t *testing.T) {
	l := List{testRule.At(Pos{"a.md", 1, 4}, "x", "y", "z")}
	l.Quote(func(string) []string { return []string{"“党建x\tb"} })
	var b strings.Builder
	if err := l.WriteText(&b, EN); err != nil {
		t.Fatal(err)
	}
	want := "a.md:1:4: error: bad date \"x\": y [date]\n    “党建x b\n          ^\n    → write z\n"
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

func TestLongLineIsCutAroundThePlace(t *testing.T) {
	text, mark := excerpt(strings.Repeat("党", 500)+"X"+strings.Repeat("建", 500), 501)
	if len([]rune(text)) > maxExcerpt+4 || !strings.HasPrefix(text, "… ") || !strings.HasSuffix(text, " …") {
		t.Error(text)
	}
	if got := []rune(text)[2+(mark-2)/2]; got != 'X' {
		t.Errorf("mark under %c", got)
	}
}

func TestControlCharactersDoNotReachTheTerminal(t *testing.T) {
	if text, _ := excerpt("a\x1b[31mb\u009bc", 1); strings.ContainsAny(text, "\x1b\u009b") {
		t.Errorf("%q", text)
	}
}

func TestWarningsThatSayTheSameAreCounted(t *testing.T) {
	var l List
	for i := range 10 {
		l.Add(testNote.At(Pos{"a.md", i + 1, 0}), testRule.At(Pos{"b.md", i + 1, 0}, "x", "y", "z"))
	}
	var b strings.Builder
	if err := l.WriteText(&b, EN); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "warning: beware [note]\n"); n != 3 {
		t.Errorf("%d warnings shown", n)
	}
	if n := strings.Count(b.String(), "error: bad date"); n != 10 {
		t.Errorf("%d errors shown: errors are never left out", n)
	}
	if !strings.HasSuffix(b.String(), "warning: beware [note]: 7 more\n") {
		t.Error(b.String())
	}
}
