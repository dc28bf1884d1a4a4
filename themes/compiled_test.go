package themes_test

import (
	"bytes"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"testing"

	"zhendi/internal/render"
	compiled "zhendi/internal/template"
	"zhendi/themes"
)

// compiledTheme is the theme in both forms.
type compiledTheme struct {
	theme
	pages  *compiled.Set[render.Page]
	chrome *compiled.Set[render.Chrome]
}

func loadCompiled(t testing.TB, name string) compiledTheme {
	th := loadTheme(t, name)
	return compiledTheme{th, compiled.New[render.Page](th.Template), compiled.New[render.Chrome](th.Template)}
}

// data is what the templates receive for a sample.
func (th compiledTheme) data(t testing.TB, s sample) (*render.Page, *render.Chrome) {
	c := &render.Chrome{Site: s.view.Site, Words: th.words[0], Top: "zzjs"}
	part := func(name string) template.HTML {
		var b bytes.Buffer
		if err := th.ExecuteTemplate(&b, name, c); err != nil {
			t.Fatal(err)
		}
		return template.HTML(b.String())
	}
	p := s.page
	p.View, p.Words, p.Header, p.Footer, p.CSP = s.view, th.words[0], part("header"), part("footer"), "default-src 'none'; connect-src 'self'"
	return &p, c
}

// Compiled templates make what html/template makes, and all of every theme is compiled.
func TestCompiledIsTheSame(t *testing.T) {
	all, err := fs.Glob(themes.FS, "*/layouts")
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	for _, layouts := range all {
		th := loadCompiled(t, path.Dir(layouts))
		for _, samples := range []map[string]sample{rich(), minimal()} {
			for _, name := range slices.Sorted(maps.Keys(samples)) {
				th.same(t, name, samples[name])
			}
		}
		for _, slow := range append(th.pages.Slow(), th.chrome.Slow()...) {
			t.Errorf("%s: not compiled: %s", th.name, slow)
		}
	}
}

// same compares what becomes of a sample.
func (th compiledTheme) same(t *testing.T, name string, s sample) {
	p, c := th.data(t, s)
	var want bytes.Buffer
	if err := th.ExecuteTemplate(&want, s.view.Kind, p); err != nil {
		t.Fatal(err)
	}
	got, err := th.pages.Append(nil, s.view.Kind, p)
	if err != nil || string(got) != want.String() {
		t.Errorf("%s: %s: %v, %d bytes instead of %d", th.name, name, err, len(got), want.Len())
	}
	for kind, want := range map[string]template.HTML{"header": p.Header, "footer": p.Footer} {
		got, err := th.chrome.Append(nil, kind, c)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %s of %s: %v\n got %s\nwant %s", th.name, kind, name, err, got, want)
		}
	}
}

// BenchmarkPage fills the templates of an article without text, and of a list: both with every field set.
func BenchmarkPage(b *testing.B) {
	th := loadCompiled(b, "default")
	for _, name := range []string{"article", "column", "home"} {
		s := rich()[name]
		s.page.Body, s.page.QR = "", ""
		p, _ := th.data(b, s)
		b.Run(name+"/html", func(b *testing.B) {
			b.ReportAllocs()
			var buf bytes.Buffer
			for b.Loop() {
				buf.Reset()
				if err := th.ExecuteTemplate(&buf, s.view.Kind, p); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(buf.Len()))
		})
		b.Run(name+"/compiled", func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				var err error
				if buf, err = th.pages.Append(buf[:0], s.view.Kind, p); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}
