package article

import "zhendi/internal/diag"

// Source is a Markdown text and where it stands.
type Source struct {
	File string // slash-separated, relative to the site's folder
	Line int    // of the first line of Text, from 1
	Text []byte // UTF-8, lines end in \n
}

// Options is all that a body's HTML depends on besides its text.
type Options struct {
	// Numbering makes headings of plain paragraphs numbered as official documents
	// are (GB/T 9704: 一、 （一） 1. （1）).
	Numbering bool

	// Resolve says what a link or picture leads to: dest as written in the text, image
	// for pictures. The problem, if any, has no place yet; Render adds it.
	// nil leaves destinations as written.
	Resolve func(dest string, image bool) (Link, *diag.Problem)

	// PartURL is the URL of a part of this text as it goes into href, for links from one
	// part to a heading or footnote in another; nil if all parts are on one page.
	PartURL func(part int) string

	// Sizes is how wide pictures are shown, as the attribute sizes says it.
	Sizes string

	// Traditional says that the text is in traditional characters; so are then the few
	// words Render adds (展開全文, 註釋).
	Traditional bool
}

// Link is the end of a link or the file of a picture.
type Link struct {
	URL           string // as it goes into href or src, escaped as a URL
	External      bool   // leaves the site: marked, rel=noopener
	Gone          bool   // leads nowhere: the text stays, the link goes
	Width, Height int    // of a picture, in pixels; 0 if not known
	Srcset        string // the picture in several widths; empty if there is one
}

// Body is a text turned into HTML.
type Body struct {
	Parts   []string  // the HTML, cut at <!-- page -->; one part if there is no cut
	Outline []Heading // headings in order
}

// Heading is an entry of the outline.
type Heading struct {
	Level int    // 2 to 6
	ID    string // unique on the page
	Text  string // without markup
	Part  int    // index into Body.Parts
}

// Head is what lists and <head> need of a text, found without rendering it.
type Head struct {
	Excerpt string // the first paragraph(s) as plain text without the dateline, at most 120 characters, cut at a sentence end or with …
	Image   string // destination of the first picture, as written
	Parts   int    // how many parts <!-- page --> makes
}

// Dateline is the credit at the start of a report:
// 清风网讯(通讯员: 许灵锋、张学锋) or 中國甘肅在線訊(瓜州縣柳園鎮:李惠玲).
type Dateline struct {
	Agency string   // 清风网讯
	Unit   string   // 瓜州縣柳園鎮; empty if what stands before the colon is a role (通讯员, 记者)
	Names  []string // in order
}
