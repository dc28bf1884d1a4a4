package hanzi

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"zhendi/internal/hanzi/pack"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ config, in, want string }{
		{"s2t", "干部在干净的后院里", "幹部在乾淨的後院裏"},
		{"s2tw", "干部在干净的后院里", "幹部在乾淨的後院裡"},
		{"s2tw", "党建引领干群关系", "黨建引領幹群關係"},
		{"t2s", "幹群關係，皇后在後院", "干群关系，皇后在后院"},
		{"s2twp", "文件支持", "檔案支援"},
		{"s2tw", "文件支持", "文件支持"},
		{"s2t", "不 豈 更", "不 豈 更"}, // compatibility characters
		{"s2t", "⿰亻发⿲发发发发", "⿰亻发⿲发发发發"},
		{"s2t", "⿰发", "⿰發"},
		{"s2t", strings.Repeat("⿰", 64) + strings.Repeat("发", 65), strings.Repeat("⿰", 64) + strings.Repeat("发", 16) + strings.Repeat("發", 49)},
		{"s2t", "⿾发发", "⿾发發"},
		{"s2t", "", ""},
		{"s2twp", "用U盘和B超", "用隨身碟和超音波"},
		{"s2twp", "Using the USB stick", "Using the USB stick"},
		{"s2t", "\xff发\xe5\x8f展\xf0\x9f发\xed\xa0\x80发展\xe5", "\xff發\xe5\x8f展\xf0\x9f發\xed\xa0\x80發展\xe5"},
	} {
		if got := mustNew(t, c.config).String(c.in); got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.config, c.in, got, c.want)
		}
	}
}

func TestUnknownConfiguration(t *testing.T) {
	if _, err := New("s2x", nil); err == nil || !strings.Contains(err.Error(), `"s2x"`) {
		t.Errorf("got %v", err)
	}
}

func TestPhrasesAcrossRuns(t *testing.T) {
	for _, c := range []struct{ config, in, want string }{
		{"s2t", "头|发|和|发|展", "頭|髮|和|發|展"},
		{"s2t", "|头||发|", "|頭||髮|"},
		{"s2twp", "互|联|网", "網|際網|路"}, // four characters for three
		{"s2twp", "软|件|程序", "軟|體|程式"},
		{"tw2sp", "滑|鼠|裡|面", "鼠|标|里|面"},
		{"tw2sp", "網際|網路", "互联|网"},
		{"s2t", "⿰|亻|发|发", "⿰|亻|发|發"},
	} {
		got := strings.Join(mustNew(t, c.config).Runs(strings.Split(c.in, "|")), "|")
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.config, got, c.want)
		}
	}
}

// TestRunsAndChunksChangeNothing cuts random texts anywhere, also inside characters.
func TestRunsAndChunksChangeNothing(t *testing.T) {
	terms := &Terms{Pairs: []Pair{{"里面", "裡邊"}, {"干", "幹活"}}, Protect: []string{"于凤至", "后", "统的"}}
	for _, name := range Configs() {
		m := newMixer(t, name)
		m.plain = append(m.plain, "于凤至", "⿰", "\xff", "\n", "后", "干")
		for _, terms := range []*Terms{nil, terms} {
			c, err := New(name, terms)
			if err != nil {
				t.Fatal(err)
			}
			for range 200 {
				in := m.line() + m.line()
				want := c.String(in)
				parts := cutAnywhere(m.r, in)
				if got := strings.Join(c.Runs(parts), ""); got != want {
					t.Fatalf("%s: runs of %q\n got %q\nwant %q", name, parts, got, want)
				}
				if got := stepwise(c, m.r, in); got != want {
					t.Fatalf("%s: steps of %q\n got %q\nwant %q", name, in, got, want)
				}
			}
		}
	}
}

func cutAnywhere(r *rand.Rand, s string) []string {
	var out []string
	for s != "" {
		n := min(len(s), r.IntN(12))
		out = append(out, s[:n])
		s = s[n:]
	}
	return append(out, "")
}

// stepwise converts with the text growing by a few bytes a step, as a stream that
// converts whenever it can.
func stepwise(c *Converter, r *rand.Rand, s string) string {
	j := c.job()
	var in []byte
	for s != "" {
		n := min(len(s), 1+r.IntN(40))
		in = append(in, s[:n]...)
		s = s[n:]
		in = in[j.step(in, 0, false):]
	}
	j.step(in, 0, true)
	return string(j.out().buf[:j.out().n])
}

func TestStreams(t *testing.T) {
	for _, name := range []string{"s2t", "s2twp", "tw2sp"} {
		m, c := newMixer(t, name), mustNew(t, name)
		var b strings.Builder
		for b.Len() < 3*streamBlock {
			b.WriteString(m.line())
			b.WriteString("\xe5\n")
		}
		in := b.String()
		want := c.String(in)
		for label, r := range map[string]io.Reader{
			"reader": c.NewReader(strings.NewReader(in)),
			"halves": c.NewReader(iotest.HalfReader(strings.NewReader(in))),
		} {
			got, err := io.ReadAll(r)
			if err != nil || string(got) != want {
				t.Errorf("%s: %s: other bytes than in one call (%v)", name, label, err)
			}
		}
		var out bytes.Buffer
		w := c.NewWriter(&out)
		if _, err := io.Copy(w, strings.NewReader(in)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil || out.String() != want {
			t.Errorf("%s: copy: other bytes than in one call (%v)", name, err)
		}
		out.Reset()
		w = c.NewWriter(&out)
		for _, part := range cutAnywhere(m.r, in[:50_000]) {
			io.WriteString(w, part)
		}
		if w.Close(); out.String() != c.String(in[:50_000]) {
			t.Errorf("%s: small writes: other bytes than in one call", name)
		}
	}
}

func TestReaderReportsErrors(t *testing.T) {
	c := mustNew(t, "s2t")
	r := c.NewReader(io.MultiReader(strings.NewReader("发展"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	got, err := io.ReadAll(r)
	if string(got) != "發展" || err != io.ErrUnexpectedEOF {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestFromAndTo(t *testing.T) {
	for name, want := range map[string][2]Script{
		"s2t": {Hans, Hant}, "s2twp": {Hans, Hant}, "tw2sp": {Hant, Hans}, "t2hk": {Hant, Hant}, "hk2s": {Hant, Hans}, "t2jp": {Hant, Unknown}, "jp2t": {Unknown, Hant},
	} {
		if c := mustNew(t, name); c.From() != want[0] || c.To() != want[1] {
			t.Errorf("%s: from %v to %v", name, c.From(), c.To())
		}
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	c, err := New("tw2sp", &Terms{Protect: []string{"於小姐"}})
	if err != nil {
		t.Fatal(err)
	}
	in := strings.Repeat("<p>於小姐用國產滑<b>鼠</b>和硬碟</p>", 20)
	want := c.HTML(in)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if c.HTML(in) != want || Detect(in) != Hant || mustNew(t, "hk2s").String("國") != "国" {
					t.Error("other bytes than alone")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	for _, name := range []string{"s2t", "tw2s"} {
		dst := append(make([]byte, 0, 8), "头"...)
		if got := string(mustNew(t, name).Append(dst, []byte("ABC"))); got != "头ABC" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// notFinal returns a test for texts that t2s may write and would change if it read
// them: 乾 stays in 乾县, but alone is 干; 麼 is 麽, and that 么; and a changed character
// may complete a phrase. OpenCC's dictionaries mean it so. Everywhere else, t2s twice is
// t2s once.
func notFinal(t testing.TB) func(string) bool {
	phrases, err := pack.ReadDict(os.DirFS("data"), "TSPhrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	chars, err := pack.ReadDict(os.DirFS("data"), "TSCharacters.txt")
	if err != nil {
		t.Fatal(err)
	}
	var values strings.Builder
	changed := map[rune]bool{}
	for _, e := range append(phrases, chars...) {
		values.WriteString(e.Value)
		if r := []rune(e.Key); len(r) == 1 && e.Key != e.Value {
			changed[r[0]] = true
		}
	}
	return func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return changed[r] && strings.ContainsRune(values.String(), r) }) ||
			slices.ContainsFunc(phrases, func(e pack.Entry) bool { return strings.Contains(s, e.Key) })
	}
}

func TestSimplifiedStaysSimplified(t *testing.T) {
	m, c, except := newMixer(t, "t2s"), mustNew(t, "t2s"), notFinal(t)
	if mustNew(t, "t2s").String("乾县") == "乾县" {
		t.Error("乾县 stays 乾县: then the exception is no longer needed")
	}
	checked := 0
	for range 20_000 {
		once := c.String(m.line())
		if except(once) {
			continue
		}
		checked++
		if c.String(once) != once {
			t.Errorf("once %q, twice %q", once, c.String(once))
		}
	}
	if checked < 5_000 {
		t.Errorf("only %d lines checked", checked)
	}
}

func FuzzConvert(f *testing.F) {
	f.Add("干部在干净的后院里 SQL注入 ⿰亻言 \xff 不", byte(9))
	except := notFinal(f)
	f.Fuzz(func(t *testing.T, s string, which byte) {
		all := Configs()
		for _, name := range []string{all[int(which)%len(all)]} {
			c := mustNew(t, name)
			got := c.String(s)
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("%s: %q becomes invalid: %q", name, s, got)
			}
			if isASCII(s) && got != s {
				t.Errorf("%s: %q becomes %q", name, s, got)
			}
			if want := newReferenceFor(t, name).String(s); utf8.ValidString(s) && got != want {
				t.Errorf("%s: %q\n got %q\nwant %q", name, s, got, want)
			}
			if r := rand.New(rand.NewPCG(uint64(len(s)), 1)); strings.Join(c.Runs(cutAnywhere(r, s)), "") != got || stepwise(c, r, s) != got {
				t.Errorf("%s: %q: other bytes in parts", name, s)
			}
		}
		c := mustNew(t, "t2s")
		if once := c.String(s); c.String(once) != once && !except(once) {
			t.Errorf("t2s twice: %q, %q, %q", s, once, c.String(once))
		}
	})
}

func isASCII(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= utf8.RuneSelf })
}
