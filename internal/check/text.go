package check

import (
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

// Text is one article as its analysers see it. Its buffers are used again for the next.
type Text struct {
	article.Prose
	Article *article.Article // nil for a column's text
	Path    string
	Hant    bool // in traditional characters

	c        *Checker
	problems diag.List
	hits     []hit     // words of the lists
	damaged  diag.List // of problems, those of Z03
	heap     []uint32  // see Sketch
	seen     [128]bool // ASCII characters that occur
	wide     marks     // Chinese marks that occur
}

// marks are the Chinese marks that let a rule pass over a text that has none.
type marks struct{ quote, pause, dot, space bool }

// Text looks at the article in file, raw as source.Text returns it. t is scratch that one goroutine
// may use again and again; a is nil for a column's text.
func (c *Checker) Text(t *Text, path string, raw []byte, a *article.Article, hant bool) diag.List {
	t.Prose.Read(raw)
	t.Article, t.Path, t.Hant, t.c, t.problems, t.damaged = a, path, hant, c, nil, nil
	t.look()
	t.find()
	for _, an := range c.text {
		an.Text(t)
	}
	return c.graded(t.ignored())
}

// look notes which characters occur.
func (t *Text) look() {
	t.seen, t.wide = [128]bool{}, marks{}
	for _, c := range t.Chars {
		switch {
		case c < 128:
			t.seen[c] = true
		case c >= 0x2018 && c <= 0x201d:
			t.wide.quote = true
		case c == '、':
			t.wide.pause = true
		case c == '…' || c == '•' || c == '・' || c == '‧' || c == '。' || c == '—' || c == '－':
			t.wide.dot = true
		case c == 0xa0 || c == 0x3000 || c >= 0x2000 && c <= 0x200a:
			t.wide.space = true
		}
	}
}

// at returns the character i of the block b, 0 beyond its ends.
func (t *Text) at(b *article.Block, i int) rune {
	if i < b.From || i >= b.To {
		return 0
	}
	return t.Chars[i]
}

// string returns the characters from i up to j.
func (t *Text) string(i, j int) string { return string(t.Chars[i:j]) }

// pos is the place of a byte of the file.
func (t *Text) pos(at int32) diag.Pos {
	line, col := t.Place(at)
	return diag.Pos{File: t.Path, Line: line, Col: col}
}

// report adds a problem with the characters from i up to j.
func (t *Text) report(r *diag.Rule, i, j int, args ...any) {
	t.reportBytes(r, t.At[i], t.End(max(j, i+1)-1), args...)
}

// mend adds a problem with the characters from i up to j that text in their place would mend. If markup stands between
// them, which the edit would take away, a person must.
func (t *Text) mend(r *diag.Rule, i, j int, text string, args ...any) {
	for k := i; k+1 < j; k++ {
		if t.End(k) != t.At[k+1] {
			t.report(r, i, j, args...)
			return
		}
	}
	t.mendBytes(r, t.At[i], t.End(max(j, i+1)-1), text, args...)
}

// reportBytes adds a problem with bytes a up to b of the file.
func (t *Text) reportBytes(r *diag.Rule, a, b int32, args ...any) {
	p := r.At(t.pos(a), args...)
	if line, col := t.Place(b); line == p.Pos.Line {
		p.Len = col - p.Col
	}
	t.problems.Add(p)
}

// mendBytes is reportBytes with an edit.
func (t *Text) mendBytes(r *diag.Rule, a, b int32, text string, args ...any) {
	t.reportBytes(r, a, b, args...)
	p := &t.problems[len(t.problems)-1]
	line, col := t.Place(b)
	p.Edits = []diag.Edit{{Line: p.Pos.Line, Col: p.Col, EndLine: line, EndCol: col, Text: text}}
}

// sentence reports whether a block is running text rather than a name, a title or a cell.
func sentence(b *article.Block) bool {
	return b.Kind == article.Paragraph || b.Kind == article.Item || b.Kind == article.Quoted || b.Kind == article.Field && b.Key == "editorNote"
}

// squeeze returns text without blanks and marks, for comparing.
func squeeze(rs []rune) string {
	var b strings.Builder
	for _, c := range rs {
		if han(c) || c < 128 && (letter(c) || digit(c)) {
			b.WriteRune(c)
		}
	}
	return b.String()
}
