package publish

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"zhendi/internal/output"
)

// readable reports whether a file is a text in which addresses may stand.
func readable(e *output.Entry) bool {
	t, _, _ := strings.Cut(e.Media, ";")
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "xml") || t == "image/svg+xml" || strings.HasSuffix(t, "javascript")
}

// addresses finds the files of our site that a text leads to or names.
type addresses struct {
	base *url.URL // of the site's home page
	page *url.URL // of the text
	each func(file string)
}

// leads calls each for every file of the site to which the text of a file leads, or whose address it names: in attributes of HTML and XML,
// in strings of JSON, and anywhere else, with or without the site's host, as it is and percent-encoded. It finds too much rather than
// too little: each also hears of addresses that no file has, and of one file more than once.
func leads(body []byte, e *output.Entry, baseURL string, each func(file string)) {
	a := addresses{each: each}
	var err error
	if a.base, err = url.Parse(baseURL); err != nil || a.base.Path == "" {
		a.base = &url.URL{Path: "/"}
	}
	a.page = a.base.ResolveReference(&url.URL{Path: path.Join(a.base.Path, e.Path)})
	switch {
	case strings.Contains(e.Media, "html"), strings.Contains(e.Media, "xml"):
		a.markup(body)
	case strings.HasSuffix(e.Media, "json"):
		a.json(body)
	default:
		a.text(string(body))
	}
}

// markup reads HTML, and XML, whose tags and entities are alike.
func (a *addresses) markup(body []byte) {
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			for more := true; more; {
				var value []byte
				if _, value, more = z.TagAttr(); len(value) > 0 {
					a.one(string(value))
					a.text(string(value))
				}
			}
		case html.TextToken:
			a.text(html.UnescapeString(string(z.Raw())))
		case html.CommentToken: // CDATA among them
			a.text(html.UnescapeString(string(z.Raw())))
		}
	}
}

func (a *addresses) json(body []byte) {
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		t, err := d.Token()
		if err != nil {
			break
		}
		if s, ok := t.(string); ok {
			a.one(s)
			if strings.Contains(s, "<") { // the text of an article in a feed
				a.markup([]byte(s))
			}
		}
	}
	a.text(string(body))
}

var escaped = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)

// text looks for addresses in running text and scripts.
func (a *addresses) text(s string) {
	if !strings.Contains(s, "/") && !strings.Contains(s, "%2") {
		return
	}
	if strings.Contains(s, `\`) {
		s = escaped.ReplaceAllStringFunc(strings.ReplaceAll(s, `\/`, "/"), func(u string) string {
			n, _ := strconv.ParseUint(u[2:], 16, 32)
			return string(rune(n))
		})
	}
	for _, tight := range []bool{false, true} { // brackets may belong to an address, or stand around it
		for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
			return r <= ' ' || strings.ContainsRune("\"'<>`|\\^", r) || tight && strings.ContainsRune("()[]{},;，。；、（）“”《》", r)
		}) {
			a.word(word)
			if strings.Contains(word, "%2F") || strings.Contains(word, "%2f") {
				for part := range strings.SplitSeq(word, "&") { // each value of a query by itself
					if plain, err := url.QueryUnescape(part); err == nil {
						a.word(plain)
					}
				}
			}
		}
	}
}

// word takes an address out of a word: what begins with a slash, or stands behind the site's host anywhere in it.
func (a *addresses) word(w string) {
	if strings.HasPrefix(w, "/") {
		a.one(w)
	}
	if _, value, ok := strings.Cut(w, "="); ok { // url=/a/ of a refresh, ?url=https://… of a button for sharing
		a.word(value)
	}
	for host := a.base.Host + "/"; len(host) > 1; {
		i := strings.Index(w, host)
		if i < 0 {
			break
		}
		w = w[i+len(host)-1:]
		a.path(w)
	}
}

// one resolves an address as it stands in an attribute.
func (a *addresses) one(ref string) {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		a.path(ref)
		return
	}
	if u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.Host != "" && !strings.EqualFold(u.Host, a.base.Host) {
		return
	}
	a.file(a.page.ResolveReference(u).Path)
}

// path resolves what stands behind the host.
func (a *addresses) path(p string) {
	p, _, _ = strings.Cut(p, "#")
	p, _, _ = strings.Cut(p, "?")
	if plain, err := url.PathUnescape(p); err == nil {
		p = plain
	}
	a.file(p)
}

// file names the files that may answer at a path.
func (a *addresses) file(p string) {
	p = strings.TrimPrefix(p, strings.TrimSuffix(a.base.Path, "/"))
	switch p = strings.TrimPrefix(p, "/"); {
	case p == "" || strings.HasSuffix(p, "/"):
		a.each(p + "index.html")
	case path.Ext(p) == "":
		a.each(p)
		a.each(p + "/index.html")
	default:
		a.each(p)
		if t := strings.TrimRight(p, ".,;:!?)]}"); t != p {
			a.each(t)
		}
	}
}
