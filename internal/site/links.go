package site

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/source"
)

// Target is where a link or picture of an article leads.
type Target struct {
	URL      string       // as it goes into href: escaped
	Item     *Item        // if it leads to an article
	Page     bool         // URL is the address of a page of this edition
	File     *source.File // if it leads to a file of the content tree, which must then be published
	External bool
	Gone     bool
}

// Resolve says where dest, written in an article or column page whose files are in
// folder dir (relative to content), leads. A problem has no place yet.
func (s *Site) Resolve(dir, dest string, image bool) (Target, *diag.Problem) {
	u, err := parse(strings.TrimSpace(dest))
	if err != nil {
		p := ruleDeadLink.At(diag.Pos{}, dest, diag.T("检查网址的写法", "check how the address is written"))
		return Target{Gone: true}, &p
	}
	if !ascii(u.Path) {
		u.Path = norm.NFC.String(u.Path) // as source has the names of files
	}
	switch {
	case image && (u.Scheme != "" || u.Host != ""):
		p := ruleHotlink.At(diag.Pos{}, dest)
		return Target{Gone: true}, &p
	case u.Scheme == "http" || u.Scheme == "https":
		return Target{URL: dest, External: s.external(u.Hostname())}, nil
	case u.Scheme != "" || dest == "" || strings.HasPrefix(dest, "#"):
		return Target{URL: dest}, nil
	case u.Host != "": // //host/path
		return Target{URL: dest, External: s.external(u.Hostname())}, nil
	}
	name := path.Join(dir, u.Path)
	if strings.HasPrefix(u.Path, "/") {
		if t, ok := s.address(&u); ok {
			return s.spelled(t, dest)
		}
		name = strings.TrimPrefix(path.Clean(u.Path), "/")
	}
	if name == ".." || strings.HasPrefix(name, "../") {
		p := ruleOutside.At(diag.Pos{}, dest)
		return Target{Gone: true}, &p
	}
	return s.file(name, dest, &u, image)
}

// parse is url.Parse, quick for what is plainly a path.
func parse(s string) (u url.URL, err error) {
	if plainPath(s) {
		u.Path = s
		return u, nil
	}
	p, err := url.Parse(s)
	if err != nil {
		return u, err
	}
	return *p, nil
}

// plainPath reports whether s is a path in which nothing is escaped or needs to be.
func plainPath(s string) bool {
	if strings.HasPrefix(s, "//") {
		return false
	}
	for i := range len(s) {
		if !plainByte[s[i]] {
			return false
		}
	}
	return true
}

// plainByte are the unreserved characters of RFC 3986, and the slash.
var plainByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/") {
		t[c] = true
	}
	return t
}()

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Page returns the address, in this edition, of the page that u, a path of the site as
// site.yaml or front matter gives it, names; false if u is no page.
func (s *Site) Page(addr string) (string, bool) {
	if !strings.HasPrefix(addr, "/") || strings.HasPrefix(addr, "//") {
		return "", false
	}
	u, err := parse(addr)
	if err != nil {
		return "", false
	}
	t, ok := s.address(&u)
	return t.URL, ok && t.Page
}

// address resolves a path of the published site.
func (s *Site) address(u *url.URL) (Target, bool) {
	p := strings.TrimPrefix(EscapePath(u.Path), "/")
	for _, e := range s.Config.Editions { // another edition, named by its prefix, has the same pages
		if rest, ok := strings.CutPrefix(p, e.Prefix+"/"); ok && e.Prefix != "" {
			if _, ok := s.claimed(foldURL(s.Root() + rest)); ok {
				return Target{URL: "/" + p + tail(u)}, true
			}
		}
	}
	if f, ok := s.files[StaticDir+"/"+strings.TrimPrefix(u.Path, "/")]; ok {
		return Target{URL: "/" + p + tail(u), File: &f}, true
	}
	if _, ok := s.claimed(foldURL(s.Root() + p)); ok {
		return Target{URL: s.Root() + p + tail(u), Page: true}, true
	}
	return Target{}, false
}

// spelled gives the address of a page as the page has it. Web servers tell letter cases apart: an address
// that differs by more than index.html is dead.
func (s *Site) spelled(t Target, dest string) (Target, *diag.Problem) {
	if t.File != nil {
		return t, nil
	}
	at, rest := t.URL, ""
	if i := strings.IndexAny(at, "?#"); i >= 0 {
		at, rest = at[:i], at[i:]
	}
	want := s.addressOf(foldURL(at))
	for _, e := range s.Config.Editions { // of another edition
		if below, ok := strings.CutPrefix(at, "/"+e.Prefix+"/"); ok && want == "" && e.Prefix != "" {
			if addr := s.addressOf(foldURL(s.Root() + below)); addr != "" {
				want = "/" + e.Prefix + "/" + strings.TrimPrefix(addr, s.Root())
			}
		}
	}
	if plainURL(at) != plainURL(want) {
		p := ruleDeadLink.At(diag.Pos{}, dest, diag.T("字母大小写要一致，应写 "+want, "letter case matters: write "+want))
		return Target{Gone: true}, &p
	}
	t.URL = want + rest
	return t, nil
}

// addressOf returns the address, as its page has it, that a folded one stands for; empty if there is none.
func (s *Site) addressOf(folded string) string {
	if c, ok := s.claimed(folded); ok {
		return s.what(c).addr
	}
	return ""
}

func tail(u *url.URL) (t string) {
	if u.RawQuery != "" {
		t = "?" + u.RawQuery
	}
	if u.Fragment != "" {
		t += "#" + u.EscapedFragment()
	}
	return t
}

// file resolves a path of the content tree.
func (s *Site) file(name, dest string, u *url.URL, image bool) (Target, *diag.Problem) {
	if !image {
		for _, p := range []string{name, name + "/index.md", name + ".md"} {
			if it := s.item("content/" + p); it != nil {
				return Target{URL: s.URL(it) + tail(u), Item: it, Page: it.HasPage()}, nil
			}
			if s.gone["content/"+p] {
				pr := ruleGoneLink.At(diag.Pos{}, dest)
				return Target{Gone: true}, &pr
			}
		}
		if c := s.byDir[strings.TrimSuffix(strings.TrimSuffix(name, "_index.md"), "/")]; c != nil && name != "" {
			if c.Absent {
				pr := ruleGoneLink.At(diag.Pos{}, dest)
				return Target{Gone: true}, &pr
			}
			return Target{URL: s.tree[c.nth].URL + tail(u), Page: c.Layout != "link"}, nil
		}
	}
	if f, ok := s.files[name]; ok {
		return Target{URL: "/" + EscapePath(name) + tail(u), File: &f}, nil
	}
	if s.internal[name] {
		pr := ruleInternalFile.At(diag.Pos{}, dest)
		return Target{Gone: true}, &pr
	}
	if s.gone["content/"+name] {
		pr := ruleGoneLink.At(diag.Pos{}, dest)
		return Target{Gone: true}, &pr
	}
	if image {
		pr := ruleMissingFile.At(diag.Pos{}, dest, diag.T("图片", "picture"), s.nearFile(name))
		return Target{Gone: true}, &pr
	}
	pr := ruleDeadLink.At(diag.Pos{}, dest, s.nearFile(name))
	return Target{Gone: true}, &pr
}

// Lookup returns the file of the content tree that name, relative to folder dir, means,
// and its address. A name that starts with / counts from content, or is that of a static file.
func (s *Site) Lookup(dir, name string) (*source.File, string, bool) {
	name = norm.NFC.String(name)
	p := path.Join(dir, name)
	if strings.HasPrefix(name, "/") {
		p = strings.TrimPrefix(path.Clean(name), "/")
		if f, ok := s.files[StaticDir+"/"+p]; ok {
			return &f, "/" + EscapePath(p), true
		}
	}
	f, ok := s.files[p]
	return &f, "/" + EscapePath(p), ok
}

// File is Lookup with a problem, which has no place yet, if there is no such file.
func (s *Site) File(dir, name string, what diag.Text) (*source.File, string, *diag.Problem) {
	f, addr, ok := s.Lookup(dir, name)
	if ok {
		return f, addr, nil
	}
	if strings.Contains(name, "://") {
		pr := ruleHotlink.At(diag.Pos{}, name)
		return nil, "", &pr
	}
	p := path.Join(dir, name)
	if strings.HasPrefix(name, "/") {
		p = strings.TrimPrefix(path.Clean(name), "/")
	}
	if p == ".." || strings.HasPrefix(p, "../") {
		pr := ruleOutside.At(diag.Pos{}, name)
		return nil, "", &pr
	}
	if s.internal[p] {
		pr := ruleInternalFile.At(diag.Pos{}, name)
		return nil, "", &pr
	}
	if s.gone["content/"+p] {
		pr := ruleGoneLink.At(diag.Pos{}, name)
		return nil, "", &pr
	}
	pr := ruleMissingFile.At(diag.Pos{}, name, what, s.nearFile(p))
	return nil, "", &pr
}

// nearFile advises on a file that is not there.
func (s *Site) nearFile(name string) diag.Text {
	s.folders.Do(func() {
		s.names = map[string][]string{}
		add := func(p string) { s.names[path.Dir(p)] = append(s.names[path.Dir(p)], path.Base(p)) }
		for p := range s.files {
			add(p)
		}
		for _, it := range s.Items {
			add(strings.TrimPrefix(it.Path, "content/"))
		}
		for p := range s.twins {
			add(strings.TrimPrefix(p, "content/"))
		}
		for _, list := range s.names {
			slices.Sort(list)
		}
	})
	if n, ok := fields.Near(path.Base(name), s.names[path.Dir(name)]); ok {
		return diag.T("是不是“"+n+"”?", "did you mean "+n+"?")
	}
	return diag.T("应有文件 content/"+name+"，检查文件名、大小写与所在文件夹", "expected the file content/"+name+"; check name, letter case and folder")
}

// exempt returns the hosts that need no notice: the site's own and those named in site.yaml.
func exempt(cfg config.Config) []string {
	own, _ := url.Parse(cfg.BaseURL)
	hosts := []string{"www.gov.cn"}
	if own != nil {
		hosts = append(hosts, own.Hostname())
	}
	hosts = append(hosts, cfg.ExemptHosts...)
	for i, h := range hosts {
		hosts[i] = strings.TrimPrefix(strings.ToLower(h), "*.")
	}
	return hosts
}

// external reports whether a host is neither the site's nor one of those that need no notice.
func (s *Site) external(host string) bool {
	host = strings.ToLower(host)
	for _, h := range s.exempt {
		above, ok := strings.CutSuffix(host, h)
		if ok && (above == "" || above[len(above)-1] == '.') || len(host)+4 == len(h) && strings.HasPrefix(h, "www.") && h[4:] == host {
			return false
		}
	}
	return true
}

// External reports whether an address leaves the site for a host that needs a notice.
func (s *Site) External(addr string) bool {
	if addr == "" || plainPath(addr) { // as most are
		return false
	}
	u, err := url.Parse(addr)
	return err == nil && u.Host != "" && s.external(u.Hostname())
}

// EscapePath escapes a slash-separated path for use in an address, as RFC 3986 says.
func EscapePath(p string) string {
	if plainPath(p) {
		return p
	}
	return (&url.URL{Path: p}).EscapedPath()
}

// foldURL is the form in which addresses are compared: plain and in lower case, since some file
// systems and object stores do not tell cases apart.
func foldURL(u string) string { return trimIndex(strings.ToLower(decoded(u))) }

// plainURL is an address decoded and without index.html.
func plainURL(u string) string { return trimIndex(decoded(u)) }

func decoded(u string) string {
	if plainPath(u) {
		return u
	}
	if d, err := url.PathUnescape(u); err == nil {
		u = d
	}
	return norm.NFC.String(u)
}

func trimIndex(u string) string {
	if dir, ok := strings.CutSuffix(u, "/index.html"); ok {
		return dir + "/"
	}
	return u
}
