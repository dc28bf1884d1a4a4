package template

import (
	"bytes"
	"html/template"
	"strings"
	"text/template/parse"
)

// sample is a template in which html/template escapes a value by a certain chain of escapers. It
// does what has no code here: values of rare types, scripts, styles.
type sample struct {
	html          *template.Template
	before, after int // bytes around the value
}

// contexts has a place for a value under the escapers that html/template puts there.
var contexts = map[string]string{
	"htmlescaper":                            `{{.}}`,
	"rcdataescaper":                          `<title>{{.}}</title>`,
	"attrescaper":                            `<a title="{{.}}">`,
	"nospaceescaper":                         `<a title={{.}}>`,
	"htmlnamefilter":                         `<a {{.}}="">`,
	"srcsetescaper attrescaper":              `<img srcset="{{.}}">`,
	"srcsetescaper nospaceescaper":           `<img srcset={{.}}>`,
	"urlfilter attrescaper":                  `<meta http-equiv="refresh" content="0; url={{.}}">`,
	"urlfilter urlnormalizer":                `<style>a{b:url({{.}})}</style>`,
	"urlfilter urlnormalizer attrescaper":    `<a href="{{.}}">`,
	"urlfilter urlnormalizer nospaceescaper": `<a href={{.}}>`,
	"urlnormalizer":                          `<style>a{b:url(/{{.}})}</style>`,
	"urlnormalizer attrescaper":              `<a href="/{{.}}">`,
	"urlnormalizer nospaceescaper":           `<a href=/{{.}}>`,
	"urlescaper":                             `<style>a{b:url(/?{{.}})}</style>`,
	"urlescaper attrescaper":                 `<a href="/?{{.}}">`,
	"urlescaper nospaceescaper":              `<a href=/?{{.}}>`,
	"urlfilter cssescaper":                   `<style>a{b:"{{.}}"}</style>`,
	"cssescaper":                             `<style>a{b:"/{{.}}"}</style>`,
	"cssvaluefilter":                         `<style>a{color:{{.}}}</style>`,
	"cssvaluefilter attrescaper":             `<a style="color:{{.}}">`,
	"cssvaluefilter nospaceescaper":          `<a style=color:{{.}}>`,
	"jsvalescaper":                           `<script>{{.}}</script>`,
	"jsvalescaper attrescaper":               `<a onclick="{{.}}">`,
	"jsvalescaper nospaceescaper":            `<a onclick={{.}}>`,
	"jsstrescaper":                           `<script>"{{.}}"</script>`,
	"jsstrescaper nospaceescaper":            `<a onclick=&quot;{{.}}&quot;>`,
	"jstmpllitescaper":                       "<script>`{{.}}`</script>",
	"jstmpllitescaper nospaceescaper":        "<a onclick=&#96;{{.}}&#96;>",
	"jsregexpescaper":                        `<script>/{{.}}/</script>`,
	"jsregexpescaper nospaceescaper":         `<a onclick=/{{.}}/>`,
}

// newSample returns the sample for a chain of escapers. It refuses where html/template, perhaps of another
// version, escapes the value in the chain's context otherwise.
func newSample(chain string) *sample {
	text, ok := contexts[chain]
	if !ok {
		refuse("escapers %q", chain)
	}
	t := template.Must(template.New("sample").Parse(text))
	s, found := &sample{html: t}, ""
	if !(trees{t}).escape("sample") {
		refuse("escapers %q", chain)
	}
	for _, n := range t.Tree.Root.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			_, escapers := splitEscapers(n.Pipe)
			found = strings.Join(escapers, " ")
		case *parse.TextNode:
			if found == "" {
				s.before = len(n.Text)
			} else {
				s.after = len(n.Text)
			}
		}
	}
	if found != chain {
		refuse("escapers %q", chain)
	}
	return s
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
