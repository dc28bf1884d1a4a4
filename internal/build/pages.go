package build

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
)

// pages makes the pages of a site, in all its editions, and puts them into the transaction. What
// would come out as it stands in the output already is kept instead: see keep.
type pages struct {
	l        *Loaded
	editions []*render.Renderer // one for each of l.Sites
	theme    *render.Theme
	tx       *output.Tx
	standing *standing // what stands in the output; nil: nobody has looked
	write    bool      // false: only look for problems
	count    int
	made     atomic.Int64

	items  int         // articles that are shown: the first groups are theirs
	others []task      // all other pages
	shared cache.Sum   // of what all pages show
	memos  []memo      // of the groups
	extra  sync.Mutex  // guards extras
	extras []extraFile // all other files that are no pages
	shown  []memo      // of pictures and attachments
	showns []shownFile // those
	blobs  blobs

	held      []int32 // of the last build's files: 1 + place of the article made of it; 0: none was. nil: it is not known
	sameFiles bool    // files that are no articles, and which of them are shown, are as they were
	moved     moved
	digests   []digest // of the articles
	facts     []byte   // of the articles; see order
	was       []int32  // see difference
	same      []bool   // their prints are as they were
	related   []digest // of what is related to them; zero: not looked for yet
	names     *names
	now       memosHead // of this build
	sameShown bool      // no picture or attachment has come, gone or changed

	feeds   [][]render.Feed
	due     map[bodyKey]*dueText
	inFeeds []bool   // of the articles: due has them, in some edition
	bodies  sync.Map // bodyKey -> string: HTML of articles that stand in feeds

	used    []atomic.Bool // of the sources: files of content that some page shows
	gallery *gallery
	bufs    sync.Pool
}

// begin makes ready for rendering texts and pages.
func (p *pages) begin() {
	p.gallery = newGallery(p.l)
	for _, s := range p.l.Sites {
		r := render.New(s, p.theme)
		r.See(p.gallery.look)
		p.editions = append(p.editions, r)
	}
	p.l.Problems.Add(p.editions[0].Check()...)
	p.used = make([]atomic.Bool, len(p.l.sources.files))
	p.redirects()
}

// all makes every file of the site.
func (p *pages) all(ctx context.Context) error {
	p.begin()
	p.awaitFeeds()
	p.l.watch.lap("载入主题", "loading the theme")
	if err := p.recall(ctx); err != nil {
		return err
	}
	p.l.watch.lap("回忆上次的页面", "recalling pages")
	if err := p.html(ctx); err != nil {
		return err
	}
	p.l.watch.lap("生成页面", "making pages")
	if !p.write || p.l.Problems.Count(diag.Error) > 0 {
		return nil
	}
	for _, a := range p.theme.Assets {
		if err := p.tx.Put(output.File{Path: a.Path, Class: output.Asset, Body: a.Body}); err != nil {
			return err
		}
	}
	var siteMaps error
	var done sync.WaitGroup
	done.Go(func() { siteMaps = render.SiteMaps(p.editions, p.file) })
	err := p.data()
	p.l.watch.lap("订阅与站点地图", "feeds and site maps")
	if err == nil {
		err = p.files(ctx)
	}
	done.Wait()
	p.l.watch.lap("图片与附件", "pictures and attachments")
	if siteMaps != nil {
		return siteMaps
	}
	return err
}

// task is a page of one edition.
type task struct {
	edition int
	render.Job
}

// group is the pages of one article, in all editions, or one other page. The text of an article is rendered
// once for all of them.
type group struct {
	n        int // index into pages.memos
	tasks    []task
	own      *fileText // of an article's own file, while its texts are made
	texts    []text    // for each edition
	outcome  outcome
	problems diag.List
}

// groupAt returns the group with an index, articles first.
func (p *pages) groupAt(n int) group {
	g := group{n: n}
	if n >= p.items {
		g.tasks = p.others[n-p.items : n-p.items+1 : n-p.items+1]
		return g
	}
	for ed, r := range p.editions {
		for j := range r.ArticlePages(p.l.Sites[ed].Items[n]) {
			g.tasks = append(g.tasks, task{ed, j})
		}
	}
	return g
}

// html makes the pages.
func (p *pages) html(ctx context.Context) (err error) {
	n := p.items + len(p.others)
	var problems problemLists
	var refused errorList // because of the path: go on, and explain at the end
	var count atomic.Int64
	size := batchOf(n)
	err = each(ctx, (n+size-1)/size, func(i int) error {
		c, err := p.batch(i*size, min((i+1)*size, n), &problems, &refused)
		count.Add(int64(c))
		return err
	}, func(done int) { p.l.progress(Rendering, min(done*size, n), n) })
	p.count = int(count.Load())
	if err != nil {
		return err
	}
	p.useNames()
	problems.addTo(&p.l.Problems)
	return refused.join()
}

// data makes the feeds that wait for no article, and the small JSON files.
func (p *pages) data() error {
	for ed, r := range p.editions {
		for _, f := range p.feeds[ed] {
			if len(f.Items) > 0 {
				continue
			}
			if err := p.feed(ed, f); err != nil {
				return err
			}
		}
		lists, uses, err := r.Data()
		if err != nil {
			return err
		}
		for _, u := range uses {
			p.use(u)
		}
		for _, f := range lists {
			if err := p.tx.Put(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// use notes that a page shows the file of content called name, relative to content.
func (p *pages) use(name string) {
	if i, ok := p.l.sources.find("content/" + name); ok {
		p.used[i].Store(true)
	}
}

// useNames notes what the pages that were kept show.
func (p *pages) useNames() {
	for i := range p.names.used {
		if at := p.names.at[i]; at > 0 && p.names.used[i].Load() {
			p.used[at-1].Store(true)
		}
	}
}

// countable is how many of the nth group's files are HTML pages of the site: redirects are none.
func (p *pages) countable(n, files int) int {
	if n >= p.items && p.others[n-p.items].Kind == "redirect" {
		return 0
	}
	return files
}

// batchSize is how many groups go through a stage together. The tables of conversion do not
// stay in a core's cache while templates run: one group at a time, conversion takes twice as long.
const batchSize = 64

// batchOf is how many of n go together, so that all cores have something to do.
func batchOf(n int) int { return max(1, min(n/(8*runtime.GOMAXPROCS(0)), batchSize)) }

// batch makes the pages of the groups from … to-1: renders all their texts, converts them all, fills the
// templates. It returns how many HTML pages there are, kept ones too.
func (p *pages) batch(from, to int, problems *problemLists, refused *errorList) (count int, err error) {
	var groups []group
	var print []byte
	for n := from; n < to; n++ {
		kept, list, err := p.keep(n, &print)
		if err != nil {
			return count, err
		}
		if kept > 0 {
			count += p.countable(n, kept)
			problems.add(n, list)
			if err := p.paged(n); err != nil && !refused.take(err) {
				return count, err
			}
			continue
		}
		g := p.groupAt(n)
		if len(g.tasks) == 0 { // an article that is a link
			continue
		}
		count += p.countable(n, len(g.tasks))
		groups = append(groups, g)
	}
	p.renderTexts(groups)
	for i := range groups {
		g := &groups[i]
		for ed := range g.texts {
			g.texts[ed].convert(p.l.Sites[ed].Edition)
			if k := (bodyKey{ed, g.n}); p.due[k] != nil {
				p.keepBody(k, g)
			}
		}
	}
	for i := range groups {
		g := &groups[i]
		problems.add(g.n, g.problems)
		if g.problems.Count(diag.Error) > 0 {
			continue
		}
		if err := p.make(g); err != nil && !refused.take(err) {
			return count, err
		}
		p.note(g)
		if err := p.paged(g.n); err != nil && !refused.take(err) {
			return count, err
		}
	}
	return count, nil
}

// buffer takes a buffer from bufs.
func (p *pages) buffer() *bytes.Buffer {
	if buf, ok := p.bufs.Get().(*bytes.Buffer); ok {
		return buf
	}
	return new(bytes.Buffer)
}

// make makes the pages of a group.
func (p *pages) make(g *group) error {
	buf := p.buffer()
	defer p.bufs.Put(buf)
	for _, t := range g.tasks {
		buf.Reset()
		var err error
		if t.Kind == "redirect" {
			err = p.editions[t.edition].Redirect(buf, t.To)
		} else {
			err = p.page(t, buf, g)
		}
		if err == nil {
			err = p.put(t.Job, buf.Bytes())
		}
		if err != nil {
			return err
		}
		p.made.Add(1)
	}
	return nil
}

// page makes the page of a task, of group g.
func (p *pages) page(t task, buf *bytes.Buffer, g *group) error {
	r, x := p.editions[t.edition], g.texts[t.edition]
	v := r.View(t.Job)
	for _, f := range v.Uses {
		p.use(f)
		g.outcome.use(f)
	}
	b := render.Body{Note: x.note, Outline: x.body.Outline}
	switch {
	case t.Part > 0:
		b.Note = ""
		if t.Part < len(x.body.Parts) {
			b.HTML = x.body.Parts[t.Part]
		}
	case t.Part == render.WholeText, t.Item == nil:
		b.HTML = strings.Join(x.body.Parts, "")
	case len(x.body.Parts) > 0:
		b.HTML = x.body.Parts[0]
	}
	return r.Render(buf, t.Path, v, b)
}

func (p *pages) put(j render.Job, b []byte) error {
	if !p.write {
		return nil
	}
	return p.tx.Put(output.File{Path: j.Path, Class: j.Class, Body: b})
}
