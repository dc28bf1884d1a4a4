package template

import (
	"bytes"
	"html/template"
	"strings"
	"text/template/parse"
)

// sample is a template that html/template escapes with a certain chain of escapers.
type sample struct {
	html          *template.Template
	before, after int // bytes around the value
}

// contexts are templates with a value in each of the contexts that html/template knows, but for those
// of appenders.
var contexts = []string{
	`{{.}}`, `<title>{{.}}</title>`, `<a title="{{.}}">`, `<a title={{.}}>`, `<a {{.}}="">`, `<img srcset="{{.}}">`, `<img srcset={{.}}>`,
	`<a href="{{.}}">`, `<a href="/{{.}}">`, `<a href="/?{{.}}">`, `<a href={{.}}>`, `<a href=/{{.}}>`, `<a href=/?{{.}}>`,
	`<meta http-equiv="refresh" content="0; url={{.}}">`,
	`<script>{{.}}</script>`, `<a onclick="{{.}}">`, `<a onclick={{.}}>`,
	`<script>"{{.}}"</script>`, `<a onclick="'{{.}}'">`, `<a onclick='&quot;{{.}}&quot;'>`, `<a onclick=&quot;{{.}}&quot;>`,
	"<script>`{{.}}`</script>", "<a onclick='`{{.}}`'>", "<a onclick=&#96;{{.}}&#96;>",
	`<script>/{{.}}/</script>`, `<a onclick="/{{.}}/">`, `<a onclick=/{{.}}/>`,
	`<style>a{color:{{.}}}</style>`, `<a style="color:{{.}}">`, `<a style=color:{{.}}>`,
	`<style>a{b:"{{.}}"}</style>`, `<a style="b:'{{.}}'">`, `<style>a{b:"/{{.}}"}</style>`, `<a style="b:'/{{.}}'">`,
	`<style>a{b:"/?{{.}}"}</style>`, `<a style="b:'/?{{.}}'">`,
	`<style>a{b:url({{.}})}</style>`, `<style>a{b:url(/{{.}})}</style>`, `<style>a{b:url(/?{{.}})}</style>`,
	`<a style="b:url({{.}})">`, `<a style="b:url(/{{.}})">`, `<a style="b:url(/?{{.}})">`,
	`<a style=b:url({{.}})>`, `<a style=b:url(/{{.}})>`, `<a style=b:url(/?{{.}})>`,
}

// rarely returns the sample for a chain of escapers that has no code here.
func (c *compiler) rarely(chain []string) *sample {
	name := strings.Join(chain, " ")
	s := c.samples()[name]
	if s == nil {
		refuse("escapers %q", name)
	}
	return s
}

// makeSamples returns a sample for each chain of escapers that the contexts have.
func makeSamples() map[string]*sample {
	all := map[string]*sample{}
	for _, text := range contexts {
		t := template.Must(template.New("sample").Parse(text))
		if !(trees{t}).escape("sample") {
			panic("template: html/template refuses " + text)
		}
		s := &sample{html: t}
		var name string
		for _, n := range t.Tree.Root.Nodes {
			switch n := n.(type) {
			case *parse.ActionNode:
				_, chain := splitEscapers(n.Pipe)
				name = strings.Join(chain, " ")
			case *parse.TextNode:
				if name == "" {
					s.before = len(n.Text)
				} else {
					s.after = len(n.Text)
				}
			}
		}
		all[name] = s
	}
	return all
}

// append appends v, escaped.
func (s *sample) append(dst []byte, v any) []byte {
	b := bytes.NewBuffer(dst)
	if err := s.html.Execute(b, v); err != nil {
		giveUp()
	}
	out := b.Bytes()
	n := copy(out[len(dst):], out[len(dst)+s.before:len(out)-s.after])
	return out[:len(dst)+n]
}
