package views

import (
	"time"
)

// stamp reads the time of a line by its shape: 10/Oct/2026:13:55:36 +0800 (common log
// format), 2026-10-10T13:55:36+08:00 (ISO 8601; without a zone in that of the site), or
// seconds, milliseconds, microseconds or nanoseconds since 1970. It returns seconds since 1970.
func stamp(b []byte, zone *time.Location) (int64, bool) {
	switch {
	case len(b) >= 20 && b[2] == '/' && b[6] == '/':
		return commonTime(b)
	case len(b) >= 19 && b[4] == '-' && b[7] == '-':
		return isoTime(b, zone)
	}
	return epoch(b)
}

// number reads n digits at b[at:]; -1 if there are none.
func number(b []byte, at, n int) int {
	v := 0
	for _, c := range b[at : at+n] {
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

func month(b []byte) int {
	switch uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) {
	case 'J'<<16 | 'a'<<8 | 'n':
		return 1
	case 'F'<<16 | 'e'<<8 | 'b':
		return 2
	case 'M'<<16 | 'a'<<8 | 'r':
		return 3
	case 'A'<<16 | 'p'<<8 | 'r':
		return 4
	case 'M'<<16 | 'a'<<8 | 'y':
		return 5
	case 'J'<<16 | 'u'<<8 | 'n':
		return 6
	case 'J'<<16 | 'u'<<8 | 'l':
		return 7
	case 'A'<<16 | 'u'<<8 | 'g':
		return 8
	case 'S'<<16 | 'e'<<8 | 'p':
		return 9
	case 'O'<<16 | 'c'<<8 | 't':
		return 10
	case 'N'<<16 | 'o'<<8 | 'v':
		return 11
	case 'D'<<16 | 'e'<<8 | 'c':
		return 12
	}
	return -1
}

func commonTime(b []byte) (int64, bool) {
	if len(b) != 26 || b[11] != ':' || b[14] != ':' || b[17] != ':' || b[20] != ' ' {
		return 0, false
	}
	zone, ok := offset(b[21:])
	t, ok2 := civil(number(b, 7, 4), month(b[3:6]), number(b, 0, 2), number(b, 12, 2), number(b, 15, 2), number(b, 18, 2))
	return t - zone, ok && ok2
}

func isoTime(b []byte, zone *time.Location) (int64, bool) {
	if b[13] != ':' || b[16] != ':' || b[10] != 'T' && b[10] != ' ' {
		return 0, false
	}
	t, ok := civil(number(b, 0, 4), number(b, 5, 2), number(b, 8, 2), number(b, 11, 2), number(b, 14, 2), number(b, 17, 2))
	if !ok {
		return 0, false
	}
	rest := b[19:]
	if len(rest) > 0 && (rest[0] == '.' || rest[0] == ',') {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		rest = rest[n:]
	}
	switch {
	case len(rest) == 0:
		u := time.Unix(t, 0).UTC()
		return time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, zone).Unix(), true
	case len(rest) == 1 && rest[0] == 'Z':
		return t, true
	}
	o, ok := offset(rest)
	return t - o, ok
}

// offset reads +0800 or +08:00, in seconds.
func offset(b []byte) (int64, bool) {
	at := 3
	if len(b) == 6 && b[3] == ':' {
		at = 4
	} else if len(b) != 5 {
		return 0, false
	}
	h, m := number(b, 1, 2), number(b, at, 2)
	if h < 0 || h > 15 || m < 0 || m > 59 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	s := int64(h*3600 + m*60)
	if b[0] == '-' {
		s = -s
	}
	return s, true
}

// civil returns the seconds since 1970 of a date and time in UTC.
func civil(y, mo, d, h, mi, s int) (int64, bool) {
	if y < 1995 || y > 9999 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60 {
		return 0, false // no access log is older than that
	}
	return int64(days(y, mo, d))*86400 + int64(h*3600+mi*60+s), true
}

// days counts the days from 1970-01-01 in the Gregorian calendar.
func days(y, m, d int) int {
	if m <= 2 {
		y--
		m += 12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468
}

// epoch reads seconds with a fraction, or whole milliseconds, microseconds, nanoseconds.
func epoch(b []byte) (int64, bool) {
	v, n := int64(0), 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' && n < 19 {
		v = v*10 + int64(b[n]-'0')
		n++
	}
	for i := n; i < len(b); i++ {
		if c := b[i]; i == n && c != '.' || i > n && (c < '0' || c > '9') {
			return 0, false
		}
	}
	switch n {
	case 9, 10:
	case 12, 13:
		v /= 1e3
	case 15, 16:
		v /= 1e6
	case 18, 19:
		v /= 1e9
	default:
		return 0, false
	}
	return v, v >= 788918400 // 1995, as above
}

// calendar tells days of the site's zone; it remembers the last one.
type calendar struct {
	zone     *time.Location
	day      int
	from, to int64
}

// at returns the day, as days since 1970-01-01 in the zone, and the seconds of it that have passed.
func (c *calendar) at(t int64) (day int, second int64) {
	if t < c.from || t >= c.to {
		y, m, d := time.Unix(t, 0).In(c.zone).Date()
		c.day = days(y, int(m), d)
		c.from = time.Date(y, m, d, 0, 0, 0, 0, c.zone).Unix()
		c.to = time.Date(y, m, d+1, 0, 0, 0, 0, c.zone).Unix()
	}
	return c.day, t - c.from
}

// end returns the instant at which a day ends.
func (c *calendar) end(day int) int64 {
	y, m, d := time.Unix(int64(day)*86400, 0).UTC().Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, c.zone).Unix()
}

// date writes a day as 2026-11-21; parseDay reads it.
func date(day int) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }

func parseDay(s string) (int, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return int(t.Unix() / 86400), err == nil
}
