package views

import (
	"bytes"
)

// canonical returns the address of a page as the catalogue has it, from the target of a
// request: without scheme and host, query and fragment, with percent-encoding, doubled slashes
// and dot segments resolved and a last index.html cut off. buf is scratch; the result may be part
// of target. logged says that the server wrote bytes as \xHH. Nil if there is no path.
func canonical(buf, target []byte, logged bool) []byte {
	if len(target) == 0 {
		return nil
	}
	if target[0] != '/' { // a request to a proxy names the host
		i := bytes.Index(target, []byte("://"))
		if i < 0 {
			return nil
		}
		rest := target[i+3:]
		if i = bytes.IndexByte(rest, '/'); i < 0 {
			return []byte("/")
		}
		target = rest[i:]
	}
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		target = target[:i]
	}
	if i := bytes.IndexByte(target, '#'); i >= 0 {
		target = target[:i]
	}
	if !plain(target, logged) {
		target = resolve(decode(buf[:0], target, logged))
	}
	return target[:cutIndex(target)]
}

// cutIndex returns the length of a path without its last segment index.html.
func cutIndex(p []byte) int {
	const index = "/index.html"
	if bytes.HasSuffix(p, []byte(index)) {
		return len(p) - len(index) + 1
	}
	return len(p)
}

// plain tells whether a path is already as canonical makes it.
func plain(p []byte, logged bool) bool {
	for i, c := range p {
		switch c {
		case '%':
			return false
		case '\\':
			if logged {
				return false
			}
		case '/':
			if i > 0 && p[i-1] == '/' {
				return false
			}
		case '.':
			if i > 0 && p[i-1] == '/' {
				return false
			}
		}
	}
	return true
}

// decode undoes the server's \xHH and then the browser's %HH.
func decode(dst, p []byte, logged bool) []byte {
	for i := 0; i < len(p); i++ {
		c := p[i]
		if logged && c == '\\' && i+1 < len(p) {
			if v, ok := hex(p, i+2); ok && p[i+1] == 'x' {
				c = v
				i += 3
			} else {
				i++
				c = p[i]
			}
			if c == '%' { // it stands for itself in the log
				if v, ok := hex(p, i+1); ok {
					c = v
					i += 2
				}
			}
		} else if c == '%' {
			if v, ok := hex(p, i+1); ok {
				c = v
				i += 2
			}
		}
		dst = append(dst, c)
	}
	return dst
}

func hex(p []byte, at int) (byte, bool) {
	if at+2 > len(p) {
		return 0, false
	}
	h, l := digit(p[at]), digit(p[at+1])
	return byte(h<<4 | l), h >= 0 && l >= 0
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// resolve removes empty, . and .. segments in place.
func resolve(p []byte) []byte {
	out := p[:0]
	for i := 0; i < len(p); {
		end := i + 1
		for end < len(p) && p[end] != '/' {
			end++
		}
		seg := p[i:end] // a slash and what follows it
		switch {
		case end < len(p) && len(seg) == 1, string(seg) == "/." && end < len(p):
		case string(seg) == "/.":
			out = append(out, '/')
		case string(seg) == "/..":
			out = out[:max(bytes.LastIndexByte(out, '/'), 0)]
			if end == len(p) {
				out = append(out, '/')
			}
		default:
			out = append(out, seg...)
		}
		i = end
	}
	return out
}
