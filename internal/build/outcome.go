package build

import (
	"encoding/binary"
	"slices"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

// outcome is what rendering a text says besides its HTML.
type outcome struct {
	links    []link   // in order, each once
	asked    []uint64 // keys of the places that they ask for
	uses     []string // files of content that the pages show
	problems diag.List
}

// link is a link or picture of a text, as written.
type link struct {
	dest  string
	image bool
}

// encode packs the outcome into the room of e: whether there are problems, the uses by their number among names, the keys, the links, the
// problems. Most of it need not be read to keep a page.
func (o *outcome) encode(e cache.Encoder, names *names) []byte {
	e = e[:0]
	if len(o.links)+len(o.uses)+len(o.problems) == 0 {
		return e
	}
	e.Bool(len(o.problems) > 0)
	e.Uint(uint64(len(o.uses)))
	for _, u := range o.uses {
		e.Uint(uint64(names.numberOf(u)))
	}
	e.Uint(uint64(len(o.asked)))
	for _, k := range o.asked {
		e = binary.LittleEndian.AppendUint64(e, k)
	}
	e.Uint(uint64(len(o.links)))
	for _, k := range o.links {
		e.String(k.dest)
		e.Bool(k.image)
	}
	encodeProblems(&e, o.problems)
	return e
}

// kept marks, among names, the uses of a packed outcome whose pages stay, and returns its problems.
func (n *names) kept(blob string) diag.List {
	if blob == "" {
		return nil
	}
	d := cache.Decoder{Rest: blob}
	problems := d.Bool()
	for range d.Len(1) {
		n.mark(d.Uint())
	}
	if !problems {
		return nil
	}
	decodeLinks(&d)
	return decodeProblems(&d)
}

// linksIn returns the links of a packed outcome.
func linksIn(blob string) []link {
	if blob == "" {
		return nil
	}
	d := cache.Decoder{Rest: blob}
	d.Bool()
	skipUses(&d)
	return decodeLinks(&d)
}

func skipUses(d *cache.Decoder) {
	for range d.Len(1) {
		d.Uint()
	}
}

// decodeLinks takes the keys and the links.
func decodeLinks(d *cache.Decoder) []link {
	d.Bytes(8 * d.Len(8))
	links := make([]link, d.Len(2))
	for i := range links {
		links[i] = link{dest: d.String(), image: d.Bool()}
	}
	return links
}

func (o *outcome) link(dest string, image bool) {
	if k := (link{dest, image}); !slices.Contains(o.links, k) {
		o.links = append(o.links, k)
	}
}

// ask finds out what places the links, written where files are in folder dir, ask for.
func (o *outcome) ask(s *site.Site, dir string) {
	for _, k := range o.links {
		o.asked = s.AppendAsked(o.asked, dir, k.dest)
	}
}

func (o *outcome) use(name string) {
	if !slices.Contains(o.uses, name) {
		o.uses = append(o.uses, name)
	}
}
