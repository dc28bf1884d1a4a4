package article

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"zhendi/internal/diag"
)

var update = flag.Bool("update", false, "write the results of the golden tests")

// TestGolden compares every view of a text with the one that a human has read: see
// testdata/README.md.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/markdown/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: ar.Comment, Files: []txtar.File{{Name: "in.md", Data: file(ar, "in.md")}}}
			views(t, got)
			if *update {
				if err := os.WriteFile(name, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(ar)), string(txtar.Format(got))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// views adds to ar what becomes of its in.md.
func views(t *testing.T, ar *txtar.Archive) {
	words := strings.Fields(string(ar.Comment))
	has := func(word string) bool {
		for _, w := range words {
			if w == "["+word+"]" {
				return true
			}
		}
		return false
	}
	opt := Options{Numbering: has("numbering"), Traditional: has("traditional"), Resolve: goldenResolve,
		PartURL: func(part int) string { return fmt.Sprintf("p%d.html", part+1) }}
	src := Source{File: "in.md", Line: 1, Text: ar.Files[0].Data}
	body, problems := Render(src, opt)

	var out, outline, list strings.Builder
	for i, p := range body.Parts {
		checkHTML(t, p)
		if len(body.Parts) > 1 {
			fmt.Fprintf(&out, "=== part %d\n", i)
		}
		out.WriteString(p)
	}
	for _, h := range body.Outline {
		fmt.Fprintf(&outline, "%d %d #%s %s\n", h.Part, h.Level, h.ID, h.Text)
	}
	for _, p := range problems {
		fmt.Fprintf(&list, "%d:%d %s %s: %s → %s\n", p.Pos.Line, p.Col, p.Rule.Severity.In(diag.EN), p.Rule.ID, p.Message(diag.ZH), p.Fix(diag.ZH))
	}
	h, line := Scan(src)
	head := fmt.Sprintf("excerpt: %s\n", h.Excerpt)
	if line.Agency != "" {
		head += fmt.Sprintf("dateline: %s | %s | %s\n", line.Agency, line.Unit, strings.Join(line.Names, " "))
	}
	if h.Image != "" {
		head += "image: " + h.Image + "\n"
	}
	if h.Parts != len(body.Parts) {
		t.Errorf("Scan says %d parts, there are %d", h.Parts, len(body.Parts))
	}
	for _, f := range []txtar.File{{Name: "out.html", Data: []byte(out.String())}, {Name: "outline", Data: []byte(outline.String())},
		{Name: "problems", Data: []byte(list.String())}, {Name: "head", Data: []byte(head)}} {
		if len(f.Data) > 0 {
			ar.Files = append(ar.Files, f)
		}
	}
}

func file(ar *txtar.Archive, name string) []byte {
	for _, f := range ar.Files {
		if f.Name == name {
			return bytes.Clone(f.Data)
		}
	}
	return nil
}

// goldenResolve stands for a site: gone.md was deleted, missing.jpg is not there,
// http is outside, pictures are 800 by 600.
func goldenResolve(dest string, image bool) (Link, *diag.Problem) {
	missing := diag.Rule{ID: "missing", ZH: "没有文件 %[1]s", EN: "no file %[1]s"}
	switch {
	case strings.HasPrefix(dest, "missing"):
		p := missing.At(diag.Pos{}, dest)
		return Link{Gone: true}, &p
	case dest == "gone.md":
		return Link{Gone: true}, nil
	case strings.Contains(dest, "//"):
		return Link{URL: dest, External: true}, nil
	case image:
		return Link{URL: "/img/" + dest, Width: 800, Height: 600}, nil
	}
	return Link{URL: "/" + strings.TrimSuffix(dest, ".md") + ".html"}, nil
}
