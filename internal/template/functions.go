package template

import (
	"fmt"
	"reflect"
	"strings"
	"text/template"
	"unsafe"
)

// function compiles a call of one of html/template's functions.
func (u *unit) function(name string, args []expr) expr {
	if strings.HasPrefix(name, escaperPrefix) {
		return u.escaper(name, args)
	}
	n := len(args)
	switch {
	case name == "and" || name == "or":
		return andOr(name == "and", args)
	case name == "not" && n == 1:
		truth := args[0].isTrue()
		return truthOf(func(m *machine) bool { return !truth(m) })
	}
	for i := range args {
		args[i] = args[i].strict()
	}
	switch {
	case name == "len" && n == 1:
		return length(args[0])
	case name == "index" && n >= 1:
		return index(args[0], args[1:])
	case name == "slice" && n >= 1:
		return slicing(args[0], args[1:])
	case n == 2 && (name == "ne" || name == "lt" || name == "le" || name == "gt" || name == "ge"), name == "eq" && n >= 2:
		return comparison(name, args)
	case printers[name] != nil && (name != "printf" || n > 0 && args[0].typ == stringType):
		return printing(printers[name], args)
	}
	refuse("function %q with %d arguments", name, n)
	return expr{}
}

// printing compiles a call of one of printers.
func printing(print func([]any) string, args []expr) expr {
	values := make([]func(*machine) any, len(args))
	for i, a := range args {
		values[i] = a.value()
	}
	return textOf(func(m *machine) string {
		all := make([]any, len(values))
		for i, v := range values {
			all[i] = v(m)
		}
		return print(all)
	})
}

// printers are the functions that make texts of values of any type.
var printers = map[string]func([]any) string{
	"print":       func(v []any) string { return fmt.Sprint(v...) },
	"println":     func(v []any) string { return fmt.Sprintln(v...) },
	"printf":      func(v []any) string { return fmt.Sprintf(v[0].(string), v[1:]...) },
	"html":        func(v []any) string { return template.HTMLEscaper(v...) },
	"js":          func(v []any) string { return template.JSEscaper(v...) },
	"urlquery":    func(v []any) string { return template.URLQueryEscaper(v...) },
	"_eval_args_": evalArgs, // html/template's stand-in for the arguments of html and urlquery
}

// andOr compiles and, or: the first argument that decides, else the last.
func andOr(and bool, args []expr) expr {
	if len(args) == 0 {
		refuse("and, or without arguments")
	}
	e := args[0]
	for _, b := range args[1:] {
		e = pair(and, e, b)
	}
	return e
}

// pair compiles "and a b" or "or a b".
func pair(and bool, a, b expr) expr {
	truth, second := a.isTrue(), b.isTrue()
	e := expr{typ: b.typ, loose: a.loose || b.loose, truth: func(m *machine) bool {
		if truth(m) == and {
			return second(m)
		}
		return !and
	}}
	if a.typ == b.typ {
		e.at = choose(and, a.typ, a.at, b.at)
		return e
	}
	if and {
		// Of a value that counts as false and is of another type, no more is kept than that.
		e.loose = true
		at := b.at
		e.at = func(m *machine) unsafe.Pointer {
			if truth(m) {
				return at(m)
			}
			return nil
		}
		return e
	}
	e.typ = anyType
	e.at = choose(false, anyType, a.boxed().at, b.boxed().at)
	return e
}

// choose is the value of and, or for two of the same type.
func choose(and bool, t reflect.Type, a, b place) place {
	truth := truthAt(t)
	return func(m *machine) unsafe.Pointer {
		p := a(m)
		if (p != nil && truth(p)) == and {
			return b(m)
		}
		return p
	}
}

func length(e expr) expr {
	at, t := e.at, e.typ
	switch {
	case t.Kind() == reflect.Slice:
		return intOf(func(m *machine) int { return (*slice)(at(m)).len })
	case t.Kind() == reflect.String:
		text := e.text()
		return intOf(func(m *machine) int { return len(text(m)) })
	}
	value := e.value()
	return intOf(func(m *machine) int {
		v := indirect(reflect.ValueOf(value(m)))
		switch v.Kind() {
		case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
			return v.Len()
		}
		giveUp()
		return 0
	})
}

// indirect follows pointers and interfaces to the value behind them.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			giveUp()
		}
		v = v.Elem()
	}
	return v
}

// index compiles index.
func index(e expr, keys []expr) expr {
	for i, k := range keys {
		t := e.typ
		switch {
		case t.Kind() == reflect.Slice && isInt(k.typ):
			e = element(e, k.number())
		case t.Kind() == reflect.Map && t.Key() == stringType && k.typ == stringType:
			e = e.entry(k.text(), false)
		default:
			return dynamicIndex(e, keys[i:])
		}
	}
	return e
}

func element(e expr, key func(*machine) int64) expr {
	at, size := e.at, e.typ.Elem().Size()
	return expr{typ: e.typ.Elem(), at: func(m *machine) unsafe.Pointer {
		s, i := *(*slice)(at(m)), key(m)
		if i < 0 || i >= int64(s.len) {
			giveUp()
		}
		return unsafe.Add(s.data, uintptr(i)*size)
	}}
}

// dynamicIndex is index for values whose types are known only when the code runs.
func dynamicIndex(e expr, keys []expr) expr {
	value := e.value()
	at := make([]func(*machine) any, len(keys))
	for i, k := range keys {
		at[i] = k.value()
	}
	return anyOf(func(m *machine) any {
		v := value(m)
		for _, k := range at {
			v = indexAny(v, k(m))
		}
		return v
	})
}

func indexAny(item, key any) any {
	v, k := indirect(reflect.ValueOf(item)), reflect.ValueOf(key)
	switch v.Kind() {
	case reflect.Array, reflect.Slice, reflect.String:
		if !k.IsValid() || !k.CanInt() || k.Int() < 0 || k.Int() >= int64(v.Len()) {
			giveUp()
		}
		return v.Index(int(k.Int())).Interface()
	case reflect.Map:
		if !k.IsValid() || !k.Type().AssignableTo(v.Type().Key()) {
			giveUp()
		}
		if x := v.MapIndex(k); x.IsValid() {
			return x.Interface()
		}
		return reflect.Zero(v.Type().Elem()).Interface()
	}
	giveUp()
	return nil
}

// slicing compiles slice.
func slicing(e expr, bounds []expr) expr {
	numbers := make([]func(*machine) int64, len(bounds))
	for i, b := range bounds {
		if !isInt(b.typ) {
			refuse("slice by a %s", b.typ)
		}
		numbers[i] = b.number()
	}
	if len(bounds) > 2 {
		refuse("slice with a capacity")
	}
	if e.typ.Kind() == reflect.String {
		text := e.text()
		cut := func(m *machine) string {
			s := text(m)
			i, j := cutAt(m, numbers, len(s), len(s))
			return s[i:j]
		}
		return expr{typ: e.typ, str: cut, at: func(m *machine) unsafe.Pointer { return m.str(cut(m)) }}
	}
	if e.typ.Kind() != reflect.Slice {
		refuse("slice of a %s", e.typ)
	}
	at, size := e.at, e.typ.Elem().Size()
	return expr{typ: e.typ, at: func(m *machine) unsafe.Pointer {
		s := *(*slice)(at(m))
		i, j := cutAt(m, numbers, s.len, s.cap)
		if s.cap > i { // else the address would be that of something else
			s.data = unsafe.Add(s.data, uintptr(i)*size)
		}
		return m.slice(slice{s.data, j - i, s.cap - i})
	}}
}

// cutAt evaluates the bounds of a slice.
func cutAt(m *machine, bounds []func(*machine) int64, length, capacity int) (i, j int) {
	at := [2]int{0, length}
	for k, b := range bounds {
		n := b(m)
		if n < 0 || n > int64(capacity) {
			giveUp()
		}
		at[k] = int(n)
	}
	if at[0] > at[1] {
		giveUp()
	}
	return at[0], at[1]
}
