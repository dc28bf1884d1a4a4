package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/site"
	"zhendi/themes"
)

// portal is a site of n articles with the furniture that real ones have.
func portal(tb testing.TB, n int) *Renderer {
	tb.Helper()
	in := site.Input{Config: config.Default(), Now: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)}
	edition, err := site.NewEdition(config.Edition{Script: "zh-Hans"}, false, nil)
	if err != nil {
		tb.Fatal(err)
	}
	in.Edition = edition
	in.Config.Name, in.Config.BaseURL = "清源市机关党建网", "https://www.example.gov.cn/"
	for c := range 8 {
		for s := range 5 {
			dir := fmt.Sprintf("lanmu%02d", c)
			if s > 0 {
				dir += fmt.Sprintf("/lan%d", s)
			}
			in.Columns = append(in.Columns, &article.Column{Path: "content/" + dir + "/_index.md", Dir: dir, Title: "组织建设", Layout: "list"})
		}
	}
	at := time.Date(2020, 1, 4, 8, 0, 0, 0, in.Config.Zone)
	var whole []*article.Article
	for i := range n {
		dir := in.Columns[i*i%len(in.Columns)].Dir
		a, problems := article.Parse(article.File{Path: fmt.Sprintf("content/%s/a%06d.md", dir, i), Zone: in.Config.Zone, Text: fmt.Appendf(nil,
			"---\ntitle: 第%d期主题党日活动在“红色驿站”举行\ndate: %s\nsource: 某日报\nauthor: 甲一\neditor: 乙二\ntags: [主题党日, 志愿服务%d, 基层治理]\n---\n\n%s。\n",
			i, at.Add(time.Duration(i)*80*time.Minute).Format("2006-01-02 15:04"), i%7, strings.Repeat("坚持党建引领，服务群众。", 40))})
		if len(problems) > 0 {
			tb.Fatal(problems)
		}
		in.Articles, whole = append(in.Articles, &a.Entry), append(whole, a)
	}
	in.Text = func(i int) site.Text { return site.Text{Article: whole[i]} }
	s, problems := site.New(in)
	if len(problems) > 0 {
		tb.Fatal(problems)
	}
	theme, err := LoadTheme(Layers{themes.FS}, "default")
	if err != nil {
		tb.Fatal(err)
	}
	return New(s, theme)
}

// BenchmarkArticle makes the pages of articles, without their text.
func BenchmarkArticle(b *testing.B) {
	r := portal(b, 2000)
	var jobs []Job
	for _, it := range r.site.Items {
		jobs = append(jobs, Job{Kind: "article", Item: it})
	}
	b.Run("View", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r.View(jobs[i%len(jobs)])
		}
	})
	b.Run("Render", func(b *testing.B) {
		b.ReportAllocs()
		var buf bytes.Buffer
		var views []*View
		for _, j := range jobs {
			views = append(views, r.View(j))
		}
		for i := 0; b.Loop(); i++ {
			buf.Reset()
			if err := r.Render(&buf, "", views[i%len(jobs)], Body{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
