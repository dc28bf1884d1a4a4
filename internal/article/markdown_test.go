package article

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"zhendi/internal/diag"
)

func TestRenderingsDoNotDisturbEachOther(t *testing.T) {
	want := make([]string, len(pieces))
	render := func(i int) string {
		body, problems := Render(Source{File: "a.md", Line: 1, Text: []byte(pieces[i])}, Options{Numbering: true})
		var b strings.Builder
		if err := problems.WriteText(&b, diag.EN); err != nil {
			t.Error(err)
		}
		return strings.Join(body.Parts, "\x00") + b.String()
	}
	for i := range pieces {
		want[i] = render(i)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range pieces {
				i = (i*(g+1) + g) % len(pieces)
				if got := render(i); got != want[i] {
					t.Errorf("%q\ngot  %s\nwant %s", pieces[i], got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestPlacesCountFromTheFileNotTheText(t *testing.T) {
	_, problems := Render(Source{File: "x/a.md", Line: 11, Text: []byte("一\n\n二三![](党建.jpg)\n")}, Options{})
	if len(problems) != 1 || problems[0].Pos != (diag.Pos{File: "x/a.md", Line: 13, Col: 3}) {
		t.Errorf("%v", problems)
	}
}

func TestNotMoreProblemsThanAnyoneReads(t *testing.T) {
	_, problems := Render(Source{File: "a.md", Line: 1, Text: []byte(strings.Repeat("![](a.jpg)\n\n", 1000))}, Options{})
	if len(problems) != maxProblems+1 || problems[maxProblems].Rule != &ruleTooMany {
		t.Errorf("%d problems, last %v", len(problems), problems[len(problems)-1])
	}
}

func TestEveryRuleSpeaksBothLanguages(t *testing.T) {
	for _, r := range markdownRules {
		if r.ID == "" || r.ZH == "" || r.EN == "" || (r.FixZH == "") != (r.FixEN == "") {
			t.Errorf("%+v", r)
		}
		for _, s := range [][2]string{{r.ZH, r.EN}, {r.FixZH, r.FixEN}} {
			for _, verb := range []string{"%[1]", "%[2]"} {
				if strings.Contains(s[0], verb) != strings.Contains(s[1], verb) {
					t.Errorf("%s: only one of %q and %q has %s", r.ID, s[0], s[1], verb)
				}
			}
		}
	}
}

var markdownRules = []*diag.Rule{&ruleTooMany, &ruleLimits, &ruleContainer, &ruleContainerNear, &ruleUnclosedContainer, &ruleStrayFence,
	&ruleWideFence, &ruleNoteColon, &ruleNoteTwice, &ruleNoteMissing, &ruleNoteUnused, &ruleNotePlace, &ruleLinkEmpty, &ruleScheme,
	&ruleFragment, &ruleFragmentNear, &ruleLinkSlip, &ruleStars, &ruleAlt, &rulePageInside, &rulePageEmpty, &ruleHeadingSpace, &ruleSetext, &ruleRawTag, &ruleRawAttr,
	&ruleRawClass, &ruleRawOpen, &ruleRawEnd, &ruleRawPlace, &ruleRawBlock, &ruleRawNested, &ruleRawText, &ruleRawNeeds, &ruleRawMedia}

// TestHighlightColoursCanBeRead holds them to WCAG 2.1, 1.4.3: 4.5:1.
func TestHighlightColoursCanBeRead(t *testing.T) {
	found := regexp.MustCompile(`color:#([0-9a-f]{6})`).FindAllStringSubmatch(HighlightCSS(), -1)
	if len(found) < 6 {
		t.Fatal(HighlightCSS())
	}
	for _, m := range found {
		if ratio := (luminance("f6f6f6") + 0.05) / (luminance(m[1]) + 0.05); ratio < 4.5 {
			t.Errorf("#%s: %.2f", m[1], ratio)
		}
	}
}

func luminance(hex string) float64 {
	n, _ := strconv.ParseUint(hex, 16, 32)
	part := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.03928 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}
