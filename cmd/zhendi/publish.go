package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/publish"
)

var publishCommand = command{
	name:  "publish",
	about: diag.T("发布网站", "publish the site"),
	usage: publishUsage,
	run:   runPublish,
}

var publishUsage = diag.T(`用法：zhendi publish [选项]
      zhendi publish doctor [--target 名称]

把生成好的网站发布到 site.yaml 的 targets 所写的位置：对象存储，或网页服务器的文件夹。先列出计划，再按次序
上传：样式与脚本、图片与附件、稿件、列表、首页、订阅与地图、旧网址、清单，最后删除不再有的文件。中断后再运行
一次即可接着完成。doctor 检查存储服务是否具备发布所需的权限与功能。

凭证只从环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_SESSION_TOKEN 或 ~/.aws/credentials 读取；签名用的
私钥从 ZHENDI_SIGN_KEY（内容）或 ZHENDI_SIGN_KEY_FILE（文件）读取。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --out 文件夹        生成的网站，默认网站文件夹下的 public
    --target 名称       发布位置；只有一个时可以不写
    --dry-run           只列出计划，不写任何文件
    --format text|json  计划的格式
    --allow 词          允许 preview 预览、base-url 别的网址、shrink 大幅减少、gone 页面消失、older 退回旧稿、
                        overwrite 覆盖他人的文件；可以重复
    --max-delete N      最多删除多少个文件，默认 50 个或 5%
    --force-lock        不等另一次发布结束，直接接管
    --receipt 文件      写下这次发布的回执（JSON，含 CDN 要刷新的网址），默认 .zhendi/receipt-名称.json
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成，或为安全而拒绝   2 用法有误   3 设置有错误，或 doctor 发现缺少所需的功能`,
	`usage: zhendi publish [OPTIONS]
       zhendi publish doctor [--target NAME]

Brings the built site to a target of site.yaml: a bucket, or the folder of a web server. Shows the plan,
then sends in order: styles and scripts, pictures, articles, lists, home, feeds, redirects, the manifest;
then removes what is gone. A run that was cut off is completed by the next. doctor tries whether a
store has the permissions and features that publishing needs.

Credentials are read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN or ~/.aws/credentials only;
the private key for signing from ZHENDI_SIGN_KEY (the key) or ZHENDI_SIGN_KEY_FILE (its file).

options:
    --source DIR        the site's folder; default: this one
    --out DIR           the built site; default: public in the site's folder
    --target NAME       where to; need not be named if there is only one
    --dry-run           show the plan, write nothing
    --format text|json  form of the plan
    --allow WORD        allow preview, base-url (another address), shrink (far fewer pages), gone (vanishing pages), older,
                        overwrite (files of others); may be repeated
    --max-delete N      how many files may be removed; default: 50, or 5 %
    --force-lock        do not wait for another run, take over
    --receipt FILE      write what was done (JSON, with the addresses to purge from a CDN); default: .zhendi/receipt-NAME.json
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it, or refused   2 used wrongly   3 errors in settings, or doctor misses something needed`)

// publishFlags are the options of publish.
type publishFlags struct {
	source, out, target, format, receipt string
	dryRun                               bool
	opt                                  publish.Options
}

func runPublish(e *env, args []string) int {
	p := publishFlags{}
	f := p.flags()
	doctor := len(args) > 0 && args[0] == "doctor"
	if doctor {
		args = args[1:]
	}
	if code, ok := e.flags(f, publishUsage, args); !ok {
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
	target, err := openTarget(p.source, t)
	if err != nil {
		return e.fail(err)
	}
	if doctor {
		return e.doctor(target, t.BaseURL, p.format)
	}
	p.opt.Target, p.opt.BaseURL, p.opt.Out = target, t.BaseURL, p.out
	if p.opt.Key, err = e.privateKey(); err != nil {
		return e.fail(err)
	}
	now, code, ok := e.when("")
	if !ok {
		return code
	}
	p.opt.Withdrawn = func() func(string) bool { return e.withdrawn(e.ctx, p.source, now) }
	return e.publish(&p, func() (*publish.Run, error) { return publish.Open(e.ctx, p.opt) })
}

// flags says where the options go.
func (p *publishFlags) flags() *flag.FlagSet {
	f := flag.NewFlagSet("publish", flag.ContinueOnError)
	f.StringVar(&p.source, "source", ".", "")
	f.StringVar(&p.out, "out", "", "")
	f.StringVar(&p.target, "target", "", "")
	f.StringVar(&p.format, "format", "text", "")
	f.StringVar(&p.receipt, "receipt", "", "")
	f.BoolVar(&p.dryRun, "dry-run", false, "")
	f.Func("allow", "", func(s string) error {
		p.opt.Allow = append(p.opt.Allow, strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '，' })...)
		return nil
	})
	f.IntVar(&p.opt.MaxDelete, "max-delete", 0, "")
	f.BoolVar(&p.opt.ForceLock, "force-lock", false, "")
	return f
}

// publishWords checks what the options say.
func (e *env) publishWords(p *publishFlags) (code int, ok bool) {
	if p.out == "" {
		p.out = filepath.Join(p.source, "public")
	}
	if p.format != "text" && p.format != "json" {
		e.complain(diag.T("--format 只能是 text 或 json", "--format must be text or json"))
		return exitUsage, false
	}
	for _, w := range p.opt.Allow {
		if !slices.Contains(publish.Words, w) {
			e.complain(diag.T("--allow 没有 "+w, "no --allow "+w))
			e.hint(diag.T("可用的词："+strings.Join(publish.Words, " "), "it takes: "+strings.Join(publish.Words, " ")))
			return exitUsage, false
		}
	}
	if p.opt.MaxDelete < 0 {
		e.complain(diag.T("--max-delete 不能是负数", "--max-delete cannot be negative"))
		return exitUsage, false
	}
	return 0, true
}

// publish plans, shows and acts.
func (e *env) publish(p *publishFlags, open func() (*publish.Run, error)) int {
	bar := newProgress(e)
	p.opt.Progress = func(done, total int) { bar.show(sending, done, total) }
	p.opt.Waiting = func(holder string) {
		e.say(diag.T("等待另一个正在发布的程序："+holder, "waiting for another run: "+holder))
	}
	run, err := open()
	if err != nil {
		return e.publishFailed(err)
	}
	defer run.Close()
	if err := e.showPlan(&run.Plan, p); err != nil {
		return e.fail(err)
	}
	if p.format == "text" {
		e.showStays(&run.Plan, p.dryRun)
	}
	if len(run.Plan.Refusals) > 0 {
		return e.refused(run.Plan.Refusals, run.Plan.To != "")
	}
	if p.dryRun || run.Plan.Empty() {
		return exitDone
	}
	rc, err := run.Do(e.ctx)
	bar.clear()
	if err != nil {
		return e.publishFailed(err)
	}
	if err := e.writeReceipt(rc, p); err != nil {
		return e.fail(err)
	}
	if p.format == "text" {
		e.published(rc, len(run.Plan.Stays))
	}
	return exitDone
}

// published says what was done.
func (e *env) published(rc *publish.Receipt, stays int) {
	purge := 0
	for _, b := range rc.Purge {
		purge += len(b)
	}
	if rc.To != "" {
		e.rolledBack(rc, stays, purge)
		return
	}
	fmt.Fprintln(e.stdout, diag.T(
		fmt.Sprintf("已发布到 %s：上传 %d、删除 %d、留存 %d；序号 %d；CDN 要刷新的网址 %d 个", rc.Target, len(rc.Sent), len(rc.Removed), len(rc.Retired), rc.Serial, purge),
		fmt.Sprintf("published to %s: %d sent, %d removed, %d retired; serial %d; addresses to purge: %d", rc.Target, len(rc.Sent), len(rc.Removed), len(rc.Retired), rc.Serial, purge)).In(e.lang))
}

var reasons = map[publish.Reason]diag.Text{
	publish.New: {ZH: "新增", EN: "new"}, publish.Changed: {ZH: "修改", EN: "changed"}, publish.Header: {ZH: "响应头", EN: "headers"},
	publish.Missing: {ZH: "缺失", EN: "missing"}, publish.Gone: {ZH: "不再有", EN: "gone"}, publish.Expired: {ZH: "留存期满", EN: "expired"},
}

var actions = map[publish.Action]diag.Text{publish.Upload: {ZH: "上传", EN: "upload"}, publish.Delete: {ZH: "删除", EN: "delete"}, publish.Retire: {ZH: "留存", EN: "retire"}}

// showPlan prints the plan: all of it for --dry-run, else how much of what.
func (e *env) showPlan(p *publish.Plan, f *publishFlags) error {
	if f.format == "json" {
		j := json.NewEncoder(e.stdout)
		j.SetEscapeHTML(false)
		return j.Encode(p)
	}
	if p.Empty() && p.To != "" {
		_, err := fmt.Fprintln(e.stdout, diag.T(fmt.Sprintf("%s 没有改动：除保持原样的 %d 个网址外，线上与 %s 相同；序号仍为 %d", p.Target, len(p.Stays), p.To, p.Live), fmt.Sprintf("%s: nothing to do: but for %s left as live, it is as %s was; serial %d", p.Target, count(len(p.Stays), "file"), p.To, p.Live)).In(e.lang))
		return err
	}
	if p.Empty() {
		_, err := fmt.Fprintln(e.stdout, diag.T(fmt.Sprintf("%s 没有变化：文件 %d 个，序号 %d", p.Target, p.Files, p.Live), fmt.Sprintf("%s: nothing to do; %s, serial %d", p.Target, count(p.Files, "file"), p.Live)).In(e.lang))
		return err
	}
	if f.dryRun || len(p.Refusals) > 0 {
		for _, s := range p.Steps {
			fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", actions[s.Do].In(e.lang), reasons[s.Why].In(e.lang), s.Path, bytes(s.Size))
		}
	}
	up, size := p.Count(publish.Upload)
	del, _ := p.Count(publish.Delete)
	keep, _ := p.Count(publish.Retire)
	_, err := fmt.Fprintln(e.stdout, diag.T(
		fmt.Sprintf("计划：上传 %d 个文件（%s），删除 %d 个，留存 %d 个；线上序号 %d，新序号 %d", up, bytes(size), del, keep, p.Live, p.Serial),
		fmt.Sprintf("plan: %s to send (%s), %d to remove, %d to retire; live serial %d, new serial %d", count(up, "file"), bytes(size), del, keep, p.Live, p.Serial)).In(e.lang))
	return err
}

// refused says why, and what to do.
func (e *env) refused(list []publish.Refusal, rollback bool) int {
	no := "不发布："
	if rollback {
		no = "不退回："
	}
	for _, r := range list {
		e.complain(diag.T(no+r.Text.ZH, "refused: "+r.Text.EN))
		for i, p := range r.Paths {
			if i == 10 {
				e.say(diag.T(fmt.Sprintf("    …… 共 %d 个", len(r.Paths)), fmt.Sprintf("    … %d in all", len(r.Paths))))
				break
			}
			e.say(diag.T("    "+p, "    "+p))
		}
		e.hint(r.Fix)
	}
	return exitFailed
}

func (e *env) publishFailed(err error) int {
	var nb *publish.NotBuiltError
	var re *publish.RefusedError
	var le *publish.LockError
	switch {
	case e.moved(err):
	case errors.As(err, &nb):
		e.complain(nb.Text)
	case errors.As(err, &le):
		e.complain(diag.T(le.Where+" 不能“只在不存在时创建”，无法加锁", le.Error()))
		e.hint(diag.T("用 zhendi publish doctor 查看", "see zhendi publish doctor"))
	case errors.As(err, &re):
		return e.refused(re.Refusals, false)
	case errors.Is(err, publish.ErrLost):
		e.complain(diag.T("另一次发布接管了锁，这一次已停下；请再运行一次", publish.ErrLost.Error()))
	default:
		e.complain(diag.T(err.Error(), err.Error()))
		if text, ok := publish.Advice(err); ok {
			e.hint(text)
			break
		}
		var se *publish.StoreError
		if errors.As(err, &se) && se.Code == "AccessDenied" {
			e.hint(diag.T("账号缺少权限：用 zhendi publish doctor 查看是哪一项", "the account lacks a permission: zhendi publish doctor names it"))
			break
		}
		e.hint(diag.T("线上的网站仍是完整的；再运行一次会接着完成", "what is live is still whole; another run goes on from here"))
	}
	return exitFailed
}

// writeReceipt writes what was done.
func (e *env) writeReceipt(rc *publish.Receipt, p *publishFlags) error {
	name := p.receipt
	if name == "" {
		name = filepath.Join(p.source, build.CacheDir, "receipt-"+rc.Target+".json")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
	}
	body, err := json.MarshalIndent(rc, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(body, '\n'), 0o644)
}

// doctor shows what a target can do.
func (e *env) doctor(t publish.Target, baseURL, format string) int {
	probes := publish.Doctor(e.ctx, t, baseURL, publish.Patience{})
	code := exitDone
	for _, p := range probes {
		if !p.OK && p.Needed {
			code = exitProblems
		}
	}
	if format == "json" {
		if err := json.NewEncoder(e.stdout).Encode(probes); err != nil {
			return e.fail(err)
		}
		return code
	}
	for _, p := range probes {
		switch {
		case p.OK:
			fmt.Fprintf(e.stdout, "%s\t%s\n", diag.T("可以", "ok").In(e.lang), p.What.In(e.lang))
		default:
			word := diag.T("注意", "note")
			if p.Needed {
				word = diag.T("缺少", "missing")
			}
			fmt.Fprintf(e.stdout, "%s\t%s\n\t%s\n\t→ %s\n", word.In(e.lang), p.What.In(e.lang), p.Detail, p.Advice.In(e.lang))
		}
	}
	return code
}
