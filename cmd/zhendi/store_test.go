package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// The credentials of the S3 server of tests.
const (
	storeKey    = "ZHENDITESTKEYID7"
	storeSecret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
)

// store is an S3 server of a test's own, versitygw, whose objects are files below root.
type store struct {
	t             testing.TB
	root, address string
	core          *minio.Core
}

// tool finds a program that .ci/tools installs; with CI=true it must be there.
func tool(t testing.TB, name string) string {
	t.Helper()
	cache := os.Getenv("ZHENDI_TOOLS")
	if cache == "" {
		d, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(d, "zhendi-tools")
	}
	for _, p := range []string{filepath.Join(cache, "bin", name), filepath.Join(cache, "node_modules", ".bin", name)} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	p, err := exec.LookPath(name)
	switch {
	case err == nil:
		return p
	case os.Getenv("CI") == "true":
		t.Fatalf("no %s (.ci/tools installs it)", name)
	default:
		t.Skipf("no %s (.ci/tools installs it)", name)
	}
	return ""
}

// newStore starts a server with buckets.
func newStore(t testing.TB, buckets ...string) *store {
	t.Helper()
	bin := tool(t, "versitygw")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &store{t: t, root: t.TempDir(), address: l.Addr().String()}
	l.Close()
	cmd := exec.Command(bin, "--quiet", "--port", s.address, "--iam-dir", t.TempDir(), "posix", s.root)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+storeKey, "ROOT_SECRET_KEY="+storeSecret)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		c, err := net.Dial("tcp", s.address)
		if err == nil {
			c.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if s.core, err = minio.NewCore(s.address, &minio.Options{Creds: credentials.NewStaticV4(storeKey, storeSecret, "")}); err != nil {
		t.Fatal(err)
	}
	for _, b := range buckets {
		if err := s.core.MakeBucket(context.Background(), b, minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// user makes an account that may do what bucket policies allow it.
func (s *store) user(name, secret string) {
	s.t.Helper()
	cmd := exec.Command(tool(s.t, "versitygw"), "admin", "--access", storeKey, "--secret", storeSecret, "--endpoint-url", "http://"+s.address,
		"create-user", "--access", name, "--secret", secret, "--role", "user")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
}

// read returns the bytes of an object, as they lie on the server's disk.
func (s *store) read(bucket, key string) (string, bool) {
	b, err := os.ReadFile(filepath.Join(s.root, bucket, filepath.FromSlash(key)))
	return string(b), err == nil
}

// env is what a command needs to work on the server.
func (s *store) env() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + storeKey, "AWS_SECRET_ACCESS_KEY=" + storeSecret}
}
