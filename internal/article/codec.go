package article

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"
)

// errRecord says that bytes are no record of an article.
var errRecord = errors.New("article: not a record")

// A record of an article has two parts: the entry, and the texts. The form of both is private to one build of the program:
// length, then the fields as coder lists them. A reader hands out parts of the string it was given; whatever that holds, it neither panics
// nor takes more memory than a small multiple of the record's length.

// Append appends the entry's record to b: all but its path.
func (e *Entry) Append(b []byte) []byte {
	return appendRecord(b, func(c *coder) { c.entry(e) })
}

// AppendTexts appends the record of all that the entry does not hold to b.
func (a *Article) AppendTexts(b []byte) []byte {
	return appendRecord(b, func(c *coder) { c.texts(a) })
}

// Decode reads the record that s starts with into an entry that has its path and nothing else, and returns what is behind it. Its
// lists lie in the room.
func (e *Entry) Decode(s string, r *Room) (rest string, err error) {
	return readRecord(s, func(c *coder) {
		c.room = r
		c.entry(e)
	})
}

// Room is where lists of entries lie side by side: each by itself, the collector of garbage would look for them all over memory.
type Room struct{ free []string }

// listsInRoom is for how many texts room is made at once.
const listsInRoom = 256

func (r *Room) list(n int) []string {
	if r == nil || n > listsInRoom {
		return make([]string, n)
	}
	if n > len(r.free) {
		r.free = make([]string, listsInRoom)
	}
	l := r.free[:n:n]
	r.free = r.free[n:]
	return l
}

// Whole reads the texts that s starts with, and returns the whole article, and what is behind them.
func (e *Entry) Whole(s string) (a *Article, rest string, err error) {
	a = &Article{Entry: *e}
	rest, err = readRecord(s, func(c *coder) { c.texts(a) })
	return a, rest, err
}

func appendRecord(b []byte, fields func(*coder)) []byte {
	at := len(b)
	c := coder{out: append(b, 0, 0, 0, 0)}
	fields(&c)
	binary.LittleEndian.PutUint32(c.out[at:], uint32(len(c.out)-at-4))
	return c.out
}

func readRecord(s string, fields func(*coder)) (rest string, err error) {
	if len(s) < 4 {
		return "", errRecord
	}
	n := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
	if n > uint64(len(s)-4) {
		return "", errRecord
	}
	c := coder{reading: true, in: s[4 : 4+n]}
	fields(&c)
	if c.bad || c.in != "" {
		return "", errRecord
	}
	return s[4+n:], nil
}

// Pack returns the entries side by side, with all their texts but the paths.
func Pack(list []*Entry) []Entry {
	b, tags := make([]byte, 0, 256*len(list)), 0
	for _, e := range list {
		b = e.Append(b)
		tags += len(e.Tags)
	}
	packed, room := make([]Entry, len(list)), &Room{make([]string, tags)}
	rest, err := string(b), error(nil)
	for i, e := range list {
		packed[i].Path = e.Path
		if rest, err = packed[i].Decode(rest, room); err != nil {
			panic("article: cannot read what was just written")
		}
	}
	return packed
}

// coder writes fields to out or reads them from in: one list of them serves both ways, so
// that they cannot differ. After the first mistake it reads nothing but zeros.
type coder struct {
	reading bool
	out     []byte
	in      string
	bad     bool
	depth   int
	room    *Room // for what is read; nil: none is kept
}

// entry goes through the fields of an entry, but for its path.
func (c *coder) entry(e *Entry) {
	c.part(e.Path, &e.Dir)
	c.text(&e.ID)
	c.part(e.Path, &e.Slug)
	c.lang(&e.Lang)
	c.time(&e.Date)
	c.list(&e.Tags)
	c.text(&e.FirstPicture)
	integer(c, &e.Parts)
	integer(c, &e.BodyLine)
	integer(c, &e.TitleSum)
	integer(c, &e.Status)
	integer(c, &e.Flags)
	integer(c, &e.TOC)
	integer(c, &e.Numbering)
	c.bits(&e.Bundle, &e.GivenID, &e.Clock, &e.Reprint, &e.Pin, &e.Internal)
	rare := !c.reading && e.Rare.orNone() != none
	c.bits(&rare)
	switch {
	case rare && c.reading:
		e.Rare = &Rare{}
		c.rare(e.Rare)
	case rare:
		c.rare(e.Rare)
	case c.reading:
		e.Rare = none
	}
}

// texts goes through the fields of an article that its entry does not have.
func (c *coder) texts(a *Article) {
	c.text(&a.Title)
	c.text(&a.Source)
	c.list(&a.Author)
	c.list(&a.Editor)
	c.list(&a.Correspondents)
	c.text(&a.CorrespondentUnit)
	for i := range a.Reviewers {
		c.text(&a.Reviewers[i])
	}
	c.text(&a.Excerpt)
}

// rare goes through the fields that few articles have, but for the twin: a record is of one file.
func (c *coder) rare(r *Rare) {
	for _, s := range [...]*string{&r.Subtitle, &r.Kicker, &r.ShortTitle, &r.SourceURL, &r.EditorNote, &r.Summary, &r.Series, &r.WithdrawnNotice, &r.Base} {
		c.text(s)
	}
	for _, t := range [...]*time.Time{&r.Lastmod, &r.PublishDate, &r.ExpiryDate, &r.PinUntil} {
		c.time(t)
	}
	c.list(&r.Keywords)
	c.refs(&r.Topics)
	c.refs(&r.AlsoIn)
	c.refs(&r.Aliases)
	c.ref(&r.Image)
	c.ref(&r.Link)
	r.Attachments = list(c, r.Attachments)
	for i := range r.Attachments {
		c.ref(&r.Attachments[i].File)
		c.text(&r.Attachments[i].Title)
	}
	c.any(&r.Params)
	c.lang(&r.noteLang)
	integer(c, &r.Weight)
	integer(c, &r.EditorNoteLine)
}

// uvarint writes v, or returns the number read.
func (c *coder) uvarint(v uint64) uint64 {
	if !c.reading {
		c.out = binary.AppendUvarint(c.out, v)
		return v
	}
	if len(c.in) > 0 && c.in[0] < 0x80 {
		v, c.in = uint64(c.in[0]), c.in[1:]
		return v
	}
	v = 0
	for i := 0; i < len(c.in) && i < 10; i++ {
		b := c.in[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			if c.in = c.in[i+1:]; i == 9 && b > 1 {
				break
			}
			return v
		}
	}
	c.fail()
	return 0
}

// varint is uvarint for what may be negative.
func (c *coder) varint(v int64) int64 {
	u := c.uvarint(uint64(v<<1) ^ uint64(v>>63))
	return int64(u>>1) ^ -int64(u&1)
}

func (c *coder) fail() { c.bad, c.in = true, "" }

// integer goes through a number.
func integer[T ~int | ~int32 | ~uint32 | ~uint8](c *coder, p *T) {
	v := c.varint(int64(*p))
	if !c.reading {
		return
	}
	if *p = T(v); int64(*p) != v {
		c.fail()
	}
}

// bits goes through up to eight switches.
func (c *coder) bits(switches ...*bool) {
	if !c.reading {
		b := byte(0)
		for i, p := range switches {
			if *p {
				b |= 1 << i
			}
		}
		c.out = append(c.out, b)
		return
	}
	if c.in == "" || c.in[0]>>len(switches) != 0 {
		c.fail()
		return
	}
	for i, p := range switches {
		*p = c.in[0]>>i&1 != 0
	}
	c.in = c.in[1:]
}

func (c *coder) text(p *string) {
	n := c.uvarint(uint64(len(*p)))
	switch {
	case !c.reading:
		c.out = append(c.out, *p...)
	case n > uint64(len(c.in)):
		c.fail()
	default:
		*p, c.in = c.in[:n], c.in[n:]
	}
}

// part goes through a text that mostly is a part of whole.
func (c *coder) part(whole string, p *string) {
	at := 0
	if !c.reading {
		at = 1 + strings.LastIndex(whole, *p)
	}
	if integer(c, &at); at == 0 {
		c.text(p)
		return
	}
	n := c.uvarint(uint64(len(*p)))
	if !c.reading {
		return
	}
	if at < 1 || at > len(whole)+1 || n > uint64(len(whole)+1-at) {
		c.fail()
		return
	}
	*p = whole[at-1 : at-1+int(n)]
}

var langs = []string{"", "zh-Hans", "zh-Hant"}

func (c *coder) lang(p *string) {
	i := slices.Index(langs, *p)
	if integer(c, &i); i < 0 || i >= len(langs) {
		c.text(p)
	} else if c.reading {
		*p = langs[i]
	}
}

// Seconds of 1 January 1 and 1 January 10001.
const firstSecond, lastSecond = -62135596800, 253433923200

// time goes through a time, which comes back in UTC.
func (c *coder) time(p *time.Time) {
	s, ns := p.Unix(), p.Nanosecond()
	if s = c.varint(s - firstSecond); !c.reading { // the zero time is 0
		integer(c, &ns)
		return
	}
	integer(c, &ns)
	if s < 0 || s > lastSecond-firstSecond || ns < 0 || ns >= 1e9 {
		c.fail()
		return
	}
	*p = time.Unix(s+firstSecond, int64(ns)).UTC()
}

// list goes through a list's length and returns the list; the caller goes through what is in it.
func list[T any](c *coder, l []T) []T {
	n := c.length(len(l))
	if !c.reading {
		return l
	}
	if n == 0 {
		return nil
	}
	return make([]T, n)
}

// length goes through the length of a list.
func (c *coder) length(n int) int {
	u := c.uvarint(uint64(n))
	if c.reading && u > uint64(len(c.in)) { // each takes a byte at least
		c.fail()
	}
	if c.bad {
		return 0
	}
	return int(u)
}

func (c *coder) list(p *[]string) {
	if n := c.length(len(*p)); c.reading && n > 0 {
		*p = c.room.list(n)
	}
	for i := range *p {
		c.text(&(*p)[i])
	}
}

func (c *coder) ref(p *Ref) {
	c.text(&p.Text)
	integer(c, &p.Line)
	integer(c, &p.Col)
}

func (c *coder) refs(p *[]Ref) {
	l := list(c, *p)
	for i := range l {
		c.ref(&l[i])
	}
	if c.reading {
		*p = l
	}
}
