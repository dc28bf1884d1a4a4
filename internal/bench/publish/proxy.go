//go:build linux

package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// kinds of requests, as providers charge for them.
var kinds = []string{"LIST", "GET", "HEAD", "PUT", "COPY", "DELETE"}

// traffic is what passed: requests by kind, bytes sent to the server and answered by it, bodies only.
type traffic struct {
	Requests map[string]int
	Up, Down int64
}

func (t traffic) total() (n int) {
	for _, k := range t.Requests {
		n += k
	}
	return n
}

// request is one as a mishap sees it: its number, its kind, its number among those of the kind, its key.
type request struct {
	n, nth int
	kind   string
	key    string
}

// handler disturbs: it passes the request on, or does not.
type handler func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler)

// proxy stands before the server.
type proxy struct {
	address string
	server  *httptest.Server
	pass    *httputil.ReverseProxy
	active  sync.WaitGroup

	mu      sync.Mutex
	now     traffic
	disturb handler
	up      atomic.Int64
	down    atomic.Int64
}

func startProxy(to string) (*proxy, error) {
	p := &proxy{}
	at := &url.URL{Scheme: "http", Host: to}
	p.pass = &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(at); r.Out.Host = r.In.Host }, // which the signature covers
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		Transport:    &http.Transport{MaxIdleConnsPerHost: 128},
	}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	p.address = p.server.Listener.Addr().String()
	p.reset(nil)
	return p, nil
}

func (p *proxy) close() {
	p.server.CloseClientConnections()
	p.server.Close()
}

// reset begins a new count, with a mishap or none, when nothing is under way, and returns the last one.
func (p *proxy) reset(disturb handler) traffic {
	p.active.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	last := p.now
	last.Up, last.Down = p.up.Swap(0), p.down.Swap(0)
	p.now, p.disturb = traffic{Requests: map[string]int{}}, disturb
	return last
}

func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.active.Add(1)
	defer p.active.Done()
	q := request{kind: kindOf(r), key: strings.TrimPrefix(r.URL.Path, "/"+bucket+"/")}
	p.mu.Lock()
	p.now.Requests[q.kind]++
	q.n, q.nth = p.now.total(), p.now.Requests[q.kind]
	disturb := p.disturb
	p.mu.Unlock()
	r.Body = &counted{ReadCloser: r.Body, n: &p.up}
	to := &answer{ResponseWriter: w, n: &p.down}
	if disturb == nil {
		p.pass.ServeHTTP(to, r)
		return
	}
	disturb(q, to, r, p.pass)
}

func kindOf(r *http.Request) string {
	q := r.URL.Query()
	switch {
	case r.Method == http.MethodGet && (q.Has("list-type") || q.Has("prefix") || q.Has("versions") || strings.Count(r.URL.Path, "/") == 1):
		return "LIST"
	case r.Method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		return "COPY"
	case r.Method == http.MethodPost && q.Has("delete"):
		return "DELETE"
	case r.Method == http.MethodPost:
		return "PUT"
	}
	return r.Method
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	return n, err
}

type answer struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (a *answer) Write(b []byte) (int, error) {
	n, err := a.ResponseWriter.Write(b)
	a.n.Add(int64(n))
	return n, err
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// refuse answers with an error of S3.
func refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	io.Copy(io.Discard, r.Body)
	body := `<?xml version="1.0"?><Error><Code>` + code + `</Code><Message>` + code + `</Message></Error>`
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		io.WriteString(w, body)
	}
}

// cut resets the connection.
func cut(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}
