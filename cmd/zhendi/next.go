package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

var nextCommand = command{
	name:  "next",
	about: diag.T("下一次需要重新生成的时刻", "when the next build is due"),
	usage: nextUsage,
	run:   runNext,
}

var nextUsage = diag.T(`用法：zhendi next [选项]

显示下一个会使网站内容变化的时刻（定时发布、定时下线、置顶到期）及其原因，供定时任务使用。
没有这样的时刻时不显示内容。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --now 时间          从此时间算起，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --format text|json  输出格式；json 为 {"at": 时刻, "changes": [{"what", "path", "title"}]}，没有时 at 为 null
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成   2 用法有误   3 稿件或设置有错误`,
	`usage: zhendi next [OPTIONS]

Prints the next instant at which a build would differ (an article appears, expires or is no longer
pinned) and why, for cron. Prints nothing if there is none.

options:
    --source DIR        the site's folder; default: this one
    --now TIME          count from here; default: SOURCE_DATE_EPOCH, else the clock
    --format text|json  json: {"at": time, "changes": [{"what", "path", "title"}]}; at is null if there is none
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it   2 used wrongly   3 errors in content or settings`)

func runNext(e *env, args []string) int {
	f := flag.NewFlagSet("next", flag.ContinueOnError)
	src := f.String("source", ".", "")
	from := f.String("now", "", "")
	format := f.String("format", "text", "")
	if code, ok := e.flags(f, nextUsage, args); !ok {
		return code
	}
	if *format != "text" && *format != "json" {
		e.complain(diag.T("--format 只能是 text 或 json", "--format must be text or json"))
		return exitUsage
	}
	now, code, ok := e.when(*from)
	if !ok {
		return code
	}
	if code, ok := e.siteFolder(*src); !ok {
		return code
	}
	opt := build.Options{Source: *src, Now: now, Version: version}
	l, code, ok := e.load(opt)
	if !ok {
		return code
	}
	defer l.Close()
	at, changes := l.Next()
	at = at.In(l.Config.Zone)
	if *format == "json" {
		return e.nextJSON(at, changes)
	}
	if at.Year() > 1 {
		fmt.Fprintln(e.stdout, at.Format("2006-01-02 15:04:05 -0700"))
		for _, c := range changes {
			fmt.Fprintf(e.stdout, "    %s  %s  %s\n", whats[c.What].In(e.lang), c.Path, c.Title)
		}
	}
	return exitDone
}

var whats = [...]diag.Text{
	site.Appears: {ZH: "发布", EN: "appears"}, site.Expires: {ZH: "下线", EN: "expires"}, site.Unpins: {ZH: "取消置顶", EN: "unpinned"},
}

func (e *env) nextJSON(at time.Time, changes []site.Change) int {
	type change struct {
		What  string `json:"what"`
		Path  string `json:"path"`
		Title string `json:"title"`
	}
	out := struct {
		At      *time.Time `json:"at"`
		Changes []change   `json:"changes"`
	}{Changes: []change{}}
	for _, c := range changes {
		out.Changes = append(out.Changes, change{[...]string{"appears", "expires", "unpinned"}[c.What], c.Path, c.Title})
	}
	if len(changes) > 0 {
		out.At = &at
	}
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return e.fail(err)
	}
	return exitDone
}
