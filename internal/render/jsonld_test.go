package render

import (
	"encoding/json"
	"html/template"
	"testing"
)

func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"", "党建", `a"b\c`, "</script>&<!--", "\x00\x01\b\f\n\r\t\x1f\x7f", "\u2028\u2029\ufffd\xff\xe4\xb8", "𝒳"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendJSON([]byte("x"), s); string(got) != "x"+string(want) {
			t.Errorf("%q\n got %s\nwant x%s", s, got, want)
		}
	})
}

// The descriptions are sound JSON with all that they should hold.
func TestLinkedData(t *testing.T) {
	r := portal(t, 3)
	v := r.View(Job{Kind: "article", Item: r.site.Items[0]})
	var got map[string]any
	if err := json.Unmarshal([]byte(v.Head.JSONLD.(template.JS)), &got); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got) // sorts the members
	if err != nil || string(b) != string(v.Head.JSONLD.(template.JS)) {
		t.Errorf("%v\n%s\n%s", err, b, v.Head.JSONLD)
	}
	graph := got["@graph"].([]any)
	news := graph[0].(map[string]any)
	for _, member := range []string{"@type", "articleSection", "author", "datePublished", "description", "headline", "inLanguage", "mainEntityOfPage", "publisher"} {
		if news[member] == nil {
			t.Errorf("no %s in %s", member, v.Head.JSONLD)
		}
	}
	if n := len(graph[1].(map[string]any)["itemListElement"].([]any)); n != len(v.Crumbs) || n < 2 {
		t.Errorf("%d crumbs instead of %d", n, len(v.Crumbs))
	}
	for _, j := range []Job{{Kind: "home"}, {Kind: "column", Column: r.site.Columns[0]}} {
		if ld := r.View(j).Head.JSONLD.(template.JS); !json.Valid([]byte(ld)) {
			t.Errorf("%s: %s", j.Kind, ld)
		}
	}
}
