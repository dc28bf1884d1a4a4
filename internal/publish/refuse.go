package publish

import (
	"crypto/ed25519"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// Refusal is a reason not to publish. Word is what overrides it: --allow WORD; empty if nothing but another build or
// another number does, which Fix says.
type Refusal struct {
	Word  string    `json:"word,omitempty"`
	Text  diag.Text `json:"-"`
	Fix   diag.Text `json:"-"`
	Says  string    `json:"message"` // Text and Fix in English
	Todo  string    `json:"fix"`
	Paths []string  `json:"paths,omitempty"`
}

// The words.
const (
	AllowPreview   = "preview"   // drafts, future or internal articles, pages for an internal network
	AllowBaseURL   = "base-url"  // pages made for another address
	AllowShrink    = "shrink"    // no pages, or far fewer than are live
	AllowGone      = "gone"      // pages vanish without a trace
	AllowOlder     = "older"     // what is live is newer
	AllowOverwrite = "overwrite" // files of others are written over
)

// Words lists what may be allowed.
var Words = []string{AllowPreview, AllowBaseURL, AllowShrink, AllowGone, AllowOlder, AllowOverwrite}

// RefusedError says that a run does not begin; Plan.Refusals say why.
type RefusedError struct{ Refusals []Refusal }

// Error gives the first reason.
func (e *RefusedError) Error() string { return "refused: " + e.Refusals[0].Text.EN }

// refuse looks for reasons not to publish.
func (r *Run) refuse() {
	if r.back != nil { // what it brings back was live, and pages that came since are to vanish
		r.refuseForeign("把它们移走", "move them away")
		return
	}
	r.refuseKey()
	r.refusePreview()
	r.refuseShrinking()
	r.refuseGone()
	if r.Plan.Serial < r.Plan.Live {
		r.refusal(AllowOlder, fmt.Sprintf("线上的网站更新：线上序号 %d，这次生成的序号是 %d", r.Plan.Live, r.Plan.Serial),
			fmt.Sprintf("what is live is newer: its serial is %d, that of this build %d", r.Plan.Live, r.Plan.Serial),
			"更新到最新的提交后重新生成；确要退回旧稿，加 --allow older", "build the newest commit; to go back on purpose, add --allow older", nil)
	}
	if r.undone {
		r.refusal(AllowOlder, "这个版本已经被退回，稿件没有改动", "this very build was rolled back, and the articles are as they were",
			"改正稿件后重新生成；确要再发布它，加 --allow older", "mend the articles and build again; to publish it all the same, add --allow older", nil)
	}
	if n := r.most(); r.deletions() > n {
		r.refusal("", fmt.Sprintf("要从线上删除 %d 个文件，超过了 %d 个", r.deletions(), n), fmt.Sprintf("%d files would be removed, more than %d", r.deletions(), n),
			fmt.Sprintf("核对计划后加 --max-delete %d", r.deletions()), fmt.Sprintf("look at the plan, then add --max-delete %d", r.deletions()), nil)
	}
	r.refuseForeign("把它们移走；确要覆盖，加 --allow overwrite", "move them away, or add --allow overwrite")
}

func (r *Run) refuseForeign(fixZH, fixEN string) {
	if len(r.Plan.foreign) == 0 {
		return
	}
	slices.Sort(r.Plan.foreign)
	r.refusal(AllowOverwrite, fmt.Sprintf("线上有 %d 个文件不是 zhendi 发布的，会被覆盖", len(r.Plan.foreign)),
		fmt.Sprintf("%d files there were not published by zhendi and would be written over", len(r.Plan.foreign)), fixZH, fixEN, r.Plan.foreign)
}

func (r *Run) refusal(word, zh, en, fixZH, fixEN string, paths []string) {
	if word != "" && r.allowed(word) {
		return
	}
	r.Plan.Refusals = append(r.Plan.Refusals, Refusal{Word: word, Text: diag.T(zh, en), Fix: diag.T(fixZH, fixEN), Says: en, Todo: fixEN, Paths: paths})
}

func (r *Run) refuseKey() {
	if text, fix, wrong := r.opt.wrongKey(); wrong {
		r.refusal("", text.ZH, text.EN, fix.ZH, fix.EN, nil)
	}
}

// wrongKey says what is wrong with the private key of a target whose public key is known: every verification would find a manifest bad
// that is not signed, or signed with another.
func (o *Options) wrongKey() (text, fix diag.Text, wrong bool) {
	t := &o.Target
	switch {
	case t.Public == nil:
		return text, fix, false
	case o.Key == nil:
		return diag.T("site.yaml 里有公钥（targets."+t.Name+".key），却没有私钥，清单不会有签名", "site.yaml has a public key (targets."+t.Name+".key), but there is no private key: the manifest would not be signed"),
			diag.T("设置 ZHENDI_SIGN_KEY 或 ZHENDI_SIGN_KEY_FILE；不再签名的，删去 site.yaml 里的 key", "set ZHENDI_SIGN_KEY or ZHENDI_SIGN_KEY_FILE; to sign no more, remove key from site.yaml"), true
	}
	if own := o.Key.Public().(ed25519.PublicKey); !t.Public.Equal(own) {
		return diag.T("私钥与 site.yaml 里的公钥（targets."+t.Name+".key）不是一对", "the private key does not belong to the public key in site.yaml (targets."+t.Name+".key)"),
			diag.T("换成与公钥配对的私钥；换过密钥的，把 key 改成 "+PublicText(own), "use the private key of that pair; where the pair was changed, set key to "+PublicText(own)), true
	}
	return text, fix, false
}

func (r *Run) refusePreview() {
	b := r.local.Build
	var zh, en []string
	for _, k := range []struct {
		is     bool
		zh, en string
	}{{b.Drafts, "草稿", "drafts"}, {b.Future, "未到发布时间的稿件", "articles of a later date"}, {b.Audience != "", "内部稿件", "internal articles"}, {b.LAN, "只供内网的网址", "addresses of an internal network"}} {
		if k.is {
			zh, en = append(zh, k.zh), append(en, k.en)
		}
	}
	if len(zh) > 0 {
		r.refusal(AllowPreview, "这是预览用的网站，含有"+strings.Join(zh, "、"), "this is a preview with "+strings.Join(en, ", "),
			"不带预览选项重新生成；确要发布，加 --allow preview", "build without preview options; to publish it all the same, add --allow preview", nil)
	}
	if want := r.opt.BaseURL; want != "" && b.BaseURL != want {
		r.refusal(AllowBaseURL, "网页是为 "+b.BaseURL+" 生成的，不是 "+want, "the pages were built for "+b.BaseURL+", not "+want,
			"用 zhendi build --base-url "+want+" 重新生成；确要发布，加 --allow base-url", "build with --base-url "+want+"; to publish them all the same, add --allow base-url", nil)
	}
}

func (r *Run) refuseShrinking() {
	pages := func(m *output.Manifest) (n int) {
		if m == nil {
			return 0
		}
		for i := range m.Files {
			if c := m.Files[i].Class; c == output.Article || c == output.Home {
				n++
			}
		}
		return n
	}
	is, was := pages(r.local), pages(r.live.manifest)
	fixZH, fixEN := "查明稿件为何减少；确要发布，加 --allow shrink", "find out why; to publish it all the same, add --allow shrink"
	if _, home := r.local.Find("index.html"); !home || is == 0 {
		r.refusal(AllowShrink, "网站是空的：没有首页或没有页面", "the site is empty: no home page, or no pages", fixZH, fixEN, nil)
	} else if was >= 10 && is < was*2/3 {
		r.refusal(AllowShrink, fmt.Sprintf("页面从 %d 个减少到 %d 个", was, is), fmt.Sprintf("%d pages are live, %d are left in this build", was, is), fixZH, fixEN, nil)
	}
}

// most is how many deletions are allowed. Lists grow and shrink by themselves; hundreds of pages do not.
func (r *Run) most() int {
	if r.opt.MaxDelete > 0 {
		return r.opt.MaxDelete
	}
	return max(50, len(r.live.files())/20)
}

// deletions counts files of the live site that go; their compressed copies and assets are not counted.
func (r *Run) deletions() (n int) {
	for i := range r.Plan.Steps {
		if s := &r.Plan.Steps[i]; s.Do == Delete && s.Why == Gone && s.class != output.Asset && r.live.has(s.Path) {
			n++
		}
	}
	return n
}

// refuseGone looks for pages of articles that vanish although nobody took them back, and names the alias that would keep
// the address.
func (r *Run) refuseGone() {
	come := map[string][]string{} // new pages by file name
	for i := range r.Plan.Steps {
		if s := &r.Plan.Steps[i]; s.fresh && s.class == output.Article {
			come[path.Base(s.Path)] = append(come[path.Base(s.Path)], s.Path)
		}
	}
	var gone []string
	var withdrawn func(file string) bool
	hintZH, hintEN := "", ""
	for _, e := range r.live.files() {
		if _, stays := r.local.Find(e.Path); stays || e.Class != output.Article && e.Class != output.Home || r.part(e.Path) {
			continue
		}
		if r.opt.Withdrawn != nil && withdrawn == nil {
			withdrawn = r.opt.Withdrawn()
		}
		if withdrawn != nil && withdrawn(e.Path) {
			continue
		}
		gone = append(gone, e.Path)
		if to := come[path.Base(e.Path)]; len(to) == 1 && hintZH == "" {
			hintZH = fmt.Sprintf("；%s 若是改到了 %s，在稿件里写 aliases: [%s]", e.Path, to[0], Address(e.Path))
			hintEN = fmt.Sprintf("; if %s moved to %s, write aliases: [%s] in the article", e.Path, to[0], Address(e.Path))
		}
	}
	if len(gone) == 0 {
		return
	}
	old := Address(slices.MinFunc(gone, func(a, b string) int { return len(a) - len(b) })) // not in an edition's folder: an alias holds for all editions
	r.refusal(AllowGone, fmt.Sprintf("%d 个线上页面会消失，既没有撤稿，也没有留下旧网址", len(gone)),
		fmt.Sprintf("%d live pages would vanish without being withdrawn and without an alias", len(gone)),
		"撤稿请保留稿件并写 status: withdrawn；改了网址请在稿件里写 aliases: ["+old+"]"+hintZH+"；没有稿件可写的，在 content/_data/redirects.yaml 里写明转到哪里，或列入 gone；确要删除，加 --allow gone",
		"to withdraw an article keep it with status: withdrawn; where an address changed write aliases: ["+old+"] in the article"+hintEN+"; where no article is left, say in content/_data/redirects.yaml where the address leads, or list it under gone; to remove them all the same, add --allow gone", gone)
}

var partName = regexp.MustCompile(`^(.*)(_|/)([0-9]+|all)\.html$`)

// part reports whether a page is a further part of an article: x_2.html of x.html, x/2.html of x/. The article tells for all.
func (r *Run) part(file string) bool {
	m := partName.FindStringSubmatch(file)
	if m == nil {
		return false
	}
	first := m[1] + ".html"
	if m[2] == "/" {
		first = m[1] + "/index.html"
	}
	return r.live.has(first)
}

// Address is the path of a file as browsers ask for it.
func Address(file string) string {
	if file == "index.html" || strings.HasSuffix(file, "/index.html") {
		file = strings.TrimSuffix(file, "index.html")
	}
	return (&url.URL{Path: "/" + file}).EscapedPath()
}
