package check

import (
	"strings"

	"zhendi/internal/article"
)

// words finds all words of all lists in one pass: most characters of a text begin none.
type words struct {
	first [1 << 16]uint16 // by first character, index into by; 0: none
	by    [][]word
}

// word is a word that a rule looks for.
type word struct {
	rule  string
	text  []rune
	right string // what to write instead
	note  string
	not   string // characters before or behind it that make it another word
}

// hit is a word found.
type hit struct {
	*word
	block int
	at    int
}

func newWords(l *Lists) *words {
	w := &words{by: [][]word{nil}}
	for _, c := range confusables {
		w.add(word{rule: "Z41", text: []rune(c.wrong), right: c.right, not: c.not})
		if h := toHant().String(c.wrong); h != c.wrong && c.wrong != "签定" { // 簽定 is usual in Taiwan
			w.add(word{rule: "Z41", text: []rune(h), right: toHant().String(c.right), not: c.not})
		}
	}
	for _, s := range residues {
		w.add(word{rule: "Z32", text: []rune(s)})
	}
	for _, s := range farmPhrases {
		w.add(word{rule: "Z31", text: []rune(s)})
	}
	for _, s := range organSlips {
		w.add(word{rule: "Z51", text: []rune(s.wrong), right: s.right})
	}
	for _, s := range l.Words {
		w.add(word{rule: "Z44", text: []rune(s.Wrong), right: s.Right, note: s.Note})
	}
	for _, s := range usualTerms {
		w.add(word{rule: "Z44", text: []rune(s.wrong), right: s.right})
	}
	for _, s := range l.Banned {
		w.add(word{rule: "Z53", text: []rune(s.Wrong), right: s.Right, note: s.Note})
	}
	for _, n := range l.Names { // one wrong character leaves the other half as it is
		rs := []rune(n)
		if h := len(rs) / 2; h >= 3 {
			w.add(word{rule: "name", text: rs[:h], right: n})
			w.add(word{rule: "name-end", text: rs[h:], right: n})
		}
	}
	for _, p := range l.Phrases {
		for _, m := range p.Members {
			w.add(word{rule: "phrase", text: []rune(m), right: p.Name})
		}
	}
	return w
}

func (w *words) add(x word) {
	if len(x.text) == 0 || x.text[0] >= 1<<16 {
		return
	}
	i := w.first[x.text[0]]
	if i == 0 {
		i = uint16(len(w.by))
		w.first[x.text[0]] = i
		w.by = append(w.by, nil)
	}
	w.by[i] = append(w.by[i], x)
}

// find returns all words in the text.
func (t *Text) find() {
	w := t.c.words
	t.hits = t.hits[:0]
	for bi := range t.Blocks {
		b := &t.Blocks[bi]
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			if c >= 1<<16 || w.first[c] == 0 {
				continue
			}
			list := w.by[w.first[c]]
			for k := range list {
				if x := &list[k]; t.has(b, j, x.text) && !(x.not != "" && (in(t.at(b, j-1), x.not) || in(t.at(b, j+len(x.text)), x.not))) {
					t.hits = append(t.hits, hit{x, bi, j})
				}
			}
		}
	}
}

// has reports whether the block has text at j.
func (t *Text) has(b *article.Block, j int, text []rune) bool {
	if j < b.From || j+len(text) > b.To {
		return false
	}
	for k, c := range text {
		if t.Chars[j+k] != c {
			return false
		}
	}
	return true
}

// each calls f for every word found for a rule.
func (t *Text) each(rule string, f func(h hit, b *article.Block, end int)) {
	for _, h := range t.hits {
		if h.rule == rule {
			f(h, &t.Blocks[h.block], h.at+len(h.text))
		}
	}
}

// slip is something often written wrongly.
type slip struct{ wrong, right, not string }

// slips reads lines of "wrong right [not]".
func slips(table string) (out []slip) {
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		for len(f) >= 2 {
			s := slip{wrong: f[0], right: f[1]}
			f = f[2:]
			if len(f) > 0 && f[0][0] == '/' {
				s.not, f = f[0][1:], f[1:]
			}
			out = append(out, s)
		}
	}
	return out
}
