package build

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/render"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// text renders the text of the article in a file, and returns what is wrong with it.
func (s *scene) text(file string) diag.List {
	it := s.p.l.Sites[0].ItemOf(file)
	if it == nil {
		return nil
	}
	g := s.p.groupAt(int(it.N))
	if len(g.tasks) > 0 {
		s.p.texts(&g)
	}
	return g.problems
}

// Served is a file of the site as it is served.
type Served struct {
	output.File
	Media string

	Source string // file of content that the page is made of, empty if there is none
	Item   *site.Item
	Old    bool // made with the last model that had no errors, where the present one has
}

// File returns the file at a path of the output, and what is wrong with its text; false if there is none, and no
// body if an error stands in the way. Files of content that no page shows are there, too: an editor may look at them before.
func (d *Desk) File(at string) (Served, diag.List, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.scene == nil {
		return Served{}, nil, false
	}
	f, problems, ok := d.scene.file(at)
	f.Path, f.Media, f.Old = at, output.MediaType(at), d.old
	if len(problems) > 0 {
		problems.Sort()
		problems.Quote(d.scene.p.l.quoted)
	}
	return f, problems, ok
}

func (s *scene) file(at string) (f Served, problems diag.List, ok bool) {
	if g, it := s.article(at); it != nil {
		return s.page(g, Served{Source: s.p.l.Sites[g.tasks[0].edition].Source(it).Path, Item: it})
	}
	if n, ok := s.others()[at]; ok {
		g := s.p.groupAt(n)
		return s.page(g, Served{Source: s.p.source(g.tasks[0])})
	}
	for _, a := range s.p.theme.Assets {
		if a.Path == at {
			f.File = output.File{Class: output.Asset, Body: a.Body}
			return f, nil, true
		}
	}
	body, class, err := s.other(at)
	if err != nil {
		return f, diag.List{rulePage.At(diag.Pos{File: at}, err)}, true
	}
	f.File = output.File{Class: class, Body: body}
	return f, nil, body != nil
}

var rulePage = diag.Rule{ID: "page", ZH: "做不出这个页面：%[1]v", EN: "this page cannot be made: %[1]v",
	FixZH: "多半是主题的模板有误", FixEN: "probably a mistake in a template of the theme"}

// article finds the page of an article.
func (s *scene) article(at string) (group, *site.Item) {
	for ed, r := range s.p.editions {
		for _, addr := range standingAt(at) {
			it := s.p.l.Sites[ed].At(addr)
			if it == nil {
				continue
			}
			for j := range r.ArticlePages(it) {
				if j.Path == at {
					return group{n: int(it.N), tasks: []task{{ed, j}}}, it
				}
			}
		}
	}
	return group{}, nil
}

// standingAt lists the addresses that the article may have of which a page stands at a path: the page's own, and for further parts that of the
// first.
func standingAt(at string) (list []string) {
	if dir, ok := strings.CutSuffix("/"+at, "/index.html"); ok {
		return []string{site.EscapePath(dir) + "/"}
	}
	list = []string{"/" + site.EscapePath(at)}
	if stem, ok := strings.CutSuffix(at, ".html"); ok {
		if i := strings.LastIndexByte(stem, '_'); i > 0 {
			list = append(list, "/"+site.EscapePath(stem[:i])+".html")
		}
		list = append(list, "/"+site.EscapePath(path.Dir(stem))+"/")
	}
	return list
}

// page makes the page of a group of one task.
func (s *scene) page(g group, f Served) (Served, diag.List, bool) {
	t := g.tasks[0]
	f.Class = t.Class
	var buf bytes.Buffer
	if t.Kind == "redirect" {
		err := s.p.editions[t.edition].Redirect(&buf, t.To)
		if err != nil {
			return f, diag.List{rulePage.At(diag.Pos{File: t.Path}, err)}, true
		}
		f.Body = buf.Bytes()
		return f, nil, true
	}
	s.p.texts(&g)
	if g.problems.Count(diag.Error) > 0 {
		return f, g.problems, true
	}
	g.texts[t.edition].convert(s.p.l.Sites[t.edition].Edition)
	if err := s.p.page(t, &buf, &g); err != nil {
		return f, append(g.problems, rulePage.At(diag.Pos{File: t.Path}, err)), true
	}
	f.Body = buf.Bytes()
	return f, g.problems, true
}

func (s *scene) listOthers() map[string]int {
	for ed, r := range s.p.editions {
		for _, j := range r.OtherPages() {
			s.p.others = append(s.p.others, task{ed, j})
		}
	}
	at := make(map[string]int, len(s.p.others))
	for n, t := range s.p.others {
		at[t.Path] = s.p.items + n
	}
	return at
}

func (s *scene) listFeeds() map[string]deskFeed {
	at := map[string]deskFeed{}
	for ed, r := range s.p.editions {
		feeds := r.Feeds()
		s.p.feeds = append(s.p.feeds, feeds)
		for n, f := range feeds {
			at[f.Path], at[f.JSONPath] = deskFeed{ed, n, false}, deskFeed{ed, n, true}
		}
	}
	return at
}

// other makes a file that is neither page nor asset; nil if there is none.
func (s *scene) other(at string) (body []byte, class output.Class, err error) {
	if k, ok := s.feeds()[at]; ok {
		f, r := s.p.feeds[k.edition][k.n], s.p.editions[k.edition]
		text := func(it *site.Item) string { return s.p.bodyOf(k.edition, it, nil) }
		var buf bytes.Buffer
		if k.json {
			err = r.JSON(&buf, f, text)
		} else {
			err = r.RSS(&buf, f, text)
		}
		return buf.Bytes(), output.Feed, err
	}
	if f, ok := s.p.l.Sites[0].FileAt(at); ok {
		bodies, err := s.p.gallery.bodies(f)
		if err != nil {
			return nil, 0, err
		}
		return bodies[0], output.Picture, nil
	}
	if strings.HasPrefix(at, picturesDir+"/") {
		body, err = s.version(at)
		return body, output.Picture, err
	}
	return s.data(at)
}

// version returns a narrower version of a picture.
func (s *scene) version(at string) ([]byte, error) {
	seen := func(f source.File) ([]byte, error) {
		n := slices.Index(s.p.gallery.at(f).versions, at)
		if n < 0 {
			return nil, nil
		}
		bodies, err := s.p.gallery.bodies(f)
		if err != nil || n+1 >= len(bodies) {
			return nil, err
		}
		return bodies[n+1], nil
	}
	var body []byte
	var err error
	for i := range s.p.gallery.known {
		if body == nil && err == nil && s.p.gallery.known[i].Load() != nil { // the pages that were looked at show these
			body, err = seen(s.p.l.sources.files[i])
		}
	}
	for _, f := range s.p.l.Sites[0].Files() {
		if body != nil || err != nil {
			break
		}
		body, err = seen(f)
	}
	return body, err
}

// data makes a part of the site map or one of the small JSON files.
func (s *scene) data(at string) (body []byte, class output.Class, err error) {
	for _, r := range s.p.editions {
		if !slices.Contains(r.Own(), at) || at == "robots.txt" || at == "sitemap.xml" {
			continue
		}
		files, _, err := r.Data()
		for _, f := range files {
			if f.Path == at {
				return f.Body, f.Class, err
			}
		}
		return nil, 0, err
	}
	if at != "robots.txt" && at != "sitemap.xml" && !strings.HasPrefix(at, "sitemap/") {
		return nil, 0, nil
	}
	err = render.SiteMaps(s.p.editions, func(p string, c output.Class, _ []byte, made func() ([]byte, error)) (err error) {
		if p == at {
			class = c
			body, err = made()
		}
		return err
	})
	return body, class, err
}

// Assets returns the paths of the theme's styles and scripts by name without the hash: _assets/site.css.
func (d *Desk) Assets() map[string]string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := map[string]string{}
	if d.scene == nil {
		return out
	}
	for _, a := range d.scene.p.theme.Assets {
		ext := path.Ext(a.Path)
		stem := strings.TrimSuffix(a.Path, ext)
		out[strings.TrimSuffix(stem, path.Ext(stem))+ext] = a.Path
	}
	return out
}

// Path returns where the article with an id is in the edition below root now; false if it is not there.
func (d *Desk) Path(root, id string) (string, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.scene == nil {
		return "", false
	}
	for _, s := range d.scene.p.l.Sites {
		if s.Root() != root {
			continue
		}
		for _, it := range s.Items {
			if it.ID == id && it.HasPage() {
				return s.URL(it), true
			}
		}
	}
	return "", false
}

// Withheld says why an article would not be published now, or not to everybody; nothing if it would be.
func (d *Desk) Withheld(it *site.Item) (why []diag.Text) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now, zone := d.scene.p.l.in.Now, d.scene.p.l.Config.Zone
	from := it.PublishDate
	if from.IsZero() {
		from = it.Date
	}
	if it.Status == article.Draft {
		why = append(why, diag.T("这是草稿或送审稿：审完后删去 status 或写 status: published", "a draft or in review: when it is done, drop status or say status: published"))
	}
	if from.After(now) {
		at := from.In(zone).Format("2006-01-02 15:04")
		why = append(why, diag.T("还没到发布时间："+at, "scheduled for "+at))
	}
	in := d.scene.p.l.in
	in.Drafts, in.Future, in.Internal = true, true, false
	if !in.Visible(it.Entry, it.Column) {
		why = append(why, diag.T("这是内部稿件，不在公开网站上", "internal: not on the public site"))
	}
	return why
}

// Article returns the article in a file as it was written; nil if it is not shown.
func (d *Desk) Article(file string) *article.Article {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.scene == nil {
		return nil
	}
	s := d.scene.p.l.Sites[0]
	if it := s.ItemOf(file); it != nil {
		return s.Written(it)
	}
	return nil
}

// Data returns the text of a file in content/_data, nil if there is none.
func (d *Desk) Data(name string) []byte {
	d.mu.RLock()
	defer d.mu.RUnlock()
	raw, err := d.tree.ReadPath("content/_data/" + name)
	if err != nil {
		return nil
	}
	text, _, _ := source.Text(name, raw)
	return text
}

// Roots returns the addresses of the editions: /, /hant/.
func (d *Desk) Roots() (roots []string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.scene != nil {
		for _, s := range d.scene.p.l.Sites {
			roots = append(roots, s.Root())
		}
	}
	return roots
}

// Paths lists the paths of all pages and feeds, sorted.
func (d *Desk) Paths() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	s := d.scene
	if s == nil {
		return nil
	}
	paths := slices.Concat(slices.Collect(maps.Keys(s.others())), slices.Collect(maps.Keys(s.feeds())))
	for n := range s.p.items {
		for _, t := range s.p.groupAt(n).tasks {
			paths = append(paths, t.Path)
		}
	}
	slices.Sort(paths)
	return paths
}
