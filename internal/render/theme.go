package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
	yaml "go.yaml.in/yaml/v4"

	"zhendi/internal/diag"
	"zhendi/internal/source"
	compiled "zhendi/internal/template"
)

// Theme is a loaded theme: templates, words and assets.
type Theme struct {
	Assets []Asset
	Hash   string // of everything in it
	Sizes  string // how wide pictures in texts are shown: the attribute sizes, from the template of that name

	pages  *compiled.Set[Page]
	chrome *compiled.Set[Chrome]        // header and footer
	words  map[string]map[string]string // by script: zh-Hans, zh-Hant
	boot   template.HTML
	csp    string // script-src source of boot
	urls   map[string]string
}

// Asset is a file of the theme as it is published.
type Asset struct {
	Path string // relative to the output: _assets/site.3f2a9c01.css
	Body []byte
}

// AssetsDir is where the theme's assets stand in the output.
const AssetsDir = "_assets"

// Layers are the places where themes are looked for, the first that has a file wins. Each
// holds one folder per theme.
type Layers []fs.FS

// LoadTheme loads the theme called name. A theme may have a theme.yaml with extends:
// the name of another theme, whose files stand in for those it does not have.
func LoadTheme(layers Layers, name string) (*Theme, error) {
	files, err := gather(layers, name, nil)
	if err != nil {
		return nil, err
	}
	t := &Theme{urls: map[string]string{}, words: map[string]map[string]string{}}
	if err := t.load(files); err != nil {
		return nil, inTheme(name, err)
	}
	return t, nil
}

// gather collects a theme's files by path relative to the theme.
func gather(layers Layers, name string, seen []string) (map[string][]byte, error) {
	if slices.Contains(seen, name) {
		way := strings.Join(append(seen, name), " → ")
		return nil, &ThemeError{diag.T("主题互相继承："+way, "themes extend each other: "+way)}
	}
	if !fs.ValidPath(name) || strings.Contains(name, "/") {
		return nil, &ThemeError{diag.T("主题名“"+name+"”有误；写 themes 下一个文件夹的名称", fmt.Sprintf("%q is not the name of a theme: write that of a folder in themes", name))}
	}
	files := map[string][]byte{}
	for _, l := range layers {
		if err := readTheme(l, name, files); err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, &ThemeError{diag.T("没有主题“"+name+"”；新建文件夹 themes/"+name+"，或在 site.yaml 写 theme: default",
			fmt.Sprintf("no theme %q: make the folder themes/%s, or write theme: default in site.yaml", name, name))}
	}
	var meta struct {
		Extends string `yaml:"extends"`
	}
	if b, ok := files["theme.yaml"]; ok {
		if err := yaml.Load(b, &meta, yaml.WithKnownFields()); err != nil {
			return nil, inTheme(name, &ThemeError{diag.T("theme.yaml 有误，其中只能写 extends: 主题名", "theme.yaml may hold `extends: theme` and nothing else")})
		}
	}
	if meta.Extends == "" {
		return files, nil
	}
	base, err := gather(layers, meta.Extends, append(seen, name))
	if err != nil {
		return nil, err
	}
	for p, b := range base {
		if _, have := files[p]; !have {
			files[p] = b
		}
	}
	return files, nil
}

// readTheme adds the theme's files in one layer to those that are there already. A layer need not
// have the theme; what it has must be readable, or a layer below would stand in for it silently.
func readTheme(l fs.FS, name string, files map[string][]byte) error {
	return fs.WalkDir(l, name, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && p == name && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return unreadable(p, err)
		case p != name && source.Ignored(d.Name()):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		rel, below := strings.CutPrefix(p, name+"/")
		if _, have := files[rel]; have {
			return nil
		}
		info, err := fs.Stat(l, p) // of what a symbolic link leads to
		switch {
		case err != nil && d.Type()&fs.ModeSymlink != 0:
			return unreadable(p, diag.T("符号链接指向网站文件夹之外，或指向的文件不存在", "symbolic link leads out of the site's folder or nowhere"))
		case err != nil:
			return unreadable(p, err)
		case !below || !info.Mode().IsRegular():
			return unreadable(p, diag.T("应是一个普通文件或文件夹", "not a regular file or folder"))
		}
		b, err := fs.ReadFile(l, p)
		if err != nil {
			return unreadable(p, err)
		}
		if slices.Contains(textFiles, path.Ext(rel)) { // as Windows saves them: with a mark at the start and other line ends
			b = bytes.ReplaceAll(bytes.TrimPrefix(b, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
		}
		files[rel] = b
		return nil
	})
}

// unreadable is the mistake that p, relative to the folder of themes, cannot be read: why is an error
// or a diag.Text.
func unreadable(p string, why any) error {
	t, ok := why.(diag.Text)
	if !ok {
		var pe *fs.PathError
		if err := why.(error); errors.As(err, &pe) {
			why = pe.Err
		}
		t = diag.T(fmt.Sprint(why), fmt.Sprint(why))
	}
	return &ThemeError{diag.T("无法读取主题文件 themes/"+p+"："+t.ZH, "cannot read the theme's file themes/"+p+": "+t.EN)}
}

// textFiles are the extensions of a theme's files that are text.
var textFiles = []string{".html", ".css", ".js", ".yaml", ".svg", ".txt", ".json"}

func (t *Theme) load(files map[string][]byte) error {
	set := template.New("").Option("missingkey=error")
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	m.AddFunc("text/javascript", js.Minify)
	names := make([]string, 0, len(files))
	for p := range files {
		names = append(names, p)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, p := range names {
		fmt.Fprintf(sum, "%s %d\n%s", p, len(files[p]), files[p])
		var err error
		switch {
		case strings.HasPrefix(p, "layouts/") && path.Ext(p) == ".html":
			_, err = set.New(strings.TrimSuffix(strings.TrimPrefix(p, "layouts/"), ".html")).Parse(string(files[p]))
		case p == "words.yaml":
			err = t.loadWords(files[p])
		case p == "boot.js":
			err = t.loadBoot(m, files[p])
		case strings.HasPrefix(p, "assets/"):
			err = t.asset(m, strings.TrimPrefix(p, "assets/"), files[p])
		}
		if err != nil {
			return inFile(p, err)
		}
	}
	for _, kind := range kinds {
		if set.Lookup(kind) == nil {
			return &ThemeError{diag.T("缺少模板 layouts/"+kind+".html；在 theme.yaml 写 extends: default 可借用自带主题的", "no template layouts/"+kind+".html; `extends: default` in theme.yaml borrows those of the default theme")}
		}
	}
	for _, key := range neededWords {
		if t.words["zh-Hans"][key] == "" || t.words["zh-Hant"][key] == "" {
			return &ThemeError{diag.T("words.yaml 缺少 "+key, "words.yaml has no "+key)}
		}
	}
	if s := set.Lookup("sizes"); s != nil && s.Tree != nil {
		t.Sizes = strings.TrimSpace(s.Tree.Root.String()) // plain text
	}
	t.pages, t.chrome = compiled.New[Page](set), compiled.New[Chrome](set)
	t.Hash = hex.EncodeToString(sum.Sum(nil)[:16])
	return nil
}

// kinds are the templates that a theme must have.
var kinds = []string{"home", "column", "archive", "page", "topic", "article", "group", "tags", "sitemap", "withdrawn", "notfound", "header", "footer"}

// neededWords are the words that views are made with, besides those that the theme's own
// templates use.
var neededWords = []string{"firstReview", "secondReview", "thirdReview", "undated", "moved", "pageNumber", "notFound", "qr", "allTags", "series", "siteMap", "withdrawn", "wholeText", "edition"}

func (t *Theme) loadWords(b []byte) error {
	var w map[string][]string
	if err := yaml.Load(b, &w); err != nil {
		return &ThemeError{diag.T("写法有误，每行应为 键：[简体, 繁體]", "every line must read `key: [简体, 繁體]`")}
	}
	hans, hant := map[string]string{}, map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(w)) { // sorted: the first mistake is always the same
		v := w[k]
		if len(v) != 2 {
			return &ThemeError{diag.T(k+" 要有简体、繁体两个词："+k+": [简体, 繁體]", k+": two words are needed, simplified and traditional: "+k+": [简体, 繁體]")}
		}
		hans[k], hant[k] = v[0], v[1]
	}
	t.words["zh-Hans"], t.words["zh-Hant"] = hans, hant
	return nil
}

func (t *Theme) loadBoot(m *minify.M, b []byte) error {
	b, err := m.Bytes("text/javascript", b)
	if err != nil {
		return err
	}
	if bytes.Contains(bytes.ToLower(b), []byte("</script")) {
		return errors.New("contains </script")
	}
	sum := sha256.Sum256(b)
	t.csp = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	t.boot = template.HTML("<script>" + string(b) + "</script>")
	return nil
}

// asset minifies a file and names it by its hash.
func (t *Theme) asset(m *minify.M, name string, b []byte) error {
	var err error
	switch path.Ext(name) {
	case ".css":
		b, err = m.Bytes("text/css", b)
	case ".js":
		b, err = m.Bytes("text/javascript", b)
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	p := AssetsDir + "/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
	t.Assets = append(t.Assets, Asset{p, b})
	t.urls[name] = "/" + p
	return nil
}

// ThemeError is a mistake in a theme, found before any page was made.
type ThemeError struct{ diag.Text }

func (e *ThemeError) Error() string { return e.EN }

// inTheme says in which theme a mistake is, inFile in which of its files.
func inTheme(name string, err error) error {
	t := themeText(err)
	return &ThemeError{diag.T("主题“"+name+"”: "+t.ZH, fmt.Sprintf("theme %q: %s", name, t.EN))}
}

func inFile(file string, err error) error {
	t := themeText(err)
	if m := templateMistake.FindStringSubmatch(t.EN); m != nil {
		file, t = file+":"+m[1], diag.T(m[2], m[2])
	}
	return &ThemeError{diag.T(file+": "+t.ZH, file+": "+t.EN)}
}

var templateMistake = regexp.MustCompile(`^(?:html/)?template: ?[^:]*:(\d+)(?::\d+)?: (.*)`)

func themeText(err error) diag.Text {
	var te *ThemeError
	if errors.As(err, &te) {
		return te.Text
	}
	return diag.T(err.Error(), err.Error())
}

// TemplateError is a mistake in a template, found while a page was made.
type TemplateError struct {
	Page string // path of the page
	Err  error
}

// text/template says "template: home:3:4: …", html/template "html/template:home:3:4: …".
var templatePlace = regexp.MustCompile(`(?:^|template: )([^: ]+):(\d+)`)

// Error names template, line and page.
func (e *TemplateError) Error() string {
	msg := strings.TrimPrefix(e.Err.Error(), "html/template:")
	if m := templatePlace.FindStringSubmatch(msg); m != nil {
		return fmt.Sprintf("layouts/%s.html:%s: page %s: %s", m[1], m[2], e.Page, msg)
	}
	return fmt.Sprintf("page %s: %s", e.Page, msg)
}

func (e *TemplateError) Unwrap() error { return e.Err }
