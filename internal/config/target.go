package config

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// Target is a place where the site is published: a bucket or a folder. Credentials are no part of it.
type Target struct {
	Name                             string
	Dir                              string // a folder, relative to the site's; empty for a bucket
	Endpoint, Bucket, Prefix, Region string
	Host                             bool   // the bucket's name stands in the host
	Private                          string // prefix, or folder beside Dir, of what the public must not read
	BaseURL                          string // where readers find this target; empty: that of the site
	Compress                         bool
	Keep                             []string
	Key                              string // with which manifests are checked
}

var target = fields.Schema{Of: diag.T("targets（发布位置）", "targets"), Closed: true, Fields: []fields.Field{
	{Name: "s3", Also: []string{"对象存储"}, Kind: fields.Group, Sub: &bucket, Doc: "S3 兼容的对象存储：endpoint、bucket、prefix、region、lookup；凭证只从环境变量或 ~/.aws/credentials 读取"},
	{Name: "dir", Also: []string{"文件夹"}, Doc: "网页服务器的文件夹，如 /srv/www；与 s3 二者写一"},
	{Name: "private", Also: []string{"私有前缀"}, Doc: "存放锁与发布记录的前缀，默认 .zhendi；文件夹默认在旁边，名称加 .zhendi"},
	{Name: "baseURL", Also: []string{"网址"}, Doc: "这个位置对外的网址，默认与网站相同"},
	{Name: "compress", Also: []string{"压缩"}, Kind: fields.Bool, Doc: "是否同时发布 .gz 与 .br，供 nginx 的 gzip_static、brotli_static 使用"},
	{Name: "keep", Also: []string{"保留"}, Kind: fields.Texts, Doc: "不归 zhendi 管的文件，以 / 结尾的是文件夹，verify 不把它们当作多出的文件"},
	{Name: "key", Also: []string{"公钥"}, Doc: "核对清单签名的公钥，zhendi key 显示"},
}}

var bucket = fields.Schema{Of: diag.T("s3（对象存储）", "s3"), Closed: true, Fields: []fields.Field{
	{Name: "endpoint", Also: []string{"服务地址"}, Doc: "服务地址，如 https://s3.example.gov.cn"},
	{Name: "bucket", Also: []string{"存储桶"}, Doc: "存储桶的名称"},
	{Name: "prefix", Also: []string{"前缀"}, Doc: "网站所在的前缀，默认没有"},
	{Name: "region", Also: []string{"地域"}, Doc: "地域，默认 us-east-1"},
	{Name: "lookup", Also: []string{"寻址"}, Kind: fields.Enum, Values: []fields.EnumValue{{Name: "path"}, {Name: "host"}},
		Doc: "存储桶名称写在路径（path，默认）还是域名（host）里；阿里云、腾讯云、华为云默认 host"},
}}

var (
	ruleTarget = diag.Rule{ID: "target",
		ZH: "发布位置的设置有误：%[1]s", EN: "bad target: %[1]s",
		FixZH: "见编辑指南“发布”一页", FixEN: "see the page on publishing in the manual"}
	targetName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

// targets reads where the site is published.
func (r *reader) targets(c *Config) {
	for _, g := range r.v.Get("targets").Groups {
		t := Target{Name: g.Name, Dir: g.Text("dir"), Compress: g.Get("compress").Bool, Keep: g.Get("keep").Texts(), Key: g.Text("key"),
			Private: strings.Trim(g.Text("private"), "/"), BaseURL: c.BaseURL}
		wrong := func(at diag.Pos, zh, en string) { r.problems.Add(ruleTarget.At(at, diag.T(zh, en))) }
		if !targetName.MatchString(t.Name) {
			wrong(g.Pos, "名称只用字母、数字与连字符", "a name may have letters, digits and - only")
		}
		if set := g.Get("s3").Set; set == (t.Dir != "") && !g.Get("s3").Bad && !g.Get("dir").Bad {
			wrong(g.Pos, "s3 与 dir 写一个", "write either s3 or dir")
		} else if set {
			r.bucket(&t, g.Group("s3"), wrong)
		}
		if p := g.Get("private"); t.Dir == "" && t.Private == "" {
			t.Private = ".zhendi"
		} else if p.Set && path.Clean("/"+t.Private) != "/"+t.Private && t.Dir == "" {
			wrong(p.Pos, "private 是一个前缀，不含 .. 与 //", "private is a prefix without .. and //")
		}
		if t.Dir != "" { // a folder of its own, maybe on an absolute path
			t.Private = g.Text("private")
		}
		if b := g.Get("baseURL"); b.Set {
			u, err := BaseURL(b.Text)
			if err != nil {
				r.problems.Add(ruleBaseURL.At(b.Pos, b.Text))
			}
			t.BaseURL = u
		}
		c.Targets = append(c.Targets, t)
	}
}

// bucket reads where a bucket is.
func (r *reader) bucket(t *Target, g fields.Values, wrong func(at diag.Pos, zh, en string)) {
	t.Endpoint, t.Bucket, t.Prefix, t.Region = g.Text("endpoint"), g.Text("bucket"), strings.Trim(g.Text("prefix"), "/"), g.Text("region")
	u, err := url.Parse(t.Endpoint)
	switch e := g.Get("endpoint"); {
	case g.Missing("endpoint") || g.Missing("bucket"):
		wrong(g.Pos, "s3 要写 endpoint 与 bucket", "s3 needs endpoint and bucket")
		return
	case !e.Set || !g.Get("bucket").Set:
		return
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || !host.MatchString(u.Host) || strings.Trim(u.Path, "/") != "" || u.User != nil:
		at := e.Pos
		if strings.Contains(t.Endpoint, "@") { // the line is not quoted: it holds credentials
			at = diag.Pos{File: Path}
		}
		wrong(at, "endpoint 写成 https://s3.example.gov.cn 的样子，不含存储桶与凭证", "write endpoint like https://s3.example.gov.cn, without bucket and credentials")
		return
	}
	if b := g.Get("bucket"); !bucketName.MatchString(b.Text) {
		wrong(b.Pos, "存储桶名称有误", "bad name of a bucket")
	}
	if t.Prefix != "" && path.Clean("/"+t.Prefix) != "/"+t.Prefix {
		wrong(g.Get("prefix").Pos, "prefix 不含 .. 与 //", "prefix may not hold .. and //")
	}
	t.Host = g.Text("lookup") == "host"
	if l := g.Get("lookup"); !l.Set {
		for _, h := range []string{".aliyuncs.com", ".myqcloud.com", ".tencentcos.cn", ".myhuaweicloud.com"} {
			t.Host = t.Host || strings.HasSuffix(u.Hostname(), h)
		}
	}
}
