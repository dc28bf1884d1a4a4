package build

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"
)

// value makes a value of a key at random; empty takes the key away.
type value func(w *world, r *rand.Rand) string

func oneOf(list ...string) value {
	return func(_ *world, r *rand.Rand) string { return pick(r, list) }
}

func words(_ *world, r *rand.Rand) string { return phrase(r) }

func when(_ *world, r *rand.Rand) string { return anyTime(r) }

func near(_ *world, r *rand.Rand) string {
	return worldNow.Add(time.Duration(r.IntN(20*24)-10*24) * time.Hour).Format("2006-01-02 15:04")
}

// fileOf names a file from the root of content.
func fileOf(w *world, r *rand.Rand) string { return strings.TrimPrefix(w.anyFile(r), "content") }

func pictureOf(w *world, r *rand.Rand) string {
	return strings.TrimPrefix(w.any(r, isPicture), "content")
}

var articleKeys = map[string]value{
	"title": words, "subtitle": words, "shortTitle": words, "kicker": words, "summary": words, "author": words,
	"source": oneOf("本网", "后勤处"), "date": when, "lastmod": when, "publishDate": near, "expiryDate": near,
	"pin": oneOf("true", "", "2026-03-12", "2026-03-15 10:00"), "tags": oneOf("[党建]", "[党建, 学习]", "[后勤]", "", "[少见]"),
	"series": oneOf("系列甲", "系列后", ""), "topics": oneOf("[zt/xx]", "[zt/cj]", "[zt/xx, zt/cj]", ""), "alsoIn": oneOf("[yw]", "[zz, tz]", "[yw/jg]", ""),
	"flags": oneOf("[headline]", "[recommended]", "[hot]", "[picture]", "[hot, picture]", ""), "image": pictureOf,
	"attachments":     func(w *world, r *rand.Rand) string { return "[{file: " + fileOf(w, r) + ", title: " + phrase(r) + "}]" },
	"status":          oneOf("withdrawn", "draft", "review", "published", "", "", ""),
	"withdrawnNotice": oneOf("已撤回", ""), "audience": oneOf("internal", "", ""), "lang": oneOf("zh-Hant", "zh-Hans", ""),
	"slug": oneOf("s1", "s2", "", ""), "aliases": oneOf("[/old/a0.html]", "[/old/x.html]", "[/old/y/]", ""), "weight": oneOf("1", "2", ""),
	"toc": oneOf("true", "false", ""), "numbering": oneOf("true", ""), "link": oneOf("https://other.example/y", "", ""),
	"editorNote": func(w *world, r *rand.Rand) string {
		return "'见[文](" + strings.TrimPrefix(w.anyArticle(r), "content") + ")'"
	},
	"id": oneOf("aaaaaaaaaa", "cccccccccc", "", ""), "keywords": oneOf("[甲, 后]", ""), "params": oneOf("{x: 1}", ""), "original": oneOf("false", ""),
}

var columnKeys = map[string]value{
	"title": words, "shortTitle": words, "description": words, "keywords": oneOf("[甲]", ""), "type": oneOf("工作动态", ""),
	"layout": oneOf("list", "pictures", "", "page"), "weight": oneOf("1", "5", ""), "hidden": oneOf("true", ""), "order": oneOf("weight", ""),
	"archive": oneOf("month", ""), "toc": oneOf("true", ""), "numbering": oneOf("true", ""), "hot": oneOf("recent", "picks", ""),
	"image": pictureOf, "archived": oneOf("true", ""), "audience": oneOf("internal", "", ""), "aliases": oneOf("[/old/col/]", ""), "required": oneOf("[title]", ""),
	"sections": oneOf("[{title: 要闻, column: yw}, {title: 其他}]", "[{title: 学, tag: 学习, count: 2}]", ""),
}

var siteKeys = map[string]value{
	"name": words, "pageSize": oneOf("5", "6", "5", "20", "2"), "description": words, "keywords": oneOf("[甲, 乙]", ""),
	"editions": oneOf("[zh-Hans, zh-Hant]", "[zh-Hans, {script: zh-Hant, convert: s2tw}]", "", "[zh-Hant, zh-Hans]", "[zh-Hans]"),
	"theme":    oneOf("sujian", "", ""), "logo": oneOf("emblem.png", ""), "greeting": words, "since": oneOf("2016", ""), "archive": oneOf("month", ""),
	"hot": oneOf("recent", "picks", ""), "home": oneOf("[{module: latest}]", "[{module: headline}, {module: columns, columns: [yw, tz], count: 2}, {module: strip, columns: [yw]}]"),
	"services": oneOf("[{name: 通知, url: /tz/}]", ""), "friends": oneOf("[{group: 后, links: [{name: 图, url: 'https://a.example/'}]}]", ""),
	"footerLinks": oneOf("[{name: 关于, url: /gy/}]", ""), "articleURL": oneOf("'/{column}/{slug}.html'", "", ""), "required": oneOf("[title]", ""),
	"rootLabel": oneOf("首页", ""), "copyright": oneOf("{original: 本网原创}", ""), "views": oneOf("{shards: 4}", ""), "mourning": oneOf("[2026-03-12]", ""),
	"baseURL": oneOf("https://t.example/", "https://t.example/sub/", "https://u.example/"), "zone": oneOf("UTC", "", ""), "exemptHosts": oneOf("[other.example]", ""),
}

// kind is a kind of change of a world. It returns what it did.
type kind struct {
	weight int
	change func(w *world, r *rand.Rand) string
}

// changes are all kinds. They are tried in proportion to their weight.
var changes = []kind{
	{20, func(w *world, r *rand.Rand) string { return w.setIn(r, w.anyArticle(r), articleKeys) }},
	{12, func(w *world, r *rand.Rand) string {
		p := w.anyArticle(r)
		w.files[p] += "\n" + w.paragraph(r) + "\n"
		return "write more in " + p
	}},
	{6, func(w *world, r *rand.Rand) string { // same size
		p := w.anyArticle(r)
		w.files[p] = strings.NewReplacer("党", "学", "学", "党", "本", "木", "木", "本").Replace(w.files[p])
		return "same size in " + p
	}},
	{4, func(w *world, r *rand.Rand) string {
		p := w.anyArticle(r)
		at := strings.LastIndex(strings.TrimSpace(w.files[p]), "\n\n")
		if at > 0 {
			w.files[p] = w.files[p][:at] + "\n"
		}
		return "cut the last paragraph of " + p
	}},
	{8, func(w *world, r *rand.Rand) string { return "add " + w.add(r) }},
	{8, func(w *world, r *rand.Rand) string { return w.remove(w.anyArticle(r), r.IntN(4) > 0) }},
	{6, func(w *world, r *rand.Rand) string { return w.move(r) }},
	{4, func(w *world, r *rand.Rand) string {
		p := w.anyArticle(r)
		w.files[p] = setKey(setKey(w.files[p], "status", "withdrawn"), "withdrawnNotice", pick(r, []string{"", "撤回了"}))
		return "withdraw " + p
	}},
	{4, func(w *world, r *rand.Rand) string {
		p := w.any(r, isPicture)
		w.files[p] = picture(r.IntN(6), pick(r, []int{60, 500, 900}), strings.TrimPrefix(path.Ext(p), "."))
		return "swap the picture " + p
	}},
	{4, func(w *world, r *rand.Rand) string {
		p := fmt.Sprintf("content/%s/p%d.jpg", pick(r, worldColumns), r.IntN(3))
		w.files[p] = w.files[w.any(r, func(p string) bool { return strings.HasSuffix(p, ".jpg") })]
		return "add a picture with the bytes of another, " + p
	}},
	{3, func(w *world, r *rand.Rand) string { return w.remove(w.anyFile(r), r.IntN(3) > 0) }},
	{2, func(w *world, r *rand.Rand) string {
		p := w.anyFile(r)
		if !isPicture(p) {
			w.files[p] = pick(r, []string{"one", "two", "three3"})
		}
		return "change " + p
	}},
	{5, func(w *world, r *rand.Rand) string { return w.twin(r) }},
	{7, func(w *world, r *rand.Rand) string { return w.setIn(r, w.anyColumn(r), columnKeys) }},
	{3, func(w *world, r *rand.Rand) string {
		p := w.anyColumn(r)
		w.files[p] += "\n" + w.paragraph(r) + "\n"
		return "write more in " + p
	}},
	{2, func(w *world, r *rand.Rand) string {
		p := fmt.Sprintf("content/%s/n%d/_index.md", pick(r, worldColumns), r.IntN(2))
		w.files[p] = front("title", phrase(r))
		return "add column " + p
	}},
	{2, func(w *world, r *rand.Rand) string { return w.remove(w.anyColumn(r), false) }},
	{8, func(w *world, r *rand.Rand) string { return w.setIn(r, "site.yaml", siteKeys) }},
	{3, func(w *world, r *rand.Rand) string {
		p := "content/_data/terms.yaml"
		w.files[p] = pick(r, []string{"protect: [后勤]\n", "pairs: [{hans: 干部, hant: 幹员}]\n", "protect: []\n", "pairs: [{hans: 后勤村, hant: 后勤邨}]\nprotect: [里程]\n"})
		return "change terms"
	}},
	{5, func(w *world, r *rand.Rand) string { return w.retire(r) }},
	{3, func(w *world, r *rand.Rand) string { return w.theme(r) }},
	{2, func(w *world, r *rand.Rand) string {
		p := pick(r, []string{"content/_static/x.txt", "content/_static/icons/y.png", "content/_static/robots2.txt"})
		if w.files[p] != "" && r.IntN(2) == 0 {
			return w.remove(p, false)
		}
		w.files[p] = pick(r, []string{picture(5, 60, "png"), picture(6, 60, "png")})
		return "set " + p
	}},
	{3, func(w *world, r *rand.Rand) string {
		w.run.version = pick(r, []string{"test", "other"})
		return "program " + w.run.version
	}},
	{4, func(w *world, r *rand.Rand) string {
		n := r.IntN(6)
		switch n {
		case 0:
			w.run.drafts = !w.run.drafts
		case 1:
			w.run.future = !w.run.future
		case 2:
			w.run.private = !w.run.private
		case 3:
			w.run.base = pick(r, []string{"", "https://v.example/"})
		case 4:
			w.run.serial = int64(r.IntN(3))
		case 5:
			w.run.out = pick(r, []string{"public", "public", "另 一个/out"})
		}
		return fmt.Sprintf("options %+v", w.run)
	}},
	{8, func(w *world, r *rand.Rand) string {
		w.now = worldNow.Add(time.Duration(r.IntN(14*24)-5*24) * time.Hour)
		return "clock " + w.now.Format("01-02 15:04")
	}},
	{3, func(w *world, r *rand.Rand) string { // mistakes; the next step may take them back
		p := w.anyArticle(r)
		w.files[p] = pick(r, []string{setKey(w.files[p], "date", "昨天"), setKey(w.files[p], "title", ""), w.files[p] + "\n[死](/no/such.md)\n",
			"---\ntitle: [\n---\n", w.files[p] + "\n![远](https://other.example/x.jpg)\n", ""})
		return "spoil " + p
	}},
	{1, func(w *world, r *rand.Rand) string {
		w.files["site.yaml"] = setKey(w.files["site.yaml"], pick(r, []string{"pageSize", "nonsense", "theme"}), pick(r, []string{"many", "nowhere"}))
		return "spoil site.yaml"
	}},
}

// change makes a change at random.
func (w *world) change(r *rand.Rand) string {
	total := 0
	for _, k := range changes {
		total += k.weight
	}
	n := r.IntN(total)
	for _, k := range changes {
		if n -= k.weight; n < 0 {
			return k.change(w, r)
		}
	}
	panic("no kind")
}

func (w *world) setIn(r *rand.Rand, p string, keys map[string]value) string {
	key := pick(r, slices.Sorted(maps.Keys(keys)))
	v := keys[key](w, r)
	w.files[p] = setKey(w.files[p], key, v)
	return fmt.Sprintf("%s: %s: %q", p, key, v)
}

// remove removes a file, and what speaks of it if told so.
func (w *world) remove(p string, tidy bool) string {
	delete(w.files, p)
	for _, ext := range []string{".zh-hant.md", ".zh-hans.md"} {
		delete(w.files, strings.TrimSuffix(p, ".md")+ext)
	}
	if tidy {
		name := strings.TrimPrefix(p, "content")
		for _, q := range w.where(func(q string) bool { return strings.HasSuffix(q, ".md") }) {
			lines := strings.SplitAfter(w.files[q], "\n")
			lines = slices.DeleteFunc(lines, func(l string) bool {
				return strings.Contains(l, name) || path.Dir(p) == path.Dir(q) && strings.Contains(l, path.Base(p))
			})
			w.files[q] = strings.Join(lines, "")
		}
	}
	return fmt.Sprintf("remove %s, tidily: %t", p, tidy)
}

// move renames an article, into another column or not, with its twin; the old address may stay as alias.
func (w *world) move(r *rand.Rand) string {
	p := w.anyArticle(r)
	to := fmt.Sprintf("content/%s/a%d.md", pick(r, worldColumns), r.IntN(60))
	for _, ext := range []string{".md", ".zh-hant.md"} {
		from := strings.TrimSuffix(p, ".md") + ext
		if text, ok := w.files[from]; ok && p != to {
			w.files[strings.TrimSuffix(to, ".md")+ext] = text
			delete(w.files, from)
		}
	}
	if r.IntN(3) > 0 { // links follow
		for _, q := range w.where(func(q string) bool { return strings.HasSuffix(q, ".md") }) {
			w.files[q] = strings.ReplaceAll(w.files[q], strings.TrimPrefix(p, "content"), strings.TrimPrefix(to, "content"))
		}
	}
	return "move " + p + " to " + to
}

// twin adds, edits or removes a hand-made version in the other script.
func (w *world) twin(r *rand.Rand) string {
	p := strings.TrimSuffix(w.anyArticle(r), ".md") + ".zh-hant.md"
	if _, ok := w.files[p]; ok && r.IntN(2) == 0 {
		delete(w.files, p)
		return "remove twin " + p
	}
	w.files[p] = front("title", phrase(r)+"篇") + "\n" + pick(r, []string{"自己寫的。", "另寫的，見[甲](/yw/a0.md)。", "見圖：\n\n![圖](/yw/p0.jpg)", "改寫了。\n\n<b onclick=\"z\">丙</b>"}) + "\n"
	return "write twin " + p
}

// retire writes the retired addresses anew, or removes them; now and then with a mistake.
func (w *world) retire(r *rand.Rand) string {
	const p = "content/_data/redirects.yaml"
	if w.files[p] != "" && r.IntN(6) == 0 {
		return w.remove(p, false)
	}
	var b strings.Builder
	b.WriteString("redirects:\n")
	for _, from := range []string{"/art/1.html", "/旧/甲/", "'/show.asp?id=1'", "/doc/1.pdf", "/hant/only.html"} {
		to := pick(r, []string{strings.TrimPrefix(w.anyArticle(r), "content"), "/" + pick(r, worldColumns) + "/", "https://other.example/x", strings.TrimPrefix(w.any(r, isPicture), "content"), "/yw/f0.pdf"})
		if r.IntN(3) > 0 {
			fmt.Fprintf(&b, "  - {from: %s, to: %s}\n", from, to)
		}
	}
	b.WriteString(pick(r, []string{"", "", "  - {from: /y.html, to: /none.html}\n", "gone: [/vote/*, /yw/2020/]\n", "gone: [/yw/2026/]\n"}))
	w.files[p] = strings.Replace(b.String(), "redirects:\ngone", "gone", 1)
	return "retire:\n" + w.files[p]
}

// theme adds, edits or removes a file of the site's own in its theme.
func (w *world) theme(r *rand.Rand) string {
	const footer, style = "themes/default/layouts/footer.html", "themes/default/assets/site.css"
	p := pick(r, []string{footer, style, "themes/default/notes.txt"})
	if _, ok := w.files[p]; ok && r.IntN(3) == 0 {
		delete(w.files, p)
		return "remove " + p
	}
	n := fmt.Sprint(r.IntN(3))
	switch p {
	case footer:
		w.files[p] = strings.Replace(themeFile("default/layouts/footer.html"), "<footer", `<footer id="f`+n+`"`, 1)
		if r.IntN(6) == 0 {
			w.files[p] += "{{.Nothing}}"
		}
	case style:
		w.files[p] = themeFile("default/assets/site.css") + "\n.x{order:" + n + "}\n"
	default:
		w.files[p] = n
	}
	return "write " + p
}
