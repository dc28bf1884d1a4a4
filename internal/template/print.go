package template

import (
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"
)

// escaperPrefix begins the names of html/template's escapers.
const escaperPrefix = "_html_template_"

// print compiles {{pipeline}}. The escapers at its end are one sink, which writes into the page.
func (u *unit) print(n *parse.PipeNode) op {
	cmds, chain := splitEscapers(n)
	e := u.commands(cmds).strict()
	if len(chain) == 0 { // it ends with html, js …
		if e.typ.Kind() != reflect.String {
			refuse("a value is printed without escaper")
		}
		text := e.text()
		return func(m *machine) flow {
			m.out = append(m.out, text(m)...)
			return next
		}
	}
	return u.write(e, u.c.sink(chain))
}

// splitEscapers returns the commands of a pipeline and the names of the escapers at its end.
func splitEscapers(n *parse.PipeNode) (cmds []*parse.CommandNode, chain []string) {
	end := len(n.Cmds)
	for end > 1 && len(n.Cmds[end-1].Args) == 1 && strings.HasPrefix(n.Cmds[end-1].Args[0].String(), escaperPrefix) {
		end--
	}
	for _, c := range n.Cmds[end:] {
		chain = append(chain, strings.TrimPrefix(c.Args[0].String(), escaperPrefix))
	}
	return n.Cmds[:end], chain
}

// write compiles writing e through a sink.
func (u *unit) write(e expr, s sink) op {
	if c, ok := contentOf(e.typ); ok && s.text != nil && c != otherwise {
		text, write := e.text(), s.text
		return func(m *machine) flow {
			m.out = write(m.out, text(m), c)
			return next
		}
	}
	if isInt(e.typ) && e.typ.NumMethod() == 0 && s.text != nil {
		number := e.number()
		return func(m *machine) flow { // digits and minus are the same everywhere
			m.out = strconv.AppendInt(m.out, number(m), 10)
			return next
		}
	}
	value := e.value()
	return func(m *machine) flow {
		m.out = s.append(m.out, value(m))
		return next
	}
}

// escaper compiles an escaper in the middle of a pipeline.
func (u *unit) escaper(name string, args []expr) expr {
	if len(args) != 1 {
		refuse("%s with %d arguments", name, len(args))
	}
	s, value := u.c.sink([]string{strings.TrimPrefix(name, escaperPrefix)}), args[0].value()
	return textOf(func(m *machine) string { return string(s.append(nil, value(m))) })
}

// sink appends values, escaped, to a page. text is for strings of known content other than
// otherwise and nil where html/template itself must do it; value is for everything.
type sink struct {
	text  func(dst []byte, s string, c content) []byte
	value func(dst []byte, v any) []byte
}

func (s sink) append(dst []byte, v any) []byte {
	if s.text == nil {
		return s.value(dst, v)
	}
	text, c := stringify(v)
	if c == otherwise {
		return s.value(dst, v)
	}
	return s.text(dst, text, c)
}

// sink returns the sink for a chain of escapers.
func (c *compiler) sink(chain []string) sink {
	name := strings.Join(chain, " ")
	sampled := c.samples[name]
	if sampled == nil {
		sampled = sync.OnceValue(func() *sample { return newSample(name) })
		c.samples[name] = sampled
	}
	rare := func(dst []byte, v any) []byte { return sampled().append(dst, v) }
	text, srcset := appenders[name], chain[0] == "srcsetescaper"
	switch {
	case text != nil:
		return sink{value: rare, text: func(dst []byte, s string, c content) []byte {
			switch {
			case c == isHTML && name != "htmlescaper": // tags are taken out
				return rare(dst, template.HTML(s))
			case c == isURL && srcset: // it is one picture
				return rare(dst, template.URL(s))
			}
			return text(dst, s, c)
		}}
	case name == "jsvalescaper":
		return sink{value: appendJS}
	case name == "commentescaper":
		return sink{value: func(dst []byte, _ any) []byte { return dst }}
	}
	sampled() // refuses now, not in every page, what there is no context for
	return sink{value: rare}
}

// appenders are the chains of escapers that are written anew here.
var appenders = map[string]func(dst []byte, s string, c content) []byte{
	"htmlescaper": func(dst []byte, s string, c content) []byte {
		if c == isHTML {
			return append(dst, s...)
		}
		return appendHTML(dst, s)
	},
	"rcdataescaper":  func(dst []byte, s string, _ content) []byte { return appendHTML(dst, s) },
	"attrescaper":    func(dst []byte, s string, _ content) []byte { return appendHTML(dst, s) },
	"nospaceescaper": func(dst []byte, s string, _ content) []byte { return appendUnquoted(dst, s) },
	"urlfilter":      appendFiltered,
	"urlnormalizer":  func(dst []byte, s string, _ content) []byte { return appendURL(dst, s, true, false) },
	"urlescaper":     func(dst []byte, s string, c content) []byte { return appendURL(dst, s, c == isURL, false) },
	"urlfilter urlnormalizer attrescaper": func(dst []byte, s string, c content) []byte {
		if c != isURL && !isSafeURL(s) {
			return append(dst, "#"+filterFailsafe...)
		}
		return appendURL(dst, s, true, true)
	},
	"urlnormalizer attrescaper": func(dst []byte, s string, _ content) []byte { return appendURL(dst, s, true, true) },
	"urlescaper attrescaper":    func(dst []byte, s string, c content) []byte { return appendURL(dst, s, c == isURL, true) },
	"srcsetescaper attrescaper": func(dst []byte, s string, _ content) []byte { return appendSrcset(dst, s) },
	"urlfilter attrescaper": func(dst []byte, s string, c content) []byte {
		if c != isURL && !isSafeURL(s) {
			return append(dst, "#"+filterFailsafe...)
		}
		return appendHTML(dst, s)
	},
}

// stringify is how html/template makes a text of a value.
func stringify(v any) (string, content) {
	if v == nil {
		return "", plain
	}
	rv := reflect.ValueOf(v)
	p := rv
	for p.Kind() == reflect.Pointer && !p.IsNil() {
		p = p.Elem()
	}
	switch s := p.Interface().(type) {
	case string:
		return s, plain
	case template.HTML:
		return string(s), isHTML
	case template.URL:
		return string(s), isURL
	case template.CSS, template.HTMLAttr, template.JS, template.JSStr, template.Srcset:
		return "", otherwise
	}
	return fmt.Sprint(printed(rv)), plain
}

// printed is what fmt gets for a value: what the pointers lead to, if they know no text of their own.
func printed(v reflect.Value) any {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		switch v.Interface().(type) {
		case fmt.Stringer, error:
			return v.Interface()
		}
		v = v.Elem()
	}
	return v.Interface()
}

func evalArgs(args []any) string {
	values := make([]any, len(args))
	for i, a := range args {
		if a != nil {
			values[i] = printed(reflect.ValueOf(a))
		}
	}
	return fmt.Sprint(values...)
}
