//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// tool is a publisher, as its manual says to configure it for a site like this.
type tool struct {
	name  string
	about string // for the report
	full  bool   // goes through mishaps, too; the others show what a flag costs
	cache bool   // sends headers by kind of file
	cases string // names of cases; empty: all
	steps func(b *bench, j job) [][]string
}

// job is one publication.
type job struct {
	site  *variant
	later bool // with other headers
	force bool // the run before was killed and left a lock
}

var tools = []tool{
	{"zhendi publish", "as it comes, `compress` off", true, true, "", zhendi},
	{"zhendi, then verify", "`zhendi publish`, then `zhendi verify --repair`", true, true, verified,
		func(b *bench, j job) [][]string { return append(zhendi(b, j), b.verify(j)) }},
	{"zhendi, then verify --full", "the same, reading every object", true, true, verified,
		func(b *bench, j job) [][]string { return append(zhendi(b, j), append(b.verify(j), "--full")) }},
	{"hugo deploy", "16 workers, `order` (assets, pictures, articles, the rest), `matchers` with Cache-Control for each kind, `exclude = \"_views/**\"` (retries cannot be configured: 3 attempts)", true, true, "", hugo},
	{"rclone sync", "`--checksum --fast-list --transfers 16 --checkers 16 --delete-after --max-delete 256 --exclude /_views/**`, one Cache-Control for all", true, false, "",
		func(b *bench, j job) [][]string { return [][]string{mirror(b, j, "--checksum")} }},
	{"rclone in steps", "the same, after `rclone copy` of assets, pictures, articles, the rest, the manifest, each with its Cache-Control", true, true, "", inSteps},
	{"rclone sync, by time", "without `--checksum`: size and time of change", false, false, "",
		func(b *bench, j job) [][]string { return [][]string{mirror(b, j)} }},
	{"rclone sync, by size", "`--size-only`", false, false, "",
		func(b *bench, j job) [][]string { return [][]string{mirror(b, j, "--size-only")} }},
}

func zhendi(b *bench, j job) [][]string {
	bin := b.bin["zhendi"]
	if j.later {
		bin = b.bin["zhendi-later"]
	}
	args := []string{bin, "publish", "--target", "www", "--source", j.site.source, "--out", j.site.out, "--lang", "en"}
	if j.force {
		args = append(args, "--force-lock")
	}
	return [][]string{args}
}

// verified are the cases that verify is for.
const verified = "nothing changed, an article edited, " + cutOff + ", " + rotten + ", " + tampered

func (b *bench) verify(j job) []string {
	return []string{b.bin["zhendi"], "verify", "--target", "checked", "--source", j.site.source, "--out", j.site.out, "--lang", "en", "--repair"}
}

const hugoConfig = `baseURL = "https://bench.example/"
[deployment]
workers = 16
order = ["^_assets/", "^uploads/", "/t20[^/]*\\.html$"]
[[deployment.targets]]
name = "portal"
URL = "s3://%s?endpoint=http://%s&region=%s&use_path_style=true&hostname_immutable=true"
exclude = "_views/**"
[[deployment.matchers]]
pattern = "^_site/manifest\\.txt$"
cacheControl = "no-cache"
[[deployment.matchers]]
pattern = "^_assets/"
cacheControl = "public, max-age=31536000, immutable"
[[deployment.matchers]]
pattern = "^uploads/"
cacheControl = "public, max-age=86400"
[[deployment.matchers]]
pattern = "/t20[^/]*\\.html$"
cacheControl = "%s"
[[deployment.matchers]]
pattern = "."
cacheControl = "public, max-age=60"
`

func hugo(b *bench, j job) [][]string {
	dir := filepath.Join(b.work, "hugo")
	text := fmt.Sprintf(hugoConfig, bucket, b.proxy.address, region, cacheOf(j.later)("a/t20.html"))
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "hugo.toml"), []byte(text), 0o644)); err != nil {
		panic(err) // the folder is ours
	}
	return [][]string{{b.bin["hugo"], "deploy", "--source", dir, "--destination", j.site.out}}
}

// rclone makes a command of it that sends with one Cache-Control; the settings of the remote stand in the environment.
func (b *bench) rclone(verb string, j job, cache string, args ...string) []string {
	return append([]string{b.bin["rclone"], verb, j.site.out, "s:" + bucket, "--fast-list", "--transfers", "16", "--checkers", "16",
		"--s3-no-check-bucket", "--header-upload", "Cache-Control: " + cache}, args...)
}

// mirror makes the last or only step.
func mirror(b *bench, j job, args ...string) []string {
	cache := "public, max-age=60"
	if j.later {
		cache = "public, max-age=600"
	}
	return b.rclone("sync", j, cache, append(args, "--delete-after", "--max-delete", "256", "--exclude", "/_views/**", "--exclude", "/.*/**")...)
}

// inSteps sends assets first, and the manifest, which says what is live, before anything is deleted.
func inSteps(b *bench, j job) [][]string {
	step := func(sample string, args ...string) []string {
		return b.rclone("copy", j, cacheOf(j.later)(sample), append(args, "--checksum")...)
	}
	return [][]string{
		step("_assets/a", "--include", "/_assets/**"),
		step("uploads/a", "--include", "/uploads/**"),
		step("a/t20.html", "--include", "t20*.html"),
		step("index.html", "--exclude", "/_site/manifest.txt", "--exclude", "/.*/**"),
		step("_site/manifest.txt", "--include", "/_site/manifest.txt"),
		mirror(b, job{site: j.site}, "--checksum"),
	}
}

// outcome is how a publication went.
type outcome struct {
	Exit      int     // -1 if it was killed
	Wall, CPU float64 // seconds
	traffic
	text string
}

// running is a publication under way.
type running struct {
	mu      sync.Mutex
	cmd     *exec.Cmd
	stopped bool
}

// kill ends it at once, whatever it is doing.
func (r *running) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	if r.cmd != nil && r.cmd.Process != nil {
		syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// limit is how long a publication may take.
const limit = 4 * time.Minute

// publish runs the steps of a publisher, one after the other, until one fails.
func (b *bench) publish(whole context.Context, t tool, j job, r *running) (o outcome, err error) {
	ctx, cancel := context.WithTimeout(whole, limit)
	defer cancel()
	start := time.Now()
	var text strings.Builder
	for _, args := range t.steps(b, j) {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env = b.environment()
		cmd.Stdout, cmd.Stderr = &text, &text
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		r.mu.Lock()
		if r.stopped {
			r.mu.Unlock()
			break
		}
		err := cmd.Start()
		r.cmd = cmd
		r.mu.Unlock()
		if err != nil {
			return o, err
		}
		err = cmd.Wait()
		o.CPU += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		if o.Exit = cmd.ProcessState.ExitCode(); o.Exit != 0 {
			break
		}
		if err != nil {
			return o, err
		}
	}
	o.Wall, o.text = time.Since(start).Seconds(), text.String()
	return o, whole.Err()
}

func (b *bench) environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.work, "TMPDIR=" + os.TempDir(), "LANG=C.UTF-8",
		"AWS_ACCESS_KEY_ID=" + accessKey, "AWS_SECRET_ACCESS_KEY=" + secretKey, "AWS_REGION=" + region,
		"RCLONE_CONFIG=", "RCLONE_CONFIG_S_TYPE=s3", "RCLONE_CONFIG_S_PROVIDER=Other", "RCLONE_CONFIG_S_ENV_AUTH=true",
		"RCLONE_CONFIG_S_REGION=" + region, "RCLONE_CONFIG_S_ENDPOINT=http://" + b.proxy.address}
}
