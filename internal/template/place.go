package template

import (
	"html/template"
	"reflect"
	"unsafe"
)

// place yields the address of a value whose type the code knows. What is at the address
// is only read. A nil address stands for a value that counts as false and is of another type than the code was made
// for (see and): code that needs the value gives up.
type place func(*machine) unsafe.Pointer

// slice is how a slice of any type lies in memory.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

var (
	anyType    = reflect.TypeFor[any]()
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int]()
	stringType = reflect.TypeFor[string]()
	truths     = [2]bool{false, true} // never written to: the places of computed truth values
)

// box returns the value of type t at p as an interface value.
func box(t reflect.Type, p unsafe.Pointer) any {
	switch t {
	case anyType:
		return *(*any)(p)
	case stringType:
		return *(*string)(p)
	case intType:
		return *(*int)(p)
	}
	return reflect.NewAt(t, p).Elem().Interface()
}

// unbox is the place of v, which is of type t.
func unbox(t reflect.Type, v reflect.Value) unsafe.Pointer {
	n := reflect.New(t)
	n.Elem().Set(v)
	return n.UnsafePointer()
}

// isInt says whether values of type t are read by readInt.
func isInt(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return true
	}
	return false
}

// readInt reads an integer of a kind.
func readInt(k reflect.Kind, p unsafe.Pointer) int64 {
	switch k {
	case reflect.Int:
		return int64(*(*int)(p))
	case reflect.Int8:
		return int64(*(*int8)(p))
	case reflect.Int16:
		return int64(*(*int16)(p))
	case reflect.Int32:
		return int64(*(*int32)(p))
	case reflect.Int64:
		return *(*int64)(p)
	}
	panic("template: no integer kind " + k.String())
}

// content says what a text is known to be, as the types of html/template do.
type content uint8

const (
	plain content = iota
	isHTML
	isURL
	otherwise // one of the other types: escaped by html/template itself
)

// contentOf is the content of strings of type t. It reports false if t's values are not simply
// printed as the strings they are.
func contentOf(t reflect.Type) (content, bool) {
	switch t {
	case stringType:
		return plain, true
	case reflect.TypeFor[template.HTML]():
		return isHTML, true
	case reflect.TypeFor[template.URL]():
		return isURL, true
	case reflect.TypeFor[template.CSS](), reflect.TypeFor[template.HTMLAttr](), reflect.TypeFor[template.JS](),
		reflect.TypeFor[template.JSStr](), reflect.TypeFor[template.Srcset]():
		return otherwise, true
	}
	return plain, t.Kind() == reflect.String && t.NumMethod() == 0
}
