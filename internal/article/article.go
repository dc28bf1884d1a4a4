// Package article is stage 2: one Markdown file becomes an Article. It is the only
// package that knows Markdown.
//
// An article file is UTF-8 text: front matter between two lines of ---, then the body.
//
//	---
//	title: 市直机关工委召开党建工作推进会
//	date: 2026-11-03 09:30
//	source: 云岫市机关党建网
//	---
//
//	正文……
//
// Parse reads the front matter (the keys are the tables FrontMatter and
// ColumnFrontMatter) and looks over the body for what lists need: excerpt, dateline, first
// picture. It keeps no body: an Article is about a kilobyte, and its Entry, all that the model of a
// site needs, a third of that. Render turns a body into HTML on demand; what it needs to know of the rest of the site (where a link
// leads) comes in through Options.
//
// Every article has an id of 10 characters a–z, 2–7 that depends on neither its title nor its
// date: the key id, else a hash of its first alias, else of its path. View counts,
// feeds and ties use it.
package article

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"hash/crc32"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

func tri(v fields.Value) Tri {
	switch {
	case !v.Set:
		return Unset
	case v.Bool:
		return Yes
	}
	return No
}

// File is a text file to parse.
type File struct {
	Path     string // relative to the site's folder
	Text     []byte // as source.Text returns it
	Zone     *time.Location
	Required []string // keys that must be set, by canonical name
}

// DefaultRequired are the keys an article must have where its column does not say otherwise.
var DefaultRequired = []string{"title", "date", "source"}

// Parse reads an article. The article is usable for finding more problems, but not for
// building, if there are errors among the problems.
func Parse(f File) (*Article, diag.List) {
	front, body, problems := split(f)
	v, list := FrontMatter.Read(front)
	problems.Add(secrecy(list)...)
	a := &Article{Entry: Entry{Path: f.Path, Rare: &Rare{}, BodyLine: int32(body.Line)}}
	a.place()
	problems.Add(a.fill(v)...)
	problems.Add(a.identify(v)...)
	head, line := Scan(body)
	a.take(head)
	if front.Text != nil && !unclosed(problems) {
		problems.Add(a.required(f, v, line)...)
		problems.Add(a.contradictions(v, body)...)
	}
	if a.Lang == "" {
		a.Lang = script(a.Title, body.Text)
	}
	if len(a.Correspondents) == 0 {
		a.Correspondents = line.Names
		if a.CorrespondentUnit == "" {
			a.CorrespondentUnit = line.Unit
		}
	}
	a.Rare = a.Rare.orNone()
	return a, problems
}

// secrecyWords are keys by which editors mean audience: internal. Passing over one would publish
// what must not be: it is an error.
var secrecyWords = map[string]bool{
	"visibility": true, "internal": true, "private": true, "secret": true, "confidential": true, "public": true,
	"内部": true, "內部": true, "密级": true, "密級": true, "保密": true, "涉密": true, "可见性": true, "公开": true, "公開": true,
}

// secrecy turns the warning of an unknown key that means secrecy into an error.
func secrecy(list diag.List) diag.List {
	for i, p := range list {
		if key, ok := "", false; p.Rule.ID == "unknown-key" && p.Rule.Severity == diag.Warning && len(p.Args) > 0 {
			if key, ok = p.Args[0].(string); ok && secrecyWords[strings.ToLower(key)] {
				list[i] = ruleSecret.At(p.Pos, key)
			}
		}
	}
	return list
}

// contradictions reports what the front matter says twice or in vain.
func (a *Article) contradictions(v fields.Values, body Source) (problems diag.List) {
	from := a.PublishDate
	if from.IsZero() {
		from = a.Date
	}
	if !a.ExpiryDate.IsZero() && !a.ExpiryDate.After(from) {
		problems.Add(ruleExpiry.At(v.Get("expiryDate").Pos))
	}
	if a.WithdrawnNotice != "" && a.Status != Withdrawn {
		problems.Add(ruleNoticeUnused.At(v.Get("withdrawnNotice").Pos))
	}
	empty := len(bytes.TrimSpace(body.Text)) == 0
	switch {
	case a.Link.Text != "" && (!empty || len(a.Attachments) > 0):
		problems.Add(ruleLinkBody.At(a.Pos(a.Link)))
	case a.Link.Text == "" && empty && a.Status == Published && len(a.Attachments) == 0 && a.EditorNote == "":
		problems.Add(ruleNoBody.At(diag.Pos{File: a.Path, Line: max(1, body.Line-1)})) // the line that closes the front matter
	}
	return problems
}

// place derives column and kind from the path.
func (a *Article) place() {
	a.Dir = dirOf(strings.TrimPrefix(a.Path, "content/"))
	if a.Bundle = path.Base(a.Path) == "index.md"; a.Bundle {
		a.Dir = dirOf(a.Dir)
	}
}

// dirOf is the folder that p is in, empty for none.
func dirOf(p string) string { return p[:max(0, strings.LastIndexByte(p, '/'))] }

// take takes over what was found by looking over the text.
func (a *Article) take(h Head) {
	a.Excerpt, a.FirstPicture, a.Parts = h.Excerpt, h.Image, int32(h.Parts)
}

// FilesDir is the folder, relative to content, to which the names of pictures and
// attachments in the article are relative.
func (e *Entry) FilesDir() string {
	if e.Bundle {
		return dirOf(strings.TrimPrefix(e.Path, "content/"))
	}
	return e.Dir
}

func (a *Article) fill(v fields.Values) (problems diag.List) {
	a.Title, a.Subtitle, a.Kicker, a.ShortTitle = v.Text("title"), trimDash(v.Text("subtitle")), v.Text("kicker"), v.Text("shortTitle")
	a.TitleSum = crc32.Checksum([]byte(a.Title), castagnoli)
	a.Date, a.Clock = v.Get("date").Time.UTC(), v.Get("date").Clock
	a.Lastmod, a.PublishDate, a.ExpiryDate = v.Get("lastmod").Time.UTC(), v.Get("publishDate").Time.UTC(), v.Get("expiryDate").Time.UTC()
	a.Source, a.SourceURL = v.Text("source"), v.Text("sourceURL")
	orig := v.Get("original")
	a.Reprint = orig.Set && !orig.Bool || !orig.Set && a.SourceURL != ""
	a.Author, a.Editor = v.Get("author").Texts(), v.Get("editor").Texts()
	a.Correspondents, a.CorrespondentUnit = v.Get("correspondents").Texts(), v.Text("correspondentUnit")
	rv := v.Group("reviewers")
	for i, names := range [3][2]string{{"first", "firstReviewer"}, {"second", "secondReviewer"}, {"third", "thirdReviewer"}} {
		a.Reviewers[i] = rv.Text(names[0])
		if a.Reviewers[i] == "" {
			a.Reviewers[i] = v.Text(names[1])
		}
	}
	a.EditorNote, a.Summary = v.Text("editorNote"), oneLine(v.Text("summary"))
	a.EditorNoteLine = int32(v.Get("editorNote").Pos.Line)
	a.Keywords, a.Tags, a.Series = v.Get("keywords").Texts(), v.Get("tags").Texts(), v.Text("series")
	a.Topics, a.AlsoIn, a.Aliases = refs(v.Get("topics")), refs(v.Get("alsoIn")), refs(v.Get("aliases"))
	pin := v.Get("pin")
	a.Pin, a.PinUntil = pin.Bool, pin.Time.UTC()
	if !pin.Time.IsZero() && !pin.Clock { // a day is the last on which it is pinned
		a.PinUntil = pin.Time.AddDate(0, 0, 1).UTC()
	}
	a.Image, a.Link = ref(v.Get("image")), ref(v.Get("link"))
	problems.Add(address(v.Get("link"), true)...)
	problems.Add(address(v.Get("sourceURL"), false)...)
	a.Weight, a.Params = v.Get("weight").Int, v.Get("params").Any
	a.TOC, a.Numbering = tri(v.Get("toc")), tri(v.Get("numbering"))
	a.WithdrawnNotice, a.Internal = v.Text("withdrawnNotice"), v.Text("audience") == "internal"
	a.Lang = v.Text("lang")
	for _, f := range v.Get("flags").Items {
		a.Flags |= map[string]Flags{"headline": Headline, "recommended": Recommended, "hot": Hot, "picture": Picture}[f.Text]
	}
	for _, g := range v.Get("attachments").Groups {
		if g.Missing("file") {
			problems.Add(ruleNoFile.At(g.Pos))
		}
		if file := g.Get("file"); file.Set {
			a.Attachments = append(a.Attachments, Attachment{ref(file), g.Text("title")})
		}
	}
	switch st := v.Text("status"); {
	case st == "withdrawn":
		a.Status = Withdrawn
	case st == "draft", st == "review", v.Get("draft").Bool:
		a.Status = Draft
	}
	return problems
}

// address checks the address of a page elsewhere, or, where site is true, on this site.
func address(v fields.Value, site bool) diag.List {
	u, err := url.Parse(v.Text)
	switch {
	case !v.Set, err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return nil
	case site && err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		return nil
	case site:
		return diag.List{ruleAddress.At(v.Pos, v.Text)}
	}
	return diag.List{ruleSourceURL.At(v.Pos, v.Text)}
}

// trimDash drops the dashes that editors type before a subtitle: the page sets its own.
func trimDash(s string) string {
	return strings.TrimSpace(strings.TrimLeft(s, "-—–－─ "))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func ref(v fields.Value) Ref { return Ref{v.Text, int32(v.Pos.Line), int32(v.Pos.Col)} }

func refs(v fields.Value) []Ref {
	if len(v.Items) == 0 {
		return nil
	}
	out := make([]Ref, len(v.Items))
	for i, it := range v.Items {
		out[i] = Ref{it.Text, int32(it.Pos.Line), int32(it.Pos.Col)}
	}
	return out
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Pos returns the place of r in the article's file.
func (e *Entry) Pos(r Ref) diag.Pos {
	return diag.Pos{File: e.Path, Line: int(r.Line), Col: int(r.Col)}
}

// identify sets id and slug.
func (a *Article) identify(v fields.Values) (problems diag.List) {
	whole := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(a.Path, "content/"), ".md"), "/index")
	name := path.Base(whole) // of a bundle, the folder's
	if id := v.Get("id"); id.Set && validID(id.Text) {
		a.ID, a.GivenID = id.Text, true
	} else if id.Set {
		a.ID = hashID(a.Dir + "/" + name)
		problems.Add(ruleID.At(id.Pos, id.Text, a.ID))
	} else if len(a.Aliases) > 0 {
		a.ID = hashID(a.Aliases[0].Text)
	} else {
		a.ID = hashID(a.Dir + "/" + name)
	}
	slug := v.Get("slug")
	switch {
	case slug.Set && !validSlug(slug.Text):
		problems.Add(ruleSlug.At(slug.Pos, slug.Text))
		a.Slug = a.ID
	case slug.Set:
		a.Slug = slug.Text
	case validSlug(name):
		a.Slug = name
	default:
		a.Slug = a.ID
	}
	return problems
}

var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

func validID(s string) bool {
	return len(s) == 10 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// hashID makes an id from a text: the first 50 bits of its SHA-256 in base 32.
func hashID(s string) string {
	sum := sha256.Sum256([]byte(s))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10]
}

// validSlug reports whether s can be the last part of a URL as it is: the unreserved
// ASCII characters of RFC 3986 without ~, not starting with a mark, not ending in a dot, and
// no name that Windows keeps for devices.
func validSlug(s string) bool {
	if s == "" || len(s) > 120 || s == "index" || strings.Contains("._-", s[:1]) || s[len(s)-1] == '.' || device.MatchString(s) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// required reports the keys that are not set. A key that says the same, or the dateline, may
// stand in for one.
func (a *Article) required(f File, v fields.Values, line Dateline) (problems diag.List) {
	for _, name := range f.Required {
		switch {
		case !v.Missing(name),
			name == "reviewers" && a.Reviewers != [3]string{},
			name == "firstReviewer" && a.Reviewers[0] != "",
			name == "secondReviewer" && a.Reviewers[1] != "",
			name == "thirdReviewer" && a.Reviewers[2] != "",
			name == "correspondents" && len(line.Names) > 0,
			name == "correspondentUnit" && line.Unit != "":
			continue
		}
		pos := v.Get(name).Key
		if pos.Line == 0 {
			pos = diag.Pos{File: f.Path, Line: 1}
		}
		zh := name
		for _, fl := range FrontMatter.Fields {
			if fl.Name == name {
				zh = fl.Also[0]
			}
		}
		problems.Add(ruleRequired.At(pos, diag.T(name+"("+zh+")", name), exampleOf(name)))
	}
	return problems
}

// exampleOf is a line that sets a key.
func exampleOf(name string) diag.Text {
	if t, ok := example[name]; ok {
		return t
	}
	return diag.T(name+": 内容", name+": text")
}

var example = map[string]diag.Text{
	"title":  {ZH: "title: 标题", EN: "title: text"},
	"date":   {ZH: "date: 2025-09-01 08:22", EN: "date: 2025-09-01 08:22"},
	"source": {ZH: "source: 来源单位", EN: "source: name of the unit"},
}
