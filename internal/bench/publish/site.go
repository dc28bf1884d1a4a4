//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// variant is a state of the portal: its sources and what zhendi built of them.
type variant struct {
	name   string
	source string
	out    string
	files  map[string]sum
	bytes  int64
	pages  int // that a reader reaches from the home page
}

// change makes a variant of another by editing a copy of its sources.
type change struct {
	name, of string
	edit     func(b *bench, dir string) error
}

// The variants, oldest first: their serials count up. Article numbers count from the newest.
var changes = []change{
	{"first", "", func(*bench, string) error { return nil }},
	{"edited", "first", func(b *bench, dir string) error { return replace(article(dir, 30), "\n## ", "\n本报讯。\n\n## ") }},
	{"same size", "first", func(b *bench, dir string) error { return replace(article(dir, 31), "，", "；") }},
	{"withdrawn", "first", withdraw},
	{"renamed", "first", func(b *bench, dir string) error {
		from := article(dir, 33)
		to := strings.TrimSuffix(from, ".md") + "-new.md"
		if err := replace(from, "---\n", "---\naliases: ["+addressOf(b, dir, from)+"]\n"); err != nil {
			return err
		}
		return os.Rename(from, to)
	}},
	{"theme", "first", func(b *bench, dir string) error { return restyle(b, dir, "body{letter-spacing:.02em}") }},
	{"release", "first", release},
	{"half", "first", func(b *bench, dir string) error {
		for i, name := range articles(dir) {
			if i%2 == 0 {
				if err := os.Remove(name); err != nil {
					return err
				}
			}
		}
		return nil
	}},
}

// withdraw takes an article back.
func withdraw(b *bench, dir string) error {
	return replace(article(dir, 2), "---\n", "---\nstatus: withdrawn\n")
}

// restyle changes the theme's style, and with its name every page.
func restyle(b *bench, dir, rule string) error {
	css, err := os.ReadFile(b.bin["assets"] + "/site.css")
	if err != nil {
		return err
	}
	to := filepath.Join(dir, "themes", "default", "assets", "site.css")
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, append(css, rule...), 0o644))
}

// release changes the theme; one article is edited, one added, one withdrawn.
func release(b *bench, dir string) error {
	added := filepath.Join(filepath.Dir(article(dir, 0)), addedName+".md")
	return errors.Join(restyle(b, dir, "body{letter-spacing:.01em}"), replace(article(dir, 30), "\n## ", "\n本报讯。\n\n## "), withdraw(b, dir),
		os.WriteFile(added, []byte("---\ntitle: 关于召开座谈会的通知\ndate: 2026-09-24T09:00:00+08:00\nsource: 示例党建网\n---\n\n会议定于下周召开。\n"), 0o644))
}

// addedName is the file of the article that release adds, without its ending.
const addedName = "t20260924_added"

// makeVariants builds all of them. Files that two have in common are one on disk, so that a few hundred megabytes
// of memory are enough.
func (b *bench) makeVariants() error {
	b.variants, b.pages = map[string]*variant{}, newLibrary()
	for i, c := range changes {
		fmt.Fprintln(b.log, "building:", c.name)
		v := &variant{name: c.name, source: filepath.Join(b.work, "source", c.name), out: filepath.Join(b.work, "out", c.name)}
		var err error
		if c.of == "" {
			err = b.makeSite(v.source)
		} else if err = os.MkdirAll(filepath.Dir(v.source), 0o755); err == nil {
			err = command("cp", "-al", b.variants[c.of].source, v.source)
		}
		if err == nil {
			err = c.edit(b, v.source)
		}
		if err == nil {
			err = command(b.bin["zhendi"], "build", "--source", v.source, "--out", v.out, "--serial", strconv.Itoa(i+1), "--now", "2026-10-01")
		}
		if err == nil {
			v.files, v.bytes, err = walk(v.out)
		}
		if err != nil {
			return fmt.Errorf("variant %s: %w", c.name, err)
		}
		if err := v.stamp(i); err != nil {
			return err
		}
		b.variants[c.name] = v
		if c.of != "" {
			if err := share(b.variants[c.of], v); err != nil {
				return err
			}
		}
		if err := b.pages.learn(v); err != nil {
			return err
		}
		if v.pages, _, _, err = b.browse(v.out, v.files); err != nil {
			return err
		}
	}
	return nil
}

// stamp gives the files of a build a time, later by an hour for each variant.
func (v *variant) stamp(i int) error {
	at := time.Date(2026, 10, 1, 8+i, 0, 0, 0, time.UTC)
	for p := range v.files {
		if err := os.Chtimes(filepath.Join(v.out, p), at, at); err != nil {
			return err
		}
	}
	return nil
}

// share makes the files that are the same in both one file.
func share(from, to *variant) error {
	for path, s := range to.files {
		if from.files[path] != s {
			continue
		}
		name := filepath.Join(to.out, path)
		if err := errors.Join(os.Remove(name), os.Link(filepath.Join(from.out, path), name)); err != nil {
			return err
		}
	}
	return nil
}

// makeSite generates the articles, and a small picture at each address they name.
func (b *bench) makeSite(dir string) error {
	if err := command(b.bin["corpus"], "-n", strconv.Itoa(b.articles), "-mode", "mixed", "-out", dir); err != nil {
		return err
	}
	config := fmt.Sprintf("name: 示例党建网\nbaseURL: https://bench.example/\ntargets:\n  www:\n    s3: {endpoint: \"http://%s\", bucket: %s}\n  checked:\n    s3: {endpoint: \"http://%s\", bucket: %s}\n    keep: [form/]\n", b.proxy.address, bucket, b.proxy.address, bucket)
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), []byte(config), 0o644); err != nil {
		return err
	}
	img := image.NewGray(image.Rect(0, 0, 64, 40))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8(i)}.Y
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, img, nil); err != nil {
		return err
	}
	content := filepath.Join(dir, "content")
	return filepath.WalkDir(content, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, at := range uploads.FindAll(text, -1) {
			to := filepath.Join(content, "_static", string(at))
			if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, picture.Bytes(), 0o644)); err != nil {
				return err
			}
		}
		return os.WriteFile(name, unused.ReplaceAll(text, nil), 0o644)
	})
}

var (
	unused  = regexp.MustCompile(`(?m)^(?:column|script): .*\n`)
	uploads = regexp.MustCompile(`/uploads/[^") ]*`)
	numbers = regexp.MustCompile(`/t\d{8}_(\d+)\.md$`)
)

// articles lists the articles' files, the newest first.
func articles(dir string) []string {
	byNumber := map[int]string{}
	most := 0
	filepath.WalkDir(filepath.Join(dir, "content"), func(name string, d fs.DirEntry, err error) error {
		if m := numbers.FindStringSubmatch(name); m != nil {
			n, _ := strconv.Atoi(m[1])
			byNumber[n], most = name, max(most, n)
		}
		return nil
	})
	var out []string
	for n := most; n >= 0; n-- {
		if byNumber[n] != "" {
			out = append(out, byNumber[n])
		}
	}
	return out
}

func article(dir string, n int) string { return articles(dir)[n] }

// addressOf is where the page of an article is, by its name among the pages of the first variant.
func addressOf(b *bench, dir, name string) string {
	page := strings.TrimSuffix(filepath.Base(name), ".md") + ".html"
	for path := range b.variants["first"].files {
		if filepath.Base(path) == page {
			return "/" + path
		}
	}
	panic("publish: no page of " + name)
}

// replace edits a file, of which others are links.
func replace(name, old, with string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if !bytes.Contains(text, []byte(old)) {
		return fmt.Errorf("%s: no %q in it", name, old)
	}
	return errors.Join(os.Remove(name), os.WriteFile(name, bytes.Replace(text, []byte(old), []byte(with), 1), 0o644))
}

func command(args ...string) error {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
