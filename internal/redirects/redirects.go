// Package redirects writes a table of old addresses as configuration of web servers and object stores, which then
// answer 301 (moved for good) where the site itself can only show a page that leads on.
//
//	nginx    a file for the block http: maps; three fixed lines go into the block server
//	caddy    a file to import into a site block
//	netlify  _redirects
//	oss, cos the configuration of a website's bucket, as XML
//
// What a format cannot say is left out and counted, never said wrongly. Texts of the table cannot break out of the
// quotes of a format: where a character means something there, it is written by its number.
//
// Addresses are compared without regard to letter case by nginx, with regard by the others. A folder matches with and
// without its last slash. Parameters that a rule does not name are ignored, and not passed on.
//
// The package knows nothing of sites and does not look for mistakes in the table: package site does.
package redirects

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"zhendi/internal/diag"
)

// Rule is one old address.
type Rule struct {
	From  string // path on the server, decoded; what ends in / is a folder, and its name without /
	Query string // parameters that must be there, as in a=1&b=2, by name, escaped; without = the whole query; empty: any
	Below bool   // all that is below the folder From, but for what other rules name
	To    string // address on the server, or complete; escaped; empty: gone for good (410)
}

// Table is all that is to be written.
type Table struct {
	Rules []Rule
	Host  string // of the site, for stores, which want it with each rule
	Root  string // path of the site on its host: /
}

// Output is a table in one format.
type Output struct {
	Body []byte
	Said int    // rules that are in it
	Left []Left // those that are not
}

// Left is why rules are not in the output.
type Left struct {
	Rules int
	Why   diag.Text
}

// LimitError says that a provider takes fewer rules than cannot be had without.
type LimitError struct{ Rules, Limit int }

func (e *LimitError) Error() string { return "more redirects than the provider takes" }

// Formats are the names of the formats.
func Formats() []string { return []string{"nginx", "caddy", "oss", "cos", "netlify"} }

// Write writes a table in a format, which must be one of Formats. The only error is a *LimitError.
func (t Table) Write(format string) (Output, error) {
	w := writer{left: map[diag.Text]int{}}
	for _, r := range t.Rules {
		if strings.ContainsFunc(r.From+r.Query, odd) || !utf8.ValidString(r.From+r.Query) {
			w.leave(whyOdd)
			continue
		}
		r.To = location(r.To)
		w.rules = append(w.rules, r)
	}
	slices.SortStableFunc(w.rules, func(a, b Rule) int { return rank(b) - rank(a) })
	var err error
	switch format {
	case "nginx":
		w.nginx()
	case "caddy":
		w.caddy()
	case "netlify":
		w.netlify()
	case "oss":
		err = w.oss(t)
	case "cos":
		err = w.cos(t)
	default:
		panic("redirects: no format " + format)
	}
	out := Output{Body: []byte(w.b.String()), Said: w.said}
	for why, n := range w.left {
		out.Left = append(out.Left, Left{n, why})
	}
	slices.SortFunc(out.Left, func(a, b Left) int { return strings.Compare(a.Why.EN, b.Why.EN) })
	return out, err
}

// rank orders rules by how much they say: the more parameters the earlier, then addresses, then folders, deep ones
// first.
func rank(r Rule) int {
	switch {
	case r.Query != "" && !strings.Contains(r.Query, "="):
		return 1 << 20
	case r.Query != "":
		return 1<<10 + strings.Count(r.Query, "=")
	case r.Below:
		return -1<<16 + len(r.From)
	}
	return 0
}

type writer struct {
	b     strings.Builder
	rules []Rule // that can be said at all, in the order in which they count
	said  int
	left  map[diag.Text]int
}

func (w *writer) leave(why diag.Text) { w.left[why]++ }

var (
	whyOdd    = diag.T("网址里有不能写进配置的字符", "the address holds characters that no configuration can")
	whyGone   = diag.T("停用而没有新网址的，这种格式不能答 410，将答 404，或照所在文件夹的规则转走", "gone for good: this format cannot say 410; they are answered with 404, or as the folder that holds them")
	whyQuery  = diag.T("带参数的网址，对象存储认不出", "addresses with a query: object stores do not look at it")
	whyTo     = diag.T("新网址带参数、# 或在别的网站，这种格式写不出；由网站里的跳转页承担", "the new address has a query or #, or is on another site, which this format cannot say; the pages that lead on stand in")
	whyFolder = diag.T("整个文件夹转到带参数、# 或别的网站的网址，这种格式写不出，将答 404", "whole folders whose new address has a query or #, or is on another site: this format cannot say them; they are answered with 404")
	whyHides  = diag.T("整个文件夹里有由跳转页承担的网址，按前缀的规则会盖住它们；文件夹的其余网址将答 404", "whole folders that hold addresses left to their pages, which a rule by prefix would hide; what else is in the folder is answered with 404")
	whyPage   = diag.T("由发布时写入的跳转页承担，每个旧网址一个文件", "left to the pages that lead on, of which publish writes one for each old address")
)

// odd are characters that no address has unescaped and some configuration cannot hold.
func odd(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' || c == utf8.RuneError }

// addresses lists the paths that a rule stands for.
func (r Rule) addresses() []string {
	dir, folder := strings.CutSuffix(r.From, "/")
	switch {
	case !folder || dir == "":
		return []string{r.From}
	case path.Ext(dir) == "":
		return []string{r.From, dir, r.From + "index.html"}
	}
	return []string{dir, r.From} // show.asp
}

// pair is a parameter of a query, decoded.
type pair struct{ name, value string }

// pairs takes a query apart; whole says that it has no names.
func (r Rule) pairs() (list []pair, whole bool) {
	if !strings.Contains(r.Query, "=") {
		return nil, r.Query != ""
	}
	for _, p := range strings.Split(r.Query, "&") {
		name, value, _ := strings.Cut(p, "=")
		if v, err := url.QueryUnescape(value); err == nil {
			value = v
		}
		list = append(list, pair{name, value})
	}
	return list, false
}

// location escapes all of an address that is not plain in every configuration: it comes between quotes, and some of
// these replace variables there.
func location(to string) string {
	return escape(to, "-._~/:?#&=+,@!")
}

// escape escapes what is neither letter nor digit nor one of keep, nor escaped already.
func escape(s, keep string) string {
	const hex = "0123456789ABCDEF"
	isHex := func(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case plain(c), strings.IndexByte(keep, c) >= 0, c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// plain reports whether c is a letter or digit of ASCII.
func plain(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// regexp writes s so that it stands for itself in the regular expressions of nginx and Caddy, between double quotes.
func regexp(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; plain(c) || c >= utf8.RuneSelf || strings.IndexByte("/-_", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(`\x`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
