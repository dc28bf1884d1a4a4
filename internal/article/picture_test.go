package article

import (
	"strings"
	"testing"

	"zhendi/internal/diag"
)

// The first picture of a part is loaded at once if it stands near the top, the others when the reader comes near;
// all say how wide they are shown.
func TestPictureAttributes(t *testing.T) {
	render := func(text string) []string {
		body, problems := Render(Source{File: "a.md", Line: 1, Text: []byte(text)}, Options{
			Sizes: "(min-width: 60rem) 40rem, 100vw",
			Resolve: func(dest string, image bool) (Link, *diag.Problem) {
				l := Link{URL: "/" + dest, Width: 2000, Height: 1000}
				if dest != "small.png" {
					l.Srcset = "/v-320.jpg 320w, /" + dest + " 2000w"
				}
				return l, nil
			},
		})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		var tags []string
		for _, part := range body.Parts {
			for _, s := range strings.Split(part, "<img ")[1:] {
				tag, _, _ := strings.Cut(s, ">")
				tags = append(tags, tag)
			}
		}
		return tags
	}
	const (
		first = `src="/a.jpg" alt="甲" width="2000" height="1000" srcset="/v-320.jpg 320w, /a.jpg 2000w" sizes="(min-width: 60rem) 40rem, 100vw" fetchpriority="high"`
		later = `src="/a.jpg" alt="甲" width="2000" height="1000" srcset="/v-320.jpg 320w, /a.jpg 2000w" sizes="auto, (min-width: 60rem) 40rem, 100vw" loading="lazy" decoding="async"`
		plain = `src="/small.png" alt="乙" width="2000" height="1000" loading="lazy" decoding="async"`
	)
	long := strings.Repeat("长", 600)
	for text, want := range map[string][]string{
		"![甲](a.jpg)\n\n![甲](a.jpg)\n":                       {first, later},
		"文字\n\n![甲](a.jpg)\n\n![乙](small.png)\n":             {first, plain},
		long + "\n\n![甲](a.jpg)\n":                           {later},
		long + "\n\n<!-- page -->\n\n![甲](a.jpg)\n":          {first},
		"![甲](a.jpg)\n\n<!-- page -->\n\n![甲](a.jpg)\n":      {first, first},
		long + "<b>x</b>\n\n<img src=\"a.jpg\" alt=\"甲\">\n": {later},
		"<b>x</b>\n\n<img src=\"a.jpg\" alt=\"甲\">\n":        {first},
		"[![甲](a.jpg)](a.jpg)\n":                             {first},
	} {
		if got := render(text); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%.40s\n got %s\nwant %s", text, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
}
