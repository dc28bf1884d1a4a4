package pictures

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"zhendi/internal/diag"
)

// maxSVG is the largest SVG file in bytes.
const maxSVG = 4 << 20

const (
	nsSVG   = "http://www.w3.org/2000/svg"
	nsXLink = "http://www.w3.org/1999/xlink"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
)

// svgElements are the elements that show something and do nothing: no scripts, foreign content, links
// or motion (SVG 2, appendix "Element index").
var svgElements = words(`svg g defs symbol use switch title desc style image path rect circle ellipse line polyline polygon text tspan
	textPath marker mask clipPath pattern linearGradient radialGradient stop view filter feBlend feColorMatrix feComponentTransfer
	feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
	feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// isSVG reports whether b begins as an SVG file does.
func isSVG(b []byte) bool {
	head := bytes.TrimSpace(bytes.TrimPrefix(b[:min(len(b), 4096)], []byte("\ufeff")))
	for _, p := range []string{"<svg", "<?xml", "<!--", "<!DOCTYPE svg"} {
		if bytes.HasPrefix(head, []byte(p)) {
			return bytes.Contains(head, []byte("<svg"))
		}
	}
	return false
}

// svgScan goes over an SVG file: it refuses what is active and cuts out what is not shown.
type svgScan struct {
	p      *Picture
	d      *xml.Decoder
	kept   int64 // up to where p.src is dealt with
	depth  int
	cut    int               // depth of the element that is being cut out, 0 for none
	prefix map[string]string // namespace by prefix
	active *diag.Problem
}

// readSVG checks an SVG file. One opened at its own address runs scripts in the name of the site, so that what could
// be active is refused, not mended: a mended picture might look otherwise than its author meant.
func (p *Picture) readSVG() *diag.Problem {
	if len(p.src) > maxSVG {
		return p.problem(&ruleBytes, p.name, len(p.src)>>20, maxSVG>>20)
	}
	s := svgScan{p: p, d: xml.NewDecoder(bytes.NewReader(p.src)), prefix: map[string]string{"xml": nsXML}}
	for {
		from := s.d.InputOffset()
		t, err := s.d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return p.damaged("XML 有误："+err.Error(), "its XML is wrong: "+err.Error())
		}
		s.token(t, from)
		if s.active != nil {
			return s.active
		}
	}
	s.keep(int64(len(p.src)))
	return nil
}

// keep publishes what stands before at; drop leaves out what stands before it.
func (s *svgScan) keep(at int64) {
	if at > s.kept {
		s.p.keep = append(s.p.keep, s.p.src[s.kept:at])
	}
	s.kept = at
}

func (s *svgScan) drop(from, to int64) {
	s.keep(from)
	s.kept = to
}

// refuse says what must not be in the file; the first time counts.
func (s *svgScan) refuse(zh, en string) {
	if s.active == nil {
		s.active = s.p.problem(&ruleActive, s.p.name, diag.T(zh, en))
	}
}

func (s *svgScan) token(t xml.Token, from int64) {
	to := s.d.InputOffset()
	switch t := t.(type) {
	case xml.StartElement:
		s.depth++
		if s.cut > 0 {
			return
		}
		s.start(t, from, to)
	case xml.EndElement:
		if s.cut == s.depth {
			s.cut, s.kept = 0, to
		}
		s.depth--
	case xml.Comment:
		if s.cut == 0 {
			s.drop(from, to)
		}
	case xml.ProcInst:
		if t.Target != "xml" {
			s.refuse("处理指令 <?"+t.Target+"?>", "an instruction <?"+t.Target+"?>")
		}
	case xml.Directive:
		if bytes.ContainsAny(t, "[%") {
			s.refuse("带实体定义的 DOCTYPE", "a DOCTYPE with entities")
			return
		}
		s.drop(from, to)
	}
}

// start looks at a start tag.
func (s *svgScan) start(t xml.StartElement, from, to int64) {
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" {
			s.prefix[a.Name.Local] = a.Value
		}
	}
	switch {
	case s.depth == 1 && (t.Name.Local != "svg" || t.Name.Space != nsSVG):
		s.active = s.p.damaged(`最外层不是 <svg xmlns="`+nsSVG+`">`, `it does not begin with <svg xmlns="`+nsSVG+`">`)
		return
	case t.Name.Space != nsSVG, t.Name.Local == "metadata": // of drawing programs
		s.keep(from)
		s.cut = s.depth
		return
	case !svgElements[t.Name.Local]:
		s.refuse(" <"+t.Name.Local+"> ", "<"+t.Name.Local+">")
		return
	case s.depth == 1:
		s.p.Width, s.p.Height = svgSize(t.Attr)
	case t.Name.Local == "style":
		s.style(to)
	}
	for _, a := range t.Attr {
		s.attr(a)
	}
	s.tag(from, to)
}

// attr refuses attributes that run something or lead out of the file.
func (s *svgScan) attr(a xml.Attr) {
	name, v := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
	switch {
	case strings.HasPrefix(name, "on"):
		s.refuse("脚本属性 "+a.Name.Local, "the script attribute "+a.Name.Local)
	case (name == "href" || name == "src") && (a.Name.Space == "" || a.Name.Space == nsXLink):
		if !strings.HasPrefix(v, "#") && !dataImage.MatchString(v) {
			s.refuse("指向文件之外的地址 "+brief(v), "a link out of the file, "+brief(v))
		}
	case a.Name.Space == "" && outside(v):
		s.refuse("指向文件之外的地址 "+brief(v), "a link out of the file, "+brief(v))
	}
}

// style looks at the text of a style element, which begins at from.
func (s *svgScan) style(from int64) {
	text := s.p.src[from:]
	if i := bytes.Index(text, []byte("</")); i >= 0 {
		text = text[:i]
	}
	if css := string(text); outside(css) || strings.Contains(strings.ToLower(css), "@import") || strings.Contains(css, `\`) {
		s.refuse("引用文件之外内容的样式", "styles that refer to something outside the file")
	}
}

var (
	dataImage = regexp.MustCompile(`^data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*$`)
	urlIn     = regexp.MustCompile(`(?i)url\s*\(\s*["']?\s*([^"')\s]{0,40})`)
)

// outside reports whether a value refers to something outside the file.
func outside(v string) bool {
	for _, m := range urlIn.FindAllStringSubmatch(v, -1) {
		if !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], "data:image/") && !strings.HasPrefix(m[1], "data:font/") {
			return true
		}
	}
	return strings.Contains(strings.ToLower(v), "javascript:")
}

func brief(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

var (
	prefixed = regexp.MustCompile(`\s+([A-Za-z_][\w.-]*):([\w.-]+)\s*=\s*("[^"]*"|'[^']*')`)
	embedded = regexp.MustCompile(`data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]*)`)
)

// tag publishes a start tag without the attributes of drawing programs, which tell names of files and
// people, and with embedded pictures cleaned.
func (s *svgScan) tag(from, to int64) {
	raw := s.p.src[from:to]
	if !bytes.ContainsAny(raw, ":") {
		return
	}
	out := prefixed.ReplaceAllFunc(raw, func(m []byte) []byte {
		g := prefixed.FindSubmatch(m)
		ns := s.prefix[string(g[1])]
		if string(g[1]) == "xmlns" {
			ns = s.prefix[string(g[2])]
		}
		if ns == nsXLink || ns == nsXML || ns == nsSVG {
			return m
		}
		return nil
	})
	out = embedded.ReplaceAllFunc(out, s.embedded)
	if !bytes.Equal(out, raw) {
		s.keep(from)
		s.p.keep = append(s.p.keep, out)
		s.kept = to
	}
}

// embedded cleans a picture in a data: address.
func (s *svgScan) embedded(m []byte) []byte {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(embedded.FindSubmatch(m)[1])), ""))
	if err != nil || isSVG(b) {
		s.active = s.p.damaged("其中嵌入的图片有误", "a picture in it is damaged")
		return m
	}
	inner, problem := Read(s.p.name, b)
	if problem != nil {
		s.active = problem
		return m
	}
	return []byte("data:image/" + strings.ToLower(inner.Format.String()) + ";base64," + base64.StdEncoding.EncodeToString(inner.Clean()))
}

// svgUnits are CSS pixels for a unit.
var svgUnits = map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}

// svgSize is the size in CSS pixels at which a browser shows the file: width and height, else those of
// the viewBox, else 300 by 150 (CSS Images 3, 5.2).
func svgSize(attrs []xml.Attr) (w, h int) {
	var width, height, boxW, boxH float64
	for _, a := range attrs {
		switch a.Name.Local {
		case "width":
			width = svgLength(a.Value)
		case "height":
			height = svgLength(a.Value)
		case "viewBox":
			if f := strings.FieldsFunc(a.Value, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }); len(f) == 4 {
				boxW, boxH = svgLength(f[2]), svgLength(f[3])
			}
		}
	}
	switch {
	case width > 0 && height > 0:
	case boxW > 0 && boxH > 0 && width > 0:
		height = width * boxH / boxW
	case boxW > 0 && boxH > 0 && height > 0:
		width = height * boxW / boxH
	case boxW > 0 && boxH > 0:
		width, height = boxW, boxH
	default:
		width, height = 300, 150
	}
	return max(1, int(math.Round(width))), max(1, int(math.Round(height)))
}

// svgLength is a length in pixels, 0 if it has none of its own.
func svgLength(s string) float64 {
	s = strings.TrimSpace(s)
	n := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%")
	unit, known := svgUnits[strings.ToLower(s[len(n):])]
	v, err := strconv.ParseFloat(n, 64)
	if !known || err != nil || !(v > 0 && v < 1e6) {
		return 0
	}
	return v * unit
}
