package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"reflect"
	"unicode/utf8"
)

// appendJS is the jsvalescaper: a value as JSON that is JavaScript.
func appendJS(dst []byte, v any) []byte {
	v = towardsMarshaler(v)
	switch t := v.(type) {
	case template.JS:
		return append(dst, t...)
	case template.JSStr:
		return append(append(append(dst, '"'), t...), '"')
	case json.Marshaler: // not by its String
	case fmt.Stringer:
		v = t.String()
	}
	b, err := json.Marshal(v)
	if err != nil {
		giveUp()
	}
	if len(b) == 0 {
		return append(dst, " null "...)
	}
	// Blanks keep words and numbers from running into those before and after.
	first, _ := utf8.DecodeRune(b)
	last, _ := utf8.DecodeLastRune(b)
	pad := isWord(first) || isWord(last)
	if pad {
		dst = append(dst, ' ')
	}
	if bytes.Contains(b, []byte("\u2028")) || bytes.Contains(b, []byte("\u2029")) {
		giveUp() // from a Marshaler: package json writes them as escapes
	}
	dst = append(dst, b...)
	if pad {
		dst = append(dst, ' ')
	}
	return dst
}

func isWord(r rune) bool {
	return r == '$' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// towardsMarshaler follows pointers up to a value that knows its own JSON.
func towardsMarshaler(v any) any {
	if v == nil {
		return nil
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		if _, ok := rv.Interface().(json.Marshaler); ok {
			break
		}
		rv = rv.Elem()
	}
	return rv.Interface()
}
