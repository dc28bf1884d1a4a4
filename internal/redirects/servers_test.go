package redirects

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// need skips a test where a program is not installed; CI must have it.
func need(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed: run make tools", names[0])
	}
	t.Skipf("%s is not installed", names[0])
	return ""
}

// server is a web server that runs a table.
type server struct {
	name   string
	folded bool // letter case of paths does not matter
	start  func(t *testing.T, config []byte) (address string)
}

var servers = []server{{"nginx", true, startNginx}, {"caddy", false, startCaddy}}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts a server and waits until it answers.
func run(t *testing.T, address string, cmd *exec.Cmd) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = f, f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); <-ended; f.Close() })
	for range 1500 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			text, _ := os.ReadFile(log)
			t.Fatalf("%v\n%s", err, text)
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatal("the server does not answer")
}

func save(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const gonePage = "the site's own page for what is not there"

// startNginx runs nginx with the lines that the file's head and the manual tell operators to write. The site
// has a page at every address.
func startNginx(t *testing.T, config []byte) string {
	path := need(t, "nginx", "/usr/sbin/nginx")
	dir, address := t.TempDir(), freeAddress(t)
	save(t, filepath.Join(dir, "zhendi-redirects.conf"), string(config))
	text := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log warn;
events {}
http {
  include %[1]s/zhendi-redirects.conf;
  access_log off;
  client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server {
    listen %[2]s;
    absolute_redirect off;
    if ($zhendi_redirect = 410) { return 410; }
    if ($zhendi_redirect) { return 301 $zhendi_redirect; }
    error_page 410 @gone;
    location @gone { root %[1]s; try_files /404.html =410; }
    location / { return 200 page; }
  }
}
`, dir, address)
	save(t, filepath.Join(dir, "404.html"), gonePage)
	save(t, filepath.Join(dir, "nginx.conf"), text)
	args := []string{"-p", dir, "-c", filepath.Join(dir, "nginx.conf")}
	if out, err := exec.Command(path, append(args, "-t")...).CombinedOutput(); err != nil || strings.Contains(string(out), "[warn]") {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	run(t, address, exec.Command(path, args...))
	return address
}

// startCaddy runs Caddy with a site that rewrites addresses, as many do, and has a page at every address.
func startCaddy(t *testing.T, config []byte) string {
	path := need(t, "caddy")
	dir, address := t.TempDir(), freeAddress(t)
	save(t, filepath.Join(dir, "zhendi-redirects.caddy"), string(config))
	save(t, filepath.Join(dir, "Caddyfile"), fmt.Sprintf(`{
	admin off
	auto_https off
}
http://%s {
	import zhendi-redirects.caddy
	rewrite /rewritten/* /elsewhere.html
	handle_errors {
		root * %s
		rewrite * /404.html
		file_server
	}
	respond page
}
`, address, dir))
	save(t, filepath.Join(dir, "404.html"), gonePage)
	args := []string{"--adapter", "caddyfile", "--config", filepath.Join(dir, "Caddyfile")}
	env := append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	validate := exec.Command(path, append([]string{"validate"}, args...)...)
	validate.Env, validate.Dir = env, dir
	if out, err := validate.CombinedOutput(); err != nil {
		t.Fatalf("caddy validate: %v\n%s", err, out)
	}
	cmd := exec.Command(path, append([]string{"run"}, args...)...)
	cmd.Env, cmd.Dir = env, dir
	run(t, address, cmd)
	return address
}

var asking = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// ask returns what a server says at an address, written as it goes over the wire: "301 /new.html", "410", "200".
func ask(t *testing.T, address, raw string) string {
	t.Helper()
	p, query, _ := strings.Cut(raw, "?")
	req, err := http.NewRequest("GET", "http://"+address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.URL.Opaque, req.URL.RawQuery = "//"+address+p, query
	res, err := asking.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return strings.TrimSpace(strconv.Itoa(res.StatusCode) + " " + res.Header.Get("Location"))
}

var sample = []Rule{
	{From: "/art/2019/3/5/art_123_456.html", To: "/zzjs/2019/a.html"},
	{From: "/content/show.asp/", Query: "id=123", To: "/yw/2019/b.html"},
	{From: "/content/show.asp/", Query: "id=124", To: "/yw/2019/c.html"},
	{From: "/content/show.asp/", Query: "id=123&page=2", To: "/yw/2019/b_2.html"},
	{From: "/content/show.asp/", Query: "id=125", To: ""},
	{From: "/content/show.asp/", To: "/yw/"},
	{From: "/look.php/", Query: "1234", To: "/yw/d.html"},
	{From: "/look.php/", Query: "key=%E5%85%9A+%E5%BB%BA", To: "/tags/"},
	{From: "/look.php/", Query: "k=aB", To: "/ab1.html"},
	{From: "/look.php/", Query: "k=Ab", To: "/ab2.html"},
	{From: "/look.php/", Query: "newsId=7", To: "/news7.html"},
	{From: "/", Query: "p=5", To: "/five.html"},
	{From: "/旧网/党建 动态/甲.html", To: "/djdt/%E7%94%B2.html"},
	{From: "/old/", To: "/new/?from=old#top"},
	{From: "/old/deep.html", To: "https://other.example/%E5%85%9A?x=1&y=2"},
	{From: "/news/", Below: true, To: "/yw/"},
	{From: "/news/2018/", Below: true, To: ""},
	{From: "/news/2018/kept.html", To: "/yw/kept.html"},
	{From: "/vote/2018.asp/", To: ""},
	{From: "/rewritten/a.html", To: "/r/a.html"},
	{From: "/rewritten/gone.html", To: ""},
	{From: "/top.html", To: "/"},
}

// answers are what is asked, and what must be said; what only a server that ignores letter case redirects starts with !.
var answers = [][2]string{
	{"/art/2019/3/5/art_123_456.html", "301 /zzjs/2019/a.html"},
	{"/art/2019/3/5/art_123_456.html?from=singlemessage&isappinstalled=0", "301 /zzjs/2019/a.html"},
	{"/ART/2019/3/5/art_123_456.html", "!301 /zzjs/2019/a.html"},
	{"/art/2019/3/5/art_123_4567.html", "200"}, {"/art/2019/3/5/art_123_456.htm", "200"}, {"/x/art/2019/3/5/art_123_456.html", "200"}, {"/art/2019/3/5/", "200"},
	{"/content/show.asp?id=123", "301 /yw/2019/b.html"},
	{"/content/show.asp?x=1&id=123", "301 /yw/2019/b.html"}, {"/content/show.asp?id=123&from=timeline", "301 /yw/2019/b.html"},
	{"/content/show.asp?page=2&id=123", "301 /yw/2019/b_2.html"}, {"/content/show.asp?page=3&id=123", "301 /yw/2019/b.html"},
	{"/content/show.asp?id=124", "301 /yw/2019/c.html"}, {"/content/show.asp?id=125", "410"}, {"/content/show.asp?id=1234", "301 /yw/"},
	{"/content/show.asp", "301 /yw/"}, {"/content/show.asp/", "301 /yw/"}, {"/content/show.aspx?id=123", "200"},
	{"/look.php?1234", "301 /yw/d.html"}, {"/look.php?12345", "200"}, {"/look.php", "200"},
	{"/look.php?key=%E5%85%9A+%E5%BB%BA", "301 /tags/"}, {"/look.php?key=%e5%85%9a%20%e5%bb%ba", "301 /tags/"}, {"/look.php?key=%E5%85%9A", "200"},
	{"/look.php?k=aB", "301 /ab1.html"}, {"/look.php?k=Ab", "301 /ab2.html"}, {"/look.php?k=AB", "200"}, {"/look.php?newsId=7", "301 /news7.html"},
	{"/?p=5", "301 /five.html"}, {"/?p=6", "200"}, {"/", "200"}, {"/index.html", "200"},
	{"/%E6%97%A7%E7%BD%91/%E5%85%9A%E5%BB%BA%20%E5%8A%A8%E6%80%81/%E7%94%B2.html", "301 /djdt/%E7%94%B2.html"},
	{"/%e6%97%a7%e7%bd%91/%e5%85%9a%e5%bb%ba%20%e5%8a%a8%e6%80%81/%e7%94%b2.html", "301 /djdt/%E7%94%B2.html"},
	{"/%E6%97%A7%E7%BD%91/", "200"},
	{"/old", "301 /new/?from=old#top"}, {"/old/", "301 /new/?from=old#top"}, {"/old/index.html", "301 /new/?from=old#top"}, {"/old/?a=1", "301 /new/?from=old#top"},
	{"/old/other.html", "200"}, {"/older/", "200"}, {"/old/deep.html", "301 https://other.example/%E5%85%9A?x=1&y=2"},
	{"/news", "301 /yw/"}, {"/news/", "301 /yw/"}, {"/news/2019/3.html", "301 /yw/"}, {"/newspaper/", "200"}, {"/news2/", "200"}, {"/a/news/", "200"},
	{"/news/2018/1.html", "410"}, {"/news/2018/", "410"}, {"/news/2018/kept.html", "301 /yw/kept.html"}, {"/news/20189/", "301 /yw/"},
	{"/vote/2018.asp", "410"}, {"/vote/2018.asp?x=1", "410"}, {"/vote/2018.aspx", "200"},
	{"/rewritten/a.html", "301 /r/a.html"}, {"/rewritten/gone.html", "410"}, {"/rewritten/b.html", "200"},
	{"/top.html", "301 /"}, {"/zzjs/2019/a.html", "200"},
}

func TestServersAnswer(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			out, err := Table{Rules: sample, Root: "/"}.Write(s.name)
			if err != nil || len(out.Left) > 0 || out.Said != len(sample) {
				t.Fatal(err, out.Left, out.Said)
			}
			address := s.start(t, out.Body)
			for _, a := range answers {
				want := a[1]
				if rest, folded := strings.CutPrefix(want, "!"); folded {
					if want = rest; !s.folded {
						want = "200"
					}
				}
				if got := ask(t, address, a[0]); got != want {
					t.Errorf("%s: %s, want %s", a[0], got, want)
				}
			}
			res, err := asking.Get("http://" + address + "/vote/2018.asp")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 410 || string(body) != gonePage {
				t.Errorf("what is gone: %d %s %v", res.StatusCode, body, err)
			}
			if t.Failed() {
				t.Logf("%s", out.Body)
			}
		})
	}
}

// TestNothingBreaksOut makes addresses of all that means something in a configuration, and asks for each of them.
func TestNothingBreaksOut(t *testing.T) {
	seed, n := uint64(1), 300
	if s, err := strconv.ParseUint(os.Getenv("ZHENDI_TORTURE"), 10, 64); err == nil {
		seed, n = s, 3000
	}
	t.Logf("seed %d, %d rules", seed, n)
	r := rand.New(rand.NewPCG(seed, 3))
	pieces := []string{"\"", "'", "$", "{", "}", "~", " ", ";", "#", "|", "(", ")", "[", "]", "*", "+", "^", "`", "<", ">", "&", "=", ",", ":", "@", "!", "%",
		"${1}", "$1", "{$HOME}", "{path}", "{zhendi^1}", "{http.request.uri}", "$uri", "$zhendi_redirect", "\" \"/x\"; } }", "//", "default", "~^", "-", "410", "党", "é", "a", "B", "..", ".", "%41", "include", "\t"[:0] + "x"}
	text := func() string {
		s := ""
		for range 1 + r.IntN(5) {
			s += pieces[r.IntN(len(pieces))]
		}
		return s
	}
	var rules []Rule
	seen := map[string]bool{}
	for i := range n {
		from := "/" + []string{"d/", "", "e{/"}[r.IntN(3)] + strings.ReplaceAll(text(), "/", "_") + "z" + strconv.Itoa(i) + ".html"
		if seen[strings.ToLower(from)] {
			continue
		}
		seen[strings.ToLower(from)] = true
		rule := Rule{From: from, To: "/t/" + text() + "/" + strconv.Itoa(i)}
		if r.IntN(3) == 0 {
			rule.Query = "q=" + url.QueryEscape(text()+strconv.Itoa(i))
		}
		rules = append(rules, rule)
	}
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			out, err := Table{Rules: rules, Root: "/"}.Write(s.name)
			if err != nil || len(out.Left) > 0 {
				t.Fatal(err, out.Left)
			}
			address := s.start(t, out.Body)
			for _, rule := range rules {
				raw := escape(strings.ReplaceAll(rule.From, "%", "%25"), "/-._~")
				if rule.Query != "" {
					raw += "?" + rule.Query
				}
				if got, want := ask(t, address, raw), "301 "+location(rule.To); got != want {
					t.Errorf("%q: %s, want %s", raw, got, want)
				}
				if got := ask(t, address, strings.Replace(raw, ".html", ".htm", 1)); got != "200" {
					t.Errorf("%q and .htm: %s", raw, got)
				}
			}
		})
	}
}

// TestTenThousand runs a table of the size of a large migration.
func TestTenThousand(t *testing.T) {
	var rules []Rule
	for i := range 10000 {
		r := Rule{From: fmt.Sprintf("/art/%d/%d/%d/art_%d_%d.html", 2010+i%10, 1+i%12, 1+i%28, 100+i%90, i), To: fmt.Sprintf("/zzjs/%d/2010-03-%d-baodao-%d.html", 2010+i%10, 1+i%28, i)}
		switch i % 10 {
		case 0:
			r.From = fmt.Sprintf("/旧版网站/党建动态/第%d期/关于开展主题党日活动的通知_%d/", i%40, i)
		case 1:
			r.From, r.Query = "/content/show.asp/", fmt.Sprintf("id=%d", i)
		}
		rules = append(rules, r)
	}
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			out, err := Table{Rules: rules, Root: "/"}.Write(s.name)
			if err != nil || out.Said != len(rules) {
				t.Fatal(err, out.Said)
			}
			t.Logf("%d bytes", len(out.Body))
			address := s.start(t, out.Body)
			for i := 0; i < len(rules); i += 41 {
				r := rules[i]
				raw := escape(r.From, "/-._~")
				if r.Query != "" {
					raw = strings.TrimSuffix(raw, "/") + "?" + r.Query
				}
				if got := ask(t, address, raw); got != "301 "+r.To {
					t.Errorf("%s: %s, want %s", raw, got, r.To)
				}
			}
			if got := ask(t, address, "/zzjs/2019/x.html"); got != "200" {
				t.Error(got)
			}
		})
	}
}
