package build

import (
	"errors"
	"path"
	"slices"
	"strings"

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

// place is a path that is claimed in the output.
type place struct {
	path, by string
	modelled bool // site.New looks for collisions of such places
}

// places lists all that this build wants to write.
func (p *pages) places() (list []place) {
	for ed, r := range p.editions {
		for _, f := range p.feeds[ed] {
			list = append(list, place{f.Path, ownFile, true}, place{f.JSONPath, ownFile, true})
		}
		for _, name := range r.Own() {
			list = append(list, place{name, ownFile, true})
		}
	}
	for _, a := range p.theme.Assets {
		list = append(list, place{a.Path, ownFile, false})
	}
	redirected := p.redirected()
	add := func(t task) {
		by := p.source(t)
		if file, ok := redirected[t.Path+" "+t.To]; ok {
			by = file
		}
		list = append(list, place{t.Path, by, t.Part == 0 && t.Page == 0})
	}
	for n := range p.items {
		for _, t := range p.groupAt(n).tasks {
			add(t)
		}
	}
	for ed, r := range p.editions {
		for _, j := range r.OtherPages() { // not others: their order is that in which they are made this time
			add(task{ed, j})
		}
	}
	for _, name := range p.published() {
		out, static := strings.CutPrefix(name, site.StaticDir+"/")
		list = append(list, place{out, "content/" + name, static})
	}
	return list
}

// ownFile stands for what no file of content makes.
const ownFile = "site.yaml"

// collisions says which sources want one place. site.New finds most before; what is left are archives, parts of
// long articles, pictures and attachments.
func (p *pages) collisions() (problems diag.List) {
	owner, below := map[string]place{}, map[string]place{} // by folded path; below: one of those in a folder
	told := map[[2]string]bool{}                           // the second edition has what the first has
	tell := func(at place, other place) {
		switch {
		case at.by != other.by && (at.modelled && other.modelled && !p.write || told[[2]string{at.by, other.by}] && p.second(at.path)):
			return
		case at.by == other.by:
			if !p.second(at.path) {
				problems.Add(ruleSelf.At(diag.Pos{File: at.by}, at.path))
			}
		case other.by == ownFile:
			problems.Add(ruleOwnPlace.At(diag.Pos{File: at.by}, at.path))
		default:
			problems.Add(ruleSamePlace.At(diag.Pos{File: at.by}, at.path, other.by, other.path))
		}
		told[[2]string{at.by, other.by}] = true
	}
	for _, at := range p.places() {
		var pe *output.PathError
		if errors.As(output.CheckPath(at.path), &pe) && at.by != ownFile {
			if !p.second(at.path) && !(at.modelled && strings.HasPrefix(at.path, "_site/")) { // which site.New reports
				problems.Add(ruleBadName.At(diag.Pos{File: at.by}, at.path, pe.Detail))
			}
			continue
		}
		key := output.Fold(at.path)
		other, taken := owner[key]
		if !taken {
			other, taken = below[key]
		}
		for d := path.Dir(key); d != "." && !taken; d = path.Dir(d) {
			other, taken = owner[d]
		}
		if taken {
			if at.by != ownFile || other.by != ownFile {
				tell(at, other)
			}
			continue
		}
		owner[key] = at
		for d := path.Dir(key); d != "."; d = path.Dir(d) {
			if _, known := below[d]; known {
				break
			}
			below[d] = at
		}
	}
	return problems
}

// second reports whether a path belongs to an edition that is not the first.
func (p *pages) second(path string) bool {
	return slices.ContainsFunc(p.l.Sites[1:], func(s *site.Site) bool { return strings.HasPrefix("/"+path, s.Root()) })
}

// refused reports whether err is that the output takes no file of such a path.
func refused(err error) bool {
	var pe *output.PathError
	return errors.As(err, &pe) && pe.Why != output.Foreign
}

// explain adds the collisions to the problems, and returns the error, if there is one, that they do not explain.
func (p *pages) explain(err error) error {
	problems := p.collisions()
	if err != nil && problems.Count(diag.Error) == 0 {
		return err
	}
	p.l.Problems.Add(problems...)
	return nil
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
	}
	return ownFile
}

// redirected lists the files that have the aliases, by path and target of the redirect.
func (p *pages) redirected() map[string]string {
	by := map[string]string{}
	for _, s := range p.l.Sites {
		for _, r := range s.Redirects {
			if r.Path != "" {
				by[r.Path+" "+r.To] = r.Pos.File
			}
		}
	}
	return by
}

// published lists the files of content that are published beside the pages, sorted, relative to
// content.
func (p *pages) published() (names []string) {
	for _, i := range p.publishedAt() {
		names = append(names, strings.TrimPrefix(p.l.sources.files[i].Path, "content/"))
	}
	return names
}

// publishedAt returns the indices of those files among the sources.
func (p *pages) publishedAt() (at []int) {
	at = make([]int, 0, len(p.l.filesAt))
	for _, i := range p.l.filesAt {
		if f := &p.l.sources.files[i]; (p.used[i].Load() || p.static(f.Path)) && p.l.Sites[0].Shows(f.Path) {
			at = append(at, int(i))
		}
	}
	return at
}
