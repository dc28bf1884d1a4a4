package render

import (
	"net/url"
	"strings"
)

// siteInfo is what header and footer show.
func (r *Renderer) siteInfo() Site {
	c := r.site.Config
	s := Site{
		Name: c.Name, Home: r.link(r.site.Root()), Lang: r.lang, Greeting: c.Greeting,
		Organizer: c.Organizer, Undertaker: c.Undertaker, Address: c.Address, Postcode: c.Postcode, Phone: c.Phone, Email: c.Email,
		ICP: c.ICP, Police: c.Police, SiteIDCode: c.SiteIDCode, Since: c.Since, Login: r.link(c.Login), Register: r.link(c.Register),
		Feed: r.link(r.site.Root() + "feed.xml"), JSONFeed: r.link(r.site.Root() + "feed.json"), MapURL: r.link(r.site.MapURL()),
		Mourning: strings.Join(c.Mourning, " "), Assets: map[string]string{}, Params: c.Params,
	}
	s.LogoPicture, s.BannerPicture = r.static(c.Logo), r.static(c.Banner)
	s.Logo, s.Banner = s.LogoPicture.address(), s.BannerPicture.address()
	if c.PoliceCode != "" {
		s.PoliceURL = "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=" + c.PoliceCode
	}
	if c.ConacID != "" {
		s.Conac = &Conac{"https://bszs.conac.cn/sitename?method=show&id=" + url.QueryEscape(c.ConacID), c.ConacKind}
	}
	if c.Views {
		s.Views = &Views{c.ViewOrigin + r.prefix, c.ViewShards}
	}
	if len(r.site.Tags) > 0 {
		s.TagsURL = r.link(r.site.TagsURL())
	}
	for _, l := range c.FooterLinks {
		s.Links = append(s.Links, r.named(l.Name, l.URL, l.Image))
	}
	for _, g := range c.Friends {
		lg := LinkGroup{Name: g.Name}
		for _, l := range g.Links {
			lg.Links = append(lg.Links, r.named(l.Name, l.URL, l.Image))
		}
		s.Friends = append(s.Friends, lg)
	}
	for name, u := range r.theme.urls {
		s.Assets[name] = r.link(u)
	}
	for _, k := range r.site.Home.Children {
		if k.Hidden {
			continue
		}
		n := NavItem{Link: r.columnLink(k), Key: k.Dir}
		if k.ShortTitle != "" {
			n.Text = k.ShortTitle
		}
		for _, sub := range k.Children {
			if !sub.Hidden {
				n.Children = append(n.Children, r.columnLink(sub))
			}
		}
		s.Nav = append(s.Nav, n)
	}
	return s
}

func (r *Renderer) named(name, u, image string) Link {
	l := Link{Text: name, URL: r.OnSite(u), External: r.site.External(u)}
	l.Picture = r.static(image)
	l.Image = l.Picture.address()
	return l
}
