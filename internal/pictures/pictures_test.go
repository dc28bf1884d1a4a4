package pictures

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"slices"
	"strings"
	"testing"

	"zhendi/internal/diag"
)

// What a camera, a phone or a drawing program wrote beside the pixels is in nothing that is published.
func TestMetadataGoes(t *testing.T) {
	photo := jpegOf(t, photograph(700, 500))
	jpg := withSegments(photo, segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x02\x02", secret), segment(0xe1, "Exif\x00\x00", string(exif(1))),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00", secret), segment(0xe2, "MPF\x00", secret), segment(0xed, "Photoshop 3.0\x00", secret), segment(0xfe, secret))
	jpg = append(append(jpg, photo...), secret...) // a second picture, as phones with depth maps have
	flat := pngOf(t, quarters(700, 500))
	cases := map[string][]byte{
		"a.jpg":  jpg,
		"a.png":  append(withChunks(flat, chunk("tEXt", []byte("Author\x00"+secret)), chunk("eXIf", exif(1)), chunk("tIME", []byte(secret)), chunk("zzZz", []byte(secret))), secret...),
		"a.webp": withMetadata(webpOf(t, webpLossy), 1), "b.webp": withMetadata(webpOf(t, webpAlpha), 6),
		"a.gif": film(t),
	}
	for name, b := range cases {
		if !bytes.Contains(b, []byte(secret)) {
			t.Fatalf("%s holds no secret", name)
		}
		p := mustRead(t, name, b)
		set := mustMake(t, p)
		published := [][]byte{p.Clean(), set.Upright}
		for _, v := range set.Versions {
			published = append(published, v.Body)
		}
		for i, out := range published {
			if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("sRGB")) {
				t.Errorf("%s: file %d tells the secret", name, i)
			}
		}
		again := mustRead(t, name, p.Clean())
		if !bytes.Equal(again.Clean(), p.Clean()) || again.Width != p.Width || again.Height != p.Height {
			t.Errorf("%s: cleaned twice it is another", name)
		}
		r1, err1 := mustRaster(p)
		r2, err2 := mustRaster(again)
		if err1 != nil || err2 != nil || p.Format != GIF && !slices.EqualFunc(r1, r2, func(a, b plane) bool { return bytes.Equal(a.pix, b.pix) }) {
			t.Errorf("%s: pixels changed: %v %v", name, err1, err2)
		}
	}
}

func mustRaster(p *Picture) (raster, error) {
	if p.Format == GIF {
		_, err := gif.DecodeAll(bytes.NewReader(p.Clean()))
		return nil, err
	}
	return p.decode()
}

// However the camera was held, the picture stands upright.
func TestUpright(t *testing.T) {
	upright := quarters(1000, 601)
	for o := 1; o <= 8; o++ {
		stored := lying(upright, o)
		for name, b := range map[string][]byte{
			"a.jpg": withSegments(jpegOf(t, stored), segment(0xe1, "Exif\x00\x00", string(exif(o)))),
			"a.png": withChunks(pngOf(t, stored), chunk("eXIf", exif(o))),
		} {
			p := mustRead(t, name, b)
			if p.Width != 1000 || p.Height != 601 {
				t.Fatalf("%s, orientation %d: %d by %d", name, o, p.Width, p.Height)
			}
			set := mustMake(t, p)
			own := set.Upright
			if o == 1 {
				if own != nil {
					t.Errorf("%s was turned", name)
				}
				own = p.Clean()
			}
			shown := append(slices.Clone(set.Versions), Version{1000, 601, "", own})
			if len(shown) < 2 {
				t.Fatalf("%s, orientation %d: no versions", name, o)
			}
			for _, v := range shown {
				for i, want := range []color.RGBA{{220, 0, 0, 255}, {0, 200, 0, 255}, {0, 0, 220, 255}, {255, 255, 255, 255}} {
					x, y := v.Width*(1+2*(i%2))/4, v.Height*(1+2*(i/2))/4
					if got := pixel(t, v.Body, x, y); !near(got, want, 12) {
						t.Errorf("%s, orientation %d, %d wide: quarter %d is %v, not %v", name, o, v.Width, i, got, want)
					}
				}
			}
			if bytes.Contains(own, []byte("Exif")) || bytes.Contains(own, []byte("eXIf")) {
				t.Errorf("%s, orientation %d: EXIF is left", name, o)
			}
		}
	}
	p := mustRead(t, "a.webp", withMetadata(webpOf(t, webpLossy), 6)) // keeps the orientation, since nobody can write it
	if p.Width != 48 || p.Height != 64 || mustRead(t, "a.webp", p.Clean()).Width != 48 {
		t.Errorf("WebP: %d by %d", p.Width, p.Height)
	}
}

func TestVersionsByWidth(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{{200, ""}, {330, ""}, {400, "320"}, {1000, "320 640 1000"}, {1300, "320 640 960 1300"}, {2000, "320 640 960 1280 1920"}, {2600, "320 640 960 1280 1920"}} {
		set := mustMake(t, mustRead(t, "a.jpg", jpegOf(t, photograph(c.width, c.width/2))))
		var got []string
		for _, v := range set.Versions {
			got = append(got, fmt.Sprint(v.Width))
			cfg, format, err := image.DecodeConfig(bytes.NewReader(v.Body))
			if err != nil || cfg.Width != v.Width || cfg.Height != v.Height || "."+format != strings.Replace(v.Ext, "jpg", "jpeg", 1) {
				t.Errorf("%d: version says %d by %d %s; is %v %s %v", c.width, v.Width, v.Height, v.Ext, cfg, format, err)
			}
			if d := v.Height*c.width - v.Width*(c.width/2); d > c.width || d < -c.width {
				t.Errorf("%d: a version is %d by %d", c.width, v.Width, v.Height)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%d wide: versions %s, want %s", c.width, s, c.want)
		}
	}
}

// A version that is no smaller than a wider one helps nobody: charts in few colours grow when resized.
func TestNoVersionLargerThanThePicture(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 1200, 900), color.Palette{color.White, color.Black})
	for y := range 900 {
		for x := range 1200 {
			m.SetColorIndex(x, y, uint8((x/2+y/2)&1))
		}
	}
	p := mustRead(t, "a.png", pngOf(t, m))
	last := len(p.src)
	for _, v := range slices.Backward(mustMake(t, p).Versions) {
		if len(v.Body) >= last {
			t.Errorf("%d wide: %d bytes, the next wider has %d", v.Width, len(v.Body), last)
		}
		last = len(v.Body)
	}
}

func TestFormatOfVersions(t *testing.T) {
	glass := photograph(800, 600)
	for i := 3; i < len(glass.Pix); i += 8 {
		glass.Pix[i-3], glass.Pix[i-2], glass.Pix[i-1], glass.Pix[i] = 0, 0, 0, 0
	}
	grey := image.NewGray(image.Rect(0, 0, 800, 600))
	for c, want := range map[string]struct {
		b   []byte
		ext string
	}{
		"photograph": {pngOf(t, photograph(800, 600)), ".jpg"},
		"glass":      {pngOf(t, glass), ".png"},
		"quarters":   {pngOf(t, quarters(800, 600)), ".png"},
		"grey JPEG":  {jpegOf(t, grey), ".jpg"},
	} {
		set := mustMake(t, mustRead(t, "a", want.b))
		if len(set.Versions) == 0 {
			t.Errorf("%s: no versions", c)
		}
		for _, v := range set.Versions {
			if v.Ext != want.ext {
				t.Errorf("%s: version is %s", c, v.Ext)
			}
		}
	}
}

// Samples of WebP go from 16 to 235.
func TestWebPColours(t *testing.T) {
	for name, s := range map[string]string{"lossy": webpLossy, "alpha": webpAlpha} {
		r, err := mustRead(t, "a.webp", webpOf(t, s)).decode()
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []color.RGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {204, 0, 0, 255}, {136, 136, 136, 255}} {
			if c := color.RGBAModel.Convert(r.image().At(8+16*i, 8)).(color.RGBA); !near(c, want, 8) {
				t.Errorf("%s: column %d is %v, not %v", name, i, c, want)
			}
		}
		if a := r.opaque(); a != (name == "lossy") {
			t.Errorf("%s: opaque %v", name, a)
		}
	}
}

func TestColourProfile(t *testing.T) {
	wide, srgb, cmyk := profile("RGB ", "Display P3"), profile("RGB ", "sRGB IEC61966-2.1"), profile("CMYK", "Coated")
	photo, flat := jpegOf(t, photograph(700, 500)), pngOf(t, quarters(700, 500))
	iccp := func(icc []byte) []byte { return withChunks(flat, iccChunk(icc)) }
	for name, c := range map[string]struct {
		b    []byte
		kept bool
	}{
		"P3.jpg": {withSegments(photo, iccSegments(wide)), true}, "sRGB.jpg": {withSegments(photo, iccSegments(srgb)), false},
		"CMYK.jpg": {withSegments(photo, iccSegments(cmyk)), false}, "huge.jpg": {withSegments(photo, iccSegments(append(wide, make([]byte, maxProfile)...))), false},
		"P3.png": {iccp(wide), true}, "sRGB.png": {iccp(srgb), false},
	} {
		p := mustRead(t, name, c.b)
		set := mustMake(t, p)
		for _, b := range append([][]byte{p.Clean()}, set.Versions[0].Body, set.Versions[len(set.Versions)-1].Body) {
			q := mustRead(t, name, b)
			if (q.profile != nil) != c.kept || c.kept && !bytes.Equal(q.profile, wide) {
				t.Errorf("%s: profile kept: %v", name, q.profile != nil)
			}
			if _, err := q.decode(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What is no picture, is damaged or would take too much is a problem that says what to do.
func TestProblems(t *testing.T) {
	photo, flat := jpegOf(t, photograph(400, 300)), pngOf(t, photograph(400, 300))
	huge := bytes.Clone(flat)
	binary.BigEndian.PutUint32(huge[16:], 64000)
	binary.BigEndian.PutUint32(huge[20:], 64000)
	sof := bytes.Index(photo, []byte{0xff, 0xc0})
	tall := bytes.Clone(photo)
	copy(tall[sof+5:], "\xff\xdc\xff\xdc")
	sos := bytes.Index(photo, []byte{0xff, 0xda})
	scans := bytes.Join([][]byte{photo[:sos], bytes.Repeat(photo[sos:sos+14], maxScans+1), photo[sos:]}, nil)
	arithmetic := bytes.Clone(photo)
	arithmetic[sof+1] = 0xc9
	noSize := bytes.Clone(photo)
	copy(noSize[sof+5:], "\x00\x00")
	wrong := bytes.Clone(flat)
	wrong[len(wrong)/2] ^= 0xff
	bigWebP := bytes.Clone(webpOf(t, webpLossy))
	copy(bigWebP[24:], "\xff\xff\xff\xff\xff\xff")
	for name, c := range map[string]struct {
		b    []byte
		rule string
		says string
	}{
		"empty.jpg": {nil, "picture", "empty"}, "page.jpg": {[]byte("<!DOCTYPE html><html>"), "picture", "web page"},
		"a.heic": {[]byte("\x00\x00\x00\x18ftypheic"), "picture", "iPhone"}, "a.avif": {[]byte("\x00\x00\x00\x18ftypavif"), "picture", "AVIF"},
		"a.bmp": {[]byte("BM123"), "picture", "BMP"}, "a.tif": {[]byte("II*\x00"), "picture", "TIFF"}, "text.png": {[]byte("一段文字"), "picture", "not known"},
		"pointer.jpg": {[]byte("version https://git-lfs.github.com/spec/v1\n"), "picture", "LFS"},
		"half.jpg":    {photo[:len(photo)/2], "picture", "damaged"}, "half.png": {flat[:len(flat)/2], "picture", "too early"},
		"half.webp": {webpOf(t, webpLossy)[:500], "picture", "too early"}, "half.gif": {film(t)[:40], "picture", "too early"},
		"head.jpg": {photo[:30], "picture", "too early"}, "wrong.png": {wrong, "picture", "damaged"},
		"huge.png": {huge, "picture-size", "64000×64000"}, "tall.jpg": {tall, "picture-size", "65500×65500"}, "big.webp": {bigWebP, "picture-size", "16777216"},
		"scans.jpg": {scans, "picture", "scans"}, "arithmetic.jpg": {arithmetic, "picture", "browsers do not know"}, "flat.jpg": {noSize, "picture", "zero"},
		"large.jpg": {append(bytes.Clone(photo), make([]byte, maxBytes)...), "picture-size", "64 MB"},
	} {
		p, problem := Read(name, c.b)
		if problem == nil {
			_, problem = p.Make()
		}
		switch {
		case problem == nil:
			t.Errorf("%s passes", name)
		case problem.Rule.ID != c.rule || problem.Rule.Severity != diag.Error || !strings.Contains(problem.Message(diag.EN), c.says) || !strings.Contains(problem.Message(diag.EN), name):
			t.Errorf("%s: %s [%s]", name, problem.Message(diag.EN), problem.Rule.ID)
		case problem.Fix(diag.ZH) == "" || problem.Fix(diag.EN) == "" || strings.Contains(problem.Message(diag.ZH)+problem.Fix(diag.ZH), "%!"):
			t.Errorf("%s: %s: %s", name, problem.Message(diag.ZH), problem.Fix(diag.ZH))
		}
	}
}

// Phones leave out the end marker; browsers do not mind.
func TestMissingEnd(t *testing.T) {
	photo := jpegOf(t, photograph(400, 300))
	p := mustRead(t, "a.jpg", photo[:len(photo)-2])
	if mustMake(t, p); !bytes.HasSuffix(p.Clean(), []byte{0xff, 0xd9}) {
		t.Error("the end is not mended")
	}
}

func TestNames(t *testing.T) {
	set := mustMake(t, mustRead(t, "a.jpg", jpegOf(t, photograph(40, 30))))
	for _, name := range []string{"a.jpg", "a.JPEG", "图/a.jpg"} {
		if list := set.Warnings(name); len(list) != 0 {
			t.Errorf("%s: %s", name, list[0].Message(diag.EN))
		}
	}
	if list := set.Warnings("a.png"); len(list) != 1 || list[0].Rule.Severity != diag.Warning || !strings.Contains(list[0].Fix(diag.EN), ".jpg") {
		t.Error("a.png is JPEG, and nobody says so")
	}
	set.Plain = "odd"
	if list := set.Warnings("a.jpg"); len(list) != 1 || list[0].Rule.Severity != diag.Warning {
		t.Error("a picture cannot be resized, and nobody says so")
	}
	for name, want := range map[string]bool{"a.JPG": true, "a.svg": true, "a.heic": true, "a.pdf": false, "jpg": false} {
		if Named(name) != want {
			t.Errorf("Named(%q) is %v", name, !want)
		}
	}
}

// An animation stays one.
func TestFilm(t *testing.T) {
	p := mustRead(t, "a.gif", film(t))
	g, err := gif.DecodeAll(bytes.NewReader(p.Clean()))
	if err != nil || len(g.Image) != 2 || g.Delay[1] != 20 || g.LoopCount != 0 {
		t.Errorf("%v: %d frames", err, len(g.Image))
	}
	if set := mustMake(t, p); len(set.Versions) != 0 || !p.animated {
		t.Error("it has versions")
	}
}
