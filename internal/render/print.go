package render

import (
	"encoding/binary"
	"encoding/json"

	"zhendi/internal/article"
	"zhendi/internal/site"
)

// A page need not be made if nothing that it shows has changed. Making its View to find out
// would take as long as a quarter of making the page, so a build compares prints instead: the
// print of a page holds the digest of every article that the page shows and whatever
// else it takes from the model. What all pages share, from the program and the theme to
// the columns, is in Shared. Two pages with equal prints and equal Shared have equal Views, but
// for what the links of the text lead to, which the driver looks after.
//
// A print may differ where the View does not: a page is then made in vain. The reverse
// must not be. Whoever makes a View show something new adds it here, and the property test
// of package build (incremental equals clean) finds whoever forgets.

// Sources tells what the driver knows of the files.
type Sources struct {
	Item func(*site.Item) []byte  // digest of an article that is shown, made by AppendDigest
	File func(path string) []byte // hash of a file's bytes; path as source has it

	Related func(*site.Item) []byte // digest of the articles that are related to one, made by AppendRelated
}

// AppendDigest appends what the pages that show an article take from it besides the text of its
// file, whose hash the driver adds: its address, and the files that its front matter names, with their paths: a file
// in _static may stand at the address of another.
func (r *Renderer) AppendDigest(b []byte, it *site.Item, file func(path string) []byte) []byte {
	b = appendText(appendText(b, it.Path), it.URL) // the path decides on column and id, whatever the address
	if !it.HasPage() {
		b = appendText(b, r.OnSite(it.URL))
	}
	picture := func(first string) {
		var v View
		if f, _ := r.pictureFile(&v, it.FilesDir(), it.Image.Text, first); f != nil {
			b = append(appendText(b, v.Uses[0]), file("content/"+v.Uses[0])...)
		}
	}
	if picture(it.FirstPicture); it.Twin != nil {
		picture(it.Twin.FirstPicture)
	}
	for _, at := range it.Attachments {
		if f, addr, ok := r.site.Lookup(it.FilesDir(), at.File.Text); ok {
			b = binary.AppendVarint(appendText(appendText(b, addr), f.Path), f.Size)
		}
		b = append(b, 0)
	}
	return b
}

// AppendShared appends what every page of the edition may show, but for program and theme.
func (r *Renderer) AppendShared(b []byte, file func(path string) []byte) []byte {
	add := func(v any) {
		j, err := json.Marshal(v)
		if err != nil {
			panic("render: " + err.Error()) // strings, numbers, and what YAML can hold
		}
		b = append(append(b, j...), '\n')
	}
	add(r.info)
	for _, c := range r.site.Columns {
		said := *c.Column
		said.Head, said.BodyLine = article.Head{}, 0 // of its text, which its own page shows
		add(said)
		add(r.columnLink(c))
		var v View
		if f, _ := r.pictureFile(&v, c.Dir, c.Image.Text); f != nil {
			b = append(appendText(b, v.Uses[0]), file("content/"+v.Uses[0])...)
		}
	}
	return b
}

// AppendPrint appends the print of a job. It is false for the few pages that are made every
// time: home, site map, the list of tags, 404.
func (r *Renderer) AppendPrint(b []byte, j Job, s Sources) ([]byte, bool) {
	p := printer{r, s, appendText(appendText(b, j.Kind), j.Path)}
	p.int(j.Part)
	switch j.Kind {
	case "article":
		p.article(j.Item)
	case "page":
		p.b = append(p.b, s.File(j.Column.Path)...)
	case "column", "topic":
		p.front(ofColumn(j.Column))
		if j.Column.HasBody {
			p.b = append(p.b, s.File(j.Column.Path)...)
		}
		for i, sec := range r.site.Sections(j.Column) {
			p.text(sec.URL)
			p.items(sec.Items[:min(sectionRows(j.Column, i), len(sec.Items))])
		}
	case "group":
		if j.Page == 0 {
			p.front(ofGroup(j.Group))
		} else {
			p.archived(ofGroup(j.Group), j)
		}
	case "archive":
		p.archived(ofColumn(j.Column), j)
	case "withdrawn":
		p.text(p.r.site.Face(j.Withdrawn).WithdrawnNotice)
		p.text(j.Withdrawn.Column.Dir) // of which the address need not speak
	case "redirect":
		p.text(j.To)
	default:
		return p.b, false
	}
	return p.b, true
}

// AppendRelated appends the digests of the articles that are related to one.
func (r *Renderer) AppendRelated(b []byte, it *site.Item, item func(*site.Item) []byte) []byte {
	p := printer{r, Sources{Item: item}, b}
	p.items(r.site.Related(it))
	return p.b
}

// printer gathers the parts of a print. Lists are preceded by their length, texts by theirs.
type printer struct {
	r *Renderer
	s Sources
	b []byte
}

func (p *printer) text(s string) { p.b = appendText(p.b, s) }

func (p *printer) int(n int) { p.b = binary.AppendVarint(p.b, int64(n)) }

// item adds an article that may be none.
func (p *printer) item(it *site.Item) {
	if it == nil {
		p.b = append(p.b, 0)
		return
	}
	p.b = append(append(p.b, 1), p.s.Item(it)...)
}

func (p *printer) items(list []*site.Item) {
	p.int(len(list))
	for _, it := range list {
		p.item(it)
	}
}

func (p *printer) article(it *site.Item) {
	p.item(it)
	p.item(it.Newer)
	p.item(it.Older)
	p.b = append(p.b, p.s.Related(it)...)
	if g, newer, older := p.r.site.InSeries(it); g != nil {
		oldest := g.Items[len(g.Items)-1] // whose name it bears, in each edition
		p.text(oldest.Series)
		p.text(oldest.Lang)
		p.item(newer)
		p.item(older)
	}
}

func (p *printer) front(l listing) {
	p.text(l.title)
	p.items(l.pinned)
	if l.whole {
		p.items(l.items)
	} else {
		p.items(l.items[:min(p.r.site.Config.PageSize, len(l.items))])
	}
	p.int(len(l.periods))
	for _, period := range l.periods {
		p.text(period.Name)
		p.int(len(period.Pages))
		for _, page := range period.Pages {
			p.page(page)
		}
	}
}

// page adds what links say of an archive page, and where they lead.
func (p *printer) page(page site.Page) {
	p.text(page.File)
	p.int(int(page.Unit))
	p.b = binary.AppendVarint(p.b, page.Start.Unix())
}

func (p *printer) archived(l listing, j Job) {
	period, n := l.periods[j.Period], j.Page-1
	p.text(l.title)
	p.page(period.Pages[n])
	p.int(period.Pages[n].Part)
	p.text(archiveURL(l.url, period, n-1))
	p.text(archiveURL(l.url, period, n+1))
	p.items(period.Pages[n].Items)
}

// AppendFeedPrint appends the print of a feed, but for the texts of its articles.
func (r *Renderer) AppendFeedPrint(b []byte, f Feed, item func(*site.Item) []byte) []byte {
	p := printer{r, Sources{Item: item}, b}
	for _, s := range []string{f.Path, f.JSONPath, f.Title, f.Home, f.About} {
		p.text(s)
	}
	p.items(f.Items)
	return p.b
}

// AppendCatalogued appends what the catalogue says of an article, as the editor wrote it.
func (r *Renderer) AppendCatalogued(b []byte, it *site.Item) []byte {
	for _, s := range []string{it.ID, it.URL, it.Column.Dir, it.Lang} {
		b = appendText(b, s)
	}
	b = binary.AppendVarint(binary.AppendVarint(b, it.Date.Unix()), int64(it.Parts))
	b = binary.LittleEndian.AppendUint32(b, it.TitleSum)
	b = append(b, boolByte(it.Clock), boolByte(it.HasPage()), byte(len(it.Aliases)))
	for _, ref := range it.Aliases {
		b = appendText(b, ref.Text)
	}
	if t := it.Twin; t != nil {
		b = binary.AppendVarint(appendText(b, t.Title), int64(t.Parts))
	}
	return b
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// HasText reports whether the job's page holds the text of a content file.
func (j Job) HasText() bool {
	return j.Item != nil || j.Column != nil && j.Kind != "archive" && j.Kind != "redirect" && j.Column.HasBody
}
