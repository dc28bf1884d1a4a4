package fields

import (
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
)

var testSub = Schema{Of: diag.T("附件", "attachment"), Fields: []Field{{Name: "file"}, {Name: "title"}}}

var testSchema = Schema{
	Of: diag.T("front matter", "front matter"),
	Fields: []Field{
		{Name: "title", Also: []string{"标题"}},
		{Name: "publishDate", Also: []string{"定时发布"}, Kind: Time},
		{Name: "tags", Also: []string{"标签"}, Kind: Texts},
		{Name: "editorNote", Kind: Text},
		{Name: "draft", Kind: Bool},
		{Name: "pin", Kind: Int},
		{Name: "status", Kind: Enum, Values: []EnumValue{{"draft", []string{"草稿"}}, {"published", nil}}},
		{Name: "attachments", Kind: Groups, Sub: &testSub},
		{Name: "reviewers", Kind: Group, Sub: &testSub},
		{Name: "editions", Kind: Named, Sub: &testSub},
		{Name: "until", Kind: Until},
		{Name: "flags", Kind: Enums, Values: []EnumValue{{"draft", []string{"草稿"}}}},
		{Name: "params", Kind: Any},
	},
}

func read(t *testing.T, text string) (Values, string) {
	t.Helper()
	v, problems := testSchema.Read(Record{File: "a.md", Line: 2, Text: []byte(text), Zone: time.FixedZone("", 8*3600)})
	problems.Sort()
	var b strings.Builder
	if err := problems.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return v, b.String()
}

func TestReadsEverySpellingOfAKey(t *testing.T) {
	for _, key := range []string{"publishDate", "publish_date", "publish-date", "publishdate", "定时发布"} {
		v, problems := read(t, key+": 2025-09-01 08:22\n")
		if problems != "" || v.Get("publishDate").Time.Unix() != time.Date(2025, 9, 1, 0, 22, 0, 0, time.UTC).Unix() {
			t.Errorf("%s: %v %s", key, v.Get("publishDate").Time, problems)
		}
	}
}

func TestTypesComeFromTheSchema(t *testing.T) {
	v, problems := read(t, `title: 007
tags: 党建、惠民, 品牌
editorNote: |
  第一行
  第二行
draft: 是
pin: 3
status: 草稿
attachments:
  - 办法.docx
  - {file: 表.xlsx, title: 报名表}
reviewers: {file: 甲}
editions: {hant: 乙}
params: {a: [1, true, x], b: ~}
`)
	if problems != "" {
		t.Fatal(problems)
	}
	if v.Text("title") != "007" || strings.Join(v.Get("tags").Texts(), "|") != "党建|惠民|品牌" ||
		v.Text("editorNote") != "第一行\n第二行" || !v.Get("draft").Bool || v.Get("pin").Int != 3 || v.Text("status") != "draft" {
		t.Errorf("%+v", v)
	}
	at := v.Get("attachments").Groups
	if len(at) != 2 || at[0].Text("file") != "办法.docx" || at[1].Text("title") != "报名表" || v.Group("reviewers").Text("file") != "甲" {
		t.Errorf("%+v", at)
	}
	if e := v.Get("editions").Groups; len(e) != 1 || e[0].Name != "hant" || e[0].Text("file") != "乙" {
		t.Errorf("%+v", e)
	}
	if m := v.Get("params").Any.(map[string]any); m["a"].([]any)[0] != 1 || m["a"].([]any)[1] != true || m["b"] != nil {
		t.Errorf("%+v", m)
	}
}

// What a reader of pages or of the cache gets is JSON, which has neither.
func TestNumbersThatAreNoneStayTexts(t *testing.T) {
	v, problems := read(t, "params: {a: !!float nan, b: !!float inf, c: .nan, d: 0.5}\n")
	if m := v.Get("params").Any.(map[string]any); problems != "" || m["a"] != "nan" || m["b"] != "inf" || m["c"] != ".nan" || m["d"] != 0.5 {
		t.Error(problems, m)
	}
}

func TestEmptyIsNotSet(t *testing.T) {
	v, problems := read(t, "title: \"\"\ntags: []\nreviewers: {}\npin:\neditorNote: ~\n")
	if problems != "" {
		t.Fatal(problems)
	}
	for _, n := range []string{"title", "tags", "reviewers", "pin", "editorNote"} {
		if v.Get(n).Set {
			t.Errorf("%s is set", n)
		}
		if v.Get(n).Key.Line == 0 {
			t.Errorf("%s: place of the key unknown", n)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // parts that must occur, in this order
		not        string
	}{
		{"near key", "titel: x\n", []string{`a.md:2:1: error: unknown key "titel"; did you mean "title"? [unknown-key]`, "→ write title"}, ""},
		{"near key by swap", "tgas: x\n", []string{`did you mean "tags"`}, ""},
		{"far key", "colour: red\n", []string{`a.md:2:1: warning: unknown key "colour" is ignored`}, "error"},
		{"short key is not near everything", "url: x\n", []string{"warning"}, "error"},
		{"twice", "title: a\ntags: b\n标题: c\n", []string{`a.md:4:1: error: key "标题" is given twice (first on line 2)`}, ""},
		{"wide colon", "title：甲\ntags: b\n", []string{"a.md:2:6: error: full-width colon", "`title: 甲`"}, ""},
		{"wide colon alone", "标题：甲\n", []string{"a.md:2:3: error: full-width colon"}, ""},
		{"no space", "title:甲\ntags: b\n", []string{"a.md:2:6: error: no space after the colon"}, ""},
		{"tab", "reviewers:\n\tfile: 甲\ntitel: x\n", []string{"a.md:3:1: error: the line is indented with a tab", "a.md:4:1: error: unknown key"}, ""},
		{"colon in value", "title: 通知: 关于开会\n", []string{"a.md:2:10: error: the value of \"title\" contains", "'通知: 关于开会'"}, ""},
		{"curly quotes", "title: “通知: 关于”\n", []string{"curly quotes do not count", "'“通知: 关于”'"}, ""},
		{"at sign", "title: @全体\n", []string{`a.md:2:8: error: the value of "title" starts with "@"`}, ""},
		{"all at once", "title：甲\npublishDate: 2025-13-01\nstatus: 发布了\npin: 多\n",
			[]string{"a.md:2:6", `a.md:3:14: error: publishDate: bad date "2025-13-01": no such month [date]`, "a.md:4:9", "draft(草稿), published", "a.md:5:6", "whole number"}, ""},
		{"open quote", "title: '甲\ntitel: x\n", []string{"a.md:2:8: error: the quote of \"title\" is not closed", "→ write ' where", "a.md:3:1: error: unknown key"}, ""},
		{"open double quote at the end", "tags: x\ntitle: \"甲\n", []string{"a.md:3:8: error: the quote of \"title\" is not closed"}, "[yaml]"},
		{"open bracket", "tags: [甲, 乙\ntitel: x\n", []string{"a.md:2:7: error: the bracket of \"tags\" is not closed", "a.md:3:1: error: unknown key"}, ""},
		{"list over lines is no slip", "tags: [甲,\n  乙]\ntitle：x\n", []string{"a.md:4:6: error: full-width colon"}, "a.md:2"},
		{"quote over lines is no slip", "title: '甲\n  乙'\ntags：x\n", []string{"a.md:4:5: error: full-width colon"}, "a.md:2"},
		{"quotes within the text", "title: \"强基\"工程启动\n", []string{"a.md:2:8: error: the value of \"title\" starts with \"\\\"\"", "write `title: '\"强基\"工程启动'`"}, ""},
		{"single quotes within the text", "title: '强基'工程\n", []string{"write `title: '''强基''工程'`"}, ""},
		{"bracket in the text", "title: [转载]通知\n", []string{"a.md:2:8: error: the value of \"title\" starts with \"[\"", "'[转载]通知'"}, ""},
		{"exclamation mark", "title: !重要 通知\n", []string{"starts with \"!\"", "'!重要 通知'"}, ""},
		{"exclamation mark without blank", "title: !重要通知\n", []string{"a.md:2:8: error: the value of \"title\" starts with \"!\"", "'!重要通知'"}, ""},
		{"greater than", "title: >通知\n", []string{"starts with \">\""}, ""},
		{"dash", "title: - 通知\n", []string{"starts with \"-\""}, ""},
		{"list over lines", "flags: 草稿、\n  发布了、\n  草稿, 撤了\n", []string{"a.md:3:3: error: \"flags\" cannot be \"发布了\"", "a.md:4:7: error: \"flags\" cannot be \"撤了\""}, "a.md:2"},
		{"quoted list", "flags: \"草稿、发布了\"\n", []string{"a.md:2:12: error: \"flags\" cannot be"}, ""},
		{"lone dash", "title: -\ntags: x\n", []string{"starts with \"-\"", "`title: '-'`"}, ""},
		{"hash tag", "title: 喜迎 #七一\n", []string{"a.md:2:11: warning: \"#七一\" is a comment to YAML"}, "error"},
		{"comment", "title: 甲 # 已核对\n", nil, "a.md"},
		{"two documents", "title: 甲\n---\ntags: x\n", []string{"a.md:3: error: front matter: a second YAML document"}, ""},
		{"list for line", "title: [甲, 乙]\n", []string{`"title" must be one line of text`}, ""},
		{"mapping for list", "tags: {a: b}\n", []string{`"tags" must be a list`}, ""},
		{"alias", "title: &x 甲\ntags: *x\n", []string{"a.md:2:8: error: YAML anchors and aliases", "a.md:3:7: error: YAML anchors and aliases"}, ""},
		{"alias deep in a value", "params: {a: [&x b]}\n", []string{"a.md:2:14: error: YAML anchors and aliases"}, ""},
		{"star", "title: *强基*工程\n", []string{"starts with \"*\"", "'*强基*工程'"}, ""},
		{"equals sign", "title = 甲\ntags: x\n", []string{"a.md:2:6: error: no colon after the key \"title\"", "`title: 甲`"}, ""},
		{"semicolon", "title； 甲\ntags: x\n", []string{"a.md:2:6: error: no colon after the key \"title\"", "`title: 甲`"}, ""},
		{"indent", "title: 甲\n  publishDate: 昨天\ntags: x\n", []string{"a.md:3:1: error: needless blanks", "a.md:3:16: error: publishDate: bad date"}, ""},
		{"indent in a list", "attachments:\n  - file: a\n     title: b\n", []string{"a.md:4:1: error: needless blanks"}, "unknown"},
		{"places in lines with tabs", "reviewers:\n\t\tfiel: 甲\n", []string{"a.md:3:1: error: the line is indented with a tab", "a.md:3:3: error: unknown key"}, ""},
		{"places in mended lines", "publishDate：昨天\npin:多\n", []string{"a.md:2:12: error: full-width", "a.md:2:13: error: publishDate: bad date", "a.md:3:4: error: no space", "a.md:3:5: error"}, ""},
		{"curly date", "publishDate: “2025-09-01”\n", []string{"a.md:2:14: error: the value of \"publishDate\" stands in curly quotes", "`publishDate: 2025-09-01`"}, "bad date"},
		{"near key is not missing", "titel: 甲\n", []string{"did you mean \"title\""}, ""},
		{"for ever", "until: 永远\n", []string{"a.md:2:8: error: \"until\" must be true, false or a date"}, "bad date"},
		{"sequence", "- a\n- b\n", []string{"must be lines of `key: value`"}, ""},
		{"prose", "这是正文\n", []string{"must be lines of `key: value`"}, ""},
		{"block scalar is not searched for slips", "editorNote: |\n  甲：乙\n  a:b\ntitle：丙\n", []string{"a.md:5:6"}, "a.md:3"},
		{"bomb", "a: &a [x,x]\nparams: [*a,*a]\n", []string{"unknown key"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := read(t, c.text)
			rest := got
			for _, w := range c.want {
				i := strings.Index(rest, w)
				if i < 0 {
					t.Fatalf("no %q in\n%s", w, got)
				}
				rest = rest[i:]
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q in\n%s", c.not, got)
			}
		})
	}
}

func TestBadIsNotMissing(t *testing.T) {
	v, _ := read(t, "publishDate: 昨天\npin: [1]\ntitle:\n")
	for name, missing := range map[string]bool{"publishDate": false, "pin": false, "title": true, "tags": true} {
		if v.Missing(name) != missing {
			t.Errorf("%s: missing %v", name, !missing)
		}
	}
	if v, _ := read(t, "titel: 甲\n"); v.Missing("title") {
		t.Error("a key that was meant is missing")
	}
	if v, _ := read(t, "来　源: 甲\n标　题: 乙\n"); v.Text("title") != "乙" {
		t.Error("a padded key is not read")
	}
	for _, text := range []string{"这是正文\n", "- a\n", "title: 甲\n  b: c\n d\n"} {
		if v, problems := read(t, text); !v.Bad || v.Missing("title") || problems == "" {
			t.Errorf("%q: bad %v, title missing %v, %s", text, v.Bad, v.Missing("title"), problems)
		}
	}
	if v, _ := read(t, "# nothing\n"); v.Bad || !v.Missing("title") {
		t.Error("a record of comments is empty, not bad")
	}
}

func TestListOnOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"tags: 甲、乙": "甲|乙", "tags: [甲，乙]": "甲|乙", "tags: [甲、乙, 丙]": "甲|乙|丙", "tags: ['甲、乙', 丙]": "甲、乙|丙",
		"tags:\n  - 甲、乙\n": "甲、乙", "tags: 甲；乙, 丙": "甲|乙|丙", "tags: '甲、乙'": "甲|乙",
	} {
		v, problems := read(t, in)
		if got := strings.Join(v.Get("tags").Texts(), "|"); got != want || problems != "" {
			t.Errorf("%s: %s %s", in, got, problems)
		}
	}
}

func TestLongListsTakeLinearTime(t *testing.T) {
	for name, text := range map[string]string{
		"line": "tags: " + strings.Repeat("甲、", 1<<20), "escapes": `tags: "` + strings.Repeat(`\\u4e00、`, 1<<18) + `"`,
		"flow": "tags: [" + strings.Repeat("甲，乙,", 1<<16) + "]", "quotes": strings.Repeat("tags: '\n", 1<<16), "blank": "a: '" + strings.Repeat("\n", 1<<20),
	} {
		start := time.Now()
		read(t, text+"\n")
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

func TestClosedSchemaRejectsUnknownKeys(t *testing.T) {
	s := Schema{Of: diag.T("site.yaml", "site.yaml"), Closed: true, Fields: []Field{{Name: "name"}}}
	_, problems := s.Read(Record{File: "site.yaml", Line: 1, Text: []byte("colour: x\n")})
	if len(problems) != 1 || problems[0].Rule.Severity != diag.Error {
		t.Errorf("%v", problems)
	}
}

func TestParseTime(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for in, want := range map[string]string{
		"2025-09-01":                 "2025-09-01T00:00:00+08:00",
		"2025-9-1 8:22":              "2025-09-01T08:22:00+08:00",
		"2021-12-20 14:14:54":        "2021-12-20T14:14:54+08:00",
		"2025年9月1日":                  "2025-09-01T00:00:00+08:00",
		"2025年9月1日 8:22":             "2025-09-01T08:22:00+08:00",
		"2025年9月1日8时22分":             "2025-09-01T08:22:00+08:00",
		"２０２５年９月１日　８：２２":             "2025-09-01T08:22:00+08:00",
		"2025/9/1":                   "2025-09-01T00:00:00+08:00",
		"2025.9.1":                   "2025-09-01T00:00:00+08:00",
		"2025-09-01T08:22:05Z":       "2025-09-01T08:22:05Z",
		"2025-09-01T08:22:05+08:00":  "2025-09-01T08:22:05+08:00",
		"2025-09-01T08:22:05.5-0700": "2025-09-01T08:22:05.5-07:00",
		"2024-02-29":                 "2024-02-29T00:00:00+08:00",
	} {
		got, clock, err := ParseTime(in, zone)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v %v, want %s", in, got.Format(time.RFC3339Nano), err, want)
		}
		if clock != strings.ContainsAny(in, ":时：") {
			t.Errorf("%s: clock %v", in, clock)
		}
	}
	for in, want := range map[string]TimeError{
		"2025-13-01": errMonth, "2025-02-29": errDay, "2025-00-01": errMonth, "2025-01-00": errDay, "25-01-01": errYear,
		"2025-09-01 24:00": errClock, "2025-09-01 8:60": errClock, "昨天": errForm, "2025-09": errPart, "2025": errPart, "2025年9月": errPart, "2025-09-01x": errRest,
		"2025-09-01 08:22 CST+8": errOffset, "": errForm, "2025-09-01 8": errMinute, "20250901": errForm, "20255-09-01": errYear, "2025-09-01Z": errRest,
		"09/01/2025": errOrder, "1-9-2025": errOrder, "0000-01-01": errYear, "2025-9-1 上午8:22": errRest, "2025—09—01": errForm, "2025年九月一日": errForm,
	} {
		if _, _, err := ParseTime(in, zone); err != want {
			t.Errorf("%s: %v, want %v", in, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"title: a\n", "title：甲\ntags: [a, b\n", "params: {a: [1, {b: c}]}\n", "publishDate: 2025年13月1日\n\t- x: 'y", "? [a]: b\n", "&a x: *a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, problems := testSchema.Read(Record{File: "a.md", Line: 2, Text: b})
		for _, p := range problems {
			if p.Message(diag.ZH) == "" || strings.Contains(p.Message(diag.EN), "%!") || strings.Contains(p.Fix(diag.ZH), "%!") || p.Pos.Line < 1 {
				t.Fatalf("%v %q %q", p.Pos, p.Message(diag.EN), p.Fix(diag.ZH))
			}
		}
	})
}
