package pictures

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// photograph is smooth with some grain, as what a camera takes is.
func photograph(w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g := byte(r.IntN(9))
			m.SetRGBA(x, y, color.RGBA{byte(40+x*180/w) + g, byte(60+y*150/h) + g, byte(90+(x+y)*90/(w+h)) + g, 255})
		}
	}
	return m
}

// quarters has a colour in each quarter: red, green, blue and white, from the upper left to the lower right.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, [2][2]color.RGBA{{{220, 0, 0, 255}, {0, 200, 0, 255}}, {{0, 0, 220, 255}, {255, 255, 255, 255}}}[y*2/h][x*2/w])
		}
	}
	return m
}

// lying returns m as a camera stores it that was held so that EXIF says orientation o.
func lying(m *image.RGBA, o int) *image.RGBA {
	back := []int{0, 1, 2, 3, 4, 5, 8, 7, 6}[o]
	r := rasterOf(m).turned(back)
	return r.image().(*image.RGBA)
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const secret = "SECRET 东经116度"

// exif is what a camera writes, with a secret behind the first directory.
func exif(o int) []byte { return append(onlyOrientation(o), secret...) }

func segment(marker byte, parts ...string) []byte {
	data := []byte{0xff, marker, 0, 0}
	for _, p := range parts {
		data = append(data, p...)
	}
	binary.BigEndian.PutUint16(data[2:], uint16(len(data)-2))
	return data
}

// withSegments puts segments after the first marker of a JPEG file.
func withSegments(jpg []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{jpg[:2], bytes.Join(segments, nil), jpg[2:]}, nil)
}

func chunk(name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// withChunks puts chunks after the head of a PNG file.
func withChunks(png []byte, chunks ...[]byte) []byte {
	return withColour(png, bytes.Join(chunks, nil))
}

// Two WebP pictures, 64 by 48, as Chromium writes them: four columns in black, white, red and grey; in the second the
// lower half is transparent. Both hold an sRGB profile.
const (
	webpLossy = "UklGRkgCAABXRUJQVlA4WAoAAAAgAAAAPwAALwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggWgAAADAEAJ0BKkAAMAA+LRCGQqGhDq5mAAwBYlAGnHQD8AAJNmPIHOCiz6ApQAD+/w2ZP/dRkn+/Gr//TSPGkeNI+Yt//3QJ+6BP3QJ/7oE68JMUMGxiBVT6BmAAAA=="
	webpAlpha = "UklGRnICAABXRUJQVlA4WAoAAAAwAAAAPwAALwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZBTFBIEwAAAAEPMP8REUIsmOQvncHuiP7n/PgAVlA4IGgAAACwBQCdASpAADAAPjESiEKiISEZXJQAIAMEsYA7AH4AfsAZXydnQpbwq/rGB+Wtnaaf8xbRBgAA/v7uxb/7QGr/bMw//8/LfU3X9Vv//2pXsrbK//alm+N2tTJ28/2RMWL/7ODyLgAAAA=="
)

func webpOf(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withMetadata adds EXIF and XMP to a WebP file.
func withMetadata(webp []byte, o int) []byte {
	add := func(name string, data []byte) {
		webp = binary.LittleEndian.AppendUint32(append(webp, name...), uint32(len(data)))
		webp = append(webp, data...)
		if len(data)&1 == 1 {
			webp = append(webp, 0)
		}
	}
	webp = bytes.Clone(webp)
	webp[20] |= 0x0c
	add("EXIF", exif(o))
	add("XMP ", []byte(secret))
	add("odd ", []byte(secret))
	binary.LittleEndian.PutUint32(webp[4:], uint32(len(webp)-8))
	return webp
}

// film is a GIF with two frames.
func film(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	frame := func(c color.Color) *image.Paletted {
		m := image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.White, c})
		m.SetColorIndex(3, 3, 1)
		return m
	}
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(color.Black), frame(color.RGBA{255, 0, 0, 255})}, Delay: []int{10, 20}})
	if err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	comment := append([]byte{0x21, 0xfe, byte(len(secret))}, secret...)
	return bytes.Join([][]byte{whole[:len(whole)-1], comment, {0, 0x3b}, []byte(secret)}, nil)
}

// profile is a colour profile that has all that is looked at and nothing else.
func profile(space, name string) []byte {
	icc := make([]byte, 132)
	copy(icc[16:], space)
	copy(icc[36:], "acsp")
	icc[131] = 1
	icc = append(icc, "desc\x00\x00\x00\x90\x00\x00\x00\x40"...)
	icc = append(icc, make([]byte, 64)...)
	copy(icc[144+12:], name)
	binary.BigEndian.PutUint32(icc, uint32(len(icc)))
	return icc
}

func mustRead(t testing.TB, name string, b []byte) *Picture {
	t.Helper()
	p, problem := Read(name, b)
	if problem != nil {
		t.Fatal(problem.Message(1))
	}
	return p
}

func mustMake(t testing.TB, p *Picture) Set {
	t.Helper()
	set, problem := p.Make()
	if problem != nil {
		t.Fatal(problem.Message(1))
	}
	return set
}

// pixel returns a pixel of an encoded picture.
func pixel(t testing.TB, b []byte, x, y int) color.RGBA {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	r, g, bl, a := m.At(x, y).RGBA()
	return color.RGBA{byte(r >> 8), byte(g >> 8), byte(bl >> 8), byte(a >> 8)}
}

func near(a, b color.RGBA, by int) bool {
	d := func(x, y byte) bool { return int(x)-int(y) <= by && int(y)-int(x) <= by }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B) && d(a.A, b.A)
}
