package portal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axeRules are what every page is held to: WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice.
const axeRules = `{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']}`

// axeContrast is WCAG 1.4.6: contrast of level AAA.
const axeContrast = `{runOnly: {type: 'rule', values: ['color-contrast-enhanced']}, resultTypes: ['violations']}`

// axeSource reads axe-core, which .ci/tools installs.
func axeSource(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(toolsDir(), "node_modules/axe-core/axe.min.js"))
	need(t, err == nil, "axe-core (.ci/tools)", "axe-core on all kinds of pages")
	return string(src)
}

// axe fails the test for each rule that the page breaks.
func (b *browser) axe(source, rules, where string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	expr := source + `; axe.run(document, ` + rules + `).then(r => r.violations.map(v => v.id + ' (' + v.impact + '): ' + v.help + v.nodes.slice(0, 3).map(n => '\n\t' + n.target + ': ' + n.html.slice(0, 160) + (n.any[0] ? ' — ' + n.any[0].message : '')).join('')))`
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](expr, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", where, err)
	}
	for _, v := range broken {
		b.t.Errorf("%s: %s", where, v)
	}
}

// looks are ways in which a reader sees the pages. enter leaves the browser so that every page opened from then on is
// seen in this way; it presses the controls that a reader presses.
var looks = []struct {
	name, rules string
	editions    int // in how many editions; the articles with odd parts in the first only
	width       int64
	enter       func(b *browser)
	holds       string // an expression that shows that the page is seen so
}{
	{"normal", axeRules, 2, 1280, func(*browser) {}, "!document.documentElement.dataset.elder"},
	{"390", axeRules, 2, 390, func(*browser) {}, "innerWidth == 390"},
	{"elder", axeRules, 2, 1280, func(b *browser) { b.click("[data-do=elder]") }, "document.documentElement.dataset.elder == '1'"},
	{"elder-390", axeRules, 1, 390, func(b *browser) { b.click("[data-do=elder]") }, "document.documentElement.dataset.elder == '1'"},
	{"contrast", axeContrast, 1, 1280, pressContrast, "document.documentElement.dataset.contrast == '1'"},
	{"contrast-390", axeContrast, 1, 390, pressContrast, "document.documentElement.dataset.contrast == '1'"},
	{"zoom-200", axeRules, 1, 640, func(*browser) {}, "innerWidth == 640"},
	{"forced-colors", axeRules, 1, 1280, func(b *browser) {
		b.media("", &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	}, "matchMedia('(forced-colors: active)').matches"},
}

func pressContrast(b *browser) {
	b.click("[data-do=access]")
	b.click("[data-do=contrast]")
}

// axePages are pages of each kind in the first and the second edition of the sample.
func axePages(t *testing.T) (pages [2][]string) {
	p := sample.get(t)
	for ed, prefix := range []string{"", "hant/"} {
		pick := func(kind, selector string) {
			for _, pg := range p.kind(kind) {
				if pg.traditional() == (ed == 1) && len(pg.all(selector)) > 0 {
					pages[ed] = append(pages[ed], pg.path)
					return
				}
			}
			t.Errorf("the sample has no page of kind %s with %s below /%s", kind, selector, prefix)
		}
		for _, kind := range []string{"home", "archive", "topic", "page", "group", "tags", "sitemap", "notfound", "withdrawn"} {
			pick(kind, "main")
		}
		pick("column", ".rail")
		pick("column", ".cards")
		pick("article", ".body figure")
		if ed == 1 {
			continue
		}
		pick("article", ".body table")
		pick("article", ".files")
		pick("article", ".toc")
		pick("article", ".body pre code")
		pick("article", ".body details")
	}
	return pages
}

// No page breaks a rule of axe-core, however a reader looks at it.
func TestAxe(t *testing.T) {
	source := axeSource(t)
	pages := axePages(t)
	at := serve(t, sample.get(t)) + "/"
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			b := startBrowser(t)
			b.screen(look.width)
			b.forget(at)
			b.open(at)
			look.enter(b)
			for ed := range look.editions {
				for _, path := range pages[ed] {
					b.open(at + path)
					where := fmt.Sprintf("%s, %s", look.name, path)
					if !ask[bool](b, look.holds) {
						t.Fatalf("%s: not seen in this way: %s", where, look.holds)
					}
					b.axe(source, look.rules, where)
					if over := ask[float64](b, pageWidth); over > 0 {
						t.Errorf("%s: %v px too wide", where, over)
					}
				}
			}
			b.quiet(look.name)
		})
	}
}

// What opens breaks no rule either: the navigation, the tools, the notice before a page of another site.
func TestAxeOfWhatOpens(t *testing.T) {
	source := axeSource(t)
	at := serve(t, sample.get(t)) + "/"
	for _, c := range []struct {
		name  string
		width int64
		open  func(b *browser)
		shows string
	}{
		{"menu", 390, func(b *browser) { b.click("[data-do=menu]") }, "#nav"},
		{"tools", 390, func(b *browser) { b.click("[data-do=access]") }, "#access"},
		{"tools", 1280, func(b *browser) { b.click("[data-do=access]") }, "#access"},
		{"notice", 1280, func(b *browser) { b.click(".friends a") }, "dialog[open]"},
	} {
		t.Run(fmt.Sprintf("%s-%d", c.name, c.width), func(t *testing.T) {
			b := startBrowser(t)
			b.screen(c.width)
			b.forget(at)
			b.open(at)
			c.open(b)
			b.await("document.querySelector("+fmt.Sprintf("%q", c.shows)+")?.checkVisibility()", c.shows+" does not open")
			b.axe(source, axeRules, c.name)
			b.keep(strings.Join([]string{"axe", c.name, fmt.Sprint(c.width)}, "-"))
		})
	}
}
