package template

import (
	"errors"
	html "html/template"
	"reflect"
	text "text/template"
	"text/template/parse"
)

// trees are the parse trees of a set as html/template leaves them: escaped.
type trees struct{ html *html.Template }

// escape has html/template escape the named template and what that calls. It reports false if
// html/template refuses to.
func (t trees) escape(name string) bool {
	// Escaping comes before the first byte is written, and the writer takes none.
	err := t.html.ExecuteTemplate(full{}, name, nil)
	var refused *html.Error
	if errors.As(err, &refused) {
		return false
	}
	h := t.html.Lookup(name)
	return h != nil && h.Tree != nil && h.Tree.Root != nil
}

// full is a writer that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// find returns the tree of a template. One that is called where it does not stand for HTML (in
// a title, an attribute, a script) has been copied for that place under a name of its own,
// which only the set of text/template inside html/template's knows.
func (t trees) find(name string) *parse.Tree {
	if h := t.html.Lookup(name); h != nil {
		return h.Tree
	}
	if inner := t.inner(); inner != nil {
		if c := inner.Lookup(name); c != nil {
			return c.Tree
		}
	}
	return nil
}

// inner returns the set of text/template that t.html runs. html/template does not show it; if
// it stops having it where it has it today, the result is nil, and html/template runs the templates that need
// such a copy.
func (t trees) inner() *text.Template {
	f := reflect.ValueOf(t.html).Elem().FieldByName("text")
	if !f.IsValid() || f.Type() != reflect.TypeFor[*text.Template]() {
		return nil
	}
	return (*text.Template)(f.UnsafePointer())
}
