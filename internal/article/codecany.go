package article

import (
	"math"
	"slices"
)

// What a value of any type starts with.
const (
	anyNil = iota
	anyText
	anyFalse
	anyTrue
	anyInt
	anyFloat
	anyList
	anyMap
)

// anyDepth is how deep values may be nested: as fields makes them, and a little.
const anyDepth = 40

// any goes through a value as a field of kind Any holds it.
func (c *coder) any(p *any) {
	if c.depth++; c.depth > anyDepth {
		if !c.reading {
			panic("article: params nested too deep")
		}
		c.fail()
	}
	defer func() { c.depth-- }()
	if c.reading {
		*p = c.readAny()
		return
	}
	switch v := (*p).(type) {
	case nil:
		c.uvarint(anyNil)
	case string:
		c.uvarint(anyText)
		c.text(&v)
	case bool:
		if v {
			c.uvarint(anyTrue)
		} else {
			c.uvarint(anyFalse)
		}
	case int:
		c.uvarint(anyInt)
		integer(c, &v)
	case float64:
		c.uvarint(anyFloat)
		c.uvarint(math.Float64bits(v))
	case []any:
		c.uvarint(anyList)
		for i := range list(c, v) {
			c.any(&v[i])
		}
	case map[string]any:
		c.writeMap(v)
	default:
		panic("article: params of a type that fields does not make")
	}
}

// writeMap writes a mapping by its sorted keys.
func (c *coder) writeMap(m map[string]any) {
	c.uvarint(anyMap)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range list(c, keys) {
		v := m[k]
		c.text(&k)
		c.any(&v)
	}
}

func (c *coder) readAny() any {
	switch c.uvarint(0) {
	case anyNil:
	case anyText:
		s := ""
		c.text(&s)
		return s
	case anyFalse:
		return false
	case anyTrue:
		return true
	case anyInt:
		n := 0
		integer(c, &n)
		return n
	case anyFloat:
		return math.Float64frombits(c.uvarint(0))
	case anyList:
		l := list(c, []any(nil))
		for i := range l {
			c.any(&l[i])
		}
		if l == nil {
			l = []any{}
		}
		return l
	case anyMap:
		return c.readMap()
	default:
		c.fail()
	}
	return nil
}

func (c *coder) readMap() map[string]any {
	m := map[string]any{}
	last := ""
	for i := range c.uvarint(0) {
		k, v := "", any(nil)
		c.text(&k)
		if c.any(&v); c.bad || i > 0 && k <= last {
			c.fail()
			return nil
		}
		m[k], last = v, k
	}
	return m
}
