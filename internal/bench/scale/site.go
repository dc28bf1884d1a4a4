//go:build linux

package main

import (
	"bytes"
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
)

// The folders of a workspace: site is zhendi's; mixed/content and pair/content-hans, -hant are
// the peer's articles; peer is its portal; out, cache its output.

const siteConfig = "name: 示例党建网\nbaseURL: https://bench.example/\n"

// makeSite generates the articles. Four in five are simplified. Columns and scripts are not named
// in the front matter, as zhendi reads them from folders and text. Pictures are made, one small
// JPEG at each address.
func (m *measurement) makeSite() error {
	m.say("generating")
	if err := m.generate("mixed", m.path("site")); err != nil {
		return err
	}
	picture, err := jpegOf(64, 40)
	if err != nil {
		return err
	}
	content := m.path("site", "content")
	return filepath.WalkDir(content, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, unused.ReplaceAll(b, nil), 0o644); err != nil {
			return err
		}
		for _, at := range uploads.FindAll(b, -1) {
			to := filepath.Join(content, "_static", string(at))
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(to, picture, 0o644); err != nil {
				return err
			}
		}
		return nil
	})
}

var (
	unused  = regexp.MustCompile(`(?m)^(?:column|script): .*\n`)
	uploads = regexp.MustCompile(`/uploads/[^") ]*`)
)

func (m *measurement) generate(mode, out string) error {
	return command(m.corpus, "-n", strconv.Itoa(m.articles), "-mode", mode, "-out", out)
}

// configure writes site.yaml for one or two editions.
func (m *measurement) configure(editions int) error {
	text := siteConfig
	if editions == 2 {
		text += "editions: [zh-Hans, zh-Hant]\n"
	}
	return os.WriteFile(m.path("site", "site.yaml"), []byte(text), 0o644)
}

// makePeer makes the peer's portal and articles: the same ones in one edition, each in both
// scripts in two.
func (m *measurement) makePeer(editions int) error {
	if err := m.toss(m.path("peer"), m.path("mixed"), m.path("pair")); err != nil {
		return err
	}
	if err := os.CopyFS(m.path("peer"), os.DirFS(m.hugoSite)); err != nil {
		return err
	}
	mode := "mixed"
	if editions == 2 {
		mode = "pair"
	}
	if err := m.generate(mode, m.path(mode)); err != nil {
		return err
	}
	words := strings.NewReplacer("@ASSETS@", m.assets, "@UPLOADS@", m.path("site", "content", "_static"),
		"@HANS@", m.path("pair", "content-hans"), "@HANT@", m.path("pair", "content-hant"))
	for _, name := range []string{"hugo.toml", "two.toml"} {
		b, err := os.ReadFile(m.path("peer", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(m.path("peer", name), []byte(words.Replace(string(b))), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func command(args ...string) error {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// jpegOf returns a picture.
func jpegOf(width, height int) ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8(i)}.Y
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, nil)
	return b.Bytes(), err
}
