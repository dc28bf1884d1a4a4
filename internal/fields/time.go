package fields

import (
	"errors"
	"slices"
	"strings"
	"time"

	"zhendi/internal/diag"
)

// TimeError says why a date cannot be read.
type TimeError struct{ diag.Text }

func (e TimeError) Error() string { return e.EN }

var (
	errForm   = TimeError{diag.Text{ZH: "看不懂这种写法", EN: "unknown form"}}
	errMonth  = TimeError{diag.Text{ZH: "没有这个月份", EN: "no such month"}}
	errDay    = TimeError{diag.Text{ZH: "这个月没有这一天", EN: "no such day in that month"}}
	errClock  = TimeError{diag.Text{ZH: "没有这个时刻", EN: "no such time of day"}}
	errOrder  = TimeError{diag.Text{ZH: "要从年写起", EN: "the year comes first"}}
	errPart   = TimeError{diag.Text{ZH: "要写明年、月、日", EN: "year, month and day are needed"}}
	errMinute = TimeError{diag.Text{ZH: "时刻要写到分", EN: "the time of day needs minutes"}}
	errRest   = TimeError{diag.Text{ZH: "看不懂日期后面的文字", EN: "cannot read what follows the date"}}
	errYear   = TimeError{diag.Text{ZH: "年份要写四位数", EN: "the year needs four digits"}}
	errOffset = TimeError{diag.Text{ZH: "时区写法有误", EN: "bad time zone"}}
)

// ParseTime reads a date as people write it, in zone unless it names its own:
//
//	2025-09-01            2025/9/1   2025.9.1   2025年9月1日
//	2025-09-01 08:22      2025年9月1日 8:22   2025年9月1日8时22分
//	2025-09-01 08:22:05   2025-09-01T08:22:05+08:00 (RFC 3339)
//
// clock tells whether the hour was given; without it the time is 00:00. Full-width digits
// and colons are read too. A date that does not exist is a TimeError; nothing is rolled over.
func ParseTime(s string, zone *time.Location) (t time.Time, clock bool, err error) {
	p := timeParser{s: normalTime(s)}
	year, digits := p.number(4)
	switch {
	case digits == 0 || digits > 5:
		return t, false, errForm
	case digits < 3 && fourDigits(p.s):
		return t, false, errOrder
	case digits != 4 || year < 1000:
		return t, false, errYear
	case p.s == "":
		return t, false, errPart
	}
	if !p.accept("年", "-", "/", ".") {
		return t, false, errForm
	}
	month, ok1 := p.one(2)
	if p.s == "" || p.s == "月" {
		return t, false, errPart
	}
	ok1 = ok1 && p.accept("月", "-", "/", ".")
	day, ok2 := p.one(2)
	if !ok1 || !ok2 {
		return t, false, errForm
	}
	p.accept("日", "号", "號")
	if month < 1 || month > 12 {
		return t, false, errMonth
	}
	if day < 1 || day > time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return t, false, errDay
	}
	h, m, sec, nsec, clock, err := p.clock()
	if err != nil {
		return t, false, err
	}
	if z, ok, err := p.offset(); err != nil {
		if !clock {
			err = errRest
		}
		return t, false, err
	} else if ok {
		if !clock {
			return t, false, errRest
		}
		zone = z
	}
	if p.s != "" {
		return t, false, errForm
	}
	return time.Date(year, time.Month(month), day, h, m, sec, nsec, zone), clock, nil
}

// fourDigits reports whether s holds a number of four digits.
func fourDigits(s string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }), func(n string) bool { return len(n) == 4 })
}

// normalTime turns full-width forms into ASCII and trims.
func normalTime(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '：':
			return ':'
		case r == '　' || r == '\u00a0':
			return ' '
		case r == '－':
			return '-'
		}
		return r
	}, s))
}

type timeParser struct{ s string }

// number reads up to max digits and returns how many digits stood there in all.
func (p *timeParser) number(max int) (n, digits int) {
	for digits < len(p.s) && p.s[digits] >= '0' && p.s[digits] <= '9' {
		if digits < max {
			n = n*10 + int(p.s[digits]-'0')
		}
		digits++
	}
	p.s = p.s[digits:]
	return n, digits
}

func (p *timeParser) one(max int) (int, bool) {
	n, d := p.number(max)
	return n, d >= 1 && d <= max
}

func (p *timeParser) accept(words ...string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(p.s, w); ok {
			p.s = rest
			return true
		}
	}
	return false
}

// clock reads an optional time of day.
func (p *timeParser) clock() (h, m, s, ns int, ok bool, err error) {
	p.s = strings.TrimLeft(strings.TrimPrefix(p.s, "T"), " ")
	if p.s == "" || p.s[0] < '0' || p.s[0] > '9' {
		return 0, 0, 0, 0, false, nil
	}
	h, good := p.one(2)
	if !good {
		return 0, 0, 0, 0, false, errForm
	}
	switch {
	case p.accept(":"):
		m, good = p.one(2)
		if good && p.accept(":") {
			s, good = p.one(2)
			if good && p.accept(".") {
				ns, good = p.fraction()
			}
		}
	case p.accept("时", "時", "点", "點"):
		if p.s != "" && p.s[0] >= '0' && p.s[0] <= '9' {
			m, good = p.one(2)
			p.accept("分")
		}
	case p.s == "":
		return 0, 0, 0, 0, false, errMinute
	default:
		good = false
	}
	if !good {
		return 0, 0, 0, 0, false, errForm
	}
	if h > 23 || m > 59 || s > 59 {
		return 0, 0, 0, 0, false, errClock
	}
	return h, m, s, ns, true, nil
}

// fraction reads the decimals of a second as nanoseconds.
func (p *timeParser) fraction() (int, bool) {
	n, d := p.number(9)
	for i := d; i < 9; i++ {
		n *= 10
	}
	return n, d > 0
}

// offset reads an optional zone: Z, +08:00, +0800, or the letters CST (China).
func (p *timeParser) offset() (*time.Location, bool, error) {
	p.s = strings.TrimLeft(p.s, " ")
	if p.s == "" {
		return nil, false, nil
	}
	if p.accept("Z") {
		return time.UTC, true, nil
	}
	for _, layout := range []string{"-07:00", "-0700"} {
		if t, err := time.Parse(layout, p.s); err == nil {
			p.s = ""
			_, off := t.Zone()
			return time.FixedZone("", off), true, nil
		}
	}
	return nil, false, errOffset
}

// timeReason returns the reason of an error of ParseTime in both languages.
func timeReason(err error) diag.Text {
	var te TimeError
	if errors.As(err, &te) {
		return te.Text
	}
	return errForm.Text
}
