package site

import (
	"bufio"
	"encoding/binary"
	"hash"
)

// HashPlaces hashes all that decides where a link leads that Resolve is asked about, but for the settings, the columns
// that are shown, and the bytes of files: a link of a text that is unchanged leads where it led if these
// are. in is the input of s, in whatever edition.
func (s *Site) HashPlaces(h hash.Hash, in Input) {
	w := bufio.NewWriterSize(h, 32<<10)
	defer w.Flush()
	text := func(t string) { w.Write(append(binary.AppendUvarint(w.AvailableBuffer(), uint64(len(t))), t...)) }
	for _, a := range in.Articles { // an article that is no item is gone
		text(a.Path)
		text(otherPath(a))
	}
	for _, it := range s.Items {
		text(it.Path)
		text(it.URL)
		w.WriteByte(bit(it.linked))
	}
	text("")
	for _, r := range s.Redirects {
		text(r.From)
		text(r.Path)
	}
	text("")
	for _, it := range s.Notices {
		text(it.URL)
	}
	for _, g := range s.Tags {
		text(g.URL)
	}
	for _, g := range s.Series {
		text(g.URL)
	}
	for _, c := range in.Columns {
		if c := s.byDir[c.Dir]; c != nil && c.Absent {
			text(c.Dir)
		}
	}
	for _, f := range in.Files {
		name := f.Path[len("content/"):]
		_, shown := s.files[name]
		text(name)
		w.WriteByte(bit(shown))
		w.WriteByte(bit(s.internal[name]))
	}
}

func bit(is bool) byte {
	if is {
		return 1
	}
	return 0
}
