package check

import (
	"net/netip"
	"net/url"
	"path"
	"strings"

	"zhendi/internal/diag"
)

var (
	ruleInside = diag.Rule{ID: "Z34",
		ZH: "链接“%[1]s”指向%[2]s，读者打不开", EN: "the link %[1]s leads to %[2]s, where readers cannot follow",
		FixZH: "改为公开的网址，或删去链接", FixEN: "use a public address, or delete the link"}
	ruleBackOffice = diag.Rule{ID: "Z34", Severity: diag.Warning,
		ZH: "链接“%[1]s”像是后台地址", EN: "the link %[1]s looks like a back office",
		FixZH: "改为公开的网址", FixEN: "use the public address"}
	ruleHost = diag.Rule{ID: "Z35", Severity: diag.Warning,
		ZH: "域名 %[1]s 不在允许链接的名单里", EN: "the host %[1]s is not on the list",
		FixZH: "经批准的写进 content/_data/sources.yaml 的 hosts", FixEN: "add it to hosts in content/_data/sources.yaml once it is approved"}
	ruleShort = diag.Rule{ID: "Z35", Severity: diag.Warning,
		ZH: "短网址 %[1]s 看不出指向哪里，也可能失效或被改指", EN: "the short address %[1]s hides where it leads",
		FixZH: "换成完整的网址", FixEN: "use the whole address"}
	ruleHotlink = diag.Rule{ID: "Z36",
		ZH: "图片引用自 %[1]s，那里不允许外站显示", EN: "the picture is taken from %[1]s, which refuses other sites",
		FixZH: "下载到稿件所在文件夹，再引用", FixEN: "put the file into the article's folder"}
	ruleMapPicture = diag.Rule{ID: "Z57", Severity: diag.Info,
		ZH: "图片“%[1]s”涉及地图或徽章、旗帜", EN: "the picture %[1]s may show a map or an emblem",
		FixZH: "地图要有审图号；党徽、国徽、国旗按规定使用", FixEN: "maps need an approval number; emblems have rules"}
	ruleExecutable = diag.Rule{ID: "Z36",
		ZH: "附件“%[1]s”是程序，不能发布", EN: "the attachment %[1]s is a program",
		FixZH: "发布文档，不发布程序", FixEN: "publish documents, not programs"}
)

var links = Analyser{
	ID:   "Z34",
	Name: diag.T("链接到内部", "links into the inside"),
	Doc: diag.T("指向本机（file:、localhost、127.0.0.1）、内网地址（10.、172.16–31.、192.168.）的链接是错误；像后台的地址（/admin、/manage、login）警告。站内失效的链接由 build 报告（link）。",
		"Links to this machine and to private networks are errors, those that look like a back office warnings. Dead links within the site are reported by build (link)."),
	Mistaken: diag.T("写操作说明时把网址放在反引号里。", "Put addresses of instructions between backticks."),
	Bad:      []string{"[通知](file:///C:/a.doc)", "见 http://192.168.1.5/tz.html", "[后台](https://www.example.cn/admin/list)"},
	Good:     []string{"[通知](https://www.example.cn/tz.html)", "`http://localhost:8080`", "[甲](b.md)"},
	Text:     func(t *Text) { t.links() },
}

func (t *Text) links() {
	for _, l := range t.Links {
		if l.Picture {
			continue
		}
		u, err := url.Parse(l.Dest)
		if err != nil {
			continue
		}
		where := diag.Text{}
		host := u.Hostname()
		ip, iperr := netip.ParseAddr(host)
		switch {
		case u.Scheme == "file" || len(u.Scheme) == 1:
			where = diag.T("本机的文件", "a file of this machine")
		case host == "localhost" || iperr == nil && ip.IsLoopback():
			where = diag.T("本机", "this machine")
		case iperr == nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast()), strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".lan"):
			where = diag.T("内网", "a private network")
		}
		if where.EN != "" {
			t.reportBytes(&ruleInside, l.At, l.At+1, l.Dest, where)
		} else if host != "" && backOffice(u.Path) {
			t.reportBytes(&ruleBackOffice, l.At, l.At+1, l.Dest)
		}
	}
}

func backOffice(p string) bool {
	for _, s := range strings.Split(strings.ToLower(p), "/") {
		switch s {
		case "admin", "manage", "manager", "backend", "wp-admin", "wcm", "dede", "login.aspx", "admin.php":
			return true
		}
	}
	return false
}

var hosts = Analyser{
	ID: "Z35", Severity: diag.Warning,
	Name: diag.T("站外链接", "links to other sites"),
	Doc: diag.T("sources.yaml 的 hosts 列了名单的，链接到名单以外的域名要警告（本站、site.yaml 的 exemptHosts 和友情链接不用列）。短网址一律警告。",
		"Where hosts of sources.yaml is given, links to other hosts are warnings; the site itself, exemptHosts and friends of site.yaml need not be listed. Short addresses always are."),
	Mistaken: diag.T("经批准的域名写进名单。", "Add approved hosts to the list."),
	Bad:      []string{"[详情](https://t.cn/A6abc)", "扫码或访问 https://dwz.cn/xyz 报名"},
	Good:     []string{"[详情](https://www.example.cn/a.html)"},
	Text:     func(t *Text) { t.hosts() },
}

func (t *Text) hosts() {
	for _, l := range t.Links {
		u, err := url.Parse(l.Dest)
		if err != nil || u.Host == "" || l.Picture {
			continue
		}
		switch host := u.Hostname(); {
		case allIn(host, []string{"t.cn", "dwz.cn", "url.cn", "suo.im", "bit.ly", "tinyurl.com", "goo.gl", "u.nu", "mrw.so"}):
			t.reportBytes(&ruleShort, l.At, l.At+1, host)
		case len(t.c.Hosts) > 0 && !listed(host, t.c.Hosts):
			t.reportBytes(&ruleHost, l.At, l.At+1, host)
		}
	}
}

// listed reports whether host is one of hosts or below one.
func listed(host string, hosts []string) bool {
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+strings.TrimPrefix(h, "*.")) {
			return true
		}
	}
	return false
}

var pictures = Analyser{
	ID:   "Z36",
	Name: diag.T("图片与附件", "pictures and attachments"),
	Doc: diag.T("引用公众号等不许外站显示的图片、把程序作附件，是错误；内容与扩展名不符、图片超过 5 MB、附件超过 50 MB，警告。没有说明文字、找不到文件由 build 报告（img-alt、missing-file）。",
		"Pictures taken from hosts that refuse other sites and programs as attachments are errors; files that are not what their names say, pictures over 5 MB and attachments over 50 MB are warnings. Missing files and missing alt text are reported by build."),
	Mistaken: diag.T("大文件放到专门的下载站，再链接。", "Put large files elsewhere and link to them."),
	Bad:      []string{"![会场](https://mmbiz.qpic.cn/a/640)", "---¶title: 甲¶attachments: [安装.exe]¶---¶正文。"},
	Good:     []string{"![会场](huichang.jpg)", "---¶title: 甲¶attachments: [通知.docx]¶---¶正文。"},
	Text:     func(t *Text) { t.pictures() },
	Portal:   func(p *Portal) { p.files() },
}

func (t *Text) pictures() {
	for _, l := range t.Links {
		u, err := url.Parse(l.Dest)
		if err != nil {
			continue
		}
		if host := u.Hostname(); l.Picture && (strings.HasSuffix(host, ".qpic.cn") || strings.HasSuffix(host, ".qlogo.cn") || strings.HasSuffix(host, ".sinaimg.cn")) {
			t.reportBytes(&ruleHotlink, l.At, l.At+1, host)
		}
		if u.Host == "" && executable(u.Path) {
			t.reportBytes(&ruleExecutable, l.At, l.At+1, u.Path)
		}
	}
	if t.Article != nil {
		for _, a := range t.Article.Attachments {
			if executable(a.File.Text) {
				t.problems.Add(ruleExecutable.At(t.Article.Pos(a.File), a.File.Text))
			}
		}
	}
}

func executable(name string) bool {
	return oneOf(strings.ToLower(path.Ext(name)), ".exe .bat .cmd .com .scr .msi .vbs .js .jar .ps1 .sh .apk .lnk")
}

// oneOf reports whether s is one of the words.
func oneOf(s, words string) bool {
	for _, w := range strings.Fields(words) {
		if s == w {
			return true
		}
	}
	return false
}

var maps = Analyser{
	ID: "Z57", Severity: diag.Info,
	Name: diag.T("地图与徽章", "maps and emblems"),
	Doc: diag.T("图片的文件名或说明里有地图、国徽、党徽、国旗等字样，提示核对审图号和使用规定。",
		"Pictures whose name or text speaks of a map, a flag or an emblem."),
	Mistaken: diag.T("只提示。", "Only noted."),
	Bad:      []string{"![云岫市行政区划图](qh.png)", "![党徽](a.png)"},
	Good:     []string{"![会场](huichang.jpg)"},
	Text: func(t *Text) {
		for _, l := range t.Links {
			if !l.Picture {
				continue
			}
			for _, w := range []string{"地图", "区划图", "國徽", "国徽", "党徽", "黨徽", "国旗", "党旗图案", "map.", "guohui", "danghui"} {
				if strings.Contains(l.Text, w) || strings.Contains(l.Dest, w) {
					t.reportBytes(&ruleMapPicture, l.At, l.At+1, l.Text)
					break
				}
			}
		}
	},
}
