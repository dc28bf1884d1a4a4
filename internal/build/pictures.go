package build

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/pictures"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// picturesDir is where narrower versions of pictures stand in the output. They are named by what the picture
// holds, so that an address always gives the same bytes.
const picturesDir = "_pictures"

// gallery knows the pictures of a site. Each file is looked at once in a build.
type gallery struct {
	sources *sources
	cache   *pictures.Cache
	known   []atomic.Pointer[looked] // of the sources; nil: not looked at yet
	shown   []atomic.Bool            // of the sources: a page has asked
	looking [64]sync.Mutex           // by place among the sources: nobody looks at what another looks at
}

// looked is what was found in a picture file.
type looked struct {
	render.Pictured
	sum      cache.Sum
	versions []string // their paths in the output, in the order of the set's
}

func newGallery(l *Loaded) *gallery {
	n := len(l.sources.files)
	return &gallery{sources: &l.sources, cache: pictures.NewCache(filepath.Join(l.opt.Source, CacheDir, "pictures")),
		known: make([]atomic.Pointer[looked], n), shown: make([]atomic.Bool, n)}
}

// look says what pages say of a picture; nothing of a file that should be no picture by its name.
func (g *gallery) look(f source.File) *render.Pictured {
	i := g.place(f)
	g.shown[i].Store(true)
	return &g.lookAt(i, f).Pictured
}

func (g *gallery) at(f source.File) *looked { return g.lookAt(g.place(f), f) }

func (g *gallery) place(f source.File) int {
	i, ok := g.sources.find(f.Path)
	if !ok {
		panic("build: no file " + f.Path)
	}
	return i
}

func (g *gallery) lookAt(i int, f source.File) *looked {
	if l := g.known[i].Load(); l != nil {
		return l
	}
	m := &g.looking[i%len(g.looking)]
	m.Lock()
	defer m.Unlock()
	l := g.known[i].Load()
	if l == nil {
		l = g.see(f)
		g.known[i].Store(l)
	}
	return l
}

// see looks at a file. What the cache knows of the bytes is enough; else the picture is decoded.
func (g *gallery) see(f source.File) *looked {
	l := &looked{}
	name := path.Base(f.Path)
	if !pictures.Named(name) {
		return l
	}
	l.sum = g.sources.sum(f.Path)
	set, ok := g.cache.Known(l.sum)
	if !ok {
		b, err := g.sources.tree.Read(f)
		if err != nil {
			l.Problems = diag.List{source.Unreadable(f.Path, err)}
			return l
		}
		p, problem := pictures.Read(name, b)
		if problem == nil {
			set, problem = g.cache.Set(p)
		}
		if problem != nil {
			l.Problems = diag.List{*problem}
			return l
		}
	}
	l.Width, l.Height, l.Problems = set.Width, set.Height, set.Warnings(name)
	own := "/" + site.EscapePath(published(f.Path))
	for _, v := range set.Versions {
		at := picturesDir + "/" + pictures.Key(l.sum)[:12] + "-" + strconv.Itoa(v.Width) + v.Ext
		l.versions = append(l.versions, at)
		l.Sizes = append(l.Sizes, render.Sized{Width: v.Width, Addr: "/" + at})
	}
	if set.Whole() {
		l.Sizes = append(l.Sizes, render.Sized{Width: set.Width, Addr: own})
	}
	return l
}

// published is the path in the output of a file of content.
func published(p string) string {
	return strings.TrimPrefix(strings.TrimPrefix(p, "content/"), site.StaticDir+"/")
}

// set returns the bodies of a picture, that of the picture itself first: upright and without metadata. They are those
// of a file that at found no fault with; of any other file it is the file.
func (g *gallery) set(f source.File) (bodies [][]byte, err error) {
	b, err := g.sources.tree.Read(f)
	if err != nil || !pictures.Named(f.Path) {
		return [][]byte{b}, err
	}
	p, problem := pictures.Read(path.Base(f.Path), b)
	if problem != nil {
		return [][]byte{b}, nil
	}
	set, problem := g.cache.Set(p)
	if problem != nil {
		return [][]byte{b}, nil
	}
	if set.Upright == nil {
		set.Upright = p.Clean()
	}
	bodies = [][]byte{set.Upright}
	for _, v := range set.Versions {
		bodies = append(bodies, v.Body)
	}
	return bodies, nil
}

// files publishes the pictures and attachments that pages show, and the static files, unless they
// stand in the output as they would be.
func (p *pages) files(ctx context.Context) error {
	given := map[cache.Sum]bool{} // pictures with the same bytes have the same versions: the first publishes them
	at := p.publishedAt()
	list := make([]shownFile, len(at))
	for k, i := range at {
		f := &list[k]
		f.File, f.sum, f.versions = p.l.sources.files[i], p.l.sources.sumAt(i), p.used[i].Load()
		f.versions = f.versions || p.gallery.shown[i].Load()
		if f.versions = f.versions && pictures.Named(f.Path); f.versions {
			f.versions = !given[f.sum]
			given[f.sum] = true
		}
	}
	problems := make([]diag.List, len(list))
	p.shown = make([]memo, len(list))
	const step = 64
	err := each(ctx, (len(list)+step-1)/step, func(k int) (err error) {
		for i := k * step; i < min(len(list), (k+1)*step) && err == nil; i++ {
			problems[i], err = p.publish(&list[i], &p.shown[i])
		}
		return err
	}, nil)
	for _, l := range problems {
		p.l.Problems.Add(l...)
	}
	anew := slices.ContainsFunc(p.shown, func(m memo) bool { return m.old == 0 })
	p.sameShown = !anew && len(list) == p.l.memory.old.shown
	for i := range list {
		if !p.sameShown && p.shown[i].old > 0 {
			p.gallery.cache.Keep(list[i].sum)
		}
	}
	return err
}

// shownFile is a file of content that is published.
type shownFile struct {
	source.File
	sum      cache.Sum
	versions bool // also its narrower versions, if it is a picture
}

// print is that of the file; room is to work in.
func (f *shownFile) print(room []byte) digest {
	b := append(append(append(room[:0], 'p'), f.Path...), 0)
	if f.versions {
		b[len(b)-1] = 1
	}
	return digestOf(append(b, f.sum[:]...))
}

// publish publishes a file with its versions. Problems are those of a picture in _static, which no page may show:
// it is published all the same.
func (p *pages) publish(f *shownFile, m *memo) (diag.List, error) {
	var room [256]byte
	m.print = f.print(room[:])
	kept, err := p.keepExtra(m)
	if err != nil {
		return nil, err
	}
	if kept {
		return p.names.told(p.l.memory.old.blobOf(int(m.old-1)), false).problems, nil
	}
	e := extraFile{path: f.Path, memo: *m}
	problems, err := p.putFile(f, &e)
	if err == nil {
		p.addExtra(e)
	}
	return problems, err
}

func (p *pages) putFile(f *shownFile, e *extraFile) (problems diag.List, err error) {
	if p.static(f.Path) {
		name := published(f.Path)
		if pictures.Named(name) {
			problems = render.At(diag.Pos{File: f.Path}, p.gallery.at(f.File).Problems)
		}
		if strings.HasPrefix(output.Fold(name), picturesDir+"/") {
			problems.Add(ruleOwnPlace.At(diag.Pos{File: f.Path}, name))
		}
	}
	if problems.Count(diag.Error) > 0 {
		return problems, nil
	}
	e.paths = []string{published(f.Path)}
	if f.versions {
		e.paths = append(e.paths, p.gallery.at(f.File).versions...)
	}
	bodies, err := p.gallery.set(f.File)
	for k, name := range e.paths {
		class := output.Picture
		if k > 0 {
			class = output.Asset // named by its content: kept for ever
		}
		if err == nil {
			err = p.tx.Put(output.File{Path: name, Class: class, Body: bodies[k]})
		}
	}
	e.blob = p.blobs.add((&outcome{problems: problems}).encode(p.names))
	return problems, err
}

func (p *pages) static(path string) bool {
	return strings.HasPrefix(path, "content/"+site.StaticDir+"/")
}

// picture completes a link to a file: what a page says of a picture that it shows, and what is wrong with it.
func (p *pages) picture(r *render.Renderer, f source.File, image bool, link *article.Link) *diag.Problem {
	found := &p.gallery.at(f).Pictured
	if image && len(found.Sizes) > 0 {
		pic := r.Shown(p.gallery.look(f))
		link.URL, link.Srcset, link.Width, link.Height = pic.URL, pic.Srcset, pic.Width, pic.Height
	}
	if len(found.Problems) == 0 {
		return nil
	}
	return &found.Problems[0]
}
