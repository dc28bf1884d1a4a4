package build

import (
	"errors"
	"io/fs"

	"zhendi/internal/config"
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
	Of: diag.T("terms.yaml(词表)", "terms.yaml"), Closed: true,
	Fields: []fields.Field{
		{Name: "pairs", Also: []string{"对照"}, Kind: fields.Groups, Sub: &pair, Doc: "简繁对照:hans 简体、hant 繁体,两个方向都用"},
		{Name: "protect", Also: []string{"保护"}, Kind: fields.Texts, Doc: "不转换的词:人名、地名、单位名"},
	},
}

var pair = fields.Schema{
	Of: diag.T("pairs(对照)", "pairs"), Closed: true,
	Fields: []fields.Field{
		{Name: "hans", Also: []string{"简体"}, Doc: "简体写法"},
		{Name: "hant", Also: []string{"繁体"}, Doc: "繁体写法"},
	},
}

var ruleTerm = diag.Rule{ID: "term",
	ZH: "词表里的这一条不能用:%[1]s", EN: "this term cannot be used: %[1]s",
	FixZH: "每一对都写 hans 与 hant;不转换的词写在 protect 里", FixEN: "give hans and hant for each pair; words to be left alone go under protect"}

// terms reads terms.yaml; nothing is wrong with a site that has none.
func (l *Loaded) terms() (pairs, protect []fields.Item, hant []string) {
	raw, err := l.tree.ReadPath(TermsPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		l.Problems.Add(source.Unreadable(TermsPath, err))
		return nil, nil, nil
	}
	text, problems, ok := source.Text(TermsPath, raw)
	l.Problems.Add(problems...)
	if !ok {
		return nil, nil, nil
	}
	v, problems := Terms.Read(fields.Record{File: TermsPath, Line: 1, Text: text})
	l.Problems.Add(problems...)
	for _, g := range v.Get("pairs").Groups {
		if g.Text("hans") == "" || g.Text("hant") == "" {
			l.Problems.Add(ruleTerm.At(g.Pos, diag.T("一对里缺了一边", "one side of the pair is missing")))
			continue
		}
		pairs = append(pairs, fields.Item{Text: g.Text("hans"), Pos: g.Pos})
		hant = append(hant, g.Text("hant"))
	}
	return pairs, v.Get("protect").Items, hant
}

// editions makes the editions of the site, each with the site's terms in its direction.
func (l *Loaded) editions() []*site.Edition {
	pairs, protect, hant := l.terms()
	var out []*site.Edition
	for _, e := range l.Config.Editions {
		t := hanzi.Terms{}
		for i, p := range pairs {
			if e.Script == "zh-Hans" {
				t.Pairs = append(t.Pairs, hanzi.Pair{From: hant[i], To: p.Text})
			} else {
				t.Pairs = append(t.Pairs, hanzi.Pair{From: p.Text, To: hant[i]})
			}
		}
		for _, p := range protect {
			t.Protect = append(t.Protect, p.Text)
		}
		ed, err := site.NewEdition(e, l.Config.Convert, &t)
		var te *hanzi.TermError
		if errors.As(err, &te) {
			list := pairs
			if te.Protect {
				list = protect
			}
			l.Problems.Add(ruleTerm.At(list[te.Index].Pos, te.Reason))
			ed, _ = site.NewEdition(config.Edition{Script: e.Script, Prefix: e.Prefix, Convert: e.Convert}, l.Config.Convert, nil)
		}
		out = append(out, ed)
	}
	return out
}
