package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"zhendi/internal/output"
)

// Store is a place where objects lie under keys: a bucket below a prefix, or a folder. Keys are
// slash-separated and relative. There are two: S3 and Dir.
type Store interface {
	Head(ctx context.Context, key string) (Info, error)
	Get(ctx context.Context, key string) (io.ReadCloser, Info, error)
	Put(ctx context.Context, o Object, c Cond) (Info, error)
	Delete(ctx context.Context, key string) error // no error if it is not there

	// Copy puts the object at key into another store of the same kind, under a key there, without its bytes travelling, if it
	// still has the ETag given. It keeps our mark. A kind that cannot do it says errUnsupported.
	Copy(ctx context.Context, key, etag string, to Store, as string) error

	// List calls each for all objects whose keys begin with prefix and come after a key, in the order of
	// keys. It may be called again with the last key it gave.
	List(ctx context.Context, prefix, after string, each func(Info)) error

	// String says where it is, without credentials.
	String() string
}

// Info is what a store knows of an object. List gives Key, Size, Age and, if it has one, ETag.
type Info struct {
	Key     string
	Size    int64
	ETag    string        // changes with the bytes; empty if the store has none
	Age     time.Duration // since the last change, by the store's own clock
	Sum     string        // SHA-256 in hexadecimal, empty if not known
	Ours    bool          // the object bears our mark
	Headers Headers
}

// Headers are what a store sends with an object. A folder keeps none.
type Headers struct{ Type, Cache, Encoding, Redirect string }

// Object is what is to be stored. Open may be called several times.
type Object struct {
	Key  string
	Size int64
	Sum  output.Sum
	MD5  [16]byte
	Headers
	Open func() (io.ReadSeekCloser, error)
}

// Cond makes a Put depend on what is there.
type Cond struct {
	New   bool   // nothing may be there
	Match string // what is there must have this ETag
}

// What stores answer.
var (
	errNotFound    = errors.New("not found")
	errExists      = errors.New("the condition does not hold: somebody else has written it")
	errUnsupported = errors.New("the store does not know conditional requests")
)

// StoreError is a request that failed.
type StoreError struct {
	Op, Key string
	Code    string // the store's word for it: AccessDenied
	Retry   bool   // it may succeed if tried again
	Err     error
}

// Error names request, key and cause.
func (e *StoreError) Error() string { return fmt.Sprintf("%s %q: %v", e.Op, e.Key, e.Err) }

// Unwrap returns the cause.
func (e *StoreError) Unwrap() error { return e.Err }

// Patience says how often and after which pauses a request is tried again.
type Patience struct {
	Tries       int           // in all
	First, Most time.Duration // pauses double from First to Most, give or take a half
	Timeout     time.Duration // of one request for small objects
}

// usual is the patience of runs that do not say otherwise: a store may be gone for half a minute.
var usual = Patience{Tries: 7, First: 250 * time.Millisecond, Most: 12 * time.Second, Timeout: 45 * time.Second}

// patient is a store whose requests have a time limit and are tried again.
type patient struct {
	Store
	p     Patience
	fence func(context.Context) error // if not nil, asked before each try of a Put or Delete: is the lock still ours?
}

// slowest is the rate, in bytes a second, below which an upload counts as stuck.
const slowest = 128 << 10

// change is try for a request that changes the store.
func (s patient) change(ctx context.Context, size int64, request func(context.Context) error) error {
	return s.try(ctx, size, func(ctx context.Context) error {
		if s.fence != nil {
			if err := s.fence(ctx); err != nil {
				return err
			}
		}
		return request(ctx)
	})
}

// try runs one request until it succeeds, fails for good or patience ends.
func (s patient) try(ctx context.Context, size int64, request func(context.Context) error) error {
	limit := min(s.p.Timeout+time.Duration(size/slowest)*time.Second, max(s.p.Timeout, lockLife/2))
	pause := s.p.First
	for n := 1; ; n++ {
		one, cancel := context.WithTimeout(ctx, limit)
		err := request(one)
		timeout := one.Err() != nil && ctx.Err() == nil
		cancel()
		if timeout && err != nil {
			err = fmt.Errorf("no answer within %s: %w", limit, err)
		}
		if err == nil || ctx.Err() != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		var se *StoreError
		if again := timeout || errors.As(err, &se) && se.Retry; !again || n >= s.p.Tries {
			if again {
				err = fmt.Errorf("%w (tried %d times)", err, n)
			}
			return err
		}
		if stop := sleep(ctx, pause); stop != nil {
			return errors.Join(err, stop)
		}
		pause = min(2*pause, s.p.Most)
	}
}

func (s patient) Head(ctx context.Context, key string) (info Info, err error) {
	err = s.try(ctx, 0, func(ctx context.Context) error {
		info, err = s.Store.Head(ctx, key)
		return err
	})
	return info, err
}

// read returns the whole of an object.
func (s patient) read(ctx context.Context, key string) (body []byte, info Info, err error) {
	err = s.try(ctx, 32<<20, func(ctx context.Context) error {
		r, i, err := s.Store.Get(ctx, key)
		if err != nil {
			return err
		}
		info = i
		body = make([]byte, max(0, i.Size))
		_, err = io.ReadFull(r, body)
		err = errors.Join(err, r.Close())
		if err != nil {
			return &StoreError{Op: "reading", Key: key, Retry: true, Err: err}
		}
		return nil
	})
	return body, info, err
}

// digest reads an object and returns what hash makes of it.
func (s patient) digest(ctx context.Context, key string, size int64, into func() io.Writer) (info Info, err error) {
	err = s.try(ctx, size, func(ctx context.Context) error {
		r, i, err := s.Store.Get(ctx, key)
		if err != nil {
			return err
		}
		info = i
		n, err := io.Copy(into(), r)
		if err = errors.Join(err, r.Close()); err == nil && n != i.Size {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return &StoreError{Op: "reading", Key: key, Retry: true, Err: err}
		}
		return nil
	})
	return info, err
}

func (s patient) Put(ctx context.Context, o Object, c Cond) (info Info, err error) {
	err = s.change(ctx, o.Size, func(ctx context.Context) error {
		info, err = s.Store.Put(ctx, o, c)
		return err
	})
	return info, err
}

func (s patient) Delete(ctx context.Context, key string) error {
	return s.change(ctx, 0, func(ctx context.Context) error { return s.Store.Delete(ctx, key) })
}

// copy is Copy with patience, for an object of a size: the store moves its bytes while we wait.
func (s patient) copy(ctx context.Context, key, etag string, size int64, to Store, as string) error {
	return s.change(ctx, size, func(ctx context.Context) error { return s.Store.Copy(ctx, key, etag, to, as) })
}

// all lists every object below prefix. A listing takes many requests: it is given up when nothing comes for as long as one
// may take, and goes on behind the last key seen.
func (s patient) all(ctx context.Context, prefix string, each func(Info)) error {
	after := ""
	for n, pause := 1, s.p.First; ; n, pause = n+1, min(2*pause, s.p.Most) {
		one, cancel := context.WithCancel(ctx)
		timer := time.AfterFunc(s.p.Timeout, cancel)
		err := s.Store.List(one, prefix, after, func(i Info) {
			timer.Reset(s.p.Timeout)
			after, n, pause = i.Key, 0, s.p.First
			each(i)
		})
		timeout := one.Err() != nil && ctx.Err() == nil
		timer.Stop()
		cancel()
		var se *StoreError
		switch again := timeout || errors.As(err, &se) && se.Retry; {
		case err == nil || ctx.Err() != nil:
			return errors.Join(err, context.Cause(ctx))
		case !again || n >= s.p.Tries:
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// sleep waits for about as long as d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d/2 + rand.N(d+1)):
		return nil
	}
}
