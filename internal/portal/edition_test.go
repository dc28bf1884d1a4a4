package portal

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"zhendi/internal/hanzi"
)

// twinPath is the file of a page in the other edition: both have the same, one of them
// below a prefix.
func twinPath(path string) string {
	if rest, ok := strings.CutPrefix(path, "hant/"); ok {
		return rest
	}
	return "hant/" + path
}

// Every page has a twin and says so: in its head, to each other, with the first edition for
// readers of neither; and on the page, where a link leads there. Redirects have twins, too.
func TestEveryPageHasItsTwin(t *testing.T) {
	for _, m := range []*made{sample, samplePrefixed} {
		p := m.get(t)
		said := map[string]string{} // address of a page and script -> address
		for _, pg := range p.pages {
			if p.files[twinPath(pg.path)] == nil {
				t.Errorf("%s has no twin", pg)
				continue
			}
			lang, here, there := "zh-CN", "zh-Hans", "zh-Hant"
			if strings.HasPrefix(pg.path, "hant/") {
				lang, here, there = "zh-Hant", there, here
			}
			if got := attr(pg.one(t, "html"), "lang"); got != lang {
				t.Errorf("%s: lang %q", pg, got)
			}
			if pg.kind == "notfound" { // stands for any address
				pg.none(t, "link[hreflang], .editions")
				continue
			}
			for _, l := range pg.all("head > link[rel=alternate][hreflang]") {
				said[pg.path+" "+attr(l, "hreflang")] = outPath(t, p, attr(l, "href"))
			}
			a := pg.one(t, ".editions a")
			if attr(a, "hreflang") != there || attr(a, "lang") != there || outPath(t, p, strings.TrimSuffix(p.base, p.prefix()+"/")+attr(a, "href")) != twinPath(pg.path) {
				t.Errorf("%s: the switch leads to %s (%s)", pg, attr(a, "href"), attr(a, "hreflang"))
			}
			if attr(pg.one(t, ".editions [aria-current]"), "lang") != here {
				t.Errorf("%s: the switch does not say which edition this is", pg)
			}
		}
		for _, pg := range p.moved {
			if p.files[twinPath(pg.path)] == nil {
				t.Errorf("%s has no twin", pg)
			}
		}
		for _, pg := range p.pages {
			if pg.kind == "notfound" {
				continue
			}
			hans, hant := pg.path, twinPath(pg.path)
			if strings.HasPrefix(hans, "hant/") {
				hans, hant = hant, hans
			}
			for script, want := range map[string]string{"zh-Hans": hans, "zh-Hant": hant, "x-default": hans} {
				if got := said[pg.path+" "+script]; got != want {
					t.Errorf("%s: %s is %q, want %s", pg, script, got, want)
				}
			}
		}
		if n := len(p.pages); n < 450 || n%2 != 0 {
			t.Errorf("%s: %d pages", p.name, n)
		}
	}
}

// langOf is the language of a node by its nearest lang attribute.
func langOf(n *html.Node) string {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && has(n, "lang") {
			return attr(n, "lang")
		}
	}
	return ""
}

// unconverted reports whether the build leaves the text of a node alone.
func unconverted(n *html.Node) bool {
	return isIn(n, "script, style, code, pre, kbd, samp, [translate=no]")
}

// strangers returns the words of a page that hold characters only the other script has, where
// the page says that they are its own: outside of what is marked as quoted, not to be
// converted, or listed among the site's terms.
func strangers(pg *page, terms ...string) (out []string) {
	drop := []string{}
	for _, w := range terms {
		drop = append(drop, w, "")
	}
	clean := strings.NewReplacer(drop...)
	look := func(n *html.Node, s string) {
		lang := langOf(n)
		if !strings.HasPrefix(lang, "zh") {
			return
		}
		hans, hant := hanzi.Count(clean.Replace(s))
		if lang == "zh-CN" || lang == "zh-Hans" {
			hans = 0
		} else {
			hant = 0
		}
		if hans+hant > 0 {
			out = append(out, fmt.Sprintf("%q in <%s lang=%s>", strings.TrimSpace(s), n.Parent.Data, lang))
		}
	}
	walk(pg.doc, func(n *html.Node) bool {
		switch {
		case n.Type == html.ElementNode && unconverted(n):
			return false
		case n.Type == html.TextNode:
			look(n, n.Data)
		case n.Type == html.ElementNode:
			for _, a := range []string{"title", "alt", "aria-label"} {
				look(n, attr(n, a))
			}
			if n.Data == "meta" {
				look(n, attr(n, "content"))
			}
		}
		return true
	})
	return out
}

// sampleTerms are the sample's protected names that hold characters of one script only.
var sampleTerms = []string{"党清和"}

// Each page of the sample is in the script that its language says, all of it.
func TestPagesAreInOneScript(t *testing.T) {
	p := sample.get(t)
	for _, pg := range p.pages {
		if list := strangers(pg, sampleTerms...); len(list) > 0 {
			t.Errorf("%s: %d texts are in another script: %s", pg, len(list), strings.Join(list[:min(3, len(list))], "; "))
		}
	}
}

// Names that a converter without the site's terms spoils stay as they are written, wherever the
// article is shown; what stands around them is converted.
func TestNamesInTraditionalEdition(t *testing.T) {
	p := sample.get(t)
	const path = "yw/jgdt/2026/2026-11-16-dangan-diming.html"
	hans, hant := p.page(t, path), p.page(t, twinPath(path))
	body := text(hant.one(t, ".body"))
	for _, name := range []string{"党清和", "后港村", "松里街", "于家灣", "余谷豐", "范秋里", "种知遠", "幹部多跑幾趟", "之後", "村裡人"} {
		if !strings.Contains(body, name) {
			t.Errorf("the traditional text has no %s", name)
		}
	}
	for _, wrong := range []string{"黨清和", "於家", "餘谷", "範秋", "種知"} {
		if strings.Contains(strings.ReplaceAll(body, "於家灣", ""), wrong) {
			t.Errorf("the traditional text has %s", wrong)
		}
	}
	if a, c := hant.label("作者"), hant.label("通讯员"); a != "于清嘉" || !strings.HasSuffix(c, "范秋里、种知遠") {
		t.Errorf("author %q, correspondents %q", a, c)
	}
	for _, name := range []string{"于家湾", "余谷丰", "种知远"} {
		if !strings.Contains(text(hans.one(t, ".body")), name) {
			t.Errorf("the simplified text has no %s", name)
		}
	}
	naive, err := hanzi.New("s2tw", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"党清和", "后港村", "松里街", "于家湾", "余谷丰", "范秋里", "种知远", "于清嘉"} {
		if got := naive.String(name); slices.Contains([]string{name, "于家灣", "余谷豐", "种知遠"}, got) {
			t.Errorf("%s needs no term: %s", name, got)
		}
	}
}

// What the manual says that each conversion makes of a word is what it makes of it.
func TestManualOfConversions(t *testing.T) {
	convert := func(config, s string) string {
		c, err := hanzi.New(config, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.String(s)
	}
	checked := 0
	for _, table := range sample.get(t).page(t, "bjzn/2026/editions.html").all(".body table") {
		heads := texts(within(table, "th"))
		if heads[0] != "原文" {
			continue
		}
		for _, row := range within(table, "tbody tr") {
			cells := texts(within(row, "td"))
			for i, config := range heads {
				if config == "不加词表" {
					config = "s2tw"
				}
				if !slices.Contains(hanzi.Configs(), config) {
					continue
				}
				if got := convert(config, cells[0]); got != cells[i] {
					t.Errorf("%s of %s is %s, the manual says %s", config, cells[0], got, cells[i])
				}
				checked++
			}
		}
	}
	if checked != 13 {
		t.Errorf("%d words checked", checked)
	}
}

// A passage marked as traditional is the same in both editions, and stays marked.
func TestQuotedPassagesAreLeftAlone(t *testing.T) {
	p := sample.get(t)
	const path = "yw/jgdt/2026/2026-11-16-dangan-diming.html"
	for _, path := range []string{path, twinPath(path)} {
		pg := p.page(t, path)
		if got := texts(pg.all(".body span[lang=zh-Hant]")); strings.Join(got, " ") != "後港村 於家灣 于家灣" {
			t.Errorf("%s: quoted are %v", pg, got)
		}
		if got := text(pg.one(t, ".body [translate=no]")); got != "后" {
			t.Errorf("%s: %s was converted", pg, got)
		}
	}
}

// articleWithTwin is an article of the sample in simplified script.
const articleWithTwin = "yw/jgdt/2026/2026-11-16-dangan-diming.html"

// path is the page that the browser shows.
func (b *browser) path() string {
	b.t.Helper()
	u, err := url.PathUnescape(ask[string](b, "location.pathname"))
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimPrefix(u, "/")
}

// open shows an address as a link from elsewhere, or typed, does.
func (b *browser) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address))
}

// await waits until an expression is true in the page, through any change of page.
func (b *browser) await(expr, what string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expr))
		if ok && err == nil {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatal(what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// click clicks the middle of an element, wherever it stands on the screen.
func (b *browser) click(selector string) {
	b.t.Helper()
	at := ask[[]float64](b, fmt.Sprintf("(() => { const e = document.querySelector(%q); e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()", selector))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// press clicks a link as a reader does and waits for the page that follows.
func (b *browser) press(selector string) {
	b.t.Helper()
	ask[bool](b, "window.left = true")
	b.click(selector)
	b.await("!window.left && document.readyState == 'complete'", "no page follows a click on "+selector)
}

// back goes back to the page before, which the browser may have kept as it was.
func (b *browser) back(path string) {
	b.t.Helper()
	ask[bool](b, "history.back(), true")
	b.await(fmt.Sprintf("decodeURI(location.pathname) == %q && document.readyState == 'complete'", "/"+path), "Back does not lead to "+path)
}

// A reader switches the script on an article and is on the same article in the other; Back leads
// back. It needs no script.
func TestSwitchOnArticle(t *testing.T) {
	p := sample.get(t)
	at := serve(t, p) + "/"
	for _, scripts := range []bool{true, false} {
		b := startBrowser(t)
		b.scripts(scripts)
		for _, width := range []int64{1280, 390} {
			b.screen(width)
			b.open(at + articleWithTwin)
			if got := ask[string](b, "document.querySelector('h1').textContent"); got != "一张老地名图，改对了十九处" {
				t.Fatalf("title %q", got)
			}
			b.press(".editions a")
			if got := b.path(); got != twinPath(articleWithTwin) {
				t.Fatalf("scripts %v: the switch led to %s", scripts, got)
			}
			if got := ask[string](b, "document.documentElement.lang + document.querySelector('h1').textContent"); got != "zh-Hant一張老地名圖，改對了十九處" {
				t.Errorf("scripts %v: the twin is %q", scripts, got)
			}
			b.back(articleWithTwin)
			b.press(".editions a")
			b.press(".editions a")
			if got := b.path(); got != articleWithTwin {
				t.Errorf("scripts %v: there and back again led to %s", scripts, got)
			}
		}
	}
}

// The script chosen last is remembered: a page of the other that is opened from elsewhere offers it
// in a line that can be closed, and stays where it is. Without a choice, within the site and
// on pages of the chosen edition there is no such line.
func TestChoiceIsRememberedAndNeverForced(t *testing.T) {
	p := sample.get(t)
	at := serve(t, p) + "/"
	b := startBrowser(t)
	b.screen(390)
	offered := func() bool { t.Helper(); return ask[bool](b, "!!document.querySelector('.offer')") }

	b.open(at + articleWithTwin)
	if offered() {
		t.Error("an edition is offered to a reader who never chose")
	}
	b.press(".editions a")
	if offered() {
		t.Error("the other edition is offered to the reader who just left it")
	}
	const other = ""
	b.open(at + other)
	if got := b.path(); got != other {
		t.Fatalf("the reader of a shared link was sent to %s", got)
	}
	if !offered() {
		t.Fatal("the edition chosen is not offered")
	}
	if got := ask[string](b, "document.querySelector('.offer').textContent"); got != "本页另有您上次选择的版本：繁體关闭" {
		t.Errorf("the line says %q", got)
	}
	if got := ask[int64](b, "document.documentElement.scrollWidth"); got > 390 {
		t.Errorf("the page with the line is %d wide", got)
	}
	if got := ask[string](b, "[document.querySelector('.offer').getAttribute('role'), document.querySelector('.offer a').lang, document.querySelector('.offer button').type].join()"); got != "status,zh-Hant,button" {
		t.Errorf("the line is %s", got)
	}
	b.keep("edition-offer-390")
	b.press(".offer a")
	if got := b.path(); got != "hant/"+other || offered() {
		t.Errorf("the line led to %s, offered %v", got, offered())
	}

	// Within the site nobody asks again.
	b.open(at + other)
	b.press("main a[href*='/yw/']")
	if strings.HasPrefix(b.path(), "hant/") || offered() {
		t.Errorf("%s: offered within the site", b.path())
	}

	// Closed is closed.
	b.open(at + articleWithTwin)
	b.click(".offer button")
	if offered() {
		t.Error("the line cannot be closed")
	}
	if got := ask[string](b, "document.activeElement.id"); got != "main" {
		t.Errorf("after closing the focus is on %q", got)
	}
	b.open(at + articleWithTwin)
	if offered() {
		t.Error("the line is back after it was closed")
	}
	for _, m := range b.take() {
		t.Error(m)
	}
}

// Words of the two seeds in traditional script, and what each is in simplified. Those on the
// left go wrong where characters are converted one by one or not at all; 干群 stands half converted
// in the sources, and 干 is right in simplified, too.
var seedWords = map[int]map[string]string{
	1: {"后顧之憂": "后顾之忧", "干群": "干群", "干部": "干部", "急難愁盼": "急难愁盼", "換屆后": "换届后", "村里": "村里", "不可替代": "不可替代", "憑著": "凭着",
		"著力": "着力", "胡同": "胡同", "志愿": "志愿", "制定": "制定", "三里屯": "三里屯", "臺": "台"},
	2: {"黨員干部": "党员干部", "干群關系": "干群关系", "加油干": "加油干", "黨群連心": "党群连心", "著力": "着力", "著重": "着重", "帶著": "带着", "余條": "余条", "據此": "据此", "癥結": "症结",
		"里": "里", "擼起": "撸起", "發展": "发展", "采取": "采取", "制度": "制度", "范圍": "范围"},
}

// Two real pages in traditional script read correctly in the simplified edition: the words that
// go wrong elsewhere are right, as often as they stand in the source, and no character is left
// that only traditional script has. In their own script they are not changed.
func TestSeedsInSimplifiedEdition(t *testing.T) {
	needSeeds(t)
	dir := t.TempDir()
	writeSeeds(t, dir, strings.Replace(seedSettings, "首頁", "首页", 1)+"editions: [zh-Hans, zh-Hant]\n")
	mustBuildWarned(t, options(dir, dir+"/public", now))
	p := open(t, "seeds in two editions", seeds.base, dir+"/public")
	for n, words := range seedWords {
		pg, s := p.page(t, seedPage(t, n).path), readSeed(t, n)
		source := bare(heading.ReplaceAllString(s.body, ""))
		if own := p.page(t, "hant/"+pg.path); bare(rawText(own.one(t, ".body"))) != source {
			t.Errorf("%s: changed in its own script", own)
		}
		pg.none(t, ".body [lang], .body[lang]")
		if list := strangers(pg); len(list) > 0 {
			t.Errorf("%s: left in traditional script: %s", pg, strings.Join(list, "\n"))
		}
		got := bare(rawText(pg.one(t, ".body")))
		for from, to := range words {
			if a, b := strings.Count(source, from), strings.Count(got, to); a == 0 || a > b {
				t.Errorf("%s: %d × %s, but %d × %s", pg, a, from, b, to)
			}
		}
		for _, wrong := range []string{"著力", "著重", "着名", "着作", "乾", "後", "幹", "於", "裏", "裡", "徵", "幺"} {
			if strings.Contains(got, wrong) {
				t.Errorf("%s: has %s", pg, wrong)
			}
		}
	}
}
