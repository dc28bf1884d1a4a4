package build

import (
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/render"
	"zhendi/internal/site"
)

// RetiredPath is the file of retired addresses: those that an older system had.
const RetiredPath = "content/_data/redirects.yaml"

// retired reads the retired addresses; most sites have none.
func (l *Loaded) retired() []site.Retired {
	i, ok := l.sources.find(RetiredPath)
	if !ok {
		return nil
	}
	t := l.text(new([]byte), i)
	l.Problems.Add(t.problems...)
	var list []site.Retired
	if t.ok {
		var problems diag.List
		list, problems = site.ReadRetired(RetiredPath, t.text)
		l.Problems.Add(problems...)
	}
	return list
}

// redirects notes the files that redirects lead to, and reports retired addresses at which there are pages that the
// model does not know: further pages of archives, and parts of long articles. Those that have a page of their own collide with these when
// it is written.
func (p *pages) redirects() {
	told := map[diag.Pos]bool{}
	for ed, s := range p.l.Sites {
		gone := map[string]*site.Redirect{}
		for i := range s.Redirects {
			r := &s.Redirects[i]
			if r.File != "" {
				p.use(r.File)
			}
			if r.To == "" && !r.Below && r.Query == "" {
				gone[strings.ToLower(r.From)] = r
			}
		}
		if len(gone) == 0 {
			continue
		}
		check := func(j render.Job, by string) {
			at := strings.ToLower(strings.TrimSuffix("/"+j.Path, "index.html"))
			if r := gone[at]; r != nil && j.Kind != "redirect" && !told[r.Pos] {
				told[r.Pos] = true
				p.l.Problems.Add(site.RuleShadow.At(r.Pos, r.Address(), by))
			}
		}
		for _, j := range p.editions[ed].OtherPages() {
			check(j, p.source(task{ed, j}))
		}
		for _, it := range s.Items {
			if a := s.Source(it); a.Parts > 1 {
				for j := range p.editions[ed].ArticlePages(it) {
					check(j, a.Path)
				}
			}
		}
	}
}
