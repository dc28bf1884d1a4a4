package article

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// parse parses an article and returns its problems as an English reader sees them.
func parse(t *testing.T, path, text string) (*Article, string) {
	t.Helper()
	a, problems := Parse(File{Path: path, Text: []byte(text), Zone: time.FixedZone("", 8*3600), Required: DefaultRequired})
	return a, show(t, problems)
}

func show(t *testing.T, problems diag.List) string {
	t.Helper()
	problems.Sort()
	var b strings.Builder
	if err := problems.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every key has a Chinese name and a line for the manual, and names one field only.
func TestTablesOfKeys(t *testing.T) {
	for _, s := range []*fields.Schema{&FrontMatter, &ColumnFrontMatter, &reviewers, &attachment, &section} {
		_ = s.Has("") // panics if a key names two fields
		seen := map[string]bool{}
		for _, f := range s.Fields {
			if seen[f.Name] {
				t.Errorf("%s: %s stands twice", s.Of.EN, f.Name)
			}
			seen[f.Name] = true
			chinese := false
			for _, n := range f.Also {
				chinese = chinese || strings.ContainsFunc(n, func(r rune) bool { return unicode.Is(unicode.Han, r) })
				if s.Canonical(n) != f.Name {
					t.Errorf("%s: %s is read as %s, not %s", s.Of.EN, n, s.Canonical(n), f.Name)
				}
			}
			if !chinese {
				t.Errorf("%s: %s has no Chinese name", s.Of.EN, f.Name)
			}
			if f.Doc == "" && (s == &FrontMatter || s == &ColumnFrontMatter) {
				t.Errorf("%s: %s has no line for the manual", s.Of.EN, f.Name)
			}
			if (f.Kind == fields.Enum || f.Kind == fields.Enums) != (len(f.Values) > 0) {
				t.Errorf("%s: %s: values do not fit the kind", s.Of.EN, f.Name)
			}
		}
	}
	for _, key := range DefaultRequired {
		if !FrontMatter.Has(key) || exampleOf(key).ZH == "" {
			t.Errorf("required key %s", key)
		}
	}
}

// Old Hugo front matter works unchanged.
func TestHugoKeys(t *testing.T) {
	for _, key := range strings.Fields("title date lastmod draft expiryDate publishDate weight tags aliases slug description keywords params") {
		if !FrontMatter.Has(key) {
			t.Error(key)
		}
	}
}

func TestParse(t *testing.T) {
	a, problems := parse(t, "content/yw/jgdt/2025-hy.md", `---
标题: 市直机关工委召开党建工作推进会
subtitle: ——记全市会议
引题: 凝心聚力
short_title: 推进会
date: 2025年9月1日 8:22
lastmod: 2025-09-02
定时发布: 2025-09-01 09:00
expiry_date: 2030-01-01
来源: 云岫市机关党建网
sourceURL: https://example.com/1.html
作者: 甲、乙
editor: [丙, 丁]
通讯员单位: 某县供稿
reviewers: {first: 一, 二审: 二}
三审: 三
编者按: |
  第一行。
  第二行。
summary: |
  两行的
  摘要
tags: [党建，主题党日]
alsoIn: [gg]
topics: ztzl
pin: 2026-01-01
flags: 头条,图片新闻
attachments:
  - a.docx
  - {file: b.xlsx, title: 报名表}
aliases: /old/1.html
weight: 3
toc: 是
numbering: no
lang: 繁体
audience: 内部
params: {a: 1}
---

清风网讯(通讯员: 许灵锋、张学锋) 正文。
`)
	if problems != "" {
		t.Fatal(problems)
	}
	if a.Title != "市直机关工委召开党建工作推进会" || a.Subtitle != "记全市会议" || a.Kicker != "凝心聚力" || a.ShortTitle != "推进会" ||
		a.Date.Format(time.RFC3339) != "2025-09-01T00:22:00Z" || !a.Clock || a.Source != "云岫市机关党建网" || !a.Reprint ||
		strings.Join(a.Author, "|") != "甲|乙" || strings.Join(a.Editor, "|") != "丙|丁" || a.CorrespondentUnit != "某县供稿" ||
		a.Reviewers != [3]string{"一", "二", "三"} || a.EditorNote != "第一行。\n第二行。" || a.EditorNoteLine != 18 || a.Summary != "两行的 摘要" ||
		strings.Join(a.Tags, "|") != "党建|主题党日" || a.AlsoIn[0].Text != "gg" || !a.Pin || a.PinUntil.Format(time.RFC3339) != "2026-01-01T16:00:00Z" ||
		a.Flags != Headline|Picture || len(a.Attachments) != 2 || a.Attachments[1].Title != "报名表" || a.Weight != 3 ||
		a.TOC != Yes || a.Numbering != No || a.Lang != "zh-Hant" || !a.Internal || a.BodyLine != 39 {
		t.Errorf("%+v", a)
	}
	if strings.Join(a.Correspondents, "|") != "许灵锋|张学锋" {
		t.Errorf("the dateline's names are not taken: %v", a.Correspondents)
	}
	if a.Dir != "yw/jgdt" || a.Slug != "2025-hy" || a.ID != hashID("/old/1.html") {
		t.Errorf("%s %s %s", a.Dir, a.Slug, a.ID)
	}
}

// Front matter and body are cut where the editor meant them to be.
func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, text, title, body string
		line                    int32
		problem                 string
	}{
		{"plain", "---\ntitle: 甲\n---\n正文\n", "甲", "正文\n", 4, ""},
		{"blank before", "\n\n---\ntitle: 甲\n---\n正文\n", "甲", "正文\n", 6, ""},
		{"blanks after the fence", "--- \ntitle: 甲\n---\t\n正文", "甲", "正文", 4, ""},
		{"rule in the body", "---\ntitle: 甲\n---\n一\n\n---\n\n二\n", "甲", "一\n\n---\n\n二\n", 4, ""},
		{"no body", "---\ntitle: 甲\n---", "甲", "", 4, ""},
		{"empty front matter", "---\n---\n正文\n", "", "正文\n", 3, "is required"},
		{"four dashes", "----\ntitle: 甲\n----\n正文\n", "甲", "正文\n", 4, "not: \"----\""},
		{"near miss before a rule", "---\ntitle: 甲\n－－－\n一\n\n---\n\n二\n", "甲", "一\n\n---\n\n二\n", 4, "a.md:3:1: error"},
		{"rule within a block scalar", "---\ntitle: 甲\neditorNote: |\n  一\n  ---\n  二\n---\n正文\n", "甲", "正文\n", 8, ""},
		{"dashes within a block scalar", "---\ntitle: 甲\neditorNote: |\n  一\n  ----\n  二\n---\n正文\n", "甲", "正文\n", 8, ""},
		{"unclosed", "---\ntitle: 甲\nsource: 乙\n\n正文\n", "甲", "\n正文\n", 4, "a.md:4: error: the front matter is not closed"},
		{"unclosed to the end", "---\ntitle: 甲\n", "甲", "", 3, "a.md:2: error: the front matter is not closed"},
		{"no opening", "title: 甲\n---\n正文\n", "甲", "正文\n", 3, "a.md:1:1: error: no line ---"},
		{"none", "正文\n", "", "正文\n", 1, "a.md:1:1: error: no front matter"},
		{"none, with a rule", "正文\n\n---\n\n再\n", "", "正文\n\n---\n\n再\n", 1, "no front matter"},
		{"empty", "", "", "", 1, "a.md: error: the file is empty"},
		{"blank", " \n\n", "", "", 1, "a.md: error: the file is empty"},
		{"TOML", "+++\ntitle = 1\n+++\n", "", "+++\ntitle = 1\n+++\n", 1, "TOML"},
		{"JSON", "{\n\"title\": 1\n}\n", "", "{\n\"title\": 1\n}\n", 1, "JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := File{Path: "content/c/a.md", Text: []byte(c.text)}
			front, body, list := split(f)
			v, more := FrontMatter.Read(front)
			list.Add(more...)
			_, all := Parse(File{Path: f.Path, Text: f.Text, Required: DefaultRequired})
			got := show(t, all)
			if v.Text("title") != c.title || strings.TrimSpace(string(body.Text)) != strings.TrimSpace(c.body) || int32(body.Line) != c.line {
				t.Errorf("title %q, body %q from line %d", v.Text("title"), body.Text, body.Line)
			}
			if c.problem == "" && len(list) > 0 || !strings.Contains(got, c.problem) {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestIDsAndSlugs(t *testing.T) {
	for _, c := range []struct{ path, front, id, slug, problem string }{
		{"content/c/a.md", "", hashID("c/a"), "a", ""},
		{"content/c/通知.md", "", hashID("c/通知"), hashID("c/通知"), ""},
		{"content/c/hd/index.md", "", hashID("c/hd"), "hd", ""},
		{"content/c/a.md", "id: abcdefghij", "abcdefghij", "a", ""},
		{"content/c/通知.md", "id: abcdefg234", "abcdefg234", "abcdefg234", ""},
		{"content/c/a.md", "aliases: [/x.html, /y.html]", hashID("/x.html"), "a", ""},
		{"content/c/a.md", "slug: b-2_c.d", hashID("c/a"), "b-2_c.d", ""},
		{"content/c/con.md", "", hashID("c/con"), hashID("c/con"), ""},
		{"content/c/a.md", "id: ABCDEFGHIJ", hashID("c/a"), "a", "bad id"},
		{"content/c/a.md", "id: abcdefgh18", hashID("c/a"), "a", "bad id"},
		{"content/c/a.md", "id: abc", hashID("c/a"), "a", "bad id"},
		{"content/c/a.md", "slug: 通知", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: a/b", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: ../b", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: _b", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: b.", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: index", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: NUL.x", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: com1", hashID("c/a"), hashID("c/a"), "bad slug"},
		{"content/c/a.md", "slug: " + strings.Repeat("x", 121), hashID("c/a"), hashID("c/a"), "bad slug"},
	} {
		a, problems := parse(t, c.path, "---\ntitle: 甲\ndate: 2025-09-01\nsource: 乙\n"+c.front+"\n---\n正文\n")
		if a.ID != c.id || a.Slug != c.slug || (problems == "") != (c.problem == "") || !strings.Contains(problems, c.problem) {
			t.Errorf("%s %s: id %s, slug %s, %s", c.path, c.front, a.ID, a.Slug, problems)
		}
		if !validID(a.ID) || !validSlug(a.Slug) {
			t.Errorf("%s %s: id %q, slug %q", c.path, c.front, a.ID, a.Slug)
		}
	}
	// Neither title nor date is in an id, nor is the extension.
	if len(hashID("c/a")) != 10 || hashID("c/a") != "pho4ofwbrf" {
		t.Errorf("ids change: %s; counts and feeds of every site would be lost", hashID("c/a"))
	}
}

// A key that says the same, or the dateline, stands in for one that a column asks for.
func TestRequired(t *testing.T) {
	required := []string{"firstReviewer", "thirdReviewer", "reviewers", "correspondents", "correspondentUnit"}
	for text, want := range map[string]int{
		"---\nreviewers: {first: 甲, third: 乙}\n---\n中國甘肅在線訊(瓜州縣柳園鎮:李惠玲) 正文\n": 0,
		"---\n一审: 甲\n三审: 乙\n通讯员: 丙\n通讯员单位: 丁\n---\n正文\n":                      0,
		"---\nreviewers: {second: 甲}\n---\n正文\n":                              4,
		"---\ntitle: 甲\n---\n正文\n":                                            5,
		"---\nreviewers: {frist: 甲}\n---\n正文\n":                               5, // one of them the key itself
		"---\ntitle: 甲\n\n正文\n":                                               1, // not closed: who knows
	} {
		_, problems := Parse(File{Path: "content/c/a.md", Text: []byte(text), Required: required})
		if len(problems) != want {
			t.Errorf("%q: %d problems, want %d\n%s", text, len(problems), want, show(t, problems))
		}
	}
}

func TestStatus(t *testing.T) {
	for front, want := range map[string]Status{
		"": Published, "status: 发布": Published, "draft: false": Published,
		"draft: true": Draft, "status: 草稿": Draft, "status: review": Draft,
		"status: 撤稿": Withdrawn, "status: 撤稿\ndraft: true": Withdrawn,
	} {
		if a, _ := parse(t, "content/c/a.md", "---\n"+front+"\n---\n"); a.Status != want {
			t.Errorf("%q: %v", front, a.Status)
		}
	}
}

func TestAddressesOfTheFrontMatter(t *testing.T) {
	for front, problem := range map[string]string{
		"link: https://example.com/": "", "link: /gg/": "", "sourceURL: http://example.com/a\neditorNote: 按": "",
		"link: javascript:alert(1)": "a.md:2:7: error: bad address", "link: www.example.com": "bad address", "link: //example.com/": "bad address",
		"link: 'https://'": "bad address", "sourceURL: /a": "bad address of the original", "sourceURL: data:text/html,x": "bad address of the original",
	} {
		_, problems := Parse(File{Path: "content/c/a.md", Text: []byte("---\n" + front + "\n---\n")})
		got := show(t, problems)
		if (got == "") != (problem == "") || !strings.Contains(got, problem) {
			t.Errorf("%s: %s", front, got)
		}
	}
}

func TestParseColumn(t *testing.T) {
	c, problems := ParseColumn(File{Path: "content/yw/jgdt/_index.md", Text: []byte(`---
名称: 机关动态
短标题: 动态
栏目说明: 说明
关键词: 甲、乙
版式: 图片列表
排序: 2
归档: 月
必填: 标题
专题板块x: 1
sections:
  - {title: 一, column: gg}
  - 标签: 党建
    条数: 5
---

正文。
`)})
	got := show(t, problems)
	if !strings.Contains(got, "warning") || strings.Contains(got, "error") {
		t.Error(got)
	}
	if c.Dir != "yw/jgdt" || c.Title != "机关动态" || c.Layout != "pictures" || c.Weight != 2 || c.Archive != "month" || len(c.Required) != 1 ||
		c.Required[0] != "title" || len(c.Sections) != 2 || c.Sections[1].Tag != "党建" || c.Sections[1].Count != 5 || !c.HasBody || c.Lang != "zh-Hans" {
		t.Errorf("%+v", c)
	}
	for text, want := range map[string]string{
		"---\ntitle: 甲\nrequired: [标题, 颜色]\n---\n": "required names \"颜色\"",
		"---\ndescription: 甲\n---\n":               "the column has no title",
		"---\ntitle: 甲\nlayout: link\n---\n":       "without a link",
		"---\ntitle: 甲\nlink: gg\n---\n":           "bad address",
		"":                                         "the file is empty",
	} {
		if _, problems := ParseColumn(File{Path: "content/c/_index.md", Text: []byte(text)}); !strings.Contains(show(t, problems), want) {
			t.Errorf("%q: %s", text, show(t, problems))
		}
	}
	if c, _ := ParseColumn(File{Path: "content/c/_index.md", Text: []byte("---\ntitle: 甲\nlink: /gg/\n---\n")}); c.Layout != "link" {
		t.Errorf("a column with a link has the layout %s", c.Layout)
	}
}

// FuzzParse holds whole files to what the reader of problems relies on: a place inside the file,
// words in both languages, and an article that can be used to look for more.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: 甲\ndate: 2025-09-01\nsource: 乙\n---\n\n清风网讯(通讯员: 甲、乙) 正文。\n",
		"----\ntitle：甲\n\tdate: 2025-13-01\n－－－\n正文\n", "title: 甲\n正文", "+++\na\n+++", "{\n", "---\n...\n", "---\n--- x\n", "\n\n---",
		"---\ntitle: \"强基\"工程\nsubtitle: [转载]某报\nkicker: '甲\ntags: [甲\nattachments: {a: b}\n---\n",
		"---\nreviewers:\n\tfirst: 甲\n  second：乙\n---\n", "---\ntitle: &a 甲\nsource: *a\n? [b]: c\n!x d: e\n---\n",
		"---\ntitle: 喜迎 #七一\npin: 永远\nflags: [甲, 头条]\ndate: “2025-09-01”\n---\n", "---\ntitle = 甲\n date; x\n---\n",
		"---\neditorNote: |\n  甲\n  ----\nid: x\nslug: 通知\nlink: javascript:x\n---\n<!-- page -->\n", "---\n标　题: 甲\n---\n---\n", "---\ntitle: >-\n  甲\n---\n",
		"---\nsections:\n  - {colum: x}\n  - 甲\nlayout: link\nrequired: [甲]\n---\n", "---\n- a\n- b\n---\n", "---\na: |\n\tb\n---\n", "---\n\u00a0title: 甲\n\ufeffdate: 1\n---\n",
	} {
		f.Add(s)
	}
	zone := time.FixedZone("", 8*3600)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.ToValidUTF8(text, "?")) // as source.Text returns it
		lines := strings.Split(text, "\n")
		check := func(problems diag.List) {
			for _, p := range problems {
				if p.Pos.Line > len(lines) || p.Pos.Line < 1 && p.Rule != &ruleEmpty {
					t.Fatalf("%v is not in the file of %d lines: %s", p.Pos, len(lines), p.Message(diag.EN))
				}
				if p.Col < 0 || p.Pos.Line > 0 && p.Col > len([]rune(lines[p.Pos.Line-1]))+1 {
					t.Fatalf("%v is not in the line %q: %s", p.Pos, lines[p.Pos.Line-1], p.Message(diag.EN))
				}
				for _, l := range []diag.Lang{diag.ZH, diag.EN} {
					if m := p.Message(l) + p.Fix(l); p.Message(l) == "" || strings.Contains(m, "%!") && !strings.Contains(text, "%!") {
						t.Fatalf("%v: %s", p.Pos, m)
					}
				}
			}
		}
		file := File{Path: "content/c/a.md", Text: []byte(text), Zone: zone, Required: []string{"title", "date", "source", "reviewers"}}
		a, problems := Parse(file)
		check(problems)
		if !validID(a.ID) || !validSlug(a.Slug) || int(a.BodyLine) > len(lines)+1 || a.BodyLine < 1 {
			t.Fatalf("id %q, slug %q, body from line %d of %d", a.ID, a.Slug, a.BodyLine, len(lines))
		}
		c, problems := ParseColumn(File{Path: "content/c/_index.md", Text: []byte(text), Zone: zone})
		check(problems)
		if c.Title == "" && problems.Count(diag.Error) == 0 {
			t.Fatal("a column without a title, and no error")
		}
		_, problems = ParseTwin(File{Path: "content/c/a.zh-hant.md", Text: []byte(text), Zone: zone})
		check(problems)
	})
}

func TestWhatTheFrontMatterSaysInVain(t *testing.T) {
	for front, want := range map[string]string{
		"visibility: internal": `error: "visibility" does not keep an article from the public [audience]`,
		"internal: true":       "[audience]", "内部: true": "[audience]", "密级: 秘密": "[audience]",
		"publishDate: 2026-12-01\nexpiryDate: 2026-11-01": "a.md:6:13: error: the article expires before it appears",
		"withdrawnNotice: 已撤":                             "warning: a withdrawal notice, but the article is not withdrawn",
		"link: https://a.example/":                        "warning: an article with link has no page",
	} {
		text := "---\ntitle: 题\ndate: 2026-01-01\nsource: 本网\n" + front + "\n---\n\n正文。\n"
		_, problems := Parse(File{Path: "content/c/a.md", Text: []byte(text), Required: DefaultRequired})
		if got := show(t, problems); !strings.Contains(got, want) {
			t.Errorf("%s: %s", front, got)
		}
	}
}
