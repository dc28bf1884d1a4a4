package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhendi/internal/article"
	"zhendi/internal/build"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
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
		"<!-- table: article -->":     keyTable(&article.FrontMatter),
		"<!-- table: reviewers -->":   keyTable(sub(&article.FrontMatter, "reviewers")),
		"<!-- table: attachments -->": keyTable(sub(&article.FrontMatter, "attachments")),
		"<!-- table: column -->":      keyTable(&article.ColumnFrontMatter),
		"<!-- table: sections -->":    keyTable(sub(&article.ColumnFrontMatter, "sections")),
		"<!-- table: site -->":        keyTable(&config.Schema),
		"<!-- table: modules -->":     valueTable(sub(&config.Schema, "home"), "module"),
		"<!-- table: editions -->":    keyTable(sub(&config.Schema, "editions")),
		"<!-- table: targets -->":     keyTable(sub(&config.Schema, "targets")),
		"<!-- table: bucket -->":      keyTable(sub(sub(&config.Schema, "targets"), "s3")),
		"<!-- table: views -->":       keyTable(sub(&config.Schema, "views")),
		"<!-- table: terms -->":       keyTable(&build.Terms),
		"<!-- table: pairs -->":       keyTable(sub(&build.Terms, "pairs")),
		"<!-- commands -->":           commandText(),
	}
	files, err := filepath.Glob("../../content/bjzn/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no manual", err)
	}
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
