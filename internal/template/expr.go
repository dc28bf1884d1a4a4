package template

import (
	"reflect"
	"text/template"
	"unsafe"
)

// expr is compiled code for a value.
type expr struct {
	typ   reflect.Type // any for what is known only when the code runs
	at    place
	path  *path                 // the way to it, if it is a part of the data
	str   func(*machine) string // of strings: quicker than at; may be nil
	truth func(*machine) bool   // the same, of its truth
	loose bool                  // at may yield nil
}

// path leads from a variable, or from dot, to a part of it: the first offset is added to
// the address of the variable; for each further one the pointer there is followed first.
type path struct {
	slot    int // of the variable; -1 is dot
	offsets []uintptr
}

func (p path) place() place {
	slot, first := p.slot, p.offsets[0]
	switch {
	case len(p.offsets) == 1 && slot < 0:
		return func(m *machine) unsafe.Pointer { return unsafe.Add(m.dot, first) }
	case len(p.offsets) == 1:
		return func(m *machine) unsafe.Pointer { return unsafe.Add(m.vars[m.base+slot], first) }
	}
	rest := p.offsets[1:]
	return func(m *machine) unsafe.Pointer {
		q := m.dot
		if slot >= 0 {
			q = m.vars[m.base+slot]
		}
		q = unsafe.Add(q, first)
		for _, off := range rest {
			if q = *(*unsafe.Pointer)(q); q == nil {
				giveUp()
			}
			q = unsafe.Add(q, off)
		}
		return q
	}
}

// of returns the expression of type t at the path.
func (p path) of(t reflect.Type) expr { return expr{typ: t, at: p.place(), path: &p} }

// add returns the path to what lies off bytes further.
func (p path) add(off uintptr) path {
	offsets := append([]uintptr(nil), p.offsets...)
	offsets[len(offsets)-1] += off
	return path{p.slot, offsets}
}

// follow returns the path to where the pointer at p leads.
func (p path) follow() path { return path{p.slot, append(append([]uintptr(nil), p.offsets...), 0)} }

// inner returns the expression for what lies off bytes inside e.
func (e expr) inner(off uintptr, t reflect.Type) expr {
	if e.path != nil {
		return e.path.add(off).of(t)
	}
	at := e.strict().at
	return expr{typ: t, at: func(m *machine) unsafe.Pointer { return unsafe.Add(at(m), off) }}
}

// pointee returns the expression for what e points to.
func (e expr) pointee() expr {
	if e.path != nil {
		return e.path.follow().of(e.typ.Elem())
	}
	at := e.strict().at
	return expr{typ: e.typ.Elem(), at: func(m *machine) unsafe.Pointer {
		p := *(*unsafe.Pointer)(at(m))
		if p == nil {
			giveUp()
		}
		return p
	}}
}

// strict returns e with a place that is never nil.
func (e expr) strict() expr {
	if !e.loose {
		return e
	}
	at := e.at
	return expr{typ: e.typ, at: func(m *machine) unsafe.Pointer {
		p := at(m)
		if p == nil {
			giveUp()
		}
		return p
	}}
}

// boxed returns e as a value of type any.
func (e expr) boxed() expr {
	if e.typ == anyType {
		return e
	}
	t, at := e.typ, e.at
	return expr{typ: anyType, loose: e.loose, truth: e.truth, at: func(m *machine) unsafe.Pointer {
		p := at(m)
		if p == nil {
			return nil
		}
		return m.any(box(t, p))
	}}
}

// value returns code for e as an interface value.
func (e expr) value() func(*machine) any {
	e = e.strict()
	t, at := e.typ, e.at
	return func(m *machine) any { return box(t, at(m)) }
}

// text returns code for e as a string; e is of a kind of strings.
func (e expr) text() func(*machine) string {
	switch {
	case e.str != nil:
		return e.str
	case e.path != nil && e.path.slot < 0 && len(e.path.offsets) == 1:
		off := e.path.offsets[0]
		return func(m *machine) string { return *(*string)(unsafe.Add(m.dot, off)) }
	}
	at := e.strict().at
	return func(m *machine) string { return *(*string)(at(m)) }
}

// number returns code for e as an integer; isInt(e.typ) holds.
func (e expr) number() func(*machine) int64 {
	at, kind := e.strict().at, e.typ.Kind()
	return func(m *machine) int64 { return readInt(kind, at(m)) }
}

// isTrue returns code for the truth of e, as if and with see it.
func (e expr) isTrue() func(*machine) bool {
	switch {
	case e.truth != nil:
		return e.truth
	case e.str != nil:
		text := e.str
		return func(m *machine) bool { return text(m) != "" }
	}
	at, truth := e.at, truthAt(e.typ)
	return func(m *machine) bool {
		p := at(m)
		return p != nil && truth(p)
	}
}

// truthAt returns code for the truth of a value of type t.
func truthAt(t reflect.Type) func(unsafe.Pointer) bool {
	kind := t.Kind()
	switch {
	case kind == reflect.String:
		return func(p unsafe.Pointer) bool { return *(*string)(p) != "" }
	case kind == reflect.Bool:
		return func(p unsafe.Pointer) bool { return *(*bool)(p) }
	case kind == reflect.Int:
		return func(p unsafe.Pointer) bool { return *(*int)(p) != 0 }
	case kind == reflect.Slice:
		return func(p unsafe.Pointer) bool { return (*slice)(p).len > 0 }
	case kind == reflect.Pointer:
		return func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) != nil }
	}
	return func(p unsafe.Pointer) bool {
		truth, ok := template.IsTrue(box(t, p))
		if !ok {
			giveUp()
		}
		return truth
	}
}

// truthOf, intOf, textOf and anyOf make expressions of code that computes a value.
func truthOf(f func(*machine) bool) expr {
	return expr{typ: boolType, truth: f, at: func(m *machine) unsafe.Pointer {
		if f(m) {
			return unsafe.Pointer(&truths[1])
		}
		return unsafe.Pointer(&truths[0])
	}}
}

func intOf(f func(*machine) int) expr {
	return expr{typ: intType, at: func(m *machine) unsafe.Pointer { return m.int(f(m)) }}
}

func textOf(f func(*machine) string) expr {
	return expr{typ: stringType, str: f, at: func(m *machine) unsafe.Pointer { return m.str(f(m)) }}
}

func anyOf(f func(*machine) any) expr {
	return expr{typ: anyType, at: func(m *machine) unsafe.Pointer { return m.any(f(m)) }}
}

// literal makes an expression of a value written in the template.
func literal(v any) expr {
	if v == nil {
		v := new(any)
		return expr{typ: anyType, at: func(*machine) unsafe.Pointer { return unsafe.Pointer(v) }}
	}
	rv := reflect.ValueOf(v)
	p := unbox(rv.Type(), rv)
	e := expr{typ: rv.Type(), at: func(*machine) unsafe.Pointer { return p }}
	if s, ok := v.(string); ok {
		e.str = func(*machine) string { return s }
	}
	return e
}
