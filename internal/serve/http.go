package serve

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"

	"zhendi/internal/build"
	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// own is the folder of the preview's files. No page of a site can have such an address: names that start with _ are no columns.
const own = "/_zhendi/"

//go:embed preview.js
var script []byte

//go:embed preview.css
var style []byte

// ServeHTTP answers with a file of the site.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	switch {
	case !trusted(r.Host):
		http.Error(w, "预览只回答 localhost 与数字地址 / only localhost and numeric addresses", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "只能查看 / read only", http.StatusMethodNotAllowed)
	case r.URL.Path == own+"events":
		s.events(w, r)
	case r.URL.Path == own+"preview.js":
		reply(w, r, http.StatusOK, output.MediaType("x.js"), script)
	case r.URL.Path == own+"preview.css":
		reply(w, r, http.StatusOK, output.MediaType("x.css"), style)
	default:
		s.file(w, r)
	}
}

// trusted reports whether Host is a name that only this machine, or nobody, can give away.
func trusted(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return name == "localhost" || net.ParseIP(strings.Trim(name, "[]")) != nil
}

// file answers with the file at an address of the site.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Path
	if !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00") || path.Clean(p) != strings.TrimSuffix(p, "/") && p != "/" {
		s.notFound(w, r)
		return
	}
	at := outPath(p)
	v := s.see(at)
	switch {
	case !v.found && !strings.HasSuffix(p, "/") && s.see(at+"/index.html").found:
		http.Redirect(w, r, (&url.URL{Path: p + "/"}).EscapedPath(), http.StatusFound)
	case !v.found:
		s.notFound(w, r)
	default:
		s.show(w, r, http.StatusOK, v)
	}
}

// outPath is the file at an address.
func outPath(p string) string {
	p = strings.TrimPrefix(p, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	return p
}

// notFound answers with the edition's page for that.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	v := s.see(strings.TrimPrefix(s.rootOf(r.URL.Path), "/") + "404.html")
	if !v.found {
		v = view{found: true, media: output.MediaType("x.html"), body: emptyPage("没有这个网页"), page: true}
	}
	s.show(w, r, http.StatusNotFound, v)
}

// rootOf is the address of the edition that an address is in.
func (s *Server) rootOf(p string) string {
	best := "/"
	for _, root := range s.desk.Roots() {
		if strings.HasPrefix(p, root) && len(root) > len(best) {
			best = root
		}
	}
	return best
}

// view is a file as the server has it.
type view struct {
	build.Served
	found    bool
	page     bool // a page that the preview's script goes into
	media    string
	body     []byte
	stands   bool // body is from before a mistake
	problems diag.List
}

// see makes the file at a path of the output. Where a mistake stands in the way it is the last one that there was.
func (s *Server) see(at string) (v view) {
	v.Served, v.problems, v.found = s.desk.File(at)
	v.media, v.body = v.Media, v.Body
	if v.media == "" {
		v.media = output.MediaType(at)
	}
	page := strings.HasPrefix(v.media, "text/html")
	v.page = page && v.Class != output.Redirect
	if !page {
		return v
	}
	broken := v.problems.Count(diag.Error) > 0 || v.found && v.Body == nil
	if broken || v.Old || !v.found && s.desk.Problems().Count(diag.Error) > 0 {
		if body, ok := s.pages.get(at); ok {
			v.body, v.found, v.stands, v.page = body, true, true, true
		} else if broken || !v.found && at == "index.html" {
			v.body, v.found, v.page = emptyPage("这个网页现在做不出来：先改正下面的错误"), true, true
		}
		return v
	}
	if v.found && v.page {
		s.pages.put(at, v.body)
	}
	return v
}

func emptyPage(text string) []byte {
	return []byte(`<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>预览</title><body><p>` + html.EscapeString(text) + "</p></body></html>\n")
}

// show answers with a view.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	body := v.body
	if v.page {
		body = s.layered(v)
	}
	reply(w, r, status, v.media, body)
}

// layered is a page with the preview's script in it.
func (s *Server) layered(v view) []byte {
	tag := fmt.Sprintf(`<script src="%spreview.js" data-sum="%s" data-plain="%s" async></script>`, own, sum(v.body), s.plain(v.body))
	at := bytes.LastIndex(v.body, []byte("</body>"))
	if at < 0 {
		at = len(v.body)
	}
	return bytes.Join([][]byte{v.body[:at], []byte(tag), v.body[at:]}, nil)
}

func sum(b []byte) string {
	x := sha256.Sum256(b)
	return hex.EncodeToString(x[:12])
}

// plain is the sum of a page but for which styles it has.
func (s *Server) plain(body []byte) string {
	for name, at := range s.desk.Assets() {
		if path.Ext(name) == ".css" {
			body = bytes.ReplaceAll(body, []byte(at), []byte(name))
		}
	}
	return sum(body)
}

func reply(w http.ResponseWriter, r *http.Request, status int, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-cache")
	tag := `"` + sum(body) + `"`
	h.Set("ETag", tag)
	if status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		w.Write(body) // an error is that the reader has gone
	}
}

// lastGood keeps the pages that were seen last without a mistake.
type lastGood struct {
	mu    sync.Mutex
	pages map[string][]byte
	order []string
}

// goodPages is how many pages are kept: more than anybody has open.
const goodPages = 64

func (g *lastGood) get(at string) ([]byte, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b, ok := g.pages[at]
	return b, ok
}

func (g *lastGood) put(at string, body []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pages == nil {
		g.pages = map[string][]byte{}
	}
	if _, ok := g.pages[at]; !ok {
		g.order = append(g.order, at)
	}
	g.pages[at] = body
	if len(g.order) > goodPages {
		delete(g.pages, g.order[0])
		g.order = g.order[1:]
	}
}
