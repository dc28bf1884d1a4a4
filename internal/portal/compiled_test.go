package portal

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"zhendi/themes"
)

// uncompiled is the theme with a construct at the start of each template that prints nothing and that package
// template does not compile: html/template runs for every page.
func uncompiled(t *testing.T) fs.FS {
	files := fstest.MapFS{}
	err := fs.WalkDir(themes.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(themes.FS, p)
		if path.Base(path.Dir(p)) == "layouts" {
			b = append([]byte("{{if 0i}}{{end}}"), b...)
		}
		files[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Pages are the same, byte for byte, whether their templates are compiled or run by html/template.
func TestCompiledTemplates(t *testing.T) {
	themes := uncompiled(t)
	for _, m := range []*made{sample, kitchen} {
		p := m.get(t)
		opt := options(m.source(t, t.TempDir()), t.TempDir(), now)
		opt.BaseURL, opt.Themes = m.base, themes
		mustBuildWarned(t, opt)
		for name, b := range tree(t, opt.Out) {
			if want := string(p.files[name]); strings.HasSuffix(name, ".html") && string(b) != want {
				t.Errorf("%s: %s differs: %s", m.name, name, firstDifference(want, string(b)))
			}
		}
	}
}
