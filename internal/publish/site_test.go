package publish

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/output"
)

// pages is a small site: names of articles and their texts, and the style all pages share.
type pages struct {
	style    string
	articles map[string]string
	moved    map[string]string // old name -> article
	files    map[string]string // others
}

func (p pages) with(name, text string) pages {
	p.articles = maps.Clone(p.articles)
	if p.articles[name] = text; text == "" {
		delete(p.articles, name)
	}
	return p
}

// first is the site that most tests begin with.
func first() pages {
	return pages{style: "body{color:#333}", articles: map[string]string{"a": "甲", "b": "乙", "c": "丙", "党建": "丁", "e f+g%20": "戊"},
		files: map[string]string{"yw/2026/图 一.png": "png", "feed.xml": "<rss/>"}}
}

// render returns the files with their classes.
func (p pages) render() (out []output.File) {
	add := func(path string, c output.Class, body string) {
		out = append(out, output.File{Path: path, Class: c, Body: []byte(body)})
	}
	style := fmt.Sprintf("_assets/style.%x.css", sha256.Sum256([]byte(p.style)))
	add(style, output.Asset, p.style)
	head := `<!doctype html><link rel="stylesheet" href="/` + style + `">`
	names := slices.Sorted(maps.Keys(p.articles))
	list := ""
	for i, n := range names {
		next := ""
		if i+1 < len(names) {
			next = link(names[i+1])
		}
		add("yw/2026/"+n+".html", output.Article, head+"<p>"+p.articles[n]+strings.Repeat(" 正文", 600)+"</p>"+next)
		list += link(n)
	}
	add("yw/index.html", output.List, head+list)
	add("index.html", output.Home, head+`<a href="/yw/">要闻</a>`+list)
	add("robots.txt", output.Feed, "User-agent: *\n")
	for path, body := range p.files {
		c := output.Picture
		if strings.HasSuffix(path, ".xml") {
			c = output.Feed
		}
		add(path, c, body)
	}
	for from, to := range p.moved {
		add("yw/2026/"+from+".html", output.Redirect, `<!doctype html><meta http-equiv="refresh" content="0; url=`+Address("yw/2026/"+to+".html")+`">`)
	}
	return out
}

func link(name string) string { return `<a href="` + Address("yw/2026/"+name+".html") + `">` + "x</a>" }

// build writes the site and returns its folder.
func (p pages) build(t testing.TB, serial int64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "public")
	p.buildAt(t, dir, output.Build{Generator: "zhendi test", BaseURL: "https://www.example.gov.cn/", Serial: serial})
	return dir
}

func (p pages) buildAt(t testing.TB, dir string, b output.Build) {
	t.Helper()
	tx, err := output.Open(context.Background(), dir, output.Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.render() {
		tx.Put(f)
	}
	if _, err := tx.Commit(b); err != nil {
		t.Fatal(err)
	}
}

var refs = regexp.MustCompile(`(?:href|src)="(/[^"]*)"`)

// contents returns what is in a store, by key.
func contents(t testing.TB, s Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	p := patient{Store: s, p: quick}
	var keys []string
	if err := p.all(context.Background(), "", func(i Info) { keys = append(keys, i.Key) }); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		b, _, err := p.read(context.Background(), k)
		if err != nil {
			t.Fatal(err)
		}
		out[k] = string(b)
	}
	return out
}

// whole holds what is there against the promises: what the live manifest lists is there, with the bytes of the site before or of the one
// that comes; and what any of these pages refers to is there. It returns what is wrong.
func whole(have map[string]string, before, after map[string]string) (wrong []string) {
	live := before
	text, _ := cutSignature([]byte(have[output.ManifestPath]))
	if a := after[output.ManifestPath]; a == string(text) {
		live = after
	} else if b := before[output.ManifestPath]; b != string(text) {
		wrong = append(wrong, "the manifest is neither the old nor the new")
	}
	for path := range live {
		switch body, ok := have[path]; {
		case path == output.ManifestPath:
		case !ok:
			wrong = append(wrong, "missing: "+path)
		case body != before[path] && body != after[path]:
			wrong = append(wrong, "other bytes: "+path)
		}
	}
	for path, body := range have {
		if _, reached := live[path]; !strings.HasSuffix(path, ".html") || !reached {
			continue // a new page, to which nothing leads yet
		}
		for _, m := range refs.FindAllStringSubmatch(body, -1) {
			if to := fileOf(m[1], "/"); have[to] == "" {
				wrong = append(wrong, path+" refers to "+to+", which is not there")
			}
		}
	}
	return wrong
}

// onDisk returns the files of a build, by path.
func onDisk(t testing.TB, dir string) map[string]string {
	t.Helper()
	return contents(t, Dir(dir))
}
