package render

import (
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"

	"zhendi/internal/site"
)

// JSON-LD is written straight into its text: made as maps and marshalled, it would take a third of
// the time of a page. Keys are in the order of their bytes, as package json would have them.

const ldContext = `"@context":"https://schema.org"`

// articleLD describes an article and its place.
func (r *Renderer) articleLD(v *View, it site.Face, image string) template.JS {
	b := make([]byte, 0, 2<<10)
	b = append(b, `{`+ldContext+`,"@graph":[`...)
	b = append(r.appendNews(b, v, it, image), ',')
	b = append(b, r.frame(it.Column).ld...)
	return template.JS(append(b, "]}"...))
}

// appendNews appends a schema.org NewsArticle.
func (r *Renderer) appendNews(b []byte, v *View, it site.Face, image string) []byte {
	b = append(b, `{"@type":"NewsArticle"`...)
	b = appendMember(b, "articleSection", it.Column.Title)
	b = append(b, `,"author":[`...)
	for i, a := range it.Author {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendMember(append(b, `{"@type":"Person"`...), "name", a), '}')
	}
	if len(it.Author) == 0 {
		b = append(appendMember(append(b, `{"@type":"Organization"`...), "name", v.Article.Source), '}')
	}
	b = append(b, ']')
	b = appendMember(b, "dateModified", r.machineTime(it.Lastmod, true))
	b = appendMember(b, "datePublished", v.Article.Time)
	b = appendMember(b, "description", summary(it.Article))
	b = appendMember(b, "headline", it.Title)
	b = appendMember(b, "image", image)
	b = appendMember(b, "inLanguage", articleLang(v))
	b = appendMember(b, "mainEntityOfPage", v.Article.Address)
	b = append(b, `,"publisher":{"@type":"Organization"`...)
	b = appendMember(b, "name", r.site.Config.Name)
	return append(appendMember(b, "url", r.absolute(r.site.Root())), "}}"...)
}

func articleLang(v *View) string {
	if v.Article.Lang != "" {
		return v.Article.Lang
	}
	return v.Lang
}

// crumbList is schema.org BreadcrumbList.
func (r *Renderer) crumbList(crumbs []Link) []byte {
	b := []byte(`{"@type":"BreadcrumbList"`)
	return append(r.appendCrumbs(b, crumbs), '}')
}

func (r *Renderer) appendCrumbs(b []byte, crumbs []Link) []byte {
	b = append(b, `,"itemListElement":[`...)
	for i, c := range crumbs {
		if i > 0 {
			b = append(b, ',')
		}
		u := c.URL
		if strings.HasPrefix(u, "/") {
			u = r.absolute(strings.TrimPrefix(u, r.prefix))
		}
		b = appendMember(append(b, `{"@type":"ListItem"`...), "item", u)
		b = appendMember(b, "name", c.Text)
		b = append(strconv.AppendInt(append(b, `,"position":`...), int64(i+1), 10), '}')
	}
	return append(b, ']')
}

func (r *Renderer) breadcrumbLD(v *View) template.JS {
	b := []byte(`{` + ldContext + `,"@type":"BreadcrumbList"`)
	return template.JS(append(r.appendCrumbs(b, v.Crumbs), '}'))
}

func (r *Renderer) websiteLD() template.JS {
	b := appendMember([]byte(`{`+ldContext+`,"@type":"WebSite"`), "inLanguage", r.lang)
	b = appendMember(b, "name", r.site.Config.Name)
	return template.JS(append(appendMember(b, "url", r.absolute(r.site.Root())), '}'))
}

// appendMember appends a further member of an object, unless it is empty.
func appendMember(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, key...)
	return appendJSON(append(b, `":`...), value)
}

// appendJSON appends s as a JSON string that is safe in a script element: as json.Marshal writes it.
func appendJSON(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	written := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
				i++
				continue
			}
			b = append(b, s[written:i]...)
			switch k := strings.IndexByte("\"\\\b\f\n\r\t", c); {
			case k >= 0:
				b = append(b, '\\', `"\bfnrt`[k])
			default:
				b = append(b, `\u00`...)
				b = append(b, hex[c>>4], hex[c&15])
			}
			i++
			written = i
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && w == 1 || r == '\u2028' || r == '\u2029' {
			b = append(b, s[written:i]...)
			b = append(b, `\u`...)
			b = append(b, hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
			written = i + w
		}
		i += w
	}
	return append(append(b, s[written:]...), '"')
}
