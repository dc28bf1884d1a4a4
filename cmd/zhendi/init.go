package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"zhendi/internal/diag"
)

var initCommand = command{
	name:  "init",
	about: diag.T("新建一个网站", "start a site"),
	usage: initUsage,
	run:   runInit,
}

var initUsage = diag.T(`用法：zhendi init 文件夹

新建一个网站：带说明的 site.yaml、三个栏目、新稿件的样板和 .gitignore。文件夹里不能有别的文件。

选项：
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成，例如文件夹里已有文件   2 用法有误`,
	`usage: zhendi init DIR

Starts a site: site.yaml with comments, three columns, archetypes for new articles, .gitignore. There must be no
other files in the folder.

options:
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it, for example because the folder is not empty   2 used wrongly`)

// newSite is the site that init makes. Its articles get id, date and source as those of new do.
//
//go:embed all:site
var newSite embed.FS

func runInit(e *env, args []string) int {
	f := flag.NewFlagSet("init", flag.ContinueOnError)
	if code, ok := e.flagsAndArgs(f, initUsage, args, 1); !ok {
		return code
	}
	if f.NArg() == 0 {
		e.complain(diag.T("缺少文件夹的名称，例如 zhendi init wangzhan", "the folder is missing, for example: zhendi init mysite"))
		return exitUsage
	}
	dir := f.Arg(0)
	at, code, ok := e.when("")
	if !ok {
		return code
	}
	now, err := at(time.FixedZone("CST", 8*3600))
	if err != nil {
		return e.fail(err)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return e.fail(err)
	case len(entries) > 1, len(entries) == 1 && entries[0].Name() != ".git": // a repository that was just made is empty
		e.complain(diag.T("文件夹 "+dir+" 里已有文件，没有改动", "there are files in "+dir+"; nothing was changed"))
		e.hint(diag.T("换一个新的文件夹", "name a new folder"))
		return exitFailed
	}
	if err := writeSite(dir, now); err != nil {
		return e.fail(err)
	}
	fmt.Fprintln(e.stdout, diag.T("网站建在 "+dir+"。进入这个文件夹，运行 zhendi serve，一边写一边看", "the site is in "+dir+"; go there and run zhendi serve to see it while you write").In(e.lang))
	return exitDone
}

// writeSite writes the new site into dir.
func writeSite(dir string, now time.Time) error {
	return fs.WalkDir(newSite, "site", func(p string, entry fs.DirEntry, err error) error {
		rel := strings.TrimPrefix(strings.TrimPrefix(p, "site"), "/")
		if rel == "gitignore" { // named so that it does not hold for this repository
			rel = ".gitignore"
		}
		to := filepath.Join(dir, filepath.FromSlash(rel))
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(to, 0o777)
		}
		text, err := newSite.ReadFile(p)
		if err != nil {
			return err
		}
		if path.Ext(p) == ".md" && path.Base(p) != "_index.md" && !strings.Contains(p, "/_archetypes/") {
			d := draft{now: now, id: newID()}
			d.cfg.Zone, d.cfg.Name = now.Location(), siteName
			text, _ = d.fill(string(text))
		}
		return writeNew(to, text)
	})
}

// siteName is the name in the new site's site.yaml: the source of its articles.
const siteName = "云岫市机关党建网"
