package hanzi

import "strings"

// A Script is one of the two ways to write Chinese.
type Script int

// The scripts. Unknown stands for a text that does not say.
const (
	Unknown Script = iota
	Hans           // simplified
	Hant           // traditional
)

// String returns the ISO 15924 code, or "".
func (s Script) String() string { return [...]string{"", "Hans", "Hant"}[s] }

// From returns the script that the configuration converts from; Unknown for Japanese.
func (c *Converter) From() Script {
	switch c.name[0] {
	case 's':
		return Hans
	case 'j':
		return Unknown
	}
	return Hant
}

// To returns the script that the configuration converts to; Unknown for Japanese.
func (c *Converter) To() Script {
	switch _, to, _ := strings.Cut(c.name, "2"); to[0] {
	case 's':
		return Hans
	case 'j':
		return Unknown
	}
	return Hant
}

// foreign reports whether a lang attribute names something other than what the
// converter converts from.
func (c *Converter) foreign(lang []byte) bool {
	first, rest, _ := strings.Cut(strings.ToLower(string(lang)), "-")
	if c.name[0] == 'j' {
		return first != "ja"
	}
	script := langScript(rest)
	return !isChinese(first) || script != Unknown && script != c.From()
}

// isChinese knows the macrolanguage and those of its members that are written in
// both scripts on the web (ISO 639-3).
func isChinese(language string) bool {
	switch language {
	case "zh", "cmn", "lzh", "yue", "wuu", "nan", "hak", "gan", "hsn", "cjy", "mnp", "cdo", "cpx", "czh", "czo":
		return true
	}
	return false
}

// ScriptOf returns the script of Chinese that a language tag names (zh-Hant, zh-CN), Unknown for plain
// zh and for other languages.
func ScriptOf(tag string) Script {
	language, subtags, _ := strings.Cut(strings.ToLower(tag), "-")
	if !isChinese(language) {
		return Unknown
	}
	return langScript(subtags)
}

// langScript returns the script that subtags name, or that the region uses.
func langScript(subtags string) Script {
	found := Unknown
	for tag := range strings.SplitSeq(subtags, "-") {
		switch tag {
		case "hans":
			return Hans
		case "hant":
			return Hant
		case "cn", "sg", "my":
			found = Hans
		case "tw", "hk", "mo":
			found = Hant
		}
	}
	return found
}
