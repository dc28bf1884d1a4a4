package article

import (
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/hanzi"
)

// detectLimit is how much of a body is looked at to tell its script, in bytes. The first
// thousand characters of a text say enough.
const detectLimit = 3000

// script tells in which script an article is written: by the characters that only one script
// has, of title and body. It is empty if there are none.
func script(title string, body []byte) string {
	if len(body) > detectLimit {
		body = body[:detectLimit]
	}
	hans, hant := hanzi.Count(title)
	moreHans, moreHant := hanzi.Count(body)
	switch hans, hant = hans+moreHans, hant+moreHant; {
	case hans > hant:
		return "zh-Hans"
	case hant > hans:
		return "zh-Hant"
	}
	return ""
}

// TwinOf tells whether the file at path is a hand-made twin, name.zh-hant.md beside name.md (or
// index.zh-hant.md in a bundle), of which article and in which script.
func TwinOf(path string) (base, lang string, ok bool) {
	for _, of := range [...]struct{ suffix, lang string }{{".zh-hant.md", "zh-Hant"}, {".zh-hans.md", "zh-Hans"}} {
		if stem, found := strings.CutSuffix(path, of.suffix); found && !strings.HasSuffix(stem, "/") {
			return stem + ".md", of.lang, true
		}
	}
	return "", "", false
}

// twinKeys are what a twin may replace.
var twinKeys = []string{"title", "subtitle", "kicker", "shortTitle", "summary", "editorNote", "keywords", "lang"}

var ruleTwinKey = diag.Rule{ID: "twin",
	ZH: "另一文字的版本里不能写“%[1]s”，它随原稿", EN: "%[1]q cannot stand in the other script's version; it is that of the original",
	FixZH: "删去这一行；可以写 title、subtitle、kicker、shortTitle、summary、editorNote、keywords", FixEN: "delete the line; title, subtitle, kicker, shortTitle, summary, editorNote, keywords may be given"}

// ParseTwin reads a hand-made twin.
func ParseTwin(f File) (*Article, diag.List) {
	front, body, problems := split(f)
	v, list := FrontMatter.Read(front)
	problems.Add(list...)
	allowed := map[string]bool{}
	for _, k := range twinKeys {
		allowed[k] = true
	}
	for _, fl := range FrontMatter.Fields {
		if val := v.Get(fl.Name); val.Key.Line > 0 && !allowed[fl.Name] {
			problems.Add(ruleTwinKey.At(val.Key, fl.Name))
		}
	}
	f.Required = []string{"title"}
	base, lang, _ := TwinOf(f.Path)
	a := &Article{Entry: Entry{Path: f.Path, Rare: &Rare{Base: base}, BodyLine: int32(body.Line)}}
	head, _ := Scan(body)
	a.take(head)
	if front.Text != nil && !unclosed(problems) {
		problems.Add(a.required(f, v, Dateline{})...)
	}
	a.fill(v)
	a.Lang = lang
	return a, problems
}

// Face returns the article as it stands in the edition of a script: with what its twin
// gives, if the twin is in that script. What the twin leaves out is the original's, for Rest to
// convert.
func (a *Article) Face(lang string) *Article {
	if !a.standsIn(lang) {
		return a
	}
	f := *a
	f.Entry, f.Excerpt = *a.Entry.Face(lang), a.Twin.Excerpt
	return &f
}

// standsIn reports whether the twin stands in the edition of a script.
func (e *Entry) standsIn(lang string) bool {
	return e.Twin != nil && e.Twin.Lang == lang && e.Lang != lang
}

// Face is Article.Face of the entry.
func (e *Entry) Face(lang string) *Entry {
	if !e.standsIn(lang) {
		return e
	}
	t := e.Twin
	f, r := *e, *e.Rare
	f.Rare, r.noteLang = &r, e.Lang
	f.Path, r.Base, f.Lang, f.BodyLine, f.FirstPicture, f.Parts = t.Path, e.Path, t.Lang, t.BodyLine, t.FirstPicture, t.Parts
	if t.EditorNote != "" {
		r.EditorNote, r.EditorNoteLine, r.noteLang = t.EditorNote, t.EditorNoteLine, t.Lang
	}
	return &f
}

// NoteLang is the script of the editor's note.
func (e *Entry) NoteLang() string {
	if e.noteLang != "" {
		return e.noteLang
	}
	return e.Lang
}

// Rest converts all texts of the front matter, but those that a twin gives, and the excerpt.
// text converts a text, name a list of people, excerpt the excerpt.
//
// Which texts they are called with, and in which order, depends on the article and its twin alone, so
// that what they returned can be kept and given again; empty texts are passed over.
func (a *Article) Rest(text, name, excerpt func(string) string) *Article {
	c := *a
	t := &turn{text: text, name: name}
	if a.Base == "" {
		c.Excerpt = t.one(a.Excerpt, excerpt)
	} else {
		t.twin = a.Twin
	}
	t.rest = make([]string, len(a.Author)+len(a.Editor)+len(a.Correspondents)+len(a.Tags)+len(a.Keywords))
	c.Title = t.given(a.Title, func(twin *Article) string { return twin.Title })
	c.Source, c.CorrespondentUnit = t.one(a.Source, text), t.one(a.CorrespondentUnit, text)
	c.Author, c.Editor, c.Correspondents = t.each(a.Author, name), t.each(a.Editor, name), t.each(a.Correspondents, name)
	for i, r := range a.Reviewers {
		c.Reviewers[i] = t.one(r, name)
	}
	c.Tags = t.each(a.Tags, text)
	if t.twin != nil || a.Rare.says() {
		c.Rare = t.rare(a.Rare)
	}
	return &c
}

// turn is one call of Rest.
type turn struct {
	text, name func(string) string
	twin       *Article // what need not be converted; nil if there is none
	rest       []string // room for lists
}

func (t *turn) one(s string, f func(string) string) string {
	if s == "" {
		return ""
	}
	return f(s)
}

// given returns what the twin has, else the original converted.
func (t *turn) given(original string, of func(twin *Article) string) string {
	if t.twin != nil {
		if own := of(t.twin); own != "" {
			return own
		}
	}
	return t.one(original, t.text)
}

func (t *turn) each(in []string, f func(string) string) []string {
	if len(in) == 0 {
		return in
	}
	out := t.rest[:len(in):len(in)]
	t.rest = t.rest[len(in):]
	for i, s := range in {
		out[i] = t.one(s, f)
	}
	return out
}

// rare converts what few articles have.
func (t *turn) rare(in *Rare) *Rare {
	r := *in
	r.Subtitle = t.given(in.Subtitle, func(twin *Article) string { return twin.Subtitle })
	r.Kicker = t.given(in.Kicker, func(twin *Article) string { return twin.Kicker })
	r.ShortTitle = t.given(in.ShortTitle, func(twin *Article) string { return twin.ShortTitle })
	r.Summary = t.given(in.Summary, func(twin *Article) string { return twin.Summary })
	if t.twin != nil && t.twin.Keywords != nil {
		r.Keywords = t.twin.Keywords
	} else {
		r.Keywords = t.each(in.Keywords, t.text)
	}
	r.Series, r.WithdrawnNotice = t.one(in.Series, t.text), t.one(in.WithdrawnNotice, t.text)
	r.Attachments = nil
	for _, at := range in.Attachments {
		at.Title = t.one(at.Title, t.text)
		r.Attachments = append(r.Attachments, at)
	}
	return &r
}

// Written returns the column as its editor wrote it.
func (c *Column) Written() *Column {
	if c.written != nil {
		return c.written
	}
	return c
}

// In converts a column's texts for the edition of a script.
func (c *Column) In(lang string, text func(string) string) *Column {
	if c.Lang == lang {
		return c
	}
	out := *c
	out.written = c
	out.Title, out.ShortTitle, out.Description, out.Type, out.Source = text(c.Title), text(c.ShortTitle), text(c.Description), text(c.Type), text(c.Source)
	out.Keywords = nil
	for _, k := range c.Keywords {
		out.Keywords = append(out.Keywords, text(k))
	}
	out.Sections = nil
	for _, s := range c.Sections {
		s.Title = text(s.Title)
		out.Sections = append(out.Sections, s)
	}
	out.Head.Excerpt = text(c.Head.Excerpt)
	return &out
}
