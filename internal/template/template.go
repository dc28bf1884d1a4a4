// Package template runs templates of html/template many times faster than html/template does.
//
// html/template parses the templates and escapes them by context, as ever; its escapers stand in the
// trees as commands (_html_template_attrescaper …). This package compiles those trees for the type of
// the data: a field is an offset, a text one copy, a string goes through its escapers straight into
// the page. The output is that of html/template, byte for byte.
//
//	pages := template.New[Page](set)                   // compiles when first used
//	buf, err = pages.Append(buf, "article", &page)
//
// What compiled code cannot do, it does not try: it gives up, and html/template runs on the same
// data instead. So a mistake is always reported in html/template's words, with its template and
// line, and a construct that is not compiled costs time, never a wrong page. Slow says which
// constructs do.
//
// Not compiled are: methods and functions in the data,
// interfaces with methods, complex numbers, channels, iterators, slice with three bounds, comparisons of floats and of unsigned
// integers, loops that assign to a variable from outside, templates called with a declaration; and functions
// other than html/template's own. A set whose Funcs give one of those (len, eq, printf …) another meaning
// must not be given to New.
//
// The code reads the data through pointers, at the offsets that package reflect states (place.go, package
// unsafe): a field of a type known only at run time cannot be read otherwise without an allocation or ten times
// the time. Nothing is written through them.
//
// The tests compare with html/template, template by template, text by text; they also tell when a new version of it
// writes something otherwise.
package template

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"sync"
	"unsafe"
)

// Set is a set of templates for data of type T. It may be used by many goroutines at once.
type Set[T any] struct {
	html     *template.Template
	compiled *compiler

	mu   sync.Mutex
	slow map[string]string // template -> why html/template ran in its place
}

// New returns the templates of set, all of which must be parsed. They are escaped and compiled, with
// all that they call, when one of them is first used.
func New[T any](set *template.Template) *Set[T] {
	return &Set[T]{html: set, compiled: newCompiler(set), slow: map[string]string{}}
}

// Append appends what the named template makes of data to dst. After an error dst is as it was.
func (s *Set[T]) Append(dst []byte, name string, data *T) ([]byte, error) {
	if out, ok := s.compiled.run(dst, entry{name, reflect.TypeFor[*T]()}, unsafe.Pointer(data)); ok {
		return out, nil
	}
	var b bytes.Buffer
	if err := s.html.ExecuteTemplate(&b, name, data); err != nil {
		return dst, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow[name] = fmt.Sprintf("%s: html/template had to run", name)
	return append(dst, b.Bytes()...), nil
}

// Slow says what in the templates used so far is not compiled, with its place, and which
// of them html/template had to run for that. It is empty for templates that are as quick as they can be.
func (s *Set[T]) Slow() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(s.compiled.refusals(), slices.Sorted(maps.Values(s.slow))...)
}
