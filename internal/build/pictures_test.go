package build

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhendi/themes"
)

// camera is a photograph as a telephone writes it, lying on its side: EXIF says so, and where it was taken.
func camera(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{byte(x * 200 / w), byte(y * 200 / h), byte((x ^ y) & 63), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPS 东经116度"
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(head, exif...), b.Bytes()[2:]...)
}

func pictureSite(t *testing.T) string {
	t.Helper()
	photo := camera(t, 1500, 1000)
	return makeSite(t, map[string]string{
		"site.yaml":                 "name: 云岫党建网\nbaseURL: https://t.example/\n",
		"content/yw/_index.md":      "---\ntitle: 要闻\nlayout: pictures\n---\n",
		"content/yw/a/index.md":     "---\ntitle: 甲\ndate: 2026-01-01\nsource: 本网\nflags: [hot]\n---\n\n![会场](tu.jpg)\n\n[下载](xia.jpg)\n",
		"content/yw/a/tu.jpg":       string(photo),
		"content/yw/a/xia.jpg":      string(photo[:len(photo)-2]) + "\xff\xd9", // the same picture once more
		"content/_static/other.jpg": string(camera(t, 300, 200)),
	})
}

// runSite builds a site without problems.
func runSite(t *testing.T, dir string) (Result, map[string]string) {
	t.Helper()
	opt := Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "test",
		Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), nil }}
	res, problems, err := Run(context.Background(), opt)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return res, readAll(t, opt.Out)
}

func TestPicturesAreResized(t *testing.T) {
	res, files := runSite(t, pictureSite(t))
	if res.Pictures != 2 {
		t.Errorf("%d pictures were decoded", res.Pictures)
	}
	srcset := regexp.MustCompile(`<img src="(?:/_pictures/[a-z2-7]{12}-1000.jpg|/yw/a/tu.jpg)" alt="会场" width="1000" height="1500" srcset="(/_pictures/[a-z2-7]{12}-320.jpg) 320w, [^"]*" sizes="[^"]+" fetchpriority="high">`).FindStringSubmatch(files["yw/2026/a.html"])
	if srcset == nil {
		t.Fatalf("no picture with its widths: %s", regexp.MustCompile(`<img[^>]*>`).FindAllString(files["yw/2026/a.html"], -1))
	}
	for _, name := range []string{"yw/index.html", "_site/hot.json"} {
		if !strings.Contains(files[name], srcset[1]) {
			t.Errorf("%s does not show the picture in its smallest width", name)
		}
	}
	if s := files["feed.xml"]; strings.Contains(s, "srcset") || !strings.Contains(s, `src="https://t.example/`) && !strings.Contains(s, `src=&#34;https://t.example/`) {
		t.Error("the feed has no absolute address, or srcset")
	}
	count := 0
	for name, b := range files {
		if filepath.Ext(name) != ".jpg" {
			continue
		}
		count++
		cfg, err := jpeg.DecodeConfig(strings.NewReader(b))
		if err != nil || strings.Contains(b, "Exif") || strings.Contains(b, "GPS") || cfg.Width > cfg.Height {
			t.Errorf("%s: %d by %d, %v; EXIF: %v", name, cfg.Width, cfg.Height, err, strings.Contains(b, "Exif"))
		}
	}
	if count < 5 || files["other.jpg"] == "" {
		t.Errorf("%d pictures", count)
	}
}

// What is unchanged is not decoded again, wherever it is; what nobody shows any more leaves the cache.
func TestPicturesAreDecodedOnce(t *testing.T) {
	dir := pictureSite(t)
	_, clean := runSite(t, dir)
	steps := []struct {
		name string
		do   func() error
		want int
	}{
		{"nothing", func() error { return nil }, 0},
		{"a fresh output", func() error { return os.RemoveAll(filepath.Join(dir, "public")) }, 0},
		{"a text", func() error {
			return os.WriteFile(filepath.Join(dir, "content/yw/b.md"), []byte("---\ntitle: 乙\ndate: 2026-02-01\nsource: 本网\n---\n\n文\n"), 0o644)
		}, 0},
		{"a picture moved", func() error {
			return os.Rename(filepath.Join(dir, "content/_static/other.jpg"), filepath.Join(dir, "content/_static/third.jpg"))
		}, 0},
		{"no cache and no output", func() error {
			for _, d := range []string{CacheDir, "public", "content/yw/b.md", "content/_static/third.jpg"} {
				if err := os.RemoveAll(filepath.Join(dir, d)); err != nil {
					return err
				}
			}
			return os.WriteFile(filepath.Join(dir, "content/_static/other.jpg"), camera(t, 300, 200), 0o644)
		}, 2},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatal(err)
		}
		res, files := runSite(t, dir)
		if res.Pictures != s.want {
			t.Errorf("%s: %d pictures were decoded, want %d", s.name, res.Pictures, s.want)
		}
		if s.want == 2 && !maps.Equal(files, clean) {
			t.Errorf("%s: another site", s.name)
		}
	}
	before, _ := filepath.Glob(filepath.Join(dir, CacheDir, "pictures", "*"))
	if err := os.Remove(filepath.Join(dir, "content/_static/other.jpg")); err != nil {
		t.Fatal(err)
	}
	runSite(t, dir)
	if after, _ := filepath.Glob(filepath.Join(dir, CacheDir, "pictures", "*")); len(after) >= len(before) || len(after) == 0 {
		t.Errorf("the cache had %d files and has %d", len(before), len(after))
	}
}

// A file that is no picture is a problem where it is shown, and nothing is written.
func TestPicturesThatAreNone(t *testing.T) {
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(bomb.Bytes()[16:], 60000)
	binary.BigEndian.PutUint32(bomb.Bytes()[20:], 60000)
	photo := string(camera(t, 300, 200))
	for _, c := range []struct{ file, body, says string }{
		{"content/yw/a/tu.jpg", "<!DOCTYPE html>", "content/yw/a/index.md:7:1: [picture]"},
		{"content/yw/a/tu.jpg", photo[:len(photo)/2], "content/yw/a/index.md:7:1: [picture]"},
		{"content/yw/a/tu.jpg", bomb.String(), "content/yw/a/index.md:7:1: [picture-size]"},
		{"content/yw/a/xia.jpg", "", "content/yw/a/index.md:9:1: [picture]"},
		{"content/yw/a/ti.png", "text", "content/yw/a/index.md:5:8: [picture]"},
		{"content/_static/other.jpg", "text", "content/_static/other.jpg: [picture]"},
		{"content/_static/a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "content/_static/a.svg: [picture-active]"},
		{"content/_static/_pictures/a.jpg", photo, "content/_static/_pictures/a.jpg: [collision]"},
	} {
		files := map[string]string{
			"site.yaml":                 "name: 云岫党建网\nbaseURL: https://t.example/\n",
			"content/yw/_index.md":      "---\ntitle: 要闻\n---\n",
			"content/yw/a/index.md":     "---\ntitle: 甲\ndate: 2026-01-01\nsource: 本网\nimage: ti.png\n---\n![会场](tu.jpg)\n\n[下载](xia.jpg)\n",
			"content/yw/a/tu.jpg":       photo,
			"content/yw/a/xia.jpg":      photo,
			"content/yw/a/ti.png":       photo, // misnamed: a warning
			"content/_static/other.jpg": photo,
		}
		files[c.file] = c.body
		dir := makeSite(t, files)
		out, text := buildSite(t, dir, nil)
		var got []string
		for _, m := range regexp.MustCompile(`(?m)^(content\S*): error: .* (\[[a-z-]+\])$`).FindAllStringSubmatch(text, -1) {
			got = append(got, m[1]+": "+m[2])
		}
		if len(got) != 1 || got[0] != c.says {
			t.Errorf("%s: %s, want %s; %s", c.file, got, c.says, text)
		}
		if out["index.html"] != "" {
			t.Errorf("%s: the site was written", c.file)
		}
	}
}

// An attachment may hold the bytes of a picture under a name that is none's: the versions are the picture's.
func TestPictureThatIsAlsoAnAttachment(t *testing.T) {
	photo := string(camera(t, 1500, 1000))
	dir := makeSite(t, map[string]string{
		"site.yaml":            "name: 云岫党建网\nbaseURL: https://t.example/\n",
		"content/yw/_index.md": "---\ntitle: 要闻\n---\n",
		"content/yw/a.md":      page("甲", "![会场](tu.jpg)\n\n[原件](a.dat)"),
		"content/yw/tu.jpg":    photo, "content/yw/a.dat": photo,
	})
	_, files := runSite(t, dir)
	for _, m := range regexp.MustCompile(`/(_pictures/[^ "]+)`).FindAllStringSubmatch(files["yw/2026/a.html"], -1) {
		if files[m[1]] == "" {
			t.Errorf("no file %s", m[1])
		}
	}
}
