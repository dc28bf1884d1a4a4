package render

import "html/template"

// View is everything that one page shows. It is closed: strings, numbers and
// slices, no method that reaches the site. Two equal Views under one theme give
// equal pages, but for the body, which comes beside it.
//
// Every string is ready to be shown: dates are formatted, addresses escaped, and what is
// empty is absent. A template prints a label only where its value is not empty.
type View struct {
	Kind     string // home, column, archive, page, topic, article, group, tags, sitemap, withdrawn, notfound
	Lang     string // of the html element: zh-CN, zh-Hant
	Site     Site
	Head     Head
	Editions []EditionLink // this page in every script; empty where the site has one edition
	Crumbs   []Link        // from the home page to the page's column; empty on the home page

	Column  *Column   // the column of a column page or article
	Article *Article  // of article and page
	List    *List     // of column, archive, topic and group
	Group   *Group    // of the pages of a tag or series
	Topic   *Topic    // of a topic
	Tags    []Link    // of the page that lists all tags
	Map     []MapItem // of the site map
	Hot     *Hot      // of articles, columns and archives; nil where there is none
	Blocks  []Block   // of home

	Uses []string // files of the content tree that the page shows, relative to content: they are published with it
}

// Site is what all pages of an edition share; header and footer are made from it alone
// and rendered once.
type Site struct {
	Name       string
	Home       string // address of the home page
	Lang       string
	Logo       string // address of the picture, empty if none
	Banner     string // address of the picture behind the site's name
	Greeting   string
	Nav        []NavItem
	Organizer  string
	Undertaker string
	Address    string
	Postcode   string
	Phone      string
	Email      string
	ICP        string
	Police     string // 京公网安备 …号
	PoliceURL  string
	SiteIDCode string
	Conac      *Conac
	Since      int // 0 if not set
	Login      string
	Register   string
	Links      []Link // of the footer
	Friends    []LinkGroup
	Mourning   string            // dates as YYYY-MM-DD, separated by spaces
	Assets     map[string]string // address of each asset of the theme by its name: site.css -> /_assets/site.3f2a….css
	Feed       string            // address of the site's RSS feed
	JSONFeed   string
	MapURL     string // address of the site map
	TagsURL    string // address of the page of all tags; empty if there are none
	Views      *Views // nil where counts are not shown
	Params     any

	LogoPicture   *Picture // nil if there is none, as everywhere
	BannerPicture *Picture
}

// Views says where counts of views are: the JSON of shard n is at Origin + /_views/n.json.
type Views struct {
	Origin string // empty: this site
	Shards int
}

// Conac is the mark of party and government organs.
type Conac struct{ URL, Kind string } // Kind: red, blue

// Link is a text and where it leads.
type Link struct {
	Text     string
	URL      string
	External bool   // leaves the site and needs a notice
	Image    string // address of a picture, empty if none
	Picture  *Picture
}

// PeriodLink leads to the archive of a year, or to those of its parts: quarters, months.
type PeriodLink struct {
	Link         // of the year; no URL if it is divided
	Parts []Link // newest first
}

// LinkGroup is a titled list of links.
type LinkGroup struct {
	Name  string
	Links []Link
}

// NavItem is a column in the navigation.
type NavItem struct {
	Link
	Key      string // the column's folder; Column.Top is the key of the current one
	Children []Link
}

// Head is what stands in <head>.
type Head struct {
	Title      string // of <title>
	Canonical  string // the page's absolute address
	Metas      []Meta // in order, SiteName first
	Graph      []Meta // Open Graph: property and content
	Alternates []Meta // hreflang and absolute address, x-default last; empty where the site has one edition
	JSONLD     any    // marshalled by the template
	NoIndex    bool
}

// EditionLink is a page in one of the scripts.
type EditionLink struct {
	Lang     string // zh-Hans, zh-Hant
	Label    string // in its own script: 简体, 繁體
	URL      string
	Absolute string
	Current  bool
}

// Meta is one meta element.
type Meta struct{ Name, Content string }

// Column is a column as its pages show it.
type Column struct {
	Title       string
	URL         string
	Key         string // its folder
	Top         string // folder of the top column above it
	TopTitle    string
	TopURL      string
	Description string
	Siblings    []Link       // the sub-columns of the top column, in order
	Periods     []PeriodLink // of the front page: archives, newest first
	Image       string
	Picture     *Picture
	Feed        string // address of its RSS feed
	JSONFeed    string
	Params      any
}

// List is a list of articles, one page of it.
type List struct {
	Layout string // list, pictures
	Rows   []Row
	Period string // name of the archive's period; empty on a front page
	Newer  string // address of the page with newer articles; empty if none
	Older  string
	Parent string // address of the column's front page; empty on it
}

// Row is one article in a list.
type Row struct {
	ID          string
	Title       string
	Short       string // the short title, else Title
	URL         string
	External    bool
	Date        string // 2025-09-01; empty if undated
	Time        string // for <time datetime>
	Source      string
	Summary     string
	Image       string
	Picture     *Picture
	Column      string // title of its column
	ColumnURL   string
	Pinned      bool
	Recommended bool // flagged as recommended
	HasFiles    bool
}

// Block is one module of the home page.
type Block struct {
	Kind  string // columns, headline, pictures …
	Title string
	URL   string // where 更多 leads; empty if nowhere
	Rows  []Row
	Links []Link
	Tabs  []Block
}

// Article is an article as its page shows it.
type Article struct {
	ID            string
	Title         string
	Subtitle      string
	Kicker        string
	Date          string // 2025-09-01 08:22, or without the time if none was given
	Time          string // for <time datetime>
	Lastmod       string
	Source        string
	SourceURL     string
	SourceOut     bool // SourceURL leaves the site
	Author        string
	Correspondent string // names and unit, joined
	Contributor   string // the unit that sent the article in, where it names no correspondent
	Editor        string
	Reviewers     []Meta // label and name, those that are set
	Tags          []Link // URL empty where there is no tag page
	Files         []File
	Newer         *Row // 下一篇
	Older         *Row // 上一篇
	Related       []Row
	Series        *Series // nil if it belongs to none
	Withdrawn     string  // of withdrawn: why the article is gone
	Notice        string  // of copyright or reprint
	Correction    string  // address of the form for mistakes, with the page's address; empty if none
	TOC           bool    // show the outline
	Address       string  // absolute address that the QR code holds
	Lang          string  // of the text, if it differs from the page's
	Pages         []Link  // of a long article: its parts and 全文, the current one without URL; empty if it has one
	Params        any
	Part          int // of a long article, from 0; WholeText for all together
}

// Series is the series that an article belongs to.
type Series struct {
	Title string
	URL   string
	Newer *Row
	Older *Row
}

// Group is a tag or a series.
type Group struct {
	Title   string
	URL     string
	Kind    string       // tag, series
	Periods []PeriodLink // archives, newest first
}

// Topic is a 专题.
type Topic struct {
	Image    string // banner
	Picture  *Picture
	Archived bool
	Sections []Block
}

// MapItem is an entry of the site map.
type MapItem struct {
	Link
	Children []MapItem
}

// Hot is the place of the list 热点推荐. A script fills it from the JSON at Source; without
// scripts the link to More stands there.
type Hot struct {
	Mode   string // picks, views, recent: what follows the picks
	Source string // address of the picks: /_site/hot.json
	Views  string // address of the most viewed: /_views/hot.json; empty unless Mode is views
	Recent string // address of the newest: /_site/latest.json
	Column string // folder of the column that Recent is about; empty for the whole site
	More   Link
}

// File is an attachment.
type File struct {
	Title string
	URL   string
	Type  string // DOCX
	Size  string // 23 KB
}

// Page is what a template receives: the View and the parts of the page that were
// rendered from it.
type Page struct {
	*View
	Words   map[string]string // the theme's words in the page's script, from words.yaml
	Header  template.HTML     // from the theme's header template and View.Site
	Footer  template.HTML
	Body    template.HTML // of the article, of a page column, of the text in a column's _index.md
	Note    template.HTML // the editor's note
	Outline []OutlineItem // empty where the article shows none
	QR      template.HTML // inline SVG
	CSP     string        // content of the policy meta element
	Boot    template.HTML // the one inline script, with its element
}

// Chrome is what the templates header and footer receive. Top is the folder of
// the current top column, empty where there is none.
type Chrome struct {
	Site
	Words map[string]string
	Top   string
}

// OutlineItem is an entry of the table of contents.
type OutlineItem struct {
	Text  string
	URL   string // #id
	Level int    // 2 to 6
}
