package render

import (
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"zhendi/internal/diag"
	"zhendi/internal/source"
)

// Picture is a picture as pages show it: the attributes of an img element.
type Picture struct {
	URL    string // src: the picture some 1280 pixels wide, or as it is
	Srcset string // the picture in all widths; empty if there is one only. It needs sizes beside it
	Width  int    // of the picture, in pixels, with Height: what browsers keep free for it
	Height int
}

// Pictured is what the driver knows of a picture file.
type Pictured struct {
	Width, Height int
	Sizes         []Sized   // narrowest first; empty if the file is no picture
	Problems      diag.List // of the file; without place

	shown atomic.Pointer[Picture] // the same for all pages of all editions; nil: no page has asked yet
}

// Sized is a picture in one width and the address at which it stands.
type Sized struct {
	Width int
	Addr  string
}

// middling is the width of the picture that stands for all widths: in feeds, for search engines, in
// browsers that know no srcset.
const middling = 1280

// Default returns the address of the picture in a middling width.
func (p *Pictured) Default() string {
	addr := p.Sizes[0].Addr
	for _, s := range p.Sizes {
		if s.Width <= middling {
			addr = s.Addr
		}
	}
	return addr
}

// See tells the renderer where to ask for what pictures hold. It is called before anything else.
func (r *Renderer) See(look func(source.File) *Pictured) {
	r.look = look
	r.info = r.siteInfo()
}

// looked is what is known of a picture file at an address; of one that is none, the address.
func (r *Renderer) looked(f *source.File, addr string) *Pictured {
	if r.look != nil {
		if p := r.look(*f); len(p.Sizes) > 0 {
			return p
		}
	}
	return &Pictured{Sizes: []Sized{{Addr: addr}}}
}

// Shown is a picture as pages show it.
func (r *Renderer) Shown(p *Pictured) *Picture {
	if s := p.shown.Load(); s != nil {
		return s
	}
	out := &Picture{URL: r.link(p.Default()), Width: p.Width, Height: p.Height}
	if len(p.Sizes) > 1 {
		var b strings.Builder
		for i, s := range p.Sizes {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(r.link(s.Addr) + " " + strconv.Itoa(s.Width) + "w")
		}
		out.Srcset = b.String()
	}
	p.shown.Store(out)
	return out
}

// picture returns the first of names that is a picture of the site, nil if none is.
func (r *Renderer) picture(v *View, dir string, names ...string) *Picture {
	f, addr := r.pictureFile(v, dir, names...)
	if f == nil {
		return nil
	}
	return r.Shown(r.looked(f, addr))
}

// pictureFile finds the first of names that is a file of the site. The page shows it.
func (r *Renderer) pictureFile(v *View, dir string, names ...string) (*source.File, string) {
	for _, n := range names {
		if n == "" || strings.Contains(n, "://") {
			continue
		}
		if dec, err := url.PathUnescape(n); err == nil {
			n = dec
		}
		if f, addr, ok := r.site.Lookup(dir, n); ok {
			v.use(f)
			return f, addr
		}
	}
	return nil, ""
}

// static is the picture that site.yaml names, nil if it is not there.
func (r *Renderer) static(name string) *Picture {
	if name == "" {
		return nil
	}
	addr := "/" + strings.TrimPrefix(name, "/")
	f, found, ok := r.site.Lookup("", addr)
	if !ok {
		return &Picture{URL: r.link(addr)}
	}
	return r.Shown(r.looked(f, found))
}

// At gives problems their place.
func At(pos diag.Pos, list diag.List) (out diag.List) {
	for _, p := range list {
		p.Pos = pos
		out.Add(p)
	}
	return out
}

// address is where p is, empty if it is none.
func (p *Picture) address() string {
	if p == nil {
		return ""
	}
	return p.URL
}
