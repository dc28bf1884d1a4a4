package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"zhendi/internal/build"
	"zhendi/internal/diag"
)

// progress shows how far a build is: one line that changes on a terminal, a line for
// each stage elsewhere.
type progress struct {
	e        *env
	terminal bool
	stage    build.Stage
	begun    bool
	last     time.Time
	width    int
}

func newProgress(e *env) *progress {
	f, ok := e.stderr.(*os.File)
	return &progress{e: e, terminal: ok && term.IsTerminal(int(f.Fd())) && e.getenv("TERM") != "dumb"}
}

var stages = map[build.Stage]diag.Text{
	build.Reading: {ZH: "读取文件", EN: "reading"}, build.Parsing: {ZH: "解析稿件", EN: "parsing"},
	build.Rendering: {ZH: "生成页面", EN: "rendering"}, build.Writing: {ZH: "写入文件", EN: "writing"},
	sending: {ZH: "上传文件", EN: "sending"}, comparing: {ZH: "核对文件", EN: "comparing"},
}

// Stages of other commands.
const (
	sending build.Stage = 100 + iota
	comparing
)

func (p *progress) show(s build.Stage, done, total int) {
	name := stages[s].In(p.e.lang)
	if !p.terminal {
		if s == build.Writing {
			fmt.Fprintln(p.e.stderr, name)
		} else if done >= total {
			fmt.Fprintf(p.e.stderr, "%s %d\n", name, total)
		}
		return
	}
	if p.begun && p.stage == s && time.Since(p.last) < 80*time.Millisecond {
		return
	}
	p.begun, p.stage, p.last = true, s, time.Now()
	line := name
	if s != build.Writing {
		line = fmt.Sprintf("%s %d/%d", name, done, total)
	}
	if w := diag.Cells(line); w > p.width {
		p.width = w
	}
	fmt.Fprintf(p.e.stderr, "\r%-*s", p.width, line)
}

// clear removes the changing line.
func (p *progress) clear() {
	if p.terminal && p.begun {
		fmt.Fprintf(p.e.stderr, "\r%-*s\r", p.width, "")
	}
}
