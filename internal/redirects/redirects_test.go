package redirects

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzWrite looks for rules that leave their place in a format.
func FuzzWrite(f *testing.F) {
	f.Add("/a b.html", "id=1", "/x", false)
	f.Add("/\"};{$HOME}${1}/", "", "https://other.example/?a=\"", false)
	f.Add("/n/", "", "", true)
	f.Add("/a\n}\\", "a=\n", "/\n\" \"", false)
	f.Fuzz(func(t *testing.T, from, query, to string, below bool) {
		if !strings.HasPrefix(from, "/") || below && !strings.HasSuffix(from, "/") {
			return
		}
		table := Table{Rules: []Rule{{from, query, below, to}}, Host: "t.example", Root: "/"}
		for _, format := range Formats() {
			out, err := table.Write(format)
			if err != nil {
				t.Fatal(err)
			}
			left := 0
			for _, l := range out.Left {
				left += l.Rules
			}
			if out.Said+left != 1 {
				t.Errorf("%s: %d said, %d left", format, out.Said, left)
			}
			body := string(out.Body)
			switch format {
			case "nginx", "caddy":
				inPlace(t, format, body)
			case "netlify":
				for _, line := range strings.Split(strings.TrimSpace(body), "\n")[1:] {
					if n := len(strings.Fields(line)); n < 3 || !strings.HasSuffix(line, " 301!") || strings.Contains(line, "#") && !strings.Contains(line, "/") {
						t.Errorf("%q", line)
					}
				}
			default:
				var site website
				if err := xml.Unmarshal(out.Body, &site); err != nil || len(site.Rules) != out.Said {
					t.Errorf("%v\n%s", err, body)
				}
			}
		}
	})
}

// inPlace checks that lines between braces are two texts in quotes, with no variable in the second.
func inPlace(t *testing.T, format, body string) {
	t.Helper()
	in := false
	for _, line := range strings.Split(body, "\n") {
		switch {
		case strings.HasPrefix(line, "map "):
			in = true
			continue
		case line == "}":
			in = false
			continue
		case !in || strings.HasPrefix(strings.TrimSpace(line), "default "):
			continue
		}
		rest := strings.TrimSuffix(strings.TrimSpace(line), ";")
		if format == "nginx" && !strings.HasSuffix(line, ";") {
			t.Errorf("%q", line)
		}
		var texts []string
		for rest != "" {
			if rest[0] != '"' {
				t.Fatalf("%q", line)
			}
			end := 1
			for end < len(rest) && rest[end] != '"' {
				if rest[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(rest) {
				t.Fatalf("%q", line)
			}
			texts = append(texts, rest[1:end])
			rest = strings.TrimSpace(rest[end+1:])
		}
		key := ""
		if len(texts) > 0 {
			key = texts[0]
		}
		if len(texts) != 2 || strings.ContainsAny(texts[1], "$\"{}\\ ") && !strings.HasPrefix(key, `~^(?:-\|)`) || format == "caddy" && strings.ContainsAny(key, "{}") {
			t.Errorf("%q", line)
		}
	}
}

func TestLocation(t *testing.T) {
	for in, want := range map[string]string{
		"/a/%E5%85%9A.html?x=1&y=2#top": "/a/%E5%85%9A.html?x=1&y=2#top", "/a b$1\"{x}'\\": "/a%20b%241%22%7Bx%7D%27%5C", "/党": "/%E5%85%9A", "/100%": "/100%25", "/%zz": "/%25zz",
		"https://o.example:8443/x": "https://o.example:8443/x", "": "", "/a\r\nSet-Cookie: x": "/a%0D%0ASet-Cookie:%20x",
	} {
		if got := location(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// The providers' schemas, as their API references have them: which elements there are, and what is in them.
var schemas = map[string]map[string]string{
	"oss": {"WebsiteConfiguration": "IndexDocument ErrorDocument RoutingRules", "IndexDocument": "Suffix SupportSubDir Type", "ErrorDocument": "Key HttpStatus",
		"RoutingRules": "RoutingRule", "RoutingRule": "RuleNumber Condition Redirect", "Condition": "KeyPrefixEquals KeySuffixEquals HttpErrorCodeReturnedEquals IncludeHeader",
		"Redirect": "RedirectType PassQueryString Protocol HostName ReplaceKeyWith ReplaceKeyPrefixWith EnableReplacePrefix HttpRedirectCode"},
	"cos": {"WebsiteConfiguration": "IndexDocument RedirectAllRequestsTo AutoAddressing ErrorDocument RoutingRules", "IndexDocument": "Suffix", "ErrorDocument": "Key OriginalHttpStatus",
		"RoutingRules": "RoutingRule", "RoutingRule": "Condition Redirect", "Condition": "HttpErrorCodeReturnedEquals KeyPrefixEquals", "Redirect": "Protocol ReplaceKeyWith ReplaceKeyPrefixWith"},
}

type element struct {
	XMLName xml.Name
	Text    string    `xml:",chardata"`
	Inner   []element `xml:",any"`
}

func (e element) check(t *testing.T, schema map[string]string) {
	t.Helper()
	for _, in := range e.Inner {
		if !strings.Contains(" "+schema[e.XMLName.Local]+" ", " "+in.XMLName.Local+" ") {
			t.Errorf("%s in %s", in.XMLName.Local, e.XMLName.Local)
		}
		in.check(t, schema)
	}
}

func TestBuckets(t *testing.T) {
	for format, schema := range schemas {
		out, err := Table{Rules: sample, Host: "t.example", Root: "/"}.Write(format)
		if err != nil {
			t.Fatal(err)
		}
		var e element
		if err := xml.Unmarshal(out.Body, &e); err != nil || e.XMLName.Local != "WebsiteConfiguration" {
			t.Fatal(err)
		}
		e.check(t, schema)
		var site website
		if err := xml.Unmarshal(out.Body, &site); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, r := range site.Rules {
			got += fmt.Sprintf("%s|%s|%d %s/%s\n", r.Condition.Prefix, r.Condition.Suffix, r.Condition.Code, r.Redirect.Host, r.Redirect.Key)
		}
		want := map[string]string{"oss": `art/2019/3/5/art_123_456.html|art/2019/3/5/art_123_456.html|0 t.example/zzjs/2019/a.html
旧网/党建 动态/甲.html|旧网/党建 动态/甲.html|0 t.example/djdt/甲.html
news/2018/kept.html|news/2018/kept.html|0 t.example/yw/kept.html
rewritten/a.html|rewritten/a.html|0 t.example/r/a.html
top.html|top.html|0 t.example/index.html
news/||404 t.example/yw/
`, "cos": `art/2019/3/5/art_123_456.html||0 /zzjs/2019/a.html
旧网/党建 动态/甲.html||0 /djdt/甲.html
news/2018/kept.html||0 /yw/kept.html
rewritten/a.html||0 /r/a.html
top.html||0 /index.html
news/||0 /yw/
`}[format]
		if got != want {
			t.Errorf("%s:\n%s", format, got)
		}
	}
}

// What has no page to stand in for it is not said to have one.
func TestFoldersThatCannotBeSaid(t *testing.T) {
	rules := []Rule{{From: "/a/", Below: true, To: "https://other.example/"}, {From: "/b.html", To: "https://other.example/"}}
	out, err := Table{Rules: rules, Root: "/"}.Write("cos")
	if err != nil || out.Said != 0 || len(out.Left) != 2 {
		t.Fatal(err, out)
	}
	for _, l := range out.Left {
		if l.Rules != 1 || strings.Contains(l.Why.EN, "folder") != strings.Contains(l.Why.EN, "404") {
			t.Errorf("%+v", l)
		}
	}
}

// A rule of COS stands for all keys that begin as it does, and counts before what is in the bucket.
func TestPrefixesHideNoPage(t *testing.T) {
	for _, c := range []struct{ name, rules, want string }{
		{"a.htm beside a.html", "/yw/a.htm /yw/a.html", ""},
		{"page in a folder", "/news/* /yw/;/news/1.html /yw/1.html", "news/1.html yw/1.html;news/ yw/"},
		{"folder in a folder", "/news/* /yw/;/news/x/ /yw/x.html", ""},
		{"the folder itself", "/news/* /yw/;/news/ /about.html", ""},
		{"the folder itself, leading to the same", "/news/* /yw/;/news/ /yw/", "news/ yw/"},
		{"other site in a folder", "/news/* /yw/;/news/x.html https://other.example/", ""},
		{"gone in a folder", "/news/* /yw/;/news/x.html -", "news/ yw/"},
		{"page beside a folder", "/news/* /yw/;/new.htm /x.html", "news/ yw/"},
		{"more pages than fit", "/news/* /yw/;/old/* /x/" + strings.Repeat(";/news/# /yw/#", 101), "old/ x/"},
	} {
		var table Table
		for i, line := range strings.Split(c.rules, ";") {
			from, to, _ := strings.Cut(strings.ReplaceAll(line, "#", fmt.Sprintf("%d.html", i)), " /")
			if at, elsewhere, ok := strings.Cut(from, " "); ok {
				from, to = at, strings.TrimPrefix(elsewhere, "-")
			} else {
				to = "/" + to
			}
			dir, below := strings.CutSuffix(from, "*")
			table.Rules = append(table.Rules, Rule{From: dir, Below: below, To: to})
		}
		out, err := table.Write("cos")
		if err != nil {
			t.Fatal(err)
		}
		var site website
		if err := xml.Unmarshal(out.Body, &site); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range site.Rules {
			got = append(got, r.Condition.Prefix+" "+r.Redirect.Key)
		}
		left := 0
		for _, l := range out.Left {
			left += l.Rules
		}
		if strings.Join(got, ";") != c.want || out.Said != len(got) || out.Said+left != len(table.Rules) {
			t.Errorf("%s: %q; %d said, %d left", c.name, got, out.Said, left)
		}
	}
}

func TestLimits(t *testing.T) {
	rules := func(single, below int) (list []Rule) {
		for i := range single {
			list = append(list, Rule{From: fmt.Sprintf("/art/%d.html", i), To: "/x/"})
		}
		for i := range below {
			list = append(list, Rule{From: fmt.Sprintf("/n%d/", i), Below: true, To: "/x/"})
		}
		return list
	}
	for _, c := range []struct {
		format                    string
		single, below, said, left int
		fails                     bool
	}{
		{"oss", 10, 10, 20, 0, false}, {"oss", 11, 10, 10, 11, false}, {"oss", 10000, 0, 0, 10000, false}, {"oss", 0, 21, 0, 0, true},
		{"cos", 90, 10, 100, 0, false}, {"cos", 91, 10, 10, 91, false}, {"cos", 5, 101, 0, 0, true},
	} {
		out, err := Table{Rules: rules(c.single, c.below), Host: "t.example", Root: "/"}.Write(c.format)
		var limit *LimitError
		if errors.As(err, &limit) != c.fails {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		left := 0
		for _, l := range out.Left {
			left += l.Rules
		}
		if !c.fails && (out.Said != c.said || left != c.left) {
			t.Errorf("%+v: %d said, %d left", c, out.Said, left)
		}
	}
	long := rules(90, 2) // 64 KB of COS
	for i := range long {
		long[i].To = "/" + strings.Repeat("x", 900)
	}
	if out, err := (Table{Rules: long, Root: "/"}).Write("cos"); err != nil || len(out.Body) > cosBytes || out.Said != 2 {
		t.Errorf("%v: %d bytes, %d rules", err, len(out.Body), out.Said)
	}
}

// TestNetlify reads _redirects with the parser that Netlify's builds use.
func TestNetlify(t *testing.T) {
	out, err := Table{Rules: sample, Root: "/"}.Write("netlify")
	if err != nil {
		t.Fatal(err)
	}
	node := need(t, "node", "nodejs")
	tools := os.Getenv("ZHENDI_TOOLS")
	if tools == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		tools = filepath.Join(cache, "zhendi-tools")
	}
	parser := filepath.Join(tools, "node_modules/netlify-redirect-parser/lib/index.js")
	if _, err := os.Stat(parser); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("netlify-redirect-parser is not installed: run make tools")
		}
		t.Skip("netlify-redirect-parser is not installed")
	}
	dir := t.TempDir()
	save(t, filepath.Join(dir, "_redirects"), string(out.Body))
	save(t, filepath.Join(dir, "read.mjs"), `const { parseAllRedirects } = await import("file://" + process.argv[2])
process.stdout.write(JSON.stringify(await parseAllRedirects({ redirectsFiles: [process.argv[3]], configRedirects: [], minimal: true })))
`)
	said, err := exec.Command(node, filepath.Join(dir, "read.mjs"), parser, filepath.Join(dir, "_redirects")).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var read struct {
		Redirects []struct {
			From, To string
			Query    map[string]string
			Status   int
			Force    bool
		}
		Errors []any
	}
	if err := json.Unmarshal(said, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Errors) > 0 || len(read.Redirects) != out.Said {
		t.Errorf("%v; %d of %d", read.Errors, len(read.Redirects), out.Said)
	}
	got := ""
	for _, r := range read.Redirects {
		if r.Status != 301 || !r.Force {
			t.Errorf("%+v", r)
		}
		q, _ := json.Marshal(r.Query)
		got += r.From + " " + string(q) + " " + r.To + "\n"
	}
	for _, want := range []string{
		"/content/show.asp {\"id\":\"123\",\"page\":\"2\"} /yw/2019/b_2.html\n/content/show.asp {\"id\":\"123\"} /yw/2019/b.html\n",
		"/%E6%97%A7%E7%BD%91/%E5%85%9A%E5%BB%BA%20%E5%8A%A8%E6%80%81/%E7%94%B2.html {} /djdt/%E7%94%B2.html\n",
		"/ {\"p\":\"5\"} /five.html\n", "/old {} /new/?from=old#top\n", "/news/* {} /yw/\n", "/old/deep.html {} https://other.example/%E5%85%9A?x=1\u0026y=2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
