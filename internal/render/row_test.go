package render

import (
	"testing"
	"unsafe"
)

// A row that is kept holds texts of its own, not those of the article that it was made of.
func TestRowsOwnTheirTexts(t *testing.T) {
	r := portal(t, 3)
	it := r.site.Items[1]
	a := r.site.Face(it).Article
	a.ShortTitle = "短题"
	for _, short := range []string{"短题", a.Title} {
		a.ShortTitle = short
		row := r.rowOf(it).Row
		for _, text := range [][2]string{{row.Title, a.Title}, {row.Short, short}, {row.Source, a.Source}, {row.Summary, a.Excerpt}} {
			if text[0] != text[1] || text[0] == "" {
				t.Errorf("%q instead of %q", text[0], text[1])
			} else if unsafe.StringData(text[0]) == unsafe.StringData(text[1]) {
				t.Errorf("%q is the article's", text[0])
			}
		}
	}
}
