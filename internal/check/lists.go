package check

import (
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// The site's lists are three files of content/_data, none of which has to be there:
//
//	terms.yaml      words: [{wrong: 作表面文章, right: 做表面文章}]      Z44
//	                names: [中共云岫市委市直机关工作委员会]              Z51
//	                phrases: [{name: 四个意识, members: [政治意识, …]}]  Z52
//	                banned: [{word: …, note: …}]                       Z53
//	                protect: [于清嘉]                                  not Z07
//	reviewers.yaml  levels: 3, first: [甲], second: [乙], third: [丙]   Z50
//	sources.yaml    sources: [云岫日报], vague: [摘自网络]              Z56
//	                hosts: [www.gov.cn]                                Z35
//
// terms.yaml is also the list of package build: its table of keys is there (build.Terms).

// Paths of the lists, relative to the site's folder.
const (
	ReviewersPath = "content/_data/reviewers.yaml"
	SourcesPath   = "content/_data/sources.yaml"
)

// Lists are the site's own words.
type Lists struct {
	Words   []Word
	Names   []string // written so and not nearly so
	Phrases []Phrase
	Banned  []Word
	Protect []string // not touched by conversion

	Levels    int         // of review, 0 to 3
	Alone     bool        // one person may write and review
	Reviewers [3][]string // of each level; empty: anybody

	Sources []string // from which articles may come; empty: from anywhere
	Vague   []string // names that say nothing
	Hosts   []string // to which links may lead; empty: anywhere
}

// Word is a word to be replaced, or not to be used.
type Word struct{ Wrong, Right, Note string }

// Phrase is a fixed list of members.
type Phrase struct {
	Name    string
	Members []string
}

// Reviewers is the table of the keys of reviewers.yaml.
var Reviewers = fields.Schema{
	Of: diag.T("reviewers.yaml（审核人）", "reviewers.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "levels", Also: []string{"审级"}, Kind: fields.Int, Doc: "要求的审级数：0 不要求（默认）、1、2、3"},
		{Name: "first", Also: []string{"一审"}, Kind: fields.Texts, Doc: "可以担任一审的人；不写则不限"},
		{Name: "second", Also: []string{"二审"}, Kind: fields.Texts, Doc: "可以担任二审的人"},
		{Name: "third", Also: []string{"三审"}, Kind: fields.Texts, Doc: "可以担任三审的人"},
		{Name: "alone", Also: []string{"一人多岗"}, Kind: fields.Bool, Doc: "true 表示人手少，作者可以兼任各级审核"},
	},
}

// Sources is the table of the keys of sources.yaml.
var Sources = fields.Schema{
	Of: diag.T("sources.yaml（稿源）", "sources.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "sources", Also: []string{"稿源"}, Kind: fields.Texts, Doc: "允许的来源；不写则不限"},
		{Name: "vague", Also: []string{"含糊来源"}, Kind: fields.Texts, Doc: "在通用的之外，另有哪些来源等于没有写"},
		{Name: "hosts", Also: []string{"允许的域名"}, Kind: fields.Texts, Doc: "允许链接的站外域名；不写则不限"},
	},
}

// ReadTerms takes what checks use from terms.yaml as build.Terms read it.
func (l *Lists) ReadTerms(v fields.Values) {
	words := func(name, wrong string) (out []Word) {
		for _, g := range v.Get(name).Groups {
			if w := g.Text(wrong); w != "" {
				out = append(out, Word{w, g.Text("right"), g.Text("note")})
			}
		}
		return out
	}
	l.Words, l.Banned = words("words", "wrong"), words("banned", "wrong")
	l.Names, l.Protect = v.Get("names").Texts(), v.Get("protect").Texts()
	for _, g := range v.Get("pairs").Groups {
		l.Protect = append(l.Protect, g.Text("hans"), g.Text("hant"))
	}
	for _, g := range v.Get("phrases").Groups {
		l.Phrases = append(l.Phrases, Phrase{g.Text("name"), g.Get("members").Texts()})
	}
}

// ReadReviewers reads reviewers.yaml.
func (l *Lists) ReadReviewers(text []byte) diag.List {
	v, problems := Reviewers.Read(fields.Record{File: ReviewersPath, Line: 1, Text: text})
	l.Levels, l.Alone = v.Get("levels").Int, v.Get("alone").Bool
	if l.Levels < 0 || l.Levels > 3 {
		problems.Add(ruleLevels.At(v.Get("levels").Pos))
		l.Levels = 0
	}
	for i, name := range []string{"first", "second", "third"} {
		l.Reviewers[i] = v.Get(name).Texts()
	}
	return problems
}

var ruleLevels = diag.Rule{ID: "reviewers",
	ZH: "审级数应在 0 与 3 之间", EN: "levels must be between 0 and 3",
	FixZH: "写 levels: 3", FixEN: "write levels: 3"}

// ReadSources reads sources.yaml.
func (l *Lists) ReadSources(text []byte) diag.List {
	v, problems := Sources.Read(fields.Record{File: SourcesPath, Line: 1, Text: text})
	l.Sources, l.Vague, l.Hosts = v.Get("sources").Texts(), v.Get("vague").Texts(), v.Get("hosts").Texts()
	return problems
}

// protected reports whether word stands within a protected name in its context.
func (l *Lists) protected(word string, context []rune) bool {
	text := ""
	for _, p := range l.Protect {
		if p == "" || !strings.Contains(p, word) {
			continue
		}
		if text == "" {
			text = string(context)
		}
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
