package article

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// line reads File[a:b] as a line of the open block.
func (r *proseReader) line(a, b int) {
	f := r.p.File
	for a < b && (f[a] == ' ' || f[a] == '\t') {
		a++
	}
	hard := b-a > 2 && f[b-1] == ' ' && f[b-2] == ' '
	for b > a && (f[b-1] == ' ' || f[b-1] == '\t') {
		b--
	}
	if n := len(r.p.Chars); n > r.block.From && a < b {
		next, _ := utf8.DecodeRune(f[a:b])
		if last := r.p.Chars[n-1]; last != '\n' && !joins(last, next, wide(last) || ambiguousMark(last)) {
			r.emit(' ', a-1)
		}
	}
	r.inline(a, b)
	if hard {
		r.emit('\n', b)
	}
}

func (r *proseReader) emit(c rune, at int) {
	r.p.Chars = append(r.p.Chars, c)
	r.p.At = append(r.p.At, int32(at))
}

// plainByte are the ASCII bytes that are text wherever they stand.
var plainByte = func() (s [utf8.RuneSelf]bool) {
	for c := range s {
		s[c] = strings.IndexByte("\\`*_~![<&hw\t", byte(c)) < 0
	}
	return s
}()

// inline reads File[a:b], the inside of a line.
func (r *proseReader) inline(a, b int) {
	f := r.p.File
	for a < b {
		c := f[a]
		if c >= utf8.RuneSelf {
			ch, n := utf8.DecodeRune(f[a:b])
			r.emit(ch, a)
			a += n
			continue
		}
		if n := 0; !plainByte[c] {
			if n = r.markup(a, b); n > 0 {
				a += n
				continue
			}
		}
		r.emit(rune(c), a)
		a++
	}
}

// markup reads what may be markup at a and returns its length; 0 if it is text.
func (r *proseReader) markup(a, b int) int {
	f := r.p.File
	v := f[a:b]
	switch v[0] {
	case '\\':
		if len(v) > 1 && v[1] < utf8.RuneSelf && !wordByte(v[1]) && v[1] != ' ' {
			r.emit(rune(v[1]), a)
			return 2
		}
	case '\t':
		r.emit(' ', a)
		return 1
	case '`':
		n := run(v)
		for i := n; i < len(v); i++ {
			if v[i] == '`' {
				m := run(v[i:])
				if m == n {
					r.emit(Object, a)
					return i + m
				}
				i += m - 1
			}
		}
	case '*', '_', '~':
		return r.emphasis(a, b)
	case '!':
		if len(v) > 1 && v[1] == '[' {
			r.emit(Object, a)
			if n := r.link(a+1, b); n > 0 {
				r.emit(Object, a+n)
				return n + 1
			}
			r.unemit()
		}
	case '[':
		if _, n := noteLabel(v); n > 0 {
			return n
		}
		return r.link(a, b)
	case '<':
		return r.tag(a, b)
	case '&':
		if s, n := reference(v); n > 0 {
			for _, c := range s {
				r.emit(c, a)
			}
			return n
		}
	case 'h', 'w':
		if bytes.HasPrefix(v, []byte("http://")) || bytes.HasPrefix(v, []byte("https://")) || bytes.HasPrefix(v, []byte("www.")) {
			if end := addressEnd(v, 0); end > 4 {
				r.p.Links = append(r.p.Links, Target{string(v[:end]), "", int32(a), false})
				r.emit(Object, a)
				return end
			}
		}
	}
	return 0
}

func (r *proseReader) unemit() {
	r.p.Chars, r.p.At = r.p.Chars[:len(r.p.Chars)-1], r.p.At[:len(r.p.At)-1]
}

// emphasis returns the length of a run of marks of emphasis, 0 if they are text.
func (r *proseReader) emphasis(a, b int) int {
	f := r.p.File
	n := run(f[a:b])
	before := a > 0 && f[a-1] != ' ' && f[a-1] != '\n'
	after := a+n < b && f[a+n] != ' '
	switch {
	case f[a] == '~' && n != 2, !before && !after:
		return 0
	case f[a] == '_' && before && after && wordByte(f[a-1]) && wordByte(f[a+n]):
		return 0
	}
	return n
}

// link reads [text](destination) or [text][label] at a; 0 if there is none.
func (r *proseReader) link(a, b int) int {
	f := r.p.File
	depth, end := 0, -1
	for i := a; i < b && end < 0; i++ {
		switch f[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 || end+1 >= b {
		return 0
	}
	stop := -1
	switch f[end+1] {
	case '(':
		depth = 0
		for i := end + 1; i < b && stop < 0; i++ {
			switch f[i] {
			case '\\':
				i++
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					stop = i
				}
			}
		}
		if stop < 0 || hanStart(f[end+2:stop]) && bytes.IndexByte(f[end+2:stop], '.') < 0 && bytes.IndexByte(f[end+2:stop], '/') < 0 {
			return 0
		}
	case '[':
		if i := bytes.IndexByte(f[end+2:b], ']'); i >= 0 {
			stop = end + 2 + i
		}
	}
	if stop < 0 {
		return 0
	}
	picture := f[end+1] == '(' && a > 0 && f[a-1] == '!'
	if f[end+1] == '(' {
		r.p.Links = append(r.p.Links, Target{destination(f[end+2 : stop+1]), string(f[a+1 : end]), int32(a), picture})
	}
	r.inline(a+1, end)
	if picture {
		r.caption(end+2, stop)
	}
	return stop + 1 - a
}

// caption reads the title of a picture, which is its caption, in File[a:b], behind the address.
func (r *proseReader) caption(a, b int) {
	f := r.p.File
	for from := a + 1; from < b; from++ {
		if c := f[from]; (c == '"' || c == '\'') && f[from-1] == ' ' && f[b-1] == c && from < b-1 {
			r.emit(Object, from)
			r.inline(from+1, b-1)
			return
		}
	}
}

// hanStart reports whether v starts as Chinese text does, and no file name or address.
func hanStart(v []byte) bool { return len(v) > 0 && startsChinese(v) }

// tag reads a tag, a comment or an address in angle brackets at a; 0 if there is none.
func (r *proseReader) tag(a, b int) int {
	v := r.p.File[a:b]
	if bytes.HasPrefix(v, []byte("<!--")) {
		if i := bytes.Index(v[4:], []byte("-->")); i >= 0 {
			r.remark(a, a+4+i)
			return 4 + i + 3
		}
		r.comment = a + 1
		return len(v)
	}
	end := bytes.IndexByte(v, '>')
	if end < 2 || !(wordByte(v[1]) && v[1] > '9' || v[1] == '/') {
		return 0
	}
	if n := r.foreign(v, end); n > 0 {
		r.emit(Object, a)
		return n
	}
	if bytes.Contains(v[:end], []byte("://")) && !bytes.ContainsAny(v[:end], " \"") || bytes.IndexByte(v[:end], '@') > 0 && bytes.IndexByte(v[:end], ' ') < 0 {
		r.p.Links = append(r.p.Links, Target{string(v[1:end]), "", int32(a), false})
		r.emit(Object, a)
	} else if len(v) > 2 && v[1]|0x20 == 'b' && v[2]|0x20 == 'r' {
		r.emit('\n', a)
	}
	return end + 1
}

// foreign returns the length of the element at the start of v, whose tag ends at end, if it is in another
// language or not to be touched; 0 if it is not.
func (r *proseReader) foreign(v []byte, end int) int {
	tag := v[:end]
	if !bytes.Contains(tag, []byte(" lang=")) && !bytes.Contains(tag, []byte("translate=")) {
		return 0
	}
	n := 1
	for n < end && wordByte(v[n]) {
		n++
	}
	shut := append(append([]byte("</"), v[1:n]...), '>')
	if i := bytes.Index(v[end:], shut); i >= 0 {
		return end + i + len(shut)
	}
	return 0
}

// endComment looks for the end of a comment over lines in File[a:b].
func (r *proseReader) endComment(a, b int) {
	if i := bytes.Index(r.p.File[a:b], []byte("-->")); i >= 0 {
		r.remark(r.comment-1, a+i)
		r.comment = 0
	}
}

// remark keeps the comment whose inside ends at end.
func (r *proseReader) remark(at, end int) {
	f := r.p.File
	start := at
	for start > 0 && f[start-1] != '\n' {
		start--
	}
	alone := len(bytes.TrimSpace(f[start:at])) == 0
	if stop := lineEnd(f, end); end+3 <= stop {
		alone = alone && len(bytes.TrimSpace(f[end+3:stop])) == 0
	}
	r.p.Comments = append(r.p.Comments, Remark{strings.TrimSpace(string(f[at+4 : end])), int32(at), alone})
}
