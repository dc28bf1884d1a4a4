package article

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds reads the articles of real portals that lie beside the repository; their text is
// not ours to keep.
func seeds(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/" + pattern)
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("no ../shared/" + pattern)
		}
		t.Skip("no ../shared/" + pattern + " beside the repository")
	}
	texts := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(f)[:3]] = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return texts
}

// TestSeedsAsPlainText renders the pages as they were scraped: numbers alone tell the headings.
func TestSeedsAsPlainText(t *testing.T) {
	for name, text := range seeds(t, "seeds/*.txt") {
		body, _ := Render(Source{File: name, Line: 1, Text: text}, Options{Numbering: true})
		checkHTML(t, body.Parts[0])
		checkOutline(t, body)
		var levels []int
		for _, h := range body.Outline {
			levels = append(levels, h.Level)
			if !strings.ContainsAny(h.Text[:min(len(h.Text), 12)], "、)）.．") {
				t.Errorf("seed %s: heading %q", name, h.Text)
			}
		}
		count := func(level int) (n int) {
			for _, l := range levels {
				if l == level {
					n++
				}
			}
			return n
		}
		switch name {
		case "000":
			if count(2) < 3 || count(3) == 0 {
				t.Errorf("seed 0: %+v", body.Outline)
			}
		case "002":
			if count(2) != 3 || count(3) != 6 {
				t.Errorf("seed 2: %+v", body.Outline)
			}
		case "001", "004":
			if len(levels) != 0 {
				t.Errorf("seed %s: %+v", name, body.Outline)
			}
		}
		if strings.Contains(body.Parts[0], "<p></p>") || strings.Contains(body.Parts[0], "<pre>") {
			t.Errorf("seed %s: empty paragraph or code", name)
		}
	}
}

// TestSeedsDatelines finds the reporters of the two seeds that name them.
func TestSeedsDatelines(t *testing.T) {
	for name, text := range seeds(t, "seeds/*.txt") {
		var found []string
		for line := range bytes.Lines(text) {
			if d, _, ok := ParseDateline(strings.TrimSpace(string(line))); ok {
				found = append(found, d.Agency+"|"+d.Unit+"|"+strings.Join(d.Names, " "))
			}
		}
		want := map[string]int{"002": 1, "004": 1}[name]
		if len(found) != want {
			t.Errorf("seed %s: %q", name, found)
		}
		if name == "004" && len(found) == 1 && (strings.Count(found[0], " ") != 1 || !strings.Contains(found[0], "||")) ||
			name == "002" && len(found) == 1 && strings.Contains(found[0], "||") {
			t.Errorf("seed %s: %q", name, found)
		}
	}
}

// TestSeedsAsArticles renders them as a portal's content: no problem, no hand-made indent.
func TestSeedsAsArticles(t *testing.T) {
	seeds(t, "seeds-site/content/*/seed-*.md") // fails or skips where there are none
	for _, dir := range []string{"*/seed-*.md", "*/*/seed-*.md"} {
		files, _ := filepath.Glob("../../../shared/seeds-site/content/" + dir)
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			_, text, _ := bytes.Cut(data[4:], []byte("\n---\n"))
			src := Source{File: filepath.Base(f), Line: 1, Text: text}
			body, problems := Render(src, Options{})
			if len(problems) > 0 {
				t.Errorf("%s: %v", f, problems)
			}
			page := strings.Join(body.Parts, "")
			checkHTML(t, page)
			if strings.Contains(page, "<p> ") || strings.Contains(page, "<p>　") || strings.Contains(page, "<p></p>") {
				t.Errorf("%s: indent or empty paragraph", f)
			}
			if h, _ := Scan(src); h.Excerpt == "" || h.Parts != 1 {
				t.Errorf("%s: %+v", f, h)
			}
		}
	}
}
