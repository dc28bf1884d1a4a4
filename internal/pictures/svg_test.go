package pictures

import (
	"encoding/base64"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

const svgHead = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30">`

// An SVG that could do anything but show itself is refused.
func TestActiveSVG(t *testing.T) {
	for _, s := range []string{
		`<script>alert(1)</script>`, `<g><script href="x.js"/></g>`, `<rect onload="alert(1)"/>`, `<rect ONCLICK="alert(1)"/>`,
		`<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>`, `<a href="https://a.example/"><rect/></a>`,
		`<animate attributeName="href" to="javascript:alert(1)"/>`, `<set attributeName="onclick" to="x"/>`, `<handler/>`,
		`<image href="https://a.example/a.png"/>`, `<image xlink:href="//a.example/a.png"/>`, `<use href="other.svg#x"/>`, `<use href="data:image/svg+xml;base64,AAAA"/>`,
		`<rect fill="url(https://a.example/#a)"/>`, `<rect style="fill:url( 'http://a.example/a' )"/>`,
		`<style>@import "a.css";</style>`, `<style>rect{fill:url(http://a.example/)}</style>`, `<style>rect{fill:\75rl(http://a.example/)}</style>`,
		`<?xml-stylesheet href="a.css"?>`,
	} {
		_, problem := Read("a.svg", []byte(svgHead+s+"</svg>"))
		if problem == nil || problem.Rule.ID != "picture-active" || problem.Message(diag.ZH) == "" {
			t.Errorf("passes: %s (%v)", s, problem)
		}
	}
	for _, s := range []string{
		`<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>` + svgHead + `<text>&b;</text></svg>`,
		`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + svgHead + `<text>&x;</text></svg>`,
	} {
		if _, problem := Read("a.svg", []byte(s)); problem == nil {
			t.Errorf("passes: %s", s)
		}
	}
	for _, s := range []string{`<svg width="1">`, `<svg xmlns="http://www.w3.org/2000/svg">`, svgHead + "<g></svg>", "<?xml version='1.0'?><svg/>", svgHead + "&nbsp;</svg>"} {
		if _, problem := Read("a.svg", []byte(s)); problem == nil || problem.Rule.ID != "picture" {
			t.Errorf("passes: %s", s)
		}
	}
}

// What drawing programs write for themselves goes; what shows stays, byte for byte.
func TestCleanSVG(t *testing.T) {
	photo := withSegments(jpegOf(t, photograph(20, 10)), segment(0xfe, secret))
	in := `<?xml version="1.0" encoding="UTF-8"?>
<!-- ` + secret + ` -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
  inkscape:export-filename="/home/SECRET/a.png" viewBox="0 0 40,30">
<metadata><g onload="x"/><!-- SECRET --></metadata><inkscape:view><g/>SECRET</inkscape:view>
<title>山</title><style>.a{fill:url(#g)}</style><g inkscape:label="SECRET" class="a" style="fill:url(#g)"><path d="M0 0h9"/></g><use x:href="#p"/>
<image xml:space="preserve" x:href="data:image/jpeg;base64,` + base64.StdEncoding.EncodeToString(photo) + `"/></svg>
`
	p := mustRead(t, "a.svg", []byte(in))
	out := string(p.Clean())
	if strings.Contains(out, "SECRET") || strings.Contains(out, "inkscape") || strings.Contains(out, base64.StdEncoding.EncodeToString([]byte(secret))[4:12]) {
		t.Errorf("left: %s", out)
	}
	for _, s := range []string{"<title>山</title>", ".a{fill:url(#g)}", `<g class="a" style="fill:url(#g)"><path d="M0 0h9"/></g>`, `<use x:href="#p"/>`, `xmlns:x=`, `<image xml:space="preserve" x:href="data:image/jpeg;base64,/9j/`} {
		if !strings.Contains(out, s) {
			t.Errorf("gone: %s, in %s", s, out)
		}
	}
	if p.Width != 40 || p.Height != 30 {
		t.Errorf("%d by %d", p.Width, p.Height)
	}
	if again := mustRead(t, "a.svg", p.Clean()); string(again.Clean()) != out {
		t.Error("cleaned twice it is another")
	}
}

func TestSVGSize(t *testing.T) {
	for attrs, want := range map[string][2]int{
		`width="40" height="30"`: {40, 30}, `width="4in" height="72pt"`: {384, 96}, `width="100%" viewBox="0 0 40 30"`: {40, 30},
		`width="80" viewBox="0 0 40 30"`: {80, 60}, `height="60" viewBox="0 0 40 30"`: {80, 60}, ``: {300, 150}, `width="-3" height="x"`: {300, 150}, `width="0.2" height="0.2"`: {1, 1},
	} {
		p := mustRead(t, "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" `+attrs+`/>`))
		if p.Width != want[0] || p.Height != want[1] {
			t.Errorf("%s: %d by %d", attrs, p.Width, p.Height)
		}
	}
}
