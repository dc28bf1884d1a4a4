package views

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"hash/maphash"
	"io/fs"

	"crypto/sha256"
	encodinghex "encoding/hex"

	"zhendi/internal/diag"
)

// ID is an article's id, ten characters of [a-z2-7] read in base 32.
type ID uint64

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

// parseID reads an id; false if it is none.
func parseID(s string) (ID, bool) {
	if len(s) != 10 {
		return 0, false
	}
	var id ID
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			id = id<<5 | ID(c-'a')
		case c >= '2' && c <= '7':
			id = id<<5 | ID(c-'2'+26)
		default:
			return 0, false
		}
	}
	return id, true
}

// String writes the id's ten characters.
func (id ID) String() string { return string(id.append(nil)) }

func (id ID) append(b []byte) []byte {
	for shift := 45; shift >= 0; shift -= 5 {
		b = append(b, alphabet[id>>shift&31])
	}
	return b
}

// shard returns the number of the file that holds the article's count: the first four
// characters, modulo the number of files.
func (id ID) shard(shards int) int { return int(id>>30) % shards }

// entry is one article of the catalogue.
type entry struct {
	ID       string `json:"id"`
	Column   string `json:"column"`
	Date     string `json:"date"`
	Editions []face `json:"editions"`
}

// face is how an article appears in one edition.
type face struct {
	Lang    string   `json:"lang"`
	Path    string   `json:"path"`
	Aliases []string `json:"aliases"`
	Title   string   `json:"title"`
}

// eachEntry reads a catalogue article by article, so that it need not fit in memory.
func eachEntry(d disk, name string, do func(id ID, e *entry) error) error {
	f, err := d.open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Text: diag.T("没有稿件目录 "+name, "no catalogue "+name),
			Hint: diag.T("先运行 zhendi build，它把每篇稿件的网址写在那里", "run zhendi build first: it writes the addresses of all articles there")}
	}
	if err != nil {
		return err
	}
	defer f.Close()
	dec := json.NewDecoder(bufio.NewReaderSize(f, 64<<10))
	if err := open(dec); err != nil {
		return badCatalogue(name, err)
	}
	for dec.More() {
		var e entry
		if err := dec.Decode(&e); err != nil {
			return badCatalogue(name, err)
		}
		id, ok := parseID(e.ID)
		if !ok {
			return badCatalogue(name, errors.New("id "+e.ID))
		}
		if err := do(id, &e); err != nil {
			return err
		}
	}
	for range 2 {
		if _, err := dec.Token(); err != nil {
			return badCatalogue(name, err)
		}
	}
	return nil
}

// open passes {"articles": [.
func open(dec *json.Decoder) error {
	for _, want := range []any{json.Delim('{'), "articles", json.Delim('[')} {
		if t, err := dec.Token(); err != nil || t != want {
			return errors.Join(errors.New(`it must begin with {"articles": [`), err)
		}
	}
	return nil
}

func badCatalogue(name string, err error) error {
	return &Error{Text: diag.T("读不懂稿件目录 "+name, "the catalogue "+name+" cannot be read"), Err: err,
		Hint: diag.T("重新运行 zhendi build", "run zhendi build again")}
}

// pages finds an article by the path of a page. All paths stand in one piece of memory.
type pages struct {
	seed  maphash.Seed
	text  []byte
	slots []slot // an open hash table, at most half full
	n     int    // slots in use
	short bool   // the catalogue grew while it was read
	sum   string // hash of all paths and ids: two catalogues with one sum count alike
}

// slot is a path, text[from:from+size], and its article. One without a size is free.
type slot struct {
	hash, from uint32
	page       uint64 // size, 14 bits, and the article's id, 50 bits
}

// maxPath is how long the path of a page can be.
const maxPath = 1<<(64-idBits) - 1

func (s slot) size() uint32 { return uint32(s.page >> idBits) }
func (s slot) id() ID       { return ID(s.page & (1<<idBits - 1)) }

// readPages reads the catalogue: once for its size, so that nothing need grow, and once more.
func readPages(d disk, name string) (*pages, error) {
	paths, bytes := 0, 0
	err := eachPath(d, name, func(_ ID, path []byte) { paths++; bytes += len(path) })
	if err != nil {
		return nil, err
	}
	n := 2
	for n < 2*paths {
		n *= 2
	}
	p := &pages{seed: maphash.MakeSeed(), text: make([]byte, 0, bytes), slots: make([]slot, n)}
	all := sha256.New()
	var row []byte
	err = eachPath(d, name, func(id ID, path []byte) {
		row = append(append(id.append(row[:0]), path...), 0)
		all.Write(row)
		p.add(id, path)
	})
	if !p.short {
		p.sum = encodinghex.EncodeToString(all.Sum(nil)[:8])
	}
	return p, err
}

// eachPath calls do with the canonical form of every address.
func eachPath(d disk, name string, do func(id ID, path []byte)) error {
	return eachEntry(d, name, func(id ID, e *entry) error {
		for _, f := range e.Editions {
			for _, address := range append([]string{f.Path}, f.Aliases...) {
				if c := canonical(nil, []byte(address), false); c != nil && len(c) <= maxPath {
					do(id, c)
				}
			}
		}
		return nil
	})
}

// add takes an address in. One that two articles claim is the first one's.
func (p *pages) add(id ID, path []byte) {
	if _, taken := p.find(path); taken {
		return
	}
	if 2*p.n >= len(p.slots) {
		p.short = true
		return
	}
	p.n++
	at, hash := p.at(path)
	for p.slots[at].page != 0 {
		at = (at + 1) & (len(p.slots) - 1)
	}
	p.slots[at] = slot{hash, uint32(len(p.text)), uint64(len(path))<<idBits | uint64(id)}
	p.text = append(p.text, path...)
}

func (p *pages) path(s slot) []byte { return p.text[s.from : s.from+s.size()] }

func (p *pages) at(path []byte) (at int, hash uint32) {
	h := maphash.Bytes(p.seed, path)
	return int(h & uint64(len(p.slots)-1)), uint32(h >> 32)
}

// find returns the article at a canonical path.
func (p *pages) find(path []byte) (ID, bool) {
	at, hash := p.at(path)
	for {
		s := &p.slots[at]
		if s.page == 0 {
			return 0, false
		}
		if s.hash == hash && bytes.Equal(p.path(*s), path) {
			return s.id(), true
		}
		at = (at + 1) & (len(p.slots) - 1)
	}
}
