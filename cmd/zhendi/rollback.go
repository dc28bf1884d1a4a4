package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"time"

	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/publish"
)

var rollbackCommand = command{
	name:  "rollback",
	about: diag.T("把线上的网站退回到先前的版本", "bring back what was live before"),
	usage: rollbackUsage,
	run:   runRollback,
}

var rollbackUsage = diag.T(`用法：zhendi rollback [选项]

把线上的网站退回到先前发布过的版本。文件取自每次发布时在存储服务里留下的副本，不需要生成，也不用 public 文件夹。
可以退回最近 20 次、30 天以内的发布。默认退回到线上版本的前一个；刚退回过的，再往前一个。

退回之前先把要用的副本全部取到本机核对，缺失或被改动过的不退回，线上不变。期间撤下的稿件不会重新出现：它的网址保持
现状，旧版里提到它的页面、列表与订阅也保持现状，并逐个列出。退回也是一次发布：序号比线上的大，加锁、次序、回执都
与 publish 相同；有签名的网站要设置签名用的私钥。先前生成的 public 会因序号较小被拒绝，修改后重新提交、生成，照常发布。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --target 名称       发布位置；只有一个时可以不写
    --list              列出可以退回的版本
    --to 序号           退回到哪一个，写法见 --list
    --dry-run           只列出计划，不改动线上的文件
    --format text|json  计划或列表的格式
    --force-lock        不等另一次发布结束，直接接管
    --receipt 文件      写下这次退回的回执（JSON，含 CDN 要刷新的网址），默认 .zhendi/receipt-名称.json
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成，或为安全而拒绝   2 用法有误   3 设置有错误`,
	`usage: zhendi rollback [OPTIONS]

Brings back a site that was live before, from the copies that each publication leaves in the store: nothing is built, and
public is not needed. It reaches back 20 publications or 30 days. By default it goes to the one before what is live,
and after a rollback to the one before that.

All copies that are needed are first read and checked on this machine; if one is missing or altered, nothing is changed. What was
taken back since stays away: its address stays as it is, and so do pages, lists and feeds whose older bytes name it; they are
listed. A rollback is a publication: its serial is higher than what is live; lock, order and receipt are those of publish; a
signed site needs the private key. The older public is refused afterwards; commit the mend, build and publish as usual.

options:
    --source DIR        the site's folder; default: this one
    --target NAME       where; need not be named if there is only one
    --list              what can be gone back to
    --to SERIAL         which one, as --list names it
    --dry-run           show the plan, change nothing there
    --format text|json  form of the plan or list
    --force-lock        do not wait for another run, take over
    --receipt FILE      write what was done (JSON, with the addresses to purge from a CDN); default: .zhendi/receipt-NAME.json
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it, or refused   2 used wrongly   3 errors in settings`)

func runRollback(e *env, args []string) int {
	p := publishFlags{}
	f := flag.NewFlagSet("rollback", flag.ContinueOnError)
	f.StringVar(&p.source, "source", ".", "")
	f.StringVar(&p.target, "target", "", "")
	f.StringVar(&p.format, "format", "text", "")
	f.StringVar(&p.receipt, "receipt", "", "")
	f.BoolVar(&p.dryRun, "dry-run", false, "")
	f.BoolVar(&p.opt.ForceLock, "force-lock", false, "")
	to, list := f.String("to", "", ""), f.Bool("list", false, "")
	if code, ok := e.flags(f, rollbackUsage, args); !ok {
		return code
	}
	if code, ok := e.publishWords(&p); !ok {
		return code
	}
	c, code, ok := e.settings(p.source)
	if !ok {
		return code
	}
	t, code, ok := e.target(&c, p.target)
	if !ok {
		return code
	}
	var err error
	if p.opt.Target, err = openTarget(p.source, t); err == nil {
		p.opt.Key, err = e.privateKey()
	}
	if err != nil {
		return e.fail(err)
	}
	if *list {
		return e.pasts(&p, &c)
	}
	return e.publish(&p, func() (*publish.Run, error) { return publish.OpenRollback(e.ctx, p.opt, *to) })
}

// pasts lists what can be gone back to.
func (e *env) pasts(p *publishFlags, c *config.Config) int {
	all, err := publish.Pasts(e.ctx, p.opt)
	if err != nil {
		return e.publishFailed(err)
	}
	if p.format == "json" {
		if err := json.NewEncoder(e.stdout).Encode(append([]publish.Past{}, all...)); err != nil {
			return e.fail(err)
		}
		return exitDone
	}
	if len(all) == 0 {
		fmt.Fprintln(e.stdout, diag.T("线上还没有网站", "nothing is live yet").In(e.lang))
	}
	for _, past := range all {
		what := diag.T(fmt.Sprintf("后一版修改 %d、删除 %d、新增 %d 个文件", past.Other, past.Gone, past.Come), fmt.Sprintf("the next changed %d, removed %d, added %d files", past.Other, past.Gone, past.Come))
		if past.Live {
			what = diag.T("线上", "live")
		}
		if past.Back != "" {
			what = diag.T(what.ZH+"；由退回到 "+past.Back+" 而来", what.EN+"; a rollback to "+past.Back)
		}
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\n", past.Name, past.At.In(c.Zone).Format(time.DateTime), what.In(e.lang))
	}
	return exitDone
}

// showStays says what a rollback leaves as it is, and why: all of it for --dry-run, else the first.
func (e *env) showStays(p *publish.Plan, all bool) {
	if len(p.Stays) == 0 {
		return
	}
	fmt.Fprintln(e.stdout, diag.T(fmt.Sprintf("%d 个网址保持线上原样：", len(p.Stays)), fmt.Sprintf("%s left as live:", count(len(p.Stays), "file"))).In(e.lang))
	for i, s := range p.Stays {
		if i == 10 && !all {
			fmt.Fprintln(e.stdout, diag.T("    …… 用 --dry-run 或 --format json 查看全部", "    … --dry-run or --format json show all").In(e.lang))
			return
		}
		why := diag.T("已撤下", "taken back")
		switch s.Why {
		case publish.StayNames:
			why = diag.T("旧版提到已撤下的 "+s.Because, "its older version names "+s.Because+", which was taken back")
		case publish.StayLeads:
			why = diag.T("旧版链接到不再有的 "+s.Because, "its older version leads to "+s.Because+", which is gone")
		case publish.StayNeeded:
			why = diag.T("保持原样的 "+s.Because+" 链接到它", s.Because+", which stays, leads to it")
		}
		fmt.Fprintf(e.stdout, "    %s\t%s\n", s.Path, why.In(e.lang))
	}
}

// rolledBack says what was done, and what comes next.
func (e *env) rolledBack(rc *publish.Receipt, stays, purge int) {
	fmt.Fprintln(e.stdout, diag.T(
		fmt.Sprintf("%s 已退回到 %s：上传 %d、删除 %d、留存 %d、保持原样 %d；新序号 %d；CDN 要刷新的网址 %d 个", rc.Target, rc.To, len(rc.Sent), len(rc.Removed), len(rc.Retired), stays, rc.Serial, purge),
		fmt.Sprintf("%s is back at %s: %d sent, %d removed, %d retired, %d left as live; new serial %d; addresses to purge: %d", rc.Target, rc.To, len(rc.Sent), len(rc.Removed), len(rc.Retired), stays, rc.Serial, purge)).In(e.lang))
	e.say(diag.T("稿件没有改动：修改并提交之后再生成、发布，否则有错误的版本会再次上线", "the articles are as they were: mend and commit before the next build, or the mistake is live again"))
}

// moved says that a rollback was overtaken.
func (e *env) moved(err error) bool {
	if !errors.Is(err, publish.ErrMoved) {
		return false
	}
	e.complain(diag.T("计划期间有人发布过，没有退回，线上没有改动", publish.ErrMoved.Error()))
	e.hint(diag.T("用 zhendi rollback --list 查看线上的版本，再决定是否退回", "zhendi rollback --list shows what is live now"))
	return true
}
