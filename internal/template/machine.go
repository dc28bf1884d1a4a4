package template

import (
	"reflect"
	"sync"
	"unsafe"
)

// machine is the state of one execution.
type machine struct {
	out   []byte
	root  unsafe.Pointer   // the data
	dot   unsafe.Pointer   // the value of dot; its type is known to the code
	vars  []unsafe.Pointer // of all routines under way
	base  int              // the first variable of the one that runs
	depth int

	// Values that are made on the way have their places here. A slice that grows leaves its
	// old array, and the places in it, as they are.
	strs   []string
	ints   []int
	anys   []any
	slices []slice
}

// flow is what is to be done after an op.
type flow uint8

const (
	next flow = iota
	breakLoop
	continueLoop
)

// op is a compiled node.
type op func(m *machine) flow

// routine is a template compiled for a type of dot.
type routine struct {
	code  op
	slots int // how many variables it has; the first is $
}

// gaveUp is what compiled code panics with where html/template has to take over.
type gaveUp struct{}

func giveUp() { panic(gaveUp{}) }

// maxDepth is how deep compiled templates may be nested; html/template goes further, and reports where
// it ends.
const maxDepth = 1000

// call runs r with dot at p.
func (m *machine) call(r *routine, slots int, p unsafe.Pointer) {
	if m.depth++; m.depth > maxDepth {
		giveUp()
	}
	dot, base := m.dot, m.base
	m.dot, m.base = p, base+slots
	if need := m.base + r.slots; need > len(m.vars) {
		m.vars = append(m.vars, make([]unsafe.Pointer, need-len(m.vars)+16)...)
	}
	m.vars[m.base] = p
	r.code(m)
	m.dot, m.base = dot, base
	m.depth--
}

func (m *machine) str(s string) unsafe.Pointer {
	m.strs = append(m.strs, s)
	return unsafe.Pointer(&m.strs[len(m.strs)-1])
}

func (m *machine) int(n int) unsafe.Pointer {
	m.ints = append(m.ints, n)
	return unsafe.Pointer(&m.ints[len(m.ints)-1])
}

func (m *machine) any(v any) unsafe.Pointer {
	m.anys = append(m.anys, v)
	return unsafe.Pointer(&m.anys[len(m.anys)-1])
}

func (m *machine) slice(s slice) unsafe.Pointer {
	m.slices = append(m.slices, s)
	return unsafe.Pointer(&m.slices[len(m.slices)-1])
}

// reset forgets all that the machine has seen.
func (m *machine) reset() {
	clear(m.vars)
	clear(m.strs)
	clear(m.anys)
	clear(m.slices)
	m.strs, m.ints, m.anys, m.slices = m.strs[:0], m.ints[:0], m.anys[:0], m.slices[:0]
	m.out, m.root, m.dot, m.base, m.depth = nil, nil, nil, 0, 0
}

// machines are those not in use.
type machines struct{ sync.Pool }

func (ms *machines) take() *machine {
	if m, ok := ms.Get().(*machine); ok {
		return m
	}
	return new(machine)
}

// entry is a template and the type of dot that it is compiled for.
type entry struct {
	name string
	dot  reflect.Type
}

// run executes a template on the data at p. It reports false if compiled code cannot.
func (c *compiler) run(dst []byte, e entry, p unsafe.Pointer) (out []byte, ok bool) {
	r := c.entryPoint(e)
	if r == nil {
		return dst, false
	}
	m := c.machines.take()
	defer func() {
		// Whatever went wrong, in a function or in a value's method, html/template meets it again
		// and deals with it.
		if recover() != nil {
			out, ok = dst, false
		}
		m.reset()
		c.machines.Put(m)
	}()
	m.out, m.root = dst, p
	m.call(r, 0, unsafe.Pointer(&m.root))
	return m.out, true
}
