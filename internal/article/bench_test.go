package article

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// sampleText is an article of usual length and form, about 4 KB.
func sampleText() []byte {
	var b strings.Builder
	b.WriteString("云岫市机关党建网讯（通讯员：张三、李四）近日，市直机关工委召开党建工作推进会，安排部署下一阶段重点任务。\n\n")
	for i, title := range []string{"一、提高认识，统一思想", "二、突出重点，狠抓落实", "三、强化保障，务求实效"} {
		fmt.Fprintf(&b, "## %s\n\n", title)
		for j := range 3 {
			fmt.Fprintf(&b, "会议强调，要坚持**“围绕中心、建设队伍、服务群众”**，把第%d项工作抓实抓细。各支部要结合实际，制定方案，明确责任，倒排工期，"+
				"确保各项任务按时完成；要加强督促检查，及时发现和解决问题，推动党建与业务深度融合（详见[通知](notice-%d.md)），真正做到两手抓、两促进。"+
				"要把学习成果转化为服务群众的实际行动，办好一批群众看得见、摸得着的实事。\n\n", j+1, i)
		}
		b.WriteString("- 组织集中学习 12 次；\n- 走访群众 300 余户；\n- 解决问题 46 个。\n\n")
	}
	b.WriteString("![会议现场](meeting.jpg \"会议现场\")\n")
	return []byte(b.String())
}

func BenchmarkRender(b *testing.B) {
	src := Source{File: "a.md", Line: 9, Text: sampleText()}
	opt := Options{}
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Render(src, opt); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkRenderNumbering(b *testing.B) {
	src := Source{File: "a.md", Line: 9, Text: bytes.ReplaceAll(sampleText(), []byte("## "), nil)}
	opt := Options{Numbering: true}
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Render(src, opt)
	}
}

// BenchmarkPlainGoldmark is goldmark alone on the same text, for comparison.
func BenchmarkPlainGoldmark(b *testing.B) {
	text := sampleText()
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := md.Convert(text, &out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	src := Source{File: "a.md", Line: 9, Text: sampleText()}
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Scan(src)
	}
}
