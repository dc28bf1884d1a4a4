package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

func TestProse(t *testing.T) {
	for in, want := range map[string]string{
		"党建**工作**。":                       "党建工作。",
		"第一行\n第二行":                        "第一行第二行",
		"word\nword":                      "word word",
		"第一行  \n第二行":                      "第一行\n第二行",
		"[标题](a_b.md \"提示\")后":            "标题后",
		"![图](a.jpg)后":                    "\uFFFC图\uFFFC后",
		"`code` 与 https://a.cn/b?c=d 后":   "\uFFFC 与 \uFFFC 后",
		"![图](a.jpg \"说明\")":              "\uFFFC图\uFFFC说明\uFFFC",
		"国办发[2017]47号":                    "国办发[2017]47号",
		"甲[^1]乙":                          "甲乙",
		"&ldquo;好&rdquo;&amp;":            "“好”&",
		"\\*星\\*":                         "*星*",
		"(答案:) *":                         "(答案:) *",
		"> 引文\n> 续行":                      "引文续行",
		"- 第一项\n- 第二项":                    "第一项|第二项",
		"# 标题 #\n正文":                      "标题|正文",
		"标题\n===\n正文":                     "标题|正文",
		"| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |": "甲|乙|丙|丁",
		"```\n代码\n```\n正文":                "正文",
		"    code\n\n正文":                  "正文",
		"    中文段落":                        "中文段落",
		"<script>\n藏\n</script>\n正文":      "正文",
		"前<!-- 注 -->后":                    "前后",
		"<!-- 注\n注 -->\n正文":               "正文",
		"<span lang=\"en\">甲</span>乙":     "\uFFFC乙",
		":::编者按\n按语\n:::":                 "按语",
		"---\ntitle: '”三家”'\ndate: 2025-01-01\nsummary: |\n  一段\n  二段\n---\n正文": "”三家”|一段二段|正文",
	} {
		var p Prose
		p.Read([]byte(in))
		var out []string
		for _, b := range p.Blocks {
			if b.From < b.To {
				out = append(out, string(p.Chars[b.From:b.To]))
			}
		}
		if got := strings.Join(out, "|"); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
		for i, c := range p.Chars { // every character is where it says
			if end := p.End(i); end <= p.At[i] || int(end) > len(in) || unicode.Is(unicode.Han, c) && in[p.At[i]:end] != string(c) {
				t.Errorf("%q: %q is at %d-%d", in, c, p.At[i], end)
			}
		}
	}
}

func TestProsePlaces(t *testing.T) {
	var p Prose
	p.Read([]byte("---\ntitle: 甲\n---\n乙丙\n<!-- zhendi-ignore Z20 理由 -->\n丁[戊](己.md)\n"))
	if line, col := p.Place(p.At[2]); line != 4 || col != 2 || p.Chars[2] != '丙' {
		t.Errorf("%d:%d %q", line, col, p.Chars)
	}
	if len(p.Comments) != 1 || p.Comments[0].Text != "zhendi-ignore Z20 理由" || !p.Comments[0].Alone {
		t.Errorf("%+v", p.Comments)
	}
	if len(p.Links) != 1 || p.Links[0].Dest != "己.md" || p.Links[0].Text != "戊" {
		t.Errorf("%+v", p.Links)
	}
}

// TestProseIsWhatPagesShow compares Prose with Render over the sample portal: the same Chinese characters, but for code
// and for what is in another language.
func TestProseIsWhatPagesShow(t *testing.T) {
	var files []string
	for _, p := range []string{"*/*.md", "*/*/*.md", "*/*/*/*.md"} {
		list, _ := filepath.Glob("../../content/" + p)
		files = append(files, list...)
	}
	if len(files) < 50 {
		t.Fatal("no articles")
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var p Prose
		p.Read(text)
		read := map[rune]int{}
		for i, c := range p.Chars {
			if p.At[i] >= p.BodyAt && unicode.Is(unicode.Han, c) {
				read[c]++
			}
		}
		body, _ := Render(Source{File: f, Line: 1, Text: text[p.BodyAt:]}, Options{})
		for c, n := range shownHan(strings.Join(body.Parts, "")) {
			if read[c] < n {
				t.Errorf("%s: %c is shown %d times and read %d times", f, c, n, read[c])
			}
		}
	}
}

// shownHan counts the Chinese characters of HTML outside code, footnotes and elements with a language.
func shownHan(page string) map[rune]int {
	n := map[rune]int{}
	z := html.NewTokenizer(strings.NewReader(page))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return n
		case html.StartTagToken:
			tok := z.Token()
			foreign := false
			for _, a := range tok.Attr {
				foreign = foreign || a.Key == "lang" || a.Key == "translate"
			}
			if skip == "" && (foreign || tok.Data == "code" || tok.Data == "pre" || tok.Data == "section" || tok.Data == "summary" || tok.Data == "aside" || tok.Data == "details") {
				skip = tok.Data
			}
		case html.EndTagToken:
			if tok := z.Token(); tok.Data == skip {
				skip = ""
			}
		case html.TextToken:
			if skip == "" {
				for _, c := range string(z.Text()) {
					if unicode.Is(unicode.Han, c) {
						n[c]++
					}
				}
			}
		}
	}
}
