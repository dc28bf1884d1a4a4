package publish

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/signer"
)

// Bucket says where a store of the S3 kind is. Credentials are not part of it: they are read from
// the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), else from the file
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials, profile AWS_PROFILE.
type Bucket struct {
	Endpoint string // https://s3.example.gov.cn
	Name     string
	Region   string
	Host     bool // the bucket's name stands in the host, not in the path
}

// s3 is a bucket, or what lies below a prefix in it.
type s3 struct {
	core    *minio.Core
	bucket  string
	prefix  string // "" or ends in /
	except  string // what List passes over, of the whole key
	where   string
	clock   *clock
	forbid  string // header by which the provider creates only what is not there, "" for If-None-Match
	noMatch bool   // If-Match on Put is not known
	host    bool   // the bucket's name stands in the host
}

// providers do not know If-None-Match and If-Match in Put, or did not everywhere, but have a header
// of their own for creating what must not exist.
var providers = []struct{ host, header string }{
	{"aliyuncs.com", "X-Oss-Forbid-Overwrite"},
	{"myqcloud.com", "X-Cos-Forbid-Overwrite"},
	{"tencentcos.cn", "X-Cos-Forbid-Overwrite"},
	{"ksyuncs.com", "X-Kss-Forbid-Overwrite"},
}

// mark is the metadata by which we know our objects: the SHA-256 of their bytes.
const mark = "Zhendi-Sha256"

// S3 opens a bucket: what lies below prefix, without what lies below except.
func S3(b Bucket, prefix, except string) (Store, error) {
	u, err := url.Parse(b.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("endpoint %q: write it like https://s3.example.gov.cn", b.Endpoint)
	}
	s := &s3{bucket: b.Name, prefix: folder(prefix), except: folder(except), clock: &clock{}, host: b.Host, where: "s3://" + b.Name + "/" + folder(prefix)}
	for _, p := range providers {
		if strings.HasSuffix(u.Hostname(), p.host) {
			s.forbid, s.noMatch = p.header, true
		}
	}
	lookup := minio.BucketLookupPath
	if b.Host {
		lookup = minio.BucketLookupDNS
	}
	region := b.Region
	if region == "" {
		region = "us-east-1"
	}
	creds := credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}})
	s.core, err = minio.NewCore(u.Host, &minio.Options{
		Creds: creds, Secure: u.Scheme == "https", Region: region, BucketLookup: lookup, MaxRetries: 1,
		Transport: &transport{clock: s.clock, creds: creds, region: region, next: &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: 15 * time.Second}).DialContext, TLSHandshakeTimeout: 15 * time.Second,
			MaxIdleConnsPerHost: 2 * workers, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 2 * time.Minute, ForceAttemptHTTP2: true,
		}},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func folder(p string) string {
	if p = strings.Trim(p, "/"); p != "" {
		p += "/"
	}
	return p
}

// clock is how far the store's clock is ahead of ours, in nanoseconds.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// transport reads the store's clock from its answers and adds the headers that the library cannot.
type transport struct {
	next   http.RoundTripper
	clock  *clock
	creds  *credentials.Credentials
	region string
}

type headerKey struct{}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if name, ok := r.Context().Value(headerKey{}).(string); ok && r.Method == http.MethodPut {
		v, err := t.creds.GetWithContext(&credentials.CredContext{Client: http.DefaultClient})
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Header.Del("Authorization")
		r.Header.Set(name, "true")
		r = signer.SignV4(*r, v.AccessKeyID, v.SecretAccessKey, v.SessionToken, t.region)
	}
	if err := expired(r.Context()); err != nil {
		return nil, err
	}
	if r.Body != nil && r.Body != http.NoBody {
		r = r.Clone(r.Context())
		r.Body = timely{r.Body, r.Context()}
	}
	res, err := t.next.RoundTrip(r)
	if err == nil {
		if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
			t.clock.ahead.Store(int64(time.Until(at)))
		}
	}
	return res, err
}

// expired looks at the clock: in a process that was stopped the timers may not have run yet, and a request whose time is over
// must not reach a store that another run is changing.
func expired(ctx context.Context) error {
	if d, ok := ctx.Deadline(); ok && time.Now().After(d) {
		return context.DeadlineExceeded
	}
	return nil
}

// timely is a body that ends with its request's time.
type timely struct {
	io.ReadCloser
	ctx context.Context
}

func (b timely) Read(p []byte) (int, error) {
	if err := expired(b.ctx); err != nil {
		return 0, err
	}
	return b.ReadCloser.Read(p)
}

// String says where it is.
func (s *s3) String() string { return s.where }

func (s *s3) Head(ctx context.Context, key string) (Info, error) {
	o, err := s.core.StatObject(ctx, s.bucket, s.prefix+key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.fail("asking for", key, err)
	}
	return s.info(key, o), nil
}

func (s *s3) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	opt := minio.GetObjectOptions{}
	opt.Set("Accept-Encoding", "identity") // the bytes as they are
	r, o, _, err := s.core.GetObject(ctx, s.bucket, s.prefix+key, opt)
	if err != nil {
		return nil, Info{}, s.fail("reading", key, err)
	}
	return r, s.info(key, o), nil
}

func (s *s3) info(key string, o minio.ObjectInfo) Info {
	sum := o.Metadata.Get("X-Amz-Meta-" + mark)
	return Info{Key: key, Size: o.Size, ETag: o.ETag, Age: s.clock.now().Sub(o.LastModified), Sum: sum, Ours: sum != "",
		Headers: Headers{Type: o.ContentType, Cache: o.Metadata.Get("Cache-Control"), Encoding: o.Metadata.Get("Content-Encoding"),
			Redirect: o.Headers.Get("X-Amz-Website-Redirect-Location")}}
}

func (s *s3) Put(ctx context.Context, o Object, c Cond) (Info, error) {
	opt := minio.PutObjectOptions{ContentType: o.Type, CacheControl: o.Cache, ContentEncoding: o.Encoding, WebsiteRedirectLocation: o.Redirect,
		UserMetadata: map[string]string{mark: hex.EncodeToString(o.Sum[:])}, DisableContentSha256: true}
	switch {
	case c.New && s.forbid != "":
		ctx = context.WithValue(ctx, headerKey{}, s.forbid)
	case c.New:
		opt.SetMatchETagExcept("*")
	case c.Match != "" && s.noMatch:
		return Info{}, errUnsupported
	case c.Match != "":
		opt.SetMatchETag(c.Match)
	}
	body, err := o.Open()
	if err != nil {
		return Info{}, err
	}
	defer body.Close()
	up, err := s.core.PutObject(ctx, s.bucket, s.prefix+o.Key, body, o.Size, base64.StdEncoding.EncodeToString(o.MD5[:]), hex.EncodeToString(o.Sum[:]), opt)
	if err = s.fail("writing", o.Key, err); errors.Is(err, errUnsupported) && o.Redirect != "" {
		o.Redirect = "" // the page leads on by itself
		return s.Put(ctx, o, c)
	}
	if err != nil {
		return Info{}, err
	}
	return s.stored(ctx, o, up.ETag)
}

// stored checks what the store says it has. Its ETag is the MD5 of the bytes; where it is not, because
// the store encrypts, it is asked for the size and our own sum.
func (s *s3) stored(ctx context.Context, o Object, etag string) (Info, error) {
	if etag == hex.EncodeToString(o.MD5[:]) {
		return Info{Key: o.Key, Size: o.Size, ETag: etag}, nil
	}
	info, err := s.Head(ctx, o.Key)
	if err == nil && (info.Size != o.Size || info.Sum != hex.EncodeToString(o.Sum[:]) || info.ETag == "") {
		err = &StoreError{Op: "writing", Key: o.Key, Code: "Corrupted", Retry: true, Err: errors.New("the store has other bytes than were sent")}
	}
	return info, err
}

func (s *s3) Delete(ctx context.Context, key string) error {
	err := s.fail("removing", key, s.core.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{}))
	if errors.Is(err, errNotFound) {
		return nil
	}
	return err
}

// Copy lets the store copy: metadata go with the bytes. A store may answer 200 and then fail: only an ETag says that it is done.
func (s *s3) Copy(ctx context.Context, key, etag string, to Store, as string) error {
	t, ok := to.(*s3)
	if !ok {
		return &StoreError{Op: "copying", Key: key, Err: errUnsupported}
	}
	o, err := s.core.CopyObject(ctx, s.bucket, s.prefix+key, t.bucket, t.prefix+as, map[string]string{"x-amz-copy-source-if-match": etag}, minio.CopySrcOptions{}, minio.PutObjectOptions{})
	if err == nil && o.ETag == "" {
		err = &StoreError{Op: "copying", Key: key, Retry: true, Err: errors.New("the store did not say that it copied it")}
	}
	if err != nil && !errors.As(err, new(*StoreError)) {
		return s.fail("copying", key, err)
	}
	return err
}

func (s *s3) List(ctx context.Context, prefix, after string, each func(Info)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opt := minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true}
	if after != "" {
		opt.StartAfter = s.prefix + after
	}
	for o := range s.core.ListObjectsIter(ctx, s.bucket, opt) {
		if o.Err != nil {
			return s.fail("listing", prefix, o.Err)
		}
		if s.except != "" && strings.HasPrefix(o.Key, s.except) || strings.HasSuffix(o.Key, "/") && o.Size == 0 {
			continue
		}
		each(Info{Key: strings.TrimPrefix(o.Key, s.prefix), Size: o.Size, ETag: strings.Trim(o.ETag, `"`), Age: s.clock.now().Sub(o.LastModified)})
	}
	return ctx.Err()
}

// lasting are the refusals that no patience mends.
var lasting = []string{"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
	"NoSuchBucket", "MethodNotAllowed", "EntityTooLarge", "AccountProblem", "AllAccessDisabled", "PermanentRedirect"}

// fail makes an error of what the library says. Its messages hold no credentials: the library's own
// are left out where they quote requests.
func (s *s3) fail(op, key string, err error) error {
	if err == nil {
		return nil
	}
	var r minio.ErrorResponse
	if !errors.As(err, &r) {
		var u *url.Error
		if errors.As(err, &u) { // its text is the whole address
			err = u.Err
		}
		return &StoreError{Op: op, Key: key, Retry: !errors.Is(err, context.Canceled), Err: err}
	}
	e := &StoreError{Op: op, Key: key, Code: r.Code, Err: fmt.Errorf("%s (%s, status %d)", strings.TrimSpace(r.Message), r.Code, r.StatusCode)}
	switch {
	case r.Code == "NoSuchKey" || r.StatusCode == http.StatusNotFound && r.Code != "NoSuchBucket":
		e.Err = errNotFound
	case r.Code == "FileAlreadyExists" || r.Code == "ObjectAlreadyExists" || r.StatusCode == http.StatusPreconditionFailed:
		e.Err = errExists
	case r.Code == "NotImplemented" || r.StatusCode == http.StatusNotImplemented:
		e.Err = errors.Join(errUnsupported, e.Err)
	case slices.Contains(lasting, r.Code):
	case r.StatusCode >= 500, r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout, r.StatusCode == 0:
		e.Retry = true
	case slices.Contains([]string{"BadDigest", "XAmzContentSHA256Mismatch", "RequestTimeout", "SlowDown", "IncompleteBody", "InvalidDigest",
		"ConditionalRequestConflict", "OperationAborted", "Throttling"}, r.Code):
		e.Retry = true
	}
	return e
}
