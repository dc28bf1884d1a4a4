package check

import (
	"embed"
	"strings"
	"sync"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhendi/internal/hanzi"
)

//go:embed data
var data embed.FS

// han reports whether c is a Chinese character.
func han(c rune) bool {
	return c >= 0x4e00 && c <= 0x9fff || c >= 0x3400 && c <= 0x4dbf || c == 0x3007 || c >= 0x20000 && c <= 0x323af || c >= 0xf900 && c <= 0xfaff
}

func letter(c rune) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c rune) bool  { return c >= '0' && c <= '9' }

// Kinds of characters, as bits of class.
const (
	isOpener  = 1 << iota // marks that stand before a text
	isCloser              // and after
	isStop                // marks between texts
	isNumeral             // characters of Chinese numbers
	isHalf                // see halfway
	isSpace               // white space within a line
	isDash                // dashes and dots; see Z24
	isVariant             // see variantOf
)

var class = func() (t [1 << 16]uint8) {
	for bit, set := range map[uint8]string{isOpener: "“‘《〈（【〔「『", isCloser: "”’》〉）】〕」』", isStop: "，。、；：！？…",
		isNumeral: "〇零一二三四五六七八九十百千万亿两", isHalf: halfway, isDash: "-.…•・‧。—－",
		isSpace: " \u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"} {
		for _, c := range set {
			t[c] |= bit
		}
	}
	for c := range variantOf {
		t[c] |= isVariant
	}
	return t
}()

func is(c rune, kind uint8) bool { return c < 1<<16 && class[c]&kind != 0 }

func opener(c rune) bool  { return is(c, isOpener) }
func closer(c rune) bool  { return is(c, isCloser) }
func stop(c rune) bool    { return is(c, isStop) }
func numeral(c rune) bool { return is(c, isNumeral) }
func space(c rune) bool   { return is(c, isSpace) }

// chinese reports whether c is a character or mark of Chinese text.
func chinese(c rune) bool {
	return han(c) || c >= 0x2014 && (is(c, isOpener|isCloser|isStop) || c == '—')
}

func in(c rune, set string) bool { return strings.ContainsRune(set, c) }

// level1 are the 3,755 most common simplified characters: level 1 of GB 2312.
var level1 = sync.OnceValue(func() *[1 << 16]bool {
	t := new([1 << 16]bool)
	dec := simplifiedchinese.GBK.NewDecoder()
	for hi := 0xb0; hi <= 0xd7; hi++ {
		for lo := 0xa1; lo <= 0xfe; lo++ {
			if s, err := dec.String(string([]byte{byte(hi), byte(lo)})); err == nil {
				if rs := []rune(s); len(rs) == 1 && rs[0] != 0xfffd {
					t[rs[0]] = true
				}
			}
		}
	}
	return t
})

// toHans turns traditional characters into simplified ones.
var toHans = sync.OnceValue(func() *hanzi.Converter { return converter("t2s") })

// toHant turns simplified characters into traditional ones.
var toHant = sync.OnceValue(func() *hanzi.Converter { return converter("s2tw") })

func converter(name string) *hanzi.Converter {
	c, err := hanzi.New(name, nil)
	if err != nil {
		panic("check: " + err.Error())
	}
	return c
}

// common reports whether c is a common character of either script.
func common(c rune) bool {
	if c >= 1<<16 || !han(c) {
		return false
	}
	if level1()[c] {
		return true
	}
	s := []rune(toHans().String(string(c)))
	return len(s) == 1 && s[0] < 1<<16 && level1()[s[0]]
}

// scripts tells of each character whether only one script has it.
var scripts = sync.OnceValue(func() *[1 << 16]hanzi.Script {
	t := new([1 << 16]hanzi.Script)
	for c := rune(0x3400); c < 0xa000; c++ {
		t[c] = hanzi.Detect(string(c))
	}
	return t
})

// readings are the usual readings of common characters.
var readings = sync.OnceValue(func() map[rune]string {
	m := make(map[rune]string, 10000)
	text, err := data.ReadFile("data/readings.txt")
	if err != nil {
		panic("check: " + err.Error())
	}
	for line := range strings.Lines(string(text)) {
		if sound, chars, ok := strings.Cut(strings.TrimSpace(line), " "); ok && sound != "#" {
			for _, c := range chars {
				m[c] = sound
			}
		}
	}
	return m
})

// toneless drops the tone of a syllable: qū becomes qu, lǜ lü.
func toneless(s string) string { return tones.Replace(s) }

var tones = strings.NewReplacer("ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u",
	"ǖ", "ü", "ǘ", "ü", "ǚ", "ü", "ǜ", "ü", "ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m")

// ascii are the forms of full-width marks that texts are often flattened to, and back.
var fullWidth = map[rune]rune{',': '，', ':': '：', ';': '；', '!': '！', '?': '？', '(': '（', ')': '）', '.': '。'}
