package hanzi

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// articleText is n bytes of made-up official prose: sentences of a portal, with one
// word in eight drawn from the dictionaries, so that the vocabulary is wide.
func articleText(tb testing.TB, n int) string {
	words := strings.Fields(`全市 各级 党组织 坚持 以 新时代 思想 为 指导 ， 深入 学习 贯彻 会议 精神 ， 扎实 推进 基层 建设 。 要 把 群众 的 事情 办好
 ， 切实 转变 工作 作风 ， 着力 解决 发展 中 的 突出 问题 。 会上 ， 有关 负责 同志 介绍 了 近年 来 乡村 振兴 的 情况 ； 机关 干部 走进 社区 ， 开展 志愿 服务
 “ 两学一做 ” 活动 。 2026 年 3 月 ， 第 12 次 现场会 在 这里 召开 ， 与会 人员 参观 了 展览 ， 听取 汇报 。 他 说 ， 只有 心里 装着 百姓 ， 才 能 走得 更 远 。
 通过 制定 计划 、 细化 措施 、 强化 考核 ， 各项 指标 稳步 提升 ， 营商 环境 持续 优化 ， 人民 生活 不断 改善 。 老党员 回忆 起 当年 修建 水库 的 岁月 ， 仍然 十分 激动 。`)
	m := newMixer(tb, "s2t")
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for at := 0; b.Len() < n; at++ {
		switch r.IntN(24) {
		case 0, 1, 2:
			b.WriteString(m.keys[2*r.IntN(len(m.keys)/2)])
		case 3:
			at = r.IntN(len(words))
			b.WriteString("\n\n")
		default:
			b.WriteString(words[at%len(words)])
		}
	}
	return b.String()
}

func BenchmarkConvert(b *testing.B) {
	hans := articleText(b, 4<<20)
	hant := mustNew(b, "s2tw").String(hans)
	for _, name := range Configs() {
		text := hans
		if name[0] != 's' {
			text = hant
		}
		c, dst := mustNew(b, name), []byte(nil)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				dst = c.Append(dst[:0], view(text))
			}
		})
	}
}

// BenchmarkStream is what the command does.
func BenchmarkStream(b *testing.B) {
	text := articleText(b, 4<<20)
	for _, name := range []string{"s2t", "tw2s"} {
		c := mustNew(b, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				w := c.NewWriter(io.Discard)
				w.ReadFrom(strings.NewReader(text))
				w.Close()
			}
		})
	}
}

// BenchmarkTerms is s2tw with as many terms, names of two to four characters.
func BenchmarkTerms(b *testing.B) {
	text := articleText(b, 4<<20)
	given := []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国文华志发云后里")
	for _, n := range []int{0, 100, 5000} {
		r := rand.New(rand.NewPCG(3, 4))
		terms := &Terms{}
		for range n {
			s := string([]rune(surnames)[r.IntN(100)])
			for range 1 + r.IntN(2) {
				s += string(given[r.IntN(len(given))])
			}
			terms.Protect = append(terms.Protect, s)
		}
		c, err := New("s2tw", terms)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			var dst []byte
			for b.Loop() {
				dst = c.Append(dst[:0], view(text))
			}
		})
	}
}

// BenchmarkHTML has paragraphs of some 150 characters, each with a bold word and a
// link, against the same bytes as text.
func BenchmarkHTML(b *testing.B) {
	var page strings.Builder
	parts := strings.Split(articleText(b, 1<<20), "\n\n")
	for p := range slices.Chunk(parts, 3) {
		p := strings.Join(p, "")
		p = strings.Replace(p, "工作", "<strong>工作</strong>", 1)
		p = strings.Replace(p, "会议", `<a href="/xw/2026/0301.html" title="会议">会议</a>`, 1)
		page.WriteString("<p>" + p + "</p>\n")
	}
	text := page.String()
	c := mustNew(b, "s2tw")
	for name, convert := range map[string]func(dst, src []byte) []byte{"html": c.AppendHTML, "text": c.Append} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			var dst []byte
			for b.Loop() {
				dst = convert(dst[:0], []byte(text))
			}
		})
	}
}

func BenchmarkDetect(b *testing.B) {
	text := articleText(b, 1<<20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Detect(text)
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"s2t", "t2s", "s2twp", "tw2sp"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(name)
			}
		})
	}
}

// BenchmarkHostile is text made to be slow: prefixes of long phrases, operators of
// description sequences without operands, characters that change their length.
func BenchmarkHostile(b *testing.B) {
	for label, part := range map[string]string{
		"prefixes": "一不做二不" + "中华人民共和" + "里姆斯基-科萨科", "operators": "⿰", "long": "埠", "astral": "𠮷𫘧", "invalid": "\xe5\x8f", "compat": "不",
	} {
		text := strings.Repeat(part, 1<<20/len(part))
		c := mustNew(b, "s2twp")
		if label == "long" {
			c = mustNew(b, "tw2sp")
		}
		b.Run(label, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				c.String(text)
			}
		})
	}
}

// BenchmarkTitle is what metadata costs: short strings, one by one.
func BenchmarkTitle(b *testing.B) {
	c := mustNew(b, "s2tw")
	b.ReportAllocs()
	for b.Loop() {
		c.String("机关党委召开2026年第一季度基层党建工作推进会")
	}
}
