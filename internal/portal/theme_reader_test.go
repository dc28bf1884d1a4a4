package portal

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// counted is the kitchen with counts of views, lists of the most viewed and a day of mourning.
var counted = &made{name: "counted", base: kitchen.base, warnings: true, source: func(t *testing.T, dir string) string {
	writeKitchen(t, dir)
	text, err := os.ReadFile(dir + "/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "site.yaml", string(text)+"views: {shards: 4}\nhot: views\nmourning: [2026-12-13]\n")
	return dir
}}

const (
	countedArticle = "yw/2026/quan.html"
	sampleArticle  = "yw/jgdt/2026/2026-11-18-nuanxin-yizhan.html"
)

// before runs a script in every page from now on, before its own, and returns what ends that.
func (b *browser) before(script string) (end func()) {
	b.t.Helper()
	var id cdpage.ScriptIdentifier
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		res, err := cdp.Call(ctx, t, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		id = res.Identifier
		return err
	}))
	return func() {
		b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, cdpage.RemoveScriptToEvaluateOnNewDocument, cdpage.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: id})
			return err
		}))
	}
}

// media shows pages as on paper, or with a preference of the reader.
func (b *browser) media(kind string, features ...*emulation.MediaFeature) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: features})
		return err
	}))
}

func (b *browser) key(keys string, opts ...chromedp.KeyOption) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys, opts...))
}

// is fails the test unless an expression gives a text.
func (b *browser) is(expr, want, what string) {
	b.t.Helper()
	if got := ask[string](b, "String("+expr+")"); got != want {
		b.t.Errorf("%s: %s is %q, want %q", what, expr, got, want)
	}
}

// forget makes the reader one who never came before.
func (b *browser) forget(at string) {
	b.t.Helper()
	b.open(at + "404.html")
	ask[bool](b, "localStorage.clear(), true")
}

// quiet fails the test if the console said anything.
func (b *browser) quiet(what string) {
	b.t.Helper()
	for _, m := range b.take() {
		b.t.Errorf("%s: %s", what, m)
	}
}

// serveWith serves a portal and, in place of some files, what answer gives.
func serveWith(t *testing.T, p *portal, answer func(w http.ResponseWriter, path string) bool) string {
	t.Helper()
	files := http.FileServer(http.Dir(p.dir))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case answer(w, r.URL.Path):
		case r.URL.Path == "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
		default:
			files.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

var widths = []int64{1280, 390}

const (
	htmlData   = "document.documentElement.dataset."
	bodySize   = "parseFloat(getComputedStyle(document.querySelector('.body p')).fontSize)"
	pageWidth  = "document.documentElement.scrollWidth - innerWidth"
	activeName = "(document.activeElement.dataset.do || document.activeElement.id || document.activeElement.className)"
)

// 字号: four sizes for all text, pressed and remembered, set before the first paint of the next page;
// nothing leaves the page sideways at the largest, zoomed to 200 % or on the smallest telephone.
func TestSizeOfType(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	end := b.before(`new MutationObserver((_, o) => { if (document.body) { window.atFirst = document.documentElement.dataset.size || ''; o.disconnect() } }).observe(document, {childList: true, subtree: true})`)
	for _, width := range widths {
		b.screen(width)
		b.forget(at)
		b.open(at + sampleArticle)
		medium := ask[float64](b, bodySize)
		if medium != 18 {
			t.Errorf("at %d the text is %v px high", width, medium)
		}
		for size, times := range map[string]float64{"s": .9, "m": 1, "l": 1.25, "xl": 1.5} {
			b.click(".tools [data-size=" + size + "]")
			if got := ask[float64](b, bodySize); got != medium*times {
				t.Errorf("%s: the text is %v px high, want %v", size, got, medium*times)
			}
			b.is("[...document.querySelectorAll('.tools [aria-pressed=true]')].map(e => e.dataset.size)", size, "pressed")
		}
		b.click(".tools [data-size=xl]")
		for _, page := range []string{sampleArticle, "", "jdal/bzdr/", "zt/bss/", "404.html", "sitemap.html"} {
			b.open(at + page)
			b.is("window.atFirst", "xl", "before the first paint of "+page)
			for _, w := range []int64{320, 640} { // 640: 1280 zoomed to 200 %
				b.screen(w)
				if over := ask[float64](b, pageWidth); over > 0 {
					t.Errorf("%s at %d and the largest type is %v too wide: %s", page, w, over, ask[string](b, fmt.Sprintf(tooFarRight, w)))
				}
			}
			b.screen(width)
		}
	}
	end()
	b.quiet("sizes of type")
}

// tooSmall lists controls that are not as high as want; links within a text may be.
const tooSmall = `[...document.querySelectorAll('button, summary, [role=tab], .button, nav a, .bar a, .more, .services a, .friends a, .foot a, .tags a, .files a, .headline li a')].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.crumbs, .toc, .neighbours') && e.getBoundingClientRect().height < %d - .5).map(e => e.outerHTML.slice(0, 70) + ' ' + e.getBoundingClientRect().height).join('\n')`

// smallType lists visible text smaller than 24 px.
const smallType = `[...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) && !e.closest('.sr, .skip, svg, sup') && e.checkVisibility({visibilityProperty: true}) && parseFloat(getComputedStyle(e).fontSize) < 24).map(e => e.outerHTML.slice(0, 70) + ' ' + getComputedStyle(e).fontSize).join('\n')`

// 长者模式: one press gives large type, one column, large controls and a big pointer, here and on the
// pages that follow; one press leads out again, and the keyboard's place is kept.
func TestElderMode(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	for _, width := range widths {
		b.screen(width)
		b.forget(at)
		for _, page := range []string{"", sampleArticle, "yw/bdyw/", "zt/bss/", "sitemap.html"} {
			b.open(at + page)
			if small := ask[string](b, fmt.Sprintf(tooSmall, 44)); small != "" {
				t.Errorf("%s at %d: less than 44 px high:\n%s", page, width, small)
			}
		}
		b.open(at)
		b.click(".bar [data-do=elder]")
		b.is(htmlData+"elder", "1", "pressed")
		b.is("document.activeElement.className", "elder-off", "the focus after pressing")
		b.is("document.adoptedStyleSheets.filter(s => !s.disabled).length", "1", "big pointer")
		for _, page := range []string{"", sampleArticle, "yw/bdyw/", "zt/bss/", "sitemap.html"} {
			b.open(at + page)
			what := fmt.Sprintf("%s at %d", page, width)
			b.is(htmlData+"elder", "1", what)
			b.is("document.querySelector('#access').checkVisibility()", "true", what)
			if small := ask[string](b, smallType); small != "" {
				t.Errorf("%s: type below 24 px:\n%s", what, small)
			}
			if small := ask[string](b, fmt.Sprintf(tooSmall, 60)); small != "" {
				t.Errorf("%s: less than 60 px high:\n%s", what, small)
			}
			if over := ask[float64](b, pageWidth); over > 0 {
				t.Errorf("%s: %v too wide: %s", what, over, ask[string](b, fmt.Sprintf(tooFarRight, width)))
			}
			b.keep(fmt.Sprintf("elder-%s-%d", strings.NewReplacer("/", "-", ".html", "").Replace(page), width))
		}
		b.open(at + sampleArticle)
		if got := ask[float64](b, bodySize); got < 30 {
			t.Errorf("the text is %v px high", got)
		}
		b.click(".elder-off")
		b.is("'elder' in document.documentElement.dataset", "false", "left")
		b.is(activeName, "elder", "the focus after leaving")
		b.open(at)
		b.is("'elder' in document.documentElement.dataset", "false", "left for good")
	}
	b.quiet("长者模式")
}

// The tools of 无障碍: high contrast, big pointer, a guide line that follows pointer and keyboard, all back
// with one press; the bar opens and closes by keyboard.
func TestAccessTools(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	for _, width := range widths {
		b.screen(width)
		b.forget(at)
		b.open(at + sampleArticle)
		const bar, opener = "document.querySelector('#access').checkVisibility()", "document.querySelector('.bar [data-do=access]').getAttribute('aria-expanded')"
		b.is(bar+"+"+opener, "falsefalse", "at first")
		ask[bool](b, "document.querySelector('.bar [data-do=access]').focus(), true")
		b.key(kb.Enter)
		b.is(bar+"+"+opener, "truetrue", "opened")
		for _, tool := range []string{"contrast", "cursor", "guide"} {
			b.click("#access [data-do=" + tool + "]")
			b.is("document.querySelector('#access [data-do="+tool+"]').getAttribute('aria-pressed')", "true", tool)
		}
		b.is("getComputedStyle(document.body).backgroundColor", "rgb(0, 0, 0)", "high contrast")
		b.is("document.adoptedStyleSheets.filter(s => !s.disabled).length", "1", "big pointer")
		b.do(chromedp.MouseEvent("mouseMoved", 200, 300))
		b.await("document.querySelector('.guide').style.top == '314px'", "the guide does not follow the pointer")
		ask[bool](b, "document.querySelector('.crumbs a').focus(), true")
		b.await("Math.abs(parseFloat(document.querySelector('.guide').style.top) - document.querySelector('.crumbs a').getBoundingClientRect().bottom - 4) < 1", "the guide does not follow the focus")
		b.open(at)
		b.is(htmlData+"contrast + document.querySelector('.guide').checkVisibility()", "1true", "on the next page")
		b.click(".bar [data-do=access]")
		b.click("#access [data-do=reset]")
		b.is("[document.documentElement.dataset.contrast, document.querySelector('.guide').hidden, localStorage.zhendi]", ",true,{}", "reset")
		b.key(kb.Escape)
		b.is(bar+"+"+activeName, "falseaccess", "closed by Escape")
	}
	b.quiet("无障碍")
}

// fakeVoice speaks at once and writes down what.
const fakeVoice = `
	window.spoken = [];
	const fake = { getVoices: () => [{lang: 'zh-CN'}], addEventListener() {}, cancel() {}, speak(u) { spoken.push(u.text); window.lang = u.lang; window.next = () => u.onend() } };
	Object.defineProperty(window, 'speechSynthesis', { value: fake });
	window.SpeechSynthesisUtterance = function (text) { this.text = text };`

// 朗读 is offered only where the browser has a Chinese voice; it reads sentence by sentence, marks where it is
// and stops when pressed again.
func TestReadAloud(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	b.screen(390)
	b.open(at + sampleArticle)
	b.is("document.querySelector('[data-do=speak]').hidden", "true", "without a voice")
	end := b.before(fakeVoice)
	defer end()
	b.open(at + sampleArticle)
	b.click(".bar [data-do=access]")
	b.click("[data-do=speak]")
	b.is("spoken.join() + lang", "市城管局机关党委建成32个户外劳动者驿站zh-CN", "first")
	b.is("document.querySelector('.reading').tagName", "H1", "marked")
	ask[bool](b, "next(), next(), true")
	b.is("spoken[2].slice(-1) + document.querySelectorAll('.reading').length + document.querySelector('.reading').tagName", "。1P", "one sentence after another")
	b.click("[data-do=speak]")
	b.is("document.querySelectorAll('.reading').length + document.querySelector('[data-do=speak]').getAttribute('aria-pressed')", "0false", "stopped")
	b.quiet("朗读")
}

// Every stop of the Tab key is on the screen, can be seen to have the focus and is a control that works;
// the first skips to the text.
func TestKeyboardAlone(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	const seen = `(() => {
		const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
		const ok = e.tabIndex >= 0 && s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight && r.width > 0 && e.checkVisibility({visibilityProperty: true});
		const again = e.tabbed; e.tabbed = true;
		return e == document.body || again ? 'end' : ok ? '' : e.outerHTML.slice(0, 90) + ' ' + s.outlineStyle + ' ' + r.top;
	})()`
	for _, width := range widths {
		b.screen(width)
		for _, set := range []string{"{}", `{"elder":"1"}`} {
			b.forget(at)
			ask[bool](b, "localStorage.zhendi = '"+set+"', true")
			for _, page := range []string{"", sampleArticle} {
				if page == "" && set != "{}" {
					continue // the same controls, fewer of them
				}
				b.open(at + page)
				b.key(kb.Tab)
				b.is("document.activeElement.className", "skip", "the first stop")
				b.key(kb.Enter)
				b.is("document.activeElement.id", "main", "after skipping")
				b.open(at + page)
				stops := 0
				for ; stops < 300; stops++ {
					b.key(kb.Tab)
					got := ask[string](b, seen)
					if got == "end" {
						break
					}
					if got != "" {
						t.Errorf("%q at %d %s: %s", page, width, set, got)
					}
				}
				if stops < 30 || stops == 300 {
					t.Errorf("%q at %d: %d stops", page, width, stops)
				}
			}
		}
	}
	b.quiet("keyboard")
}

// moved adds up what the browser saw move by itself, as Core Web Vitals do.
const moved = `window.shift = 0; window.shifted = []; new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) { shift += e.value; shifted.push(...e.sources.map(s => s.node && (s.node.outerHTML || s.node.data || '').slice(0, 60))) } })).observe({type: 'layout-shift', buffered: true});`

// Nothing jumps: neither while a page loads nor while the reader scrolls down it, lists and counts come and
// pictures are drawn. Lighthouse rounds what is less than 0.005 to 0.
func TestNothingJumps(t *testing.T) {
	s := newSidecar(t)
	b := startBrowser(t)
	defer b.before(moved)()
	b.screen(390)
	b.open(s.at + countedArticle)
	path, id := shard(b)
	rows := `{"url": "/yw/1.html", "title": "第一篇标题较长较长较长较长较长较长的稿件"}, {"url": "/yw/2.html", "title": "第二篇"}, {"url": "/yw/3.html", "title": "第三篇"}, {"url": "/yw/4.html", "title": "第四篇"}`
	s.say(map[string]string{path: fmt.Sprintf(`{"counts": {%q: 1234}}`, id), ask[string](b, mostViewed): `{"site": [` + rows + `]}`})
	at := serve(t, sample.get(t)) + "/"
	for _, set := range []string{"{}", `{"elder":"1"}`} {
		for _, width := range widths {
			if set != "{}" && width != 1280 {
				continue
			}
			b.screen(width)
			for _, page := range []string{s.at + countedArticle, s.at + "yw/", at, at + sampleArticle, at + "zbfc/", at + "zt/zbtz/"} {
				b.open(page)
				ask[bool](b, "localStorage.zhendi = '"+set+"', true")
				b.open(page)
				for range 6 {
					ask[bool](b, "scrollBy(0, innerHeight * 1.5), true")
					b.do(chromedp.Sleep(40 * time.Millisecond))
				}
				if got := ask[float64](b, "shift"); got >= 0.005 {
					t.Errorf("%s at %d %s moves by %.3f: %s", page, width, set, got, ask[string](b, "shifted.join(' · ')"))
				}
			}
		}
	}
	b.take()
}
