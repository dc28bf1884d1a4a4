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
	switch hanzi.Detect(title + "\n" + string(body)) {
	case hanzi.Hans:
		return "zh-Hans"
	case hanzi.Hant:
		return "zh-Hant"
	}
	return ""
}

// TwinOf tells whether the file at path is a hand-made twin, name.zh-hant.md beside name.md (or
// index.zh-hant.md in a bundle), of which article and in which script.
func TwinOf(path string) (base, lang string, ok bool) {
	for suffix, l := range map[string]string{".zh-hant.md": "zh-Hant", ".zh-hans.md": "zh-Hans"} {
		if stem, found := strings.CutSuffix(path, suffix); found && !strings.HasSuffix(stem, "/") {
			return stem + ".md", l, true
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
	a := &Article{Path: f.Path, Base: base, BodyLine: int32(body.Line), Head: Scan(body)}
	if front.Text != nil && !unclosed(problems) {
		problems.Add(a.required(f, v)...)
	}
	a.fill(v)
	a.Lang = lang
	return a, problems
}

// Face returns the article as it stands in the edition of a script: with what its twin
// gives, if the twin is in that script. What the twin leaves out is the original's, for Rest to
// convert.
func (a *Article) Face(lang string) *Article {
	t := a.Twin
	if t == nil || t.Lang != lang || a.Lang == lang {
		return a
	}
	f := *a
	f.written, f.noteLang = a, a.Lang
	f.Path, f.Base, f.Lang, f.BodyLine, f.Head = t.Path, a.Path, t.Lang, t.BodyLine, t.Head
	if t.EditorNote != "" {
		f.EditorNote, f.EditorNoteLine, f.noteLang = t.EditorNote, t.EditorNoteLine, t.Lang
	}
	return &f
}

// Written returns the article as its editor wrote it: before Face and Rest. Keys and addresses
// come from it, so that they are the same in every edition.
func (a *Article) Written() *Article {
	if a.written != nil {
		return a.written
	}
	return a
}

// NoteLang is the script of the editor's note.
func (a *Article) NoteLang() string {
	if a.noteLang != "" {
		return a.noteLang
	}
	return a.Lang
}

// Rest converts all texts of the front matter, but those that a twin gives, and the excerpt.
// text converts a text, name a list of people.
func (a *Article) Rest(text, name func(string) string) *Article {
	c := *a
	c.written = a.Written()
	var twin Article
	if a.Base != "" {
		twin = *a.Twin
	} else {
		c.Head.Excerpt = text(a.Head.Excerpt)
	}
	given := func(own, original string) string {
		if own != "" {
			return own
		}
		return text(original)
	}
	c.Title, c.Subtitle, c.Kicker = given(twin.Title, a.Title), given(twin.Subtitle, a.Subtitle), given(twin.Kicker, a.Kicker)
	c.ShortTitle, c.Summary = given(twin.ShortTitle, a.ShortTitle), given(twin.Summary, a.Summary)
	if c.Keywords = twin.Keywords; c.Keywords == nil {
		c.Keywords = each(a.Keywords, text)
	}
	c.Source, c.CorrespondentUnit, c.Series, c.WithdrawnNotice = text(a.Source), text(a.CorrespondentUnit), text(a.Series), text(a.WithdrawnNotice)
	c.Author, c.Editor, c.Correspondents = each(a.Author, name), each(a.Editor, name), each(a.Correspondents, name)
	for i, r := range a.Reviewers {
		c.Reviewers[i] = name(r)
	}
	c.Tags = each(a.Tags, text)
	c.Attachments = nil
	for _, at := range a.Attachments {
		at.Title = text(at.Title)
		c.Attachments = append(c.Attachments, at)
	}
	return &c
}

func each(in []string, f func(string) string) []string {
	if in == nil {
		return nil
	}
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = f(s)
	}
	return out
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
