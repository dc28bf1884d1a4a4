package article

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// TestEmphasisLeavesCommonMarkAsItIs runs the examples of the specification through goldmark
// with our emphasis in place of its own.
func TestEmphasisLeavesCommonMarkAsItIs(t *testing.T) {
	data, err := os.ReadFile("testdata/commonmark-0.31.2.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Example        int
		Section        string
		Markdown, HTML string
	}
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) != 652 {
		t.Fatalf("%d examples", len(examples))
	}
	md := goldmark.New(
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(emphasisParser{}, 499))),
		goldmark.WithRendererOptions(html.WithUnsafe(), html.WithXHTML()),
	)
	for _, e := range examples {
		var b bytes.Buffer
		if err := md.Convert([]byte(e.Markdown), &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != e.HTML {
			t.Errorf("example %d (%s): %q\ngot  %q\nwant %q", e.Example, e.Section, e.Markdown, b.String(), e.HTML)
		}
	}
}
