package render

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"zhendi/internal/output"
)

// The types of which encoding/xml makes site maps.
type (
	mapURLSet struct {
		XMLName xml.Name   `xml:"urlset"`
		NS      string     `xml:"xmlns,attr"`
		XHTML   string     `xml:"xmlns:xhtml,attr,omitempty"`
		URLs    []mapEntry `xml:"url"`
	}
	mapIndex struct {
		XMLName xml.Name   `xml:"sitemapindex"`
		NS      string     `xml:"xmlns,attr"`
		Maps    []mapEntry `xml:"sitemap"`
	}
	mapEntry struct {
		Loc        string         `xml:"loc"`
		Lastmod    string         `xml:"lastmod,omitempty"`
		Alternates []mapAlternate `xml:"xhtml:link"`
	}
	mapAlternate struct {
		Rel  string `xml:"rel,attr"`
		Lang string `xml:"hreflang,attr"`
		Href string `xml:"href,attr"`
	}
)

func byLibrary(t *testing.T, v any) string {
	t.Helper()
	b := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}

// Site maps are written as encoding/xml would.
func TestSiteMapsAsTheLibraryWritesThem(t *testing.T) {
	r := portal(t, 3)
	list := []dated{{url: "/"}, {"/a%20&'b.html", time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC), true}, {"/党/<c>\n\"\x01\xff", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), false}}
	for editions := 1; editions <= 2; editions++ {
		m := siteMaps{first: r, editions: []*Renderer{r, r}[:editions], text: []byte("left over")}
		set := mapURLSet{NS: mapNS}
		if editions > 1 {
			set.XHTML = "http://www.w3.org/1999/xhtml"
		}
		for _, d := range list {
			at := r.absolute(d.url)
			var alternates []mapAlternate
			for range editions {
				if editions > 1 {
					alternates = append(alternates, mapAlternate{"alternate", r.script, at})
				}
			}
			for range editions {
				set.URLs = append(set.URLs, mapEntry{at, r.machineTime(d.time, d.clock), alternates})
			}
		}
		got := map[string]string{}
		m.put = func(path string, _ output.Class, _ []byte, made func() ([]byte, error)) error {
			b, err := made()
			got[path] = string(b)
			return err
		}
		m.part("2026", list, true)
		m.part("2025", list[2:], false)
		m.add("sitemap.xml", nil, m.index)
		index := mapIndex{NS: mapNS, Maps: []mapEntry{
			{Loc: r.absolute("/sitemap/2026.xml"), Lastmod: r.machineTime(list[1].time, true)}, {Loc: r.absolute("/sitemap/2025.xml")}}}
		if want := byLibrary(t, set); got["sitemap/2026.xml"] != want {
			t.Errorf("%d editions\n got %q\nwant %q", editions, got["sitemap/2026.xml"], want)
		}
		if want := byLibrary(t, index); got["sitemap.xml"] != want {
			t.Errorf("index\n got %q\nwant %q", got["sitemap.xml"], want)
		}
		if n := strings.Count(got["sitemap/2025.xml"], "<url>"); m.err != nil || n != editions {
			t.Errorf("%d addresses of one article in %d editions: %v", n, editions, m.err)
		}
	}
}

func FuzzAppendXML(f *testing.F) {
	for _, s := range []string{"", "/a.html", "党 &<>\"'", "\x00\t\n\r\x7f", "\ufffd\xff\xe4\xb8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := bytes.NewBufferString("x")
		if err := xml.EscapeText(want, []byte(s)); err != nil {
			t.Fatal(err)
		}
		if got := appendXML([]byte("x"), s); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%q\n got %s\nwant %s", s, got, want)
		}
	})
}
