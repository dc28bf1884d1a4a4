package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zhendi/internal/article"
	"zhendi/internal/build"
	"zhendi/internal/config"
	"zhendi/internal/diag"
	"zhendi/internal/publish"
	"zhendi/internal/source"
)

// settings reads site.yaml alone.
func (e *env) settings(dir string) (c config.Config, code int, ok bool) {
	if code, ok := e.siteFolder(dir); !ok {
		return c, code, false
	}
	raw, err := os.ReadFile(filepath.Join(dir, config.Path))
	if err != nil {
		return c, e.fail(err), false
	}
	text, problems, readable := source.Text(config.Path, raw)
	if readable {
		var more diag.List
		c, more = config.Parse(text, func(key string) (string, bool) {
			if !article.FrontMatter.Has(key) {
				return "", false
			}
			return article.FrontMatter.Canonical(key), true
		})
		problems.Add(more...)
	}
	if problems.Count(diag.Error) == 0 {
		return c, 0, true
	}
	if err := problems.WriteText(e.stderr, e.lang); err != nil {
		return c, e.fail(err), false
	}
	return c, exitProblems, false
}

// target finds a target among the settings: the one of that name, or the only one.
func (e *env) target(c *config.Config, name string) (t config.Target, code int, ok bool) {
	var names []string
	for _, t := range c.Targets {
		if t.Name == name || name == "" && len(c.Targets) == 1 {
			return t, 0, true
		}
		names = append(names, t.Name)
	}
	switch all := strings.Join(names, " "); {
	case len(names) == 0:
		e.complain(diag.T("site.yaml 里没有发布位置", "site.yaml names no target"))
		e.hint(diag.T("加上 targets: {www: {dir: /srv/www}}，或对象存储，见编辑指南“发布”一页", "add targets: {www: {dir: /srv/www}}, or a bucket: see the manual"))
	case name == "":
		e.complain(diag.T("发布位置不止一个："+all, "there are several targets: "+all))
		e.hint(diag.T("用 --target 指明", "name one with --target"))
	default:
		e.complain(diag.T("没有发布位置 "+name, "no target "+name))
		e.hint(diag.T("site.yaml 里有："+all, "site.yaml has: "+all))
	}
	return t, exitUsage, false
}

// openTarget opens the place that the settings name.
func openTarget(dir string, c config.Target) (publish.Target, error) {
	t := publish.Target{Name: c.Name, Compress: c.Compress, Keep: c.Keep}
	var err error
	if c.Key != "" {
		if t.Public, err = publish.ParsePublic(c.Key); err != nil {
			return t, fmt.Errorf("targets.%s.key: %w", c.Name, err)
		}
	}
	if c.Dir == "" {
		b := publish.Bucket{Endpoint: c.Endpoint, Name: c.Bucket, Region: c.Region, Host: c.Host}
		private := strings.Trim(c.Prefix+"/"+c.Private, "/")
		var err2 error
		t.Site, err = publish.S3(b, c.Prefix, private)
		t.Private, err2 = publish.S3(b, private, "")
		return t, errors.Join(err, err2)
	}
	at := func(p string) string {
		if filepath.IsAbs(p) {
			return filepath.Clean(p)
		}
		return filepath.Join(dir, filepath.FromSlash(p))
	}
	private := at(c.Dir) + ".zhendi"
	if c.Private != "" {
		private = at(c.Private)
	}
	t.Site, t.Private = publish.Dir(at(c.Dir)), publish.Dir(private)
	return t, nil
}

// Where a private key for manifests comes from.
const (
	signKey     = "ZHENDI_SIGN_KEY"      // the key itself, PEM
	signKeyFile = "ZHENDI_SIGN_KEY_FILE" // or the file it is in
)

// privateKey reads the key that signs manifests, nil if none is given. The environment is its only source.
func (e *env) privateKey() (ed25519.PrivateKey, error) {
	text, from := []byte(e.getenv(signKey)), signKey
	if name := e.getenv(signKeyFile); len(text) == 0 && name != "" {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			return nil, fmt.Errorf("%s: %w", signKeyFile, err)
		}
		from = signKeyFile
	}
	if len(text) == 0 {
		return nil, nil
	}
	key, err := publish.ParsePrivate(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return key, nil
}

// withdrawn tells of a page whether the site says that it is to be away: its article exists and is not shown, or its address
// stands under gone in redirects.yaml. The site is read only if it is called.
func (e *env) withdrawn(ctx context.Context, dir string, now func(*time.Location) (time.Time, error)) func(file string) bool {
	away, below := map[string]bool{}, []string{} // addresses as people read them
	say := func(file string) bool {
		addr := strings.TrimSuffix("/"+file, "index.html")
		return away[addr] || slices.ContainsFunc(below, func(folder string) bool { return strings.HasPrefix(addr, folder) })
	}
	l, err := build.Load(ctx, build.Options{Source: dir, Now: now, Version: version})
	if err != nil {
		return say
	}
	defer l.Close()
	for _, s := range l.Sites {
		if s == nil {
			continue
		}
		for _, addr := range s.Hidden() {
			if plain, err := url.PathUnescape(addr); err == nil {
				away[plain] = true
			}
		}
		for _, r := range s.Redirects {
			switch {
			case r.To != "" || r.Query != "":
			case r.Below:
				below = append(below, r.From)
			default:
				away[r.From] = true
			}
		}
	}
	return say
}
