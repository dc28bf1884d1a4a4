package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"strings"
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

// articles are the articles of the site on their way into the model.
type articles struct {
	l        *Loaded
	at       []int32             // of the list, among the sources
	list     []parsed            // articles, then twins; without an entry where it cannot be read
	joined   []*article.Entry    // those of list with their twins; nil for twins
	required map[string][]string // keys, by folder
	records  *records
	texts    *texts
	editions []*site.Edition
}

// parseArticles parses on all cores what there is no record of. Articles that could not be read at all
// are left out; their problems are errors, so that none vanishes silently.
func (l *Loaded) parseArticles(ctx context.Context, c contents) (*articles, error) {
	all, n := l.newArticles(c), len(c.articles)
	var done sync.WaitGroup
	done.Go(func() { all.editions = l.editions() })
	err := all.records.load(ctx, all)
	done.Wait()
	if err == nil {
		err = all.parse(ctx, n)
	}
	if err != nil {
		return nil, err
	}
	for i := range all.list {
		l.Problems.Add(all.list[i].problems...)
		all.list[i].problems = all.list[i].problems[:len(all.list[i].problems):len(all.list[i].problems)]
	}
	all.joined = make([]*article.Entry, len(all.list))
	for i := range n {
		all.joined[i] = all.list[i].Entry
	}
	all.joinTwins(c.twins)
	return all, nil
}

// newArticles lists the articles, of which nothing is known yet.
func (l *Loaded) newArticles(c contents) *articles {
	all := &articles{l: l, at: c.articles, list: cleared[parsed](len(c.articles) + len(c.twins))}
	for _, t := range c.twins {
		all.at = append(all.at, t.at)
	}
	key := l.recordsKey()
	if l.kept != nil && l.keptKey != key {
		l.kept, l.keptKey = map[string]parsed{}, key
	}
	all.records = newRecords(l.memory.dir, key, len(all.at), all.path)
	all.texts = &texts{l: l, records: all.records}
	l.texts = all.texts
	return all
}

// path returns the path of the ith of the list.
func (all *articles) path(i int) string { return all.l.sources.path(int(all.at[i])) }

// parse parses what there is no record of: the first n are articles, the others twins. Texts are converted for so many articles at a
// time as the tables of conversion stay in a core's cache.
func (all *articles) parse(ctx context.Context, n int) error {
	var missing []int32
	for i := range all.list {
		if all.list[i].Entry == nil {
			missing = append(missing, int32(i))
		}
	}
	all.requires(missing)
	known := len(all.list) - len(missing)
	size := batchOf(len(missing))
	return each(ctx, (len(missing)+size-1)/size, func(k int) error {
		batch := missing[k*size : min(len(missing), (k+1)*size)]
		all.readAndParse(batch, n)
		all.recordFresh(batch, n)
		return nil
	}, func(done int) { all.l.progress(Parsing, min(known+done*size, len(all.list)), len(all.list)) })
}

// requires finds out which keys those of the list must set, by folder.
func (all *articles) requires(list []int32) {
	byDir := map[string]*article.Column{}
	for _, c := range all.l.in.Columns {
		byDir[c.Dir] = c
	}
	all.required = map[string][]string{}
	last := ""
	for _, i := range list {
		if dir := path.Dir(all.path(int(i))); dir != last {
			all.required[dir] = site.Required(all.l.Config, byDir, strings.TrimPrefix(dir, "content/"))
			last = dir
		}
	}
}

// readAndParse parses those of the list that are not kept: the first n are articles, the others twins.
func (all *articles) readAndParse(list []int32, n int) {
	l := all.l
	var parse, at []int32
	for _, i := range list {
		if p, ok := l.keptAt(int(all.at[i])); ok {
			all.list[i] = p
		} else {
			parse, at = append(parse, i), append(at, all.at[i])
		}
	}
	buf := l.room.take()
	defer l.room.give(buf)
	l.sources.readMany(*buf, at, func(k int, b []byte, err error) {
		i := int(parse[k])
		all.list[i] = all.one(i, i >= n, l.textOf(int(at[k]), b, err))
	})
}

// keptAt returns what a Desk keeps of the article in file i of the sources, if its bytes are the same.
func (l *Loaded) keptAt(i int) (p parsed, ok bool) {
	if sum := l.sources.known(i); sum != (cache.Sum{}) {
		p, ok = l.kept[l.sources.path(i)]
		ok = ok && p.sum == sum
	}
	return p, ok
}

// one returns the ith of the list: its record, if the bytes are the same after all, else the file parsed.
func (all *articles) one(i int, twin bool, t fileText) (p parsed) {
	if !t.ok {
		return parsed{problems: t.problems}
	}
	file, sum := all.path(i), all.l.sources.known(int(all.at[i]))
	if old := all.list[i].old; old != nil && old.read(&p, &article.Entry{Path: file}, nil, sum) { // a fresh checkout
		all.records.part(file).stale.Add(-1)
		return p
	}
	f := article.File{Path: file, Text: t.text, Zone: all.l.Config.Zone, Required: all.required[path.Dir(file)]}
	p = parsed{sum: sum}
	if twin {
		p.fresh, p.problems = article.ParseTwin(f)
	} else {
		p.fresh, p.problems = article.Parse(f)
	}
	return p
}

// recordFresh makes the records of those of the list that were parsed.
func (all *articles) recordFresh(list []int32, n int) {
	var fresh []*parsed
	var entries []*article.Entry
	for _, i := range list {
		if p := &all.list[i]; p.fresh != nil {
			all.record(p, p.fresh, int(i) >= n)
			fresh, entries = append(fresh, p), append(entries, &p.fresh.Entry)
		}
	}
	packed := article.Pack(entries)
	for k, p := range fresh {
		p.Entry, p.fresh = &packed[k], nil
	}
}

// record makes the text of the record of an article that was parsed, or has another twin than before.
func (all *articles) record(p *parsed, a *article.Article, twin bool) {
	var turned []string
	for _, ed := range all.editions {
		if !twin {
			turned = append(turned, ed.Turn(a))
		}
	}
	p.text = textAt{blob: encodeText(a, turned)}
}

var ruleTwinAlone = diag.Rule{ID: "twin",
	ZH: "这是另一文字的版本，但没有原稿 %[1]s", EN: "this is the other script's version of %[1]s, which does not exist",
	FixZH: "补上原稿，或去掉文件名里的 .zh-hans、.zh-hant", FixEN: "add the original, or drop .zh-hans or .zh-hant from the name"}

// joinTwins gives the hand-made twins to their articles.
func (all *articles) joinTwins(twins []twin) {
	n := len(all.list) - len(twins)
	byPath := map[string]int{}
	for i, e := range all.joined[:n] {
		if e != nil && len(twins) > 0 {
			byPath[e.Path] = i
		}
	}
	for k, t := range twins {
		own := &all.list[n+k]
		i, ok := byPath[t.base]
		if !ok {
			all.l.Problems.Add(ruleTwinAlone.At(diag.Pos{File: all.l.sources.path(int(t.at))}, t.base))
			continue
		}
		if own.Entry == nil {
			continue
		}
		e := *all.joined[i] // the record is of the file alone
		if e.Lang == "" {   // it is in the script that its twin is not in
			e.Lang = map[string]string{"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}[own.Lang]
		}
		if e.Lang == own.Lang {
			all.l.Problems.Add(ruleTwinSame.At(diag.Pos{File: own.Path}, own.Lang))
		}
		e.SetTwin(all.texts.whole(own.Entry, own.text).Article)
		all.joined[i] = &e
		all.turn(i, own.sum)
	}
	for i := range all.joined[:n] {
		if p := &all.list[i]; all.joined[i] == p.Entry && p.twin != (cache.Sum{}) { // its twin is gone
			all.turn(i, cache.Sum{})
		}
	}
}

// turn converts the texts of article i anew if its twin is another than when they were.
func (all *articles) turn(i int, twin cache.Sum) {
	p := &all.list[i]
	if p.twin == twin {
		return
	}
	p.twin = twin
	all.record(p, all.texts.whole(all.joined[i], p.text).Article, false)
	all.records.part(p.Path).stale.Add(1)
}

var ruleTwinSame = diag.Rule{ID: "twin",
	ZH: "原稿就是 %[1]s，不需要这个版本", EN: "the original is in %[1]s already",
	FixZH: "删去其中一个文件，或在原稿里用 lang 写明文字", FixEN: "delete one of the files, or say in the original, under lang, in which script it is"}

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
