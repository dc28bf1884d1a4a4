// Command zhendi builds, checks and publishes a party-building news portal from a
// tree of Markdown articles. The table commands below is all it can do; each command has
// a file of its own.
//
// Exit status: 0 done, 1 could not do the job, 2 used wrongly, 3 done and found
// problems in the content.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	_ "time/tzdata" // office machines have no zone files

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// version is the program's. It stands in manifests, so it is no date and no revision: the
// same program gives the same bytes wherever it was compiled.
const version = "0.1.0"

// Exit statuses.
const (
	exitDone = iota
	exitFailed
	exitUsage
	exitProblems
)

// command is one word after zhendi.
type command struct {
	name  string
	about diag.Text // one line
	usage diag.Text // arguments, options, exit status
	run   func(e *env, args []string) int

	frugal bool // what it works on may be much larger than memory
}

// commands is filled by a function because help shows it.
func commands() []command {
	return []command{initCommand, newCommand, serveCommand, buildCommand, checkCommand, publishCommand, rollbackCommand, verifyCommand, keyCommand, nextCommand, redirectsCommand, viewsCommand, convertCommand, versionCommand, helpCommand()}
}

// env is what a command knows of the process it runs in.
type env struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	lang           diag.Lang
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(&env{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run finds the command and runs it.
func run(e *env, args []string) int {
	e.lang = langOf(e.getenv)
	if len(args) == 0 {
		help(e, e.stderr, nil)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-h", "--help", "-help":
		name = "help"
	case "-v", "--version", "-version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			spareCollections(e.getenv, c.frugal)
			return c.run(e, args[1:])
		}
	}
	return e.noCommand(name)
}

// noCommand says that there is no such command, and which was probably meant.
func (e *env) noCommand(name string) int {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	e.complain(diag.T("没有命令 "+name, "no command "+name))
	if near, ok := fields.Near(name, names); ok {
		e.hint(diag.T("是不是 zhendi "+near+"?", "did you mean zhendi "+near+"?"))
	} else {
		e.hint(diag.T("用 zhendi help 查看所有命令", "zhendi help lists the commands"))
	}
	return exitUsage
}

// langOf reads the language of messages from the locale: English where it says
// so, else Chinese.
func langOf(getenv func(string) string) diag.Lang {
	for _, k := range []string{"ZHENDI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(k); v != "" {
			if strings.HasPrefix(v, "en") {
				return diag.EN
			}
			return diag.ZH
		}
	}
	return diag.ZH
}

// say prints a line for the user to stderr.
func (e *env) say(t diag.Text) { fmt.Fprintln(e.stderr, t.In(e.lang)) }

// complain prints what went wrong, hint what to do.
func (e *env) complain(t diag.Text) { fmt.Fprintln(e.stderr, "zhendi: "+t.In(e.lang)) }

func (e *env) hint(t diag.Text) {
	fmt.Fprintln(e.stderr, "zhendi: "+diag.T("提示：", "hint: ").In(e.lang)+t.In(e.lang))
}

// flags parses the options of a command without arguments. ok is false if the command must
// end with status code.
func (e *env) flags(fs *flag.FlagSet, usage diag.Text, args []string) (code int, ok bool) {
	return e.flagsAndArgs(fs, usage, args, 0)
}

// flagsAndArgs is flags for a command that takes up to most arguments.
func (e *env) flagsAndArgs(fs *flag.FlagSet, usage diag.Text, args []string, most int) (code int, ok bool) {
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	lang := fs.String("lang", "", "")
	err := fs.Parse(args)
	for i, a := range args { // also where parsing ended before it
		if name := strings.TrimLeft(a, "-"); name == "lang" && a != name && i+1 < len(args) {
			*lang = args[i+1]
		} else if v, is := strings.CutPrefix(name, "lang="); is && a != name {
			*lang = v
		}
	}
	switch *lang {
	case "zh":
		e.lang = diag.ZH
	case "en":
		e.lang = diag.EN
	case "":
	default:
		if err == nil {
			e.complain(diag.T("--lang 只能是 zh 或 en", "--lang must be zh or en"))
			return exitUsage, false
		}
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(e.stdout, usage.In(e.lang))
		return exitDone, false
	case err != nil:
		e.complain(flagText(err))
		e.suggest(fs, args)
		return exitUsage, false
	case fs.NArg() > most:
		e.complain(diag.T("多余的参数："+fs.Arg(most), "unexpected argument: "+fs.Arg(most)))
		if fs.Lookup("source") != nil {
			e.hint(diag.T("网站文件夹用 --source 指明", "name the site's folder with --source"))
		} else {
			e.suggest(fs, nil)
		}
		return exitUsage, false
	}
	return 0, true
}

var flagComplaint = regexp.MustCompile(`^(flag provided but not defined: -|flag needs an argument: -|invalid boolean value .* for -|invalid value .* for flag -)([^: ]+)`)

// flagText gives the flag package's complaints in plain words.
func flagText(err error) diag.Text {
	m := flagComplaint.FindStringSubmatch(err.Error())
	if m == nil {
		return diag.T(err.Error(), err.Error())
	}
	name := "--" + m[2]
	switch m[1][:9] {
	case "flag prov":
		return diag.T("没有选项 "+name, "no option "+name)
	case "flag need":
		return diag.T("选项 "+name+" 后面缺少内容", "option "+name+" needs a value")
	case "invalid b":
		return diag.T("选项 "+name+" 后面不写内容", "option "+name+" takes no value")
	}
	return diag.T("选项 "+name+" 的内容有误", "bad value of option "+name)
}

// suggest names the option that was probably meant, else the command's help.
func (e *env) suggest(fs *flag.FlagSet, args []string) {
	var known []string
	fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	for _, a := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !strings.HasPrefix(a, "-") || fs.Lookup(name) != nil {
			continue
		}
		if near, ok := fields.Near(name, known); ok {
			e.hint(diag.T("是不是 --"+near+"?", "did you mean --"+near+"?"))
			return
		}
	}
	e.hint(diag.T("用 zhendi help "+fs.Name()+" 查看用法", "zhendi help "+fs.Name()+" shows how to use it"))
}
