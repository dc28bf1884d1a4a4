package article

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/go-enry/go-enry/v2"
	"github.com/go-enry/go-enry/v2/data"
)

// TestLabels holds labels.txt to what go-enry knows; -update makes it.
func TestLabels(t *testing.T) {
	var lines []string
	known := map[string]chroma.Lexer{}
	for label, name := range data.LanguageByAliasMap {
		l, asked := known[name]
		if !asked {
			l = lexers.Get(name)
			known[name] = l
		}
		if l != nil {
			lines = append(lines, label+"\t"+l.Config().Name+"\n")
		}
	}
	slices.Sort(lines)
	want := "# Labels of languages and chroma's names for them, of go-enry v2 (Apache-2.0, data of github-linguist, MIT). Made by TestLabels.\n" + strings.Join(lines, "")
	if *update {
		if err := os.WriteFile("labels.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if labels != want {
		t.Error("labels.txt is not what go-enry and chroma say: go test ./internal/article -run TestLabels -update")
	}
}

// TestLexersAreThoseOfEnry asks both, also for labels that neither knows or that are spelled oddly.
func TestLexersAreThoseOfEnry(t *testing.T) {
	list := []string{"go,linenos", "c++ ", "no such", "Go", "a\tb", "#", "objective-c++", "vim script", "x,go", ",", "makefile", "dockerfile"}
	for line := range strings.Lines(labels) {
		label, _, _ := strings.Cut(line, "\t")
		list = append(list, label)
		if strings.Contains(label, "_") {
			list = append(list, strings.ReplaceAll(label, "_", " "), strings.ToUpper(label)+", x")
		}
	}
	for _, label := range list {
		if lexerFor(label) == nil && (label == "text" || label == "txt" || label == "plain") {
			continue
		}
		var want chroma.Lexer
		if name, ok := enry.GetLanguageByAlias(label); ok {
			want = lexers.Get(name)
		}
		if want == nil {
			want = lexers.Get(label)
		}
		if got := lexerFor(label); name(got) != name(want) {
			t.Errorf("%q is %s, for enry %s", label, name(got), name(want))
		}
	}
}

func name(l chroma.Lexer) string {
	if l == nil {
		return "none"
	}
	return l.Config().Name
}
