package article

import "time"

// Status says whether an article is published.
type Status uint8

// The states of an article.
const (
	Published Status = iota
	Draft            // draft or sent for review: built only on request
	Withdrawn        // taken back: gone everywhere, but for an optional notice
)

// Flags mark an article for the places of the home page.
type Flags uint8

// The flags.
const (
	Headline Flags = 1 << iota
	Recommended
	Hot
	Picture
)

// Ref is a text of the front matter with its place in the file.
type Ref struct {
	Text      string
	Line, Col int32
}

// Attachment is a file offered for download. File is as written.
type Attachment struct {
	File  Ref
	Title string
}

// Entry is what the model of a site goes through for every article. All else that is known of it is read when a page asks.
type Entry struct {
	Path     string    // of the file, relative to the site's folder: content/zzjs/a.md
	Dir      string    // the column's folder, relative to content: zzjs, yw/jgdt
	ID, Slug string    //
	Date     time.Time // as all times: UTC
	*Rare              // never nil; empty for most

	BodyLine       int32  // line of the file on which the body starts
	Parts          int32  // how many parts <!-- page --> makes
	TitleSum       uint32 // CRC-32C of the title
	Status         Status
	Flags          Flags
	TOC, Numbering Tri
	Bundle         bool // index.md in a folder of its own
	GivenID        bool // ID stands in the front matter
	Clock          bool // Date has a time of day
	Reprint        bool // original: false, or a sourceURL
	Pin            bool
	Internal       bool

	Tags         []string
	Lang         string // zh-Hans, zh-Hant
	FirstPicture string // of the text: destination, as written
}

// Article is one article without its body. Make one by Parse, ParseTwin or Entry.Whole: a literal
// needs a Rare of its own. What several articles or editions may share (Rare, lists) is never
// changed in place.
type Article struct {
	Entry

	Title, Source     string
	Author, Editor    []string
	Correspondents    []string
	CorrespondentUnit string
	Reviewers         [3]string
	Excerpt           string // see Head
}

// Rare is what few articles say. Articles that say nothing of it share one.
type Rare struct {
	Subtitle, Kicker, ShortTitle     string
	Lastmod, PublishDate, ExpiryDate time.Time
	SourceURL                        string
	EditorNote, Summary              string
	Keywords                         []string
	Topics, AlsoIn, Aliases          []Ref
	Series                           string
	PinUntil                         time.Time // zero: for ever
	Image, Link                      Ref
	Attachments                      []Attachment
	WithdrawnNotice                  string
	Params                           any
	Twin                             *Article // the article written by hand in the other script, if there is one; see Face
	Base                             string   // path of the article that this one, a twin, stands in for
	noteLang                         string   // see NoteLang; empty if it is Lang
	Weight                           int
	EditorNoteLine                   int32 // of the note's first line
}

// none is the Rare of articles that have none. It stays empty.
var none = &Rare{}

// orNone returns r, or none if it is empty.
func (r *Rare) orNone() *Rare {
	if r.says() || !r.Lastmod.IsZero() || !r.PublishDate.IsZero() || !r.ExpiryDate.IsZero() || r.SourceURL != "" || r.EditorNote != "" ||
		r.Topics != nil || r.AlsoIn != nil || r.Aliases != nil || !r.PinUntil.IsZero() || r.Image != (Ref{}) || r.Link != (Ref{}) ||
		r.Params != nil || r.Twin != nil || r.Base != "" || r.noteLang != "" || r.Weight != 0 || r.EditorNoteLine != 0 {
		return r
	}
	return none
}

// says reports whether there is text that Rest converts.
func (r *Rare) says() bool {
	return r.Subtitle != "" || r.Kicker != "" || r.ShortTitle != "" || r.Summary != "" || r.Keywords != nil || r.Series != "" ||
		r.WithdrawnNotice != "" || r.Attachments != nil
}

// SetTwin gives the article the one written by hand in the other script.
func (e *Entry) SetTwin(twin *Article) {
	r := *e.Rare
	r.Twin = twin
	e.Rare = &r
}

// Tri is a switch that may be left to the column.
type Tri uint8

// The states of a Tri.
const (
	Unset Tri = iota
	Yes
	No
)

// Or returns the switch, def if it is unset.
func (t Tri) Or(def bool) bool {
	if t == Unset {
		return def
	}
	return t == Yes
}
