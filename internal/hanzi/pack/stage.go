package pack

import (
	"io/fs"
	"unicode/utf8"
)

// A rules is what one stage replaces, without the entries that a better one hides.
type rules struct {
	phrases []Entry
	chars   map[rune]string
	values  map[string]string // both, by key
	longest int               // characters of the longest key
}

// readStage resolves the dictionaries of a stage. An entry that begins with a key
// of a better rank can never win: where it matches, that key matches too.
func readStage(data fs.FS, d Dict) (*rules, error) {
	dicts, err := Flatten(d)
	if err != nil {
		return nil, err
	}
	out := &rules{chars: map[rune]string{}, values: map[string]string{}}
	ranks := map[string]int{}
	for _, d := range dicts {
		entries, err := ReadDict(data, d.File)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !hidden(e.Key, d.Rank, ranks) {
				ranks[e.Key] = d.Rank
				out.put(e)
			}
		}
	}
	return out, nil
}

func hidden(key string, rank int, ranks map[string]int) bool {
	for i := range key + "." {
		if r, ok := ranks[key[:i]]; ok && (r < rank || i == len(key)) {
			return true
		}
	}
	return false
}

func (r *rules) put(e Entry) {
	n := utf8.RuneCountInString(e.Key)
	r.values[e.Key] = e.Value
	r.longest = max(r.longest, n)
	if n == 1 {
		c, _ := utf8.DecodeRuneInString(e.Key)
		r.chars[c] = e.Value
	} else {
		r.phrases = append(r.phrases, e)
	}
}

// convert replaces, from the left, the longest key at every position. Keys and
// values hold no description sequences, so those need no care here.
func (r *rules) convert(text string) string {
	var out []byte
	for text != "" {
		n := r.match(text)
		if n > 0 {
			out = append(out, r.values[text[:n]]...)
		} else {
			_, n = utf8.DecodeRuneInString(text)
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	return string(out)
}

func (r *rules) match(text string) int {
	best, end := 0, 0
	for range r.longest {
		_, n := utf8.DecodeRuneInString(text[end:])
		if n == 0 {
			break
		}
		end += n
		if _, ok := r.values[text[:end]]; ok {
			best = end
		}
	}
	return best
}
