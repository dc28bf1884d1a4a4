package template

import (
	"bytes"
	html "html/template"
	"testing"
)

// both runs the template called "main" of src, compiled and by html/template, on each of the data,
// and compares. It says whether the compiled code could do it all.
func both[T any](t *testing.T, src string, data ...*T) (compiled bool) {
	t.Helper()
	parse := func() *html.Template {
		p, err := html.New("main").Option("missingkey=error").Parse(src)
		if err != nil {
			t.Skipf("%s\n%v", src, err)
		}
		return p
	}
	model, set := parse(), New[T](parse())
	compiled = true
	for _, d := range data {
		var want bytes.Buffer
		wantErr := model.Execute(&want, d)
		got, err := set.Append([]byte("…"), "main", d)
		switch {
		case (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error():
			t.Errorf("%s\n got error %v\nwant error %v", src, err, wantErr)
		case err == nil && string(got) != "…"+want.String():
			t.Errorf("%s\n got %q\nwant %q", src, got, want.String())
		case err != nil && string(got) != "…":
			t.Errorf("%s\nan error left %q", src, got)
		}
		compiled = compiled && err == nil
	}
	return compiled && len(set.Slow()) == 0
}
