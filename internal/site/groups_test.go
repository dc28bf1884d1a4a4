package site

import "testing"

// A tag has one key in every edition, else the page of one would lead to none in the other.
func TestTagKeyOfEitherScript(t *testing.T) {
	for _, pair := range [][2]string{{"党建", "黨建"}, {"征集", "徵集"}, {"主题党日", "主題黨日"}, {"Wi-Fi", "ｗｉ－ｆｉ"}, {"著作", "著作"}} {
		if a, b := TagKey(pair[0]), TagKey(pair[1]); a != b || a == "" {
			t.Errorf("%s has the key %q, %s %q", pair[0], a, pair[1], b)
		}
	}
}
