package site

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// RetiredFields is the table of the keys of redirects.yaml.
var RetiredFields = fields.Schema{
	Of: diag.T("redirects.yaml（停用网址）", "redirects.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "redirects", Also: []string{"跳转", "跳轉"}, Kind: fields.Groups, Sub: &retiredPair, Doc: "停用网址与它现在转到哪里，每条写 from 与 to"},
		{Name: "gone", Also: []string{"停用"}, Kind: fields.Texts, Doc: "停用而没有新网址的，服务器答 410（已不存在）"},
	},
}

var retiredPair = fields.Schema{
	Of: diag.T("redirects（跳转）", "redirects"), Closed: true,
	Fields: []fields.Field{
		{Name: "from", Also: []string{"旧网址", "舊網址"}, Doc: "停用网址：`/art/1.html`；带参数的 `/show.asp?id=1`；整个文件夹 `/news/*`"},
		{Name: "to", Also: []string{"新网址", "新網址"}, Doc: "新网址：本站的网址、`/栏目/稿件.md`，或 https 开头的网址"},
	},
}

// Retired is an address that an older system had, as redirects.yaml says it. To has no text if nothing took
// its place.
type Retired struct{ From, To fields.Item }

// ReadRetired reads the text of redirects.yaml.
func ReadRetired(file string, text []byte) (list []Retired, problems diag.List) {
	v, problems := RetiredFields.Read(fields.Record{File: file, Line: 1, Text: text})
	item := func(g fields.Values, key string) fields.Item {
		return fields.Item{Text: strings.TrimSpace(g.Text(key)), Pos: g.Get(key).Pos}
	}
	for _, g := range v.Get("redirects").Groups {
		r := Retired{item(g, "from"), item(g, "to")}
		switch {
		case g.Bad, g.Get("from").Bad, g.Get("to").Bad:
		case r.From.Text == "" || r.To.Text == "":
			problems.Add(ruleHalfRedirect.At(g.Pos))
		default:
			list = append(list, r)
		}
	}
	for _, it := range v.Get("gone").Items {
		list = append(list, Retired{From: it})
	}
	return list, problems
}

// from is a retired address taken apart.
type from struct {
	path  string // decoded, clean; that of a folder ends in /
	query string // as in Redirect
	below bool
}

// parseFrom takes a retired address apart, or says what is wrong with it.
func parseFrom(text string) (f from, wrong diag.Text) {
	switch {
	case !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//"):
		return f, diag.T("要以 / 开头，不写域名", "it must start with /, without a host")
	case strings.ContainsAny(text, `#\`):
		return f, diag.T("不能有 # 和 \\：浏览器不会把它们发给服务器", `no # and \: browsers do not send them to servers`)
	}
	text, raw, asked := strings.Cut(text, "?")
	if asked {
		if f.query, wrong = parseQuery(raw); wrong.EN != "" {
			return f, wrong
		}
	}
	if rest, below := strings.CutSuffix(text, "/*"); below {
		if asked {
			return f, diag.T("整个文件夹（/*）不能再带参数", "a whole folder (/*) cannot have a query, too")
		}
		text, f.below = rest+"/", true
	}
	p, err := url.PathUnescape(text)
	switch {
	case err != nil:
		return f, diag.T("% 后面要有两位十六进制数字", "% must be followed by two hexadecimal digits")
	case !utf8.ValidString(p):
		return f, diag.T("百分号编码不是 UTF-8（多半是 GBK）；请改写整个文件夹，如 /news/*", "the percent-encoding is not UTF-8 (GBK, probably); retire the whole folder instead, as in /news/*")
	case strings.ContainsFunc(p, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' || c == utf8.RuneError }):
		return f, diag.T("含有控制字符或 \\", `it holds control characters or \`)
	case strings.Contains(p, "*"):
		return f, diag.T("* 只能写在最后的 / 之后，表示整个文件夹", "* may only stand at the end, behind /, for a whole folder")
	}
	if f.path = path.Clean(p); f.path != "/" {
		if ext := path.Ext(f.path); f.below || ext != ".html" && ext != ".htm" && ext != ".shtml" {
			f.path += "/"
		}
	}
	f.path = trimIndex(f.path)
	return f, wrong
}

// parseQuery brings a query into the form of Redirect.Query.
func parseQuery(raw string) (string, diag.Text) {
	if !strings.Contains(raw, "=") { // show.asp?123
		if raw == "" || strings.ContainsFunc(raw, func(c rune) bool { return c <= ' ' || c == 0x7f || c == utf8.RuneError }) {
			return "", diag.T("? 后面要有参数，不能有空格", "? must be followed by a query without blanks")
		}
		return raw, diag.Text{}
	}
	var pairs [][2]string // name, value
	for _, pair := range strings.Split(raw, "&") {
		name, value, ok := strings.Cut(pair, "=")
		v, err := url.QueryUnescape(value)
		switch {
		case !ok || name == "" || strings.ContainsFunc(name, func(c rune) bool { return !isWord(c) }):
			return "", diag.T("参数要写成 名称=值，名称只能有字母、数字和 _", "parameters are written name=value, names of letters, digits and _")
		case slices.ContainsFunc(pairs, func(p [2]string) bool { return strings.EqualFold(p[0], name) }):
			return "", diag.T("参数 "+name+" 写了两次", "parameter "+name+" is given twice")
		case err != nil || v == "" || !utf8.ValidString(v) || strings.ContainsFunc(v, func(c rune) bool { return c < ' ' || c == 0x7f || c == utf8.RuneError }):
			return "", diag.T("参数 "+name+" 的值是空的，或编码有误（须为 UTF-8）", "the value of parameter "+name+" is empty or wrongly encoded (it must be UTF-8)")
		}
		pairs = append(pairs, [2]string{name, url.QueryEscape(v)})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(strings.ToLower(a[0]), strings.ToLower(b[0])) })
	out := ""
	for i, p := range pairs {
		out += strings.Repeat("&", min(i, 1)) + p[0] + "=" + p[1]
	}
	return out, diag.Text{}
}

// foldQuery is the form in which queries are compared: servers ignore the letter case of names.
func foldQuery(query string) string {
	if !strings.Contains(query, "=") {
		return query
	}
	pairs := strings.Split(query, "&")
	for i, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		pairs[i] = strings.ToLower(name) + "=" + value
	}
	return strings.Join(pairs, "&")
}

func isWord(c rune) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
