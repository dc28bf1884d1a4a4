package build

import (
	"crypto/sha256"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"zhendi/internal/article"
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
	tree  *source.Tree
	cache *pictures.Cache
	known sync.Map // path of a file -> func() *looked
	shown sync.Map // path of a file of which a page has asked
	given sync.Map // path of a version that published has listed
}

// looked is what was found in a picture file.
type looked struct {
	render.Pictured
	sum      [sha256.Size]byte
	versions []string // their paths in the output, in the order of the set's
}

func newGallery(l *Loaded) *gallery {
	return &gallery{tree: l.tree, cache: pictures.NewCache(filepath.Join(l.opt.Source, CacheDir, "pictures"))}
}

// look says what pages say of a picture; nothing of a file that should be no picture by its name.
func (g *gallery) look(f source.File) *render.Pictured {
	g.shown.Store(f.Path, true)
	return &g.at(f).Pictured
}

func (g *gallery) at(f source.File) *looked {
	once, ok := g.known.Load(f.Path)
	if !ok {
		once, _ = g.known.LoadOrStore(f.Path, sync.OnceValue(func() *looked { return g.see(f) }))
	}
	return once.(func() *looked)()
}

// see looks at a file. What the cache knows of the bytes is enough; else the picture is decoded.
func (g *gallery) see(f source.File) *looked {
	l := &looked{}
	name := path.Base(f.Path)
	if !pictures.Named(name) {
		return l
	}
	b, err := g.tree.Read(f)
	if err != nil {
		l.Problems = diag.List{source.Unreadable(f.Path, err)}
		return l
	}
	l.sum = sha256.Sum256(b)
	set, ok := g.cache.Known(l.sum)
	if !ok {
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
	b, err := g.tree.Read(f)
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

// published lists the paths in the output of a file and, if pages show it, of its versions; "" in place of one that
// another file with the same bytes has.
func (g *gallery) published(f source.File, shown bool) []string {
	list := []string{published(f.Path)}
	if _, asked := g.shown.Load(f.Path); !asked && !shown {
		return list
	}
	for _, v := range g.at(f).versions {
		if _, given := g.given.LoadOrStore(v, true); given {
			v = ""
		}
		list = append(list, v)
	}
	return list
}

// statics looks at the pictures of _static that no page may show: they are published all the same.
func (p *pages) statics() (problems diag.List) {
	for _, f := range p.l.Sites[0].Files() {
		name, static := strings.CutPrefix(f.Path, "content/"+site.StaticDir+"/")
		if static && pictures.Named(name) {
			problems.Add(render.At(diag.Pos{File: f.Path}, p.gallery.at(f).Problems)...)
		}
		if static && strings.HasPrefix(output.Fold(name), picturesDir+"/") {
			problems.Add(ruleOwnPlace.At(diag.Pos{File: f.Path}, name))
		}
	}
	return problems
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
