package main

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

var newCommand = command{
	name:  "new",
	about: diag.T("新建一篇稿件", "start an article"),
	usage: newUsage,
	run:   runNew,
}

var newUsage = diag.T(`用法：zhendi new [选项] 栏目/题目

在栏目里新建一篇稿件，写好 id、发布时间和必填的键，显示文件的路径。栏目写文件夹名或栏目名称。已有的文件
不会改写。稿件按 content/_archetypes 里的样板写：与栏目文件夹同名的（jdal.md），没有就用上级栏目的，再没有用
default.md。样板里写了 layout 的（如专题）建成栏目。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --archetype 名称    用 content/_archetypes 里的这一个样板
    --name 名称         文件名，用作网址；默认用题目，网址用 id
    --bundle            建成文件夹，图片和附件与稿件放在一起
    --now 时间          稿件的发布时间，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成，例如文件已经存在   2 用法有误`,
	`usage: zhendi new [OPTIONS] COLUMN/TITLE

Starts an article in a column, with id, date and the keys that it must have, and prints the file's path. COLUMN is a
folder or a title. No file is written over. Articles are made as the archetypes in content/_archetypes show: the one
named as the column's folder (jdal.md), else that of the column above, else default.md. One that says layout, as that
of topics, makes a column.

options:
    --source DIR        the site's folder; default: this one
    --archetype NAME    use this one of content/_archetypes
    --name NAME         of the file, and in the address; default: the title, with the id in the address
    --bundle            make a folder, for pictures and attachments beside the article
    --now TIME          date of the article; default: SOURCE_DATE_EPOCH, else the clock
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it, for example because the file exists   2 used wrongly`)

// draft is an article to be started.
type draft struct {
	root            string // the site's folder
	cfg             config.Config
	columns         map[string]*article.Column
	dir, title      string // column and title
	archetype, name string
	bundle          bool
	now             time.Time
	id              string
	wanted          []string // keys that the article must have
}

func runNew(e *env, args []string) int {
	f := flag.NewFlagSet("new", flag.ContinueOnError)
	d := draft{id: newID()}
	f.StringVar(&d.root, "source", ".", "")
	f.StringVar(&d.archetype, "archetype", "", "")
	f.StringVar(&d.name, "name", "", "")
	f.BoolVar(&d.bundle, "bundle", false, "")
	now := f.String("now", "", "")
	if len(args) > 1 && !strings.HasPrefix(args[0], "-") { // options may stand behind, too
		args = append(slices.Clone(args[1:]), args[0])
	}
	if code, ok := e.flagsAndArgs(f, newUsage, args, 1); !ok {
		return code
	}
	if f.NArg() == 0 {
		e.complain(diag.T("缺少 栏目/题目", "COLUMN/TITLE is missing"))
		e.suggest(f, nil)
		return exitUsage
	}
	if code, ok := e.siteFolder(d.root); !ok {
		return code
	}
	at, code, ok := e.when(*now)
	if !ok {
		return code
	}
	if code, ok := e.readColumns(&d); !ok {
		return code
	}
	var err error
	if d.now, err = at(d.cfg.Zone); err != nil {
		return e.fail(err)
	}
	if code, ok := e.place(&d, f.Arg(0)); !ok {
		return code
	}
	return e.write(&d)
}

// newID returns an id that no other article has.
func newID() string {
	var b [7]byte
	rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))[:10]
}

// readColumns reads site.yaml and the columns; what is wrong with them is for check and build to say.
func (e *env) readColumns(d *draft) (code int, ok bool) {
	tree, err := source.Open(d.root)
	if err != nil {
		return e.fail(err), false
	}
	defer tree.Close()
	raw, err := tree.ReadPath(config.Path)
	if err != nil {
		e.complain(diag.T("文件夹 "+d.root+" 里没有 site.yaml", "no site.yaml in "+d.root))
		e.hint(diag.T("在网站的文件夹里运行，或用 --source 指明；新建网站用 zhendi init", "run in the site's folder, or name it with --source; zhendi init makes a new site"))
		return exitFailed, false
	}
	text, _, _ := source.Text(config.Path, raw)
	d.cfg, _ = config.Parse(text, func(key string) (string, bool) {
		if !article.FrontMatter.Has(key) {
			return "", false
		}
		return article.FrontMatter.Canonical(key), true
	})
	if d.cfg.Zone == nil {
		d.cfg.Zone = time.FixedZone("CST", 8*3600)
	}
	d.columns = map[string]*article.Column{}
	files, _ := tree.Walk("content")
	for _, f := range files {
		if path.Base(f.Path) != "_index.md" {
			continue
		}
		raw, err := tree.Read(f)
		if err != nil {
			return e.fail(err), false
		}
		text, _, _ := source.Text(f.Path, raw)
		c, _ := article.ParseColumn(article.File{Path: f.Path, Text: text, Zone: d.cfg.Zone})
		if c != nil && c.Dir != "" {
			d.columns[c.Dir] = c
		}
	}
	return 0, true
}

// place finds the column that the argument names.
func (e *env) place(d *draft, arg string) (code int, ok bool) {
	arg = strings.Trim(filepath.ToSlash(strings.TrimPrefix(filepath.ToSlash(arg), "content/")), "/")
	for i := len(arg) - 1; i > 0; i-- { // the longest name of a column: titles may hold a slash
		if arg[i] != '/' {
			continue
		}
		if dir, found := d.column(arg[:i]); found {
			d.dir, d.title = dir, strings.TrimSpace(arg[i+1:])
			d.wanted = site.Required(d.cfg, d.columns, dir)
			return 0, d.title != ""
		}
	}
	name, _, slash := strings.Cut(arg, "/")
	if !slash {
		e.complain(diag.T("写成 栏目/题目，例如 zhendi new tzgg/关于举办培训班的通知", "write COLUMN/TITLE, for example: zhendi new tzgg/关于举办培训班的通知"))
		return exitUsage, false
	}
	e.complain(diag.T("没有栏目“"+name+"”", fmt.Sprintf("no column %q", name)))
	var names, list []string
	for dir, c := range d.columns {
		names = append(names, dir, c.Title)
		list = append(list, dir+" "+c.Title)
	}
	if near, ok := fields.Near(name, names); ok {
		e.hint(diag.T("是不是 "+near+"?", "did you mean "+near+"?"))
	} else if slices.Sort(list); len(list) > 0 {
		e.hint(diag.T("有这些栏目："+strings.Join(list, "、"), "the columns are: "+strings.Join(list, ", ")))
	}
	return exitFailed, false
}

// column returns the folder of the column of that folder or title; of several with one title the first.
func (d *draft) column(name string) (dir string, ok bool) {
	if _, ok := d.columns[name]; ok {
		return name, true
	}
	var found []string
	for dir, c := range d.columns {
		if c.Title == name {
			found = append(found, dir)
		}
	}
	if len(found) == 0 {
		return "", false
	}
	return slices.Min(found), true
}

// write writes the file and prints its path.
func (e *env) write(d *draft) int {
	model, err := d.model()
	if err != nil {
		e.complain(diag.T("没有样板 "+d.archetype, "no archetype "+d.archetype))
		e.hint(diag.T("样板是 content/_archetypes 里的 .md 文件", "archetypes are the .md files in content/_archetypes"))
		return exitFailed
	}
	text, isColumn := d.fill(model)
	name := d.name
	if name == "" {
		name = fileName(d.title)
		if !isColumn {
			name = d.now.In(d.cfg.Zone).Format("2006-01-02") + "-" + name
		}
	}
	at := path.Join("content", d.dir, name+".md")
	switch {
	case isColumn:
		at = path.Join("content", d.dir, name, "_index.md")
	case d.bundle:
		at = path.Join("content", d.dir, name, "index.md")
	}
	if !fs.ValidPath(at) || strings.ContainsAny(name, `/\:*?"<>|`) {
		e.complain(diag.T("--name 不能用作文件名："+name, "--name cannot be that of a file: "+name))
		return exitUsage
	}
	file := filepath.Join(d.root, filepath.FromSlash(at))
	err = os.MkdirAll(filepath.Dir(file), 0o777)
	if err == nil {
		err = writeNew(file, text)
	}
	if errors.Is(err, fs.ErrExist) {
		e.complain(diag.T("文件已经存在："+at, "the file exists: "+at))
		e.hint(diag.T("换一个题目，或用 --name 另取文件名", "use another title, or give the file another name with --name"))
		return exitFailed
	}
	if err != nil {
		return e.fail(err)
	}
	fmt.Fprintln(e.stdout, file)
	return exitDone
}

// writeNew writes a file that must not be there yet.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// model returns the text of the archetype.
func (d *draft) model() (string, error) {
	names := []string{d.archetype}
	if d.archetype == "" {
		names = nil
		for dir := d.dir; dir != "."; dir = path.Dir(dir) {
			names = append(names, dir)
		}
		names = append(names, "default")
	}
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join(d.root, "content", "_archetypes", filepath.FromSlash(n)+".md"))
		if err == nil {
			text, _, _ := source.Text(n, b)
			return string(text), nil
		}
	}
	if d.archetype != "" {
		return "", fs.ErrNotExist
	}
	return "---\ntitle:\nid:\ndate:\nsource:\nstatus: draft\n---\n\n", nil
}

// fill fills in what an archetype leaves empty, and adds the keys that are missing. It reports whether the
// archetype is that of a column.
func (d *draft) fill(model string) (text []byte, isColumn bool) {
	head, body := "", model
	if rest, ok := strings.CutPrefix(model, "---\n"); ok {
		if h, b, ok := strings.Cut(rest, "\n---\n"); ok {
			head, body = h+"\n", b
		}
	}
	values := map[string]string{"title": quote(d.title), "id": d.id, "date": d.now.In(d.cfg.Zone).Format("2006-01-02 15:04"), "source": quote(d.cfg.Name)}
	has := map[string]bool{}
	var out strings.Builder
	out.WriteString("---\n")
	for line := range strings.Lines(head) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		name := key
		if article.FrontMatter.Has(key) {
			name = article.FrontMatter.Canonical(key)
		}
		has[name] = has[name] || ok
		isColumn = isColumn || key == "layout" || key == "版式"
		if v, known := values[name]; ok && known && strings.TrimSpace(value) == "" {
			line = key + ": " + v + "\n"
		}
		out.WriteString(line)
	}
	keys := append([]string{"title", "id", "date"}, d.wanted...)
	if isColumn {
		keys = []string{"title"}
	}
	for _, k := range keys {
		if !has[k] {
			has[k] = true
			fmt.Fprintf(&out, "%s: %s\n", k, values[k])
		}
	}
	return []byte(strings.ReplaceAll(out.String(), ": \n", ":\n") + "---\n" + body), isColumn
}

// quote writes a line as YAML reads it.
func quote(s string) string {
	for i, r := range s {
		if i == 0 && !unicode.Is(unicode.Han, r) || strings.ContainsRune(":#'\"", r) || unicode.IsControl(r) {
			return "'" + strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "'", "''") + "'"
		}
	}
	return s
}

// nameLength is how many characters of a title stand in the name of a file: paths on Windows are short.
const nameLength = 40

// fileName makes the name of a file of a title.
func fileName(title string) string {
	var out []rune
	for _, r := range title {
		if len(out) == nameLength {
			break
		}
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			out = append(out, unicode.ToLower(r))
		case unicode.IsSpace(r) && len(out) > 0 && out[len(out)-1] != '-':
			out = append(out, '-')
		}
	}
	if name := strings.Trim(string(out), "-"); name != "" {
		return name
	}
	return "gaojian"
}
