package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/publish"
)

var verifyCommand = command{
	name:  "verify",
	about: diag.T("核对线上的网站", "prove that the live site is what was built"),
	usage: verifyUsage,
	run:   runVerify,
}

var verifyUsage = diag.T(`用法：zhendi verify [选项]

把线上的网站与清单比较：缺失、被改、多出的文件，不对的响应头。对象存储默认按列表核对大小与 ETag，--full 逐个读取；
文件夹总是逐个读取。清单有签名时核对签名，没有时以本机生成的网站为准。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --out 文件夹        生成的网站，默认网站文件夹下的 public
    --target 名称       发布位置；只有一个时可以不写
    --dir 文件夹        不用 site.yaml，核对一个文件夹与其中的清单
    --url 网址          像读者一样从网址读取；默认抽查 200 个，--full 全部；看不到多出的文件
    --full              逐个读取
    --sample N          另外抽查 N 个，逐个读取
    --seed N            抽查的种子，用于重复一次抽查
    --repair            用本机生成的网站（须与清单一致）重新上传缺失与被改的文件；多出的不删除
    --key 公钥          核对签名的公钥，默认 site.yaml 里的
    --format text|json  输出格式
    --lang zh|en        消息的语言

退出状态：
    0 一致   1 无法完成   2 用法有误   3 有差别（用 --repair 时：还有未修复的）`,
	`usage: zhendi verify [OPTIONS]

Compares the live site with its manifest: files missing, changed, added, wrong headers. Of a bucket, sizes and ETags
are compared by listing, with --full every object is read; a folder is always read. A signed manifest is checked; without a
signature the site built here is what counts.

options:
    --source DIR        the site's folder; default: this one
    --out DIR           the built site; default: public in the site's folder
    --target NAME       where; need not be named if there is only one
    --dir DIR           without site.yaml: a folder against the manifest in it
    --url BASE          read as a reader does; a sample of 200, or all with --full; what was added is not seen
    --full              read every file
    --sample N          read N files besides
    --seed N            of the sample, to repeat one
    --repair            send again what is missing or changed, from the site built here, which must match; nothing is removed
    --key KEY           public key; default: that of site.yaml
    --format text|json  form of the report
    --lang zh|en        language of messages

exit status:
    0 the same   1 could not do it   2 used wrongly   3 there are differences (with --repair: that are left)`)

type verifyFlags struct {
	source, out, target, key, format string
	repair                           bool
	v                                publish.Verification
}

func runVerify(e *env, args []string) int {
	f := flag.NewFlagSet("verify", flag.ContinueOnError)
	p := verifyFlags{}
	f.StringVar(&p.source, "source", ".", "")
	f.StringVar(&p.out, "out", "", "")
	f.StringVar(&p.target, "target", "", "")
	f.StringVar(&p.key, "key", "", "")
	f.StringVar(&p.format, "format", "text", "")
	f.StringVar(&p.v.Dir, "dir", "", "")
	f.StringVar(&p.v.URL, "url", "", "")
	f.BoolVar(&p.v.Full, "full", false, "")
	f.IntVar(&p.v.Sample, "sample", 0, "")
	f.Uint64Var(&p.v.Seed, "seed", rand.Uint64(), "")
	f.BoolVar(&p.repair, "repair", false, "")
	if code, ok := e.flags(f, verifyUsage, args); !ok {
		return code
	}
	if code, ok := e.verifyWords(&p); !ok {
		return code
	}
	var err error
	if p.key != "" {
		if p.v.Public, err = publish.ParsePublic(p.key); err != nil {
			return e.fail(err)
		}
	}
	opt := publish.Options{Out: p.out}
	if p.v.Dir == "" {
		p.v.Out = p.out
	}
	if p.v.Dir == "" && p.v.URL == "" {
		c, code, ok := e.settings(p.source)
		if !ok {
			return code
		}
		t, code, ok := e.target(&c, p.target)
		if !ok {
			return code
		}
		if opt, err = e.verifyTarget(&p, t); err != nil {
			return e.fail(err)
		}
	}
	return e.verify(&p, opt)
}

func (e *env) verifyTarget(p *verifyFlags, t config.Target) (publish.Options, error) {
	target, err := openTarget(p.source, t)
	if err != nil {
		return publish.Options{}, err
	}
	p.v.Target = &target
	if p.v.Public == nil {
		p.v.Public = target.Public
	}
	key, err := e.privateKey()
	return publish.Options{Out: p.out, Target: target, Key: key}, err
}

func (e *env) verifyWords(p *verifyFlags) (code int, ok bool) {
	if p.out == "" {
		p.out = filepath.Join(p.source, "public")
	}
	var text diag.Text
	switch {
	case p.format != "text" && p.format != "json":
		text = diag.T("--format 只能是 text 或 json", "--format must be text or json")
	case p.v.Dir != "" && p.v.URL != "", p.target != "" && p.v.Dir+p.v.URL != "":
		text = diag.T("--target、--dir、--url 只能写一个", "--target, --dir and --url exclude each other")
	case p.repair && p.v.Dir+p.v.URL != "":
		text = diag.T("--repair 只用于发布位置", "--repair is for targets")
	case p.v.Sample < 0:
		text = diag.T("--sample 不能是负数", "--sample cannot be negative")
	case p.v.URL != "":
		if u, err := config.BaseURL(p.v.URL); err == nil {
			p.v.URL = u
			return 0, true
		}
		text = diag.T("--url 有误："+p.v.URL, "bad --url: "+p.v.URL)
	default:
		return 0, true
	}
	e.complain(text)
	return exitUsage, false
}

func (e *env) verify(p *verifyFlags, opt publish.Options) int {
	bar := newProgress(e)
	p.v.Progress = func(done, total int) { bar.show(comparing, done, total) }
	rep, err := publish.Verify(e.ctx, p.v)
	bar.clear()
	if err != nil {
		code := e.fail(err)
		if text, ok := publish.Advice(err); ok {
			e.hint(text)
		}
		return code
	}
	if p.repair && len(rep.Findings) > 0 {
		opt.Waiting = func(holder string) {
			e.say(diag.T("等待另一个正在发布的程序："+holder, "waiting for another run: "+holder))
		}
		if err := publish.Repair(e.ctx, opt, rep); err != nil {
			return e.publishFailed(err)
		}
	}
	if p.format == "json" {
		if err := json.NewEncoder(e.stdout).Encode(rep); err != nil {
			return e.fail(err)
		}
	} else {
		e.showReport(rep)
	}
	if len(rep.Findings) > len(rep.Repaired) {
		return exitProblems
	}
	return exitDone
}

var faults = map[publish.Fault]diag.Text{
	publish.IsMissing: {ZH: "缺失", EN: "missing"}, publish.IsChanged: {ZH: "被改", EN: "changed"}, publish.IsAdded: {ZH: "多出", EN: "added"},
	publish.WrongHeader: {ZH: "响应头不对", EN: "wrong header"}, publish.BadManifest: {ZH: "清单不可信", EN: "bad manifest"},
}

var against = map[string]diag.Text{
	"signed": {ZH: "签名的清单", EN: "the signed manifest"}, "build": {ZH: "本机生成的网站", EN: "the site built here"}, "live": {ZH: "线上的清单", EN: "the live manifest"},
}

// showReport prints what was found, and how closely it was looked.
func (e *env) showReport(r *publish.Report) {
	fixed := map[string]bool{}
	for _, p := range r.Repaired {
		fixed[p] = true
	}
	for _, f := range r.Findings {
		word := ""
		if fixed[f.Path] {
			word = diag.T("（已修复）", " (repaired)").In(e.lang)
		}
		fmt.Fprintln(e.stdout, strings.TrimRight(fmt.Sprintf("%s%s\t%s\t%s", faults[f.Fault].In(e.lang), word, f.Path, f.Detail.In(e.lang)), "\t"))
	}
	for _, n := range r.Notes {
		e.say(n)
	}
	how := diag.T(fmt.Sprintf("按列表核对大小与 ETag，逐个读取 %d 个", r.Read), fmt.Sprintf("sizes and ETags by listing, %d read in full", r.Read))
	if r.Full {
		how = diag.T("全部逐个读取", "all read in full")
	} else if r.Listed == 0 {
		how = diag.T(fmt.Sprintf("从网址读取 %d 个，种子 %d", r.Read, r.Seed), fmt.Sprintf("%d read at their addresses, seed %d", r.Read, r.Seed))
	}
	left := diag.Text{}
	if n := len(r.Repaired); n > 0 {
		left = diag.T(fmt.Sprintf("，修复 %d 处，还有 %d 处", n, len(r.Findings)-n), fmt.Sprintf(", %d repaired, %d left", n, len(r.Findings)-n))
	}
	fmt.Fprintln(e.stdout, diag.T(
		fmt.Sprintf("%s：文件 %d 个，序号 %d，以%s为准，%s；差别 %d 处%s", r.Where, r.Files, r.Serial, against[r.Against].ZH, how.ZH, len(r.Findings), left.ZH),
		fmt.Sprintf("%s: %s, serial %d, against %s, %s; %s%s", r.Where, count(r.Files, "file"), r.Serial, against[r.Against].EN, how.EN, count(len(r.Findings), "difference"), left.EN)).In(e.lang))
}
