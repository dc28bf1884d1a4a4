package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const secretWord = "天机QX7"

// secretArticle has the secret in everything that an article has.
const secretArticle = `---
title: 天机QX7标题
subtitle: 天机QX7副题
shortTitle: 天机QX7短题
date: 2026-03-04 05:06
source: 天机QX7来源
author: 天机QX7作者
summary: 天机QX7摘要
editorNote: 天机QX7按语
keywords: [天机QX7词]
tags: [天机QX7签, 党建]
series: 天机QX7系列
topics: [z]
alsoIn: [pub]
flags: [headline, hot, picture]
pin: true
image: tu.svg
aliases: [/old/天机QX7.html]
attachments:
  - {file: 天机QX7附件.txt, title: 天机QX7附件}
  - fu.txt
`

const secretBody = "\n天机QX7正文,见[附件](fu.txt)。\n\n![天机QX7](tu.svg)\n\n<!-- page -->\n\n## 天机QX7节\n\n第二页。\n"

// secretSite holds the article in a bundle, with more lines of front matter; columns are those of the folder.
func secretSite(dir, column, front string) map[string]string {
	files := map[string]string{
		"site.yaml":             "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, zh-Hant]\nhome:\n  - {module: headline}\n  - {module: pictures}\n  - {module: tabs}\n  - {module: strip}\n  - {module: latest}\n  - {module: topics}\n",
		"content/pub/_index.md": "---\ntitle: 公开栏目\n---\n",
		"content/z/_index.md":   "---\ntitle: 专题\nlayout: topic\nsections:\n  - {title: 党建, tag: 党建}\n  - {title: 其他}\n---\n",
		"content/pub/other.md":  "---\ntitle: 公开稿件\ndate: 2026-03-04 05:05\nsource: 本网\ntags: [党建]\n---\n\n见[那篇](/" + dir + "/x/index.md)。\n",
		"content/pub/newer.md":  "---\ntitle: 公开新稿\ndate: 2026-03-05\nsource: 本网\ntags: [党建]\n---\n\n正文。\n",
	}
	if column != "" { // a public page may name the column where an internal build shows it
		files["site.yaml"] += "  - {module: tabs, columns: [nei, pub]}\n"
		files["content/pub/newer.md"] = strings.Replace(files["content/pub/newer.md"], "tags", "alsoIn: [nei]\ntags", 1)
		files["content/"+strings.SplitN(dir, "/", 2)[0]+"/_index.md"] = column
	}
	bundle := "content/" + dir + "/x/"
	files[bundle+"index.md"] = secretArticle + front + "---\n" + secretBody
	files[bundle+"fu.txt"] = "附件里的天机QX7"
	files[bundle+secretWord+"附件.txt"] = "附件"
	files[bundle+"tu.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><title>天机QX7</title></svg>`
	return files
}

// leaks returns the files of an output, and of what else the build writes, that hold any of the words in
// name or bytes.
func leaks(files map[string]string, words ...string) (out []string) {
	for name, text := range files {
		for _, w := range words {
			if strings.Contains(name, w) || strings.Contains(text, w) {
				out = append(out, name+" has "+w)
			}
		}
	}
	return out
}

// withCache adds what a build leaves beside the output.
func withCache(t *testing.T, dir string, files map[string]string) map[string]string {
	t.Helper()
	for name, text := range readAll(t, filepath.Join(dir, CacheDir)) {
		if !strings.HasPrefix(name, "cache/") { // which stands beside the sources and holds what they do
			files[CacheDir+"/"+name] = text
		}
	}
	return files
}

// in traditional script, and as addresses have it
var secretWords = []string{secretWord, "天機QX7", "%E5%A4%A9%E6%9C%BAQX7", "QX7", "/x.html", "/x_2.html", "/x_all.html", "/x/"}

func TestHiddenArticlesLeaveNothing(t *testing.T) {
	internal := "---\ntitle: 天机QX7栏目\ndescription: 天机QX7说明\naudience: internal\naliases: [/天机QX7/]\n---\n\n天机QX7\n"
	for _, c := range []struct{ name, dir, column, front string }{
		{"withdrawn", "pub", "", "status: withdrawn\n"},
		{"draft", "pub", "", "draft: true\n"},
		{"in review", "pub", "", "status: review\n"},
		{"expired", "pub", "", "expiryDate: 2026-04-01\n"},
		{"scheduled", "pub", "", "publishDate: 2027-01-01\n"},
		{"internal", "pub", "", "audience: internal\n"},
		{"internal and withdrawn with a notice", "pub", "", "audience: internal\nstatus: withdrawn\nwithdrawnNotice: 天机QX7\n"},
		{"internal column", "nei", internal, ""},
		{"in a column below an internal one", "nei/xia", internal, ""},
		{"internal page column", "nei", strings.Replace(internal, "audience", "layout: page\naudience", 1), ""},
		{"withdrawn with a notice in an internal column", "nei", internal, "status: withdrawn\nwithdrawnNotice: 天机QX7\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := makeSite(t, secretSite(c.dir, c.column, c.front))
			// What is there from when it was still shown must go, too.
			shown := secretSite(c.dir, "", "")
			if err := os.WriteFile(filepath.Join(dir, "content", c.dir, "x/index.md"), []byte(shown["content/"+c.dir+"/x/index.md"]), 0o644); err != nil {
				t.Fatal(err)
			}
			if c.column != "" {
				if err := os.WriteFile(filepath.Join(dir, "content/nei/_index.md"), []byte("---\ntitle: 栏目\n---\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			files, problems := buildSite(t, dir, nil)
			if n := len(leaks(withCache(t, dir, files), secretWords...)); n < 60 {
				t.Fatalf("only %d places have the words of an article that is shown:\n%s", n, problems)
			}
			for name, text := range secretSite(c.dir, c.column, c.front) {
				if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			files, problems = buildSite(t, dir, nil)
			if strings.Contains(problems, "error") {
				t.Fatal(problems)
			}
			has(t, files, "pub/2026/other.html", "见那篇。")
			for _, l := range leaks(withCache(t, dir, files), secretWords...) {
				t.Error(l)
			}
			has(t, files, "_site/manifest.txt", "# audience:\n")
		})
	}
}

func TestWithdrawnNoticeSaysOnlyTheNotice(t *testing.T) {
	dir := makeSite(t, secretSite("pub", "", "status: withdrawn\nwithdrawnNotice: 因内容有误,本稿已撤回\n"))
	files, problems := buildSite(t, dir, nil)
	if strings.Contains(problems, "error") {
		t.Fatal(problems)
	}
	for _, l := range leaks(withCache(t, dir, files), "天机", "天機") {
		t.Error(l)
	}
	for name, notice := range map[string]string{"pub/2026/x.html": "因内容有误,本稿已撤回", "hant/pub/2026/x.html": "因內容有誤,本稿已撤回"} {
		has(t, files, name, notice, `<meta name="robots" content="noindex">`)
		if n := len(leaks(files, notice)); n != 1 {
			t.Errorf("the notice stands in %d files: %v", n, leaks(files, notice))
		}
	}
	// Nothing leads there but its own page, its twin page and the manifest.
	for _, l := range leaks(files, "2026/x.html") {
		if name, _, _ := strings.Cut(l, " "); !strings.HasSuffix(name, "2026/x.html") && name != "_site/manifest.txt" {
			t.Error(l)
		}
	}
	if d, ok := files["pub/2026/x_2.html"]; ok {
		t.Errorf("a part of it is there: %s", d)
	}
}

func TestInternalBuildHasWhatIsInternal(t *testing.T) {
	for _, c := range []struct{ dir, column, front string }{
		{"pub", "", "audience: internal\n"},
		{"nei/xia", "---\ntitle: 天机QX7栏目\naudience: internal\n---\n", ""},
	} {
		dir := makeSite(t, secretSite(c.dir, c.column, c.front))
		files, problems := buildSite(t, dir, func(o *Options) { o.Internal = true })
		if strings.Contains(problems, "error") {
			t.Fatal(problems)
		}
		has(t, files, c.dir+"/2026/x.html", "天机QX7正文", "天机QX7标题")
		has(t, files, c.dir+"/x/fu.txt", secretWord)
		has(t, files, "feed.xml", secretWord)
		has(t, files, "_site/manifest.txt", "# audience: internal\n")
		if _, err := os.Stat(filepath.Join(dir, CacheDir, "catalogue.json")); err == nil {
			t.Error("an internal build wrote the catalogue of what is published")
		}
	}
}

// A public article that names a file of an internal one is an error: the file would be published.
func TestPublicArticleCannotUseInternalFiles(t *testing.T) {
	for _, c := range []struct{ dir, column, front string }{
		{"pub", "", "audience: internal\n"},
		{"nei/xia", "---\ntitle: 天机QX7栏目\naudience: internal\n---\n", ""},
	} {
		site := secretSite(c.dir, c.column, c.front)
		site["content/pub/bad.md"] = "---\ntitle: 公开\ndate: 2026-01-01\nsource: 本网\nimage: /" + c.dir + "/x/tu.svg\nattachments: [/" + c.dir + "/x/fu.txt]\n---\n\n[附件](/" + c.dir + "/x/fu.txt)\n\n![图](/" + c.dir + "/x/tu.svg)\n"
		dir := makeSite(t, site)
		files, problems := buildSite(t, dir, nil)
		if len(files) > 0 {
			t.Errorf("%d files were written", len(files))
		}
		for _, place := range []string{"bad.md:5:8", "bad.md:6:15", "bad.md:9:1", "bad.md:11:1"} {
			if !strings.Contains(problems, place+": error: ") {
				t.Errorf("nothing about %s in\n%s", place, problems)
			}
		}
		if n := strings.Count(problems, "belongs to an internal article or column"); n != 4 {
			t.Errorf("%d problems:\n%s", n, problems)
		}
		if _, problems = buildSite(t, dir, func(o *Options) { o.Internal = true }); strings.Contains(problems, "error") {
			t.Errorf("in an internal build:\n%s", problems)
		}
	}
}

// The sample portal has an internal article with this word in text and attachment.
func TestSampleKeepsItsSecret(t *testing.T) {
	const word = "云岫内参七号"
	dir := t.TempDir() // a copy: other tests build the sample where it is
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile("../../site.yaml")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "site.yaml"), settings, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	at := func(o *Options) {
		o.Now = func(zone *time.Location) (time.Time, error) { return time.Date(2026, 12, 1, 8, 0, 0, 0, zone), nil }
	}
	files, problems := buildSite(t, dir, at)
	if strings.Contains(problems, "error") || len(files) < 100 {
		t.Fatalf("%d files\n%s", len(files), problems)
	}
	in := 0
	for _, text := range readAll(t, filepath.Join(dir, "content")) {
		in += strings.Count(text, word)
	}
	if in < 2 {
		t.Fatalf("the word stands in the sample %d times", in)
	}
	for _, l := range leaks(withCache(t, dir, files), word, "雲岫內參七號", "gongzuo-zhuanban", "renwu-fengong") {
		t.Error(l)
	}
	files, _ = buildSite(t, dir, func(o *Options) { at(o); o.Internal = true })
	if n := len(leaks(files, word, "雲岫內參七號")); n < 3 {
		t.Errorf("the word stands in %d files of the internal build", n)
	}
}
