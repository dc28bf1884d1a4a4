//go:build linux

package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The account and bucket of the test server.
const (
	accessKey = "BENCHACCESSKEY"
	secretKey = "bench-secret-bench-secret"
	region    = "us-east-1"
	bucket    = "portal"
)

// gateway is the S3 server: versitygw, which keeps an object as a file and its headers as extended attributes.
type gateway struct {
	cmd     *exec.Cmd
	root    string
	address string
}

func startGateway(bin, root string) (*gateway, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gateway{root: root, address: l.Addr().String()}
	l.Close()
	g.cmd = exec.Command(bin, "--quiet", "--port", g.address, "posix", root)
	g.cmd.Env = []string{"ROOT_ACCESS_KEY=" + accessKey, "ROOT_SECRET_KEY=" + secretKey, "HOME=" + root}
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := g.cmd.Start(); err != nil {
		return nil, err
	}
	for range 200 {
		if c, err := net.Dial("tcp", g.address); err == nil {
			c.Close()
			return g, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("versitygw does not answer"), g.stop())
}

func (g *gateway) stop() error {
	g.cmd.Process.Kill()
	g.cmd.Wait()
	return os.RemoveAll(g.root)
}

// path is where the bucket, or an object in it, lies.
func (g *gateway) path(key string) string {
	return filepath.Join(g.root, bucket, filepath.FromSlash(key))
}

// empty makes the bucket anew, readable by everybody.
func (g *gateway) empty() error {
	if err := os.RemoveAll(g.path("")); err != nil {
		return err
	}
	if err := g.put("", "", nil); err != nil {
		return err
	}
	return g.put("?policy=", "application/json", fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}`, bucket))
}

// keep sets the bucket aside; restore brings it back as it was.
func (g *gateway) keep(name string) error    { return g.copy(bucket, name) }
func (g *gateway) restore(name string) error { return g.copy(name, bucket) }

func (g *gateway) copy(from, to string) error {
	// Beside the server's folder: what lies in it would be a bucket.
	at := func(name string) string {
		if name == bucket {
			return g.path("")
		}
		return g.root + "." + name
	}
	if err := os.RemoveAll(at(to)); err != nil {
		return err
	}
	out, err := exec.Command("cp", "-a", at(from), at(to)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// drop removes what keep set aside.
func (g *gateway) drop(name string) error { return os.RemoveAll(g.root + "." + name) }

// put sends a signed PUT, as somebody else with access to the bucket.
func (g *gateway) put(key, media string, body []byte) error {
	r, err := http.NewRequest(http.MethodPut, "http://"+g.address+"/"+bucket+prefixed(key), bytes.NewReader(body))
	if err != nil {
		return err
	}
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	sign(r, body, time.Now())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode/100 != 2 {
		return fmt.Errorf("PUT %s: %s: %s", key, res.Status, text)
	}
	return nil
}

func prefixed(key string) string {
	if key == "" || key[0] == '?' {
		return key
	}
	return "/" + (&url.URL{Path: key}).EscapedPath()
}

// sign signs a request by AWS Signature Version 4.
func sign(r *http.Request, body []byte, now time.Time) {
	stamp, day := now.UTC().Format("20060102T150405Z"), now.UTC().Format("20060102")
	sum := hash(body)
	r.Header.Set("X-Amz-Date", stamp)
	r.Header.Set("X-Amz-Content-Sha256", sum)
	const names = "host;x-amz-content-sha256;x-amz-date"
	text := fmt.Sprintf("%s\n%s\n%s\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n\n%s\n%s",
		r.Method, r.URL.EscapedPath(), r.URL.Query().Encode(), r.URL.Host, sum, stamp, names, sum)
	scope := day + "/" + region + "/s3/aws4_request"
	key := []byte("AWS4" + secretKey)
	for _, part := range []string{day, region, "s3", "aws4_request"} {
		key = mac(key, part)
	}
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x",
		accessKey, scope, names, mac(key, "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+hash([]byte(text)))))
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func hash(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
