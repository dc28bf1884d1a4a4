package build

import (
	"errors"
	"slices"
	"strings"

	"zhendi/internal/article"
	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/site"
)

var (
	ruleSamePlace = diag.Rule{ID: "collision",
		ZH: "网页 /%[1]s 与 %[2]s 的 /%[3]s 是同一个位置", EN: "the page /%[1]s stands where /%[3]s of %[2]s does",
		FixZH: "改动其中一个的 slug、文件名、文件夹名或旧网址", FixEN: "change the slug, file name, folder or alias of one of them"}
	ruleOwnPlace = diag.Rule{ID: "collision",
		ZH: "/%[1]s 是 zhendi 自己要写的文件", EN: "/%[1]s is a file that zhendi writes itself",
		FixZH: "换一个名称，或删去它", FixEN: "rename it, or delete it"}
	ruleSelf = diag.Rule{ID: "collision",
		ZH: "网页 /%[1]s 在这个文件里用了两次，例如旧网址就是现在的网址", EN: "this file claims /%[1]s twice; an alias may be its present address",
		FixZH: "删去多余的旧网址", FixEN: "delete the needless alias"}
)

// explain says which sources want one place, when the output refused a file because of its path.
// site.New finds most of this before; what is left are archives, parts of long
// articles, tags, and pictures and attachments. ok is false if err is something else.
func (p *pages) explain(err error) (problems diag.List, ok bool) {
	var pe *output.PathError
	if !errors.As(err, &pe) || pe.Why == output.Foreign {
		return nil, false
	}
	type place struct{ path, by string }
	owner := map[string]place{}
	claim := func(path, by string) {
		key := output.Fold(path)
		other, taken := owner[key]
		switch {
		case !taken:
			owner[key] = place{path, by}
		case other.by == by:
			problems.Add(ruleSelf.At(diag.Pos{File: by}, path))
		default:
			problems.Add(ruleSamePlace.At(diag.Pos{File: by}, path, other.by, other.path))
		}
	}
	for _, group := range p.tasks() {
		for _, t := range group {
			claim(t.Path, p.source(t))
		}
	}
	for _, name := range p.published() {
		claim(strings.TrimPrefix(name, site.StaticDir+"/"), "content/"+name)
	}
	if len(problems) > 0 {
		return problems, true
	}
	for _, path := range []string{pe.Path, pe.With} {
		if o, taken := owner[output.Fold(strings.TrimSuffix(path, "/"))]; taken && pe.Why == output.BadPath {
			problems.Add(ruleBadName.At(diag.Pos{File: o.by}, path, pe.Detail))
		} else if taken {
			problems.Add(ruleOwnPlace.At(diag.Pos{File: o.by}, o.path))
		}
	}
	return problems, len(problems) > 0
}

// source is the content file that a page is made of.
func (p *pages) source(t task) string {
	switch {
	case t.Item != nil:
		return t.Item.Path
	case t.Column != nil:
		return t.Column.Path
	case t.Group != nil:
		return t.Group.Items[0].Path
	case t.Withdrawn != nil:
		return t.Withdrawn.Path
	case t.Kind == "redirect":
		return p.redirectedBy(t)
	}
	return "site.yaml"
}

// redirectedBy is the file that has the alias.
func (p *pages) redirectedBy(t task) string {
	s := p.l.Sites[t.edition]
	has := func(refs []article.Ref) bool {
		return slices.ContainsFunc(refs, func(r article.Ref) bool {
			a, ok := site.AliasPath(r.Text)
			return ok && strings.TrimPrefix(s.Root(), "/")+a == t.Path
		})
	}
	for _, c := range s.Columns {
		if c.URL == t.To && has(c.Aliases) {
			return c.Path
		}
	}
	for _, it := range s.Items {
		if it.URL == t.To && has(it.Aliases) {
			return it.Path
		}
	}
	return "site.yaml"
}

// published lists the files of content that are published beside the pages, sorted, relative to
// content.
func (p *pages) published() (names []string) {
	for _, f := range p.l.Sites[0].Files() {
		name := strings.TrimPrefix(f.Path, "content/")
		if _, ok := p.used.Load(name); ok || strings.HasPrefix(name, site.StaticDir+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
