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
}

// commands is filled by a function because help shows it.
func commands() []command {
	return []command{buildCommand, nextCommand, versionCommand, helpCommand()}
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
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c.run(e, args[1:])
		}
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
	fmt.Fprintln(e.stderr, "zhendi: "+diag.T("提示: ", "hint: ").In(e.lang)+t.In(e.lang))
}

// flags parses a command's options. ok is false if the command must end with status code.
func (e *env) flags(fs *flag.FlagSet, usage diag.Text, args []string) (code int, ok bool) {
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	lang := fs.String("lang", "", "")
	err := fs.Parse(args)
	switch *lang {
	case "zh":
		e.lang = diag.ZH
	case "en":
		e.lang = diag.EN
	case "":
	default:
		err = errors.Join(err, fmt.Errorf("--lang: zh or en"))
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(e.stdout, usage.In(e.lang))
		return exitDone, false
	}
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected argument: %s", fs.Arg(0))
	}
	if err != nil {
		e.complain(flagText(err))
		e.suggest(fs, args)
		return exitUsage, false
	}
	return 0, true
}

// flagText gives the flag package's complaints in Chinese too.
func flagText(err error) diag.Text {
	s := err.Error()
	for _, t := range []diag.Text{
		{ZH: "没有这个选项: -", EN: "flag provided but not defined: -"},
		{ZH: "选项缺少值: -", EN: "flag needs an argument: -"},
		{ZH: "多余的参数: ", EN: "unexpected argument: "},
		{ZH: "选项的值有误: ", EN: "invalid "},
	} {
		if rest, ok := strings.CutPrefix(s, t.EN); ok {
			return diag.T(t.ZH+rest, s)
		}
	}
	return diag.T(s, s)
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
