//go:build linux

package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// reader reads the site without an account, straight from the server, while it is published: the home page, what it loads,
// an article it links to, what that loads. Afterwards it comes back for the styles and scripts of pages that it has had for less than a
// minute, as a reader behind a cache does: pages may be kept that long.
type reader struct {
	at     string
	stop   chan struct{}
	done   sync.WaitGroup
	reads  int
	faults int
	assets map[string]time.Time // loaded by pages, when last
}

// startReader starts one, if asked to.
func (b *bench) startReader(wanted bool) *reader {
	r := &reader{at: "http://" + b.gateway.address + "/" + bucket + "/", stop: make(chan struct{}), assets: map[string]time.Time{}}
	if wanted {
		r.done.Go(func() {
			rng := rand.New(rand.NewPCG(b.seed, 0))
			for {
				select {
				case <-r.stop:
					return
				default:
					r.walk(rng)
				}
			}
		})
	}
	return r
}

// end stops the reader and returns how many reads it made, what it missed at once, and what it misses now of pages it has.
func (r *reader) end() (reads, faults, late int) {
	close(r.stop)
	r.done.Wait()
	for key, when := range r.assets {
		if _, ok := r.get(key); !ok && time.Since(when) < time.Minute {
			late++
		}
	}
	return r.reads, r.faults, late
}

func (r *reader) walk(rng *rand.Rand) {
	links := r.open("index.html")
	if len(links) > 0 {
		r.open(links[rng.IntN(len(links))])
	}
}

// open reads a page and what it loads, and returns the articles it links to.
func (r *reader) open(page string) (links []string) {
	body, ok := r.get(page)
	if !ok {
		r.faults++
		return nil
	}
	for _, to := range refsIn(body) {
		switch {
		case isPage(to) && strings.Contains(to, "/t20"):
			links = append(links, to)
		case strings.HasPrefix(to, "_assets/"):
			r.assets[to] = time.Now()
			if _, ok := r.get(to); !ok {
				r.faults++
			}
		}
	}
	return links
}

func (r *reader) get(key string) ([]byte, bool) {
	r.reads++
	res, err := http.Get(r.at + key)
	if err != nil {
		return nil, false
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return body, err == nil && res.StatusCode == http.StatusOK
}
