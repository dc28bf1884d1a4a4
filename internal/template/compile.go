package template

import (
	"fmt"
	html "html/template"
	"maps"
	"reflect"
	"slices"
	"sync"
	"text/template/parse"
	"unsafe"
)

// compiler compiles the templates of a set, each for every type of dot that it is called with.
type compiler struct {
	trees    trees
	samples  map[string]func() *sample // by chain of escapers
	machines machines

	mu       sync.Mutex
	routines map[entry]*routine
	notes    map[string]bool // what is not compiled
}

func newCompiler(set *html.Template) *compiler {
	return &compiler{trees: trees{html: set}, samples: map[string]func() *sample{}, routines: map[entry]*routine{}, notes: map[string]bool{}}
}

// entryPoint returns the routine for e, nil if html/template refuses the template.
func (c *compiler) entryPoint(e entry) *routine {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.routines[e]; ok {
		return r
	}
	if !c.trees.escape(e.name) { // html/template says why, when it runs
		c.routines[e] = nil
		return nil
	}
	return c.routine(e)
}

func (c *compiler) refusals() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.notes))
}

// routine returns the routine for e. While that is being compiled, a call of it from within gets
// the routine before it has its code.
func (c *compiler) routine(e entry) *routine {
	if r, ok := c.routines[e]; ok {
		return r
	}
	tree := c.trees.find(e.name)
	if tree == nil || tree.Root == nil {
		refuse("the escaped form of template %q is not known", e.name)
	}
	r := &routine{}
	c.routines[e] = r
	dynamic := map[*parse.VariableNode]bool{}
	for !c.unit(r, tree, e.dot, dynamic) {
	}
	return r
}

// unit compiles a tree. It reports false if a variable turned out to get values of
// several types: it is in dynamic then, and the tree is to be compiled once more.
func (c *compiler) unit(r *routine, tree *parse.Tree, dot reflect.Type, dynamic map[*parse.VariableNode]bool) (done bool) {
	defer func() {
		if x := recover(); x != nil {
			if _, ok := x.(retyped); !ok {
				panic(x)
			}
		}
	}()
	u := &unit{c: c, r: r, tree: tree, dot: dot, dynamic: dynamic}
	u.push("$", dot, nil)
	r.code = u.list(tree.Root)
	r.slots = u.slots
	return true
}

// retyped is what unit starts again for.
type retyped struct{}

// unit is the compilation of one template for one type of dot.
type unit struct {
	c       *compiler
	r       *routine
	tree    *parse.Tree
	dot     reflect.Type // here
	vars    []variable   // in scope
	slots   int
	dynamic map[*parse.VariableNode]bool // variables of type any
}

// variable is one of the template's.
type variable struct {
	name  string
	typ   reflect.Type
	slot  int
	loose bool
	decl  *parse.VariableNode
}

// push declares a variable and returns its slot.
func (u *unit) push(name string, t reflect.Type, decl *parse.VariableNode) int {
	u.vars = append(u.vars, variable{name: name, typ: t, slot: u.slots, decl: decl})
	u.slots++
	return u.slots - 1
}

func (u *unit) find(name string) *variable {
	for i := len(u.vars) - 1; i >= 0; i-- {
		if u.vars[i].name == name {
			if u.vars[i].typ == nil {
				refuse("%s of a loop is used where the loop is empty", name)
			}
			return &u.vars[i]
		}
	}
	refuse("undefined variable %s", name)
	return nil
}

func (u *unit) variable(name string) expr {
	v := u.find(name)
	if v.loose {
		slot := v.slot
		return expr{typ: v.typ, loose: true, at: func(m *machine) unsafe.Pointer { return m.vars[m.base+slot] }}
	}
	return path{slot: v.slot, offsets: []uintptr{0}}.of(v.typ)
}

func (u *unit) dotExpr() expr { return path{slot: -1, offsets: []uintptr{0}}.of(u.dot) }

// scoped compiles with dot of type t, and forgets the variables declared meanwhile.
func (u *unit) scoped(t reflect.Type, compile func() op) op {
	dot, vars := u.dot, len(u.vars)
	defer func() { u.dot, u.vars = dot, u.vars[:vars] }()
	u.dot = t
	return compile()
}

func (u *unit) list(n *parse.ListNode) op {
	if n == nil {
		return func(*machine) flow { return next }
	}
	var code []op
	for _, n := range n.Nodes {
		if o := u.node(n); o != nil {
			code = append(code, o)
		}
	}
	if len(code) == 1 {
		return code[0]
	}
	return func(m *machine) flow {
		for _, o := range code {
			if f := o(m); f != next {
				return f
			}
		}
		return next
	}
}

// rescue is deferred: where n is refused it leaves a note, and code that gives up.
func (u *unit) rescue(n parse.Node, vars int, o *op) {
	x := recover()
	if x == nil {
		return
	}
	r, ok := x.(refusal)
	if !ok {
		panic(x)
	}
	u.vars = u.vars[:vars]
	place, _ := u.tree.ErrorContext(n)
	u.c.notes[fmt.Sprintf("%s: %s", place, r.why)] = true
	*o = func(*machine) flow { giveUp(); return next }
}

// node compiles n.
func (u *unit) node(n parse.Node) (o op) {
	defer u.rescue(n, len(u.vars), &o)
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(m *machine) flow {
			m.out = append(m.out, text...)
			return next
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) > 0 {
			return u.assign(n.Pipe)
		}
		return u.print(n.Pipe)
	case *parse.IfNode:
		return u.scoped(u.dot, func() op { return u.ifElse(n) })
	case *parse.WithNode:
		return u.scoped(u.dot, func() op { return u.with(n) })
	case *parse.RangeNode:
		return u.scoped(u.dot, func() op { return u.loop(n) })
	case *parse.TemplateNode:
		return u.call(n)
	case *parse.BreakNode:
		return func(*machine) flow { return breakLoop }
	case *parse.ContinueNode:
		return func(*machine) flow { return continueLoop }
	case *parse.CommentNode:
		return nil
	}
	refuse("%s is not known", n)
	return nil
}

// assign compiles a declaration or an assignment.
func (u *unit) assign(n *parse.PipeNode) op {
	e := u.pipe(n)
	if len(n.Decl) != 1 {
		refuse("several variables at once")
	}
	set := u.set(n, e)
	return func(m *machine) flow {
		set(m)
		return next
	}
}

// set compiles giving e to the variable of n, and returns code that yields the value's place.
func (u *unit) set(n *parse.PipeNode, e expr) place {
	decl := n.Decl[0]
	var slot int
	if n.IsAssign {
		v := u.find(decl.Ident[0])
		switch {
		case v.typ == anyType:
			e = e.boxed()
		case v.typ != e.typ || e.loose && !v.loose:
			if v.decl == nil {
				refuse("$ is given another value")
			}
			u.dynamic[v.decl] = true
			panic(retyped{})
		}
		slot = v.slot
	} else {
		if u.dynamic[decl] {
			e = e.strict().boxed()
		}
		slot = u.push(decl.Ident[0], e.typ, decl)
		u.vars[len(u.vars)-1].loose = e.loose
	}
	at := e.at
	if n.IsAssign && e.loose && !u.find(decl.Ident[0]).loose {
		at = e.strict().at
	}
	return func(m *machine) unsafe.Pointer {
		p := at(m)
		m.vars[m.base+slot] = p
		return p
	}
}

// condition compiles the pipeline of an if or with. It returns the type of the value and
// code for its place, nil if the value counts as false.
func (u *unit) condition(n *parse.PipeNode) (reflect.Type, place) {
	e := u.pipe(n)
	at, truth := e.at, truthAt(e.typ)
	if len(n.Decl) > 0 {
		at = u.set(n, e)
		if u.find(n.Decl[0].Ident[0]).typ == anyType {
			e.typ, truth = anyType, truthAt(anyType)
		}
	}
	return e.typ, func(m *machine) unsafe.Pointer {
		if p := at(m); p != nil && truth(p) {
			return p
		}
		return nil
	}
}

func (u *unit) ifElse(n *parse.IfNode) op {
	var truth func(*machine) bool
	if len(n.Pipe.Decl) > 0 {
		_, at := u.condition(n.Pipe)
		truth = func(m *machine) bool { return at(m) != nil }
	} else {
		truth = u.pipe(n.Pipe).isTrue()
	}
	yes := u.scoped(u.dot, func() op { return u.list(n.List) })
	if n.ElseList == nil {
		return func(m *machine) flow {
			if truth(m) {
				return yes(m)
			}
			return next
		}
	}
	no := u.scoped(u.dot, func() op { return u.list(n.ElseList) })
	return func(m *machine) flow {
		if truth(m) {
			return yes(m)
		}
		return no(m)
	}
}

func (u *unit) with(n *parse.WithNode) op {
	t, at := u.condition(n.Pipe)
	yes := u.scoped(t, func() op { return u.list(n.List) })
	no := u.scoped(u.dot, func() op { return u.list(n.ElseList) })
	return func(m *machine) flow {
		p := at(m)
		if p == nil {
			return no(m)
		}
		dot := m.dot
		m.dot = p
		f := yes(m)
		m.dot = dot
		return f
	}
}

// call compiles the call of a template.
func (u *unit) call(n *parse.TemplateNode) op {
	arg := literal(nil)
	if n.Pipe != nil {
		arg = u.pipe(n.Pipe).strict()
		if len(n.Pipe.Decl) > 0 {
			refuse("a variable is declared in a call")
		}
	}
	r, caller := u.c.routine(entry{n.Name, arg.typ}), u.r
	at := arg.at
	return func(m *machine) flow {
		m.call(r, caller.slots, at(m))
		return next
	}
}
