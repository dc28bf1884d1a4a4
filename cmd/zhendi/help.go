package main

import (
	"flag"
	"fmt"
	"io"

	"zhendi/internal/diag"
)

var versionCommand = command{
	name:  "version",
	about: diag.T("显示版本", "print the version"),
	usage: versionUsage,
	run: func(e *env, args []string) int {
		if code, ok := e.flags(flag.NewFlagSet("version", flag.ContinueOnError), versionUsage, args); !ok {
			return code
		}
		fmt.Fprintln(e.stdout, "zhendi", version)
		return exitDone
	},
}

var versionUsage = diag.T("用法：zhendi version\n\n退出状态：0", "usage: zhendi version\n\nexit status: 0")

var helpUsage = diag.T("用法：zhendi help [--lang zh|en] [命令]\n\n退出状态：0；没有这个命令时为 2", "usage: zhendi help [--lang zh|en] [COMMAND]\n\nexit status: 0; 2 if there is no such command")

// helpCommand is a function because help shows the table it stands in.
func helpCommand() command {
	return command{
		name:  "help",
		about: diag.T("显示帮助", "show help"),
		usage: helpUsage,
		run: func(e *env, args []string) int {
			f := flag.NewFlagSet("help", flag.ContinueOnError)
			if code, ok := e.flagsAndArgs(f, helpUsage, args, 1); !ok {
				return code
			}
			return help(e, e.stdout, f.Args())
		},
	}
}

// help shows one command or the list of all.
func help(e *env, w io.Writer, args []string) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				fmt.Fprintln(w, c.usage.In(e.lang))
				return exitDone
			}
		}
		return e.noCommand(args[0])
	}
	fmt.Fprintln(w, diag.T(`zhendi（阵地）把一棵 Markdown 稿件树变成党建新闻门户网站。

用法：zhendi 命令 [选项]

    zhendi build                      在网站文件夹里运行，网页写入 public/
    zhendi build --source 网站 --out 输出

命令：`, `zhendi turns a tree of Markdown articles into a party-building news portal.

usage: zhendi COMMAND [OPTIONS]

    zhendi build                      in the site's folder; writes public/
    zhendi build --source SITE --out OUT

commands:`).In(e.lang))
	for _, c := range commands() {
		fmt.Fprintf(w, "    %-10s %s\n", c.name, c.about.In(e.lang))
	}
	fmt.Fprintln(w, diag.T("\n用 zhendi help 命令 查看每个命令的用法。消息随系统语言，也可用 --lang zh 或 --lang en 指定。",
		"\nzhendi help COMMAND shows how to use one. Messages follow the locale; --lang zh or --lang en chooses.").In(e.lang))
	return exitDone
}
