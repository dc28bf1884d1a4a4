package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/themes"
)

var buildCommand = command{
	name:  "build",
	about: diag.T("生成网站", "build the site"),
	usage: buildUsage,
	run:   runBuild,
}

var buildUsage = diag.T(`用法：zhendi build [选项]

把网站文件夹里的 site.yaml 与 content 生成为网页。稿件有错误时全部列出，不写任何文件。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --out 文件夹        输出文件夹，默认网站文件夹下的 public
    --base-url 网址     代替 site.yaml 里的 baseURL
    --now 时间          以此时间判断定时发布、下线与置顶，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --drafts            包括草稿与送审稿
    --future            包括未到发布时间的稿件
    --audience internal 包括内部稿件
    --serial N          序号，默认网站所在仓库最新提交的时间；publish 不会用序号小的替换序号大的
    --fresh             不用上次生成时记下的内容，全部重新生成
    --verify-cache      生成后再全部重新生成一遍，比较两次的结果；不同即为 zhendi 的错误
    --timings           列出各阶段所用的时间
    --profile 文件夹    把 cpu.pprof、heap.pprof 写进文件夹，供 go tool pprof 查看
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成   2 用法有误   3 稿件或设置有错误，未写入；或 --verify-cache 发现不同`,
	`usage: zhendi build [OPTIONS]

Makes pages from site.yaml and content in the site's folder. If the content has errors, all are
shown and nothing is written.

options:
    --source DIR        the site's folder; default: this one
    --out DIR           output folder; default: public in the site's folder
    --base-url URL      instead of baseURL in site.yaml
    --now TIME          time for scheduled, expired and pinned articles; default: SOURCE_DATE_EPOCH, else the clock
    --drafts            include drafts and articles in review
    --future            include articles whose time has not come
    --audience internal include internal articles
    --serial N          default: time of the newest commit of the site's repository; publish does not replace what has a higher one
    --fresh             make everything anew, whatever is remembered of the last build
    --verify-cache      make everything anew afterwards and compare; a difference is a mistake of zhendi's
    --timings           list how long each stage took
    --profile DIR       write cpu.pprof and heap.pprof into the folder, for go tool pprof
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it   2 used wrongly   3 errors in content or settings, nothing written; or
    --verify-cache found a difference`)

func runBuild(e *env, args []string) int {
	f := flag.NewFlagSet("build", flag.ContinueOnError)
	opt := build.Options{Themes: themes.FS, Version: version}
	f.StringVar(&opt.Source, "source", ".", "")
	f.StringVar(&opt.Out, "out", "", "")
	f.StringVar(&opt.BaseURL, "base-url", "", "")
	now := f.String("now", "", "")
	audience := f.String("audience", "public", "")
	f.BoolVar(&opt.Drafts, "drafts", false, "")
	f.BoolVar(&opt.Future, "future", false, "")
	f.Int64Var(&opt.Serial, "serial", 0, "")
	f.BoolVar(&opt.Forget, "fresh", false, "")
	verify := f.Bool("verify-cache", false, "")
	timings := f.Bool("timings", false, "")
	profile := f.String("profile", "", "")
	if code, ok := e.flags(f, buildUsage, args); !ok {
		return code
	}
	if code, ok := e.buildOptions(&opt, *now, *audience); !ok {
		return code
	}
	if code, ok := e.siteFolder(opt.Source); !ok {
		return code
	}
	if opt.Serial == 0 {
		opt.Serial = commitTime(e.ctx, opt.Source)
	} else if opt.Serial < 0 {
		e.complain(diag.T("--serial 不能是负数", "--serial cannot be negative"))
		return exitUsage
	}
	if code, ok := e.outFolder(opt.Source, opt.Out); !ok {
		return code
	}
	bar := newProgress(e)
	opt.Progress = bar.show
	opt.Busy = func(holder string) {
		e.say(diag.T("等待另一个正在写入的程序："+holder, "waiting for another run: "+holder))
	}
	stop, err := startProfile(*profile)
	if err != nil {
		return e.fail(err)
	}
	start := time.Now()
	res, problems, err := build.Run(e.ctx, opt)
	bar.clear()
	if perr := stop(); err == nil {
		err = perr
	}
	if werr := problems.WriteText(e.stderr, e.lang); err == nil {
		err = werr
	}
	if err != nil {
		return e.fail(err)
	}
	errs, warnings := problems.Count(diag.Error), problems.Count(diag.Warning)
	if errs > 0 {
		e.complain(diag.T(fmt.Sprintf("错误 %d 处，警告 %d 处；没有写入，%s 保持原样", errs, warnings, opt.Out),
			fmt.Sprintf("%s, %s; nothing written, %s is as it was", count(errs, "error"), count(warnings, "warning"), opt.Out)))
		return exitProblems
	}
	took := time.Since(start).Seconds()
	fmt.Fprintln(e.stdout, diag.T(
		fmt.Sprintf("完成：稿件 %d 篇，页面 %d 个；文件写入 %d、未变 %d、删除 %d；共 %s，用时 %.2f 秒", res.Articles, res.Pages, res.Written, res.Unchanged, res.Removed, bytes(res.Bytes), took),
		fmt.Sprintf("done: %s, %s; files: %d written, %d unchanged, %d removed; %s in %.2f s", count(res.Articles, "article"), count(res.Pages, "page"), res.Written, res.Unchanged, res.Removed, bytes(res.Bytes), took)).In(e.lang))
	if h := res.Held; h.Drafts+h.Later > 0 {
		fmt.Fprintln(e.stdout, diag.T(fmt.Sprintf("另有草稿与送审稿 %d 篇、未到发布时间的 %d 篇，没有生成；预览加 --drafts、--future", h.Drafts, h.Later),
			fmt.Sprintf("not shown: %s and %d whose time has not come; --drafts and --future show them", count(h.Drafts, "draft"), h.Later)).In(e.lang))
	}
	if *timings {
		e.printTimings(res.Timings)
	}
	if *verify {
		return e.verifyCache(opt)
	}
	return exitDone
}

// verifyCache makes everything anew over what was built and compares.
func (e *env) verifyCache(opt build.Options) int {
	opt.Forget, opt.Progress = true, nil
	before, err := output.ReadManifest(opt.Out)
	if err == nil {
		_, _, err = build.Run(e.ctx, opt)
	}
	var after *output.Manifest
	if err == nil {
		after, err = output.ReadManifest(opt.Out)
	}
	if err != nil {
		return e.fail(err)
	}
	differ := before.Differ(after)
	if len(differ) == 0 {
		e.say(diag.T(fmt.Sprintf("全部重新生成后相同：%d 个文件", len(after.Files)), fmt.Sprintf("made anew, all are the same: %s", count(len(after.Files), "file"))))
		return exitDone
	}
	for _, p := range differ[:min(len(differ), 20)] {
		e.say(diag.T("不同："+p, "differs: "+p))
	}
	e.complain(diag.T(fmt.Sprintf("全部重新生成后有 %d 个文件不同，已换成新的", len(differ)), fmt.Sprintf("made anew, %s differed and were replaced", count(len(differ), "file"))))
	e.hint(diag.T("这是 zhendi 的错误，请告诉我们；在此之前用 --fresh 生成", "this is a mistake of zhendi's: please report it, and build with --fresh until it is mended"))
	return exitProblems
}

// count writes a number of things in English.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// siteFolder checks that the site's folder is there.
func (e *env) siteFolder(source string) (code int, ok bool) {
	info, err := os.Stat(source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.complain(diag.T("没有文件夹 "+source, "no folder "+source))
		e.hint(diag.T("用 --source 指明网站文件夹", "name the site's folder with --source"))
		return exitFailed, false
	case err != nil:
		return e.fail(err), false
	case !info.IsDir():
		e.complain(diag.T(source+" 不是文件夹", source+" is not a folder"))
		e.hint(diag.T("用 --source 指明网站文件夹", "name the site's folder with --source"))
		return exitFailed, false
	}
	return 0, true
}

// outFolder checks that the output is a folder and not among the sources of the site.
func (e *env) outFolder(source, out string) (code int, ok bool) {
	if info, err := os.Stat(out); err == nil && !info.IsDir() {
		e.complain(diag.T("输出位置 "+out+" 是一个文件，不是文件夹", "the output "+out+" is a file, not a folder"))
		return exitFailed, false
	}
	from, err1 := filepath.Abs(source)
	to, err2 := filepath.Abs(out)
	if err := errors.Join(err1, err2); err != nil {
		return e.fail(err), false
	}
	top, _, _ := strings.Cut(filepath.ToSlash(strings.TrimPrefix(to, from+string(filepath.Separator))), "/")
	if to == from || top == "content" || top == "themes" {
		e.complain(diag.T("网页不能写进网站的稿件里：--out "+out, "pages cannot be written among the site's sources: --out "+out))
		e.hint(diag.T("另用一个文件夹，例如 --out public", "use another folder, for example --out public"))
		return exitUsage, false
	}
	return 0, true
}

// buildOptions checks and completes what the options say.
func (e *env) buildOptions(opt *build.Options, now, audience string) (code int, ok bool) {
	if opt.Out == "" {
		opt.Out = filepath.Join(opt.Source, "public")
	}
	switch audience {
	case "internal":
		opt.Internal = true
	case "public":
	default:
		e.complain(diag.T("--audience 只能是 public 或 internal", "--audience must be public or internal"))
		return exitUsage, false
	}
	if opt.BaseURL != "" {
		u, err := config.BaseURL(opt.BaseURL)
		if err != nil {
			e.complain(diag.T("--base-url 有误："+opt.BaseURL, "bad --base-url: "+opt.BaseURL))
			e.hint(diag.T("写成 https://www.example.gov.cn/ 的样子", "write it like https://www.example.gov.cn/"))
			return exitUsage, false
		}
		opt.BaseURL = u
	}
	opt.Now, code, ok = e.when(now)
	return code, ok
}

// when reads --now, and SOURCE_DATE_EPOCH where it is not given.
func (e *env) when(now string) (at func(*time.Location) (time.Time, error), code int, ok bool) {
	if now != "" {
		var te fields.TimeError
		if _, _, err := fields.ParseTime(now, time.UTC); errors.As(err, &te) {
			e.complain(diag.T("--now 的时间“"+now+"”有误："+te.ZH, "bad time --now "+now+": "+te.EN))
			e.hint(diag.T("写成 --now '2025-09-01 08:22'", "write --now '2025-09-01 08:22'"))
			return nil, exitUsage, false
		}
	}
	at = e.clock(now)
	if _, err := at(time.UTC); err != nil {
		e.complain(diag.T("环境变量 "+err.Error()+" 有误", "bad environment variable "+err.Error()))
		e.hint(diag.T("它应是 1970 年以来的秒数；也可用 --now 指明时间", "it counts seconds since 1970; --now also names a time"))
		return nil, exitUsage, false
	}
	return at, 0, true
}

// clock returns the one time of a build: --now, else SOURCE_DATE_EPOCH, else the clock.
func (e *env) clock(now string) func(*time.Location) (time.Time, error) {
	wall := time.Now()
	return func(zone *time.Location) (time.Time, error) {
		if now != "" {
			t, _, err := fields.ParseTime(now, zone)
			return t, err
		}
		if s := e.getenv("SOURCE_DATE_EPOCH"); s != "" {
			sec, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return wall, fmt.Errorf("SOURCE_DATE_EPOCH=%s", s)
			}
			return time.Unix(sec, 0), nil
		}
		return wall, nil
	}
}

// fail prints an error that kept the command from its job.
func (e *env) fail(err error) int {
	var te *render.TemplateError
	var pe *output.PathError
	var he *render.ThemeError
	switch {
	case errors.As(err, &te):
		e.complain(diag.T("模板有误："+te.Error(), "template error: "+te.Error()))
		e.hint(diag.T("模板可用的值见 themes/README.md", "themes/README.md lists what templates can show"))
	case errors.As(err, &pe):
		e.complain(pathText(pe))
	case errors.As(err, &he):
		e.complain(he.Text)
	default:
		e.complain(diag.T(err.Error(), err.Error()))
	}
	return exitFailed
}

// pathText says why a file cannot be written at its path.
func pathText(e *output.PathError) diag.Text {
	if e.Why != output.Foreign {
		return diag.T("不能写入 "+e.Path, "cannot write: "+strings.TrimPrefix(e.Error(), "output: "))
	}
	if strings.HasSuffix(e.Path, "/") || strings.HasPrefix(e.With, e.Path+"/") {
		return diag.T("输出文件夹里的 "+e.With+" 不是 zhendi 写的，却挡着 "+e.Path+"；请把它移走",
			"in the output, "+e.With+" was not written by zhendi and stands in the way of "+e.Path+": move it away")
	}
	return diag.T("输出文件夹里的 "+e.With+" 不是 zhendi 写的，不能覆盖；请把它移走",
		"in the output, "+e.With+" was not written by zhendi and is not written over: move it away")
}

// bytes writes a number of bytes for people.
func bytes(n int64) string {
	switch {
	case n < 1e3:
		return fmt.Sprintf("%d B", n)
	case n < 1e6:
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(n)/1e9)
}
