package config

import "zhendi/internal/hanzi"

// Script tells in which script site.yaml is written, by the characters of its texts; the
// first edition's if they do not say.
func (c Config) Script() string {
	all := ""
	c.texts(func(s string) string { all += s; return s })
	switch hanzi.Detect(all) {
	case hanzi.Hans:
		return "zh-Hans"
	case hanzi.Hant:
		return "zh-Hant"
	}
	return c.Editions[0].Script
}

// In returns the settings with their texts converted.
func (c Config) In(text func(string) string) Config {
	c.texts(text)
	return c
}

// texts passes every text that readers see through f. Lists are copied, not changed.
func (c *Config) texts(f func(string) string) {
	for _, p := range []*string{
		&c.Name, &c.Description, &c.RootLabel, &c.Greeting, &c.Organizer, &c.Undertaker, &c.Address,
		&c.ICP, &c.Police, &c.Original, &c.Reprint,
	} {
		*p = f(*p)
	}
	var keys []string
	for _, k := range c.Keywords {
		keys = append(keys, f(k))
	}
	c.Keywords = keys
	links := func(in []Link) (out []Link) {
		for _, l := range in {
			l.Name = f(l.Name)
			out = append(out, l)
		}
		return out
	}
	c.Services, c.FooterLinks = links(c.Services), links(c.FooterLinks)
	var friends []Group
	for _, g := range c.Friends {
		friends = append(friends, Group{f(g.Name), links(g.Links)})
	}
	c.Friends = friends
	var home []Module
	for _, m := range c.Home {
		m.Title = f(m.Title)
		home = append(home, m)
	}
	c.Home = home
}
