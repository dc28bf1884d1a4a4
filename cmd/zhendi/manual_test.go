package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zhendi/internal/article"
	"zhendi/internal/build"
	"zhendi/internal/check"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/site"
)

// TestManual holds the editors' manual against the code: the tables of keys are those of
// the schemas, the commands those of the command. With -update it writes them.
func TestManual(t *testing.T) {
	sub := func(s *fields.Schema, name string) *fields.Schema {
		for _, f := range s.Fields {
			if f.Name == name {
				return f.Sub
			}
		}
		t.Fatalf("no field %s", name)
		return nil
	}
	parts := map[string]string{
		"<!-- table: article -->":      keyTable(&article.FrontMatter),
		"<!-- table: reviewers -->":    keyTable(sub(&article.FrontMatter, "reviewers")),
		"<!-- table: attachments -->":  keyTable(sub(&article.FrontMatter, "attachments")),
		"<!-- table: column -->":       keyTable(&article.ColumnFrontMatter),
		"<!-- table: sections -->":     keyTable(sub(&article.ColumnFrontMatter, "sections")),
		"<!-- table: site -->":         keyTable(&config.Schema),
		"<!-- table: modules -->":      valueTable(sub(&config.Schema, "home"), "module"),
		"<!-- table: editions -->":     keyTable(sub(&config.Schema, "editions")),
		"<!-- table: targets -->":      keyTable(sub(&config.Schema, "targets")),
		"<!-- table: bucket -->":       keyTable(sub(sub(&config.Schema, "targets"), "s3")),
		"<!-- table: views -->":        keyTable(sub(&config.Schema, "views")),
		"<!-- table: terms -->":        keyTable(&build.Terms),
		"<!-- table: pairs -->":        keyTable(sub(&build.Terms, "pairs")),
		"<!-- table: words -->":        keyTable(sub(&build.Terms, "words")),
		"<!-- table: phrases -->":      keyTable(sub(&build.Terms, "phrases")),
		"<!-- table: retired -->":      keyTable(&site.RetiredFields),
		"<!-- table: retired pair -->": keyTable(sub(&site.RetiredFields, "redirects")),
		"<!-- table: reviewing -->":    keyTable(&check.Reviewers),
		"<!-- table: sources -->":      keyTable(&check.Sources),
		"<!-- table: check -->":        keyTable(sub(&config.Schema, "check")),
		"<!-- rules -->":               ruleTable(),
		"<!-- table: report -->":       jsonTable(reflect.TypeOf(diag.Report{})),
		"<!-- table: problem -->":      jsonTable(reflect.TypeOf(diag.ReportProblem{})),
		"<!-- table: edit -->":         jsonTable(reflect.TypeOf(diag.ReportEdit{})),
		"<!-- commands -->":            commandText(),
	}
	for _, name := range []string{"github.yml", "gitlab.yml", "gitea.yml", "gitee.yml", "gitee-pr.yml", "gitee-rollback.yml", "github-views.yml", "github-rollback.yml", "views.sh.txt"} {
		text, err := os.ReadFile(filepath.Join(recipesDir, name))
		if err != nil {
			t.Fatal(err)
		}
		parts["<!-- file: "+name+" -->"] = "```" + map[string]string{".yml": "yaml", ".txt": "sh"}[filepath.Ext(name)] + "\n" + string(text) + "```\n"
	}
	files := manualPages(t)
	found := map[string]bool{}
	for _, name := range files {
		old, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(old)
		for mark, want := range parts {
			head, rest, ok := strings.Cut(text, mark+"\n")
			if !ok {
				continue
			}
			found[mark] = true
			_, after, _ := strings.Cut(rest, "<!-- end -->")
			if !strings.Contains(rest, "<!-- end -->") {
				after = rest
			}
			text = head + mark + "\n\n" + want + "\n<!-- end -->" + after
		}
		if text == string(old) {
			continue
		}
		if !*update {
			t.Errorf("%s is not as the code has it: run go test ./cmd/zhendi -run TestManual -update", name)
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for mark := range parts {
		if !found[mark] {
			t.Errorf("the manual has no place %s", mark)
		}
	}
}

// manualPages lists the files of the manual.
func manualPages(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob("../../content/bjzn/*.md")
	bundles, _ := filepath.Glob("../../content/bjzn/*/index.md")
	if len(files) == 0 || len(bundles) == 0 {
		t.Fatal("no manual")
	}
	return append(files, bundles...)
}

// keyTable shows a schema as a Markdown table.
func keyTable(s *fields.Schema) string {
	kinds := [...]string{
		fields.Line: "一行文字", fields.Text: "文字", fields.Texts: "列表", fields.Time: "日期", fields.Bool: "true 或 false",
		fields.Until: "true、false 或日期", fields.Int: "整数", fields.Enum: "一个词", fields.Enums: "列表", fields.Group: "下一级的键",
		fields.Groups: "列表", fields.Named: "下一级的名称", fields.Any: "任意",
	}
	var b strings.Builder
	b.WriteString("| 键 | 其他写法 | 内容 | 含义 |\n|---|---|---|---|\n")
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, codes(f.Also), kinds[f.Kind], f.Doc)
	}
	return b.String()
}

// valueTable shows the values of an enumeration.
func valueTable(s *fields.Schema, name string) string {
	var b strings.Builder
	b.WriteString("| 值 | 其他写法 |\n|---|---|\n")
	for _, f := range s.Fields {
		if f.Name == name {
			for _, v := range f.Values {
				fmt.Fprintf(&b, "| `%s` | %s |\n", v.Name, codes(v.Also))
			}
		}
	}
	return b.String()
}

func codes(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "`" + n + "`"
	}
	return strings.Join(out, " ")
}

// commandText shows the help of every command.
func commandText() string {
	var b strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&b, "## zhendi %s\n\n```text\n%s\n```\n\n", c.name, c.usage.In(diag.ZH))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// ruleTable shows the rules of check.
func ruleTable() string {
	var b strings.Builder
	b.WriteString("| 规则 | 轻重 | 查什么 | 修改 |\n|---|---|---|---|\n")
	for _, a := range check.Analysers() {
		severity := a.Severity.In(diag.ZH)
		if a.Off {
			severity = "默认不查"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", a.ID, severity, a.Name.ZH, strings.NewReplacer("--", "`--", " 可改", "`").Replace(mending(a, diag.ZH)))
	}
	return b.String()
}

// meanings are what the members of the JSON report say.
var meanings = map[string]string{
	"version": "这种格式的版本，现为 1", "tool": "程序与版本", "articles": "看过的稿件数", "errors": "错误数", "warnings": "警告数", "infos": "提示数",
	"problems": "各处问题，按文件与行排列", "rule": "规则编号", "severity": "error、warning 或 info", "file": "文件，从网站文件夹算起",
	"line": "行，从 1 数起；0 表示整个文件", "column": "列，从 1 数起，按字数；0 表示整行", "length": "从这一列起的字数；0 表示不详", "excerpt": "这一行的原文，太长时只取前后",
	"message": "哪里不对", "fix": "怎样改；可能为空", "edits": "程序可以代改的地方；空表示要人来改",
	"endLine": "改到哪一行", "endColumn": "改到哪一列之前", "text": "换成的文字",
}

// jsonTable shows the members of a JSON object.
func jsonTable(t reflect.Type) string {
	var b strings.Builder
	b.WriteString("| 成员 | 类型 | 含义 |\n|---|---|---|\n")
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("json")
		kind := map[reflect.Kind]string{reflect.Int: "整数", reflect.String: "字符串", reflect.Slice: "数组"}[f.Type.Kind()]
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, kind, meanings[name])
	}
	return b.String()
}
