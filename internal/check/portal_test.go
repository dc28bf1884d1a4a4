package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// portal makes a site of columns ("dir type") and articles ("dir/name date title"), at testNow.
func portal(t *testing.T, columns, articles []string) *Portal {
	t.Helper()
	p := &Portal{}
	in := site.Input{Config: config.Default(), Now: testNow}
	for _, c := range columns {
		dir, kind, _ := strings.Cut(c, " ")
		col, problems := article.ParseColumn(article.File{Path: "content/" + dir + "/_index.md", Text: []byte("---\ntitle: " + dir + "\ntype: " + kind + "\n---\n")})
		if problems.Count(diag.Error) > 0 {
			t.Fatal(problems)
		}
		in.Columns = append(in.Columns, col)
	}
	for _, s := range articles {
		f := strings.SplitN(s, " ", 3)
		a, problems := article.Parse(article.File{Path: "content/" + f[0] + ".md", Zone: time.UTC, Text: []byte("---\ntitle: " + f[2] + "\ndate: " + f[1] + "\n---\n正文。\n")})
		if problems.Count(diag.Error) > 0 {
			t.Fatal(problems)
		}
		in.Articles, p.Articles = append(in.Articles, &a.Entry), append(p.Articles, a)
	}
	in.Text = func(i int) site.Text { return site.Text{Article: p.Articles[i]} }
	p.Site, _ = site.New(in)
	return p
}

func found(l diag.List) string {
	l.Sort()
	var out []string
	for _, p := range l {
		out = append(out, p.Rule.ID+" "+p.Rule.Severity.In(diag.EN)+" "+p.File)
	}
	return strings.Join(out, "; ")
}

func TestFreshness(t *testing.T) {
	c := everything(t, Lists{})
	columns := []string{"yw 工作动态", "tz 通知公告", "zn 办事服务"}
	for _, x := range []struct {
		name, news, notice string
		fresh              map[string]int
		want               string
	}{
		{"fresh", "2026-11-21", "2026-10-01", nil, ""},
		{"fourteen days", "2026-11-08", "2026-10-01", nil, "Z60 warning site.yaml"},
		{"fifteen days", "2026-11-07", "2026-10-01", nil, "Z61 warning content/yw/_index.md; Z60 error site.yaml"},
		{"old notices", "2026-11-21", "2026-05-01", nil, "Z61 warning content/tz/_index.md"},
		{"as site.yaml says", "2026-11-21", "2026-05-01", map[string]int{"tz": 0}, ""},
	} {
		p := portal(t, columns, []string{"yw/a " + x.news + " 甲", "tz/b " + x.notice + " 乙", "zn/c 2020-01-01 丙"})
		p.Freshness = x.fresh
		if got := found(c.Portal(p)); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

// TestCountsThatFailASite: five stale columns of news, ten others, five empty ones.
func TestCountsThatFailASite(t *testing.T) {
	c := everything(t, Lists{})
	for _, x := range []struct {
		kind, date string
		n          int
		fails      bool
	}{{"工作动态", "2026-10-01", 4, false}, {"工作动态", "2026-10-01", 5, true}, {"政策文件", "2026-01-01", 9, false}, {"政策文件", "2026-01-01", 10, true}, {"其他", "", 4, false}, {"其他", "", 5, true}} {
		columns, articles := []string{"new 其他"}, []string{"new/x 2026-11-21 新"}
		for i := range x.n {
			columns = append(columns, fmt.Sprintf("c%d %s", i, x.kind))
			if x.date != "" {
				articles = append(articles, fmt.Sprintf("c%d/a %s 题%d", i, x.date, i))
			}
		}
		got := found(c.Portal(portal(t, columns, articles)))
		if strings.Contains(got, "Z63 error") != x.fails {
			t.Errorf("%d of %s: %s", x.n, x.kind, got)
		}
		if rule := map[bool]string{true: "Z62", false: "Z61"}[x.date == ""]; strings.Count(got, rule) != x.n {
			t.Errorf("%d of %s: %s", x.n, x.kind, got)
		}
	}
}

func TestSameTitles(t *testing.T) {
	c := everything(t, Lists{})
	p := portal(t, []string{"a 其他"}, []string{"a/x 2026-11-01 关于放假的通知", "a/y 2026-11-20 关于放假的通知", "a/z 2024-11-01 关于放假的通知", "a/w 2026-11-21 别的"})
	if got := found(c.Portal(p)); got != "Z37 info content/a/x.md; Z37 warning content/a/y.md" {
		t.Error(got)
	}
}

func TestFiles(t *testing.T) {
	c := everything(t, Lists{})
	p := portal(t, []string{"a 其他"}, []string{"a/x 2026-11-21 甲"})
	p.Files = []source.File{{Path: "content/a/big.jpg", Stamp: source.Stamp{Size: 6 << 20}}, {Path: "content/a/b.pdf"}, {Path: "content/a/c.pdf"}, {Path: "content/a/张三11010519491231002X.zip"}}
	p.Head = func(path string) []byte {
		return []byte(map[string]string{"content/a/b.pdf": "%PDF-1.7", "content/a/c.pdf": "<html>", "content/a/张三11010519491231002X.zip": "PK\x03\x04"}[path])
	}
	if got := found(c.Portal(p)); got != "Z36 warning content/a/big.jpg; Z36 warning content/a/c.pdf; Z54 error content/a/张三11010519491231002X.zip" {
		t.Error(got)
	}
}

// prose makes a text of n sentences, different for each seed.
func prose(seed, n int) string {
	var b strings.Builder
	chars := []rune("支部党员群众服务活动学习会议调查研究社区街道乡村干部工作经验问题意见办法制度责任成效特色安排背景启示")
	x := uint32(seed*2654435761 + 1)
	for range n {
		for range 18 {
			x = x*1664525 + 1013904223
			b.WriteRune(chars[x>>8%uint32(len(chars))%uint32(len(chars))])
		}
		b.WriteString("。")
	}
	return b.String()
}

func TestNearDuplicates(t *testing.T) {
	c := everything(t, Lists{})
	one := prose(1, 40)
	texts := []string{one, strings.Replace(strings.ReplaceAll(one, "。", "，\n"), "支部", "党总支", 1), prose(2, 40), one[:len(one)/2] + prose(3, 20), "短文。"}
	p := portal(t, []string{"a 其他"}, []string{"a/0 2026-11-01 甲", "a/1 2026-11-02 乙", "a/2 2026-11-03 丙", "a/3 2026-11-04 丁", "a/4 2026-11-20 戊"})
	s := new(Text)
	for i, text := range texts {
		c.Text(s, p.Articles[i].Path, []byte("---\ntitle: x\n---\n"+text), p.Articles[i], false)
		p.Sketches = append(p.Sketches, s.Sketch())
	}
	if got := found(c.Portal(p)); got != "Z38 warning content/a/1.md" {
		t.Error(got)
	}
	if x := share(p.Sketches[0], p.Sketches[3]); x < 0.15 || x > 0.6 {
		t.Errorf("half of a text shares %.2f", x)
	}
}

func TestPages(t *testing.T) {
	c := everything(t, Lists{})
	const head = `<!doctype html><html><head><meta name="SiteName" content="云岫"><meta name="SiteDomain" content="www.yunxiu.example">`
	const column = `<meta name="ColumnName" content="甲"><meta name="ColumnDescription" content="乙"><meta name="ColumnKeywords" content="丙"><meta name="ColumnType" content="工作动态">`
	const content = `<meta name="ArticleTitle" content="题"><meta name="PubDate" content="2026-11-01 08:00"><meta name="ContentSource" content="云岫">`
	for name, x := range map[string]struct{ page, want string }{
		"home":            {head, ""},
		"article":         {head + column + content, ""},
		"no site":         {"<html><title>x</title>", "Z70 Z70"},
		"column lacks":    {head + `<meta name="ColumnName" content="甲">`, "Z70 Z70 Z70"},
		"empty":           {head + column + strings.Replace(content, `content="云岫"`, `content=""`, 1), "Z70"},
		"date by day":     {head + column + strings.Replace(content, " 08:00", "", 1), "Z70"},
		"twice":           {head + `<meta name="SiteName" content="云岫">`, "Z70"},
		"redirect":        {`<html><meta http-equiv="refresh" content="0;url=/a">`, ""},
		"label":           {head + "<body><p>作者：</p><p>来源：<b>云岫</b></p>", "Z33"},
		"label in script": {head + "<body><p hidden>阅读次数：<b></b></p><script>x='作者：'</script>", ""},
		"hosts":           {head + `<script src="https://cdn.example/x.js"></script><img src="/a.png"><a href="https://b.example/">乙</a>`, "Z72"},
	} {
		var ids []string
		for _, p := range c.Page(&Page{Path: "public/a.html", HTML: []byte(x.page), Base: "https://www.yunxiu.example/"}) {
			ids = append(ids, p.Rule.ID)
		}
		if got := strings.Join(ids, " "); got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
	}
}

func TestSettings(t *testing.T) {
	c, problems := New(testNow, []Setting{{Rule: "Z40", Value: "off"}, {Rule: "Z41", Value: "error"}, {Rule: "Z99", Value: "off", Pos: diag.Pos{File: "site.yaml", Line: 3, Col: 5}}}, Lists{})
	if len(problems) != 1 || problems[0].Rule.ID != "Z90" || problems[0].Pos.Line != 3 {
		t.Error(problems)
	}
	if got := found(look(c, "内部开展开展自评，签定合同。")); got != "Z41 error content/lm/a.md" {
		t.Error(got)
	}
}

func TestIgnore(t *testing.T) {
	c := everything(t, Lists{})
	for text, want := range map[string]string{
		"<!-- zhendi-ignore Z40 照录 -->\n内部开展开展自评。\n\n又开展开展一次。":            "Z40 warning content/lm/a.md",
		"内部开展开展自评。 <!-- zhendi-ignore Z40 照录 -->":                         "",
		"<!-- zhendi-ignore Z40、Z41 照录 -->\n\n内部开展开展自评，签定合同。":             "",
		"<!-- zhendi-ignore Z41 照录 -->\n内部开展开展自评。":                        "Z90 info content/lm/a.md; Z40 warning content/lm/a.md",
		"<!-- 别的注释 Z40 -->\n内部开展开展自评。":                                    "Z40 warning content/lm/a.md",
		"---\ntitle: 甲\n# zhendi-ignore Z56 原文如此\nsource: 网友投稿\n---\n正文。": "",
	} {
		if got := found(look(c, text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
