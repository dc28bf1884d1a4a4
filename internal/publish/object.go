package publish

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"io"
	"os"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// inMemory is the size up to which a file is held in memory between being checked and being sent.
const inMemory = 4 << 20

// object reads a file of the build and makes sure that it is the one the manifest lists.
func (r *Run) object(wt *want) (Object, error) {
	name := r.file(wt.file)
	o := Object{Key: wt.key, Size: wt.file.Size, Sum: wt.file.Sum, Headers: wt.headers.Headers}
	changed := &NotBuiltError{diag.T(name+" 与清单不符，生成后被改动过。请再运行一次 zhendi build", name+" is not what the manifest lists: run zhendi build again")}
	if wt.file.Size > inMemory && wt.encoding == "" {
		h, m := sha256.New(), md5.New()
		f, err := os.Open(name)
		if err != nil {
			return o, err
		}
		defer f.Close()
		if _, err := io.Copy(io.MultiWriter(h, m), f); err != nil {
			return o, err
		}
		if [32]byte(h.Sum(nil)) != wt.file.Sum {
			return o, changed
		}
		o.MD5 = [16]byte(m.Sum(nil))
		o.Open = func() (io.ReadSeekCloser, error) { return os.Open(name) }
		return o, nil
	}
	body, err := os.ReadFile(name)
	if err != nil {
		return o, err
	}
	if sha256.Sum256(body) != wt.file.Sum {
		return o, changed
	}
	if wt.encoding != "" {
		if body, err = compress(body, wt.encoding); err != nil {
			return o, err
		}
		o.Size, o.Sum = int64(len(body)), sha256.Sum256(body)
	} else if wt.file.Class == output.Redirect {
		o.Redirect = location(body)
	}
	o.MD5 = md5.Sum(body)
	o.Open = opener(body)
	return o, nil
}

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }

func opener(body []byte) func() (io.ReadSeekCloser, error) {
	return func() (io.ReadSeekCloser, error) { return reader{bytes.NewReader(body)}, nil }
}

// small makes an object of bytes.
func small(key string, body []byte, media string) Object {
	return Object{Key: key, Size: int64(len(body)), Sum: sha256.Sum256(body), MD5: md5.Sum(body), Open: opener(body),
		Headers: Headers{Type: media, Cache: manifestCache}}
}
