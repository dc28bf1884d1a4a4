package qr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// These tests read codes as a phone does: the text of the SVG is drawn, and an
// independent decoder looks at the picture.

// Every length matters: each leaves its own number of bits for terminator and padding.
func TestEveryLengthReads(t *testing.T) {
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; n <= 300; n++ {
				mustRead(t, []byte(address[:n]), false)
			}
		})
	}
}

// A reader must also find the code by its finders, in versions of every kind.
func TestCodeIsFoundOnDarkPage(t *testing.T) {
	for name, address := range addresses {
		for _, n := range []int{1, 17, 75, 150, 300} {
			t.Run(fmt.Sprintf("%s %d", name, n), func(t *testing.T) {
				mustRead(t, []byte(address[:n]), true)
			})
		}
	}
}

func TestEveryVersionReads(t *testing.T) {
	for v := 1; v <= 40; v++ {
		data := bytes.Repeat([]byte("\xff党a"), 500)[:capacities[v].bytes]
		if c, err := Encode(data); err != nil || versionOf(c) != v {
			t.Fatalf("version %d: %v, %v", v, c, err)
		}
		mustRead(t, data, false)
	}
}

func TestEveryByteReads(t *testing.T) {
	var data []byte
	for b := range 256 {
		data = append(data, byte(b))
	}
	mustRead(t, data, false)
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte("https://example.gov.cn/djyw/2025/jt7q2mzk4a.html"))
	f.Add([]byte("HTTPS://EXAMPLE.GOV.CN/?A=0123456789&b=%E5%85%9A"))
	f.Add([]byte("党建"))
	f.Add([]byte("\x00\xff"))
	f.Add([]byte("0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Encode(data)
		if err != nil {
			if n := len(data); 0 < n && n <= capacities[40].bytes {
				t.Fatalf("Encode(%q): %v", data, err)
			}
			return
		}
		if got, err := read(c.AppendSVG(nil, string(data)), false); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("version %d, mask %d: read %q, %v; want %q", versionOf(c), maskOf(c), got, err, data)
		}
	})
}

const pixels = 4 // a module's side in the drawing

// read returns the data in the drawing of svg. Located says that the decoder must
// find the code by its finders; else it takes it as cut out exactly.
func read(svg []byte, located bool) ([]byte, error) {
	picture, err := drawing(svg)
	if err != nil {
		return nil, err
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return nil, err
	}
	// Latin-1 keeps every byte apart, so that what is read can be compared byte by byte.
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1"}
	if !located {
		hints[gozxing.DecodeHintType_PURE_BARCODE] = true
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return nil, err
	}
	if level := result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
		return nil, fmt.Errorf("level %v, want M", level)
	}
	var data []byte
	for _, r := range result.GetText() {
		data = append(data, byte(r))
	}
	return data, nil
}

// mustRead fails the test unless the code of data reads as data.
func mustRead(t *testing.T, data []byte, located bool) {
	t.Helper()
	code, err := Encode(data)
	if err != nil {
		t.Errorf("Encode(%q): %v", data, err)
		return
	}
	got, err := read(code.AppendSVG(nil, "t"), located)
	if err != nil {
		t.Errorf("reading %q (%d bytes, version %d): %v", data, len(data), versionOf(code), err)
	} else if !bytes.Equal(got, data) {
		t.Errorf("read %q, want %q", got, data)
	}
}

// drawing draws an element as AppendSVG writes it; it knows no other SVG.
func drawing(svg []byte) (*image.Gray, error) {
	var side int
	var picture *image.Gray
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return picture, nil
		} else if err != nil {
			return nil, err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg":
			if _, err := fmt.Sscanf(attribute(e, "viewBox"), "0 0 %d %d", &side, &side); err != nil {
				return nil, err
			}
			// The page is dark: what the element does not paint stays dark.
			picture = image.NewGray(image.Rect(0, 0, side*pixels, side*pixels))
		case "rect":
			if w := strconv.Itoa(side); attribute(e, "width") != w || attribute(e, "height") != w || attribute(e, "fill") != "#fff" {
				return nil, fmt.Errorf("no white background of %d by %d: %v", side, side, e.Attr)
			}
			draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
		case "path":
			if attribute(e, "stroke") != "#000" || attribute(e, "fill") != "none" || attribute(e, "stroke-width") != "" {
				return nil, fmt.Errorf("not a black line of width 1: %v", e.Attr)
			}
			if err := stroke(picture, attribute(e, "d")); err != nil {
				return nil, err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// stroke draws path data of the commands M, m and h, in lines one module wide.
func stroke(picture *image.Gray, path string) error {
	var x, y float64
	for path != "" {
		command := path[0]
		rest := path[1:]
		n := len(rest)
		if i := strings.IndexAny(rest, "Mmh"); i >= 0 {
			n = i
		}
		var a, b float64
		var err error
		switch command {
		case 'M', 'm':
			_, err = fmt.Sscanf(rest[:n], "%g %g", &a, &b)
			if command == 'M' {
				x, y = 0, 0
			}
			x, y = x+a, y+b
		case 'h':
			a, err = strconv.ParseFloat(rest[:n], 64)
			at := func(v float64) int { return int(v * pixels) }
			line := image.Rect(at(x), at(y-0.5), at(x+a), at(y+0.5))
			if !line.In(picture.Bounds()) || line.Empty() {
				return fmt.Errorf("line %v in a picture of %v", line, picture.Bounds())
			}
			draw.Draw(picture, line, image.NewUniform(color.Gray{}), image.Point{}, draw.Src)
			x += a
		default:
			err = fmt.Errorf("path command %q", command)
		}
		if err != nil {
			return err
		}
		path = rest[n:]
	}
	return nil
}
