package template

import (
	"reflect"
	"slices"
	"text/template/parse"
	"unsafe"
)

// body is the compiled inside of a loop.
type body struct {
	code        op
	index, elem int // slots of the variables; -1 where there is none
}

// turn runs the body on an element and reports whether the loop goes on. The place of the index is asked for only
// where a variable takes it.
func (b body) turn(m *machine, elem unsafe.Pointer, index func() unsafe.Pointer) bool {
	if b.index >= 0 {
		m.vars[m.base+b.index] = index()
	}
	if b.elem >= 0 {
		m.vars[m.base+b.elem] = elem
	}
	m.dot = elem
	return b.code(m) != breakLoop
}

// loop compiles range.
func (u *unit) loop(n *parse.RangeNode) op {
	if n.Pipe.IsAssign {
		refuse("a loop assigns to a variable from outside")
	}
	e := u.pipe(n.Pipe).strict()
	for e.typ.Kind() == reflect.Pointer {
		e = e.pointee() // of nil: html/template cannot range over it either
	}
	empty := u.scoped(u.dot, func() op {
		for _, d := range n.Pipe.Decl { // they stand for the whole value there, which nobody uses
			u.push(d.Ident[0], nil, d)
		}
		return u.list(n.ElseList)
	})
	turns := u.turns(e, n)
	return func(m *machine) flow {
		dot := m.dot
		ran := turns(m)
		m.dot = dot
		if !ran {
			return empty(m)
		}
		return next
	}
}

// body compiles the inside of a loop over elements of type elem, with indexes of type index.
func (u *unit) body(n *parse.RangeNode, index, elem reflect.Type) body {
	b := body{index: -1, elem: -1}
	decl := n.Pipe.Decl
	if len(decl) > 1 {
		b.index = u.loopVariable(decl[0], index)
	}
	if len(decl) > 0 {
		b.elem = u.loopVariable(decl[len(decl)-1], elem)
	}
	b.code = u.scoped(elem, func() op { return u.list(n.List) })
	return b
}

func (u *unit) loopVariable(decl *parse.VariableNode, t reflect.Type) int {
	if u.dynamic[decl] {
		refuse("%s gets values of several types", decl.Ident[0])
	}
	return u.push(decl.Ident[0], t, decl)
}

// turns compiles the loop over e; the code reports whether there was anything to range over.
func (u *unit) turns(e expr, n *parse.RangeNode) func(*machine) bool {
	t, at := e.typ, e.at
	switch {
	case t.Kind() == reflect.Slice:
		b := u.body(n, intType, t.Elem())
		size := t.Elem().Size()
		return func(m *machine) bool { return b.overSlice(m, *(*slice)(at(m)), size) }
	case t == anyType:
		b := u.body(n, anyType, anyType)
		return func(m *machine) bool { return b.overAny(m, *(*any)(at(m))) }
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		b := u.body(n, t.Key(), t.Elem())
		return func(m *machine) bool { return b.overMap(m, reflect.NewAt(t, at(m)).Elem()) }
	case t == intType:
		if len(n.Pipe.Decl) > 1 {
			refuse("an int has no indexes")
		}
		b := u.body(n, intType, intType)
		return func(m *machine) bool { return b.overInt(m, *(*int)(at(m))) }
	}
	refuse("range over %s", t)
	return nil
}

func (b body) overSlice(m *machine, s slice, size uintptr) bool {
	for i := range s.len {
		if !b.turn(m, unsafe.Add(s.data, uintptr(i)*size), func() unsafe.Pointer { return m.int(i) }) {
			break
		}
	}
	return s.len > 0
}

func (b body) overInt(m *machine, n int) bool {
	for i := range n {
		if !b.turn(m, m.int(i), nil) {
			break
		}
	}
	return n > 0
}

// overMap goes by the order of the keys.
func (b body) overMap(m *machine, v reflect.Value) bool {
	t := v.Type()
	for _, k := range sortedKeys(v) {
		if !b.turn(m, unbox(t.Elem(), v.MapIndex(k)), func() unsafe.Pointer { return unbox(t.Key(), k) }) {
			break
		}
	}
	return v.Len() > 0
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.String() < b.String():
			return -1
		case a.String() > b.String():
			return 1
		}
		return 0
	})
	return keys
}

// overAny is a loop over a value whose type is known only now.
func (b body) overAny(m *machine, v any) bool {
	if s, ok := v.([]any); ok {
		return b.overElements(m, len(s), func(i int) any { return s[i] })
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Slice, reflect.Array:
		return b.overElements(m, rv.Len(), func(i int) any { return rv.Index(i).Interface() })
	case reflect.Map:
		if rv.Type().Key().Kind() != reflect.String {
			giveUp()
		}
		for _, k := range sortedKeys(rv) {
			if !b.turn(m, m.any(rv.MapIndex(k).Interface()), func() unsafe.Pointer { return m.any(k.Interface()) }) {
				break
			}
		}
		return rv.Len() > 0
	}
	giveUp()
	return false
}

func (b body) overElements(m *machine, n int, elem func(int) any) bool {
	for i := range n {
		if !b.turn(m, m.any(elem(i)), func() unsafe.Pointer { return m.any(i) }) {
			break
		}
	}
	return n > 0
}
