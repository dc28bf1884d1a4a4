package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestRecipesForActions: actionlint knows the workflows of GitHub, and those of Gitea and Forgejo, which have the same form; with
// shellcheck installed it reads their scripts, too.
func TestRecipesForActions(t *testing.T) {
	lint := tool(t, "actionlint")
	tool(t, "shellcheck")
	pinned := regexp.MustCompile(`^actions/[a-z/]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	for _, file := range []string{"github.yml", "gitea.yml", "github-views.yml", "github-rollback.yml"} {
		name := filepath.Join(recipesDir, file)
		if out, err := exec.Command(lint, "-no-color", name).CombinedOutput(); err != nil {
			t.Errorf("actionlint %s: %v\n%s", file, err, out)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(text), "\n") {
			if _, use, ok := strings.Cut(l, "uses: "); ok && !pinned.MatchString(use) {
				t.Errorf("%s: %s is not pinned to a commit", file, use)
			}
		}
		if n, m := strings.Count(string(text), "actions/checkout@"), strings.Count(string(text), "persist-credentials: false"); n != m {
			t.Errorf("%s: %d checkouts, of which %d keep no credentials", file, n, m)
		}
		secretsInSteps(t, file, text)
	}
}

// secretsInSteps: only steps have secrets, and none has them in its script.
func secretsInSteps(t *testing.T, file string, text []byte) {
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	for name, j := range w.Jobs {
		for _, env := range []map[string]string{w.Env, j.Env} {
			for k, v := range env {
				if strings.Contains(v, "secrets.") {
					t.Errorf("%s: %s: %s is open to all steps", file, name, k)
				}
			}
		}
		for _, s := range j.Steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: %s: an expression in the script of %s", file, name, s.Name)
			}
		}
	}
	if strings.HasPrefix(file, "github") && !strings.Contains(string(text), "\npermissions:\n  contents: read\n") {
		t.Errorf("%s asks for more than reading the repository", file)
	}
}

// TestRecipeForGitLab holds .gitlab-ci.yml against GitLab's JSON schema, which gitlab-ci-local has with it.
func TestRecipeForGitLab(t *testing.T) {
	t.Parallel()
	lint := tool(t, "gitlab-ci-local")
	text, err := os.ReadFile(filepath.Join(recipesDir, "gitlab.yml"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(text string) (string, error) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ".gitlab-ci.yml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", "git init -q -b main && exec \"$0\" --list", lint)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := check(string(text)); err != nil || !strings.Contains(out, "json schema validated") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := check(strings.Replace(string(text), "resource_group:", "resource-group:", 1)); err == nil {
		t.Errorf("a key that GitLab does not have was let through\n%s", out)
	}
}

// TestRecipesForGitee holds the pipelines of Gitee Go against the keys of its documentation: there is no schema.
func TestRecipesForGitee(t *testing.T) {
	name := regexp.MustCompile(`^[0-9a-z_-]+$`)
	for _, file := range []string{"gitee.yml", "gitee-pr.yml", "gitee-rollback.yml"} {
		text, err := os.ReadFile(filepath.Join(recipesDir, file))
		if err != nil {
			t.Fatal(err)
		}
		var p gitee
		d := yaml.NewDecoder(strings.NewReader(string(text)))
		d.KnownFields(true)
		if err := d.Decode(&p); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if p.Version != "1.0" || !name.MatchString(p.Name) || p.DisplayName == "" || p.Strategy.StepTimeout < 1 || p.Strategy.StepTimeout > 1440 || len(p.Stages) == 0 {
			t.Errorf("%s: %+v", file, p)
		}
		for _, s := range p.Triggers.Schedule {
			if f := strings.Fields(s.Cron); len(f) != 5 || f[4] != "?" && f[2] != "?" { // one of the days is ?
				t.Errorf("%s: schedule %q", file, s.Cron)
			}
		}
		for _, stage := range p.Stages {
			if !name.MatchString(stage.Name) || stage.Strategy != "fast" && stage.Strategy != "naturally" || stage.Trigger != "auto" {
				t.Errorf("%s: stage %+v", file, stage)
			}
			for _, s := range stage.Steps {
				if s.Step != "build@golang" || !name.MatchString(s.Name) || len(s.Commands) == 0 {
					t.Errorf("%s: step %+v", file, s)
				}
			}
		}
	}
}

// TestScriptsOfRecipes has shellcheck read the scripts that are in no workflow.
func TestScriptsOfRecipes(t *testing.T) {
	lint := tool(t, "shellcheck")
	check := func(name, script string) {
		cmd := exec.Command(lint, "--shell=sh", "-")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	c := &ci{t: t}
	for _, file := range []string{"gitee.yml", "gitee-pr.yml", "gitee-rollback.yml"} {
		var p gitee
		c.decode(file, &p)
		for _, stage := range p.Stages {
			for _, s := range stage.Steps {
				check(file, strings.Join(s.Commands, "\n"))
			}
		}
	}
	var jobs map[string]any
	c.decode("gitlab.yml", &jobs)
	for _, job := range []string{"check", "publish", "rollback"} {
		check("gitlab.yml", strings.Join(lines(jobs[job].(map[string]any)["script"]), "\n"))
	}
	text, err := os.ReadFile(filepath.Join(recipesDir, "views.sh.txt"))
	if err != nil {
		t.Fatal(err)
	}
	check("views.sh", string(text))
}
