package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// sidecar is a server of the counted portal whose files of counts and lists say what a test wants.
type sidecar struct {
	at    string
	mu    sync.Mutex
	files map[string]string // by path; all others in _views are missing
	asked []string          // in order
	hang  chan struct{}     // if set, files below _views come when it is closed
}

func newSidecar(t *testing.T) *sidecar {
	s := &sidecar{files: map[string]string{}}
	s.at = serveWith(t, counted.get(t), func(w http.ResponseWriter, path string) bool {
		s.mu.Lock()
		text, set := s.files[path]
		hang := s.hang
		if strings.HasSuffix(path, ".json") {
			s.asked = append(s.asked, path)
		}
		s.mu.Unlock()
		if !set && !strings.HasPrefix(path, "/_views/") {
			return false
		}
		if hang != nil {
			<-hang
		}
		if !set {
			http.NotFound(w, nil)
			return true
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, text)
		return true
	})
	return s
}

// say sets what the files hold and forgets what was asked for.
func (s *sidecar) say(files map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files, s.asked = files, nil
}

func (s *sidecar) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, " ")
}

const (
	viewsShown = "(document.querySelector('.views').checkVisibility({visibilityProperty: true}) ? document.querySelector('.views').textContent : '')"
	hotTitles  = "[...document.querySelectorAll('.hot li')].map(e => e.textContent).join('|')"
	mostViewed = "document.querySelector('.hot').dataset.views"
	loadHot    = "document.querySelector('.hot').scrollIntoView(), true"
)

// shard is the file that the page asks for its count, and id the article.
func shard(b *browser) (path, id string) {
	id = ask[string](b, "document.querySelector('.views').dataset.id")
	n := 0
	for _, c := range id[:4] {
		n = n*32 + strings.IndexRune("abcdefghijklmnopqrstuvwxyz234567", c)
	}
	return fmt.Sprintf("/_views/%d.json", n%4), id
}

// The count stands where there is one: one request before the reader scrolls; the lists of hot
// articles are asked for when they come near, picks first, then what is most viewed.
func TestCountsAndHotLists(t *testing.T) {
	s := newSidecar(t)
	b := startBrowser(t)
	for _, width := range widths {
		b.screen(width)
		b.open(s.at + countedArticle)
		path, id := shard(b)
		most := ask[string](b, mostViewed)
		b.take() // there was no count yet
		s.say(map[string]string{
			path:              fmt.Sprintf(`{"counts": {%q: 1234, "zzzzzzzzzz": 9}}`, id),
			"/_site/hot.json": `{"site": [{"id": "aaaaaaaaaa", "url": "/yw/a.html", "title": "人工推荐", "image": "/yw/2026/quan.html"}], "columns": {}}`,
			most:              `{"asOf": "2026-11-30", "site": [{"url": "/yw/a.html", "title": "又一次"}, {"url": "/yw/b.html", "title": "全站"}], "columns": {"yw": [{"url": "/yw/a.html", "title": "又一次"}, {"url": "/yw/c.html", "title": "本栏目"}]}}`,
		})
		b.open(s.at + countedArticle)
		b.await(viewsShown+" == '阅读 1,234 次'", "no count")
		if got := s.requests(); got != path {
			t.Errorf("before scrolling at %d: %s", width, got)
		}
		ask[bool](b, loadHot)
		b.await(hotTitles+" == '人工推荐|本栏目'", "the hot list is "+ask[string](b, hotTitles))
		if got := s.requests(); !strings.Contains(got, "/_site/hot.json") || !strings.Contains(got, most) || strings.Count(got, " ") != 2 {
			t.Errorf("after scrolling at %d: %s", width, got)
		}
	}
	b.quiet("counts")
}

// Whatever the file of counts holds, the page says a number that is one or nothing, and goes on working.
func TestHostileCounts(t *testing.T) {
	s := newSidecar(t)
	b := startBrowser(t)
	b.screen(390)
	b.open(s.at + countedArticle)
	path, id := shard(b)
	for name, text := range map[string]string{
		"missing": "", "empty": " ", "no JSON": "<html>404", "cut off": `{"counts": {"`, "null": "null", "a list": "[1]", "a number": "7", "a text": `"x"`,
		"no counts": `{}`, "counts null": `{"counts": null}`, "counts a list": `{"counts": [1, 2]}`, "counts a text": `{"counts": "1"}`, "the old shape": fmt.Sprintf(`{%q: 5}`, id),
		"zero": fmt.Sprintf(`{"counts": {%q: 0}}`, id), "negative": fmt.Sprintf(`{"counts": {%q: -3}}`, id), "a fraction": fmt.Sprintf(`{"counts": {%q: 1.5}}`, id),
		"a text for a number": fmt.Sprintf(`{"counts": {%q: "9"}}`, id), "markup": fmt.Sprintf(`{"counts": {%q: "<img src=x onerror=alert(1)>"}}`, id), "too large": fmt.Sprintf(`{"counts": {%q: 1e300}}`, id),
		"deep": fmt.Sprintf(`{"counts": {%q: %s1%s}}`, id, strings.Repeat("[", 5000), strings.Repeat("]", 5000)), "prototype": `{"counts": {"__proto__": {"x": 1}, "constructor": 1}}`,
	} {
		files := map[string]string{}
		if text != "" {
			files[path] = text
		}
		s.say(files)
		b.open(s.at + countedArticle)
		settled(b, name)
		b.is(viewsShown, "", name)
		working(b, name)
	}
}

// settled waits until a page has come and its scripts have read what they asked for.
func settled(b *browser, name string) {
	b.t.Helper()
	b.await("document.readyState == 'complete' && performance.getEntriesByType('resource').some(e => e.name.includes('/_views/') && e.responseEnd > 0)", name+": the page does not come to rest")
}

// working fails the test unless the page's controls do what they say and nothing went wrong but a
// missing file.
func working(b *browser, name string) {
	b.t.Helper()
	b.click(".tools [data-size=l]")
	b.is(htmlData+"size", "l", name)
	b.click(".tools [data-size=m]")
	for _, m := range b.take() {
		if !strings.Contains(m, "404") {
			b.t.Errorf("%s: %s", name, m)
		}
	}
}

// Whatever the hot lists hold, only titles as text with links within the site are shown; else the plain link
// stays.
func TestHostileHotLists(t *testing.T) {
	s := newSidecar(t)
	b := startBrowser(t)
	b.screen(1280)
	row := func(title, url any) map[string]any { return map[string]any{"title": title, "url": url} }
	list := func(rows ...any) string {
		text, err := json.Marshal(map[string]any{"site": rows, "columns": map[string]any{}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	b.open(s.at + countedArticle)
	most := ask[string](b, mostViewed)
	long := strings.Repeat("长", 20000)
	for _, c := range []struct{ name, text, want string }{
		{"missing", "", ""}, {"no JSON", "<!doctype html>", ""}, {"null", "null", ""}, {"a list", "[]", ""}, {"a text", `"x"`, ""},
		{"site a text", `{"site": "x"}`, ""}, {"site null", `{"site": null}`, ""}, {"columns a list", `{"site": [], "columns": [1]}`, ""}, {"items a number", `{"site": {"items": 3}}`, ""},
		{"rows of anything", list(nil, 1, "x", []any{}, map[string]any{}, row(nil, "/a"), row("题", nil), row(1, 2), row(" ", "/a")), ""},
		{"other hosts", list(row("一", "https://evil.example/"), row("二", "//evil.example/"), row("三", `/\evil.example/`), row("四", "/\t/evil.example/"), row("五", "javascript:alert(1)"), row("六", "/"), row("七", "http:evil")), "六"},
		{"markup", list(row("<img src=x onerror=alert(1)>", "/yw/a.html")), "<img src=x onerror=alert(1)>"},
		{"pictures elsewhere", list(map[string]any{"title": "图", "url": "/yw/a.html", "image": "https://evil.example/a.png"}), "图"},
		{"this page", list(row("本页", "/"+countedArticle), row("别页", "/yw/b.html")), "别页"},
		{"a title without end", list(row(long, "/yw/a.html")), long},
		{"items", `{"site": {"total": 1, "items": [{"title": "列表", "url": "/yw/a.html"}]}}`, "列表"},
	} {
		files := map[string]string{"/_site/hot.json": `{"site": [], "columns": {}}`}
		if c.text != "" {
			files[most] = c.text
		}
		s.say(files)
		b.open(s.at + countedArticle)
		settled(b, c.name)
		ask[bool](b, loadHot)
		b.await("document.querySelector('.hot').classList.contains('done')", c.name+": the list does not come to rest")
		if got := ask[string](b, hotTitles); got != c.want {
			t.Errorf("%s: the list shows %.200q, want %.200q", c.name, got, c.want)
		}
		b.is("!!document.querySelector('.hot > p a')", fmt.Sprint(c.want == ""), c.name+": the plain link")
		b.is("document.querySelectorAll('.hot img').length", "0", c.name)
		if over := ask[float64](b, pageWidth); over > 0 {
			t.Errorf("%s: %v too wide", c.name, over)
		}
		if high := ask[float64](b, "document.querySelector('.hot').offsetHeight"); high > 600 {
			t.Errorf("%s: %v px high", c.name, high)
		}
		working(b, c.name)
	}
}

// While the files do not come, the page is there and works; when they come at last, it says the number.
func TestSlowSidecar(t *testing.T) {
	s := newSidecar(t)
	b := startBrowser(t)
	b.screen(390)
	b.open(s.at + countedArticle)
	path, id := shard(b)
	s.say(map[string]string{path: fmt.Sprintf(`{"counts": {%q: 7}}`, id)})
	s.mu.Lock()
	s.hang = make(chan struct{})
	s.mu.Unlock()
	b.open(s.at + countedArticle)
	b.is("document.readyState", "complete", "the page waits for the count")
	b.is(viewsShown, "", "before the file came")
	working(b, "slow")
	close(s.hang)
	b.await(viewsShown+" == '阅读 7 次'", "the count never comes")
}

// clock sets the time of the reader's device.
func clock(at string) string {
	return fmt.Sprintf(`{ const at = Date.parse(%q), D = Date; window.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(at) } static now() { return at } }; }`, at)
}

// What day it is, days of mourning, 新 and the end of the copyright's years follow the reader's clock, in
// Beijing's time.
func TestByTheClock(t *testing.T) {
	at := serve(t, counted.get(t)) + "/"
	b := startBrowser(t)
	b.screen(1280)
	for _, c := range []struct{ now, today, mourning, rights string }{
		{"2026-12-12T15:59:59Z", "今天是2026年12月12日星期六", "false", "2016–2026"},
		{"2026-12-12T16:00:00Z", "今天是2026年12月13日星期日", "true", "2016–2026"},
		{"2026-12-31T16:00:00Z", "今天是2027年1月1日星期五", "false", "2016–2027"},
	} {
		end := b.before(clock(c.now))
		b.open(at)
		b.is("document.querySelector('.today').textContent", c.today, c.now)
		b.is("document.documentElement.classList.contains('mourning')", c.mourning, c.now)
		b.is("getComputedStyle(document.documentElement).filter", map[string]string{"true": "grayscale(1)", "false": "none"}[c.mourning], c.now)
		b.is("document.querySelector('[data-since]').textContent", c.rights, c.now)
		end()
	}
	for now, want := range map[string]string{"2026-11-06T01:30:14Z": "true", "2026-11-06T01:30:16Z": "false", "2026-11-03T01:00:00Z": "false"} { // the article is of 09:30:15 on the third
		end := b.before(clock(now))
		b.open(at + "yw/")
		b.is("[...document.querySelectorAll('.rows li')].some(e => e.querySelector('a').pathname == '/"+countedArticle+"' && e.querySelector('.new'))", want, "new at "+now)
		end()
	}
}
