package views

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"time"

	"zhendi/internal/diag"
)

// field is something that a line of a log says.
type field int

const (
	none      field = iota
	addr            // of the client
	forwarded       // what a proxy says of the client: the first address counts, if there is one
	when            // time of the request
	request         // method, target and protocol
	method          //
	target          // path and query
	object          // path without its first slash, percent-encoded, maybe twice
	status          //
	agent           // User-Agent
	purpose         // Sec-Purpose, Purpose or X-Moz: prefetch
	fields          // how many there are
)

// record is what a line says; the values are parts of the line or of scratch space.
type record [fields][]byte

// variables are the names that patterns use, nginx's where it has one. A variable that is not here
// is passed over.
var variables = map[string]field{
	"remote_addr": addr, "http_x_forwarded_for": forwarded, "http_x_real_ip": forwarded, "realip_remote_addr": none,
	"time_local": when, "time_iso8601": when, "msec": when, "time": when,
	"request": request, "request_method": method, "request_uri": target, "uri": target, "object": object,
	"status": status, "http_user_agent": agent,
	"http_sec_purpose": purpose, "http_purpose": purpose, "http_x_moz": purpose,
}

// known are the formats with a name, in the order in which they are tried. A pattern is text with
// variables as in nginx's log_format, or a JSON object whose values are variables.
var known = []struct{ name, pattern string }{
	{"caddy", `{"ts": "$time", "status": "$status", "request": {"remote_ip": "$remote_addr", "client_ip": "$http_x_forwarded_for",
		"method": "$request_method", "uri": "$request_uri",
		"headers": {"User-Agent": ["$http_user_agent"], "Sec-Purpose": ["$http_sec_purpose"], "Purpose": ["$http_purpose"], "X-Moz": ["$http_x_moz"]}}}`},
	{"json", `{"remote_addr": "$remote_addr", "time": "$time", "time_local": "$time_local", "time_iso8601": "$time_iso8601", "msec": "$msec",
		"request": "$request", "request_method": "$request_method", "request_uri": "$request_uri", "uri": "$uri", "status": "$status",
		"http_user_agent": "$http_user_agent", "http_sec_purpose": "$http_sec_purpose"}`},
	{"oss", `$remote_addr $_ $_ [$time_local] "$request" $status $_ $_ "$http_referer" "$http_user_agent" "$host" `},
	{"s3", `$_ $_ [$time_local] $remote_addr $_ $_ $_ $object "$request" $status $_ $_ $_ $_ $_ "$http_referer" "$http_user_agent" `},
	{"cos", `$_ $_ $_ $time_iso8601 $_ $_ $remote_addr $_ $_ $_ $_ $request_uri $request_method "$http_user_agent" $status `},
	{"vhost", `$host $remote_addr $_ $remote_user [$time_local] "$request" $status $_ "$http_referer" "$http_user_agent"`},
	{"combined", `$remote_addr $_ $remote_user [$time_local] "$request" $status $_ "$http_referer" "$http_user_agent"`},
}

// Formats returns the names of the known formats.
func Formats() (names []string) {
	for _, k := range known {
		names = append(names, k.name)
	}
	return names
}

// format is a pattern ready for use.
type format struct {
	name   string
	head   []byte  // text before the first variable
	pieces []piece // of a text pattern
	json   *node   // of a JSON pattern
	logged bool    // the server wrote odd bytes as \xHH
	open   bool    // the last field that counts ends with the line
	has    [fields]bool
}

// piece is a variable and the text that follows it.
type piece struct {
	field  field
	quoted bool // it stands in quotes, or is - without them
	wide   bool // it may contain the first character of what follows
	digits bool // it ends where a status follows
	after  []byte
}

// parseFormat reads a known format's name or a pattern.
func parseFormat(name string) (*format, error) {
	for _, k := range known {
		if k.name == name {
			return compile(k.name, k.pattern)
		}
	}
	if !strings.Contains(name, "$") && !strings.HasPrefix(name, "{") {
		return nil, &Error{Text: diag.T("没有日志格式“"+name+"”", "no log format "+name),
			Hint: diag.T("可用的："+strings.Join(Formats(), "、")+"；或写 nginx 的 log_format，例如 '$remote_addr [$time_local] \"$request\" $status \"$http_user_agent\"'",
				"use one of "+strings.Join(Formats(), ", ")+", or a log_format of nginx, for example '$remote_addr [$time_local] \"$request\" $status \"$http_user_agent\"'")}
	}
	return compile("", name)
}

func compile(name, pattern string) (*format, error) {
	f := &format{name: name}
	var err error
	if strings.HasPrefix(strings.TrimSpace(pattern), "{") {
		f.json, err = parseNode(pattern, &f.has)
	} else {
		f.logged = true
		err = f.text(pattern)
	}
	if err != nil {
		return nil, err
	}
	for _, need := range []struct {
		zh, en string
		any    []field
	}{{"地址 $remote_addr", "address ($remote_addr)", []field{addr, forwarded}}, {"时间 $time_local", "time ($time_local)", []field{when}},
		{"请求 $request", "request ($request)", []field{request, target, object}}, {"状态 $status", "status ($status)", []field{status}},
		{"浏览器 $http_user_agent", "agent ($http_user_agent)", []field{agent}}} {
		if !slices.ContainsFunc(need.any, func(x field) bool { return f.has[x] }) {
			return nil, badPattern("没有"+need.zh, "it has no "+need.en)
		}
	}
	return f, nil
}

func badPattern(zh, en string) error {
	return &Error{Text: diag.T("日志格式有误："+zh, "bad log format: "+en),
		Hint: diag.T("照服务器设置里的 log_format 写；用到的变量见编辑指南“阅读次数”", "write it as log_format stands in the server's settings; the manual lists the variables")}
}

// text compiles a pattern of literals and variables.
func (f *format) text(pattern string) error {
	before, rest, _ := strings.Cut(pattern, "$")
	f.head = []byte(before)
	last := -1
	for rest != "" {
		rest = strings.TrimPrefix(rest, "{")
		n := 0
		for n < len(rest) && (rest[n] == '_' || rest[n] >= '0' && rest[n] <= '9' || rest[n] >= 'a' && rest[n] <= 'z' || rest[n] >= 'A' && rest[n] <= 'Z') {
			n++
		}
		name := rest[:n]
		lit, next, more := strings.Cut(strings.TrimPrefix(rest[n:], "}"), "$")
		p := piece{field: variables[name], wide: name == "remote_user", after: []byte(lit)}
		if more && lit == "" {
			return badPattern("$"+name+" 与后面的变量之间没有分隔", "nothing stands between $"+name+" and the next variable")
		}
		if quote(f, len(f.pieces)) && strings.HasPrefix(lit, `"`) {
			p.quoted, p.after = true, p.after[1:]
			f.unquote(len(f.pieces))
		}
		p.digits = p.quoted && p.field == agent && strings.HasPrefix(next, "status")
		f.pieces = append(f.pieces, p)
		if p.field != none {
			f.has[p.field] = true
			last = len(f.pieces) - 1
		}
		rest = next
		if !more {
			break
		}
	}
	if last >= 0 {
		f.pieces = f.pieces[:last+1]
		p := &f.pieces[last]
		if len(p.after) > 0 && !p.quoted {
			p.after = p.after[:1]
		} else {
			f.open = !p.quoted
			p.after = nil
		}
	}
	return nil
}

// quote tells whether the text before piece n ends in a quotation mark; unquote cuts it off.
func quote(f *format, n int) bool { return bytes.HasSuffix(*f.before(n), []byte(`"`)) }

func (f *format) unquote(n int) { b := f.before(n); *b = (*b)[:len(*b)-1] }

func (f *format) before(n int) *[]byte {
	if n == 0 {
		return &f.head
	}
	return &f.pieces[n-1].after
}

// match reads a line into r; false if it is not of this format.
func (f *format) match(line []byte, r *record, scratch *[]byte) bool {
	*r = record{}
	if f.json != nil {
		return f.json.match(line, r, scratch)
	}
	if !bytes.HasPrefix(line, f.head) {
		return false
	}
	line = line[len(f.head):]
	for i := range f.pieces {
		p := &f.pieces[i]
		v, rest, ok := p.cut(line)
		if !ok || !bytes.HasPrefix(rest, p.after) {
			return false
		}
		if p.field != none && (r[p.field] == nil || len(r[p.field]) == 1 && r[p.field][0] == '-') {
			r[p.field] = v
		}
		line = rest[len(p.after):]
	}
	return true
}

// cut takes the value of p from the beginning of b.
func (p *piece) cut(b []byte) (value, rest []byte, ok bool) {
	n := -1
	switch {
	case p.quoted && len(b) > 0 && b[0] == '"':
		n = quoteEnd(b[1:])
		if n < 0 {
			return nil, nil, false
		}
		return b[1 : n+1], b[n+2:], true
	case p.digits:
		n = beforeStatus(b)
	case p.quoted:
		return b[:min(1, len(b))], b[min(1, len(b)):], bytes.HasPrefix(b, []byte("-"))
	case len(p.after) == 0:
		n = len(b)
	case p.wide:
		n = bytes.Index(b, p.after)
	default:
		n = bytes.IndexByte(b, p.after[0])
	}
	if n < 0 {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// quoteEnd finds the quotation mark that ends a value; one after a backslash does not.
func quoteEnd(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '"')
		if i < 0 {
			return -1
		}
		at += i
		slashes := 0
		for at-slashes > 0 && b[at-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
		at++
	}
}

// beforeStatus finds the first place where a blank, a status and a blank follow: an agent without
// quotes holds blanks itself.
func beforeStatus(b []byte) int {
	for i := 0; i+5 <= len(b); i++ {
		if b[i] == ' ' && b[i+1] >= '1' && b[i+1] <= '5' && number(b, i+2, 2) >= 0 && b[i+4] == ' ' {
			return i
		}
	}
	return -1
}

// detect tells the format of the lines at the beginning of a log: that which reads most of
// them, and more than half. nil: none does.
func detect(lines [][]byte, zone *time.Location) *format {
	var best *format
	most := len(lines) / 2
	for _, k := range known {
		f, err := compile(k.name, k.pattern)
		if err != nil {
			panic("views: " + err.Error())
		}
		n := 0
		var r record
		var scratch []byte
		for _, l := range lines {
			if f.match(l, &r, &scratch) && r.likely(zone) {
				n++
			}
		}
		if n > most {
			best, most = f, n
		}
	}
	return best
}

// likely tells whether time, status and address are what they should be.
func (r *record) likely(zone *time.Location) bool {
	_, ok := stamp(r[when], zone)
	_, err := netip.ParseAddr(string(r[addr]))
	return ok && err == nil && len(r[status]) == 3 && number(r[status], 0, 3) >= 100 && (len(r[request])+len(r[target])+len(r[object])) > 0
}
