package template

import (
	"bytes"
	html "html/template"
	"testing"
)

// both runs the template called "main" of src, compiled and by html/template, and compares. It says
// whether the compiled code could do it, and what html/template made.
func both[T any](t *testing.T, src string, data *T) (compiled bool, out string) {
	t.Helper()
	parse := func() *html.Template {
		p, err := html.New("main").Option("missingkey=error").Parse(src)
		if err != nil {
			t.Fatalf("%s\n%v", src, err)
		}
		return p
	}
	var want bytes.Buffer
	wantErr := parse().Execute(&want, data)
	set := New[T](parse())
	got, err := set.Append([]byte("…"), "main", data)
	switch {
	case (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error():
		t.Errorf("%s\n got error %v\nwant error %v", src, err, wantErr)
	case err == nil && string(got) != "…"+want.String():
		t.Errorf("%s\n got %q\nwant %q", src, got, want.String())
	case err != nil && string(got) != "…":
		t.Fatalf("%s\nan error left %q", src, got)
	}
	return err == nil && len(set.Slow()) == 0, want.String()
}
