package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
)

var convertCommand = command{
	name:  "convert",
	about: diag.T("简繁转换", "convert between simplified and traditional"),
	usage: convertUsage,
	run:   runConvert,
}

var convertUsage = diag.T(`用法：zhendi convert --config 方式 [选项] [文件…]

把文件（不写文件时为标准输入）在简体与繁体之间转换，写到标准输出。
不是 UTF-8 的字节原样通过。

选项：
    --config 方式    `+configNames(hanzi.Configs())+`
    --html           输入是网页片段：只转换文字与 title、alt、aria-label，不动代码与网址
    --terms 文件     网站的词表（terms.yaml）
    --lang zh|en     消息的语言

退出状态：
    0 完成   1 无法完成   2 用法有误   3 词表有错误`,
	`usage: zhendi convert --config CONFIG [OPTIONS] [FILE…]

Converts files (standard input if there are none) between simplified and traditional Chinese and
writes to standard output. Bytes that are not UTF-8 pass through.

options:
    --config CONFIG  `+configNames(hanzi.Configs())+`
    --html           the input is a fragment of a page: only text and title, alt, aria-label are
                     converted; code and addresses are left alone
    --terms FILE     the site's terms (terms.yaml)
    --lang zh|en     language of messages

exit status:
    0 done   1 could not do it   2 used wrongly   3 errors in the terms`)

// configNames lays the configurations out in lines.
func configNames(names []string) string { return strings.Join(names, " ") }

func runConvert(e *env, args []string) int {
	f := flag.NewFlagSet("convert", flag.ContinueOnError)
	config := f.String("config", "", "")
	html := f.Bool("html", false, "")
	termsFile := f.String("terms", "", "")
	if code, ok := e.flagsAndArgs(f, convertUsage, args, math.MaxInt); !ok {
		return code
	}
	if !slices.Contains(hanzi.Configs(), *config) {
		e.noConfig(*config)
		return exitUsage
	}
	c, err := hanzi.New(*config, nil)
	if err != nil {
		return e.fail(err)
	}
	if *termsFile != "" {
		raw, err := os.ReadFile(*termsFile)
		if err != nil {
			return e.fail(err)
		}
		var problems diag.List
		c, problems = build.Converter(*config, *termsFile, raw)
		if err := problems.WriteText(e.stderr, e.lang); err != nil {
			return e.fail(err)
		}
		if c == nil {
			return exitProblems
		}
	}
	if err := e.convertAll(c, *html, f.Args()); err != nil {
		return e.fail(err)
	}
	return exitDone
}

// noConfig says that there is no such configuration, and which there are.
func (e *env) noConfig(name string) {
	if name == "" {
		e.complain(diag.T("没有用 --config 指明转换方式", "no --config was given"))
	} else {
		e.complain(diag.T("没有转换方式 "+name, "no configuration "+name))
	}
	e.hint(diag.T("可用的："+configNames(hanzi.Configs()), "use one of: "+configNames(hanzi.Configs())))
}

// convertAll converts each file, or standard input.
func (e *env) convertAll(c *hanzi.Converter, html bool, files []string) error {
	if len(files) == 0 {
		return convertTo(e.stdout, e.stdin, c, html)
	}
	for _, name := range files {
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		err = convertTo(e.stdout, in, c, html)
		in.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func convertTo(out io.Writer, in io.Reader, c *hanzi.Converter, html bool) error {
	if html { // a fragment is converted whole: a phrase may reach across any of its tags
		b, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		w := bufio.NewWriter(out)
		if _, err := w.Write(c.AppendHTML(nil, b)); err != nil {
			return err
		}
		return w.Flush()
	}
	w := c.NewWriter(out)
	if _, err := w.ReadFrom(in); err != nil {
		return err
	}
	return w.Close()
}
