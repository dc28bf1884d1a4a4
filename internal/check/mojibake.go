package check

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhendi/internal/article"
	"zhendi/internal/diag"
)

var (
	ruleShifted = diag.Rule{ID: "Z03",
		ZH: "“%[1]s”是错位的乱码，应为“%[2]s”", EN: "%[1]s is damaged text, read one byte off: it was %[2]s",
		FixZH: "对照原文改为“%[2]s”", FixEN: "compare with the original and write %[2]s"}
	ruleMisread = diag.Rule{ID: "Z03",
		ZH: "“%[1]s”是按错误编码读出的乱码，应为“%[2]s”", EN: "%[1]s was read in the wrong encoding: it was %[2]s",
		FixZH: "对照原文改为“%[2]s”", FixEN: "compare with the original and write %[2]s"}
)

var mojibake = Analyser{
	ID:   "Z03",
	Name: diag.T("错位乱码", "shifted bytes"),
	Doc: diag.T("GBK 文字少了一个字节，后面的字就两两错位：“展。基层黨”成了“展?;鶎狱h”。从问号到一个孤零零的字母之间，按 GBK 还原字节、补上丢失的一个，如果得到的都是常用字和标点，就是这种乱码，并给出原文。UTF-8 被当作 GBK 或西文读出的，也这样还原。",
		"A lost byte shifts all pairs of GBK text up to the next single byte. From a question mark to a lone letter the bytes are put back with each possible first byte; if the result is common characters and marks, that is what it was. UTF-8 read as GBK or as Latin text is turned back likewise."),
	Mistaken: diag.T("少见；讲解编码的稿件请用 zhendi-ignore。", "Rare; articles about encodings use zhendi-ignore."),
	Bad:      []string{"聚人心、促發展?;鶎狱h組織和廣大黨員", "这里鐨勫伐浣滃紑灞曞緱寰堝ソ。", "ä¸\u00adå›½ç½‘"},
	Good:     []string{"A股与k线图，你看?我看B股。", "真的吗?a城的人说。", "café、naïve 与 Zürich"},
	Text:     func(t *Text) { t.mojibake() },
}

func (t *Text) mojibake() {
	from := len(t.problems)
	defer func() { t.damaged = t.problems[from:len(t.problems):len(t.problems)] }()
	latin, usual := false, level1()
	for i := range t.Blocks {
		b := &t.Blocks[i]
		rare := 0 // uncommon Chinese characters in a row, as far as a quick look tells
		for j := b.From; j < b.To; j++ {
			c := t.Chars[j]
			switch {
			case c == '?' && j+2 < b.To && j > b.From && chinese(t.Chars[j-1]):
				j = t.shifted(b, j)
			case han(c) && (c >= 1<<16 || !usual[c]) && oddHan(c):
				if rare++; rare == 2 {
					j = t.misread(b, j-1)
					rare = 0
				}
				continue
			case c >= 0xc2 && c <= 0xf4:
				latin = true
			}
			if !han(c) {
				rare = 0
			}
		}
	}
	if latin {
		t.misreadLatin()
	}
}

// oddHan reports whether c belongs neither to GB 2312 nor to the common traditional characters: what
// GBK text that is read wrongly is full of.
func oddHan(c rune) bool {
	return c < 1<<16 && !level1()[c] && readings()[c] == ""
}

// shifted looks for shifted text at the question mark j and returns where to go on.
func (t *Text) shifted(b *article.Block, j int) int {
	const longest = 24
	for end := j + 2; end < min(b.To, j+longest); end++ {
		c := t.Chars[end]
		if c >= 0x80 || c < 0x40 || end+1 < b.To && letter(t.Chars[end+1]) {
			continue
		}
		if was, ok := unshift(t.Chars[j+1 : end+1]); ok {
			t.report(&ruleShifted, j, end+1, t.string(j, end+1), was)
			return end
		}
		if letter(c) {
			break
		}
	}
	return j
}

// unshift restores the text of which rs is all bytes but the first.
func unshift(rs []rune) (string, bool) {
	text := make([]rune, len(rs))
	odd := false
	for i, c := range rs {
		text[i] = c
		if w, ok := fullWidth[c]; ok {
			text[i] = w
		}
		odd = odd || han(c)
	}
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(text)))
	if err != nil || len(b)%2 == 0 || !odd {
		return "", false
	}
	best, rank := "", 0
	for lead := 0x81; lead <= 0xfe; lead++ {
		s, err := simplifiedchinese.GBK.NewDecoder().String(string(append([]byte{byte(lead)}, b...)))
		if err != nil {
			continue
		}
		if r := plausible(s); r > rank {
			best, rank = s, r
		}
	}
	return best, rank > 0
}

// plausible grades text: 0 if not all of it is common characters and marks, more if it
// starts with a mark, the most frequent cause of the damage.
func plausible(s string) int {
	for i, c := range s {
		switch {
		case i == 0 && in(c, "。，、"):
		case common(c), chinese(c) && !han(c):
		default:
			return 0
		}
	}
	switch c, _ := utf8.DecodeRuneInString(s); {
	case in(c, "。，、"):
		return 3
	case !han(c):
		return 2
	}
	return 1
}

// misread looks for UTF-8 read as GBK around j and returns where to go on.
func (t *Text) misread(b *article.Block, j int) int {
	from := j
	for from > b.From && han(t.Chars[from-1]) && j-from < 12 {
		from--
	}
	end := j
	for end < b.To && (han(t.Chars[end]) || in(t.Chars[end], "€锛銆€鈥")) {
		end++
	}
	for ; from <= j; from++ {
		for stop := end; stop >= j+2 && stop > end-3; stop-- {
			raw, err := simplifiedchinese.GBK.NewEncoder().String(t.string(from, stop))
			if err != nil || !utf8.ValidString(raw) || utf8.RuneCountInString(raw) < 2 || plausible(raw) == 0 {
				continue
			}
			t.report(&ruleMisread, from, stop, t.string(from, stop), raw)
			return stop - 1
		}
	}
	return max(end-1, j)
}

// misreadLatin looks for UTF-8 read as Windows-1252.
func (t *Text) misreadLatin() {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		for j := b.From; j < b.To; j++ {
			if c := t.Chars[j]; c < 0xe3 || c > 0xef {
				continue
			}
			end := j
			var raw strings.Builder
			for end < b.To {
				c, ok := charmap.Windows1252.EncodeRune(t.Chars[end])
				if !ok && t.Chars[end] >= 0x80 && t.Chars[end] < 0xa0 {
					c, ok = byte(t.Chars[end]), true
				}
				if !ok || c < 0x80 {
					break
				}
				raw.WriteByte(c)
				end++
			}
			text := []byte(raw.String())
			for len(text) > 0 && !utf8.Valid(text) {
				text = text[:len(text)-1]
			}
			if len(text) >= 6 && plausible(string(text)) > 0 {
				t.report(&ruleMisread, j, j+len(text), t.string(j, j+len(text)), string(text))
			}
			j = max(j, end-1)
		}
	}
}
