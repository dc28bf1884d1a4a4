package template

import (
	"reflect"
	"unsafe"
)

// field compiles e.name.
func (e expr) field(name string) expr {
	e = e.strict()
	for e.typ.Kind() == reflect.Pointer {
		e = e.pointee()
	}
	t := e.typ
	if t == anyType {
		at := e.at
		return anyOf(func(m *machine) any { return dynamicField(*(*any)(at(m)), name) })
	}
	if _, ok := reflect.PointerTo(t).MethodByName(name); ok || t.Kind() == reflect.Interface {
		refuse("%s is a method of %s", name, t)
	}
	switch t.Kind() {
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		if !ok || !f.IsExported() {
			refuse("%s has no field %s", t, name)
		}
		for _, i := range f.Index {
			for e.typ.Kind() == reflect.Pointer {
				e = e.pointee()
			}
			e = e.inner(e.typ.Field(i).Offset, e.typ.Field(i).Type)
		}
		return e
	case reflect.Map:
		if t.Key() == stringType {
			return e.entry(func(*machine) string { return name }, true)
		}
	}
	refuse("%s has no field %s", t, name)
	return expr{}
}

// entry compiles the entry of the map e with a key. Where it is missing, code that must have it
// gives up, other code has the zero value.
func (e expr) entry(key func(*machine) string, must bool) expr {
	at, t := e.at, e.typ
	switch t {
	case reflect.TypeFor[map[string]string]():
		return textOf(func(m *machine) string {
			s, ok := (*(*map[string]string)(at(m)))[key(m)]
			if !ok && must {
				giveUp()
			}
			return s
		})
	case reflect.TypeFor[map[string]any]():
		return anyOf(func(m *machine) any {
			v, ok := (*(*map[string]any)(at(m)))[key(m)]
			if !ok && must {
				giveUp()
			}
			return v
		})
	}
	return expr{typ: t.Elem(), at: func(m *machine) unsafe.Pointer {
		v := reflect.NewAt(t, at(m)).Elem().MapIndex(reflect.ValueOf(key(m)))
		switch {
		case v.IsValid():
			return unbox(t.Elem(), v)
		case must:
			giveUp()
		}
		return reflect.New(t.Elem()).UnsafePointer()
	}}
}

// dynamicField is v.name where v's type is known only now.
func dynamicField(v any, name string) any {
	if fields, ok := v.(map[string]any); ok {
		if f, ok := fields[name]; ok {
			return f
		}
		giveUp()
	}
	if v == nil {
		giveUp()
	}
	rv := indirect(reflect.ValueOf(v))
	if _, ok := reflect.PointerTo(rv.Type()).MethodByName(name); ok {
		giveUp()
	}
	var f reflect.Value
	switch t := rv.Type(); {
	case rv.Kind() == reflect.Struct:
		if sf, ok := t.FieldByName(name); ok && sf.IsExported() {
			f, _ = rv.FieldByIndexErr(sf.Index)
		}
	case rv.Kind() == reflect.Map && t.Key() == stringType:
		f = rv.MapIndex(reflect.ValueOf(name))
	}
	if !f.IsValid() {
		giveUp()
	}
	return f.Interface()
}
