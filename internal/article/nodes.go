package article

import (
	"iter"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// nodes is room for the nodes that most of a tree consists of. A tree is not looked at any more when its text
// is rendered: the next text uses its room.
type nodes struct {
	texts      slab[ast.Text]
	paragraphs slab[ast.Paragraph]
	delimiters slab[parser.Delimiter]
	emphases   slab[ast.Emphasis]

	heads  slab[head]
	byNode map[ast.Node]*head
	byID   map[string]*head
}

// nodePool keeps nodes between renderings.
var nodePool = sync.Pool{New: func() any { return newNodes() }}

func newNodes() *nodes { return &nodes{byNode: map[ast.Node]*head{}, byID: map[string]*head{}} }

// release gives the room back.
func (x *nodes) release() {
	x.empty()
	nodePool.Put(x)
}

func (x *nodes) empty() {
	x.texts.empty()
	for p := range x.paragraphs.all() { // their lines are room, too
		lines := *p.Lines()
		lines.SetSliced(0, 0)
		*p = ast.Paragraph{}
		p.SetLines(&lines)
	}
	x.paragraphs.drop()
	x.delimiters.empty()
	x.emphases.empty()
	x.heads.empty()
	if len(x.byID) > slabSize {
		x.byNode, x.byID = map[ast.Node]*head{}, map[string]*head{}
	}
	clear(x.byNode)
	clear(x.byID)
}

// nodesOf returns the room of the rendering that pc works for.
func nodesOf(pc parser.Context) *nodes {
	r := stateOf(pc)
	if r == nil {
		return newNodes()
	}
	if r.nodes == nil {
		r.nodes = newNodes()
	}
	return r.nodes
}

func (x *nodes) text(at text.Segment) *ast.Text {
	t := x.texts.take()
	t.Segment = at
	return t
}

// paragraph returns a paragraph that begins with line.
func (x *nodes) paragraph(line text.Segment) *ast.Paragraph {
	p := x.paragraphs.take()
	p.Lines().Append(line)
	return p
}

// addText appends text to n, to the text at its end if that goes on there.
func (x *nodes) addText(n ast.Node, at text.Segment) {
	if t, ok := n.LastChild().(*ast.Text); ok && t.Segment.Stop == at.Start && !t.SoftLineBreak() {
		t.Segment = t.Segment.WithStop(at.Stop)
		return
	}
	n.AppendChild(n, x.text(at))
}

// slab is values of one type, taken one by one and given back all at once.
type slab[T any] struct {
	chunks [][]T
	taken  int
}

// Chunks have slabSize values; more than slabKept are not kept: else one giant text would stay for ever.
const (
	slabSize = 64
	slabKept = 32
)

// take returns a zero value.
func (s *slab[T]) take() *T {
	i := s.taken / slabSize
	if i == len(s.chunks) {
		s.chunks = append(s.chunks, make([]T, slabSize))
	}
	v := &s.chunks[i][s.taken%slabSize]
	s.taken++
	return v
}

// all goes over what was taken.
func (s *slab[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range s.taken {
			if !yield(&s.chunks[i/slabSize][i%slabSize]) {
				return
			}
		}
	}
}

// empty gives all values back.
func (s *slab[T]) empty() {
	for i, n := 0, s.taken; n > 0; i, n = i+1, n-slabSize {
		clear(s.chunks[i][:min(n, slabSize)])
	}
	s.drop()
}

// drop gives all values back, zero or fit to be used again already.
func (s *slab[T]) drop() {
	if len(s.chunks) > slabKept {
		clear(s.chunks[slabKept:])
		s.chunks = s.chunks[:slabKept]
	}
	s.taken = 0
}
