package publish

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/output"
)

// world is a site that lives: its articles come, change, move and are taken back, its lists name them, its feeds quote them.
type world struct {
	style    int
	editions int
	next     int                 // number of the next article, word or tag
	articles map[string]*written // by path without .html
	moved    map[string]string   // old path -> path
	notices  map[string]bool
	words    map[int][]string // all that was ever written in an article, by its number
}

// written is one article.
type written struct {
	id         int
	title, txt string
	tags       []string
	picture    bool
}

func newWorld(editions int) *world {
	w := &world{editions: editions, articles: map[string]*written{}, moved: map[string]string{}, notices: map[string]bool{}, words: map[int][]string{}}
	for range 5 {
		w.write(w.path(), nil)
	}
	return w
}

func (w *world) path() string {
	w.next++
	return fmt.Sprintf("%s/%d", []string{"yw", "党 建"}[w.next%2], w.next)
}

// word makes a word that stands nowhere else.
func (w *world) word(id int, kind string) string {
	w.next++
	s := fmt.Sprintf("%s%x", kind, sha256.Sum256(fmt.Append(nil, "word", w.next)))[:20]
	w.words[id] = append(w.words[id], s)
	return s
}

// write makes an article, or writes one anew.
func (w *world) write(path string, a *written) {
	if a == nil {
		w.next++
		a = &written{id: w.next, tags: []string{fmt.Sprint("t", w.next%4)}, picture: w.next%3 == 0}
	}
	b := *a
	b.title, b.txt = w.word(a.id, "T"), w.word(a.id, "X")
	w.articles[path] = &b
	delete(w.moved, path)
	delete(w.notices, path)
}

// live changes the site by what editors do in a day.
func (w *world) live(r *rand.Rand) {
	for range 1 + r.IntN(3) {
		paths := slices.Sorted(maps.Keys(w.articles))
		if len(paths) < 3 {
			w.write(w.path(), nil)
			continue
		}
		p := paths[r.IntN(len(paths))]
		switch r.IntN(11) {
		case 0, 1, 2:
			w.write(w.path(), nil)
		case 3, 4:
			w.write(p, w.articles[p])
		case 5:
			w.withdraw(p, "")
		case 6:
			w.withdraw(p, "")
			w.notices[p] = true
		case 7, 8: // moves, mostly with a trace
			to := w.path()
			w.articles[to] = w.articles[p]
			delete(w.articles, p)
			for from, at := range w.moved {
				if at == p {
					w.moved[from] = to
				}
			}
			if r.IntN(4) > 0 {
				w.moved[p] = to
			}
		case 9:
			w.withdraw(p, paths[r.IntN(len(paths))])
		case 10:
			w.style++
		}
	}
}

// withdraw takes an article back. Its old addresses go, or lead elsewhere from now on.
func (w *world) withdraw(p, elsewhere string) {
	delete(w.articles, p)
	for from, to := range w.moved {
		if to == p {
			delete(w.moved, from)
			if _, ok := w.articles[elsewhere]; ok {
				w.moved[from] = elsewhere
			}
		}
	}
}

func (w *world) files() (out []output.File) {
	add := func(path string, c output.Class, body string) {
		out = append(out, output.File{Path: path, Class: c, Body: []byte(body)})
	}
	style := fmt.Sprintf("_assets/s%d.css", w.style)
	add(style, output.Asset, fmt.Sprint("/*", w.style, "*/"))
	head := `<!doctype html><link rel="stylesheet" href="/` + style + `">`
	paths := slices.Sorted(maps.Keys(w.articles))
	lists := map[string]string{"index.html": "", "yw/index.html": "", "党 建/index.html": ""}
	feed, rows := "<rss>", []map[string]string{}
	row := func(p string) string {
		return fmt.Sprintf(`<a href="%s">%s</a>`, Address(p+".html"), w.articles[p].title)
	}
	for i, p := range paths {
		a := w.articles[p]
		body := head + fmt.Sprintf("<p>id:%d.</p><h1>%s</h1><p>%s</p>", a.id, a.title, a.txt)
		if i > 0 && i%2 == 0 {
			body += row(paths[i-1])
		}
		if a.picture {
			add(p+".png", output.Picture, fmt.Sprint("png", a.id))
			add(fmt.Sprintf("%sp%d.png", scaled, a.id), output.Asset, fmt.Sprint("small", a.id))
			body += fmt.Sprintf(`<img src="%s" srcset="/%sp%d.png 480w">`, Address(p+".png"), scaled, a.id)
		}
		for _, tag := range a.tags {
			body += `<a href="/tags/` + tag + `/">` + tag + "</a>"
			lists["tags/"+tag+"/index.html"] += row(p)
		}
		lists[filepath.ToSlash(filepath.Dir(p))+"/index.html"] += row(p)
		if i%3 == 0 {
			lists["index.html"] += row(p)
			feed += "<item><link>https://www.example.gov.cn" + Address(p+".html") + "</link><title>" + a.title + "</title><description><![CDATA[<p>" + a.txt + "]]></description></item>"
			rows = append(rows, map[string]string{"url": Address(p + ".html"), "title": a.title})
		}
		add(p+".html", output.Article, body)
	}
	for p, list := range lists {
		c := output.List
		if p == "index.html" {
			c, list = output.Home, list+`<a href="/yw/">要闻</a><a href="/%E5%85%9A%20%E5%BB%BA/">党建</a>`
		}
		add(p, c, head+list)
	}
	latest, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}
	add("_site/latest.json", output.Feed, string(latest))
	add("feed.xml", output.Feed, feed+"</rss>")
	for from, to := range w.moved {
		add(from+".html", output.Redirect, `<!doctype html><meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url=`+Address(to+".html")+`">`)
	}
	for p := range w.notices {
		add(p+".html", output.Article, head+`<meta name="robots" content="noindex"><p>撤稿`)
	}
	if w.editions > 1 {
		for _, f := range slices.Clone(out) {
			if f.Class != output.Asset {
				body := strings.NewReplacer(`href="/_`, `href="/_`, `href="/`, `href="/hant/`, `url=/`, `url=/hant/`, `"url":"/`, `"url":"/hant/`, `gov.cn/`, `gov.cn/hant/`, `src="/`, `src="/hant/`).Replace(string(f.Body))
				add("hant/"+f.Path, f.Class, body)
			}
		}
	}
	return out
}

func (w *world) build(t *testing.T, serial int64) string {
	dir := filepath.Join(t.TempDir(), "public")
	tx, err := output.Open(context.Background(), dir, output.Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range w.files() {
		tx.Put(f)
	}
	if _, err := tx.Commit(output.Build{Generator: "zhendi test", BaseURL: "https://www.example.gov.cn/", Serial: serial}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shown reports whether an article stands on some page of the site.
func shown(site map[string]string, id int) bool {
	for path, body := range site {
		if strings.HasSuffix(path, ".html") && strings.Contains(body, fmt.Sprintf("id:%d.", id)) {
			return true
		}
	}
	return false
}
