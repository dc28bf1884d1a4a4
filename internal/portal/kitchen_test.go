package portal

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var kitchen = &made{name: "kitchen", base: "https://www.yunxiu.example/", source: writeKitchen, warnings: true}

// writeKitchen writes the site of testdata/kitchen.txtar into dir.
func writeKitchen(t *testing.T, dir string) string {
	t.Helper()
	a, err := txtar.ParseFile("testdata/kitchen.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		write(t, dir, f.Name, string(f.Data))
	}
	for _, p := range []string{"content/yw/quan/tu.png", "content/tu/yi/tu.png"} {
		write(t, dir, p, picture(t, 320, 200))
	}
	return dir
}

// picture is a PNG of a size.
func picture(t *testing.T, w, h int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), 128, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is internal, a draft, not yet out or expired is in no file, and nothing links to it.
func TestNothingLeaks(t *testing.T) {
	p := kitchen.get(t)
	for path, b := range p.files {
		if strings.Contains(string(b), "绝密词QX7") {
			t.Errorf("%s has the word of an article that is not published", path)
		}
		for _, name := range []string{"nei", "cao", "dai", "xia"} {
			if strings.Contains(path+"\n"+string(b), "/"+name+".html") {
				t.Errorf("%s names the address of %s.md, which is not published", path, name)
			}
		}
	}
}

// An article with everything shows it in the order of a Chinese portal.
func TestArticleOrder(t *testing.T) {
	p := kitchen.get(t)
	pg := p.page(t, "yw/2026/quan.html")
	at := 0
	seen := visible(pg.one(t, "body"))
	for _, want := range []string{"欢迎访问!", "当前位置", "云岫主页", "要闻", "一个引题", "样样“齐全”的稿件 A&B <党建>", "——一个副标题",
		"发布时间：", "2026-11-03 09:30", "来源：", "某日报", "作者：", "甲一、乙二", "通讯员：", "某单位 丁四", "编辑：", "丙三", "栏目：", "要闻", "一审：", "戊五", "二审：", "己六", "三审：", "庚七",
		"编者按", "这是", "云岫机关党建网讯(某单位:丁四)", "第一段,软换行不添空格。", "图的说明", "注文。", "附件", "biao.docx", "DOCX", "图片原件", "PNG",
		"责任编辑：丙三", "我要纠错", "推荐访问", "标签一", "标签二", "扫一扫在手机打开当前页", "上一篇：", "转载声明。", "主办单位："} {
		i := strings.Index(seen[at:], want)
		if i < 0 {
			t.Fatalf("%s: no %q after %q", pg, want, seen[max(0, at-60):at])
		}
		at += i + len(want)
	}
	if src := pg.one(t, ".meta a[href^='https://news.example/']"); attr(src, "href") != "https://news.example/a?b=1&c=2" || !isIn(src, "a.external") {
		t.Errorf("source leads to %s, class %s", attr(src, "href"), attr(src, "class"))
	}
	if img := pg.one(t, ".body figure img"); attr(img, "width") != "320" || attr(img, "height") != "200" || attr(img, "alt") != "一张图" {
		t.Errorf("picture: %v", img.Attr)
	}
	if got := text(pg.one(t, ".body code")); got != `fmt.Println("{{.Title}} &amp;")` {
		t.Errorf("code: %s", got)
	}
	pg.none(t, ".body script")
	if c := attr(first(pg.doc, ".duty a"), "href"); c != "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=bm12345678&url=https%3A%2F%2Fwww.yunxiu.example%2Fyw%2F2026%2Fquan.html" {
		t.Errorf("correction: %s", c)
	}
}

// Lists show what an article has and nothing for what it has not.
func TestLists(t *testing.T) {
	p := kitchen.get(t)
	yw := p.page(t, "yw/index.html")
	rows := yw.all("ul.rows > li")
	want := []string{"样样“齐全”的稿件 A&B <党建>", "样样“齐全”的稿件 A&B <党建>", "简稿", "外链稿件", "折叠与转载", "繁體稿件", "长文"}
	for i, n := range rows {
		if i >= len(want) || text(first(n, "a")) != want[i] {
			t.Errorf("row %d: %s", i, text(n))
		}
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	if first(rows[0], ".mark") == nil || first(rows[1], ".mark") != nil {
		t.Error("only the copy at the head is marked as pinned")
	}
	if a := first(rows[3], "a"); attr(a, "href") != "https://other.example/page" || !isIn(a, ".external") {
		t.Error("the link article does not lead out")
	}
	undated := p.page(t, "wrq/index.html").all("ul.rows > li")
	if len(undated) != 2 || first(undated[0], "time") == nil || first(undated[1], "time") != nil {
		t.Error("an article without a date is last and has no time")
	}
	if imgs := p.page(t, "tu/index.html").all(".cards li img"); len(imgs) != 1 || attr(imgs[0], "src") != "/tu/yi/tu.png" {
		t.Errorf("%d pictures in the list of pictures", len(imgs))
	}
	if n := p.page(t, "404.html"); first(n.doc, "meta[name=robots][content=noindex]") == nil || first(n.doc, "main a[href='/']") == nil {
		t.Error("404.html is to be indexed, or does not lead home")
	}
}

// A long article is cut into pages that link each other, and nothing of it is lost.
func TestLongArticle(t *testing.T) {
	p := kitchen.get(t)
	paths := []string{"yw/jc/2025/chang.html", "yw/jc/2025/chang_2.html", "yw/jc/2025/chang_3.html"}
	for i, path := range paths {
		pg := p.page(t, path)
		if got := text(pg.one(t, ".parts [aria-current]")); got != string(rune('1'+i)) {
			t.Errorf("%s says it is page %s", path, got)
		}
		var links []string
		for _, a := range pg.all(".parts a") {
			links = append(links, strings.TrimPrefix(attr(a, "href"), "/"))
		}
		want := append(append(append([]string{}, paths[:i]...), paths[i+1:]...), "yw/jc/2025/chang_all.html")
		if strings.Join(links, " ") != strings.Join(want, " ") {
			t.Errorf("%s links %v", path, links)
		}
		if got, want := bare(text(pg.one(t, ".body"))), []string{"甲第一页。见后文[1]。甲注。↩", "乙第二页。", "丙第三页[2]。丙注。↩"}[i]; got != want {
			t.Errorf("%s shows %s", path, got)
		}
		if got := texts(pg.all(".toc a")); strings.Join(got, "") != string([]rune("甲乙丙")[i]) {
			t.Errorf("%s: contents %v", path, got)
		}
	}
	whole := p.page(t, "yw/jc/2025/chang_all.html")
	if got := bare(text(whole.one(t, ".body"))); got != "甲第一页。见后文[1]。甲注。↩乙第二页。丙第三页[2]。丙注。↩" {
		t.Errorf("the whole text is %s", got)
	}
}
