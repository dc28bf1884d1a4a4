package portal

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// What a page may weigh, compressed as web servers do (gzip, level 6), in bytes.
const (
	maxPage    = 40 << 10 // an article with style sheet and scripts, without its pictures
	maxStyle   = 14 << 10
	maxScripts = 8 << 10 // all of them
	maxChrome  = 4 << 10 // an article's HTML without text, QR code and what the head says of the article
	maxAsked   = 6       // requests before any scroll, without the article's pictures
)

func gzipped(b []byte) int {
	var z bytes.Buffer
	w, _ := gzip.NewWriterLevel(&z, 6)
	w.Write(b) // into memory
	w.Close()
	return z.Len()
}

var (
	headOfArticle = regexp.MustCompile(`(?s)<meta (?:name|property)=[^>]*>\n?|<script type="application/ld\+json">.*?</script>\n?`)
	qrCode        = regexp.MustCompile(`(?s)<svg[^>]*class="qr".*?</svg>`)
	inMain        = regexp.MustCompile(`(?s)<main.*?</main>`)
)

// Every article keeps within the weights; the heaviest is told.
func TestWeights(t *testing.T) {
	p := sample.get(t)
	style, scripts := 0, 0
	for name, b := range p.files {
		switch {
		case !strings.HasPrefix(name, "_assets/"):
		case path.Ext(name) == ".css":
			style += gzipped(b)
		case path.Ext(name) == ".js":
			scripts += gzipped(b)
		}
	}
	home := p.page(t, "index.html")
	boot := 0
	for _, n := range home.all("script:not([src]):not([type])") {
		boot += len(text(n))
	}
	if style == 0 || scripts == 0 || boot == 0 {
		t.Fatal("no style sheet, no script or no boot script")
	}
	heaviest, where, chrome := 0, "", 0
	for _, pg := range p.kind("article") {
		b := p.files[pg.path]
		if n := gzipped(b) + style + scripts; n > heaviest {
			heaviest, where = n, pg.path
		}
		frame := inMain.ReplaceAll(qrCode.ReplaceAll(headOfArticle.ReplaceAll(b, nil), nil), nil)
		chrome = max(chrome, gzipped(frame))
	}
	for _, w := range []struct {
		what      string
		bytes, at int
	}{
		{"the style sheet", style, maxStyle}, {"all scripts", scripts + boot, maxScripts}, {"the heaviest article, " + where, heaviest, maxPage}, {"the frame of a page", chrome, maxChrome},
	} {
		t.Logf("%s: %d bytes of %d", w.what, w.bytes, w.at)
		if w.bytes > w.at {
			t.Errorf("%s: %d bytes, %d are allowed", w.what, w.bytes, w.at)
		}
	}
}

// Before the reader scrolls, a page asks for few files besides the pictures of its content; none comes from elsewhere, and nothing
// jumps.
func TestRequestsBeforeScrolling(t *testing.T) {
	s := newSidecar(t)
	local := serve(t, sample.get(t)) + "/"
	b := startBrowser(t)
	// The picture news move on by themselves after five seconds, which a busy machine may take to load: that is no jump.
	shifts := b.before(`const every = window.setInterval; window.setInterval = (f, ms) => ms >= 5000 ? 0 : every(f, ms); window.shift = []; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift.push(e.value.toFixed(5) + ' ' + e.sources.map(s => s.node && [s.node.nodeName, (s.node.outerHTML || s.node.data).slice(0, 80), s.node.parentNode?.className, JSON.stringify(s.previousRect), JSON.stringify(s.currentRect)].join(" ")).join(' | ')))).observe({type: 'layout-shift', buffered: true})`)
	defer shifts()
	for _, width := range widths {
		b.screen(width)
		for _, at := range []string{s.at + countedArticle, local + sampleArticle, local, local + "yw/", local + "zbfc/"} {
			b.open(at)
			b.await("document.readyState == 'complete'", "the page is not complete")
			b.do(chromedp.Sleep(200 * time.Millisecond)) // for what scripts ask for
			asked := ask[[]string](b, `performance.getEntriesByType('resource').map(e => e.name).filter(u => ![...document.querySelectorAll('main img')].some(i => i.currentSrc == u))`)
			if n := len(asked) + 1; n > maxAsked && strings.HasSuffix(at, ".html") { // lists of the most read are near the top of a column's page
				t.Errorf("%s at %d asks for %d files: %s", at, width, n, strings.Join(asked, " "))
			}
			host, _ := url.Parse(at)
			for _, u := range asked {
				if !strings.Contains(u, "://"+host.Host+"/") {
					t.Errorf("%s asks for %s", at, u)
				}
			}
			for _, shift := range ask[[]string](b, "window.shift") {
				t.Errorf("%s at %d: layout shifts by %s", at, width, shift)
			}
		}
	}
}

// Every picture of a page says its size, which is that of the file, and each of its widths is a file of that width.
func TestPicturesSayTheirSize(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		sized := map[string]image.Config{}
		config := func(where, addr string) image.Config {
			name := strings.TrimPrefix(strings.TrimPrefix(addr, p.prefix()), "/")
			name, _ = url.PathUnescape(name)
			if c, ok := sized[name]; ok {
				return c
			}
			b, ok := p.files[name]
			if !ok {
				t.Errorf("%s: no file %s", where, addr)
			}
			c, _, _ := image.DecodeConfig(bytes.NewReader(b))
			sized[name] = c
			return c
		}
		several := 0
		for _, pg := range p.pages {
			for _, n := range pg.all("main img") {
				src := attr(n, "src")
				where := fmt.Sprintf("%s: %s", pg.path, src)
				if src == "" || strings.HasPrefix(src, "data:") {
					continue // filled by a script
				}
				w, _ := strconv.Atoi(attr(n, "width"))
				h, _ := strconv.Atoi(attr(n, "height"))
				c := config(where, src)
				if w == 0 || h == 0 || c.Width > 0 && !sameShape(w, h, c.Width, c.Height) {
					t.Errorf("%s is %d by %d; width and height say %d and %d", where, c.Width, c.Height, w, h)
				}
				if attr(n, "srcset") != "" {
					several++
					widthsOf(t, where, n, config)
				}
			}
		}
		if several == 0 && p.name == "sample" {
			t.Error("no picture has several widths")
		}
	})
}

// widthsOf checks srcset and sizes of an img element.
func widthsOf(t *testing.T, where string, n *html.Node, config func(where, addr string) image.Config) {
	t.Helper()
	last := 0
	for _, s := range strings.Split(attr(n, "srcset"), ", ") {
		addr, width, _ := strings.Cut(s, " ")
		w, err := strconv.Atoi(strings.TrimSuffix(width, "w"))
		if c := config(where, addr); err != nil || c.Width != w || w <= last {
			t.Errorf("%s: %s is %d wide", where, s, c.Width)
		}
		last = w
	}
	if attr(n, "sizes") == "" || strings.HasPrefix(attr(n, "sizes"), "auto") != (attr(n, "loading") == "lazy") {
		t.Errorf("%s: sizes is %q, loading %q", where, attr(n, "sizes"), attr(n, "loading"))
	}
}

// sameShape reports whether two sizes are the same but for rounding.
func sameShape(w, h, w2, h2 int) bool {
	d := w*h2 - w2*h
	return max(d, -d) <= max(w, w2)
}
