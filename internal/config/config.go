// Package config reads site.yaml, the one file of settings of a site.
//
// It is read strictly: an unknown key, a value of the wrong kind, a base URL that is
// none, an unknown zone are errors with their place. What is not set has the default that
// the table (Schema) names; nothing is taken from the environment.
package config

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// Config is what site.yaml says.
type Config struct {
	Name, Description, SiteIDCode   string
	Keywords                        []string
	BaseURL                         string // scheme and host and the path of the home page, ending in /
	Zone                            *time.Location
	Editions                        []Edition // at least one, the first at the root
	Convert                         bool      // editions are set: articles in the other script are converted
	Theme, Logo                     string
	LogoPos                         diag.Pos
	Banner                          string
	BannerPos                       diag.Pos
	RootLabel, Greeting             string
	Organizer, Undertaker           string
	Address, Postcode, Phone, Email string
	ICP, Police, PoliceCode         string // PoliceCode: the 14 digits of Police
	ConacID, ConacKind              string
	Correction                      string
	Since                           int
	Login, Register                 string
	Original, Reprint               string
	ExemptHosts                     []string
	Mourning                        []string // YYYY-MM-DD
	ArticleURL                      string
	PageSize                        int
	Archive                         string
	Required                        []string
	Views                           bool // counts of views are shown
	ViewShards                      int
	ViewOrigin                      string
	ViewSlot, ViewLate              int    // minutes, hours
	ViewLog                         string // format of access logs; empty: found out
	ViewHot                         string // period of the hot list: day, week, month, all
	Hot                             string
	Home                            []Module
	Services, FooterLinks           []Link
	Friends                         []Group
	Params                          any
	Targets                         []Target
	Check                           Check
}

// Edition is the whole site in one script.
type Edition struct {
	Script string // zh-Hans, zh-Hant
	Prefix string // folder; empty for the first edition

	// Convert is the OpenCC configuration that leads from the other script to this one: s2t
	// and tw2s if none is given. t2s leaves 著 as it is, which most traditional texts write for 着.
	Convert string
}

// Module is one block of the home page.
type Module struct {
	Kind, Title string
	URL         string // of a slogan: where it leads
	Columns     []fields.Item
	Count       int
	Pos         diag.Pos
}

// Link is a name and where it leads.
type Link struct {
	Name, URL, Image string
	ImagePos         diag.Pos
}

// Group is a titled list of links.
type Group struct {
	Name  string
	Links []Link
}

// Path is where the settings are, relative to the site's folder.
const Path = "site.yaml"

var (
	ruleNeeded = diag.Rule{ID: "config",
		ZH: "site.yaml 缺少 %[1]s", EN: "site.yaml has no %[1]s",
		FixZH: "加上 %[2]s", FixEN: "add `%[2]s`"}
	ruleBaseURL = diag.Rule{ID: "config",
		ZH: "网址“%[1]s”有误", EN: "bad address %[1]q",
		FixZH: "写成 https://www.example.gov.cn/ 的样子", FixEN: "write it like https://www.example.gov.cn/"}
	ruleEdition = diag.Rule{ID: "edition",
		ZH: "版本的设置有误：%[1]s", EN: "bad edition: %[1]s",
		FixZH: "例如 editions: [zh-Hans, {script: zh-Hant, convert: s2tw}]", FixEN: "for example editions: [zh-Hans, {script: zh-Hant, convert: s2tw}]"}
	ruleAddress = diag.Rule{ID: "config",
		ZH: "网址“%[1]s”有误", EN: "bad address %[1]q",
		FixZH: "写以 https:// 开头的完整网址，或以 / 开头的本站路径", FixEN: "write a whole address starting with https://, or a path of the site starting with /"}
	ruleOrigin = diag.Rule{ID: "config",
		ZH: "origin“%[1]s”有误", EN: "bad origin %[1]q",
		FixZH: "只写协议与主机，例如 https://counts.example.gov.cn；在本站就删去", FixEN: "write scheme and host alone, for example https://counts.example.gov.cn; delete it for this site"}
	ruleLink = diag.Rule{ID: "config",
		ZH: "这里的链接要写明名称与网址", EN: "a link needs a name and an address",
		FixZH: "写成 - {name: 名称, url: 网址}", FixEN: "write `- {name: text, url: address}`"}
	ruleGroup = diag.Rule{ID: "config",
		ZH: "这一组友情链接里没有链接", EN: "a group without links",
		FixZH: "在它下面写 links:，每个链接一行 - {name: 名称, url: 网址}", FixEN: "write links: below it, and a line `- {name: text, url: address}` for each"}
	ruleZone = diag.Rule{ID: "config",
		ZH: "没有名为“%[1]s”的时区", EN: "unknown zone %[1]q",
		FixZH: "例如 Asia/Shanghai、Asia/Urumqi、Asia/Hong_Kong", FixEN: "for example Asia/Shanghai, Asia/Hong_Kong"}
	ruleSiteID = diag.Rule{ID: "config",
		ZH: "网站标识码“%[1]s”有误", EN: "bad siteIDCode %[1]q",
		FixZH: "10 位数字，或 bm 加 8 位数字；没有标识码就删去这一行", FixEN: "10 digits, or bm and 8 digits; delete the line if the site has none"}
	rulePolice = diag.Rule{ID: "config",
		ZH: "公安备案号“%[1]s”里没有 14 位数字", EN: "no 14 digits in %[1]q",
		FixZH: "照备案通知写全，如 京公网安备 11040102700068号", FixEN: "write it in full, as in 京公网安备 11040102700068号"}
	ruleRange = diag.Rule{ID: "config",
		ZH: "%[1]s 应在 %[2]d 与 %[3]d 之间", EN: "%[1]s must be between %[2]d and %[3]d",
		FixZH: "删去这一行就用默认值 %[4]d", FixEN: "without this line it is %[4]d"}
	ruleCount = diag.Rule{ID: "config",
		ZH: "条数应在 1 与 200 之间", EN: "count must be between 1 and 200",
		FixZH: "删去这一行就用这种模块的默认条数", FixEN: "without this line the module shows its usual number"}
	rulePattern = diag.Rule{ID: "config",
		ZH: "稿件网址的式样“%[1]s”有误", EN: "bad pattern %[1]q",
		FixZH: "以 / 开头、以 .html 或 / 结尾，含 {slug} 或 {id}，没有 . 与 .. 两种路径段；可用 {column} {yyyy} {mm} {dd} {slug} {id}", FixEN: "start with /, end in .html or /, contain {slug} or {id} and no segment . or ..; {column} {yyyy} {mm} {dd} {slug} {id} may be used"}
	ruleDay = diag.Rule{ID: "date",
		ZH: "哀悼日“%[1]s”有误", EN: "bad date %[1]q",
		FixZH: "写成 2026-12-13", FixEN: "write 2026-12-13"}
	ruleKey = diag.Rule{ID: "config",
		ZH: "required 里的“%[1]s”不是稿件的键", EN: "required names %[1]q, which is not a key of articles",
		FixZH: "用编辑指南“头部信息”表里的键名", FixEN: "use a key of the front matter table"}
)

// Default returns the settings of a site that sets nothing.
func Default() Config {
	return Config{
		Zone: time.FixedZone("CST", 8*3600), Editions: []Edition{{Script: "zh-Hans"}}, Theme: "default", RootLabel: "网站首页",
		ArticleURL: "/{column}/{yyyy}/{slug}.html", PageSize: 20, Archive: "year", ViewShards: 64, ViewSlot: 30, ViewLate: 72, ViewHot: "month", Hot: "picks",
	}
}

// Parse reads the text of site.yaml. isKey tells whether a name is a key of articles and
// returns its canonical form. The result is complete if there are no errors among the problems.
func Parse(text []byte, isKey func(string) (string, bool)) (Config, diag.List) {
	v, problems := Schema.Read(fields.Record{File: Path, Line: 1, Text: text})
	c := Default()
	r := reader{v: v, problems: problems}
	r.identity(&c)
	r.pages(&c)
	for _, it := range v.Get("required").Items {
		name, ok := isKey(it.Text)
		if !ok {
			r.problems.Add(ruleKey.At(it.Pos, it.Text))
			continue
		}
		c.Required = append(c.Required, name)
	}
	return c, r.problems
}

type reader struct {
	v        fields.Values
	problems diag.List
}

func (r *reader) text(dst *string, name string) {
	if v := r.v.Get(name); v.Set {
		*dst = v.Text
	}
}

var (
	siteID = regexp.MustCompile(`^(bm\d{8}|\d{10})$`) // forms in use; domain rules §1.2
	police = regexp.MustCompile(`\d{14}`)
)

// identity reads who the site is and what its footer shows.
func (r *reader) identity(c *Config) {
	v := r.v
	c.Name, c.Description, c.Keywords = v.Text("name"), v.Text("description"), v.Get("keywords").Texts()
	if v.Missing("name") {
		r.problems.Add(ruleNeeded.At(diag.Pos{File: Path, Line: 1}, "name", "name: 某市机关党建网"))
	}
	r.base(c)
	r.zone(c)
	if id := v.Get("siteIDCode"); id.Set && !siteID.MatchString(id.Text) {
		r.problems.Add(ruleSiteID.At(id.Pos, id.Text))
	}
	c.SiteIDCode = v.Text("siteIDCode")
	r.editions(c)
	r.text(&c.RootLabel, "rootLabel")
	c.Greeting, c.Organizer, c.Undertaker = v.Text("greeting"), v.Text("organizer"), v.Text("undertaker")
	ct := v.Group("contact")
	c.Address, c.Postcode, c.Phone, c.Email = ct.Text("address"), ct.Text("postcode"), ct.Text("phone"), ct.Text("email")
	c.ICP, c.Police = v.Text("icp"), v.Text("police")
	if c.PoliceCode = police.FindString(c.Police); c.Police != "" && c.PoliceCode == "" {
		r.problems.Add(rulePolice.At(v.Get("police").Pos, c.Police))
	}
	cn := v.Group("conac")
	c.ConacID, c.ConacKind = cn.Text("id"), cn.Text("kind")
	if c.ConacKind == "" {
		c.ConacKind = "red"
	}
	c.Correction, c.Since, c.Login, c.Register = r.url("correction"), v.Get("since").Int, r.url("login"), r.url("register")
	cp := v.Group("copyright")
	c.Original, c.Reprint = cp.Text("original"), cp.Text("reprint")
	c.ExemptHosts = v.Get("exemptHosts").Texts()
	for _, it := range v.Get("mourning").Items {
		t, _, err := fields.ParseTime(it.Text, time.UTC)
		if err != nil {
			r.problems.Add(ruleDay.At(it.Pos, it.Text))
			continue
		}
		c.Mourning = append(c.Mourning, t.Format("2006-01-02"))
	}
}

// editions reads the scripts in which the site appears.
func (r *reader) editions(c *Config) {
	v := r.v.Get("editions")
	if !v.Set {
		return
	}
	c.Editions, c.Convert = nil, true
	for i, g := range v.Groups {
		e := Edition{Script: g.Text("script"), Prefix: strings.Trim(g.Text("prefix"), "/"), Convert: g.Text("convert")}
		other := map[string]string{"zh-Hans": "s", "zh-Hant": "t"}[e.Script]
		to := map[string]string{"zh-Hans": "tw2s", "zh-Hant": "s2t"}[e.Script]
		if e.Convert == "" {
			e.Convert = to
		}
		if i > 0 && e.Prefix == "" {
			e.Prefix = strings.ToLower(strings.TrimPrefix(e.Script, "zh-"))
		}
		toHans := strings.HasSuffix(e.Convert, "2s")
		switch {
		case e.Script == "":
			if g.Missing("script") {
				r.problems.Add(ruleEdition.At(g.Pos, diag.T("没有写明文字", "no script")))
			}
			continue
		case other == "s" && !toHans, other == "t" && toHans:
			r.problems.Add(ruleEdition.At(g.Get("convert").Pos, diag.T("转换方式 "+e.Convert+" 得不到这种文字", e.Convert+" does not lead to this script")))
		case i == 0 && e.Prefix != "":
			r.problems.Add(ruleEdition.At(g.Get("prefix").Pos, diag.T("第一个版本在根目录，不写 prefix", "the first edition stands at the root and has no prefix")))
		case i > 0 && !prefix.MatchString(e.Prefix):
			r.problems.Add(ruleEdition.At(g.Get("prefix").Pos, diag.T("prefix 只用小写字母、数字与连字符", "prefix may have a-z, 0-9 and - only")))
		case slices.Contains(ownFolders, e.Prefix):
			r.problems.Add(ruleEdition.At(g.Get("prefix").Pos, diag.T("文件夹 "+e.Prefix+" 留给标签、专栏与网站地图", "the folder "+e.Prefix+" is kept for tags, series and site maps")))
		case i > 1 || i == 1 && c.Editions[0].Script == e.Script:
			r.problems.Add(ruleEdition.At(g.Pos, diag.T("简体与繁体版本各写一个", "one edition for each script")))
		}
		c.Editions = append(c.Editions, e)
	}
	if len(c.Editions) == 0 {
		c.Editions = Default().Editions
	}
}

// ownFolders are the names of folders at the root that zhendi writes itself and that could be prefixes.
var ownFolders = []string{"tags", "series", "sitemap"}

var prefix = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func (r *reader) base(c *Config) {
	v := r.v.Get("baseURL")
	if !v.Set {
		if !r.v.Missing("baseURL") {
			return
		}
		r.problems.Add(ruleNeeded.At(diag.Pos{File: Path, Line: 1}, "baseURL", "baseURL: https://www.example.gov.cn/"))
		return
	}
	b, err := BaseURL(v.Text)
	if err != nil {
		r.problems.Add(ruleBaseURL.At(v.Pos, v.Text))
	}
	c.BaseURL = b
}

var host = regexp.MustCompile(`^([A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?$`)

// BaseURL checks the address of a site's home page and returns it with a final slash. The
// host must be ASCII: a Chinese one is written in its form that starts with xn--.
func BaseURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" && u.Scheme != "https" || !host.MatchString(u.Host) || strings.ContainsAny(s, "?#") || u.User != nil ||
		strings.HasPrefix(path.Ext(u.Path), ".htm") || strings.Contains(u.Path, "//") || path.Clean("/"+u.Path) != "/"+strings.Trim(u.Path, "/") {
		return "", &url.Error{Op: "parse", URL: s, Err: url.InvalidHostError(u.Host)}
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return u.String(), nil
}

func (r *reader) zone(c *Config) {
	v := r.v.Get("zone")
	name := "Asia/Shanghai"
	if v.Set {
		name = v.Text
	}
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		r.problems.Add(ruleZone.At(v.Pos, name))
		return
	}
	c.Zone = z
}

// url reads an address: absolute http(s), mailto, or a path of the site.
func (r *reader) url(name string) string {
	v := r.v.Get(name)
	if v.Set {
		r.address(v)
	}
	return v.Text
}

func (r *reader) address(v fields.Value) {
	u, err := url.Parse(v.Text)
	if err != nil || u.Scheme == "" && !strings.HasPrefix(v.Text, "/") || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" && u.Scheme != "tel" {
		r.problems.Add(ruleAddress.At(v.Pos, v.Text))
	}
}

// dots finds the segments . and .., which browsers resolve.
var dots = regexp.MustCompile(`/\.\.?(/|$)`)

var pattern = regexp.MustCompile(`^/([A-Za-z0-9._/-]|\{(column|yyyy|mm|dd|slug|id)\})*(\.html|/)$`)

// pages reads how pages are laid out.
func (r *reader) pages(c *Config) {
	v := r.v
	r.text(&c.Theme, "theme")
	r.text(&c.Logo, "logo")
	r.text(&c.Banner, "banner")
	c.LogoPos, c.BannerPos = v.Get("logo").Pos, v.Get("banner").Pos
	r.text(&c.Archive, "archive")
	r.text(&c.Hot, "hot")
	if p := v.Get("articleURL"); p.Set {
		if !pattern.MatchString(p.Text) || dots.MatchString(p.Text) || !strings.Contains(p.Text, "{slug}") && !strings.Contains(p.Text, "{id}") {
			r.problems.Add(rulePattern.At(p.Pos, p.Text))
		} else {
			c.ArticleURL = p.Text
		}
	}
	r.number(&c.PageSize, v.Get("pageSize"), "pageSize", 5, 200)
	vw := v.Group("views")
	c.Views = len(v.Get("views").Groups) > 0 // {} too: all of its keys have defaults
	r.number(&c.ViewShards, vw.Get("shards"), "shards", 1, 65536)
	r.number(&c.ViewSlot, vw.Get("slot"), "slot", 1, 1440)
	r.number(&c.ViewLate, vw.Get("late"), "late", 1, 1000)
	c.ViewLog = vw.Text("log")
	if h := vw.Get("hot"); h.Set {
		c.ViewHot = h.Text
	}
	if o := vw.Get("origin"); o.Set {
		c.ViewOrigin = r.origin(o)
	}
	for _, g := range v.Get("home").Groups {
		n := g.Get("count")
		if n.Set && (n.Int < 1 || n.Int > 200) {
			r.problems.Add(ruleCount.At(n.Pos))
			n.Int = 0
		}
		if u := g.Get("url"); u.Set {
			r.address(u)
		}
		c.Home = append(c.Home, Module{g.Text("module"), g.Text("title"), g.Text("url"), g.Get("columns").Items, n.Int, g.Pos})
	}
	c.Services, c.FooterLinks = r.links(v.Get("services")), r.links(v.Get("footerLinks"))
	for _, g := range v.Get("friends").Groups {
		if g.Missing("links") {
			r.problems.Add(ruleGroup.At(g.Pos))
		}
		c.Friends = append(c.Friends, Group{g.Text("group"), r.links(g.Get("links"))})
	}
	c.Params = v.Get("params").Any
	r.targets(c)
	r.check(c)
}

// origin reads scheme and host of another site, as the pages' policy wants them.
func (r *reader) origin(v fields.Value) string {
	u, err := url.Parse(v.Text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !host.MatchString(u.Host) || u.User != nil || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(v.Text, "?#") {
		r.problems.Add(ruleOrigin.At(v.Pos, v.Text))
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (r *reader) number(dst *int, v fields.Value, name string, low, high int) {
	if !v.Set {
		return
	}
	if v.Int < low || v.Int > high {
		r.problems.Add(ruleRange.At(v.Pos, name, low, high, *dst))
		return
	}
	*dst = v.Int
}

func (r *reader) links(v fields.Value) (out []Link) {
	for _, g := range v.Groups {
		u := g.Get("url")
		if g.Missing("name") || g.Missing("url") {
			r.problems.Add(ruleLink.At(g.Pos))
		}
		if !u.Set {
			continue
		}
		r.address(u)
		out = append(out, Link{g.Text("name"), u.Text, g.Text("image"), g.Get("image").Pos})
	}
	return out
}
