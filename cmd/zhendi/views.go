package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/build"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/source"
	"zhendi/internal/views"
)

var viewsCommand = command{
	name:  "views",
	about: diag.T("统计阅读次数", "count views from access logs"),
	usage: viewsUsage,
	run:   runViews,

	frugal: true,
}

var viewsUsage = diag.T(`用法：zhendi views ingest [选项] 日志…     统计日志：文件、.gz、文件夹，- 为标准输入
      zhendi views write [选项]            写出页面读取的次数文件与排行
      zhendi views show [选项]             显示次数与排行
      zhendi views import [选项] 文件      导入 CSV：网址,次数[,日期]，- 为标准输入
      zhendi views doctor [选项] [日志…]   检查账本；写日志时试读日志并说明每行的去向，不改账本

同一批日志统计多少次、按什么顺序、怎样切分，结果都一样。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --ledger 文件夹     账本，默认网站文件夹下的 views；请备份，不要公开
    --now 时间          以此为当前时间，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --format 格式       ingest、doctor：日志格式，代替 site.yaml 的 views.log
    --recount 日期      ingest：先作废这一天的统计，再按给出的日志重新统计；可写多个，以逗号分隔
    --out 文件夹        write：默认网站文件夹下的 public/_views
    --period 周期       show：day、week、month（默认）、all
    --top 数目          show：显示多少篇，默认 20
    --as 名称           import：来源的名称，默认文件名；同名的再次导入会代替上一次
    --lang zh|en        消息的语言

退出状态：
    0 完成   1 无法完成   2 用法有误   3 完成，但有读不懂、迟到或超前的行，或账本损坏`,
	`usage: zhendi views ingest [OPTIONS] LOG…     count logs: files, .gz, folders, - for standard input
       zhendi views write [OPTIONS]           write the counts and hot lists that pages read
       zhendi views show [OPTIONS]            print counts
       zhendi views import [OPTIONS] FILE     import CSV: path,count[,day]; - for standard input
       zhendi views doctor [OPTIONS] [LOG…]   check the ledger; with logs, say what would become of each
                                              line, changing nothing

The same logs give the same counts however often, in whatever order and pieces they are counted.

options:
    --source DIR        the site's folder; default: this one
    --ledger DIR        the ledger; default: views in the site's folder; back it up, do not publish it
    --now TIME          the present time; default: SOURCE_DATE_EPOCH, else the clock
    --format FORMAT     ingest, doctor: format of the logs, instead of views.log in site.yaml
    --recount DAY       ingest: drop the counts of this day and count it anew from these logs; several
                        with commas
    --out DIR           write: default public/_views in the site's folder
    --period PERIOD     show: day, week, month (default), all
    --top N             show: how many articles; default 20
    --as NAME           import: name of the source, default the file's; an import replaces the last of its name
    --lang zh|en        language of messages

exit status:
    0 done   1 could not do it   2 used wrongly   3 done, but lines were unreadable, late or ahead of the
    clock, or the ledger is damaged`)

// viewsRun is one run of zhendi views.
type viewsRun struct {
	*env
	settings        views.Settings
	cfg             config.Config
	source, out, as string
	recount, period string
	top             int
	args            []string
}

func runViews(e *env, args []string) int {
	word := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		word, args = args[0], args[1:]
	}
	r := &viewsRun{env: e}
	f := flag.NewFlagSet("views", flag.ContinueOnError)
	f.StringVar(&r.source, "source", ".", "")
	f.StringVar(&r.settings.Ledger, "ledger", "", "")
	now := f.String("now", "", "")
	f.StringVar(&r.settings.Format, "format", "", "")
	f.StringVar(&r.recount, "recount", "", "")
	f.StringVar(&r.out, "out", "", "")
	f.StringVar(&r.period, "period", "month", "")
	f.IntVar(&r.top, "top", 20, "")
	f.StringVar(&r.as, "as", "", "")
	if code, ok := e.flagsAndArgs(f, viewsUsage, args, math.MaxInt); !ok {
		return code
	}
	r.args = f.Args()
	do := map[string]func() int{"ingest": r.ingest, "write": r.write, "show": r.show, "import": r.imports, "doctor": r.doctor}[word]
	if do == nil {
		e.complain(diag.T("zhendi views 后面要写 ingest、write、show、import 或 doctor", "zhendi views needs ingest, write, show, import or doctor"))
		e.hint(diag.T("用 zhendi help views 查看用法", "zhendi help views shows how to use it"))
		return exitUsage
	}
	if code, ok := r.prepare(*now); !ok {
		return code
	}
	debug.SetGCPercent(10) // little is allocated, much is held: a million addresses, millions of views
	return do()
}

// prepare reads site.yaml and completes the settings.
func (r *viewsRun) prepare(now string) (code int, ok bool) {
	at, code, ok := r.when(now)
	if !ok {
		return code, false
	}
	if code, ok := r.siteFolder(r.source); !ok {
		return code, false
	}
	if code, ok := r.readConfig(); !ok {
		return code, false
	}
	t, err := at(r.cfg.Zone)
	if err != nil {
		return r.fail(err), false
	}
	s := &r.settings
	s.Now, s.Zone, s.Slot, s.Late = t, r.cfg.Zone, r.cfg.ViewSlot, time.Duration(r.cfg.ViewLate)*time.Hour
	s.Catalogue = filepath.Join(r.source, build.CacheDir, "catalogue.json")
	if s.Format == "" {
		s.Format = r.cfg.ViewLog
	}
	if s.Ledger == "" {
		s.Ledger = filepath.Join(r.source, "views")
	}
	if r.out == "" {
		r.out = filepath.Join(r.source, "public", views.Folder)
	}
	s.Busy = func(holder string) {
		r.say(diag.T("等待另一个正在运行的程序："+holder, "waiting for another run: "+holder))
	}
	return 0, true
}

// readConfig reads site.yaml.
func (r *viewsRun) readConfig() (code int, ok bool) {
	name := filepath.Join(r.source, config.Path)
	raw, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		r.complain(diag.T("文件夹里没有 site.yaml", "no site.yaml in the folder"))
		r.hint(diag.T("在网站的文件夹里运行，或用 --source 指明文件夹", "run in the site's folder, or name it with --source"))
		return exitFailed, false
	}
	if err != nil {
		return r.fail(err), false
	}
	text, problems, _ := source.Text(config.Path, raw)
	var more diag.List
	r.cfg, more = config.Parse(text, func(key string) (string, bool) {
		return article.FrontMatter.Canonical(key), article.FrontMatter.Has(key)
	})
	problems.Add(more...)
	if problems.Count(diag.Error) == 0 {
		return 0, true
	}
	if err := problems.WriteText(r.stderr, r.lang); err != nil {
		return r.fail(err), false
	}
	return exitProblems, false
}

// failed prints why views could not do it.
func (r *viewsRun) failed(err error) int {
	var ve *views.Error
	var busy *output.BusyError
	switch {
	case errors.As(err, &ve):
		r.complain(diag.T(ve.In(diag.ZH), ve.In(diag.EN)))
		if ve.Hint.ZH != "" {
			r.hint(ve.Hint)
		}
		return exitFailed
	case errors.As(err, &busy):
		r.complain(diag.T(busy.Dir+" 正由另一个程序使用："+busy.Holder, busy.Error()))
		return exitFailed
	}
	return r.fail(err)
}

func (r *viewsRun) ingest() int {
	if len(r.args) == 0 {
		r.complain(diag.T("没有写明日志", "no logs were named"))
		r.hint(diag.T("例如 zhendi views ingest /var/log/nginx/access.log*", "for example: zhendi views ingest /var/log/nginx/access.log*"))
		return exitUsage
	}
	in := views.Input{Logs: r.args, Stdin: r.stdin}
	if r.recount != "" {
		in.Recount = strings.Split(r.recount, ",")
	}
	rep, err := views.Ingest(r.ctx, r.settings, in)
	if err != nil {
		return r.failed(err)
	}
	if rep.New {
		r.say(diag.T("新建账本 "+r.settings.Ledger, "began the ledger "+r.settings.Ledger))
	}
	for _, day := range rep.Closed {
		r.say(diag.T(day+" 结账：只留次数，密钥已销毁", day+" is closed: its counts remain, its key is destroyed"))
	}
	r.logs(rep)
	r.account(rep.Account)
	return r.quarantine(rep)
}

// logs says what is to be said of single logs.
func (r *viewsRun) logs(rep views.Report) {
	for _, l := range rep.Logs {
		if l.Note.ZH != "" {
			r.say(diag.T(l.Name+"："+l.Note.ZH, l.Name+": "+l.Note.EN))
		}
		if l.Skipped > 0 {
			r.say(diag.T(l.Name+"："+bytes(l.Skipped)+" 已统计过，跳过", l.Name+": "+bytes(l.Skipped)+" were counted before, passed over"))
		}
	}
}

// account prints what became of the lines.
func (r *viewsRun) account(a views.Account) {
	row := func(t diag.Text, n int64) {
		if n != 0 {
			fmt.Fprintf(r.stdout, "    %s%s%12d\n", t.In(r.lang), strings.Repeat(" ", max(1, 28-diag.Cells(t.In(r.lang)))), n)
		}
	}
	fmt.Fprintln(r.stdout, diag.T(fmt.Sprintf("共 %d 行：", a.Lines), count(int(a.Lines), "line")+":").In(r.lang))
	row(diag.T("计入", "counted"), a.Counted)
	row(diag.T("以前计过或同一时段重复", "repeated"), a.Repeated)
	for _, reason := range views.Reasons() {
		row(reason.Text(), a.Filtered[reason])
	}
	row(diag.T("迟到，未计入", "late, quarantined"), a.Late)
	row(diag.T("超前于当前时间，未计入", "ahead of the clock, quarantined"), a.Future)
}

// quarantine explains the lines that need somebody's attention, and returns the exit status.
func (r *viewsRun) quarantine(rep views.Report) int {
	code := exitDone
	for _, day := range slices.Sorted(mapKeys(rep.Late)) {
		code = exitProblems
		r.complain(diag.T(fmt.Sprintf("%d 行属于已结账的 %s", rep.Late[day], day), fmt.Sprintf("%s of %s came after it was closed", count(int(rep.Late[day]), "line"), day)))
		r.hint(diag.T("如有这一天的全部日志，可用 --recount "+day+" 重新统计", "if you have all logs of that day, count it anew with --recount "+day))
	}
	if rep.Account.Future > 0 {
		code = exitProblems
		r.complain(diag.T("有的行比当前时间晚一小时以上", "some lines are more than an hour ahead of the clock"))
		r.hint(diag.T("检查服务器的时钟与时区；时间到了再统计这个文件，就会计入", "check clock and zone of the server; ingest the file again when the time has come"))
	}
	if n := rep.Account.Filtered[views.Unreadable]; n > 0 {
		code = exitProblems
		r.complain(diag.T(fmt.Sprintf("%d 行读不懂", n), count(int(n), "line")+" could not be read"))
		r.hint(diag.T("用 zhendi views doctor 日志 查看是哪些行", "zhendi views doctor LOG shows which"))
	}
	return code
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (r *viewsRun) write() int {
	if code, ok := r.noArgs(); !ok {
		return code
	}
	w := views.Sidecar{Out: r.out, Shards: r.cfg.ViewShards}
	if filepath.Base(r.out) == views.Folder {
		w.Lock = filepath.Dir(r.out)
	}
	for _, e := range r.cfg.Editions {
		w.Editions = append(w.Editions, views.Edition{Lang: e.Script, Folder: e.Prefix})
	}
	res, err := views.Write(r.ctx, r.settings, w)
	if err != nil {
		return r.failed(err)
	}
	if !r.cfg.Views {
		r.say(diag.T("site.yaml 里没有 views，网页不会显示这些次数；写上 views: {}，再重新生成网站", "site.yaml has no views, so that pages do not show the counts: add views: {} and build the site again"))
	}
	if res.Advice > 0 {
		r.say(diag.T(fmt.Sprintf("最大的次数文件压缩后 %d 字节，超过 %d；请在 site.yaml 的 views 里写 shards: %d，再重新生成网站", res.Largest, views.Limit, res.Advice),
			fmt.Sprintf("the largest file of counts has %d bytes compressed, more than %d: set shards: %d under views in site.yaml and build the site again", res.Largest, views.Limit, res.Advice)))
	}
	fmt.Fprintln(r.stdout, diag.T(fmt.Sprintf("文件 %d 个：改写 %d、删除 %d；累计阅读 %d 次", res.Files, res.Changed, res.Removed, res.Totals.Site[views.All]),
		fmt.Sprintf("%d files: %d written, %d removed; %d views in all", res.Files, res.Changed, res.Removed, res.Totals.Site[views.All])).In(r.lang))
	return exitDone
}

func (r *viewsRun) noArgs() (code int, ok bool) {
	if len(r.args) > 0 {
		r.complain(diag.T("多余的参数："+r.args[0], "unexpected argument: "+r.args[0]))
		return exitUsage, false
	}
	return 0, true
}

func (r *viewsRun) show() int {
	if code, ok := r.noArgs(); !ok {
		return code
	}
	i := slices.IndexFunc(views.Periods(), func(p views.Period) bool { return p.String() == r.period })
	if i < 0 {
		r.complain(diag.T("--period 只能是 day、week、month 或 all", "--period must be day, week, month or all"))
		return exitUsage
	}
	t, rows, err := views.Show(r.ctx, r.settings, views.Period(i), max(r.top, 0))
	if err != nil {
		return r.failed(err)
	}
	var head, site []string
	for _, p := range views.Periods() {
		head = append(head, p.Text().In(r.lang))
		site = append(site, fmt.Sprint(t.Site[p]))
	}
	if t.Newest != "" {
		fmt.Fprintln(r.stdout, diag.T("截至 "+t.Newest, "up to "+t.Newest).In(r.lang))
	}
	r.row(head, "")
	r.row(site, diag.T("全站", "the site").In(r.lang))
	for _, row := range rows {
		var cells []string
		for _, n := range row.Counts {
			cells = append(cells, fmt.Sprint(n))
		}
		if row.Title == "" {
			row.Title, row.URL = row.ID, diag.T("（已不在网站上）", "(no longer on the site)").In(r.lang)
		}
		r.row(cells, row.Title+"  "+row.URL)
	}
	return exitDone
}

// row prints numbers in columns, and a name.
func (r *viewsRun) row(cells []string, name string) {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(strings.Repeat(" ", max(1, 11-diag.Cells(c))) + c)
	}
	fmt.Fprintln(r.stdout, strings.TrimRight(b.String()+"  "+name, " "))
}

func (r *viewsRun) imports() int {
	if len(r.args) != 1 {
		r.complain(diag.T("要写明一个 CSV 文件", "name one CSV file"))
		r.hint(diag.T("标准输入写 -", "- is standard input"))
		return exitUsage
	}
	name, in := r.args[0], r.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return r.fail(err)
		}
		defer f.Close()
		in = f
	}
	if r.as == "" {
		r.as = filepath.Base(name)
	}
	res, err := views.Import(r.ctx, r.settings, r.as, filepath.ToSlash(name), in)
	if err != nil {
		return r.failed(err)
	}
	if err := res.Problems.WriteText(r.stderr, r.lang); err != nil {
		return r.fail(err)
	}
	if n := res.Problems.Count(diag.Error); n > 0 {
		r.complain(diag.T(fmt.Sprintf("错误 %d 处；没有导入", n), count(n, "error")+"; nothing was imported"))
		return exitProblems
	}
	fmt.Fprintln(r.stdout, diag.T(fmt.Sprintf("导入“%s”：%d 行中计入 %d 行，%d 次；代替了上一次导入的 %d 次", r.as, res.Rows, res.Taken, res.Views, res.Replaced),
		fmt.Sprintf("import %q: %d of %d rows taken, %d views; %d views of the last import replaced", r.as, res.Taken, res.Rows, res.Views, res.Replaced)).In(r.lang))
	if len(res.Problems) > 0 {
		return exitProblems
	}
	return exitDone
}

func (r *viewsRun) doctor() int {
	if len(r.args) > 0 {
		return r.tryLogs()
	}
	h, err := views.Examine(r.ctx, r.settings)
	if err != nil {
		return r.failed(err)
	}
	states := map[string]diag.Text{"open": diag.T("未结账", "open"), "closed": diag.T("已结账", "closed"), "folded": diag.T("已并入月份", "folded")}
	for _, d := range h.Days {
		line := fmt.Sprintf("%s  %s  %d", d.Day, states[d.State].In(r.lang), d.Views)
		if d.State == "open" {
			line += diag.T("  结账时间 ", "  closes ").In(r.lang) + time.Unix(d.Closes, 0).In(r.settings.Zone).Format("2006-01-02 15:04")
		}
		if d.Late > 0 {
			line += diag.T(fmt.Sprintf("  迟到 %d 行", d.Late), "  "+count(int(d.Late), "line")+" late").In(r.lang)
		}
		fmt.Fprintln(r.stdout, line)
	}
	for _, s := range h.Imports {
		fmt.Fprintln(r.stdout, diag.T(fmt.Sprintf("导入 %s  %s  %d", s.Name, s.Day, s.Views), fmt.Sprintf("import %s  %s  %d", s.Name, s.Day, s.Views)).In(r.lang))
	}
	fmt.Fprintln(r.stdout, diag.T("历次统计的日志：", "all logs so far:").In(r.lang))
	r.account(h.Account)
	for _, err := range h.Damage {
		r.failed(err)
	}
	if len(h.Damage) > 0 {
		return exitProblems
	}
	fmt.Fprintln(r.stdout, diag.T(fmt.Sprintf("账本完好：%d 个文件都与校验和相符", h.Files), fmt.Sprintf("the ledger is whole: all %d files match their checksums", h.Files)).In(r.lang))
	return exitDone
}

// tryLogs says what ingest would do with logs.
func (r *viewsRun) tryLogs() int {
	rep, err := views.Ingest(r.ctx, r.settings, views.Input{Logs: r.args, Stdin: r.stdin, Dry: true})
	if err != nil {
		return r.failed(err)
	}
	for _, l := range rep.Logs {
		format := l.Format
		if format == "" {
			format = r.settings.Format
		}
		fmt.Fprintln(r.stdout, diag.T(l.Name+"：格式 "+format, l.Name+": format "+format).In(r.lang))
		for _, odd := range l.Odd {
			fmt.Fprintf(r.stdout, "    %s%q\n", diag.T("读不懂：", "unreadable: ").In(r.lang), odd)
		}
	}
	r.logs(rep)
	r.account(rep.Account)
	return r.quarantine(rep)
}
