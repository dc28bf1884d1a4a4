package redirects

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strings"

	"zhendi/internal/diag"
)

// Limits of the providers: Alibaba Cloud OSS, PutBucketWebsite: 20 rules; Tencent COS, PUT Bucket website: 100 rules
// and 64 KB.
const (
	ossRules = 20
	cosRules = 100
	cosBytes = 64 << 10
)

var whyWhole = diag.T("? 后没有“名称=值”的网址，这种格式写不出", "addresses whose query has no name=value: this format cannot say them")

// website is the configuration of a bucket that is a website. A store takes it whole: what is not in it is lost.
type website struct {
	XMLName xml.Name `xml:"WebsiteConfiguration"`
	Index   struct {
		Suffix string
		SubDir string `xml:"SupportSubDir,omitempty"`
		Type   string `xml:",omitempty"`
	} `xml:"IndexDocument"`
	Error struct {
		Key    string
		Status string `xml:"HttpStatus,omitempty"`
		Keep   string `xml:"OriginalHttpStatus,omitempty"`
	} `xml:"ErrorDocument"`
	Rules []routing `xml:"RoutingRules>RoutingRule"`
}

type routing struct {
	Number    int       `xml:"RuleNumber,omitempty"`
	Condition condition `xml:"Condition"`
	Redirect  leading   `xml:"Redirect"`
}

type condition struct {
	Prefix string `xml:"KeyPrefixEquals"`
	Suffix string `xml:"KeySuffixEquals,omitempty"`
	Code   int    `xml:"HttpErrorCodeReturnedEquals,omitempty"`
}

type leading struct {
	Type     string `xml:"RedirectType,omitempty"`
	Protocol string
	Host     string `xml:"HostName,omitempty"`
	Key      string `xml:"ReplaceKeyWith"`
	Code     int    `xml:"HttpRedirectCode,omitempty"`
}

// oss writes rules with prefix and suffix, so that they stand for one key; those of folders count where there is no
// object.
func (w *writer) oss(t Table) error {
	var site website
	site.Index.Suffix, site.Index.SubDir, site.Index.Type = "index.html", "true", "0"
	site.Error.Key, site.Error.Status = strings.TrimPrefix(t.Root, "/")+"404.html", "404"
	single, below := w.routing(t, true)
	for i := range single {
		single[i].Condition.Suffix = single[i].Condition.Prefix
	}
	for i := range below {
		below[i].Condition.Code = 404
	}
	err := w.fit(&site, single, below, ossRules)
	for i := range site.Rules {
		r := &site.Rules[i]
		r.Number, r.Redirect.Type, r.Redirect.Code = i+1, "External", 301
	}
	w.marshal(site)
	return err
}

// cos writes rules with prefixes only: COS knows nothing else, and they count before what is in the bucket. So a.htm is left to its
// page, for its rule would lead away from a.html, too. It leads to keys of the bucket.
func (w *writer) cos(t Table) error {
	var site website
	site.Index.Suffix = "index.html"
	site.Error.Key, site.Error.Keep = strings.TrimPrefix(t.Root, "/")+"404.html", "Enabled"
	single, below := w.routing(t, false)
	err := w.fit(&site, single, below, cosRules)
	w.apart(&site)
	w.marshal(site)
	if err == nil && w.b.Len() > cosBytes {
		w.b.Reset()
		site.Rules = slices.DeleteFunc(site.Rules, func(r routing) bool { return !r.below() && w.takeBack(whyPage) })
		w.apart(&site)
		w.marshal(site)
	}
	return err
}

// below reports whether a rule is that of a whole folder: those of folders alone are not written.
func (r *routing) below() bool { return strings.HasSuffix(r.Condition.Prefix, "/") }

// takeBack leaves out a rule that was said.
func (w *writer) takeBack(why diag.Text) bool {
	w.said--
	w.leave(why)
	return true
}

// apart leaves out whole folders that hold addresses whose pages lead elsewhere: no reader would come to those.
func (w *writer) apart(site *website) {
	said := map[string]bool{}
	for i := range site.Rules {
		said[site.Rules[i].Condition.Prefix] = !site.Rules[i].below()
	}
	pages := map[string]string{} // key -> where it leads
	for _, r := range w.rules {
		if key := strings.TrimPrefix(r.From, "/"); r.Query == "" && !r.Below && r.To != "" && !said[key] {
			pages[key] = r.To
		}
	}
	site.Rules = slices.DeleteFunc(site.Rules, func(r routing) bool {
		if !r.below() {
			return false
		}
		for key, to := range pages {
			u, err := url.Parse(to)
			if strings.HasPrefix(key, r.Condition.Prefix) && (err != nil || u.Host+u.RawQuery+u.Fragment != "" || object(u) != r.Redirect.Key) {
				return w.takeBack(whyHides)
			}
		}
		return false
	})
}

// object is the key of the page at an address.
func object(to *url.URL) string {
	if key := strings.TrimPrefix(to.Path, "/"); key != "" {
		return key
	}
	return "index.html"
}

// fit takes as many rules as the provider does: those of single addresses only if all fit, since pages stand in for them.
func (w *writer) fit(site *website, single, below []routing, limit int) error {
	if len(below) > limit {
		return &LimitError{len(below), limit}
	}
	if len(single)+len(below) > limit {
		for range single {
			w.leave(whyPage)
		}
		single = nil
	}
	site.Rules = append(single, below...)
	w.said += len(site.Rules)
	return nil
}

// routing makes rules of what keys can say. Folders are left to their pages: a prefix would take all below with it.
func (w *writer) routing(t Table, elsewhere bool) (single, below []routing) {
	for _, r := range w.rules {
		if r.Query != "" {
			w.leave(whyQuery)
			continue
		}
		if r.To == "" {
			w.leave(whyGone)
			continue
		}
		to, err := url.Parse(r.To)
		if err != nil || to.RawQuery != "" || to.Fragment != "" || to.Host != "" && !elsewhere {
			if r.Below {
				w.leave(whyFolder)
			} else {
				w.leave(whyTo)
			}
			continue
		}
		n := routing{Condition: condition{Prefix: strings.TrimPrefix(r.From, "/")}}
		n.Redirect.Protocol, n.Redirect.Key = "https", object(to)
		if elsewhere {
			n.Redirect.Host = t.Host
			if to.Host != "" {
				n.Redirect.Host = to.Host
			}
		}
		switch {
		case r.Below:
			below = append(below, n)
		case strings.HasSuffix(r.From, "/"), !elsewhere && strings.HasSuffix(strings.ToLower(r.From), ".htm"):
			w.leave(whyPage)
		default:
			single = append(single, n)
		}
	}
	return single, below
}

func (w *writer) marshal(site website) {
	b, err := xml.MarshalIndent(site, "", "  ")
	if err != nil {
		panic("redirects: " + err.Error()) // strings and numbers
	}
	w.b.WriteString(xml.Header)
	w.b.Write(b)
	w.b.WriteString("\n")
}
