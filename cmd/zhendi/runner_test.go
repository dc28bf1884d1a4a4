package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decode reads a recipe.
func (c *ci) decode(file string, into any) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(recipesDir, file))
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		c.t.Fatal(file, err)
	}
}

// workflow is one of GitHub, Gitea or Forgejo Actions, as much of it as the recipes use.
type workflow struct {
	Env  map[string]string
	Jobs map[string]*struct {
		If, Needs string
		Env       map[string]string
		Outputs   map[string]string
		Steps     []struct {
			ID, Name, Uses, Run string
			With                map[string]string
			Env                 map[string]string
		}
	}
}

// saved is an entry of Actions' cache.
type saved struct{ key, dir string }

// elsewhere is the event that a run is started by hand on another branch than main.
const elsewhere = "workflow_dispatch on another branch"

// runActions runs the jobs whose conditions hold, each after those it needs.
func runActions(c *ci, file, event string) (string, error) {
	var w workflow
	c.decode(file, &w)
	c.runs++
	context := map[string]string{"inputs.to": c.to, "github.event_name": event, "github.run_id": strconv.Itoa(c.runs), "github.run_attempt": "1"}
	context["github.ref"] = map[string]string{"pull_request": "refs/pull/1/merge", elsewhere: "refs/heads/pr"}[event]
	if context["github.ref"] == "" {
		context["github.ref"] = "refs/heads/main"
	}
	for k, v := range c.vars {
		context["secrets."+k], context["vars."+k] = v, v
	}
	var log strings.Builder
	done := map[string]bool{} // and whether it was run
	for len(done) < len(w.Jobs) {
		for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
			j := w.Jobs[name]
			ran, ready := done[j.Needs]
			if _, is := done[name]; is || j.Needs != "" && !ready {
				continue
			}
			if done[name] = (j.Needs == "" || ran) && c.holds(j.If, context); !done[name] {
				continue
			}
			if err := c.actionsJob(&w, name, context, &log); err != nil {
				return log.String(), err
			}
		}
	}
	return log.String(), nil
}

// actionsJob runs one job in a workspace of its own.
func (c *ci) actionsJob(w *workflow, name string, context map[string]string, log *strings.Builder) error {
	j := w.Jobs[name]
	work, output := "", filepath.Join(c.dir, "output")
	var save []func()
	for _, s := range j.Steps {
		action, _, _ := strings.Cut(s.Uses, "@")
		with := map[string]string{}
		for k, v := range s.With {
			with[k] = c.fill(v, context)
		}
		switch action {
		case "actions/checkout":
			work = c.actionsCheckout(with["fetch-depth"], context["github.event_name"])
			continue
		case "actions/cache", "actions/cache/restore", "actions/cache/save":
			if action != "actions/cache/save" {
				c.restore(work, with)
			}
			if action != "actions/cache/restore" {
				save = append(save, func() { c.save(work, with) })
			}
			continue
		case "":
		default:
			c.t.Fatalf("the test knows no action %s", action)
		}
		env := []string{"GITHUB_OUTPUT=" + output, "GITHUB_BASE_REF=main", "GITHUB_EVENT_NAME=" + context["github.event_name"]}
		for _, m := range []map[string]string{w.Env, j.Env, s.Env} {
			for k, v := range m {
				env = append(env, k+"="+c.fill(v, context))
			}
		}
		os.WriteFile(output, nil, 0o644)
		out, err := c.try(work, env, "bash", "-e", "-c", s.Run)
		fmt.Fprintf(log, "## %s\n%s", s.Name, out)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", name, s.Name, err)
		}
		text, _ := os.ReadFile(output)
		for _, l := range strings.Fields(string(text)) {
			k, v, _ := strings.Cut(l, "=")
			context["steps."+s.ID+".outputs."+k] = v
		}
	}
	for k, v := range j.Outputs {
		context["needs."+name+".outputs."+k] = c.fill(v, context)
	}
	for _, f := range save {
		f()
	}
	return nil
}

// actionsCheckout: GitHub offers the merge of a pull request, Gitea its head; the recipes ask GitHub for two commits and Gitea for all.
func (c *ci) actionsCheckout(depth, event string) string {
	n := 1
	if depth != "" {
		n, _ = strconv.Atoi(depth)
	}
	branch := "main"
	if event == "pull_request" {
		if branch = "merge"; n == 0 {
			branch = "pr"
		}
	}
	return c.checkout(branch, n)
}

// restore looks a cache up by its key, then the newest by prefix.
func (c *ci) restore(work string, with map[string]string) {
	for _, s := range slices.Backward(c.caches) {
		if s.key == with["key"] || with["restore-keys"] != "" && strings.HasPrefix(s.key, with["restore-keys"]) {
			c.sh(work, nil, "cp -a "+s.dir+"/. .")
			return
		}
	}
}

func (c *ci) save(work string, with map[string]string) {
	s := saved{with["key"], filepath.Join(c.dir, fmt.Sprintf("cache-%d", len(c.caches)))}
	c.sh(work, nil, "mkdir "+s.dir+" && cp -a --parents "+strings.Join(strings.Fields(with["path"]), " ")+" "+s.dir)
	c.caches = append(c.caches, s)
}

var (
	expression = regexp.MustCompile(`\$\{\{ ?([^ }]+) ?\}\}`)
	comparison = regexp.MustCompile(`^(\S+) (==|!=) '([^']*)'$`)
)

// fill puts values for expressions.
func (c *ci) fill(s string, context map[string]string) string {
	return expression.ReplaceAllStringFunc(s, func(x string) string {
		name := expression.FindStringSubmatch(x)[1]
		v, ok := context[name]
		if !ok {
			c.t.Fatalf("nothing is known of %s", name)
		}
		return v
	})
}

func (c *ci) holds(cond string, context map[string]string) bool {
	if cond == "" {
		return true
	}
	m := comparison.FindStringSubmatch(cond)
	if m == nil {
		c.t.Fatalf("the test cannot read the condition %q", cond)
	}
	return (context[m[1]] == m[3]) == (m[2] == "==")
}

// runGitLab runs the job whose rule holds.
func runGitLab(c *ci, file, event string) (string, error) {
	var jobs map[string]any
	c.decode(file, &jobs)
	branch, job := "main", "publish"
	vars := map[string]string{"CI_PIPELINE_SOURCE": event, "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "TO": c.to}
	if event == "pull_request" {
		branch, job = "pr", "check"
		vars["CI_PIPELINE_SOURCE"], vars["CI_COMMIT_BRANCH"] = "merge_request_event", ""
		vars["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = strings.TrimSpace(c.sh(c.edit, nil, "git merge-base origin/main origin/pr"))
	}
	maps.Copy(vars, c.vars)
	rule := regexp.MustCompile(`^\$(\w+) == (?:"([^"]*)"|\$(\w+))$`)
	for _, name := range []string{"check", "publish"} {
		j := jobs[name].(map[string]any)
		m := rule.FindStringSubmatch(j["rules"].([]any)[0].(map[string]any)["if"].(string))
		if m == nil {
			c.t.Fatalf("the test cannot read the rule of %s", name)
		}
		if holds := vars[m[1]] == m[2]+vars[m[3]]; holds != (name == job) {
			c.t.Errorf("on %s, job %s: %v", event, name, holds)
		}
	}
	if event == "rollback" { // a job that is started by hand
		job = "rollback"
	}
	j := jobs[job].(map[string]any)
	var env []string
	for k, v := range vars {
		env = append(env, k+"="+v)
	}
	work := c.checkout(branch, map[string]int{"check": 0, "publish": 20, "rollback": 20}[job])
	if cache, ok := j["cache"].(map[string]any); ok {
		with := map[string]string{"key": cache["key"].(string), "path": strings.Join(lines(cache["paths"]), " ")}
		c.restore(work, with)
		out, err := c.try(work, env, "bash", "-eo", "pipefail", "-c", strings.Join(lines(j["script"]), "\n"))
		if err == nil {
			c.save(work, with)
		}
		return out, err
	}
	out, err := c.try(work, env, "bash", "-eo", "pipefail", "-c", strings.Join(lines(j["script"]), "\n"))
	report, _ := os.ReadFile(filepath.Join(work, "codequality.json"))
	return out + string(report), err
}

// lines flattens a list of lists.
func lines(v any) (out []string) {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	for _, x := range v.([]any) {
		out = append(out, lines(x)...)
	}
	return out
}

// gitee is a pipeline of Gitee Go. There is no schema of it; the keys are those of its documentation.
type gitee struct {
	Version, Name string
	DisplayName   string `yaml:"displayName"`
	Triggers      struct {
		Trigger  string
		Push, PR struct{ Branches struct{ Precise []string } }
		Schedule []struct{ Cron string }
	}
	Strategy struct {
		Blocking    bool
		StepTimeout int `yaml:"stepTimeout"`
	}
	Stages []struct {
		Name, Strategy, Trigger string
		DisplayName             string `yaml:"displayName"`
		Steps                   []struct {
			Step, Name    string
			DisplayName   string `yaml:"displayName"`
			GolangVersion string `yaml:"golangVersion"`
			Caches        []string
			Commands      []string
		}
	}
}

// runGitee runs the commands of all steps.
func runGitee(c *ci, file, event string) (string, error) {
	var p gitee
	c.decode(file, &p)
	branch := "main"
	if event == "pull_request" {
		branch = "merge"
	}
	work := c.checkout(branch, 1)
	env := []string{"TO=" + c.to}
	for k, v := range c.vars {
		env = append(env, k+"="+v)
	}
	var log strings.Builder
	for _, stage := range p.Stages {
		for _, step := range stage.Steps {
			script := strings.ReplaceAll(strings.Join(step.Commands, "\n"), "/root/zhendi", c.dir+"/gitee")
			out, err := c.try(work, env, "sh", "-c", script)
			log.WriteString(out)
			if err != nil {
				return log.String(), err
			}
		}
	}
	return log.String(), nil
}
