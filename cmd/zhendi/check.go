package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/check"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/source"
	"zhendi/themes"
)

var checkCommand = command{
	name:  "check",
	about: diag.T("检查稿件", "look for mistakes in the articles"),
	usage: checkUsage,
	run:   runCheck,
}

var checkUsage = diag.T(`用法：zhendi check [选项]

像校对一样检查稿件、栏目与设置，列出每处问题的位置、原文与改法；生成网站时会报告的问题也在其中。
除了 --fix，不改任何文件。

选项：
    --source 文件夹     网站文件夹，默认当前文件夹
    --now 时间          以此时间判断栏目是否过期，默认 SOURCE_DATE_EPOCH，再默认当前时间
    --changed[=版本]    只看与 Git 的这个版本（默认 HEAD）相比有改动的文件；错误仍全部列出
    --output            生成网站（不保存），检查全部页面；不写时每种页面看一个
    --info              也显示提示
    --format 格式       text（默认）、json、sarif、github、gitlab
    --fix[=规则]        修改有把握的问题；写明规则（如 --fix=Z22,Z24）时只改这些规则的
    --dry-run           与 --fix 同用：只显示会怎样修改
    --list              列出所有规则
    --explain 规则      说明一条规则，如 --explain Z20
    --lang zh|en        消息的语言

退出状态：
    0 没有错误   1 无法完成   2 用法有误   3 有错误`,
	`usage: zhendi check [OPTIONS]

Proof-reads articles, columns and settings: the place of each problem, the line, and what to do. What
build would report is among them. Changes no file without --fix.

options:
    --source DIR        the site's folder; default: this one
    --now TIME          judge freshness at this time; default: SOURCE_DATE_EPOCH, else the clock
    --changed[=REV]     look only at files that differ from a revision of Git (HEAD); errors are all shown
    --output            build the site (and throw it away) to look at all pages; without it, at one of each kind
    --info              show notes, too
    --format FORMAT     text (default), json, sarif, github, gitlab
    --fix[=RULES]       mend what is safe; with rules, as in --fix=Z22,Z24, only theirs
    --dry-run           with --fix: only show what would change
    --list              list all rules
    --explain RULE      explain a rule, as in --explain Z20
    --lang zh|en        language of messages

exit status:
    0 no errors   1 could not do it   2 used wrongly   3 errors found`)

// checkOptions are what the command line of check says.
type checkOptions struct {
	source, now, format, explain string
	changed, fix                 optional
	output, info, dryRun, list   bool
}

// optional is an option whose value may be left out.
type optional struct {
	set   bool
	value string
}

func (o *optional) String() string   { return o.value }
func (o *optional) IsBoolFlag() bool { return true }
func (o *optional) Set(s string) error {
	o.set = s != "false"
	if s != "true" && s != "false" {
		o.value = s
	}
	return nil
}

func runCheck(e *env, args []string) int {
	f := flag.NewFlagSet("check", flag.ContinueOnError)
	var o checkOptions
	f.StringVar(&o.source, "source", ".", "")
	f.StringVar(&o.now, "now", "", "")
	f.StringVar(&o.format, "format", "text", "")
	f.StringVar(&o.explain, "explain", "", "")
	f.Var(&o.changed, "changed", "")
	f.Var(&o.fix, "fix", "")
	f.BoolVar(&o.output, "output", false, "")
	f.BoolVar(&o.info, "info", false, "")
	f.BoolVar(&o.dryRun, "dry-run", false, "")
	f.BoolVar(&o.list, "list", false, "")
	if code, ok := e.flags(f, checkUsage, args); !ok {
		return code
	}
	switch {
	case o.list:
		return e.listRules()
	case o.explain != "":
		return e.explainRule(o.explain)
	case !slices.Contains([]string{"text", "json", "sarif", "github", "gitlab"}, o.format):
		e.complain(diag.T("--format 只能是 text、json、sarif、github 或 gitlab", "--format must be text, json, sarif, github or gitlab"))
		return exitUsage
	case o.dryRun && !o.fix.set:
		e.complain(diag.T("--dry-run 与 --fix 同用", "--dry-run goes with --fix"))
		return exitUsage
	}
	rules, ok := e.mendable(o.fix)
	if !ok {
		return exitUsage
	}
	if code, ok := e.siteFolder(o.source); !ok {
		return code
	}
	return e.check(o, rules)
}

// mendable returns the rules that --fix names, or all that are safe; nil without --fix.
func (e *env) mendable(fix optional) (map[string]bool, bool) {
	if !fix.set {
		return nil, true
	}
	rules := map[string]bool{}
	for _, a := range check.Analysers() {
		if a.Mends == check.Safely && fix.value == "" {
			rules[a.ID] = true
		}
	}
	for _, id := range strings.FieldsFunc(fix.value, func(c rune) bool { return strings.ContainsRune(",，、 ", c) }) {
		a, ok := check.ByID(strings.ToUpper(id))
		switch {
		case !ok:
			e.complain(diag.T("没有规则 "+id, "no rule "+id))
			e.hint(diag.T("zhendi check --list 列出所有规则", "zhendi check --list shows all rules"))
			return nil, false
		case a.Mends == check.ByHand:
			e.complain(diag.T("规则 "+a.ID+" 的问题要人来改", "what rule "+a.ID+" finds must be mended by a person"))
			return nil, false
		}
		rules[a.ID] = true
	}
	return rules, true
}

// check looks over the site.
func (e *env) check(o checkOptions, mend map[string]bool) int {
	now, code, ok := e.when(o.now)
	if !ok {
		return code
	}
	opt := build.Options{Source: o.source, Now: now, Themes: themes.FS, Version: version}
	l, err := build.Load(e.ctx, opt)
	if err != nil {
		return e.fail(err)
	}
	defer l.Close()
	pages, err := e.pagesOf(o, l, opt)
	if err != nil {
		return e.fail(err)
	}
	problems := slices.Clone(l.Report())
	at, err := now(l.Config.Zone)
	if l.Config.Zone == nil {
		at, err = now(time.UTC)
	}
	if err != nil {
		return e.fail(err)
	}
	c, list, err := e.checker(o.source, l, at)
	if err != nil {
		return e.fail(err)
	}
	problems.Add(list...)
	run := check.Run{Config: l.Config, Dir: os.DirFS(o.source), Mend: mend}
	if len(l.Sites) > 0 {
		run.Site = l.Sites[0]
	}
	if o.changed.set {
		if run.Only, code, ok = e.changedFiles(o); !ok {
			return code
		}
	}
	if run.Tree, err = source.Open(o.source); err != nil {
		return e.fail(err)
	}
	defer run.Tree.Close()
	res, err := c.Run(e.ctx, run)
	if err != nil {
		return e.fail(err)
	}
	problems.Add(res.Problems...)
	for _, p := range pages {
		problems.Add(c.Page(&check.Page{Path: "public/" + p.Path, HTML: p.HTML, Base: l.Config.BaseURL})...)
	}
	return e.report(o, l, run, res, problems)
}

// checker reads the site's lists. Those of build were read by it; what is wrong with them is told there.
func (e *env) checker(dir string, l *build.Loaded, now time.Time) (*check.Checker, diag.List, error) {
	var lists check.Lists
	var problems diag.List
	read := func(path string, f func(text []byte)) error {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		text, list, ok := source.Text(path, raw)
		if ok {
			f(text)
		} else if path != build.TermsPath {
			problems.Add(list...)
		}
		return nil
	}
	err := errors.Join(
		read(build.TermsPath, func(text []byte) {
			v, _ := build.Terms.Read(fields.Record{File: build.TermsPath, Line: 1, Text: text})
			lists.ReadTerms(v)
		}),
		read(check.ReviewersPath, func(text []byte) { problems.Add(lists.ReadReviewers(text)...) }),
		read(check.SourcesPath, func(text []byte) { problems.Add(lists.ReadSources(text)...) }))
	var settings []check.Setting
	for _, s := range l.Config.Check.Rules {
		settings = append(settings, check.Setting{Rule: s.Rule, Value: s.Severity, Pos: s.Pos})
	}
	if len(lists.Hosts) > 0 {
		lists.Hosts = append(lists.Hosts, ownHosts(l)...)
	}
	c, list := check.New(now, settings, lists)
	problems.Add(list...)
	return c, problems, err
}

// report shows the problems, and mends.
func (e *env) report(o checkOptions, l *build.Loaded, run check.Run, res check.Result, problems diag.List) int {
	problems.Sort()
	if run.Only != nil {
		problems = slices.DeleteFunc(problems, func(p diag.Problem) bool {
			return p.Rule.Severity != diag.Error && !run.Only(p.File)
		})
	}
	if o.dryRun {
		return e.showEdits(res.Mended)
	}
	written, err := e.writeEdits(o.source, res.Mended)
	if err != nil {
		return e.fail(err)
	}
	problems.Quote(func(file string) []string {
		raw, err := os.ReadFile(filepath.Join(o.source, filepath.FromSlash(file)))
		if err != nil {
			return nil
		}
		text, _, ok := source.Text(file, raw)
		if !ok {
			return nil
		}
		return strings.Split(string(text), "\n")
	})
	shown := problems
	if !o.info && o.format == "text" {
		shown = slices.DeleteFunc(slices.Clone(problems), func(p diag.Problem) bool { return p.Rule.Severity == diag.Info })
	}
	about := diag.Run{Tool: "zhendi", Version: version, Articles: res.Articles}
	switch o.format {
	case "json":
		err = problems.WriteJSON(e.stdout, e.lang, about)
	case "sarif":
		err = problems.WriteSARIF(e.stdout, e.lang, about, ruleNames())
	case "github":
		err = problems.WriteGitHub(e.stdout, e.lang)
	case "gitlab":
		err = problems.WriteGitLab(e.stdout, e.lang)
	default:
		err = errors.Join(shown.WriteText(e.stdout, e.lang), e.checkSummary(o, res.Articles, written, problems))
	}
	if err != nil {
		return e.fail(err)
	}
	if problems.Count(diag.Error) > 0 {
		return exitProblems
	}
	return exitDone
}

// ruleNames are all rules by their names, for formats that list them.
func ruleNames() (out []diag.Rule) {
	for _, a := range check.Analysers() {
		out = append(out, diag.Rule{ID: a.ID, Severity: a.Severity, ZH: a.Name.ZH, EN: a.Name.EN})
	}
	return out
}

// checkSummary says how much was looked at and found.
func (e *env) checkSummary(o checkOptions, articles, written int, problems diag.List) error {
	errs, warnings, infos := problems.Count(diag.Error), problems.Count(diag.Warning), problems.Count(diag.Info)
	zh := fmt.Sprintf("检查稿件 %d 篇：错误 %d 处，警告 %d 处", articles, errs, warnings)
	en := fmt.Sprintf("%s checked: %s, %s", count(articles, "text"), count(errs, "error"), count(warnings, "warning"))
	if infos > 0 && !o.info {
		zh += fmt.Sprintf("；另有提示 %d 处（--info 显示）", infos)
		en += fmt.Sprintf("; %s (shown by --info)", count(infos, "note"))
	} else if o.info {
		zh += fmt.Sprintf("，提示 %d 处", infos)
		en += ", " + count(infos, "note")
	}
	if written > 0 {
		zh += fmt.Sprintf("；修改文件 %d 个", written)
		en += fmt.Sprintf("; %s mended", count(written, "file"))
	}
	_, err := fmt.Fprintln(e.stdout, diag.T(zh, en).In(e.lang))
	return err
}
