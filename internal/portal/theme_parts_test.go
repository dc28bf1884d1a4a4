package portal

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Navigation: sub-columns open by a press of a button, by finger or key, never only under a pointer; Escape
// closes them and keeps the keyboard's place. On a telephone one button shows all columns.
func TestNavigation(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	const sub = "#nav .sub"
	const open = "document.querySelector('#nav .sub').getAttribute('aria-expanded') + document.querySelector('#nav .sub + ul').checkVisibility()"
	b.screen(1280)
	b.open(at + sampleArticle)
	b.is(open, "falsefalse", "at first")
	b.do(chromedp.Tap(sub))
	b.is(open, "truetrue", "tapped")
	b.do(chromedp.Tap("h1"))
	b.is(open, "falsefalse", "tapped elsewhere")
	ask[bool](b, "document.querySelector('#nav .sub').focus(), true")
	b.key(kb.Enter)
	b.is(open, "truetrue", "Enter")
	b.key(kb.Tab)
	b.is("!!document.activeElement.closest('.sub + ul')", "true", "the next stop is a sub-column")
	b.key(kb.Escape)
	b.is(open+"+ document.activeElement.className", "falsefalsesub", "Escape")
	b.is("document.querySelector('#nav [aria-current]').textContent", "要闻", "current")

	b.screen(390)
	b.open(at)
	const all = "[...document.querySelectorAll('#nav a')].filter(a => { const r = a.getBoundingClientRect(); return a.checkVisibility() && r.right <= innerWidth && r.left >= 0 }).length == document.querySelectorAll('#nav a').length"
	b.is(all, "false", "closed")
	b.do(chromedp.Tap(".menu"))
	b.is("["+all+", document.querySelector('.menu').getAttribute('aria-expanded')]", "true,true", "all columns")
	b.do(chromedp.Tap(".menu"))
	b.is("document.querySelector('.menu').getAttribute('aria-expanded')", "false", "closed again")
	b.quiet("navigation")
}

// ticking keeps what would be done again and again, so that a test decides when.
const ticking = "window.ticks = []; window.setInterval = f => ticks.push(f);"

// Picture news: moves on by itself, but not under pointer or focus, not when paused and not for readers who
// want no motion; buttons and arrow keys turn it. Without scripts it is a list with every picture.
func TestPictureNews(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	defer b.before(ticking)()
	const shown = "document.querySelector('.slide-tools span').textContent"
	reach := func(what, want string) {
		t.Helper()
		b.await(shown+" == '"+want+"'", what+" does not lead to "+want)
	}
	for _, width := range widths {
		b.screen(width)
		b.media("")
		b.open(at)
		ask[bool](b, "ticks.forEach(f => f()), true")
		reach("time", "2/5")
		b.click("[data-slide='1']")
		reach("next", "3/5")
		ask[bool](b, "ticks.forEach(f => f()), true") // the pointer rests on it
		b.click("[data-slide='-1']")
		reach("previous", "2/5")
		b.click("[data-slide='0']")
		b.is("document.querySelector('[data-slide=\"0\"]').getAttribute('aria-label')", "继续播放", "paused")
		b.key(kb.ArrowLeft)
		reach("the left arrow", "1/5")
		b.key(kb.ArrowLeft)
		reach("the left arrow at the start", "5/5")
		b.key(kb.ArrowRight)
		reach("the right arrow at the end", "1/5")

		b.media("", &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
		b.open(at)
		ask[bool](b, "ticks.forEach(f => f()), true")
		b.is(shown+"+ document.querySelector('[data-slide=\"0\"]').getAttribute('aria-label')", "1/5继续播放", "reduced motion")
	}
	b.media("")
	b.scripts(false)
	b.open(at)
	b.is("[...document.querySelectorAll('.slides a')].filter(a => { const r = a.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && a.querySelector('img').getBoundingClientRect().height > 50 }).length", "5", "without scripts")
	b.quiet("picture news")
}

// Tabs: one list at a time, chosen by press or arrow keys; without scripts all lists.
func TestTabs(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	const shown = "[...document.querySelectorAll('.tabs section')].filter(e => e.checkVisibility()).map(e => e.querySelector('h2').textContent)"
	for _, width := range widths {
		b.screen(width)
		b.open(at)
		b.is(shown, "要闻", "at first")
		b.click("[role=tab]:nth-child(2)")
		b.is(shown, "通知公告", "pressed")
		b.key(kb.ArrowRight)
		b.is("["+shown+", document.activeElement.textContent]", "组织建设,组织建设", "right")
		b.key(kb.ArrowRight)
		b.is(shown, "要闻", "around")
		b.key(kb.End)
		b.is(shown, "组织建设", "End")
		b.key(kb.Tab)
		b.is("!!document.activeElement.closest('[role=tabpanel].on')", "true", "the stop after the tabs is in the list")
		b.is("[...document.querySelectorAll('[role=tab]')].map(e => e.getAttribute('aria-selected') + e.tabIndex)", "false-1,false-1,true0", "state")
	}
	b.scripts(false)
	b.open(at)
	b.is(shown, "要闻,通知公告,组织建设", "without scripts")
	b.quiet("tabs")
}

// A link that leaves the site asks first and says where it leads; Escape and 取消 stay, 继续访问 goes. Without
// scripts it is a plain link.
func TestLeavingTheSite(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<title>elsewhere</title>") }))
	defer other.Close()
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	const asked = "document.querySelector('.leave').open"
	for _, width := range widths {
		b.screen(width)
		b.open(at)
		ask[bool](b, fmt.Sprintf("document.querySelector('.friends a').href = %q, true", other.URL+"/x"))
		b.click(".friends a")
		b.is("["+asked+", document.querySelector('.leave-to').textContent]", "true,"+strings.TrimPrefix(other.URL, "http://"), "asked")
		b.is("document.querySelector('.leave').textContent.includes('您访问的链接即将离开“云岫市机关党建网”')", "true", "words")
		b.key(kb.Escape)
		b.is(asked, "false", "Escape")
		b.click(".friends a")
		b.click(".leave [value=stay]")
		b.is("["+asked+", location.pathname]", "false,/", "stayed")
		ask[bool](b, "document.querySelector('.friends a').focus(), true")
		b.key(kb.Enter)
		b.is("["+asked+", document.activeElement.className]", "true,leave", "asked by keyboard, nothing chosen yet")
		b.key(kb.Tab)
		b.key(kb.Tab)
		b.key(kb.Enter) // 取消: the second button
		b.is("["+asked+", location.pathname]", "false,/", "stayed by keyboard")
		b.click(".friends a")
		b.click(".leave [value=go]")
		b.await("document.title == 'elsewhere'", "the reader does not get there")
		b.open(at)
		b.is("(document.querySelector('.headline a').click(), "+asked+")", "false", "a link within the site")
	}
	b.take() // favicon of the other server
}

// 分享 opens the device's own sheet where there is one, else copies the address, also without TLS; 打印 prints,
// 关闭 closes or goes back.
func TestShareAndPrint(t *testing.T) {
	p := sample.get(t)
	at := serve(t, p) + "/"
	b := startBrowser(t)
	canonical := p.page(t, sampleArticle).canonical()
	defer b.before(`
		window.did = [];
		window.print = () => did.push('print'); window.close = () => did.push('close'); History.prototype.back = () => did.push('back');
		document.execCommand = c => { did.push(c + ' ' + document.activeElement.value); return true };
		const how = window.name;
		Object.defineProperty(navigator, 'share', { value: how == 'sheet' ? d => { did.push('sheet ' + d.url); return Promise.resolve() } : undefined });
		Object.defineProperty(navigator, 'clipboard', { value: how == 'clip' ? { writeText: x => { did.push('clip ' + x); return Promise.resolve() } } : undefined });`)()
	for _, width := range widths {
		b.screen(width)
		for how, want := range map[string]string{"sheet": "sheet " + canonical, "clip": "clip " + canonical, "plain": "copy " + canonical} {
			b.open(at)
			ask[bool](b, "window.name = '"+how+"', true")
			b.do(chromedp.Navigate(at + sampleArticle))
			b.click("[data-do=share]")
			b.await("did.length == 1", how+": nothing was shared")
			b.is("did[0]", want, how)
			if how != "sheet" {
				b.await("!!document.querySelector('.said[role=status]')", how+": the reader is not told")
				b.is("document.querySelector('.said').textContent", "链接已复制", how)
			}
		}
		b.click(".page-tools [data-do=print]")
		b.click(".page-tools [data-do=close]")
		b.is("did.slice(1)", "print,close,back", "print and close")
	}
	b.quiet("share and print")
}

// On paper an article stands alone, with its address and code, in the faces and measures of GB/T 9704.
func TestOnPaper(t *testing.T) {
	at := serve(t, kitchen.get(t)) + "/"
	b := startBrowser(t)
	b.screen(1280)
	for _, set := range []string{"{}", `{"elder":"1","contrast":"1","size":"xl","guide":"1"}`} {
		b.forget(at)
		ask[bool](b, "localStorage.zhendi = '"+set+"', true")
		b.media("print")
		b.open(at + countedArticle)
		b.is("[...document.querySelectorAll('.head, .foot, .crumbs, .tools, .page-tools, .neighbours, .related, .hot, .editions, .offer, .guide, .access, button')].filter(e => e.checkVisibility()).map(e => e.className)", "", "the page around the article with "+set)
		b.is("[...document.querySelectorAll('h1, .meta dl, .body p, .qr-box svg, .paper-only, .files')].every(e => e.checkVisibility())", "true", "the article with "+set)
		b.is("document.querySelector('.paper-only').textContent.includes('https://www.yunxiu.example/yw/2026/quan.html')", "true", "address")
		// 2号 22 pt, 3号 16 pt on 28 pt lines; 1 pt is 4/3 px
		b.is("[getComputedStyle(document.querySelector('h1')).fontSize, getComputedStyle(document.querySelector('.body p')).fontSize, getComputedStyle(document.querySelector('.body p')).lineHeight].map(x => Math.round(parseFloat(x) * 3 / 4))", "22,16,28", "measures with "+set)
		b.is("getComputedStyle(document.querySelector('.body p')).color + getComputedStyle(document.body).backgroundColor", "rgb(0, 0, 0)rgba(0, 0, 0, 0)", "ink with "+set)
		b.is("getComputedStyle(document.querySelector('.body p')).fontFamily.split(',')[0]", "FangSong", "face")
		b.media("")
	}
	b.quiet("paper")
}

// Friend links stand in the foot of every page, but for the home page, which shows them as a module.
func TestFriendLinks(t *testing.T) {
	at := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	const seen = "['.foot', '.friends'].map(s => [...document.querySelectorAll(s + ' .friend-group a')].filter(a => a.checkVisibility()).length)"
	for _, width := range widths {
		b.screen(width)
		for page, want := range map[string]string{"": "0,5", sampleArticle: "5,0", "404.html": "5,0", "zt/zbtz/": "5,0"} {
			b.open(at + page)
			b.is(seen, want, page)
		}
	}
	b.quiet("friend links")
}
