package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/redirects"
)

var redirectsCommand = command{
	name:  "redirects",
	about: diag.T("把旧网址写成服务器的跳转规则", "write old addresses as a server's redirects"),
	usage: redirectsUsage,
	run:   runRedirects,
}

var redirectsUsage = diag.T(`用法：zhendi redirects --format 格式 [选项]

把稿件与栏目的旧网址（aliases）和 content/_data/redirects.yaml 里的停用网址写成服务器的配置，由服务器答
301（已迁移）或 410（已不存在）。没有这份配置，网站里的跳转页也能把读者带到新网址，只是带参数的网址与整个
文件夹不行。有错误时全部列出，不写文件。

选项：
    --format 格式       nginx、caddy、oss（阿里云）、cos（腾讯云）、netlify
    --output 文件       写入文件，整个替换；默认显示在屏幕上
    --source 文件夹     网站文件夹，默认当前文件夹
    --base-url 网址     代替 site.yaml 里的 baseURL，与生成网站时相同
    --now 时间          以此时间判断定时发布与下线，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --lang zh|en        消息的语言

退出状态：
    0 完成，写不出的规则列在消息里   1 无法完成，例如规则超过服务商的上限   2 用法有误   3 稿件或设置有错误`,
	`usage: zhendi redirects --format FORMAT [OPTIONS]

Writes the aliases of articles and columns and the retired addresses in content/_data/redirects.yaml as
a server's configuration, which then answers 301 (moved for good) or 410 (gone). Without it the site's own
pages lead on, except from addresses with a query and from whole folders. Writes nothing if there are errors.

options:
    --format FORMAT     nginx, caddy, oss (Alibaba Cloud), cos (Tencent Cloud), netlify
    --output FILE       write a file, replacing it as a whole; default: standard output
    --source DIR        the site's folder; default: this one
    --base-url URL      instead of baseURL in site.yaml, as for build
    --now TIME          time for scheduled and expired articles; default: SOURCE_DATE_EPOCH, else the clock
    --lang zh|en        language of messages

exit status:
    0 done; rules that the format cannot say are named   1 could not do it, as when a provider takes fewer rules
    2 used wrongly   3 errors in content or settings`)

func runRedirects(e *env, args []string) int {
	f := flag.NewFlagSet("redirects", flag.ContinueOnError)
	opt := build.Options{Version: version}
	f.StringVar(&opt.Source, "source", ".", "")
	f.StringVar(&opt.BaseURL, "base-url", "", "")
	format := f.String("format", "", "")
	file := f.String("output", "", "")
	from := f.String("now", "", "")
	code, ok := e.flags(f, redirectsUsage, args)
	if !ok {
		return code
	}
	if names := redirects.Formats(); !slices.Contains(names, *format) {
		list := strings.Join(names, " ")
		e.complain(diag.T("--format 要写明格式："+list, "--format must be one of "+list))
		return exitUsage
	}
	if code, ok := e.buildOptions(&opt, *from, "public"); !ok {
		return code
	}
	if code, ok := e.siteFolder(opt.Source); !ok {
		return code
	}
	return e.redirects(opt, *format, *file)
}

// redirects writes the table of a site in a format, to a file or, without a name, to standard output.
func (e *env) redirects(opt build.Options, format, file string) int {
	l, code, ok := e.load(opt)
	if !ok {
		return code
	}
	defer l.Close()
	out, err := redirectTable(l).Write(format)
	var limit *redirects.LimitError
	if errors.As(err, &limit) {
		e.complain(diag.T(fmt.Sprintf("%s 最多收 %d 条规则，整个文件夹的跳转就有 %d 条", format, limit.Limit, limit.Rules),
			fmt.Sprintf("%s takes %d rules; those of whole folders alone are %d", format, limit.Limit, limit.Rules)))
		e.hint(diag.T("在 redirects.yaml 里改为逐个列出网址：发布时每个网址写一个跳转页，没有上限", "list single addresses in redirects.yaml: publish writes a page for each, without a limit"))
		return exitFailed
	}
	if err := e.deliver(file, out.Body); err != nil {
		return e.fail(err)
	}
	e.say(diag.T(fmt.Sprintf("跳转规则 %d 条", out.Said), "redirects: "+count(out.Said, "rule")))
	for _, left := range out.Left {
		e.say(diag.T(fmt.Sprintf("没有写入 %d 条：%s", left.Rules, left.Why.ZH), fmt.Sprintf("left out %d: %s", left.Rules, left.Why.EN)))
	}
	return exitDone
}

// redirectTable makes the table of all editions, as addresses on the server.
func redirectTable(l *build.Loaded) redirects.Table {
	t := redirects.Table{Root: "/"}
	if base, err := url.Parse(l.Config.BaseURL); err == nil {
		t.Host, t.Root = base.Host, strings.TrimSuffix(base.Path, "/")+"/"
	}
	for _, s := range l.Sites {
		for _, r := range s.Redirects {
			to := r.To
			if strings.HasPrefix(to, "/") {
				to = (&url.URL{Path: t.Root}).EscapedPath() + to[1:]
			}
			t.Rules = append(t.Rules, redirects.Rule{From: t.Root + r.From[1:], Query: r.Query, Below: r.Below, To: to})
		}
	}
	return t
}

// deliver prints b, or writes it to a file, which a server that reads it meanwhile sees whole.
func (e *env) deliver(name string, b []byte) error {
	if name == "" {
		_, err := e.stdout.Write(b)
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".redirects-*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
