package render

import (
	"slices"
	"strings"

	"zhendi/internal/site"
)

// frame is what the pages of a column and of its articles have in common. It is made once: the slices
// and pointers in it stand in many Views, and nobody writes to them.
type frame struct {
	crumbs []Link
	column Column // without its picture, whose file is noted page by page
	hot    *Hot
	metas  []Meta
	ld     []byte // JSON-LD of the crumbs
}

func (r *Renderer) frame(c *site.Column) *frame {
	if f, ok := r.frames.Load(c); ok {
		return f.(*frame)
	}
	f := &frame{crumbs: slices.Clip(r.crumbsTo(c)), column: r.columnFrame(c), hot: r.hotOf(c), metas: r.metasOf(c)}
	f.ld = r.crumbList(f.crumbs)
	r.frames.Store(c, f)
	return f
}

// crumbs lead from the home page down to c.
func (r *Renderer) crumbs(c *site.Column) []Link { return r.frame(c).crumbs }

// hot is the place of 热点推荐 on the pages of a column.
func (r *Renderer) hot(c *site.Column) *Hot { return r.frame(c).hot }

func (r *Renderer) columnView(page *View, c *site.Column) *Column {
	v := r.frame(c).column
	v.Picture = r.picture(page, c.Dir, c.Image.Text)
	v.Image = v.Picture.address()
	return &v
}

// columnMetas appends the 栏目标签: on pages of columns and on articles.
func (r *Renderer) columnMetas(v *View, c *site.Column) {
	metas := r.frame(c).metas
	v.Head.Metas = append(v.Head.Metas, metas...)
	if v.Kind != "article" { // which has a description of its own
		v.Head.Metas = append(v.Head.Metas, Meta{"description", metas[1].Content})
		v.Head.Graph = appendMeta(v.Head.Graph, "og:description", metas[1].Content)
	}
}

// metasOf are the 栏目标签 of a column. All four are required; what _index.md leaves out is derived from the
// column's name.
func (r *Renderer) metasOf(c *site.Column) []Meta {
	desc, keys, kind := oneLine(c.Description), strings.Join(c.Keywords, ","), c.Type
	if desc == "" {
		desc = r.site.Config.Name + c.Title
	}
	if keys == "" {
		keys = c.Title
	}
	if kind == "" {
		kind = c.Title
	}
	return []Meta{{"ColumnName", c.Title}, {"ColumnDescription", desc}, {"ColumnKeywords", keys}, {"ColumnType", kind}}
}

func (r *Renderer) columnFrame(c *site.Column) Column {
	top := topOf(c)
	v := Column{Title: c.Title, URL: r.columnLink(c).URL, Key: c.Dir, Top: top.Dir, TopTitle: top.Title, TopURL: r.columnLink(top).URL,
		Description: c.Description, Params: c.Params}
	if c.Layout != "page" && c.Layout != "link" {
		v.Feed, v.JSONFeed = r.link(c.URL+"feed.xml"), r.link(c.URL+"feed.json")
	}
	for _, k := range top.Children {
		if !k.Hidden {
			v.Siblings = append(v.Siblings, r.columnLink(k))
		}
	}
	return v
}

func (r *Renderer) crumbsTo(c *site.Column) []Link {
	var out []Link
	for ; c != nil; c = c.Parent {
		out = append(out, r.columnLink(c))
	}
	slices.Reverse(out)
	return out
}

func (r *Renderer) hotOf(c *site.Column) *Hot {
	mode := r.site.Config.Hot
	for k := c; k != nil; k = k.Parent {
		if k.Hot != "" {
			mode = k.Hot
			break
		}
	}
	top := topOf(c)
	h := &Hot{Mode: mode, Source: r.link(r.site.Root() + HotPath), Recent: r.link(r.site.Root() + LatestPath), More: r.columnLink(top)}
	if top != r.site.Home {
		h.Column = top.Dir
	}
	if mode == "views" && r.site.Config.Views {
		h.Views = r.site.Config.ViewOrigin + r.link("/_views/"+r.hotFile())
	}
	return h
}
