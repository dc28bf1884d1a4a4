package output

import (
	"strings"
	"testing"
)

func TestCheckPath(t *testing.T) {
	good := []string{
		"index.html", "党建/2025/一 二.html", ".nojekyll", ".well-known/x", "a'b&c%20#.html", "a/b/c", "CNAME", "console.html",
		"com.html", "com10.txt", "nullable", "_site/latest.json", "_sites", "a..b", "x/_site", strings.Repeat("党", 85),
		strings.Repeat("a/", 2047) + "ab", "-", "a-b_c.d/e", "con1.html", "_assets/x",
	}
	for _, p := range good {
		if err := CheckPath(p); err != nil {
			t.Error(err)
		}
	}
	bad := []string{
		"", "/a", "a/", "a//b", ".", "..", "a/./b", "../a", "a/..", "a\\b", "a\tb", "a\nb", "a\x00b", "a\x7fb", "a\u0085b", "a\u2028b", "a\ufeffb",
		"a\xffb", "a:b", "a?b", "a*b", "a|b", "a<b", "a>b", `a"b`, "con", "CON.html", "x/nul", "Aux.tar.gz", "lpt9.x", "com¹.html", "con .x",
		"a.", "a /b", "a. /b", "_site/manifest.txt", "_SITE/Manifest.txt", "_site", "_site/manifest.txt/x", ".zhendi-build/x", ".Zhendi-Build", strings.Repeat("党", 86),
		strings.Repeat("a", 256), "b/" + strings.Repeat("a", 256), strings.Repeat("a/", 2048) + "a", "b/.", "b/..", ".a.", "b//", "x/con/y", "com1",
	}
	for _, p := range bad {
		if err := CheckPath(p); err == nil {
			t.Errorf("%q is accepted", p)
		}
	}
}

// FuzzCheckPath holds the short ways to what CheckPath finds when it looks closely.
func FuzzCheckPath(f *testing.F) {
	f.Add("a/b.html", "con")
	f.Add("_site/x", "manifest.txt")
	f.Add("_site", "manifest.txt")
	f.Fuzz(func(t *testing.T, folder, name string) {
		path := folder + "/" + name
		if plainPath(path) && checkClosely(path) != nil {
			t.Errorf("%q is not plain: %v", path, checkClosely(path))
		}
		if good := folder + "/x"; checkClosely(good) == nil && besideName(good, path) && checkClosely(path) != nil {
			t.Errorf("%q is not as good as %q: %v", path, good, checkClosely(path))
		}
	})
}

func TestFold(t *testing.T) {
	for _, pair := range [][2]string{
		{"a", "A"}, {"党建/A.html", "党建/a.HTML"}, {"é", "e\u0301"}, {"É", "e\u0301"}, {"K", "\u212A"}, {"ſ", "S"}, {"Σ", "ς"},
		{"Å", "\u212B"}, {"豈", "\uF900"}, {"ß", "ẞ"}, {"ａ", "Ａ"},
	} {
		if Fold(pair[0]) != Fold(pair[1]) {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", pair[0], Fold(pair[0]), pair[1], Fold(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"a", "b"}, {"ａ", "a"}, {"党", "黨"}, {"a/b", "a b"}, {"e", "é"}, {"：", ":"}} {
		if Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q have one form", pair[0], pair[1])
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("党建/É.html")
	f.Add("e\u0345\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckPath(s) != nil {
			return
		}
		if once := Fold(s); Fold(once) != once || Fold(strings.ToLower(once)) != once {
			t.Errorf("%q: %q, then %q", s, once, Fold(once))
		}
	})
}

func TestMediaType(t *testing.T) {
	for path, want := range map[string]string{
		"a/index.html": "text/html; charset=utf-8", "A.JPG": "image/jpeg", "公文.ofd": "application/ofd", "feed.xml": "application/xml; charset=utf-8",
		"CNAME": unknownMedia, "a.b/c": unknownMedia, "x.constructor": unknownMedia, ".css": "text/css; charset=utf-8", "a.tar.gz": "application/gzip",
	} {
		if got := MediaType(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for ext, m := range mediaTypes {
		text := strings.HasPrefix(m, "text/") || strings.Contains(m, "xml;") || strings.Contains(m, "json")
		if text != strings.HasSuffix(m, "; charset=utf-8") || ext != strings.ToLower(ext) {
			t.Errorf("%s: %s", ext, m)
		}
	}
}

// Every byte, at every place of short and long paths.
func TestIsFolded(t *testing.T) {
	for _, n := range []int{1, 7, 8, 9, 23} {
		for i := range n {
			for c := range 256 {
				b := []byte(strings.Repeat("a", n))
				b[i] = byte(c)
				if got, want := isFolded(string(b)), c < 0x80 && (c < 'A' || c > 'Z'); got != want {
					t.Fatalf("%q: %t", b, got)
				}
			}
		}
	}
	for _, mixed := range []string{"[@`{\x7f[@`", "\xff\x00aaaaaa", "aaaaaa\xc1\xbf", "ZZZZZZZZ"} {
		want := !strings.ContainsFunc(mixed, func(r rune) bool { return r >= 0x80 || 'A' <= r && r <= 'Z' })
		if got := isFolded(mixed); got != want {
			t.Errorf("%q: %t", mixed, got)
		}
	}
}
