package article

import (
	"path"
	"strings"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// Column is what a folder's _index.md says of the column.
type Column struct {
	Path string // of the file, relative to the site's folder
	Dir  string // relative to content

	Title, ShortTitle, Description, Type string
	Keywords                             []string
	Layout                               string // list, pictures, page, link, topic
	Link                                 Ref
	Weight                               int
	Hidden                               bool
	Order                                string // "", date, weight
	Archive                              string // "", year, month
	Required                             []string
	TOC, Numbering                       Tri
	Hot                                  string // "", picks, views, recent
	Image                                Ref
	Sections                             []Section
	Archived                             bool
	Date                                 time.Time
	Clock                                bool
	Source                               string
	Internal                             bool
	Lang                                 string
	Aliases                              []Ref
	Params                               any

	Head     Head
	BodyLine int32
	HasBody  bool

	written *Column // see Written; nil if this is it
}

// Section is a block of a topic: articles of a column or with a tag, or, with
// neither, those that name the topic.
type Section struct {
	Title  string
	Column Ref
	Tag    string
	TagAt  Ref // Tag as it is written
	Count  int
}

// ParseColumn reads a column's _index.md.
func ParseColumn(f File) (*Column, diag.List) {
	front, body, problems := split(f)
	v, list := ColumnFrontMatter.Read(front)
	problems.Add(secrecy(list)...)
	c := &Column{Path: f.Path, BodyLine: int32(body.Line)}
	c.Dir = strings.TrimPrefix(strings.TrimPrefix(path.Dir(f.Path), "content"), "/")
	c.fill(v)
	problems.Add(address(v.Get("link"), true)...)
	if c.Layout == "link" && v.Missing("link") {
		pos := v.Get("layout").Pos
		problems.Add(ruleNoLink.At(pos))
	}
	if v.Missing("title") && front.Text != nil && !unclosed(problems) {
		pos := v.Get("title").Key
		if pos.Line == 0 {
			pos = diag.Pos{File: f.Path, Line: 1}
		}
		problems.Add(ruleNoName.At(pos))
	}
	for _, it := range v.Get("required").Items {
		if !FrontMatter.Has(it.Text) {
			problems.Add(ruleRequiredName.At(it.Pos, it.Text))
			continue
		}
		c.Required = append(c.Required, FrontMatter.Canonical(it.Text))
	}
	if c.Lang == "" {
		c.Lang = script(c.Title+c.Description, body.Text)
	}
	if len(strings.TrimSpace(string(body.Text))) > 0 {
		c.HasBody = true
		c.Head, _ = Scan(body)
	}
	return c, problems
}

var ruleRequiredName = diag.Rule{ID: "required",
	ZH: "required 里的“%[1]s”不是稿件的键", EN: "required names %[1]q, which is not a key of articles",
	FixZH: "用编辑指南“头部信息”表里的键名", FixEN: "use a key of the front matter table"}

func (c *Column) fill(v fields.Values) {
	c.Title, c.ShortTitle, c.Type = v.Text("title"), v.Text("shortTitle"), v.Text("type")
	c.Description, c.Keywords = v.Text("description"), v.Get("keywords").Texts()
	c.Layout, c.Link, c.Weight, c.Hidden = v.Text("layout"), ref(v.Get("link")), v.Get("weight").Int, v.Get("hidden").Bool
	if c.Layout == "" {
		c.Layout = "list"
		if c.Link.Text != "" {
			c.Layout = "link"
		}
	}
	c.Order, c.Archive, c.Hot = v.Text("order"), v.Text("archive"), v.Text("hot")
	c.TOC, c.Numbering = tri(v.Get("toc")), tri(v.Get("numbering"))
	c.Image, c.Archived = ref(v.Get("image")), v.Get("archived").Bool
	c.Date, c.Clock, c.Source = v.Get("date").Time, v.Get("date").Clock, v.Text("source")
	c.Internal, c.Lang = v.Text("audience") == "internal", v.Text("lang")
	c.Aliases, c.Params = refs(v.Get("aliases")), v.Get("params").Any
	for _, g := range v.Get("sections").Groups {
		c.Sections = append(c.Sections, Section{g.Text("title"), ref(g.Get("column")), g.Text("tag"), ref(g.Get("tag")), g.Get("count").Int})
	}
}

// Pos returns the place of r in the column's file.
func (c *Column) Pos(r Ref) diag.Pos {
	return diag.Pos{File: c.Path, Line: int(r.Line), Col: int(r.Col)}
}
