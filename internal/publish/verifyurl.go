package publish

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// byURL asks for files as a browser does and compares the answers. It cannot see what was added.
func (c *comparison) byURL(ctx context.Context) error {
	c.Where = c.URL
	if !strings.HasSuffix(c.URL, "/") {
		c.URL += "/"
	}
	client := &http.Client{Timeout: c.Patience.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	text, status, _, err := c.fetch(ctx, client, output.ManifestPath, 1<<30)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		text = nil
	}
	if err := c.choose(text); err != nil {
		return err
	}
	c.Serial, c.Files = c.manifest.Serial, len(c.manifest.Files)
	read := make([]*output.Entry, len(c.manifest.Files))
	for i := range read {
		read[i] = &c.manifest.Files[i]
	}
	if !c.Report.Full && c.Sample == 0 {
		c.Sample = 200
	}
	read = c.pick(read)
	c.Read = len(read)
	return parallel(ctx, len(read), workers, func(ctx context.Context, i int) error {
		err := c.page(ctx, client, read[i])
		c.mu.Lock()
		defer c.mu.Unlock()
		c.done++
		c.Progress(c.done, len(read))
		return err
	})
}

// page compares one answer. A redirect is right where the store answers for a page of that class.
func (c *comparison) page(ctx context.Context, client *http.Client, e *output.Entry) error {
	body, status, header, err := c.fetch(ctx, client, e.Path, e.Size+1)
	switch {
	case err != nil:
		return err
	case e.Class == output.Redirect && status >= 300 && status < 400:
	case status == http.StatusGone || status == http.StatusForbidden || status == http.StatusNotFound && e.Path != "404.html":
		c.found(e.Path, IsMissing, diag.T(fmt.Sprintf("状态 %d", status), fmt.Sprintf("status %d", status)))
	case status != http.StatusOK && status != http.StatusNotFound:
		c.found(e.Path, IsChanged, diag.T(fmt.Sprintf("状态 %d", status), fmt.Sprintf("status %d", status)))
	case sha256.Sum256(body) != e.Sum:
		c.found(e.Path, IsChanged, sizes(int64(len(body)), e.Size))
	case !sameMedia(header.Get("Content-Type"), e.Media):
		c.found(e.Path, WrongHeader, same("Content-Type: "+header.Get("Content-Type")))
	case strings.HasPrefix(header.Get("Content-Disposition"), "attachment") && strings.HasPrefix(e.Media, "text/html"):
		c.found(e.Path, WrongHeader, same("Content-Disposition: "+header.Get("Content-Disposition")))
	}
	return nil
}

// sameMedia compares media types; text without a charset is wrong only for pages.
func sameMedia(is, want string) bool {
	t1, p1, err := mime.ParseMediaType(is)
	t2, p2, _ := mime.ParseMediaType(want)
	js := func(t string) bool { return t == "text/javascript" || t == "application/javascript" }
	xml := func(t string) bool { return strings.HasSuffix(t, "xml") }
	return err == nil && (t1 == t2 || js(t1) && js(t2) || xml(t1) && xml(t2)) && (t2 != "text/html" || p1["charset"] == "" || strings.EqualFold(p1["charset"], p2["charset"]))
}

// fetch asks for a file at its address, up to most bytes of it, with patience.
func (c *comparison) fetch(ctx context.Context, client *http.Client, file string, most int64) (body []byte, status int, header http.Header, err error) {
	to := c.URL + strings.TrimPrefix(Address(file), "/")
	err = patient{p: c.Patience}.try(ctx, most, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Accept-Encoding", "identity")
		req.Header.Set("Cache-Control", "no-cache")
		res, err := client.Do(req)
		if err != nil {
			var u *url.Error
			if errors.As(err, &u) {
				err = u.Err
			}
			return &StoreError{Op: "asking for", Key: to, Retry: true, Err: err}
		}
		defer res.Body.Close()
		if body, err = io.ReadAll(io.LimitReader(res.Body, most)); err != nil {
			return &StoreError{Op: "reading", Key: to, Retry: true, Err: err}
		}
		status, header = res.StatusCode, res.Header
		if status >= 500 || status == http.StatusTooManyRequests {
			return &StoreError{Op: "asking for", Key: to, Retry: true, Err: fmt.Errorf("status %d", status)}
		}
		return nil
	})
	return body, status, header, err
}
