package article

import (
	"strings"
	"testing"
	"time"
)

// hostile are texts that parsers of Markdown have hung or crashed on.
func hostile() map[string]string {
	rep := strings.Repeat
	deep := func(n int, unit string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(rep(unit, i) + "- a\n")
		}
		return b.String()
	}
	return map[string]string{
		"one line of 10 MB":                  rep("党建工作", 10<<20/12),
		"10 MB of bold":                      rep("**强**基", 10<<20/10),
		"10 MB of short paragraphs":          rep("强基\n\n", 10<<20/8),
		"quotes on a line":                   rep(">", 100_000) + "a",
		"quotes on lines":                    rep(rep("> ", 1000)+"a\n", 50),
		"bullets on a line":                  rep("- ", 100_000) + "a",
		"numbers on a line":                  rep("1. ", 100_000) + "a",
		"deep list":                          deep(2000, "  "),
		"deep list of tabs":                  deep(1000, "\t"),
		"open brackets":                      rep("[", 100_000),
		"open pictures":                      rep("![", 100_000),
		"open and shut brackets":             rep("[", 50_000) + "a" + rep("]", 50_000),
		"links in links":                     rep("[", 50_000) + "a" + rep("](b)", 50_000),
		"destinations that never end":        rep("[a](", 100_000),
		"pictures in pictures":               rep("![a](", 100_000),
		"angle destinations":                 rep("[a](<b", 100_000),
		"titles that never end":              rep("[a](b \"", 100_000),
		"links without end":                  rep("[a](b ", 200_000),
		"stars":                              rep("*", 100_000) + "a" + rep("*", 100_000),
		"stars apart":                        rep("*a ", 200_000),
		"openers of one, closers of another": rep("*a_ ", 200_000),
		"nested emphasis":                    rep("*a **a ", 100_000) + rep("b** b* ", 100_000),
		"mixed runs":                         rep("a***b**c*d", 50_000),
		"tildes":                             rep("~~a ", 200_000),
		"backticks of all lengths":           ticks(2000),
		"backticks":                          rep("`", 100_000) + "a",
		"backslashes":                        rep("\\", 200_000),
		"references":                         rep("&", 200_000) + rep("&amp", 100_000),
		"tags":                               rep("<a ", 200_000),
		"tags with quotes":                   rep("<a x=\"", 100_000),
		"long tag":                           "<a " + rep("b ", 500_000),
		"comments":                           rep("<!-- ", 200_000),
		"declarations":                       rep("<!A ", 200_000),
		"instructions":                       rep("<? ", 200_000),
		"CDATA":                              rep("<![CDATA[ ", 100_000),
		"raw elements":                       rep("<div>\n", 100_000),
		"raw inline elements":                rep("<b>", 100_000),
		"raw cells":                          "<table>" + rep("<tr><td>", 50_000),
		"wide table":                         rep("|a", 5_000) + "|\n" + rep("|-", 5_000) + "|\n" + rep("|\n", 50_000),
		"long table":                         "|a|b|\n|-|-|\n" + rep("|1|2|\n", 60_000),
		"footnotes":                          rep("[^1] ", 50_000) + "\n\n" + footnotes(50_000),
		"footnotes in footnotes":             rep("[^a]: ", 50_000),
		"definitions":                        rep("[a]: b\n", 200_000),
		"containers":                         rep(":::fold a\n", 50_000),
		"containers shut":                    rep(":::fold a\n", 5_000) + rep(":::\n", 5_000),
		"fences":                             rep("```\na\n", 100_000),
		"setext":                             rep("a\n", 200_000) + "---\n",
		"headings":                           rep("# 一样的标题\n", 30_000),
		"addresses":                          rep("http://a.b ", 100_000),
		"at signs":                           rep("a@", 200_000),
		"near addresses":                     rep("a.", 200_000) + "@" + rep(".a", 200_000),
		"colons":                             rep("://", 200_000),
		"indents":                            rep("　　", 200_000) + "a",
		"indented lines":                     rep("　　段\n", 100_000),
		"NUL":                                rep("\x00", 100_000),
		"invalid UTF-8":                      rep("\xff\xe3", 100_000),
		"carriage returns":                   rep("a\r", 100_000),
		"blank lines":                        rep("\n", 1_000_000),
		"dateline brackets":                  rep("讯(", 100_000),
		"numbers":                            rep("一、题\n", 50_000),
		"numbers with text":                  rep("（一）题。文\n\n", 50_000),
	}
}

func ticks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("`", i) + " ")
	}
	return b.String()
}

func footnotes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("[^" + strings.Repeat("x", i%20) + string(rune('一'+i%20000)) + "]: 注\n")
	}
	return b.String()
}

// TestHostileTextNeitherHangsNorCrashes gives each text the time of a slow machine; on
// this one none takes a tenth of it.
func TestHostileTextNeitherHangsNorCrashes(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			src := Source{File: "a.md", Line: 1, Text: []byte(text)}
			Render(src, Options{Numbering: true})
			rendered := time.Since(start)
			Scan(src)
			scanned := time.Since(start) - rendered
			if limit := 20 * time.Second; rendered > limit || scanned > limit {
				t.Errorf("render %v, scan %v", rendered, scanned)
			}
			t.Logf("%d KB: render %v, scan %v", len(text)>>10, rendered.Round(time.Millisecond), scanned.Round(time.Millisecond))
		})
	}
}
