package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// contents are the files of content by what they are: their places among the sources.
type contents struct {
	columns, articles, files []int32
	twins                    []twin
}

// twin is a hand-made version in the other script, and the path of its article.
type twin struct {
	at   int32
	base string
}

// sort sorts the files of content by kind.
func (l *Loaded) sort() contents {
	files := l.sources.files
	if n := slices.IndexFunc(files, func(f source.File) bool { return strings.HasPrefix(f.Path, "themes/") }); n >= 0 {
		files = files[:n]
	}
	bundles := map[string]bool{}
	for i := range files {
		if path.Base(files[i].Path) == "index.md" {
			bundles[path.Dir(files[i].Path)] = true
		}
	}
	var c contents
	special := map[string]bool{}
	for i := range files {
		f, i := &files[i], int32(i)
		if p, ok := misnamed(*f); ok {
			l.Problems.Add(p)
			continue
		}
		if base, _, ok := article.TwinOf(f.Path); ok && !strings.HasPrefix(f.Path, "content/_") {
			c.twins = append(c.twins, twin{i, base})
			continue
		}
		rel := strings.TrimPrefix(f.Path, "content/")
		top, _, _ := strings.Cut(rel, "/")
		switch {
		case strings.HasPrefix(top, "_") && top != rel:
			if top == site.StaticDir {
				c.files = append(c.files, i)
			} else if top != "_data" && top != "_archetypes" && !special[top] {
				special[top] = true
				l.Problems.Add(ruleSpecial.At(diag.Pos{File: "content/" + top}))
			}
		case rel == "_index.md":
			l.Problems.Add(ruleRootIndex.At(diag.Pos{File: f.Path}))
		case path.Base(rel) == "_index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleColumnInBundle.At(diag.Pos{File: f.Path}))
		case path.Base(rel) == "_index.md":
			c.columns = append(c.columns, i)
		case path.Ext(rel) != ".md":
			c.files = append(c.files, i)
		case path.Base(rel) != "index.md" && inBundle(bundles, f.Path):
			l.Problems.Add(ruleStray.At(diag.Pos{File: f.Path}))
		default:
			c.articles = append(c.articles, i)
		}
	}
	return c
}

func inBundle(bundles map[string]bool, p string) bool {
	for d := path.Dir(p); d != "."; d = path.Dir(d) {
		if bundles[d] {
			return true
		}
	}
	return false
}

// text reads the ith of the sources, a text file, into buf, which holds it from then on; problems go to the list.
func (l *Loaded) text(buf *[]byte, i int) ([]byte, diag.List, bool) {
	file := l.sources.path(i)
	raw, err := l.sources.read(*buf, i)
	if err != nil {
		return nil, diag.List{source.Unreadable(file, err)}, false
	}
	*buf = raw
	return source.Text(file, raw)
}

func (l *Loaded) parseColumns(files []int32) (out []*article.Column) {
	for _, i := range files {
		text, problems, ok := l.text(new([]byte), int(i))
		l.Problems.Add(problems...)
		if !ok {
			continue
		}
		c, problems := article.ParseColumn(article.File{Path: l.sources.path(int(i)), Text: text, Zone: l.Config.Zone})
		l.Problems.Add(problems...)
		out = append(out, c)
	}
	return out
}

// articles are the articles of the site on their way into the model.
type articles struct {
	records *records
	list    []parsed           // articles, then twins; without an article where it cannot be read
	joined  []*article.Article // those of list with their twins; nil for twins
}

// parseArticles parses on all cores what there is no record of. Articles that could not be read at all
// are left out; their problems are errors, so that none vanishes silently.
func (l *Loaded) parseArticles(ctx context.Context, c contents) (*articles, error) {
	byDir := map[string]*article.Column{}
	for _, c := range l.in.Columns {
		byDir[c.Dir] = c
	}
	n := len(c.articles)
	out := &articles{list: make([]parsed, n+len(c.twins))}
	dir := ""
	if l.memory.dir != "" {
		dir = filepath.Join(l.memory.dir, "articles")
	}
	key := l.recordsKey()
	if l.kept != nil && l.keptKey != key {
		l.kept, l.keptKey = map[string]parsed{}, key
	}
	out.records = loadRecords(ctx, dir, key, len(out.list))
	err := each(ctx, len(out.list), func(i int) error {
		if i >= n {
			out.list[i] = l.parse(out.records, int(c.twins[i-n].at), article.ParseTwin, nil)
			return nil
		}
		at := int(c.articles[i])
		dir := strings.TrimPrefix(path.Dir(l.sources.path(at)), "content/")
		out.list[i] = l.parse(out.records, at, article.Parse, site.Required(l.Config, byDir, dir))
		return nil
	}, func(done int) { l.progress(Parsing, done, len(out.list)) })
	if err != nil {
		return nil, err
	}
	for i := range out.list {
		l.Problems.Add(out.list[i].problems...)
		out.list[i].problems = out.list[i].problems[:len(out.list[i].problems):len(out.list[i].problems)]
	}
	out.joined = make([]*article.Article, len(out.list))
	for i := range n {
		out.joined[i] = out.list[i].Article
	}
	l.joinTwins(c.twins, out)
	return out, nil
}

// parse returns the article of the ith of the sources: its record, if the bytes are the same.
func (l *Loaded) parse(r *records, i int, parse func(article.File) (*article.Article, diag.List), required []string) (p parsed) {
	file := l.sources.path(i)
	if sum := l.sources.known(i); sum != (cache.Sum{}) {
		if p, ok := l.kept[file]; ok && p.sum == sum {
			return p
		}
		if p, ok := r.find(file, sum); ok {
			return p
		}
	}
	buf := l.room.take()
	defer l.room.give(buf)
	text, problems, ok := l.text(buf, i)
	if !ok {
		return parsed{problems: problems}
	}
	sum := l.sources.known(i)
	if p, ok := r.find(file, sum); ok { // a fresh checkout
		return p
	}
	p.sum = sum
	p.Article, p.problems = parse(article.File{Path: file, Text: text, Zone: l.Config.Zone, Required: required})
	return p
}

// recordsKey is the hash of all that parsing depends on besides the file, and conversion besides the article.
func (l *Loaded) recordsKey() cache.Sum {
	h := sha256.New()
	h.Write(l.memory.base[:])
	fmt.Fprintf(h, "%x\n", l.sources.sum(TermsPath))
	for _, c := range l.in.Columns {
		fmt.Fprintf(h, "%q %q\n", c.Dir, c.Required)
	}
	return cache.Sum(h.Sum(nil))
}

var ruleTwinAlone = diag.Rule{ID: "twin",
	ZH: "这是另一文字的版本，但没有原稿 %[1]s", EN: "this is the other script's version of %[1]s, which does not exist",
	FixZH: "补上原稿，或去掉文件名里的 .zh-hans、.zh-hant", FixEN: "add the original, or drop .zh-hans or .zh-hant from the name"}

// joinTwins gives the hand-made twins to their articles.
func (l *Loaded) joinTwins(twins []twin, all *articles) {
	if len(twins) == 0 {
		return
	}
	n := len(all.list) - len(twins)
	byPath := map[string]int{}
	for i, a := range all.joined[:n] {
		if a != nil {
			byPath[a.Path] = i
		}
	}
	for k, t := range twins {
		path := l.sources.path(int(t.at))
		i, ok := byPath[t.base]
		if !ok {
			l.Problems.Add(ruleTwinAlone.At(diag.Pos{File: path}, t.base))
			continue
		}
		own := &all.list[n+k]
		if own.Article == nil {
			continue
		}
		a := *all.joined[i] // the record is of the file alone
		if a.Lang == "" {   // it is in the script that its twin is not in
			a.Lang = map[string]string{"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}[own.Lang]
		}
		if a.Lang == own.Lang {
			l.Problems.Add(ruleTwinSame.At(diag.Pos{File: path}, own.Lang))
		}
		a.SetTwin(own.Article)
		all.joined[i] = &a
		if p := &all.list[i]; p.twin != own.sum {
			p.twin, p.turned, p.blob = own.sum, nil, ""
			all.records.part(p.Path).fresh.Store(true)
		}
	}
}

// turn converts the texts of article i for all editions, unless that is known.
func (all *articles) turn(i int, editions []*site.Edition) {
	p := &all.list[i]
	if all.joined[i] == p.Article && p.twin != (cache.Sum{}) { // its twin is gone
		p.twin, p.turned = cache.Sum{}, nil
	}
	if len(p.turned) == len(editions) {
		return
	}
	p.turned, p.blob = make([]string, len(editions)), ""
	for e, ed := range editions {
		p.turned[e] = ed.Turn(all.joined[i])
	}
	all.records.part(p.Path).fresh.Store(true)
}

var ruleTwinSame = diag.Rule{ID: "twin",
	ZH: "原稿就是 %[1]s，不需要这个版本", EN: "the original is in %[1]s already",
	FixZH: "删去其中一个文件，或在原稿里用 lang 写明文字", FixEN: "delete one of the files, or say in the original, under lang, in which script it is"}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }
