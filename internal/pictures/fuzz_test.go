package pictures

import (
	"bytes"
	"testing"
)

// Whatever bytes are read: no panic, sizes within the limits, and what is published is read as the same
// picture.
func FuzzRead(f *testing.F) {
	small := photograph(33, 21)
	for _, b := range [][]byte{
		withSegments(jpegOf(f, small), segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00"), segment(0xe1, "Exif\x00\x00", string(exif(6))), iccSegments(profile("RGB ", "P3"))),
		withChunks(pngOf(f, small), chunk("eXIf", exif(5)), iccChunk(profile("RGB ", "P3"))),
		withMetadata(webpOf(f, webpLossy), 8), webpOf(f, webpAlpha), film(f),
		[]byte(svgHead + `<!-- x --><metadata/><g id="a"><use xlink:href="#a"/></g><image href="data:image/png;base64,AAAA"/></svg>`),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, problem := Read("a", b)
		if problem != nil {
			return
		}
		if p.Format != SVG && (p.Width*p.Height > maxPixels || p.Width <= 0 || p.Height <= 0) {
			t.Fatalf("%d by %d", p.Width, p.Height)
		}
		clean := p.Clean()
		again, problem := Read("a", clean)
		if problem != nil {
			t.Fatalf("cleaned, it is a problem: %s", problem.Message(1))
		}
		if again.Format != p.Format || !bytes.Equal(again.Clean(), clean) {
			t.Fatal("cleaned twice, it is another")
		}
		if p.Width*p.Height > 1<<12 { // reading is what is looked at here
			return
		}
		set, problem := p.Make()
		for _, v := range set.Versions {
			if problem == nil && (v.Width > p.Width || v.Height > p.Height || len(v.Body) == 0) {
				t.Fatalf("a version %d by %d of %d by %d", v.Width, v.Height, p.Width, p.Height)
			}
		}
	})
}

// The directory of EXIF is read without leaving it.
func FuzzOrientation(f *testing.F) {
	f.Add(onlyOrientation(6))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x08\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\xff\xff\xff\xfe"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := orientation(b); o < 1 || o > 8 {
			t.Fatal(o)
		}
	})
}

func TestOrientation(t *testing.T) {
	for want := 1; want <= 8; want++ {
		if got := orientation(onlyOrientation(want)); got != want {
			t.Errorf("%d is read as %d", want, got)
		}
	}
	for _, b := range []string{"", "II*\x00", "MM\x00*\xff\xff\xff\xff\x00\x00", string(onlyOrientation(9)), "XX*\x00\x08\x00\x00\x00\x00\x00"} {
		if got := orientation([]byte(b)); got != 1 {
			t.Errorf("%q: %d", b, got)
		}
	}
}
