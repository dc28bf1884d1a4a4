package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/themes"
)

// shown is a small site and a server that shows it.
type shown struct {
	t    *testing.T
	dir  string
	s    *Server
	stop func()
}

func show(t *testing.T, change func(*Options)) *shown {
	t.Helper()
	x := &shown{t: t, dir: t.TempDir()}
	x.put("site.yaml", "name: 云岫党建网\nbaseURL: https://t.example/sub/\neditions: [zh-Hans, zh-Hant]\n")
	x.put("content/yw/_index.md", "---\ntitle: 要闻\n---\n")
	x.put("content/yw/a.md", page("甲文", "date: 2026-01-01", "正文。"))
	x.put("content/yw/b.md", page("乙文", "date: 2026-01-02", "见[甲](a.md)。"))
	opt := Options{Site: build.Options{Source: x.dir, Themes: themes.FS, Version: "test", Drafts: true, Future: true,
		Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), nil }},
		Levels: func(text []byte) int { n, _ := strconv.Atoi(strings.TrimSpace(string(text))); return n },
		Say:    func(text diag.Text) { t.Log(text.EN) }}
	if change != nil {
		change(&opt)
	}
	s, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	x.s, x.stop = s, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { x.stop() })
	return x
}

func page(title, front, body string) string {
	return "---\ntitle: " + title + "\nsource: 本网\n" + front + "\n---\n\n" + body + "\n"
}

func (x *shown) put(name, text string) {
	x.t.Helper()
	file := filepath.Join(x.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		x.t.Fatal(err)
	}
}

// get asks for an address and returns status and body.
func (x *shown) get(addr string) (int, string) {
	x.t.Helper()
	status, body, _ := x.ask("GET", addr, "")
	return status, body
}

func (x *shown) ask(method, addr, host string) (int, string, http.Header) {
	x.t.Helper()
	r, err := http.NewRequest(method, strings.TrimSuffix(x.s.URL(), "/"), nil)
	if err != nil {
		x.t.Fatal(err)
	}
	r.URL.Opaque = addr // as it is, not cleaned
	r.Host = host
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

// within waits until ok holds.
func (x *shown) within(what string, ok func() bool) {
	x.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			x.t.Fatal("still not: " + what)
		}
	}
}

func (x *shown) has(addr, text string) func() bool {
	return func() bool { _, body := x.get(addr); return strings.Contains(body, text) }
}

// TestOnlyTheSite asks for what must not be had.
func TestOnlyTheSite(t *testing.T) {
	x := show(t, nil)
	port := strings.TrimSuffix(x.s.URL()[strings.LastIndexByte(x.s.URL(), ':'):], "/")
	for _, addr := range []string{"/site.yaml", "/content/yw/a.md", "/yw/a.md", "/../site.yaml", "/%2e%2e/site.yaml", "/yw/..%2f..%2fsite.yaml", "/..%5csite.yaml",
		"/_data/terms.yaml", "/%00", "/_zhendi/", "/_zhendi/x", "/.zhendi/cache/program", "/yw/%2e", "/yw//", "/nothing"} {
		if status, body := x.get(addr); status != 404 || strings.Contains(body, "云岫党建网\nbaseURL") {
			t.Errorf("%s: %d", addr, status)
		}
	}
	for host, want := range map[string]int{"evil.example": 403, "evil.example" + port: 403, "localhost" + port: 200, "127.0.0.1": 200, "[::1]" + port: 200, "localhost.evil.example": 403, "": 200} {
		if status, _, _ := x.ask("GET", "/", host); status != want {
			t.Errorf("Host %q: %d, want %d", host, status, want)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
		if status, _, _ := x.ask(method, "/", ""); status != 405 {
			t.Errorf("%s: %d", method, status)
		}
	}
	if status, body, h := x.ask("HEAD", "/", ""); status != 200 || body != "" || h.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d %q %v", status, body, h)
	}
	if status, _, h := x.ask("GET", "/yw", ""); status != 302 || h.Get("Location") != "/yw/" {
		t.Errorf("a folder without its slash: %d %v", status, h)
	}
}

// TestNeverStale changes the site in the ways editors and their programs do and waits for each change to show.
func TestNeverStale(t *testing.T) {
	for name, poll := range map[string]time.Duration{"told": 0, "looking": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			x := show(t, func(o *Options) { o.Poll = poll })
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			file := func(name string) string { return filepath.Join(x.dir, "content", filepath.FromSlash(name)) }
			x.within("the site", x.has("/yw/2026/a.html", "正文。"))
			x.put("content/yw/a.md", page("甲文", "date: 2026-01-01", "改写。"))
			x.within("a save in place", x.has("/yw/2026/a.html", "改写。"))
			x.put("content/yw/.a.md.swp", "x")
			x.put("content/yw/a.md.tmp", page("甲文", "date: 2026-01-01", "换名。"))
			must(os.Rename(file("yw/a.md.tmp"), file("yw/a.md")))
			x.within("a save by renaming", x.has("/yw/2026/a.html", "换名。"))
			must(os.MkdirAll(file("zz/x/y"), 0o755))
			x.put("content/zz/_index.md", "---\ntitle: 制度\n---\n")
			x.put("content/zz/x/y/_index.md", "---\ntitle: 细则\n---\n")
			x.put("content/zz/x/y/c.md", page("丙文", "date: 2026-01-03", "深处。"))
			x.within("new folders", x.has("/zz/x/y/2026/c.html", "深处。"))
			must(os.Rename(file("zz"), file("zd")))
			x.within("a renamed folder", func() bool {
				old, _ := x.get("/zz/x/y/2026/c.html")
				return old == 404 && x.has("/zd/x/y/2026/c.html", "深处。")()
			})
			x.put("content/zd/x/y/c.md", page("丙文", "date: 2026-01-03", "搬家以后。"))
			x.within("a save in a renamed folder", x.has("/zd/x/y/2026/c.html", "搬家以后。"))
			x.put("content/zz/_index.md", "---\ntitle: 制度\n---\n")
			x.put("content/zz/x/y/_index.md", "---\ntitle: 细则\n---\n")
			x.put("content/zz/x/y/c.md", page("丙文", "date: 2026-01-03", "原处。"))
			x.within("another folder under the old name", x.has("/zz/x/y/2026/c.html", "原处。"))
			x.within("the renamed one as it was", x.has("/zd/x/y/2026/c.html", "搬家以后。"))
			must(os.RemoveAll(file("zz")))
			must(os.RemoveAll(file("zd")))
			x.within("a deleted folder", func() bool { s, _ := x.get("/zd/x/y/2026/c.html"); return s == 404 })
			x.put("content/_data/terms.yaml", "pairs: [{hans: 换名, hant: 易名者}]\n")
			x.within("the terms", x.has("/hant/yw/2026/a.html", "易名者"))
			css, err := themes.FS.ReadFile("default/assets/site.css")
			must(err)
			x.put("themes/default/assets/site.css", string(css)+"\n.zhendi-test{order:3}\n")
			x.within("the theme", func() bool {
				_, body := x.get("/")
				_, after, _ := strings.Cut(body, `href="/_assets/site.`)
				hash, _, _ := strings.Cut(after, `"`)
				return x.has("/_assets/site."+hash, ".zhendi-test")()
			})
			x.put("site.yaml", "name: 青榆党建网\nbaseURL: https://t.example/\n")
			x.within("the settings", x.has("/", "青榆党建网"))
			if status, _ := x.get("/hant/"); status != 404 {
				t.Errorf("the second edition is still there: %d", status)
			}
		})
	}
}

// stream reads the events of a page until the test ends.
func (x *shown) stream(page, sum, plain string) <-chan [2]string {
	x.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	x.t.Cleanup(cancel)
	q := url.Values{"page": {page}, "sum": {sum}, "plain": {plain}}
	r, err := http.NewRequestWithContext(ctx, "GET", x.s.URL()+"_zhendi/events?"+q.Encode(), nil)
	if err != nil {
		x.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	out := make(chan [2]string, 100)
	go func() {
		defer res.Body.Close()
		defer close(out)
		name := ""
		for in := bufio.NewScanner(res.Body); in.Scan(); {
			if e, ok := strings.CutPrefix(in.Text(), "event: "); ok {
				name = e
			} else if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				out <- [2]string{name, data}
			}
		}
	}()
	return out
}

// want waits for an event that holds a text.
func (x *shown) want(events <-chan [2]string, name, text string) {
	x.t.Helper()
	end := time.After(20 * time.Second)
	var seen []string
	for {
		select {
		case e := <-events:
			if e[0] == name && strings.Contains(e[1], text) {
				return
			}
			seen = append(seen, fmt.Sprint(e))
		case <-end:
			x.t.Fatalf("no %s with %q; %s", name, text, seen)
		}
	}
}

// TestEvents follows one page through what happens to it.
func TestEvents(t *testing.T) {
	x := show(t, nil)
	v := x.s.see("yw/2026/a.html")
	e := x.stream("/yw/2026/a.html", sum(v.body), x.s.plain(v.body))
	x.want(e, "state", `"withheld":[]`)
	x.put("content/yw/a.md", page("甲文", "date: 2026-01-01\nstatus: draft", "又改。"))
	x.want(e, "state", "草稿")
	x.want(e, "reload", "")
	x.put("content/yw/a.md", page("甲文", "date: 2027-01-01", "又改。"))
	x.want(e, "go", "/yw/2027/a.html")
	x.want(x.stream("/yw/2027/a.html", "", ""), "state", "2027-01-01")
	x.put("content/yw/a.md", page("甲文", "date: 2026-01-01", "三改。"))
	x.want(e, "reload", "")
	x.put("content/_data/reviewers.yaml", "2")
	x.want(e, "state", "缺一审、二审")
	css, err := themes.FS.ReadFile("default/assets/site.css")
	if err != nil {
		t.Fatal(err)
	}
	x.put("themes/default/assets/site.css", string(css)+"\n.zhendi-test{order:3}\n")
	x.want(e, "style", `"/_assets/site":"/_assets/site.`)
	x.put("content/yw/a.md", page("甲文", "date: 2026-01-01", "[死](none.md)"))
	x.want(e, "state", "none.md")
	if _, body := x.get("/yw/2026/a.html"); !strings.Contains(body, "三改。") {
		t.Error("the last good page is gone")
	}
	if _, body := x.get("/yw/2026/b.html"); !strings.Contains(body, "乙文") {
		t.Error("another page is gone")
	}
	x.put("content/yw/a.md", page("甲文", "date: 昨天", "三改。"))
	x.want(e, "state", "昨天")
	if _, body := x.get("/yw/2026/a.html"); !strings.Contains(body, "三改。") {
		t.Error("the last good page is gone")
	}
	x.put("content/yw/a.md", page("甲文", "date: 2026-01-01", "好了。"))
	x.want(e, "reload", "")
	x.within("the mistake is mended", x.has("/yw/2026/a.html", "好了。"))
}

// TestOnlyTheScriptMore takes the preview's element out of a page: what is left is what a build writes.
func TestOnlyTheScriptMore(t *testing.T) {
	x := show(t, nil)
	opt := x.s.opt.Site
	opt.BaseURL, opt.Out = x.s.URL(), filepath.Join(t.TempDir(), "out")
	if _, problems, err := build.Run(context.Background(), opt); err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	for _, at := range []string{"index.html", "yw/2026/a.html", "hant/yw/index.html", "feed.xml", "sitemap.xml"} {
		want, err := os.ReadFile(filepath.Join(opt.Out, filepath.FromSlash(at)))
		if err != nil {
			t.Fatal(err)
		}
		_, got := x.get("/" + at)
		if from := strings.Index(got, `<script src="/_zhendi/`); from >= 0 {
			to := from + strings.Index(got[from:], "</script>") + len("</script>")
			got = got[:from] + got[to:]
		} else if strings.HasSuffix(at, ".html") {
			t.Errorf("%s has no preview", at)
		}
		if got != string(want) {
			t.Errorf("%s is not as built", at)
		}
	}
}

// TestSoak edits at random while browsers look: in the end the site is as it was built, no goroutine is left over, and
// memory has not grown. ZHENDI_TORTURE makes it long, with its value as the seed.
func TestSoak(t *testing.T) {
	seed, edits := uint64(3), 60
	if v := os.Getenv("ZHENDI_TORTURE"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed, edits = n, 2000
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	before := runtime.NumGoroutine()
	x := show(t, nil)
	r := rand.New(rand.NewPCG(seed, 0))
	var early, late uint64
	for n := range edits {
		if n == edits/4 {
			early = heap()
		}
		x.edit(r, n)
	}
	late = heap()
	t.Logf("seed %d: %d edits, heap %d KB after a quarter, %d KB at the end", seed, edits, early>>10, late>>10)
	if late > early+early/2+8<<20 {
		t.Errorf("memory grows: %d, then %d", early, late)
	}
	x.stop()
	x.stop = func() {}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	x.within("all goroutines ended", func() bool { return runtime.NumGoroutine() <= before+1 })
}

// edit makes one change, and waits until it shows.
func (x *shown) edit(r *rand.Rand, n int) {
	x.t.Helper()
	mark := fmt.Sprintf("第%d次", n)
	name := fmt.Sprintf("content/yw/s%d.md", r.IntN(8))
	addr := "/yw/2026/" + strings.TrimSuffix(filepath.Base(name), ".md") + ".html"
	file := filepath.Join(x.dir, filepath.FromSlash(name))
	switch r.IntN(6) {
	case 0:
		os.Remove(file)
		x.within("gone "+mark, func() bool { s, _ := x.get(addr); return s == 404 })
		return
	case 1: // a mistake, then another save
		x.put(name, "---\ntitle: [\n---\n")
	case 2:
		x.put(name+"~", page("序号", "date: 2026-01-05", mark+"。"))
		os.Rename(file+"~", file)
		x.within(mark, x.has(addr, mark))
		return
	case 3: // somebody looks, and goes
		ctx, cancel := context.WithCancel(context.Background())
		q, err := http.NewRequestWithContext(ctx, "GET", x.s.URL()+"_zhendi/events?page="+addr, nil)
		if err != nil {
			x.t.Fatal(err)
		}
		if res, err := http.DefaultClient.Do(q); err == nil {
			defer res.Body.Close()
		}
		defer cancel()
	}
	x.put(name, page("序号", "date: 2026-01-05", mark+"。"))
	x.within(mark, x.has(addr, mark))
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
