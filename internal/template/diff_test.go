package template

import (
	"bytes"
	html "html/template"
	"testing"
)

// twins are the template called "main" of a source, by html/template and compiled.
type twins[T any] struct {
	src   string
	model *html.Template
	set   *Set[T]
}

func newTwins[T any](t testing.TB, src string) twins[T] {
	t.Helper()
	parse := func() *html.Template {
		p, err := html.New("main").Option("missingkey=error").Parse(src)
		if err != nil {
			t.Skipf("%s\n%v", src, err)
		}
		return p
	}
	return twins[T]{src, parse(), New[T](parse())}
}

// compare runs both on the data and compares. It says whether the compiled code could do it all.
func (p twins[T]) compare(t testing.TB, data ...*T) (compiled bool) {
	t.Helper()
	compiled = true
	for _, d := range data {
		var want bytes.Buffer
		wantErr := p.model.Execute(&want, d)
		got, err := p.set.Append([]byte("…"), "main", d)
		switch {
		case (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error():
			t.Errorf("%s\n got error %v\nwant error %v", p.src, err, wantErr)
		case err == nil && string(got) != "…"+want.String():
			t.Errorf("%s\n got %q\nwant %q", p.src, got, want.String())
		case err != nil && string(got) != "…":
			t.Errorf("%s\nan error left %q", p.src, got)
		}
		compiled = compiled && err == nil
	}
	return compiled && len(p.set.Slow()) == 0
}

func both[T any](t testing.TB, src string, data ...*T) (compiled bool) {
	t.Helper()
	return newTwins[T](t, src).compare(t, data...)
}
