package portal

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	previewer "zhendi/internal/serve"
	"zhendi/themes"
)

// preview is a small site in a folder, shown by zhendi serve's server.
type preview struct {
	t        *testing.T
	dir, url string
}

func newPreview(t *testing.T, lan bool) *preview {
	t.Helper()
	p := &preview{t: t, dir: t.TempDir()}
	write(t, p.dir, "site.yaml", "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, zh-Hant]\n")
	write(t, p.dir, "content/yw/_index.md", "---\ntitle: 要闻\n---\n")
	p.article("后来的学习", "", "第一稿。")
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s, err := previewer.Open(context.Background(), previewer.Options{LAN: lan, Say: func(x diag.Text) { t.Log(x.EN) }, Site: build.Options{Source: p.dir, Themes: themes.FS,
		Version: "test", Drafts: true, Future: true, Now: func(*time.Location) (time.Time, error) { return at, nil }}})
	if lan && err == previewer.ErrNoNetwork {
		need(t, false, "a local network", "the code that leads to this machine")
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	p.url = "http://127.0.0.1:" + u.Port()
	return p
}

// article saves the article, long enough to scroll.
func (p *preview) article(title, front, text string) {
	p.t.Helper()
	write(p.t, p.dir, "content/yw/a.md", "---\ntitle: "+title+"\ndate: 2026-01-01\nsource: 本网\n"+front+"---\n\n"+text+"\n"+strings.Repeat("\n一段干部学习的文字。\n", 120))
}

// until waits for an expression to be true in the page, which may be loaded again meanwhile.
func (b *browser) until(what, expr string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	for {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expr+")"))
		if err == nil && v {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatalf("%s: still not %s: %v\n%s", what, expr, err, ask[string](b, "document.body.innerText.slice(0, 400) + layer()"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// layerText is defined in every page: what the preview's layer shows.
const layerText = `window.layer = () => { const h = document.querySelector('zhendi-preview'); return h ? [...h.shadowRoot.querySelectorAll('.bar, .mistakes:not([hidden])')].map(e => e.innerText).join('\n') : '' };`

// An editor writes on, makes a mistake and mends it; the reader's place and edition stay.
func TestPreviewInBrowser(t *testing.T) {
	p := newPreview(t, false)
	b := startBrowser(t)
	defer b.before(layerText)()
	b.screen(1280)
	const second = "/hant/yw/2026/a.html"
	b.do(chromedp.Navigate(p.url + second))
	b.until("at first", "layer().includes('content/yw/a.md') && layer().includes('现在生成就会发布')")
	b.until("converted", "document.body.innerText.includes('後來的學習')")
	ask[int](b, "window.before = 1, scrollTo({top: 700, behavior: 'instant'}), 1")

	p.article("后来的学习", "", "第二稿。")
	b.until("saved", "!window.before && document.body.innerText.includes('第二稿')")
	b.until("the reader's place", "Math.abs(scrollY - 700) < 2")
	if got := ask[string](b, "location.pathname"); got != second {
		t.Errorf("now at %s", got)
	}

	ask[int](b, "window.before = 2, 1")
	css, err := themes.FS.ReadFile("default/assets/site.css")
	if err != nil {
		t.Fatal(err)
	}
	write(t, p.dir, "themes/default/assets/site.css", string(css)+"\nh1{outline:3px solid rgb(1, 2, 3)}\n")
	b.until("a new style", "getComputedStyle(document.querySelector('h1')).outlineColor == 'rgb(1, 2, 3)'")
	b.until("without a load", "window.before == 2 && document.querySelectorAll('link[rel=stylesheet]').length == 1")

	p.article("后来的学习", "", "第三稿 [死](none.md)。")
	b.until("a mistake", "layer().includes('content/yw/a.md:7:') && layer().includes('none.md') && layer().includes('→')")
	b.until("the last good page below", "document.body.innerText.includes('第二稿')")
	b.keep("preview-mistake")
	p.article("后来的学习", "", "第四稿。")
	b.until("mended", "document.body.innerText.includes('第四稿') && !layer().includes('错误')")

	p.article("后来的学习", "status: draft\n", "第四稿。")
	b.until("a draft", "layer().includes('现在不会发布：这是草稿')")
	p.article("后来的学习", "publishDate: 2030-01-01 09:00\n", "第四稿。")
	b.until("scheduled", "layer().includes('2030-01-01 09:00')")
	p.article("后来的学习", "slug: xin\n", "第五稿。")
	b.until("moved", "location.pathname == '/hant/yw/2026/xin.html' && document.body.innerText.includes('第五稿')")
	if err := os.Remove(filepath.Join(p.dir, "content", "yw", "a.md")); err != nil {
		t.Fatal(err)
	}
	b.until("deleted", "!document.body.innerText.includes('第五稿')")
	for _, m := range b.take() {
		if !strings.Contains(m, "404") {
			t.Error(m)
		}
	}
}

// With --lan the code on the screen leads a phone to the draft on this machine.
func TestPreviewOnPhone(t *testing.T) {
	p := newPreview(t, true)
	p.article("后来的学习", "status: draft\n", "给手机看的一稿。")
	b := startBrowser(t)
	defer b.before(layerText)()
	b.screen(1280)
	b.do(chromedp.Navigate(p.url + "/yw/2026/a.html"))
	b.until("the draft", "document.body.innerText.includes('给手机看的一稿')")
	box := ask[[]float64](b, `(() => { const r = document.querySelector('.qr-box').getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, r.height] })()`)
	img, err := png.Decode(bytes.NewReader(b.shot(&cdpage.Viewport{X: box[0], Y: box[1], Width: box[2], Height: box[3], Scale: 1})))
	if err != nil {
		t.Fatal(err)
	}
	addr, err := decodeQR(img)
	if err != nil || strings.Contains(addr, "127.0.0.1") || !strings.HasSuffix(addr, "/yw/2026/a.html") {
		t.Fatalf("the code says %q, %v", addr, err)
	}
	res, err := http.Get(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil || !strings.Contains(body.String(), "给手机看的一稿") {
		t.Error(fmt.Sprint(res.Status, err), "a phone does not get the draft at", addr)
	}
}
