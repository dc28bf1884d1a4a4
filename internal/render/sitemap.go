package render

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"time"

	"zhendi/internal/output"
)

// mapLimit is how many addresses a part of the sitemap may hold (sitemaps.org: 50,000). A year
// that has more is cut by month, and that if need be further.
const mapLimit = 45000

const mapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

// Put takes a file. made makes its bytes, and need not be called if those made before from the same
// print are still there.
type Put func(path string, class output.Class, print []byte, made func() ([]byte, error)) error

// SiteMaps makes sitemap.xml, an index over parts by period of publication, and robots.txt, for
// all editions together: editions are renderers of the same site. lastmod comes from the
// articles, never from the clock. In the index the part of the newest articles has none: it changes all the time and is to be read always.
func SiteMaps(editions []*Renderer, put Put) error {
	m := siteMaps{first: editions[0], editions: editions, put: put}
	for n, chunk := range slices.Collect(slices.Chunk(m.first.frontAddresses(), mapLimit/len(editions))) {
		name := "columns"
		if n > 0 {
			name += "-" + itoa(n+1)
		}
		m.part(name, chunk, true)
	}
	var list []dated
	for i, p := range m.first.site.Periods(mapLimit / len(editions)) {
		list = slices.Grow(list[:0], len(p.Items))
		for _, it := range p.Items {
			if !it.HasPage() {
				continue
			}
			d := dated{it.URL, it.Date, it.Clock}
			if !it.Lastmod.IsZero() {
				d = dated{it.URL, it.Lastmod, true}
			}
			list = append(list, d)
		}
		m.part(p.Name, list, i > 0)
	}
	m.add("sitemap.xml", m.print, m.index)
	rule := "Allow: /"
	if m.first.site.Preview {
		rule = "Disallow: /"
	}
	robots := []byte("User-agent: *\n" + rule + "\nSitemap: " + m.first.absolute("/sitemap.xml") + "\n")
	return errors.Join(m.err, put("robots.txt", output.Feed, robots, func() ([]byte, error) { return robots, nil }))
}

// dated is an address of the first edition and when it last changed.
type dated struct {
	url   string
	time  time.Time
	clock bool
}

type siteMaps struct {
	first    *Renderer
	editions []*Renderer
	put      Put
	maps     []mapPart
	print    []byte // of maps
	text     []byte // room for the parts, one after another
	err      error
}

// mapPart is what the index says of a part: its address and when it last changed, empty if it does not say.
type mapPart struct{ loc, lastmod string }

// add puts a file; what append makes is good until the next is made.
func (m *siteMaps) add(path string, print []byte, write func(b []byte) []byte) {
	err := m.put(path, output.Feed, print, func() ([]byte, error) {
		m.text = write(m.text[:0])
		return m.text, nil
	})
	if err != nil && m.err == nil {
		m.err = err
	}
}

// part makes one part: every address in every edition, each with its alternates. The index says when it changed, if settled.
func (m *siteMaps) part(name string, list []dated, settled bool) {
	if len(list) == 0 {
		return
	}
	var newest time.Time
	h := sha256.New()
	print := bufio.NewWriterSize(h, 32<<10)
	for _, r := range m.editions {
		print.Write(appendText(print.AvailableBuffer(), r.absolute(r.site.Root())))
	}
	for _, d := range list {
		if d.time.After(newest) {
			newest = d.time
		}
		print.Write(binary.AppendVarint(appendText(print.AvailableBuffer(), d.url), d.time.UnixNano()))
		if d.clock {
			print.WriteByte(1)
		}
	}
	print.Flush()
	m.add("sitemap/"+name+".xml", h.Sum(nil), func(b []byte) []byte { return m.urls(b, list) })
	at := mapPart{loc: m.first.absolute("/sitemap/" + name + ".xml")}
	if settled {
		at.lastmod = m.first.machineTime(newest, true)
	}
	m.maps = append(m.maps, at)
	m.print = appendText(appendText(m.print, at.loc), at.lastmod)
}

// index appends the text of sitemap.xml.
func (m *siteMaps) index(b []byte) []byte {
	b = append(b, xml.Header+`<sitemapindex xmlns="`+mapNS+`">`...)
	for _, p := range m.maps {
		b = append(appendXML(append(b, "<sitemap><loc>"...), p.loc), "</loc>"...)
		b = append(appendLastmod(b, p.lastmod), "</sitemap>"...)
	}
	return append(b, "</sitemapindex>\n"...)
}

// urls appends the text of a part.
func (m *siteMaps) urls(b []byte, list []dated) []byte {
	b = append(b, xml.Header+`<urlset xmlns="`+mapNS+`"`...)
	if len(m.editions) > 1 {
		b = append(b, ` xmlns:xhtml="http://www.w3.org/1999/xhtml"`...)
	}
	b = append(b, '>')
	head := len(b)
	roots := make([]string, len(m.editions))
	for i, r := range m.editions {
		roots[i] = string(appendXML(nil, r.absolute(r.site.Root())))
	}
	var rest, alternates []byte
	for n, d := range list {
		rest = appendXML(rest[:0], strings.TrimPrefix(d.url, m.first.site.Root()))
		alternates = alternates[:0]
		for i, r := range m.editions {
			if len(m.editions) > 1 {
				alternates = append(append(append(alternates, `<xhtml:link rel="alternate" hreflang="`...), r.script...), `" href="`...)
				alternates = append(append(append(alternates, roots[i]...), rest...), `"></xhtml:link>`...)
			}
		}
		for i, r := range m.editions {
			b = append(append(append(append(b, "<url><loc>"...), roots[i]...), rest...), "</loc>"...)
			b = appendLastmod(b, r.machineTime(d.time, d.clock))
			b = append(append(b, alternates...), "</url>"...)
		}
		if n == 0 { // the others are about as long
			b = slices.Grow(b, (len(b)-head)*len(list)*17/16)
		}
	}
	return append(b, "</urlset>\n"...)
}

func appendLastmod(b []byte, lastmod string) []byte {
	if lastmod == "" {
		return b
	}
	return append(appendXML(append(b, "<lastmod>"...), lastmod), "</lastmod>"...)
}

// appendXML appends text as it stands in XML, in an element or an attribute.
func appendXML(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(`"&'<>`, c) >= 0 {
			w := bytes.NewBuffer(b)
			xml.EscapeText(w, []byte(s)) // a Buffer takes all
			return w.Bytes()
		}
	}
	return append(b, s...)
}

// frontAddresses are the home page, the columns, topics, tags and series.
func (r *Renderer) frontAddresses() []dated {
	list := []dated{{url: r.site.Root()}}
	for _, c := range r.site.Columns {
		if c.Layout != "link" {
			list = append(list, dated{url: c.URL})
		}
	}
	for _, g := range slices.Concat(r.site.Series, r.site.Tags) {
		list = append(list, dated{url: g.URL})
	}
	if len(r.site.Tags) > 0 {
		list = append(list, dated{url: r.site.TagsURL()})
	}
	return append(list, dated{url: r.site.MapURL()})
}
