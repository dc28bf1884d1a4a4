package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleEntity = diag.Rule{ID: "Z04",
		ZH: "“%[1]s”是残缺的字符实体，应为“%[2]s”", EN: "%[1]s is a broken character reference: it was %[2]s",
		FixZH: "改为“%[2]s”", FixEN: "write %[2]s"}
	ruleEntityEaten = diag.Rule{ID: "Z04",
		ZH: "“%[1]s”是残缺的字符实体，应为“%[2]s”；它前面的文字也丢失了", EN: "%[1]s is a broken character reference, it was %[2]s; text before it is lost, too",
		FixZH: "对照原文补上问号处的文字，再改为“%[2]s”", FixEN: "restore the text at the question marks from the original"}
)

var entity = Analyser{
	ID: "Z04", Mends: Safely,
	Name: diag.T("残缺的字符实体", "broken character reference"),
	Doc: diag.T("网页里的引号、空格写成 &ldquo; 之类，& 被吃掉或转了两次，就把 ldquo; 留在正文里。前面紧跟问号的，是汉字也一起丢失了，只报不改。",
		"Quotes and blanks of pages are written &ldquo; and the like; where & was swallowed or escaped twice, the name stays in the text. After question marks text is lost as well, and nothing is mended."),
	Mistaken: diag.T("写代码请放在反引号里。", "Put code between backticks."),
	Bad:      []string{"他是大厅的“常客rdquo;。", "大厅的“???rdquo;。", "甲&amp;nbsp;乙"},
	Good:     []string{"写作 `&ldquo;` 的引号", "&ldquo;好&rdquo;", "shop; stop; quotient"},
	Text:     func(t *Text) { t.entities() },
}

var entityNames = map[string]string{
	"ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’", "nbsp": " ", "mdash": "—", "ndash": "–", "hellip": "…", "middot": "·",
	"amp": "&", "quot": "\"", "lt": "<", "gt": ">", "ensp": " ", "emsp": " ", "bull": "•", "times": "×", "apos": "'",
}

func (t *Text) entities() {
	if !t.seen[';'] {
		return
	}
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From + 2; j < b.To; j++ {
			if t.Chars[j] == ';' {
				t.entity(b, j)
			}
		}
	}
}

// entity looks at what ends in the semicolon j.
func (t *Text) entity(b *article.Block, j int) {
	k := j
	for k > b.From && j-k < 7 && letter(t.Chars[k-1]) {
		k--
	}
	text, ok := entityNames[t.string(k, j)]
	if !ok || k > b.From && (digit(t.Chars[k-1]) || letter(t.Chars[k-1])) {
		return
	}
	before := t.at(b, k-1)
	if before == '&' {
		if k--; t.File[t.At[k]] == '\\' {
			return // \&nbsp; is meant
		}
		before = t.at(b, k-1)
	} else if text == "&" || text == "<" || text == ">" || len(t.string(k, j)) < 4 {
		return // lt; alone may be anything
	}
	switch {
	case before == '?':
		for k > b.From && t.Chars[k-1] == '?' {
			k--
		}
		t.report(&ruleEntityEaten, k, j+1, t.string(k, j+1), text)
	case b.Kind == article.Field && text[0] < 0x80: // it may mean something in YAML
		t.report(&ruleEntity, k, j+1, t.string(k, j+1), text)
	default:
		t.mend(&ruleEntity, k, j+1, asMarkdown.Replace(text), t.string(k, j+1), text)
	}
}

// asMarkdown writes the characters that would begin a tag, a quotation or another reference.
var asMarkdown = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
