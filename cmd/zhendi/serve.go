package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/check"
	"zhendi/internal/diag"
	"zhendi/internal/serve"
	"zhendi/themes"
)

var serveCommand = command{
	name:  "serve",
	about: diag.T("预览网站，保存即更新", "preview the site, at once after every save"),
	usage: serveUsage,
	run:   runServe,
}

var serveUsage = diag.T(`用法：zhendi serve [选项]

在本机预览网站。稿件一保存，浏览器里的网页就更新；有错误时在网页上列出，改好即消失。草稿、送审稿和
未到时间的稿件都能看到，页角说明为什么现在不会发布。不写 public。按 Ctrl+C 结束。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --port N            端口，默认 8008；被占用时用后面的
    --lan               让局域网里的手机也能打开，网页上的二维码指向本机；草稿也就能被他们看到
    --poll              自己每秒查看文件的变化，用于不通知变化的网络盘
    --now 时间          以此时间判断定时发布、下线与置顶，默认当前时间
    --published         只看现在会发布的，不看草稿和未到时间的稿件
    --audience internal 包括内部稿件
    --lang zh|en        消息的语言

退出状态：
    0 结束   1 无法完成   2 用法有误`,
	`usage: zhendi serve [OPTIONS]

Shows the site on this machine. When a file is saved, the page in the browser is made anew; mistakes are listed on
it and go when they are mended. Drafts, articles in review and scheduled ones are shown, and a bar says why they
would not be published now. public is not written. Ctrl+C ends it.

options:
    --source DIR        the site's folder; default: this one
    --port N            default: 8008, or the next that is free
    --lan               let phones on the local network open it, and QR codes lead here; drafts too
    --poll              look for changes every second, for network drives that do not tell of them
    --now TIME          time for scheduled, expired and pinned articles; default: the clock
    --published         show only what would be published now, no drafts, nothing scheduled
    --audience internal include internal articles
    --lang zh|en        language of messages

exit status:
    0 ended   1 could not do it   2 used wrongly`)

// servePort is where the preview is looked for first, and servePorts how many are tried.
const servePort, servePorts = 8008, 20

func runServe(e *env, args []string) int {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	opt := serve.Options{Site: build.Options{Themes: themes.FS, Version: version}, Say: e.say, Levels: reviewLevels}
	f.StringVar(&opt.Site.Source, "source", ".", "")
	f.IntVar(&opt.Port, "port", 0, "")
	f.BoolVar(&opt.LAN, "lan", false, "")
	poll := f.Bool("poll", false, "")
	now := f.String("now", "", "")
	published := f.Bool("published", false, "")
	audience := f.String("audience", "public", "")
	if code, ok := e.flags(f, serveUsage, args); !ok {
		return code
	}
	if opt.Port < 0 || opt.Port > 65535 {
		e.complain(diag.T("--port 应是 1 到 65535 的数", "--port must be from 1 to 65535"))
		return exitUsage
	}
	if code, ok := e.buildOptions(&opt.Site, *now, *audience); !ok {
		return code
	}
	if code, ok := e.siteFolder(opt.Site.Source); !ok {
		return code
	}
	opt.Site.Drafts, opt.Site.Future = !*published, !*published
	if *poll {
		opt.Poll = time.Second
	}
	s, err := e.openServer(opt)
	if err != nil {
		return e.serveFailed(err)
	}
	fmt.Fprintln(e.stdout, diag.T("预览："+s.URL(), "preview: "+s.URL()).In(e.lang))
	if opt.LAN {
		e.say(diag.T("局域网里的人都能打开这个网址，看到草稿；网页上的二维码可以用手机扫", "anybody on the local network can open it and see drafts; scan the QR code of a page with a phone"))
	}
	e.say(diag.T("按 Ctrl+C 结束", "Ctrl+C ends it"))
	if err := s.Run(e.ctx); err != nil {
		return e.serveFailed(err)
	}
	return exitDone
}

// openServer opens the site at the port that was asked for, else at the first that is free.
func (e *env) openServer(opt serve.Options) (*serve.Server, error) {
	if opt.Port != 0 {
		return serve.Open(e.ctx, opt)
	}
	for n := range servePorts {
		opt.Port = servePort + n
		s, err := serve.Open(e.ctx, opt)
		var oe *net.OpError
		if err == nil || !errors.As(err, &oe) {
			return s, err
		}
	}
	opt.Port = 0
	return serve.Open(e.ctx, opt)
}

func (e *env) serveFailed(err error) int {
	var oe *net.OpError
	switch {
	case errors.Is(err, serve.ErrNoNetwork):
		e.complain(diag.T("本机不在局域网里，--lan 没有可用的地址", "this machine has no address on a local network for --lan"))
	case errors.Is(err, syscall.EADDRINUSE) && errors.As(err, &oe):
		_, port, _ := net.SplitHostPort(oe.Addr.String())
		e.complain(diag.T("端口 "+port+" 已被占用", "port "+port+" is in use"))
		e.hint(diag.T("换一个端口，例如 --port "+strconv.Itoa(servePort+1), "use another, for example --port "+strconv.Itoa(servePort+1)))
	default:
		return e.fail(err)
	}
	return exitFailed
}

// reviewLevels returns how many levels of review reviewers.yaml asks for.
func reviewLevels(text []byte) int {
	var l check.Lists
	l.ReadReviewers(text)
	return l.Levels
}
