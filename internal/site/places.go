package site

import (
	"encoding/binary"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Key is the key of a place: of a file, by its path below content, or of a page, by its address or path in the output. All names by which
// Resolve may find the same place have one key: /yw/a, yw/a.md, yw/A/index.md and yw/a.zh-hant.md. Others may have it, too.
func Key(name string) uint64 {
	if !ascii(name) {
		name = norm.NFC.String(name)
	}
	name = path.Clean("/" + strings.ToLower(name))
	for {
		at := strings.LastIndexByte(name, '/')
		stem, _, _ := strings.Cut(name[at+1:], ".")
		if at == 0 || stem != "" && stem != "index" && stem != "_index" {
			return fnv(name[:at+1+len(stem)])
		}
		name = name[:at]
	}
}

// fnv is the hash FNV-1a.
func fnv(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// AppendAsked appends the keys of the places that dest, written where files are in folder dir, asks for: it leads where it led until something comes,
// goes or changes at one of them. That does not tell of advice on what is wrong with it.
func (s *Site) AppendAsked(keys []uint64, dir, dest string) []uint64 {
	u, err := parse(strings.TrimSpace(dest))
	switch {
	case err != nil, u.Scheme != "", u.Host != "", dest == "", strings.HasPrefix(dest, "#"): // it leads nowhere, now and ever, or out of the site
		return keys
	case !strings.HasPrefix(u.Path, "/"):
		return append(keys, Key(path.Join(dir, u.Path)))
	}
	for _, e := range s.Config.Editions {
		if rest, ok := strings.CutPrefix(u.Path, "/"+e.Prefix+"/"); ok && e.Prefix != "" {
			keys = append(keys, Key(rest))
		}
	}
	return append(keys, Key(u.Path))
}

// FileKeys are the keys of the places of a file, by its path below content: one in _static stands at two.
func FileKeys(name string) [2]uint64 {
	return [2]uint64{Key(name), Key(strings.TrimPrefix(name, StaticDir+"/"))}
}

// AppendPlaces appends the keys, 8 bytes each, of the places where links may lead in this edition and not in the first, or, of that, of
// all but articles and what columns and files there are.
func (s *Site) AppendPlaces(b []byte) []byte {
	place := func(name string) { b = binary.LittleEndian.AppendUint64(b, Key(strings.TrimPrefix(name, s.root))) }
	for _, r := range s.Redirects {
		if r.Path != "" { // else no link may lead there
			place("/" + r.Path)
		}
	}
	if s.root != "" {
		return b
	}
	for _, it := range s.Notices {
		place(decoded(it.URL))
	}
	for _, list := range [][]*Group{s.Tags, s.Series} {
		for _, g := range list {
			place(decoded(g.URL))
		}
	}
	for _, c := range s.tree {
		if c.Absent {
			place(c.Dir)
		}
	}
	return b
}

// AppendKept appends the keys, 8 bytes each, of files that are not shown; of what is internal twice.
func (s *Site) AppendKept(b []byte) []byte {
	for _, f := range s.in.Files {
		name := strings.TrimPrefix(f.Path, "content/")
		_, shown := s.files[name]
		for _, kept := range [...]bool{!shown, s.internal[name]} {
			if !kept {
				continue
			}
			for _, k := range FileKeys(name) {
				b = binary.LittleEndian.AppendUint64(b, k)
			}
		}
	}
	return b
}
