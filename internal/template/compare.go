package template

import (
	"cmp"
	"reflect"
)

// comparison compiles eq, ne, lt, le, gt, ge.
func comparison(name string, args []expr) expr {
	if name == "eq" && len(args) > 2 {
		first := comparison("eq", args[:2]).truth
		rest := comparison("eq", append([]expr{args[0]}, args[2:]...)).truth
		return truthOf(func(m *machine) bool { return first(m) || rest(m) })
	}
	a, b := args[0], args[1]
	switch {
	case a.typ.Kind() == reflect.String && b.typ.Kind() == reflect.String:
		return ordering(name, a.text(), b.text())
	case isInt(a.typ) && isInt(b.typ):
		return ordering(name, a.number(), b.number())
	}
	x, y := a.value(), b.value()
	if name == "eq" || name == "ne" {
		same := name == "eq"
		return truthOf(func(m *machine) bool { return (compareAny(x(m), y(m), true) == 0) == same })
	}
	holds := orders[name]
	return truthOf(func(m *machine) bool { return holds(compareAny(x(m), y(m), false)) })
}

// orders says what the sign of a comparison means.
var orders = map[string]func(int) bool{
	"lt": func(c int) bool { return c < 0 },
	"le": func(c int) bool { return c <= 0 },
	"gt": func(c int) bool { return c > 0 },
	"ge": func(c int) bool { return c >= 0 },
}

func ordering[T cmp.Ordered](name string, a, b func(*machine) T) expr {
	switch name {
	case "eq":
		return truthOf(func(m *machine) bool { return a(m) == b(m) })
	case "ne":
		return truthOf(func(m *machine) bool { return a(m) != b(m) })
	}
	holds := orders[name]
	return truthOf(func(m *machine) bool { return holds(cmp.Compare(a(m), b(m))) })
}

// compareAny compares two values of one of the basic kinds. It gives up on others, and on
// floats, among which NaN is in no order.
func compareAny(x, y any, equality bool) int {
	a, b := reflect.ValueOf(x), reflect.ValueOf(y)
	switch {
	case !a.IsValid() || !b.IsValid():
	case a.Kind() == reflect.String && b.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case equality && a.Kind() == reflect.Bool && b.Kind() == reflect.Bool:
		if a.Bool() == b.Bool() {
			return 0
		}
		return 1
	}
	giveUp()
	return 0
}
