package template

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// refusal is why a node is not compiled.
type refusal struct{ why string }

func refuse(format string, args ...any) { panic(refusal{fmt.Sprintf(format, args...)}) }

// operand compiles a part of a command: a literal, a field, a variable, a pipeline in parentheses.
func (u *unit) operand(n parse.Node) expr {
	switch n := n.(type) {
	case *parse.DotNode:
		return u.dotExpr()
	case *parse.NilNode:
		return literal(nil)
	case *parse.BoolNode:
		return literal(n.True)
	case *parse.StringNode:
		return literal(n.Text)
	case *parse.NumberNode:
		return literal(numberOf(n))
	case *parse.FieldNode:
		return u.fields(u.dotExpr(), n.Ident)
	case *parse.VariableNode:
		return u.fields(u.variable(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		return u.fields(u.operand(n.Node), n.Field)
	case *parse.PipeNode:
		if len(n.Decl) > 0 {
			refuse("a variable is declared within parentheses")
		}
		return u.pipe(n)
	case *parse.IdentifierNode:
		return u.function(n.Ident, nil)
	}
	refuse("%s is not known", n)
	return expr{}
}

func (u *unit) fields(e expr, names []string) expr {
	for _, name := range names {
		e = e.field(name)
	}
	return e
}

// numberOf is the value of a number in a place that does not say of what type it is.
func numberOf(n *parse.NumberNode) any {
	hex := len(n.Text) > 2 && n.Text[0] == '0' && (n.Text[1] == 'x' || n.Text[1] == 'X') && !strings.ContainsAny(n.Text, "pP")
	switch {
	case n.IsComplex:
		refuse("complex number")
	case n.IsFloat && !hex && n.Text[0] != '\'' && strings.ContainsAny(n.Text, ".eEpP"):
		return n.Float64
	case n.IsInt && int64(int(n.Int64)) == n.Int64:
		return int(n.Int64)
	}
	refuse("%s is no int", n.Text)
	return nil
}

// pipe compiles a pipeline without the variables that it declares.
func (u *unit) pipe(n *parse.PipeNode) expr { return u.commands(n.Cmds) }

func (u *unit) commands(cmds []*parse.CommandNode) expr {
	var e expr
	for i, cmd := range cmds {
		id, ok := cmd.Args[0].(*parse.IdentifierNode)
		switch {
		case ok:
			args := make([]expr, 0, len(cmd.Args))
			for _, a := range cmd.Args[1:] {
				args = append(args, u.operand(a))
			}
			if i > 0 {
				args = append(args, e)
			}
			e = u.function(id.Ident, args)
		case i > 0 || len(cmd.Args) > 1 || cmd.Args[0].Type() == parse.NodeNil:
			refuse("%s is not a function", cmd.Args[0])
		default:
			e = u.operand(cmd.Args[0])
		}
	}
	return e
}
