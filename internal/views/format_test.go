package views

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// samples are three lines of each format: a view of article 1 by one reader at 10:00, another of article 2
// by the same at 10:40, and a picture.
var samples = map[string]string{
	"combined": `203.0.113.7 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-" "` + firefox + `"
203.0.113.7 - admin [16/Nov/2026:10:40:00 +0800] "GET /yw/2026/2.html?x=1 HTTP/2.0" 304 0 "https://a.example/?q=%22" "` + firefox + `" "198.51.100.1"
203.0.113.7 - - [16/Nov/2026:10:40:01 +0800] "GET /a.jpg HTTP/1.1" 200 5120 "-" "` + firefox + `"
`,
	"vhost": `www.example.gov.cn:443 203.0.113.7 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-" "` + firefox + `"
www.example.gov.cn:443 203.0.113.7 - - [16/Nov/2026:02:40:00 +0000] "GET /yw/2026/2.html HTTP/1.1" 304 0 "-" "` + firefox + `"
www.example.gov.cn:443 203.0.113.7 - - [16/Nov/2026:10:40:01 +0800] "GET /a.jpg HTTP/1.1" 200 5120 "-" "` + firefox + `"
`,
	"caddy": `{"level":"info","ts":1794794400.5241,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.7","remote_port":"41342","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"www.example.gov.cn","uri":"/yw/2026/1.html","headers":{"User-Agent":["` + firefox + `"],"Accept":["*/*"]},"tls":{"resumed":false,"version":772}},"bytes_read":0,"user_id":"","duration":0.000929675,"size":10900,"status":200,"resp_headers":{"Server":["Caddy"]}}
{"level":"info","ts":1794796800,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.7","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"www.example.gov.cn","uri":"/yw/2026/2.html?q=\"\u4e2d\"","headers":{"User-Agent":["` + firefox + `"]}},"status":304,"size":0}
{"level":"info","ts":1794796801,"request":{"remote_ip":"203.0.113.7","client_ip":"203.0.113.7","method":"GET","uri":"/a.jpg","headers":{"User-Agent":["` + firefox + `"]}},"status":200}
`,
	"json": `{"time_iso8601":"2026-11-16T10:00:00+08:00","remote_addr":"203.0.113.7","request_method":"GET","request_uri":"/yw/2026/1.html","status":"200","http_user_agent":"` + firefox + `"}
{"msec":"1794796800.123","remote_addr":"203.0.113.7","request":"GET /yw/2026/2.html HTTP/1.1","status":304,"http_user_agent":"` + firefox + `"}
{"time_local":"16/Nov/2026:10:40:01 +0800","remote_addr":"203.0.113.7","request":"GET /a.jpg HTTP/1.1","status":200,"http_user_agent":"` + firefox + `"}
`,
	"s3": `79a5 bucket [16/Nov/2026:02:00:00 +0000] 203.0.113.7 - 3E57427F3EXAMPLE WEBSITE.GET.OBJECT yw/2026/1.html "GET /yw/2026/1.html HTTP/1.1" 200 - 113 113 7 6 "-" "` + firefox + `" - s9lz= - ECDHE - bucket.s3-website.cn-north-1.amazonaws.com.cn TLSV1.2 - -
79a5 bucket [16/Nov/2026:02:40:00 +0000] 203.0.113.7 - 3E57427F3EXAMPLE REST.GET.OBJECT %25E6%2597%25A7/2.html "GET /bucket/%E6%97%A7/2.html HTTP/1.1" 304 - - 113 7 - "https://a.example/" "` + firefox + `" -
79a5 bucket [16/Nov/2026:02:40:01 +0000] - - 3E57427F3EXAMPLE S3.EXPIRE.OBJECT a.jpg "-" - - - 113 - - "-" "-" - s9lz= - - - - - - -
`,
	"oss": `203.0.113.7 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5576 71 "-" "` + firefox + `" "www.example.gov.cn" "505B01695037C2AF032593A4" "true" "-" "GetObject" "bucket" "yw%2F2026%2F1.html" 5576 71 "-" 1024 "16571" - "-" "standard" "-"
203.0.113.7 - - [16/Nov/2026:10:40:00 +0800] "GET /%E6%97%A7/2.html HTTP/1.1" 304 0 7 "https://a.example/" "` + firefox + `" "www.example.gov.cn" "505B01695037C2AF032593A5" "true" "-" "GetObject" "bucket" "2.html" 0 7 "-" 1024
203.0.113.7 - - [16/Nov/2026:10:40:01 +0800] "GET /a.jpg HTTP/1.1" 200 5576 71 "-" "` + firefox + `" "www.example.gov.cn" "505B01695037C2AF032593A6" "true" "-" "GetObject" "bucket" "a.jpg" 5576 71 "-" 1024
`,
	"cos": `1.0 bucket-1250000000 ap-beijing 2026-11-16T02:00:00Z www.example.gov.cn GetObject 203.0.113.7 - - 0 0 /yw/2026/1.html GET ` + firefox + ` 200 - - 197 4295 USER STANDARD 1000 4295 - NWFj 197 - - - /yw/2026/1.html -
1.0 bucket-1250000000 ap-beijing 2026-11-16T02:40:00Z www.example.gov.cn GetObject 203.0.113.7 - - 0 0 /yw/2026/2.html get "` + firefox + `" 304 - - 0 5 USER STANDARD 1000 5 - NWFj 197 - - - /yw/2026/2.html -
1.0 bucket-1250000000 ap-beijing 2026-11-16T02:40:01Z www.example.gov.cn GetObject 203.0.113.7 - - 0 0 /a.jpg GET ` + firefox + ` 404 NoSuchKey The_specified_key 197 42 USER STANDARD 1000 42 - NWFj 0 - - - /a.jpg -
`,
	// patterns of site.yaml
	`$remote_addr [$time_iso8601] $http_host "$request" $status "$http_user_agent" rt=$request_time`: `203.0.113.7 [2026-11-16T10:00:00+08:00] www.example.gov.cn "GET /yw/2026/1.html HTTP/1.1" 200 "` + firefox + `" rt=0.003
203.0.113.7 [2026-11-16T10:40:00+08:00] www.example.gov.cn "GET /yw/2026/2.html HTTP/1.1" 304 "` + firefox + `" rt=0.003
203.0.113.7 [2026-11-16T10:40:01+08:00] www.example.gov.cn "GET /a.jpg HTTP/1.1" 200 "` + firefox + `" rt=0.003
`,
	"$msec\t$http_x_forwarded_for\t$request_method\t$request_uri\t$status\t$http_user_agent": "1794794400.1\t203.0.113.7, 10.1.1.1\tGET\t/yw/2026/1.html\t200\t" + firefox + "\n" +
		"1794796800.1\t203.0.113.7\tGET\t/yw/2026/2.html\t304\t" + firefox + "\n1794796801.1\t203.0.113.7\tGET\t/a.jpg\t200\t" + firefox + "\n",
	`{"ClientIP": "$remote_addr", "Req": {"Url": "$request_uri", "Method": "$request_method"}, "Code": "$status", "Time": "$time", "UA": "$http_user_agent"}`: `{"ClientIP":"203.0.113.7","Req":{"Url":"https://www.example.gov.cn/yw/2026/1.html","Method":"GET"},"Code":200,"Time":"2026-11-16T02:00:00Z","UA":"` + firefox + `"}
{"Time":1794796800000,"UA":"` + firefox + `","Req":{"Method":"GET","Url":"/yw/2026/2.html"},"Code":"304","ClientIP":"203.0.113.7"}
{"Time":1794796801000,"UA":"` + firefox + `","Req":{"Method":"GET","Url":"/a.jpg"},"Code":"200","ClientIP":"203.0.113.7"}
`,
}

// Every format gives the same two views of the same reader, named or found out.
func TestFormats(t *testing.T) {
	dir := memory(t)
	catalogue := writeCatalogue(t, dir, 5)
	want := map[ID]int64{testID(1): 1, testID(2): 1}
	i := 0
	for name, text := range samples {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{name, ""} {
				if format == "" && strings.Contains(name, "$") {
					continue
				}
				i++
				s := settings(filepath.Join(dir, fmt.Sprint(i)), catalogue, start.Add(24*time.Hour))
				s.Format = format
				rep := mustIngest(t, s, Input{Logs: []string{put(t, filepath.Join(dir, fmt.Sprint(i), "x.log"), text)}})
				if got := counted(t, s); !same(got, want) || rep.Account.Lines != 3 || rep.Account.Filtered[Unreadable] > 1 || rep.Logs[0].Format != "" && rep.Logs[0].Format != name {
					t.Errorf("format %q, found %q: %v, %+v %q", format, rep.Logs[0].Format, got, rep.Account, rep.Logs[0].Odd)
				}
				// the same reader in every format: nothing new
				for other, text := range samples {
					s.Format = other
					rep := mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(text)})
					if rep.Account.Counted != 0 {
						t.Errorf("%s after %s: %+v", other, name, rep.Account)
					}
				}
			}
		})
	}
	for _, k := range known {
		if samples[k.name] == "" {
			t.Errorf("no sample of %s", k.name)
		}
	}
}

func TestBadFormats(t *testing.T) {
	for pattern, want := range map[string]string{
		"nginx":              "no log format nginx",
		"$remote_addr":       "it has no time",
		"$remote_addr$time":  "nothing stands between",
		`{"a": "$time"}`:     "it has no address",
		`{"a": 1}`:           "values must be",
		`{"a": "time"}`:      "is no variable",
		`{"a": "$time"`:      "not JSON",
		`{"a": ["$x","$y"]}`: "an array",
		`$remote_addr - [$time_local] "$request" $status`: "it has no agent",
	} {
		if _, err := parseFormat(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pattern, err, want)
		}
	}
}

// hostile are lines that must be counted as what they are, never as a view of another page.
var hostile = []struct {
	line string
	want Reason
}{
	{``, -2}, {`# comment`, -2},
	{`-`, Unreadable}, {`"`, Unreadable}, {`[`, Unreadable}, {"\x00\x00\x00", Unreadable}, {"\xff\xfe", Unreadable},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-"`, Unreadable}, // no agent at all
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-" "x`, Unreadable},
	{`1.2.3.4 - - [36/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-" "x"`, Unreadable},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00] "GET /yw/2026/1.html HTTP/1.1" 200 5120 "-" "x"`, Unreadable},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "\x16\x03\x01\x02" 400 157 "-" "-"`, Method},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "" 400 0 "-" "-"`, Status},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "-" 408 0 "-" "-"`, Status},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "HEAD /yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, Method},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 206 0 "-" "x"`, Status},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 2000 0 "-" "x"`, Status},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html/ HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.HTML HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html%00 HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /%zz/%e/% HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /../../../yw/../../etc/passwd HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /x?/yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /x#/yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /%2579w/2026/1.html HTTP/1.1" 200 0 "-" "x"`, NoPage}, // encoded twice
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /a\x22 200 5 \x22-\x22 \x22x\x22 HTTP/1.1" 404 0 "-" "x"`, Status},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /a HTTP/1.1\" 200 \"-\" \"x\" HTTP/1.1" 404 0 "-" "x"`, Status}, // as Apache writes it
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /a HTTP/1.1" 404 0 "-" "x\" - - [16/Nov/2026:10:00:00 +0800] \"GET /yw/2026/1.html HTTP/1.1\" 200 5 \"-\" \"y"`, Status},
	{`1.2.3.4 - x [16/Nov/2026:10:00:00 +0800] [16/Nov/2026:10:00:01 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, Unreadable},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 0 "-" "-"`, NoAgent},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 0 "-" ""`, NoAgent},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 0 "-" "curl/7.88.1"`, Bot},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET http:// HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET  /yw/2026/1.html HTTP/1.1" 200 0 "-" "x"`, NoPage},
	{`{"ts":1794794400,"request":{"method":"GET","uri":"/yw/2026/1.html"},"status":200}`, Unreadable}, // of another format
}

func TestHostileLines(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 5), start.Add(24*time.Hour))
	s.Format = "combined"
	for _, h := range hostile {
		for _, end := range []string{"\n", "\r\n"} {
			rep := mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(h.line + end)})
			a := rep.Account
			if h.want == -2 {
				if a.Lines != 0 {
					t.Errorf("%q: %+v", h.line, a)
				}
			} else if a.Lines != 1 || a.Filtered[h.want] != 1 {
				t.Errorf("%q: %+v, want %s", h.line, a, h.want.Text().EN)
			}
		}
	}
	long := `1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html?` + strings.Repeat("x", 1<<20) + ` HTTP/1.1" 200 0 "-" "x"` + "\n"
	good := `1.2.3.4 - - [16/Nov/2026:10:00:00 +0800] "GET /yw/2026/1.html HTTP/1.1" 200 0 "-" "x"` + "\n"
	rep := mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(good + long + good + strings.Repeat("y", maxLine*3))})
	if a := rep.Account; a.Lines != 4 || a.Counted != 1 || a.Repeated != 1 || a.Filtered[Unreadable] != 1 || a.Filtered[Torn] != 1 {
		t.Errorf("long lines: %+v", a)
	}
}

// One reader is one however the address is spelled; two agents or addresses are two.
func TestReaders(t *testing.T) {
	dir := memory(t)
	line := func(addr, agent, at string) string {
		return addr + ` - - [16/Nov/2026:` + at + ` +0800] "GET /yw/2026/1.html HTTP/1.1" 200 1 "-" "` + agent + "\"\n"
	}
	for i, c := range []struct {
		lines string
		want  int64
	}{
		{line("1.2.3.4", "x", "10:00:00") + line("::ffff:1.2.3.4", "x", "10:29:59") + line("1.2.3.4:5678", "x", "10:10:00"), 1},
		{line("1.2.3.4", "x", "10:29:59") + line("1.2.3.4", "x", "10:30:00"), 2}, // another slot
		{line("1.2.3.4", "x", "23:59:59") + strings.Replace(line("1.2.3.4", "x", "00:00:00"), "16/Nov", "17/Nov", 1), 2},
		{line("1.2.3.4", "x", "10:00:00") + line("1.2.3.4", "X", "10:00:00"), 2},
		{line("1.2.3.4", "x", "10:00:00") + line("1.2.3.5", "x", "10:00:00"), 2},
		{line("2001:db8::1", "x", "10:00:00") + line("2001:DB8:0:0::1", "x", "10:00:00") + line("[2001:db8::1]:80", "x", "10:00:00"), 1},
		{line("fe80::1%eth0", "x", "10:00:00") + line("host.example", "x", "10:00:00"), 2},
	} {
		s := settings(filepath.Join(dir, fmt.Sprint(i)), writeCatalogue(t, dir, 5), start.Add(26*time.Hour))
		s.Format = "combined"
		rep := mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(c.lines)})
		if rep.Account.Counted != c.want {
			t.Errorf("%s: %d, want %d", c.lines, rep.Account.Counted, c.want)
		}
	}
}

func TestBots(t *testing.T) {
	b := newBots()
	read := func(name string) (list []string) {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				list = append(list, line)
			}
		}
		return list
	}
	for _, a := range read("readers.txt") {
		if b.is([]byte(a)) {
			t.Errorf("a reader is taken for a bot: %s", a)
		}
	}
	bots := read("bots.txt")
	for _, a := range bots {
		if !b.is([]byte(a)) {
			t.Errorf("a bot is taken for a reader: %s", a)
		}
	}
	if len(bots) < 20 || !slices.Contains(b.exact.lists[[3]byte([]byte("Byt"))], "Bytespider") {
		t.Error("the lists are not what they should be")
	}
}

// Whatever a log holds, nothing breaks, the account closes and only pages of the catalogue are counted.
func FuzzIngest(f *testing.F) {
	for name, text := range samples {
		f.Add(name, text)
		f.Add("", text)
	}
	for _, h := range hostile {
		f.Add("combined", h.line)
	}
	dir := memory(f)
	catalogue := writeCatalogue(f, dir, 5)
	n := 0
	f.Fuzz(func(t *testing.T, format, text string) {
		if _, err := parseFormat(format); err != nil {
			format = ""
		}
		n++
		s := settings(filepath.Join(dir, fmt.Sprint(os.Getpid(), n)), catalogue, start.Add(48*time.Hour))
		defer os.RemoveAll(filepath.Dir(s.Ledger))
		s.Format = format
		rep, err := Ingest(t.Context(), s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(text)})
		if err != nil {
			return
		}
		if !rep.Account.Closes() || rep.Account.Lines > int64(strings.Count(text, "\n"))+1 {
			t.Errorf("%+v", rep.Account)
		}
		s.Format = cmp.Or(s.Format, rep.Logs[0].Format)
		again, err := Ingest(t.Context(), s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(text + "\n" + text)})
		if err != nil {
			t.Fatal(err)
		}
		if torn := rep.Account.Filtered[Torn]; again.Account.Counted > torn*2 {
			t.Errorf("counted again: %+v, before %+v", again.Account, rep.Account)
		}
		for id := range counted(t, s) {
			if !slices.Contains([]ID{testID(0), testID(1), testID(2), testID(3), testID(4)}, id) {
				t.Errorf("article %s does not exist", id)
			}
		}
	})
}

// Canonical addresses stay as they are, and nothing leads out of the root.
func FuzzCanonical(f *testing.F) {
	for _, p := range []string{"/a/b.html", "/a//b/./../c%2fd", `/\xE6\x97\xA7`, "http://x/a?b#c", "/..", "/.", "//", "/%", "/a/index.html", `/\`, "/%25"} {
		f.Add([]byte(p), true)
		f.Add([]byte(p), false)
	}
	f.Fuzz(func(t *testing.T, target []byte, logged bool) {
		before := string(target)
		c := canonical(nil, target, logged)
		if string(target) != before {
			t.Errorf("%q was changed", before)
		}
		if c == nil {
			return
		}
		if c[0] != '/' || strings.Contains(string(c), "//") || strings.Contains(string(c)+"/", "/../") || strings.Contains(string(c)+"/", "/./") {
			t.Errorf("%q: %q", before, c)
		}
		if !strings.ContainsAny(string(c), `%\?#`) {
			if again := canonical(nil, c, false); string(again) != string(c) && !strings.HasSuffix(string(c), "/index.html") {
				t.Errorf("%q: %q, again %q", before, c, again)
			}
		}
	})
}
