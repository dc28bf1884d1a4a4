package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhendi/internal/article"
)

// sample is the text of the sample portal's articles, over and over: about a megabyte.
func sample(b *testing.B) (texts [][]byte, articles []*article.Article, size int64) {
	b.Helper()
	var files []string
	for _, p := range []string{"*/*.md", "*/*/*.md", "*/*/*/*.md"} {
		list, _ := filepath.Glob("../../content/" + p)
		files = append(files, list...)
	}
	for size < 1<<20 {
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				b.Fatal(err)
			}
			if strings.HasSuffix(f, "_index.md") || strings.Contains(f, "bjzn") {
				continue
			}
			a, _ := article.Parse(article.File{Path: "content/" + f, Text: text})
			texts, articles, size = append(texts, text), append(articles, a), size+int64(len(text))
		}
	}
	return texts, articles, size
}

// BenchmarkText is all text rules over articles; the bar is 20 MB/s on one core.
func BenchmarkText(b *testing.B) {
	c := everything(b, Lists{})
	texts, articles, size := sample(b)
	t := new(Text)
	b.SetBytes(size)
	for b.Loop() {
		for i, text := range texts {
			c.Text(t, "a.md", text, articles[i], articles[i].Lang == "zh-Hant")
			t.Sketch()
		}
	}
}

// BenchmarkRules is each rule alone, after the text was read.
func BenchmarkRules(b *testing.B) {
	c := everything(b, Lists{})
	texts, articles, size := sample(b)
	for _, a := range c.text {
		b.Run(a.ID, func(b *testing.B) {
			t := new(Text)
			one := *c
			one.text = []*Analyser{a}
			b.SetBytes(size)
			for b.Loop() {
				for i, text := range texts {
					one.Text(t, "a.md", text, articles[i], articles[i].Lang == "zh-Hant")
				}
			}
		})
	}
}
