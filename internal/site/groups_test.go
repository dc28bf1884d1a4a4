package site

import (
	"testing"

	"zhendi/internal/article"
	"zhendi/internal/config"
)

// A tag has one key in every edition, else the page of one would lead to none in the other.
func TestTagKeyOfEitherScript(t *testing.T) {
	for _, pair := range [][2]string{{"党建", "黨建"}, {"征集", "徵集"}, {"主题党日", "主題黨日"}, {"Wi-Fi", "ｗｉ－ｆｉ"}, {"著作", "著作"}} {
		if a, b := TagKey(pair[0]), TagKey(pair[1]); a != b || a == "" {
			t.Errorf("%s has the key %q, %s %q", pair[0], a, pair[1], b)
		}
	}
}

// A new article that writes a tag in another way must not rename the tag: its name stands on all
// pages of the tag, and that of a series on all its articles.
func TestNewArticleDoesNotRenameTag(t *testing.T) {
	in := Input{Config: config.Default(), Now: day(30), Columns: []*article.Column{{Path: "content/c/_index.md", Dir: "c", Title: "栏目"}}}
	for i, tag := range []string{"Wi-Fi", "wi-fi", "ＷＩ-ＦＩ"} {
		in.take(&article.Article{Entry: article.Entry{Rare: &article.Rare{Series: tag}, Path: "content/c/" + tag + ".md", Dir: "c", ID: tag, Slug: string(rune('a' + i)), Date: day(i + 1), Tags: []string{tag}}})
	}
	s, problems := New(in)
	if len(problems) > 0 || len(s.Tags) != 1 || len(s.Series) != 1 {
		t.Fatalf("%d tags, %d series, %v", len(s.Tags), len(s.Series), problems)
	}
	if s.Tags[0].Name != "Wi-Fi" || s.Series[0].Name != "Wi-Fi" || len(s.Tags[0].Items) != 3 {
		t.Errorf("the tag is called %s, the series %s, %d articles", s.Tags[0].Name, s.Series[0].Name, len(s.Tags[0].Items))
	}
}
