package build

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
	"zhendi/internal/hanzi"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

// TermsPath is the file of the site's own terms.
const TermsPath = "content/_data/terms.yaml"

// Terms is the table of the keys of terms.yaml.
var Terms = fields.Schema{
	Of: diag.T("terms.yaml（词表）", "terms.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "pairs", Also: []string{"对照"}, Kind: fields.Groups, Sub: &pair, Doc: "简繁对照：hans 简体、hant 繁体，两个方向都用"},
		{Name: "protect", Also: []string{"保护"}, Kind: fields.Texts, Doc: "不转换的词：人名、地名、单位名"},
		{Name: "words", Also: []string{"用词"}, Kind: fields.Groups, Sub: &wordList, Doc: "检查：本站不这样写（wrong），应这样写（right）"},
		{Name: "names", Also: []string{"规范名称"}, Kind: fields.Texts, Doc: "检查：单位全称，只差一个字的报错"},
		{Name: "phrases", Also: []string{"固定提法"}, Kind: fields.Groups, Sub: &phraseList, Doc: "检查：成组的提法（name）及其各项（members），要列全、按次序"},
		{Name: "banned", Also: []string{"禁用词"}, Kind: fields.Groups, Sub: &wordList, Doc: "检查：禁用的词（wrong）与改法（right）"},
	},
}

var pair = fields.Schema{
	Of: diag.T("pairs（对照）", "pairs"), Closed: true,
	Fields: []fields.Field{
		{Name: "hans", Also: []string{"简体"}, Doc: "简体写法"},
		{Name: "hant", Also: []string{"繁体"}, Doc: "繁体写法"},
	},
}

var wordList = fields.Schema{
	Of: diag.T("words（用词）", "words"), Closed: true,
	Fields: []fields.Field{
		{Name: "wrong", Also: []string{"不用"}, Doc: "不这样写"},
		{Name: "right", Also: []string{"用"}, Doc: "这样写"},
		{Name: "note", Also: []string{"说明"}, Doc: "为什么"},
	},
}

var phraseList = fields.Schema{
	Of: diag.T("phrases（固定提法）", "phrases"), Closed: true,
	Fields: []fields.Field{
		{Name: "name", Also: []string{"名称"}, Doc: "提法的名称"},
		{Name: "members", Also: []string{"各项"}, Kind: fields.Texts, Doc: "各项，按次序"},
	},
}

var ruleTerm = diag.Rule{ID: "term",
	ZH: "词表里的这一条不能用：%[1]s", EN: "this term cannot be used: %[1]s",
	FixZH: "每一对都写 hans 与 hant；不转换的词写在 protect 里", FixEN: "give hans and hant for each pair; words to be left alone go under protect"}

// termList is terms.yaml as it was read, with the place of each term.
type termList struct {
	pairs, protect []fields.Item // pairs: the simplified side
	hant           []string      // the traditional side of each pair
}

// readTerms reads the text of terms.yaml.
func readTerms(path string, text []byte) (t termList, problems diag.List) {
	v, problems := Terms.Read(fields.Record{File: path, Line: 1, Text: text})
	for _, g := range v.Get("pairs").Groups {
		if g.Text("hans") == "" || g.Text("hant") == "" {
			problems.Add(ruleTerm.At(g.Pos, diag.T("一对里缺了一边", "one side of the pair is missing")))
			continue
		}
		t.pairs = append(t.pairs, fields.Item{Text: g.Text("hans"), Pos: g.Pos})
		t.hant = append(t.hant, g.Text("hant"))
	}
	t.protect = v.Get("protect").Items
	return t, problems
}

// toward returns the terms in the direction of simplified or traditional.
func (t termList) toward(hans bool) *hanzi.Terms {
	out := &hanzi.Terms{}
	for i, p := range t.pairs {
		if hans {
			out.Pairs = append(out.Pairs, hanzi.Pair{From: t.hant[i], To: p.Text})
		} else {
			out.Pairs = append(out.Pairs, hanzi.Pair{From: p.Text, To: t.hant[i]})
		}
	}
	for _, p := range t.protect {
		out.Protect = append(out.Protect, p.Text)
	}
	return out
}

// problem places what hanzi says of a term.
func (t termList) problem(te *hanzi.TermError) diag.Problem {
	list := t.pairs
	if te.Protect {
		list = t.protect
	}
	return ruleTerm.At(list[te.Index].Pos, te.Reason)
}

// Converter returns a converter of the named configuration, which must be one of hanzi's, with
// the terms of raw, the bytes of a terms.yaml. It is nil if there is an error among the problems.
func Converter(config, path string, raw []byte) (*hanzi.Converter, diag.List) {
	text, problems, ok := source.Text(path, raw)
	var c *hanzi.Converter
	if ok {
		t, list := readTerms(path, text)
		problems.Add(list...)
		var err error
		var te *hanzi.TermError
		c, err = hanzi.New(config, t.toward(strings.HasSuffix(strings.TrimSuffix(config, "p"), "2s")))
		if errors.As(err, &te) {
			problems.Add(t.problem(te))
		}
	}
	problems.Sort()
	problems.Quote(func(string) []string { return lines(text) })
	if problems.Count(diag.Error) > 0 {
		return nil, problems
	}
	return c, problems
}

// terms reads the site's terms; nothing is wrong with a site that has none.
func (l *Loaded) terms() (t termList) {
	raw, err := l.tree.ReadPath(TermsPath)
	if errors.Is(err, fs.ErrNotExist) {
		return t
	}
	if err != nil {
		l.Problems.Add(source.Unreadable(TermsPath, err))
		return t
	}
	text, problems, ok := source.Text(TermsPath, raw)
	if ok {
		t, problems = readTerms(TermsPath, text)
	}
	l.Problems.Add(problems...)
	return t
}

// zhu are words in which 著 is zhù and stays, and what else OpenCC's way from Taiwan's
// standard gets wrong: it knows 名著 and 著作, but makes 原着 of 原著 and 怎幺 of a half-converted 怎么.
// They stand behind the site's own terms.
var zhu = []hanzi.Pair{
	{From: "原著", To: "原著"}, {From: "專著", To: "专著"}, {From: "編著", To: "编著"}, {From: "遺著", To: "遗著"},
	{From: "譯著", To: "译著"}, {From: "論著", To: "论著"}, {From: "撰著", To: "撰著"}, {From: "拙著", To: "拙著"},
	{From: "卓著", To: "卓著"}, {From: "土著", To: "土著"},
	{From: "么", To: "么"},
	// not zhù, though they look like it
	{From: "草原著", To: "草原着"}, {From: "泥土著", To: "泥土着"}, {From: "討論著", To: "讨论着"}, {From: "議論著", To: "议论着"},
	{From: "談論著", To: "谈论着"}, {From: "爭論著", To: "争论着"},
}

// withZhu returns the terms with zhu behind them, without those that the terms decide.
func withZhu(t *hanzi.Terms) *hanzi.Terms {
	own := map[string]bool{}
	for _, p := range t.Pairs {
		own[p.From] = true
	}
	for _, p := range t.Protect {
		own[p] = true
	}
	out := &hanzi.Terms{Pairs: slices.Clone(t.Pairs), Protect: t.Protect}
	for _, p := range zhu {
		if !own[p.From] {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return out
}

// editions makes the editions of the site, each with the site's terms in its direction.
func (l *Loaded) editions() (out []*site.Edition) {
	t := l.terms()
	for _, e := range l.Config.Editions {
		terms := t.toward(e.Script == "zh-Hans")
		if strings.HasPrefix(e.Convert, "tw2s") {
			terms = withZhu(terms)
		}
		ed, err := site.NewEdition(e, l.Config.Convert, terms)
		var te *hanzi.TermError
		if errors.As(err, &te) {
			l.Problems.Add(t.problem(te))
			ed, err = site.NewEdition(e, l.Config.Convert, nil)
		}
		if err != nil {
			panic("build: " + err.Error()) // config knows the configurations
		}
		out = append(out, ed)
	}
	return out
}
