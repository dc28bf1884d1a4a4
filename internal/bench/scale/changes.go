//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The article that is added, changed and taken away: in a column with a column above it, with
// three tags that the others have, too. Pages that link to it hold its name.
const (
	probeFile    = "content/dangjian/s1/t20261015_probe.md"
	probeRenamed = "content/dangjian/s1/t20261015_moved_probe.md"
	probeName    = "_probe"
	probeColumns = 2
	probeTags    = 3
	probeBody    = "各支部认真开展主题党日，做到学有所得、干有所成。\n\n会议要求，各单位要结合实际抓好落实。\n"
)

// probe returns the text of that article.
func probe(title, date, more string) []byte {
	return fmt.Appendf(nil, "---\ntitle: %s\ndate: %s\nsource: 本网\nauthor: 本网编辑部\ntags: [党的建设, 志愿服务, 网络安全]\n%s---\n\n%s", title, date, more, probeBody)
}

const (
	newest  = "2026-10-15T09:00:00+08:00"
	earlier = "2021-10-01T09:30:00+08:00"
)

// change is a small change of a site.
type change struct {
	kind string
	do   func(site string) error
}

// changesOf returns the changes in order; the last ones undo the others. edited is the article that
// gets a paragraph, original its text.
func changesOf(edited string, original []byte) []change {
	write := func(name string, text []byte) func(string) error {
		return func(site string) error { return os.WriteFile(filepath.Join(site, name), text, 0o644) }
	}
	const first, second = "机关党委召开专题学习会", "机关党委召开专题学习交流会"
	return []change{
		{"nothing", func(string) error { return nil }},
		{"edited", write(edited, append(slices.Clone(original), "\n补充一段。\n"...))},
		{"added", write(probeFile, probe(first, newest, ""))},
		{"retitled", write(probeFile, probe(second, newest, ""))},
		{"back-dated", write(probeFile, probe(second, earlier, ""))},
		{"renamed", func(site string) error {
			return os.Rename(filepath.Join(site, probeFile), filepath.Join(site, probeRenamed))
		}},
		{"withdrawn", write(probeRenamed, probe(second, earlier, "status: withdrawn\nwithdrawnNotice: 此稿已撤回\n"))},
		{"notice deleted", func(site string) error { return os.Remove(filepath.Join(site, probeRenamed)) }},
		{"added late", write(probeFile, probe(second, earlier, ""))},
		{"deleted", func(site string) error { return os.Remove(filepath.Join(site, probeFile)) }},
		{"edited back", write(edited, original)},
	}
}

// changes measures builds after small changes, and what they touch.
func (m *measurement) changes(editions int) error {
	site := m.path("site")
	edited, original, err := m.anArticle(filepath.Join(site, "content"))
	if err != nil {
		return err
	}
	start, err := readManifest(filepath.Join(site, "public"))
	if err != nil {
		return err
	}
	for round := range m.rounds {
		t := touches{site: site, before: start, linked: map[string]bool{}}
		for _, c := range changesOf(filepath.Join("content", edited), original) {
			if err := c.do(site); err != nil {
				return err
			}
			r, err := m.again(editions, c.kind)
			if err != nil {
				return err
			}
			if err := t.count(&r); err != nil {
				return err
			}
			if c.kind == "nothing" {
				r.Allowed = 0
			}
			if r.Touched > r.Allowed && round == 0 {
				m.say("%d files of one edition differ, %d may: %s", r.Touched, r.Allowed, strings.Join(t.differ, " "))
			}
			m.say("%d editions, round %d of %d: %-14s %8.3f s %8.3f core-s %6d written %6d differ", editions, round+1, m.rounds, c.kind,
				r.Samples[0].Wall, r.Samples[0].CPU, r.Written, r.Touched)
			m.results.add(r)
		}
		r, err := m.harmed(editions, start)
		if err != nil {
			return err
		}
		r.Same = compare(start, t.before).len() == 0
		m.results.add(r)
	}
	if m.articles > peerChanges { // each is as long as a full build, which is measured
		return nil
	}
	return m.hugoChanges(editions, edited, original)
}

// anArticle returns one from the middle of a column, below content, and its text.
func (m *measurement) anArticle(content string) (string, []byte, error) {
	names, err := filepath.Glob(filepath.Join(content, "dangjian", "s1", "t*.md"))
	if err != nil || len(names) == 0 {
		return "", nil, fmt.Errorf("no articles in %s: %v", content, err)
	}
	name := names[len(names)/2]
	rel, err := filepath.Rel(content, name)
	if err != nil {
		return "", nil, err
	}
	b, err := os.ReadFile(name)
	return rel, b, err
}

var written = regexp.MustCompile(`(\d+) written`)

// again measures a build into the folder that holds the last one.
func (m *measurement) again(editions int, kind string) (result, error) {
	r := result{Articles: m.articles, Editions: editions, Program: "zhendi", Kind: kind, Written: -1}
	s, out, err := measure(m.zhendiArgs("site")...)
	if err != nil {
		return r, err
	}
	r.Samples = []sample{s}
	if f := written.FindStringSubmatch(out); f != nil {
		r.Written, err = strconv.Atoi(f[1])
	}
	return r, err
}

// harmed measures a build after files of the output were lost and altered, and says whether they
// were put back.
func (m *measurement) harmed(editions int, start files) (result, error) {
	public := m.path("site", "public")
	lost, altered := filepath.Join(public, "dangjian", "index.html"), filepath.Join(public, "lilun", "index.html")
	b, err := os.ReadFile(altered)
	if err != nil {
		return result{}, err
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(altered, b, 0o644); err != nil {
		return result{}, err
	}
	if err := os.Remove(lost); err != nil {
		return result{}, err
	}
	r, err := m.again(editions, "harmed")
	if err != nil {
		return r, err
	}
	r.PutBack = true
	for _, p := range []string{"dangjian/index.html", "lilun/index.html"} {
		got, err := readOne(public, p)
		r.PutBack = r.PutBack && err == nil && got == start[p]
	}
	m.say("%d editions: %-14s %8.3f s %8.3f core-s %6d written", editions, "harmed", r.Samples[0].Wall, r.Samples[0].CPU, r.Written)
	return r, nil
}

// touches follows what changes from build to build.
type touches struct {
	site   string
	before files
	linked map[string]bool // pages of other articles that link to the probe
	differ []string        // paths of the last build
}

var articlePage = regexp.MustCompile(`(?:^|/)t\d+_[^/]*\.html$`)

// count fills in how many files of one edition differ from the build before, and how many
// may: 10, 4 for each column on the article's path, 2 for each tag, and the pages that link to it,
// the two neighbours being among the ten.
func (t *touches) count(r *result) error {
	public := filepath.Join(t.site, "public")
	after, err := readManifest(public)
	if err != nil {
		return err
	}
	d := compare(t.before, after)
	t.before, t.differ = after, d.all()
	var n, linking [2]int
	for _, p := range t.differ {
		ed := 0
		if strings.HasPrefix(p, "hant/") {
			ed = 1
		}
		n[ed]++
		if !articlePage.MatchString(p) || strings.Contains(p, probeName) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(public, filepath.FromSlash(p)))
		links := err == nil && bytes.Contains(b, []byte(probeName))
		if links || t.linked[p] {
			linking[ed]++
		}
		t.linked[p] = links
	}
	ed := 0
	if n[1] > n[0] {
		ed = 1
	}
	r.Touched, r.Linking = n[ed], linking[ed]
	r.Allowed = 10 + 4*probeColumns + 2*probeTags + max(0, linking[ed]-2)
	return nil
}
