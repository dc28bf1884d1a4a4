package views

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"
)

// elem is one view of the set: an article on a day, and a hash of reader and slot.
type elem struct {
	key uint64 // number of the day within the run, 14 bits, and the article's id, 50 bits
	tag uint64
}

// idBits are the bits of an article's id.
const idBits = 50

func (e elem) less(o elem) bool { return e.key < o.key || e.key == o.key && e.tag < o.tag }

// ahead is how far a line may be ahead of the clock.
const ahead = time.Hour

// judge tells of each line whether it is a view, and of whom. This is the one place where it is
// decided what counts:
//
//   - a GET request that was answered with 200 or 304;
//   - for the page of an article: any of its addresses in any edition, its further parts and
//     its old addresses included (canonical);
//   - by a browser that names itself and is neither a bot (data/bots.txt, ownBots) nor only
//     fetching ahead;
//   - on a day that is not closed, and not ahead of the clock.
//
// The reader is SHA-256 of the day's key, a hash of the agent, the address and the slot.
type judge struct {
	pages  *pages
	agents *agents
	zone   *time.Location
	now    int64
	days   *runDays
	add    func(elem) error

	format  *format
	account Account
	rec     record
	scratch []byte
	path    []byte
	buf     []byte
	odd     func(line []byte) // unreadable lines are shown to it

	first, last int64 // times of the lines of the present log
	late        map[int]int64
}

// line judges one line. known says that its file was read up to here before, when the days that
// are closed now were open.
func (j *judge) line(line []byte, known bool) error {
	j.account.Lines++
	why, err := j.view(line, known)
	if why >= 0 {
		j.account.Filtered[why]++
		if why == Unreadable && j.odd != nil {
			j.odd(line)
		}
	}
	return err
}

// torn judges a last line without its end: it counts if all that matters is there.
func (j *judge) torn(line []byte, known bool) error {
	if j.format.open || !j.format.match(line, &j.rec, &j.scratch) {
		j.account.Lines++
		j.account.Filtered[Torn]++
		return nil
	}
	return j.line(line, known)
}

// counts is the reason of lines that may count.
const counts Reason = -1

func (j *judge) view(line []byte, known bool) (Reason, error) {
	r := &j.rec
	if !j.format.match(line, r, &j.scratch) {
		return Unreadable, nil
	}
	sec, ok := stamp(r[when], j.zone)
	if !ok {
		return Unreadable, nil
	}
	j.first, j.last = min(j.first, sec), max(j.last, sec)
	id, why := j.page(r)
	if why != counts {
		return why, nil
	}
	if p := r[purpose]; len(p) > 7 && (bytes.Contains(p, []byte("prefetch")) || bytes.Contains(p, []byte("prerender"))) {
		return Prefetch, nil
	}
	if a := r[agent]; len(a) == 0 || len(a) == 1 && a[0] == '-' {
		return NoAgent, nil
	}
	facts := j.agents.of(r[agent], j.agents.key(r[agent]))
	if facts.bot {
		return Bot, nil
	}
	return counts, j.insert(id, sec, facts, known)
}

// page returns the article that the line asks for, if it got it.
func (j *judge) page(r *record) (ID, Reason) {
	m, t := r[method], r[target]
	if q := r[request]; len(q) > 0 && q[0] != '-' {
		i := bytes.IndexByte(q, ' ')
		if i < 0 {
			return 0, Method
		}
		m = q[:i]
		if t == nil {
			t = q[i+1:]
			if k := bytes.LastIndexByte(t, ' '); k >= 0 && bytes.HasPrefix(t[k+1:], []byte("HTTP/")) {
				t = t[:k]
			}
		}
	}
	if m != nil && string(m) != "GET" && string(m) != "get" {
		return 0, Method
	}
	if s := string(r[status]); s != "200" && s != "304" {
		return 0, Status
	}
	if o := r[object]; len(o) > 0 {
		if string(o) == "-" {
			return 0, NoPage
		}
		j.path = append(append(j.path[:0], '/'), o...)
		t = j.path
	}
	p := canonical(j.buf, t, j.format.logged)
	id, ok := j.pages.find(p)
	if !ok && r[object] != nil && bytes.IndexByte(p, '%') >= 0 { // keys of objects are encoded once more
		id, ok = j.pages.find(canonical(nil, p, false))
	}
	if !ok {
		return 0, NoPage
	}
	return id, counts
}

// insert adds a view to the set, unless its day is closed.
func (j *judge) insert(id ID, sec int64, facts *agentFacts, known bool) error {
	if sec > j.now+int64(ahead/time.Second) {
		j.account.Future++
		return nil
	}
	d, within, err := j.days.at(sec)
	if err != nil {
		return err
	}
	if d.closed {
		if known {
			j.account.Repeated++
			return nil
		}
		j.account.Late++
		j.late[d.number]++
		return nil
	}
	var b [16 + 16 + 16 + 2]byte // one block of SHA-256
	copy(b[:], d.key[:])
	copy(b[16:], facts.hash[:])
	addr := j.rec[addr]
	if f := first(j.rec[forwarded]); len(f) > 0 && f[0] != '-' {
		addr = f
	}
	address((*[16]byte)(b[32:]), addr)
	binary.BigEndian.PutUint16(b[48:], uint16(within/d.slot))
	sum := sha256.Sum256(b[:])
	return j.add(elem{uint64(d.index)<<idBits | uint64(id), binary.BigEndian.Uint64(sum[:])})
}

// first returns the first address of a list.
func first(list []byte) []byte {
	if i := bytes.IndexByte(list, ','); i >= 0 {
		list = list[:i]
	}
	return bytes.TrimSpace(list)
}

// address writes an address in 16 bytes: the same however it is spelled. What is no address of the
// Internet (a host's name) is hashed.
func address(dst *[16]byte, text []byte) {
	if v4, ok := quad(text); ok {
		dst[10], dst[11] = 0xff, 0xff
		copy(dst[12:], v4[:])
		return
	}
	s := string(text)
	if host, err := netip.ParseAddrPort(s); err == nil {
		*dst = host.Addr().WithZone("").As16()
		return
	}
	if a, err := netip.ParseAddr(s); err == nil {
		*dst = a.WithZone("").As16()
		return
	}
	sum := sha256.Sum256(text)
	copy(dst[:], sum[:])
}

// quad reads an IPv4 address.
func quad(b []byte) (v [4]byte, ok bool) {
	n, digits, at := 0, 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9' && digits < 3:
			n = n*10 + int(c-'0')
			digits++
		case c == '.' && digits > 0 && n < 256 && at < 3:
			v[at] = byte(n)
			at++
			n, digits = 0, 0
		default:
			return v, false
		}
	}
	if at != 3 || digits == 0 || n > 255 {
		return v, false
	}
	v[3] = byte(n)
	return v, true
}
