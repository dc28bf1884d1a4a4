package publish

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zhendi/internal/output"
)

// newProxy starts a proxy before the gateway and returns it with a place that leads through it.
func newProxy(t testing.TB, p place) (*proxy, place) {
	t.Helper()
	to, err := url.Parse(p.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host }, // the signature covers the host
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { panic(http.ErrAbortHandler) },
		Transport:    &http.Transport{MaxIdleConnsPerHost: 64},
	}
	x := &proxy{}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.active.Add(1)
		defer x.active.Done()
		x.mu.Lock()
		x.n++
		n, handle := x.n, x.handle
		x.seen = append(x.seen, r.Method+" "+r.URL.RequestURI())
		x.mu.Unlock()
		if handle == nil {
			pass.ServeHTTP(w, r)
			return
		}
		handle(n, w, r, pass)
	}))
	srv.Start()
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	x.address = srv.Listener.Addr().String()
	p.Endpoint = "http://" + x.address
	return x, p
}

// fault is one way for a request to go wrong.
type fault struct {
	name    string
	lasting bool // from the Nth request on; else only the Nth
	do      func(w http.ResponseWriter, r *http.Request, pass http.Handler)
}

func answer(status int, code string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		body := "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>"
		w.Header().Set("Content-Type", "application/xml")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			io.WriteString(w, body)
		}
	}
}

// drop ends the connection, with a reset if asked to.
func drop(w http.ResponseWriter, reset bool) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	if tcp, ok := c.(*net.TCPConn); ok && reset {
		tcp.SetLinger(0)
	}
	c.Close()
}

// faults are all ways. The server has done what was asked in those whose names end in "after".
var faults = []fault{
	{"500", false, answer(500, "InternalError")},
	{"503", false, answer(503, "SlowDown")},
	{"429", false, answer(429, "TooManyRequests")},
	{"500 lasting", true, answer(500, "InternalError")},
	{"credentials expired", true, answer(403, "ExpiredToken")},
	{"access denied", true, answer(403, "AccessDenied")},
	{"timeout", false, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		select { // the server sees a client go only when it reads
		case <-r.Context().Done():
		case <-time.After(5 * time.Second): // one that waits longer, as for a large answer
		}
		drop(w, true)
	}},
	{"reset", false, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { drop(w, true) }},
	{"reset lasting", true, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { drop(w, true) }},
	{"half-closed after", false, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		pass.ServeHTTP(httptest.NewRecorder(), r)
		drop(w, false)
	}},
	{"request cut", false, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body[:len(body)/2]))
		func() {
			defer func() { recover() }() // the proxy gives up on a short body
			pass.ServeHTTP(httptest.NewRecorder(), r)
		}()
		drop(w, true)
	}},
	{"answer cut after", false, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		rec := httptest.NewRecorder()
		pass.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
		w.(http.Flusher).Flush()
		drop(w, true)
	}},
	{"wrong body sent", false, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		body, _ := io.ReadAll(r.Body)
		if len(body) > 0 {
			body[len(body)/2] ^= 1
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		pass.ServeHTTP(w, r)
	}},
	{"wrong ETag after", false, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		rec := httptest.NewRecorder()
		pass.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		if r.Method == http.MethodPut && rec.Code == 200 {
			w.Header().Set("ETag", `"00000000000000000000000000000000"`)
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	}},
}

// at makes a handler that disturbs the nth request, or all from it on.
func (f fault) at(nth int) func(int, http.ResponseWriter, *http.Request, http.Handler) {
	return func(n int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if n == nth || f.lasting && n > nth {
			f.do(w, r, pass)
			return
		}
		pass.ServeHTTP(w, r)
	}
}

// cutAfterManifest answers no request after the one that brings the manifest.
func cutAfterManifest() func(n int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
	var reached atomic.Bool
	return func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if reached.Load() {
			answer(403, "ExpiredToken")(w, r, pass)
			return
		}
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, output.ManifestPath) {
			reached.Store(true)
		}
		pass.ServeHTTP(w, r)
	}
}
