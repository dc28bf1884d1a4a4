package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"strings"

	"zhendi/internal/output"
)

// caching says how long browsers and CDNs keep a file, by its class. Assets are named by their content.
var caching = map[output.Class]string{
	output.Asset:    "public, max-age=31536000, immutable",
	output.Picture:  "public, max-age=86400",
	output.Article:  "public, max-age=300",
	output.List:     "public, max-age=60",
	output.Home:     "public, max-age=60",
	output.Feed:     "public, max-age=60",
	output.Redirect: "public, max-age=300",
}

const manifestCache = "no-cache"

// want is an object as it must be.
type want struct {
	key      string
	file     *output.Entry
	headers  *printed
	encoding string // gzip or br for a compressed copy: its sum and size are known when it has been made
}

// printed are headers with their fingerprint.
type printed struct {
	Headers
	print string
}

// headersOf returns the headers of a file. The address that a redirect leads to is read from the page
// when it is sent: it is a function of the file's bytes.
func headersOf(e *output.Entry, encoding string) Headers {
	return Headers{Type: e.Media, Cache: caching[e.Class], Encoding: encoding}
}

// fingerprint tells headers apart.
func (h Headers) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{h.Type, h.Cache, h.Encoding}, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// same compares headers that a store sends with those wanted. Stores write charset as they like.
func (h Headers) same(is Headers) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
	return plain(h.Type) == plain(is.Type) && plain(h.Cache) == plain(is.Cache) && plain(h.Encoding) == plain(is.Encoding)
}

var refresh = regexp.MustCompile(`<meta http-equiv="?refresh"? content="0; ?url=([^"]*)"`)

// location returns where a page of class redirect leads, for the store's metadata; empty if that is no
// address a store takes.
func location(page []byte) string {
	m := refresh.FindSubmatch(page)
	if m == nil {
		return ""
	}
	to := html.UnescapeString(string(m[1]))
	if !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") || len(to) > 2000 {
		return ""
	}
	for _, c := range []byte(to) {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	return to
}
