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
		l = g.see(i, f)
		g.known[i].Store(l)
	}
	return l
}

// see looks at a file. What the cache knows of the bytes is enough; else the picture is decoded.
func (g *gallery) see(i int, f source.File) *looked {
	l := &looked{}
	name := path.Base(f.Path)
	if !pictures.Named(name) {
		return l
	}
	l.sum = g.sources.sumAt(i)
	set, ok := g.cache.Known(l.sum)
	if !ok {
		b, err := g.sources.read(nil, i)
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
// of a file that at found no fault with; of any other file it is the file, b. If the file has changed since at looked, there are
// none of its versions, whose addresses name what it was.
func (g *gallery) set(i int, b []byte) (bodies [][]byte) {
	f := &g.sources.files[i]
	if !pictures.Named(f.Path) {
		return [][]byte{b}
	}
	p, problem := pictures.Read(path.Base(f.Path), b)
	if problem != nil {
		return [][]byte{b}
	}
	set, problem := g.cache.Set(p)
	if problem != nil {
		return [][]byte{b}
	}
	if set.Upright == nil {
		set.Upright = p.Clean()
	}
	bodies = [][]byte{set.Upright}
	if p.Sum() != g.sources.sumAt(i) {
		return bodies
	}
	for _, v := range set.Versions {
		bodies = append(bodies, v.Body)
	}
	return bodies
}

// bodies reads a file and returns its set.
func (g *gallery) bodies(f source.File) ([][]byte, error) {
	i := g.place(f)
	b, err := g.sources.read(nil, i)
	if err != nil {
		return nil, err
	}
	return g.set(i, b), nil
}

// files publishes the pictures and attachments that pages show, and the static files, unless they
// stand in the output as they would be.
func (p *pages) files(ctx context.Context) error {
	given := map[cache.Sum]bool{} // pictures with the same bytes have the same versions: the first publishes them
	at := p.publishedAt()
	list := make([]shownFile, len(at))
	for k, i := range at {
		f := &list[k]
		f.at = int32(i)
		sum := p.l.sources.sumAt(i)
		shown := p.used[i].Load() || p.gallery.shown[i].Load()
		if f.versions = shown && pictures.Named(p.l.sources.path(i)) && !given[sum]; f.versions {
			given[sum] = true
		}
	}
	var problems problemLists
	p.shown, p.showns = make([]memo, len(list)), list
	const step = 64
	err := each(ctx, (len(list)+step-1)/step, func(k int) error {
		return p.publishAll(k*step, min(len(list), (k+1)*step), &problems)
	}, nil)
	problems.addTo(&p.l.Problems)
	anew := slices.ContainsFunc(p.shown, func(m memo) bool { return m.old == 0 })
	p.sameShown = !anew && len(list) == p.l.memory.old.shown
	for i, f := range list {
		if !p.sameShown && p.shown[i].old > 0 {
			p.gallery.cache.Keep(p.l.sources.sumAt(int(f.at)))
		}
	}
	return err
}

// shownFile is a file of content that is published.
type shownFile struct {
	at       int32 // among the sources
	versions bool  // also its narrower versions, if it is a picture
}

// shownPrint is the print of the file; room is to work in.
func (p *pages) shownPrint(f shownFile, room []byte) digest {
	b := append(append(append(room[:0], 'p'), p.l.sources.path(int(f.at))...), 0)
	if f.versions {
		b[len(b)-1] = 1
	}
	sum := p.l.sources.sumAt(int(f.at))
	return digestOf(append(b, sum[:]...))
}

// publishAll publishes those of showns from … to-1.
func (p *pages) publishAll(from, to int, problems *problemLists) error {
	var put []shownFile
	var at []int32
	for i := from; i < to; i++ {
		f := p.showns[i]
		kept, found, err := p.keepShown(f, &p.shown[i])
		if problems.add(i, found); err != nil {
			return err
		}
		if !kept && found.Count(diag.Error) == 0 {
			put, at = append(put, f), append(at, f.at)
		}
	}
	buf := p.l.room.take()
	defer p.l.room.give(buf)
	var failed error
	p.l.sources.readMany(*buf, at, func(k int, b []byte, err error) {
		if err == nil && failed == nil {
			err = p.putShown(put[k], b)
		}
		if failed == nil {
			failed = err
		}
	})
	return failed
}

// keepShown keeps a file with its versions, if it stands in the output. Problems are those of a picture in _static, which no page may show:
// it is published all the same.
func (p *pages) keepShown(f shownFile, m *memo) (kept bool, problems diag.List, err error) {
	var room [256]byte
	m.print = p.shownPrint(f, room[:])
	if kept, err = p.keepExtra(m); err != nil {
		return false, nil, err
	}
	if kept {
		return true, p.names.kept(p.l.memory.old.blobOf(int(m.old - 1))), nil
	}
	file := p.l.sources.files[f.at]
	if p.static(file.Path) {
		name := published(file.Path)
		if pictures.Named(name) {
			problems = render.At(diag.Pos{File: file.Path}, p.gallery.at(file).Problems)
		}
		if strings.HasPrefix(output.Fold(name), picturesDir+"/") {
			problems.Add(ruleOwnPlace.At(diag.Pos{File: file.Path}, name))
		}
	}
	if problems.Count(diag.Error) == 0 {
		m.blob = p.blobs.add((&outcome{problems: problems}).encode(nil, p.names))
	}
	return false, problems, nil
}

// putShown puts a file with its versions, given its bytes.
func (p *pages) putShown(f shownFile, b []byte) error {
	bodies := p.gallery.set(int(f.at), b)
	for k, name := range p.pathsOf(f) {
		if k == len(bodies) { // it has changed: nothing of this build will be remembered
			break
		}
		class := output.Picture
		if k > 0 {
			class = output.Asset // named by its content: kept for ever
		}
		if err := p.tx.Put(output.File{Path: name, Class: class, Body: bodies[k]}); err != nil {
			return err
		}
	}
	return nil
}

// pathsOf returns where a file and its versions stand in the output.
func (p *pages) pathsOf(f shownFile) []string {
	file := p.l.sources.files[f.at]
	paths := []string{published(file.Path)}
	if f.versions {
		paths = append(paths, p.gallery.at(file).versions...)
	}
	return paths
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
