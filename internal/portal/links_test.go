package portal

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// outPath is the file at an address of the portal; it fails the test if the address is not the
// portal's.
func outPath(t *testing.T, p *portal, address string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(address, p.base)
	if !ok {
		t.Errorf("%s: %s is not an address of it", p.name, address)
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	dec, err := url.PathUnescape(rest)
	if err != nil {
		t.Errorf("%s: %v", address, err)
	}
	if dec == "" || strings.HasSuffix(dec, "/") {
		dec += "index.html"
	}
	return dec
}

// fragment is the decoded part of an address after #.
func fragment(t *testing.T, address string) string {
	t.Helper()
	_, f, _ := strings.Cut(address, "#")
	dec, err := url.PathUnescape(f)
	if err != nil {
		t.Errorf("%s: %v", address, err)
	}
	return dec
}

// cssID writes an id for a selector.
func cssID(id string) string {
	var b strings.Builder
	for _, r := range id {
		if r < 0x80 && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			b.WriteString(`\` + strings.ToLower(hexRune(r)) + " ")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hexRune(r rune) string {
	const digits = "0123456789abcdef"
	return string(digits[r>>4&15]) + string(digits[r&15])
}

// addresses lists all that an element leads to or takes.
func addresses(n *html.Node) (out []string) {
	for _, a := range []string{"href", "src", "poster", "action", "data-image", "data-src", "cite"} {
		if has(n, a) && attr(n, a) != "" {
			out = append(out, attr(n, a))
		}
	}
	for part := range strings.SplitSeq(attr(n, "srcset"), ",") {
		if f := strings.Fields(part); len(f) > 0 {
			out = append(out, f[0])
		}
	}
	if n.Data == "meta" && (strings.EqualFold(attr(n, "http-equiv"), "refresh")) {
		_, u, _ := strings.Cut(attr(n, "content"), "url=")
		out = append(out, u)
	}
	if n.Data == "meta" {
		for _, name := range []string{"Image", "Url", "og:image", "og:url"} {
			if attr(n, "name") == name || attr(n, "property") == name {
				out = append(out, attr(n, "content"))
			}
		}
	}
	return out
}

// crawl checks every address in every page and returns, for each page, the pages it leads to.
func crawl(t *testing.T, p *portal) map[string][]string {
	t.Helper()
	base, err := url.Parse(p.base)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]map[string]bool{}
	all := append(append([]*page{}, p.pages...), p.moved...)
	for _, pg := range all {
		ids[pg.path] = map[string]bool{}
		for _, n := range pg.all("[id]") {
			ids[pg.path][attr(n, "id")] = true
		}
	}
	leads := map[string][]string{}
	for _, pg := range all {
		at, _ := url.Parse(p.base + (&url.URL{Path: pg.path}).EscapedPath())
		walk(pg.doc, func(n *html.Node) bool {
			if n.Type != html.ElementNode {
				return true
			}
			for _, a := range addresses(n) {
				u, err := at.Parse(a)
				if err != nil {
					t.Errorf("%s: %q: %v", pg, a, err)
					continue
				}
				if (u.Scheme != "http" && u.Scheme != "https") || u.Host != base.Host {
					continue
				}
				if !strings.HasPrefix(u.Path, base.Path) {
					t.Errorf("%s: %q leaves the folder of the site", pg, a)
					continue
				}
				target := strings.TrimPrefix(u.Path, base.Path)
				if target == "" || strings.HasSuffix(target, "/") {
					target += "index.html"
				}
				if _, ok := p.files[target]; !ok {
					t.Errorf("%s: %q is dead", pg, a)
					continue
				}
				if u.Fragment != "" && !ids[target][u.Fragment] {
					t.Errorf("%s: %q: no such place on the page", pg, a)
				}
				if n.Data == "a" {
					leads[pg.path] = append(leads[pg.path], target)
				}
			}
			return true
		})
	}
	return leads
}

// No link within a portal is dead, and every page can be reached from the home page.
func TestLinks(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		leads := crawl(t, p)
		seen := map[string]bool{}
		var queue []string
		for _, pg := range p.kind("home") { // of each edition
			seen[pg.path] = true
			queue = append(queue, pg.path)
		}
		for len(queue) > 0 {
			for _, to := range leads[queue[0]] {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
			queue = queue[1:]
		}
		for _, pg := range p.pages {
			if !seen[pg.path] && pg.kind != "notfound" && pg.kind != "withdrawn" {
				t.Errorf("%s cannot be reached from the home page", pg)
			}
		}
	})
}

// The same below a folder of the host: every address has the folder, and but for
// that and the site's name in its own addresses the pages are the same.
func TestLinksBelowPath(t *testing.T) {
	p := samplePrefixed.get(t)
	crawl(t, p)
	for _, pg := range p.pages {
		for _, n := range pg.all("[href^='/'], [src^='/']") {
			if a := attr(n, "href") + attr(n, "src"); !strings.HasPrefix(a, p.prefix()+"/") {
				t.Errorf("%s: %s is not below %s", pg, a, p.prefix())
			}
		}
	}
	plain := sample.get(t)
	if got, want := strings.Join(keys(p.files), "\n"), strings.Join(keys(plain.files), "\n"); got != want {
		t.Error("the files differ from those of the site at the root of its host")
	}
}

var cssURL = regexp.MustCompile(`url\(\s*["']?([^"')]+)`)

// Styles take nothing from elsewhere, and what they take is there.
func TestStylesTakeWhatIsThere(t *testing.T) {
	p := sample.get(t)
	styles := 0
	for path, b := range p.files {
		if !strings.HasSuffix(path, ".css") {
			continue
		}
		styles++
		at, _ := url.Parse(p.base + path)
		if strings.Contains(string(b), "@import") {
			t.Errorf("%s imports", path)
		}
		for _, m := range cssURL.FindAllStringSubmatch(string(b), -1) {
			u, err := at.Parse(m[1])
			if err != nil || u.Scheme != "data" && p.files[outPath(t, p, u.String())] == nil {
				t.Errorf("%s takes %s", path, m[1])
			}
		}
	}
	if styles == 0 {
		t.Error("no style sheet")
	}
}
