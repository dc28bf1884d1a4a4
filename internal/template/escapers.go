package template

import (
	"strings"
	"unicode/utf8"
)

// The escapers of html/template that pages are full of, over the same tables (html/template: html.go, url.go).

// filterFailsafe is what html/template writes in place of what it does not let through.
const filterFailsafe = "ZgotmplZ"

// special is what each byte becomes in HTML text and quoted attributes; empty: what it is.
var special = [256]string{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}

// appendHTML is the htmlescaper, the attrescaper and the rcdataescaper of plain text.
func appendHTML(dst []byte, s string) []byte {
	written := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '?' || len(special[c]) == 0 { // '>' is the last that is special
			continue
		}
		dst = append(dst, s[written:i]...)
		dst = append(dst, special[c]...)
		written = i + 1
	}
	return append(dst, s[written:]...)
}

// unquoted is special for attributes without quotes.
var unquoted = [utf8.RuneSelf]string{0: "&#xfffd;", '\t': "&#9;", '\n': "&#10;", '\v': "&#11;", '\f': "&#12;", '\r': "&#13;", ' ': "&#32;",
	'"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '=': "&#61;", '>': "&gt;", '`': "&#96;"}

// appendUnquoted is the nospaceescaper of plain text.
func appendUnquoted(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, filterFailsafe...)
	}
	for i, w := 0, 0; i < len(s); i += w {
		var r rune
		r, w = utf8.DecodeRuneInString(s[i:])
		switch {
		case r < utf8.RuneSelf && unquoted[r] != "":
			dst = append(dst, unquoted[r]...)
		case 0xfdd0 <= r && r <= 0xfdef || 0xfff0 <= r && r <= 0xffff:
			dst = append(dst, "&#x"...)
			for shift := 12; shift >= 0; shift -= 4 {
				dst = append(dst, lowerHex[r>>shift&15])
			}
			dst = append(dst, ';')
		default:
			dst = append(dst, s[i:i+w]...)
		}
	}
	return dst
}

const lowerHex = "0123456789abcdef"

// How a byte is written in a URL.
const (
	encoded    = iota // percent-encoded
	unreserved        // as it is
	reserved          // as it is in a whole URL, encoded in a part
	percent           // as it is where it already begins an encoded byte
)

var urlBytes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", byte(c)) >= 0:
			t[c] = unreserved
		case strings.IndexByte("!#$&*+,/:;=?@[]", byte(c)) >= 0:
			t[c] = reserved
		case c == '%':
			t[c] = percent
		}
	}
	return t
}()

// appendURL is the urlnormalizer (whole) or the urlescaper, followed, if it stands in an attribute, by the attrescaper.
func appendURL(dst []byte, s string, whole, attr bool) []byte {
	written := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch urlBytes[c] {
		case unreserved:
			continue
		case reserved:
			if whole && (!attr || c != '&' && c != '+') {
				continue
			}
		case percent:
			if whole && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
				continue
			}
		}
		dst = append(dst, s[written:i]...)
		written = i + 1
		if whole && attr && (c == '&' || c == '+') {
			dst = append(dst, special[c]...)
			continue
		}
		dst = append(dst, '%', lowerHex[c>>4], lowerHex[c&15])
	}
	return append(dst, s[written:]...)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// appendFiltered is the urlfilter.
func appendFiltered(dst []byte, s string, c content) []byte {
	if c != isURL && !isSafeURL(s) {
		return append(dst, "#"+filterFailsafe...)
	}
	return append(dst, s...)
}

// isSafeURL says whether a URL is relative or of a scheme that runs nothing.
func isSafeURL(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || strings.Contains(scheme, "/") {
		return true
	}
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto")
}

// appendSrcset is the srcsetescaper of plain text, followed by the attrescaper: a list of pictures, each with its width.
func appendSrcset(dst []byte, s string) []byte {
	for {
		one, rest, more := strings.Cut(s, ",")
		dst = appendPicture(dst, one)
		if !more {
			return dst
		}
		dst, s = append(dst, ','), rest
	}
}

func appendPicture(dst []byte, s string) []byte {
	before := 0
	for before < len(s) && isSpace(s[before]) {
		before++
	}
	end := before
	for end < len(s) && !isSpace(s[end]) {
		end++
	}
	safe := isSafeURL(s[before:end])
	for _, c := range []byte(s[end:]) {
		safe = safe && (isSpace(c) || c < utf8.RuneSelf && c != '$' && c != '_' && isWord(rune(c)))
	}
	if !safe {
		return append(dst, "#"+filterFailsafe...)
	}
	dst = append(dst, s[:before]...)
	return append(appendURL(dst, s[before:end], true, true), s[end:]...)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }
