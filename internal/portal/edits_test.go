package portal

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// draft is an article of the site that the test of edits edits.
type draft struct {
	title, date, column, body string
	extra                     []string // lines of front matter
	bundle                    bool
}

func (d draft) text() string {
	return "---\ntitle: " + d.title + "\ndate: " + d.date + "\nsource: 本网\n" + strings.Join(d.extra, "") + "---\n\n" + d.body + "\n"
}

// desk edits a site at random.
type desk struct {
	t        *testing.T
	r        *rand.Rand
	dir      string
	drafts   map[string]*draft // by name
	columns  []string
	next     int
	pageSize int
	editions int
}

func (d *desk) file(name string) string {
	a := d.drafts[name]
	if a.bundle {
		return "content/" + a.column + "/" + name + "/index.md"
	}
	return "content/" + a.column + "/" + name + ".md"
}

func (d *desk) save(name string) {
	a := d.drafts[name]
	write(d.t, d.dir, d.file(name), a.text())
	if a.bundle {
		write(d.t, d.dir, "content/"+a.column+"/"+name+"/tu.png", picture(d.t, 8+len(name), 6))
	}
}

func (d *desk) remove(name string) {
	p := filepath.Join(d.dir, d.file(name))
	if d.drafts[name].bundle {
		p = filepath.Dir(p)
	}
	if err := os.RemoveAll(p); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) any() string {
	names := keys(d.drafts)
	return names[d.r.IntN(len(names))]
}

func (d *desk) words() string {
	const stock = "党建引领强根基志愿服务暖民心支部书记群众办事活动案例经验做法"
	r := []rune(stock)
	var b strings.Builder
	for range 4 + d.r.IntN(20) {
		b.WriteRune(r[d.r.IntN(len(r))])
	}
	return b.String()
}

func (d *desk) add() string {
	d.next++
	name := fmt.Sprintf("a%03d", d.next)
	if d.r.IntN(6) == 0 {
		name = fmt.Sprintf("稿件 %d", d.next)
	}
	a := &draft{title: d.words(), column: d.columns[d.r.IntN(len(d.columns))], bundle: d.r.IntN(4) == 0,
		date: fmt.Sprintf("20%d-%02d-%02d 0%d:15", 23+d.r.IntN(4), 1+d.r.IntN(11), 1+d.r.IntN(28), d.r.IntN(10)), body: d.words() + "。"}
	if a.bundle {
		a.body += "\n\n![图](tu.png \"说明\")\n"
	}
	d.drafts[name] = a
	d.save(name)
	return "add " + name
}

// edit makes one change and says which.
func (d *desk) edit() string {
	if len(d.drafts) < 4 {
		return d.add()
	}
	name := d.any()
	a := d.drafts[name]
	switch d.r.IntN(12) {
	case 0, 1:
		return d.add()
	case 2:
		a.body += "\n\n" + d.words() + "。"
	case 3:
		d.remove(name)
		delete(d.drafts, name)
		return "delete " + name
	case 4:
		d.remove(name)
		delete(d.drafts, name)
		d.next++
		name = fmt.Sprintf("renamed%d", d.next)
		d.drafts[name] = a
	case 5:
		a.title = d.words()
	case 6:
		a.date = fmt.Sprintf("20%d-%02d-11 11:11", 22+d.r.IntN(5), 1+d.r.IntN(11))
	case 7:
		d.remove(name)
		a.column = d.columns[d.r.IntN(len(d.columns))]
	case 8:
		a.extra = nil
		for _, e := range []string{"draft: true\n", "audience: internal\n", "pin: true\n", "tags: [甲, 乙]\n", "status: withdrawn\n", "expiryDate: 2026-01-01\n"} {
			if d.r.IntN(4) == 0 {
				a.extra = append(a.extra, e)
			}
		}
	case 9:
		d.next++
		a.extra = append(a.extra[:0:0], "aliases: [/old/"+strconv.Itoa(d.next)+".html]\n", "alsoIn: ["+d.columns[d.r.IntN(len(d.columns))]+"]\n")
	case 10:
		c := d.columns[d.r.IntN(len(d.columns))]
		d.column(c, d.words())
		return "retitle column " + c
	default:
		d.pageSize, d.editions = 5+d.r.IntN(3), 1+d.r.IntN(2)
		d.settings()
		return fmt.Sprintf("page size %d, %d editions", d.pageSize, d.editions)
	}
	d.save(name)
	return fmt.Sprintf("edit %s: %+v", name, *a)
}

func (d *desk) column(dir, title string) {
	write(d.t, d.dir, "content/"+dir+"/_index.md", "---\ntitle: "+title+"\n---\n")
}

func (d *desk) settings() {
	write(d.t, d.dir, "site.yaml", fmt.Sprintf("name: 测试网\nbaseURL: https://edits.example/\npageSize: %d\neditions: %s\n",
		d.pageSize, []string{"[zh-Hans]", "[zh-Hans, zh-Hant]"}[d.editions-1]))
}

// Whatever is edited, a build over the old output gives the bytes of a build into an empty folder.
// ZHENDI_TORTURE makes it long, with its value as the seed.
func TestBuildOverOldEqualsClean(t *testing.T) {
	steps, seed := 20, uint64(7)
	if s := os.Getenv("ZHENDI_TORTURE"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("ZHENDI_TORTURE: %v", err)
		}
		steps, seed = 300, n
	}
	d := &desk{t: t, r: rand.New(rand.NewPCG(seed, 1)), dir: t.TempDir(), drafts: map[string]*draft{}, columns: []string{"yw", "yw/jc", "zzjs", "tzgg"}, pageSize: 5, editions: 1}
	d.settings()
	for _, c := range d.columns {
		d.column(c, "栏目"+filepath.Base(c))
	}
	for range 12 {
		d.add()
	}
	out := filepath.Join(t.TempDir(), "public")
	var log []string
	for step := range steps {
		for range 1 + d.r.IntN(3) {
			log = append(log, d.edit())
		}
		clean := filepath.Join(t.TempDir(), strconv.Itoa(step))
		mustBuildWarned(t, options(d.dir, out, now))
		mustBuildWarned(t, options(d.dir, clean, now))
		sameTree(t, fmt.Sprintf("seed %d, step %d", seed, step), tree(t, clean), tree(t, out))
		if t.Failed() {
			t.Fatalf("edits:\n%s", strings.Join(log[max(0, len(log)-12):], "\n"))
		}
		if err := os.RemoveAll(clean); err != nil {
			t.Fatal(err)
		}
	}
}
