package output

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// look has a list, articles and a stale one, as a theme makes them.
func look(n string) site {
	return site{"_assets/" + n + ".css": "css", "index.html": "home " + n, "党建/index.html": "list " + n, "党建/1.html": "one " + n,
		"党建/2025/2.html": "two " + n, "党建/kept.jpg": "picture", "党建/old/" + n + ".html": "only here"}
}

var lookForeign = site{"CNAME": "mine", "党建/own.txt": "mine", "党建/2025/deep/own.txt": "mine", "_views/0.json": "{}"}

// exchanged builds one look over another, disturbed, and returns how many folders were exchanged.
func exchanged(t *testing.T, dir string, disturb func(o *ops)) (times int) {
	t.Helper()
	write(t, dir, lookForeign)
	if _, err := build(t, system(), dir, look("a")); err != nil {
		t.Fatal(err)
	}
	sys := system()
	if disturb != nil {
		disturb(&sys)
	}
	real := sys.exchange
	sys.exchange = func(a, b string) error {
		err := real(a, b)
		if err == nil {
			times++
		}
		return err
	}
	if _, err := buildBy(t, sys, dir, look("b"), 1); err != nil {
		t.Fatal(err)
	}
	return times
}

func TestMostOfASiteIsExchangedByFolders(t *testing.T) {
	if !exchanges {
		t.Skip("this system cannot exchange folders")
	}
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, dir string)
		disturb func(o *ops)
		want    int
	}{
		{name: "plain", want: 2},
		{name: "no hard links", disturb: func(o *ops) { o.link = func(_, _ string) error { return syscall.EPERM } }},
		{name: "no exchange", disturb: func(o *ops) { o.exchange = func(_, _ string) error { return syscall.EINVAL } }},
		{name: "a link of somebody's", want: 1, prepare: func(t *testing.T, dir string) {
			if err := os.Symlink("own.txt", filepath.Join(dir, "党建/link")); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "other permissions", want: 1, prepare: func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "党建/2025"), 0o700); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, lookForeign)
			if _, err := build(t, system(), dir, look("a")); err != nil {
				t.Fatal(err)
			}
			if c.prepare != nil {
				c.prepare(t, dir)
			}
			own := inodeOf(t, filepath.Join(dir, "党建/2025/deep/own.txt"))
			times := exchanged(t, dir, c.disturb)
			if _, err := os.Lstat(filepath.Join(dir, "党建/link")); c.name == "a link of somebody's" && err != nil {
				t.Error(err)
			}
			os.Remove(filepath.Join(dir, "党建/link"))
			wantTree(t, dir, look("b"), lookForeign)
			if inodeOf(t, filepath.Join(dir, "党建/2025/deep/own.txt")) != own {
				t.Error("a foreign file is another")
			}
			if times != c.want {
				t.Errorf("%d folders were exchanged, want %d", times, c.want)
			}
		})
	}
}

func inodeOf(t *testing.T, name string) uint64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return inode(info)
}

// What others write while we are at it is not lost: between the reading of a folder and its exchange they
// may add a file or replace theirs.
func TestExchangeTakesOverWhatComesMeanwhile(t *testing.T) {
	if !exchanges {
		t.Skip("this system cannot exchange folders")
	}
	dir := t.TempDir()
	late := maps.Clone(lookForeign)
	late["党建/own.txt"], late["党建/late.txt"], late["党建/late/a/b.txt"] = "mine, changed", "new", "new"
	times := exchanged(t, dir, func(o *ops) {
		real := o.exchange
		o.exchange = func(a, b string) error {
			if strings.HasSuffix(b, "党建") {
				os.Remove(filepath.Join(dir, "党建/own.txt"))
				write(t, dir, site{"党建/own.txt": "mine, changed", "党建/late.txt": "new", "党建/late/a/b.txt": "new"})
			}
			return real(a, b)
		}
	})
	if times == 0 {
		t.Fatal("nothing was exchanged")
	}
	wantTree(t, dir, look("b"), late)
}

// An output that is a link or lies in a folder that cannot be written to is exchanged all the same.
func TestExchangeBehindALink(t *testing.T) {
	top := t.TempDir()
	real, link := filepath.Join(top, "real"), filepath.Join(top, "link")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", link); err != nil {
		t.Fatal(err)
	}
	before := inodeOf(t, real)
	times := exchanged(t, link, nil)
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 || inodeOf(t, real) != before {
		t.Errorf("%v, %v: the output is another folder", info, err)
	}
	if exchanges && times == 0 {
		t.Error("nothing was exchanged")
	}
	wantTree(t, real, look("b"), lookForeign)
}
