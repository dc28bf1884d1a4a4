package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sameSite is a site in which articles stand in all relations to others.
func sameSite() map[string]string {
	at := func(date, title, more string) string {
		return front("title", title, "date", date+" 08:00", "source", "本网") + more
	}
	return map[string]string{
		"site.yaml":            keptSettings + "editions: [zh-Hans, zh-Hant]\n",
		"content/tz/_index.md": front("title", "通知", "order", "weight"),
		"content/yw/a1.md":     at("2026-01-01", "一", "\n正文。\n"),
		"content/yw/a2.md":     setKey(at("2026-01-02", "二", "\n正文。\n"), "series", "党建"),
		"content/yw/a3.md":     setKey(at("2026-01-03", "三", "\n正文。\n"), "series", "黨建"),
		"content/yw/a4.md":     setKey(at("2026-01-04", "四", "\n正文。\n"), "link", "/yw/2026/a1.html"),
		"content/yw/a5.md":     setKey(at("2026-01-05", "五", "\n正文。\n"), "series", "党建"),
		"content/yw/a6.md":     setKey(at("2026-01-06", "六", "\n正文。\n"), "tags", "[甲]"),
		"content/yw/a7.md":     setKey(at("2026-01-06", "七", "\n正文。\n"), "tags", "[甲]"),
		"content/tz/w1.md":     setKey(at("2026-01-01", "重", "\n正文。\n"), "weight", "1"),
		"content/tz/w2.md":     setKey(at("2026-01-02", "中", "\n正文。\n"), "weight", "2"),
		"content/tz/w3.md":     at("2026-01-03", "轻", "\n正文。\n"),
	}
}

// Pages are kept without looking at what they are made of where nothing can have changed. Each of these changes reaches
// the pages of articles that have not changed.
func TestPagesOfOthersFollowAChange(t *testing.T) {
	withdrawn := func(text string) string { return setKey(text, "status", "withdrawn") }
	s := sameSite()
	inTurn(t, s, map[string]map[string]string{
		"neighbour retitled":              {"content/yw/a1.md": strings.Replace(s["content/yw/a1.md"], "一", "壹", 1)},
		"neighbour by weight retitled":    {"content/tz/w2.md": strings.Replace(s["content/tz/w2.md"], "中", "仲", 1)},
		"weight taken":                    {"content/tz/w3.md": setKey(s["content/tz/w3.md"], "weight", "1")},
		"newest gone":                     {"content/yw/a7.md": ""},
		"oldest gone":                     {"content/yw/a1.md": ""},
		"middle of a series withdrawn":    {"content/yw/a3.md": withdrawn(s["content/yw/a3.md"])},
		"oldest of a series withdrawn":    {"content/yw/a2.md": withdrawn(s["content/yw/a2.md"])},
		"another becomes oldest":          {"content/yw/a1.md": setKey(s["content/yw/a1.md"], "series", "黨建")},
		"series without its middle":       {"content/yw/a3.md": setKey(s["content/yw/a3.md"], "series", "")},
		"series by another name":          {"content/yw/a2.md": setKey(s["content/yw/a2.md"], "series", "黨建")},
		"in another column at the date":   {"content/yw/a6.md": "", "content/tz/a6.md": s["content/yw/a6.md"]},
		"link becomes an article":         {"content/yw/a4.md": setKey(s["content/yw/a4.md"], "link", "")},
		"article becomes a link":          {"content/yw/a2.md": setKey(s["content/yw/a2.md"], "link", "/yw/")},
		"between two":                     {"content/yw/b1.md": strings.Replace(s["content/yw/a1.md"], "01-01", "01-02", 1)},
		"one goes, another comes":         {"content/yw/a3.md": "", "content/yw/b3.md": s["content/yw/a1.md"]},
		"two change places":               {"content/yw/a1.md": s["content/yw/a2.md"], "content/yw/a2.md": s["content/yw/a1.md"]},
		"nobody has the tag any more":     {"content/yw/a6.md": setKey(s["content/yw/a6.md"], "tags", ""), "content/yw/a7.md": setKey(s["content/yw/a7.md"], "tags", "")},
		"neighbour divided":               {"content/yw/a1.md": s["content/yw/a1.md"] + "\n<!-- page -->\n\n又。\n"},
		"neighbour given a twin":          {"content/yw/a1.zh-hant.md": front("title", "壹") + "\n另寫。\n"},
		"an article in front of all":      {"content/yw/b9.md": strings.Replace(s["content/yw/a1.md"], "01-01", "03-01", 1)},
		"neighbour's neighbour withdrawn": {"content/yw/a5.md": withdrawn(s["content/yw/a5.md"])},
	})
}

// inTurn makes changes to a site, each by itself (an empty text removes a file), and takes each back. After each of both builds the
// site and what is said of it are as if it were made anew.
func inTurn(t *testing.T, site map[string]string, changes map[string]map[string]string) {
	t.Helper()
	site["content/yw/_index.md"] = "---\ntitle: 要闻\n---\n"
	dir := makeSite(t, site)
	base, baseSaid := buildSite(t, dir, nil)
	if strings.Contains(baseSaid, "error:") {
		t.Fatal(baseSaid)
	}
	same := func(what string, want map[string]string, wantSaid string) {
		t.Helper()
		got, gotSaid := buildSite(t, dir, nil)
		if gotSaid != wantSaid {
			t.Errorf("%s: problems:\n%s\nclean:\n%s", what, gotSaid, wantSaid)
		}
		if strings.Contains(wantSaid, "error:") {
			return
		}
		for _, d := range unequal(got, want) {
			t.Errorf("%s: %s", what, d)
		}
	}
	for name, changed := range changes {
		write := func(files map[string]string) {
			for name := range changed {
				if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				if text := files[name]; text != "" {
					put(t, dir, name, text)
				}
			}
		}
		write(changed)
		want, wantSaid := buildSite(t, dir, func(o *Options) { o.Forget, o.Out = true, filepath.Join(dir, "clean") })
		same(name, want, wantSaid)
		write(site)
		same(name+", taken back", base, baseSaid)
	}
}
