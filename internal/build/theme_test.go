package build

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhendi/themes"
)

// themedSite builds a small site with files of themes.
func themedSite(t *testing.T, settings string, files map[string]string) (dir string, out map[string]string, err error) {
	t.Helper()
	all := map[string]string{
		"site.yaml":           "name: 云岫党建网\nbaseURL: https://t.example/\n" + settings,
		"content/a/_index.md": "---\ntitle: 栏目\n---\n",
		"content/a/x.md":      page("稿件", "正文。"),
	}
	maps.Copy(all, files)
	dir = makeSite(t, all)
	out, err = rebuild(t, dir)
	return dir, out, err
}

func rebuild(t *testing.T, dir string) (map[string]string, error) {
	t.Helper()
	opt := Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "test",
		Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), nil }}
	_, problems, err := Run(context.Background(), opt)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return readAll(t, opt.Out), err
}

// builtIn returns a file of the theme that comes with zhendi.
func builtIn(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(themes.FS, "default/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// assetOf returns the path of an asset by its name without the hash.
func assetOf(t *testing.T, files map[string]string, name string) string {
	t.Helper()
	ext := filepath.Ext(name)
	form := regexp.MustCompile(`^_assets/` + strings.TrimSuffix(name, ext) + `\.[0-9a-f]{8}` + regexp.QuoteMeta(ext) + `$`)
	found := ""
	for p := range files {
		if form.MatchString(p) {
			if found != "" {
				t.Errorf("%s is there as %s and as %s", name, found, p)
			}
			found = p
		}
	}
	if found == "" {
		t.Fatalf("no asset %s", name)
	}
	return found
}

func TestAssetsAreNamedByTheirBytes(t *testing.T) {
	dir, before, err := themedSite(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	css, js := assetOf(t, before, "site.css"), assetOf(t, before, "site.js")
	has(t, before, "a/2026/x.html", `href="/`+css+`"`, `src="/`+js+`"`)
	if n, m := len(before[css]), len(builtIn(t, "assets/site.css")); n >= m {
		t.Errorf("the style sheet has %d bytes, its source %d", n, m)
	}
	// Pictures are published byte for byte: a PNG holds line ends of Windows on purpose.
	if before[assetOf(t, before, "cursor.png")] != builtIn(t, "assets/cursor.png") {
		t.Error("a picture of the theme is not what it was")
	}
	own := filepath.Join(dir, "themes/default/assets/site.css")
	if err := os.MkdirAll(filepath.Dir(own), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(own, []byte("\ufeffbody {\r\n  color : red ;\r\n}\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	after, err := rebuild(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	now := assetOf(t, after, "site.css")
	if now == css || after[now] != "body{color:red}" {
		t.Errorf("%s: %q", now, after[now])
	}
	if assetOf(t, after, "site.js") != js {
		t.Error("the script has another name, though it is the same")
	}
	has(t, after, "a/2026/x.html", `href="/`+now+`"`)
	if _, old := after[css]; old {
		t.Error("the old style sheet is still there")
	}
}

func TestThemesExtendFileByFile(t *testing.T) {
	_, files, err := themedSite(t, "theme: c\n", map[string]string{
		"themes/c/theme.yaml":                   "extends: b\n",
		"themes/c/layouts/notfound.html":        "丙的",
		"themes/b/theme.yaml":                   "extends: default\n",
		"themes/b/layouts/notfound.html":        "乙的",
		"themes/b/layouts/tags.html":            "乙的",
		"themes/b/layouts/sitemap.html":         "\ufeff乙的地图\r\n",
		"themes/b/assets/b.css":                 "p{}",
		"themes/default/layouts/sitemap.html":   "站里的",
		"themes/default/layouts/withdrawn.html": "站里的撤稿",
		"content/a/gone.md":                     "---\ntitle: 撤\ndate: 2026-01-01\nsource: 本网\nstatus: withdrawn\nwithdrawnNotice: 撤\n---\n\n正文。\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"404.html": "丙的", "sitemap.html": "乙的地图\n", "a/2026/gone.html": "站里的撤稿"} {
		if files[name] != want {
			t.Errorf("%s: %q, want %q", name, files[name], want)
		}
	}
	has(t, files, "a/2026/x.html", "稿件", "正文。")
	assetOf(t, files, "b.css")
	assetOf(t, files, "site.css")
}

func TestMistakesInThemesHaveTheirPlace(t *testing.T) {
	words := builtIn(t, "words.yaml")
	without := func(key string) string {
		return regexp.MustCompile(`(?m)^`+key+`:.*\n`).ReplaceAllString(words, "")
	}
	for _, c := range []struct{ file, text, want string }{
		{"layouts/article.html", "{{template \"top\" .}}\n\n{{.Article.Titel}}", `layouts/article.html:3: page a/2026/x.html: `},
		{"layouts/article.html", "\n{{template \"nirgends\" .}}", `layouts/article.html:2: page a/2026/x.html: article:2:11: no such template "nirgends"`},
		{"layouts/parts-lists.html", "{{define \"list\"}}\n\n{{.List.Nope}}{{end}}{{define \"pager\"}}{{end}}{{define \"titles\"}}{{end}}", "layouts/parts-lists.html:3: page a/index.html: "},
		{"layouts/header.html", "{{.Words.nirgends}}", `layouts/header.html:1: page a/2026/x.html: `},
		{"layouts/footer.html", "{{index .Friends 7}}", `layouts/footer.html:1: page a/2026/x.html: `},
		{"layouts/home.html", "\n\n{{if}}", "layouts/home.html:3: missing value for if"},
		{"words.yaml", without("wholeText"), "words.yaml has no wholeText"},
		{"words.yaml", without("edition") + "edition: [简体, \"\"]\n", "words.yaml has no edition"},
		{"words.yaml", without("nav"), `map has no entry for key "nav"`},
		{"words.yaml", words + "b: [乙]\na: [甲]\nc: [丙]\n", "words.yaml: a: two words are needed"},
		{"boot.js", "var a = ;", "boot.js: "},
		{"assets/site.js", "function {", "assets/site.js: "},
	} {
		_, files, err := themedSite(t, "", map[string]string{"themes/default/" + c.file: c.text})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.file, err, c.want)
		}
		if len(files) > 0 {
			t.Errorf("%s: %d files were written", c.file, len(files))
		}
	}
}
