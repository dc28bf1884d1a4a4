package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A second build removes what it no longer makes, and nothing that is not its own.
func TestOnlyOurStaleFilesGo(t *testing.T) {
	dir := t.TempDir()
	writeKitchen(t, dir)
	out := filepath.Join(dir, "public")
	opt := options(dir, out, now)
	build := func() { t.Helper(); mustBuildWarned(t, opt) }
	write(t, out, "CNAME", "www.yunxiu.example\n")
	write(t, out, ".gitkeep", "")
	write(t, out, "_views/00.json", "{}")
	write(t, out, "yw/2026/mine.html", "not made by zhendi")
	build()
	before := tree(t, out)
	for _, p := range []string{"content/yw/jian.md", "content/tu/yi/index.md", "content/yw/quan/biao.docx", "content/yw/quan/index.md"} {
		if err := os.Remove(filepath.Join(dir, p)); err != nil {
			t.Fatal(err)
		}
	}
	build()
	after := tree(t, out)
	for _, p := range []string{"yw/2026/jian.html", "tu/2026/yi.html", "tu/yi/tu.png", "yw/quan/biao.docx", "yw/quan/tu.png", "yw/2026/quan.html", "old/1.html", "node/12/index.html"} {
		if before[p] == nil {
			t.Errorf("%s was never there", p)
		}
		if after[p] != nil {
			t.Errorf("%s is still there", p)
		}
	}
	for _, p := range []string{"CNAME", ".gitkeep", "_views/00.json", "yw/2026/mine.html"} {
		if string(after[p]) != string(before[p]) || before[p] == nil {
			t.Errorf("%s, not ours, was touched", p)
		}
	}
	for _, d := range []string{"yw/quan", "tu/yi", "node"} {
		if _, err := os.Stat(filepath.Join(out, d)); err == nil {
			t.Errorf("the empty folder %s is left", d)
		}
	}
}

// An old address leads to the article at once, without scripts, and says where it went.
func TestAliases(t *testing.T) {
	for name, p := range map[string]*portal{"kitchen": kitchen.get(t), "sample": sample.get(t), "prefixed": samplePrefixed.get(t)} {
		for _, pg := range p.moved {
			refresh := pg.one(t, "meta[http-equiv=refresh]")
			delay, to, ok := strings.Cut(attr(refresh, "content"), "; url=")
			if !ok || delay != "0" {
				t.Errorf("%s: refresh %q", pg, attr(refresh, "content"))
			}
			if a := pg.one(t, "a"); attr(a, "href") != to || text(a) == "" {
				t.Errorf("%s: the link leads to %s", pg, attr(a, "href"))
			}
			pg.one(t, "meta[name=robots][content=noindex]")
			pg.none(t, "script, link[rel=stylesheet]")
			target := p.page(t, outPath(t, p, pg.canonical()))
			if target.canonical() != pg.canonical() || !strings.HasSuffix(pg.canonical(), to) {
				t.Errorf("%s: canonical %s, refresh to %s, whose canonical is %s", pg, pg.canonical(), to, target.canonical())
			}
		}
		if len(p.moved) == 0 {
			t.Errorf("%s has no alias", name)
		}
	}
	var got []string
	for _, pg := range kitchen.get(t).moved {
		if !strings.HasSuffix(pg.path, "/2026/index.html") { // a year that stands on the front
			got = append(got, pg.path)
		}
	}
	if strings.Join(got, " ") != "news/index.html node/12/index.html old/1.html 旧址/甲.html" {
		t.Errorf("aliases of kitchen: %v", got)
	}
}

// The manifest lists every file of the output but itself, each with its hash and size.
func TestManifestIsComplete(t *testing.T) {
	everySite(t, func(t *testing.T, p *portal) {
		listed := map[string]bool{"_site/manifest.txt": true}
		for line := range strings.Lines(string(p.files["_site/manifest.txt"])) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			sum, path, _ := strings.Cut(f[0], "  ")
			b, ok := p.files[path]
			if want := sha256.Sum256(b); !ok || sum != hex.EncodeToString(want[:]) || f[1] != strconv.Itoa(len(b)) {
				t.Errorf("the line of %s is not true", path)
			}
			listed[path] = true
		}
		for path := range p.files {
			if !listed[path] {
				t.Errorf("%s is not in the manifest", path)
			}
		}
	})
}
