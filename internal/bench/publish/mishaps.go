//go:build linux

package main

import (
	"context"
	"crypto/md5"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// strike is what a mishap needs to know.
type strike struct {
	ctx   context.Context
	tool  tool
	puts  int // how many files differ between what is live and what is published
	rng   *rand.Rand
	run   *running
	other *outcome // of a second publisher
	wait  sync.WaitGroup
	once  sync.Once
	hit   atomic.Bool
}

// at returns a number of a PUT, at about that part of all.
func (x *strike) at(part float64) int {
	return max(1, int(float64(x.puts)*part)+x.rng.IntN(max(1, x.puts/50)))
}

// outage answers 503 to everything for a while.
func outage(_ *bench, x *strike) handler {
	n := x.at(0.3)
	var from time.Time
	var mu sync.Mutex
	return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		mu.Lock()
		if q.kind == "PUT" && q.nth >= n && from.IsZero() {
			from = time.Now()
			x.hit.Store(true)
		}
		down := !from.IsZero() && time.Since(from) < 5*time.Second
		mu.Unlock()
		if down {
			refuse(w, r, http.StatusServiceUnavailable, "SlowDown")
			return
		}
		pass.ServeHTTP(w, r)
	}
}

// resetAt resets the connection of one request: the first of all, or of a PUT at that part of them.
func resetAt(part float64) func(*bench, *strike) handler {
	return func(_ *bench, x *strike) handler {
		n := x.at(part)
		return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if part == 0 && q.n == 1 || part > 0 && q.kind == "PUT" && q.nth == n {
				x.hit.Store(true)
				cut(w)
				return
			}
			pass.ServeHTTP(w, r)
		}
	}
}

// killAt kills the publisher before a PUT is passed on.
func killAt(part float64) func(*bench, *strike) handler {
	return func(_ *bench, x *strike) handler {
		n := x.at(part)
		return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if q.kind == "PUT" && q.nth >= n {
				x.once.Do(func() { x.hit.Store(true); x.run.kill() })
				cut(w)
				return
			}
			pass.ServeHTTP(w, r)
		}
	}
}

// expire refuses everything from a PUT on, as with temporary credentials whose time is over.
func expire(_ *bench, x *strike) handler {
	n := x.at(0.5)
	over := false
	var mu sync.Mutex
	return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
		mu.Lock()
		over = over || q.kind == "PUT" && q.nth >= n
		is := over
		x.hit.Store(over)
		mu.Unlock()
		if is {
			refuse(w, r, http.StatusForbidden, "ExpiredToken")
			return
		}
		pass.ServeHTTP(w, r)
	}
}

// deny refuses writing what has this in its name.
func deny(part string) func(*bench, *strike) handler {
	return func(_ *bench, x *strike) handler {
		return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if q.kind == "PUT" && strings.Contains(q.key, part) {
				x.hit.Store(true)
				refuse(w, r, http.StatusForbidden, "AccessDenied")
				return
			}
			pass.ServeHTTP(w, r)
		}
	}
}

// spoil lets the server store something else than what it was sent: half of it, with the ETag of that half; or bytes that
// differ, with the ETag of what was sent.
func spoil(honest bool) func(*bench, *strike) handler {
	return func(b *bench, x *strike) handler {
		n := x.at(0.4)
		return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if q.kind != "PUT" || q.nth < n || !isPage(q.key) {
				pass.ServeHTTP(w, r)
				return
			}
			done := false
			x.once.Do(func() { done = true })
			if !done {
				pass.ServeHTTP(w, r)
				return
			}
			got := httptest.NewRecorder()
			pass.ServeHTTP(got, r)
			etag, err := b.gateway.spoil(q.key, honest)
			if err != nil {
				panic(err) // the server's files are ours
			}
			x.hit.Store(got.Code == http.StatusOK)
			for k, v := range got.Header() {
				w.Header()[k] = v
			}
			w.Header().Set("ETag", etag)
			w.WriteHeader(got.Code)
		}
	}
}

// spoil changes an object on the server's disk.
func (g *gateway) spoil(key string, honest bool) (etag string, err error) {
	name := g.path(key)
	body, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	etag = attribute(name, "user.etag")
	if honest {
		body = body[:len(body)/2]
		etag = fmt.Sprintf(`"%x"`, md5.Sum(body))
	} else {
		body[len(body)/2] ^= 1
	}
	if err := os.WriteFile(name, body, 0o644); err != nil { // keeps the attributes
		return "", err
	}
	return etag, syscall.Setxattr(name, "user.etag", []byte(etag), 0)
}

// meanwhile starts another publication, of another build, when a third is sent.
func meanwhile(other string) func(*bench, *strike) handler {
	return func(b *bench, x *strike) handler {
		n := max(1, x.puts/3)
		return func(q request, w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if q.kind == "PUT" && q.nth >= n {
				x.once.Do(func() {
					x.hit.Store(true)
					x.wait.Go(func() {
						o, err := b.publish(x.ctx, x.tool, job{site: b.variants[other]}, &running{})
						if err != nil {
							o = outcome{Exit: -2, text: err.Error()}
						}
						x.other = &o
					})
				})
			}
			pass.ServeHTTP(w, r)
		}
	}
}

// tamper replaces a page by one of the same size, as somebody with access to the bucket can.
func tamper(b *bench) error {
	const key = "index.html"
	body, err := os.ReadFile(filepath.Join(b.variants["first"].out, key))
	if err != nil {
		return err
	}
	return b.gateway.put(key, "text/html; charset=utf-8", []byte(strings.Replace(string(body), "党", "黨", 1)))
}
