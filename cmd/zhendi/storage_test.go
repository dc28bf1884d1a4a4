package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhendi/internal/output"
)

// manualBlock returns the code block after a mark in a page of the manual.
func manualBlock(t *testing.T, page, mark string) string {
	t.Helper()
	text, err := os.ReadFile("../../content/bjzn/" + page)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<!-- "+mark+" -->\n")
	if ok {
		_, rest, ok = strings.Cut(rest, "```")
	}
	_, rest, _ = strings.Cut(rest, "\n")
	block, _, end := strings.Cut(rest, "\n```")
	if !ok || !end {
		t.Fatalf("%s has no block %s", page, mark)
	}
	return block
}

// policy is one of S3.
type policy struct {
	Version   string
	Statement []*struct {
		Effect    string
		Principal any `json:",omitempty"`
		Action    []string
		Resource  []string
	}
}

func (s *store) setPolicy(p *policy) {
	s.t.Helper()
	text, err := json.Marshal(p)
	if err == nil {
		err = s.core.SetBucketPolicy(context.Background(), "dangjian", string(text))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// newSmallSite makes a site with zhendi init, built, with these lines for its target, and returns its folder and what runs in it.
func newSmallSite(t *testing.T, target string) (dir string, run func(env []string, script string) (string, error)) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "site")
	c := &ci{t: t, dir: t.TempDir(), edit: dir}
	c.sh(c.dir, nil, "zhendi init "+dir)
	c.write("site.yaml", strings.TrimRight(c.file("site.yaml"), "\n")+"\ntargets:\n  www: "+target+"\n")
	c.sh(dir, nil, "zhendi build --serial 10")
	return dir, func(env []string, script string) (string, error) { return c.try(dir, env, "bash", "-e", "-c", script) }
}

// TestPoliciesOfManual: the four permissions that the manual gives the publishing account are enough, each of them is needed and
// named by doctor; readers see the site and nothing below the private prefix.
func TestPoliciesOfManual(t *testing.T) {
	t.Parallel()
	s := newStore(t, "dangjian")
	s.user("publisher", "publishersecret")
	_, run := newSmallSite(t, fmt.Sprintf("{s3: {endpoint: 'http://%s', bucket: dangjian}}", s.address))
	publisher := []string{"AWS_ACCESS_KEY_ID=publisher", "AWS_SECRET_ACCESS_KEY=publishersecret"}
	load := func(mark string) *policy {
		p := new(policy)
		if err := json.Unmarshal([]byte(manualBlock(t, "storage.md", "policy: "+mark)), p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := load("publisher")
	for _, st := range p.Statement { // the policy is of the account; the server knows policies of buckets only
		st.Principal = map[string][]string{"AWS": {"publisher"}}
	}
	s.setPolicy(p)
	if out, err := run(publisher, "zhendi publish doctor && zhendi publish && zhendi verify --full"); err != nil {
		t.Errorf("the manual's permissions are not enough: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(s.root, "dangjian", "index.html"), []byte("改"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := run(publisher, "zhendi verify --full --repair && zhendi build --serial 11 && zhendi publish"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for i, st := range p.Statement {
		all := st.Action
		for j, action := range all {
			st.Action = append(append([]string{}, all[:j]...), all[j+1:]...)
			less := *p
			if len(st.Action) == 0 {
				less.Statement = append(append(less.Statement[:0:0], p.Statement[:i]...), p.Statement[i+1:]...)
			}
			s.setPolicy(&less)
			if out, err := run(publisher, "zhendi publish doctor"); err == nil || !strings.Contains(out, action) {
				t.Errorf("without %s: %v\n%s", action, err, out)
			}
		}
		st.Action = all
	}
	s.setPolicy(p)
	status := func(key string) int {
		res, err := http.Get("http://" + s.address + "/dangjian/" + key)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if index, private := status("index.html"), status(".zhendi/inventory"); index != 403 || private != 403 {
		t.Errorf("before readers are let in: %d %d", index, private)
	}
	readers := load("readers")
	s.setPolicy(readers)
	if index, private := status("index.html"), status(".zhendi/inventory"); index != 200 || private != 403 {
		t.Errorf("with the manual's policy for readers: %d %d", index, private)
	}
	private := "私有前缀不对外公开"
	if out, err := run(s.env(), "zhendi publish doctor"); err != nil || !strings.Contains(out, "可以\t"+private) {
		t.Errorf("%v\n%s", err, out)
	}
	readers.Statement = readers.Statement[:1]
	s.setPolicy(readers)
	if out, _ := run(s.env(), "zhendi publish doctor"); status(".zhendi/inventory") != 200 || strings.Contains(out, "可以\t"+private) {
		t.Errorf("doctor does not see that all can read below the private prefix\n%s", out)
	}

}

// TestNginxOfManual runs the real nginx with the manual's configuration on a published folder: types, caching and compression are
// as they are in a bucket.
func TestNginxOfManual(t *testing.T) {
	t.Parallel()
	dir, run := newSmallSite(t, "{dir: www, compress: true}")
	if out, err := run(nil, "zhendi publish"); err != nil {
		t.Fatal(out)
	}
	base := startNginx(t, manualBlock(t, "storage.md", "nginx"), filepath.Join(dir, "www"))
	if out, err := run(nil, "zhendi verify --full --url "+base+"/"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	get := func(path, encoding string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest("GET", base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", encoding)
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res, string(b)
	}
	text, err := os.ReadFile(filepath.Join(dir, "public", output.ManifestPath))
	if err != nil {
		t.Fatal(err)
	}
	m, err := output.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	caching := map[output.Class]string{output.Asset: "public, max-age=31536000, immutable", output.Picture: "public, max-age=86400",
		output.Article: "public, max-age=300", output.List: "public, max-age=60", output.Home: "public, max-age=60", output.Feed: "public, max-age=60"}
	for _, e := range m.Files {
		want := caching[e.Class]
		if e.Class == output.List && !strings.HasSuffix(e.Path, "index.html") { // 404.html, sitemap.html, further pages: as articles
			continue
		}
		if res, _ := get("/"+e.Path, "identity"); want != "" && res.Header.Get("Cache-Control") != want {
			t.Errorf("%s: Cache-Control %q, in a bucket %q", e.Path, res.Header.Get("Cache-Control"), want)
		}
	}
	if res, _ := get("/", "identity"); res.Header.Get("Cache-Control") != "public, max-age=60" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error(res.Header)
	}
	if res, _ := get("/yw/", "gzip"); res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Error(res.Header)
	}
	if res, body := get("/keine/", "identity"); res.StatusCode != 404 || !strings.Contains(body, "<html") || res.Header.Get("Cache-Control") != "no-cache" {
		t.Error(res.StatusCode, res.Header)
	}
	if res, _ := get("/../www.zhendi/inventory", "identity"); res.StatusCode == 200 {
		t.Error("what is private can be read")
	}
}

// startNginx serves a folder by a configuration that the manual gives.
func startNginx(t *testing.T, conf, root string) string {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		if path = "/usr/sbin/nginx"; os.Getenv("CI") != "true" {
			if _, err := os.Stat(path); err != nil {
				t.Skip("no nginx (.ci/tools installs it)")
			}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	work := t.TempDir()
	for d := work; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		os.Chmod(d, 0o755)
	}
	conf = strings.Replace(strings.Replace(conf, "listen 80;", "listen "+address+";", 1), "root /srv/www;", "root "+root+";", 1)
	whole := fmt.Sprintf(`worker_processes 1; daemon off; pid %[1]s/pid; error_log %[1]s/error.log; events {}
http { include /etc/nginx/mime.types; default_type application/octet-stream; access_log off;
client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
%[2]s
}
`, work, conf)
	name := filepath.Join(work, "nginx.conf")
	if err := os.WriteFile(name, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-p", work, "-c", name)
	if os.Getuid() == 0 { // the server's worker must be able to read the site
		cmd.Args = append(cmd.Args, "-g", "user root;")
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("nginx does not answer: %s", log.String())
	return ""
}
