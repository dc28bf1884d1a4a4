package build

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"

	"zhendi/themes"
)

// world is a small site that has something of everything, as text: what an editor's folder holds.
type world struct {
	files map[string]string // by path from the site's folder
	now   time.Time
	run   runs
}

// runs are the options of a build that a sequence changes.
type runs struct {
	out, version, base      string
	drafts, future, private bool
	serial                  int64
}

var (
	worldColumns = []string{"yw", "yw/jg", "zz", "tz", "tp", "nb"}
	worldTopics  = []string{"zt/xx", "zt/cj"}
	worldTags    = []string{"党建", "学习", "后勤"}
	worldNow     = time.Date(2026, 3, 10, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))
)

var worldStart = map[string]string{
	"site.yaml": "name: 云岫党建网\nbaseURL: https://t.example/\npageSize: 5\neditions: [zh-Hans, zh-Hant]\n" +
		"home: [{module: headline}, {module: pictures}, {module: tabs, columns: [yw, zz]}, {module: latest}, {module: recommended}, {module: topics}, {module: hot}]\n" +
		"friends: [{group: 单位, links: [{name: 图书馆, url: 'https://lib.example/'}]}]\n",
	"content/yw/_index.md":         front("title", "要闻", "weight", "1"),
	"content/yw/jg/_index.md":      front("title", "机关", "description", "机关里的事"),
	"content/zz/_index.md":         front("title", "组织", "weight", "3"),
	"content/tz/_index.md":         front("title", "通知", "archive", "month"),
	"content/tp/_index.md":         front("title", "图片", "layout", "pictures"),
	"content/nb/_index.md":         front("title", "内部", "audience", "internal"),
	"content/zt/_index.md":         front("title", "专题"),
	"content/zt/xx/_index.md":      front("title", "学习专题", "layout", "topic", "sections", "[{title: 要闻, column: yw}, {title: 党建, tag: 党建}, {title: 其他}]"),
	"content/zt/cj/_index.md":      front("title", "创建专题", "layout", "topic"),
	"content/gy/_index.md":         front("title", "关于", "layout", "page") + "\n正文，见[甲](/yw/a0.md)。\n",
	"content/lk/_index.md":         front("title", "外站", "layout", "link", "link", "https://other.example/"),
	"content/_data/terms.yaml":     "protect: [后勤村]\n",
	"content/_data/redirects.yaml": "redirects:\n  - {from: /art/1.html, to: /yw/a0.md}\n  - {from: /doc/1.pdf, to: /yw/f0.pdf}\ngone: [/vote/*]\n",
	"content/_static/CNAME2":       "t.example\n",
	"content/_static/emblem.png":   picture(1, 60, "png"),
	"content/yw/p0.jpg":            picture(2, 900, "jpg"),
	"content/yw/p1.png":            picture(3, 700, "png"),
	"content/zz/same.jpg":          picture(2, 900, "jpg"),
	"content/yw/f0.pdf":            "%PDF-1.4 zero",
	"content/zz/f1.txt":            "attached",
	"content/yw/b0/index.md":       front("title", "图文", "date", "2026-03-01 08:00", "source", "本网", "id", "bbbbbbbbbb", "image", "in.jpg") + "\n![里](in.jpg)\n\n![外](/yw/p1.png)\n\n[附](att.txt)\n",
	"content/yw/b0/in.jpg":         picture(4, 500, "jpg"),
	"content/yw/b0/att.txt":        "in the bundle",
	"content/yw/a0.md":             front("title", "甲", "date", "2026-02-01 08:00", "source", "本网", "tags", "[党建, 学习]", "series", "系列甲", "aliases", "[/old/a0.html]") + "\n头一段。\n\n![图](p0.jpg)\n",
	"content/yw/a0.zh-hant.md":     front("title", "甲篇") + "\n繁體自己寫的。\n",
	"content/zz/withdrawn.md":      front("title", "撤", "date", "2026-01-01 08:00", "source", "本网", "status", "withdrawn", "withdrawnNotice", "已撤回") + "\n撤。\n",
	"content/yw/link.md":           front("title", "转", "date", "2026-01-03 08:00", "source", "本网", "link", "https://other.example/x"),
	"content/yw/jg/scheduled.md":   front("title", "定时", "date", "2026-03-05 08:00", "publishDate", "2026-03-12 08:00", "source", "本网") + "\n定时。\n",
	"content/yw/jg/expires.md":     front("title", "到期", "date", "2026-03-05 08:00", "expiryDate", "2026-03-11 08:00", "source", "本网") + "\n到期。\n",
	"content/zz/pinned.md":         front("title", "置顶", "date", "2024-03-05 08:00", "pin", "2026-03-13", "source", "本网") + "\n置顶。\n",
	"content/zz/second.md":         front("title", "乙", "date", "2025-12-01 08:00", "source", "本网", "alsoIn", "[yw]", "topics", "[zt/xx]", "attachments", "[f1.txt]") + "\n见[甲](/yw/a0.md)、[第二部](#二)。\n\n<!-- page -->\n\n## 二\n\n<b onclick=\"x()\">粗</b>。\n",
	"content/yw/before.md":         front("title", "头条", "date", "2026-03-02 08:00", "source", "本网", "flags", "[headline, picture, recommended, hot]", "image", "p0.jpg", "topics", "[zt/xx, zt/cj]") + "\n一。\n",
	"content/tz/notice.md":         front("title", "通知一", "date", "2026-02-02 08:00", "source", "本网", "editorNote", "见[乙](/zz/second.md)", "tags", "[党建]", "series", "系列甲") + "\n一、党的建设\n\n正文。\n",
}

// newWorld makes the start, with some articles more.
func newWorld() *world {
	w := &world{files: maps.Clone(worldStart), now: worldNow, run: runs{out: "public", version: "test"}}
	r := rand.New(rand.NewPCG(7, 10))
	for range 12 {
		w.add(r)
	}
	return w
}

func (w *world) clone() *world {
	c := *w
	c.files = maps.Clone(w.files)
	return &c
}

// front writes front matter: one line a key.
func front(kv ...string) string {
	var b strings.Builder
	b.WriteString("---\n")
	for i := 0; i < len(kv); i += 2 {
		b.WriteString(kv[i] + ": " + kv[i+1] + "\n")
	}
	return b.String() + "---\n"
}

// setKey sets a key of front matter, or of site.yaml; an empty value takes the line away.
func setKey(text, key, value string) string {
	list := strings.SplitAfter(text, "\n")
	at := slices.IndexFunc(list, func(l string) bool { return strings.HasPrefix(l, key+":") })
	line := key + ": " + value + "\n"
	switch {
	case at < 0 && value == "":
		return text
	case at < 0:
		at = 0
		if strings.HasPrefix(text, "---\n") {
			at = 1
		}
		list = slices.Insert(list, at, line)
	case value == "":
		list = slices.Delete(list, at, at+1)
	default:
		list[at] = line
	}
	return strings.Join(list, "")
}

// picture makes a picture of a width whose pixels follow from n.
func picture(n, width int, ext string) string {
	r := rand.New(rand.NewPCG(uint64(n), 9))
	m := image.NewRGBA(image.Rect(0, 0, width, 24))
	shade := color.RGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255}
	for x := range width {
		for y := range 24 {
			m.Set(x, y, color.RGBA{shade.R, shade.G + uint8(x/40), shade.B + uint8(y), 255})
		}
	}
	var b bytes.Buffer
	var err error
	if ext == "png" {
		err = png.Encode(&b, m)
	} else {
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		panic(err)
	}
	return b.String()
}

// isArticle reports whether a path is that of an article, its twins not among them.
func isArticle(p string) bool {
	return strings.HasPrefix(p, "content/") && strings.HasSuffix(p, ".md") && path.Base(p) != "_index.md" &&
		!strings.HasPrefix(p, "content/_") && !strings.HasSuffix(p, ".zh-hant.md") && !strings.HasSuffix(p, ".zh-hans.md")
}

func isPicture(p string) bool { return strings.HasSuffix(p, ".jpg") || strings.HasSuffix(p, ".png") }

// where returns the paths that a rule holds for, sorted.
func (w *world) where(is func(string) bool) (list []string) {
	for p := range w.files {
		if is(p) {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// any returns one of the paths that a rule holds for, or the first there is.
func (w *world) any(r *rand.Rand, is func(string) bool) string {
	list := w.where(is)
	if len(list) == 0 {
		return "content/yw/a0.md"
	}
	return pick(r, list)
}

func (w *world) anyArticle(r *rand.Rand) string { return w.any(r, isArticle) }

func (w *world) anyColumn(r *rand.Rand) string {
	return w.any(r, func(p string) bool { return path.Base(p) == "_index.md" })
}

func (w *world) anyFile(r *rand.Rand) string {
	return w.any(r, func(p string) bool {
		return isPicture(p) || strings.HasSuffix(p, ".txt") || strings.HasSuffix(p, ".pdf")
	})
}

// add adds an article, and returns its path.
func (w *world) add(r *rand.Rand) string {
	p := fmt.Sprintf("content/%s/a%d.md", pick(r, worldColumns), r.IntN(60))
	text := front("title", phrase(r), "date", anyTime(r), "source", "本网") + "\n" + phrase(r) + "。\n"
	for range r.IntN(4) {
		key := pick(r, slices.Sorted(maps.Keys(articleKeys)))
		text = setKey(text, key, articleKeys[key](w, r))
	}
	for range r.IntN(3) {
		text += "\n" + w.paragraph(r) + "\n"
	}
	w.files[p] = text
	return p
}

// phrase is a few characters that the other script mostly writes otherwise, some by the site's terms.
func phrase(r *rand.Rand) string {
	stock := []string{"党建", "引领", "学习", "后勤", "干部", "发展", "里程", "头发", "后勤村", "云岫", "服务", "群众", "2026", "AB"}
	s := ""
	for range 2 + r.IntN(4) {
		s += pick(r, stock)
	}
	return s
}

// anyTime is in one of three years, or in the days around which the clock goes.
func anyTime(r *rand.Rand) string {
	at := worldNow.Add(-time.Duration(r.IntN(3*365*24)) * time.Hour)
	if r.IntN(3) == 0 {
		at = worldNow.Add(time.Duration(r.IntN(20*24)-10*24) * time.Hour)
	}
	return at.Format("2006-01-02 15:04")
}

// paragraph is a piece of Markdown, often about other files.
func (w *world) paragraph(r *rand.Rand) string {
	rel := func(p string) string { return strings.TrimPrefix(p, "content") }
	switch r.IntN(16) {
	case 0, 1, 2, 3:
		return "见[前文](" + rel(w.anyArticle(r)) + ")。"
	case 4, 5:
		return "![图](" + rel(w.any(r, isPicture)) + ")"
	case 6:
		return "[附件](" + rel(w.anyFile(r)) + ")"
	case 7:
		return "[栏目](/" + pick(r, worldColumns) + "/) [标签](/tags/" + pick(r, worldTags) + "/)"
	case 8:
		return "<span style=\"x\">甲</span><b onclick=\"y\">乙</b>"
	case 9:
		return "<!-- page -->\n\n下一页。"
	case 10:
		return "## " + phrase(r) + "\n\n### " + phrase(r)
	case 11:
		return "词[^" + fmt.Sprint(r.IntN(3)) + "]。\n\n[^1]: 注，见[甲](/yw/a0.md)。"
	case 12:
		return "```go\nfunc main() {}\n```\n\n| 后 | 里 |\n|---|:-:|\n| 1 | 2 |"
	case 13:
		return "[旧](/old/a0.html) [停](/art/1.html) [页](/yw/2026/a0.html) [外](https://other.example/)"
	case 14: // the digest of an article knows its first picture only
		return "见[近](" + strings.TrimSuffix(rel(w.anyArticle(r)), ".md") + ")。\n\n![图](" + rel(w.any(r, isPicture)) + ")\n\n![图](" + rel(w.any(r, isPicture)) + ")"
	}
	return phrase(r) + "。"
}

// themeFile is a file of the theme in the program.
func themeFile(name string) string {
	b, err := fs.ReadFile(themes.FS, name)
	if err != nil {
		panic(err)
	}
	return string(b)
}
