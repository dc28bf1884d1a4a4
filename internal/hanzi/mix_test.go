package hanzi

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/hanzi/pack"
)

// A mixer writes random lines out of what a configuration's dictionaries know:
// keys whole and cut, values, keys run into each other, single characters, between
// ordinary text, Latin, digits, compatibility and description characters. The same
// configuration and seed give the same lines.
type mixer struct {
	r     *rand.Rand
	keys  []string
	chars []rune
	plain []string
}

func newMixer(t testing.TB, config string) *mixer {
	t.Helper()
	c, err := pack.ReadConfig(os.DirFS("data"), config)
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New64a()
	h.Write([]byte(config))
	m := &mixer{r: rand.New(rand.NewPCG(h.Sum64(), 141)), plain: mixPlain}
	stages := append(slices.Clone(c.Normalization), c.Chain...)
	for _, s := range stages {
		dicts, err := pack.Flatten(s.Dict)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dicts {
			entries, err := pack.ReadDict(os.DirFS("data"), d.File)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if r := []rune(e.Key); len(r) == 1 {
					m.chars = append(m.chars, r[0], []rune(e.Value)[0])
				} else {
					m.keys = append(m.keys, e.Key, e.Value)
				}
			}
		}
	}
	return m
}

var mixPlain = strings.Fields(`的 一 是 了 在 不 我们 干部 群众 工作 后来 里面 头发 发展 只有 系统 软件 程序 鼠标
 A B C D SQL PN BMW U 2026 年 ， 。 “ ” 、 ； e é ñ ß · - 😀 の カ ㄅ 한 ⿰亻言 ⿱⿰口口犬 ⿲彳山攵 〇 々 ① 𠮷 𡃁 豈 更 裏 於 著 臺 台 后 隻 只`)

func (m *mixer) word() string {
	key := func() []rune {
		if len(m.keys) == 0 {
			return []rune{m.chars[m.r.IntN(len(m.chars))]}
		}
		return []rune(m.keys[m.r.IntN(len(m.keys))])
	}
	switch k := key(); m.r.IntN(12) {
	case 0, 1, 2, 3:
		return string(k)
	case 4, 5:
		return string(k[:1+m.r.IntN(len(k))])
	case 6:
		return string(k[m.r.IntN(len(k)):])
	case 7:
		o := key()
		return string(k[:1+m.r.IntN(len(k))]) + string(o[m.r.IntN(len(o)):])
	case 8, 9:
		return string(m.chars[m.r.IntN(len(m.chars))])
	}
	return m.plain[m.r.IntN(len(m.plain))]
}

func (m *mixer) line() string {
	var b strings.Builder
	for range 1 + m.r.IntN(12) {
		b.WriteString(m.word())
	}
	return b.String()
}

func TestFusedTablesConvertLikeTheStages(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	for _, name := range Configs() {
		t.Run(name, func(t *testing.T) {
			ref, m := newReference(t, name, false), newMixer(t, name)
			m.plain = append(m.plain, "⿰", "⿱⿰", "⿳一", "⿻", "⿾", "⿿⿿", "\n", "\xff", "\xe5\x8f", "\xed\xa0\x80", "\xe0\x80\x80")
			c, err := New(name, nil)
			if err != nil {
				t.Fatal(err)
			}
			bad := 0
			for range n {
				in := m.line()
				if got, want := c.String(in), ref.String(in); got != want {
					t.Errorf("%q\n got %q\nwant %q", in, got, want)
					if bad++; bad > 5 {
						return
					}
				}
			}
		})
	}
}
