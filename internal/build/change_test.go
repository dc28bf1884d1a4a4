package build

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/themes"
)

// piece is an article of a desk.
type piece struct {
	col, name, id, title, body, series string
	date                               time.Time
	tags, alsoIn, topics, aliases      []string
	pin                                bool
	links                              []string // files of other pieces, relative to content
	status                             string
}

func (p *piece) file() string { return p.col + "/" + p.name + ".md" }

func (p *piece) url() string {
	return "/" + p.col + "/" + p.date.Format("2006") + "/" + p.name + ".html"
}

func (p *piece) text() string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" && value != "[]" {
			b.WriteString(key + ": " + value + "\n")
		}
	}
	list := func(l []string) string { return "[" + strings.Join(l, ", ") + "]" }
	b.WriteString("---\n")
	line("id", p.id)
	line("title", p.title)
	line("date", p.date.Format("2006-01-02 15:04"))
	line("source", "本网")
	line("series", p.series)
	line("tags", list(p.tags))
	line("alsoIn", list(p.alsoIn))
	line("topics", list(p.topics))
	line("aliases", list(p.aliases))
	if p.pin {
		line("pin", "true")
	}
	line("status", p.status)
	b.WriteString("---\n\n" + p.body + "\n")
	for _, l := range p.links {
		b.WriteString("\n见[前文](/" + l + ")。\n")
	}
	return b.String()
}

// desk is a site of many articles that is changed one article at a time. It knows by itself, from
// the rules and not from the program, which files a change may touch.
type desk struct {
	t        *testing.T
	r        *rand.Rand
	dir      string
	pieces   []*piece
	years    int
	editions int
	serial   int
	made     int // pages by the last build
}

const deskPage = 5 // articles a page of a list

var (
	deskNow     = time.Date(2026, 12, 31, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))
	deskColumns = []string{"yw", "yw/jgdt", "yw/ldjh", "zzjs", "zzjs/dzbjs", "zzjs/dygl", "tzgg"}
	deskTopics  = []string{"zt/xuexi", "zt/chuangjian"}
	deskTags    = []string{"党建", "主题党日", "支部", "学习", "培训", "服务", "群众", "调研", "案例", "青年"}
	deskSeries  = []string{"系列甲", "系列乙", "系列丙"}
)

func newDesk(t *testing.T, n, years, editions int, seed uint64) *desk {
	d := &desk{t: t, r: rand.New(rand.NewPCG(uint64(n), seed)), dir: t.TempDir(), years: years, editions: editions}
	settings := "name: 云岫党建网\nbaseURL: https://t.example/\npageSize: " + strconv.Itoa(deskPage) + "\n"
	if editions == 2 {
		settings += "editions: [zh-Hans, zh-Hant]\n"
	}
	settings += "home:\n  - {module: headline}\n  - {module: tabs, columns: [yw, zzjs]}\n  - {module: latest}\n  - {module: topics}\n"
	d.write("site.yaml", settings)
	for _, c := range append([]string{"zt"}, deskColumns...) {
		extra := ""
		if c == "tzgg" {
			extra = "archive: month\n"
		}
		d.write("content/"+c+"/_index.md", "---\ntitle: 栏目"+path.Base(c)+"\n"+extra+"---\n")
	}
	d.write("content/zt/xuexi/_index.md", "---\ntitle: 学习专题\nlayout: topic\nsections:\n  - {title: 要闻, column: yw}\n  - {title: 党日, tag: 主题党日}\n  - {title: 其他}\n---\n")
	d.write("content/zt/chuangjian/_index.md", "---\ntitle: 创建专题\nlayout: topic\n---\n")
	d.write("content/gywm/_index.md", "---\ntitle: 关于我们\nlayout: page\n---\n\n正文。\n")
	for range n {
		p := d.make(d.anyDate())
		d.save(p)
	}
	return d
}

func (d *desk) write(name, text string) { d.t.Helper(); put(d.t, d.dir, name, text) }

func (d *desk) save(p *piece) {
	d.t.Helper()
	d.write("content/"+p.file(), p.text())
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// anyDate is a minute of the years in which the desk has worked, now and then that of another piece.
func (d *desk) anyDate() time.Time {
	if len(d.pieces) > 0 && d.r.IntN(10) == 0 {
		return pick(d.r, d.pieces).date
	}
	return deskNow.Add(-time.Hour).Add(-time.Duration(d.r.Int64N(int64(d.years)*365*24*60)) * time.Minute).Truncate(time.Minute)
}

// make writes a new piece, which may be about others, and adds it.
func (d *desk) make(date time.Time) *piece {
	d.serial++
	p := &piece{col: pick(d.r, deskColumns), name: fmt.Sprintf("a%04d", d.serial), date: date}
	for i, n := 0, d.serial; i < 10; i, n = i+1, n/26 { // an id says nothing of the order
		p.id = string(rune('a'+n%26)) + p.id
	}
	p.title, p.body = d.words(), d.words()+"。\n\n"+d.words()+"。"
	for range d.r.IntN(4) {
		if tag := pick(d.r, deskTags); !slices.Contains(p.tags, tag) {
			p.tags = append(p.tags, tag)
		}
	}
	if d.r.IntN(40) == 0 {
		p.tags = append(p.tags, "少见"+strconv.Itoa(d.serial)) // a tag that comes and goes with its article
	}
	if d.r.IntN(8) == 0 {
		p.series = pick(d.r, deskSeries)
	}
	if d.r.IntN(6) == 0 {
		p.alsoIn = []string{pick(d.r, deskColumns)}
	}
	if d.r.IntN(6) == 0 {
		p.topics = []string{pick(d.r, deskTopics)}
	}
	p.pin = d.r.IntN(50) == 0
	if len(d.pieces) > 0 && d.r.IntN(8) == 0 {
		if o := pick(d.r, d.pieces); o.status == "" {
			p.links = []string{o.file()}
		}
	}
	d.pieces = append(d.pieces, p)
	return p
}

func (d *desk) words() string {
	stock := []rune("党建引领强根基志愿服务暖民心支部书记群众办事活动案例经验做法")
	b := make([]rune, 6+d.r.IntN(12))
	for i := range b {
		b[i] = pick(d.r, stock)
	}
	return string(b)
}

// shown returns the pieces that are on the site, newest first: the order of the site.
func (d *desk) shown() []*piece {
	var out []*piece
	for _, p := range d.pieces {
		if p.status == "" {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *piece) int {
		if c := b.date.Compare(a.date); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return out
}

// build builds the site over its last output and returns the sum of each file.
func (d *desk) build() map[string]output.Sum {
	d.t.Helper()
	out := filepath.Join(d.dir, "public")
	res, problems, err := Run(context.Background(), Options{Source: d.dir, Out: out, Themes: themes.FS, Version: "test",
		Now: func(*time.Location) (time.Time, error) { return deskNow, nil }})
	d.made = res.Made
	if err != nil {
		d.t.Fatal(err)
	}
	if problems.Count(diag.Error) > 0 {
		d.t.Fatal(problems)
	}
	return sums(d.t, out)
}

// sums reads the manifest of an output: the cheap way to see which files differ.
func sums(t *testing.T, out string) map[string]output.Sum {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(out, "_site", "manifest.txt"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := output.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]output.Sum, len(m.Files))
	for _, f := range m.Files {
		files[f.Path] = f.Sum
	}
	return files
}

// differences returns the files that are in only one of two outputs, or differ.
func differences(a, b map[string]output.Sum) map[string]bool {
	diff := map[string]bool{}
	for p, s := range a {
		if t, ok := b[p]; !ok || s != t {
			diff[p] = true
		}
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			diff[p] = true
		}
	}
	return diff
}

// change changes one article and returns it as it was and as it is.
func (d *desk) change(kind string) (before, after *piece) {
	d.t.Helper()
	linked := map[string]bool{}
	for _, p := range d.pieces {
		for _, l := range p.links {
			linked[l] = true
		}
	}
	p := pick(d.r, d.shown())
	for kind == "moved" && linked[p.file()] {
		p = pick(d.r, d.shown()) // others would have to be edited with it
	}
	old := *p
	switch kind {
	case "added":
		p = d.make(d.shown()[0].date.Add(time.Minute))
		d.save(p)
		return nil, p
	case "back-dated":
		p = d.make(d.anyDate())
		d.save(p)
		return nil, p
	case "body":
		p.body += "\n\n" + d.words() + "。"
	case "title":
		p.title = d.words()
	case "withdrawn":
		p.status = "withdrawn\nwithdrawnNotice: 已撤回"
		if d.r.IntN(2) == 0 {
			p.status = "withdrawn"
		}
		d.save(p)
		return &old, nil
	case "moved":
		if err := os.Remove(filepath.Join(d.dir, "content", p.file())); err != nil {
			d.t.Fatal(err)
		}
		p.name += "b"
		p.col = pick(d.r, deskColumns)
		p.aliases = append(p.aliases[:0:0], append(p.aliases, old.url())...)
	}
	d.save(p)
	return &old, p
}

var changeKinds = []string{"added", "back-dated", "body", "title", "withdrawn", "moved"}

func clones(pieces []*piece) []*piece {
	out := make([]*piece, len(pieces))
	for i, p := range pieces {
		c := *p
		out[i] = &c
	}
	return out
}

// touched counts, for each kind of change, the files that each of the changes touched.
type touched struct{ all, pages map[string][]int } // pages: without archives

// batch makes rounds of changes, builds once and checks that they touched no more than each may.
func (d *desk) batch(last map[string]output.Sum, rounds int) {
	d.t.Helper()
	may := map[string]bool{}
	for range rounds {
		for _, kind := range changeKinds {
			before := clones(d.shown())
			old, new := d.change(kind)
			files, _ := d.allowed(before, clones(d.shown()), old, new)
			maps.Copy(may, files)
		}
	}
	diff := differences(last, d.build())
	for f := range diff {
		if !may[f] {
			d.t.Errorf("%d changes in %d articles changed %s", rounds*len(changeKinds), len(d.shown()), f)
		}
	}
	d.t.Logf("%d changes in %d articles, one build: %d of %d files touched, %d allowed", rounds*len(changeKinds), len(d.shown()), len(diff), len(last), len(may))
}

// work makes rounds of changes and checks what each touches.
func (d *desk) work(rounds int) (last map[string]output.Sum) {
	d.t.Helper()
	n := touched{map[string][]int{}, map[string][]int{}}
	last = d.build()
	for range rounds {
		for _, kind := range changeKinds {
			before := clones(d.shown())
			old, new := d.change(kind)
			after := clones(d.shown())
			now := d.build()
			diff := differences(last, now)
			last = now
			may, archives := d.allowed(before, after, old, new)
			pages := 0
			for f := range diff {
				if !may[f] {
					d.t.Errorf("%d articles: %s %s changed %s", len(after), kind, (either(old, new)).file(), f)
				}
				if !archives[f] {
					pages++
				}
			}
			for _, f := range certain(kind, after, old, new) {
				if !diff[f] {
					d.t.Errorf("%d articles: %s %s did not change %s", len(after), kind, (either(old, new)).file(), f)
				}
			}
			if most := len(may) + d.editions*alwaysMade; d.made > most {
				d.t.Errorf("%d articles: %s made %d pages, more than the %d that it may change and those made always", len(after), kind, d.made, most)
			}
			linked := 0
			for _, p := range before {
				if old != nil && slices.Contains(p.links, old.file()) {
					linked++
				}
			}
			if most := d.editions * (old.most(linked) + new.most(linked) + deskShared); pages > most {
				d.t.Errorf("%d articles: %s touched %d files besides archive pages, more than %d", len(after), kind, pages, most)
			}
			n.all[kind] = append(n.all[kind], len(diff))
			n.pages[kind] = append(n.pages[kind], pages)
		}
		if d.t.Failed() {
			break
		}
	}
	for _, kind := range changeKinds {
		d.t.Logf("%5d articles, %d editions, %-10s: files touched: median %d, most %d; without archive pages: median %d, most %d",
			len(d.shown()), d.editions, kind, median(n.all[kind]), slices.Max(n.all[kind]), median(n.pages[kind]), slices.Max(n.pages[kind]))
	}
	return last
}

func either(old, new *piece) *piece {
	if new != nil {
		return new
	}
	return old
}

func median(n []int) int {
	n = slices.Clone(n)
	slices.Sort(n)
	return n[len(n)/2]
}

// most is how many files other than archive pages a change of the piece may touch in an edition. It
// follows from what the piece itself says and from how many link to it, never from the size of the site.
func (p *piece) most(linked int) int {
	if p == nil {
		return 0
	}
	n := 2 + len(p.aliases)   // its page, its part of the sitemap
	n += 4                    // neighbours in column and series
	n += 12 * len(p.tags)     // newer pages that may show it as related
	n += 3 * len(p.lists())   // fronts and feeds
	n += linked * (1 + 2*3*2) // pages that link to it, each in the feeds of up to three columns on two levels
	return n
}

// deskShared are the files that any change may touch: home, feeds, latest and hot, the index of the
// sitemap and what changes where a tag or series comes or goes.
const deskShared = 6 + 4

// alwaysMade are the pages of an edition that a build makes every time: home, site map, the list of tags, 404.
const alwaysMade = 4

// ZHENDI_TORTURE makes it long, with its value as the seed.
func TestWhatOneArticleTouchesDoesNotGrow(t *testing.T) {
	rounds, seed := 1, uint64(4)
	if s := os.Getenv("ZHENDI_TORTURE"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("ZHENDI_TORTURE: %v", err)
		}
		rounds, seed = 10, n
	}
	newDesk(t, 100, 2, 1, seed).work(3 * rounds)
	newDesk(t, 100, 2, 2, seed).work(rounds)
	if !testing.Short() {
		d := newDesk(t, 3000, 10, 1, seed)
		d.batch(d.work(rounds), 6*rounds)
	}
}
