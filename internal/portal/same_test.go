package portal

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zhendi/internal/build"
)

// program builds the command once.
func program(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(scratch, "zhendi")
	if _, err := os.Stat(bin); err == nil {
		return bin
	}
	goTool, err := exec.LookPath("go")
	need(t, err == nil, "the go command", "tests of the command as a process")
	cmd := exec.Command(goTool, "build", "-o", bin, "./cmd/zhendi")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// Two clean builds of the program give the same bytes, manifest included, whatever the number
// of cores, the zone and locale of the machine, the folder it is run in, where the site is,
// what its files' times are and where the output goes.
func TestSameBytesAnywhere(t *testing.T) {
	bin := program(t)
	site, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(t.TempDir(), "另一个 文件夹")
	for _, part := range []string{"content", "site.yaml"} {
		copyTree(t, filepath.Join(site, part), filepath.Join(moved, part))
	}
	run := func(dir string, env []string, args ...string) map[string][]byte {
		t.Helper()
		cmd := exec.Command(bin, append([]string{"build", "--now", now, "--serial", "7"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool {
			return strings.HasPrefix(e, "LC_") || strings.HasPrefix(e, "LANG") || strings.HasPrefix(e, "TZ=") || strings.HasPrefix(e, "SOURCE_DATE_EPOCH=")
		}), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v %v: %v\n%s", env, args, err, out)
		}
		out := args[slices.Index(args, "--out")+1]
		if !filepath.IsAbs(out) {
			out = filepath.Join(dir, out)
		}
		return tree(t, out)
	}
	want := run(site, []string{"GOMAXPROCS=1", "TZ=UTC", "LANG=C"}, "--out", t.TempDir())
	for _, v := range []struct {
		name string
		got  map[string][]byte
	}{
		{"8 cores, Los Angeles, English", run(moved, []string{"GOMAXPROCS=8", "TZ=America/Los_Angeles", "LANG=en_US.UTF-8", "SOURCE_DATE_EPOCH=1"}, "--out", "生成 的")},
		{"3 cores, Chatham, Chinese", run(os.TempDir(), []string{"GOMAXPROCS=3", "TZ=Pacific/Chatham", "LANG=zh_CN.GB18030", "LC_ALL=zh_CN.GB18030"}, "--source", moved, "--out", t.TempDir())},
		{"2 cores, with what the last but one remembered", run(moved, []string{"GOMAXPROCS=2", "TZ=Asia/Tokyo", "LANG=ja_JP.UTF-8"}, "--out", "生成 的")},
		{"1 core, with the memory of another output", run(moved, []string{"GOMAXPROCS=1", "TZ=UTC", "LC_ALL=tr_TR.UTF-8"}, "--out", t.TempDir())},
	} {
		sameTree(t, v.name, want, v.got)
	}
	if len(want) < 50 {
		t.Errorf("only %d files", len(want))
	}
}

// copyTree copies a file or folder; the copies have other times.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if st, err := os.Stat(from); err != nil {
		t.Fatal(err)
	} else if !st.IsDir() {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Dir(to), filepath.Base(to), string(b))
		return
	}
	for path, b := range tree(t, from) {
		write(t, to, path, string(b))
		old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(to, path), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

// The time of a build selects and is never printed: at the two ends of a stretch in which
// nothing comes or goes, the bytes are the same.
func TestTimeIsNeverPrinted(t *testing.T) {
	from, until := quiet(t, root)
	const layout = "2006-01-02 15:04:05"
	if until.Sub(from) < 2*time.Second {
		t.Fatalf("nothing between %s and %s", from, until)
	}
	var outs []map[string][]byte
	for _, at := range []time.Time{from, until.Add(-time.Second)} {
		out := t.TempDir()
		mustBuild(t, options(root, out, at.Format(layout)))
		outs = append(outs, tree(t, out))
	}
	sameTree(t, "later", outs[0], outs[1])
	// And when something comes, the output is another one.
	out := t.TempDir()
	mustBuild(t, options(root, out, until.Format(layout)))
	if got := tree(t, out); string(got["_site/manifest.txt"]) == string(outs[0]["_site/manifest.txt"]) {
		t.Errorf("nothing changed at %s", until)
	}
}

// quiet returns the stretch around now in which no article of the site comes, goes or is
// no longer pinned: from an event to the next.
func quiet(t *testing.T, source string) (from, until time.Time) {
	t.Helper()
	opt := options(source, "", "1990-01-01")
	opt.Drafts, opt.Future, opt.Internal = true, true, true
	l, err := build.Load(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at, err := time.ParseInLocation("2006-01-02 15:04", now, l.Config.Zone)
	if err != nil {
		t.Fatal(err)
	}
	until = at.AddDate(50, 0, 0)
	for _, it := range l.Sites[0].Items {
		for _, e := range []time.Time{it.Date, it.PublishDate, it.ExpiryDate, it.PinUntil} {
			switch {
			case e.IsZero():
			case e.After(at) && e.Before(until):
				until = e
			case !e.After(at) && e.After(from):
				from = e
			}
		}
	}
	return from.In(l.Config.Zone), until.In(l.Config.Zone)
}
