package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// torture reports whether the long form of the tests was asked for (make torture).
func torture() (seed uint64, on bool) {
	s := os.Getenv("ZHENDI_TORTURE")
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		n = 1
	}
	return n, s != ""
}

// quick is the patience of tests.
var quick = Patience{Tries: 4, First: time.Millisecond, Most: 20 * time.Millisecond, Timeout: 20 * time.Second}

// The credentials of the test server. TestSecrets looks for them in everything that is written.
const (
	testKey    = "ZHENDITESTKEYID7"
	testSecret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
)

// gw is the S3 server of this package's tests, versitygw, on files in a folder.
var gw struct {
	once    sync.Once
	cmd     *exec.Cmd
	root    string
	address string
	err     error
	buckets atomic.Int64
}

func TestMain(m *testing.M) {
	os.Setenv("AWS_ACCESS_KEY_ID", testKey)
	os.Setenv("AWS_SECRET_ACCESS_KEY", testSecret)
	if job := os.Getenv("ZHENDI_TEST_PUBLISH"); job != "" {
		os.Exit(child(job))
	}
	code := m.Run()
	if gw.cmd != nil {
		gw.cmd.Process.Kill()
		gw.cmd.Wait()
	}
	os.RemoveAll(gw.root)
	os.Exit(code)
}

// gateway returns the address of the server, which it starts if need be.
func gateway(t testing.TB) string {
	t.Helper()
	gw.once.Do(startGateway)
	switch {
	case gw.err == nil:
		return gw.address
	case os.Getenv("CI") == "true":
		t.Fatalf("no S3 server (.ci/tools installs versitygw): %v", gw.err)
	default:
		t.Skipf("no S3 server (.ci/tools installs versitygw): %v", gw.err)
	}
	return ""
}

func startGateway() {
	cache := os.Getenv("ZHENDI_TOOLS")
	if cache == "" {
		d, err := os.UserCacheDir()
		if gw.err = err; err != nil {
			return
		}
		cache = filepath.Join(d, "zhendi-tools")
	}
	bin := filepath.Join(cache, "bin", "versitygw")
	if _, gw.err = os.Stat(bin); gw.err != nil {
		return
	}
	if gw.root, gw.err = os.MkdirTemp("", "versitygw"); gw.err != nil {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if gw.err = err; err != nil {
		return
	}
	gw.address = l.Addr().String()
	l.Close()
	cmd := exec.Command(bin, "--quiet", "--port", gw.address, "posix", gw.root)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+testKey, "ROOT_SECRET_KEY="+testSecret)
	if gw.err = cmd.Start(); gw.err != nil {
		return
	}
	gw.cmd = cmd
	for range 200 {
		c, err := net.Dial("tcp", gw.address)
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	gw.err = errors.New("versitygw does not answer")
}

// place is where a test publishes, in a form that another process can open.
type place struct {
	Endpoint, Bucket, Prefix string
	Dir                      string
}

// bucket makes a bucket of the test's own.
func bucket(t testing.TB) place {
	t.Helper()
	p := place{Endpoint: "http://" + gateway(t), Bucket: fmt.Sprintf("test-%d", gw.buckets.Add(1)), Prefix: "www"}
	s, err := S3(Bucket{Endpoint: p.Endpoint, Name: p.Bucket}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.(*s3).core.MakeBucket(context.Background(), p.Bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p place) target() (t Target, err error) {
	t = Target{Name: "test", Compress: true, Keep: []string{"uploads/"}}
	if p.Dir != "" {
		t.Site, t.Private = Dir(filepath.Join(p.Dir, "www")), Dir(filepath.Join(p.Dir, "www.zhendi"))
		return t, nil
	}
	b := Bucket{Endpoint: p.Endpoint, Name: p.Bucket}
	if t.Site, err = S3(b, p.Prefix, p.Prefix+"/.zhendi"); err == nil {
		t.Private, err = S3(b, p.Prefix+"/.zhendi", "")
	}
	return t, err
}

func (p place) open(t testing.TB) Target {
	t.Helper()
	tg, err := p.target()
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

// places runs a test for a bucket and for a folder.
func places(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("folder", func(t *testing.T) { test(t, place{Dir: t.TempDir()}) })
	t.Run("bucket", func(t *testing.T) { test(t, bucket(t)) })
}

// job is what a child process does.
type job struct {
	Place place
	Out   string
	Life  time.Duration
	Force bool
	Allow []string
	Tries int
	Limit time.Duration
	Back  bool // a rollback
	To    string
	At    int64 // the time it is, in Unix seconds; 0: now
}

func (j job) options() (Options, error) {
	tg, err := j.Place.target()
	p := quick
	if j.Tries > 0 {
		p.Tries = j.Tries
	}
	if j.Limit > 0 {
		p.Timeout = j.Limit
	}
	o := Options{Out: j.Out, Target: tg, Life: j.Life, ForceLock: j.Force, Allow: j.Allow, Patience: p}
	if j.At != 0 {
		o.Now = func() time.Time { return time.Unix(j.At, 0) }
	}
	return o, err
}

// run publishes and returns the run, with its plan, and the receipt.
func (j job) run(ctx context.Context) (*Run, *Receipt, error) {
	opt, err := j.options()
	if err != nil {
		return nil, nil, err
	}
	var r *Run
	if j.Back {
		r, err = OpenRollback(ctx, opt, j.To)
	} else {
		r, err = Open(ctx, opt)
	}
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	rc, err := r.Do(ctx)
	return r, rc, err
}

// Exit statuses of a child.
const (
	childDone = iota
	childFailed
	childRefused = 10 + iota
	childLost
	childMoved
)

func child(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		panic(err)
	}
	_, _, err := j.run(context.Background())
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			if strings.HasPrefix(line, "VmHWM:") {
				fmt.Fprint(os.Stderr, line)
			}
		}
	}
	var re *RefusedError
	switch {
	case err == nil:
		return childDone
	case errors.As(err, &re):
		fmt.Fprintln(os.Stderr, err)
		return childRefused
	case errors.Is(err, ErrLost):
		return childLost
	case errors.Is(err, ErrMoved):
		return childMoved
	}
	fmt.Fprintln(os.Stderr, err)
	return childFailed
}

// start begins a job in a process of its own.
func (j job) start(t testing.TB) (*exec.Cmd, *strings.Builder) {
	t.Helper()
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ZHENDI_TEST_PUBLISH="+string(text))
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

// must publishes a build and fails the test if that fails.
func (j job) must(t testing.TB) (*Run, *Receipt) {
	t.Helper()
	r, rc, err := j.run(context.Background())
	if err != nil {
		var re *RefusedError
		if errors.As(err, &re) {
			t.Fatalf("refused: %+v", re.Refusals)
		}
		t.Fatal(err)
	}
	return r, rc
}

// proxy stands before the server, counts and disturbs.
type proxy struct {
	address string
	mu      sync.Mutex
	n       int
	seen    []string
	active  sync.WaitGroup
	handle  func(n int, w http.ResponseWriter, r *http.Request, pass http.Handler) // nil: pass
}

// requests returns how many there were.
func (p *proxy) requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// idle waits until no request is under way.
func (p *proxy) idle() { p.active.Wait() }

func (p *proxy) count() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]int{}
	for _, s := range p.seen {
		m, _, _ := strings.Cut(s, " ")
		out[m]++
	}
	return out
}

func (p *proxy) reset(handle func(n int, w http.ResponseWriter, r *http.Request, pass http.Handler)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n, p.seen, p.handle = 0, nil, handle
}
