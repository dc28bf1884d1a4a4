package pack

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// scripts lists the characters that only one of the two scripts writes: those that
// the character dictionaries change into others without allowing them to stay, and
// that nothing in the other direction changes or makes.
func scripts(data fs.FS) (hans, hant []rune, err error) {
	st, err := candidates(data, "STCharacters.txt")
	if err != nil {
		return nil, nil, err
	}
	ts, err := candidates(data, "TSCharacters.txt")
	if err != nil {
		return nil, nil, err
	}
	// What Taiwan and Hong Kong write is traditional.
	for _, file := range []string{"TWVariants.txt", "HKVariants.txt"} {
		local, err := candidates(data, file)
		if err != nil {
			return nil, nil, err
		}
		for _, values := range local {
			for _, r := range values {
				delete(st, r)
			}
		}
	}
	return only(st, ts), only(ts, st), nil
}

// only lists the keys of to that are no candidate of any key of to, and no key of back.
func only(to, back map[rune]string) []rune {
	var out []rune
	made := strings.Join(slices.Collect(maps.Values(to)), "")
	stay := map[rune]bool{}
	for _, r := range made {
		stay[r] = true
	}
	for _, r := range slices.Sorted(maps.Keys(to)) {
		if _, ok := back[r]; !ok && !stay[r] && r <= 0xFFFF {
			out = append(out, r)
		}
	}
	return out
}

// candidates reads a dictionary of characters with all that each may become.
func candidates(data fs.FS, file string) (map[rune]string, error) {
	b, err := fs.ReadFile(data, file)
	if err != nil {
		return nil, err
	}
	out := map[rune]string{}
	for line := range strings.Lines(string(b)) {
		if key, values, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && key[0] != '#' {
			r, _ := utf8.DecodeRuneInString(key)
			out[r] = strings.ReplaceAll(values, " ", "")
		}
	}
	return out, nil
}
