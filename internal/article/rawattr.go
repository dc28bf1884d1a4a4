package article

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// rawAttrs returns the attributes of a raw start tag that are allowed, written out,
// and whether the tag has what it needs.
func (r *rendering) rawAttrs(name string, e element, attrs []html.Attribute, here int) (string, bool) {
	outer := r.out
	r.out, r.above = nil, len(outer)
	defer func() { r.out, r.above = outer, 0 }()
	switch name {
	case "a", "img":
		return r.rawLink(name, attrs, here)
	case "video", "audio":
		r.str(` controls preload="metadata"`)
	}
	class, seen := "", map[string]bool{}
	source := name != "source"
	for _, a := range attrs {
		if seen[a.Key] {
			continue
		}
		seen[a.Key] = true
		if c := alignment(name, a); c != "" {
			class = c
			continue
		}
		if a.Key == "src" && slices.Contains(strings.Fields(e.attrs), "src") {
			source = r.rawMedia(a, here)
			continue
		}
		if !r.rawAttr(name, e, a, here) {
			r.report(&ruleRawAttr, here, a.Key, name)
		}
	}
	if class != "" && !seen["class"] {
		r.str(` class="` + class + `"`)
	}
	if name == "video" || name == "audio" {
		source = source || !seen["src"]
	}
	return string(r.out), source
}

// rawAttr writes one attribute, if it is allowed.
func (r *rendering) rawAttr(name string, e element, a html.Attribute, here int) bool {
	v := strings.TrimSpace(a.Val)
	switch a.Key {
	case "controls", "preload":
		return name == "video" || name == "audio"
	case "class":
		var keep []string
		for _, c := range strings.Fields(v) {
			if !slices.Contains(classes, c) {
				r.report(&ruleRawClass, here, c, strings.Join(classes, "、"))
			} else if !slices.Contains(keep, c) {
				keep = append(keep, c)
			}
		}
		v = strings.Join(keep, " ")
		if v == "" {
			return true
		}
	case "poster":
		if !slices.Contains(strings.Fields(e.attrs), a.Key) {
			return false
		}
		to, ok := r.resolve(v, here, true)
		if !ok {
			return true
		}
		v = to.URL
	default:
		if check := globalAttrs[a.Key]; check != nil {
			if !check.MatchString(v) {
				return false
			}
			break
		}
		if check := ownAttrs[a.Key]; check == nil || !slices.Contains(strings.Fields(e.attrs), a.Key) || !check.MatchString(v) {
			return false
		}
	}
	r.str(" " + a.Key + `="`)
	r.attr(v)
	r.str(`"`)
	return true
}

// globalAttrs are the attributes every raw element may have, ownAttrs those of
// certain elements, and what their values look like.
var (
	globalAttrs = map[string]*regexp.Regexp{
		"title":     regexp.MustCompile(`^[^\x00-\x1f]{1,200}$`),
		"lang":      regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`),
		"dir":       regexp.MustCompile(`^(ltr|rtl|auto)$`),
		"translate": regexp.MustCompile(`^(yes|no)$`),
	}
	number   = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)
	ownAttrs = map[string]*regexp.Regexp{
		"colspan": number, "rowspan": number, "width": number, "height": number, "start": number,
		"scope":    regexp.MustCompile(`^(col|row|colgroup|rowgroup)$`),
		"datetime": regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2})?$`),
		"type":     regexp.MustCompile(`^(video|audio)/[a-z0-9.+-]{1,40}$`),
	}
)

// alignment returns the class that stands for an old way to align text.
func alignment(name string, a html.Attribute) string {
	v := strings.ToLower(strings.TrimSpace(a.Val))
	switch a.Key {
	case "align":
	case "style":
		v = strings.TrimSuffix(strings.ReplaceAll(v, " ", ""), ";")
		var ok bool
		if v, ok = strings.CutPrefix(v, "text-align:"); !ok {
			return ""
		}
	default:
		return ""
	}
	if v != "left" && v != "center" && v != "right" || name == "table" {
		return ""
	}
	return "align-" + v
}

// rawMedia writes the file of a film or sound. It must be the site's own: the pages'
// policy lets no other load.
func (r *rendering) rawMedia(a html.Attribute, here int) bool {
	to, ok := r.resolve(a.Val, here, false)
	if !ok {
		return false
	}
	if _, absolute := scheme(a.Val); absolute || to.External || strings.HasPrefix(strings.TrimSpace(a.Val), "//") {
		r.report(&ruleRawMedia, here, a.Val)
		return false
	}
	r.str(` src="`)
	r.attr(to.URL)
	r.str(`"`)
	return true
}

// rawLink returns the attributes of <a> and <img>.
func (r *rendering) rawLink(name string, attrs []html.Attribute, here int) (string, bool) {
	var dest, alt, title string
	var size Link
	found := false
	for _, a := range attrs {
		switch {
		case a.Key == "href" && name == "a", a.Key == "src" && name == "img":
			dest, found = a.Val, true
		case a.Key == "alt" && name == "img":
			alt = strings.TrimSpace(a.Val)
		case a.Key == "title":
			title = strings.TrimSpace(a.Val)
		case (a.Key == "width" || a.Key == "height") && name == "img" && number.MatchString(a.Val):
			n, _ := strconv.Atoi(a.Val)
			if a.Key == "width" {
				size.Width = n
			} else {
				size.Height = n
			}
		case a.Key == "target" || a.Key == "rel" || a.Key == "loading" || a.Key == "decoding": // ours to say
		default:
			r.report(&ruleRawAttr, here, a.Key, name)
		}
	}
	if !found {
		r.report(&ruleRawNeeds, here, name, map[string]string{"a": "href", "img": "src"}[name])
		return "", false
	}
	if name == "img" {
		if !r.img(dest, alt, title, size, here) {
			return "", false
		}
		return strings.TrimSuffix(strings.TrimPrefix(string(r.out), "<img"), ">"), true
	}
	to, ok := r.resolve(dest, here, false)
	if !ok {
		return "", false
	}
	r.openLink(to, title)
	r.inLink-- // counted when the tag is written
	return strings.TrimSuffix(strings.TrimPrefix(string(r.out), "<a"), ">"), true
}

// policy is the second lock: what a page body may have at most, whoever wrote it.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "ftp")
	for name := range elements {
		p.AllowNoAttrs().OnElements(name)
	}
	p.AllowNoAttrs().OnElements("aside", "section", "figure")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[a-z0-9+# .-]+$`)).Globally()
	p.AllowAttrs("id", "title", "lang", "dir", "translate", "role", "aria-label", "tabindex").Globally()
	p.AllowAttrs("href", "rel").OnElements("a")
	p.AllowAttrs("src", "alt", "width", "height", "loading", "decoding", "fetchpriority", "srcset", "sizes").OnElements("img")
	p.AllowAttrs("src", "poster", "width", "height", "controls", "preload").OnElements("video", "audio")
	p.AllowAttrs("src", "type").OnElements("source")
	p.AllowAttrs("colspan", "rowspan", "scope").OnElements("th", "td")
	p.AllowAttrs("start").OnElements("ol")
	p.AllowAttrs("datetime").OnElements("time")
	return p
})
