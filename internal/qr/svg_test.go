package qr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const typical = "https://www.example.gov.cn/djyw/2025/jt7q2mzk4a.html?from=qr&edition=hant-1" // 75 characters

func Example() {
	code, err := Encode([]byte("01234567"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", code.AppendSVG(nil, "党建 & 群团"))
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Print("██")
			} else {
				fmt.Print("░░")
			}
		}
		fmt.Println()
	}
	// Output:
	// <svg class="qr" role="img" viewBox="0 0 29 29" shape-rendering="crispEdges"><title>党建 &amp; 群团</title><rect width="29" height="29" fill="#fff"/><path fill="none" stroke="#000" d="M4 4.5h7m2 0h1m1 0h2m1 0h7m-21 1h1m5 0h1m2 0h4m1 0h1m5 0h1m-21 1h1m1 0h3m1 0h1m1 0h1m5 0h1m1 0h3m1 0h1m-21 1h1m1 0h3m1 0h1m1 0h2m4 0h1m1 0h3m1 0h1m-21 1h1m1 0h3m1 0h1m1 0h1m1 0h3m1 0h1m1 0h3m1 0h1m-21 1h1m5 0h1m1 0h1m3 0h1m1 0h1m5 0h1m-21 1h7m1 0h1m1 0h1m1 0h1m1 0h7m-13 1h1m2 0h2m-13 1h1m1 0h5m2 0h1m2 0h1m1 0h5m-16 1h1m1 0h1m1 0h2m1 0h1m1 0h1m2 0h1m1 0h2m-17 1h1m3 0h2m1 0h1m1 0h1m1 0h1m2 0h5m-17 1h1m4 0h1m5 0h4m-16 1h6m2 0h1m1 0h1m2 0h1m-9 1h1m1 0h5m2 0h2m-19 1h7m2 0h2m1 0h1m1 0h2m-16 1h1m5 0h1m1 0h1m1 0h5m3 0h1m1 0h1m-21 1h1m1 0h3m1 0h1m1 0h1m3 0h1m2 0h1m1 0h2m-19 1h1m1 0h3m1 0h1m1 0h2m2 0h1m2 0h1m-16 1h1m1 0h3m1 0h1m1 0h1m1 0h2m1 0h1m2 0h1m1 0h1m-19 1h1m5 0h1m8 0h2m1 0h2m-20 1h7m1 0h4m1 0h1m2 0h1m1 0h1"/></svg>
	// ██████████████░░░░██░░████░░██████████████
	// ██░░░░░░░░░░██░░░░████████░░██░░░░░░░░░░██
	// ██░░██████░░██░░██░░░░░░░░░░██░░██████░░██
	// ██░░██████░░██░░████░░░░░░░░██░░██████░░██
	// ██░░██████░░██░░██░░██████░░██░░██████░░██
	// ██░░░░░░░░░░██░░██░░░░░░██░░██░░░░░░░░░░██
	// ██████████████░░██░░██░░██░░██████████████
	// ░░░░░░░░░░░░░░░░██░░░░████░░░░░░░░░░░░░░░░
	// ██░░██████████░░░░██░░░░██░░██████████░░░░
	// ░░░░░░██░░██░░████░░██░░██░░░░██░░████░░░░
	// ░░░░██░░░░░░████░░██░░██░░██░░░░██████████
	// ░░░░░░░░██░░░░░░░░██░░░░░░░░░░████████░░░░
	// ░░░░░░████████████░░░░██░░██░░░░██░░░░░░░░
	// ░░░░░░░░░░░░░░░░██░░██████████░░░░████░░░░
	// ██████████████░░░░████░░██░░████░░░░░░░░░░
	// ██░░░░░░░░░░██░░██░░██████████░░░░░░██░░██
	// ██░░██████░░██░░██░░░░░░██░░░░██░░████░░░░
	// ██░░██████░░██░░████░░░░██░░░░██░░░░░░░░░░
	// ██░░██████░░██░░██░░████░░██░░░░██░░██░░░░
	// ██░░░░░░░░░░██░░░░░░░░░░░░░░░░████░░████░░
	// ██████████████░░████████░░██░░░░██░░██░░░░
}

func TestElement(t *testing.T) {
	c := mustEncode(t, []byte(typical))
	for title, want := range map[string]string{
		"手机阅读":             `<svg class="qr" role="img" viewBox="0 0 45 45" shape-rendering="crispEdges"><title>手机阅读</title><rect width="45" height="45" fill="#fff"/><path fill="none" stroke="#000" d="M4 4.5h7m`,
		"":                 `<svg class="qr" aria-hidden="true" viewBox="0 0 45 45" shape-rendering="crispEdges"><rect width="45" height="45" fill="#fff"/><path fill="none" stroke="#000" d="M4 4.5h7m`,
		`"a" <b> & </svg>`: `<svg class="qr" role="img" viewBox="0 0 45 45" shape-rendering="crispEdges"><title>"a" &lt;b&gt; &amp; &lt;/svg&gt;</title><rect width="45"`,
	} {
		if got := string(c.AppendSVG(nil, title)); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, `"/></svg>`) {
			t.Errorf("title %q: %s", title, got)
		}
	}
}

// The example of the package comment is what it says.
func TestCommentIsTrue(t *testing.T) {
	c := mustEncode(t, []byte("https://example.gov.cn/djyw/2025/jt7q2mzk4a.html"))
	const want = `<svg class="qr" role="img" viewBox="0 0 41 41" shape-rendering="crispEdges"><title>用手机阅读本页</title>`
	if got := string(c.AppendSVG(nil, "用手机阅读本页")); !strings.HasPrefix(got, want) {
		t.Errorf("got %.150s…", got)
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	c := mustEncode(t, []byte(typical))
	alone := string(c.AppendSVG(nil, "t"))
	if got := string(c.AppendSVG([]byte("<p>"), "t")); got != "<p>"+alone {
		t.Errorf("got %.40s…", got)
	}
	room := make([]byte, 3, 100_000)
	if got := c.AppendSVG(room, "t"); &got[0] != &room[0] || string(got[3:]) != alone {
		t.Error("room in dst was not used")
	}
}

func TestBlackIsTheDrawing(t *testing.T) {
	for _, n := range []int{5, 75, 300} {
		c, err := Encode([]byte(addresses["utf-8"][:n]))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := drawing(c.AppendSVG(nil, ""))
		if err != nil {
			t.Fatal(err)
		}
		for y := -quiet; y < c.Size+quiet; y++ {
			for x := -quiet; x < c.Size+quiet; x++ {
				want := x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.Black(x, y)
				at := picture.GrayAt((x+quiet)*pixels+pixels/2, (y+quiet)*pixels+pixels/2)
				if got := at.Y == 0; got != want {
					t.Fatalf("version %d, module %d,%d: drawn dark %v, want %v", versionOf(c), x, y, got, want)
				}
			}
		}
	}
}

// Whatever the title, the element is one element to an XML and to an HTML parser,
// and the title is its text.
func TestAnyTitleIsText(t *testing.T) {
	c := mustEncode(t, []byte("x"))
	for title, want := range map[string]string{
		"党建":                                     "党建",
		"a < b && c > d &amp; &lt;":              "a < b && c > d &amp; &lt;",
		"</title></svg><script>":                 "</title></svg><script>",
		"]]> <!-- <![CDATA[ <?x?> -->":           "]]> <!-- <![CDATA[ <?x?> -->",
		"nul \x00 bell \a cr \r\n\tx":            "nul \ufffd bell \ufffd cr \ufffd\n\tx",
		"bad \xff utf-8 \xe5\x85":                "bad \ufffd utf-8 \ufffd\ufffd",
		"\ufffe \U0001ffff \ufdd0 \u0085 \u007f": "\ufffd \ufffd \ufffd \ufffd \ufffd",
		"𠮷\u3000\u00a0":                          "𠮷\u3000\u00a0",
	} {
		svg := c.AppendSVG(nil, title)
		var element struct {
			XMLName xml.Name   `xml:"svg"`
			Title   []string   `xml:"title"`
			Rect    []struct{} `xml:"rect"`
			Path    []struct{} `xml:"path"`
			Other   []struct{} `xml:",any"`
		}
		if err := xml.Unmarshal(svg, &element); err != nil {
			t.Errorf("%q: %v", title, err)
		} else if len(element.Title) != 1 || element.Title[0] != want || len(element.Rect) != 1 || len(element.Path) != 1 || element.Other != nil {
			t.Errorf("%q: read as XML %+v", title, element)
		}
		root, err := html.Parse(strings.NewReader("<!doctype html><title>p</title><main>" + string(svg) + "</main>"))
		if err != nil {
			t.Fatal(err)
		}
		var names, texts []string
		for n := range root.Descendants() {
			switch {
			case n.Type == html.ElementNode && n.Namespace == "svg":
				names = append(names, n.Data)
			case n.Type == html.TextNode && n.Parent.Namespace == "svg":
				texts = append(texts, n.Data)
			}
		}
		if fmt.Sprint(names) != "[svg title rect path]" || len(texts) != 1 || texts[0] != want {
			t.Errorf("%q: read as HTML %v %q", title, names, texts)
		}
	}
}

// The sizes are what the page pays: about 1.75 bytes a module.
func TestElementIsSmall(t *testing.T) {
	c := mustEncode(t, []byte(typical))
	if n := len(c.AppendSVG(nil, "手机阅读")); c.Size != 37 || n > 2500 {
		t.Errorf("size %d, %d bytes; want 37 and at most 2500", c.Size, n)
	}
}

func TestPathMergesRuns(t *testing.T) {
	c := mustEncode(t, []byte(typical))
	runs := 0
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) && (x == 0 || !c.Black(x-1, y)) {
				runs++
			}
		}
	}
	path := c.appendPath(nil)
	if n := bytes.Count(path, []byte("h")); n != runs {
		t.Errorf("%d lines for %d runs", n, runs)
	}
	if n := bytes.Count(path, []byte("m")); n != runs-1 {
		t.Errorf("%d moves for %d runs", n, runs)
	}
}

func BenchmarkSVG(b *testing.B) {
	data, dst := []byte(typical), make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		c, err := Encode(data)
		if err != nil {
			b.Fatal(err)
		}
		dst = c.AppendSVG(dst[:0], "用手机阅读本页")
	}
	b.ReportMetric(float64(len(dst)), "svgB")
}

func BenchmarkLargest(b *testing.B) {
	data := bytes.Repeat([]byte("k"), 2331)
	for b.Loop() {
		if _, err := Encode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLayout(b *testing.B) {
	for b.Loop() {
		newLayout(5)
	}
}
