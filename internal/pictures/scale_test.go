package pictures

import (
	"crypto/sha256"
	"fmt"
	"image"
	"testing"

	"golang.org/x/image/draw"
)

// The bytes of versions are the same everywhere, and from run to run. If this fails because Make was changed, change
// settings and the sums here; if it fails on one machine only, the arithmetic is not on integers any more.
func TestVersionsAreThese(t *testing.T) {
	for name, c := range map[string]struct {
		r    raster
		want string
	}{
		"colour": {rasterOf(photograph(640, 480)).scaled(320, 240), "98e739a22d50cd89"},
		"odd":    {rasterOf(photograph(641, 479)).scaled(97, 73), "3c9decce0ac9413d"},
		"one":    {rasterOf(photograph(640, 480)).scaled(1, 1), "f592a34b12fd82bb"},
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256(c.r[0].pix))[:16]; got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// An even colour stays what it is, whatever the sizes.
func TestScaleKeepsEvenColours(t *testing.T) {
	for _, n := range []int{1, 4} {
		for _, size := range [][4]int{{10, 10, 3, 7}, {1000, 3, 1, 1}, {17, 19, 16, 18}, {5, 5, 9, 11}, {1, 1, 1, 4}} {
			p := newPlane(size[0], size[1], n)
			for i := range p.pix {
				p.pix[i] = 201
			}
			for i, v := range scale(p, size[2], size[3]).pix {
				if v != 201 {
					t.Fatalf("%v: sample %d is %d", size, i, v)
				}
			}
		}
	}
}

// The result is that of the same kernel in floating point.
func TestScaleAgainstPeer(t *testing.T) {
	src := quarters(403, 301)
	copy(src.Pix[4*403*100:], photograph(403, 100).Pix)
	for _, w := range []int{402, 320, 201, 64, 7} {
		h := w * 3 / 4
		want := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.CatmullRom.Scale(want, want.Rect, src, src.Rect, draw.Src, nil)
		got := rasterOf(src).scaled(w, h)[0]
		worst, sum := 0, 0
		for i, v := range want.Pix {
			d := max(int(v)-int(got.pix[i]), int(got.pix[i])-int(v))
			worst, sum = max(worst, d), sum+d
		}
		if mean := float64(sum) / float64(len(want.Pix)); worst > 8 || mean > 0.6 {
			t.Errorf("%d wide: differs by %d at most, %.2f on average", w, worst, mean)
		}
	}
}

func BenchmarkMake(b *testing.B) {
	for _, c := range []struct{ w, h int }{{1280, 960}, {4000, 3000}} {
		b.Run(fmt.Sprintf("JPEG-%dx%d", c.w, c.h), func(b *testing.B) {
			src := jpegOf(b, photograph(c.w, c.h))
			for b.Loop() {
				mustMake(b, mustRead(b, "a.jpg", src))
			}
			b.ReportMetric(float64(c.w*c.h)*float64(b.N)/1e6/b.Elapsed().Seconds(), "Mpixel/s")
		})
	}
	b.Run("PNG-1280x960", func(b *testing.B) {
		src := pngOf(b, quarters(1280, 960))
		for b.Loop() {
			mustMake(b, mustRead(b, "a.png", src))
		}
	})
}

func BenchmarkScale(b *testing.B) {
	src := photograph(4000, 3000)
	r := rasterOf(src)
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			r.scaled(1920, 1440)
		}
	})
	b.Run("x-image-draw", func(b *testing.B) {
		for b.Loop() {
			dst := image.NewRGBA(image.Rect(0, 0, 1920, 1440))
			draw.CatmullRom.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	src := jpegOf(b, photograph(4000, 3000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		mustRead(b, "a.jpg", src).Clean()
	}
}
