package site

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
)

// portal makes the input of a site of n articles, as long and as linked as those of real portals.
func portal(tb testing.TB, n int) Input {
	tb.Helper()
	words := strings.Fields("坚持 推进 落实 学习 服务 群众 党建 引领 基层 治理 作风 建设 责任 体系 发展 改革 创新 监督 执纪 教育 培训 调研 走访 宣讲 志愿 社区 乡村 振兴 生态 民生")
	word := func(i, j int) string { return words[(i*7+j*13+i/len(words)*j)%len(words)] }
	text := func(i, words int) string {
		var b strings.Builder
		for j := range words {
			b.WriteString(word(i, j))
			if j%6 == 5 {
				b.WriteString("，")
			}
		}
		return b.String()
	}
	in := Input{Config: config.Default(), Now: day(30)}
	in.Config.BaseURL = "https://www.example.gov.cn/"
	for c := range 12 {
		for s := range 4 {
			dir := fmt.Sprintf("lanmu%02d", c)
			if s > 0 {
				dir += fmt.Sprintf("/lan%d", s)
			}
			in.Columns = append(in.Columns, &article.Column{Path: "content/" + dir + "/_index.md", Dir: dir, Title: "栏目", Layout: "list"})
		}
	}
	paths := make([]string, n) // parsed in their order, as build does
	number := map[string]int{}
	for i := range n {
		paths[i] = fmt.Sprintf("content/%s/a%06d.md", in.Columns[i*i%len(in.Columns)].Dir, i)
		number[paths[i]] = i
	}
	slices.Sort(paths)
	at := time.Date(2010, 1, 4, 8, 0, 0, 0, in.Config.Zone)
	var entries []*article.Entry
	var texts []string
	for _, path := range paths {
		i := number[path]
		a, problems := article.Parse(article.File{Path: path, Zone: in.Config.Zone, Text: fmt.Appendf(nil,
			"---\ntitle: %s\ndate: %s\nsource: %s日报\nauthor: %s\ntags: [%s, %s工作, %s%s, %s%s%s]\n---\n\n%s。\n",
			text(i, 12), at.Add(time.Duration(i)*80*time.Minute).Format("2006-01-02 15:04"), word(i%40, 3), word(i%90, 1), word(i, 1), word(i, 2),
			word(i, 3), word(i, 4), word(i, 5), word(i, 6), word(i, 7), text(i, 50))})
		if len(problems) > 0 {
			tb.Fatal(problems)
		}
		entries, texts = append(entries, &article.Pack([]*article.Entry{&a.Entry})[0]), append(texts, string(a.AppendTexts(nil)))
	}
	in.Articles = entries
	in.Text = func(i int) Text {
		a, _, err := entries[i].Whole(texts[i])
		if err != nil {
			tb.Fatal(err)
		}
		return Text{Article: a}
	}
	return in
}

// turned adds what conversion made of the texts, for each edition.
func (in *Input) turned(lists ...[]string) {
	text := in.Text
	in.Text = func(i int) Text {
		t := text(i)
		for _, l := range lists {
			t.Turned = append(t.Turned, l[i])
		}
		return t
	}
}

func editionsOf(tb testing.TB, in Input) []*Edition {
	tb.Helper()
	in.Config.Convert = true
	hans, err := NewEdition(config.Edition{Script: "zh-Hans", Convert: "tw2s"}, true, nil)
	if err != nil {
		tb.Fatal(err)
	}
	hant, err := NewEdition(config.Edition{Script: "zh-Hant", Prefix: "hant", Convert: "s2t"}, true, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return []*Edition{hans, hant}
}

// BenchmarkLive says how much memory the records and models of two editions hold.
func BenchmarkLive(b *testing.B) {
	const n = 100_000
	editions := editionsOf(b, portal(b, 10)) // their tables are not of the articles
	for b.Loop() {
		before := liveHeap()
		in := portal(b, n)
		records := liveHeap()
		turned := [][]string{turnedBy(in, editions[0]), turnedBy(in, editions[1])}
		texts := liveHeap()
		in.Edition = editions[0]
		in.turned(turned...)
		first, problems := New(in)
		if len(problems) > 0 || len(first.Items) != n {
			b.Fatal(problems)
		}
		second, _ := first.In(editions[1], 1)
		models := liveHeap()
		for _, it := range first.Items {
			first.Face(it)
			second.Face(it)
		}
		all := liveHeap()
		b.ReportMetric((records-before)/n, "B/record")
		b.ReportMetric((texts-records)/n, "B/texts")
		b.ReportMetric((models-texts)/n, "B/models")
		b.ReportMetric((all-before)/n, "B/article")
		runtime.KeepAlive(turned)
		runtime.KeepAlive(second)
	}
}

func turnedBy(in Input, e *Edition) []string {
	out := make([]string, len(in.Articles))
	for i := range in.Articles {
		out[i] = e.Turn(in.Text(i).Article)
	}
	return out
}

func liveHeap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func BenchmarkNew(b *testing.B) {
	in := portal(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := New(in); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkTurn(b *testing.B) {
	in := portal(b, 10_000)
	hant := editionsOf(b, in)[1]
	b.ReportAllocs()
	for b.Loop() {
		turnedBy(in, hant)
	}
}

func BenchmarkFace(b *testing.B) {
	in := portal(b, 10_000)
	in.Edition = editionsOf(b, in)[1]
	turned := turnedBy(in, in.Edition)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n := i % len(in.Articles)
		in.Edition.Face(in.Text(n).Article, turned[n])
	}
}

func BenchmarkRelated(b *testing.B) {
	s, _ := New(portal(b, 100_000))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Related(s.Items[i%len(s.Items)])
	}
}

func BenchmarkResolve(b *testing.B) {
	s, _ := New(portal(b, 10_000))
	for name, dest := range map[string]string{"article": strings.TrimPrefix(s.Items[7].Path, "content/"+s.Items[7].Dir+"/"), "page": s.Items[7].URL, "outside": "https://www.example.com/a/b.html"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, problem := s.Resolve(s.Items[7].Dir, dest, false); problem != nil {
					b.Fatal(problem)
				}
			}
		})
	}
}
