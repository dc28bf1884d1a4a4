package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recipesDir holds the CI recipes of the manual.
const recipesDir = "../../content/bjzn/ci"

// recipe runs the jobs that a system would run on an event, push, schedule or pull_request, and returns what they printed.
type recipe struct {
	file string
	run  func(c *ci, file, event string) (string, error)
}

var recipes = []recipe{
	{"github.yml", runActions}, {"gitea.yml", runActions}, {"gitlab.yml", runGitLab}, {"gitee.yml", runGitee},
}

// ci is what a CI system has: a repository, variables and secrets, a cache.
type ci struct {
	t           testing.TB
	dir, origin string
	vars        map[string]string // ZHENDI_URL, and the secrets
	runs        int
	caches      []saved // of Actions: newest last
	pull        string  // the branch of the pull request
	edit        string  // a clone in which articles are written
	store       *store
	refuse      bool   // the download is not what SHA256SUMS says
	to          string // what a rollback is asked for
}

// newCI makes a site with zhendi init, in a repository, with a target in a bucket, and a place where zhendi is got from.
func newCI(t *testing.T) *ci {
	t.Helper()
	c := &ci{t: t, dir: t.TempDir(), store: newStore(t, "dangjian")}
	c.origin, c.edit = filepath.Join(c.dir, "origin.git"), filepath.Join(c.dir, "edit")
	program := "#!/bin/sh\nexec zhendi \"$@\"\n" // that of this test, which is large
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/zhendi/zhendi-linux-amd64" {
			http.NotFound(w, r)
			return
		}
		if c.refuse {
			fmt.Fprintln(w, "#!/bin/sh\necho 中招")
			return
		}
		fmt.Fprint(w, program)
	}))
	t.Cleanup(srv.Close)
	c.sh(c.dir, nil, "zhendi init edit && zhendi key sign.pem >public.txt && git init -q --bare -b main origin.git && cd edit && git init -q -b main && git remote add origin ../origin.git")
	c.write("SHA256SUMS", fmt.Sprintf("%x  zhendi-linux-amd64\n%064d  zhendi-windows-amd64.exe\n", sha256.Sum256([]byte(program)), 0))
	key, _ := os.ReadFile(filepath.Join(c.dir, "public.txt"))
	line, _, _ := strings.Cut(string(key), "\n")
	c.write("site.yaml", strings.TrimRight(c.file("site.yaml"), "\n")+fmt.Sprintf("\ntargets:\n  www:\n    s3: {endpoint: 'http://%s', bucket: dangjian, prefix: www}\n    %s\n", c.store.address, line))
	private, _ := os.ReadFile(filepath.Join(c.dir, "sign.pem"))
	c.vars = map[string]string{"ZHENDI_URL": srv.URL + "/zhendi", "AWS_ACCESS_KEY_ID": storeKey, "AWS_SECRET_ACCESS_KEY": storeSecret, "ZHENDI_SIGN_KEY": string(private)}
	return c
}

// sh runs a script; it must end well.
func (c *ci) sh(dir string, env []string, script string) string {
	c.t.Helper()
	out, err := c.try(dir, env, "bash", "-e", "-c", script)
	if err != nil {
		c.t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return out
}

// try runs a program with what a machine of CI has in its environment, and nothing of this process.
func (c *ci) try(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "ZHENDI_LANG=zh", "GIT_AUTHOR_NAME=编辑", "GIT_AUTHOR_EMAIL=a@yunxiu.example",
		"GIT_COMMITTER_NAME=编辑", "GIT_COMMITTER_EMAIL=a@yunxiu.example", "GIT_CONFIG_NOSYSTEM=1"}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c *ci) file(name string) string {
	c.t.Helper()
	b, err := os.ReadFile(filepath.Join(c.edit, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(b)
}

func (c *ci) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.edit, name), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// article writes one, with more lines of front matter.
func (c *ci) article(name, body string, more ...string) {
	c.write("content/yw/"+name+".md", fmt.Sprintf("---\ntitle: 关于%s的消息\nslug: %s\ndate: %s\nsource: 云岫市机关党建网\n%s\n---\n\n%s\n",
		name, name, time.Now().Add(-time.Hour).Format(time.RFC3339), strings.Join(more, "\n"), body))
}

// push commits what was written and pushes it to a branch.
func (c *ci) push(branch string) {
	c.sh(c.edit, nil, "git add -A && git commit -q -m 稿件 && git push -q origin HEAD:refs/heads/"+branch)
}

// checkout clones the repository into a new workspace, as deep as asked; 0 is all.
func (c *ci) checkout(branch string, depth int) string {
	c.runs++
	dir := filepath.Join(c.dir, fmt.Sprintf("work-%d", c.runs))
	args := ""
	if depth > 0 {
		args = fmt.Sprintf("--depth %d ", depth)
	}
	c.sh(c.dir, nil, "git clone -q "+args+"--no-single-branch -b "+branch+" file://"+c.origin+" "+dir)
	return dir
}

// live reports whether an article can be read.
func (c *ci) live(name string) bool {
	page, ok := c.store.read("dangjian", "www/yw/"+time.Now().Add(-time.Hour).Format("2006")+"/"+name+".html")
	return ok && strings.Contains(page, "关于"+name+"的消息")
}

// TestRecipes runs the shell steps of every recipe, in their order and under their conditions, on a new site: first publication,
// nothing due, one article more, one whose time comes, mistakes in a pull request, a download that is not what it should be.
func TestRecipes(t *testing.T) {
	tool(t, "curl")
	for _, r := range recipes {
		t.Run(r.file, func(t *testing.T) {
			t.Parallel()
			c := newCI(t)
			c.article("jia", "正文。")
			c.push("main")
			run := func(event string) string {
				t.Helper()
				out, err := r.run(c, r.file, event)
				if err != nil {
					t.Fatalf("%s: %v\n%s", event, err, out)
				}
				return out
			}
			if out := run("push"); !strings.Contains(out, "已发布到 www") || !strings.Contains(out, "以签名的清单为准") || !strings.Contains(out, "差别 0 处") || !c.live("jia") {
				t.Fatal(out)
			}
			if out := run("schedule"); strings.Contains(out, "完成：") || !strings.Contains(out, "差别 0 处") {
				t.Error("nothing is due, and the site was built, or what is live not looked at:\n" + out)
			}
			c.tampered(r)
			c.article("yi", "正文。")
			c.push("main")
			if out := run("push"); !c.live("yi") || !strings.Contains(out, "未变") || strings.Contains(out, "未变 0、") {
				t.Error("one article more is not live, or everything was made anew:\n" + out)
			}
			c.rollback(r, run)
			c.scheduled(run)
			c.pullRequest(r)
			c.refuse = true
			c.article("ding", "正文。")
			c.push("main")
			if out, err := r.run(c, r.file, "push"); err == nil || strings.Contains(out, "中招") || c.live("ding") {
				t.Errorf("a program with another checksum was run: %v\n%s", err, out)
			}
			c.noSecrets()
		})
	}
}

// rollback goes back before the newest article, and sees that the schedule does not bring it forward again.
func (c *ci) rollback(r recipe, run func(event string) string) {
	c.t.Helper()
	file := map[string]string{"gitlab.yml": "gitlab.yml", "gitee.yml": "gitee-rollback.yml"}[r.file]
	if file == "" {
		file = "github-rollback.yml"
	}
	if out, err := r.run(c, file, "rollback"); err != nil || c.live("yi") || !c.live("jia") {
		c.t.Errorf("%v\n%s", err, out)
	}
	if out := run("schedule"); c.live("yi") {
		c.t.Error("the schedule brought back what was gone back from:\n" + out)
	}
	c.to = "1"
	if out, err := r.run(c, file, "rollback"); err == nil {
		c.t.Errorf("it went back to what there was never:\n%s", out)
	}
	c.to = ""
}

// tampered changes a page, which the schedule must report.
func (c *ci) tampered(r recipe) {
	c.t.Helper()
	name := filepath.Join(c.store.root, "dangjian", "www", "index.html")
	good, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, []byte("改"), 0o644)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	if out, err := r.run(c, r.file, "schedule"); err == nil || !strings.Contains(out, "被改\tindex.html") {
		c.t.Errorf("the schedule did not see a page that was tampered with: %v\n%s", err, out)
	}
	if err := os.WriteFile(name, good, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// scheduled publishes an article with a time to come. The machine may be slow: if the time comes before the publication ends, another
// article has more time.
func (c *ci) scheduled(run func(event string) string) {
	c.t.Helper()
	for wait := 4 * time.Second; ; wait *= 4 {
		name, soon := fmt.Sprintf("bing%d", wait/time.Second), time.Now().Add(wait)
		c.article(name, "正文。", "publishDate: "+soon.Format(time.RFC3339))
		c.push("main")
		run("push")
		live := c.live(name)
		if time.Now().After(soon) {
			continue
		}
		if live {
			c.t.Error("an article was published before its time")
		}
		time.Sleep(time.Until(soon.Add(time.Second)))
		if out := run("schedule"); !c.live(name) {
			c.t.Error("the time of an article came, and it is not live:\n" + out)
		}
		return
	}
}

// pullRequest checks one with a mistake and one without.
func (c *ci) pullRequest(r recipe) {
	c.t.Helper()
	want := map[string]string{"github.yml": "::error file=content/yw/wu.md,line=9,col=3", "gitlab.yml": `"check_name": "Z01"`, "gitea.yml": "[Z01]", "gitee.yml": "[Z01]"}[r.file]
	for _, p := range []struct {
		body, want string
		ok         bool
	}{{"机关(guān)里来了新同志。", want, false}, {"机关里来了新同志。", "", true}} {
		c.article("wu", p.body)
		c.push("pr")
		c.sh(c.edit, nil, "git fetch -q origin && git checkout -q --detach origin/main && git merge -q --no-ff -m 合并 origin/pr && git push -q -f origin HEAD:refs/heads/merge && git checkout -q main")
		file := r.file
		if file == "gitee.yml" {
			file = "gitee-pr.yml"
		}
		out, err := r.run(c, file, "pull_request")
		if (err == nil) != p.ok || !strings.Contains(out, p.want) || p.want != "" && !strings.Contains(out, "content/yw/wu.md") {
			c.t.Errorf("%s in a pull request with %q: %v\n%s", file, p.body, err, out)
		}
	}
	for _, file := range []string{"github.yml", "gitea.yml", "github-rollback.yml"} {
		if out, err := runActions(c, file, elsewhere); err != nil || out != "" {
			c.t.Errorf("%s ran on another branch: %v\n%s", file, err, out)
		}
	}
	if c.live("wu") {
		c.t.Error("a pull request was published")
	}
	c.sh(c.edit, nil, "git reset -q --hard origin/main")
}

// noSecrets looks through what workspaces, caches and repository hold.
func (c *ci) noSecrets() {
	secret := strings.Split(c.vars["ZHENDI_SIGN_KEY"], "\n")[1]
	out, _ := c.try(c.dir, nil, "grep", "-rlE", "--exclude=sign.pem", "--exclude=zhendi*", secret+"|"+storeSecret, ".")
	if out != "" {
		c.t.Errorf("secrets stand in:\n%s", out)
	}
}
