package fields

import (
	"math"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

// maxDepth bounds how deep a value of kind Any may be nested.
const maxDepth = 32

func anyValue(n *yaml.Node) any { return anyAt(n, 0) }

func anyAt(n *yaml.Node, depth int) any {
	if depth > maxDepth {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = anyAt(n.Content[i+1], depth+1)
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, c := range n.Content {
			l[i] = anyAt(c, depth+1)
		}
		return l
	case yaml.ScalarNode:
		return anyScalar(n)
	}
	return nil
}

func anyScalar(n *yaml.Node) any {
	if isNull(n) {
		return nil
	}
	switch n.ShortTag() {
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		if i, err := strconv.Atoi(n.Value); err == nil {
			return i
		}
	case "!!float":
		if x, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) { // which JSON does not know
			return x
		}
	}
	return n.Value
}
