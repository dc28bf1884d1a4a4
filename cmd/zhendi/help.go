package main

import (
	"fmt"
	"io"

	"zhendi/internal/diag"
)

var versionCommand = command{
	name:  "version",
	about: diag.T("显示版本", "print the version"),
	usage: diag.T("用法: zhendi version\n\n退出状态: 0", "usage: zhendi version\n\nexit status: 0"),
	run: func(e *env, args []string) int {
		fmt.Fprintln(e.stdout, "zhendi", version)
		return exitDone
	},
}

// helpCommand is a function because help shows the table it stands in.
func helpCommand() command {
	return command{
		name:  "help",
		about: diag.T("显示帮助", "show help"),
		usage: diag.T("用法: zhendi help [命令]\n\n退出状态: 0;没有这个命令时为 2", "usage: zhendi help [COMMAND]\n\nexit status: 0; 2 if there is no such command"),
		run:   func(e *env, args []string) int { return help(e, e.stdout, args) },
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
		e.complain(diag.T("没有命令 "+args[0], "no command "+args[0]))
		return exitUsage
	}
	fmt.Fprintln(w, diag.T(`zhendi(阵地)把一棵 Markdown 稿件树变成党建新闻门户网站。

用法: zhendi 命令 [选项]

    zhendi build                      在网站文件夹里运行,网页写入 public/
    zhendi build --source 网站 --out 输出

命令:`, `zhendi turns a tree of Markdown articles into a party-building news portal.

usage: zhendi COMMAND [OPTIONS]

    zhendi build                      in the site's folder; writes public/
    zhendi build --source SITE --out OUT

commands:`).In(e.lang))
	for _, c := range commands() {
		fmt.Fprintf(w, "    %-10s %s\n", c.name, c.about.In(e.lang))
	}
	fmt.Fprintln(w, diag.T("\n用 zhendi help 命令 查看每个命令的用法。消息随系统语言,也可用 --lang zh 或 --lang en 指定。",
		"\nzhendi help COMMAND shows how to use one. Messages follow the locale; --lang zh or --lang en chooses.").In(e.lang))
	return exitDone
}
