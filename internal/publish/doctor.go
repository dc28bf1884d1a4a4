package publish

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"zhendi/internal/diag"
)

// Probe is one thing that publishing asks of a store.
type Probe struct {
	Name   string    `json:"name"`
	OK     bool      `json:"ok"`
	Needed bool      `json:"needed"` // without it nothing is published; else there is another way, or it is advice
	Detail string    `json:"detail,omitempty"`
	What   diag.Text `json:"-"`
	Advice diag.Text `json:"-"` // what to do if it is not OK
}

// doctor tries a store out with objects that it removes again.
type doctor struct {
	site, private patient
	key           string
	probes        []Probe
}

// Doctor tries what publishing needs at a target whose readers come to an address, with objects of its own that it removes again.
func Doctor(ctx context.Context, t Target, baseURL string, p Patience) []Probe {
	if p == (Patience{}) {
		p = Patience{Tries: 3, First: usual.First, Most: time.Second, Timeout: 20 * time.Second}
	}
	d := &doctor{site: patient{Store: t.Site, p: p}, private: patient{Store: t.Private, p: p}, key: "zhendi-doctor-" + strings.ToLower(rand.Text()[:8])}
	defer func() {
		ctx := context.WithoutCancel(ctx)
		d.site.Delete(ctx, d.key+"/检查 probe.html")
		d.private.Delete(ctx, d.key)
		d.private.Delete(ctx, d.key+"-copy")
	}()
	if d.lists(ctx) && d.writes(ctx) {
		d.reads(ctx)
		d.creates(ctx)
		d.matches(ctx)
		d.copies(ctx)
		d.removes(ctx)
	}
	if s, ok := t.Site.(*s3); ok {
		d.bucket(ctx, s, t.Private.(*s3))
	}
	if below, ok := within(t); ok && baseURL != "" {
		d.reader(ctx, strings.TrimSuffix(baseURL, "/")+Address(below+d.key))
	}
	return d.probes
}

func (d *doctor) say(name string, needed bool, err error, what, advice diag.Text) bool {
	p := Probe{Name: name, Needed: needed, OK: err == nil, What: what}
	if err != nil {
		p.Detail, p.Advice = err.Error(), advice
		if text, ok := Advice(err); ok {
			p.Advice = text
		}
	}
	d.probes = append(d.probes, p)
	return err == nil
}

// Advice says what to do about an error of a store for which no other try will help.
func Advice(err error) (diag.Text, bool) {
	var se *StoreError
	if !errors.As(err, &se) {
		return diag.Text{}, false
	}
	switch se.Code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken":
		return diag.T("凭证无效或已过期：检查环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_SESSION_TOKEN",
			"the credentials are wrong or have expired: see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN"), true
	case "NoSuchBucket":
		return diag.T("没有这个存储桶：检查 bucket 与 endpoint", "no such bucket: see bucket and endpoint"), true
	}
	return diag.Text{}, false
}

func permission(name string) diag.Text {
	return diag.T("给这个账号权限 "+name, "give the account the permission "+name)
}

func (d *doctor) lists(ctx context.Context) bool {
	err := d.site.all(ctx, d.key, func(Info) {})
	return d.say("list", true, err, diag.T("列出文件", "list objects"), permission("s3:ListBucket"))
}

// awkward is a key with what keys of portals have: Chinese and a space.
func (d *doctor) awkward() string { return d.key + "/检查 probe.html" }

func (d *doctor) probe(text string) Object {
	o := small(d.awkward(), []byte(text), "text/html; charset=utf-8")
	o.Cache = "public, max-age=60"
	return o
}

func (d *doctor) writes(ctx context.Context) bool {
	_, err := d.site.Put(ctx, d.probe("one"), Cond{})
	if !d.say("write", true, err, diag.T("写入文件", "write objects"), permission("s3:PutObject")) {
		return false
	}
	_, err = d.private.Put(ctx, small(d.key, []byte("private"), "text/plain"), Cond{})
	return d.say("write-private", true, err, diag.T("写入私有前缀", "write below the private prefix"), permission("s3:PutObject"))
}

func (d *doctor) reads(ctx context.Context) {
	body, info, err := d.site.read(ctx, d.awkward())
	if err == nil && string(body) != "one" {
		err = fmt.Errorf("%q came back", body)
	}
	d.say("read", true, err, diag.T("读取文件", "read objects"), permission("s3:GetObject"))
	if _, folder := d.site.Store.(*dir); folder || err != nil {
		return
	}
	o := d.probe("one")
	if !o.Headers.same(info.Headers) || info.Sum != fmt.Sprintf("%x", o.Sum) {
		err = fmt.Errorf("%+v, sum %q", info.Headers, info.Sum)
	}
	d.say("headers", true, err, diag.T("保留类型、缓存与自定义元数据", "keep type, caching and metadata"),
		diag.T("这个存储服务丢失元数据，不能使用", "this store loses metadata and cannot be used"))
}

// creates tries the one condition that the lock needs.
func (d *doctor) creates(ctx context.Context) {
	_, err := d.private.Put(ctx, small(d.key, []byte("again"), "text/plain"), Cond{New: true})
	switch {
	case errors.Is(err, errExists):
		err = nil
	case err == nil:
		err = errors.New("an object was created although it existed")
	}
	d.say("create-only", true, err, diag.T("只在不存在时创建（加锁）", "create only what does not exist (lock)"),
		diag.T("存储服务不支持 If-None-Match，也没有已知的替代请求头；不能防止两次发布同时进行", "neither If-None-Match nor a header known to replace it works: two runs at once cannot be prevented"))
}

func (d *doctor) matches(ctx context.Context) {
	info, err := d.site.Head(ctx, d.awkward())
	if err == nil {
		_, err = d.site.Put(ctx, d.probe("two"), Cond{Match: info.ETag})
	}
	if err == nil {
		_, err = d.site.Put(ctx, d.probe("three"), Cond{Match: info.ETag})
		switch {
		case errors.Is(err, errExists):
			err = nil
		case err == nil:
			err = errors.New("an object was replaced although its ETag was another")
		}
	}
	d.say("if-match", false, err, diag.T("只在未变时替换（清单）", "replace only what is unchanged (manifest)"),
		diag.T("不支持 If-Match：替换清单前会再核对一次锁与清单，可以使用", "no If-Match: lock and manifest are looked at once more instead; this is fine"))
}

// copies tries what keeps replaced files for a rollback.
func (d *doctor) copies(ctx context.Context) {
	info, err := d.site.Head(ctx, d.awkward())
	if err == nil {
		err = d.site.copy(ctx, d.awkward(), info.ETag, info.Size, d.private.Store, d.key+"-copy")
	}
	if err == nil {
		var copied Info
		if copied, err = d.private.Head(ctx, d.key+"-copy"); err == nil && copied.Sum != info.Sum {
			err = fmt.Errorf("sum %q", copied.Sum)
		}
	}
	if err == nil {
		if err = d.site.copy(ctx, d.awkward(), strings.Repeat("0", 32), info.Size, d.private.Store, d.key+"-copy"); err == nil {
			err = errors.New("an object was copied although its ETag was another")
		} else if errors.Is(err, errExists) {
			err = nil
		}
	}
	d.say("copy", false, err, diag.T("在存储服务里复制（供退回使用的副本）", "copy within the store (for rollbacks)"),
		diag.T("不能复制时，发布会把被替换的文件读到本机再写回；退回时每个副本仍会核对，可以使用", "where copying fails, publishing reads what it replaces and writes it back; a rollback checks every copy all the same: this is fine"))
}

func (d *doctor) removes(ctx context.Context) {
	err := d.site.Delete(ctx, d.awkward())
	if err == nil {
		if _, err = d.site.Head(ctx, d.awkward()); errors.Is(err, errNotFound) {
			err = nil
		} else if err == nil {
			err = errors.New("it is still there")
		}
	}
	d.say("delete", true, err, diag.T("删除文件", "delete objects"), permission("s3:DeleteObject"))
}

// bucket looks at what only buckets have: clock, redirects, the public, default domains.
func (d *doctor) bucket(ctx context.Context, site, private *s3) {
	var err error
	if off := time.Duration(site.clock.ahead.Load()).Abs(); off > 5*time.Minute {
		err = fmt.Errorf("%s apart", off.Round(time.Second))
	}
	d.say("clock", false, err, diag.T("本机时钟与存储服务一致", "the clocks agree"), diag.T("校准本机时钟；相差 15 分钟请求会被拒绝", "set this machine's clock: at 15 minutes requests are refused"))
	d.say("anonymous", true, d.anonymous(ctx, private), diag.T("私有前缀不对外公开", "the private prefix is not public"), unreadable)
	host := site.core.EndpointURL().Hostname()
	err = nil
	if strings.HasSuffix(host, "aliyuncs.com") || strings.HasSuffix(host, "myqcloud.com") {
		err = errors.New(host)
	}
	d.say("domain", false, err, diag.T("不用默认域名访问网页", "pages are not read from the default domain"),
		diag.T("默认域名会强制下载网页：给存储桶绑定自己的域名", "the default domain makes browsers download pages: bind a domain of your own to the bucket"))
}

// unreadable is what to do if anybody can read private objects: among them are the older bytes of pages.
var unreadable = diag.T("在存储桶策略里禁止匿名读取私有前缀：那里有旧版网页的副本。经 CDN 回源的，在 CDN 上也要禁止这个路径", "forbid anonymous reading below the private prefix in the bucket's policy, and that path at the CDN, too: copies of older pages are there")

// anonymous asks for a private object at the store's own address without credentials.
func (d *doctor) anonymous(ctx context.Context, private *s3) error {
	u := *private.core.EndpointURL()
	u.Path = "/" + private.bucket + "/" + private.prefix + d.key
	if private.host {
		u.Host, u.Path = private.bucket+"."+u.Host, "/"+private.prefix+d.key
	}
	public, err := d.readable(ctx, u.String())
	if public {
		return errors.New("anybody can read it")
	}
	return err
}

// reader asks for it as a reader of the portal would. A server between may have rights that readers have not.
func (d *doctor) reader(ctx context.Context, address string) {
	public, err := d.readable(ctx, address)
	what := diag.T("读者不能经网站的网址读取私有前缀", "readers cannot get at the private prefix at the site's address")
	if public {
		d.say("anonymous-site", true, errors.New("anybody can read "+address), what, unreadable)
		return
	}
	d.say("anonymous-site", false, err, what, diag.T("从这里访问不了网站，没能试验：换一台能访问的机器再运行一次", "the site cannot be reached from here, so that this was not tried: run it where it can"))
}

// readable asks for the probe without credentials. An answer with other bytes is that of a server which does not have it.
func (d *doctor) readable(ctx context.Context, address string) (bool, error) {
	text := rand.Text()
	if _, err := d.private.Put(ctx, small(d.key, []byte(text), "text/plain"), Cond{}); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.private.p.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return false, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1000))
	return string(body) == text, err
}

// within returns the folder of the private store as seen from the site, if it lies there: then the same server may show it.
func within(t Target) (string, bool) {
	switch site := t.Site.(type) {
	case *s3:
		private := t.Private.(*s3)
		below, ok := strings.CutPrefix(private.prefix, site.prefix)
		return below, ok && private.bucket == site.bucket
	case *dir:
		private, ok := t.Private.(*dir)
		if !ok {
			return "", false
		}
		below, err := filepath.Rel(site.name, private.name)
		return filepath.ToSlash(below) + "/", err == nil && filepath.IsLocal(below)
	}
	return "", false
}
