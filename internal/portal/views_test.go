package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// nginx serves a folder on this machine and writes the access log that Debian's package would.
func nginx(t *testing.T, dir string) (address, log string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		path = "/usr/sbin/nginx"
		_, err = os.Stat(path)
	}
	need(t, err == nil, "nginx", "counting the views of a real server")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	l.Close()
	work := t.TempDir()
	os.Chmod(work, 0o755)
	os.Chmod(filepath.Dir(work), 0o755)
	log = filepath.Join(work, "access.log")
	write(t, work, "nginx.conf", fmt.Sprintf(`worker_processes 1; daemon off; pid %[1]s/pid; error_log %[1]s/error.log;
events {}
http {
  types { text/html html; text/css css; text/javascript js; application/json json; image/jpeg jpg; image/png png; image/svg+xml svg; }
  access_log %[1]s/access.log combined;
  client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen %[2]s; root %[3]s; location = /favicon.ico { return 204; } }
}
`, work, address, dir))
	cmd := exec.Command(path, "-p", work, "-c", filepath.Join(work, "nginx.conf"))
	if os.Getuid() == 0 { // the server's worker must be able to read the site
		cmd.Args = append(cmd.Args, "-g", "user root;")
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address, log
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("nginx does not answer")
	return
}

// as gives the browser another name: its own says that nobody sits before it.
func (b *browser) as(agent string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent})
		return err
	}))
}

// viewed is a copy of the sample that shows counts and hot lists, and the program that makes them.
type viewed struct {
	t                 *testing.T
	dir, program, log string
}

func newViewed(t *testing.T) *viewed {
	t.Helper()
	v := &viewed{t: t, dir: t.TempDir(), program: filepath.Join(t.TempDir(), "zhendi")}
	if out, err := exec.Command("go", "build", "-o", v.program, root+"/cmd/zhendi").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.CopyFS(filepath.Join(v.dir, "content"), os.DirFS(root+"/content")); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile(root + "/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(settings), "hot: picks", "hot: views", 1)
	if !strings.Contains(text, "\nviews:") {
		text += "\nviews: {shards: 16, slot: 1440, hot: week}\n"
	}
	write(t, v.dir, "site.yaml", text)
	v.run("build", "--now", now)
	return v
}

// run runs the program and returns what it printed.
func (v *viewed) run(args ...string) string {
	v.t.Helper()
	args = append(args, "--source", v.dir, "--lang", "en")
	if args[0] == "views" && args[1] == "ingest" {
		args = append(args, v.log)
	}
	out, err := exec.Command(v.program, args...).CombinedOutput()
	if err != nil {
		v.t.Fatalf("zhendi %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// reader reads pages as one person, by a browser that names itself so.
func (v *viewed) read(b *browser, address, agent string, pages ...string) {
	v.t.Helper()
	b.as(agent)
	for _, p := range pages {
		b.do(chromedp.Navigate(address + p))
	}
}

// Readers read, the server logs, the log is counted: the pages show the numbers, and the hot lists
// the titles of their edition. What is withdrawn is gone from them.
func TestViewsFromTheServerToThePage(t *testing.T) {
	v := newViewed(t)
	address, log := nginx(t, filepath.Join(v.dir, "public"))
	v.log = log
	b := startBrowser(t)
	const one, two = "/yw/jgdt/2026/2026-11-09-qixiang-gaoshan.html", "/yw/jgdt/2026/2026-10-30-jiaotong-gongjiao.html"
	var catalogue struct {
		Articles []struct {
			Editions []struct{ Path, Title string }
		}
	}
	raw, err := os.ReadFile(filepath.Join(v.dir, ".zhendi/catalogue.json"))
	if err == nil {
		err = json.Unmarshal(raw, &catalogue)
	}
	if err != nil {
		t.Fatal(err)
	}
	title := map[string]string{}
	for _, a := range catalogue.Articles {
		for _, e := range a.Editions {
			title[e.Path] = e.Title
		}
	}
	if title[one] == "" || title["/hant"+one] == "" || title[two] == "" || title[one] == title["/hant"+one] {
		t.Fatalf("the sample has no %s and %s in two scripts", one, two)
	}

	const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"
	day := time.Now().Format(time.DateOnly)
	b.do(chromedp.Navigate(address + one)) // as HeadlessChrome: nobody
	if res, err := http.Get(address + one); err == nil {
		res.Body.Close() // a program
	}
	v.read(b, address, firefox, one, one+"?from=wx", "/hant"+one, one, two, "/yw/") // one reader, in both editions
	v.read(b, address, firefox+" other", one)
	account := v.run("views", "ingest")
	if !strings.Contains(account, "counted                                3") {
		t.Errorf("ingest:\n%s", account)
	}
	v.run("views", "ingest")
	v.run("views", "write")
	if time.Now().Format(time.DateOnly) != day {
		t.Skip("midnight came between: what was one view may be two")
	}

	v.shows(b, address+one, "2", title[one], title[two])
	v.shows(b, address+"/hant"+one, "2", title["/hant"+one], title["/hant"+two])
	v.shows(b, address+two, "1", title[one])

	if err := os.Remove(filepath.Join(v.dir, "content/yw/jgdt/2026-11-09-qixiang-gaoshan.md")); err != nil {
		t.Fatal(err)
	}
	v.run("build", "--now", now)
	v.run("views", "write")
	for name, body := range tree(t, filepath.Join(v.dir, "public/_views")) {
		if strings.Contains(string(body), title[one]) || strings.Contains(string(body), title["/hant"+one]) {
			t.Errorf("%s still has the article that was withdrawn", name)
		}
	}
	v.shows(b, address+"/yw/", "", title[two])
}

// shows looks at a page: its count, and the beginning of its list of hot articles, in which the
// page itself does not stand.
func (v *viewed) shows(b *browser, url, count string, hot ...string) {
	v.t.Helper()
	b.do(chromedp.Navigate(url))
	if count != "" {
		b.await(fmt.Sprintf("(document.querySelector('.views:not([hidden])')||{textContent:''}).textContent.includes(%q)", count), url+" shows "+ask[string](b, "document.querySelector('.views').outerHTML")+" for "+count)
	}
	ask[bool](b, "document.querySelector('.hot').scrollIntoView(), true")
	b.await("document.querySelectorAll('.hot li').length > 0", url+" shows no hot list")
	list := ask[string](b, "[...document.querySelectorAll('.hot li')].map(e => e.textContent).join('|')")
	own := ask[string](b, "(document.querySelector('h1')||{textContent:''}).textContent.trim()")
	at := 0
	for _, title := range hot {
		if title == own {
			continue
		}
		i := strings.Index(list[at:], title)
		if i < 0 {
			v.t.Errorf("%s: the hot list is %s, without %s", url, list, title)
			return
		}
		at += i
	}
}
