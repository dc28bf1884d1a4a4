package portal

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a tab of a browser that looks at portals served on this machine.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	messages []string // what the console said since the last take
}

// chromium is the one browser of all tests, started when the first needs it.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// startChromium starts it. TestMain stops it.
func startChromium(path string) {
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(scratch, "chromium")),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-device-scale-factor", "1"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, end := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, quit := chromedp.NewContext(ctx)
	chromium.ctx, chromium.stop, chromium.err = ctx, func() { quit(); end() }, chromedp.Do(ctx)
}

// startBrowser opens a tab for the test. Each test serves its portal at a port of its own, so that
// none finds what the reader of another chose.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	need(t, path != "", "chromium", "tests in a browser")
	chromium.once.Do(func() { startChromium(path) })
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear keeps what goes wrong in a page.
func (b *browser) hear(ev any) {
	s := ""
	switch e := ev.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			s = fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		s = fmt.Sprintf("console.%s", e.Type)
	case *runtime.EventExceptionThrown:
		s = "exception: " + e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			s += " " + x.Description
		}
	}
	if s == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, s)
}

// take returns what the console said and forgets it.
func (b *browser) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.messages
	b.messages = nil
	return m
}

// do runs actions; none may take long.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](b *browser, expr string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expr))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// screen sets the size of the window; narrow ones are telephones.
func (b *browser) screen(width int64) {
	b.t.Helper()
	if width < 768 {
		b.do(chromedp.EmulateViewport(width, 800, chromedp.EmulateMobile, chromedp.EmulateTouch))
	} else {
		b.do(chromedp.EmulateViewport(width, 900))
	}
}

func (b *browser) scripts(on bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// shot takes a picture: of the whole page, or of the part in clip.
func (b *browser) shot(clip *cdpage.Viewport) []byte {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	beyond := true
	res, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (cdpage.CaptureScreenshotResult, error) {
		return cdp.Call(ctx, t, cdpage.CaptureScreenshot, cdpage.CaptureScreenshotParams{Clip: clip, CaptureBeyondViewport: &beyond})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return res.Data
}

// keep writes a picture of the whole page where ZHENDI_SHOTS says.
func (b *browser) keep(name string) {
	b.t.Helper()
	dir := os.Getenv("ZHENDI_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	ask[string](b, `document.querySelectorAll('img').forEach(i => i.loading = 'eager'), ''`)
	b.do(chromedp.Sleep(300 * time.Millisecond))
	height := ask[float64](b, "Math.max(document.documentElement.scrollHeight, innerHeight)")
	width := ask[float64](b, "innerWidth")
	img := b.shot(&cdpage.Viewport{Width: width, Height: min(height, 12000), Scale: 1})
	if err := os.WriteFile(filepath.Join(dir, name+".png"), img, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// serve serves a portal on this machine and returns its address, without a last slash.
func serve(t *testing.T, p *portal) string {
	t.Helper()
	files := http.FileServer(http.Dir(p.dir))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" && p.files["favicon.ico"] == nil {
			w.WriteHeader(http.StatusNoContent) // browsers ask for it unasked
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// shownPage is a page that the tests look at in a browser.
type shownPage struct {
	name string
	site *made
	path string
}

// kindsOfPages are one page of each kind and of each difficulty: the first of the sample that
// has what the selector asks for.
func kindsOfPages(t *testing.T) []shownPage {
	t.Helper()
	out := []shownPage{
		{"kitchen-article", kitchen, "yw/2026/quan.html"},
		{"kitchen-fold", kitchen, "yw/2026/zhe.html"},
		{"kitchen-long-3", kitchen, "yw/jc/2025/chang_3.html"},
		{"kitchen-pictures", kitchen, "tu/index.html"},
		{"kitchen-home", kitchen, "index.html"},
	}
	if _, err := os.Stat(seedContent); err == nil {
		for n := range 5 {
			out = append(out, shownPage{fmt.Sprintf("seed-%d", n), seeds, seedPage(t, n).path})
		}
	}
	p := sample.get(t)
	traditional := false
	pick := func(name, kind, selector string) {
		t.Helper()
		for _, pg := range p.kind(kind) {
			if pg.traditional() == traditional && len(pg.all(selector)) > 0 {
				out = append(out, shownPage{name, sample, pg.path})
				return
			}
		}
		t.Errorf("the sample has no %s: no page of kind %s with %s", name, kind, selector)
	}
	pick("home", "home", "main")
	pick("column", "column", ".rail")
	pick("column-alone", "column", "main:not(:has(.rail)) .rows")
	pick("pictures", "column", ".cards")
	pick("archive", "archive", ".rows")
	pick("topic", "topic", "main")
	pick("page", "page", ".body")
	pick("tag", "group", ".rows")
	pick("tags", "tags", "main")
	pick("sitemap", "sitemap", "main")
	pick("notfound", "notfound", "main")
	pick("withdrawn", "withdrawn", "main")
	pick("article", "article", ".body figure")
	pick("article-table", "article", ".body table")
	pick("article-files", "article", ".files")
	pick("article-contents", "article", ".toc")
	pick("article-code", "article", ".body pre code")
	pick("article-fold", "article", ".body details")
	traditional = true
	pick("traditional-home", "home", "main")
	pick("traditional-article", "article", ".body figure")
	return out
}

// At every width a page fits, and nothing on it goes wrong.
func TestPagesInBrowser(t *testing.T) {
	b := startBrowser(t)
	addr := map[*made]string{}
	for _, s := range kindsOfPages(t) {
		if addr[s.site] == "" {
			addr[s.site] = serve(t, s.site.get(t))
		}
		for _, width := range []int64{1280, 390, 320} {
			b.screen(width)
			b.do(chromedp.Navigate(addr[s.site] + "/" + s.path))
			where := fmt.Sprintf("%s (%s) at %d", s.name, s.path, width)
			for _, m := range b.take() {
				t.Errorf("%s: %s", where, m)
			}
			if got := ask[int64](b, "document.documentElement.scrollWidth"); got > width {
				t.Errorf("%s: %d wide; too far right: %s", where, got, ask[string](b, fmt.Sprintf(tooFarRight, width)))
			}
			if width != 320 {
				b.keep(fmt.Sprintf("%s-%d", s.name, width))
			}
		}
	}
}

const tooFarRight = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > %d + 1 && e.checkVisibility()).slice(0, 8).map(e => e.tagName + '.' + e.className).join(' ')`

// The code of an article is read from the screen, as a telephone does, and holds the page's address.
func TestQRCodeOnScreen(t *testing.T) {
	b := startBrowser(t)
	b.screen(1280)
	for _, s := range []struct {
		site *made
		path string
	}{{kitchen, "yw/2026/quan.html"}, {kitchen, longest(kitchen.get(t))}, {sample, longest(sample.get(t))}} {
		p := s.site.get(t)
		b.do(chromedp.Navigate(serve(t, p) + "/" + s.path))
		if ratio := ask[float64](b, "devicePixelRatio"); ratio != 1 {
			t.Fatalf("%v pixels for one", ratio)
		}
		box := ask[[]float64](b, `(() => { const r = document.querySelector('.qr-box').getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, r.height] })()`)
		img, err := png.Decode(bytes.NewReader(b.shot(&cdpage.Viewport{X: box[0], Y: box[1], Width: box[2], Height: box[3], Scale: 1})))
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeQR(img)
		if want := p.page(t, s.path).canonical(); err != nil || got != want {
			t.Errorf("%s: read %q, %v; want %q, from a picture of %v", s.path, got, err, want, img.Bounds())
		}
	}
}

// longest is the article of a portal with the longest address, whose code is the finest.
func longest(p *portal) string {
	best := p.kind("article")[0]
	for _, pg := range p.kind("article") {
		if len(pg.canonical()) > len(best.canonical()) && pageNumber.FindString(pg.path) == "" && !strings.HasSuffix(pg.path, "_all.html") {
			best = pg
		}
	}
	return best.path
}

// Without scripts every page shows all it has, and no control that does nothing.
func TestWithoutScripts(t *testing.T) {
	b := startBrowser(t)
	b.scripts(false)
	for _, s := range []struct {
		site *made
		path string
	}{{kitchen, "yw/2026/quan.html"}, {sample, "index.html"}, {sample, sample.get(t).kind("column")[0].path}, {sample, "404.html"}} {
		p := s.site.get(t)
		for _, width := range []int64{1280, 390} {
			b.screen(width)
			b.do(chromedp.Navigate(serve(t, p) + "/" + s.path))
			where := fmt.Sprintf("%s %s at %d", s.site.name, s.path, width)
			if strings.Contains(ask[string](b, "document.documentElement.className"), "js") {
				t.Fatalf("%s: a script has run", where)
			}
			if got := ask[string](b, `[...document.querySelectorAll('button, input, select, textarea, [role=button], [data-js], dialog')].filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80)).join('\n')`); got != "" {
				t.Errorf("%s: dead controls are seen: %s", where, got)
			}
			if got := ask[string](b, `[...document.querySelectorAll('main :is(p, li, h1, h2, h3, td, dd, figcaption), #nav > li > a, .foot a')].filter(e => !e.closest('[hidden], dialog, details:not([open]), .paper-only, .qr-box, .has-friends .links') && e.textContent.trim() && !e.checkVisibility({visibilityProperty: true, opacityProperty: true})).map(e => e.outerHTML.slice(0, 80)).join('\n')`); got != "" {
				t.Errorf("%s: not seen: %s", where, got)
			}
			for _, m := range b.take() {
				if !strings.Contains(m, "cript") { // that scripts are off may be said
					t.Errorf("%s: %s", where, m)
				}
			}
			b.keep(fmt.Sprintf("noscript-%s-%d", strings.NewReplacer("/", "-", ".html", "").Replace(s.site.name+"-"+s.path), width))
		}
	}
}
