// Package fields reads a keyed record (front matter, site.yaml, data files)
// strictly: a Schema says which keys there are and what each holds, Read returns
// typed Values and a problem, with file, line and column, for everything that is
// not as the schema says. All problems of a record are reported, not the first.
//
// Keys are written in camelCase, snake_case or kebab-case, or by one of their other
// names (Chinese, simplified or traditional): publishDate, publish_date and 定时发布 are one key.
// A key at most two letters away from a known one (one, for keys of up to three letters) is an
// error that names the known one. Any other unknown key is a warning in an open
// schema, an error in a closed one.
//
// The YAML is read by a library into nodes; types are decided here, by the schema, never
// by the look of a value: `title: 007` is the text 007, `title: no` the text no. The slips that
// editors make most (a full-width colon after a key, a tab as indent, an
// unquoted ": " in a value) are looked for when the library gives up, because it
// reports them elsewhere and in other words; the record is then mended in memory and
// read on, so that the other problems are found in the same run.
//
// The package does not know what the keys mean and decides nothing about
// required ones.
package fields

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"zhendi/internal/diag"
)

// Kind says what a field holds.
type Kind int

// The kinds of fields.
const (
	Line   Kind = iota // text on one line; line breaks become spaces
	Text               // text of any number of lines
	Texts              // a list of lines, or one line cut at , ， 、 ; ；
	Time               // a point in time, see ParseTime
	Bool               // true false yes no on off 是 否
	Int                // a whole number
	Until              // true, false, or the time until which it is true
	Enum               // one of Field.Values
	Enums              // a list of them
	Group              // a mapping, read by Field.Sub
	Groups             // a list of mappings; a plain value fills the first field of Field.Sub
	Named              // a mapping from names of the user's to what Field.Sub reads
	Any                // whatever the user wrote, kept as it is
)

// Field is one key of a record.
type Field struct {
	Name   string      // camelCase, the canonical name
	Also   []string    // other names
	Kind   Kind        //
	Values []EnumValue // for Enum and Enums
	Sub    *Schema     // for Group, Groups and Named
	Doc    string      // one line for the manual, in Chinese
}

// EnumValue is one permitted value: the canonical word and others for it.
type EnumValue struct {
	Name string
	Also []string
}

// Schema is the set of keys of a record.
type Schema struct {
	Of     diag.Text // what the record is, for messages: {"front matter", "front matter"}
	Closed bool      // any unknown key is an error
	Fields []Field

	once  sync.Once
	index map[string]int
}

// byKey returns the index of the field that key names, or -1.
func (s *Schema) byKey(key string) int {
	s.once.Do(func() {
		s.index = map[string]int{}
		for i, f := range s.Fields {
			for _, n := range append([]string{f.Name}, f.Also...) {
				if j, dup := s.index[fold(n)]; dup && j != i {
					panic(fmt.Sprintf("fields: %q names two fields of %s", n, s.Of.EN))
				}
				s.index[fold(n)] = i
			}
			s.index[f.Name] = i
		}
	})
	if i, ok := s.index[key]; ok { // as the program asks for it, and most editors write it
		return i
	}
	if i, ok := s.index[fold(key)]; ok {
		return i
	}
	return -1
}

// fold makes the spellings of a key equal; editors pad Chinese ones: 来　源.
func fold(key string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_- \u3000\u00a0", r) {
			return -1
		}
		return r
	}, key))
}

// Item is one text of a list with its place.
type Item struct {
	Text string
	Pos  diag.Pos
}

// Value is what a record holds under one key. Set is false if the key does not
// stand there or is empty (`author:`, `author: ""`, `tags: []`); Key is where it stands. Bad
// says that something stands there that could not be read and was reported: it is
// not set, but not missing either.
type Value struct {
	Set    bool
	Bad    bool
	Key    diag.Pos
	Pos    diag.Pos // of the value
	Text   string   // Line, Text, Enum
	Items  []Item   // Texts, Enums
	Time   time.Time
	Clock  bool // Time: the hour was given
	Bool   bool // Bool; Until: true, with Time zero if for ever
	Int    int
	Groups []Values // Group (one), Groups, Named
	Any    any      // Any: nil, string, bool, int, float64, []any, map[string]any
}

// Texts returns the texts of a list without their places.
func (v Value) Texts() []string {
	if len(v.Items) == 0 {
		return nil
	}
	out := make([]string, len(v.Items))
	for i, it := range v.Items {
		out[i] = it.Text
	}
	return out
}

// Values is a record that has been read. Bad says that it could not be, as a whole, and
// that this was reported: nothing in it is set, but nothing is known to be missing.
type Values struct {
	Name   string // of a Named entry
	Bad    bool
	Pos    diag.Pos // of the record
	schema *Schema
	at     []uint8 // of each field: its place in v, from 1; 0 if nothing stands there, as for most
	v      []Value
}

// Get returns the value of the field with this canonical name; it panics if the
// schema has none.
func (v Values) Get(name string) Value {
	i := v.schema.byKey(name)
	if i < 0 {
		panic("fields: no field " + name + " in " + v.schema.Of.EN)
	}
	if v.at[i] == 0 {
		return Value{}
	}
	return v.v[v.at[i]-1]
}

// slot returns where the value of field i goes.
func (v *Values) slot(i int) *Value {
	if v.at[i] == 0 {
		v.v = append(v.v, Value{})
		v.at[i] = uint8(len(v.v))
	}
	return &v.v[v.at[i]-1]
}

// Missing reports whether the field is not set and no problem has said why.
func (v Values) Missing(name string) bool {
	val := v.Get(name)
	return !val.Set && !val.Bad && !v.Bad
}

// Text returns the text of a Line, Text or Enum field.
func (v Values) Text(name string) string { return v.Get(name).Text }

// Group returns the record under a Group field, an empty one if it is not set.
func (v Values) Group(name string) Values {
	g := v.Get(name).Groups
	if len(g) > 0 {
		return g[0]
	}
	return empty(v.schema.Fields[v.schema.byKey(name)].Sub)
}

// Empty returns the values of a record in which nothing is set.
func (s *Schema) Empty() Values { return empty(s) }

func empty(s *Schema) Values { return Values{schema: s, at: make([]uint8, len(s.Fields))} }

// Has reports whether key, in any of its spellings, is one of the schema's.
func (s *Schema) Has(key string) bool { return s.byKey(key) >= 0 }

// Canonical returns the canonical name of the field that key names; it panics if there is none.
func (s *Schema) Canonical(key string) string { return s.Fields[s.byKey(key)].Name }
