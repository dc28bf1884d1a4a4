package publish

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestReaderDuringPublications reads the site as a browser does, without a pause, while it is published fifty times: no page
// that is in each version may be missing, no style may be missing or of another version than its name says, and
// whatever a list links to must be there, unless it has been taken back since.
func TestReaderDuringPublications(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		times, readers := 50, 3
		if _, long := torture(); !long {
			readers = 1
			if testing.Short() {
				times = 3
			} else if p.Dir == "" {
				times = 12
			}
		}
		job{Place: p, Out: version(0).build(t, 1)}.must(t)
		site := patient{Store: p.open(t).Site, p: quick}
		var reads, faults atomic.Int64
		var wg sync.WaitGroup
		ctx, stop := context.WithCancel(context.Background())
		get := func(path string) (string, bool) {
			b, _, err := site.read(context.Background(), path)
			reads.Add(1)
			if err != nil && !errors.Is(err, errNotFound) {
				t.Error(err)
			}
			return string(b), err == nil
		}
		for range readers {
			wg.Go(func() {
				for ctx.Err() == nil {
					if wrong := browse(get); wrong != "" {
						faults.Add(1)
						t.Error(wrong)
					}
				}
			})
		}
		outs := []string{version(0).build(t, 1), "", "", ""}
		for i := range outs {
			outs[i] = version(i).build(t, 0)
		}
		for i := range times {
			job{Place: p, Out: outs[(i+1)%len(outs)], Allow: []string{AllowGone}}.must(t)
		}
		stop()
		wg.Wait()
		t.Logf("%d publications, %d reads, %d faults", times, reads.Load(), faults.Load())
	})
}

// browse reads the home page, what it loads and what it links to.
func browse(get func(string) (string, bool)) (wrong string) {
	for _, page := range []string{"index.html", "yw/index.html", "yw/2026/a.html", "yw/2026/b.html"} {
		body, ok := get(page)
		if !ok {
			return page + " is missing"
		}
		for _, m := range refs.FindAllStringSubmatch(body, -1) {
			to := fileOf(m[1], "/")
			part, ok := get(to)
			if sum, is := strings.CutPrefix(to, "_assets/style."); is {
				if !ok || sum != fmt.Sprintf("%x.css", sha256.Sum256([]byte(part))) {
					return page + " loads " + to + ", which is missing or of another version"
				}
				continue
			}
			if !ok { // taken back a moment ago: then the page no longer says it
				if now, _ := get(page); strings.Contains(now, m[0]) {
					if _, there := get(to); !there {
						return page + " links to " + to + ", which is missing"
					}
				}
			}
		}
	}
	return ""
}
