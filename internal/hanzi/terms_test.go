package hanzi

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestTermsGoFirst(t *testing.T) {
	terms := &Terms{
		Pairs:   []Pair{{"里面", "裡邊"}, {"里面的人", "內部人"}, {"CPC", "中共"}, {"党办", "黨辦公室"}},
		Protect: []string{"于凤至", "范", "后里", "进程"},
	}
	for _, c := range []struct{ config, in, want string }{
		{"s2tw", "等于凤至来", "等于凤至來"},           // 等于 would be a phrase
		{"s2tw", "范围和后里的后院", "范圍和后里的後院"},     // a term of one character holds everywhere
		{"s2tw", "里面的人在里面", "內部人在裡邊"},        // longest first
		{"s2tw", "里面的", "裡邊的"},               //
		{"s2tw", "CPC党办", "中共黨辦公室"},          //
		{"s2twp", "进程和程序", "进程和程式"},          //
		{"s2tw", "不能改写成裡面", "不能改寫成裡面"},       //
		{"tw2sp", "後里面板和進程", "后裡邊板和进程"},      // 后里 is no term in the traditional text
		{"tw2sp", "范圍CPC裡面的進程", "范围中共里面的进程"}, //
	} {
		conv, err := New(c.config, terms)
		if err != nil {
			t.Fatal(err)
		}
		if got := conv.String(c.in); got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.config, c.in, got, c.want)
		}
	}
}

// TestTermsAreFinal: what a term became is not converted again.
func TestTermsAreFinal(t *testing.T) {
	for _, name := range Configs() {
		c, err := New(name, &Terms{Pairs: []Pair{{"甲乙", "发發里裡程序进程"}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.String("甲乙甲乙"); got != strings.Repeat("发發里裡程序进程", 2) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestTermsLikeSplitting compares with a plain way to do it: cut the text at the
// terms, and convert the parts by themselves.
func TestTermsLikeSplitting(t *testing.T) {
	for _, name := range []string{"s2t", "s2twp", "tw2sp"} {
		m := newMixer(t, name)
		plain := mustNew(t, name)
		terms := &Terms{}
		for i := range 3000 {
			from := []rune(m.keys[m.r.IntN(len(m.keys))])
			from = from[:1+m.r.IntN(len(from))]
			if s := string(from); i%2 == 0 {
				terms.Protect = append(terms.Protect, s)
			} else if !contains(terms, s) {
				terms.Pairs = append(terms.Pairs, Pair{s, fmt.Sprint("词", i)})
			}
		}
		var protect []string
		for _, p := range terms.Protect {
			if !contains(terms, p) {
				protect = append(protect, p)
			}
		}
		terms.Protect = protect
		c, err := New(name, terms)
		if err != nil {
			t.Fatal(err)
		}
		to := map[string]string{}
		for _, p := range terms.Protect {
			to[p] = p
		}
		for _, p := range terms.Pairs {
			to[p.From] = p.To
		}
		for range 2000 {
			in := m.line()
			if got, want := c.String(in), splitting(plain, to, in); got != want {
				t.Fatalf("%s: %q\n got %q\nwant %q", name, in, got, want)
			}
		}
	}
}

func contains(terms *Terms, s string) bool {
	for _, p := range terms.Pairs {
		if p.From == s {
			return true
		}
	}
	return false
}

func splitting(c *Converter, terms map[string]string, s string) string {
	var b strings.Builder
	from := 0
next:
	for i := range s {
		if i < from {
			continue
		}
		for n := min(len(s)-i, maxTerm*4); n > 0; n-- {
			if to, ok := terms[s[i:i+n]]; ok {
				b.WriteString(c.String(s[from:i]) + to)
				from = i + n
				continue next
			}
		}
	}
	return b.String() + c.String(s[from:])
}

func TestBadTerms(t *testing.T) {
	for _, c := range []struct {
		terms   Terms
		protect bool
		index   int
	}{
		{Terms{Pairs: []Pair{{"甲", "乙"}, {"", "乙"}}}, false, 1},
		{Terms{Pairs: []Pair{{"甲", ""}}}, false, 0},
		{Terms{Pairs: []Pair{{"甲", "乙"}, {"丙", "丁"}, {"甲", "丁"}}}, false, 2},
		{Terms{Pairs: []Pair{{"甲", "乙"}}, Protect: []string{"丙", "甲"}}, true, 1},
		{Terms{Protect: []string{"甲\n"}}, true, 0},
		{Terms{Protect: []string{"<甲"}}, true, 0},
		{Terms{Protect: []string{"\xff"}}, true, 0},
		{Terms{Protect: []string{strings.Repeat("甲", maxTerm+1)}}, true, 0},
	} {
		_, err := New("s2t", &c.terms)
		var bad *TermError
		if !errors.As(err, &bad) || bad.Protect != c.protect || bad.Index != c.index || bad.Reason.ZH == "" || bad.Reason.EN == "" {
			t.Errorf("%+v: got %v", c.terms, err)
		}
	}
	if _, err := New("s2t", &Terms{Pairs: []Pair{{"甲", "乙"}, {"甲", "乙"}}, Protect: []string{"丙", "丙"}}); err != nil {
		t.Errorf("repeated terms: %v", err)
	}
}
