package publish

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zhendi/internal/output"
)

// heap is an S3 server that keeps what it is asked for in memory, without checking signatures: for tests of a hundred thousand
// objects, where a real one would spend minutes on its disk.
type heap struct {
	mu      sync.Mutex
	objects map[string]heapObject
	counts  map[string]int
}

type heapObject struct {
	size   int64
	etag   string
	body   []byte // of small objects, private ones and manifests
	header http.Header
}

func (h *heap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/big/")
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[r.Method]++
	o, there := h.objects[key]
	switch {
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		h.list(w, r)
	case r.Method == http.MethodPut && (r.Header.Get("If-None-Match") == "*" && there || r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != `"`+o.etag+`"`):
		w.WriteHeader(http.StatusPreconditionFailed)
	case r.Method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		from, _ := url.PathUnescape(strings.TrimPrefix(strings.TrimPrefix(r.Header.Get("X-Amz-Copy-Source"), "/"), "big/"))
		if o, there = h.objects[from]; !there || o.etag != strings.Trim(r.Header.Get("X-Amz-Copy-Source-If-Match"), `"`) {
			w.WriteHeader(http.StatusPreconditionFailed)
			return
		}
		h.counts["COPY"]++
		h.counts[r.Method]--
		h.objects[key] = o
		fmt.Fprintf(w, "<CopyObjectResult><ETag>&quot;%s&quot;</ETag><LastModified>%s</LastModified></CopyObjectResult>", o.etag, time.Now().UTC().Format("2006-01-02T15:04:05.000Z"))
	case r.Method == http.MethodPut:
		o = heapObject{size: int64(len(body)), etag: fmt.Sprintf("%x", md5.Sum(body)), header: http.Header{}}
		if len(body) < 100 || strings.Contains(key, "/.zhendi/") || strings.Contains(key, "_site/") {
			o.body = body
		}
		for _, k := range []string{"Content-Type", "Cache-Control", "X-Amz-Meta-" + mark} {
			o.header.Set(k, r.Header.Get(k))
		}
		h.objects[key] = o
		w.Header().Set("ETag", `"`+o.etag+`"`)
	case r.Method == http.MethodDelete:
		delete(h.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
	default:
		for k, v := range o.header {
			w.Header()[k] = v
		}
		w.Header().Set("ETag", `"`+o.etag+`"`)
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.FormatInt(o.size, 10))
		if r.Method == http.MethodGet {
			w.Write(o.body)
		}
	}
}

func (h *heap) list(w http.ResponseWriter, r *http.Request) {
	type content struct {
		Key, ETag, LastModified string
		Size                    int64
	}
	type result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []content
	}
	q := r.URL.Query()
	from := max(q.Get("start-after"), q.Get("continuation-token"))
	var keys []string
	for k := range h.objects {
		if strings.HasPrefix(k, q.Get("prefix")) && k > from {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	res := result{}
	if len(keys) > 1000 {
		keys = keys[:1000]
		res.IsTruncated, res.NextContinuationToken = true, keys[999]
	}
	for _, k := range keys {
		res.Contents = append(res.Contents, content{k, h.objects[k].etag, time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), h.objects[k].size})
	}
	xml.NewEncoder(w).Encode(res)
}

// TestHundredThousandFiles publishes that many, then a change of a few, each in a process whose memory and time are
// measured. The short form takes a tenth, and looks at memory and requests alone.
func TestHundredThousandFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: takes long")
	}
	n := 10_000
	_, long := torture()
	if long {
		n = 100_000
	}
	h := &heap{objects: map[string]heapObject{}, counts: map[string]int{}}
	srv := httptest.NewServer(h)
	defer srv.Close()
	p := place{Endpoint: srv.URL, Bucket: "big", Prefix: "www"}
	dir := filepath.Join(t.TempDir(), "public")
	many(t, dir, n, 0, 1)
	run, most := job{Place: p, Out: dir}, 300
	measure := func(what string) (requests int) {
		h.mu.Lock()
		clear(h.counts)
		h.mu.Unlock()
		start := time.Now()
		cmd, says := run.start(t)
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != childDone {
			t.Fatalf("%s: status %d: %s", what, code, says)
		}
		mb := peak(says.String())
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, c := range h.counts {
			requests += c
		}
		t.Logf("%d files, %s: %.1f s, %d MB, requests %v", n, what, time.Since(start).Seconds(), mb, h.counts)
		if mb > most {
			t.Errorf("%s takes %d MB", what, mb)
		}
		return requests
	}
	measure("the first time")
	measure("nothing to do")
	many(t, dir, n, 10, 2)
	start := time.Now()
	opt, err := job{Place: p, Out: dir}.options()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	r.Close()
	t.Logf("%d files: a plan of %d steps in %.2f s", n, len(r.Plan.Steps), took.Seconds())
	if requests := measure("10 changed"); requests > 2*10+30 { // each is copied before it is replaced
		t.Errorf("%d requests for 10 changes", requests)
	}
	run = job{Place: p, Back: true}
	if requests := measure("a rollback of 10"); requests > 4*10+40 { // their older bytes come, twice: to be checked, and to be sent; what they replace is copied
		t.Errorf("%d requests for a rollback of 10", requests)
	}
	if !long {
		return
	}
	most = 550 // the difference of a hundred thousand files is held beside the manifests and the receipt
	many(t, dir, n, n, 3)
	run = job{Place: p, Out: dir}
	measure("all changed")
	run = job{Place: p, Back: true}
	measure("a rollback of all")
}

// many writes a site of n files of which the first changed differ from those of another call.
func many(t *testing.T, dir string, n, changed int, serial int64) {
	t.Helper()
	tx, err := output.Open(context.Background(), dir, output.Options{As: "build"})
	if err != nil {
		t.Fatal(err)
	}
	tx.Put(output.File{Path: "index.html", Class: output.Home, Body: []byte("home")})
	for i := range n {
		body := fmt.Sprintf("<p>%d", i)
		if i < changed {
			body += " changed"
		}
		tx.Put(output.File{Path: fmt.Sprintf("yw/%d/tongzhi-%06d.html", 2000+i%25, i), Class: output.Article, Body: []byte(body)})
	}
	if _, err := tx.Commit(output.Build{Generator: "zhendi test", Serial: serial}); err != nil {
		t.Fatal(err)
	}
}

// peak returns the most memory that a child has held, in MB, by what it said at its end. The system's own figure for a child counts
// the memory of its parent at the fork.
func peak(says string) (mb int) {
	for line := range strings.Lines(says) {
		if n, err := fmt.Sscanf(line, "VmHWM: %d kB", &mb); n == 1 && err == nil {
			return mb >> 10
		}
	}
	return 0
}

// TestNoSecretIsWritten runs into every kind of trouble with credentials that are easy to find, and looks for them in all that was
// said and written.
func TestNoSecretIsWritten(t *testing.T) {
	p := bucket(t)
	s := newScene(t)
	var said strings.Builder
	for _, f := range faults {
		if f.name == "timeout" { // says nothing, and for long
			continue
		}
		x, through := newProxy(t, p)
		x.reset(fault{lasting: true, do: f.do}.at(2))
		j := job{Place: through, Out: s.prepare[0], Tries: 1}
		_, _, err := j.run(context.Background())
		fmt.Fprintln(&said, err)
		for _, probe := range Doctor(context.Background(), through.open(t), "", Patience{Tries: 1, Timeout: 500 * time.Millisecond}) {
			fmt.Fprintln(&said, probe)
		}
	}
	x, through := newProxy(t, p)
	x.reset(func(n int, w http.ResponseWriter, r *http.Request, pass http.Handler) { // a server that quotes what it was sent
		answer(403, "SignatureDoesNotMatch")(w, r, pass)
	})
	_, _, err := job{Place: through, Out: s.prepare[0]}.run(context.Background())
	fmt.Fprintln(&said, err)
	job{Place: p, Out: s.prepare[0], Force: true}.must(t)
	look := func(where, text string) {
		for _, secret := range []string{testSecret, testKey} {
			if strings.Contains(text, secret) || strings.Contains(text, hex.EncodeToString([]byte(secret))) {
				t.Errorf("%s holds credentials", where)
			}
		}
	}
	look("what was said", said.String())
	tg := p.open(t)
	for _, store := range []Store{tg.Site, tg.Private} {
		look(store.String(), store.String())
		for key, body := range contents(t, store) {
			look(key, body)
		}
	}
	err = filepath.WalkDir(s.prepare[0], func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		look(path, string(b))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if said.Len() < 500 {
		t.Error("little was said: the test looks at nothing")
	}
}
